//! `/api/week`, `/api/week/cells` and `/api/week/rota`: who is there in each band of each day, whom nobody
//! reaches, and a fair rota.

use crate::access::week::cover::SlotCover;
use crate::assess::week::Week;
use crate::publish::geojson;
use crate::publish::week::answers;
use crate::serve::error::ApiError;
use crate::serve::journeys::CONDITIONS;
use crate::serve::question::Question;
use crate::serve::shortage::{Asked, with_cover};
use crate::serve::state::Workbench;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Every slot of every service of the table, by municipality.
pub async fn week(State(workbench): State<Arc<Workbench>>, question: Question) -> Result<Response, ApiError> {
    question.only(&[&["online"], &CONDITIONS[1..]].concat())?;
    with_cover(workbench, question, |asked, question| {
        let (ground, week) = (asked.ground(), of(asked, question)?);
        let figures = answers::week(ground.study, ground.residents, asked.ready.week_table(), &week);
        Ok(Json(figures).into_response())
    })
    .await
}

/// One slot by cell, for the map.
pub async fn cells(
    State(workbench): State<Arc<Workbench>>,
    question: Question,
) -> Result<Response, ApiError> {
    question.only(&[&["service", "day", "band", "online"], &CONDITIONS[1..]].concat())?;
    with_cover(workbench, question, |asked, question| {
        let (ground, week) = (asked.ground(), of(asked, question)?);
        let all: Vec<&str> = week.services.iter().map(|one| one.service.as_str()).collect();
        let service = &week.services[question.named("service", &all)?];
        let Some(known) = &service.known else {
            return Err(ApiError::bad_request(format!(
                "service={}: このサービスは未登録です。ファイルを study.toml に加えて計画し直してください",
                service.service
            )));
        };
        let slot = slot(&known.slots, question)?;
        let layer = answers::cells(ground.study, ground.residents, &service.service, slot);
        let mut text = Vec::new();
        geojson::write(&layer, &mut text).map_err(|error| ApiError::internal(&error))?;
        Ok(([(header::CONTENT_TYPE, "application/geo+json")], text).into_response())
    })
    .await
}

/// A fair rota with its proof.
pub async fn rota(State(workbench): State<Arc<Workbench>>, question: Question) -> Result<Response, ApiError> {
    question.only(&CONDITIONS[1..])?;
    with_cover(workbench, question, |asked, _| {
        let rota = asked.ready.rota(&asked.roads.roadway);
        let (ground, rota) = (asked.ground(), rota.map_err(|error| ApiError::unanswerable(&error))?);
        let of = |rota| answers::rota(ground.study, ground.residents, asked.ready.week_table(), rota);
        Ok(Json(serde_json::json!({ "rota": (*rota).as_ref().map(of) })).into_response())
    })
    .await
}

fn of(asked: &Asked<'_>, question: &Question) -> Result<Arc<Week>, ApiError> {
    let online = question.word("online", &[("off", false), ("on", true)])?;
    asked.ready.week(&asked.roads.roadway, online).map_err(|error| ApiError::unanswerable(&error))
}

fn slot<'a>(slots: &'a [SlotCover], question: &Question) -> Result<&'a SlotCover, ApiError> {
    let names = |of: &dyn Fn(&'a SlotCover) -> &'a str| {
        let mut names = Vec::new();
        for name in slots.iter().map(of) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    };
    let days = names(&|slot| slot.slot.day.name());
    let day = days[question.named("day", &days)?];
    let bands = names(&|slot| slot.slot.band.as_str());
    let band = bands[question.named("band", &bands)?];
    let is_meant = |one: &&SlotCover| one.slot.day.name() == day && one.slot.band == band;
    slots.iter().find(is_meant).ok_or_else(|| {
        ApiError::bad_request(format!("day={day}&band={band}: この曜日にこの時間帯はありません"))
    })
}
