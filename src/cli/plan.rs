//! `keniki plan STUDY.toml --out DIR`: from the official files to plans, layers and tables.

use crate::access::coverage::coverage;
use crate::access::gaps::gaps;
use crate::access::reach::{Access, reach};
use crate::access::services::services;
use crate::assess::beside::Beside;
use crate::assess::figures::Basis;
use crate::assess::ground::Ground;
use crate::assess::overlay::Floor;
use crate::assess::plans::{NamedPlan, Question, baselines, propose};
use crate::cli::bars::Bars;
use crate::cli::interrupt::unless_interrupted;
use crate::cli::overlays;
use crate::cli::scenario;
use crate::demand::home_visits::home_visits;
use crate::demand::weights::AgeWeights;
use crate::ingest::finding::{Finding, Severity};
use crate::ingest::manifest::Manifest;
use crate::ingest::study::{AreaSystem, Input, Study};
use crate::network::build::{Roadway, build};
use crate::network::profile::Profile;
use crate::network::scenario::Scenario;
use crate::progress::Progress;
use crate::publish::layers::layers;
use crate::publish::report::summary;
use crate::publish::results::{AssessedPlan, Results};
use crate::publish::summary::Findings;
use crate::store::swap::Replacement;
use crate::zoning::rules::Rules;
use crate::zoning::statement::Grouping;
use std::path::Path;

/// Plans a study and puts the result in `out`, all of it or nothing.
pub(super) fn run(manifest: &Path, scenario: Option<&Path>, out: &Path) -> anyhow::Result<()> {
    let manifest = Manifest::read(manifest)?;
    let tables = Tables::shipped()?;
    let scenario = scenario.map(|file| Scenario::read(file, &tables.profile)).transpose()?;
    let replacement = Replacement::begin(out)?;
    let folder = replacement.folder().to_owned();
    let rows = unless_interrupted(move || plan(&manifest, &tables, scenario.as_ref(), &folder))?;
    replacement.commit()?;
    println!("{} に書きました", out.display());
    if rows.set_aside > 0 {
        println!(
            "資料の {} 行のうち {} 行は使えませんでした。理由は keniki serve {} の「データの質」で見られます",
            rows.read,
            rows.set_aside,
            out.display()
        );
    }
    Ok(())
}

/// Rows of all inputs.
struct Rows {
    read: u64,
    set_aside: u64,
}

/// Reads, computes and writes everything into `folder`; gives what became of the rows.
fn plan(
    manifest: &Manifest,
    tables: &Tables,
    scenario: Option<&Scenario>,
    folder: &Path,
) -> anyhow::Result<Rows> {
    let progress = &Bars;
    let mut study = crate::ingest::read_study(manifest, progress)?;
    let roadway = build(&mut study, &tables.profile, progress)?;
    let (roadway, changed, findings) = scenario::under(scenario, roadway, &tables.profile);
    study.findings.extend(findings);
    let beside = Beside::read(manifest, &study, progress)?;
    study.findings.extend(beside.beyond.iter().flat_map(|other| other.findings.clone()));
    let planned = Planned { manifest, study: &study, roadway: &roadway, tables, beside: &beside };
    planned.publish(changed, folder, progress)?;
    let sum = |of: fn(&Input) -> u64| study.inputs.iter().map(of).sum();
    Ok(Rows { read: sum(|input| input.rows_read), set_aside: sum(|input| input.rows_quarantined) })
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

/// What was read, on its roads.
struct Planned<'a> {
    manifest: &'a Manifest,
    study: &'a Study,
    roadway: &'a Roadway,
    tables: &'a Tables,
    beside: &'a Beside,
}

impl Planned<'_> {
    /// Computes everything and writes it into `folder`. `scenario` is the name of the one that changes the
    /// travel times, if any.
    fn publish(&self, scenario: Option<&str>, folder: &Path, progress: &dyn Progress) -> anyhow::Result<()> {
        let &Self { manifest, study, roadway, tables, beside } = self;
        let access = reach(study, roadway, services()?, progress);
        let demand = home_visits(study, &tables.weights)?;
        let ground = Ground::new(study, roadway, demand, &tables.rules.candidates, progress);
        let plans = assessed_plans(study, tables, &access, &ground, progress)?;
        let active = tables.rules.candidates.active(study);
        let floor = Floor {
            study,
            roadway,
            profile: &tables.profile,
            candidates: &tables.rules.candidates,
            weights: &tables.weights,
            beside,
            needs_access: false,
        };
        let (overlays, missing) = overlays::proposed(manifest, &floor, &tables.rules, progress);
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
            demand: &ground.demand,
            rules: &tables.rules,
            active: active.as_deref(),
            neighbours: &ground.map.neighbours,
            touching: &ground.map.touching,
            plans: &plans,
            overlays: &overlays,
        };
        let step = progress.step("図と表の書き出し", 1);
        let mut findings = Findings { findings: study.findings.clone() };
        if active.is_none() {
            findings.findings.push(no_proposal());
        }
        findings.findings.extend(missing);
        crate::publish::write_all(folder, &summary(&results), &findings, &layers(&results))?;
        crate::publish::write_study(folder, study, beside)?;
        crate::publish::overlays::write(folder, &overlays)?;
        step.advance(1);
        Ok(())
    }
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

/// The baselines and the two proposals, with figures and verdicts.
fn assessed_plans(
    study: &Study,
    tables: &Tables,
    access: &Access,
    ground: &Ground,
    progress: &dyn Progress,
) -> anyhow::Result<Vec<AssessedPlan>> {
    let candidates = &tables.rules.candidates;
    let (active, visiting) = (candidates.active(study), candidates.visiting_24h(study));
    let basis = Basis {
        study,
        access,
        demand: &ground.demand,
        rules: &tables.rules.figures,
        active: active.as_deref(),
        linkage: ground.linkage.as_deref(),
        visiting_24h: visiting.as_deref(),
    };
    let plans = plans(study, ground, progress)?;
    Ok(plans.into_iter().map(|plan| AssessedPlan::new(plan, &basis, &tables.rules)).collect())
}

/// The plans; without any file that tells who could lead a zone there is nothing to propose.
fn plans(study: &Study, ground: &Ground, progress: &dyn Progress) -> anyhow::Result<Vec<NamedPlan>> {
    let step = progress.step("圏域案の最適化と検証", 2);
    let facts = ground.facts(study);
    let municipalities = Grouping::municipalities(study);
    let municipal = facts.problem(&municipalities);
    let question = Question { facts: &facts, municipal: &municipal, touching: &ground.map.touching };
    let mut plans = baselines(&question);
    if ground.leads.is_none() {
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
    if let Some(hokenjo) = Grouping::areas(study, AreaSystem::Hokenjo) {
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
