//! Figures by which many plans are compared, and what an ensemble of plans says together.

use super::change::moved;
use super::plan::Plan;
use super::problem::Problem;
use super::score::Scorer;
use std::collections::BTreeSet;

/// What plans are compared with.
#[derive(Clone, Copy, Debug, Default)]
pub struct References<'a> {
    /// Areas of other systems (保健所, 構想区域 …): the units of each.
    pub areas: &'a [Vec<usize>],
    /// Zone of each unit today, zones counted from 0.
    pub today: Option<&'a [usize]>,
}

/// Indicators of a plan. Of each the lower value is the better one, but for the number of zones, which
/// is neither.
#[derive(Clone, Debug, PartialEq)]
pub struct Indicators {
    /// Number of zones.
    pub zones: usize,
    /// Travel with the best lead of each zone, milli-receipts × deciseconds per month; `None` = some
    /// zone has no lead that may lead all of it.
    pub travel: Option<u64>,
    /// Coefficient of variation of the demand of the zones (standard deviation ÷ mean); `None` = there
    /// is no demand.
    pub demand_variation: Option<f64>,
    /// Connections between neighbours that lead from one zone into another (compactness on the graph).
    pub cut_connections: usize,
    /// Areas of other systems that lie in more than one zone.
    pub split_areas: usize,
    /// Demand in other zones than today, in milli-receipts per month; `None` = today's zones are not
    /// known.
    pub moved_demand_milli: Option<u64>,
}

/// The indicators of a plan in which every unit has a zone.
#[must_use]
pub fn indicators(problem: &Problem, plan: &Plan, references: References<'_>) -> Indicators {
    let scorer = Scorer::new(problem);
    let zones = plan.units_of_zones();
    let zone_of = |unit: usize| plan.zone_of_unit.get(unit);
    let weight: Vec<u64> = problem.units.iter().map(|unit| unit.demand_milli).collect();
    let demands: Vec<f64> =
        zones.iter().map(|units| units.iter().map(|unit| weight[*unit]).sum::<u64>() as f64).collect();
    let connections: BTreeSet<(usize, usize)> =
        problem.neighbours.iter().map(|(a, b)| (*a.min(b), *a.max(b))).collect();
    let is_split =
        |area: &&Vec<usize>| area.iter().map(|unit| zone_of(*unit)).collect::<BTreeSet<_>>().len() > 1;
    Indicators {
        zones: zones.len(),
        travel: zones.iter().map(|units| scorer.lead(units).map(|(_, travel)| travel)).sum(),
        demand_variation: variation(&demands),
        cut_connections: connections.iter().filter(|(a, b)| zone_of(*a) != zone_of(*b)).count(),
        split_areas: references.areas.iter().filter(is_split).count(),
        moved_demand_milli: references.today.map(|today| moved(today, &plan.zone_of_unit, &weight)),
    }
}

fn variation(values: &[f64]) -> Option<f64> {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (mean > 0.0).then(|| (squares / count).sqrt() / mean)
}

/// The percentile of a value among others, 0–100: the share that is lower, and half of the share that
/// is equal. `None` = there are no others.
#[must_use]
pub fn percentile(value: f64, others: &[f64]) -> Option<f64> {
    let lower = others.iter().filter(|other| **other < value).count() as f64;
    let equal = others.iter().filter(|other| **other == value).count() as f64;
    (!others.is_empty()).then(|| 100.0 * (lower + equal / 2.0) / others.len() as f64)
}

/// Who goes with whom: `[a][b]` is the share of the plans, 0–1, in which units a and b are in one
/// zone. Empty without plans.
#[must_use]
pub fn together_shares(plans: &[Plan]) -> Vec<Vec<f64>> {
    let units = plans.first().map_or(0, |plan| plan.zone_of_unit.len());
    let share = |a: usize, b: usize| {
        let together = plans.iter().filter(|plan| plan.zone_of_unit.get(a) == plan.zone_of_unit.get(b));
        together.count() as f64 / plans.len() as f64
    };
    (0..units).map(|a| (0..units).map(|b| share(a, b)).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoning::problem::tests::row;

    #[test]
    fn the_indicators_of_a_small_plan_are_those_counted_by_hand() {
        let mut problem = row(4, &[0, 3]);
        problem.neighbours.push((1, 0));
        let plan = Plan::from_groups(&[0, 0, 0, 1]);
        let areas = [vec![0, 1], vec![2, 3]];
        let references = References { areas: &areas, today: Some(&[0, 0, 1, 1]) };
        let expected = Indicators {
            zones: 2,
            travel: Some(10 + 20),
            demand_variation: Some(0.5),
            cut_connections: 1,
            split_areas: 1,
            moved_demand_milli: Some(1_000),
        };
        assert_eq!(indicators(&problem, &plan, references), expected);
        problem.leads.pop();
        problem.cost.iter_mut().for_each(|costs| costs.truncate(1));
        assert_eq!(indicators(&problem, &plan, References::default()).travel, None);
        assert_eq!(indicators(&problem, &plan, References::default()).moved_demand_milli, None);
    }

    #[test]
    fn a_percentile_counts_equals_half() {
        assert_eq!(percentile(2.0, &[1.0, 2.0, 2.0, 3.0]), Some(50.0));
        assert_eq!(percentile(9.0, &[1.0, 2.0]), Some(100.0));
        assert_eq!(percentile(9.0, &[]), None);
    }

    #[test]
    fn units_that_always_share_a_zone_have_share_one() {
        let plans = [Plan::from_groups(&[0, 0, 1]), Plan::from_groups(&[0, 1, 1])];
        assert_eq!(together_shares(&plans), [[1.0, 0.5, 0.0], [0.5, 1.0, 0.5], [0.0, 0.5, 1.0]]);
    }
}
