//! 医療情報ネット open data: hospitals, clinics, dental clinics, maternity homes and pharmacies (01-1, 02-1,
//! 03-1, 04, 05).

use crate::ids::MunicipalityCode;
use crate::ingest::IngestError;
use crate::ingest::csv_table::{CsvTable, Positions, identifier, remedy_of_rounding, whole_number};
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::opening_hours::{self, HoursById};
use crate::ingest::text::Source;
use crate::ingest::todokede::digits;
use geo::Point;
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;

/// One institution of the prefecture.
#[derive(Debug)]
pub(crate) struct ListedInstitution {
    /// Line in the file.
    pub row: u64,
    /// The system's own ID.
    pub id: String,
    /// Name.
    pub name: String,
    /// 機関区分: 1 病院, 2 診療所, 3 歯科, 4 助産所, 5 薬局.
    pub class: String,
    /// Municipality of the code columns, where they hold a code.
    pub municipality: Option<MunicipalityCode>,
    /// Address with prefecture.
    pub address: String,
    /// Coordinates; `None` where the file says 0.0 (unknown).
    pub position: Option<Point>,
    /// 合計病床数, where the table has it.
    pub beds: Option<u32>,
}

/// What a file says.
#[derive(Debug, Default)]
pub(crate) struct IryoJohoNet {
    /// Institutions of the prefecture in the order of the file.
    pub institutions: Vec<ListedInstitution>,
    /// 機関区分 of which the file has rows of any prefecture; none when it has no row of this one.
    pub classes: BTreeSet<String>,
    /// Hours of maternity homes and pharmacies of the prefecture, whose table holds them.
    pub hours: HoursById,
}

const COLUMNS: [&str; 7] = [
    "ID",
    "機関区分",
    "都道府県コード",
    "市区町村コード",
    "所在地",
    "所在地座標（緯度）",
    "所在地座標（経度）",
];

/// 機関区分: numbers of the tables and the words that they stand for.
const CLASSES: [(&str, &str); 5] =
    [("1", "病院"), ("2", "診療所"), ("3", "歯科診療所"), ("4", "助産所"), ("5", "薬局")];

/// Reads a table. The national file is long; rows of other prefectures are counted only.
pub(crate) fn read(
    source: &Source,
    prefecture: &str,
    ledger: &mut Ledger,
) -> Result<IryoJohoNet, IngestError> {
    let mut read = IryoJohoNet::default();
    let mut positions = Positions::new(COLUMNS[5]);
    for text in source.tables()? {
        let (table, [id, class, of_prefecture, municipality, address, latitude, longitude]) =
            CsvTable::bind(&text, &COLUMNS, ledger)?;
        let name = table.optional("名称").map_or_else(|| table.column("正式名称", &COLUMNS), Ok)?;
        let beds = table.optional("合計病床数");
        let hours = opening_hours::own_columns(&table);
        for row in &table.rows {
            let parsed = (
                identifier(row.get(id)),
                row.get(name).is_empty(),
                read_class(row.get(class)),
                digits(row.get(of_prefecture), 2),
            );
            let (Some(id), false, Some(class), Some(code)) = parsed else {
                ledger.quarantine(Doubt {
                    kind: "bad_institution_row",
                    row: row.row,
                    field: "ID",
                    said: row.get(id),
                    meant: format!(
                        "ID・名称・機関区分・都道府県コードのどれかが読めません。この行は使いません{}",
                        remedy_of_rounding(row.get(id))
                    ),
                });
                continue;
            };
            ledger.store();
            read.classes.insert(class.to_owned());
            if code != prefecture {
                continue;
            }
            opening_hours::take_hours(&row, &id, &hours, &mut read.hours, ledger);
            let municipality = digits(row.get(municipality), 3);
            read.institutions.push(ListedInstitution {
                row: row.row,
                id,
                name: row.get(name).to_owned(),
                class: class.to_owned(),
                municipality: municipality
                    .and_then(|municipality| format!("{code}{municipality}").parse().ok()),
                address: row.get(address).to_owned(),
                position: positions.of(&row, [longitude, latitude], ledger),
                beds: beds.and_then(|beds| read_beds(row.get(beds), row.row, ledger)),
            });
        }
    }
    positions.tell_zeros(ledger);
    if read.institutions.is_empty() {
        read.classes.clear();
        ledger.warn_no_row_of(prefecture);
    }
    Ok(read)
}

/// 機関区分 by its number or its word.
fn read_class(said: &str) -> Option<&'static str> {
    let plain: String = said.nfkc().collect();
    let plain = plain.trim().trim_start_matches('0');
    let known = |(number, word): &&(&'static str, &str)| *number == plain || *word == plain;
    CLASSES.iter().find(known).map(|(number, _)| *number)
}

/// The word of a number of 機関区分.
pub(crate) fn class_name(class: &str) -> &str {
    CLASSES.iter().find(|(number, _)| *number == class).map_or(class, |(_, word)| word)
}

fn read_beds(said: &str, row: u64, ledger: &mut Ledger) -> Option<u32> {
    let beds = whole_number(said);
    if beds.is_none() && !said.is_empty() {
        ledger.warn(Doubt {
            kind: "bad_bed_count",
            row,
            field: "合計病床数",
            said,
            meant: "病床数として読めません。この医療機関の病床数は不明として扱います".to_owned(),
        });
    }
    beds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::week::Day;

    const HEADER: &str = "ID,正式名称,機関区分,都道府県コード,市区町村コード,所在地,所在地座標（緯度）,所在地座標（経度）,合計病床数\n";

    fn read_text(text: &str) -> (Result<IryoJohoNet, IngestError>, Ledger) {
        let mut ledger = Ledger::new("i.csv");
        (read(&Source::of_bytes("i.csv", text.as_bytes()), "19", &mut ledger), ledger)
    }

    #[test]
    fn zero_coordinates_are_unknown_and_other_prefectures_are_counted_only() {
        let (read, ledger) = read_text(&format!(
            "\u{feff}{HEADER}1,甲病院,1,19,201,山梨県甲府市,35.6,138.5,120\n\
             2,乙病院,1,19,201,山梨県甲府市,0.0,0.0,\n3,丙病院,1,01,101,北海道,43.0,141.3,5\n4,,1,19,201,x,0,0,\n"
        ));
        let read = read.expect("read");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (4, 3, 1));
        let positions: Vec<_> = read.institutions.iter().map(|one| (one.position, one.beds)).collect();
        assert_eq!(positions, [(Some(Point::new(138.5, 35.6)), Some(120)), (None, None)]);
        assert_eq!(read.institutions[0].municipality.map(|code| code.to_string()).as_deref(), Some("19201"));
    }

    #[test]
    fn numbers_as_other_programs_write_them_are_read_and_what_is_none_is_told() {
        let (read, ledger) = read_text(&format!(
            "一覧\n{HEADER}1,甲病院,１,19,201,甲府市,35.6,138.5,120.0\n2,乙医院,診療所,19,201,甲府市,35.6,138.5,十九\n\
             3,丙医院,9,19,201,甲府市,35.6,138.5,\n4.8E+12,丁医院,2,19,201,甲府市,35.6,138.5,\n5,戊医院,02,19,201,甲府市,35.6,138.5\n"
        ));
        let read = read.expect("read");
        let found: Vec<_> = read.institutions.iter().map(|one| (one.class.as_str(), one.beds)).collect();
        assert_eq!(found, [("1", Some(120)), ("2", None), ("2", None)]);
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (5, 3, 2));
        let told: Vec<_> = ledger.findings.iter().map(|one| (one.kind.as_str(), one.row)).collect();
        let rows = [("bad_institution_row", Some(5)), ("bad_institution_row", Some(6))];
        let expected = [("short_rows", None), ("bad_bed_count", Some(4)), rows[0], rows[1]];
        assert_eq!(told, expected);
    }

    #[test]
    fn pharmacies_and_maternity_homes_tell_their_own_hours() {
        let header = HEADER.replace("正式名称", "名称").replace(",合計病床数\n", "");
        let (read, ledger) = read_text(&format!(
            "{header},月_開店時間帯1_開始時間,月_開店時間帯1_終了時間,月_開店時間帯2_開始時間,月_開店時間帯2_終了時間\n\
             9,丁薬局,5,19,201,甲府市,0.0,0.0,09:00,13:00,15:00,19:00\n8,戊薬局,5,19,201,甲府市,0.0,0.0,,,,\n\
             7,己薬局,5,19,201,甲府市,0.0,0.0,9時から,13:00,,\n6,庚薬局,5,20,201,松本市,0.0,0.0,09:00,13:00,,\n"
        ));
        let read = read.expect("read");
        assert_eq!(read.institutions.len(), 3);
        let hours = &read.hours["9"][&Day::Monday];
        let said: Vec<String> = hours.iter().map(ToString::to_string).collect();
        assert_eq!(said, ["9:00–13:00", "15:00–19:00"]);
        assert_eq!(read.hours.len(), 1, "a pharmacy of which no hours are told is unknown, not closed");
        assert_eq!(ledger.findings[0].kind, "bad_opening_hours");
    }

    #[test]
    fn the_pharmacy_table_calls_the_name_otherwise() {
        let header = HEADER.replace("正式名称", "名称").replace(",合計病床数", "");
        let (read, _) = read_text(&format!("{header}9,丁薬局,5,19,201,山梨県甲府市,0.0,0.0\n"));
        let read = read.expect("read");
        assert_eq!(read.institutions[0].name, "丁薬局");
        assert!(read.classes.contains("5"));
    }

    #[test]
    fn a_table_of_another_prefecture_speaks_of_no_class_and_is_told() {
        let (read, ledger) = read_text(&format!("{HEADER}3,丙病院,1,01,101,北海道,43.0,141.3,5\n"));
        assert!(read.expect("read").classes.is_empty());
        assert_eq!(ledger.findings[0].kind, "no_row_of_prefecture");
        assert_eq!((ledger.read, ledger.stored), (1, 1));
    }

    #[test]
    fn another_table_is_refused() {
        let (read, _) = read_text("ID,診療科目コード\n1,01001\n");
        assert!(matches!(read, Err(IngestError::Header { .. })));
    }
}
