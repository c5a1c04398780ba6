//! 地方厚生局 届出受理医療機関名簿（施設基準）: which institution has filed what.
//!
//! One row for each filing, followed by rows of details of the same filing. Some bureaus mix
//! 医科, 歯科 and 薬局 in one file; the column 区分 tells them apart. A file may be an archive of
//! workbooks (one for each prefecture or 区分) or a workbook with a sheet for each prefecture, and
//! older files end after fewer columns.
//!
//! The list of 指定訪問看護事業所 is published as it is printed: several lines for one station, and
//! its filings as `（訪看25）第1号` in one column. Its layout is known from readers that others have
//! published of the files of 関東信越 and 東海北陸 (2026), not from a file of it.

use crate::ingest::IngestError;
use crate::ingest::dates::{era_day, iso_day};
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::print_list::{self, PrintList, Record};
use crate::ingest::text::Source;
use crate::ingest::xlsx_table::{self, Sheet, SheetRow};
use std::collections::{BTreeMap, BTreeSet};
use unicode_normalization::UnicodeNormalization;

/// 点数表: which of the price lists an institution bills by; the third digit of its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Section {
    /// 医科.
    Medical,
    /// 歯科.
    Dental,
    /// 調剤 (薬局).
    Pharmacy,
    /// 訪問看護ステーション.
    Nursing,
}

impl Section {
    /// From the column 区分.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "医科" => Some(Self::Medical),
            "歯科" => Some(Self::Dental),
            "薬局" | "調剤" => Some(Self::Pharmacy),
            "訪問看護" => Some(Self::Nursing),
            _ => None,
        }
    }

    /// As the column 区分 writes it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Medical => "医科",
            Self::Dental => "歯科",
            Self::Pharmacy => "薬局",
            Self::Nursing => "訪問看護",
        }
    }

    /// The digit in a 医療機関コード.
    pub(crate) const fn digit(self) -> char {
        match self {
            Self::Medical => '1',
            Self::Dental => '3',
            Self::Pharmacy => '4',
            Self::Nursing => '6',
        }
    }
}

/// An institution with all its filings.
#[derive(Debug)]
pub(crate) struct FiledInstitution {
    /// 医療機関コード: prefecture, 点数表, number. For a station it ends with its ステーションコード.
    pub code: String,
    /// Which price list.
    pub section: Section,
    /// Name.
    pub name: String,
    /// Address, usually without prefecture.
    pub address: String,
    /// Beds; `None` where the column is empty or cannot be read.
    pub beds: Option<u32>,
    /// 受理記号 after NFKC, without spaces.
    pub symbols: BTreeSet<String>,
    /// The latest 算定開始年月日 (`YYYY-MM-DD`) of a symbol, where told.
    pub since: BTreeMap<String, String>,
    /// Rows in the file.
    pub rows: Vec<u64>,
}

/// What a file says.
#[derive(Debug, Default)]
pub(crate) struct Todokede {
    /// Institutions of the prefecture, in order of code.
    pub institutions: Vec<FiledInstitution>,
    /// Sections of which the file has rows of the prefecture.
    pub sections: BTreeSet<Section>,
    /// Stations by the name of their prefecture: their list gives no number of it.
    pub stations: Vec<(String, FiledInstitution)>,
}

const COLUMNS: [&str; 6] =
    ["都道府県コード", "区分", "医療機関番号", "医療機関名称", "医療機関所在地(住所)", "受理記号"];

/// Reads all sheets that have the header or the title; at least one must.
pub(crate) fn read(source: &Source, prefecture: &str, ledger: &mut Ledger) -> Result<Todokede, IngestError> {
    let mut institutions: BTreeMap<String, FiledInstitution> = BTreeMap::new();
    let mut read = Todokede::default();
    let (mut read_any, mut found, mut left) = (false, Vec::new(), Vec::new());
    xlsx_table::read_each(source, ledger, |sheets, ledger| {
        for sheet in sheets {
            ledger.layer = Some(sheet.name.clone());
            if let Some(list) = printed(sheet) {
                take_printed(&list, &mut read.stations, ledger);
            } else if let Some(header) = sheet.rows.iter().position(is_header) {
                let columns = columns(source, sheet, &sheet.rows[header])?;
                for row in &sheet.rows[header + 1..] {
                    if row.texts().any(|(_, text)| !text.is_empty()) {
                        read_row(row, &columns, prefecture, &mut institutions, &mut read.sections, ledger);
                    }
                }
            } else {
                left.extend((!sheet.rows.is_empty()).then(|| sheet.name.clone()));
                continue;
            }
            read_any = true;
        }
        found.extend(sheets.iter().map(first_texts));
        Ok(())
    })?;
    if read_any {
        ledger.warn_sheets_not_read(&left, "見出し「項番」も届出受理の名簿の題もないので、読みません");
        read.institutions = institutions.into_values().collect();
        if read.institutions.is_empty() && read.stations.is_empty() {
            ledger.warn_no_row_of(prefecture);
        }
        return Ok(read);
    }
    Err(IngestError::Header {
        file: source.file.clone(),
        place: "どのシート".to_owned(),
        missing: "項番".to_owned(),
        expected: format!("項番,{}", COLUMNS.join(",")),
        found: found.join(" / "),
    })
}

fn is_header(row: &SheetRow) -> bool {
    row.texts().any(|(_, text)| comparable(&text) == "項番")
}

/// A sheet of the printed list of stations.
fn printed(sheet: &Sheet) -> Option<PrintList<'_>> {
    print_list::read(sheet).filter(|list| list.section == Some(Section::Nursing))
}

fn take_printed(list: &PrintList<'_>, stations: &mut Vec<(String, FiledInstitution)>, ledger: &mut Ledger) {
    list.tell_gaps(ledger);
    for record in &list.records {
        // Above the name of the station stands that of the body which runs it.
        let (Some(number), Some(name)) = (record.number(), record.names().pop()) else {
            record.set_aside("bad_filing_row", "ステーションコード", ledger);
            continue;
        };
        record.lines.iter().for_each(|_| ledger.store());
        let symbols = symbols(record);
        let station = FiledInstitution {
            code: number,
            section: Section::Nursing,
            name,
            address: record.address(),
            beds: None,
            since: since(&symbols, record),
            symbols: symbols.into_iter().collect(),
            rows: record.lines.iter().map(|line| line.row).collect(),
        };
        stations.push((list.prefecture.clone(), station));
    }
}

/// `訪看25` of each `（訪看25）第1号`, in the order in which they are printed.
fn symbols(record: &Record<'_>) -> Vec<String> {
    let texts: String = record.cells().map(|(_, text)| format!("{}\n", comparable(&text))).collect();
    let filings = texts.split('(').skip(1).filter_map(|part| part.split_once(")第"));
    filings.map(|(symbol, _)| symbol.to_owned()).collect()
}

/// The latest day of each symbol, where as many days as filings are printed: one beside each.
fn since(symbols: &[String], record: &Record<'_>) -> BTreeMap<String, String> {
    let days: Vec<String> = record.cells().filter_map(|(_, text)| era_day(&text)).collect();
    let mut since = BTreeMap::new();
    if days.len() == symbols.len() {
        for (symbol, day) in symbols.iter().zip(days) {
            let latest: &mut String = since.entry(symbol.clone()).or_default();
            *latest = day.max(std::mem::take(latest));
        }
    }
    since
}

fn first_texts(sheet: &Sheet) -> String {
    let row = sheet.rows.iter().max_by_key(|row| row.texts().count());
    row.map(|row| row.texts().map(|(_, text)| text).collect::<Vec<_>>().join(",")).unwrap_or_default()
}

fn comparable(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}

/// Positions of the columns of a sheet.
struct Columns {
    needed: [u32; 6],
    /// 病床数; lists of pharmacies need have none.
    beds: Option<u32>,
    /// 算定開始年月日; older files have none.
    since: Option<u32>,
}

fn columns(source: &Source, sheet: &Sheet, header: &SheetRow) -> Result<Columns, IngestError> {
    let mut columns = [0; 6];
    for (column, name) in columns.iter_mut().zip(COLUMNS) {
        let found = header.texts().find(|(_, text)| comparable(text) == name);
        (*column, _) = found.ok_or_else(|| IngestError::Header {
            file: source.file.clone(),
            place: format!("シート「{}」の {} 行目", sheet.name, header.row),
            missing: name.to_owned(),
            expected: COLUMNS.join(","),
            found: header.texts().map(|(_, text)| text).collect::<Vec<_>>().join(","),
        })?;
    }
    let optional = |name: &str| header.texts().find(|(_, text)| comparable(text) == name).map(|(at, _)| at);
    Ok(Columns { needed: columns, beds: optional("病床数"), since: optional("算定開始年月日") })
}

fn read_row(
    row: &SheetRow,
    columns: &Columns,
    prefecture: &str,
    todokede: &mut BTreeMap<String, FiledInstitution>,
    sections: &mut BTreeSet<Section>,
    ledger: &mut Ledger,
) {
    let [of_prefecture, section, number, name, address, symbol] = columns.needed.map(|at| row.text(at));
    let seven = digits(&number, 7).or_else(|| print_list::number(&number));
    let parsed = (Section::from_name(&comparable(&section)), digits(&of_prefecture, 2), seven);
    let (Some(section), Some(of_prefecture), Some(number)) = parsed else {
        return ledger.quarantine(Doubt {
            kind: "bad_filing_row",
            row: row.row,
            field: "医療機関番号",
            said: &format!("{of_prefecture} {section} {number}"),
            meant: "都道府県コード・区分・医療機関番号のどれかが読めません。この行の届出は使いません"
                .to_owned(),
        });
    };
    ledger.store();
    if of_prefecture != prefecture {
        return;
    }
    sections.insert(section);
    let code = format!("{prefecture}{}{number}", section.digit());
    let entry = todokede.entry(code.clone()).or_insert_with(|| FiledInstitution {
        code,
        section,
        name,
        address,
        beds: columns.beds.and_then(|at| read_beds(&row.text(at), row.row, ledger)),
        symbols: BTreeSet::new(),
        since: BTreeMap::new(),
        rows: Vec::new(),
    });
    entry.rows.push(row.row);
    let symbol = comparable(&symbol);
    if !symbol.is_empty() {
        if let Some(day) = columns.since.and_then(|at| iso_day(&row.text(at))) {
            let latest = entry.since.entry(symbol.clone()).or_default();
            *latest = day.max(std::mem::take(latest));
        }
        entry.symbols.insert(symbol);
    }
}

/// A code of `length` digits; spreadsheets drop leading zeros.
pub(crate) fn digits(said: &str, length: usize) -> Option<String> {
    let said = comparable(said);
    let sound = !said.is_empty() && said.len() <= length && said.bytes().all(|byte| byte.is_ascii_digit());
    sound.then(|| format!("{said:0>length$}"))
}

/// Adds up a cell such as `一般　一般　319／精神　　50`. A kind of bed without a number is one of which
/// there are none, as long as another has a number.
fn read_beds(said: &str, row: u64, ledger: &mut Ledger) -> Option<u32> {
    if said.is_empty() {
        return None;
    }
    let plain: String = said.nfkc().collect();
    let numbers = plain.split('/').map(|part| {
        let part = part.trim_end();
        &part[part.trim_end_matches(|letter: char| letter.is_ascii_digit()).len()..]
    });
    let given: Vec<&str> = numbers.filter(|number| !number.is_empty()).collect();
    let beds: Option<Vec<u16>> = given.iter().map(|number| number.parse().ok()).collect();
    match beds {
        Some(beds) if !beds.is_empty() => Some(beds.into_iter().map(u32::from).sum()),
        _ => {
            ledger.warn(Doubt {
                kind: "bad_bed_count",
                row,
                field: "病床数",
                said,
                meant: "病床数として読めません。この医療機関の病床数は不明として扱います".to_owned(),
            });
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::xlsx_table::tests::workbook;

    const HEADER: [&str; 11] = [
        "項番",
        "都道府県コード",
        "都道府県名",
        "区分",
        "医療機関番号",
        "医療機関名称",
        "医療機関所在地（住所）",
        "病床数",
        "受理記号",
        "備考（見出し）",
        "算定開始年月日",
    ];

    fn read_rows(rows: &[&[&str]]) -> (Result<Todokede, IngestError>, Ledger) {
        let mut all: Vec<&[&str]> = vec![&[], &["[令和７年９月１日 現在 ]"], &[], &HEADER];
        all.extend(rows);
        let mut ledger = Ledger::new("t.xlsx");
        (read(&workbook("Sheet1", &all), "19", &mut ledger), ledger)
    }

    #[test]
    fn filings_of_one_number_are_one_institution_and_details_add_nothing() {
        let beds = "一般　一般　319／療養　　50";
        let (read, ledger) = read_rows(&[
            &[
                "1",
                "19",
                "山梨県",
                "医科",
                "0102530",
                "甲医院",
                "甲府市一丁目",
                beds,
                "支援診２",
                "",
                "令和 6年 6月 1日",
            ],
            &["1", "19", "山梨県", "医科", "0102530", "甲医院", "甲府市一丁目", beds, "支援診２", "病棟種別"],
            &[
                "1",
                "19",
                "山梨県",
                "医科",
                "102530",
                "甲医院",
                "甲府市一丁目",
                beds,
                "在医総管１",
                "",
                "45748",
            ],
            &["2", "19", "山梨県", "薬局", "0102530", "乙薬局", "甲府市二丁目", "", "在薬", ""],
            &["3", "20", "長野県", "歯科", "0102530", "丙歯科", "松本市", "", "歯援診１", ""],
        ]);
        let read = read.expect("read");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (5, 5, 0));
        let codes: Vec<&str> = read.institutions.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(codes, ["1910102530", "1940102530"]);
        let first = &read.institutions[0];
        assert_eq!(first.symbols.iter().collect::<Vec<_>>(), ["在医総管1", "支援診2"]);
        let since: Vec<_> = first.since.iter().map(|(symbol, day)| (symbol.as_str(), day.as_str())).collect();
        assert_eq!(since, [("在医総管1", "2025-04-01"), ("支援診2", "2024-06-01")]);
        assert_eq!((first.beds, first.rows.as_slice()), (Some(369), [5, 6, 7].as_slice()));
        assert_eq!(read.sections, BTreeSet::from([Section::Medical, Section::Pharmacy]));
    }

    #[test]
    fn a_file_of_another_prefecture_speaks_of_no_section_and_is_told() {
        let (read, ledger) = read_rows(&[
            &["1", "20", "長野県", "医科", "0102530", "甲医院", "松本市", "", "支援診２", ""],
            &["2", "20", "長野県", "歯科", "0102530", "丙歯科", "松本市", "", "歯援診１", ""],
        ]);
        assert!(read.expect("read").sections.is_empty());
        assert_eq!((ledger.read, ledger.stored), (2, 2));
        let kinds: Vec<&str> = ledger.findings.iter().map(|finding| finding.kind.as_str()).collect();
        assert_eq!(kinds, ["no_row_of_prefecture"]);
    }

    #[test]
    fn beds_are_added_up_and_kinds_without_number_are_none() {
        let mut ledger = Ledger::new("t.xlsx");
        for (said, beds) in [
            ("一般　一般　319／精神　　50", Some(369)),
            ("一般　　／療養　　200", Some(200)),
            ("　一般4", Some(4)),
            ("", None),
            ("一般　　", None),
            ("一般　　99999999", None),
        ] {
            assert_eq!(read_beds(said, 5, &mut ledger), beds, "{said}");
        }
        assert_eq!(ledger.findings.len(), 2);
    }

    #[test]
    fn rows_without_number_or_section_are_quarantined() {
        let (read, ledger) = read_rows(&[
            &["1", "19", "山梨県", "医科", "", "甲医院", "甲府市", "", "", ""],
            &["2", "19", "山梨県", "鍼灸", "0102530", "乙", "甲府市", "", "", ""],
            &["3", "19", "山梨県", "医科", "0102531", "丙", "甲府市", "多数", "", ""],
        ]);
        assert_eq!(read.expect("read").institutions[0].beds, None);
        assert_eq!((ledger.read, ledger.quarantined, ledger.findings.len()), (3, 2, 3));
    }

    #[test]
    fn stations_are_read_from_their_printed_list() {
        let source = workbook(
            "Sheet1",
            &[
                &["", "", "届出受理指定訪問看護事業所名簿"],
                &["", "", "[山梨県]", "", "[令和 8年 8月 1日現在 ]"],
                &["", "", "項番", "", "ステーションコード"],
                &[
                    "",
                    "",
                    "1",
                    "",
                    "01,9000,5",
                    "",
                    "",
                    "株式会社甲\n甲訪問看護ステーション",
                    "",
                    "",
                    "〒400-0031\n甲府市丸の内１－６－１",
                    "",
                    "",
                    "055",
                    "",
                    "",
                    "（訪看２５）第1号\n（訪看２３） 第 12号",
                    "",
                    "令和 6年 6月 1日\n令和 4年 5月 1日",
                ],
                &["", "", "2", "", "番号なし", "", "", "乙", "", "", "〒400-0031\n甲府市"],
            ],
        );
        let mut ledger = Ledger::new("s.xlsx");
        let read = read(&source, "19", &mut ledger).expect("read");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (2, 1, 1));
        let [(prefecture, station)] = read.stations.as_slice() else { panic!("one station") };
        let said =
            (prefecture.as_str(), station.code.as_str(), station.name.as_str(), station.address.as_str());
        assert_eq!(said, ("山梨県", "0190005", "甲訪問看護ステーション", "甲府市丸の内１－６－１"));
        assert_eq!(station.symbols.iter().collect::<Vec<_>>(), ["訪看23", "訪看25"]);
        let since = ["訪看25", "訪看23"].map(|symbol| station.since[symbol].as_str());
        assert_eq!(since, ["2024-06-01", "2022-05-01"]);
        assert!(read.institutions.is_empty() && read.sections.is_empty());
    }

    #[test]
    fn a_sheet_that_is_no_list_is_told_and_the_running_number_may_stand_anywhere() {
        let words = |row: &[&str]| row.iter().map(|&text| text.to_owned()).collect::<Vec<String>>();
        let moved = |row: &[&str]| [vec![String::new()], words(row)].concat();
        let of_list = ["1", "19", "山梨県", "医　科", "01-0253-0", "甲医院", "甲府市", "在支診3"];
        let header = [&HEADER[..7], &HEADER[8..9]].concat();
        let list = vec![moved(&header), moved(&of_list)];
        let notes = vec![words(&["番号", "名称"]), words(&["2", "乙医院"])];
        let source =
            crate::ingest::xlsx_table::tests::book(&[("名簿", list), ("追加", notes), ("空", vec![])]);
        let mut ledger = Ledger::new("t.xlsx");
        let read = read(&source, "19", &mut ledger).expect("read");
        assert_eq!((ledger.read, ledger.stored), (1, 1));
        let one = &read.institutions[0];
        assert_eq!((one.code.as_str(), one.beds), ("1910102530", None));
        let told: Vec<_> = ledger.findings.iter().map(|one| (one.kind.as_str(), one.said.as_str())).collect();
        assert_eq!(told, [("sheets_not_read", "追加")]);
    }

    #[test]
    fn sheets_and_archives_of_prefectures_and_older_columns_are_read() {
        let row = |number: &'static str, section: &'static str, symbol: &'static str| {
            ["1", "19", "山梨県", section, number, "甲", "甲府市", "", symbol]
        };
        let book =
            |row: &[&str]| workbook("19山梨", &[&[], &["[平成30年９月１日 現在 ]"], &[], &HEADER[..9], row]);
        let members = [row("0100001", "医科", "支援診３"), row("0100002", "薬局", "在薬")]
            .map(|row| book(&row).whole().expect("bytes"));
        let zip = crate::ingest::text::tests::zipped(&[
            ("40福岡/医科.xlsx", members[0].as_slice()),
            ("40福岡/薬局.xlsx", members[1].as_slice()),
            ("略称.pdf", b"%PDF"),
        ]);
        let mut ledger = Ledger::new("t.zip");
        let read = read(&Source::of_bytes("t.zip", &zip), "19", &mut ledger).expect("read");
        let codes: Vec<&str> = read.institutions.iter().map(|one| one.code.as_str()).collect();
        assert_eq!((codes.as_slice(), ledger.stored), (["1910100001", "1940100002"].as_slice(), 2));
        assert_eq!(ledger.layer.as_deref(), Some("40福岡/薬局.xlsx / 19山梨"));
    }

    #[test]
    fn a_workbook_without_the_header_is_refused_with_what_was_found() {
        let source = workbook("表紙", &[&["名称", "住所"]]);
        let error = read(&source, "19", &mut Ledger::new("t.xlsx")).expect_err("refused");
        assert!(error.to_string().contains("名称,住所"), "{error}");
    }
}
