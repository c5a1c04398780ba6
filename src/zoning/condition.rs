//! Rules of a zoning beside those that every zoning has, each hard or soft with a weight.

use serde::Serialize;

/// A rule that planners state. A rule that is off is left out of the problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Condition {
    /// Name for people, such as 2040年の需要の上限.
    pub name: String,
    /// What is asked.
    pub kind: ConditionKind,
    /// Whether it may be broken.
    pub strength: Strength,
}

/// Whether a rule may be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Strength {
    /// It may not.
    Hard,
    /// Each unit of breach adds to the objective.
    Soft {
        /// Objective of one unit of breach: milli-receipts × deciseconds per month.
        weight: u64,
    },
}

/// What a condition asks, and how its breach is counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum ConditionKind {
    /// Every zone holds at least and at most so much. Breach: what is missing or too much, over all
    /// zones.
    Amount {
        /// How much each unit holds, in the unit of measure of the rule.
        held: Vec<u64>,
        /// Lower limit of a zone.
        least: u64,
        /// Upper limit of a zone; `None` = no limit.
        most: Option<u64>,
    },
    /// These units are in one zone (must join, an area that is not split). Breach: the zones over
    /// which they are spread, less one.
    Together {
        /// The units.
        units: Vec<usize>,
    },
    /// No two of these units are in one zone (must not join). Breach: the units less the zones over
    /// which they are spread.
    Apart {
        /// The units.
        units: Vec<usize>,
    },
    /// These units are a zone (lock). Breach: the zones over which they are spread, less one, and the
    /// other units in these zones.
    Locked {
        /// The units.
        units: Vec<usize>,
    },
    /// The plan moves little from a given one. Each zone of the given plan lives on in at most one
    /// zone, and each zone goes on at most one, so that as much as possible stays; the rest is moved.
    /// Breach: what is moved beyond the limit.
    Change {
        /// Zone of each unit in the given plan.
        zone_of_unit: Vec<usize>,
        /// How much a unit counts (1, or its people).
        weight: Vec<u64>,
        /// How much may be moved.
        most: u64,
    },
}

impl Condition {
    /// The highest breach that any plan of so many units can have; `None` = more than can be counted.
    pub(super) fn highest_breach(&self, units: usize) -> Option<u64> {
        let zones = units as u64;
        match &self.kind {
            ConditionKind::Amount { held, least, most } => {
                let total = sum(held.iter().copied())?;
                let excess = if most.is_some() { total } else { 0 };
                least.checked_mul(zones)?.checked_add(excess)
            }
            ConditionKind::Together { units } | ConditionKind::Apart { units } => Some(units.len() as u64),
            ConditionKind::Locked { .. } => zones.checked_mul(2),
            ConditionKind::Change { weight, .. } => sum(weight.iter().copied()),
        }
    }
}

/// A sum, if it can be counted.
pub(super) fn sum(mut terms: impl Iterator<Item = u64>) -> Option<u64> {
    terms.try_fold(0, u64::checked_add)
}
