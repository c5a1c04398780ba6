//! Siting what-if: where another provider would help most, those that exist staying as they are.
//!
//! Weights are whole numbers (people, or demand in thousandths of a receipt), so objectives are
//! exact. Each model is solved by HiGHS; the greedy answer stands beside it to show what the proof
//! is worth.

pub mod backup;
pub mod greedy;
pub mod lscp;
pub mod mclp;
pub mod p_median;
pub mod what_if;

use crate::access::matrix::Matrix;
use crate::solver::{Answer, Column, Programme, SolverError};
use std::collections::BTreeMap;

/// Why no site could be chosen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SitingError {
    /// Times or cover that speak of more cells than have a weight.
    #[error(
        "{institution}番目の医療機関の行に{cell}番目のメッシュがありますが、重みは{cells}メッシュ分しかありません。同じ調査の表を使ってください"
    )]
    NoWeight {
        /// Position of the institution.
        institution: usize,
        /// Position of the cell.
        cell: usize,
        /// Number of weights.
        cells: usize,
    },
    /// Weights too large to be added up exactly.
    #[error("重みの合計が大きすぎます（{most} まで）。重みの単位を大きくしてください")]
    TooHeavy {
        /// The largest sum.
        most: u64,
    },
    /// The solver failed.
    #[error(transparent)]
    Solver(#[from] SolverError),
}

/// Sums of weights, or of weights times deciseconds, beyond this are no longer exact in the solver.
const HEAVIEST: u64 = 1 << 53;

/// The answer to a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Siting {
    /// Positions of the institutions that are chosen, rising.
    pub chosen: Vec<usize>,
    /// What the model makes best, summed in whole numbers over all cells with the existing ones.
    pub objective: u64,
    /// No choice is better than this; `None` = no bound is known.
    pub bound: Option<u64>,
    /// Branch-and-bound nodes; 0 = none were needed.
    pub nodes: u64,
}

impl Siting {
    /// Whether no choice is better.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        self.bound == Some(self.objective)
    }

    /// |objective − bound| ÷ objective; `None` without bound.
    #[must_use]
    pub fn gap(&self) -> Option<f64> {
        let difference = self.bound?.abs_diff(self.objective) as f64;
        Some(if difference == 0.0 { 0.0 } else { difference / self.objective as f64 })
    }
}

/// Who would cover whom.
#[derive(Clone, Debug, PartialEq)]
pub struct Covering {
    /// Weight of each cell.
    weights: Vec<u64>,
    /// How many existing institutions cover each cell.
    existing: Vec<u32>,
    /// Positions of the institutions that could be chosen, rising.
    sites: Vec<usize>,
    /// The cells that each of them would cover.
    covers: Vec<Vec<u32>>,
}

impl Covering {
    /// Weights by cell, the cover of the existing institutions and that of the candidates (see
    /// [`cover`](crate::access::cover::cover)). A candidate that exists already is no candidate.
    ///
    /// # Errors
    /// [`SitingError`]: covers of another study, or weights that cannot be added up exactly.
    pub fn new(weights: Vec<u64>, existing: &Matrix, candidates: &Matrix) -> Result<Self, SitingError> {
        check_cells(existing, weights.len())?;
        check_cells(candidates, weights.len())?;
        check_sum(weights.iter().copied())?;
        let new = candidates.rows.iter().filter(|(at, _)| !existing.rows.contains_key(at));
        let cells = |row: &Vec<(u32, _)>| row.iter().map(|(cell, _)| *cell).collect();
        let (sites, covers) = new.map(|(at, row)| (*at, cells(row))).unzip();
        let existing = crate::access::cover::counts(existing, weights.len());
        Ok(Self { weights, existing, sites, covers })
    }

    /// Positions of the candidates, rising.
    #[must_use]
    pub fn sites(&self) -> &[usize] {
        &self.sites
    }

    /// The cells that a candidate (by its place in [`Self::sites`]) would cover.
    #[must_use]
    pub fn covered_by(&self, site: usize) -> &[u32] {
        &self.covers[site]
    }

    /// Weight of the cells that are alike to any choice: those with as many existing institutions
    /// (two stand for more) and the same candidates (places in `sites`).
    fn kinds(&self) -> BTreeMap<(u32, Vec<usize>), u64> {
        let mut candidates = vec![Vec::new(); self.weights.len()];
        for (site, cells) in self.covers.iter().enumerate() {
            for cell in cells {
                candidates[*cell as usize].push(site);
            }
        }
        let mut kinds = BTreeMap::new();
        for (cell, candidates) in
            candidates.into_iter().enumerate().filter(|(cell, _)| self.weights[*cell] > 0)
        {
            *kinds.entry((self.existing[cell].min(2), candidates)).or_insert(0) += self.weights[cell];
        }
        kinds
    }

    fn highest_weight(&self) -> u64 {
        self.weights.iter().sum()
    }

    /// The chosen of an answer, by their place in `sites`.
    fn chosen(columns: &[Column], answer: &Answer) -> Vec<usize> {
        let is_one =
            |site: &usize| answer.values.as_ref().is_some_and(|values| values[columns[*site].index()] > 0.5);
        (0..columns.len()).filter(is_one).collect()
    }

    fn institutions(&self, chosen: &[usize]) -> Vec<usize> {
        chosen.iter().map(|site| self.sites[*site]).collect()
    }
}

/// Solves a model of cover. The programme weighs what comes on top of what is `certain`.
fn best(
    covering: &Covering,
    certain: u64,
    programme: Programme,
    sites: &[Column],
    node_limit: Option<u64>,
    objective: impl Fn(&[usize]) -> u64,
) -> Result<Siting, SitingError> {
    if sites.is_empty() {
        return Ok(Siting { chosen: Vec::new(), objective: certain, bound: Some(certain), nodes: 0 });
    }
    let answer = programme.maximise(node_limit)?;
    let chosen = Covering::chosen(sites, &answer);
    let objective = objective(&chosen);
    let bound = answer.bound(objective - certain).map(|bound| bound.saturating_add(certain));
    Ok(Siting { chosen: covering.institutions(&chosen), objective, bound, nodes: answer.nodes })
}

fn check_cells(matrix: &Matrix, cells: usize) -> Result<(), SitingError> {
    for (&institution, row) in &matrix.rows {
        if let Some((cell, _)) = row.iter().find(|(cell, _)| *cell as usize >= cells) {
            return Err(SitingError::NoWeight { institution, cell: *cell as usize, cells });
        }
    }
    Ok(())
}

fn check_sum(mut weights: impl Iterator<Item = u64>) -> Result<(), SitingError> {
    let sum = weights.try_fold(0_u64, u64::checked_add).filter(|sum| *sum <= HEAVIEST);
    sum.map(|_| ()).ok_or(SitingError::TooHeavy { most: HEAVIEST })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::cover::tests::matrix;
    use crate::units::Deciseconds;
    use proptest::prelude::*;

    /// Any question of at most ten cells and seven candidates, of which the first may exist; and
    /// how many to choose.
    pub(super) fn any_question() -> impl Strategy<Value = (Vec<u64>, Matrix, Matrix, usize)> {
        (1..11_usize, 1..8_usize, any::<bool>(), 0..5_usize).prop_flat_map(|(cells, sites, exists, most)| {
            let time = prop::option::weighted(0.4, 0..40_u32);
            let times = prop::collection::vec(prop::collection::vec(time, cells), sites);
            let weights = prop::collection::vec(0..1_000_u64, cells);
            (weights, times).prop_map(move |(weights, times)| {
                let all = matrix(&times);
                let mut existing = all.clone();
                existing.rows.retain(|at, _| exists && *at == 0);
                (weights, existing, all, most)
            })
        })
    }

    pub(super) fn any_covering() -> impl Strategy<Value = (Covering, usize)> {
        any_question().prop_map(|(weights, existing, all, most)| {
            (Covering::new(weights, &existing, &all).expect("sound"), most)
        })
    }

    /// Every choice of at most `most` of `sites`.
    pub(super) fn choices(sites: usize, most: usize) -> impl Iterator<Item = Vec<usize>> {
        let choice = move |bits: u32| (0..sites).filter(|site| bits >> site & 1 == 1).collect::<Vec<_>>();
        (0..1_u32 << sites).map(choice).filter(move |choice| choice.len() <= most)
    }

    #[test]
    fn what_cannot_be_added_up_or_belongs_to_another_study_is_refused() {
        let one = Matrix { rows: BTreeMap::from([(4, vec![(1, Deciseconds(0))])]), ..Matrix::default() };
        let none = Matrix::default();
        assert_eq!(
            Covering::new(vec![1], &none, &one),
            Err(SitingError::NoWeight { institution: 4, cell: 1, cells: 1 })
        );
        for weights in [vec![u64::MAX, 1], vec![HEAVIEST, 1]] {
            assert_eq!(Covering::new(weights, &none, &one), Err(SitingError::TooHeavy { most: HEAVIEST }));
        }
    }

    #[test]
    fn the_gap_is_nothing_exactly_when_the_answer_is_proven() {
        let siting = |objective, bound| Siting { chosen: vec![], objective, bound, nodes: 0 };
        assert!(siting(200, Some(200)).is_proven() && siting(200, Some(200)).gap() == Some(0.0));
        assert!(!siting(200, Some(250)).is_proven() && siting(200, Some(250)).gap() == Some(0.25));
        assert!(!siting(200, None).is_proven() && siting(200, None).gap().is_none());
        assert_eq!(siting(0, Some(0)).gap(), Some(0.0));
    }
}
