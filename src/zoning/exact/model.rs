//! The zoning as rows and columns of a mixed-integer programme, and the cuts that zones violate.

use super::conditions::worth;
use crate::zoning::certificate::tolerance;
use crate::zoning::condition::ConditionKind;
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
    pub(super) problem: &'a Problem,
    adjacency: &'a Adjacency,
    /// By lead: the units its zone can contain, in order.
    pub(super) reach: &'a [Vec<usize>],
    /// By lead, by unit: the same as a table.
    domain: Vec<Vec<bool>>,
    /// By lead, by unit: the variable x, where there is one.
    pub(super) columns: Vec<Vec<Option<Col>>>,
    /// Every column that costs something, with its cost.
    pub(super) priced: Vec<(Col, f64)>,
    /// Objective units in one unit of the solver's objective.
    pub(super) scale: f64,
    /// Where the columns of breaches go, each with its amount, while a limit of a measure is made of
    /// them; otherwise they are priced.
    pub(super) ledger: Option<Vec<(Col, f64)>>,
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
            priced: Vec::new(),
            scale: scale(problem),
            ledger: None,
        };
        let mut rows = RowProblem::default();
        for (lead, units) in formulation.reach.iter().enumerate() {
            for &unit in units {
                let cost = worth(problem, &problem.objective, lead, unit) as f64 / formulation.scale;
                formulation.domain[lead][unit] = true;
                let column = rows.add_integer_column(cost, 0..=1);
                formulation.columns[lead][unit] = Some(column);
                formulation.priced.push((column, cost));
            }
        }
        formulation.add_assignment(&mut rows);
        formulation.add_needs(&mut rows);
        formulation.add_zone_count(&mut rows);
        formulation.add_conditions(&mut rows);
        (formulation, rows)
    }

    /// Σ_h x[i,h] = 1.
    fn add_assignment(&self, rows: &mut RowProblem) {
        for unit in 0..self.problem.units.len() {
            let choices = self.columns.iter().filter_map(|columns| columns[unit]);
            rows.add_row(1..=1, choices.map(|column| (column, 1.0)).collect::<Vec<_>>());
        }
    }

    /// Σ_i min(1, held[i] ÷ least)·x[i,h] ≥ x[u(h),h] for each need.
    fn add_needs(&self, rows: &mut RowProblem) {
        for (need, least) in needs(self.problem).filter(|(_, least)| *least > 0) {
            for lead in self.usable() {
                let shares = self.shares(lead, least, |unit| need.held(self.problem, unit));
                rows.add_row(0.., shares);
            }
        }
    }

    /// Terms of Σ_i min(1, held[i] ÷ least)·x[i,h] − x[u(h),h]. A share so small that the solver would
    /// drop it is raised, which never forbids a plan.
    pub(super) fn shares(&self, lead: usize, least: u64, held: impl Fn(usize) -> u64) -> Vec<(Col, f64)> {
        const SMALLEST_SHARE: f64 = 1e-8;
        let own = self.own(lead);
        let share = |unit: usize| match held(unit) {
            0 => 0.0,
            held => (held as f64 / least as f64).clamp(SMALLEST_SHARE, 1.0),
        };
        let factor = |unit: usize| if unit == own { share(unit) - 1.0 } else { share(unit) };
        let terms =
            self.reach[lead].iter().filter_map(|&unit| Some((self.columns[lead][unit]?, factor(unit))));
        terms.filter(|(_, factor)| *factor != 0.0).collect()
    }

    /// The leads that can have a zone.
    pub(super) fn usable(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.reach.len()).filter(|lead| !self.reach[*lead].is_empty())
    }

    /// The variable that says whether the zone of a lead exists.
    pub(super) fn own_column(&self, lead: usize) -> Option<Col> {
        self.columns[lead][self.own(lead)]
    }

    /// least ≤ Σ_h x[u(h),h] ≤ most.
    fn add_zone_count(&self, rows: &mut RowProblem) {
        let zones: Vec<(Col, f64)> = self.zone_terms();
        let least = self.problem.zone_count.least as f64;
        match self.problem.zone_count.most {
            Some(most) => rows.add_row(least..=most as f64, zones),
            None => rows.add_row(least.., zones),
        }
    }

    /// Forbids a partition. With e = 1 there are more zones than it has; otherwise some unit is in a
    /// zone whose lead stands in another of its zones.
    pub(super) fn add_excluded(&self, rows: &mut RowProblem, plan: &Plan) {
        let more = rows.add_integer_column(0.0, 0..=1);
        let mut zones = self.zone_terms();
        zones.push((more, -(plan.zones() as f64 + 1.0)));
        rows.add_row(0.., zones);
        let zone_of = |unit: usize| plan.zone_of_unit.get(unit);
        let mut same: Vec<(Col, f64)> = vec![(more, -1.0)];
        for lead in self.usable() {
            let own = zone_of(self.own(lead));
            let units = self.reach[lead].iter().filter(|unit| zone_of(**unit) == own);
            same.extend(units.filter_map(|unit| self.columns[lead][*unit]).map(|column| (column, 1.0)));
        }
        rows.add_row(..=self.problem.units.len() as f64 - 1.0, same);
    }

    /// Terms of the number of zones.
    pub(super) fn zone_terms(&self) -> Vec<(Col, f64)> {
        self.usable().filter_map(|lead| self.own_column(lead)).map(|column| (column, 1.0)).collect()
    }

    /// The unit in which a lead stands.
    pub(super) fn own(&self, lead: usize) -> usize {
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
        self.usable()
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

    /// The row that forbids to choose all these zones with these leads again: its upper limit and its
    /// terms.
    pub(super) fn other_than(&self, zones: &[Zone]) -> (f64, Vec<(Col, f64)>) {
        let chosen = |(lead, units): &Zone| {
            let columns = units.iter().filter_map(|unit| self.columns[*lead][*unit]);
            columns.map(|column| (column, 1.0)).collect::<Vec<_>>()
        };
        (self.problem.units.len() as f64 - 1.0, zones.iter().flat_map(chosen).collect())
    }

    /// The row that admits only plans better than this objective by more than the solver's
    /// tolerance: its upper limit and its terms.
    pub(super) fn better_than(&self, objective: u64) -> (f64, Vec<(Col, f64)>) {
        let scaled = objective as f64 / self.scale;
        let margin = tolerance(scaled).max(self.scale.recip());
        (scaled - margin, self.priced.clone())
    }
}

/// Objective units in one unit of the solver's objective: a power of two, so that dividing by it is
/// exact, which brings the highest cost down to the order of 10⁵, where the solver's absolute
/// tolerances suit.
fn scale(problem: &Problem) -> f64 {
    let objective = &problem.objective;
    let costs = problem.cost.iter().flatten().flatten();
    let highest_cost = costs.map(|cost| cost * objective.travel).max().unwrap_or(0) + objective.zones;
    let weights = problem.charges().map(|(kind, weight)| match kind.asked() {
        ConditionKind::Covered { patches, .. } => {
            weight * patches.iter().map(|patch| patch.weight).max().unwrap_or(0)
        }
        ConditionKind::Balance { surplus, .. } => {
            weight * surplus.iter().map(|surplus| surplus.unsigned_abs()).max().unwrap_or(0)
        }
        _ => weight,
    });
    power_of_two(weights.fold(highest_cost, u64::max))
}

/// The power of two by which a number has to be divided to be of the order of 10⁵ at most.
pub(super) fn power_of_two(highest: u64) -> f64 {
    const HIGHEST: u64 = 1 << 17;
    (0..u64::BITS).find(|shift| highest >> shift <= HIGHEST).map_or(1.0, |shift| (1u64 << shift) as f64)
}
