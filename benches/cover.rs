//! How long cover, shortage, siting, what-if, the week, its rota and demand take from a ready matrix.
//!
//! `cargo bench --bench cover -- STUDY.toml`
//!
//! Every figure is the best of three runs after one to warm up.

use keniki::access::cover::{Residents, cover};
use keniki::access::journeys::Journeys;
use keniki::access::loss::losses;
use keniki::access::reach::reach;
use keniki::access::services::services;
use keniki::access::week::table::WeekTable;
use keniki::assess::shortages::{Could, Ground, ShortageTables};
use keniki::assess::sites::{Model, Sites};
use keniki::assess::week::{WeekQuestion, fair_rota, week};
use keniki::assess::what_if::{ServiceCover, covered_from};
use keniki::demand::home_visits::home_visits;
use keniki::demand::outlook::{OutlookTables, outlook, years};
use keniki::demand::weights::AgeWeights;
use keniki::demand::zones::divisions;
use keniki::ingest::manifest::Manifest;
use keniki::ingest::read_study;
use keniki::network::build::build;
use keniki::network::profile::Profile;
use keniki::progress::Silent;
use keniki::units::Deciseconds;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

fn best<T>(name: &str, mut run: impl FnMut() -> T) -> f64 {
    black_box(run());
    let time = |_| {
        let begin = Instant::now();
        black_box(run());
        begin.elapsed().as_secs_f64()
    };
    let seconds = (0..3).map(time).fold(f64::INFINITY, f64::min);
    println!("{name:52} {:10.1} ms", seconds * 1e3);
    seconds
}

fn main() {
    let Some(file) = std::env::args().skip(1).find(|argument| !argument.starts_with('-')) else {
        eprintln!("usage: cargo bench --bench cover -- STUDY.toml");
        return;
    };
    let manifest = Manifest::read(Path::new(&file)).expect("a manifest");
    let mut study = read_study(&manifest, &Silent).expect("a study");
    let demand = home_visits(&study, &AgeWeights::shipped().expect("whole")).expect("demand");
    let roadway = build(&mut study, &Profile::planning().expect("whole"), &Silent).expect("a network");
    let tables = ShortageTables::shipped().expect("whole");
    let residents = Residents::new(&study, demand.first_year());
    let begin = Instant::now();
    let access = reach(&study, &roadway, services().expect("whole"), &Silent);
    let could = Could::new(&study, &roadway, &access, &tables.rules, &Silent);
    println!("{:52} {:10.1} ms", "travel times (once)", begin.elapsed().as_secs_f64() * 1e3);
    let ground = Ground {
        study: &study,
        roadway: &roadway,
        access: &access,
        residents: &residents,
        tables: &tables,
        could: &could,
    };
    println!("{} cells, {} institutions", study.cells.len(), study.institutions.len());

    let mut sum = best("shortages, capacity, sites", || ground.shortages(&Silent).expect("computed"));
    best("  capacity and competition", || ground.capacity().expect("computed"));
    for reach in &access.services {
        let name = format!("  {}: list, depth, N-1, partners", reach.service.id);
        best(&name, || ground.service(reach, &Silent).expect("computed"));
    }
    sum += best("N-1 of every institution and service (goal 2,000)", || {
        let all = access.services.iter().filter_map(|reach| {
            let times =
                if reach.service.direction.name() == "visit" { &access.visits } else { &access.admissions };
            let near = cover(times, reach.providers.as_deref()?, Deciseconds::from_minutes(30), |_, _| true);
            Some(losses(&near, &residents).len())
        });
        all.sum::<usize>()
    });
    let week_table = WeekTable::shipped().expect("whole");
    for (name, online) in [("week, every service and slot", false), ("  the same with video", true)] {
        let question = WeekQuestion { online, ..WeekQuestion::default() };
        sum += best(name, || {
            week(&study, &roadway, &access, &residents, &week_table, question, &Silent).expect("computed")
        });
    }
    sum += best("fair rota", || {
        let question = WeekQuestion::default();
        fair_rota(&study, &roadway, &access, &week_table, question, &Silent).expect("solved")
    });
    let tables = OutlookTables::shipped().expect("whole");
    sum += best("demand, all layers and scenarios", || {
        let years = years(&study, None, None).expect("known");
        outlook(&study, &tables, divisions(&study), years).expect("computed")
    });
    println!("{:52} {:10.1} ms", "everything of the issue (goal 5,000)", sum * 1e3);
    for reach in
        access.services.iter().filter(|reach| reach.service.id == ground.tables.rules.capacity_service)
    {
        let Some(sites) = Sites::of(ground, reach).expect("sound") else { continue };
        for (name, model) in [
            ("MCLP", Model::Cover),
            ("LSCP", Model::FewestSites),
            ("backup", Model::Backup),
            ("p-median", Model::Nearest),
        ] {
            best(&format!("  {name} of 5 sites"), || sites.best(model, 5).expect("solved"));
        }
        let cover = ServiceCover::of(ground, reach).expect("loaded");
        let first = reach.providers.as_ref().and_then(|all| all.first()).expect("a provider");
        best("what-if: one stops (goal 50)", || cover.without(ground, *first).expect("a provider"));
        let candidate = (0..study.institutions.len())
            .find_map(|at| Some((study.institutions[at].position?, roadway.linkage.institutions[at]?)));
        let (place, link) = candidate.expect("an institution on a road");
        best("what-if: one comes (goal 50)", || {
            let journeys = Journeys::of(&roadway, &link, reach.service.direction.of_search());
            cover.with(ground, &covered_from(ground, reach, place, &journeys))
        });
    }
}
