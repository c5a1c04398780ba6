//! Backup cover: at most so many sites, so that as much weight as possible is covered twice.
//!
//! Hogan & ReVelle 1986, Management Science 32:1434–1444.

use super::what_if::with;
use super::{Covering, Siting, SitingError};
use crate::solver::{Column, Programme};

/// max Σ w_i u_i ; Σ_{j∈N_i} x_j + e_i − y_i − u_i ≥ 0 ; u_i ≤ y_i ≤ 1 ; Σ x_j ≤ `most`, with e_i
/// existing institutions; u whole, or half of a single cover would count. The objective is the
/// weight of all whom two or more cover.
///
/// # Errors
/// A failure of the solver.
pub fn backup(covering: &Covering, most: usize, node_limit: Option<u64>) -> Result<Siting, SitingError> {
    let mut programme = Programme::new(covering.highest_weight());
    let sites: Vec<Column> = covering.sites.iter().map(|_| programme.binary(0)).collect();
    let mut certain = 0;
    for ((existing, candidates), weight) in covering.kinds() {
        if existing >= 2 {
            certain += weight;
        } else if candidates.len() + existing as usize >= 2 {
            let (once, twice) = (programme.share(0), programme.binary(weight));
            let by = candidates.iter().map(|site| (sites[*site], 1.0));
            let terms = by.chain([(once, -1.0), (twice, -1.0)]).collect();
            programme.at_least(-f64::from(existing), terms);
            programme.at_least(0.0, vec![(once, 1.0), (twice, -1.0)]);
        }
    }
    programme.at_most(most as f64, sites.iter().map(|site| (*site, 1.0)).collect());
    super::best(covering, certain, programme, &sites, node_limit, |chosen| with(covering, chosen).twice)
}

#[cfg(test)]
mod tests {
    use super::super::greedy;
    use super::super::tests::{any_covering, choices};
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]
        #[test]
        fn no_choice_of_so_many_covers_more_twice((covering, most) in any_covering()) {
            let best = backup(&covering, most, None).expect("solved");
            let all = choices(covering.sites().len(), most).map(|chosen| with(&covering, &chosen).twice).max();
            prop_assert_eq!(Some(best.objective), all);
            prop_assert!(best.is_proven() && best.chosen.len() <= most);
            prop_assert!(greedy::backup(&covering, most).objective <= best.objective);
        }
    }
}
