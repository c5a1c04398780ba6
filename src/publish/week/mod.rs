//! The week of a study as a folder for people: tables for Excel, a map for QGIS, and a text that says
//! what every column means and rests on.

pub mod answers;
pub mod head;
mod layer;
mod readme;
mod rota;
mod tables;

use crate::access::cover::Residents;
use crate::access::reach::Access;
use crate::access::week::rota::Rota;
use crate::access::week::table::WeekTable;
use crate::assess::week::Week;
use crate::ingest::study::Study;
use crate::publish::PublishError;
use std::path::Path;

/// The file by which the folder is known.
pub const MARKS: [&str; 1] = ["week.csv"];

/// Everything else in it; the tables of the rota only when one was asked for.
pub const OTHER_FILES: [&str; 8] = [
    "README.txt",
    "who.csv",
    "findings.csv",
    "week.geojson",
    "rota.csv",
    "rota_institutions.csv",
    "rota_groups.csv",
    "rota_unfilled.csv",
];

/// A study and all that was found about its week.
#[derive(Clone, Copy)]
pub struct WeekResults<'a> {
    /// The study.
    pub study: &'a Study,
    /// Who provides which service.
    pub access: &'a Access,
    /// People and demand by cell.
    pub residents: &'a Residents,
    /// Fiscal year of the demand.
    pub year: u16,
    /// The rules.
    pub table: &'a WeekTable,
    /// Whom somebody reaches when.
    pub week: &'a Week,
    /// The proposed rota, if one was asked for.
    pub rota: Option<RotaAnswer<'a>>,
}

/// What became of the question for a rota.
#[derive(Clone, Copy)]
pub enum RotaAnswer<'a> {
    /// No file that was loaded can speak of those that would take the duties.
    NotLoaded,
    /// The rota.
    Found(&'a Rota),
}

/// Writes every file into an empty folder. The same values give the same bytes.
///
/// # Errors
/// [`PublishError`] naming the file; what was written before it stays.
pub fn write_all(folder: &Path, results: &WeekResults<'_>) -> Result<(), PublishError> {
    tables::week(results).write(folder, "week.csv")?;
    tables::who(results).write(folder, "who.csv")?;
    tables::findings(results).write(folder, "findings.csv")?;
    if let Some(RotaAnswer::Found(found)) = results.rota {
        rota::duties(results, found).write(folder, "rota.csv")?;
        rota::institutions(results, found).write(folder, "rota_institutions.csv")?;
        rota::groups(results, found).write(folder, "rota_groups.csv")?;
        rota::unfilled(results, found).write(folder, "rota_unfilled.csv")?;
    }
    super::write_geojson(folder.join("week.geojson"), &layer::week(results))?;
    super::write_file(folder.join("README.txt"), readme::readme(results).as_bytes())
}
