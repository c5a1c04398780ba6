//! How far a rule has to give way so that there is a plan.
//!
//! Method: bisection over the values of one limit, all other rules kept as they are. Each value is
//! proven to have a plan or none, so the answer is the least change that does, not an estimate.

use super::certificate::Status;
use super::condition::{ConditionKind, MILLION, in_parts, sum};
use super::conflict::Part;
use super::exact::{ExactError, Options, solve_with};
use super::measure::Measure;
use super::problem::Problem;
use std::collections::BTreeSet;

/// A limit of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// At least so much: a demand, a number of institutions or zones, a share in millionths.
    Least(Part),
    /// At most so much.
    Most(Part),
    /// The travel limit of one unit, or of all, in minutes.
    Minutes(Option<usize>),
}

/// The least change of one limit with which there is a plan, every other rule kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relaxed {
    /// The limit.
    pub bound: Bound,
    /// What it would have to be; `None` = no value of this limit alone will do.
    pub to: Option<u64>,
    /// Whether this is proven: no value nearer to the present one will do.
    pub is_proven: bool,
}

/// For each rule with a number in it the least change with which there is a plan; rules without a number
/// (units that are to be together or apart) have none. Where the travel limit of a unit is among them,
/// that of all units follows. `minutes[unit][lead]` is the least travel limit
/// in whole minutes under which the lead may lead the unit (`None` = under none); without the table
/// travel limits are passed over. The problem should have no plan. The limit of nodes holds for each
/// value that is tried; a listener that ends the search leaves the rest unproven.
///
/// # Errors
/// A badly formed problem, or a failure of the solver.
pub fn relaxed(
    problem: &Problem,
    parts: &[Part],
    minutes: Option<&[Vec<Option<u32>>]>,
    options: &Options<'_>,
) -> Result<Vec<Relaxed>, ExactError> {
    let easing = Easing { problem, minutes, options };
    let mut bounds: Vec<Bound> = parts.iter().flat_map(|part| easing.bounds(*part)).collect();
    let is_travel = |bound: &Bound| matches!(bound, Bound::Minutes(_));
    bounds.extend(bounds.iter().any(is_travel).then_some(Bound::Minutes(None)));
    bounds.into_iter().map(|bound| easing.least_change(bound)).collect()
}

struct Easing<'a> {
    problem: &'a Problem,
    minutes: Option<&'a [Vec<Option<u32>>]>,
    options: &'a Options<'a>,
}

impl Easing<'_> {
    /// The limits of a rule.
    fn bounds(&self, part: Part) -> Vec<Bound> {
        match part {
            Part::Demand | Part::Resource(_) | Part::LeastZones => vec![Bound::Least(part)],
            Part::MostZones => vec![Bound::Most(part)],
            Part::Travel(unit) => self.minutes.map(|_| Bound::Minutes(Some(unit))).into_iter().collect(),
            Part::Condition(at) => match self.problem.conditions[at].kind.asked() {
                ConditionKind::Amount { least, most, .. } => {
                    let least = (*least > 0).then_some(Bound::Least(part));
                    least.into_iter().chain(most.map(|_| Bound::Most(part))).collect()
                }
                ConditionKind::Covered { .. } => vec![Bound::Least(part)],
                ConditionKind::Change { .. }
                | ConditionKind::Balance { .. }
                | ConditionKind::Limit { .. } => {
                    vec![Bound::Most(part)]
                }
                _ => Vec::new(),
            },
        }
    }

    fn least_change(&self, bound: Bound) -> Result<Relaxed, ExactError> {
        let problem = self.problem;
        let (to, is_proven) = match bound {
            Bound::Least(part) => self.strictest(
                present_least(problem, part),
                |value| value,
                |value| at_least(problem, part, value),
            )?,
            Bound::Most(part) => {
                let (present, highest) = present_and_highest(problem, part);
                let value = |step: u64| highest - step;
                self.strictest(highest.saturating_sub(present), value, |value| at_most(problem, part, value))?
            }
            Bound::Minutes(unit) => {
                let table = self.minutes.unwrap_or_default();
                let values = later_minutes(problem, table, unit);
                let value = |step: u64| values[values.len() - 1 - step as usize];
                self.strictest(values.len() as u64, value, |minutes| {
                    within_minutes(problem, table, unit, minutes)
                })?
            }
        };
        Ok(Relaxed { bound, to, is_proven })
    }

    /// Of so many values, the loosest one first, the strictest one with which there is a plan, and
    /// whether this is proven.
    fn strictest(
        &self,
        steps: u64,
        value: impl Fn(u64) -> u64,
        asked: impl Fn(u64) -> Problem,
    ) -> Result<(Option<u64>, bool), ExactError> {
        let status = |step: u64| -> Result<Status, ExactError> {
            let asked = Problem { objective: Measure::default(), ..asked(value(step)) };
            Ok(solve_with(&asked, self.options)?.certificate.status)
        };
        let loosest = if steps == 0 { Status::Infeasible } else { status(0)? };
        if loosest != Status::Optimal {
            return Ok((None, loosest == Status::Infeasible));
        }
        let (mut low, mut high) = (0, steps - 1);
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            match status(middle)? {
                Status::Optimal => low = middle,
                Status::Infeasible => high = middle - 1,
                Status::NodeLimit | Status::Interrupted => return Ok((Some(value(low)), false)),
            }
        }
        Ok((Some(value(low)), true))
    }
}

/// The present lower limit of a rule.
fn present_least(problem: &Problem, part: Part) -> u64 {
    match part {
        Part::Demand => problem.min_demand_milli,
        Part::Resource(at) => u64::from(problem.min_resources[at].least),
        Part::LeastZones => problem.zone_count.least as u64,
        Part::Condition(at) => match problem.conditions[at].kind.asked() {
            ConditionKind::Amount { least, .. } => *least,
            ConditionKind::Covered { patches, tolerated } => {
                let weight: u64 = patches.iter().map(|patch| patch.weight).sum();
                let tolerated: u128 = tolerated.iter().map(|tolerated| u128::from(*tolerated)).sum();
                MILLION.saturating_sub((tolerated * u128::from(MILLION) / u128::from(weight.max(1))) as u64)
            }
            _ => 0,
        },
        Part::MostZones | Part::Travel(_) => 0,
    }
}

/// The problem with another lower limit.
fn at_least(problem: &Problem, part: Part, value: u64) -> Problem {
    let mut asked = problem.clone();
    match part {
        Part::Demand => asked.min_demand_milli = value,
        Part::Resource(at) => {
            asked.min_resources[at].least = u32::try_from(value).unwrap_or(u32::MAX);
        }
        Part::LeastZones => asked.zone_count.least = value as usize,
        Part::Condition(at) => match asked.conditions[at].kind.asked_mut() {
            ConditionKind::Amount { least, .. } => *least = value,
            kind @ ConditionKind::Covered { .. } => {
                if let ConditionKind::Covered { patches, .. } = problem.conditions[at].kind.asked() {
                    *kind = ConditionKind::covered(problem.units.len(), patches.clone(), value);
                }
            }
            _ => (),
        },
        Part::MostZones | Part::Travel(_) => (),
    }
    asked
}

/// The present upper limit of a rule, and one that every plan keeps.
fn present_and_highest(problem: &Problem, part: Part) -> (u64, u64) {
    let units = problem.units.len() as u64;
    let Part::Condition(at) = part else {
        return (problem.zone_count.most.map_or(units, |most| most as u64), units);
    };
    let kind = &problem.conditions[at].kind;
    match kind.asked() {
        ConditionKind::Amount { held, most, .. } => {
            let total = sum(held.iter().copied()).unwrap_or(u64::MAX);
            (most.unwrap_or(total), total)
        }
        ConditionKind::Change { most, .. }
        | ConditionKind::Balance { most, .. }
        | ConditionKind::Limit { most, .. } => (*most, kind.highest_breach(problem).unwrap_or(u64::MAX)),
        _ => (0, 0),
    }
}

/// The problem with another upper limit.
fn at_most(problem: &Problem, part: Part, value: u64) -> Problem {
    let mut asked = problem.clone();
    match part {
        Part::Condition(at) => match asked.conditions[at].kind.asked_mut() {
            ConditionKind::Amount { most, .. } => *most = Some(value),
            ConditionKind::Change { most, .. }
            | ConditionKind::Balance { most, .. }
            | ConditionKind::Limit { most, .. } => *most = value,
            _ => (),
        },
        _ => asked.zone_count.most = Some(value as usize),
    }
    asked
}

/// The travel limits under which a further lead may lead the unit, or any unit, in order.
fn later_minutes(problem: &Problem, minutes: &[Vec<Option<u32>>], unit: Option<usize>) -> Vec<u64> {
    let units = (0..problem.units.len()).filter(|at| unit.is_none_or(|unit| unit == *at));
    let refused = units.flat_map(|unit| {
        let leads = problem.cost[unit].iter().zip(&minutes[unit]);
        leads.filter(|(cost, _)| cost.is_none()).filter_map(|(_, minutes)| *minutes)
    });
    refused.map(u64::from).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The problem with another travel limit for the unit, or for all.
fn within_minutes(
    problem: &Problem,
    minutes: &[Vec<Option<u32>>],
    unit: Option<usize>,
    limit: u64,
) -> Problem {
    let mut asked = problem.clone();
    for (at, costs) in asked.cost.iter_mut().enumerate() {
        if unit.is_none_or(|unit| unit == at) {
            for (cost, minutes) in costs.iter_mut().zip(&minutes[at]) {
                let is_near = minutes.is_some_and(|minutes| u64::from(minutes) <= limit);
                *cost = cost.or(is_near.then_some(0));
            }
        }
    }
    asked
}

impl Relaxed {
    /// The change in Japanese, for people.
    #[must_use]
    pub fn meant(&self, problem: &Problem) -> String {
        let rule = match self.bound {
            Bound::Least(part) | Bound::Most(part) => format!("「{}」", part.meant(problem)),
            Bound::Minutes(Some(unit)) => format!("「{}」", Part::Travel(unit).meant(problem)),
            Bound::Minutes(None) => "すべての地域の移動時間の基準".to_owned(),
        };
        let least =
            if self.is_proven { "" } else { "（さらに小さい変更で足りるかは未確認）" };
        match (self.to, self.bound) {
            (None, _) if self.is_proven => format!("{rule}だけを緩めても、条件を満たす案はありません"),
            (None, _) => format!("{rule}だけを緩めて案ができるかは、探索の上限までに分かりませんでした"),
            (Some(to), Bound::Minutes(_)) => format!("{rule}を{to}分に緩めれば案があります{least}"),
            (Some(to), Bound::Least(part)) => {
                format!("{rule}の下限を{}に下げれば案があります{least}", said(problem, part, to))
            }
            (Some(to), Bound::Most(part)) => {
                format!("{rule}の上限を{}に上げれば案があります{least}", said(problem, part, to))
            }
        }
    }
}

/// A limit in the unit of its rule.
fn said(problem: &Problem, part: Part, value: u64) -> String {
    let is_share = |at: usize| matches!(problem.conditions[at].kind.asked(), ConditionKind::Covered { .. });
    let parts = |at: usize| match problem.conditions[at].kind.asked() {
        ConditionKind::Amount { parts, .. } => *parts,
        _ => 1,
    };
    match part {
        Part::Demand => problem.counted.milli(value),
        Part::Condition(at) if parts(at) > 1 => in_parts(value, parts(at)),
        Part::Condition(at) if is_share(at) => {
            let tenths = value * 1_000 / MILLION;
            format!("{}.{}%", tenths / 10, tenths % 10)
        }
        _ => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoning::condition::{Condition, Patch, Strength};
    use crate::zoning::problem::tests::row;

    fn only(problem: &Problem, part: Part, minutes: Option<&[Vec<Option<u32>>]>) -> (Option<u64>, String) {
        let found = relaxed(problem, &[part], minutes, &Options::default()).expect("well formed");
        let one = found[0];
        assert!(found.iter().all(|one| one.is_proven));
        (one.to, one.meant(problem))
    }

    #[test]
    fn the_least_demand_comes_down_to_what_the_smaller_zone_has() {
        // Two zones of four units of 1.000: at best two and two.
        let mut problem = row(4, &[0, 3]);
        problem.zone_count.least = 2;
        problem.min_demand_milli = 2_700;
        let (to, said) = only(&problem, Part::Demand, None);
        assert_eq!(to, Some(2_000));
        assert_eq!(said, "「圏域の需要の下限（月2.700件）」の下限を月2.000件に下げれば案があります");
        assert_eq!(only(&problem, Part::LeastZones, None).0, Some(1));
    }

    #[test]
    fn the_number_of_zones_goes_up_to_the_fewest_that_do() {
        let mut problem = row(6, &[0, 2, 5]);
        problem.neighbours = vec![(0, 1), (2, 3), (4, 5)];
        problem.zone_count.most = Some(1);
        assert_eq!(only(&problem, Part::MostZones, None).0, Some(3));
    }

    #[test]
    fn a_travel_limit_goes_up_to_that_of_the_lead_that_is_needed() {
        let mut problem = row(3, &[0, 2]);
        problem.cost[1] = vec![None, None];
        let minutes = vec![vec![Some(1), Some(1)], vec![Some(90), Some(74)], vec![Some(1), Some(1)]];
        let (to, said) = only(&problem, Part::Travel(1), Some(&minutes));
        assert_eq!(to, Some(74));
        assert_eq!(said, "「町1の移動時間の基準」を74分に緩めれば案があります");
        problem.min_demand_milli = 9_000;
        let (to, said) = only(&problem, Part::Travel(1), Some(&minutes));
        assert_eq!(to, None);
        assert_eq!(said, "「町1の移動時間の基準」だけを緩めても、条件を満たす案はありません");
        assert_eq!(
            relaxed(&problem, &[Part::Travel(1)], None, &Options::default()).expect("well formed"),
            []
        );
    }

    #[test]
    fn travel_limits_are_also_relaxed_as_one() {
        let mut problem = row(3, &[0]);
        (problem.cost[1][0], problem.cost[2][0]) = (None, None);
        let minutes = vec![vec![Some(1)], vec![Some(70)], vec![Some(80)]];
        let parts = [Part::Travel(1), Part::Travel(2)];
        let found = relaxed(&problem, &parts, Some(&minutes), &Options::default()).expect("well formed");
        let to: Vec<_> = found.iter().map(|one| (one.bound, one.to)).collect();
        let expected = [
            (Bound::Minutes(Some(1)), None),
            (Bound::Minutes(Some(2)), None),
            (Bound::Minutes(None), Some(80)),
        ];
        assert_eq!(to, expected);
    }

    #[test]
    fn limits_of_conditions_are_relaxed_by_as_little_as_does() {
        let with = |kind| {
            let mut problem = row(4, &[0]);
            problem.conditions =
                vec![Condition { name: "条件".to_owned(), kind, strength: Strength::Hard }];
            only(&problem, Part::Condition(0), None)
        };
        assert_eq!(
            with(ConditionKind::Amount { held: vec![2; 4], least: 9, most: None, parts: 1 }).0,
            Some(8)
        );
        assert_eq!(
            with(ConditionKind::Amount { held: vec![2; 4], least: 0, most: Some(5), parts: 1 }).0,
            Some(8)
        );
        assert_eq!(with(ConditionKind::Balance { surplus: vec![1, 1, 1, -6], most: 1 }).0, Some(3));
        let change =
            ConditionKind::Change { zone_of_unit: vec![0, 0, 0, 1], weight: vec![1, 1, 1, 2], most: 0 };
        assert_eq!(with(change).0, Some(2));
        let patch = |unit, by: &[usize]| Patch { unit, weight: 100, by: by.to_vec() };
        let patches = vec![patch(0, &[0]), patch(1, &[]), patch(2, &[3]), patch(3, &[])];
        let (to, said) = with(ConditionKind::covered(4, patches, 900_000));
        assert_eq!(to, Some(500_000));
        assert_eq!(said, "「条件」の下限を50.0%に下げれば案があります");
    }

    #[test]
    fn a_limit_in_thousandths_is_told_in_wholes() {
        let mut problem = row(2, &[0]);
        let kind = ConditionKind::Amount { held: vec![750; 2], least: 2_000, most: None, parts: 1_000 };
        problem.conditions = vec![Condition { name: "需要".to_owned(), kind, strength: Strength::Hard }];
        let (_, said) = only(&problem, Part::Condition(0), None);
        assert_eq!(said, "「需要」の下限を1.5に下げれば案があります");
    }

    #[test]
    fn a_rule_without_a_number_has_no_limit() {
        let mut problem = row(3, &[0]);
        let kind = ConditionKind::Apart { units: vec![0, 2] };
        problem.conditions = vec![Condition { name: String::new(), kind, strength: Strength::Hard }];
        assert_eq!(
            relaxed(&problem, &[Part::Condition(0)], None, &Options::default()).expect("well formed"),
            []
        );
    }
}
