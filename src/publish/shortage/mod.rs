//! The shortage of a study as a folder for people: tables for Excel, a map for QGIS, and a text that
//! says what every column means and rests on.

pub mod answers;
pub mod head;
mod layer;
mod readme;
mod tables;
mod words;

use crate::access::cover::Residents;
use crate::access::reach::Access;
use crate::assess::shortages::{ShortageTables, Shortages};
use crate::demand::weights::AgeWeights;
use crate::ingest::study::Study;
use crate::publish::PublishError;
use std::path::Path;

/// The file by which the folder is known.
pub const MARKS: [&str; 1] = ["shortages.csv"];

/// Everything else in it.
pub const OTHER_FILES: [&str; 7] = [
    "README.txt",
    "depth.csv",
    "losses.csv",
    "catchments.csv",
    "capacities.csv",
    "siting.csv",
    "shortages.geojson",
];

/// A study and all that was found about its shortages.
#[derive(Clone, Copy)]
pub struct ShortageResults<'a> {
    /// The study.
    pub study: &'a Study,
    /// Name of the scenario that changes the travel times, if any.
    pub scenario: Option<&'a str>,
    /// Travel times and the reach of each service.
    pub access: &'a Access,
    /// People and demand by cell.
    pub residents: &'a Residents,
    /// Fiscal year of the demand.
    pub year: u16,
    /// How the demand was spread.
    pub weights: &'a AgeWeights,
    /// The tables on which the answers rest.
    pub tables: &'a ShortageTables,
    /// The answers.
    pub shortages: &'a Shortages,
}

/// Writes every file into an empty folder. The same values give the same bytes.
///
/// # Errors
/// [`PublishError`] naming the file; what was written before it stays.
pub fn write_all(folder: &Path, results: &ShortageResults<'_>) -> Result<(), PublishError> {
    for (name, table) in [
        ("shortages.csv", tables::shortages(results)),
        ("depth.csv", tables::depth(results)),
        ("losses.csv", tables::losses(results)),
        ("catchments.csv", tables::catchments(results)),
        ("capacities.csv", tables::capacities(results)),
        ("siting.csv", tables::sitings(results)),
    ] {
        table.write(folder, name)?;
    }
    super::write_geojson(folder.join("shortages.geojson"), &layer::shortages(results))?;
    super::write_file(folder.join("README.txt"), readme::readme(results).as_bytes())
}
