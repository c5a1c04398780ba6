//! E2SFCA: bands of travel time with falling weights.
//!
//! Luo & Qi 2009, Health & Place 15:1100–1107.

use super::decay::{Band, Decay};
use super::{Accessibility, Catchments};

/// R_j = S_j / Σ_i D_i W(t_ij) ; A_i = Σ_j R_j W(t_ij), W the weight of the band.
#[must_use]
pub fn enhanced(catchments: &Catchments, bands: &[Band]) -> Accessibility {
    catchments.two_steps(&catchments.weights(&Decay::Bands(bands.to_vec())))
}

#[cfg(test)]
mod tests {
    use super::super::decay::CatchmentTable;
    use super::super::tests::{assert_close, worked_case};
    use super::*;

    #[test]
    fn the_worked_case_agrees() {
        let table = CatchmentTable::shipped().expect("whole");
        let access = enhanced(&worked_case(), &table.enhanced.bands);
        assert_close(&access.ratios, &[0.008_475, 0.006_550], 1e-6);
        assert_close(&access.cells, &[0.009_916, 0.010_217, 0.006_550], 1e-6);
    }
}
