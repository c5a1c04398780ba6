//! The exact optimiser against complete enumeration, and against the independent checker.

mod many;

use keniki::zoning::certificate::Status;
use keniki::zoning::checker::{Judgement, check, measured as measured_by_checker};
use keniki::zoning::condition::{Condition, ConditionKind, Patch, Strength, Zones};
use keniki::zoning::exact::{ExactError, Outcome, solve};
use keniki::zoning::infeasibility::Infeasibility;
use keniki::zoning::measure::Measure;
use keniki::zoning::plan::Plan;
use keniki::zoning::problem::{Counted, Lead, MinResource, Problem, Unit, ZoneCount};
use proptest::prelude::*;

/// A small source of repeatable numbers (SplitMix64, Steele, Lea & Flood 2014).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to `limit` − 1.
    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// Random costs and rules over the units and neighbours given; often without any solution.
fn random_problem(numbers: &mut Numbers, units: usize, neighbours: Vec<(usize, usize)>) -> Problem {
    let leads: Vec<Lead> = (0..numbers.below(2 * units as u64 + 1))
        .map(|at| Lead { id: format!("lead {at}"), unit: numbers.below(units as u64) as usize })
        .collect();
    let highest_cost = [5, 1_000, 20_000_000_000][numbers.below(3) as usize];
    let forbidden = [0, 10, 30][numbers.below(3) as usize];
    let largest = [3, 1_000_000][numbers.below(2) as usize];
    let row = |numbers: &mut Numbers| {
        leads.iter().map(|_| (!numbers.chance(forbidden)).then(|| numbers.below(highest_cost))).collect()
    };
    let cost = (0..units).map(|_| row(numbers)).collect();
    let units: Vec<Unit> = (0..units)
        .map(|at| Unit {
            name: format!("unit {at}"),
            demand_milli: numbers.below(largest),
            resources: vec![numbers.below(3) as u32, numbers.below(2) as u32],
        })
        .collect();
    let least = numbers.below(4) as usize;
    Problem {
        leads,
        cost,
        neighbours,
        min_demand_milli: if numbers.chance(60) { numbers.below(2 * largest) } else { 0 },
        min_resources: vec![
            MinResource { name: "first".to_owned(), least: numbers.below(3) as u32 },
            MinResource { name: "second".to_owned(), least: numbers.below(2) as u32 },
        ],
        zone_count: ZoneCount {
            least,
            most: numbers.chance(40).then(|| least + numbers.below(units.len() as u64) as usize),
        },
        closed: vec![],
        conditions: vec![],
        objective: Measure::travel(),
        counted: Counted::default(),
        units,
    }
}

/// A rule of a random kind.
fn random_kind(numbers: &mut Numbers, units: u64) -> ConditionKind {
    let kind = random_plain_kind(numbers, units);
    if !kind.is_of_each_zone() || numbers.chance(50) {
        return kind;
    }
    let some = (0..units as usize).filter(|_| numbers.chance(25)).collect();
    let zones = if numbers.chance(50) { Zones::With(some) } else { Zones::Without(some) };
    ConditionKind::Some { zones, of: Box::new(kind) }
}

/// A rule of a random kind that is asked of every zone.
fn random_plain_kind(numbers: &mut Numbers, units: u64) -> ConditionKind {
    let some: Vec<usize> = (0..units as usize).filter(|_| numbers.chance(40)).take(3).collect();
    match numbers.below(7) {
        0 => {
            let held: Vec<u64> = (0..units).map(|_| numbers.below(9)).collect();
            let least = numbers.below(9);
            let most = numbers.chance(70).then(|| least + numbers.below(20));
            ConditionKind::Amount { held, least, most, parts: 1 }
        }
        1 => ConditionKind::Together { units: some },
        2 => ConditionKind::Apart { units: some },
        3 => ConditionKind::Locked { units: some },
        4 => ConditionKind::Change {
            zone_of_unit: (0..units).map(|_| numbers.below(units.min(3)) as usize).collect(),
            weight: (0..units).map(|_| numbers.below(5)).collect(),
            most: numbers.below(2 * units),
        },
        5 => {
            let patch = |numbers: &mut Numbers| Patch {
                unit: numbers.below(units) as usize,
                weight: numbers.below(9),
                by: (0..numbers.below(3)).map(|_| numbers.below(units) as usize).collect(),
            };
            let patches = (0..2 * units).map(|_| patch(numbers)).collect();
            let share = [1_000_000, 600_000, 300_000][numbers.below(3) as usize];
            ConditionKind::covered(units as usize, patches, share)
        }
        _ => ConditionKind::Balance {
            surplus: (0..units).map(|_| numbers.below(9) as i64 - 4).collect(),
            most: numbers.below(6),
        },
    }
}

/// A measure of random quantities, at times with travel.
fn random_measure(numbers: &mut Numbers, units: u64) -> Measure {
    Measure {
        travel: numbers.below(3),
        zones: numbers.below(3) * numbers.below(1_000),
        breaches: (0..numbers.below(3))
            .map(|_| (random_kind(numbers, units), 1 + numbers.below(100)))
            .collect(),
    }
}

/// Rules of random kinds, half of them soft; sometimes contradictory, sometimes with another objective.
fn random_conditions(numbers: &mut Numbers, problem: &mut Problem) {
    let units = problem.units.len() as u64;
    for at in 0..numbers.below(4) {
        let kind = random_kind(numbers, units);
        let soft = Strength::Soft { weight: numbers.below(1_000) };
        let strength = if numbers.chance(50) { Strength::Hard } else { soft };
        problem.conditions.push(Condition { name: format!("condition {at}"), kind, strength });
    }
    if numbers.chance(30) {
        problem.objective = random_measure(numbers, units);
    }
    if numbers.chance(20) {
        let closed =
            problem.neighbours.iter().filter(|_| numbers.chance(20)).map(|(a, b)| (*b, *a)).collect();
        problem.closed = closed;
    }
}

/// The lowest objective over every partition of the units into zones and every choice of leads.
fn enumerate(problem: &Problem) -> Option<u64> {
    let everything = (1usize << problem.units.len()) - 1;
    let cost_of_zone: Vec<Option<u64>> = (0..=everything).map(|zone| zone_cost(problem, zone)).collect();
    // The first piece of units that should be one was counted too.
    let first_pieces = charges(problem).into_iter().map(|(kind, strength)| match (kind, strength) {
        (ConditionKind::Together { units } | ConditionKind::Locked { units }, Strength::Soft { weight })
            if !units.is_empty() =>
        {
            weight
        }
        _ => 0,
    });
    let first_pieces: u64 = first_pieces.sum();
    let is_of_plan =
        |kind: &ConditionKind| matches!(kind, ConditionKind::Change { .. } | ConditionKind::Limit { .. });
    let best = if charges(problem).into_iter().any(|(kind, _)| is_of_plan(kind)) {
        best_partition(problem, &cost_of_zone, everything, &mut Vec::new())
    } else {
        best_union(problem, &cost_of_zone, everything)
    };
    best.map(|best| best - first_pieces)
}

/// Conditions, and what the objective counts.
fn charges(problem: &Problem) -> Vec<(&ConditionKind, Strength)> {
    let conditions = problem.conditions.iter().map(|condition| (&condition.kind, condition.strength));
    let counted = problem.objective.breaches.iter();
    conditions.chain(counted.map(|(kind, weight)| (kind, Strength::Soft { weight: *weight }))).collect()
}

/// Every partition, one after the other.
fn best_partition(
    problem: &Problem,
    costs: &[Option<u64>],
    rest: usize,
    zones: &mut Vec<usize>,
) -> Option<u64> {
    if rest == 0 {
        let ZoneCount { least, most } = problem.zone_count;
        let is_allowed = least <= zones.len() && most.is_none_or(|most| zones.len() <= most);
        return if is_allowed { plan_cost(problem, zones) } else { None };
    }
    let first = rest & rest.wrapping_neg();
    let others = rest ^ first;
    let mut with = others;
    let mut best: Option<u64> = None;
    loop {
        let zone = first | with;
        if let Some(cost) = costs[zone] {
            zones.push(zone);
            let total = best_partition(problem, costs, rest ^ zone, zones).map(|rest| rest + cost);
            zones.pop();
            best = [best, total].into_iter().flatten().min();
        }
        if with == 0 {
            return best;
        }
        with = (with - 1) & others;
    }
}

/// The same where each zone can be judged alone: by number of zones, from subset to subset.
fn best_union(problem: &Problem, costs: &[Option<u64>], everything: usize) -> Option<u64> {
    let units = problem.units.len();
    let mut best = vec![vec![None::<u64>; units + 1]; everything + 1];
    best[0][0] = Some(0);
    for set in 1..=everything {
        let first = set & set.wrapping_neg();
        let others = set ^ first;
        let mut with = others;
        loop {
            let zone = first | with;
            if let Some(cost) = costs[zone] {
                for zones in 0..units {
                    let total = best[set ^ zone][zones].map(|rest| rest + cost);
                    best[set][zones + 1] = [best[set][zones + 1], total].into_iter().flatten().min();
                }
            }
            if with == 0 {
                break;
            }
            with = (with - 1) & others;
        }
    }
    let ZoneCount { least, most } = problem.zone_count;
    (least..=most.unwrap_or(units).min(units)).filter_map(|zones| best[everything][zones]).min()
}

/// What the conditions cost that ask something of the plan as a whole; `None` = it breaks a hard one.
fn plan_cost(problem: &Problem, zones: &[usize]) -> Option<u64> {
    charges(problem).into_iter().try_fold(0, |sum, (kind, strength)| {
        Some(sum + cost_of_breach(strength, plan_breach(problem, kind, zones))?)
    })
}

/// How far the plan as a whole breaks a condition.
fn plan_breach(problem: &Problem, kind: &ConditionKind, zones: &[usize]) -> u64 {
    match kind {
        ConditionKind::Change { zone_of_unit, weight, most } => {
            let olds = zone_of_unit.iter().max().map_or(0, |zone| zone + 1);
            let stays = |old: usize, zone: usize| {
                let units = 0..weight.len();
                let units = units.filter(|unit| zone >> unit & 1 == 1 && zone_of_unit[*unit] == old);
                units.map(|unit| weight[unit]).sum::<u64>()
            };
            (weight.iter().sum::<u64>() - most_stays(0, olds, zones, &stays)).saturating_sub(*most)
        }
        ConditionKind::Limit { measure, most } => measured(problem, measure, zones).saturating_sub(*most),
        _ => 0,
    }
}

/// The value of a measure.
fn measured(problem: &Problem, measure: &Measure, zones: &[usize]) -> u64 {
    let members = |zone: usize| (0..problem.units.len()).filter(move |unit| zone >> unit & 1 == 1);
    let travel: u64 = zones
        .iter()
        .filter(|_| measure.travel > 0)
        .map(|zone| travel(problem, *zone).expect("every zone has a lead"))
        .sum();
    let breach = |kind: &ConditionKind| {
        let pieces: u64 =
            zones.iter().map(|zone| zone_breach(kind, &members(*zone).collect::<Vec<_>>())).sum();
        let first = match kind {
            ConditionKind::Together { units } | ConditionKind::Locked { units } => !units.is_empty(),
            _ => false,
        };
        pieces - u64::from(first) + plan_breach(problem, kind, zones)
    };
    let breaches: u64 = measure.breaches.iter().map(|(kind, weight)| weight * breach(kind)).sum();
    measure.travel * travel + measure.zones * zones.len() as u64 + breaches
}

/// The most that stays when the old zones from `old` on live on in some of the zones.
fn most_stays(old: usize, olds: usize, zones: &[usize], stays: &impl Fn(usize, usize) -> u64) -> u64 {
    if old == olds {
        return 0;
    }
    let heirs = (0..zones.len()).map(|at| {
        let others: Vec<usize> = [&zones[..at], &zones[at + 1..]].concat();
        stays(old, zones[at]) + most_stays(old + 1, olds, &others, stays)
    });
    heirs.chain([most_stays(old + 1, olds, zones, stays)]).max().unwrap_or(0)
}

fn cost_of_breach(strength: Strength, breach: u64) -> Option<u64> {
    match strength {
        Strength::Hard => (breach == 0).then_some(0),
        Strength::Soft { weight } => Some(weight * breach),
    }
}

/// What a zone costs because of the conditions; `None` = it breaks a hard one.
fn condition_cost(problem: &Problem, zone: &[usize]) -> Option<u64> {
    charges(problem).into_iter().try_fold(0, |sum, (kind, strength)| {
        let breach = zone_breach(kind, zone);
        let inside = |units: &[usize]| units.iter().filter(|unit| zone.contains(unit)).count();
        let is_whole = match kind {
            ConditionKind::Together { units } => inside(units) == units.len(),
            ConditionKind::Locked { units } => inside(units) == units.len() && zone.len() == units.len(),
            _ => false,
        };
        let is_kept = strength == Strength::Hard && is_whole;
        Some(sum + if is_kept { 0 } else { cost_of_breach(strength, breach)? })
    })
}

/// What a zone adds to the breach of a condition; the first piece of units that should be one counts.
fn zone_breach(kind: &ConditionKind, zone: &[usize]) -> u64 {
    let inside = |units: &[usize]| units.iter().filter(|unit| zone.contains(unit)).count() as u64;
    match kind {
        ConditionKind::Amount { held, least, most, .. } => {
            let held: u64 = zone.iter().map(|unit| held[*unit]).sum();
            least.saturating_sub(held) + held.saturating_sub(most.unwrap_or(u64::MAX))
        }
        ConditionKind::Together { units } => inside(units).min(1),
        ConditionKind::Apart { units } => inside(units).saturating_sub(1),
        ConditionKind::Locked { units } => {
            let others = zone.len() as u64 - inside(units);
            if inside(units) == 0 { 0 } else { 1 + others }
        }
        ConditionKind::Covered { patches, tolerated } => {
            let open = |patch: &&Patch| zone.contains(&patch.unit) && inside(&patch.by) == 0;
            let open: u64 = patches.iter().filter(open).map(|patch| patch.weight).sum();
            open.saturating_sub(zone.iter().map(|unit| tolerated[*unit]).sum())
        }
        ConditionKind::Balance { surplus, most } => {
            let surplus: i64 = zone.iter().map(|unit| surplus[*unit]).sum();
            surplus.unsigned_abs().saturating_sub(*most)
        }
        ConditionKind::Some { zones, of } => {
            let is_asked = match zones {
                Zones::With(units) => inside(units) > 0,
                Zones::Without(units) => inside(units) == 0,
            };
            if is_asked { zone_breach(of, zone) } else { 0 }
        }
        ConditionKind::Change { .. } | ConditionKind::Limit { .. } => 0,
    }
}

/// The lowest cost of a zone of the units in the bit set, if it can be a zone.
fn zone_cost(problem: &Problem, zone: usize) -> Option<u64> {
    let inside = |unit: usize| zone >> unit & 1 == 1;
    let units: Vec<usize> = (0..problem.units.len()).filter(|unit| inside(*unit)).collect();
    let mut reached = zone & zone.wrapping_neg();
    for _ in &units {
        for &(a, b) in problem.neighbours.iter().filter(|(a, b)| !problem.closed.contains(&(*b, *a))) {
            if inside(a) && inside(b) && (reached >> a & 1 == 1 || reached >> b & 1 == 1) {
                reached |= 1 << a | 1 << b;
            }
        }
    }
    let demand: u64 = units.iter().map(|unit| problem.units[*unit].demand_milli).sum();
    let holds = |at: usize| units.iter().map(|unit| problem.units[*unit].resources[at]).sum::<u32>();
    let enough = (0..problem.min_resources.len()).all(|at| holds(at) >= problem.min_resources[at].least);
    if zone == 0 || reached != zone || demand < problem.min_demand_milli || !enough {
        return None;
    }
    let Measure { travel: weight, zones: each, .. } = problem.objective;
    Some(weight * travel(problem, zone)? + each + condition_cost(problem, &units)?)
}

/// The least travel of a lead of a zone.
fn travel(problem: &Problem, zone: usize) -> Option<u64> {
    let inside = |unit: &usize| zone >> unit & 1 == 1;
    let units = || (0..problem.units.len()).filter(inside);
    let leads = (0..problem.leads.len()).filter(|lead| inside(&problem.leads[*lead].unit));
    leads.filter_map(|lead| units().map(|unit| problem.cost[unit][lead]).sum::<Option<u64>>()).min()
}

/// Solves, and holds verdict, optimum, certificate and plan to the enumeration and the checker.
fn agrees(problem: &Problem) -> Outcome {
    let best = enumerate(problem);
    let outcome = solve(problem, None).expect("the problem is well formed");
    let certificate = &outcome.certificate;
    assert_eq!(certificate.objective, best, "{problem:#?}\n{outcome:#?}");
    assert_eq!(certificate.bound, best, "{problem:#?}\n{outcome:#?}");
    assert_eq!(certificate.gap, best.map(|_| 0.0));
    assert_eq!(outcome.plan.is_some(), best.is_some());
    assert_eq!(outcome.reasons.is_empty(), best.is_some());
    assert_eq!(certificate.status, if best.is_some() { Status::Optimal } else { Status::Infeasible });
    if let Some(plan) = &outcome.plan {
        let report = check(problem, plan);
        assert!(report.accepts(), "{report:#?}");
        assert_eq!(report.objective, best);
    }
    outcome
}

/// All pairs of `units` units, in order.
fn pairs(units: usize) -> Vec<(usize, usize)> {
    (0..units).flat_map(|a| (a + 1..units).map(move |b| (a, b))).collect()
}

fn graph(pairs: &[(usize, usize)], chosen: usize) -> Vec<(usize, usize)> {
    pairs.iter().enumerate().filter(|(at, _)| chosen >> at & 1 == 1).map(|(_, pair)| *pair).collect()
}

/// What happened over many problems, so that a test can tell that it saw all kinds.
#[derive(Debug, Default)]
struct Seen {
    optimal: u32,
    diagnosed: u32,
    searched_in_vain: u32,
    cut_in_rounds: u32,
}

impl Seen {
    fn add(&mut self, outcome: &Outcome) {
        self.optimal += u32::from(outcome.plan.is_some());
        let in_vain = outcome.reasons == [Infeasibility::NoCombination];
        self.searched_in_vain += u32::from(in_vain);
        self.diagnosed += u32::from(!outcome.reasons.is_empty() && !in_vain);
        self.cut_in_rounds += u32::from(outcome.certificate.rounds > 2);
    }
}

#[test]
fn on_every_graph_of_up_to_five_units_the_optimum_is_that_of_enumeration() {
    let mut numbers = Numbers(1);
    let mut seen = Seen::default();
    for units in 1..=5 {
        let pairs = pairs(units);
        for chosen in 0..1usize << pairs.len() {
            for _ in 0..2 {
                let problem = random_problem(&mut numbers, units, graph(&pairs, chosen));
                seen.add(&agrees(&problem));
            }
        }
    }
    assert!(seen.optimal >= 500 && seen.diagnosed >= 500 && seen.searched_in_vain >= 30, "{seen:?}");
    assert!(seen.cut_in_rounds >= 5, "{seen:?}");
}

/// The connected graphs on six units, one of each shape.
fn shapes_of_six() -> Vec<Vec<(usize, usize)>> {
    let pairs = pairs(6);
    let place = |a: usize, b: usize| pairs.iter().position(|pair| *pair == (a.min(b), a.max(b))).unwrap();
    let mut orders = vec![vec![]];
    for _ in 0..6 {
        orders = orders
            .iter()
            .flat_map(|order: &Vec<usize>| {
                let rest = (0..6).filter(|unit| !order.contains(unit));
                rest.map(|unit| [order.as_slice(), &[unit]].concat()).collect::<Vec<_>>()
            })
            .collect();
    }
    let images: Vec<Vec<usize>> =
        orders.iter().map(|order| pairs.iter().map(|(a, b)| place(order[*a], order[*b])).collect()).collect();
    let mut met = vec![false; 1 << pairs.len()];
    let mut shapes = Vec::new();
    for chosen in 0..1usize << pairs.len() {
        if met[chosen] {
            continue;
        }
        for image in &images {
            let renamed =
                (0..pairs.len()).filter(|at| chosen >> at & 1 == 1).map(|at| 1 << image[at]).sum::<usize>();
            met[renamed] = true;
        }
        let shape = graph(&pairs, chosen);
        let mut reached = 1usize;
        for _ in 0..6 {
            for (a, b) in &shape {
                if reached >> a & 1 == 1 || reached >> b & 1 == 1 {
                    reached |= 1 << a | 1 << b;
                }
            }
        }
        if reached == 0b11_1111 {
            shapes.push(shape);
        }
    }
    shapes
}

#[test]
fn on_every_shape_of_connected_graph_of_six_units_the_optimum_is_that_of_enumeration() {
    let shapes = shapes_of_six();
    assert_eq!(shapes.len(), 112);
    let mut numbers = Numbers(6);
    for shape in &shapes {
        for _ in 0..5 {
            agrees(&random_problem(&mut numbers, 6, shape.clone()));
        }
    }
}

/// A grid some of whose connections are missing.
fn torn_grid(numbers: &mut Numbers, columns: usize, units: usize, missing: u64) -> Vec<(usize, usize)> {
    let across = (0..units).filter(|unit| (unit + 1) % columns != 0).map(|unit| (unit, unit + 1));
    let down = (0..units).map(|unit| (unit, unit + columns));
    across.chain(down).filter(|(_, b)| *b < units && !numbers.chance(missing)).collect()
}

#[test]
fn on_random_torn_grids_of_seven_to_nine_units_the_optimum_is_that_of_enumeration() {
    let mut numbers = Numbers(9);
    let mut seen = Seen::default();
    for round in 0..400 {
        let units = 7 + round % 3;
        let neighbours = torn_grid(&mut numbers, 3, units, 20);
        seen.add(&agrees(&random_problem(&mut numbers, units, neighbours)));
    }
    assert!(seen.optimal >= 150 && seen.diagnosed >= 100 && seen.searched_in_vain >= 10, "{seen:?}");
    assert!(seen.cut_in_rounds >= 10, "{seen:?}");
}

#[test]
fn with_conditions_on_every_shape_of_six_units_the_optimum_is_that_of_enumeration() {
    let mut numbers = Numbers(66);
    let mut seen = Seen::default();
    for shape in shapes_of_six() {
        for _ in 0..12 {
            let mut problem = random_problem(&mut numbers, 6, shape.clone());
            random_conditions(&mut numbers, &mut problem);
            seen.add(&agrees(&problem));
        }
    }
    assert!(seen.optimal >= 300 && seen.diagnosed >= 100 && seen.searched_in_vain >= 30, "{seen:?}");
}

/// The Gabriel graph (planar) of random places: two are joined if no third lies in the circle between
/// them.
fn planar(numbers: &mut Numbers, units: usize) -> Vec<(usize, usize)> {
    let places: Vec<(i64, i64)> =
        (0..units).map(|_| (numbers.below(1_000) as i64, numbers.below(1_000) as i64)).collect();
    let square = |a: usize, b: usize| {
        let (dx, dy) = (places[a].0 - places[b].0, places[a].1 - places[b].1);
        dx * dx + dy * dy
    };
    let is_between =
        |a, b, other| other != a && other != b && square(a, other) + square(other, b) < square(a, b);
    let is_free = |(a, b): &(usize, usize)| !(0..units).any(|other| is_between(*a, *b, other));
    pairs(units).into_iter().filter(is_free).filter(|_| !numbers.chance(5)).collect()
}

#[test]
fn on_random_planar_graphs_of_up_to_twelve_units_the_optimum_is_that_of_enumeration() {
    let mut numbers = Numbers(12);
    let mut seen = Seen::default();
    for round in 0..500 {
        let units = 7 + round % 6;
        let neighbours = planar(&mut numbers, units);
        let mut problem = random_problem(&mut numbers, units, neighbours);
        if numbers.chance(60) {
            random_conditions(&mut numbers, &mut problem);
        }
        seen.add(&agrees(&problem));
    }
    assert!(seen.optimal >= 150 && seen.diagnosed >= 100 && seen.searched_in_vain >= 20, "{seen:?}");
}

#[test]
fn within_the_limit_of_a_measure_the_optimum_is_that_of_enumeration() {
    let mut numbers = Numbers(77);
    let mut seen = Seen::default();
    for round in 0..250 {
        let units = 4 + round % 5;
        let neighbours = planar(&mut numbers, units);
        let mut problem = random_problem(&mut numbers, units, neighbours);
        random_conditions(&mut numbers, &mut problem);
        problem.objective = random_measure(&mut numbers, units as u64);
        let Some(plan) = agrees(&problem).plan else { continue };
        let measure = random_measure(&mut numbers, units as u64);
        let value = measured_by_checker(&problem, &measure, &plan).expect("the plan is whole");
        let most = value - value.min(numbers.below(1 + value / 4));
        let kind = ConditionKind::Limit { measure, most };
        let soft = Strength::Soft { weight: numbers.below(3) };
        let strength = if numbers.chance(70) { Strength::Hard } else { soft };
        problem.conditions.push(Condition { name: "limit".to_owned(), kind, strength });
        seen.add(&agrees(&problem));
    }
    assert!(seen.optimal >= 30 && seen.searched_in_vain >= 20, "{seen:?}");
}

/// A prefecture on a grid: most leads stand in three cities, travel grows with the distance, no lead
/// leads beyond `reach` steps, half of the units hold the resource.
fn prefecture(seed: u64, columns: usize, units: usize, leads: usize, reach: u64) -> Problem {
    let mut numbers = Numbers(seed);
    let neighbours = torn_grid(&mut numbers, columns, units, 10);
    let cities = [0; 3].map(|_| numbers.below(units as u64) as usize);
    let leads: Vec<Lead> = (0..leads)
        .map(|at| {
            let anywhere = numbers.below(units as u64) as usize;
            let unit = if at % 2 == 0 { cities[at / 2 % 3] } else { anywhere };
            Lead { id: format!("lead {at}"), unit }
        })
        .collect();
    let units: Vec<Unit> = (0..units)
        .map(|at| Unit {
            name: format!("unit {at}"),
            demand_milli: [3_000, 40_000, 200_000, 900_000][numbers.below(4) as usize] + numbers.below(3_000),
            resources: vec![numbers.below(2) as u32],
        })
        .collect();
    let steps =
        |a: usize, b: usize| (a % columns).abs_diff(b % columns) + (a / columns).abs_diff(b / columns);
    let cost = (0..units.len())
        .map(|unit| {
            let costs = leads.iter().map(|lead| {
                let steps = steps(unit, lead.unit) as u64;
                let deciseconds = 3_000 + 6_000 * steps + numbers.below(6_000);
                (steps <= reach).then_some(units[unit].demand_milli * deciseconds)
            });
            costs.collect()
        })
        .collect();
    Problem {
        units,
        leads,
        cost,
        neighbours,
        min_demand_milli: 500_000,
        min_resources: vec![MinResource { name: "linkage".to_owned(), least: 1 }],
        zone_count: ZoneCount::default(),
        closed: vec![],
        conditions: vec![],
        objective: Measure::travel(),
        counted: Counted::default(),
    }
}

#[test]
fn prefectures_of_thirty_units_and_forty_leads_are_solved_to_gap_zero() {
    let mut solved = 0;
    for seed in 0..8 {
        let problem = prefecture(seed, 6, 30, 40, 9);
        let outcome = solve(&problem, None).expect("the problem is well formed");
        if let Some(plan) = &outcome.plan {
            assert_eq!(outcome.certificate.status, Status::Optimal);
            assert_eq!(outcome.certificate.gap, Some(0.0));
            let report = check(&problem, plan);
            assert!(report.accepts(), "{report:#?}");
            assert_eq!(report.objective, outcome.certificate.objective);
            solved += 1;
        }
    }
    assert!(solved >= 4, "{solved} solved");
}

#[test]
fn the_same_problem_gives_the_same_answer_twice() {
    let problem = prefecture(5, 6, 27, 40, 4);
    let first = solve(&problem, None).expect("the problem is well formed");
    let second = solve(&problem, None).expect("the problem is well formed");
    assert!(first.plan.is_some());
    assert_eq!(first, second);
}

#[test]
fn a_search_cut_short_says_so_and_its_plan_meets_the_rules() {
    let mut cut_short = 0;
    for seed in 0..8 {
        let problem = prefecture(seed, 6, 30, 40, 9);
        let whole = solve(&problem, None).expect("the problem is well formed").certificate;
        let short = solve(&problem, Some(0)).expect("the problem is well formed");
        let certificate = &short.certificate;
        if certificate.status != Status::NodeLimit {
            assert_eq!(certificate.objective, whole.objective);
            continue;
        }
        cut_short += 1;
        assert!(certificate.bound <= whole.objective);
        assert!(short.reasons.is_empty());
        if let Some(plan) = &short.plan {
            assert!(check(&problem, plan).accepts());
            assert!(certificate.objective >= whole.objective);
            assert_eq!(certificate.gap.is_some(), certificate.bound.is_some());
        }
    }
    assert!(cut_short >= 1);
}

/// Three units in a row, one lead in the first.
fn three_in_a_row() -> Problem {
    Problem {
        units: ["west", "middle", "east"]
            .map(|name| Unit { name: name.to_owned(), demand_milli: 500, resources: vec![] })
            .to_vec(),
        leads: vec![Lead { id: "clinic".to_owned(), unit: 0 }],
        cost: vec![vec![Some(1)], vec![Some(20)], vec![Some(300)]],
        neighbours: vec![(0, 1), (1, 2)],
        min_demand_milli: 0,
        min_resources: vec![],
        zone_count: ZoneCount::default(),
        closed: vec![],
        conditions: vec![],
        objective: Measure::travel(),
        counted: Counted::default(),
    }
}

#[test]
fn one_lead_makes_one_zone() {
    let outcome = agrees(&three_in_a_row());
    assert_eq!(outcome.plan, Some(Plan { zone_of_unit: vec![0, 0, 0], lead_of_zone: vec![Some(0)] }));
    assert_eq!(outcome.certificate.objective, Some(321));
}

#[test]
fn units_without_demand_are_zoned_like_others() {
    let mut problem = three_in_a_row();
    for (unit, costs) in problem.units.iter_mut().zip(&mut problem.cost) {
        unit.demand_milli = 0;
        costs[0] = Some(0);
    }
    assert_eq!(agrees(&problem).certificate.objective, Some(0));
    problem.min_demand_milli = 1;
    assert!(agrees(&problem).plan.is_none());
}

#[test]
fn a_unit_without_neighbours_needs_a_lead_of_its_own() {
    let mut problem = three_in_a_row();
    problem.neighbours.pop();
    assert_eq!(agrees(&problem).reasons, [Infeasibility::PartWithoutLead { units: vec![2] }]);
    problem.leads.push(Lead { id: "island clinic".to_owned(), unit: 2 });
    problem.cost.iter_mut().for_each(|costs| costs.push(Some(7)));
    assert_eq!(agrees(&problem).certificate.objective, Some(28));
}

#[test]
fn without_any_lead_there_is_no_plan_and_the_reason_is_told() {
    let mut problem = three_in_a_row();
    problem.leads.clear();
    problem.cost.iter_mut().for_each(Vec::clear);
    assert_eq!(agrees(&problem).reasons, [Infeasibility::PartWithoutLead { units: vec![0, 1, 2] }]);
}

#[test]
fn nothing_to_zone_is_a_plan_without_zones() {
    let mut problem = three_in_a_row();
    problem.units.clear();
    problem.cost.clear();
    problem.leads.clear();
    problem.neighbours.clear();
    let outcome = solve(&problem, None).expect("the problem is well formed");
    assert_eq!(outcome.plan, Some(Plan::default()));
    assert_eq!(outcome.certificate.objective, Some(0));
    problem.zone_count.least = 1;
    let outcome = solve(&problem, None).expect("the problem is well formed");
    assert_eq!(outcome.reasons, [Infeasibility::TooManyZonesAsked { least: 1, possible: 0 }]);
}

#[test]
fn a_badly_formed_problem_is_an_error() {
    let mut problem = three_in_a_row();
    problem.cost.pop();
    let error = solve(&problem, None).expect_err("a row of costs is missing");
    assert!(matches!(error, ExactError::Problem(_)), "{error}");
}

/// One way to break each rule: the stable word of the rule, and what is done to a plan that keeps it
/// (or to the rule itself) in zone 0.
type Breach = (&'static str, fn(&mut Problem, &mut Plan));

const BREACHES: [Breach; 17] = [
    ("partition", |_, plan| {
        plan.zone_of_unit.pop();
    }),
    ("zone_count", |problem, plan| problem.zone_count.most = Some(plan.zones() - 1)),
    ("contiguity", |problem, plan| {
        // The last unit joins the zone of the first and loses all its connections.
        let far = plan.zone_of_unit.len() - 1;
        plan.zone_of_unit[far] = 0;
        problem.neighbours.retain(|(a, b)| *a != far && *b != far);
    }),
    ("lead_candidate", |problem, plan| {
        let zones = &plan.zone_of_unit;
        let elsewhere = zones.iter().position(|zone| *zone != 0).expect("there are two zones");
        for lead in problem.leads.iter_mut().filter(|lead| zones[lead.unit] == 0) {
            lead.unit = elsewhere;
        }
    }),
    ("lead_inside", |_, plan| plan.lead_of_zone.swap(0, 1)),
    ("travel", |problem, plan| {
        let lead = plan.lead_of_zone[0].expect("the optimiser states leads");
        problem.cost[0][lead] = None;
    }),
    ("demand", |problem, plan| {
        let members = problem.units.iter().zip(&plan.zone_of_unit).filter(|(_, zone)| **zone == 0);
        problem.min_demand_milli = 1 + members.map(|(unit, _)| unit.demand_milli).sum::<u64>();
    }),
    ("resource", |problem, plan| {
        let members = problem.units.iter().zip(&plan.zone_of_unit).filter(|(_, zone)| **zone == 0);
        problem.min_resources[0].least = 1 + members.map(|(unit, _)| unit.resources[0]).sum::<u32>();
    }),
    ("contiguity", |problem, plan| {
        // The last unit joins the zone of the first, and every border of it is forbidden.
        let far = plan.zone_of_unit.len() - 1;
        plan.zone_of_unit[far] = 0;
        let touching = problem.neighbours.iter().filter(|(a, b)| *a == far || *b == far);
        problem.closed = touching.copied().collect();
    }),
    ("condition", |problem, plan| {
        let kind = ConditionKind::Amount {
            held: vec![1; plan.zone_of_unit.len()],
            least: 0,
            most: Some(0),
            parts: 1,
        };
        ask(problem, kind);
    }),
    ("condition", |problem, plan| {
        let other = plan.zone_of_unit.iter().position(|zone| *zone != 0).expect("there are two zones");
        ask(problem, ConditionKind::Together { units: vec![0, other] });
    }),
    ("condition", |problem, plan| {
        plan.zone_of_unit[1] = 0;
        ask(problem, ConditionKind::Apart { units: vec![0, 1] });
    }),
    ("condition", |problem, plan| {
        plan.zone_of_unit[1] = 0;
        ask(problem, ConditionKind::Locked { units: vec![0] });
    }),
    ("condition", |problem, plan| {
        let weight = vec![1; plan.zone_of_unit.len()];
        let zone_of_unit = vec![0; weight.len()];
        ask(problem, ConditionKind::Change { zone_of_unit, weight, most: 0 });
    }),
    ("condition", |problem, plan| {
        let elsewhere = plan.zone_of_unit.iter().position(|zone| *zone != 0).expect("there are two zones");
        let first = plan.zone_of_unit.iter().position(|zone| *zone == 0).expect("it is not empty");
        let patches = vec![Patch { unit: first, weight: 1, by: vec![elsewhere] }];
        ask(problem, ConditionKind::covered(plan.zone_of_unit.len(), patches, 1_000_000));
    }),
    ("condition", |problem, plan| {
        let surplus = plan.zone_of_unit.iter().map(|zone| if *zone == 0 { -1 } else { 0 }).collect();
        ask(problem, ConditionKind::Balance { surplus, most: 0 });
    }),
    ("condition", |problem, plan| {
        let most = plan.zones() as u64 - 1;
        ask(problem, ConditionKind::Limit { measure: Measure::zones(), most });
    }),
];

fn ask(problem: &mut Problem, kind: ConditionKind) {
    problem.conditions.push(Condition { name: "asked".to_owned(), kind, strength: Strength::Hard });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, max_global_rejects: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn the_checker_accepts_the_plans_of_the_optimiser_and_finds_every_breach(seed in any::<u64>()) {
        let mut problem = prefecture(seed, 4, 12, 10, 4);
        problem.min_demand_milli = 200_000;
        let outcome = solve(&problem, None).expect("the problem is well formed");
        prop_assume!(outcome.plan.as_ref().is_some_and(|plan| plan.zones() >= 2));
        let plan = outcome.plan.expect("there is a plan");
        prop_assert!(check(&problem, &plan).accepts());
        for (rule, breach) in BREACHES {
            let (mut problem, mut plan) = (problem.clone(), plan.clone());
            breach(&mut problem, &mut plan);
            let verdicts = check(&problem, &plan).verdicts;
            let found = verdicts.iter().any(|verdict| {
                verdict.rule.as_str() == rule
                    && verdict.judgement == Judgement::Fail
                    && verdict.zone.is_none_or(|zone| zone == 0)
            });
            prop_assert!(found, "{rule}: {verdicts:#?}");
        }
    }
}
