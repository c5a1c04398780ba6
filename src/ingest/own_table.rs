//! A prefecture's own table, whether saved as CSV or as an Excel workbook: columns bound by name, and
//! every cell known by the place at which its author finds it again.

use crate::ingest::IngestError;
use crate::ingest::csv_table::{self, CsvTable, comparable};
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::text::Source;
use crate::ingest::xlsx_table::{self, Cell, Sheet, SheetRow, column_letters};
use std::collections::BTreeSet;

/// One row with the fields of the columns that were asked for.
pub(crate) struct OwnRow {
    /// Row as people see it.
    pub row: u64,
    /// Sheet or archive member.
    pub layer: Option<String>,
    fields: Vec<Field>,
    /// Something stands in the row, be it in a column that nobody asked for.
    is_filled: bool,
}

struct Field {
    said: String,
    place: String,
}

impl OwnRow {
    /// A field by the place of its column in what was asked for; empty where there is no such column.
    pub(crate) fn get(&self, column: usize) -> &str {
        &self.fields[column].said
    }

    /// The place of a field: the name of the column, in a workbook with the cell before it (`D5 開始`).
    pub(crate) fn place(&self, column: usize) -> &str {
        &self.fields[column].place
    }

    /// All fields, for findings about the whole row.
    pub(crate) fn said(&self) -> String {
        self.fields.iter().map(|field| field.said.as_str()).collect::<Vec<_>>().join(",")
    }
}

/// Reads the columns `needed` and, where they are there, `optional`; fields stand in that order.
/// In a workbook numbers below the names in `times` are times of day, as Excel stores them.
///
/// # Errors
/// A file that cannot be read, or a table without the needed columns.
pub(crate) fn read<const N: usize>(
    source: &Source,
    needed: &[&str; N],
    optional: &[&str],
    times: &[&str],
    ledger: &mut Ledger,
) -> Result<Vec<OwnRow>, IngestError> {
    if source.is_workbook()? {
        return of_workbook(source, needed, optional, times, ledger);
    }
    let mut rows = Vec::new();
    for text in source.texts(&[".csv"])? {
        let table = CsvTable::parse(&text, ledger)?;
        let names = needed.iter().chain(optional);
        let columns = table.columns(needed)?.map(Some).into_iter();
        let columns: Vec<Option<usize>> =
            columns.chain(optional.iter().map(|name| table.optional(name))).collect();
        for row in &table.rows {
            let field = |(name, column): (&&str, &Option<usize>)| Field {
                said: row.get_if(*column).to_owned(),
                place: (*name).to_owned(),
            };
            let fields = names.clone().zip(&columns).map(field).collect();
            let is_filled = (0..row.len()).any(|at| !row.get(at).is_empty());
            rows.push(OwnRow { row: row.row, layer: text.name.clone(), fields, is_filled });
        }
    }
    rows.retain(|row| row.is_filled);
    Ok(rows)
}

/// Names in the first rows, as [`comparable`] compares them: of every table in CSV, of the first sheet
/// in a workbook.
pub(crate) fn heads(source: &Source) -> Result<BTreeSet<String>, IngestError> {
    if source.is_workbook()? {
        let sheets = xlsx_table::heads(source, 1)?;
        let first = sheets.first().and_then(|sheet| sheet.rows.first());
        return Ok(first.iter().flat_map(|row| row.texts()).map(|(_, text)| comparable(&text)).collect());
    }
    let mut heads = BTreeSet::new();
    for text in source.texts(&[".csv"])? {
        for row in csv_table::first_rows(&text, 1) {
            heads.extend((0..row.len()).map(|at| comparable(row.get(at))));
        }
    }
    Ok(heads)
}

fn of_workbook<const N: usize>(
    source: &Source,
    needed: &[&str; N],
    optional: &[&str],
    times: &[&str],
    ledger: &mut Ledger,
) -> Result<Vec<OwnRow>, IngestError> {
    let sheets = xlsx_table::read(source, ledger)?;
    let found = sheets.iter().find_map(|sheet| Some((sheet, header(sheet, needed)?)));
    let (sheet, at) = found.ok_or_else(|| no_header(source, &sheets, needed))?;
    let names: Vec<&str> = needed.iter().chain(optional).copied().collect();
    let columns: Vec<Option<u32>> = names.iter().map(|name| column(&sheet.rows[at], name)).collect();
    ledger.layer = Some(sheet.name.clone());
    let row = |row: &SheetRow| {
        let field = |(name, column): (&&str, &Option<u32>)| {
            let Some(column) = *column else {
                return Field { said: String::new(), place: (*name).to_owned() };
            };
            let place = format!("{}{} {name}", column_letters(column), row.row);
            let said = match row.cell(column) {
                Some(Cell::Number(number)) if times.contains(name) => time_of_day(*number),
                Some(Cell::Error(said)) => {
                    ledger.warn(error_cell(row.row, &place, said));
                    String::new()
                }
                _ => row.text(column),
            };
            Field { said, place }
        };
        let fields: Vec<Field> = names.iter().zip(&columns).map(field).collect();
        let is_filled = row.texts().any(|(_, text)| !text.is_empty());
        OwnRow { row: row.row, layer: Some(sheet.name.clone()), fields, is_filled }
    };
    Ok(sheet.rows[at + 1..].iter().map(row).filter(|row| row.is_filled).collect())
}

/// A formula that failed says nothing.
fn error_cell<'a>(row: u64, field: &'a str, said: &'a str) -> Doubt<'a> {
    let meant = "数式がエラーです。空のセルとして扱います。値を入れてください".to_owned();
    Doubt { kind: "error_cell", row, field, said, meant }
}

/// The first row that names all the needed columns.
fn header(sheet: &Sheet, needed: &[&str]) -> Option<usize> {
    sheet.rows.iter().position(|row| needed.iter().all(|name| column(row, name).is_some()))
}

fn column(row: &SheetRow, name: &str) -> Option<u32> {
    row.texts().find(|(_, text)| comparable(text) == comparable(name)).map(|(column, _)| column)
}

/// A share of a day as `H:MM`; what is no whole minute of two days stays a number, which is no time.
fn time_of_day(share: f64) -> String {
    let minutes = (share * 1_440.0).round();
    let sound = (0.0..=2_880.0).contains(&minutes) && (share * 1_440.0 - minutes).abs() < 0.01;
    if sound { format!("{}:{:02}", minutes as u32 / 60, minutes as u32 % 60) } else { share.to_string() }
}

fn no_header(source: &Source, sheets: &[Sheet], needed: &[&str]) -> IngestError {
    let first = sheets.first().and_then(|sheet| Some((sheet, sheet.rows.first()?)));
    let texts = |row: &SheetRow| row.texts().map(|(_, text)| text).collect::<Vec<_>>().join(",");
    IngestError::Header {
        file: source.file.clone(),
        place: first.map_or_else(
            || "ブック".to_owned(),
            |(sheet, row)| format!("シート「{}」の {} 行目", sheet.name, row.row),
        ),
        missing: needed.join("・"),
        expected: needed.join(","),
        found: first.map(|(_, row)| texts(row)).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::xlsx_table::tests::workbook;

    fn table(source: &Source) -> Vec<(u64, Vec<String>, String)> {
        let rows =
            read(source, &["名称", "開始"], &["備考"], &["開始"], &mut Ledger::new("t")).expect("read");
        let fields = |row: &OwnRow| (0..3).map(|at| row.get(at).to_owned()).collect();
        rows.iter().map(|row| (row.row, fields(row), row.place(1).to_owned())).collect()
    }

    #[test]
    fn the_same_table_is_read_from_csv_and_workbook_with_the_place_of_each_cell() {
        let csv = Source::of_bytes("t.csv", "開始,名称\n30:00,甲医院\n,\n夜,乙医院\n".as_bytes());
        let of = |row, name: &str, time: &str, place: &str| {
            (row, vec![name.to_owned(), time.to_owned(), String::new()], place.to_owned())
        };
        let expected = [of(2, "甲医院", "30:00", "開始"), of(4, "乙医院", "夜", "開始")];
        assert_eq!(table(&csv), expected);
        let book = workbook(
            "輪番",
            &[&["令和7年度の輪番"], &["開始", "名称"], &["1.25", "甲医院"], &[], &["夜", "乙医院"]],
        );
        assert_eq!(table(&book), [of(3, "甲医院", "30:00", "A3 開始"), of(5, "乙医院", "夜", "A5 開始")]);
    }

    #[test]
    fn a_table_without_the_columns_is_refused_by_name() {
        for source in [workbook("表", &[&["名称"]]), Source::of_bytes("t.csv", "名称\n".as_bytes())] {
            let error =
                read(&source, &["名称", "開始"], &[], &[], &mut Ledger::new("t")).err().expect("refused");
            assert!(error.to_string().contains("開始"), "{error}");
        }
    }

    #[test]
    fn shares_of_a_day_become_times() {
        for (share, time) in [
            (0.75, "18:00"),
            (1.0, "24:00"),
            (0.354_166_666_7, "8:30"),
            (1.25, "30:00"),
            (-0.5, "-0.5"),
            (9.0, "9"),
        ] {
            assert_eq!(time_of_day(share), time);
        }
    }
}
