//! Who would lead the zones of a plan that somebody drew without saying.

use super::plan::Plan;
use super::problem::Problem;

/// The plan with a lead for every zone in which one stands: the one that is too far from the fewest of
/// its units, and of these the one that travels least.
#[must_use]
pub fn with_best_leads(problem: &Problem, plan: &Plan) -> Plan {
    let lead = |units: Vec<usize>| {
        let worth = |lead: usize| {
            let costs = || units.iter().map(|unit| problem.cost[*unit][lead]);
            let refused = costs().filter(Option::is_none).count();
            (refused, costs().flatten().fold(0, u64::saturating_add), lead)
        };
        let inside = (0..problem.leads.len()).filter(|lead| units.contains(&problem.leads[*lead].unit));
        inside.min_by_key(|lead| worth(*lead))
    };
    Plan { lead_of_zone: plan.units_of_zones().into_iter().map(lead).collect(), ..plan.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoning::problem::tests::row;

    #[test]
    fn the_nearest_lead_that_may_lead_most_units_leads() {
        let mut problem = row(5, &[0, 1, 4]);
        let plan = Plan::from_groups(&[0, 0, 0, 1, 1]);
        assert_eq!(with_best_leads(&problem, &plan).lead_of_zone, [Some(1), Some(2)]);
        problem.cost[2][1] = None;
        assert_eq!(with_best_leads(&problem, &plan).lead_of_zone, [Some(0), Some(2)]);
        let alone = Plan::from_groups(&[0, 0, 1, 0, 0]);
        assert_eq!(with_best_leads(&problem, &alone).lead_of_zone[1], None);
    }
}
