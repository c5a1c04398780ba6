//! What can be done where the rules are broken: the fewest moves that mend a plan, and the plan that
//! breaks the rules least where none keeps them.

use super::condition::{Condition, ConditionKind, Strength};
use super::exact::{ExactError, Options, Outcome, solve_with};
use super::measure::Measure;
use super::plan::Plan;
use super::problem::{Lead, MinResource, Problem};

/// The plan that keeps every rule and differs least from a given one, and of these the one with the
/// best objective.
#[derive(Clone, Debug, PartialEq)]
pub struct Repair {
    /// Units that go over to another zone; `None` = no plan was found.
    pub moves: Option<u64>,
    /// Whether fewer moves are proven not to do.
    pub is_proven: bool,
    /// The answer under the rules with no more moves than that.
    pub outcome: Outcome,
}

/// How few moves mend a plan.
#[derive(Clone, Debug)]
pub struct FewestMoves {
    /// A plan with so few moves, its objective the number of moves, or why there is none.
    pub outcome: Outcome,
    given: ConditionKind,
}

/// Mends a plan with the fewest moves. Units that the plan gives no zone go anywhere without a move.
///
/// # Errors
/// A badly formed problem, or a failure of the solver.
pub fn repair(problem: &Problem, broken: &Plan, options: &Options<'_>) -> Result<Repair, ExactError> {
    fewest_moves(problem, broken, options)?.best(problem, options)
}

/// The first step of [`repair`]: the values that the listener hears are numbers of moves.
///
/// # Errors
/// As of [`repair`].
pub fn fewest_moves(
    problem: &Problem,
    broken: &Plan,
    options: &Options<'_>,
) -> Result<FewestMoves, ExactError> {
    let zone_of = |unit: usize| broken.zone_of_unit.get(unit).filter(|zone| **zone < broken.zones());
    let zones: Vec<Option<&usize>> = (0..problem.units.len()).map(zone_of).collect();
    let given = ConditionKind::Change {
        zone_of_unit: Plan::from_groups(&zones).zone_of_unit,
        weight: zones.iter().map(|zone| u64::from(zone.is_some())).collect(),
        most: 0,
    };
    let mut nearest = problem.clone();
    nearest.objective = Measure::default();
    nearest.conditions.retain(|condition| condition.strength == Strength::Hard);
    nearest.conditions.push(change(given.clone(), Strength::Soft { weight: 1 }));
    Ok(FewestMoves { outcome: solve_with(&nearest, options)?, given })
}

fn change(kind: ConditionKind, strength: Strength) -> Condition {
    Condition { name: "元の案からの変更".to_owned(), kind, strength }
}

impl FewestMoves {
    /// The second step: of the plans with so few moves the best one.
    ///
    /// # Errors
    /// As of [`repair`].
    pub fn best(self, problem: &Problem, options: &Options<'_>) -> Result<Repair, ExactError> {
        let Self { outcome: first, given } = self;
        let Some((plan, moves)) = first.plan.clone().zip(first.certificate.objective) else {
            return Ok(Repair { moves: None, is_proven: false, outcome: first });
        };
        let mut best = problem.clone();
        if let ConditionKind::Change { zone_of_unit, weight, .. } = given {
            let kind = ConditionKind::Change { zone_of_unit, weight, most: moves };
            best.conditions.push(change(kind, Strength::Hard));
        }
        let options = Options { starts: &[plan], ..*options };
        let outcome = solve_with(&best, &options)?;
        Ok(Repair { moves: Some(moves), is_proven: first.certificate.gap == Some(0.0), outcome })
    }
}

/// A whole breach: of a limit, or of one unit, zone or lead.
const WHOLE: u64 = 1_000_000_000;

/// The contiguous plan that breaks the rules least, with what each rule is broken by as the
/// objective: 10⁹ for each unit that is too far from the lead of its zone, for each zone without a
/// lead, for each limit missed by all of its amount, for each unit or zone beyond another condition.
/// Soft conditions and travel do not count. The number of zones is kept. A zone without a lead has
/// none in the plan.
///
/// # Errors
/// A badly formed problem, or a failure of the solver.
pub fn least_broken(problem: &Problem, options: &Options<'_>) -> Result<Outcome, ExactError> {
    problem.validate()?;
    let mut outcome = solve_with(&elastic(problem), options)?;
    for lead in outcome.plan.iter_mut().flat_map(|plan| &mut plan.lead_of_zone) {
        *lead = lead.filter(|lead| *lead < problem.leads.len());
    }
    Ok(outcome)
}

/// The problem in which every rule but contiguity and the number of zones is soft.
fn elastic(problem: &Problem) -> Problem {
    let units = problem.units.len();
    let mut soft = problem.clone();
    soft.objective = Measure::travel();
    for (unit, costs) in soft.cost.iter_mut().enumerate() {
        for cost in costs.iter_mut() {
            *cost = Some(if cost.is_none() { WHOLE } else { 0 });
        }
        // A lead that does not exist, in every unit.
        costs.extend((0..units).map(|lead| Some(if lead == unit { WHOLE } else { 0 })));
    }
    soft.leads.extend((0..units).map(|unit| Lead { id: String::new(), unit }));
    soft.conditions = problem.hard().map(|(at, kind)| softened(&problem.conditions[at].name, kind)).collect();
    let least = |held: Vec<u64>, least: u64| {
        softened("", &ConditionKind::Amount { held, least, most: None, parts: 1 })
    };
    soft.conditions
        .push(least(problem.units.iter().map(|unit| unit.demand_milli).collect(), problem.min_demand_milli));
    for (at, MinResource { least: count, .. }) in problem.min_resources.iter().enumerate() {
        let held = problem.units.iter().map(|unit| u64::from(unit.resources[at])).collect();
        soft.conditions.push(least(held, u64::from(*count)));
    }
    soft.min_demand_milli = 0;
    soft.min_resources.iter_mut().for_each(|resource| resource.least = 0);
    soft
}

fn softened(name: &str, kind: &ConditionKind) -> Condition {
    let limit = match kind.asked() {
        ConditionKind::Amount { least, most, .. } => most.unwrap_or(*least).max(*least),
        ConditionKind::Change { weight, .. } => weight.iter().sum(),
        ConditionKind::Covered { patches, .. } => patches.iter().map(|patch| patch.weight).sum(),
        ConditionKind::Balance { most, .. } | ConditionKind::Limit { most, .. } => *most,
        _ => 1,
    };
    let weight = (WHOLE / limit.max(1)).max(1);
    Condition { name: name.to_owned(), kind: kind.clone(), strength: Strength::Soft { weight } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoning::checker::check;
    use crate::zoning::problem::tests::row;

    #[test]
    fn a_plan_that_keeps_the_rules_needs_no_move() {
        let problem = row(4, &[0, 3]);
        let repair =
            repair(&problem, &Plan::from_groups(&[0, 0, 0, 1]), &Options::default()).expect("well formed");
        assert_eq!((repair.moves, repair.is_proven), (Some(0), true));
        assert_eq!(repair.outcome.plan.map(|plan| plan.zone_of_unit), Some(vec![0, 0, 0, 1]));
    }

    #[test]
    fn a_torn_zone_is_mended_by_moving_its_smaller_part() {
        let problem = row(5, &[0, 4]);
        let torn = Plan::from_groups(&[0, 0, 1, 0, 1]);
        let repair = repair(&problem, &torn, &Options::default()).expect("well formed");
        assert_eq!(repair.moves, Some(1));
        let plan = repair.outcome.plan.expect("there is one");
        assert_eq!(plan.zone_of_unit, [0, 0, 1, 1, 1]);
        assert!(check(&problem, &plan).accepts());
    }

    #[test]
    fn a_unit_without_zone_is_placed_without_a_move() {
        let problem = row(4, &[0, 3]);
        let broken = Plan { zone_of_unit: vec![0, 9, 1], lead_of_zone: vec![None, None] };
        let repair = repair(&problem, &broken, &Options::default()).expect("well formed");
        assert_eq!(repair.moves, Some(0));
        assert_eq!(repair.outcome.plan.map(|plan| plan.zone_of_unit), Some(vec![0, 0, 1, 1]));
    }

    #[test]
    fn where_no_plan_keeps_the_rules_there_is_no_repair() {
        let mut problem = row(3, &[0]);
        problem.cost[2][0] = None;
        let repair =
            repair(&problem, &Plan::from_groups(&[0, 0, 0]), &Options::default()).expect("well formed");
        assert_eq!((repair.moves, repair.outcome.plan), (None, None));
        assert!(!repair.outcome.reasons.is_empty());
    }

    #[test]
    fn the_least_broken_plan_misses_as_little_as_it_can() {
        // Nobody reaches 町3; everybody else is served, and demand suffices for two zones.
        let mut problem = row(4, &[0, 2]);
        problem.cost[3] = vec![None, None];
        problem.min_demand_milli = 2_000;
        problem.zone_count.least = 2;
        let outcome = least_broken(&problem, &Options::default()).expect("well formed");
        assert_eq!(outcome.certificate.objective, Some(1_000_000_000));
        let plan = outcome.plan.expect("there is one");
        let broken: Vec<_> = check(&problem, &plan)
            .verdicts
            .into_iter()
            .filter(|verdict| verdict.judgement == crate::zoning::checker::Judgement::Fail)
            .map(|verdict| verdict.rule.as_str())
            .collect();
        assert_eq!(broken, ["travel"]);
    }

    #[test]
    fn an_island_without_lead_is_a_zone_without_one() {
        let mut problem = row(3, &[0]);
        problem.neighbours.pop();
        let outcome = least_broken(&problem, &Options::default()).expect("well formed");
        assert_eq!(outcome.plan.map(|plan| plan.lead_of_zone), Some(vec![Some(0), None]));
        assert_eq!(outcome.certificate.objective, Some(1_000_000_000));
    }
}
