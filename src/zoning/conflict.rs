//! Which rules cannot hold together.
//!
//! Method: QuickXplain (Junker 2004, AAAI-04, 167–172): by halving, a set of rules that no plan keeps
//! although each rule less would let one through. A single rule that no plan keeps is preferred.

use super::certificate::Status;
use super::condition::Strength;
use super::exact::{ExactError, Options, Watch, solve_with};
use super::measure::Measure;
use super::problem::{Problem, ZoneCount};

/// A rule that can be given up. Contiguity and a lead for every zone cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The least demand of a zone.
    Demand,
    /// The resource at this place of [`Problem::min_resources`].
    Resource(usize),
    /// The least number of zones.
    LeastZones,
    /// The greatest number of zones.
    MostZones,
    /// The hard condition at this place of [`Problem::conditions`].
    Condition(usize),
    /// The travel limit of this unit.
    Travel(usize),
}

impl Part {
    /// The rule in Japanese, for people.
    #[must_use]
    pub fn meant(self, problem: &Problem) -> String {
        let name = |name: Option<&String>| name.cloned().unwrap_or_default();
        match self {
            Self::Demand => {
                format!("圏域の需要の下限（{}）", problem.counted.milli(problem.min_demand_milli))
            }
            Self::Resource(at) => {
                let resource = problem.min_resources.get(at);
                let least = resource.map_or(0, |resource| resource.least);
                format!("圏域ごとの{}（{least}以上）", name(resource.map(|resource| &resource.name)))
            }
            Self::LeastZones => format!("圏域の数の下限（{}以上）", problem.zone_count.least),
            Self::MostZones => {
                format!("圏域の数の上限（{}以下）", problem.zone_count.most.unwrap_or_default())
            }
            Self::Condition(at) => name(problem.conditions.get(at).map(|condition| &condition.name)),
            Self::Travel(unit) => {
                format!("{}の移動時間の基準", name(problem.units.get(unit).map(|unit| &unit.name)))
            }
        }
    }
}

/// Rules that no plan keeps together, none of which is idle. `None` = all rules together are not
/// proven impossible within the limit of nodes of each attempt, or the listener ended the search. Empty = no rule is to blame: a
/// part without connection has no lead.
///
/// # Errors
/// A badly formed problem, or a failure of the solver.
pub fn conflict(problem: &Problem, options: &Options<'_>) -> Result<Option<Vec<Part>>, ExactError> {
    let found = minimal(&Blame { problem, options }, &parts(problem))?;
    let is_over = options.watch.is_some_and(Watch::is_over);
    Ok(found.filter(|_| !is_over))
}

fn minimal(blame: &Blame<'_>, parts: &[Part]) -> Result<Option<Vec<Part>>, ExactError> {
    if !blame.is_impossible(parts)? {
        return Ok(None);
    }
    if blame.is_impossible(&[])? {
        return Ok(Some(Vec::new()));
    }
    for part in parts {
        if blame.is_impossible(&[*part])? {
            return Ok(Some(vec![*part]));
        }
    }
    Ok(Some(blame.explain(&[], false, parts)?))
}

/// Every rule that asks for something.
fn parts(problem: &Problem) -> Vec<Part> {
    let units = (0..problem.units.len()).filter(|unit| problem.cost[*unit].contains(&None)).map(Part::Travel);
    let resources = (0..problem.min_resources.len()).filter(|at| problem.min_resources[*at].least > 0);
    let mut parts: Vec<Part> = units.collect();
    parts.extend((problem.min_demand_milli > 0).then_some(Part::Demand));
    parts.extend(resources.map(Part::Resource));
    parts.extend((problem.zone_count.least > 0).then_some(Part::LeastZones));
    parts.extend(problem.zone_count.most.map(|_| Part::MostZones));
    parts.extend(problem.hard().map(|(at, _)| Part::Condition(at)));
    parts
}

struct Blame<'a> {
    problem: &'a Problem,
    options: &'a Options<'a>,
}

impl Blame<'_> {
    /// Parts of `parts` that conflict, given what is kept anyway.
    fn explain(&self, kept: &[Part], is_new: bool, parts: &[Part]) -> Result<Vec<Part>, ExactError> {
        if is_new && self.is_impossible(kept)? {
            return Ok(Vec::new());
        }
        if parts.len() <= 1 {
            return Ok(parts.to_vec());
        }
        let (front, back) = parts.split_at(parts.len() / 2);
        let of_back = self.explain(&[kept, front].concat(), !front.is_empty(), back)?;
        let of_front = self.explain(&[kept, &of_back].concat(), !of_back.is_empty(), front)?;
        Ok([of_front, of_back].concat())
    }

    /// Whether it is proven that no plan keeps these rules.
    fn is_impossible(&self, kept: &[Part]) -> Result<bool, ExactError> {
        let outcome = solve_with(&only(self.problem, kept), self.options)?;
        Ok(outcome.certificate.status == Status::Infeasible)
    }
}

/// The problem with these rules only, and nothing to optimise.
fn only(problem: &Problem, kept: &[Part]) -> Problem {
    let mut asked = problem.clone();
    let keeps = |part: Part| kept.contains(&part);
    asked.objective = Measure::default();
    for (_, costs) in asked.cost.iter_mut().enumerate().filter(|(unit, _)| !keeps(Part::Travel(*unit))) {
        for cost in costs {
            *cost = cost.or(Some(0));
        }
    }
    if !keeps(Part::Demand) {
        asked.min_demand_milli = 0;
    }
    for (at, resource) in asked.min_resources.iter_mut().enumerate() {
        resource.least = if keeps(Part::Resource(at)) { resource.least } else { 0 };
    }
    asked.zone_count = ZoneCount {
        least: if keeps(Part::LeastZones) { problem.zone_count.least } else { 0 },
        most: problem.zone_count.most.filter(|_| keeps(Part::MostZones)),
    };
    let conditions = asked.conditions.into_iter().enumerate();
    let is_kept = |at: usize, strength| strength == Strength::Hard && keeps(Part::Condition(at));
    asked.conditions =
        conditions.filter(|(at, one)| is_kept(*at, one.strength)).map(|(_, one)| one).collect();
    asked
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoning::condition::{Condition, ConditionKind};
    use crate::zoning::problem::tests::row;

    fn conflict_of(problem: &Problem) -> Option<Vec<Part>> {
        conflict(problem, &Options::default()).expect("well formed")
    }

    #[test]
    fn what_has_a_plan_has_no_conflict() {
        assert_eq!(conflict_of(&row(4, &[0, 3])), None);
    }

    #[test]
    fn a_unit_too_far_from_everybody_is_to_blame_alone() {
        let mut problem = row(4, &[0, 3]);
        problem.cost[2] = vec![None, None];
        problem.min_demand_milli = 2_000;
        let found = conflict_of(&problem).expect("there is one");
        assert_eq!(found, [Part::Travel(2)]);
        assert_eq!(found[0].meant(&problem), "町2の移動時間の基準");
    }

    #[test]
    fn rules_that_only_together_are_impossible_are_named_without_the_idle_ones() {
        let mut problem = row(4, &[0, 3]);
        // Two zones of two would be allowed, but 町1 may not be led from 町0.
        problem.cost[1][0] = None;
        problem.min_demand_milli = 2_000;
        problem.zone_count = ZoneCount { least: 2, most: Some(3) };
        let kind = ConditionKind::Together { units: vec![2, 3] };
        problem.conditions = vec![Condition { name: "組".to_owned(), kind, strength: Strength::Hard }];
        let found = conflict_of(&problem).expect("there is one");
        assert_eq!(found, [Part::Travel(1), Part::Demand, Part::LeastZones]);
    }

    #[test]
    fn where_a_part_has_no_lead_no_rule_is_to_blame() {
        let mut problem = row(4, &[0]);
        problem.neighbours.pop();
        assert_eq!(conflict_of(&problem), Some(vec![]));
    }
}
