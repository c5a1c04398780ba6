//! The outlook of demand as a folder for people: tables for Excel and a text that says what every
//! number means and rests on.

pub mod answers;
mod readme;
mod tables;

use crate::demand::outlook::{Outlook, OutlookTables};
use crate::ingest::study::Study;
use crate::publish::PublishError;
use std::path::Path;

/// The file by which the folder is known.
pub const MARKS: [&str; 1] = ["demand.csv"];

/// Everything else in it.
pub const OTHER_FILES: [&str; 6] =
    ["README.txt", "peaks.csv", "cohorts.csv", "needs.csv", "workforce.csv", "shortfalls.csv"];

/// A study and its outlook.
#[derive(Clone, Copy)]
pub struct DemandResults<'a> {
    /// The study.
    pub study: &'a Study,
    /// The tables on which the answers rest.
    pub tables: &'a OutlookTables,
    /// The answers.
    pub outlook: &'a Outlook,
}

/// Writes every file into an empty folder. The same values give the same bytes.
///
/// # Errors
/// [`PublishError`] naming the file; what was written before it stays.
pub fn write_all(folder: &Path, results: &DemandResults<'_>) -> Result<(), PublishError> {
    for (name, table) in [
        ("demand.csv", tables::demand(results)),
        ("peaks.csv", tables::peaks(results)),
        ("cohorts.csv", tables::cohorts(results)),
        ("needs.csv", tables::needs(results)),
        ("workforce.csv", tables::workforce(results)),
        ("shortfalls.csv", tables::shortfalls(results)),
    ] {
        table.write(folder, name)?;
    }
    super::write_file(folder.join("README.txt"), readme::readme(results).as_bytes())
}
