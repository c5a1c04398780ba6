//! How long the exact zoning takes on invented prefectures of four sizes:
//! `cargo bench --bench zoning [units …]`; with `-- --export FOLDER [--study FILE.toml] [units …]` it writes
//! problems and answers as `benches/peers` reads them.

mod export;
mod prefecture;
mod study;

use keniki::zoning::checker::check;
use keniki::zoning::exact::{Options, solve_with};
use keniki::zoning::problem::{Problem, ZoneCount};
use keniki::zoning::search::{Effort, Sample, ensemble, search};
use prefecture::prefecture;
use std::path::Path;
use std::time::Instant;

const NODE_LIMIT: u64 = 200_000;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let value_of =
        |flag: &str| arguments.iter().skip_while(|argument| *argument != flag).nth(1).map(Path::new);
    let asked: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    if let Some(folder) = value_of("--export") {
        export::export(folder, value_of("--study"), &asked).expect("the problems are well formed");
        return;
    }
    let sizes = if asked.is_empty() { vec![27, 40, 77, 179] } else { asked };
    println!(
        "units seed zones-asked demand-asked leads links: status objective gap zones nodes rounds seconds"
    );
    for units in sizes {
        for seed in 1..=3 {
            for (most, min_demand_milli) in
                [(None, 200_000), (None, 1_000_000), (Some(units / 6), 200_000), (Some(units / 6), 1_000_000)]
            {
                let mut problem = prefecture(units, seed);
                problem.zone_count = ZoneCount { least: 0, most };
                problem.min_demand_milli = min_demand_milli;
                measure(seed, &problem);
            }
        }
    }
}

fn measure(seed: u64, problem: &Problem) {
    let start = Instant::now();
    let found =
        search(problem, Effort { seed: 1, steps: 20_000 }, |_| ()).expect("the problem is well formed");
    let searched = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let plans = found.as_ref().map_or(0, |found| {
        let effort = Effort { seed: 1, steps: 100_000 };
        let sample = Sample { wanted: 1_000, objective_up_to: None, effort };
        ensemble(problem, &found.plan, sample, || false).expect("the problem is well formed").len()
    });
    let gathered = start.elapsed().as_secs_f64();
    let starts: Vec<_> = found.iter().map(|found| found.plan.clone()).collect();
    let options = Options { node_limit: Some(NODE_LIMIT), starts: &starts, ..Options::default() };
    let start = Instant::now();
    let outcome = solve_with(problem, &options).expect("the problem is well formed");
    let seconds = start.elapsed().as_secs_f64();
    assert!(outcome.plan.iter().all(|plan| check(problem, plan).accepts()));
    let certificate = &outcome.certificate;
    println!(
        "{} {seed} {:?} {} {} {}: {} {:?} {:?} {:?} {} {} {seconds:.2}; search {:.5} {searched:.2}; {plans} plans {gathered:.2}",
        problem.units.len(),
        problem.zone_count.most,
        problem.min_demand_milli / 1_000,
        problem.leads.len(),
        problem.cost.iter().flatten().flatten().count(),
        certificate.status.as_str(),
        certificate.objective,
        certificate.gap,
        outcome.plan.as_ref().map(keniki::zoning::plan::Plan::zones),
        certificate.nodes,
        certificate.rounds,
        found
            .zip(certificate.objective)
            .map_or(f64::NAN, |(found, best)| found.objective as f64 / best as f64),
    );
}
