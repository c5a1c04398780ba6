//! What a planner wants as little of as can be (`[[objective]]`), as measures of plans.

use crate::access::capacity::CapacityTable;
use crate::demand::home_visits::Demand;
use crate::ingest::study::AreaSystem;
use crate::units::Deciseconds;
use crate::zoning::asked::{Asked, AskedError, Ground, PER_RECEIPT_MINUTE, number};
use crate::zoning::condition::{ConditionKind, Patch};
use crate::zoning::cover::{SHARE_PARTS, surplus};
use crate::zoning::goals::Goal;
use crate::zoning::measure::Measure;
use crate::zoning::statement::{Facts, Grouping};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An objective, `[[objective]]`. Those of a lower order come first; those of the same order are summed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskedObjective {
    /// Its place in the order.
    #[serde(default)]
    pub order: u32,
    /// In a sum: receipt-minutes per month for each of its units; of travel, how often it counts.
    #[serde(default = "once")]
    pub weight: f64,
    /// What there should be little of.
    pub of: Aim,
}

fn once() -> f64 {
    1.0
}

/// What there should be little of in a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Aim {
    /// Travel from the lead of each zone to its demand (the compactness of travel), receipt-minutes.
    Travel,
    /// Zones.
    Zones,
    /// Travel between each unit and the unit of its zone from which an institution of the service is
    /// nearest, receipt-minutes; where the zone has none, it counts as the limit of travel times.
    Nearest {
        /// Id of the service.
        service: String,
    },
    /// Supply and demand that lie in different zones: half the sum over the zones of how much their
    /// share of the supply differs from that of the demand (Hoover 1936), percent. Supply is what
    /// institutions are assumed to be able to give.
    Balance,
    /// Splits of the areas of a system: zones beyond one over which each area is spread.
    Splits {
        /// The system.
        system: AreaSystem,
    },
    /// People in another zone than that in which the area where they live goes on.
    Change {
        /// The system of areas.
        from: AreaSystem,
    },
    /// Connections between neighbours that lead from one zone into another.
    Borders,
    /// Flows of patients out of their zone.
    Outflow {
        /// From, to, how many; a place outside the prefecture is 県外.
        flows: Vec<(String, String, f64)>,
    },
}

impl Asked {
    /// The goals of the objectives, in order, and travel last where it is not among them, so that it
    /// decides between plans that are equal otherwise; empty = travel alone.
    ///
    /// # Errors
    /// The first objective that does not fit the study.
    pub fn goals(
        &self,
        facts: &Facts<'_>,
        grouping: &Grouping,
        demand: &Demand,
    ) -> Result<Vec<Goal>, AskedError> {
        let ground = Ground { facts, grouping, demand };
        let mut orders: BTreeMap<u32, Vec<&AskedObjective>> = BTreeMap::new();
        for objective in &self.objectives {
            orders.entry(objective.order).or_default().push(objective);
        }
        let goals = orders.into_values().map(|objectives| ground.sum(&objectives));
        let counts_travel = self.objectives.iter().any(|objective| objective.of == Aim::Travel);
        let last = (!self.objectives.is_empty() && !counts_travel).then(|| ground.goal(&Aim::Travel));
        goals.chain(last).collect()
    }

    /// What there should be little of, as a goal.
    ///
    /// # Errors
    /// It does not fit the study.
    pub fn goal(
        aim: &Aim,
        facts: &Facts<'_>,
        grouping: &Grouping,
        demand: &Demand,
    ) -> Result<Goal, AskedError> {
        Ground { facts, grouping, demand }.goal(aim)
    }
}

impl Ground<'_> {
    /// The sum of some objectives, each with its weight; of one alone, whatever its weight.
    fn sum(&self, objectives: &[&AskedObjective]) -> Result<Goal, AskedError> {
        if let [one] = objectives {
            return self.goal(&one.of);
        }
        let mut measure = Measure::default();
        let mut names = Vec::new();
        for AskedObjective { weight, of, .. } in objectives {
            let goal = self.goal(of)?;
            // Travel is counted in the unit of the sum already, which takes whole weights only.
            let is_travel = goal.parts == PER_RECEIPT_MINUTE;
            let factor = weight * PER_RECEIPT_MINUTE / goal.parts;
            if !(0.0..=1e12).contains(&factor) || is_travel && factor.fract() != 0.0 {
                let expected = "0 以上で 100 万以下の数（受療件数×分。移動の目的では整数）";
                return Err(number(&goal.name, "weight", *weight, expected));
            }
            measure.add(goal.measure, factor.round() as u64);
            names.push(goal.name);
        }
        Ok(Goal { name: names.join("＋"), measure, parts: PER_RECEIPT_MINUTE, unit: self.minutes() })
    }

    /// The unit of demand × minutes.
    fn minutes(&self) -> String {
        self.facts.subject.counted.minutes()
    }

    fn goal(&self, aim: &Aim) -> Result<Goal, AskedError> {
        let units = self.grouping.names.len();
        let goal = |name: &str, measure, parts, unit: &str| Goal {
            name: name.to_owned(),
            measure,
            parts,
            unit: unit.to_owned(),
        };
        let minutes = self.minutes();
        let uncovered =
            |patches| Measure::breaches([ConditionKind::Covered { patches, tolerated: vec![0; units] }]);
        Ok(match aim {
            Aim::Travel => goal("中心からの移動", Measure::travel(), PER_RECEIPT_MINUTE, &minutes),
            Aim::Zones => goal("圏域の数", Measure::zones(), 1.0, ""),
            Aim::Nearest { service } => {
                let limit = Deciseconds::from_minutes(self.facts.study.parameters.travel_limit_minutes);
                let patches = self.provided("nearest", service)?.nearest(limit.0);
                let name = format!("{service}の移動");
                goal(&name, uncovered(patches), PER_RECEIPT_MINUTE, &minutes)
            }
            Aim::Balance if self.facts.subject.names_servers => return Err(AskedError::OverlayBalance),
            Aim::Balance => {
                let capacities = CapacityTable::shipped().map_err(|_| AskedError::Balance)?;
                let surplus = surplus(self.facts, self.grouping, &capacities).ok_or(AskedError::Balance)?;
                let kind = ConditionKind::Balance { surplus, most: 0 };
                // Each shift is a surplus in one zone and a deficit in another.
                goal("供給と需要の偏り", Measure::breaches([kind]), 2.0 * SHARE_PARTS as f64 / 100.0, "%")
            }
            Aim::Splits { system } => {
                let areas = self.areas("splits", *system)?;
                let kinds = areas.into_iter().map(|units| ConditionKind::Together { units });
                goal(&format!("{}の分割", system.name()), Measure::breaches(kinds), 1.0, "")
            }
            Aim::Change { from } => {
                let kind = self.change("change", *from, 0.0)?;
                goal(&format!("{}からの変更", from.name()), Measure::breaches([kind]), 1.0, "人")
            }
            Aim::Borders => {
                let pairs = self.facts.neighbours(self.grouping);
                let patches =
                    pairs.into_iter().map(|(unit, other)| Patch { unit, weight: 1, by: vec![other] });
                goal("圏域をまたぐ隣接", uncovered(patches.collect()), 1.0, "")
            }
            Aim::Outflow { flows } => {
                goal("圏域の外への患者の流れ", uncovered(self.flows("outflow", flows)?), 1_000.0, "件")
            }
        })
    }
}
