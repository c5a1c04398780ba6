//! The exact optimiser: a plan with the least travel that meets every rule, or the proof that no
//! plan does.
//!
//! Model: hub-based assignment (Hess, Weaver, Siegfeldt, Whelan & Zitlau 1965, Operations Research
//! 13:998–1006). x[i,h] = 1 if unit i is in the zone led by h; the zone of h exists if it contains
//! the unit u(h) in which h stands. Minimise Σ cost[i][h]·x[i,h] so that every unit is in one zone,
//! x[i,h] ≤ x[u(h),h], and every zone holds the demand and the resources it needs.
//!
//! Contiguity: separator cuts x[a,h] ≤ Σ_{c∈C} x[c,h] (Oehrlein & Haunert 2017, JOSIS 15:89–120;
//! Validi, Buchanan & Lykhovyd 2022, Operations Research 70:867–892) for each set C of units
//! without which a cannot be reached from u(h). Those around single units stand in the model from
//! the start; others are added in rounds, until the optimum is contiguous.
//!
//! The solver works in floating point with tolerances, so its answer is read as a proposal only:
//! every zone is checked in whole numbers, and one that is short of a need is cut off too, by
//! x[u(h),h] ≤ Σ x[i,h] over the units i outside it. The answer therefore meets every rule exactly.
//!
//! One thread, a fixed seed and a limit of nodes instead of time: the same problem gives the same
//! plan on every run.

use super::certificate::{Certificate, Effort, SolverBound, Status};
use super::contiguity::Adjacency;
use super::infeasibility::{Infeasibility, diagnose};
use super::needs::{needs, shortages};
use super::plan::Plan;
use super::problem::{Problem, ProblemError};
use super::reach::Reach;
use super::separator::separator;
use highs::{Col, HighsModelStatus, HighsSolutionStatus, Model, RowProblem, Sense, SolvedModel};
use std::collections::BTreeSet;

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

/// The best plan, or the reasons why there is none. `node_limit` bounds the branch-and-bound nodes
/// of all rounds together; without it the search always ends with a proof, but may take long.
///
/// # Errors
/// A badly formed problem, or a failure of the solver.
pub fn solve(problem: &Problem, node_limit: Option<u64>) -> Result<Outcome, ExactError> {
    problem.validate()?;
    let adjacency = Adjacency::new(problem.units.len(), &problem.neighbours);
    let reach = Reach::new(problem, &adjacency);
    let reasons = diagnose(problem, &adjacency, &reach);
    if !reasons.is_empty() {
        return Ok(infeasible(problem, reasons, Effort::default()));
    }
    Search::new(problem, &adjacency, &reach, node_limit).run()
}

fn infeasible(problem: &Problem, reasons: Vec<Infeasibility>, effort: Effort) -> Outcome {
    Outcome { plan: None, reasons, certificate: Certificate::infeasible(problem, effort) }
}

/// x[unit, lead] ≤ Σ x[c, lead] over the supports c.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cut {
    lead: usize,
    unit: usize,
    supports: Vec<usize>,
}

struct Search<'a> {
    problem: &'a Problem,
    adjacency: &'a Adjacency,
    /// By lead: the units its zone can contain, in order.
    reach: &'a [Vec<usize>],
    /// By lead, by unit: the same as a table.
    domain: Vec<Vec<bool>>,
    /// By lead, by unit: the variable x, where there is one.
    columns: Vec<Vec<Option<Col>>>,
    /// Objective units in one unit of the solver's objective.
    scale: f64,
    cuts: BTreeSet<Cut>,
    node_limit: Option<u64>,
    effort: Effort,
}

impl<'a> Search<'a> {
    fn new(
        problem: &'a Problem,
        adjacency: &'a Adjacency,
        reach: &'a Reach,
        node_limit: Option<u64>,
    ) -> Self {
        let units = problem.units.len();
        let domain = reach
            .sufficient
            .iter()
            .map(|units_of_lead| {
                let mut inside = vec![false; units];
                units_of_lead.iter().for_each(|unit| inside[*unit] = true);
                inside
            })
            .collect();
        Self {
            problem,
            adjacency,
            reach: &reach.sufficient,
            domain,
            columns: vec![vec![None; units]; problem.leads.len()],
            scale: scale(problem),
            cuts: BTreeSet::new(),
            node_limit,
            effort: Effort::default(),
        }
    }

    fn run(mut self) -> Result<Outcome, ExactError> {
        let rows = self.build();
        let mut model = rows.try_optimise(Sense::Minimise).map_err(|status| self.failure(&status))?;
        loop {
            self.effort.rounds += 1;
            self.set_options(&mut model)?;
            let solved = model.try_solve().map_err(|status| self.failure(&status))?;
            self.effort.nodes += node_count(&solved);
            let status = match solved.status() {
                HighsModelStatus::Optimal | HighsModelStatus::ModelEmpty => Status::Optimal,
                HighsModelStatus::ReachedSolutionLimit => Status::NodeLimit,
                HighsModelStatus::Infeasible | HighsModelStatus::UnboundedOrInfeasible => {
                    return Ok(infeasible(self.problem, vec![Infeasibility::NoCombination], self.effort));
                }
                other => return Err(self.failure(&other)),
            };
            let zones = self.zones(&solved);
            let violated = zones.as_deref().map(|zones| self.violated(zones)).unwrap_or_default();
            if violated.is_empty() || status == Status::NodeLimit {
                return Ok(self.outcome(status, zones.filter(|_| violated.is_empty()), &solved));
            }
            model = Model::from(solved);
            self.add_cuts(&mut model, violated)?;
        }
    }

    fn failure(&self, what: &impl std::fmt::Debug) -> ExactError {
        ExactError::Solver {
            round: self.effort.rounds,
            model_sha256: self.problem.sha256(),
            what: format!("{what:?}"),
        }
    }

    fn build(&mut self) -> RowProblem {
        let mut rows = RowProblem::default();
        for (lead, units) in self.reach.iter().enumerate() {
            for &unit in units {
                let cost = self.problem.cost[unit][lead].unwrap_or_default() as f64 / self.scale;
                self.columns[lead][unit] = Some(rows.add_integer_column(cost, 0..=1));
            }
        }
        self.add_assignment(&mut rows);
        self.add_needs(&mut rows);
        self.add_zone_count(&mut rows);
        let cuts: BTreeSet<Cut> = self.first_cuts().collect();
        for cut in &cuts {
            rows.add_row(0.., self.terms(cut));
        }
        self.cuts = cuts;
        rows
    }

    /// Σ_h x[i,h] = 1.
    fn add_assignment(&self, rows: &mut RowProblem) {
        for unit in 0..self.problem.units.len() {
            let choices = self.columns.iter().filter_map(|columns| columns[unit]);
            rows.add_row(1..=1, choices.map(|column| (column, 1.0)).collect::<Vec<_>>());
        }
    }

    /// Σ_i min(1, held[i] ÷ least)·x[i,h] ≥ x[u(h),h] for each need. A share so small that the
    /// solver would drop it is raised, which never forbids a plan.
    fn add_needs(&self, rows: &mut RowProblem) {
        const SMALLEST_SHARE: f64 = 1e-8;
        for (need, least) in needs(self.problem).filter(|(_, least)| *least > 0) {
            for (lead, units) in self.reach.iter().enumerate().filter(|(_, units)| !units.is_empty()) {
                let own = self.problem.leads[lead].unit;
                let shares = units.iter().filter_map(|&unit| {
                    let held = need.held(self.problem, unit);
                    let share =
                        if held == 0 { 0.0 } else { (held as f64 / least as f64).clamp(SMALLEST_SHARE, 1.0) };
                    let factor = if unit == own { share - 1.0 } else { share };
                    self.columns[lead][unit].filter(|_| factor != 0.0).map(|column| (column, factor))
                });
                rows.add_row(0.., shares.collect::<Vec<_>>());
            }
        }
    }

    /// least ≤ Σ_h x[u(h),h] ≤ most.
    fn add_zone_count(&self, rows: &mut RowProblem) {
        let zones: Vec<(Col, f64)> =
            (0..self.reach.len()).filter_map(|lead| Some((self.own_column(lead)?, 1.0))).collect();
        let least = self.problem.zone_count.least as f64;
        match self.problem.zone_count.most {
            Some(most) => rows.add_row(least..=most as f64, zones),
            None => rows.add_row(least.., zones),
        }
    }

    fn own_column(&self, lead: usize) -> Option<Col> {
        self.columns[lead][self.problem.leads[lead].unit]
    }

    /// No unit without the lead's own one, and none without a neighbour on the way there.
    fn first_cuts(&self) -> impl Iterator<Item = Cut> + '_ {
        self.reach.iter().enumerate().flat_map(move |(lead, units)| {
            let own = self.problem.leads[lead].unit;
            units.iter().filter(move |unit| **unit != own).flat_map(move |&unit| {
                let way = separator(self.adjacency, &self.domain[lead], own, &[unit]);
                [vec![own], way].map(|supports| Cut { lead, unit, supports })
            })
        })
    }

    fn terms(&self, cut: &Cut) -> Vec<(Col, f64)> {
        let columns = &self.columns[cut.lead];
        let supports = cut.supports.iter().filter_map(|unit| columns[*unit]).map(|column| (column, 1.0));
        columns[cut.unit].map(|column| (column, -1.0)).into_iter().chain(supports).collect()
    }

    fn set_options(&self, model: &mut Model) -> Result<(), ExactError> {
        let left = self.node_limit.map(|limit| limit.saturating_sub(self.effort.nodes));
        let nodes = left.and_then(|left| i32::try_from(left).ok()).unwrap_or(i32::MAX);
        let mut set = || {
            model.try_set_option("threads", 1)?;
            model.try_set_option("parallel", "off")?;
            model.try_set_option("random_seed", 0)?;
            model.try_set_option("presolve", "on")?;
            model.try_set_option("mip_rel_gap", 0.0)?;
            model.try_set_option("mip_abs_gap", 0.0)?;
            model.try_set_option("mip_max_nodes", nodes)
        };
        set().map_err(|error: highs::TrySetOptionError| self.failure(&error))
    }

    /// The zones as the solver proposes them, lead and units; `None` = it has none to propose.
    fn zones(&self, solved: &SolvedModel) -> Option<Vec<(usize, Vec<usize>)>> {
        if solved.status() != HighsModelStatus::ModelEmpty
            && solved.primal_solution_status() != HighsSolutionStatus::Feasible
        {
            return None;
        }
        let solution = solved.get_solution();
        let chosen = |column: Col| solution.columns().get(column.index()).is_some_and(|x| *x > 0.5);
        let zones = self.columns.iter().enumerate().map(|(lead, columns)| {
            let inside = |unit: &usize| columns[*unit].is_some_and(chosen);
            (lead, (0..columns.len()).filter(inside).collect::<Vec<_>>())
        });
        Some(zones.filter(|(_, units)| !units.is_empty()).collect())
    }

    /// Cuts that the zones violate; none if they meet every rule.
    fn violated(&self, zones: &[(usize, Vec<usize>)]) -> Vec<Cut> {
        zones
            .iter()
            .flat_map(|(lead, units)| {
                let mut cuts = self.contiguity_cuts(*lead, units);
                cuts.extend(self.need_cut(*lead, units));
                cuts
            })
            .collect()
    }

    fn contiguity_cuts(&self, lead: usize, units: &[usize]) -> Vec<Cut> {
        let own = self.problem.leads[lead].unit;
        let pieces = self.adjacency.components(|unit| units.binary_search(&unit).is_ok());
        let loose = pieces.iter().filter(|piece| !piece.contains(&own));
        loose
            .flat_map(|piece| {
                let supports = separator(self.adjacency, &self.domain[lead], own, piece);
                piece.iter().map(move |&unit| Cut { lead, unit, supports: supports.clone() })
            })
            .collect()
    }

    fn need_cut(&self, lead: usize, units: &[usize]) -> Option<Cut> {
        if shortages(self.problem, units).is_empty() {
            return None;
        }
        let outside = |unit: &usize| units.binary_search(unit).is_err();
        let supports = self.reach[lead].iter().copied().filter(outside).collect();
        Some(Cut { lead, unit: self.problem.leads[lead].unit, supports })
    }

    fn add_cuts(&mut self, model: &mut Model, violated: Vec<Cut>) -> Result<(), ExactError> {
        let mut progress = false;
        for cut in violated {
            model.try_add_row(0.., self.terms(&cut)).map_err(|status| self.failure(&status))?;
            progress |= self.cuts.insert(cut);
        }
        if progress { Ok(()) } else { Err(self.failure(&"a cut of the model was not obeyed")) }
    }

    fn outcome(
        &self,
        status: Status,
        zones: Option<Vec<(usize, Vec<usize>)>>,
        solved: &SolvedModel,
    ) -> Outcome {
        let plan = zones.map(|zones| self.plan(zones));
        let objective = plan.as_ref().map(|plan| self.objective(plan));
        let bound = SolverBound { scaled: self.bound(solved), scale: self.scale };
        let certificate = Certificate::bounded(self.problem, status, objective, bound, self.effort);
        Outcome { plan, reasons: Vec::new(), certificate }
    }

    fn bound(&self, solved: &SolvedModel) -> f64 {
        if self.problem.units.is_empty() {
            return 0.0;
        }
        solved.double_info_value(c"mip_dual_bound").unwrap_or(f64::NEG_INFINITY)
    }

    /// Zones numbered in the order of their first units.
    fn plan(&self, mut zones: Vec<(usize, Vec<usize>)>) -> Plan {
        zones.sort_unstable_by_key(|(_, units)| units.first().copied());
        let mut zone_of_unit = vec![0; self.problem.units.len()];
        for (zone, (_, units)) in zones.iter().enumerate() {
            units.iter().for_each(|unit| zone_of_unit[*unit] = zone);
        }
        Plan { zone_of_unit, lead_of_zone: zones.iter().map(|(lead, _)| Some(*lead)).collect() }
    }

    fn objective(&self, plan: &Plan) -> u64 {
        let costs = plan.zone_of_unit.iter().zip(&self.problem.cost);
        costs.filter_map(|(zone, costs)| costs[plan.lead_of_zone[*zone]?]).sum()
    }
}

/// Objective units in one unit of the solver's objective: a power of two, so that dividing by it is
/// exact, which brings the highest cost down to the order of 10⁵, where the solver's absolute
/// tolerances suit.
fn scale(problem: &Problem) -> f64 {
    const HIGHEST: u64 = 1 << 17;
    let highest = problem.cost.iter().flatten().flatten().copied().max().unwrap_or(0);
    (0..u64::BITS).find(|shift| highest >> shift <= HIGHEST).map_or(1.0, |shift| (1u64 << shift) as f64)
}

/// Branch-and-bound nodes of the last run.
fn node_count(solved: &SolvedModel) -> u64 {
    let mut nodes: i64 = 0;
    // SAFETY: the pointer is that of a live model, and HiGHS writes one 64-bit integer. The safe
    // binding offers no way to read 64-bit figures.
    let status = unsafe {
        highs_sys::Highs_getInt64InfoValue(solved.as_ptr(), c"mip_node_count".as_ptr(), &raw mut nodes)
    };
    if status == highs_sys::STATUS_OK { u64::try_from(nodes).unwrap_or(0) } else { 0 }
}
