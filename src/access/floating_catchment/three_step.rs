//! 3SFCA: people choose first, so that a cell with many institutions does not ask each for all.
//!
//! Wan, Zou & Sternberg 2012, IJGIS 26:1073–1089.

use super::decay::{Band, Decay};
use super::{Accessibility, Catchments, Weights};

/// G_ij = W(t_ij) / Σ_k W(t_ik) ; R_j = S_j / Σ_i G_ij D_i W(t_ij) ; A_i = Σ_j G_ij R_j W(t_ij).
#[must_use]
pub fn three_step(catchments: &Catchments, bands: &[Band]) -> Accessibility {
    let mut weights = catchments.weights(&Decay::Bands(bands.to_vec()));
    let sums = sums(&weights, catchments.demand.len());
    for (cell, weight) in weights.iter_mut().flatten() {
        *weight *= *weight / sums[*cell as usize];
    }
    catchments.two_steps(&weights)
}

/// Σ_k W(t_ik) of each cell.
fn sums(weights: &Weights, cells: usize) -> Vec<f64> {
    let mut sums = vec![0.0; cells];
    for (cell, weight) in weights.iter().flatten() {
        sums[*cell as usize] += weight;
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::super::decay::CatchmentTable;
    use super::super::tests::{assert_close, worked_case};
    use super::*;

    #[test]
    fn the_worked_case_agrees() {
        let table = CatchmentTable::shipped().expect("whole");
        let access = three_step(&worked_case(), &table.three_step.bands);
        assert_close(&access.ratios, &[0.013_336, 0.008_065], 1e-6);
        assert_close(&access.cells, &[0.011_251, 0.007_277, 0.008_065], 1e-6);
    }
}
