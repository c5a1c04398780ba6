//! MCLP: at most so many sites, so that as much weight as possible is covered.
//!
//! Church & ReVelle 1974, Papers of the Regional Science Association 32:101–118.

use super::what_if::with;
use super::{Covering, Siting, SitingError};
use crate::solver::{Column, Programme};

/// max Σ w_i y_i ; y_i ≤ Σ_{j∈N_i} x_j ; Σ x_j ≤ `most`. Cells that exist alike share one y. The
/// objective is the weight of all who are covered.
///
/// # Errors
/// A failure of the solver.
pub fn mclp(covering: &Covering, most: usize, node_limit: Option<u64>) -> Result<Siting, SitingError> {
    let mut programme = Programme::new(covering.highest_weight());
    let sites: Vec<Column> = covering.sites.iter().map(|_| programme.binary(0)).collect();
    let mut certain = 0;
    for ((existing, candidates), weight) in covering.kinds() {
        if existing > 0 {
            certain += weight;
        } else if !candidates.is_empty() {
            let covered = programme.share(weight);
            let by = candidates.iter().map(|site| (sites[*site], 1.0));
            programme.at_least(0.0, by.chain([(covered, -1.0)]).collect());
        }
    }
    programme.at_most(most as f64, sites.iter().map(|site| (*site, 1.0)).collect());
    super::best(covering, certain, programme, &sites, node_limit, |chosen| with(covering, chosen).covered)
}

#[cfg(test)]
mod tests {
    use super::super::greedy;
    use super::super::tests::{any_covering, choices};
    use super::*;
    use crate::access::cover::tests::matrix;
    use crate::access::matrix::Matrix;
    use proptest::prelude::*;

    #[test]
    fn the_greedy_choice_is_beaten_where_the_best_single_site_is_in_the_way() {
        let (near, far) = (Some(1), None);
        // The first site covers the middle four, the others three each: two of those cover all six.
        let all = matrix(&[
            vec![far, near, near, near, near, far],
            vec![near, near, near, far, far, far],
            vec![far, far, far, near, near, near],
        ]);
        let covering = Covering::new(vec![10, 10, 10, 10, 10, 10], &Matrix::default(), &all).expect("sound");
        let best = mclp(&covering, 2, None).expect("solved");
        assert_eq!((best.chosen.as_slice(), best.objective, best.is_proven()), (&[1, 2][..], 60, true));
        assert_eq!(greedy::cover(&covering, 2).objective, 50);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]
        #[test]
        fn no_choice_of_so_many_covers_more((covering, most) in any_covering()) {
            let best = mclp(&covering, most, None).expect("solved");
            let all = choices(covering.sites().len(), most).map(|chosen| with(&covering, &chosen).covered).max();
            prop_assert_eq!(Some(best.objective), all);
            prop_assert!(best.is_proven() && best.chosen.len() <= most);
            prop_assert!(greedy::cover(&covering, most).objective <= best.objective);
        }
    }
}
