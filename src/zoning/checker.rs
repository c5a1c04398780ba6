//! The independent checker: judges any plan by the rules of a problem.
//!
//! It shares no code with the optimiser: connectivity comes from `petgraph`, sums are its own, and
//! it takes nothing of the plan or the problem for granted.

use super::plan::Plan;
use super::problem::{Lead, Problem};
use petgraph::algo::connected_components;
use petgraph::graph::UnGraph;

/// A rule of the problem.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Every unit is in exactly one zone, and no zone is empty.
    Partition,
    /// The number of zones is within its bounds.
    ZoneCount,
    /// The units of a zone hang together.
    Contiguity,
    /// A candidate for 積極的役割を担う医療機関 stands in the zone.
    LeadCandidate,
    /// The lead that the plan states stands in the zone.
    LeadInside,
    /// The lead that the plan states is near enough to every unit of the zone.
    Travel,
    /// The zone has the least demand.
    Demand,
    /// The zone holds enough of the resource of this name.
    Resource(String),
}

impl Rule {
    /// The rule as a stable word for files. Resources are told apart by their names.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Partition => "partition",
            Self::ZoneCount => "zone_count",
            Self::Contiguity => "contiguity",
            Self::LeadCandidate => "lead_candidate",
            Self::LeadInside => "lead_inside",
            Self::Travel => "travel",
            Self::Demand => "demand",
            Self::Resource(_) => "resource",
        }
    }
}

/// The checker's word on one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Judgement {
    /// The rule is met.
    Pass,
    /// The rule is broken.
    Fail,
    /// The plan does not say what the rule asks about.
    Unknown,
}

impl Judgement {
    /// The judgement as a stable word for files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
        }
    }

    fn of(met: bool) -> Self {
        if met { Self::Pass } else { Self::Fail }
    }
}

/// The judgement of one rule for one zone or for the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The rule.
    pub rule: Rule,
    /// The zone; `None` = the plan as a whole.
    pub zone: Option<usize>,
    /// The judgement.
    pub judgement: Judgement,
    /// Why, in Japanese, for people.
    pub reason: String,
}

/// Everything the checker has to say about a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// First of the plan, then of each zone in order, every rule once.
    pub verdicts: Vec<Verdict>,
    /// Objective of the plan, summed anew: milli-receipts × deciseconds per month. `None` = some
    /// unit is in no zone or has no cost from the stated lead of its zone.
    pub objective: Option<u64>,
}

impl Report {
    /// Whether no rule is broken. Rules that cannot be judged do not count.
    #[must_use]
    pub fn accepts(&self) -> bool {
        self.verdicts.iter().all(|verdict| verdict.judgement != Judgement::Fail)
    }

    /// Whether this zone is contiguous.
    #[must_use]
    pub fn contiguous(&self, zone: usize) -> bool {
        self.verdicts.iter().any(|verdict| {
            verdict.zone == Some(zone)
                && verdict.rule == Rule::Contiguity
                && verdict.judgement == Judgement::Pass
        })
    }
}

/// Judges a plan, whoever made it.
#[must_use]
pub fn check(problem: &Problem, plan: &Plan) -> Report {
    let mut verdicts = vec![partition(problem, plan), zone_count(problem, plan)];
    for (zone, lead) in plan.lead_of_zone.iter().enumerate() {
        let units: Vec<usize> =
            (0..problem.units.len()).filter(|unit| plan.zone_of_unit.get(*unit) == Some(&zone)).collect();
        verdicts.extend(Zone { problem, zone, units, lead: *lead }.verdicts());
    }
    Report { verdicts, objective: objective(problem, plan) }
}

fn partition(problem: &Problem, plan: &Plan) -> Verdict {
    let zones = plan.lead_of_zone.len();
    let mut faults = Vec::new();
    for (unit, at) in problem.units.iter().enumerate() {
        match plan.zone_of_unit.get(unit) {
            None => faults.push(format!("{}がどの圏域にも属しません", at.name)),
            Some(zone) if *zone >= zones => {
                faults.push(format!("{}の圏域{}は存在しません", at.name, zone.saturating_add(1)));
            }
            Some(_) => (),
        }
    }
    if plan.zone_of_unit.len() > problem.units.len() {
        faults.push(format!(
            "地域は{}ですが、割当が{}あります",
            problem.units.len(),
            plan.zone_of_unit.len()
        ));
    }
    let empty = (0..zones).filter(|zone| !plan.zone_of_unit.contains(zone));
    faults.extend(empty.map(|zone| format!("圏域{}に地域がありません", zone + 1)));
    let reason = if faults.is_empty() {
        format!("{}の地域がそれぞれ1つの圏域に属します", problem.units.len())
    } else {
        faults.join("、")
    };
    Verdict { rule: Rule::Partition, zone: None, judgement: Judgement::of(faults.is_empty()), reason }
}

fn zone_count(problem: &Problem, plan: &Plan) -> Verdict {
    let zones = plan.lead_of_zone.len();
    let least = problem.zone_count.least;
    let (met, range) = match problem.zone_count.most {
        Some(most) => (least <= zones && zones <= most, format!("{least}以上{most}以下")),
        None => (least <= zones, format!("{least}以上")),
    };
    let reason = format!("圏域の数は{zones}（条件は{range}）");
    Verdict { rule: Rule::ZoneCount, zone: None, judgement: Judgement::of(met), reason }
}

fn objective(problem: &Problem, plan: &Plan) -> Option<u64> {
    (0..problem.units.len()).try_fold(0u64, |sum, unit| {
        let lead = (*plan.lead_of_zone.get(*plan.zone_of_unit.get(unit)?)?)?;
        let cost = (*problem.cost.get(unit)?.get(lead)?)?;
        sum.checked_add(cost)
    })
}

/// A zone under judgement.
struct Zone<'a> {
    problem: &'a Problem,
    zone: usize,
    units: Vec<usize>,
    lead: Option<usize>,
}

impl Zone<'_> {
    fn verdicts(&self) -> Vec<Verdict> {
        let mut verdicts =
            vec![self.contiguity(), self.lead_candidate(), self.lead_inside(), self.travel(), self.demand()];
        verdicts.extend((0..self.problem.min_resources.len()).map(|at| self.resource(at)));
        verdicts
    }

    fn verdict(&self, rule: Rule, judgement: Judgement, reason: String) -> Verdict {
        Verdict { rule, zone: Some(self.zone), judgement, reason }
    }

    fn contiguity(&self) -> Verdict {
        let mut graph = UnGraph::<(), ()>::new_undirected();
        let nodes: Vec<_> = self
            .problem
            .units
            .iter()
            .enumerate()
            .map(|(unit, _)| self.units.contains(&unit).then(|| graph.add_node(())))
            .collect();
        let node = |unit: usize| nodes.get(unit).copied().flatten();
        for &(a, b) in &self.problem.neighbours {
            if let Some((a, b)) = node(a).zip(node(b)) {
                graph.add_edge(a, b, ());
            }
        }
        let (judgement, reason) = match connected_components(&graph) {
            0 => (Judgement::Unknown, "地域がないため判定できません".to_owned()),
            1 => (Judgement::Pass, "ひと続きです".to_owned()),
            parts => (Judgement::Fail, format!("道路でつながらない{parts}つの部分に分かれています")),
        };
        self.verdict(Rule::Contiguity, judgement, reason)
    }

    fn lead_candidate(&self) -> Verdict {
        let candidates = self.problem.leads.iter().filter(|lead| self.units.contains(&lead.unit)).count();
        let reason = format!("中心となる医療機関の候補が{candidates}あります");
        self.verdict(Rule::LeadCandidate, Judgement::of(candidates > 0), reason)
    }

    /// The stated lead, or why there is none to judge by.
    fn stated_lead(&self) -> Result<(usize, &Lead), (Judgement, String)> {
        let lead = self
            .lead
            .ok_or_else(|| (Judgement::Unknown, "中心となる医療機関を定めていない案です".to_owned()))?;
        let found = self.problem.leads.get(lead).map(|found| (lead, found));
        found.ok_or_else(|| (Judgement::Fail, format!("中心とされた医療機関{}は候補にありません", lead + 1)))
    }

    fn lead_inside(&self) -> Verdict {
        let (judgement, reason) = match self.stated_lead() {
            Err(unjudged) => unjudged,
            Ok((_, lead)) if self.units.contains(&lead.unit) => {
                (Judgement::Pass, format!("中心の{}は圏域内にあります", lead.id))
            }
            Ok((_, lead)) => (Judgement::Fail, format!("中心の{}は圏域の外にあります", lead.id)),
        };
        self.verdict(Rule::LeadInside, judgement, reason)
    }

    fn travel(&self) -> Verdict {
        let (judgement, reason) = match self.stated_lead() {
            Err(unjudged) => unjudged,
            Ok((lead, stated)) => {
                let too_far = self.too_far_from(lead);
                if too_far.is_empty() {
                    (
                        Judgement::Pass,
                        format!("すべての地域が中心の{}から移動時間の基準を満たします", stated.id),
                    )
                } else {
                    let names = too_far.join("・");
                    (Judgement::Fail, format!("{names}は中心の{}から移動時間の基準を満たしません", stated.id))
                }
            }
        };
        self.verdict(Rule::Travel, judgement, reason)
    }

    /// Names of the units that this lead may not lead.
    fn too_far_from(&self, lead: usize) -> Vec<&str> {
        let may_lead = |unit: usize| {
            self.problem.cost.get(unit).and_then(|costs| costs.get(lead)).is_some_and(Option::is_some)
        };
        let units = self.units.iter().filter(|unit| !may_lead(**unit));
        units.filter_map(|unit| self.problem.units.get(*unit)).map(|unit| unit.name.as_str()).collect()
    }

    fn demand(&self) -> Verdict {
        let units = self.units.iter().filter_map(|unit| self.problem.units.get(*unit));
        let demand: u128 = units.map(|unit| u128::from(unit.demand_milli)).sum();
        let least = u128::from(self.problem.min_demand_milli);
        let receipts = |milli: u128| format!("{}.{:03}", milli / 1_000, milli % 1_000);
        let reason = format!("需要は月{}件（下限は{}件）", receipts(demand), receipts(least));
        self.verdict(Rule::Demand, Judgement::of(demand >= least), reason)
    }

    fn resource(&self, at: usize) -> Verdict {
        let rule = &self.problem.min_resources[at];
        let units = self.units.iter().filter_map(|unit| self.problem.units.get(*unit));
        let held: u64 = units.filter_map(|unit| unit.resources.get(at)).map(|held| u64::from(*held)).sum();
        let reason = format!("{}は{held}（必要数は{}）", rule.name, rule.least);
        let judgement = Judgement::of(held >= u64::from(rule.least));
        self.verdict(Rule::Resource(rule.name.clone()), judgement, reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoning::problem::ZoneCount;
    use crate::zoning::problem::tests::row;

    /// Four units in a row, leads in 0 and 3, every rule in force.
    fn strict() -> Problem {
        let mut problem = row(4, &[0, 3]);
        problem.min_demand_milli = 2_000;
        problem.min_resources[0].least = 2;
        problem.zone_count = ZoneCount { least: 1, most: Some(2) };
        (problem.cost[0][1], problem.cost[3][0]) = (None, None);
        problem
    }

    fn halves() -> Plan {
        Plan { zone_of_unit: vec![0, 0, 1, 1], lead_of_zone: vec![Some(0), Some(1)] }
    }

    /// The rules that fail, with their zones.
    fn failed(problem: &Problem, plan: &Plan) -> Vec<(&'static str, Option<usize>)> {
        let report = check(problem, plan);
        let failed: Vec<_> = report
            .verdicts
            .iter()
            .filter(|verdict| verdict.judgement == Judgement::Fail)
            .map(|verdict| (verdict.rule.as_str(), verdict.zone))
            .collect();
        assert_eq!(report.accepts(), failed.is_empty());
        failed
    }

    #[test]
    fn a_plan_that_meets_every_rule_passes_with_its_objective() {
        let report = check(&strict(), &halves());
        assert!(report.accepts());
        assert!(report.verdicts.iter().all(|verdict| verdict.judgement == Judgement::Pass));
        assert_eq!(report.verdicts.len(), 2 + 2 * 6);
        assert_eq!(report.objective, Some(20));
        assert!(report.contiguous(0) && report.contiguous(1));
    }

    #[test]
    fn a_plan_without_leads_is_judged_by_the_rules_that_apply() {
        let report = check(&strict(), &Plan::from_groups(&['a', 'a', 'b', 'b']));
        assert!(report.accepts());
        assert_eq!(report.objective, None);
        let unknown: Vec<_> = report
            .verdicts
            .iter()
            .filter(|verdict| verdict.judgement == Judgement::Unknown)
            .map(|verdict| (verdict.rule.as_str(), verdict.zone))
            .collect();
        assert_eq!(
            unknown,
            [("lead_inside", Some(0)), ("travel", Some(0)), ("lead_inside", Some(1)), ("travel", Some(1))]
        );
    }

    #[test]
    fn a_unit_in_no_zone_is_found() {
        let mut plan = halves();
        plan.zone_of_unit[1] = 2;
        assert_eq!(
            failed(&strict(), &plan),
            [("partition", None), ("demand", Some(0)), ("resource", Some(0))]
        );
        plan = halves();
        plan.zone_of_unit.pop();
        assert!(failed(&strict(), &plan).contains(&("partition", None)));
        assert_eq!(check(&strict(), &plan).objective, None);
    }

    #[test]
    fn an_assignment_of_an_unknown_unit_is_found() {
        let mut plan = halves();
        plan.zone_of_unit.push(0);
        assert_eq!(failed(&strict(), &plan), [("partition", None)]);
    }

    #[test]
    fn an_empty_zone_is_found() {
        let mut problem = strict();
        problem.zone_count.most = None;
        let mut plan = halves();
        plan.lead_of_zone.push(None);
        let failed = failed(&problem, &plan);
        assert!(failed.contains(&("partition", None)));
        assert!(!check(&problem, &plan).contiguous(2));
    }

    #[test]
    fn too_many_and_too_few_zones_are_found() {
        let mut problem = strict();
        problem.zone_count = ZoneCount { least: 0, most: Some(1) };
        assert_eq!(failed(&problem, &halves()), [("zone_count", None)]);
        problem.zone_count = ZoneCount { least: 3, most: None };
        assert_eq!(failed(&problem, &halves()), [("zone_count", None)]);
    }

    #[test]
    fn a_zone_in_two_pieces_is_found() {
        let mut problem = strict();
        problem.neighbours.remove(0);
        assert_eq!(failed(&problem, &halves()), [("contiguity", Some(0))]);
        let report = check(&problem, &halves());
        assert!(!report.contiguous(0) && report.contiguous(1));
        assert!(report.verdicts[2].reason.contains("2つの部分"));
    }

    #[test]
    fn a_zone_without_candidate_is_found() {
        let mut problem = strict();
        problem.leads[1].unit = 1;
        let plan = Plan::from_groups(&['a', 'a', 'b', 'b']);
        assert_eq!(failed(&problem, &plan), [("lead_candidate", Some(1))]);
    }

    #[test]
    fn a_lead_outside_its_zone_is_found() {
        let mut problem = strict();
        (problem.leads[1].unit, problem.leads[0].unit) = (1, 2);
        assert_eq!(failed(&problem, &halves()), [("lead_inside", Some(0)), ("lead_inside", Some(1))]);
    }

    #[test]
    fn a_lead_that_does_not_exist_is_found() {
        let mut plan = halves();
        plan.lead_of_zone[1] = Some(9);
        assert_eq!(failed(&strict(), &plan), [("lead_inside", Some(1)), ("travel", Some(1))]);
    }

    #[test]
    fn a_unit_too_far_from_the_stated_lead_is_found() {
        let mut problem = strict();
        problem.cost[1][0] = None;
        assert_eq!(failed(&problem, &halves()), [("travel", Some(0))]);
        assert_eq!(check(&problem, &halves()).objective, None);
    }

    #[test]
    fn a_zone_one_thousandth_short_of_demand_is_found() {
        let mut problem = strict();
        problem.units[2].demand_milli = 999;
        assert_eq!(failed(&problem, &halves()), [("demand", Some(1))]);
        let report = check(&problem, &halves());
        assert!(report.verdicts.iter().any(|v| v.reason == "需要は月1.999件（下限は2.000件）"));
    }

    #[test]
    fn a_zone_short_of_a_resource_is_found() {
        let mut problem = strict();
        problem.units[0].resources[0] = 0;
        assert_eq!(failed(&problem, &halves()), [("resource", Some(0))]);
    }

    #[test]
    fn a_badly_formed_problem_is_no_reason_to_panic() {
        let mut problem = strict();
        problem.cost.truncate(1);
        problem.neighbours.push((7, 0));
        problem.units[3].resources.clear();
        assert_eq!(
            failed(&problem, &halves()),
            [("travel", Some(0)), ("travel", Some(1)), ("resource", Some(1))]
        );
    }
}
