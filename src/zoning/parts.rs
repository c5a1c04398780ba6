//! Where no plan exists for units that fall into parts without connection (islands without ferry), each part
//! for itself: no zone reaches over, so what one part lacks need not keep the others without zones.

use super::condition::{Condition, ConditionKind, Patch, Zones};
use super::exact::{ExactError, Options, Outcome, solve_with};
use super::measure::Measure;
use super::plan::Plan;
use super::problem::{Lead, Problem, ZoneCount};

/// The answer for one part.
#[derive(Clone, Debug)]
pub struct Component {
    /// The question of these units alone, without the rules about the plan as a whole: the number of zones,
    /// the change from a given plan, limits of measures.
    pub problem: Problem,
    /// Its best plan over the units of the part, or why there is none.
    pub outcome: Outcome,
    /// The same plan over all units; those of other parts are in no zone. `None` = there is none.
    pub plan: Option<Plan>,
}

/// The best plan of each part, in order of their first units.
///
/// # Errors
/// A badly formed problem, or a failure of the solver.
pub fn part_by_part(problem: &Problem, options: &Options<'_>) -> Result<Vec<Component>, ExactError> {
    problem.validate()?;
    let parts = problem.adjacency().components(|_| true);
    parts.iter().map(|units| solve_part(problem, units, options)).collect()
}

fn solve_part(problem: &Problem, units: &[usize], options: &Options<'_>) -> Result<Component, ExactError> {
    let leads: Vec<usize> =
        (0..problem.leads.len()).filter(|lead| units.contains(&problem.leads[*lead].unit)).collect();
    let alone = alone(problem, units, &leads);
    let outcome = solve_with(&alone, options)?;
    let over_all = |plan: &Plan| {
        let mut zone_of_unit = vec![usize::MAX; problem.units.len()];
        for (unit, zone) in units.iter().zip(&plan.zone_of_unit) {
            zone_of_unit[*unit] = *zone;
        }
        let lead_of_zone = plan.lead_of_zone.iter().map(|lead| lead.map(|lead| leads[lead])).collect();
        Plan { zone_of_unit, lead_of_zone }
    };
    let plan = outcome.plan.as_ref().map(over_all);
    Ok(Component { problem: alone, outcome, plan })
}

/// The question of some units with their leads.
fn alone(problem: &Problem, units: &[usize], leads: &[usize]) -> Problem {
    let place = |unit: &usize| units.iter().position(|one| one == unit);
    let pairs = |all: &[(usize, usize)]| {
        all.iter().filter_map(|(a, b)| Some((place(a)?, place(b)?))).collect::<Vec<_>>()
    };
    let lead = |lead: &usize| {
        let Lead { id, unit } = &problem.leads[*lead];
        Some(Lead { id: id.clone(), unit: place(unit)? })
    };
    let condition = |condition: &Condition| {
        Some(Condition { kind: kind_alone(&condition.kind, units)?, ..condition.clone() })
    };
    let breaches = problem.objective.breaches.iter();
    Problem {
        units: units.iter().map(|unit| problem.units[*unit].clone()).collect(),
        leads: leads.iter().filter_map(lead).collect(),
        cost: units
            .iter()
            .map(|unit| leads.iter().map(|lead| problem.cost[*unit][*lead]).collect())
            .collect(),
        neighbours: pairs(&problem.neighbours),
        min_demand_milli: problem.min_demand_milli,
        min_resources: problem.min_resources.clone(),
        zone_count: ZoneCount::default(),
        closed: pairs(&problem.closed),
        conditions: problem.conditions.iter().filter_map(condition).collect(),
        objective: Measure {
            breaches: breaches
                .filter_map(|(kind, weight)| Some((kind_alone(kind, units)?, *weight)))
                .collect(),
            ..problem.objective.clone()
        },
        counted: problem.counted.clone(),
    }
}

/// What a condition asks of some units; `None` = nothing of them, or it is about the plan as a whole.
fn kind_alone(kind: &ConditionKind, units: &[usize]) -> Option<ConditionKind> {
    let place = |unit: &usize| units.iter().position(|one| one == unit);
    let inside = |named: &[usize]| named.iter().filter_map(place).collect::<Vec<usize>>();
    let of = |held: &[u64]| units.iter().map(|unit| held[*unit]).collect::<Vec<u64>>();
    let group = |named: &[usize], least: usize| Some(inside(named)).filter(|units| units.len() >= least);
    Some(match kind {
        ConditionKind::Amount { held, least, most, parts } => {
            ConditionKind::Amount { held: of(held), least: *least, most: *most, parts: *parts }
        }
        ConditionKind::Together { units } => ConditionKind::Together { units: group(units, 2)? },
        ConditionKind::Apart { units } => ConditionKind::Apart { units: group(units, 2)? },
        ConditionKind::Locked { units } => ConditionKind::Locked { units: group(units, 1)? },
        ConditionKind::Covered { patches, tolerated } => {
            let patch = |patch: &Patch| {
                Some(Patch { unit: place(&patch.unit)?, weight: patch.weight, by: inside(&patch.by) })
            };
            let patches = patches.iter().filter_map(patch).collect();
            ConditionKind::Covered { patches, tolerated: of(tolerated) }
        }
        ConditionKind::Balance { surplus, most } => {
            ConditionKind::Balance { surplus: units.iter().map(|unit| surplus[*unit]).collect(), most: *most }
        }
        ConditionKind::Some { zones, of } => {
            let zones = match zones {
                Zones::With(named) => Zones::With(group(named, 1)?),
                Zones::Without(named) => Zones::Without(inside(named)),
            };
            ConditionKind::Some { zones, of: Box::new(kind_alone(of, units)?) }
        }
        ConditionKind::Change { .. } | ConditionKind::Limit { .. } => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoning::certificate::Status;
    use crate::zoning::checker::check;
    use crate::zoning::condition::Strength;
    use crate::zoning::problem::tests::row;

    fn parts(problem: &Problem) -> Vec<Component> {
        part_by_part(problem, &Options::default()).expect("well formed")
    }

    #[test]
    fn an_island_without_lead_does_not_keep_the_mainland_without_zones() {
        let mut problem = row(5, &[0, 2]);
        problem.neighbours.retain(|pair| *pair != (2, 3));
        let found = parts(&problem);
        assert_eq!(
            found.iter().map(|part| part.outcome.certificate.status).collect::<Vec<_>>(),
            [Status::Optimal, Status::Infeasible]
        );
        let plan = found[0].plan.as_ref().expect("the mainland has one");
        assert_eq!(plan.units_of_zones(), [vec![0, 1], vec![2]]);
        assert_eq!(plan.lead_of_zone, [Some(0), Some(1)]);
        assert!(found[0].outcome.plan.as_ref().is_some_and(|plan| check(&found[0].problem, plan).accepts()));
        assert!(found[1].plan.is_none() && !found[1].outcome.reasons.is_empty());
    }

    #[test]
    fn parts_together_are_the_best_plan_where_there_is_one() {
        let mut problem = row(6, &[0, 2, 5]);
        problem.neighbours.retain(|pair| *pair != (2, 3));
        problem.conditions = vec![
            Condition {
                name: "a".to_owned(),
                kind: ConditionKind::Together { units: vec![1, 2] },
                strength: Strength::Hard,
            },
            Condition {
                name: "b".to_owned(),
                kind: ConditionKind::Apart { units: vec![0, 2, 4] },
                strength: Strength::Hard,
            },
        ];
        let whole = solve_with(&problem, &Options::default()).expect("well formed").certificate.objective;
        let each: Option<u64> = parts(&problem).iter().map(|part| part.outcome.certificate.objective).sum();
        assert_eq!(each, whole);
        assert!(whole.is_some());
    }

    #[test]
    fn only_rules_about_the_plan_are_left_out() {
        let mut problem = row(3, &[0]);
        let change = ConditionKind::Change { zone_of_unit: vec![0, 0, 0], weight: vec![1; 3], most: 0 };
        assert_eq!(kind_alone(&change, &[0, 1]), None);
        let amount = ConditionKind::Amount { held: vec![1, 2, 3], least: 2, most: None, parts: 1 };
        let expected = ConditionKind::Amount { held: vec![2, 3], least: 2, most: None, parts: 1 };
        assert_eq!(kind_alone(&amount, &[1, 2]), Some(expected.clone()));
        let patch = |unit, by| Patch { unit, weight: 5, by };
        let covered = |patches, tolerated| ConditionKind::Covered { patches, tolerated };
        let of_all = covered(vec![patch(0, vec![2]), patch(2, vec![0, 2])], vec![1, 2, 3]);
        assert_eq!(kind_alone(&of_all, &[1, 2]), Some(covered(vec![patch(1, vec![1])], vec![2, 3])));
        let some = |zones, of: &ConditionKind| ConditionKind::Some { zones, of: Box::new(of.clone()) };
        let of = |zones| kind_alone(&some(zones, &amount), &[1, 2]);
        assert_eq!(of(Zones::With(vec![0, 2])), Some(some(Zones::With(vec![1]), &expected)));
        assert_eq!(of(Zones::With(vec![0])), None);
        assert_eq!(of(Zones::Without(vec![0])), Some(some(Zones::Without(vec![]), &expected)));
        problem.zone_count.least = 3;
        assert_eq!(alone(&problem, &[0, 1], &[0]).zone_count, ZoneCount::default());
    }
}
