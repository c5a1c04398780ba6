//! Tables for Excel.

use crate::publish::PublishError;
use rust_xlsxwriter::{DataValidation, DocProperties, ExcelDateTime, Format, Workbook, XlsxError};
use std::borrow::Cow;
use std::path::Path;

/// Width of a column of a workbook, in characters of the default font.
const WIDTH: f64 = 20.0;

/// Whether a column of a workbook holds numbers; codes are digits too, but text.
fn holds_numbers(head: &str) -> bool {
    ["件数", "点数", "病床数", "経度", "緯度"].contains(&head) || head.ends_with(['m', '%'])
}

/// A field of CSV that Excel would compute as a formula is shown as what it is: names come from other
/// people's files.
pub(super) fn harmless(field: &str) -> Cow<'_, str> {
    let is_formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']) && field.len() > 1;
    if is_formula && field.parse::<f64>().is_err() { format!("'{field}").into() } else { field.into() }
}

/// A table with one header row.
pub(super) struct Table {
    /// Column names.
    pub(super) header: Vec<String>,
    /// Rows, each as long as the header.
    pub(super) rows: Vec<Vec<String>>,
}

impl Table {
    /// Without rows.
    pub(super) fn new(header: &[&str]) -> Self {
        Self { header: header.iter().map(|name| (*name).to_owned()).collect(), rows: Vec::new() }
    }

    /// UTF-8 with the mark by which Excel knows it.
    fn csv(&self) -> csv::Result<Vec<u8>> {
        let into = "\u{feff}".as_bytes().to_vec();
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(into);
        for row in std::iter::once(&self.header).chain(&self.rows) {
            writer.write_record(row.iter().map(|field| harmless(field).into_owned()))?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }

    /// Writes the table as a workbook of one sheet, its header in the first row, every cell as text but
    /// in columns of numbers. `choices`: a column to fill in, and the words that it may hold.
    ///
    /// # Errors
    /// [`PublishError`] naming the file.
    pub(super) fn write_workbook(
        &self,
        folder: &Path,
        name: &str,
        sheet: &str,
        choices: Option<(usize, &[&str])>,
    ) -> Result<(), PublishError> {
        let file = folder.join(name);
        let bytes = self.workbook(sheet, choices);
        let bytes = bytes.map_err(|cause| PublishError::Xlsx { file: file.clone(), cause })?;
        super::write_file(file, &bytes)
    }

    fn workbook(&self, sheet: &str, choices: Option<(usize, &[&str])>) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        // A fixed time: the file must depend on the table alone.
        let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
        workbook.set_properties(&DocProperties::new().set_title(sheet).set_creation_datetime(&created));
        let (head, text) =
            (Format::new().set_bold().set_background_color(0x00DD_EBF7), Format::new().set_num_format("@"));
        let worksheet = workbook.add_worksheet().set_name(sheet)?;
        for (at, name) in (0_u16..).zip(&self.header) {
            worksheet.write_with_format(0, at, name, &head)?;
            worksheet.set_column_width(at, WIDTH)?;
        }
        for (line, row) in (1_u32..).zip(&self.rows) {
            for (at, said) in (0_u16..).zip(row) {
                match said.parse::<f64>() {
                    Ok(number) if holds_numbers(&self.header[usize::from(at)]) => {
                        worksheet.write(line, at, number)?;
                    }
                    _ => {
                        worksheet.write_with_format(line, at, said, &text)?;
                    }
                }
            }
        }
        worksheet.set_freeze_panes(1, 0)?;
        if let (Some((at, words)), false) = (choices, self.rows.is_empty()) {
            let (at, last) = (u16::try_from(at).unwrap_or(u16::MAX), self.rows.len() as u32);
            worksheet.add_data_validation(
                1,
                at,
                last,
                at,
                &DataValidation::new().allow_list_strings(words)?,
            )?;
        }
        workbook.save_to_buffer()
    }

    /// Writes the table as a file of a folder.
    ///
    /// # Errors
    /// [`PublishError`] naming the file.
    pub(super) fn write(&self, folder: &Path, name: &str) -> Result<(), PublishError> {
        let file = folder.join(name);
        let text = self.csv().map_err(|cause| PublishError::Csv { file: file.clone(), cause })?;
        super::write_file(file, &text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_a_formula_is_no_formula_in_excel() {
        let mut table = Table::new(&["名称"]);
        table.rows = ["=cmd|' /C calc'!A0", "@SUM(A1)", "-1.5", "-", "甲病院"]
            .map(|name| vec![name.to_owned()])
            .into();
        let text = String::from_utf8(table.csv().expect("written")).expect("UTF-8");
        assert_eq!(text, "\u{feff}名称\r\n'=cmd|' /C calc'!A0\r\n'@SUM(A1)\r\n-1.5\r\n-\r\n甲病院\r\n");
    }
}
