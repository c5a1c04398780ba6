//! p-median: at most so many sites, so that people are as near as possible to one on average.
//!
//! Hakimi 1964, Operations Research 12:450–459; ReVelle & Swain 1970, Geographical Analysis 2:30–42.

use super::{Covering, HEAVIEST, Siting, SitingError, check_cells};
use crate::access::matrix::Matrix;
use crate::solver::{Column, Programme};
use crate::units::Deciseconds;

/// Who would be how far from whom.
#[derive(Clone, Debug, PartialEq)]
pub struct Travel {
    weights: Vec<u64>,
    /// Time of each cell to the nearest existing institution, or the time that stands for "nobody".
    now: Vec<Deciseconds>,
    sites: Vec<usize>,
    /// For each candidate the cells to which it would be nearer than anybody now.
    nearer: Vec<Vec<(u32, Deciseconds)>>,
}

impl Travel {
    /// Weights by cell, times of the existing institutions and of the candidates. A cell that
    /// nobody reaches counts as `beyond` away: an assumption to be shown.
    ///
    /// # Errors
    /// [`SitingError`]: times of another study, or products that cannot be added up exactly.
    pub fn new(
        weights: Vec<u64>,
        existing: &Matrix,
        candidates: &Matrix,
        beyond: Deciseconds,
    ) -> Result<Self, SitingError> {
        check_cells(existing, weights.len())?;
        check_cells(candidates, weights.len())?;
        let institutions: Vec<usize> = existing.rows.keys().copied().collect();
        let nearest = existing.nearest(weights.len(), &institutions);
        let now: Vec<Deciseconds> =
            nearest.into_iter().map(|time| time.map_or(beyond, |time| time.min(beyond))).collect();
        let mut products =
            weights.iter().zip(&now).map(|(weight, time)| weight.checked_mul(u64::from(time.0)));
        let sum = products.try_fold(0_u64, |sum, product| sum.checked_add(product?));
        if sum.is_none_or(|sum| sum > HEAVIEST) {
            return Err(SitingError::TooHeavy { most: HEAVIEST });
        }
        let is_nearer = |(cell, time): &&(u32, Deciseconds)| *time < now[*cell as usize];
        let new = candidates.rows.iter().filter(|(at, _)| !existing.rows.contains_key(at));
        let (sites, nearer) =
            new.map(|(at, row)| (*at, row.iter().filter(is_nearer).copied().collect())).unzip();
        Ok(Self { weights, now, sites, nearer })
    }

    /// Positions of the candidates, rising.
    #[must_use]
    pub fn sites(&self) -> &[usize] {
        &self.sites
    }

    /// Σ weight × deciseconds to the nearest, with some candidates (places in `sites`) chosen.
    #[must_use]
    pub fn cost(&self, chosen: &[usize]) -> u64 {
        let mut nearest = self.now.clone();
        for (cell, time) in chosen.iter().flat_map(|site| &self.nearer[*site]) {
            let known = &mut nearest[*cell as usize];
            *known = (*known).min(*time);
        }
        self.weights.iter().zip(nearest).map(|(weight, time)| weight * u64::from(time.0)).sum()
    }
}

/// min Σ w_i (Σ_j t_ij x_ij + t_i z_i) ; Σ_j x_ij + z_i = 1 ; x_ij ≤ y_j ; Σ y_j ≤ `most`, with z_i
/// for staying with the nearest existing one at t_i. The objective is weight × deciseconds.
///
/// # Errors
/// A failure of the solver.
pub fn p_median(travel: &Travel, most: usize, node_limit: Option<u64>) -> Result<Siting, SitingError> {
    let mut programme = Programme::new(travel.cost(&[]));
    let sites: Vec<Column> = travel.sites.iter().map(|_| programme.binary(0)).collect();
    let weigh = |cell: usize, time: Deciseconds| travel.weights[cell] * u64::from(time.0);
    let mut goes: Vec<Vec<Column>> = vec![Vec::new(); travel.weights.len()];
    for (site, row) in sites.iter().zip(&travel.nearer) {
        for &(cell, time) in row.iter().filter(|(cell, _)| travel.weights[*cell as usize] > 0) {
            let goes_there = programme.share(weigh(cell as usize, time));
            programme.at_least(0.0, vec![(*site, 1.0), (goes_there, -1.0)]);
            goes[cell as usize].push(goes_there);
        }
    }
    let mut certain = 0;
    for (cell, goes) in goes.into_iter().enumerate() {
        let now = weigh(cell, travel.now[cell]);
        if goes.is_empty() {
            certain += now;
        } else {
            let stays = programme.share(now);
            programme.at_least(1.0, goes.into_iter().chain([stays]).map(|column| (column, 1.0)).collect());
        }
    }
    programme.at_most(most as f64, sites.iter().map(|site| (*site, 1.0)).collect());
    if sites.is_empty() || certain == travel.cost(&[]) {
        let objective = travel.cost(&[]);
        return Ok(Siting { chosen: Vec::new(), objective, bound: Some(objective), nodes: 0 });
    }
    let answer = programme.minimise(node_limit)?;
    let chosen = Covering::chosen(&sites, &answer);
    let objective = travel.cost(&chosen);
    let bound = answer.bound(objective - certain).map(|bound| bound.saturating_add(certain));
    let institutions = chosen.iter().map(|site| travel.sites[*site]).collect();
    Ok(Siting { chosen: institutions, objective, bound, nodes: answer.nodes })
}

#[cfg(test)]
mod tests {
    use super::super::greedy;
    use super::super::tests::{any_question, choices};
    use super::*;
    use crate::access::cover::tests::matrix;
    use proptest::prelude::*;

    const BEYOND: Deciseconds = Deciseconds::from_minutes(60);

    #[test]
    fn people_count_as_far_as_the_nearest_of_old_and_new() {
        let existing = matrix(&[vec![Some(10), Some(40), None]]);
        let mut candidates = matrix(&[vec![], vec![Some(12), Some(20), None], vec![Some(1), None, Some(30)]]);
        candidates.rows.remove(&0);
        let travel = Travel::new(vec![5, 3, 2], &existing, &candidates, BEYOND).expect("sound");
        let minutes = |chosen: &[usize]| travel.cost(chosen) as f64 / 600.0;
        assert_eq!(minutes(&[]), 5.0 * 10.0 + 3.0 * 40.0 + 2.0 * 60.0);
        let best = p_median(&travel, 1, None).expect("solved");
        // The second saves 5 · 9 + 2 · 30 = 105, the first 3 · 20 = 60.
        assert_eq!((best.chosen, best.objective as f64 / 600.0), (vec![2], 290.0 - 105.0));
        assert_eq!(p_median(&travel, 9, None).expect("solved").objective as f64 / 600.0, 125.0);
    }

    #[test]
    fn products_that_cannot_be_added_up_are_refused() {
        let none = Matrix::default();
        let refused = Travel::new(vec![1 << 50, 1 << 50], &none, &none, BEYOND);
        assert_eq!(refused, Err(SitingError::TooHeavy { most: HEAVIEST }));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]
        #[test]
        fn no_choice_of_so_many_is_nearer((weights, existing, all, most) in any_question()) {
            let travel = Travel::new(weights, &existing, &all, BEYOND).expect("sound");
            let best = p_median(&travel, most, None).expect("solved");
            let least = choices(travel.sites().len(), most).map(|chosen| travel.cost(&chosen)).min();
            prop_assert_eq!(Some(best.objective), least);
            prop_assert!(best.is_proven() && best.chosen.len() <= most);
            prop_assert!(greedy::p_median(&travel, most).objective >= best.objective);
        }
    }
}
