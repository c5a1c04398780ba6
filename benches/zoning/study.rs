//! The questions of a real prefecture, under the rules that are on by default.

use crate::export::Question;
use keniki::access::matrix::matrix;
use keniki::demand::home_visits::home_visits;
use keniki::demand::weights::AgeWeights;
use keniki::geometry::locate::Locator;
use keniki::ingest::manifest::Manifest;
use keniki::ingest::read_study;
use keniki::ingest::study::Study;
use keniki::network::areas::area_of_nodes;
use keniki::network::build::{Roadway, build};
use keniki::network::link::Direction;
use keniki::network::neighbours::{Inhabited, Joined, neighbours};
use keniki::network::profile::Profile;
use keniki::network::search::NO_LIMIT;
use keniki::progress::{Progress, Silent};
use keniki::units::Deciseconds;
use keniki::zoning::asked::Asked;
use keniki::zoning::problem::ZoneCount;
use keniki::zoning::rules::Rules;
use keniki::zoning::statement::{Facts, Grouping};
use std::path::Path;

/// Any number of zones, and at most six.
pub fn questions(manifest: &Path) -> anyhow::Result<Vec<Question>> {
    let mut study = read_study(&Manifest::read(manifest)?, &Silent)?;
    let roadway = build(&mut study, &Profile::planning()?, &Silent)?;
    let demand = home_visits(&study, &AgeWeights::shipped()?)?;
    let rules = Rules::shipped()?;
    let leads = rules.candidates.leads(&study).unwrap_or_default();
    let institutions: Vec<usize> = leads.iter().map(|lead| lead.institution).collect();
    let step = Silent.step("", 0);
    let lead_times = matrix(&roadway, &institutions, Direction::Outward, NO_LIMIT, step.as_ref());
    let hubs = rules.candidates.linkage(&study).unwrap_or_default();
    let sites = rules.candidates.linkage_sites(&study);
    let joined = joined(&study, &roadway);
    let grouping = Grouping::municipalities(&study);
    let state = |study: &Study| {
        let facts = Facts {
            study,
            demand: demand.first_year(),
            leads: &leads,
            lead_times: &lead_times,
            linkage: &hubs,
            linkage_sites: &sites,
            neighbours: &joined,
            access: None,
        };
        Asked::default().over(&rules).problem(&facts, &grouping, &demand)
    };
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

fn joined(study: &Study, roadway: &Roadway) -> Vec<(usize, usize)> {
    let boundaries: Vec<_> =
        study.municipalities.iter().map(|municipality| municipality.boundary.clone()).collect();
    let areas = area_of_nodes(study, &roadway.network, &Locator::new(&boundaries));
    let mut inhabited = vec![Vec::new(); boundaries.len()];
    for (cell, link) in study.cells.iter().zip(&roadway.linkage.cells) {
        let place = link.map(|link| Inhabited { link, people: cell.population.total });
        inhabited[cell.municipality].extend(place);
    }
    let limit = Deciseconds::from_minutes(study.parameters.neighbour_limit_minutes);
    let joined = Joined { limit, share: study.parameters.neighbour_share };
    neighbours(&roadway.network, &areas, &inhabited, joined)
}
