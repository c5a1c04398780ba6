//! What is asked of a zoning: the units, the institutions that may lead a zone, and the rules.

use super::condition::{Condition, ConditionKind, Strength, sum};
use super::contiguity::Adjacency;
use super::measure::Measure;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Sums above 2⁵³ are no longer exact in the floating point numbers of the solver.
const EXACT_LIMIT: u64 = 1 << 53;

/// A zoning to be decided. [`Problem::validate`] tells what is wrong with a badly formed one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What is put together to zones.
    pub units: Vec<Unit>,
    /// Institutions of which one leads each zone.
    pub leads: Vec<Lead>,
    /// `cost[unit][lead]`: travel from the lead to the demand of the unit, milli-receipts ×
    /// deciseconds per month. `None` = the lead may not lead a zone with this unit.
    pub cost: Vec<Vec<Option<u64>>>,
    /// Pairs of units with a passable connection; order and repetition do not matter.
    pub neighbours: Vec<(usize, usize)>,
    /// Least demand of a zone, in thousandths of a receipt per month.
    pub min_demand_milli: u64,
    /// What every zone must hold, in the order of [`Unit::resources`].
    pub min_resources: Vec<MinResource>,
    /// How many zones there may be.
    pub zone_count: ZoneCount,
    /// Pairs of `neighbours` through which no zone may hang together (forbidden borders).
    pub closed: Vec<(usize, usize)>,
    /// Further rules.
    pub conditions: Vec<Condition>,
    /// What is made as small as can be, together with the weights of broken soft conditions.
    pub objective: Measure,
    /// How people call what the demand counts. No part of the question.
    #[serde(skip)]
    pub counted: Counted,
}

/// How an amount of demand is written: between these words. The default is receipts per month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Before the number, such as 月.
    pub before: String,
    /// After the number, such as 件.
    pub after: String,
}

impl Default for Counted {
    fn default() -> Self {
        Self { before: "月".to_owned(), after: "件".to_owned() }
    }
}

impl Counted {
    /// So many thousandths, with the words around them.
    #[must_use]
    pub fn milli(&self, amount: impl Into<u128>) -> String {
        format!("{}{}", self.before, self.number(amount))
    }

    /// What is counted, such as 件/月.
    #[must_use]
    pub fn unit(&self) -> String {
        if self.before.is_empty() { self.after.clone() } else { format!("{}/{}", self.after, self.before) }
    }

    /// The unit of demand × minutes, such as 件・分/月.
    #[must_use]
    pub fn minutes(&self) -> String {
        let unit = self.unit();
        match unit.split_once('/') {
            Some((what, time)) => format!("{what}・分/{time}"),
            None => format!("{unit}・分"),
        }
    }

    /// So many thousandths without the word before the number.
    pub(super) fn number(&self, amount: impl Into<u128>) -> String {
        let amount = amount.into();
        format!("{}.{:03}{}", amount / 1_000, amount % 1_000, self.after)
    }
}

/// A municipality or a group of them, never divided between zones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unit {
    /// Name for people.
    pub name: String,
    /// Demand in thousandths of a receipt per month.
    pub demand_milli: u64,
    /// How many of each resource the unit holds, in the order of [`Problem::min_resources`].
    pub resources: Vec<u32>,
}

/// An institution that may lead a zone (a candidate for 積極的役割を担う医療機関).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lead {
    /// Its identity outside this room.
    pub id: String,
    /// The unit in which it stands; its zone always contains this unit.
    pub unit: usize,
}

/// A resource that every zone must hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MinResource {
    /// Name for people, such as 連携拠点の候補.
    pub name: String,
    /// How many each zone must hold at least.
    pub least: u32,
}

/// Bounds on the number of zones, both included. The default is any number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ZoneCount {
    /// At least so many zones.
    pub least: usize,
    /// At most so many zones; `None` = no limit.
    pub most: Option<usize>,
}

/// A problem whose parts do not fit together. Such a problem is a mistake of the program that
/// stated it, unlike one that is well formed and has no solution.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProblemError {
    /// The cost table has not one row for each unit.
    #[error("the cost table has {rows} rows for {units} units: give one row for each unit")]
    CostRows {
        /// Rows found.
        rows: usize,
        /// Units of the problem.
        units: usize,
    },
    /// A row of the cost table has not one entry for each lead.
    #[error("unit {unit:?} has {entries} costs for {leads} leads: give one for each lead, None if forbidden")]
    CostEntries {
        /// Name of the unit.
        unit: String,
        /// Entries found.
        entries: usize,
        /// Leads of the problem.
        leads: usize,
    },
    /// A unit does not count every resource.
    #[error("unit {unit:?} counts {entries} resources where the rules name {rules}: count each of them")]
    Resources {
        /// Name of the unit.
        unit: String,
        /// Entries found.
        entries: usize,
        /// Resources of the rules.
        rules: usize,
    },
    /// A lead stands in a unit that does not exist.
    #[error("lead {lead:?} stands in unit {unit}, but there are {units} units, counted from 0")]
    LeadUnit {
        /// Identity of the lead.
        lead: String,
        /// The unit named.
        unit: usize,
        /// Units of the problem.
        units: usize,
    },
    /// A pair of neighbours names a unit that does not exist.
    #[error("neighbours ({}, {}) name a unit that does not exist: there are {units}, counted from 0", pair.0, pair.1)]
    Neighbours {
        /// The pair.
        pair: (usize, usize),
        /// Units of the problem.
        units: usize,
    },
    /// The bounds on the number of zones contradict each other.
    #[error("at least {least} and at most {most} zones are asked for: lower the first or raise the second")]
    ZoneCount {
        /// Lower bound.
        least: usize,
        /// Upper bound.
        most: usize,
    },
    /// A condition names a unit that does not exist, or not one amount for each unit.
    #[error(
        "condition {condition:?} does not fit {units} units, counted from 0: name existing ones, each once, and one amount or zone (from 0) for each; only what each zone is asked by itself can be asked of some zones"
    )]
    ConditionUnits {
        /// Name of the condition.
        condition: String,
        /// Units of the problem.
        units: usize,
    },
    /// The limits of a condition contradict each other.
    #[error(
        "condition {condition:?} asks for at least {least} and at most {most}: lower the first or raise the second"
    )]
    ConditionLimits {
        /// Name of the condition.
        condition: String,
        /// Lower limit.
        least: u64,
        /// Upper limit.
        most: u64,
    },
    /// Numbers so large that sums are not exact.
    #[error("the {what} of all units together exceeds 2^53: state it in a coarser unit")]
    TooLarge {
        /// What is too large.
        what: &'static str,
    },
}

impl Problem {
    /// Whether all parts fit together.
    ///
    /// # Errors
    /// The first part that does not fit.
    pub fn validate(&self) -> Result<(), ProblemError> {
        let units = self.units.len();
        if self.cost.len() != units {
            return Err(ProblemError::CostRows { rows: self.cost.len(), units });
        }
        for (unit, costs) in self.units.iter().zip(&self.cost) {
            self.validate_unit(unit, costs)?;
        }
        if let Some(lead) = self.leads.iter().find(|lead| lead.unit >= units) {
            return Err(ProblemError::LeadUnit { lead: lead.id.clone(), unit: lead.unit, units });
        }
        let mut pairs = self.neighbours.iter().chain(&self.closed);
        if let Some(&pair) = pairs.find(|(a, b)| *a >= units || *b >= units) {
            return Err(ProblemError::Neighbours { pair, units });
        }
        let ZoneCount { least, most } = self.zone_count;
        if let Some(most) = most.filter(|most| *most < least) {
            return Err(ProblemError::ZoneCount { least, most });
        }
        for condition in &self.conditions {
            self.validate_kind(&condition.name, &condition.kind)?;
        }
        for (kind, _) in &self.objective.breaches {
            self.validate_kind("objective", kind)?;
        }
        let penalty = |(kind, weight): (&ConditionKind, u64)| {
            kind.highest_breach(self).map_or(u64::MAX, |breach| breach.saturating_mul(weight))
        };
        let own = Measure { breaches: Vec::new(), ..self.objective.clone() };
        let own = own.highest(self).unwrap_or(u64::MAX);
        validate_sum("cost", self.charges().map(penalty).chain([own]))?;
        validate_sum("demand", self.units.iter().map(|unit| unit.demand_milli))
    }

    fn validate_unit(&self, unit: &Unit, costs: &[Option<u64>]) -> Result<(), ProblemError> {
        if costs.len() != self.leads.len() {
            return Err(ProblemError::CostEntries {
                unit: unit.name.clone(),
                entries: costs.len(),
                leads: self.leads.len(),
            });
        }
        if unit.resources.len() != self.min_resources.len() {
            return Err(ProblemError::Resources {
                unit: unit.name.clone(),
                entries: unit.resources.len(),
                rules: self.min_resources.len(),
            });
        }
        Ok(())
    }

    fn validate_kind(&self, name: &str, kind: &ConditionKind) -> Result<(), ProblemError> {
        let units = self.units.len();
        let exist_once = |named: &[usize]| {
            let distinct: BTreeSet<&usize> = named.iter().collect();
            distinct.len() == named.len() && named.iter().all(|unit| *unit < units)
        };
        let fits = match kind {
            ConditionKind::Amount { held, .. } => held.len() == units,
            ConditionKind::Together { units: named }
            | ConditionKind::Apart { units: named }
            | ConditionKind::Locked { units: named } => exist_once(named),
            ConditionKind::Change { zone_of_unit, weight, .. } => {
                let exist = zone_of_unit.iter().all(|zone| *zone < units);
                exist && zone_of_unit.len() == units && weight.len() == units
            }
            ConditionKind::Covered { patches, tolerated } => {
                let mut named = patches.iter().flat_map(|patch| patch.by.iter().chain([&patch.unit]));
                tolerated.len() == units && named.all(|unit| *unit < units)
            }
            ConditionKind::Balance { surplus, .. } => surplus.len() == units,
            ConditionKind::Limit { measure, .. } => {
                let mut kinds = measure.breaches.iter();
                kinds.try_for_each(|(kind, _)| self.validate_kind(name, kind))?;
                true
            }
            ConditionKind::Some { zones, of } => {
                self.validate_kind(name, of)?;
                of.is_of_each_zone() && exist_once(zones.units())
            }
        };
        if !fits {
            return Err(ProblemError::ConditionUnits { condition: name.to_owned(), units });
        }
        match kind {
            &ConditionKind::Amount { least, most: Some(most), .. } if most < least => {
                Err(ProblemError::ConditionLimits { condition: name.to_owned(), least, most })
            }
            ConditionKind::Amount { held, .. } => validate_sum("amount", held.iter().copied()),
            ConditionKind::Change { weight, .. } => validate_sum("weight", weight.iter().copied()),
            ConditionKind::Covered { tolerated, .. } => {
                validate_sum("weight", tolerated.iter().copied())?;
                validate_sum("weight", [kind.highest_breach(self).unwrap_or(u64::MAX)].into_iter())
            }
            _ => validate_sum("amount", [kind.highest_breach(self).unwrap_or(u64::MAX)].into_iter()),
        }
    }

    /// Which units a zone may hang together through.
    #[must_use]
    pub fn adjacency(&self) -> Adjacency {
        let closed =
            |(a, b): &(usize, usize)| self.closed.contains(&(*a, *b)) || self.closed.contains(&(*b, *a));
        let open: Vec<_> = self.neighbours.iter().filter(|pair| !closed(pair)).copied().collect();
        Adjacency::new(self.units.len(), &open)
    }

    /// The conditions that may not be broken, each with its place.
    pub(super) fn hard(&self) -> impl Iterator<Item = (usize, &ConditionKind)> {
        let conditions = self.conditions.iter().enumerate();
        conditions
            .filter(|(_, condition)| condition.strength == Strength::Hard)
            .map(|(at, one)| (at, &one.kind))
    }

    /// SHA-256 of the problem, as hexadecimal digits: the same for the same question, however the
    /// neighbours are listed.
    #[must_use]
    pub fn sha256(&self) -> String {
        let mut canonical = self.clone();
        for pairs in [&mut canonical.neighbours, &mut canonical.closed] {
            for pair in &mut *pairs {
                *pair = (pair.0.min(pair.1), pair.0.max(pair.1));
            }
            pairs.sort_unstable();
            pairs.dedup();
        }
        let text = serde_json::to_vec(&canonical).expect("lists, texts and whole numbers are always JSON");
        format!("{:x}", Sha256::digest(text))
    }
}

fn validate_sum(what: &'static str, terms: impl Iterator<Item = u64>) -> Result<(), ProblemError> {
    sum(terms).filter(|sum| *sum <= EXACT_LIMIT).map(|_| ()).ok_or(ProblemError::TooLarge { what })
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::condition::Zones;
    use super::*;

    /// Units in a row, 1,000 milli-receipts each, all alike; a lead in each of the units named,
    /// that travels 10 per step along the row.
    pub(in crate::zoning) fn row(units: usize, lead_units: &[usize]) -> Problem {
        Problem {
            units: (0..units)
                .map(|at| Unit { name: format!("町{at}"), demand_milli: 1_000, resources: vec![1] })
                .collect(),
            leads: lead_units.iter().map(|&unit| Lead { id: format!("院{unit}"), unit }).collect(),
            cost: (0..units)
                .map(|at| lead_units.iter().map(|&lead| Some(10 * at.abs_diff(lead) as u64)).collect())
                .collect(),
            neighbours: (1..units).map(|at| (at - 1, at)).collect(),
            min_demand_milli: 0,
            min_resources: vec![MinResource { name: "連携拠点の候補".to_owned(), least: 0 }],
            zone_count: ZoneCount::default(),
            closed: Vec::new(),
            conditions: Vec::new(),
            objective: Measure::travel(),
            counted: Counted::default(),
        }
    }

    #[test]
    fn each_part_that_does_not_fit_is_named() {
        let broken = |change: fn(&mut Problem)| {
            let mut problem = row(3, &[0, 2]);
            change(&mut problem);
            problem.validate().map_err(|error| error.to_string())
        };
        assert_eq!(broken(|_| ()), Ok(()));
        let said = |change| broken(change).unwrap_err();
        assert!(said(|p| p.cost.truncate(2)).contains("2 rows for 3 units"));
        assert!(said(|p| p.cost[1].truncate(1)).contains("\"町1\" has 1 costs for 2 leads"));
        assert!(said(|p| p.units[2].resources.clear()).contains("\"町2\" counts 0 resources"));
        assert!(said(|p| p.leads[1].unit = 3).contains("\"院2\" stands in unit 3"));
        assert!(said(|p| p.neighbours.push((1, 7))).contains("(1, 7)"));
        assert!(
            said(|p| p.zone_count = ZoneCount { least: 3, most: Some(2) })
                .contains("at least 3 and at most 2")
        );
        let some = |p: &mut Problem, unit, of| {
            let kind = ConditionKind::Some { zones: Zones::With(vec![unit]), of: Box::new(of) };
            p.conditions = vec![Condition { name: "条件".to_owned(), kind, strength: Strength::Hard }];
        };
        let together = || ConditionKind::Together { units: vec![0, 1] };
        let amount = || ConditionKind::Amount { held: vec![1; 3], least: 1, most: None, parts: 1 };
        let broken = [(0, together()), (3, amount())].map(|(unit, of)| {
            let mut problem = row(3, &[0, 2]);
            some(&mut problem, unit, of);
            problem.validate()
        });
        let error = || Err(ProblemError::ConditionUnits { condition: "条件".to_owned(), units: 3 });
        assert_eq!(broken, [error(), error()]);
        assert!(said(|p| p.cost[0][0] = Some(u64::MAX)).contains("the cost of all units"));
        assert!(said(|p| p.units[0].demand_milli = u64::MAX).contains("the demand of all units"));
    }

    #[test]
    fn the_hash_tells_questions_apart_but_not_ways_to_list_neighbours() {
        let problem = row(3, &[0]);
        let mut relisted = problem.clone();
        relisted.neighbours = vec![(2, 1), (1, 0), (0, 1)];
        assert_eq!(problem.sha256(), relisted.sha256());
        assert_eq!(problem.sha256().len(), 64);
        let mut other = problem.clone();
        other.cost[2][0] = None;
        assert_ne!(problem.sha256(), other.sha256());
    }
}
