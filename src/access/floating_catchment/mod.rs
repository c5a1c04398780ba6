//! Capacity and competition: floating catchments on the sparse travel-time matrix.
//!
//! Demand stands in cells, capacity in institutions, both in the same unit per month (receipts of
//! 訪問診療, say), so that accessibility is capacity per unit of demand. A pair beyond the matrix'
//! limit or the legal circle does not exist. Formulas and notation: `i` a cell with demand `D_i`,
//! `j` an institution with capacity `S_j`, `t_ij` the time between them, `f` a [`Decay`].
//!
//! [`Decay`]: decay::Decay

pub mod decay;
pub mod enhanced;
pub mod huff;
pub mod inverted;
pub mod kernel_density;
pub mod raam;
pub mod three_step;
pub mod two_step;

use crate::access::matrix::Matrix;
use crate::geometry::plane::geodesic_m;
use crate::ingest::study::Study;
use crate::units::Deciseconds;
use decay::Decay;
use geo::Point;
use std::collections::BTreeMap;

/// Why catchments could not be drawn.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CatchmentError {
    /// A demand below zero or not a number.
    #[error("{cell}番目のメッシュの需要 {value} は使えません。0以上の有限の数を入れてください")]
    Demand {
        /// Position of the cell.
        cell: usize,
        /// What was given.
        value: f64,
    },
    /// A capacity below zero or not a number.
    #[error(
        "{institution}番目の医療機関の提供量 {value} は使えません。0以上の有限の数（1月あたり）を入れてください"
    )]
    Capacity {
        /// Position of the institution.
        institution: usize,
        /// What was given.
        value: f64,
    },
    /// A capacity of an institution whose travel times were not computed.
    #[error(
        "{institution}番目の医療機関の所要時間が計算されていません。所要時間の表にある医療機関だけに提供量を与えてください"
    )]
    NoTimes {
        /// Position of the institution.
        institution: usize,
    },
    /// The matrix speaks of more cells than have a demand.
    #[error(
        "所要時間の表に{cell}番目のメッシュがありますが、需要は{cells}メッシュ分しかありません。同じ調査の表を使ってください"
    )]
    NoDemand {
        /// Position of the cell.
        cell: usize,
        /// Number of demands.
        cells: usize,
    },
}

/// Demand, capacity, and who reaches whom.
#[derive(Clone, Debug, PartialEq)]
pub struct Catchments {
    /// Demand of each cell.
    demand: Vec<f64>,
    /// Positions of the institutions, rising. Results of institutions stand in this order.
    institutions: Vec<usize>,
    /// Capacity of each of them.
    capacity: Vec<f64>,
    /// For each of them the cells within reach.
    pairs: Vec<Vec<(u32, Deciseconds)>>,
}

/// Capacity per unit of demand, by institution and by cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Accessibility {
    /// R_j: capacity of each institution per unit of the demand that it competes for; 0 where
    /// there is none.
    pub ratios: Vec<f64>,
    /// A_i: capacity within reach of each cell per unit of demand.
    pub cells: Vec<f64>,
    /// Positions of the institutions whose capacity no demand reaches.
    pub stranded: Vec<usize>,
    /// Their capacity.
    pub stranded_capacity: f64,
}

/// Weight of each pair: for each institution the cells with a positive weight.
type Weights = Vec<Vec<(u32, f64)>>;

impl Catchments {
    /// Demand by cell, capacity by position of institution, and their pairs in the matrix as far
    /// as `within` (of an institution and a cell) lets them stand.
    ///
    /// # Errors
    /// [`CatchmentError`]: a negative or infinite value, or a matrix of another study.
    pub fn new(
        demand: Vec<f64>,
        capacity: &BTreeMap<usize, f64>,
        times: &Matrix,
        within: impl Fn(usize, u32) -> bool,
    ) -> Result<Self, CatchmentError> {
        let usable = |value: f64| value.is_finite() && value >= 0.0;
        if let Some(cell) = demand.iter().position(|value| !usable(*value)) {
            return Err(CatchmentError::Demand { cell, value: demand[cell] });
        }
        let mut pairs = Vec::new();
        for (&institution, &value) in capacity {
            if !usable(value) {
                return Err(CatchmentError::Capacity { institution, value });
            }
            let row = times.rows.get(&institution).ok_or(CatchmentError::NoTimes { institution })?;
            if let Some((cell, _)) = row.iter().find(|(cell, _)| *cell as usize >= demand.len()) {
                return Err(CatchmentError::NoDemand { cell: *cell as usize, cells: demand.len() });
            }
            pairs.push(row.iter().copied().filter(|(cell, _)| within(institution, *cell)).collect());
        }
        let (institutions, capacity) = capacity.iter().map(|(at, value)| (*at, *value)).unzip();
        Ok(Self { demand, institutions, capacity, pairs })
    }

    /// Positions of the institutions in the order of the results.
    #[must_use]
    pub fn institutions(&self) -> &[usize] {
        &self.institutions
    }

    fn weights(&self, decay: &Decay) -> Weights {
        let weigh = |(cell, time): &(u32, Deciseconds)| (*cell, decay.weight(*time));
        let row = |row: &Vec<_>| row.iter().map(weigh).filter(|(_, weight)| *weight > 0.0).collect();
        self.pairs.iter().map(row).collect()
    }

    /// For each cell its institutions (positions in the order of the results) with their times.
    fn by_cell(&self) -> Vec<Vec<(usize, Deciseconds)>> {
        let mut cells = vec![Vec::new(); self.demand.len()];
        for (at, row) in self.pairs.iter().enumerate() {
            for (cell, time) in row {
                cells[*cell as usize].push((at, *time));
            }
        }
        cells
    }

    /// The two steps that all floating catchments share: R_j = S_j / Σ_i D_i w_ij, then
    /// A_i = Σ_j R_j w_ij. Σ_i D_i A_i is the capacity that is not stranded.
    fn two_steps(&self, weights: &Weights) -> Accessibility {
        let mut ratios = Vec::with_capacity(weights.len());
        let mut cells = vec![0.0; self.demand.len()];
        let (mut stranded, mut stranded_capacity) = (Vec::new(), 0.0);
        for (at, row) in weights.iter().enumerate() {
            let demand: f64 = row.iter().map(|(cell, weight)| self.demand[*cell as usize] * weight).sum();
            let ratio = if demand > 0.0 { self.capacity[at] / demand } else { 0.0 };
            if demand <= 0.0 && self.capacity[at] > 0.0 {
                stranded.push(self.institutions[at]);
                stranded_capacity += self.capacity[at];
            }
            for (cell, weight) in row {
                cells[*cell as usize] += ratio * weight;
            }
            ratios.push(ratio);
        }
        Accessibility { ratios, cells, stranded, stranded_capacity }
    }
}

/// Whether a cell lies in the circle around an institution inside which the fee rules let it visit;
/// never for an institution without a place.
pub fn circle(study: &Study, radius_m: u32) -> impl Fn(usize, u32) -> bool + '_ {
    let radius_m = f64::from(radius_m);
    move |institution, cell| {
        let centre = study.cells[cell as usize].centre;
        let place = study.institutions[institution].position;
        place.is_some_and(|place| {
            let rough = rough_m(place, centre);
            // On a sphere distances of kilometres err by less than a hundredth.
            rough < 0.98 * radius_m || rough < 1.02 * radius_m && geodesic_m(place, centre) <= radius_m
        })
    }
}

/// Distance on a sphere that is flat here.
pub(in crate::access) fn rough_m(a: Point, b: Point) -> f64 {
    const METRES_PER_DEGREE: f64 = 111_195.0;
    let shrink = f64::midpoint(a.y(), b.y()).to_radians().cos();
    ((a.x() - b.x()) * shrink).hypot(a.y() - b.y()) * METRES_PER_DEGREE
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Times in minutes by cell and institution as pairs of a matrix.
    pub(super) fn matrix(times: &[&[u32]]) -> Matrix {
        let row = |institution: usize| {
            let of_cell =
                |(cell, times): (u32, &&[u32])| (cell, Deciseconds::from_minutes(times[institution]));
            (institution, (0..).zip(times).map(of_cell).collect())
        };
        Matrix { rows: (0..times[0].len()).map(row).collect(), ..Matrix::default() }
    }

    /// Three cells and two institutions whose answers were worked out apart from this program.
    pub(super) fn worked_case() -> Catchments {
        let times = matrix(&[&[5, 25], &[15, 12], &[40, 8]]);
        let capacity = BTreeMap::from([(0, 2.0), (1, 3.0)]);
        Catchments::new(vec![100.0, 200.0, 300.0], &capacity, &times, |_, _| true).expect("sound")
    }

    pub(super) fn assert_close(found: &[f64], expected: &[f64], tolerance: f64) {
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() <= tolerance, "{found}, not {expected}");
        }
    }

    #[test]
    fn values_that_mean_nothing_are_refused_with_their_place() {
        let times = matrix(&[&[5], &[6]]);
        let of = |demand: &[f64], capacity: &[(usize, f64)]| {
            let capacity = capacity.iter().copied().collect();
            Catchments::new(demand.to_vec(), &capacity, &times, |_, _| true).expect_err("refused")
        };
        assert_eq!(of(&[1.0, -2.0], &[(0, 1.0)]), CatchmentError::Demand { cell: 1, value: -2.0 });
        let negative = CatchmentError::Capacity { institution: 0, value: -1.0 };
        assert_eq!(of(&[1.0, 2.0], &[(0, -1.0)]), negative);
        assert!(negative.to_string().contains("-1"), "{negative}");
        for value in [f64::NAN, f64::INFINITY] {
            assert!(matches!(of(&[value, 1.0], &[(0, 1.0)]), CatchmentError::Demand { cell: 0, .. }));
            assert!(matches!(of(&[1.0, 1.0], &[(0, value)]), CatchmentError::Capacity { .. }));
        }
        assert_eq!(of(&[1.0, 1.0], &[(7, 1.0)]), CatchmentError::NoTimes { institution: 7 });
        assert_eq!(of(&[1.0], &[(0, 1.0)]), CatchmentError::NoDemand { cell: 1, cells: 1 });
    }
}
