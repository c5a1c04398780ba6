//! What zones and plans are worth: how far they break hard rules, and their objective.

use super::change::moved;
use super::condition::{ConditionKind, Strength};
use super::measure::Measure;
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
    /// The objective of the problem and the weights of broken soft rules.
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
            if !dominated(problem, lead, true) {
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
        let Measure { travel: weight, zones, .. } = self.problem.objective;
        let mut score = match self.lead(units) {
            Some((_, travel)) => Score { breach: 0, objective: travel.saturating_mul(weight) },
            None => Score { breach: self.units_without_lead(units).saturating_mul(WHOLE), objective: 0 },
        };
        score.objective = score.objective.saturating_add(zones);
        for shortage in shortages(self.problem, units) {
            score.breach += part(shortage.least - shortage.held, shortage.least);
        }
        for (kind, strength) in self.asked() {
            let mut breach = zone_breach(kind, units);
            if let (ConditionKind::Amount { held, least, .. }, Strength::Hard) = (kind, strength) {
                // Lower limits that may not be broken are counted with the needs.
                let held: u64 = units.iter().map(|unit| held[*unit]).sum();
                breach.amount -= least.saturating_sub(held);
            }
            score.add(worth(strength, breach));
        }
        score
    }

    /// The conditions, and what the objective counts as breaches of conditions.
    fn asked(&self) -> impl Iterator<Item = (&ConditionKind, Strength)> {
        let conditions =
            self.problem.conditions.iter().map(|condition| (&condition.kind, condition.strength));
        let counted = self.problem.objective.breaches.iter();
        conditions.chain(counted.map(|(kind, weight)| (kind, Strength::Soft { weight: *weight })))
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
        for (kind, strength) in self.asked() {
            match kind {
                ConditionKind::Together { units } | ConditionKind::Locked { units } if !units.is_empty() => {
                    // The first zone of these units is no breach, but was counted with it.
                    let one = worth(strength, Breach { amount: 1, of: 1 });
                    total.breach = total.breach.saturating_sub(one.breach);
                    total.objective = total.objective.saturating_sub(one.objective);
                }
                ConditionKind::Change { .. } | ConditionKind::Limit { .. } => {
                    total.add(worth(strength, self.plan_breach(kind, zone_of_unit)));
                }
                _ => (),
            }
        }
        total
    }

    /// How far the plan as a whole breaks a condition that no zone breaks by itself.
    fn plan_breach(&self, kind: &ConditionKind, zone_of_unit: &[usize]) -> Breach {
        match kind {
            ConditionKind::Change { zone_of_unit: old, weight, most } => {
                let amount = moved(old, zone_of_unit, weight).saturating_sub(*most);
                Breach { amount, of: weight.iter().sum() }
            }
            ConditionKind::Limit { measure, most } => {
                let amount = self.measured(measure, zone_of_unit).saturating_sub(*most);
                Breach { amount, of: *most }
            }
            _ => Breach { amount: 0, of: 1 },
        }
    }

    /// A measure of a plan with contiguous zones. A zone without a lead travels nothing.
    pub(super) fn measured(&self, measure: &Measure, zone_of_unit: &[usize]) -> u64 {
        let zones = Plan::from_groups(zone_of_unit).units_of_zones();
        let travel: u64 = if measure.travel == 0 {
            0
        } else {
            zones.iter().filter_map(|units| self.lead(units)).map(|(_, travel)| travel).sum()
        };
        let breaches = measure.breaches.iter().map(|(kind, weight)| {
            let in_zones: u64 = zones.iter().map(|units| zone_breach(kind, units).amount).sum();
            let first = match kind {
                ConditionKind::Together { units } | ConditionKind::Locked { units } => !units.is_empty(),
                _ => false,
            };
            let breach = in_zones - u64::from(first) + self.plan_breach(kind, zone_of_unit).amount;
            breach.saturating_mul(*weight)
        });
        let counted = [travel.saturating_mul(measure.travel), measure.zones * zones.len() as u64];
        counted.into_iter().chain(breaches).fold(0, u64::saturating_add)
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

/// What a zone, its units in order, adds to the breach of a condition.
fn zone_breach(kind: &ConditionKind, zone: &[usize]) -> Breach {
    let holds = |unit: usize| zone.binary_search(&unit).is_ok();
    let inside = |units: &[usize]| units.iter().filter(|unit| holds(**unit)).count() as u64;
    match kind {
        ConditionKind::Amount { held, least, most, .. } => {
            let held: u64 = zone.iter().map(|unit| held[*unit]).sum();
            let excess = most.map_or(0, |most| held.saturating_sub(most));
            let of = if excess > 0 { most.unwrap_or_default() } else { *least };
            Breach { amount: excess + least.saturating_sub(held), of }
        }
        ConditionKind::Together { units } => Breach { amount: inside(units).min(1), of: 1 },
        ConditionKind::Apart { units } => Breach { amount: inside(units).saturating_sub(1), of: 1 },
        ConditionKind::Locked { units } => {
            let locked = inside(units);
            Breach { amount: if locked == 0 { 0 } else { 1 + zone.len() as u64 - locked }, of: 1 }
        }
        ConditionKind::Covered { patches, tolerated } => {
            let own = patches.iter().filter(|patch| holds(patch.unit));
            let (mut weight, mut uncovered) = (0, 0);
            for patch in own {
                weight += patch.weight;
                uncovered += if patch.by.iter().any(|unit| holds(*unit)) { 0 } else { patch.weight };
            }
            let tolerated: u64 = zone.iter().map(|unit| tolerated[*unit]).sum();
            Breach { amount: uncovered.saturating_sub(tolerated), of: weight }
        }
        ConditionKind::Balance { surplus, most } => {
            let surplus: i64 = zone.iter().map(|unit| surplus[*unit]).sum();
            Breach { amount: surplus.unsigned_abs().saturating_sub(*most), of: *most }
        }
        ConditionKind::Some { zones, of } if zones.hold(holds) => zone_breach(of, zone),
        ConditionKind::Change { .. } | ConditionKind::Limit { .. } | ConditionKind::Some { .. } => {
            Breach { amount: 0, of: 1 }
        }
    }
}
