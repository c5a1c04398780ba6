//! Lists that a prefecture keeps itself, as CSV or as the first sheet of a workbook.

use crate::ingest::IngestError;
use crate::ingest::text::{Source, Text};
use crate::ingest::xlsx_table::{self, SheetRow};

/// The tables as text. A workbook gives the first of its sheets, whose rows keep the numbers by which
/// Excel shows them; the other sheets explain.
pub(crate) fn texts(source: &Source) -> Result<Vec<Text>, IngestError> {
    if !source.is_workbook()? {
        return source.texts(&[".csv"]);
    }
    let first = xlsx_table::read(source)?.into_iter().next();
    Ok(first.map(|sheet| Text { text: as_csv(&sheet.rows), name: Some(sheet.name) }).into_iter().collect())
}

/// The rows with blank lines for those that are not there. Breaks inside a cell become spaces, so that a
/// row stays a line.
fn as_csv(rows: &[SheetRow]) -> String {
    let width = rows.iter().flat_map(SheetRow::texts).map(|(column, _)| column + 1).max().unwrap_or(0);
    let mut text = String::new();
    let mut line = 1;
    for row in rows {
        while line < row.row {
            text.push('\n');
            line += 1;
        }
        let fields: Vec<String> = (0..width).map(|column| quoted(&row.text(column))).collect();
        text.push_str(&fields.join(","));
        text.push('\n');
        line += 1;
    }
    text
}

fn quoted(field: &str) -> String {
    format!("\"{}\"", field.replace(['\r', '\n'], " ").replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::csv_table::CsvTable;
    use crate::ingest::ledger::Ledger;
    use crate::ingest::xlsx_table::tests::workbook;

    #[test]
    fn a_sheet_reads_like_a_csv_file_and_its_rows_keep_their_numbers() {
        let source = workbook("入力", &[&["名称", "種別"], &[], &["甲\n\"医院\"", "病院,他"], &["乙"]]);
        let texts = texts(&source).expect("a workbook");
        let mut ledger = Ledger::new("l.xlsx");
        let table = CsvTable::parse(&texts[0], &mut ledger).expect("a table");
        let rows: Vec<_> = table.rows.iter().map(|row| (row.row, row.get(0), row.get(1))).collect();
        assert_eq!(rows, [(3, "甲 \"医院\"", "病院,他"), (4, "乙", "")]);
        assert_eq!((ledger.layer.as_deref(), ledger.quarantined), (Some("入力"), 0));
    }

    #[test]
    fn a_csv_file_stays_as_it_is() {
        let texts = texts(&Source::of_bytes("l.csv", "a,b\n1,2\n".as_bytes())).expect("text");
        assert_eq!((texts[0].name.as_deref(), texts[0].text.as_str()), (None, "a,b\n1,2\n"));
    }
}
