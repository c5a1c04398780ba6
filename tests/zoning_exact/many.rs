//! Many plans: the search engine, its ensembles, the next best plans, and a second formulation.

use super::{
    Numbers, agrees, measured, plan_cost, planar, prefecture, random_conditions, random_kind, random_measure,
    random_problem, zone_cost,
};
use highs::{HighsModelStatus, RowProblem, Sense};
use keniki::zoning::alternatives::{best_by_zone_count, best_plans};
use keniki::zoning::certificate::Status;
use keniki::zoning::checker::check;
use keniki::zoning::condition::Strength;
use keniki::zoning::conflict::{Part, conflict};
use keniki::zoning::exact::{Options, Standing, Watch, solve, solve_with};
use keniki::zoning::goals::{front, in_order};
use keniki::zoning::measure::Measure;
use keniki::zoning::plan::Plan;
use keniki::zoning::problem::{Problem, ZoneCount};
use keniki::zoning::relax::{Bound, relaxed};
use keniki::zoning::repair::repair;
use keniki::zoning::search::{Effort, Found, Sample, ensemble, search};
use std::collections::BTreeSet;

/// A random problem under random conditions.
fn any_problem(numbers: &mut Numbers, units: usize) -> Problem {
    let neighbours = planar(numbers, units);
    let mut problem = random_problem(numbers, units, neighbours);
    random_conditions(numbers, &mut problem);
    problem
}

fn assert_lawful(problem: &Problem, found: &Found, best: u64) {
    let report = check(problem, &found.plan);
    assert!(report.accepts(), "{report:#?}");
    assert_eq!(report.objective, Some(found.objective));
    assert!(found.objective >= best, "{} beats the certified optimum {best}", found.objective);
}

#[test]
fn plans_of_search_and_ensemble_keep_the_rules_and_never_beat_the_optimum() {
    let mut numbers = Numbers(21);
    let (mut solved, mut met, mut reached) = (0, 0, 0);
    for round in 0..200 {
        let problem = any_problem(&mut numbers, 5 + round % 8);
        let effort = Effort { seed: 1, steps: 1_000 };
        let found = search(&problem, effort, |_| ()).expect("the problem is well formed");
        let outcome = solve(&problem, None).expect("the problem is well formed");
        let Some((plan, best)) = outcome.plan.zip(outcome.certificate.objective) else {
            assert_eq!(found, None);
            continue;
        };
        solved += 1;
        if let Some(found) = &found {
            assert_lawful(&problem, found, best);
            reached += usize::from(found.objective == best);
        }
        let sample = Sample { wanted: 100, objective_up_to: None, effort };
        let plans = ensemble(&problem, &plan, sample, || false).expect("the problem is well formed");
        assert_eq!(plans[0].objective, best, "the walk begins with the plan given");
        for found in &plans {
            assert_lawful(&problem, found, best);
        }
        let partitions: BTreeSet<Vec<usize>> = plans.iter().map(|found| found.plan.partition()).collect();
        assert_eq!(partitions.len(), plans.len(), "every plan is met once");
        met += plans.len();
    }
    assert!(solved >= 60 && met >= 1_000, "{solved} solved, {met} met");
    assert!(10 * reached >= 9 * solved, "{reached} of {solved} optima were found by the search");
}

#[test]
fn a_prefecture_has_an_ensemble_of_a_thousand_plans_and_the_same_seed_gives_the_same() {
    let problem = prefecture(5, 6, 27, 40, 6);
    let effort = Effort { seed: 7, steps: 20_000 };
    let found = search(&problem, effort, |_| ()).expect("well formed").expect("there is a plan");
    let best = solve(&problem, None).expect("well formed").certificate.objective.expect("there is a plan");
    let sample = Sample { wanted: 1_000, objective_up_to: None, effort };
    let plans = ensemble(&problem, &found.plan, sample, || false).expect("well formed");
    assert_eq!(plans.len(), 1_000);
    for found in &plans {
        assert_lawful(&problem, found, best);
    }
    assert_eq!(ensemble(&problem, &found.plan, sample, || false).expect("well formed"), plans);
    assert_eq!(search(&problem, effort, |_| ()).expect("well formed"), Some(found));
    let near = Sample { objective_up_to: Some(best + best / 10), ..sample };
    let near = ensemble(&problem, &plans[0].plan, near, || false).expect("well formed");
    assert!(near.iter().all(|found| found.objective <= best + best / 10));
}

/// The objective of every partition of the units that keeps the rules (no condition asks for change).
fn all_objectives(problem: &Problem, costs: &[Option<u64>], rest: usize, zones: usize, sum: u64) -> Vec<u64> {
    if rest == 0 {
        let ZoneCount { least, most } = problem.zone_count;
        let is_allowed = least <= zones && most.is_none_or(|most| zones <= most);
        return if is_allowed { vec![sum] } else { Vec::new() };
    }
    let first = rest & rest.wrapping_neg();
    let subsets = (0..=rest).filter(|zone| zone & !rest == 0 && zone & first != 0);
    let lawful = subsets.filter_map(|zone| Some((zone, costs[zone]?)));
    lawful
        .flat_map(|(zone, cost)| all_objectives(problem, costs, rest ^ zone, zones + 1, sum + cost))
        .collect()
}

fn zone_costs(problem: &Problem) -> Vec<Option<u64>> {
    (0..1 << problem.units.len()).map(|zone| zone_cost(problem, zone)).collect()
}

#[test]
fn the_next_best_plans_are_those_of_enumeration() {
    let mut numbers = Numbers(31);
    let mut compared = 0;
    for round in 0..100 {
        let units = 4 + round % 4;
        let neighbours = planar(&mut numbers, units);
        let problem = random_problem(&mut numbers, units, neighbours);
        let mut expected = all_objectives(&problem, &zone_costs(&problem), (1 << units) - 1, 0, 0);
        expected.sort_unstable();
        expected.truncate(12);
        let plans = best_plans(&problem, 12, &Options::default()).expect("the problem is well formed");
        let objectives: Vec<u64> = plans.iter().filter_map(|outcome| outcome.certificate.objective).collect();
        assert_eq!(objectives, expected, "{problem:#?}");
        let partitions: BTreeSet<_> =
            plans.iter().filter_map(|outcome| outcome.plan.as_ref()).map(Plan::partition).collect();
        assert_eq!(partitions.len(), plans.len());
        compared += plans.len();
    }
    assert!(compared >= 100, "{compared}");
}

/// Set partitioning (Garfinkel & Nemhauser 1970): one variable for every set of units that can be a
/// zone.
fn set_partitioning(problem: &Problem) -> Option<u64> {
    let costs = zone_costs(problem);
    let mut rows = RowProblem::default();
    let scale = costs.iter().flatten().copied().max().unwrap_or(0).max(1) as f64 / 1_000.0;
    let zones: Vec<(usize, u64)> = (0..costs.len()).filter_map(|zone| Some((zone, costs[zone]?))).collect();
    let columns: Vec<_> =
        zones.iter().map(|(_, cost)| rows.add_integer_column(*cost as f64 / scale, 0..=1)).collect();
    for unit in 0..problem.units.len() {
        let holding = zones.iter().zip(&columns).filter(|((zone, _), _)| zone >> unit & 1 == 1);
        rows.add_row(1..=1, holding.map(|(_, column)| (*column, 1.0)).collect::<Vec<_>>());
    }
    let ZoneCount { least, most } = problem.zone_count;
    let most = most.unwrap_or(problem.units.len());
    rows.add_row(least as f64..=most as f64, columns.iter().map(|column| (*column, 1.0)).collect::<Vec<_>>());
    let mut model = rows.optimise(Sense::Minimise);
    model.set_option("mip_rel_gap", 0.0);
    model.set_option("threads", 1);
    let solved = model.solve();
    if solved.status() != HighsModelStatus::Optimal {
        return None;
    }
    let solution = solved.get_solution();
    let chosen = zones.iter().zip(solution.columns()).filter(|(_, value)| **value > 0.5);
    Some(chosen.map(|((_, cost), _)| cost).sum())
}

#[test]
fn a_second_formulation_gives_the_same_optimum() {
    let mut numbers = Numbers(41);
    let mut solved = 0;
    for round in 0..100 {
        let units = 11 + round % 3;
        let neighbours = planar(&mut numbers, units);
        let mut problem = random_problem(&mut numbers, units, neighbours);
        // The second model is solved in floating point: no sums of which it could lose digits.
        problem.cost.iter_mut().flatten().flatten().for_each(|cost| *cost %= 100_000);
        let outcome = solve(&problem, None).expect("the problem is well formed");
        assert_eq!(outcome.certificate.objective, set_partitioning(&problem), "{problem:#?}");
        solved += usize::from(outcome.plan.is_some());
    }
    assert!(solved >= 30, "{solved} solved");
}

#[test]
fn the_best_plan_is_the_best_of_those_for_each_number_of_zones() {
    let problem = prefecture(5, 4, 12, 10, 4);
    let best = solve(&problem, None).expect("well formed").certificate.objective;
    let front = best_by_zone_count(&problem, 1..=12, &Options::default()).expect("well formed");
    assert_eq!(front.len(), 12);
    assert_eq!(front.iter().filter_map(|(_, outcome)| outcome.certificate.objective).min(), best);
    for (count, outcome) in &front {
        assert!(outcome.plan.iter().all(|plan| plan.zones() == *count));
    }
}

/// Ends a search at once, or only listens.
struct Listener {
    ends: bool,
    heard: std::cell::RefCell<Vec<Standing>>,
}

impl Watch for Listener {
    fn standing(&self, standing: Standing) {
        self.heard.borrow_mut().push(standing);
    }

    fn is_over(&self) -> bool {
        self.ends
    }
}

#[test]
fn a_search_can_be_heard_and_ended_and_gives_its_best_plan_with_its_bound() {
    let mut ended = 0;
    for seed in 0..8 {
        let problem = prefecture(seed, 6, 30, 40, 9);
        let run = |ends| {
            let listener = Listener { ends, heard: Vec::new().into() };
            let options = Options { watch: Some(&listener), ..Options::default() };
            let outcome = solve_with(&problem, &options).expect("the problem is well formed");
            (outcome, listener.heard.into_inner())
        };
        let (whole, heard) = run(false);
        assert_eq!(whole, solve(&problem, None).expect("the problem is well formed"));
        let best = whole.certificate.objective;
        assert!(heard.iter().all(|standing| standing.bound <= best));
        assert!(heard.iter().filter_map(|standing| standing.objective).all(|found| Some(found) >= best));
        let (short, _) = run(true);
        if short.certificate.status != Status::Interrupted {
            assert_eq!(short, whole);
            continue;
        }
        ended += 1;
        assert!(short.certificate.bound <= best);
        assert!(short.plan.iter().all(|plan| check(&problem, plan).accepts()));
    }
    assert!(ended >= 4, "{ended} ended");
}

#[test]
fn what_was_found_before_the_end_is_given_with_its_state() {
    let problem = prefecture(5, 6, 30, 40, 9);
    let best = solve(&problem, None).expect("well formed");
    let start = best.plan.clone().into_iter().collect::<Vec<Plan>>();
    let listener = Listener { ends: true, heard: Vec::new().into() };
    let options = Options { watch: Some(&listener), starts: &start, ..Options::default() };
    let plans = best_plans(&problem, 5, &options).expect("well formed");
    assert!(plans.len() < 5);
    let counts = best_by_zone_count(&problem, 3..=9, &options).expect("well formed");
    assert!(counts.len() < 7);
    for last in plans.last().into_iter().chain(counts.last().map(|(_, outcome)| outcome)) {
        assert_eq!(last.certificate.status, Status::Interrupted);
        assert!(last.plan.iter().all(|plan| check(&problem, plan).accepts()));
    }
    let measures = [Measure::travel(), Measure::zones()];
    let found = front(&problem, &measures, 9, &options).expect("well formed");
    assert_eq!((found.compromises.len(), found.open), (0, vec![vec![None, None]]));
    let sample = Sample { wanted: 100, objective_up_to: None, effort: Effort { seed: 1, steps: 1_000 } };
    let met = ensemble(&problem, &start[0], sample, || true).expect("well formed");
    assert_eq!(met.len(), 1);
}

/// The problem without the rules named.
fn without(problem: &Problem, parts: &[Part]) -> Problem {
    let mut eased = problem.clone();
    let mut dropped = BTreeSet::new();
    for part in parts {
        match part {
            Part::Demand => eased.min_demand_milli = 0,
            Part::Resource(at) => eased.min_resources[*at].least = 0,
            Part::LeastZones => eased.zone_count.least = 0,
            Part::MostZones => eased.zone_count.most = None,
            Part::Condition(at) => {
                dropped.insert(*at);
            }
            Part::Travel(unit) => eased.cost[*unit].iter_mut().for_each(|cost| *cost = cost.or(Some(0))),
        }
    }
    let conditions = eased.conditions.into_iter().enumerate();
    eased.conditions = conditions.filter(|(at, _)| !dropped.contains(at)).map(|(_, one)| one).collect();
    eased
}

#[test]
fn a_conflict_is_impossible_by_itself_and_without_any_of_its_rules_possible() {
    let mut numbers = Numbers(51);
    let (mut found, mut larger) = (0, 0);
    for round in 0..150 {
        let problem = any_problem(&mut numbers, 4 + round % 4);
        let is_possible = agrees(&problem).plan.is_some();
        let conflict = conflict(&problem, &Options::default()).expect("the problem is well formed");
        assert_eq!(conflict.is_none(), is_possible);
        let Some(parts) = conflict.filter(|parts| !parts.is_empty()) else { continue };
        found += 1;
        larger += usize::from(parts.len() > 1);
        assert!(parts.iter().all(|part| !part.meant(&problem).is_empty()));
        // Only these rules: everything else is dropped.
        let units = (0..problem.units.len()).map(Part::Travel);
        let resources = (0..problem.min_resources.len()).map(Part::Resource);
        let conditions = (0..problem.conditions.len()).map(Part::Condition);
        let all: Vec<Part> = units
            .chain(resources)
            .chain(conditions)
            .chain([Part::Demand, Part::LeastZones, Part::MostZones])
            .collect();
        let others: Vec<Part> = all.into_iter().filter(|part| !parts.contains(part)).collect();
        let only = without(&problem, &others);
        assert!(solve(&only, None).expect("well formed").plan.is_none(), "{parts:?}");
        for at in 0..parts.len() {
            let mut dropped = vec![parts[at]];
            // Conditions are counted in the problem that holds only those that conflict.
            if let Part::Condition(place) = parts[at] {
                let before = |part: &&Part| matches!(part, Part::Condition(other) if *other < place);
                dropped = vec![Part::Condition(parts.iter().filter(before).count())];
            }
            let eased = without(&only, &dropped);
            assert!(solve(&eased, None).expect("well formed").plan.is_some(), "{parts:?} without {at}");
        }
    }
    assert!(found >= 40 && larger >= 10, "{found} found, {larger} of several rules");
}

#[test]
fn a_repair_keeps_the_rules_and_no_plan_with_fewer_moves_does() {
    let mut numbers = Numbers(61);
    let mut mended = 0;
    for _ in 0..60 {
        let neighbours = planar(&mut numbers, 6);
        let problem = random_problem(&mut numbers, 6, neighbours);
        let groups: Vec<u64> = (0..6).map(|_| numbers.below(3)).collect();
        let broken = Plan::from_groups(&groups);
        let repair = repair(&problem, &broken, &Options::default()).expect("the problem is well formed");
        let is_possible = solve(&problem, None).expect("well formed").plan.is_some();
        assert_eq!(repair.moves.is_some(), is_possible);
        let Some((plan, moves)) = repair.outcome.plan.zip(repair.moves) else { continue };
        assert!(repair.is_proven && check(&problem, &plan).accepts());
        mended += usize::from(moves > 0);
        // A plan with one move less, had there been one, would keep this rule.
        let mut stricter = problem.clone();
        stricter.conditions.push(keniki::zoning::condition::Condition {
            name: "fewer moves".to_owned(),
            kind: keniki::zoning::condition::ConditionKind::Change {
                zone_of_unit: broken.zone_of_unit.clone(),
                weight: vec![1; 6],
                most: moves.saturating_sub(1),
            },
            strength: keniki::zoning::condition::Strength::Hard,
        });
        assert_eq!(agrees(&stricter).plan.is_some(), moves == 0);
    }
    assert!(mended >= 10, "{mended} mended");
}

/// The zones of every plan that keeps the rules.
fn all_plans(problem: &Problem) -> Vec<Vec<usize>> {
    let costs = zone_costs(problem);
    let mut unfinished = vec![((1usize << problem.units.len()) - 1, Vec::new())];
    let mut plans = Vec::new();
    while let Some((rest, zones)) = unfinished.pop() {
        if rest == 0 {
            plans.push(zones);
            continue;
        }
        let first = rest & rest.wrapping_neg();
        for zone in (1..=rest).filter(|zone| zone & !rest == 0 && zone & first != 0) {
            if costs[zone].is_some() {
                unfinished.push((rest ^ zone, [zones.as_slice(), &[zone]].concat()));
            }
        }
    }
    let ZoneCount { least, most } = problem.zone_count;
    plans.retain(|zones| {
        let is_allowed = least <= zones.len() && most.is_none_or(|most| zones.len() <= most);
        is_allowed && plan_cost(problem, zones).is_some()
    });
    plans
}

/// A random problem with hard conditions only, and with its plans.
fn hard_problem(numbers: &mut Numbers, units: usize) -> (Problem, Vec<Vec<usize>>) {
    let mut problem = any_problem(numbers, units);
    problem.objective = Measure::travel();
    problem.conditions.retain(|condition| condition.strength == Strength::Hard);
    let plans = all_plans(&problem);
    (problem, plans)
}

#[test]
fn one_goal_after_the_other_is_reached_as_in_enumeration() {
    let mut numbers = Numbers(71);
    let mut solved = 0;
    for round in 0..100 {
        let units = 4 + round % 4;
        let (problem, plans) = hard_problem(&mut numbers, units);
        let goals: Vec<Measure> = (0..3).map(|_| random_measure(&mut numbers, units as u64)).collect();
        let value = |zones: &Vec<usize>| -> Vec<u64> {
            goals.iter().map(|goal| measured(&problem, goal, zones)).collect()
        };
        let best = plans.iter().map(value).min();
        let outcomes = in_order(&problem, &goals, &Options::default()).expect("well formed").outcomes;
        let Some(best) = best else {
            assert_eq!(outcomes.len(), 1);
            assert_eq!(outcomes[0].certificate.status, Status::Infeasible);
            continue;
        };
        let found: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.certificate.objective).collect();
        assert_eq!(found, best, "{problem:#?} {goals:#?}");
        assert!(outcomes.iter().all(|outcome| outcome.certificate.gap == Some(0.0)));
        assert!(
            outcomes.iter().flat_map(|outcome| &outcome.plan).all(|plan| check(&problem, plan).accepts())
        );
        solved += 1;
    }
    assert!(solved >= 25, "{solved} solved");
}

#[test]
fn the_front_is_that_of_enumeration_and_every_compromise_keeps_the_rules() {
    let mut numbers = Numbers(81);
    let (mut solved, mut largest) = (0, 0);
    for round in 0..120 {
        let units = 4 + round % 4;
        let (problem, plans) = hard_problem(&mut numbers, units);
        let random = |numbers: &mut Numbers| Measure::breaches([random_kind(numbers, units as u64)]);
        let mut measures = vec![Measure::travel(), Measure::zones()];
        measures.extend((0..round % 3).map(|_| random(&mut numbers)));
        let value = |zones: &Vec<usize>| -> Vec<u64> {
            measures.iter().map(|measure| measured(&problem, measure, zones)).collect()
        };
        let values: BTreeSet<Vec<u64>> = plans.iter().map(value).collect();
        let beats = |one: &Vec<u64>, other: &Vec<u64>| {
            one != other && one.iter().zip(other).all(|(one, other)| one <= other)
        };
        let undominated = values.iter().filter(|one| !values.iter().any(|other| beats(other, one)));
        let expected: Vec<&Vec<u64>> = undominated.collect();
        let found = front(&problem, &measures, 1_000, &Options::default()).expect("well formed");
        let compromises: Vec<&Vec<u64>> = found.compromises.iter().map(|one| &one.values).collect();
        assert_eq!(compromises, expected, "{problem:#?} {measures:#?}");
        assert!(found.open.is_empty());
        assert!(found.compromises.iter().all(|one| check(&problem, &one.plan).accepts()));
        solved += usize::from(!expected.is_empty());
        largest = largest.max(expected.len());
    }
    assert!(solved >= 15 && largest >= 5, "{solved} solved, up to {largest} compromises");
}

#[test]
fn the_least_change_of_a_limit_is_that_of_enumeration() {
    let mut numbers = Numbers(91);
    let (mut eased, mut hopeless) = (0, 0);
    for round in 0..200 {
        let (mut problem, plans) = hard_problem(&mut numbers, 4 + round % 3);
        if !plans.is_empty() {
            continue;
        }
        let asked = [Part::Demand, Part::LeastZones, Part::MostZones];
        let count = problem.zone_count;
        problem.zone_count.most = Some(count.most.unwrap_or(problem.units.len()));
        let found = relaxed(&problem, &asked, None, &Options::default()).expect("well formed");
        let demand = |zone: &usize| -> u64 {
            let units = (0..problem.units.len()).filter(|unit| zone >> unit & 1 == 1);
            units.map(|unit| problem.units[unit].demand_milli).sum()
        };
        for one in found {
            let with = |change: fn(&mut Problem)| {
                let mut eased = problem.clone();
                change(&mut eased);
                all_plans(&eased)
            };
            let expected = match one.bound {
                Bound::Least(Part::Demand) => {
                    let plans = with(|problem| problem.min_demand_milli = 0);
                    let least = plans.iter().filter_map(|zones| zones.iter().map(demand).min()).max();
                    least.map(|least| least.min(problem.min_demand_milli - 1))
                }
                Bound::Least(_) => {
                    with(|problem| problem.zone_count.least = 0).iter().map(|zones| zones.len() as u64).max()
                }
                _ => with(|problem| problem.zone_count.most = None)
                    .iter()
                    .map(|zones| zones.len() as u64)
                    .min(),
            };
            let has_limit = match one.bound {
                Bound::Least(Part::Demand) => problem.min_demand_milli > 0,
                Bound::Least(_) => problem.zone_count.least > 0,
                _ => problem.zone_count.most < Some(problem.units.len()),
            };
            assert!(one.is_proven);
            assert_eq!(one.to, expected.filter(|_| has_limit), "{one:?} {problem:#?}");
            eased += usize::from(one.to.is_some());
            hopeless += usize::from(one.to.is_none());
        }
    }
    assert!(eased >= 15 && hopeless >= 15, "{eased} eased, {hopeless} hopeless");
}
