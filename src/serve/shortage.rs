//! `/api/shortage`, `/api/shortage/cells`, `/api/siting` and `/api/what-if`: whom a service does not reach
//! well, and what would change it.

use crate::access::journeys::Journeys;
use crate::assess::shortages::{Ground, ServiceShortage};
use crate::assess::sites::{Model, Sites};
use crate::assess::what_if::{ServiceCover, covered_from};
use crate::publish::geojson;
use crate::publish::shortage::answers::{self, ChangeFigures};
use crate::serve::error::ApiError;
use crate::serve::journeys::{CONDITIONS, PLACE, answer, link};
use crate::serve::question::{Place, Question};
use crate::serve::ready::Ready;
use crate::serve::state::Workbench;
use crate::serve::travel::{Roads, Travel};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::sync::Arc;

/// Models by their words; the first where nothing is said.
const MODELS: [(&str, Model); 4] = [
    ("mclp", Model::Cover),
    ("lscp", Model::FewestSites),
    ("backup", Model::Backup),
    ("p-median", Model::Nearest),
];

/// The ranked list of a service with its causes, depth and what stops with each institution.
pub async fn list(State(workbench): State<Arc<Workbench>>, question: Question) -> Result<Response, ApiError> {
    question.only(&[&["service"], &CONDITIONS[1..]].concat())?;
    with_cover(workbench, question, |asked, question| {
        let service = question.service(asked.ready.services())?;
        let shortage = asked.shortage(service)?;
        Ok(Json(answers::shortage(asked.ground(), asked.ready.reach(service), &shortage)).into_response())
    })
    .await
}

/// The same by cell, for the map.
pub async fn cells(
    State(workbench): State<Arc<Workbench>>,
    question: Question,
) -> Result<Response, ApiError> {
    question.only(&[&["service"], &CONDITIONS[1..]].concat())?;
    with_cover(workbench, question, |asked, question| {
        let service = question.service(asked.ready.services())?;
        let counts = asked.ready.cover(service).map(ServiceCover::counts);
        let layer = answers::cells(asked.ground(), &*asked.shortage(service)?, counts);
        let mut text = Vec::new();
        geojson::write(&layer, &mut text).map_err(|error| ApiError::internal(&error))?;
        Ok(([(header::CONTENT_TYPE, "application/geo+json")], text).into_response())
    })
    .await
}

/// Where some added providers of a service would help most.
pub async fn siting(
    State(workbench): State<Arc<Workbench>>,
    question: Question,
) -> Result<Response, ApiError> {
    question.only(&[&["service", "model", "sites"], &CONDITIONS[1..]].concat())?;
    let (model, most) = (question.word("model", &MODELS)?, question.sites()?);
    with_cover(workbench, question, move |asked, question| {
        let reach = asked.ready.reach(question.service(asked.ready.services())?);
        let internal = |error| ApiError::internal(&error);
        let sites = Sites::of(asked.ground(), reach).map_err(internal)?;
        let step = sites.map(|sites| sites.best(model, most)).transpose().map_err(internal)?;
        let figures = step.map(|step| answers::siting(asked.ground(), reach, model, &step));
        Ok(Json(serde_json::json!({ "siting": figures })).into_response())
    })
    .await
}

/// What changes when an institution or a new one at a place takes a service up, or when an institution
/// stops everything that it does.
pub async fn what_if(
    State(workbench): State<Arc<Workbench>>,
    question: Question,
) -> Result<Response, ApiError> {
    question.only(&[&["service", "change"], &PLACE[..], &CONDITIONS[1..]].concat())?;
    let goes = question.word("change", &[("add", false), ("remove", true)])?;
    with_cover(workbench, question, move |asked, question| {
        let changes = if goes {
            asked.without(question.facility(asked.travel)?)?
        } else {
            vec![asked.with(&question.place(asked.travel)?, question.service(asked.ready.services())?)?]
        };
        Ok(Json(Changes { changes }).into_response())
    })
    .await
}

/// Answer of `/api/what-if`.
#[derive(Serialize)]
struct Changes {
    /// One for each service concerned.
    changes: Vec<ChangeFigures>,
}

/// A question about cover in a scenario.
pub(super) struct Asked<'a> {
    travel: &'a Travel,
    /// The roads in the scenario.
    pub roads: &'a Roads,
    /// Cover on these roads.
    pub ready: &'a Ready,
}

/// Answers a question that needs cover.
pub(super) async fn with_cover(
    workbench: Arc<Workbench>,
    question: Question,
    compute: impl FnOnce(&Asked<'_>, &Question) -> Result<Response, ApiError> + Send + 'static,
) -> Result<Response, ApiError> {
    let scenario = question.scenario()?;
    let shown = Arc::clone(&workbench);
    answer(workbench, move |travel| {
        let roads = travel.in_scenario(&scenario)?;
        let study = shown.whole().map_err(|error| ApiError::unavailable(&error))?;
        let ready = roads.ready(study.ok_or_else(ApiError::planned_again)?);
        let ready = ready.map_err(|error| ApiError::unanswerable(&error))?;
        compute(&Asked { travel, roads: &roads, ready: &ready }, &question)
    })
    .await
}

impl Asked<'_> {
    /// What answers are computed from.
    pub fn ground(&self) -> Ground<'_> {
        self.ready.ground(&self.roads.roadway)
    }

    fn shortage(&self, service: usize) -> Result<Arc<ServiceShortage>, ApiError> {
        let shortage = self.ready.shortage(&self.roads.roadway, service);
        shortage.map_err(|error| ApiError::unanswerable(&error))
    }

    /// What stops with an institution, for each of its services.
    fn without(&self, institution: usize) -> Result<Vec<ChangeFigures>, ApiError> {
        let mut changes = Vec::new();
        for service in 0..self.ready.services().len() {
            let cover = self.ready.cover(service);
            let Some(change) = cover.and_then(|cover| cover.without(self.ground(), institution)) else {
                continue;
            };
            let shortage = self.shortage(service)?;
            let loss = shortage.cover.as_ref().and_then(|cover| {
                let loss = cover.losses.iter().find(|loss| loss.institution == institution)?;
                Some((cover, loss))
            });
            changes.push(answers::change(self.ground(), self.ready.reach(service), &change, loss));
        }
        Ok(changes)
    }

    /// What it changes when a service is provided from a place.
    fn with(&self, place: &Place, service: usize) -> Result<ChangeFigures, ApiError> {
        let reach = self.ready.reach(service);
        let id = &reach.service.id;
        let Some(cover) = self.ready.cover(service) else {
            return Err(ApiError::bad_request(format!(
                "service={id}: このサービスは未登録です。ファイルを study.toml に加えて計画し直してください"
            )));
        };
        let at = match place {
            Place::Institution(at) if reach.providers.as_ref().is_some_and(|all| all.contains(at)) => {
                return Err(ApiError::bad_request(format!(
                    "facility: この機関は{id}をすでに担っています。ほかの機関を選んでください"
                )));
            }
            Place::Institution(at) => self.travel.places.institutions[*at].position,
            Place::At(at) => Some(*at),
        };
        let link = link(self.travel, &self.roads.roadway, place)?;
        let journeys = Journeys::of(&self.roads.roadway, &link, reach.service.direction.of_search());
        let cells = at.map_or_else(Vec::new, |at| covered_from(self.ground(), reach, at, &journeys));
        Ok(answers::change(self.ground(), reach, &cover.with(self.ground(), &cells), None))
    }
}
