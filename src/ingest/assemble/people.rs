//! The people: cells, earlier censuses and projections.

use crate::ids::MunicipalityCode;
use crate::ingest::assemble::kinds::{Pile, files};
use crate::ingest::assemble::land::Ground;
use crate::ingest::ipss::ProjectionRow;
use crate::ingest::ledger::Ledger;
use crate::ingest::manifest::Manifest;
use crate::ingest::population::{take_census, take_future};
use crate::ingest::study::{Cell, EarlierCensus, Municipality, Projection};
use crate::ingest::{IngestError, census_mesh, censuses, projections};
use std::collections::BTreeMap;

/// Who lives where.
pub(super) struct People {
    pub cells: Vec<Cell>,
    pub earlier_censuses: Vec<EarlierCensus>,
    pub projections: BTreeMap<(MunicipalityCode, u16), Projection>,
}

/// Counts them.
///
/// # Errors
/// The census of the study is in no file.
pub(super) fn count(
    pile: &mut Pile,
    projected: Vec<(usize, Vec<ProjectionRow>)>,
    ground: &Ground,
    manifest: &Manifest,
    ledgers: &mut [Ledger],
    of_study: &mut Ledger,
) -> Result<People, IngestError> {
    let (year, prefecture) = (manifest.study.census_year, &manifest.study.prefecture);
    let Ground { municipalities, boundaries, .. } = ground;
    let mut known = projections::Known::new();
    for (input, rows) in projected {
        // Before the cells are read nobody's people are known.
        let onto = ground.onto(&|_| None);
        projections::take(rows, &onto, prefecture, &mut known, &mut ledgers[input]);
    }
    let projections = projections::complete(known, of_study);
    let totals = projections::census_totals(municipalities, &projections, year);
    let mut censuses = censuses::by_year(files!(pile, Census));
    let census = censuses::of_study(year, &mut censuses, &manifest.inputs)?;
    let census = census_mesh::resolve(census, prefecture, ledgers);
    let mut cells = take_census(census, boundaries, municipalities, &totals, ledgers, of_study);
    let earlier_censuses = censuses::take_earlier(censuses, prefecture, &cells, boundaries, ledgers);
    take_future(files!(pile, Future), prefecture, &mut cells, ledgers);
    projections::compare_with_cells(municipalities, &cells, &projections, year, of_study);
    Ok(People { cells, earlier_censuses, projections })
}

/// People of each municipality, from its cells.
pub(super) fn people_by_code(
    municipalities: &[Municipality],
    cells: &[Cell],
) -> BTreeMap<MunicipalityCode, f64> {
    let mut people = BTreeMap::new();
    for cell in cells {
        let of = people.entry(municipalities[cell.municipality].code).or_default();
        *of += f64::from(cell.population.total);
    }
    people
}
