//! 2SFCA: everything within the limit counts alike.
//!
//! Luo & Wang 2003, Environment and Planning B 30:865–884.

use super::decay::Decay;
use super::{Accessibility, Catchments};
use crate::units::Deciseconds;

/// R_j = S_j / Σ_{t_ij≤t₀} D_i ; A_i = Σ_{t_ij≤t₀} R_j.
#[must_use]
pub fn two_step(catchments: &Catchments, limit: Deciseconds) -> Accessibility {
    catchments.two_steps(&catchments.weights(&Decay::Within(limit)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_close, matrix, worked_case};
    use super::*;
    use std::collections::BTreeMap;

    const HALF_AN_HOUR: Deciseconds = Deciseconds::from_minutes(30);

    #[test]
    fn the_worked_case_agrees() {
        let access = two_step(&worked_case(), HALF_AN_HOUR);
        assert_close(&access.ratios, &[0.006_667, 0.005], 1e-6);
        assert_close(&access.cells, &[0.011_667, 0.011_667, 0.005], 1e-6);
        assert!(access.stranded.is_empty() && access.stranded_capacity == 0.0);
    }

    #[test]
    fn capacity_that_no_demand_reaches_is_reported_and_lost() {
        let times = matrix(&[&[5, 31, 5], &[5, 31, 31]]);
        let capacity = BTreeMap::from([(0, 2.0), (1, 3.0), (2, 4.0)]);
        let catchments = Catchments::new(vec![0.0, 8.0], &capacity, &times, |_, _| true).expect("sound");
        let access = two_step(&catchments, HALF_AN_HOUR);
        assert_eq!(access.ratios, [0.25, 0.0, 0.0]);
        assert_eq!(access.cells, [0.25, 0.25]);
        assert_eq!((access.stranded, access.stranded_capacity), (vec![1, 2], 7.0));
    }

    #[test]
    fn a_pair_outside_the_circle_does_not_exist() {
        let times = matrix(&[&[5, 5]]);
        let capacity = BTreeMap::from([(0, 2.0), (1, 3.0)]);
        let only_first = |institution, _| institution == 0;
        let catchments = Catchments::new(vec![4.0], &capacity, &times, only_first).expect("sound");
        assert_eq!(two_step(&catchments, HALF_AN_HOUR).cells, [0.5]);
    }
}
