//! The independent checker: judges any plan by the rules of a problem.
//!
//! It shares no code with the optimiser: connectivity comes from `petgraph`, sums are its own, and
//! it takes nothing of the plan or the problem for granted.

use super::condition::{Condition, ConditionKind, Patch, Strength, Zones};
use super::measure::Measure;
use super::plan::Plan;
use super::problem::{Lead, Problem};
use petgraph::algo::connected_components;
use petgraph::graph::UnGraph;
use std::collections::{BTreeMap, BTreeSet};

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
    /// The condition of this name holds.
    Condition(String),
}

impl Rule {
    /// The rule as a stable word for files. Resources and conditions are told apart
    /// by their names.
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
            Self::Condition(_) => "condition",
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
    /// The rule is broken, which costs something but is allowed.
    Tolerated,
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
            Self::Tolerated => "tolerated",
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
    /// Objective of the plan and the weights of broken soft conditions, summed anew; where travel
    /// counts, in milli-receipts × deciseconds per month. `None` = some unit is in no zone, or travel
    /// counts and some unit has no cost from the stated lead of its zone.
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
    verdicts
        .extend(problem.conditions.iter().flat_map(|condition| condition_verdicts(problem, condition, plan)));
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
    let own = measured(problem, &problem.objective, plan);
    problem.conditions.iter().try_fold(own?, |sum, condition| match condition.strength {
        Strength::Hard => Some(sum),
        Strength::Soft { weight } => {
            sum.checked_add(weight.checked_mul(total_breach(problem, &condition.kind, plan)?)?)
        }
    })
}

/// A measure of a plan, summed anew. `None` = some unit is in no zone, or travel counts and some unit
/// has no cost from the stated lead of its zone.
#[must_use]
pub fn measured(problem: &Problem, measure: &Measure, plan: &Plan) -> Option<u64> {
    let zones = plan.lead_of_zone.len();
    if (0..problem.units.len()).any(|unit| plan.zone_of_unit.get(unit).is_none_or(|zone| *zone >= zones)) {
        return None;
    }
    let travel = if measure.travel == 0 { 0 } else { travelled(problem, plan)? };
    let zones = measure.zones.checked_mul(u64::try_from(zones).ok()?)?;
    let own = travel.checked_mul(measure.travel)?.checked_add(zones)?;
    measure.breaches.iter().try_fold(own, |sum, (kind, weight)| {
        sum.checked_add(weight.checked_mul(total_breach(problem, kind, plan)?)?)
    })
}

/// Travel from the stated lead of each zone.
fn travelled(problem: &Problem, plan: &Plan) -> Option<u64> {
    (0..problem.units.len()).try_fold(0u64, |sum, unit| {
        let lead = (*plan.lead_of_zone.get(*plan.zone_of_unit.get(unit)?)?)?;
        let cost = (*problem.cost.get(unit)?.get(lead)?)?;
        sum.checked_add(cost)
    })
}

/// The breach of a condition over all zones; `None` = it cannot be judged.
fn total_breach(problem: &Problem, kind: &ConditionKind, plan: &Plan) -> Option<u64> {
    breaches(problem, kind, plan).into_iter().try_fold(0u64, |sum, (_, breach, _)| sum.checked_add(breach?))
}

/// What a condition says: of each zone, or of the plan.
fn condition_verdicts(problem: &Problem, condition: &Condition, plan: &Plan) -> Vec<Verdict> {
    let verdict = |(zone, breach, reason): Breach| {
        let judgement = match (breach, condition.strength) {
            (None, _) => Judgement::Unknown,
            (Some(0), _) => Judgement::Pass,
            (Some(_), Strength::Hard) => Judgement::Fail,
            (Some(_), Strength::Soft { .. }) => Judgement::Tolerated,
        };
        Verdict { rule: Rule::Condition(condition.name.clone()), zone, judgement, reason }
    };
    breaches(problem, &condition.kind, plan).into_iter().map(verdict).collect()
}

/// The zone, or the plan as a whole; how far it breaks a condition, if that can be judged; and why.
type Breach = (Option<usize>, Option<u64>, String);

/// How far a condition is broken, and why, by zone or for the plan as a whole.
fn breaches(problem: &Problem, kind: &ConditionKind, plan: &Plan) -> Vec<Breach> {
    let zone_of = |unit: &usize| plan.zone_of_unit.get(*unit).copied();
    let zones_of = |units: &[usize]| units.iter().filter_map(zone_of).collect::<BTreeSet<usize>>();
    let zones = 0..plan.lead_of_zone.len();
    match kind {
        ConditionKind::Amount { held, least, most, parts } => {
            let in_zone = |zone: usize| {
                let members = held.iter().enumerate().filter(|(unit, _)| zone_of(unit) == Some(zone));
                let amount = members.map(|(_, held)| *held).fold(0, u64::saturating_add);
                let beyond = most.map_or(0, |most| amount.saturating_sub(most));
                let shown = |value: u64| shown(value, *parts);
                let limits = match most {
                    Some(most) => format!("{}以上{}以下", shown(*least), shown(*most)),
                    None => format!("{}以上", shown(*least)),
                };
                let breach = least.saturating_sub(amount) + beyond;
                (Some(zone), Some(breach), format!("{}（条件は{limits}）", shown(amount)))
            };
            zones.map(in_zone).collect()
        }
        ConditionKind::Together { units } => {
            let pieces = zones_of(units).len();
            vec![(None, Some(pieces.saturating_sub(1) as u64), format!("{pieces}つの圏域に属します"))]
        }
        ConditionKind::Apart { units } => {
            let mut in_zone: BTreeMap<usize, u64> = BTreeMap::new();
            units.iter().filter_map(zone_of).for_each(|zone| *in_zone.entry(zone).or_default() += 1);
            let breach = in_zone.values().map(|units| units - 1).sum();
            vec![(None, Some(breach), format!("{}地域が{}つの圏域に属します", units.len(), in_zone.len()))]
        }
        ConditionKind::Locked { units } => {
            let zones = zones_of(units);
            let others = plan.zone_of_unit.iter().enumerate();
            let others = others.filter(|(unit, zone)| zones.contains(zone) && !units.contains(unit)).count();
            let breach = zones.len().saturating_sub(1) + others;
            let reason = format!("{}つの圏域に属し、他の地域が{others}つ加わっています", zones.len());
            vec![(None, Some(breach as u64), reason)]
        }
        ConditionKind::Change { zone_of_unit, weight, most } => {
            let moved = moved(zone_of_unit, &plan.zone_of_unit, weight);
            let reason = format!("元の案からの変更は{moved}（条件は{most}以下）");
            vec![(None, Some(moved.saturating_sub(*most)), reason)]
        }
        ConditionKind::Covered { patches, tolerated } => {
            zones.map(|zone| uncovered(patches, tolerated, plan, zone)).collect()
        }
        ConditionKind::Balance { surplus, most } => {
            let in_zone = |zone: usize| {
                let members = surplus.iter().enumerate().filter(|(unit, _)| zone_of(unit) == Some(zone));
                let surplus: i128 = members.map(|(_, surplus)| i128::from(*surplus)).sum();
                let beyond = surplus.unsigned_abs().saturating_sub(u128::from(*most));
                let reason = format!("供給と需要の差は{surplus}（条件は±{most}以内）");
                (Some(zone), u64::try_from(beyond).ok(), reason)
            };
            zones.map(in_zone).collect()
        }
        ConditionKind::Limit { measure, most } => vec![match measured(problem, measure, plan) {
            Some(value) => {
                (None, Some(value.saturating_sub(*most)), format!("値は{value}（条件は{most}以下）"))
            }
            None => (None, None, "値が定まらないため判定できません".to_owned()),
        }],
        ConditionKind::Some { zones: some, of } => {
            let is_asked = |zone: usize| match some {
                Zones::With(units) => zones_of(units).contains(&zone),
                Zones::Without(units) => !zones_of(units).contains(&zone),
            };
            let all = breaches(problem, of, plan).into_iter();
            all.filter(|(zone, ..)| zone.is_some_and(is_asked)).collect()
        }
    }
}

/// A number of parts in wholes.
fn shown(value: u64, parts: u64) -> String {
    if parts <= 1 { value.to_string() } else { (value as f64 / parts as f64).to_string() }
}

/// What of a zone nothing inside it covers, against what its units tolerate.
fn uncovered(patches: &[Patch], tolerated: &[u64], plan: &Plan, zone: usize) -> Breach {
    let is_inside = |unit: &usize| plan.zone_of_unit.get(*unit) == Some(&zone);
    let (mut covered, mut whole) = (0u128, 0u128);
    for patch in patches.iter().filter(|patch| is_inside(&patch.unit)) {
        let weight = u128::from(patch.weight);
        whole += weight;
        covered += weight * u128::from(patch.by.iter().any(is_inside));
    }
    let members = tolerated.iter().enumerate().filter(|(unit, _)| is_inside(unit));
    let tolerated: u128 = members.map(|(_, tolerated)| u128::from(*tolerated)).sum();
    let least = whole.saturating_sub(tolerated);
    let percent = |part: u128| 100.0 * part as f64 / whole.max(1) as f64;
    let reason = format!("{:.1}%が満たします（条件は{:.1}%以上）", percent(covered), percent(least));
    (Some(zone), u64::try_from(least.saturating_sub(covered)).ok(), reason)
}

/// The weight that changes zone when as much as possible stays, each old zone living on in at most
/// one new zone. Method: alternating paths of greatest gain, one after the other (Busacker & Gowen
/// 1960), each found by relaxation as often as there are zones (Bellman 1958).
fn moved(old: &[usize], new: &[usize], weight: &[u64]) -> u64 {
    let mut overlap: BTreeMap<(usize, usize), i128> = BTreeMap::new();
    for ((from, to), weight) in old.iter().zip(new).zip(weight) {
        *overlap.entry((*from, *to)).or_default() += i128::from(*weight);
    }
    let olds: BTreeSet<usize> = old.iter().copied().collect();
    let news: BTreeSet<usize> = new.iter().copied().collect();
    let stays = |pair: (usize, usize)| overlap.get(&pair).copied().unwrap_or(0);
    // New zone to the old one that lives on in it.
    let mut heirs: BTreeMap<usize, usize> = BTreeMap::new();
    let mut kept = 0;
    loop {
        // New zone to the gain of the best path that ends there, and the last old zone on it.
        let mut best: BTreeMap<usize, (i128, usize)> = BTreeMap::new();
        for _ in 0..=news.len() {
            for &from in &olds {
                let start = match heirs.iter().find(|(_, heir)| **heir == from) {
                    None => 0,
                    Some((lost, _)) => match best.get(lost) {
                        Some((gain, _)) => gain - stays((from, *lost)),
                        None => continue,
                    },
                };
                for to in news.iter().filter(|to| heirs.get(to) != Some(&from)) {
                    let gain = start + stays((from, *to));
                    if best.get(to).is_none_or(|(known, _)| gain > *known) {
                        best.insert(*to, (gain, from));
                    }
                }
            }
        }
        let ends = best.iter().filter(|(to, (gain, _))| !heirs.contains_key(to) && *gain > 0);
        let Some((&end, &(gain, _))) = ends.max_by_key(|(_, (gain, _))| *gain) else { break };
        kept += gain;
        let mut next = Some(end);
        while let Some(to) = next {
            let from = best[&to].1;
            next = heirs.iter().find(|(_, heir)| **heir == from).map(|(lost, _)| *lost);
            if let Some(lost) = next {
                heirs.remove(&lost);
            }
            heirs.insert(to, from);
        }
    }
    let total: i128 = weight.iter().map(|weight| i128::from(*weight)).sum();
    u64::try_from(total - kept).unwrap_or(0)
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
        let closed = &self.problem.closed;
        let is_open = |(a, b): &&(usize, usize)| !closed.contains(&(*a, *b)) && !closed.contains(&(*b, *a));
        for &(a, b) in self.problem.neighbours.iter().filter(is_open) {
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
        let counted = &self.problem.counted;
        let reason = format!("需要は{}（下限は{}）", counted.milli(demand), counted.number(least));
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
    use proptest::prelude::*;

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

    fn conditioned(kind: ConditionKind, strength: Strength) -> Vec<Verdict> {
        let mut problem = strict();
        problem.conditions = vec![Condition { name: "条件".to_owned(), kind, strength }];
        let verdicts = check(&problem, &halves()).verdicts;
        verdicts.into_iter().filter(|verdict| verdict.judgement != Judgement::Pass).collect()
    }

    #[test]
    fn each_kind_of_condition_is_found_broken() {
        let change =
            |most| ConditionKind::Change { zone_of_unit: vec![0, 0, 0, 1], weight: vec![1; 4], most };
        let amount = |held, most| ConditionKind::Amount { held, least: 2, most, parts: 1 };
        let cases = [
            (amount(vec![1, 1, 1, 0], None), Some(1), "1（条件は2以上）"),
            (amount(vec![9, 1, 1, 1], Some(9)), Some(0), "10（条件は2以上9以下）"),
            (ConditionKind::Together { units: vec![1, 2] }, None, "2つの圏域に属します"),
            (ConditionKind::Apart { units: vec![0, 1, 2] }, None, "3地域が2つの圏域に属します"),
            (ConditionKind::Locked { units: vec![0] }, None, "1つの圏域に属し、他の地域が1つ加わっています"),
            (change(0), None, "元の案からの変更は1（条件は0以下）"),
        ];
        for (kind, zone, reason) in cases {
            let found = conditioned(kind.clone(), Strength::Hard);
            let [verdict] = found.as_slice() else { panic!("{kind:?}: {found:?}") };
            assert_eq!((verdict.zone, verdict.judgement), (zone, Judgement::Fail));
            assert_eq!(verdict.reason, reason);
            let soft = conditioned(kind, Strength::Soft { weight: 1 });
            assert_eq!(soft[0].judgement, Judgement::Tolerated);
        }
        assert_eq!(conditioned(change(1), Strength::Hard), []);
        // Of the zone of 町3 only, which holds 1; the other zone has too little as well.
        let some = |zones| ConditionKind::Some { zones, of: Box::new(amount(vec![0, 1, 1, 0], None)) };
        let zones_broken = |zones| -> Vec<Option<usize>> {
            conditioned(some(zones), Strength::Hard).into_iter().map(|verdict| verdict.zone).collect()
        };
        assert_eq!(zones_broken(Zones::With(vec![3])), [Some(1)]);
        assert_eq!(zones_broken(Zones::With(vec![0, 3])), [Some(0), Some(1)]);
        assert_eq!(zones_broken(Zones::Without(vec![3])), [Some(0)]);
        assert_eq!(zones_broken(Zones::With(vec![])), []);
    }

    #[test]
    fn a_broken_soft_condition_is_paid_for() {
        let mut problem = strict();
        let free = check(&problem, &halves()).objective.expect("the plan has leads");
        let kind = ConditionKind::Amount { held: vec![5, 0, 1, 1], least: 4, most: None, parts: 1 };
        problem.conditions =
            vec![Condition { name: String::new(), kind, strength: Strength::Soft { weight: 7 } }];
        assert_eq!(check(&problem, &halves()).objective, Some(free + 14));
    }

    #[test]
    fn a_zone_across_a_closed_border_is_found() {
        let mut problem = strict();
        problem.closed = vec![(1, 0)];
        assert_eq!(failed(&problem, &halves()), [("contiguity", Some(0))]);
    }

    proptest! {
        #[test]
        fn what_moves_is_what_the_best_assignment_leaves(
            units in prop::collection::vec((0usize..5, 0usize..5, 0u64..9), 0..14),
        ) {
            let (old, (new, weight)): (Vec<_>, (Vec<_>, Vec<_>)) =
                units.into_iter().map(|(old, new, weight)| (old, (new, weight))).unzip();
            prop_assert_eq!(moved(&old, &new, &weight), crate::zoning::change::moved(&old, &new, &weight));
        }
    }
}
