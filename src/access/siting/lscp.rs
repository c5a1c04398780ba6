//! LSCP: as few sites as possible, so that everybody is covered whom anybody could cover.
//!
//! Toregas, Swain, ReVelle & Bergman 1971, Operations Research 19:1363–1373.

use super::{Covering, Siting, SitingError};
use crate::solver::{Column, Programme};

/// The fewest sites.
#[derive(Clone, Debug, PartialEq)]
pub struct SetCover {
    /// The choice; its objective is the number of sites.
    pub siting: Siting,
    /// Cells with a weight that no candidate and no existing institution covers: nothing here
    /// would help them.
    pub uncoverable: Vec<usize>,
}

/// min Σ x_j ; Σ_{j∈N_i} x_j ≥ 1 for every cell i with a weight, without existing cover and with
/// any candidate.
///
/// # Errors
/// A failure of the solver.
pub fn lscp(covering: &Covering, node_limit: Option<u64>) -> Result<SetCover, SitingError> {
    let mut programme = Programme::new(1);
    let sites: Vec<Column> = covering.sites.iter().map(|_| programme.binary(1)).collect();
    for ((existing, candidates), _) in covering.kinds() {
        if existing == 0 && !candidates.is_empty() {
            programme.at_least(1.0, candidates.iter().map(|site| (sites[*site], 1.0)).collect());
        }
    }
    let mut reachable: Vec<bool> = covering.existing.iter().map(|count| *count > 0).collect();
    covering.covers.iter().flatten().for_each(|cell| reachable[*cell as usize] = true);
    let uncoverable = (0..reachable.len()).filter(|cell| !reachable[*cell] && covering.weights[*cell] > 0);
    let siting = if sites.is_empty() {
        Siting { chosen: Vec::new(), objective: 0, bound: Some(0), nodes: 0 }
    } else {
        let answer = programme.minimise(node_limit)?;
        // Without a solution before the limit of nodes, everything covers whatever can be covered.
        let chosen = match answer.values {
            Some(_) => Covering::chosen(&sites, &answer),
            None => (0..sites.len()).collect(),
        };
        let objective = chosen.len() as u64;
        let bound = answer.bound(objective);
        Siting { chosen: covering.institutions(&chosen), objective, bound, nodes: answer.nodes }
    };
    Ok(SetCover { siting, uncoverable: uncoverable.collect() })
}

#[cfg(test)]
mod tests {
    use super::super::greedy;
    use super::super::tests::{any_covering, choices};
    use super::super::what_if::with;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]
        #[test]
        fn no_fewer_sites_cover_everybody_who_can_be_covered((covering, _) in any_covering()) {
            let answer = lscp(&covering, None).expect("solved");
            let sites = covering.sites().len();
            let most = with(&covering, &(0..sites).collect::<Vec<_>>()).covered;
            let complete = choices(sites, sites).filter(|chosen| with(&covering, chosen).covered == most);
            prop_assert_eq!(Some(answer.siting.objective as usize), complete.map(|chosen| chosen.len()).min());
            prop_assert!(answer.siting.is_proven());
            let left: u64 = answer.uncoverable.iter().map(|cell| covering.weights[*cell]).sum();
            prop_assert_eq!(most + left, covering.weights.iter().sum::<u64>());
            let greedy = greedy::set_cover(&covering);
            prop_assert!(greedy.objective >= answer.siting.objective);
        }
    }
}
