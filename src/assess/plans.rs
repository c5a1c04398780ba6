//! The plans of a study: today's areas and the proposals, all over municipalities.

use crate::ingest::study::AreaSystem;
use crate::units::percent;
use crate::zoning::certificate::Certificate;
use crate::zoning::checker::{Report, check};
use crate::zoning::colour::{colours, touching_zones};
use crate::zoning::exact::{ExactError, Outcome, solve};
use crate::zoning::plan::Plan;
use crate::zoning::problem::Problem;
use crate::zoning::statement::{Facts, Grouping};
use std::collections::BTreeMap;

/// Branch-and-bound nodes after which a search is given up. A count of nodes, not a clock, so that
/// the answer is the same on every machine.
const NODE_LIMIT: u64 = 200_000;

/// A plan with names for people.
#[derive(Clone, Debug)]
pub struct NamedPlan {
    /// Stable id.
    pub id: String,
    /// Name in Japanese.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// Whether an optimiser made it.
    pub proposal: Option<Proposal>,
    /// Zone of each municipality, counted from 0; empty when an optimiser found that there is no plan.
    pub zone_of_municipality: Vec<usize>,
    /// The zones.
    pub zones: Vec<NamedZone>,
    /// The independent checker's word on the plan over municipalities.
    pub report: Report,
}

/// A zone with names for people.
#[derive(Clone, Debug)]
pub struct NamedZone {
    /// Stable id within the plan.
    pub id: String,
    /// Name.
    pub name: String,
    /// Colour class, so that zones which touch differ.
    pub colour: u8,
    /// Institution that leads it, position in the study.
    pub lead: Option<usize>,
}

/// What the optimiser said.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The proof.
    pub certificate: Certificate,
    /// The independent checker's word on the plan over the units of the question; `None` = no plan.
    pub report: Option<Report>,
    /// What was asked and, when there is no plan, why, in Japanese.
    pub statement: String,
}

/// What plans are made for and judged by.
pub struct Question<'a> {
    /// What the study says.
    pub facts: &'a Facts<'a>,
    /// The question with municipalities as units, by which every plan is checked.
    pub municipal: &'a Problem,
    /// Municipalities that share a border on the map, for colours.
    pub touching: &'a [(usize, usize)],
}

/// Today's areas as plans: municipalities, 保健所, 二次医療圏, as far as they were loaded.
#[must_use]
pub fn baselines(question: &Question<'_>) -> Vec<NamedPlan> {
    let study = question.facts.study;
    let named = |id, name, name_en, grouping: Grouping| {
        let plan = grouping.as_plan()?;
        let ids = (0..grouping.names.len()).map(|zone| match id {
            "municipalities" => study.municipalities[zone].code.to_string(),
            _ => (zone + 1).to_string(),
        });
        let zones = ids.zip(&grouping.names).map(|(id, name)| (id, name.clone(), None)).collect();
        Some(NamedPlan::new(question, id, name, name_en, &plan, zones))
    };
    let areas = |id, name, name_en, system| named(id, name, name_en, Grouping::areas(study, system)?);
    [
        named("municipalities", "市町村ごと", "One zone per municipality", Grouping::municipalities(study)),
        areas("hokenjo", "保健所", "Public health centre areas", AreaSystem::Hokenjo),
        areas("secondary", "二次医療圏", "Secondary medical areas", AreaSystem::SecondaryMedicalArea),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The best plan over the units of a grouping, or the answer that there is none.
///
/// # Errors
/// [`ExactError`]: the question is malformed or the solver failed.
pub fn propose(
    question: &Question<'_>,
    id: &str,
    name: &str,
    name_en: &str,
    grouping: &Grouping,
) -> Result<NamedPlan, ExactError> {
    let facts = question.facts;
    let problem = facts.problem(grouping);
    let outcome = solve(&problem, Some(NODE_LIMIT))?;
    let Outcome { plan, certificate, .. } = &outcome;
    let reasons: Vec<String> = outcome.reasons.iter().map(|reason| reason.meant(&problem)).collect();
    let report = plan.as_ref().map(|plan| check(&problem, plan));
    let statement = statement(facts, &problem, &reasons);
    let proposal = Proposal { certificate: certificate.clone(), report, statement };
    let over = plan.as_ref().and_then(|plan| grouping.over_municipalities(plan)).unwrap_or_default();
    let zones = name_zones(facts, &over);
    let mut named = NamedPlan::new(question, id, name, name_en, &over, zones);
    named.proposal = Some(proposal);
    Ok(named)
}

/// The question in words, and why it has no answer.
#[must_use]
pub fn statement(facts: &Facts<'_>, question: &Problem, reasons: &[String]) -> String {
    let (parameters, subject) = (&facts.study.parameters, facts.subject);
    let asked = format!(
        "{}の単位を圏域にまとめる。各圏域は地続きで、中心となる{}（{}か所から一つ）{}を含み、各単位の需要の{}%以上が中心から{}分以内、圏域の需要は{}{}{}以上。需要で重みづけた中心からの所要時間の合計を最小にする。中心は計算上の候補の一つであり、指定ではない。",
        question.units.len(),
        subject.leads,
        question.leads.len(),
        if subject.needs_hub { "と連携拠点の候補" } else { "" },
        percent(parameters.zone_travel_share),
        parameters.zone_travel_limit_minutes,
        subject.counted.before,
        parameters.zone_min_demand_receipts_per_month,
        subject.counted.after,
    );
    match reasons {
        [] => asked,
        _ => format!("{asked}この条件を満たす案はない: {}", reasons.join(" ")),
    }
}

/// Zones named after the municipality with the most people.
fn name_zones(facts: &Facts<'_>, plan: &Plan) -> Vec<(String, String, Option<usize>)> {
    let study = facts.study;
    let people = study.people_by_municipality();
    let name = |(zone, members): (usize, Vec<usize>)| {
        let largest = members.into_iter().max_by_key(|at| (people[*at].total, std::cmp::Reverse(*at)));
        let name = largest.map_or_else(String::new, |at| format!("{}圏域", study.municipalities[at].name));
        let lead =
            plan.lead_of_zone[zone].and_then(|lead| facts.leads.get(lead)).map(|site| site.institution);
        ((zone + 1).to_string(), name, lead)
    };
    plan.units_of_zones().into_iter().enumerate().map(name).collect()
}

impl NamedPlan {
    /// A plan over municipalities that a planner drew, zones named like those of a proposal.
    #[must_use]
    pub fn drawn(question: &Question<'_>, id: &str, name: &str, name_en: &str, plan: &Plan) -> Self {
        Self::new(question, id, name, name_en, plan, name_zones(question.facts, plan))
    }

    fn new(
        question: &Question<'_>,
        id: &str,
        name: &str,
        name_en: &str,
        plan: &Plan,
        zones: Vec<(String, String, Option<usize>)>,
    ) -> Self {
        let colours = colours(zones.len(), &touching_zones(&plan.zone_of_unit, question.touching));
        let zones = zones
            .into_iter()
            .zip(colours)
            .map(|((id, name, lead), colour)| NamedZone { id, name, colour, lead })
            .collect();
        let report =
            check(question.municipal, &Plan { lead_of_zone: vec![None; plan.zones()], ..plan.clone() });
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            name_en: name_en.to_owned(),
            proposal: None,
            zone_of_municipality: plan.zone_of_unit.clone(),
            zones,
            report,
        }
    }

    /// Municipalities of each zone, in order.
    #[must_use]
    pub fn members(&self) -> BTreeMap<usize, Vec<usize>> {
        let mut members: BTreeMap<usize, Vec<usize>> =
            (0..self.zones.len()).map(|zone| (zone, Vec::new())).collect();
        for (municipality, zone) in self.zone_of_municipality.iter().enumerate() {
            members.entry(*zone).or_default().push(municipality);
        }
        members
    }
}
