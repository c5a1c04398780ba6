//! The Huff model: whom the people of a cell would ask, and the load that this makes.
//!
//! Huff 1963, Land Economics 39:81–90; 1964, Journal of Marketing 28:34–38.

use super::Catchments;
use super::decay::HuffParameters;
use crate::units::Deciseconds;

/// Expected choices.
#[derive(Clone, Debug, PartialEq)]
pub struct Choices {
    /// For each cell P_ij of the institutions (positions in the study) that it may ask, summing to
    /// 1; empty where there is none with any capacity.
    pub cells: Vec<Vec<(usize, f64)>>,
    /// L_j = Σ_i D_i P_ij of each institution.
    pub loads: Vec<f64>,
}

/// P_ij = S_j^α t_ij^{−β} / Σ_k S_k^α t_ik^{−β}.
#[must_use]
pub fn huff(catchments: &Catchments, parameters: &HuffParameters) -> Choices {
    let least = Deciseconds::from_minutes(parameters.least_minutes);
    let draw = |(at, time): &(usize, Deciseconds)| {
        let capacity = catchments.capacity[*at];
        let pull = capacity.powf(parameters.capacity_exponent)
            * time.max(&least).minutes().powf(-parameters.time_exponent);
        (*at, if capacity > 0.0 { pull } else { 0.0 })
    };
    let mut loads = vec![0.0; catchments.capacity.len()];
    let mut cells = Vec::with_capacity(catchments.demand.len());
    for (institutions, demand) in catchments.by_cell().iter().zip(&catchments.demand) {
        let draws: Vec<(usize, f64)> =
            institutions.iter().map(draw).filter(|(_, draw)| *draw > 0.0).collect();
        let sum: f64 = draws.iter().map(|(_, draw)| draw).sum();
        for (at, draw) in &draws {
            loads[*at] += demand * draw / sum;
        }
        cells.push(draws.into_iter().map(|(at, draw)| (catchments.institutions[at], draw / sum)).collect());
    }
    Choices { cells, loads }
}

#[cfg(test)]
mod tests {
    use super::super::decay::CatchmentTable;
    use super::super::tests::{assert_close, matrix, worked_case};
    use super::*;
    use std::collections::BTreeMap;

    fn parameters() -> HuffParameters {
        CatchmentTable::shipped().expect("whole").huff
    }

    #[test]
    fn the_worked_case_agrees() {
        let choices = huff(&worked_case(), &parameters());
        let shares: Vec<f64> = choices.cells.iter().flatten().map(|(_, share)| *share).collect();
        assert_close(&shares, &[0.943396, 0.056604, 0.299065, 0.700935, 0.025974, 0.974026], 1e-6);
        assert_close(&choices.loads, &[161.9449, 438.0551], 1e-4);
    }

    #[test]
    fn next_door_draws_as_a_minute_away_and_nothing_draws_without_capacity() {
        let times = matrix(&[&[0, 2, 1]]);
        let capacity = BTreeMap::from([(0, 1.0), (1, 4.0), (2, 0.0)]);
        let catchments = Catchments::new(vec![10.0], &capacity, &times, |_, _| true).expect("sound");
        let choices = huff(&catchments, &parameters());
        assert_eq!(choices.cells, [vec![(0, 0.5), (1, 0.5)]]);
        assert_eq!(choices.loads, [5.0, 5.0, 0.0]);
    }
}
