//! The proof that comes with the answer of the exact optimiser.

use super::problem::Problem;

/// What is proven about a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The plan is the best one.
    Optimal,
    /// No plan meets all rules.
    Infeasible,
    /// The limit of nodes was reached first. The plan, if there is one, meets all rules, but a
    /// better one may exist.
    NodeLimit,
    /// The search was ended from outside. The plan, if there is one, meets all rules, but a better one
    /// may exist.
    Interrupted,
}

impl Status {
    /// The status in Japanese, for people.
    #[must_use]
    pub fn meant(self) -> &'static str {
        match self {
            Self::Optimal => "最善と証明済み",
            Self::Infeasible => "条件を満たす案はない",
            Self::NodeLimit => "探索の上限で打ち切り",
            Self::Interrupted => "中断",
        }
    }

    /// The status as a stable word for files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Optimal => "optimal",
            Self::Infeasible => "infeasible",
            Self::NodeLimit => "node_limit",
            Self::Interrupted => "interrupted",
        }
    }
}

/// The proof of an answer.
///
/// The objective is summed in whole numbers from the plan itself. The bound is the solver's, which
/// works in floating point on an objective scaled to about 10⁵: a difference below the solver's own
/// tolerance (2·10⁻⁶ of the scaled objective's unit and 10⁻⁹ of the objective) counts as none.
#[derive(Clone, Debug, PartialEq)]
pub struct Certificate {
    /// What is proven.
    pub status: Status,
    /// Objective of the plan, where travel counts in milli-receipts × deciseconds per month; `None` =
    /// no plan.
    pub objective: Option<u64>,
    /// No plan has a lower objective than this; `None` = no bound is known, or no plan exists.
    pub bound: Option<u64>,
    /// (objective − bound) ÷ objective, 0–1; `None` without objective or bound.
    pub gap: Option<f64>,
    /// Branch-and-bound nodes of all rounds together.
    pub nodes: u64,
    /// How often the solver ran: once, and once more after each round of added cuts. 0 = the
    /// answer showed before any search.
    pub rounds: u32,
    /// SHA-256 of the problem.
    pub model_sha256: String,
}

/// Differences of the solver's scaled objective around this value below which it sees none: twice
/// its feasibility tolerance, and what sums in floating point lose.
pub(super) fn tolerance(scaled: f64) -> f64 {
    2e-6 + 1e-9 * scaled.abs()
}

/// A lower bound as the solver states it.
#[derive(Clone, Copy, Debug)]
pub(super) struct SolverBound {
    /// In the solver's scaled unit.
    pub(super) scaled: f64,
    /// Objective units in one scaled unit.
    pub(super) scale: f64,
}

impl SolverBound {
    /// The bound in whole objective units, never above the objective.
    pub(super) fn whole(self, objective: Option<u64>) -> Option<u64> {
        if !self.scaled.is_finite() {
            return None;
        }
        let surely = (self.scaled - tolerance(self.scaled)) * self.scale;
        // Every objective is a whole number, so the bound may be rounded up. `as` saturates.
        let whole = surely.ceil().max(0.0) as u64;
        Some(match objective {
            Some(objective)
                if objective as f64 - self.scaled * self.scale <= self.scale * tolerance(self.scaled) =>
            {
                objective
            }
            Some(objective) => whole.min(objective),
            None => whole,
        })
    }
}

impl Certificate {
    /// The certificate of an answer. Without objective there is no plan.
    pub(super) fn new(
        problem: &Problem,
        status: Status,
        objective: Option<u64>,
        bound: Option<u64>,
        effort: Effort,
    ) -> Self {
        let gap = objective.zip(bound).map(|(objective, bound)| gap(objective, bound));
        let Effort { nodes, rounds } = effort;
        Self { status, objective, bound, gap, nodes, rounds, model_sha256: problem.sha256() }
    }
}

/// What a search has cost so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Effort {
    pub(super) nodes: u64,
    pub(super) rounds: u32,
}

fn gap(objective: u64, bound: u64) -> f64 {
    if objective == 0 { 0.0 } else { objective.saturating_sub(bound) as f64 / objective as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(scaled: f64, scale: f64, objective: Option<u64>) -> Option<u64> {
        SolverBound { scaled, scale }.whole(objective)
    }

    #[test]
    fn a_bound_within_tolerance_is_the_objective() {
        assert_eq!(whole(100.0, 1.0, Some(100)), Some(100));
        assert_eq!(whole(99.999_999_5, 1.0, Some(100)), Some(100));
        assert_eq!(whole(100.000_3, 1.0, Some(100)), Some(100));
        assert_eq!(whole(0.0, 1.0, Some(0)), Some(0));
    }

    #[test]
    fn a_bound_below_rounds_up_to_the_next_whole_objective() {
        assert_eq!(whole(97.2, 1.0, Some(100)), Some(98));
        assert_eq!(whole(97.000_000_01, 1.0, Some(100)), Some(97));
        assert_eq!(whole(97.3, 1_000.0, None), Some(97_300));
        assert_eq!(whole(-3.0, 1.0, Some(100)), Some(0));
        assert_eq!(whole(f64::NEG_INFINITY, 1.0, None), None);
    }

    #[test]
    fn the_gap_is_relative_to_the_objective() {
        assert!((gap(200, 150) - 0.25).abs() < 1e-15);
        assert!(gap(200, 200).abs() < 1e-15);
        assert!(gap(0, 0).abs() < 1e-15);
    }
}
