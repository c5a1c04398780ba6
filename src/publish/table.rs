//! Tables of text for Excel, and the words that they share.

/// What nothing that was loaded can tell.
pub(super) const UNKNOWN: &str = "不明";

/// A table with one header row.
pub(super) struct Table {
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(header: &[&str]) -> Self {
        Self { header: header.iter().map(|name| (*name).to_owned()).collect(), rows: Vec::new() }
    }

    /// UTF-8 with the mark by which Excel knows it.
    pub(super) fn csv(&self) -> csv::Result<Vec<u8>> {
        let into = "\u{feff}".as_bytes().to_vec();
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(into);
        for row in std::iter::once(&self.header).chain(&self.rows) {
            writer.write_record(row)?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }
}

/// A number with so many places.
pub(super) fn decimal(number: f64, places: usize) -> String {
    format!("{number:.places$}")
}

/// A number that may be unknown.
pub(super) fn known(number: Option<f64>, places: usize) -> String {
    number.map_or_else(|| UNKNOWN.to_owned(), |number| decimal(number, places))
}
