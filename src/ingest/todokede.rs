//! 地方厚生局 届出受理医療機関名簿（施設基準）: which institution has filed what.
//!
//! One row for each filing, followed by rows of details of the same filing. Some bureaus mix
//! 医科, 歯科 and 薬局 in one file; the column 区分 tells them apart.

use crate::ingest::IngestError;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::text::Source;
use crate::ingest::xlsx_table::{self, Sheet, SheetRow};
use std::collections::{BTreeMap, BTreeSet};
use unicode_normalization::UnicodeNormalization;

/// 点数表: which of the three price lists an institution bills by; the third digit of its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Section {
    /// 医科.
    Medical,
    /// 歯科.
    Dental,
    /// 調剤 (薬局).
    Pharmacy,
}

impl Section {
    /// From the column 区分.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "医科" => Some(Self::Medical),
            "歯科" => Some(Self::Dental),
            "薬局" | "調剤" => Some(Self::Pharmacy),
            _ => None,
        }
    }

    /// The digit in a 医療機関コード.
    pub(crate) const fn digit(self) -> char {
        match self {
            Self::Medical => '1',
            Self::Dental => '3',
            Self::Pharmacy => '4',
        }
    }
}

/// An institution with all its filings.
#[derive(Debug)]
pub(crate) struct FiledInstitution {
    /// 医療機関コード: prefecture, 点数表, number.
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
}

const COLUMNS: [&str; 7] =
    ["都道府県コード", "区分", "医療機関番号", "医療機関名称", "医療機関所在地(住所)", "病床数", "受理記号"];

/// Reads all sheets that have the header; at least one must.
pub(crate) fn read(source: &Source, prefecture: &str, ledger: &mut Ledger) -> Result<Todokede, IngestError> {
    let sheets = xlsx_table::read(source, ledger)?;
    let mut institutions: BTreeMap<String, FiledInstitution> = BTreeMap::new();
    let mut sections = BTreeSet::new();
    let mut read_any = false;
    for sheet in &sheets {
        let Some(header) = sheet.rows.iter().position(|row| comparable(&row.text(0)) == "項番") else {
            continue;
        };
        read_any = true;
        ledger.layer = Some(sheet.name.clone());
        let columns = columns(source, sheet, &sheet.rows[header])?;
        for row in &sheet.rows[header + 1..] {
            if row.texts().all(|(_, text)| text.is_empty()) {
                continue;
            }
            read_row(row, &columns, prefecture, &mut institutions, &mut sections, ledger);
        }
    }
    if read_any {
        if institutions.is_empty() {
            ledger.warn_no_row_of(prefecture);
        }
        return Ok(Todokede { institutions: institutions.into_values().collect(), sections });
    }
    Err(IngestError::Header {
        file: source.file.clone(),
        place: "どのシート".to_owned(),
        missing: "項番".to_owned(),
        expected: format!("項番,{}", COLUMNS.join(",")),
        found: sheets.iter().map(first_texts).collect::<Vec<_>>().join(" / "),
    })
}

fn first_texts(sheet: &Sheet) -> String {
    let row = sheet.rows.iter().max_by_key(|row| row.texts().count());
    row.map(|row| row.texts().map(|(_, text)| text).collect::<Vec<_>>().join(",")).unwrap_or_default()
}

fn comparable(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}

fn columns(source: &Source, sheet: &Sheet, header: &SheetRow) -> Result<[u32; 7], IngestError> {
    let mut columns = [0; 7];
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
    Ok(columns)
}

fn read_row(
    row: &SheetRow,
    columns: &[u32; 7],
    prefecture: &str,
    todokede: &mut BTreeMap<String, FiledInstitution>,
    sections: &mut BTreeSet<Section>,
    ledger: &mut Ledger,
) {
    let [of_prefecture, section, number, name, address, beds, symbol] = columns.map(|at| row.text(at));
    let parsed = (Section::from_name(&section), digits(&of_prefecture, 2), digits(&number, 7));
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
        beds: read_beds(&beds, row.row, ledger),
        symbols: BTreeSet::new(),
        rows: Vec::new(),
    });
    entry.rows.push(row.row);
    let symbol = comparable(&symbol);
    if !symbol.is_empty() {
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

    const HEADER: [&str; 10] = [
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
            &["1", "19", "山梨県", "医科", "0102530", "甲医院", "甲府市一丁目", beds, "支援診２", ""],
            &["1", "19", "山梨県", "医科", "0102530", "甲医院", "甲府市一丁目", beds, "支援診２", "病棟種別"],
            &["1", "19", "山梨県", "医科", "102530", "甲医院", "甲府市一丁目", beds, "在医総管１", ""],
            &["2", "19", "山梨県", "薬局", "0102530", "乙薬局", "甲府市二丁目", "", "在薬", ""],
            &["3", "20", "長野県", "歯科", "0102530", "丙歯科", "松本市", "", "歯援診１", ""],
        ]);
        let read = read.expect("read");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (5, 5, 0));
        let codes: Vec<&str> = read.institutions.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(codes, ["1910102530", "1940102530"]);
        let first = &read.institutions[0];
        assert_eq!(first.symbols.iter().collect::<Vec<_>>(), ["在医総管1", "支援診2"]);
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
    fn a_workbook_without_the_header_is_refused_with_what_was_found() {
        let source = workbook("表紙", &[&["名称", "住所"]]);
        let error = read(&source, "19", &mut Ledger::new("t.xlsx")).expect_err("refused");
        assert!(error.to_string().contains("名称,住所"), "{error}");
    }
}
