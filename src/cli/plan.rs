//! `keniki plan STUDY.toml --out DIR`: from the official files to plans, layers and tables.

use crate::access::coverage::coverage;
use crate::access::gaps::gaps;
use crate::access::matrix::matrix;
use crate::access::reach::{Access, reach};
use crate::access::services::services;
use crate::assess::audit::{audit_plan, audit_zones};
use crate::assess::figures::Basis;
use crate::assess::plans::{NamedPlan, Question, baselines, propose};
use crate::cli::bars::Bars;
use crate::cli::interrupt::unless_interrupted;
use crate::cli::scenario;
use crate::demand::home_visits::{Demand, home_visits};
use crate::demand::weights::AgeWeights;
use crate::geometry::locate::Locator;
use crate::geometry::touching::touching_pairs;
use crate::ingest::finding::{Finding, Severity};
use crate::ingest::manifest::Manifest;
use crate::ingest::study::{AreaSystem, Study};
use crate::network::areas::area_of_nodes;
use crate::network::build::{Roadway, build};
use crate::network::link::Direction;
use crate::network::neighbours::{Inhabited, Joined, neighbours};
use crate::network::profile::Profile;
use crate::network::scenario::Scenario;
use crate::network::search::NO_LIMIT;
use crate::progress::Progress;
use crate::publish::layers::layers;
use crate::publish::report::summary;
use crate::publish::results::{AssessedPlan, Assessment, Results};
use crate::publish::summary::Findings;
use crate::store::swap::Replacement;
use crate::units::Deciseconds;
use crate::zoning::rules::Rules;
use crate::zoning::statement::{Facts, Grouping};
use std::path::Path;

/// Plans a study and puts the result in `out`, all of it or nothing.
pub(super) fn run(manifest: &Path, scenario: Option<&Path>, out: &Path) -> anyhow::Result<()> {
    let manifest = Manifest::read(manifest)?;
    let tables = Tables::shipped()?;
    let scenario = scenario.map(|file| Scenario::read(file, &tables.profile)).transpose()?;
    let replacement = Replacement::begin(out)?;
    let folder = replacement.folder().to_owned();
    unless_interrupted(move || plan(&manifest, &tables, scenario.as_ref(), &folder))?;
    replacement.commit()?;
    println!("{} に書きました", out.display());
    Ok(())
}

/// Reads, computes and writes everything into `folder`.
fn plan(
    manifest: &Manifest,
    tables: &Tables,
    scenario: Option<&Scenario>,
    folder: &Path,
) -> anyhow::Result<()> {
    let progress = &Bars;
    let mut study = crate::ingest::read_study(manifest, progress)?;
    let roadway = build(&mut study, &tables.profile, progress)?;
    let (roadway, changed, findings) = scenario::under(scenario, roadway, &tables.profile);
    study.findings.extend(findings);
    publish(&study, &roadway, tables, changed, folder, progress)
}

/// The dated tables on which a study rests beside its inputs.
pub(super) struct Tables {
    pub(super) weights: AgeWeights,
    pub(super) rules: Rules,
    pub(super) profile: Profile,
}

impl Tables {
    pub(super) fn shipped() -> anyhow::Result<Self> {
        Ok(Self { weights: AgeWeights::shipped()?, rules: Rules::shipped()?, profile: Profile::planning()? })
    }
}

/// Computes everything and writes it into `folder`. `scenario` is the name of the one that changes the
/// travel times, if any.
fn publish(
    study: &Study,
    roadway: &Roadway,
    tables: &Tables,
    scenario: Option<&str>,
    folder: &Path,
    progress: &dyn Progress,
) -> anyhow::Result<()> {
    let access = reach(study, roadway, services()?, progress);
    let demand = home_visits(study, &tables.weights)?;
    let map = municipal_map(study, roadway, progress);
    let plans = assessed_plans(study, roadway, tables, &access, &demand, &map, progress)?;
    let active = tables.rules.candidates.active(study);
    let results = Results {
        study,
        profile: &tables.profile,
        scenario,
        network: &roadway.network,
        linkage: &roadway.linkage,
        access: &access,
        coverage: &coverage(study, &access.services),
        gaps: &gaps(study, &access.services),
        weights: &tables.weights,
        demand: &demand,
        rules: &tables.rules,
        active: active.as_deref(),
        neighbours: &map.neighbours,
        touching: &map.touching,
        plans: &plans,
    };
    let step = progress.step("図と表の書き出し", 1);
    let mut findings = Findings { findings: study.findings.clone() };
    if active.is_none() {
        findings.findings.push(no_proposal());
    }
    crate::publish::write_all(folder, &summary(&results), &findings, &layers(&results))?;
    step.advance(1);
    Ok(())
}

/// Nothing tells who could lead a zone.
fn no_proposal() -> Finding {
    Finding {
        severity: Severity::Warning,
        kind: "no_proposal".to_owned(),
        file: String::new(),
        layer: None,
        row: None,
        field: None,
        said: "todokede".to_owned(),
        meant: "届出受理医療機関名簿も積極的役割を担う医療機関の名簿も未登録のため、提案を作れません"
            .to_owned(),
        place: None,
    }
}

/// How the municipalities lie to each other, positions in the study.
pub(super) struct MunicipalMap {
    /// Joined by a real road or ferry.
    pub(super) neighbours: Vec<(usize, usize)>,
    /// Sharing a border on the map.
    touching: Vec<(usize, usize)>,
}

pub(super) fn municipal_map(study: &Study, roadway: &Roadway, progress: &dyn Progress) -> MunicipalMap {
    let step = progress.step("市町村の隣接", 3);
    let boundaries: Vec<_> =
        study.municipalities.iter().map(|municipality| municipality.boundary.clone()).collect();
    let touching = touching_pairs(&boundaries);
    step.advance(1);
    let areas = area_of_nodes(study, &roadway.network, &Locator::new(&boundaries));
    step.advance(1);
    let mut inhabited = vec![Vec::new(); study.municipalities.len()];
    for (cell, link) in study.cells.iter().zip(&roadway.linkage.cells) {
        let place = link.map(|link| Inhabited { link, people: cell.population.total });
        inhabited[cell.municipality].extend(place);
    }
    let joined = Joined {
        limit: Deciseconds::from_minutes(study.parameters.neighbour_limit_minutes),
        share: study.parameters.neighbour_share,
    };
    let neighbours = neighbours(&roadway.network, &areas, &inhabited, joined);
    step.advance(1);
    MunicipalMap { neighbours, touching }
}

/// The baselines and the two proposals, with figures and verdicts.
fn assessed_plans(
    study: &Study,
    roadway: &Roadway,
    tables: &Tables,
    access: &Access,
    demand: &Demand,
    map: &MunicipalMap,
    progress: &dyn Progress,
) -> anyhow::Result<Vec<AssessedPlan>> {
    let candidates = &tables.rules.candidates;
    let known_leads = candidates.leads(study);
    let leads = known_leads.as_deref().unwrap_or_default();
    let institutions: Vec<usize> = leads.iter().map(|lead| lead.institution).collect();
    let step = progress.step("中心の候補からの所要時間", leads.len() as u64);
    let lead_times = matrix(roadway, &institutions, Direction::Outward, NO_LIMIT, step.as_ref());
    drop(step);
    let hubs = candidates.linkage(study);
    let (active, visiting) = (candidates.active(study), candidates.visiting_24h(study));
    let facts = Facts {
        study,
        demand: demand.first_year(),
        leads,
        lead_times: &lead_times,
        linkage: hubs.as_deref().unwrap_or_default(),
        neighbours: &map.neighbours,
    };
    let basis = Basis {
        study,
        access,
        demand,
        rules: &tables.rules.figures,
        active: active.as_deref(),
        linkage: hubs.as_deref(),
        visiting_24h: visiting.as_deref(),
    };
    let assess = |plan: NamedPlan| {
        let assessment = basis.figures(&plan).map(|(figures, zone_figures)| {
            let zone_audit = audit_zones(study, &plan, &zone_figures, &tables.rules);
            let audit = audit_plan(study, &plan, &zone_audit, &tables.rules);
            Assessment { figures, zone_figures, audit, zone_audit }
        });
        AssessedPlan { plan, assessment }
    };
    let plans = plans(&facts, known_leads.is_some(), map, progress)?;
    Ok(plans.into_iter().map(assess).collect())
}

/// The plans; without any file that tells who could lead a zone there is nothing to propose.
fn plans(
    facts: &Facts<'_>,
    leads_known: bool,
    map: &MunicipalMap,
    progress: &dyn Progress,
) -> anyhow::Result<Vec<NamedPlan>> {
    let step = progress.step("圏域案の最適化と検証", 2);
    let municipalities = Grouping::municipalities(facts.study);
    let question = Question { facts, municipal: &facts.problem(&municipalities), touching: &map.touching };
    let mut plans = baselines(&question);
    if !leads_known {
        return Ok(plans);
    }
    plans.push(propose(
        &question,
        "proposal-municipalities",
        "提案A（市町村の組合せ）",
        "Proposal A: municipalities grouped",
        &municipalities,
    )?);
    step.advance(1);
    if let Some(hokenjo) = Grouping::areas(facts.study, AreaSystem::Hokenjo) {
        plans.push(propose(
            &question,
            "proposal-hokenjo",
            "提案B（保健所の組合せ）",
            "Proposal B: public health centre areas grouped",
            &hokenjo,
        )?);
    }
    step.advance(1);
    Ok(plans)
}
