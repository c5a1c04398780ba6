//! Other plans worth a look: the next best ones, ones that differ, the best for each number of zones.

use super::certificate::Status;
use super::change::moved;
use super::exact::{ExactError, Options, Outcome, Watch, solve_with};
use super::plan::Plan;
use super::problem::{Problem, ZoneCount};
use super::search::{Effort, Found, Sample, ensemble};
use std::ops::RangeInclusive;

/// Where the search for plans to begin with walks: plans this much dearer than the best one.
const NEAR_PERCENT: u64 = 10;
const NEAR: Effort = Effort { seed: 0, steps: 20_000 };
const NEAR_PLANS: usize = 500;

/// The best plans, different in their zones, in order: each the best of all but those before it. Fewer
/// than wanted if there are no more, if the limit of nodes was reached without a plan, or if the
/// listener ended the search; the last plan then says so. The limit of nodes holds for each plan.
///
/// # Errors
/// A badly formed problem, or a failure of the solver.
pub fn best_plans(
    problem: &Problem,
    wanted: usize,
    options: &Options<'_>,
) -> Result<Vec<Outcome>, ExactError> {
    let mut outcomes: Vec<Outcome> = Vec::new();
    let (mut starts, mut excluded): (Vec<Plan>, Vec<Plan>) = (Vec::new(), Vec::new());
    while outcomes.len() < wanted {
        let own = Options { starts: &starts, excluded: &excluded, ..*options };
        let outcome = solve_with(problem, &own)?;
        let Some(plan) = outcome.plan.clone() else { break };
        if outcome.certificate.status == Status::Interrupted {
            outcomes.push(outcome);
            break;
        }
        if outcomes.is_empty() {
            let best = outcome.certificate.objective.unwrap_or_default();
            let sample = Sample {
                wanted: NEAR_PLANS,
                objective_up_to: Some(best.saturating_add(best / 100 * NEAR_PERCENT)),
                effort: NEAR,
            };
            let is_over = || options.watch.is_some_and(Watch::is_over);
            let near = ensemble(problem, &plan, sample, is_over)?;
            starts = near.into_iter().map(|found| found.plan).collect();
        }
        excluded.push(plan);
        outcomes.push(outcome);
    }
    Ok(outcomes)
}

/// The best plan, or the proof that there is none, for each of these numbers of zones; fewer if the
/// listener ends the search, the last one saying so.
///
/// # Errors
/// A badly formed problem, or a failure of the solver.
pub fn best_by_zone_count(
    problem: &Problem,
    counts: RangeInclusive<usize>,
    options: &Options<'_>,
) -> Result<Vec<(usize, Outcome)>, ExactError> {
    let mut outcomes = Vec::new();
    for count in counts {
        let zone_count = ZoneCount { least: count, most: Some(count) };
        let outcome = solve_with(&Problem { zone_count, ..problem.clone() }, options)?;
        let is_over = outcome.certificate.status == Status::Interrupted;
        outcomes.push((count, outcome));
        if is_over {
            break;
        }
    }
    Ok(outcomes)
}

/// Plans that differ enough to discuss: in order of objective each one whose distance from all those
/// taken before is at least `least`. The distance is the weight of the units that change zone. Gives
/// the places in `plans`.
#[must_use]
pub fn different(plans: &[Found], weight: &[u64], least: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..plans.len()).collect();
    order.sort_by_key(|at| (plans[*at].objective, *at));
    let zones = |at: usize| plans[at].plan.zone_of_unit.as_slice();
    let mut taken: Vec<usize> = Vec::new();
    for at in order {
        if taken.iter().all(|other| moved(zones(*other), zones(at), weight) >= least) {
            taken.push(at);
        }
    }
    taken
}

/// The Pareto set: places of the rows that no other row beats, one that is nowhere higher and
/// somewhere lower. Of equal rows the first one counts. Lower is better in every column.
///
/// ```
/// use keniki::zoning::alternatives::undominated;
/// assert_eq!(undominated(&[vec![1.0, 9.0], vec![2.0, 9.0], vec![3.0, 1.0]]), [0, 2]);
/// ```
#[must_use]
pub fn undominated(rows: &[Vec<f64>]) -> Vec<usize> {
    let beats = |one: usize, other: usize| {
        let pairs = || rows[one].iter().zip(&rows[other]);
        pairs().all(|(a, b)| a <= b) && (one < other || pairs().any(|(a, b)| a < b))
    };
    let is_beaten = |at: usize| (0..rows.len()).any(|other| other != at && beats(other, at));
    (0..rows.len()).filter(|at| !is_beaten(*at)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoning::problem::tests::row;

    #[test]
    fn the_best_plans_come_in_order_and_end_when_there_are_no_more() {
        // Three units in a row, a lead at either end: one zone of three (10 + 20 either way), or the
        // one in the middle with the left or the right.
        let plans = best_plans(&row(3, &[0, 2]), 9, &Options::default()).expect("well formed");
        let found: Vec<_> = plans
            .iter()
            .map(|outcome| (outcome.certificate.objective, outcome.plan.as_ref().map(Plan::partition)))
            .collect();
        assert_eq!(found.len(), 3);
        assert_eq!((found[0].0, found[1].0), (Some(10), Some(10)));
        assert_ne!(found[0].1, found[1].1);
        assert_eq!(found[2], (Some(30), Some(vec![0, 0, 0])));
        assert!(plans.iter().all(|outcome| outcome.certificate.gap == Some(0.0)));
    }

    #[test]
    fn each_number_of_zones_has_its_best_plan_or_none() {
        let front = best_by_zone_count(&row(4, &[0, 3]), 1..=3, &Options::default()).expect("well formed");
        let objectives: Vec<_> =
            front.iter().map(|(count, best)| (*count, best.certificate.objective)).collect();
        assert_eq!(objectives, [(1, Some(60)), (2, Some(20)), (3, None)]);
    }

    #[test]
    fn plans_too_near_to_a_better_one_are_passed_over() {
        let found = |zones: [usize; 4], objective| Found {
            plan: Plan { zone_of_unit: zones.to_vec(), lead_of_zone: vec![None, None] },
            objective,
        };
        let plans =
            [found([0, 0, 1, 1], 5), found([0, 0, 0, 1], 6), found([0, 1, 0, 1], 7), found([0, 1, 1, 1], 4)];
        assert_eq!(different(&plans, &[1; 4], 2), [3, 1]);
        assert_eq!(different(&plans, &[1; 4], 1), [3, 0, 1, 2]);
    }

    #[test]
    fn of_equal_rows_the_first_one_stays() {
        assert_eq!(undominated(&[vec![1.0], vec![1.0], vec![2.0]]), [0]);
        assert_eq!(undominated(&[]), [0usize; 0]);
    }
}
