//! Writes problems with keniki's answers, for other packages to solve.

use crate::NODE_LIMIT;
use crate::prefecture::{all_travel, prefecture};
use crate::study::questions;
use keniki::zoning::exact::{Options, solve_with};
use keniki::zoning::plan::Plan;
use keniki::zoning::problem::{Problem, ZoneCount};
use keniki::zoning::search::{Effort, Found, Sample, ensemble, search};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;

const SIZES: [usize; 3] = [40, 77, 179];
/// Plans of a walk, with keniki's figure for each, by which the judge of the peers is verified.
const SAMPLE: Sample = Sample { wanted: 50, objective_up_to: None, effort: Effort { seed: 1, steps: 5_000 } };

/// A problem, and the travel from every lead to every unit, be it ever so far.
pub struct Question {
    pub name: String,
    pub problem: Problem,
    pub travel: Vec<Vec<Option<u64>>>,
}

/// Writes one file for each question of a study and of the invented prefectures of these sizes.
pub fn export(folder: &Path, study: Option<&Path>, sizes: &[usize]) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    let sizes = if sizes.is_empty() { &SIZES } else { sizes };
    let invented = sizes.iter().flat_map(|units| (1..=3).flat_map(|seed| invented(*units, seed)));
    let real = study.map(questions).transpose()?.unwrap_or_default();
    for question in real.into_iter().chain(invented) {
        let file = folder.join(format!("{}.json", question.name));
        std::fs::write(file, answered(&question)?.to_string())?;
    }
    Ok(())
}

/// Under a loose and under a tight pair of limits.
fn invented(units: usize, seed: u64) -> [Question; 2] {
    [("loose", None, 200_000), ("tight", Some(units / 6), 1_000_000)].map(
        |(rules, most, min_demand_milli)| {
            let zone_count = ZoneCount { least: 0, most };
            let problem = Problem { zone_count, min_demand_milli, ..prefecture(units, seed) };
            Question { name: format!("{units:03}-{seed}-{rules}"), problem, travel: all_travel(units, seed) }
        },
    )
}

fn answered(question: &Question) -> anyhow::Result<Value> {
    let problem = &question.problem;
    let start = Instant::now();
    let found = search(problem, Effort { seed: 1, steps: 20_000 }, |_| ())?;
    let searched = start.elapsed().as_secs_f64();
    let starts: Vec<Plan> = found.iter().map(|found| found.plan.clone()).collect();
    let options = Options { node_limit: Some(NODE_LIMIT), starts: &starts, ..Options::default() };
    let outcome = solve_with(problem, &options)?;
    let seconds = start.elapsed().as_secs_f64();
    let sample = outcome.plan.as_ref().map(|plan| ensemble(problem, plan, SAMPLE, || false)).transpose()?;
    let plan =
        |found: &Found| json!({ "zone_of_unit": found.plan.zone_of_unit, "objective": found.objective });
    let certificate = &outcome.certificate;
    println!(
        "{}: {} {:?} gap {:?} {seconds:.2} s",
        question.name,
        certificate.status.as_str(),
        certificate.objective,
        certificate.gap
    );
    Ok(json!({
        "name": question.name,
        "problem": problem,
        "travel": question.travel,
        "search": { "plan": found.as_ref().map(plan), "seconds": searched },
        "exact": {
            "status": certificate.status.as_str(),
            "zone_of_unit": outcome.plan.as_ref().map(|plan| &plan.zone_of_unit),
            "objective": certificate.objective,
            "bound": certificate.bound,
            "gap": certificate.gap,
            "seconds": seconds,
        },
        "sample": sample.iter().flatten().map(plan).collect::<Vec<_>>(),
    }))
}
