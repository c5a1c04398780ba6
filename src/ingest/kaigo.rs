//! 介護サービス情報公表 open data: offices of care services, one row for each office and service.

use crate::ids::MunicipalityCode;
use crate::ingest::IngestError;
use crate::ingest::csv_table::{CsvTable, Positions, identifier, remedy_of_rounding};
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::public_body;
use crate::ingest::text::Source;
use geo::Point;
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;

/// One service of one office of the prefecture.
#[derive(Debug)]
pub(crate) struct CareOffice {
    /// Line in the file.
    pub row: u64,
    /// 事業所番号, ten characters.
    pub number: String,
    /// Name.
    pub name: String,
    /// サービスの種類 after NFKC.
    pub service: String,
    /// Municipality of the code column, where it is one.
    pub municipality: Option<MunicipalityCode>,
    /// Address as written, with or without prefecture.
    pub address: String,
    /// Coordinates, where given.
    pub position: Option<Point>,
    /// 定員 in persons, where given.
    pub capacity: Option<u32>,
}

/// What a file says.
#[derive(Debug, Default)]
pub(crate) struct Kaigo {
    /// Rows of the prefecture in the order of the file.
    pub offices: Vec<CareOffice>,
    /// Services of which the file has rows of any prefecture; none when it has no row of this one.
    pub services: BTreeSet<String>,
}

const COLUMNS: [&str; 7] =
    ["都道府県コード又は市町村コード", "事業所名", "サービスの種類", "住所", "緯度", "経度", "事業所番号"];

/// Reads a table of one or several services.
pub(crate) fn read(source: &Source, prefecture: &str, ledger: &mut Ledger) -> Result<Kaigo, IngestError> {
    let mut read = Kaigo::default();
    let mut positions = Positions::new("緯度");
    for text in source.tables()? {
        let (table, [code, name, service, address, latitude, longitude, number]) =
            CsvTable::bind(&text, &COLUMNS, ledger)?;
        let capacity = table.optional("定員");
        tell_missing_columns(&table, ledger);
        let zeros_lost = public_body::zeros_are_lost(table.rows.iter().map(|row| row.get(code).to_owned()));
        for row in &table.rows {
            let service: String = row.get(service).nfkc().collect();
            let said = row.get(number);
            let identifier = identifier(said).filter(|number| number.len() <= 10);
            let is_nameless = service.is_empty() || row.get(name).is_empty();
            let parsed = (public_body::read(row.get(code), zeros_lost), is_nameless, identifier);
            let (Some(body), false, Some(identifier)) = parsed else {
                ledger.quarantine(Doubt {
                    kind: "bad_office_row",
                    row: row.row,
                    field: "事業所番号",
                    said,
                    meant: format!(
                        "市町村コード・名称・サービス・事業所番号のどれかが読めません。この行は使いません{}",
                        remedy_of_rounding(said)
                    ),
                });
                continue;
            };
            ledger.store();
            read.services.insert(service.clone());
            if !body.starts_with(prefecture) {
                continue;
            }
            let number = format!("{identifier:0>10}");
            if number != identifier {
                ledger.warn(Doubt {
                    kind: "leading_zero_lost",
                    row: row.row,
                    field: "事業所番号",
                    said,
                    meant: format!("先頭の 0 が失われた番号とみて {number} と読みました"),
                });
            }
            read.offices.push(CareOffice {
                row: row.row,
                number,
                name: row.get(name).to_owned(),
                service,
                municipality: body.parse().ok(),
                address: row.get(address).to_owned(),
                position: positions.of(&row, [longitude, latitude], ledger),
                capacity: capacity.and_then(|at| read_capacity(row.get(at), row.row, ledger)),
            });
        }
    }
    positions.tell_zeros(ledger);
    if read.offices.is_empty() {
        read.services.clear();
        ledger.warn_no_row_of(prefecture);
    }
    Ok(read)
}

fn read_capacity(said: &str, row: u64, ledger: &mut Ledger) -> Option<u32> {
    let plain: String = said.nfkc().filter(|letter| !letter.is_whitespace()).collect();
    let persons = plain.trim_end_matches(['人', '名']).parse().ok();
    if persons.is_none() && !plain.is_empty() {
        ledger.warn(Doubt {
            kind: "bad_capacity",
            row,
            field: "定員",
            said,
            meant: "定員として読めません。この事業所の定員は不明として扱います".to_owned(),
        });
    }
    persons
}

/// The columns of the official table, beside those that are needed.
const OTHER_COLUMNS: [&str; 8] =
    ["No", "方書（ビル名等）", "電話番号", "FAX番号", "法人番号", "法人の名称", "定員", "備考"];

/// Tells which columns of the official table somebody has cut away.
fn tell_missing_columns(table: &CsvTable, ledger: &mut Ledger) {
    let missing: Vec<&str> =
        OTHER_COLUMNS.into_iter().filter(|name| table.optional(name).is_none()).collect();
    if !missing.is_empty() {
        ledger.note(Doubt {
            kind: "columns_cut",
            row: 1,
            field: "",
            said: &missing.join(","),
            meant: "配布元の表にある列がありません。加工されたファイルのようです。残りの列は使います"
                .to_owned(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::text::tests::zipped;

    const HEADER: &str =
        "都道府県コード又は市町村コード,No,市区町村名,事業所名,サービスの種類,住所,緯度,経度,事業所番号\n";

    #[test]
    fn services_are_kept_by_row_and_lost_zeros_are_put_back() {
        let text = format!(
            "{HEADER}012025,1,函館市,甲,訪問看護,函館市,41.7,140.7,150180040\n\
             192015,2,甲府市,乙,短期入所療養介護(療養病床を有する病院等），甲府市,35.6,138.5,1970100762\n\
             12025,3,函館市,丙,訪問看護,函館市,,,01B0100011\n192015,4,甲府市,丁,訪問入浴介護,甲府市,,,\n\
             192015,5,甲府市,戊,訪問入浴介護,甲府市,,,1970100762\n"
        );
        let mut ledger = Ledger::new("k.csv");
        let read = read(&Source::of_bytes("k.csv", text.as_bytes()), "01", &mut ledger).expect("read");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (5, 3, 2));
        let numbers: Vec<&str> = read.offices.iter().map(|office| office.number.as_str()).collect();
        assert_eq!(numbers, ["0150180040", "01B0100011"]);
        assert_eq!(read.offices[1].municipality.map(|code| code.to_string()).as_deref(), Some("01202"));
        assert_eq!(read.services.iter().collect::<Vec<_>>(), ["訪問入浴介護", "訪問看護"]);
    }

    #[test]
    fn a_number_that_a_spreadsheet_has_rounded_is_that_of_nobody() {
        let text = format!(
            "事業所の一覧（2026年）\n{HEADER}192015,1,甲府市,甲,訪問看護,甲府市,,,1.96E+09\n\
             192015,2,甲府市,乙,訪問看護,甲府市,,,1.96E+09\n192015,3,甲府市,丙,訪問看護,甲府市,３５.６,１３８.５,１９６０１０００１１\n\
             192015,4,甲府市,丁,訪問看護,甲府市,0,0,1960100012\n192015,5,甲府市,戊,訪問看護,甲府市,北緯,東経,1960100013\n"
        );
        let mut ledger = Ledger::new("k.csv");
        let read = read(&Source::of_bytes("k.csv", text.as_bytes()), "19", &mut ledger).expect("read");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (5, 3, 2));
        let found: Vec<_> = read.offices.iter().map(|one| (one.number.as_str(), one.position)).collect();
        let place = Some(Point::new(138.5, 35.6));
        assert_eq!(found, [("1960100011", place), ("1960100012", None), ("1960100013", None)]);
        let told: Vec<_> = ledger.findings.iter().map(|one| (one.kind.as_str(), one.row)).collect();
        for told_of in [("bad_office_row", Some(3)), ("bad_coordinates", Some(7)), ("zero_coordinates", None)]
        {
            assert!(told.contains(&told_of), "{told:?}");
        }
    }

    #[test]
    fn a_table_in_an_archive_may_end_with_txt() {
        let table = format!("{HEADER}192015,1,甲府市,甲,訪問看護,甲府市,,,1960100011\n");
        let packed = zipped(&[("jigyosho.txt", table.as_bytes())]);
        let read =
            super::read(&Source::of_bytes("k.zip", &packed), "19", &mut Ledger::new("k.zip")).expect("read");
        assert_eq!(read.offices.len(), 1);
        let packed = zipped(&[("k.csv", table.as_bytes()), ("お読みください.txt", b"-")]);
        let read = super::read(&Source::of_bytes("k.zip", &packed), "19", &mut Ledger::new("k.zip"));
        assert_eq!(read.expect("the text beside it is no table").offices.len(), 1);
    }

    #[test]
    fn the_capacity_is_a_number_of_persons_or_unknown() {
        let header = HEADER.replace("事業所番号\n", "事業所番号,定員\n");
        let rows = ["100", "９人", "", "若干名"]
            .map(|said| format!("192015,1,甲府市,甲,介護老人保健施設,甲府市,,,1950100011,{said}\n"));
        let text = format!("{header}{}", rows.concat());
        let mut ledger = Ledger::new("k.csv");
        let read = read(&Source::of_bytes("k.csv", text.as_bytes()), "19", &mut ledger).expect("read");
        let capacities: Vec<Option<u32>> = read.offices.iter().map(|office| office.capacity).collect();
        assert_eq!(capacities, [Some(100), Some(9), None, None]);
        let told: Vec<_> = ledger.findings.iter().filter(|one| one.kind == "bad_capacity").collect();
        assert_eq!((told.len(), told[0].row, told[0].said.as_str()), (1, Some(5), "若干名"));
        assert_eq!((ledger.read, ledger.stored), (4, 4));
    }

    #[test]
    fn five_digits_of_a_municipality_are_no_code_without_its_zero() {
        let text = format!(
            "{HEADER}19201,1,甲府市,甲,訪問看護,甲府市,,,1960100011\n１９２０２,2,富士吉田市,乙,訪問看護,富士吉田市,,,1960200011\n\
             12025,3,某市,丙,訪問看護,某市,,,1260100011\n19-201,4,甲府市,丁,訪問看護,甲府市,,,1960100012\n"
        );
        let mut ledger = Ledger::new("k.csv");
        let read = read(&Source::of_bytes("k.csv", text.as_bytes()), "19", &mut ledger).expect("read");
        let codes = read.offices.iter().filter_map(|office| office.municipality);
        assert_eq!(codes.map(String::from).collect::<Vec<_>>(), ["19201", "19202"]);
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (4, 3, 1));
    }

    #[test]
    fn a_table_of_another_prefecture_speaks_of_no_service_and_is_told() {
        let text = format!("{HEADER}192015,1,甲府市,甲,訪問看護,甲府市,,,1960100011\n");
        let mut ledger = Ledger::new("k.csv");
        let read = read(&Source::of_bytes("k.csv", text.as_bytes()), "20", &mut ledger).expect("read");
        assert!(read.services.is_empty());
        assert!(ledger.findings.iter().any(|finding| finding.kind == "no_row_of_prefecture"));
    }

    #[test]
    fn a_table_without_services_is_refused() {
        let source = Source::of_bytes("k.csv", "事業所名,住所\n甲,乙\n".as_bytes());
        assert!(matches!(read(&source, "19", &mut Ledger::new("k.csv")), Err(IngestError::Header { .. })));
    }
}
