//! Several goals: one after the other, or every compromise between them that no other beats.
//!
//! One after the other: the least value of the first measure, of the plans with it the least of the
//! second, and so on (lexicographic order). Every limit is a whole number, so nothing of an earlier
//! goal is given up for a later one.
//!
//! Compromises: the Pareto set by the ε-constraint method (Haimes, Lasdon & Wismer 1971, IEEE
//! Transactions on Systems, Man, and Cybernetics 1:296–297) over the boxes of the search region
//! (Klamroth, Lacour & Vanderpooten 2015, European Journal of Operational Research 245:767–778): the
//! best plan inside a box, one goal after the other, splits the box into one for each measure in which
//! another plan may still be better, until every box is proven empty.

use super::certificate::Status;
use super::condition::{Condition, ConditionKind, Strength};
use super::exact::{ExactError, Options, Outcome, Watch, solve_with};
use super::measure::Measure;
use super::plan::Plan;
use super::problem::Problem;
use super::score::Scorer;
use std::collections::BTreeSet;

/// A measure with its name and unit for people.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    /// Name in Japanese.
    pub name: String,
    /// What it counts, in whole numbers.
    pub measure: Measure,
    /// How many of these make one of its unit.
    pub parts: f64,
    /// Its unit in Japanese; empty for plain numbers.
    pub unit: String,
}

/// The answers to goals one after the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Ordered {
    /// The answer to each goal, as far as the search came.
    pub outcomes: Vec<Outcome>,
    /// The question of the last of them: its goal under what the goals before it have reached.
    pub last: Problem,
}

/// The answer to each goal in order, each under the values that the goals before it have reached. Fewer
/// answers than goals: the last one has no plan, or was interrupted. What soft conditions cost counts
/// with the first goal that counts travel, in whose unit their weights are; without one, with the last.
///
/// Each certificate says what is proven of its goal: where it is cut short, the goals after it hold to
/// the value that was found.
///
/// # Errors
/// A badly formed problem, or a failure of the solver.
pub fn in_order(problem: &Problem, goals: &[Measure], options: &Options<'_>) -> Result<Ordered, ExactError> {
    let (mut last, goals) = charged(problem, goals);
    let mut starts = options.starts.to_vec();
    let mut outcomes: Vec<Outcome> = Vec::new();
    let mut reached: Option<u64> = None;
    for goal in goals {
        if let Some(most) = reached {
            let earlier = std::mem::take(&mut last.objective);
            last.conditions.push(within(earlier, most));
        }
        last.objective = goal;
        let outcome = solve_with(&last, &Options { starts: &starts, ..*options })?;
        let certificate = &outcome.certificate;
        reached = certificate.objective.filter(|_| certificate.status != Status::Interrupted);
        starts = outcome.plan.iter().cloned().collect();
        outcomes.push(outcome);
        if reached.is_none() {
            break;
        }
    }
    Ok(Ordered { outcomes, last })
}

/// The problem without its soft conditions, and the goals with them.
fn charged(problem: &Problem, goals: &[Measure]) -> (Problem, Vec<Measure>) {
    let mut goals = goals.to_vec();
    let mut asked = problem.clone();
    let counts_travel = goals.iter().position(|goal| goal.travel > 0);
    let Some(paying) = counts_travel.or(goals.len().checked_sub(1)) else { return (asked, goals) };
    for Condition { kind, strength, .. } in &problem.conditions {
        if let Strength::Soft { weight } = strength {
            goals[paying].breaches.push((kind.clone(), *weight));
        }
    }
    asked.conditions.retain(|condition| condition.strength == Strength::Hard);
    (asked, goals)
}

fn within(measure: Measure, most: u64) -> Condition {
    let kind = ConditionKind::Limit { measure, most };
    Condition { name: "目的の値".to_owned(), kind, strength: Strength::Hard }
}

/// A compromise between several measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compromise {
    /// The value of each measure.
    pub values: Vec<u64>,
    /// A plan with these values.
    pub plan: Plan,
}

/// The compromises between several measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Front {
    /// Compromises none of which is beaten by another, in order of their values.
    pub compromises: Vec<Compromise>,
    /// Where others may lie that are not known: below these values in every measure (`None` = however
    /// high). Empty = these compromises are proven to be all there are, and none to be beaten.
    pub open: Vec<Vec<Option<u64>>>,
    /// Branch-and-bound nodes of all searches together.
    pub nodes: u64,
}

/// Every compromise between some measures that no plan beats, one that is nowhere higher and somewhere
/// lower, as far as so many plans go and the listener lets it come. The limit of nodes holds for each
/// search. Soft conditions do not count unless a measure counts them.
///
/// # Errors
/// A badly formed problem, or a failure of the solver.
pub fn front(
    problem: &Problem,
    measures: &[Measure],
    wanted: usize,
    options: &Options<'_>,
) -> Result<Front, ExactError> {
    let mut asked = problem.clone();
    asked.conditions.retain(|condition| condition.strength == Strength::Hard);
    let scorer = Scorer::new(&asked);
    let mut boxes = BTreeSet::from([vec![u64::MAX; measures.len()]]);
    let (mut empty, mut unknown): (Vec<Corner>, Vec<Corner>) = (Vec::new(), Vec::new());
    let mut front = Front { compromises: Vec::new(), open: Vec::new(), nodes: 0 };
    while let Some(upper) = boxes.pop_last() {
        let is_over = options.watch.is_some_and(Watch::is_over);
        if is_over || front.compromises.len() >= wanted {
            unknown.push(upper);
            continue;
        }
        let Ordered { outcomes, .. } = in_order(&inside(&asked, measures, &upper), measures, options)?;
        front.nodes += outcomes.iter().map(|outcome| outcome.certificate.nodes).sum::<u64>();
        let is_empty = outcomes.iter().any(|outcome| outcome.certificate.status == Status::Infeasible);
        let Some(plan) = outcomes.into_iter().rev().find_map(|outcome| outcome.plan) else {
            if is_empty { &mut empty } else { &mut unknown }.push(upper);
            continue;
        };
        let value = |measure| scorer.measured(measure, &plan.zone_of_unit);
        let values: Vec<u64> = measures.iter().map(value).collect();
        boxes.insert(upper);
        boxes = split(boxes, &values, &empty);
        front.compromises.push(Compromise { values, plan });
    }
    let bound = |value: u64| (value < u64::MAX).then_some(value);
    front.open = unknown.into_iter().map(|upper| upper.into_iter().map(bound).collect()).collect();
    let all = front.compromises.clone();
    let beats = |one: &Compromise, other: &Compromise| {
        one.values != other.values && one.values.iter().zip(&other.values).all(|(a, b)| a <= b)
    };
    front.compromises.retain(|one| !all.iter().any(|other| beats(other, one)));
    front.compromises.sort_by(|a, b| a.values.cmp(&b.values));
    Ok(front)
}

/// What lies below these values, in every measure.
type Corner = Vec<u64>;

fn inside(problem: &Problem, measures: &[Measure], upper: &Corner) -> Problem {
    let mut asked = problem.clone();
    let limited = measures.iter().zip(upper).filter(|(_, upper)| **upper < u64::MAX);
    asked.conditions.extend(limited.map(|(measure, upper)| within(measure.clone(), upper - 1)));
    asked
}

/// The boxes with what these values beat taken out of them, less those inside others or known to be
/// empty.
fn split(boxes: BTreeSet<Corner>, values: &[u64], empty: &[Corner]) -> BTreeSet<Corner> {
    let mut parts = BTreeSet::new();
    for upper in boxes {
        if upper.iter().zip(values).any(|(upper, value)| value >= upper) {
            parts.insert(upper);
            continue;
        }
        for (at, &value) in values.iter().enumerate().filter(|(_, value)| **value > 0) {
            let mut part = upper.clone();
            part[at] = value;
            parts.insert(part);
        }
    }
    let holds = |outer: &Corner, part: &Corner| outer.iter().zip(part).all(|(outer, part)| outer >= part);
    let is_kept = |part: &&Corner| {
        let mut others = parts.iter().filter(|other| other != part).chain(empty);
        !others.any(|other| holds(other, part))
    };
    parts.iter().filter(is_kept).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoning::problem::tests::row;

    fn solved(problem: &Problem, goals: &[Measure]) -> Vec<Option<u64>> {
        let ordered = in_order(problem, goals, &Options::default()).expect("well formed");
        ordered.outcomes.iter().map(|outcome| outcome.certificate.objective).collect()
    }

    #[test]
    fn of_the_plans_with_the_best_first_goal_the_second_takes_its_best() {
        // Five in a row, a lead at either end and in the middle.
        let problem = row(5, &[0, 2, 4]);
        assert_eq!(solved(&problem, &[Measure::travel(), Measure::zones()]), [Some(20), Some(3)]);
        assert_eq!(solved(&problem, &[Measure::zones(), Measure::travel()]), [Some(1), Some(60)]);
    }

    #[test]
    fn soft_conditions_are_paid_for_with_travel() {
        let mut problem = row(4, &[0, 3]);
        let kind = ConditionKind::Together { units: vec![0, 3] };
        problem.conditions =
            vec![Condition { name: String::new(), kind, strength: Strength::Soft { weight: 7 } }];
        assert_eq!(solved(&problem, &[Measure::zones(), Measure::travel()]), [Some(1), Some(60)]);
        assert_eq!(solved(&problem, &[Measure::travel(), Measure::zones()]), [Some(27), Some(2)]);
    }

    #[test]
    fn the_front_of_a_row_is_that_counted_by_hand() {
        let measures = [Measure::zones(), Measure::travel()];
        let problem = row(5, &[0, 2, 4]);
        let found = front(&problem, &measures, 99, &Options::default()).expect("well formed");
        let values: Vec<_> = found.compromises.iter().map(|one| one.values.clone()).collect();
        assert_eq!(values, [[1, 60], [2, 40], [3, 20]]);
        assert!(found.open.is_empty());
        let short = front(&problem, &measures, 1, &Options::default()).expect("well formed");
        assert_eq!((short.compromises.len(), short.open.is_empty()), (1, false));
    }

    #[test]
    fn a_problem_without_plan_has_an_empty_front() {
        let mut problem = row(3, &[0]);
        problem.cost[2][0] = None;
        let found = front(&problem, &[Measure::travel()], 9, &Options::default()).expect("well formed");
        assert_eq!((found.compromises, found.open), (vec![], vec![]));
    }

    #[test]
    fn boxes_inside_others_or_known_to_be_empty_are_left_out() {
        let whole = BTreeSet::from([vec![u64::MAX; 2]]);
        let parts = split(whole, &[5, 7], &[]);
        assert_eq!(parts, BTreeSet::from([vec![5, u64::MAX], vec![u64::MAX, 7]]));
        assert_eq!(
            split(parts.clone(), &[3, 9], &[]),
            BTreeSet::from([vec![3, u64::MAX], vec![5, 9], vec![u64::MAX, 7]])
        );
        assert_eq!(
            split(parts, &[3, 9], &[vec![4, u64::MAX]]),
            BTreeSet::from([vec![5, 9], vec![u64::MAX, 7]])
        );
    }
}
