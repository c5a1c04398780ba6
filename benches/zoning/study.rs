//! The questions of a real prefecture, under the rules that are on by default.

use crate::export::Question;
use keniki::assess::ground::Ground;
use keniki::assess::proposals::Request;
use keniki::demand::home_visits::home_visits;
use keniki::demand::weights::AgeWeights;
use keniki::ingest::manifest::Manifest;
use keniki::ingest::read_study;
use keniki::ingest::study::Study;
use keniki::network::build::build;
use keniki::network::profile::Profile;
use keniki::progress::Silent;
use keniki::zoning::problem::ZoneCount;
use keniki::zoning::rules::Rules;
use std::path::Path;

/// Any number of zones, and at most six.
pub fn questions(manifest: &Path) -> anyhow::Result<Vec<Question>> {
    let mut study = read_study(&Manifest::read(manifest)?, &Silent)?;
    let roadway = build(&mut study, &Profile::planning()?, &Silent)?;
    let demand = home_visits(&study, &AgeWeights::shipped()?)?;
    let table = Rules::shipped()?;
    let ground = Ground::new(&study, &roadway, demand, &table.candidates, &Silent);
    let request = Request::default();
    let rules = request.rules(&table)?;
    let state = |study: &Study| Ok::<_, anyhow::Error>(request.state(&rules, study, &ground)?.problem);
    let problem = state(&study)?;
    study.parameters.zone_travel_limit_minutes = u32::MAX / 600;
    study.parameters.zone_travel_share = 0.0;
    let travel = state(&study)?.cost;
    let question = |(rules, most)| {
        let mut problem = problem.clone();
        problem.zone_count = ZoneCount { least: 0, most };
        Question {
            name: format!("prefecture-{}-{rules}", study.prefecture_code),
            problem,
            travel: travel.clone(),
        }
    };
    Ok([("loose", None), ("six", Some(6))].map(question).into())
}
