//! The part of demand that people aged 85 and over make: those who need medicine and care together.

use crate::demand::home_visits::{Demand, people};
use crate::demand::weights::AgeWeights;
use crate::ingest::study::Study;

/// Of each cell's demand the share of its people of 85 and over, by the same weights. Its series
/// and peaks are read as those of the whole.
#[must_use]
pub fn of_85_plus(study: &Study, weights: &AgeWeights, demand: &Demand) -> Demand {
    let share = |cell: usize, year: u16| {
        let people = people(study, &study.cells[cell], year);
        let all = weights.need(&people);
        if all > 0.0 { weights.age_85_plus * people.age_85_plus / all } else { 0.0 }
    };
    let of_year = |(year, cells): (&u16, &Vec<f64>)| {
        let of_cell = |(cell, receipts): (usize, &f64)| receipts * share(cell, *year);
        (*year, cells.iter().enumerate().map(of_cell).collect())
    };
    let cells = demand.cells.iter().map(of_year).collect();
    Demand { official_years: demand.official_years.clone(), cells }
}
