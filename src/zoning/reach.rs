//! Presolve: how far the zone of each lead can reach at most.

use super::contiguity::Adjacency;
use super::needs::shortages;
use super::problem::Problem;

/// The units that the zone of each lead can contain at most.
pub(super) struct Reach {
    /// By lead: the units that it may lead and that hang together with its own unit through such
    /// units. Empty if it may not lead its own unit.
    pub(super) contiguous: Vec<Vec<usize>>,
    /// The same, and empty too if all these units together are short of what a zone needs: then
    /// the lead can have no zone at all.
    pub(super) sufficient: Vec<Vec<usize>>,
}

impl Reach {
    pub(super) fn new(problem: &Problem, adjacency: &Adjacency) -> Self {
        let contiguous: Vec<Vec<usize>> = problem
            .leads
            .iter()
            .enumerate()
            .map(|(lead, at)| adjacency.reachable(at.unit, |unit| problem.cost[unit][lead].is_some()))
            .collect();
        let sufficient = contiguous
            .iter()
            .map(|units| if shortages(problem, units).is_empty() { units.clone() } else { Vec::new() })
            .collect();
        Self { contiguous, sufficient }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn a_lead_that_cannot_gather_enough_demand_has_no_zone() {
        let mut problem = row(4, &[0, 3]);
        problem.cost[2][0] = None;
        problem.min_demand_milli = 2_001;
        assert_eq!(reach(&problem).sufficient, [vec![], vec![0, 1, 2, 3]]);
    }
}
