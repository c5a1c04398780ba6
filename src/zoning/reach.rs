//! Presolve: how far the zone of each lead can reach at most.

use super::condition::ConditionKind;
use super::contiguity::Adjacency;
use super::needs::shortages;
use super::problem::Problem;

/// The units that the zone of each lead can contain at most.
pub(super) struct Reach {
    /// By lead: the units that it may lead and that hang together with its own unit through such
    /// units. Empty if it may not lead its own unit.
    pub(super) contiguous: Vec<Vec<usize>>,
    /// The same, less the units that hard conditions keep out of its zone, and empty if these units
    /// together are short of what a zone needs, or if another lead is never worse.
    pub(super) sufficient: Vec<Vec<usize>>,
}

impl Reach {
    pub(super) fn new(problem: &Problem, adjacency: &Adjacency) -> Self {
        let reached = |lead: usize, inside: &dyn Fn(usize) -> bool| {
            adjacency.reachable(problem.leads[lead].unit, |unit| {
                problem.cost[unit][lead].is_some() && inside(unit)
            })
        };
        let counts_travel = problem.counts_travel();
        let leads = 0..problem.leads.len();
        let contiguous = leads.clone().map(|lead| reached(lead, &|_| true)).collect();
        let sufficient = leads
            .map(|lead| {
                let own = problem.leads[lead].unit;
                let units = whole_groups(problem, |inside| {
                    reached(lead, &|unit| inside(unit) && may_share(problem, own, unit))
                });
                let is_usable =
                    shortages(problem, &units).is_empty() && !dominated(problem, lead, counts_travel);
                if is_usable { units } else { Vec::new() }
            })
            .collect();
        Self { contiguous, sufficient }
    }
}

/// Whether no hard condition keeps two units out of one zone.
fn may_share(problem: &Problem, a: usize, b: usize) -> bool {
    problem.hard().all(|(_, kind)| match kind {
        ConditionKind::Amount { held, most: Some(most), .. } => {
            let both = if a == b { held[a] } else { held[a].saturating_add(held[b]) };
            both <= *most
        }
        ConditionKind::Apart { units } => a == b || !(units.contains(&a) && units.contains(&b)),
        ConditionKind::Locked { units } => units.contains(&a) == units.contains(&b),
        _ => true,
    })
}

/// What can be reached when groups that must stay together are taken in as a whole or left out.
fn whole_groups(problem: &Problem, reached: impl Fn(&dyn Fn(usize) -> bool) -> Vec<usize>) -> Vec<usize> {
    let mut out = vec![false; problem.units.len()];
    loop {
        let units = reached(&|unit| !out[unit]);
        let torn: Vec<usize> = together(problem)
            .filter(|group| group.iter().any(|unit| units.contains(unit)))
            .filter(|group| !group.iter().all(|unit| units.contains(unit)))
            .flatten()
            .copied()
            .collect();
        if torn.is_empty() {
            return units;
        }
        for unit in torn {
            out[unit] = true;
        }
    }
}

/// The groups of units that must be in one zone.
pub(super) fn together(problem: &Problem) -> impl Iterator<Item = &Vec<usize>> {
    problem.hard().filter_map(|(_, kind)| match kind {
        ConditionKind::Together { units } | ConditionKind::Locked { units } => Some(units),
        _ => None,
    })
}

/// Whether another lead in the same unit is never worse than this one: nearer to every unit, or as
/// near and named earlier. Where travel does not count, all units that it may lead are equally near.
pub(super) fn dominated(problem: &Problem, lead: usize, counts_travel: bool) -> bool {
    let is_better = |other: usize| {
        let cost = |unit: usize, lead: usize| match problem.cost[unit][lead] {
            Some(cost) if counts_travel => cost,
            Some(_) => 0,
            None => u64::MAX,
        };
        let mut units = 0..problem.units.len();
        let is_equal = units.clone().all(|unit| cost(unit, other) == cost(unit, lead));
        units.all(|unit| cost(unit, other) <= cost(unit, lead)) && (!is_equal || other < lead)
    };
    let beside = |other: &usize| *other != lead && problem.leads[*other].unit == problem.leads[lead].unit;
    (0..problem.leads.len()).filter(beside).any(is_better)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoning::condition::{Condition, Strength};
    use crate::zoning::problem::tests::row;

    fn reach(problem: &Problem) -> Reach {
        Reach::new(problem, &Adjacency::new(problem.units.len(), &problem.neighbours))
    }

    #[test]
    fn a_forbidden_unit_hides_what_lies_behind_it() {
        let mut problem = row(4, &[0, 3]);
        problem.cost[2][0] = None;
        let reach = reach(&problem);
        assert_eq!(reach.contiguous, [vec![0, 1], vec![0, 1, 2, 3]]);
        assert_eq!(reach.sufficient, reach.contiguous);
    }

    #[test]
    fn a_lead_that_may_not_lead_its_own_unit_reaches_nothing() {
        let mut problem = row(3, &[1]);
        problem.cost[1][0] = None;
        assert_eq!(reach(&problem).contiguous, [Vec::<usize>::new()]);
    }

    #[test]
    fn a_lead_beside_one_that_is_never_worse_has_no_zone() {
        let mut problem = row(3, &[0, 0, 0, 2]);
        problem.cost[2][1] = Some(15);
        problem.cost[1][1] = Some(11);
        let all = vec![0, 1, 2];
        assert_eq!(reach(&problem).sufficient, [all.clone(), all.clone(), vec![], all]);
    }

    #[test]
    fn hard_conditions_keep_units_out_of_a_zone() {
        let with = |kind| {
            let mut problem = row(4, &[0]);
            problem.conditions = vec![Condition { name: String::new(), kind, strength: Strength::Hard }];
            reach(&problem).sufficient[0].clone()
        };
        assert_eq!(with(ConditionKind::Apart { units: vec![0, 2] }), [0, 1]);
        assert_eq!(with(ConditionKind::Locked { units: vec![3] }), [0, 1, 2]);
        assert_eq!(with(ConditionKind::Locked { units: vec![0, 1] }), [0, 1]);
        assert_eq!(
            with(ConditionKind::Amount { held: vec![1, 1, 3, 1], least: 0, most: Some(3), parts: 1 }),
            [0, 1]
        );
    }

    #[test]
    fn a_group_that_cannot_come_as_a_whole_is_left_out() {
        let mut problem = row(4, &[0]);
        let kind = ConditionKind::Together { units: vec![1, 3] };
        problem.conditions = vec![Condition { name: String::new(), kind, strength: Strength::Hard }];
        assert_eq!(reach(&problem).sufficient[0], [0, 1, 2, 3]);
        problem.cost[3][0] = None;
        assert_eq!(reach(&problem).sufficient[0], [0]);
    }

    #[test]
    fn a_lead_that_cannot_gather_enough_demand_has_no_zone() {
        let mut problem = row(4, &[0, 3]);
        problem.cost[2][0] = None;
        problem.min_demand_milli = 2_001;
        assert_eq!(reach(&problem).sufficient, [vec![], vec![0, 1, 2, 3]]);
    }
}
