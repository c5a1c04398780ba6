//! What every zone needs, and what some units together are short of.

use super::condition::ConditionKind;
use super::problem::Problem;

/// A need of a zone that some units together do not meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortage {
    /// What is short.
    pub need: Need,
    /// How much the units hold.
    pub held: u64,
    /// How much a zone needs.
    pub least: u64,
}

/// What a zone needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Demand, in milli-receipts per month.
    Demand,
    /// The resource at this place of [`Problem::min_resources`].
    Resource(usize),
    /// The lower limit of the hard condition at this place of [`Problem::conditions`].
    Condition(usize),
}

impl Need {
    /// How much of it a unit holds.
    pub(super) fn held(self, problem: &Problem, unit: usize) -> u64 {
        match self {
            Self::Demand => problem.units[unit].demand_milli,
            Self::Resource(at) => u64::from(problem.units[unit].resources[at]),
            Self::Condition(at) => match &problem.conditions[at].kind {
                ConditionKind::Amount { held, .. } => held[unit],
                _ => 0,
            },
        }
    }
}

/// All needs of a zone, with the amount.
pub(super) fn needs(problem: &Problem) -> impl Iterator<Item = (Need, u64)> + '_ {
    let resources = problem.min_resources.iter().enumerate();
    std::iter::once((Need::Demand, problem.min_demand_milli))
        .chain(resources.map(|(at, resource)| (Need::Resource(at), u64::from(resource.least))))
        .chain(problem.hard().filter_map(|(at, kind)| match kind {
            ConditionKind::Amount { least, .. } => Some((Need::Condition(at), *least)),
            _ => None,
        }))
}

/// What these units, as one zone, are short of.
pub(super) fn shortages(problem: &Problem, units: &[usize]) -> Vec<Shortage> {
    needs(problem)
        .map(|(need, least)| {
            let held = units.iter().map(|unit| need.held(problem, *unit)).sum();
            Shortage { need, held, least }
        })
        .filter(|shortage| shortage.held < shortage.least)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoning::problem::tests::row;

    #[test]
    fn what_is_missing_is_told_with_its_amounts() {
        let mut problem = row(4, &[0]);
        problem.min_demand_milli = 2_001;
        problem.min_resources[0].least = 2;
        let demand = Shortage { need: Need::Demand, held: 2_000, least: 2_001 };
        assert_eq!(shortages(&problem, &[0, 1]), [demand]);
        assert_eq!(shortages(&problem, &[0, 1, 3]), []);
        let resource = Shortage { need: Need::Resource(0), held: 1, least: 2 };
        assert_eq!(shortages(&problem, &[2])[1], resource);
    }
}
