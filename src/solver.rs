//! Mixed-integer programmes for HiGHS, solved in the same way on every run: one thread, a fixed
//! seed, and a limit of nodes instead of time.
//!
//! The solver works in floating point. Weights are whole numbers, divided by a power of two so that
//! the highest is of the order of 10⁵, where its absolute tolerances suit. Its bound is rounded to
//! the next whole number that it surely allows; a difference to the objective below its own
//! tolerance (2·10⁻⁶ of the scaled unit and 10⁻⁹ of the objective) counts as none.

use highs::{HighsModelStatus, HighsSolutionStatus, Model, RowProblem, Sense, SolvedModel};

/// A variable of a [`Programme`].
pub type Column = highs::Col;

/// The solver gave up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("HiGHS が計算を終えられませんでした: {0}。入力を添えてお知らせください")]
pub struct SolverError(pub String);

/// Variables and rows.
pub struct Programme {
    rows: RowProblem,
    /// Units of weight in one unit of the solver's objective.
    scale: f64,
}

/// What the solver found.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Values of the variables in the order in which they were made; `None` = none was found.
    pub values: Option<Vec<f64>>,
    /// Branch-and-bound nodes.
    pub nodes: u64,
    bound: Bound,
}

/// A bound as the solver states it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Bound {
    /// In the solver's scaled unit; infinite or not a number = none is known.
    scaled: f64,
    /// Units of weight in one scaled unit.
    scale: f64,
    /// Whether nothing is above it, or nothing below.
    is_upper: bool,
}

impl Programme {
    /// Without variables; no weight will be above `highest`.
    #[must_use]
    pub fn new(highest: u64) -> Self {
        const HIGHEST: u64 = 1 << 17;
        let scale = (0..u64::BITS).find(|shift| highest >> shift <= HIGHEST);
        Self { rows: RowProblem::default(), scale: scale.map_or(1.0, |shift| (1u64 << shift) as f64) }
    }

    /// A variable that is 0 or 1.
    pub fn binary(&mut self, weight: u64) -> Column {
        self.rows.add_integer_column(weight as f64 / self.scale, 0..=1)
    }

    /// A variable between 0 and 1.
    pub fn share(&mut self, weight: u64) -> Column {
        self.rows.add_column(weight as f64 / self.scale, 0..=1)
    }

    /// A whole number from 0 to `most`.
    pub fn whole(&mut self, weight: u64, most: u64) -> Column {
        self.rows.add_integer_column(weight as f64 / self.scale, 0.0..=most as f64)
    }

    /// Σ factor · variable ≥ least.
    pub fn at_least(&mut self, least: f64, terms: Vec<(Column, f64)>) {
        self.rows.add_row(least.., terms);
    }

    /// Σ factor · variable ≤ most.
    pub fn at_most(&mut self, most: f64, terms: Vec<(Column, f64)>) {
        self.rows.add_row(..=most, terms);
    }

    /// The highest weight. `node_limit` bounds the branch-and-bound nodes.
    ///
    /// # Errors
    /// A failure of the solver, or a programme without solution.
    pub fn maximise(self, node_limit: Option<u64>) -> Result<Answer, SolverError> {
        self.solve(Sense::Maximise, node_limit)
    }

    /// The least weight. `node_limit` bounds the branch-and-bound nodes.
    ///
    /// # Errors
    /// A failure of the solver, or a programme without solution.
    pub fn minimise(self, node_limit: Option<u64>) -> Result<Answer, SolverError> {
        self.solve(Sense::Minimise, node_limit)
    }

    fn solve(self, sense: Sense, node_limit: Option<u64>) -> Result<Answer, SolverError> {
        let scale = self.scale;
        let mut model = self.rows.try_optimise(sense).map_err(|status| failure(&status))?;
        set_options(&mut model, node_limit).map_err(|error| failure(&error))?;
        let solved = model.try_solve().map_err(|status| failure(&status))?;
        match solved.status() {
            HighsModelStatus::Optimal | HighsModelStatus::ReachedSolutionLimit => (),
            other => return Err(failure(&other)),
        }
        let found = solved.primal_solution_status() == HighsSolutionStatus::Feasible;
        let scaled = solved.double_info_value(c"mip_dual_bound").unwrap_or(f64::NAN);
        Ok(Answer {
            values: found.then(|| solved.get_solution().columns().to_vec()),
            nodes: node_count(&solved),
            bound: Bound { scaled, scale, is_upper: matches!(sense, Sense::Maximise) },
        })
    }
}

impl Answer {
    /// No solution has a better weight than this; `None` = no bound is known. `objective` is the
    /// weight of the solution, summed in whole numbers: the bound is never on its wrong side, and
    /// equal to it exactly when the solution is proven to be the best.
    #[must_use]
    pub fn bound(&self, objective: u64) -> Option<u64> {
        self.bound.whole(objective)
    }
}

impl Bound {
    /// `as` saturates.
    fn whole(self, objective: u64) -> Option<u64> {
        let tolerance = 2e-6 + 1e-9 * self.scaled.abs();
        if !self.scaled.is_finite() {
            return None;
        }
        if (objective as f64 - self.scaled * self.scale).abs() <= tolerance * self.scale {
            return Some(objective);
        }
        Some(if self.is_upper {
            (((self.scaled + tolerance) * self.scale).floor() as u64).max(objective)
        } else {
            (((self.scaled - tolerance) * self.scale).ceil() as u64).min(objective)
        })
    }
}

fn failure(what: &impl std::fmt::Debug) -> SolverError {
    SolverError(format!("{what:?}"))
}

/// Has a model solved in the same way on every run, with so many branch-and-bound nodes at most.
///
/// # Errors
/// The solver does not know an option.
pub fn set_options(model: &mut Model, node_limit: Option<u64>) -> Result<(), highs::TrySetOptionError> {
    let nodes = node_limit.and_then(|limit| i32::try_from(limit).ok()).unwrap_or(i32::MAX);
    model.try_set_option("threads", 1)?;
    model.try_set_option("parallel", "off")?;
    model.try_set_option("random_seed", 0)?;
    model.try_set_option("mip_rel_gap", 0.0)?;
    model.try_set_option("mip_abs_gap", 0.0)?;
    model.try_set_option("mip_max_nodes", nodes)
}

/// Branch-and-bound nodes of a run.
#[must_use]
#[expect(unsafe_code, reason = "the safe binding of HiGHS cannot read 64-bit figures")]
pub fn node_count(solved: &SolvedModel) -> u64 {
    let mut nodes: i64 = 0;
    // SAFETY: the pointer is that of a live model, and HiGHS writes one 64-bit integer.
    let status = unsafe {
        highs_sys::Highs_getInt64InfoValue(solved.as_ptr(), c"mip_node_count".as_ptr(), &raw mut nodes)
    };
    if status == highs_sys::STATUS_OK { u64::try_from(nodes).unwrap_or(0) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_pick_is_found_and_bounded() {
        // A knapsack of 5: weights 4, 3, 2 in sizes 3, 2, 2. The best is 4 + 3 = 7.
        let mut programme = Programme::new(4);
        let items = [(4, 3.0), (3, 2.0), (2, 2.0)].map(|(weight, size)| (programme.binary(weight), size));
        programme.at_most(5.0, items.to_vec());
        let answer = programme.maximise(None).expect("solved");
        assert_eq!((answer.bound(7), answer.bound(4)), (Some(7), Some(7)));
        let picked: Vec<bool> = answer.values.expect("a solution").iter().map(|value| *value > 0.5).collect();
        assert_eq!(picked, [true, true, false]);
    }

    #[test]
    fn a_bound_is_rounded_to_what_it_surely_allows() {
        let above = |scaled, scale, objective| Bound { scaled, scale, is_upper: true }.whole(objective);
        assert_eq!(above(7.999_999, 1.0, 8), Some(8));
        assert_eq!(above(7.9, 1.0, 5), Some(7));
        assert_eq!(above(0.5, 1_024.0, 100), Some(512));
        assert_eq!(above(7.9, 1.0, 9), Some(9));
        assert_eq!(above(f64::INFINITY, 1.0, 5), None);
        let below = |scaled, objective| Bound { scaled, scale: 1.0, is_upper: false }.whole(objective);
        assert_eq!(below(7.000_001, 7), Some(7));
        assert_eq!(below(7.1, 9), Some(8));
        assert_eq!(below(-3.0, 9), Some(0));
        assert_eq!(below(f64::NAN, 9), None);
    }

    #[test]
    fn a_programme_without_solution_is_an_error_that_says_so() {
        let mut programme = Programme::new(1);
        let item = programme.binary(1);
        programme.at_least(2.0, vec![(item, 1.0)]);
        let error = programme.minimise(None).expect_err("infeasible");
        assert!(error.to_string().contains("Infeasible"), "{error}");
    }
}
