//! Tables in xlsx workbooks, read cell by cell so that a sheet with far-off cells costs nothing.

use crate::ingest::IngestError;
use crate::ingest::text::{LIMIT_BYTES, Source, unzip};
use calamine::{DataRef, Reader, Xlsx, XlsxError};
use std::collections::BTreeMap;
use std::io::Cursor;

/// One worksheet.
pub(crate) struct Sheet {
    /// Its name.
    pub name: String,
    /// Rows with at least one cell.
    pub rows: Vec<SheetRow>,
}

/// One row of a worksheet.
pub(crate) struct SheetRow {
    /// Row number as Excel shows it.
    pub row: u64,
    cells: BTreeMap<u32, Cell>,
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    /// Text, or anything else that is shown as text.
    Text(String),
    /// A number.
    Number(f64),
    /// A formula that failed, as Excel shows it (`#VALUE!`).
    Error(String),
}

impl SheetRow {
    /// The cell of a column counted from 0.
    pub(crate) fn cell(&self, column: u32) -> Option<&Cell> {
        self.cells.get(&column)
    }

    /// The cell as trimmed text; whole numbers without a decimal point, nothing as empty.
    pub(crate) fn text(&self, column: u32) -> String {
        match self.cell(column) {
            Some(Cell::Text(text) | Cell::Error(text)) => text.trim().to_owned(),
            Some(Cell::Number(number)) => number.to_string(),
            None => String::new(),
        }
    }

    /// Columns and texts of all cells.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (u32, String)> {
        self.cells.keys().map(|column| (*column, self.text(*column)))
    }
}

/// The letters over a column counted from 0, as Excel shows them (A … Z, AA …).
pub(crate) fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = u64::from(column) + 1;
    while left > 0 {
        letters.push(char::from(b'A' + ((left - 1) % 26) as u8));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// Reads every worksheet.
pub(crate) fn read(source: &Source) -> Result<Vec<Sheet>, IngestError> {
    let broken = |place: &str, found: String| IngestError::Broken {
        file: source.file.clone(),
        place: place.to_owned(),
        found,
        expected: "Excel ブック（.xlsx）".to_owned(),
        remedy: "配布元からもう一度ダウンロードするか、Excel で .xlsx として保存し直してください".to_owned(),
    };
    if !source.is_zip() {
        return Err(broken("ファイルの先頭", "xlsx ではありません（zip の印がありません）".to_owned()));
    }
    // Unpacked once for its size only: the workbook reader itself knows no limit.
    unzip(&source.file, &source.bytes, LIMIT_BYTES, |_| true)?;
    let mut workbook = Xlsx::new(Cursor::new(&source.bytes))
        .map_err(|error| broken("ブック", format!("xlsx として読めません（{error}）")))?;
    let mut sheets = Vec::new();
    for name in workbook.sheet_names() {
        match read_sheet(&mut workbook, &name) {
            Ok(rows) => sheets.push(Sheet { name, rows }),
            Err(XlsxError::NotAWorksheet(_)) => {}
            Err(error) => {
                return Err(broken(&format!("シート「{name}」"), format!("読めません（{error}）")));
            }
        }
    }
    Ok(sheets)
}

/// Gives `take` the worksheets of every workbook: of the source itself, or of each in an archive, one
/// after the other so that only one is in memory. Sheets of an archive are named with their member.
///
/// # Errors
/// What is no workbook and holds none, what cannot be read, and the errors of `take`.
pub(crate) fn each_workbook(
    source: &Source,
    mut take: impl FnMut(Vec<Sheet>) -> Result<(), IngestError>,
) -> Result<(), IngestError> {
    if !source.is_zip() || source.is_workbook()? {
        return take(read(source)?);
    }
    let members = source.members(&[".xlsx"])?;
    if members.is_empty() {
        return take(read(source)?);
    }
    for member in members {
        let name = member.name.unwrap_or_default();
        let file = format!("{}（{name}）", source.file);
        let book = Source { file, path: source.path.clone(), bytes: member.bytes };
        let mut sheets = read(&book)?;
        for sheet in &mut sheets {
            sheet.name = format!("{name} / {}", sheet.name);
        }
        take(sheets)?;
    }
    Ok(())
}

fn read_sheet(workbook: &mut Xlsx<Cursor<&Vec<u8>>>, name: &str) -> Result<Vec<SheetRow>, XlsxError> {
    let mut reader = workbook.worksheet_cells_reader(name)?;
    let mut rows: BTreeMap<u32, BTreeMap<u32, Cell>> = BTreeMap::new();
    while let Some(cell) = reader.next_cell()? {
        let (row, column) = cell.get_position();
        let value = match cell.get_value() {
            DataRef::Empty => continue,
            DataRef::String(text) => Cell::Text(text.clone()),
            DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
            DataRef::Int(number) => Cell::Number(*number as f64),
            DataRef::Float(number) => Cell::Number(*number),
            DataRef::Bool(flag) => Cell::Number(f64::from(u8::from(*flag))),
            DataRef::DateTime(date) => Cell::Number(date.as_f64()),
            DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Text(text.clone()),
            DataRef::Error(error) => Cell::Error(error.to_string()),
        };
        rows.entry(row).or_default().insert(column, value);
    }
    Ok(rows.into_iter().map(|(row, cells)| SheetRow { row: u64::from(row) + 1, cells }).collect())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use rust_xlsxwriter::{Formula, Workbook};

    /// A workbook with one sheet of texts; `""` leaves a cell empty, `=…` is a failed formula.
    pub(crate) fn workbook(sheet: &str, rows: &[&[&str]]) -> Source {
        let mut book = Workbook::new();
        let worksheet = book.add_worksheet();
        worksheet.set_name(sheet).expect("name");
        for (row, cells) in rows.iter().enumerate() {
            for (column, said) in cells.iter().enumerate() {
                let (row, column) = (row as u32, column as u16);
                if let Some(result) = said.strip_prefix('=') {
                    worksheet.write_formula(row, column, Formula::new("=1/0").set_result(result))
                } else if let Ok(number) = said.parse::<f64>()
                    && !said.starts_with('0')
                {
                    worksheet.write_number(row, column, number)
                } else if said.is_empty() {
                    continue;
                } else {
                    worksheet.write_string(row, column, *said)
                }
                .expect("cell");
            }
        }
        Source::of_bytes("book.xlsx", &book.save_to_buffer().expect("book"))
    }

    #[test]
    fn cells_keep_text_numbers_and_errors_apart() {
        let source = workbook("表", &[&[], &["0101", "12.5", "=#DIV/0!"]]);
        let sheets = read(&source).expect("readable");
        assert_eq!(sheets[0].name, "表");
        let row = &sheets[0].rows[0];
        assert_eq!(row.row, 2);
        assert_eq!(row.cell(0), Some(&Cell::Text("0101".to_owned())));
        assert_eq!(row.cell(1), Some(&Cell::Number(12.5)));
        assert_eq!(row.cell(2), Some(&Cell::Error("#DIV/0!".to_owned())));
        assert_eq!(row.text(3), "");
    }

    #[test]
    fn columns_are_called_as_excel_calls_them() {
        for (column, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (702, "AAA"), (16_383, "XFD")]
        {
            assert_eq!(column_letters(column), letters);
        }
    }

    #[test]
    fn what_is_no_workbook_is_refused_with_the_file_name() {
        let zip = crate::ingest::text::tests::zipped(&[("a.csv", b"1,2")]);
        for bytes in [b"a,b\n1,2\n".as_slice(), zip.as_slice(), b"", &zip[..20]] {
            let error = read(&Source::of_bytes("t.xlsx", bytes)).err().expect("refused");
            assert!(error.to_string().starts_with("t.xlsx: "), "{error}");
        }
    }
}
