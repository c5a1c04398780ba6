//! Tables for Excel.

use crate::publish::PublishError;
use std::path::Path;

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
            writer.write_record(row)?;
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
