//! Rows of the travel-time matrix as a table for Excel.

use crate::access::matrix::{Matrix, Missing};
use crate::access::places::{CellPlace, Places};
use crate::ids::MunicipalityCode;
use crate::network::build::Linkage;
use crate::publish::table::harmless;
use crate::units::Deciseconds;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write;

const HEADER: [&str; 7] = [
    "機関コード",
    "機関名",
    "メッシュコード",
    "市区町村コード",
    "所要時間（分）",
    "所要時間（0.1秒）",
    "所要時間がない理由",
];

/// How many pairs have a time, and how many have none for each reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Pairs with a time.
    pub timed: u64,
    /// Pairs without.
    pub missing: BTreeMap<Missing, u64>,
}

/// Writes every pair of the given institutions, in their order, and all cells, in UTF-8 with the mark
/// by which Excel knows it. Pairs without a time are written only where `with_missing`, and counted
/// always.
///
/// # Errors
/// What the writer refuses.
pub fn write(
    mut into: impl Write,
    places: &Places,
    linkage: &Linkage,
    matrix: &Matrix,
    institutions: &[usize],
    with_missing: bool,
) -> csv::Result<Counts> {
    into.write_all("\u{feff}".as_bytes())?;
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(into);
    table.write_record(HEADER)?;
    let mut counts = Counts::default();
    for at in institutions {
        let institution = &places.institutions[*at];
        for (number, cell) in (0..).zip(&places.cells) {
            let time = matrix.time(linkage, *at, number);
            match time {
                Ok(_) => counts.timed += 1,
                Err(reason) => *counts.missing.entry(reason).or_default() += 1,
            }
            if time.is_err() && !with_missing {
                continue;
            }
            table.write_record([
                institution.id.as_str(),
                &harmless(&institution.name),
                &cell.mesh.to_string(),
                cell.municipality.as_str(),
                &time.map_or_else(|_| String::new(), |time| format!("{:.1}", time.minutes())),
                &time.map_or_else(|_| String::new(), |time| time.0.to_string()),
                time.err().map_or("", Missing::name),
            ])?;
        }
    }
    table.flush()?;
    Ok(counts)
}

/// The times of one institution.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RowFigures {
    /// Stable id.
    pub institution_id: String,
    /// Name.
    pub institution_name: String,
    /// Every cell, in the order of the study.
    pub cells: Vec<CellTime>,
}

/// The time between an institution and a cell, or why there is none.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CellTime {
    /// Standard mesh code.
    pub mesh: String,
    /// Municipality of the cell or of this part of it.
    pub municipality_code: MunicipalityCode,
    /// Minutes.
    pub minutes: Option<f64>,
    /// The same exactly.
    pub deciseconds: Option<u32>,
    /// Why there is no time, for people.
    pub reason: Option<&'static str>,
}

/// The row of one institution, among those for which the matrix was made.
#[must_use]
pub fn row(places: &Places, linkage: &Linkage, matrix: &Matrix, institution: usize) -> RowFigures {
    let cell = |(number, cell): (u32, &CellPlace)| {
        let time = matrix.time(linkage, institution, number);
        CellTime {
            mesh: cell.mesh.to_string(),
            municipality_code: cell.municipality,
            minutes: time.ok().map(Deciseconds::minutes),
            deciseconds: time.ok().map(|time| time.0),
            reason: time.err().map(Missing::name),
        }
    };
    RowFigures {
        institution_id: places.institutions[institution].id.clone(),
        institution_name: places.institutions[institution].name.clone(),
        cells: (0..).zip(&places.cells).map(cell).collect(),
    }
}
