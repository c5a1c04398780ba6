//! What stands in flood water, by municipality.

use crate::ingest::flood::{FloodRank, flood_ranks};
use crate::ingest::study::{FloodedLand, Study};
use crate::publish::summary::{FloodFigures, FloodedInstitution};

/// Depth from which the ground floor of a house is under water, in metres.
const HALF_METRE: f64 = 0.5;

/// Rows by scenario and municipality; `None` = no file of floods was loaded.
#[must_use]
pub fn flood_figures(study: &Study) -> Option<Vec<FloodFigures>> {
    let rows = study.flooded.iter().flat_map(|land| {
        (0..study.municipalities.len()).map(move |municipality| of_municipality(study, land, municipality))
    });
    (!study.flooded.is_empty()).then(|| rows.collect())
}

fn of_municipality(study: &Study, land: &FloodedLand, municipality: usize) -> FloodFigures {
    let cells = || study.cells.iter().zip(&land.cells).filter(|(cell, _)| cell.municipality == municipality);
    let people = |from_m: f64| {
        cells().map(|(cell, shares)| f64::from(cell.population.total) * share_from(shares, from_m)).sum()
    };
    let here =
        || study.institutions.iter().enumerate().filter(|(_, one)| one.municipality == Some(municipality));
    let flooded = here().filter_map(|(at, one)| {
        let place = land.institutions.get(&at)?;
        Some(FloodedInstitution {
            id: one.id.clone(),
            name: one.name.clone(),
            classes: one.classes.iter().cloned().collect(),
            rank: place.rank,
            depth: depth(place.rank).to_owned(),
            river: place.river.clone(),
            precision: one.precision,
        })
    });
    FloodFigures {
        scenario: land.scenario.name().to_owned(),
        code: study.municipalities[municipality].code,
        name: study.municipalities[municipality].name.clone(),
        people: people(0.0),
        people_half_metre: people(HALF_METRE),
        located: here().filter(|(_, one)| one.position.is_some()).count() as u64,
        institutions: flooded.collect(),
    }
}

/// Share of a cell's land with water of this depth or deeper, 0–1.
#[must_use]
pub fn share_from(shares: &[f64], from_m: f64) -> f64 {
    let deep = |(rank, _): &(&FloodRank, &f64)| rank.from_m >= from_m;
    flood_ranks().iter().zip(shares).filter(deep).map(|(_, share)| share).fold(0.0, |sum, share| sum + share)
}

/// The depth of a rank in words.
fn depth(rank: u8) -> &'static str {
    flood_ranks().iter().find(|known| known.rank == rank).map_or("不明", |known| known.label.as_str())
}
