//! Tables for Excel.

use crate::publish::PublishError;
use std::borrow::Cow;
use std::path::Path;

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
