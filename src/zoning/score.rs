//! What zones and plans are worth: how far they break hard rules, and their objective.

use super::change::moved;
use super::condition::{Condition, ConditionKind, Strength};
use super::needs::shortages;
use super::plan::Plan;
use super::problem::Problem;
use super::reach::dominated;

/// A breach of a whole limit, or of one unit, zone or lead: breaches are counted in these parts.
const WHOLE: u64 = 1_000_000;

/// What a zone or a plan is worth, the worst first to be mended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Score {
    /// How far hard rules are broken, in millionths of the limits; 0 = not at all.
    pub(super) breach: u64,
    /// Travel and the weights of broken soft rules: milli-receipts × deciseconds per month.
    pub(super) objective: u64,
}

impl Score {
    fn add(&mut self, other: Self) {
        self.breach = self.breach.saturating_add(other.breach);
        self.objective = self.objective.saturating_add(other.objective);
    }
}

/// Scores zones and plans of one problem.
pub(super) struct Scorer<'a> {
    pub(super) problem: &'a Problem,
    /// By unit: the leads that stand there and are not worse than another one there.
    leads: Vec<Vec<usize>>,
}

impl<'a> Scorer<'a> {
    pub(super) fn new(problem: &'a Problem) -> Self {
        let mut leads = vec![Vec::new(); problem.units.len()];
        for (lead, at) in problem.leads.iter().enumerate() {
            if !dominated(problem, lead) {
                leads[at.unit].push(lead);
            }
        }
        Self { problem, leads }
    }

    /// The lead of a contiguous zone of these units that travels least, with its travel.
    pub(super) fn lead(&self, units: &[usize]) -> Option<(usize, u64)> {
        let leads = units.iter().flat_map(|unit| &self.leads[*unit]);
        let travel = |lead: &usize| {
            let costs = units.iter().map(|unit| self.problem.cost[*unit][*lead]);
            Some((*lead, costs.sum::<Option<u64>>()?))
        };
        leads.filter_map(travel).min_by_key(|(lead, travel)| (*travel, *lead))
    }

    /// The part of a plan's score that one contiguous zone brings.
    pub(super) fn zone(&self, units: &[usize]) -> Score {
        let mut score = match self.lead(units) {
            Some((_, travel)) => Score { breach: 0, objective: travel },
            None => Score { breach: self.units_without_lead(units).saturating_mul(WHOLE), objective: 0 },
        };
        for shortage in shortages(self.problem, units) {
            score.breach += part(shortage.least - shortage.held, shortage.least);
        }
        for condition in &self.problem.conditions {
            score.add(worth(condition.strength, zone_breach(condition, units)));
        }
        score
    }

    /// How many units the best lead inside may not lead; more than all, if there is no lead.
    fn units_without_lead(&self, units: &[usize]) -> u64 {
        let leads = units.iter().flat_map(|unit| &self.leads[*unit]);
        let refused =
            |lead: &usize| units.iter().filter(|unit| self.problem.cost[**unit][*lead].is_none()).count();
        leads.map(refused).min().unwrap_or(units.len() + 1) as u64
    }

    /// The score of a plan whose zones bring these scores.
    pub(super) fn plan(&self, zones: &[Score], zone_of_unit: &[usize]) -> Score {
        let mut total = Score::default();
        for zone in zones {
            total.add(*zone);
        }
        let count = self.problem.zone_count;
        let too_many = count.most.map_or(0, |most| zones.len().saturating_sub(most));
        let too_few = count.least.saturating_sub(zones.len());
        let missed = WHOLE.saturating_mul(too_many.saturating_add(too_few) as u64);
        total.breach = total.breach.saturating_add(missed);
        for condition in &self.problem.conditions {
            match &condition.kind {
                ConditionKind::Together { units } | ConditionKind::Locked { units } if !units.is_empty() => {
                    // The first zone of these units is no breach, but was counted with it.
                    let one = worth(condition.strength, Breach { amount: 1, of: 1 });
                    total.breach = total.breach.saturating_sub(one.breach);
                    total.objective = total.objective.saturating_sub(one.objective);
                }
                ConditionKind::Change { zone_of_unit: old, weight, most } => {
                    let beyond = moved(old, zone_of_unit, weight).saturating_sub(*most);
                    let of = weight.iter().sum();
                    total.add(worth(condition.strength, Breach { amount: beyond, of }));
                }
                _ => (),
            }
        }
        total
    }

    /// The plan of these contiguous zones, numbered in the order of their first units, each with its
    /// best lead, and its score.
    pub(super) fn finish(&self, mut zones: Vec<Vec<usize>>) -> (Plan, Score) {
        zones.sort_unstable_by_key(|units| units.first().copied());
        let mut plan = Plan { zone_of_unit: vec![0; self.problem.units.len()], lead_of_zone: Vec::new() };
        for (zone, units) in zones.iter().enumerate() {
            for unit in units {
                plan.zone_of_unit[*unit] = zone;
            }
            plan.lead_of_zone.push(self.lead(units).map(|(lead, _)| lead));
        }
        let scores: Vec<Score> = zones.iter().map(|units| self.zone(units)).collect();
        let score = self.plan(&scores, &plan.zone_of_unit);
        (plan, score)
    }
}

/// How far a condition is broken, and the amount that counts as a whole.
#[derive(Clone, Copy)]
struct Breach {
    amount: u64,
    of: u64,
}

fn worth(strength: Strength, breach: Breach) -> Score {
    match strength {
        Strength::Hard => Score { breach: part(breach.amount, breach.of), objective: 0 },
        Strength::Soft { weight } => Score { breach: 0, objective: weight.saturating_mul(breach.amount) },
    }
}

/// A breach in millionths of the limit, rounded up so that none vanishes.
fn part(amount: u64, of: u64) -> u64 {
    let parts = (u128::from(amount) * u128::from(WHOLE)).div_ceil(u128::from(of.max(1)));
    u64::try_from(parts).unwrap_or(u64::MAX)
}

/// What a zone adds to the breach of a condition.
fn zone_breach(condition: &Condition, zone: &[usize]) -> Breach {
    let inside = |units: &[usize]| units.iter().filter(|unit| zone.contains(unit)).count() as u64;
    match &condition.kind {
        ConditionKind::Amount { held, least, most } => {
            let held: u64 = zone.iter().map(|unit| held[*unit]).sum();
            let excess = most.map_or(0, |most| held.saturating_sub(most));
            let of = if excess > 0 { most.unwrap_or_default() } else { *least };
            // Lower limits that may not be broken are counted with the needs.
            let missing = match condition.strength {
                Strength::Hard => 0,
                Strength::Soft { .. } => least.saturating_sub(held),
            };
            Breach { amount: excess + missing, of }
        }
        ConditionKind::Together { units } => Breach { amount: inside(units).min(1), of: 1 },
        ConditionKind::Apart { units } => Breach { amount: inside(units).saturating_sub(1), of: 1 },
        ConditionKind::Locked { units } => {
            let locked = inside(units);
            Breach { amount: if locked == 0 { 0 } else { 1 + zone.len() as u64 - locked }, of: 1 }
        }
        ConditionKind::Change { .. } => Breach { amount: 0, of: 1 },
    }
}
