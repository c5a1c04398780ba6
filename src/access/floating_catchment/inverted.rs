//! i2SFCA: how crowded each institution would be.
//!
//! Wang 2018, Professional Geographer 70:251–260.

use super::Catchments;
use super::decay::Decay;

/// Demand per unit of capacity.
#[derive(Clone, Debug, PartialEq)]
pub struct Crowdedness {
    /// C_j: demand of each institution per unit of its capacity.
    pub institutions: Vec<f64>,
    /// Positions of the cells whose demand no capacity reaches.
    pub unserved: Vec<usize>,
    /// Their demand.
    pub unserved_demand: f64,
}

/// C_j = Σ_i f(t_ij) D_i / Σ_l S_l f(t_il). Σ_j S_j C_j is the demand that is not unserved.
#[must_use]
pub fn inverted(catchments: &Catchments, decay: &Decay) -> Crowdedness {
    let weights = catchments.weights(decay);
    let mut capacity = vec![0.0; catchments.demand.len()];
    for (row, supply) in weights.iter().zip(&catchments.capacity) {
        for (cell, weight) in row {
            capacity[*cell as usize] += supply * weight;
        }
    }
    let pressure =
        |cell: usize| if capacity[cell] > 0.0 { catchments.demand[cell] / capacity[cell] } else { 0.0 };
    let institutions =
        weights.iter().map(|row| row.iter().map(|(cell, weight)| pressure(*cell as usize) * weight).sum());
    let is_unserved = |cell: &usize| capacity[*cell] <= 0.0 && catchments.demand[*cell] > 0.0;
    let unserved: Vec<usize> = (0..capacity.len()).filter(is_unserved).collect();
    let unserved_demand = unserved.iter().map(|cell| catchments.demand[*cell]).sum();
    Crowdedness { institutions: institutions.collect(), unserved, unserved_demand }
}

#[cfg(test)]
mod tests {
    use super::super::decay::CatchmentTable;
    use super::super::tests::{assert_close, matrix, worked_case};
    use super::*;
    use crate::units::Deciseconds;
    use std::collections::BTreeMap;

    const HALF_AN_HOUR: Deciseconds = Deciseconds::from_minutes(30);

    #[test]
    fn the_worked_case_agrees_for_every_decay() {
        let bands = CatchmentTable::shipped().expect("whole").enhanced.bands;
        for (decay, expected) in [
            (Decay::Within(HALF_AN_HOUR), [60.0, 160.0]),
            (Decay::Bands(bands), [77.593_985, 148.270_677]),
            (Decay::Gaussian(HALF_AN_HOUR), [72.582_579, 151.611_614]),
        ] {
            let crowded = inverted(&worked_case(), &decay);
            assert_close(&crowded.institutions, &expected, 1e-6);
            let served = 2.0 * crowded.institutions[0] + 3.0 * crowded.institutions[1];
            assert!((served - 600.0).abs() < 1e-9, "{served}");
        }
    }

    #[test]
    fn demand_that_no_capacity_reaches_is_reported() {
        let times = matrix(&[&[5, 5], &[31, 5], &[31, 31]]);
        let capacity = BTreeMap::from([(0, 2.0), (1, 0.0)]);
        let demand = vec![10.0, 20.0, 30.0];
        let catchments = Catchments::new(demand, &capacity, &times, |_, _| true).expect("sound");
        let crowded = inverted(&catchments, &Decay::Within(HALF_AN_HOUR));
        assert_eq!(crowded.institutions, [5.0, 5.0]);
        assert_eq!((crowded.unserved, crowded.unserved_demand), (vec![1, 2], 50.0));
    }
}
