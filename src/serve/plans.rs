//! `/api/plans`: a plan that was drawn by hand, or that a proposal gave, in figures and on the map.

use crate::assess::ground::Ground;
use crate::assess::plans::{NamedPlan, Question, statement};
use crate::assess::proposals::{Request, Stated};
use crate::ingest::study::Study;
use crate::publish::report::{checked, plan_figures, zone_demand};
use crate::publish::{geojson, layers};
use crate::serve::error::ApiError;
use crate::serve::proposals::{Body, read};
use crate::serve::state::Workbench;
use crate::serve::zoning::Zoning;
use crate::zoning::plan::Plan;
use crate::zoning::statement::Grouping;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// A plan, and the rules by which it is judged.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawing {
    /// The rules.
    #[serde(default)]
    pub request: Request,
    /// The zones: codes of their municipalities.
    pub zones: Vec<Vec<String>>,
}

/// The independent checker's word on a plan, and the figures by which it is compared with others.
pub async fn check(
    State(workbench): State<Arc<Workbench>>,
    body: Body<Drawing>,
) -> Result<Response, ApiError> {
    let drawing = read(body)?;
    answer(workbench, move |zoning| {
        let posed = zoning.pose(&drawing.request).map_err(ApiError::bad_request)?;
        let stated = posed.state(zoning).map_err(ApiError::bad_request)?;
        let plan = stated.drawn(&drawing.zones).map_err(|error| ApiError::bad_request(error.to_string()))?;
        let report = stated.check(&plan);
        let laid = posed.laid.as_deref();
        let named = named(zoning.about(laid), &over_municipalities(&stated, &plan)?);
        let assessed = zoning.assess(named, laid);
        let judged = json!({
            "accepts": report.accepts(),
            "verdicts": checked(&report),
            "statement": statement(&stated.facts, &stated.problem, &[]) + &stated.added(),
            "model_sha256": stated.problem.sha256(),
            "plan": plan_figures(stated.facts.study, &assessed),
            "demand": zone_demand(&assessed),
        });
        Ok(Json(judged).into_response())
    })
    .await
}

/// The land of the zones without the borders inside, as GeoJSON.
pub async fn shapes(
    State(workbench): State<Arc<Workbench>>,
    body: Body<Drawing>,
) -> Result<Response, ApiError> {
    let drawing = read(body)?;
    answer(workbench, move |zoning| {
        let posed = zoning.pose(&drawing.request).map_err(ApiError::bad_request)?;
        let stated = posed.state(zoning).map_err(ApiError::bad_request)?;
        let plan = stated.drawn(&drawing.zones).map_err(|error| ApiError::bad_request(error.to_string()))?;
        let about = zoning.about(posed.laid.as_deref());
        let named = named(about, &over_municipalities(&stated, &plan)?);
        let layer = layers::zones(about.0, [&named].into_par_iter());
        let mut text = Vec::new();
        geojson::write(&layer, &mut text).map_err(|error| ApiError::internal(&error))?;
        Ok(([(header::CONTENT_TYPE, "application/geo+json")], text).into_response())
    })
    .await
}

/// The plan as one over municipalities, in which maps and figures are made.
fn over_municipalities(stated: &Stated, plan: &Plan) -> Result<Plan, ApiError> {
    let whole = stated.grouping.over_municipalities(plan);
    whole.ok_or_else(|| ApiError::bad_request("市町村を分ける案の図と数値は出せません"))
}

/// A plan over municipalities with names for its zones.
fn named((study, ground): (&Study, &Ground), plan: &Plan) -> NamedPlan {
    let facts = ground.facts(study);
    let municipal = facts.problem(&Grouping::municipalities(study));
    let question = Question { facts: &facts, municipal: &municipal, touching: &ground.map.touching };
    NamedPlan::drawn(&question, "drawn", "手直しした案", "Plan drawn by hand", plan)
}

/// Answers away from the threads that serve, with as many at a time as there are processors.
async fn answer(
    workbench: Arc<Workbench>,
    compute: impl FnOnce(&Zoning) -> Result<Response, ApiError> + Send + 'static,
) -> Result<Response, ApiError> {
    let permit = Arc::clone(&workbench.drawing).acquire_owned().await;
    let permit = permit.map_err(|error| ApiError::internal(&error))?;
    spawn_blocking(move || {
        let _permit = permit;
        let zoning = workbench.zoning().map_err(|error| ApiError::unavailable(&error))?;
        compute(&*zoning.ok_or_else(ApiError::planned_again)?)
    })
    .await
    .map_err(|error| ApiError::internal(&error))?
}
