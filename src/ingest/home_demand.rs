//! 厚生労働省 構想区域別 将来の在宅（訪問診療）需要推計 (001728462): receipts per month by year.

use crate::ingest::IngestError;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::study::AreaDemand;
use crate::ingest::text::Source;
use crate::ingest::todokede::digits;
use crate::ingest::xlsx_table::{self, Cell, Sheet};
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;

/// Reads the sheet of 訪問診療. All areas are counted; those of the prefecture are kept.
pub(crate) fn read(
    source: &Source,
    prefecture: &str,
    ledger: &mut Ledger,
) -> Result<Vec<AreaDemand>, IngestError> {
    let sheets = xlsx_table::read(source)?;
    let sheet = sheets.iter().find(|sheet| sheet.name.contains("訪問診療")).ok_or_else(|| {
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
        let demand: Option<BTreeMap<u16, f64>> = years
            .iter()
            .map(|(column, year)| match row.cell(*column) {
                Some(Cell::Number(receipts)) if receipts.is_finite() && *receipts >= 0.0 => {
                    Some((*year, *receipts))
                }
                _ => None,
            })
            .collect();
        let (Some(code), Some(receipts_per_month)) = (digits(&said, 4), demand) else {
            ledger.quarantine(Doubt {
                kind: "bad_demand_row",
                row: row.row,
                field: "構想区域コード",
                said: &said,
                meant: "構想区域コードか件数が数字として読めません。この区域の需要は使いません".to_owned(),
            });
            continue;
        };
        ledger.store();
        if code.starts_with(prefecture) {
            areas.push(AreaDemand { code, name: row.text(name), receipts_per_month });
        }
    }
    Ok(areas)
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
        .position(|row| row.texts().any(|(_, text)| text == "構想区域コード"))
        .ok_or_else(|| header_error(source, &place(1), "構想区域コード", ""))?;
    let row = &sheet.rows[at];
    let found = || row.texts().map(|(_, text)| text).collect::<Vec<_>>().join(",");
    let column = |name: &str| {
        let found_at = row.texts().find(|(_, text)| text == name).map(|(column, _)| column);
        found_at.ok_or_else(|| header_error(source, &place(row.row), name, &found()))
    };
    let (code, name) = (column("構想区域コード")?, column("構想区域名")?);
    let above = at.checked_sub(1).map(|above| &sheet.rows[above]);
    let mut years = BTreeMap::new();
    for (column, _) in row.texts().filter(|(_, text)| text.contains("レセプト件数")) {
        let said: String = above.map(|above| above.text(column)).unwrap_or_default().nfkc().collect();
        let year = said.get(..4).and_then(|year| year.parse().ok());
        years.insert(column, year.ok_or_else(|| header_error(source, &place(row.row), "年度", &said))?);
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
    fn areas_of_the_prefecture_are_kept_by_year_and_failed_formulas_set_aside() {
        let mut rows = HEAD.to_vec();
        rows.extend([
            ["北海道", "0101", "南渡島", "340005", "4382.75", "4942.96"].as_slice(),
            &["山梨県", "1901", "中北", "470000", "2777.58", "2990.5"],
            &["山梨県", "1902", "峡東", "130000", "=#VALUE!", "1300.5"],
        ]);
        let mut ledger = Ledger::new("d.xlsx");
        let areas =
            read(&workbook("将来の在宅（訪問診療）需要推計", &rows), "19", &mut ledger).expect("read");
        let receipts_per_month = BTreeMap::from([(2024, 2777.58), (2030, 2990.5)]);
        assert_eq!(areas, [AreaDemand { code: "1901".into(), name: "中北".into(), receipts_per_month }]);
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (3, 2, 1));
        assert_eq!(ledger.findings[0].row, Some(6));
    }

    #[test]
    fn another_workbook_and_a_sheet_without_years_are_refused() {
        let mut ledger = Ledger::new("d.xlsx");
        for source in [workbook("外来", &HEAD), workbook("訪問診療", &[HEAD[0], HEAD[2]])] {
            let error = read(&source, "19", &mut ledger).expect_err("refused");
            assert!(matches!(error, IngestError::Header { .. }), "{error}");
        }
    }
}
