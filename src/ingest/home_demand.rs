//! 厚生労働省 構想区域別 将来の在宅（訪問診療）需要推計 (001728462): receipts per month by year.

use crate::ingest::IngestError;
use crate::ingest::csv_table::{HEAD_ROWS, comparable};
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::study::AreaDemand;
use crate::ingest::text::Source;
use crate::ingest::todokede::digits;
use crate::ingest::xlsx_table::{self, Cell, Sheet, SheetRow, column_letters};
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;

const AREA_CODE: &str = "構想区域コード";

/// Reads the sheet of 訪問診療. All areas are counted; those of the prefecture are kept, each with
/// the years whose cell holds a number.
///
/// # Errors
/// Another layout, or an area of the prefecture without any number.
pub(crate) fn read(
    source: &Source,
    prefecture: &str,
    ledger: &mut Ledger,
) -> Result<Vec<AreaDemand>, IngestError> {
    let sheets = xlsx_table::read(source, ledger)?;
    let sheet = sheets.iter().find(|sheet| is_of_visits(sheet)).ok_or_else(|| {
        let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        header_error(source, "シートの一覧", "訪問診療", &names.join(","))
    })?;
    ledger.layer = Some(sheet.name.clone());
    let (below, code, name, years) = header(source, sheet)?;
    let mut areas = Vec::new();
    for row in &sheet.rows[below..] {
        let said = row.text(code);
        if said.is_empty() && years.keys().all(|column| row.cell(*column).is_none()) {
            continue;
        }
        let Some(code) = digits(&said, 4) else {
            ledger.quarantine(Doubt {
                kind: "bad_demand_row",
                row: row.row,
                field: "構想区域コード",
                said: &said,
                meant: "構想区域コードが 4 桁の数字ではありません。この区域の需要は使いません".to_owned(),
            });
            continue;
        };
        ledger.store();
        if code.starts_with(prefecture) {
            let name = row.text(name);
            let receipts_per_month = receipts(row, &name, &years, ledger);
            if receipts_per_month.is_empty() {
                return Err(no_receipts(source, sheet, row, &name, &years));
            }
            areas.push(AreaDemand { code, name, receipts_per_month });
        }
    }
    Ok(areas)
}

/// Whether a sheet is of 訪問診療, by its name or, where somebody has renamed it, by a title above its header.
fn is_of_visits(sheet: &Sheet) -> bool {
    let is_titled = |row: &SheetRow| row.texts().any(|(_, text)| text.contains("訪問診療"));
    let titles =
        sheet.rows.iter().take_while(|row| !row.texts().any(|(_, text)| comparable(&text) == AREA_CODE));
    sheet.name.contains("訪問診療") || titles.take(HEAD_ROWS).any(is_titled)
}

/// A number as a cell or as a text has it.
fn number(cell: Option<&Cell>) -> Option<f64> {
    let number = match cell? {
        Cell::Number(number) => *number,
        Cell::Text(text) => comparable(text).replace(',', "").parse().ok()?,
        Cell::Error(_) => return None,
    };
    (number.is_finite() && number >= 0.0).then_some(number)
}

/// Receipts by year. A cell without a number is told and its year left out.
fn receipts(
    row: &SheetRow,
    name: &str,
    years: &BTreeMap<u32, u16>,
    ledger: &mut Ledger,
) -> BTreeMap<u16, f64> {
    let mut receipts = BTreeMap::new();
    for (column, year) in years {
        match number(row.cell(*column)) {
            Some(number) => {
                receipts.insert(*year, number);
            }
            None => ledger.warn(Doubt {
                kind: "bad_demand_cell",
                row: row.row,
                field: &format!("{} 列（{year} 年度）", column_letters(*column)),
                said: &row.text(*column),
                meant: format!("{name}の {year} 年度の件数が数字ではありません。この年度は不明です"),
            }),
        }
    }
    receipts
}

fn no_receipts(
    source: &Source,
    sheet: &Sheet,
    row: &SheetRow,
    name: &str,
    years: &BTreeMap<u32, u16>,
) -> IngestError {
    let cells: Vec<String> =
        years.keys().map(|column| format!("{}{}", column_letters(*column), row.row)).collect();
    let found: Vec<String> = years.keys().map(|column| row.text(*column)).collect();
    IngestError::Broken {
        file: source.file.clone(),
        place: format!("シート「{}」の {}（{name}）", sheet.name, cells.join(",")),
        found: format!("件数がありません（{}）", found.join(",")),
        expected: "少なくとも一つの年度の レセプト件数/月".to_owned(),
        remedy: "配布元のファイルをそのまま使うか、セルに件数を入れてください".to_owned(),
    }
}

fn header_error(source: &Source, place: &str, missing: &str, found: &str) -> IngestError {
    IngestError::Header {
        file: source.file.clone(),
        place: place.to_owned(),
        missing: missing.to_owned(),
        expected: "シート「将来の在宅（訪問診療）需要推計」に 構想区域コード,構想区域名,レセプト件数/月 と、その上の行に年度"
            .to_owned(),
        found: found.to_owned(),
    }
}

/// Position of the first row of data, columns of code and name, and year by column. The years
/// stand in the row above the header, over the columns レセプト件数/月.
fn header(source: &Source, sheet: &Sheet) -> Result<(usize, u32, u32, BTreeMap<u32, u16>), IngestError> {
    let place = |row: u64| format!("シート「{}」の {row} 行目", sheet.name);
    let at = sheet
        .rows
        .iter()
        .position(|row| row.texts().any(|(_, text)| comparable(&text) == AREA_CODE))
        .ok_or_else(|| header_error(source, &place(1), AREA_CODE, ""))?;
    let row = &sheet.rows[at];
    let found = || row.texts().map(|(_, text)| text).collect::<Vec<_>>().join(",");
    let column = |name: &str| {
        let found_at = row.texts().find(|(_, text)| comparable(text) == name).map(|(column, _)| column);
        found_at.ok_or_else(|| header_error(source, &place(row.row), name, &found()))
    };
    let (code, name) = (column(AREA_CODE)?, column("構想区域名")?);
    let above = at.checked_sub(1).map(|above| &sheet.rows[above]);
    let mut years: BTreeMap<u32, u16> = BTreeMap::new();
    for (column, _) in row.texts().filter(|(_, text)| comparable(text).contains("レセプト件数")) {
        let said: String = above.map(|above| above.text(column)).unwrap_or_default().nfkc().collect();
        let year = said.get(..4).and_then(|year| year.parse().ok());
        let year = year.ok_or_else(|| header_error(source, &place(row.row), "年度", &said))?;
        if let Some((first, _)) = years.iter().find(|(_, known)| **known == year) {
            let columns = format!("{} 列と {} 列", column_letters(*first), column_letters(column));
            let found = format!("{columns}がどちらも {year} 年度");
            return Err(header_error(source, &place(row.row), "年度ごとに一つの列", &found));
        }
        years.insert(column, year);
    }
    if years.is_empty() {
        return Err(header_error(source, &place(row.row), "レセプト件数/月", &found()));
    }
    Ok((at + 1, code, name, years))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::xlsx_table::tests::workbook;

    const HEAD: [&[&str]; 3] = [
        &["将来の在宅（訪問診療）需要推計"],
        &["", "", "", "", "2024年度", "2030年度（現状投影）"],
        &["都道府県", "構想区域コード", "構想区域名", "人口(2024年度)", "レセプト件数/月", "レセプト件数/月"],
    ];

    #[test]
    fn areas_of_the_prefecture_are_kept_with_the_years_that_have_a_number() {
        let mut rows = HEAD.to_vec();
        rows.extend([
            ["北海道", "0101", "南渡島", "340005", "4382.75", "4942.96"].as_slice(),
            &["山梨県", "1901", "中北", "470000", "2777.58", "2990.5"],
            &["山梨県", "1902", "峡東", "130000", "=#VALUE!", "1300.5"],
            &["山梨県", "19x", "峡南", "50000", "1", "1"],
            &["高知県", "3901", "安芸", "50000", "=#VALUE!", ""],
        ]);
        let mut ledger = Ledger::new("d.xlsx");
        let areas =
            read(&workbook("将来の在宅（訪問診療）需要推計", &rows), "19", &mut ledger).expect("read");
        let receipts_per_month = BTreeMap::from([(2024, 2777.58), (2030, 2990.5)]);
        let second = BTreeMap::from([(2030, 1300.5)]);
        let expected = [
            AreaDemand { code: "1901".into(), name: "中北".into(), receipts_per_month },
            AreaDemand { code: "1902".into(), name: "峡東".into(), receipts_per_month: second },
        ];
        assert_eq!(areas, expected);
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (5, 4, 1));
        let told: Vec<_> =
            ledger.findings.iter().map(|one| (one.kind.as_str(), one.row, one.field.as_deref())).collect();
        let expected = [
            ("formula", None, None),
            ("bad_demand_cell", Some(6), Some("E 列（2024 年度）")),
            ("bad_demand_row", Some(7), Some("構想区域コード")),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_renamed_sheet_broken_heads_and_numbers_as_text_are_read() {
        let heads =
            ["都道府県", "構想区域\nコード", "構想区域名", "人口", "レセプト\n件数/月", "レセプト件数/月"];
        let rows =
            [HEAD[0], HEAD[1], heads.as_slice(), &["", "1901", "中北", "47", "2,777.58", "２９９０．５"]];
        let areas = read(&workbook("Sheet1", &rows), "19", &mut Ledger::new("d.xlsx")).expect("read");
        assert_eq!(areas[0].receipts_per_month, BTreeMap::from([(2024, 2777.58), (2030, 2990.5)]));
    }

    #[test]
    fn an_area_of_the_prefecture_without_any_number_is_refused_with_its_cells() {
        let mut rows = HEAD.to_vec();
        rows.push(&["山梨県", "1902", "峡東", "130000", "=#VALUE!", "-"]);
        let source = workbook("訪問診療", &rows);
        let message = read(&source, "19", &mut Ledger::new("d.xlsx")).expect_err("refused").to_string();
        for part in ["book.xlsx", "E4,F4（峡東）", "#VALUE!,-"] {
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn two_columns_of_one_year_are_refused_and_both_are_named() {
        let years: &[&str] = &["", "", "", "", "2024年度", "２０２４年度（現状投影）"];
        let source = workbook("訪問診療", &[HEAD[0], years, HEAD[2]]);
        let error = read(&source, "19", &mut Ledger::new("d.xlsx")).expect_err("refused");
        assert!(matches!(error, IngestError::Header { .. }), "{error}");
        assert!(error.to_string().contains("E 列と F 列がどちらも 2024 年度"), "{error}");
    }

    #[test]
    fn another_workbook_and_a_sheet_without_years_are_refused() {
        let mut ledger = Ledger::new("d.xlsx");
        let of_others: &[&str] = &["将来の外来需要推計"];
        for source in
            [workbook("外来", &[of_others, HEAD[1], HEAD[2]]), workbook("訪問診療", &[HEAD[0], HEAD[2]])]
        {
            let error = read(&source, "19", &mut ledger).expect_err("refused");
            assert!(matches!(error, IngestError::Header { .. }), "{error}");
        }
    }

    #[test]
    fn the_official_file_has_the_known_totals_of_the_country_and_of_every_prefecture() {
        let file = "../shared/data/yamanashi/areas/001728462_iryojuyo_suikei_R7.xlsx";
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        if !path.is_file() {
            eprintln!("SKIPPED: the totals of the official file need {file}");
            return;
        }
        let source = Source::open(file, &path).expect("readable");
        let areas = read(&source, "", &mut Ledger::new(file)).expect("read");
        assert_eq!(areas.len(), 339);
        let sum = |year: u16, of: &str| -> f64 {
            areas
                .iter()
                .filter(|area| area.code.starts_with(of))
                .map(|area| area.receipts_per_month[&year])
                .sum()
        };
        let country = [
            (2024, 1_357_201.0),
            (2030, 1_636_382.0),
            (2035, 1_808_233.0),
            (2040, 1_940_315.0),
            (2045, 1_993_448.0),
            (2050, 1_994_220.0),
        ];
        for (year, receipts) in country {
            assert_eq!(sum(year, "").round(), receipts, "{year}");
        }
        let prefectures = [
            54_708, 7_289, 5_905, 16_426, 4_810, 7_757, 10_809, 18_877, 13_255, 22_334, 78_021, 66_137,
            192_497, 128_655, 12_541, 8_297, 10_695, 4_031, 4_795, 16_092, 21_328, 30_565, 82_268, 15_789,
            9_606, 27_610, 150_151, 62_937, 14_777, 12_560, 5_961, 7_770, 16_696, 28_231, 12_352, 6_565,
            8_429, 14_781, 5_644, 53_757, 9_207, 11_150, 14_792, 13_279, 9_954, 17_426, 9_682,
        ];
        for (code, receipts) in (1..).zip(prefectures) {
            // Halves were rounded to even where these were noted.
            let found = sum(2024, &format!("{code:02}"));
            assert!((found - f64::from(receipts)).abs() <= 0.500_001, "{code:02}: {found}");
        }
    }
}
