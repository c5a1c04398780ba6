//! The zoning as rows and columns of a mixed-integer programme, and the cuts that zones violate.

use crate::zoning::certificate::tolerance;
use crate::zoning::contiguity::Adjacency;
use crate::zoning::min_cut::Flow;
use crate::zoning::needs::{Need, needs, shortages};
use crate::zoning::plan::Plan;
use crate::zoning::problem::Problem;
use crate::zoning::reach::Reach;
use crate::zoning::separator::separator;
use highs::{Col, RowProblem};

/// x[unit, lead] ≤ Σ x[s, lead] over the supports s.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cut {
    lead: usize,
    unit: usize,
    supports: Vec<usize>,
}

/// The weight of a whole unit, where fractions are weighed in whole numbers.
const WHOLE: f64 = 1e6;
/// A cut violated by less than this part of [`WHOLE`] is not worth a row.
const VIOLATION: u64 = 10_000;

/// A lead with the units of its zone, in order.
pub(super) type Zone = (usize, Vec<usize>);

/// The variables, and what each row is made of.
pub(super) struct Formulation<'a> {
    problem: &'a Problem,
    adjacency: &'a Adjacency,
    /// By lead: the units its zone can contain, in order.
    reach: &'a [Vec<usize>],
    /// By lead, by unit: the same as a table.
    domain: Vec<Vec<bool>>,
    /// By lead, by unit: the variable x, where there is one.
    columns: Vec<Vec<Option<Col>>>,
    /// Objective units in one unit of the solver's objective.
    pub(super) scale: f64,
}

impl<'a> Formulation<'a> {
    /// The formulation, and its rows without any cut.
    pub(super) fn new(
        problem: &'a Problem,
        adjacency: &'a Adjacency,
        reach: &'a Reach,
    ) -> (Self, RowProblem) {
        let units = problem.units.len();
        let mut formulation = Self {
            problem,
            adjacency,
            reach: &reach.sufficient,
            domain: vec![vec![false; units]; problem.leads.len()],
            columns: vec![vec![None; units]; problem.leads.len()],
            scale: scale(problem),
        };
        let mut rows = RowProblem::default();
        for (lead, units) in formulation.reach.iter().enumerate() {
            for &unit in units {
                let cost = problem.cost[unit][lead].unwrap_or_default() as f64 / formulation.scale;
                formulation.domain[lead][unit] = true;
                formulation.columns[lead][unit] = Some(rows.add_integer_column(cost, 0..=1));
            }
        }
        formulation.add_assignment(&mut rows);
        formulation.add_needs(&mut rows);
        formulation.add_zone_count(&mut rows);
        (formulation, rows)
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
                let own = self.own(lead);
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
        let own_columns = (0..self.reach.len()).filter_map(|lead| self.columns[lead][self.own(lead)]);
        let zones: Vec<(Col, f64)> = own_columns.map(|column| (column, 1.0)).collect();
        let least = self.problem.zone_count.least as f64;
        match self.problem.zone_count.most {
            Some(most) => rows.add_row(least..=most as f64, zones),
            None => rows.add_row(least.., zones),
        }
    }

    /// The unit in which a lead stands.
    fn own(&self, lead: usize) -> usize {
        self.problem.leads[lead].unit
    }

    /// The cuts that the model holds from the start: no unit without the lead's own one, and none
    /// without a neighbour on the way there.
    pub(super) fn first_cuts(&self) -> impl Iterator<Item = Cut> + '_ {
        self.reach.iter().enumerate().flat_map(move |(lead, units)| {
            let own = self.own(lead);
            units.iter().filter(move |unit| **unit != own).flat_map(move |&unit| {
                let way = separator(self.adjacency, &self.domain[lead], own, &[unit]);
                [vec![own], way].map(|supports| Cut { lead, unit, supports })
            })
        })
    }

    /// A cut as the terms of a row that must not be negative.
    pub(super) fn terms(&self, cut: &Cut) -> Vec<(Col, f64)> {
        let columns = &self.columns[cut.lead];
        let supports = cut.supports.iter().filter_map(|unit| columns[*unit]).map(|column| (column, 1.0));
        columns[cut.unit].map(|column| (column, -1.0)).into_iter().chain(supports).collect()
    }

    /// Cuts that fractions of units in zones violate by more than a hundredth.
    pub(super) fn violated_by_fractions(&self, values: &[f64]) -> Vec<Cut> {
        let existing = (0..self.reach.len()).filter(|lead| !self.reach[*lead].is_empty());
        existing
            .flat_map(|lead| {
                let weights = self.weights(lead, values);
                let mut cuts = self.fractional_need_cuts(lead, &weights);
                cuts.extend(self.fractional_contiguity_cuts(lead, &weights));
                cuts
            })
            .collect()
    }

    /// By unit: how much of it is in the zone of a lead, in parts of [`WHOLE`].
    fn weights(&self, lead: usize, values: &[f64]) -> Vec<u64> {
        let weight = |column: &Option<Col>| {
            let value = column.and_then(|column| values.get(column.index())).copied().unwrap_or(0.0);
            (value * WHOLE).round().clamp(0.0, WHOLE) as u64
        };
        self.columns[lead].iter().map(weight).collect()
    }

    /// Exact: a least separator for every unit.
    fn fractional_contiguity_cuts(&self, lead: usize, weights: &[u64]) -> Vec<Cut> {
        let (own, domain) = (self.own(lead), &self.domain[lead]);
        let flow = Flow::new(self.adjacency, domain, own, weights);
        let parts = self.reach[lead].iter().filter(|unit| weights[**unit] > VIOLATION);
        parts
            .filter_map(|&unit| {
                let cut = flow.cut_below(unit, weights[unit] - VIOLATION)?;
                let inside = |at: usize| domain[at] && cut.binary_search(&at).is_err();
                let piece = self.adjacency.reachable(unit, inside);
                Some(Cut { lead, unit, supports: separator(self.adjacency, domain, own, &piece) })
            })
            .collect()
    }

    /// Greedy: for each need, the core of the zone takes in the heaviest unit of its border as long
    /// as it stays short.
    fn fractional_need_cuts(&self, lead: usize, weights: &[u64]) -> Vec<Cut> {
        needs(self.problem)
            .filter_map(|(need, least)| self.fractional_need_cut(lead, weights, need, least))
            .collect()
    }

    fn fractional_need_cut(&self, lead: usize, weights: &[u64], need: Need, least: u64) -> Option<Cut> {
        let own = self.own(lead);
        let mut core = vec![own];
        let mut held = need.held(self.problem, own);
        while held < least {
            let border = self.border(lead, &core);
            let weight: u64 = border.iter().map(|unit| weights[*unit]).sum();
            if weight + VIOLATION < weights[own] {
                return Some(Cut { lead, unit: own, supports: border });
            }
            let stays_short = |unit: &usize| held + need.held(self.problem, *unit) < least;
            let next = border.into_iter().filter(stays_short).max_by_key(|unit| weights[*unit])?;
            held += need.held(self.problem, next);
            core.push(next);
        }
        None
    }

    /// The zones to which the variables put the units.
    pub(super) fn zones(&self, values: &[f64]) -> Vec<Zone> {
        let chosen = |column: Col| values.get(column.index()).is_some_and(|value| *value > 0.5);
        let zones = self.columns.iter().enumerate().map(|(lead, columns)| {
            let inside = |unit: &usize| columns[*unit].is_some_and(chosen);
            (lead, (0..columns.len()).filter(inside).collect::<Vec<_>>())
        });
        zones.filter(|(_, units)| !units.is_empty()).collect()
    }

    /// Cuts that zones violate; none if they meet every rule.
    pub(super) fn violated_by_zones(&self, zones: &[Zone]) -> Vec<Cut> {
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
        let own = self.own(lead);
        let pieces = self.adjacency.components(|unit| units.binary_search(&unit).is_ok());
        let loose = pieces.iter().filter(|piece| !piece.contains(&own));
        loose
            .flat_map(|piece| {
                let supports = separator(self.adjacency, &self.domain[lead], own, piece);
                piece.iter().map(move |&unit| Cut { lead, unit, supports: supports.clone() })
            })
            .collect()
    }

    /// The part of a zone around its lead, if it is short of a need, has to grow.
    fn need_cut(&self, lead: usize, units: &[usize]) -> Option<Cut> {
        let own = self.own(lead);
        let core = self.adjacency.reachable(own, |unit| units.binary_search(&unit).is_ok());
        let short = !shortages(self.problem, &core).is_empty();
        short.then(|| Cut { lead, unit: own, supports: self.border(lead, &core) })
    }

    /// The units of the domain of a lead that are next to these, in order.
    fn border(&self, lead: usize, units: &[usize]) -> Vec<usize> {
        let beside = units.iter().flat_map(|unit| self.adjacency.of(*unit)).copied();
        let mut border: Vec<usize> =
            beside.filter(|unit| self.domain[lead][*unit] && !units.contains(unit)).collect();
        border.sort_unstable();
        border.dedup();
        border
    }

    /// The zones as a plan, numbered in the order of their first units, with its objective.
    pub(super) fn plan(&self, mut zones: Vec<Zone>) -> (Plan, u64) {
        zones.sort_unstable_by_key(|(_, units)| units.first().copied());
        let mut zone_of_unit = vec![0; self.problem.units.len()];
        let mut objective = 0;
        for (zone, (lead, units)) in zones.iter().enumerate() {
            for &unit in units {
                zone_of_unit[unit] = zone;
                objective += self.problem.cost[unit][*lead].unwrap_or_default();
            }
        }
        (Plan { zone_of_unit, lead_of_zone: zones.iter().map(|(lead, _)| Some(*lead)).collect() }, objective)
    }

    /// The row that admits only plans better than this objective by more than the solver's
    /// tolerance: its upper limit and its terms.
    pub(super) fn better_than(&self, objective: u64) -> (f64, Vec<(Col, f64)>) {
        let scaled = objective as f64 / self.scale;
        let margin = tolerance(scaled).max(self.scale.recip());
        let costs = |(lead, columns): (usize, &Vec<Option<Col>>)| {
            let cost = |unit: usize| self.problem.cost[unit][lead].unwrap_or_default() as f64 / self.scale;
            let terms = columns.iter().enumerate();
            terms.filter_map(|(unit, column)| Some(((*column)?, cost(unit)))).collect::<Vec<_>>()
        };
        (scaled - margin, self.columns.iter().enumerate().flat_map(costs).collect())
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
