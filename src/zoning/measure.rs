//! What plans are measured by: sums of which less is better.

use super::condition::{ConditionKind, Strength, sum};
use super::problem::Problem;
use serde::Serialize;

/// A measure of plans: Σ weight × quantity, in whole numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Measure {
    /// Weight of travel from the lead of each zone to its demand (milli-receipts × deciseconds per
    /// month).
    pub travel: u64,
    /// Weight of each zone.
    pub zones: u64,
    /// Weights of the breaches of conditions: what they count, whether or not they are asked for.
    pub breaches: Vec<(ConditionKind, u64)>,
}

impl Measure {
    /// Travel alone.
    #[must_use]
    pub fn travel() -> Self {
        Self { travel: 1, ..Self::default() }
    }

    /// The number of zones alone.
    #[must_use]
    pub fn zones() -> Self {
        Self { zones: 1, ..Self::default() }
    }

    /// The breaches of some conditions, each unit counted once.
    #[must_use]
    pub fn breaches(kinds: impl IntoIterator<Item = ConditionKind>) -> Self {
        Self { breaches: kinds.into_iter().map(|kind| (kind, 1)).collect(), ..Self::default() }
    }

    /// Adds another measure so many times.
    pub fn add(&mut self, other: Self, weight: u64) {
        self.travel = self.travel.saturating_add(other.travel.saturating_mul(weight));
        self.zones = self.zones.saturating_add(other.zones.saturating_mul(weight));
        let breaches = other.breaches.into_iter();
        self.breaches.extend(breaches.map(|(kind, times)| (kind, times.saturating_mul(weight))));
    }

    /// The highest value that any plan can have; `None` = more than can be counted.
    pub(super) fn highest(&self, problem: &Problem) -> Option<u64> {
        let costs = problem.cost.iter().map(|costs| costs.iter().flatten().copied().max().unwrap_or(0));
        let travel = if self.travel == 0 { 0 } else { sum(costs)?.checked_mul(self.travel)? };
        let zones = self.zones.checked_mul(problem.units.len() as u64)?;
        let breaches = self.breaches.iter().map(|(kind, weight)| {
            kind.highest_breach(problem).and_then(|breach| breach.checked_mul(*weight)).unwrap_or(u64::MAX)
        });
        sum(breaches.chain([travel, zones]))
    }
}

impl Problem {
    /// Everything whose breach counts in the objective, with its weight.
    pub(super) fn charges(&self) -> impl Iterator<Item = (&ConditionKind, u64)> {
        let soft = self.conditions.iter().filter_map(|condition| match condition.strength {
            Strength::Hard => None,
            Strength::Soft { weight } => Some((&condition.kind, weight)),
        });
        soft.chain(self.objective.breaches.iter().map(|(kind, weight)| (kind, *weight)))
    }

    /// Whether it makes any difference how far leads travel.
    pub(super) fn counts_travel(&self) -> bool {
        let in_limit = |kind: &ConditionKind| match kind {
            ConditionKind::Limit { measure, .. } => measure.travel > 0,
            _ => false,
        };
        self.objective.travel > 0
            || self.hard().map(|(_, kind)| kind).any(in_limit)
            || self.charges().any(|(kind, _)| in_limit(kind))
    }
}
