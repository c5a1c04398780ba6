//! Why no plan can exist, as far as it shows before any search.

use super::condition::{ConditionKind, in_parts};
use super::contiguity::Adjacency;
use super::needs::{Need, Shortage, needs, shortages};
use super::problem::Problem;
use super::reach::Reach;

/// A reason for which no plan meets all rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Infeasibility {
    /// No connection leads out of these units, and no lead stands in them.
    PartWithoutLead {
        /// The units, in order.
        units: Vec<usize>,
    },
    /// No connection leads out of these units, and together they are short of what one zone needs.
    PartTooSmall {
        /// The units, in order.
        units: Vec<usize>,
        /// What is short.
        shortages: Vec<Shortage>,
    },
    /// No lead may lead a zone with these units: all are too far away.
    UnreachableUnits {
        /// The units, in order.
        units: Vec<usize>,
    },
    /// Some lead is near enough to these units, but all units between are too far from it.
    CutOffUnits {
        /// The units, in order.
        units: Vec<usize>,
    },
    /// Leads reach these units, but none of them can gather what one zone needs.
    UnderservedUnits {
        /// The units, in order.
        units: Vec<usize>,
    },
    /// More zones are asked for than can exist.
    TooManyZonesAsked {
        /// Zones asked for at least.
        least: usize,
        /// Zones that can exist at most.
        possible: usize,
    },
    /// Fewer zones are allowed than there are parts without connection.
    TooFewZonesAllowed {
        /// Zones allowed at most.
        most: usize,
        /// Parts without connection to each other.
        parts: usize,
    },
    /// Hard conditions that put units together contradict one that keeps them apart.
    Contradiction {
        /// The conditions, as places in [`Problem::conditions`]; the one that keeps apart comes first.
        conditions: Vec<usize>,
    },
    /// Units that alone hold more than a zone may.
    OverLimit {
        /// The condition, as place in [`Problem::conditions`].
        condition: usize,
        /// The units, in order.
        units: Vec<usize>,
    },
    /// No single cause: the complete search found no combination.
    NoCombination,
}

impl Infeasibility {
    /// The reason in Japanese, for people.
    #[must_use]
    pub fn meant(&self, problem: &Problem) -> String {
        let names = |units: &[usize]| names(problem, units);
        match self {
            Self::PartWithoutLead { units } => {
                format!(
                    "{}は他の地域と道路でつながらず、その中に中心となる医療機関の候補がありません",
                    names(units)
                )
            }
            Self::PartTooSmall { units, shortages } => {
                let short: Vec<String> = shortages.iter().map(|short| short.meant(problem)).collect();
                format!(
                    "{}は他の地域と道路でつながらず、全体を1圏域にしても{}",
                    names(units),
                    short.join("、")
                )
            }
            Self::UnreachableUnits { units } => {
                format!("{}には移動時間の基準を満たす中心候補の医療機関が1つもありません", names(units))
            }
            Self::CutOffUnits { units } => format!(
                "{}に届く中心候補はありますが、その間の地域が移動時間の基準を満たさず、ひと続きの圏域になりません",
                names(units)
            ),
            Self::UnderservedUnits { units } => format!(
                "{}に届く中心候補は、届く範囲をすべて合わせても1圏域に必要な需要や資源を満たしません",
                names(units)
            ),
            Self::TooManyZonesAsked { least, possible } => {
                format!("圏域を{least}以上とする条件ですが、多くても{possible}しか作れません")
            }
            Self::TooFewZonesAllowed { most, parts } => {
                format!("圏域を{most}以下とする条件ですが、道路でつながらない部分が{parts}あります")
            }
            Self::Contradiction { conditions } => {
                let names: Vec<&str> =
                    conditions.iter().map(|at| problem.conditions[*at].name.as_str()).collect();
                format!("条件が互いに矛盾しています: {}", names.join("・"))
            }
            Self::OverLimit { condition, units } => {
                let name = &problem.conditions[*condition].name;
                format!("{}はそれだけで「{name}」の上限を超えます", names(units))
            }
            Self::NoCombination => {
                "個々の条件は満たせますが、すべてを同時に満たす組合せがないことを全探索で確認しました"
                    .to_owned()
            }
        }
    }
}

impl Shortage {
    /// The shortage in Japanese, for people.
    #[must_use]
    pub fn meant(&self, problem: &Problem) -> String {
        match self.need {
            Need::Demand => {
                let counted = &problem.counted;
                format!(
                    "需要が{}で下限の{}に足りません",
                    counted.milli(self.held),
                    counted.number(self.least)
                )
            }
            Need::Resource(at) => {
                let name = problem.min_resources.get(at).map_or("資源", |resource| &resource.name);
                format!("{name}が{}で必要数の{}に足りません", self.held, self.least)
            }
            Need::Condition(at) => {
                let condition = problem.conditions.get(at);
                let name = condition.map_or("条件", |condition| &condition.name);
                let parts = match condition.map(|condition| &condition.kind) {
                    Some(ConditionKind::Amount { parts, .. }) => *parts,
                    _ => 1,
                };
                let shown = |value: u64| in_parts(value, parts);
                format!("{name}が{}で下限の{}に足りません", shown(self.held), shown(self.least))
            }
        }
    }
}

fn names(problem: &Problem, units: &[usize]) -> String {
    let names: Vec<&str> =
        units.iter().filter_map(|unit| problem.units.get(*unit)).map(|unit| unit.name.as_str()).collect();
    names.join("・")
}

/// Every reason that shows without search. None does not mean that a plan exists.
pub(super) fn diagnose(problem: &Problem, adjacency: &Adjacency, reach: &Reach) -> Vec<Infeasibility> {
    let parts = adjacency.components(|_| true);
    let mut reasons = contradictions(problem);
    reasons.extend(over_limits(problem));
    reasons.extend(hopeless_parts(problem, &parts));
    reasons.extend(unserved_units(problem, reach, &reasons));
    reasons.extend(zone_count_conflicts(problem, reach, parts.len()));
    reasons
}

/// Conditions that keep units apart although others put them together.
fn contradictions(problem: &Problem) -> Vec<Infeasibility> {
    let groups: Vec<(usize, &Vec<usize>)> = problem
        .hard()
        .filter_map(|(at, kind)| match kind {
            ConditionKind::Together { units } | ConditionKind::Locked { units } => Some((at, units)),
            _ => None,
        })
        .collect();
    // What is put together, directly or through others, is a component of these links.
    let links = groups.iter().flat_map(|(_, units)| units.windows(2).map(|pair| (pair[0], pair[1])));
    let linked = Adjacency::new(problem.units.len(), &links.collect::<Vec<_>>());
    let contradiction = |(at, kind): (usize, &ConditionKind)| {
        let torn = linked.components(|_| true).into_iter().find(|units| {
            let inside = |named: &[usize]| named.iter().filter(|unit| units.contains(unit)).count();
            match kind {
                ConditionKind::Apart { units: named } => inside(named) > 1,
                ConditionKind::Locked { units: named } => inside(named) > 0 && inside(named) < units.len(),
                _ => false,
            }
        })?;
        let touches = |units: &[usize]| units.len() > 1 && units.iter().any(|unit| torn.contains(unit));
        let others = groups.iter().filter(|(other, units)| *other != at && touches(units));
        let conditions = [at].into_iter().chain(others.map(|(other, _)| *other)).collect();
        Some(Infeasibility::Contradiction { conditions })
    };
    problem.hard().filter_map(contradiction).collect()
}

fn over_limits(problem: &Problem) -> Vec<Infeasibility> {
    let over = |(condition, kind): (usize, &ConditionKind)| {
        let ConditionKind::Amount { held, most: Some(most), .. } = kind else { return None };
        let units: Vec<usize> = (0..held.len()).filter(|unit| held[*unit] > *most).collect();
        (!units.is_empty()).then_some(Infeasibility::OverLimit { condition, units })
    };
    problem.hard().filter_map(over).collect()
}

fn hopeless_parts(problem: &Problem, parts: &[Vec<usize>]) -> Vec<Infeasibility> {
    let mut reasons = Vec::new();
    for units in parts {
        if !problem.leads.iter().any(|lead| units.contains(&lead.unit)) {
            reasons.push(Infeasibility::PartWithoutLead { units: units.clone() });
        }
        let shortages = shortages(problem, units);
        if !shortages.is_empty() {
            reasons.push(Infeasibility::PartTooSmall { units: units.clone(), shortages });
        }
    }
    reasons
}

/// Units that no zone can contain, apart from those in the parts already explained.
fn unserved_units(problem: &Problem, reach: &Reach, explained: &[Infeasibility]) -> Vec<Infeasibility> {
    let explained: Vec<usize> = explained
        .iter()
        .flat_map(|reason| match reason {
            Infeasibility::PartWithoutLead { units } | Infeasibility::PartTooSmall { units, .. } => {
                units.as_slice()
            }
            _ => &[],
        })
        .copied()
        .collect();
    let contains = |zones: &[Vec<usize>], unit| zones.iter().any(|zone| zone.binary_search(&unit).is_ok());
    let (mut unreachable, mut cut_off, mut underserved) = (Vec::new(), Vec::new(), Vec::new());
    for unit in (0..problem.units.len()).filter(|unit| !explained.contains(unit)) {
        if problem.cost[unit].iter().all(Option::is_none) {
            unreachable.push(unit);
        } else if !contains(&reach.contiguous, unit) {
            cut_off.push(unit);
        } else if !contains(&reach.sufficient, unit) {
            underserved.push(unit);
        }
    }
    [
        (!unreachable.is_empty()).then_some(Infeasibility::UnreachableUnits { units: unreachable }),
        (!cut_off.is_empty()).then_some(Infeasibility::CutOffUnits { units: cut_off }),
        (!underserved.is_empty()).then_some(Infeasibility::UnderservedUnits { units: underserved }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn zone_count_conflicts(problem: &Problem, reach: &Reach, parts: usize) -> Vec<Infeasibility> {
    let mut reasons = Vec::new();
    let least = problem.zone_count.least;
    let possible = possible_zones(problem, reach);
    if possible < least {
        reasons.push(Infeasibility::TooManyZonesAsked { least, possible });
    }
    if let Some(most) = problem.zone_count.most.filter(|most| *most < parts) {
        reasons.push(Infeasibility::TooFewZonesAllowed { most, parts });
    }
    reasons
}

/// An upper limit of the number of zones: one for each unit with a usable lead, and no more than
/// demand and resources suffice for.
fn possible_zones(problem: &Problem, reach: &Reach) -> usize {
    let mut lead_units: Vec<usize> = problem
        .leads
        .iter()
        .zip(&reach.sufficient)
        .filter(|(_, units)| !units.is_empty())
        .map(|(lead, _)| lead.unit)
        .collect();
    lead_units.sort_unstable();
    lead_units.dedup();
    needs(problem)
        .filter(|(_, least)| *least > 0)
        .map(|(need, least)| {
            let total: u64 = (0..problem.units.len()).map(|unit| need.held(problem, unit)).sum();
            usize::try_from(total / least).unwrap_or(usize::MAX)
        })
        .fold(lead_units.len(), usize::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoning::condition::{Condition, Strength};
    use crate::zoning::problem::ZoneCount;
    use crate::zoning::problem::tests::row;

    fn reasons(problem: &Problem) -> Vec<Infeasibility> {
        let adjacency = problem.adjacency();
        diagnose(problem, &adjacency, &Reach::new(problem, &adjacency))
    }

    #[test]
    fn a_problem_without_a_visible_conflict_has_no_reasons() {
        assert_eq!(reasons(&row(4, &[0, 3])), []);
    }

    #[test]
    fn an_island_without_lead_is_named() {
        let mut problem = row(4, &[0]);
        problem.neighbours.pop();
        let found = reasons(&problem);
        assert_eq!(found, [Infeasibility::PartWithoutLead { units: vec![3] }]);
        assert_eq!(
            found[0].meant(&problem),
            "町3は他の地域と道路でつながらず、その中に中心となる医療機関の候補がありません"
        );
    }

    #[test]
    fn a_small_island_says_what_it_is_short_of() {
        let mut problem = row(4, &[0, 3]);
        problem.neighbours.pop();
        problem.min_demand_milli = 1_500;
        problem.min_resources[0].least = 2;
        assert_eq!(
            reasons(&problem).iter().map(|reason| reason.meant(&problem)).collect::<Vec<_>>(),
            [
                "町3は他の地域と道路でつながらず、全体を1圏域にしても需要が月1.000件で下限の1.500件に足りません、\
                連携拠点の候補が1で必要数の2に足りません"
            ]
        );
    }

    #[test]
    fn a_unit_too_far_from_everybody_is_named() {
        let mut problem = row(4, &[0]);
        problem.cost[3][0] = None;
        assert_eq!(reasons(&problem), [Infeasibility::UnreachableUnits { units: vec![3] }]);
    }

    #[test]
    fn a_unit_behind_one_that_is_too_far_is_cut_off() {
        let mut problem = row(4, &[0, 1]);
        problem.cost[2] = vec![None, None];
        assert_eq!(
            reasons(&problem),
            [
                Infeasibility::UnreachableUnits { units: vec![2] },
                Infeasibility::CutOffUnits { units: vec![3] }
            ]
        );
    }

    #[test]
    fn units_whose_leads_cannot_gather_enough_are_underserved() {
        let mut problem = row(4, &[0, 3]);
        (problem.cost[2][0], problem.cost[1][1]) = (None, None);
        problem.min_demand_milli = 2_500;
        assert_eq!(reasons(&problem), [Infeasibility::UnderservedUnits { units: vec![0, 1, 2, 3] }]);
    }

    #[test]
    fn conditions_that_contradict_each_other_are_named() {
        let mut problem = row(4, &[0, 3]);
        let hard = |name: &str, kind| Condition { name: name.to_owned(), kind, strength: Strength::Hard };
        problem.conditions = vec![
            hard("甲", ConditionKind::Together { units: vec![0, 1] }),
            hard("乙", ConditionKind::Together { units: vec![1, 2] }),
            hard("丙", ConditionKind::Apart { units: vec![2, 0] }),
            hard("丁", ConditionKind::Locked { units: vec![3] }),
        ];
        let found = reasons(&problem);
        assert_eq!(found[0], Infeasibility::Contradiction { conditions: vec![2, 0, 1] });
        assert_eq!(found[0].meant(&problem), "条件が互いに矛盾しています: 丙・甲・乙");
        problem.conditions[2] = hard("丙", ConditionKind::Locked { units: vec![0, 1] });
        assert_eq!(reasons(&problem)[0], Infeasibility::Contradiction { conditions: vec![2, 0, 1] });
        problem.conditions.truncate(2);
        assert_eq!(reasons(&problem), []);
    }

    #[test]
    fn a_unit_over_a_limit_is_named() {
        let mut problem = row(3, &[0]);
        let kind = ConditionKind::Amount { held: vec![1, 5, 1], least: 0, most: Some(4), parts: 1 };
        problem.conditions = vec![Condition { name: "人口".to_owned(), kind, strength: Strength::Hard }];
        assert_eq!(reasons(&problem)[0].meant(&problem), "町1はそれだけで「人口」の上限を超えます");
    }

    #[test]
    fn impossible_numbers_of_zones_are_told() {
        let mut problem = row(5, &[0, 1, 1, 4]);
        problem.neighbours.remove(2);
        problem.zone_count = ZoneCount { least: 4, most: None };
        assert_eq!(reasons(&problem), [Infeasibility::TooManyZonesAsked { least: 4, possible: 3 }]);
        problem.min_resources[0].least = 2;
        assert_eq!(reasons(&problem), [Infeasibility::TooManyZonesAsked { least: 4, possible: 2 }]);
        problem.zone_count = ZoneCount { least: 0, most: Some(1) };
        assert_eq!(reasons(&problem), [Infeasibility::TooFewZonesAllowed { most: 1, parts: 2 }]);
    }
}
