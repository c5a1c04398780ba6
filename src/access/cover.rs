//! Cover by a rule of minutes and circle together, counted in people and demand.

use crate::access::matrix::Matrix;
use crate::ingest::study::Study;
use crate::units::{AgeCounts, Deciseconds};
use serde::Serialize;

/// Who lives where, and what they need.
#[derive(Clone, Debug, PartialEq)]
pub struct Residents {
    /// People of each cell.
    pub people: Vec<AgeCounts>,
    /// Demand of each cell, receipts per month, of the year that is asked about.
    pub demand: Vec<f64>,
}

/// Some of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Concerned {
    /// People.
    pub people: AgeCounts,
    /// Demand, receipts per month.
    pub demand: f64,
}

impl Residents {
    /// The people of a study with a demand for each of its cells.
    #[must_use]
    pub fn new(study: &Study, demand: &[f64]) -> Self {
        let people = study.cells.iter().map(|cell| cell.population).collect();
        Self { people, demand: demand.to_vec() }
    }

    /// Those who live in some cells.
    pub fn of(&self, cells: impl Iterator<Item = usize>) -> Concerned {
        cells.fold(Concerned::default(), |sum, cell| sum.and(self.at(cell)))
    }

    fn at(&self, cell: usize) -> Concerned {
        Concerned { people: self.people[cell], demand: self.demand[cell] }
    }

    /// Number of cells.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.people.len()
    }
}

impl Concerned {
    /// Both together.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.people += other.people;
        self.demand += other.demand;
        self
    }
}

/// The pairs of some institutions within a travel time, as far as `within` (of an institution and
/// a cell) lets them stand: who may visit whom.
#[must_use]
pub fn cover(
    times: &Matrix,
    institutions: &[usize],
    limit: Deciseconds,
    within: impl Fn(usize, u32) -> bool,
) -> Matrix {
    let near = |at: usize, row: &Vec<(u32, Deciseconds)>| {
        row.iter().copied().filter(|(cell, time)| *time <= limit && within(at, *cell)).collect()
    };
    let row = |at: &usize| times.rows.get(at).map(|row| (*at, near(*at, row)));
    Matrix { rows: institutions.iter().filter_map(row).collect(), ..Matrix::default() }
}

/// Number of institutions that cover each cell.
#[must_use]
pub fn counts(cover: &Matrix, cells: usize) -> Vec<u32> {
    let mut counts = vec![0; cells];
    for (cell, _) in cover.rows.values().flatten() {
        counts[*cell as usize] += 1;
    }
    counts
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Any cover of up to eleven cells by up to seven institutions, and who lives there.
    pub(in crate::access) fn any_cover() -> impl Strategy<Value = (Matrix, Residents)> {
        (1..12_usize, 1..8_usize).prop_flat_map(|(cells, institutions)| {
            let time = prop::option::weighted(0.4, 0..40_u32);
            let times = prop::collection::vec(prop::collection::vec(time, cells), institutions);
            let people = prop::collection::vec(0..1000_u32, cells);
            (times, people).prop_map(|(times, people)| (matrix(&times), residents(&people)))
        })
    }

    /// Times in minutes by institution and cell.
    pub(in crate::access) fn matrix(times: &[Vec<Option<u32>>]) -> Matrix {
        let pair =
            |(cell, time): (u32, &Option<u32>)| time.map(|time| (cell, Deciseconds::from_minutes(time)));
        let row = |row: &Vec<Option<u32>>| (0..).zip(row).filter_map(pair).collect();
        Matrix { rows: times.iter().map(row).enumerate().collect(), ..Matrix::default() }
    }

    /// So many people in each cell, half of them old, with a demand of a tenth of them.
    pub(in crate::access) fn residents(people: &[u32]) -> Residents {
        let ages = |total: &u32| AgeCounts { total: *total, age_75_plus: total / 2, ..AgeCounts::default() };
        Residents {
            people: people.iter().map(ages).collect(),
            demand: people.iter().map(|total| f64::from(*total) / 10.0).collect(),
        }
    }

    #[test]
    fn cover_keeps_the_pairs_that_are_near_enough_and_allowed() {
        let times = matrix(&[vec![Some(10), Some(30), Some(31)], vec![Some(5), None, Some(6)]]);
        let half_an_hour = Deciseconds::from_minutes(30);
        let all = cover(&times, &[0, 1, 9], half_an_hour, |_, _| true);
        assert_eq!(counts(&all, 3), [2, 1, 1]);
        let allowed = cover(&times, &[0, 1], half_an_hour, |at, cell| (at, cell) != (1, 2));
        assert_eq!(counts(&allowed, 3), [2, 1, 0]);
        assert_eq!(counts(&cover(&times, &[1], half_an_hour, |_, _| true), 3), [1, 0, 1]);
    }
}
