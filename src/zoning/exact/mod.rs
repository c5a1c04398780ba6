//! The exact optimiser: a plan with the least travel that meets every rule, or the proof that no
//! plan does.
//!
//! Model: hub-based assignment (Hess, Weaver, Siegfeldt, Whelan & Zitlau 1965, Operations Research
//! 13:998–1006). x[i,h] = 1 if unit i is in the zone led by h; the zone of h exists if it contains
//! the unit u(h) in which h stands. Minimise Σ cost[i][h]·x[i,h] so that every unit is in one zone,
//! x[i,h] ≤ x[u(h),h], and every zone holds the demand and the resources it needs.
//!
//! Contiguity: separator cuts x[a,h] ≤ Σ_{c∈C} x[c,h] (Oehrlein & Haunert 2017, JOSIS 15:89–120;
//! Validi, Buchanan & Lykhovyd 2022, Operations Research 70:867–892) for sets C of units without
//! which a cannot be reached from u(h). Those around single units stand in the model from the start.
//! More are added in rounds: first those that the optimum of the relaxation with fractional x
//! violates, found by minimum cuts, then those that the whole-numbered optimum violates, until it is
//! contiguous.
//!
//! Needs are cut in the same way: a contiguous zone whose core S around u(h) is short of a need has
//! to go on over the border of S, so x[u(h),h] ≤ Σ x[c,h] over the units c next to S. Without these
//! cuts the relaxation is far from the optimum wherever few units hold a resource.
//!
//! The solver works in floating point with tolerances, so its answer is read as a proposal only.
//! Every zone is checked in whole numbers and cut off if it breaks a rule: the answer meets every
//! rule exactly. And where the solver calls a plan optimal with a bound that does not say so, it is
//! asked once more for a better plan, until it finds that there is none.
//!
//! A plan to begin with comes from the search engine. Variables whose reduced cost in the relaxation
//! says that every plan with them is worse are fixed at zero.
//!
//! One thread, a fixed seed and a limit of nodes instead of time: the same problem gives the same
//! plan on every run.

mod conditions;
mod model;
mod watch;

pub use watch::{Standing, Watch};

use super::certificate::{Certificate, Effort, SolverBound, Status, tolerance};
use super::contiguity::Adjacency;
use super::infeasibility::{Infeasibility, diagnose};
use super::plan::Plan;
use super::problem::{Problem, ProblemError};
use super::reach::Reach;
use super::score::Scorer;
use super::search::{Effort as FirstSearch, search as first_search};
use crate::solver::{node_count, set_options};
use highs::{Col, HighsModelStatus, HighsSolutionStatus, Model, Sense, SolvedModel};
use model::{Cut, Formulation, Zone};
use std::collections::BTreeSet;
use watch::Ear;

/// The answer to a problem.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The best plan; with [`Status::NodeLimit`] the best one found, if any.
    pub plan: Option<Plan>,
    /// Why there is no plan; empty unless the status is [`Status::Infeasible`].
    pub reasons: Vec<Infeasibility>,
    /// What is proven.
    pub certificate: Certificate,
}

/// No answer could be given.
#[derive(Debug, thiserror::Error)]
pub enum ExactError {
    /// The problem is badly formed.
    #[error(transparent)]
    Problem(#[from] ProblemError),
    /// The solver gave up for a reason other than the problem itself.
    #[error(
        "HiGHS failed in round {round} of the zoning model {model_sha256}: {what}; please report the study"
    )]
    Solver {
        /// Round of cuts, counted from 1.
        round: u32,
        /// SHA-256 of the problem.
        model_sha256: String,
        /// What happened.
        what: String,
    },
}

/// Steps of the search that gives the first plan where none is given, by unit: well under a second for
/// a prefecture.
const STEPS_PER_UNIT: u64 = 200;

/// What a search is given beside the problem.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    /// Limit of the branch-and-bound nodes of all rounds together; without it the search always ends
    /// with a proof, but may take long.
    pub node_limit: Option<u64>,
    /// Plans to begin with. Those that break a rule or are excluded are passed over; if none is left,
    /// the search engine looks for one.
    pub starts: &'a [Plan],
    /// Plans that are not wanted (again), whoever leads their zones.
    pub excluded: &'a [Plan],
    /// Listens to the search and may end it.
    pub watch: Option<&'a dyn Watch>,
}

/// The best plan, or the reasons why there is none.
///
/// # Errors
/// A badly formed problem, or a failure of the solver.
pub fn solve(problem: &Problem, node_limit: Option<u64>) -> Result<Outcome, ExactError> {
    solve_with(problem, &Options { node_limit, ..Options::default() })
}

/// The same with more options.
///
/// # Errors
/// A badly formed problem, or a failure of the solver.
pub fn solve_with(problem: &Problem, options: &Options<'_>) -> Result<Outcome, ExactError> {
    problem.validate()?;
    let adjacency = problem.adjacency();
    let reach = Reach::new(problem, &adjacency);
    let reasons = diagnose(problem, &adjacency, &reach);
    if !reasons.is_empty() {
        let certificate = Certificate::new(problem, Status::Infeasible, None, None, Effort::default());
        return Ok(Outcome { plan: None, reasons, certificate });
    }
    if problem.units.is_empty() {
        let certificate = Certificate::new(problem, Status::Optimal, Some(0), Some(0), Effort::default());
        return Ok(Outcome { plan: Some(Plan::default()), reasons, certificate });
    }
    Search::run(problem, &adjacency, &reach, options)
}

/// A search under way.
struct Search<'a> {
    problem: &'a Problem,
    adjacency: &'a Adjacency,
    scorer: Scorer<'a>,
    formulation: Formulation<'a>,
    cuts: BTreeSet<Cut>,
    /// Partitions that are not wanted.
    excluded: BTreeSet<Vec<usize>>,
    node_limit: Option<u64>,
    watch: Option<&'a dyn Watch>,
    /// Objective of the last relaxation, in the solver's scaled unit.
    relaxed: f64,
    effort: Effort,
    /// The best plan so far that meets every rule, with its objective.
    best: Option<(Plan, u64)>,
}

/// What became of the relaxation.
enum Relaxed {
    /// It violates no cut any more.
    Tight(Model),
    /// It has no solution.
    Impossible,
    /// The listener ended it.
    Interrupted,
}

/// What a solution turned out to be.
enum Reading {
    /// There is none.
    Nothing,
    /// Its zones violate these cuts.
    Violates(Vec<Cut>),
    /// Its zones are no better than the best plan, not wanted, or break a rule within the tolerance
    /// of the solver.
    Useless(Vec<Zone>),
    /// It is the best plan so far.
    Better,
}

impl<'a> Search<'a> {
    fn run(
        problem: &'a Problem,
        adjacency: &'a Adjacency,
        reach: &'a Reach,
        options: &Options<'a>,
    ) -> Result<Outcome, ExactError> {
        let (formulation, mut rows) = Formulation::new(problem, adjacency, reach);
        let cuts: BTreeSet<Cut> = formulation.first_cuts().collect();
        for cut in &cuts {
            rows.add_row(0.., formulation.terms(cut));
        }
        for plan in options.excluded {
            formulation.add_excluded(&mut rows, plan);
        }
        let mut search = Self {
            problem,
            adjacency,
            scorer: Scorer::new(problem),
            formulation,
            cuts,
            excluded: options.excluded.iter().map(Plan::partition).collect(),
            node_limit: options.node_limit,
            watch: options.watch,
            relaxed: f64::NEG_INFINITY,
            effort: Effort::default(),
            best: None,
        };
        for plan in options.starts {
            search.begin_with(plan);
        }
        if search.best.is_none() {
            let effort = FirstSearch { seed: 0, steps: STEPS_PER_UNIT * problem.units.len() as u64 };
            let found = first_search(problem, effort, |_| ())?;
            if let Some(found) = found {
                search.begin_with(&found.plan);
            }
        }
        if search.best.as_ref().is_some_and(|(_, objective)| *objective == 0) {
            // Nothing is better than nothing.
            return Ok(search.outcome(Status::Optimal, Some(0)));
        }
        let model = rows.try_optimise(Sense::Minimise).map_err(|status| search.failure(&status))?;
        match search.tighten(model)? {
            Relaxed::Tight(model) => search.branch(model),
            Relaxed::Impossible => Ok(search.exhausted()),
            Relaxed::Interrupted => {
                let bound = search.whole(search.relaxed);
                Ok(search.outcome(Status::Interrupted, bound))
            }
        }
    }

    fn failure(&self, what: &impl std::fmt::Debug) -> ExactError {
        ExactError::Solver {
            round: self.effort.rounds,
            model_sha256: self.problem.sha256(),
            what: format!("{what:?}"),
        }
    }

    /// Takes a given plan if it is of use.
    fn begin_with(&mut self, plan: &Plan) {
        let zones = plan.units_of_zones();
        let is_whole = plan.zone_of_unit.len() == self.problem.units.len()
            && zones.iter().map(Vec::len).sum::<usize>() == self.problem.units.len();
        let hangs_together = |units: &Vec<usize>| {
            self.adjacency.components(|unit| units.binary_search(&unit).is_ok()).len() == 1
        };
        if is_whole && zones.iter().all(hangs_together) {
            self.take(zones);
        }
    }

    /// Takes these contiguous zones as the best plan if they are; says whether they were.
    fn take(&mut self, zones: Vec<Vec<usize>>) -> bool {
        let (plan, score) = self.scorer.finish(zones);
        let is_better = self.best.as_ref().is_none_or(|(_, best)| score.objective < *best);
        let is_taken = is_better && score.breach == 0 && !self.excluded.contains(&plan.partition());
        if is_taken {
            self.best = Some((plan, score.objective));
        }
        is_taken
    }

    /// Adds the cuts that the relaxation violates.
    fn tighten(&mut self, mut model: Model) -> Result<Relaxed, ExactError> {
        loop {
            let solved = self.solve(model, true)?;
            match solved.status() {
                HighsModelStatus::Optimal => self.relaxed = solved.objective_value(),
                HighsModelStatus::Infeasible => return Ok(Relaxed::Impossible),
                HighsModelStatus::ReachedInterrupt => return Ok(Relaxed::Interrupted),
                other => return Err(self.failure(&other)),
            }
            let violated = self.formulation.violated_by_fractions(solved.get_solution().columns());
            let hopeless = if violated.is_empty() { self.hopeless(&solved) } else { Vec::new() };
            model = Model::from(solved);
            for column in hopeless {
                model.change_column_bounds(column, 0..=0);
            }
            if violated.is_empty() {
                return Ok(Relaxed::Tight(model));
            }
            self.add_cuts(&mut model, violated)?;
        }
    }

    /// Variables that are zero in every plan better than the best one so far, by their reduced costs.
    fn hopeless(&self, relaxed: &SolvedModel) -> Vec<Col> {
        let Some((_, best)) = self.best else { return Vec::new() };
        let bound = relaxed.objective_value();
        let room = best as f64 / self.formulation.scale - bound + tolerance(bound);
        let solution = relaxed.get_solution();
        let is_hopeless = |column: &Col| {
            let at = |values: &[f64]| values.get(column.index()).copied().unwrap_or_default();
            at(solution.columns()) <= 0.0 && at(solution.dual_columns()) > room
        };
        self.formulation.columns.iter().flatten().flatten().copied().filter(is_hopeless).collect()
    }

    /// Solves in whole numbers, and forbids what the solution does wrong, until there is nothing
    /// better.
    fn branch(&mut self, mut model: Model) -> Result<Outcome, ExactError> {
        loop {
            let solved = self.solve(model, false)?;
            let cut_short = match solved.status() {
                HighsModelStatus::Optimal => None,
                HighsModelStatus::ReachedSolutionLimit => Some(Status::NodeLimit),
                HighsModelStatus::ReachedInterrupt => Some(Status::Interrupted),
                HighsModelStatus::Infeasible => return Ok(self.exhausted()),
                other => return Err(self.failure(&other)),
            };
            let reading = self.read(&solved);
            let bound = self.bound(&solved);
            if let Some(status) = cut_short {
                return Ok(self.outcome(status, bound));
            }
            let best = self.best.as_ref().map(|(_, objective)| *objective);
            if best.is_some() && bound == best {
                return Ok(self.outcome(Status::Optimal, bound));
            }
            model = Model::from(solved);
            let row = match (reading, best) {
                (Reading::Violates(cuts), _) => {
                    self.add_cuts(&mut model, cuts)?;
                    continue;
                }
                (Reading::Useless(zones), _) => self.formulation.other_than(&zones),
                (Reading::Better, Some(best)) => self.formulation.better_than(best),
                (Reading::Better | Reading::Nothing, _) => return Err(self.failure(&"no solution was given")),
            };
            model.try_add_row(..=row.0, row.1).map_err(|status| self.failure(&status))?;
        }
    }

    /// Takes the plan of a solution if it is the best so far, or tells what is wrong with it.
    fn read(&mut self, solved: &SolvedModel) -> Reading {
        if solved.primal_solution_status() != HighsSolutionStatus::Feasible {
            return Reading::Nothing;
        }
        let zones = self.formulation.zones(solved.get_solution().columns());
        let violated = self.formulation.violated_by_zones(&zones);
        if !violated.is_empty() {
            return Reading::Violates(violated);
        }
        if self.take(zones.iter().map(|(_, units)| units.clone()).collect()) {
            return Reading::Better;
        }
        Reading::Useless(zones)
    }

    fn solve(&mut self, mut model: Model, relaxed: bool) -> Result<SolvedModel, ExactError> {
        self.effort.rounds += 1;
        self.set_options(&mut model, relaxed)?;
        let ear = self.watch.map(|watch| Ear {
            watch,
            objective: self.best.as_ref().map(|(_, objective)| *objective),
            scale: self.formulation.scale,
            relaxed: self.relaxed,
            nodes: self.effort.nodes,
        });
        if let Some(ear) = &ear {
            ear.listen(&mut model);
        }
        let mut solved = model.try_solve().map_err(|status| self.failure(&status))?;
        if ear.is_some() {
            watch::removed(&mut solved);
        }
        self.effort.nodes += node_count(&solved);
        Ok(solved)
    }

    fn set_options(&self, model: &mut Model, relaxed: bool) -> Result<(), ExactError> {
        let left = self.node_limit.map(|limit| limit.saturating_sub(self.effort.nodes));
        let mut set = || {
            set_options(model, left)?;
            model.try_set_option("presolve", "on")?;
            model.try_set_option("solve_relaxation", relaxed)
        };
        set().map_err(|error: highs::TrySetOptionError| self.failure(&error))
    }

    fn add_cuts(&mut self, model: &mut Model, violated: Vec<Cut>) -> Result<(), ExactError> {
        let mut progress = false;
        for cut in violated {
            let terms = self.formulation.terms(&cut);
            if self.cuts.insert(cut) {
                model.try_add_row(0.., terms).map_err(|status| self.failure(&status))?;
                progress = true;
            }
        }
        if progress { Ok(()) } else { Err(self.failure(&"a cut of the model was not obeyed")) }
    }

    fn bound(&self, solved: &SolvedModel) -> Option<u64> {
        let scaled = solved.double_info_value(c"mip_dual_bound").ok()?;
        self.whole(scaled.max(self.relaxed))
    }

    fn whole(&self, scaled: f64) -> Option<u64> {
        let objective = self.best.as_ref().map(|(_, objective)| *objective);
        SolverBound { scaled, scale: self.formulation.scale }.whole(objective)
    }

    fn outcome(&mut self, status: Status, bound: Option<u64>) -> Outcome {
        let (plan, objective) = self.best.take().unzip();
        let certificate = Certificate::new(self.problem, status, objective, bound, self.effort);
        Outcome { plan, reasons: Vec::new(), certificate }
    }

    /// There is nothing more to be found: the best plan is proven, or that there is none.
    fn exhausted(&mut self) -> Outcome {
        let objective = self.best.as_ref().map(|(_, objective)| *objective);
        if objective.is_some() {
            return self.outcome(Status::Optimal, objective);
        }
        let certificate = Certificate::new(self.problem, Status::Infeasible, None, None, self.effort);
        Outcome { plan: None, reasons: vec![Infeasibility::NoCombination], certificate }
    }
}
