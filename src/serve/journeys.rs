//! `/api/isochrone`, `/api/reach` and `/api/matrix`: travel times of the study that is shown.

use crate::access::journeys::Journeys;
use crate::access::matrix;
use crate::network::build::Roadway;
use crate::network::isochrone::Sweep;
use crate::network::link::{Direction, Link};
use crate::progress::{Progress, Silent};
use crate::publish::isochrone::Isochrones;
use crate::publish::{geojson, matrix_table, reach as figures};
use crate::serve::error::ApiError;
use crate::serve::question::{Place, Question};
use crate::serve::state::Workbench;
use crate::serve::travel::{Roads, Travel};
use crate::units::Deciseconds;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use tokio::task::spawn_blocking;

pub(super) const PLACE: [&str; 3] = ["facility", "lon", "lat"];
pub(super) const CONDITIONS: [&str; 7] =
    ["direction", "season", "time", "ferries", "tolls", "closed_ways", "closed_area"];

/// What is reached within some minutes, as polygons with their people.
pub async fn isochrone(
    State(workbench): State<Arc<Workbench>>,
    question: Question,
) -> Result<Response, ApiError> {
    around(workbench, question, |travel, asked| {
        let Around { roads, place, link, journeys, minutes, direction } = asked;
        let sweep = Sweep::new(&roads.roadway.network, &journeys.junctions, &[link], direction);
        let limits: Vec<Deciseconds> = minutes.iter().map(|one| Deciseconds::from_minutes(*one)).collect();
        let polygons = roads.raster.contours(&sweep, &limits);
        let reached: Vec<_> = minutes.iter().map(|one| journeys.within(&travel.places, *one)).collect();
        let isochrones = Isochrones {
            origin: &place.said(travel),
            direction,
            reached: &reached,
            profile: &travel.profile,
            attributions: &travel.attributions,
        };
        let mut text = Vec::new();
        geojson::write(&isochrones.areas(&travel.drawing, polygons), &mut text)
            .map_err(|error| ApiError::internal(&error))?;
        Ok(([(header::CONTENT_TYPE, "application/geo+json")], text).into_response())
    })
    .await
}

/// Who is reached within some minutes.
pub async fn reach(
    State(workbench): State<Arc<Workbench>>,
    question: Question,
) -> Result<Response, ApiError> {
    around(workbench, question, |travel, asked| {
        let Around { journeys, minutes, direction, .. } = asked;
        Ok(Json(figures::reach(&travel.places, &journeys, direction, &minutes)).into_response())
    })
    .await
}

/// The journeys around a place that was asked for.
struct Around {
    roads: Arc<Roads>,
    place: Place,
    link: Link,
    journeys: Journeys,
    minutes: Vec<u32>,
    direction: Direction,
}

/// Finds the place and its journeys, and answers with what `compute` makes of them.
async fn around(
    workbench: Arc<Workbench>,
    question: Question,
    compute: impl FnOnce(&Travel, Around) -> Result<Response, ApiError> + Send + 'static,
) -> Result<Response, ApiError> {
    question.only(&[&PLACE[..], &CONDITIONS, &["minutes"]].concat())?;
    let (minutes, direction) = (question.minutes()?, question.direction()?);
    let scenario = question.scenario()?;
    answer(workbench, move |travel| {
        let roads = travel.in_scenario(&scenario)?;
        let place = question.place(travel)?;
        let link = link(travel, &roads.roadway, &place)?;
        let journeys = Journeys::of(&roads.roadway, &link, direction);
        compute(travel, Around { roads, place, link, journeys, minutes, direction })
    })
    .await
}

/// Minutes between one institution and every cell, or why there are none.
pub async fn matrix(
    State(workbench): State<Arc<Workbench>>,
    question: Question,
) -> Result<Response, ApiError> {
    question.only(&[&CONDITIONS[..], &["facility", "limit", "format"]].concat())?;
    let (limit, direction) = (Deciseconds::from_minutes(question.limit()?), question.direction()?);
    let (scenario, is_csv) = (question.scenario()?, question.is_csv()?);
    answer(workbench, move |travel| {
        let roads = travel.in_scenario(&scenario)?;
        let roadway = &roads.roadway;
        let facility = question.facility(travel)?;
        let step = Silent.step("", 1);
        let times = matrix::matrix(roadway, &[facility], direction, limit, step.as_ref());
        if !is_csv {
            let row = matrix_table::row(&travel.places, &roadway.linkage, &times, facility);
            return Ok(Json(row).into_response());
        }
        let mut text = Vec::new();
        matrix_table::write(&mut text, &travel.places, &roadway.linkage, &times, &[facility], true)
            .map_err(|error| ApiError::internal(&error))?;
        let headers = [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
            (header::CONTENT_DISPOSITION, "attachment; filename=\"travel-times.csv\""),
        ];
        Ok((headers, text).into_response())
    })
    .await
}

/// Where a place stands on the network.
pub(super) fn link(travel: &Travel, roadway: &Roadway, place: &Place) -> Result<Link, ApiError> {
    match place {
        Place::Institution(at) => roadway.linkage.institutions[*at].ok_or_else(|| {
            ApiError::bad_request(
                "facility: この機関は位置が不明か、近くに道路がないため、所要時間がありません",
            )
        }),
        Place::At(at) => travel.link(*at).ok_or_else(|| {
            let far = travel.longest_leg_m();
            ApiError::bad_request(format!(
                "lon・lat: {far} m以内に道路がない場所です。道路の近くを選んでください"
            ))
        }),
    }
}

/// Answers away from the threads that serve, one question after the other.
pub(super) async fn answer(
    workbench: Arc<Workbench>,
    compute: impl FnOnce(&Travel) -> Result<Response, ApiError> + Send + 'static,
) -> Result<Response, ApiError> {
    let permit = Arc::clone(&workbench.travelling)
        .acquire_owned()
        .await
        .map_err(|error| ApiError::internal(&error))?;
    spawn_blocking(move || {
        let _permit = permit;
        let travel = workbench.travel().map_err(|error| ApiError::unavailable(&error))?;
        let travel = travel.ok_or_else(ApiError::planned_again)?;
        compute(&travel)
    })
    .await
    .map_err(|error| ApiError::internal(&error))?
}
