//! KD2SFCA: weights that fall along a bell.
//!
//! Dai 2010, Health & Place 16:1038–1052.

use super::decay::Decay;
use super::{Accessibility, Catchments};
use crate::units::Deciseconds;

/// R_j = S_j / Σ_i D_i f(t_ij) ; A_i = Σ_j R_j f(t_ij), f the Gaussian kernel of the limit.
#[must_use]
pub fn kernel_density(catchments: &Catchments, limit: Deciseconds) -> Accessibility {
    catchments.two_steps(&catchments.weights(&Decay::Gaussian(limit)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_close, worked_case};
    use super::*;

    #[test]
    fn the_worked_case_agrees() {
        let access = kernel_density(&worked_case(), Deciseconds::from_minutes(30));
        assert_close(&access.ratios, &[0.008_447, 0.006_526], 1e-6);
        assert_close(&access.cells, &[0.009_811, 0.011_175, 0.005_946], 1e-6);
    }
}
