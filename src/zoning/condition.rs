//! Rules of a zoning beside those that every zoning has, each hard or soft with a weight.

use super::measure::Measure;
use super::problem::Problem;
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
        /// How many of what is counted make one for people: 1,000 where it is in thousandths.
        parts: u64,
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
    /// What covers a zone stands in it: demand within a travel time of a provider of the zone, flows
    /// of patients that stay in it, units served by a hub of the zone. Breach: what is not covered in
    /// a zone beyond what its units tolerate together, over all zones.
    Covered {
        /// What is to be covered.
        patches: Vec<Patch>,
        /// By unit: how much of the weight of its zone may stay uncovered on its account.
        tolerated: Vec<u64>,
    },
    /// In no zone does something outweigh its counterpart (supply and demand) by more than a limit.
    /// Breach: what is beyond, over all zones.
    Balance {
        /// By unit: how much the one outweighs the other.
        surplus: Vec<i64>,
        /// Limit of a zone, either way.
        most: u64,
    },
    /// A measure of the plan is within a limit. Breach: what is beyond.
    Limit {
        /// The measure.
        measure: Measure,
        /// The limit.
        most: u64,
    },
    /// A condition that asks each zone for something ([`Self::is_of_each_zone`]), asked of some zones only:
    /// what is said of a zone is said of the zone of a place, since zones have no names beforehand.
    Some {
        /// Which zones.
        zones: Zones,
        /// What they are asked.
        of: Box<ConditionKind>,
    },
}

/// Some of the zones of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Zones {
    /// Those that hold one of these units or more.
    With(Vec<usize>),
    /// Those that hold none of these units.
    Without(Vec<usize>),
}

impl Zones {
    /// The units by which the zones are told apart.
    #[must_use]
    pub fn units(&self) -> &[usize] {
        match self {
            Self::With(units) | Self::Without(units) => units,
        }
    }

    /// Whether a zone that holds so many of the units is one of them.
    #[must_use]
    pub(super) fn hold(&self, holds: impl Fn(usize) -> bool) -> bool {
        let has_one = self.units().iter().any(|unit| holds(*unit));
        has_one == matches!(self, Self::With(_))
    }
}

/// A part of a unit that is covered or not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Patch {
    /// The unit.
    pub unit: usize,
    /// How much it counts.
    pub weight: u64,
    /// The units each of which covers it, when it is in the same zone. The unit itself = always
    /// covered; none = never.
    pub by: Vec<usize>,
}

/// The whole of a share.
pub const MILLION: u64 = 1_000_000;

impl ConditionKind {
    /// In each zone at least this share of the weight is covered, in millionths. Parts of a unit of
    /// weight are rounded for each unit, so that the rule is stricter than said by less than one for
    /// each unit of the zone.
    #[must_use]
    pub fn covered(units: usize, patches: Vec<Patch>, least_share: u64) -> Self {
        let mut weights = vec![0u64; units];
        for patch in &patches {
            if let Some(weight) = weights.get_mut(patch.unit) {
                *weight = weight.saturating_add(patch.weight);
            }
        }
        let uncovered = u128::from(MILLION.saturating_sub(least_share));
        let tolerated = |weight: u64| (u128::from(weight) * uncovered / u128::from(MILLION)) as u64;
        Self::Covered { patches, tolerated: weights.into_iter().map(tolerated).collect() }
    }
}

impl ConditionKind {
    /// Whether the condition asks every zone for something by itself, so that it can be asked of some only.
    #[must_use]
    pub fn is_of_each_zone(&self) -> bool {
        matches!(self, Self::Amount { .. } | Self::Covered { .. } | Self::Balance { .. })
    }

    /// What is asked, be it of every zone or of some.
    #[must_use]
    pub fn asked(&self) -> &Self {
        match self {
            Self::Some { of, .. } => of.asked(),
            plain => plain,
        }
    }

    /// The same to be changed.
    pub(super) fn asked_mut(&mut self) -> &mut Self {
        match self {
            Self::Some { of, .. } => of.asked_mut(),
            plain => plain,
        }
    }

    /// The highest breach that any plan can have; `None` = more than can be counted.
    pub(super) fn highest_breach(&self, problem: &Problem) -> Option<u64> {
        let zones = problem.units.len() as u64;
        match self {
            Self::Amount { held, least, most, .. } => {
                let total = sum(held.iter().copied())?;
                let excess = if most.is_some() { total } else { 0 };
                least.checked_mul(zones)?.checked_add(excess)
            }
            Self::Together { units } | Self::Apart { units } => Some(units.len() as u64),
            Self::Locked { .. } => zones.checked_mul(2),
            Self::Change { weight, .. } => sum(weight.iter().copied()),
            Self::Covered { patches, .. } => sum(patches.iter().map(|patch| patch.weight)),
            Self::Balance { surplus, .. } => sum(surplus.iter().map(|surplus| surplus.unsigned_abs())),
            Self::Limit { measure, .. } => measure.highest(problem),
            Self::Some { of, .. } => of.highest_breach(problem),
        }
    }
}

/// A number of such parts as people write it.
pub(super) fn in_parts(value: u64, parts: u64) -> String {
    let (whole, rest) = (value / parts.max(1), value % parts.max(1));
    if rest == 0 { whole.to_string() } else { (value as f64 / parts as f64).to_string() }
}

/// A sum, if it can be counted.
pub(super) fn sum(mut terms: impl Iterator<Item = u64>) -> Option<u64> {
    terms.try_fold(0, u64::checked_add)
}
