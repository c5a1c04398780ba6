//! `/api/proposals`: the best zones under chosen rules, and the repair of a drawn plan, as jobs.

use crate::assess::overlay::Overlay;
use crate::assess::proposals::Request;
use crate::serve::error::ApiError;
use crate::serve::jobs::{Ear, Job, Stage, State as JobState};
use crate::serve::plans::Drawing;
use crate::serve::state::Workbench;
use crate::serve::zoning::Zoning;
use crate::zoning::asked::AskedRule;
use crate::zoning::rules::Rules;
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{Stream, unfold};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;

/// Most plans of each kind that one request may ask for.
const MOST_BEST: usize = 100;
const MOST_ENSEMBLE: usize = 20_000;

/// Most steps and nodes of one request.
const MOST_EFFORT: u64 = 10_000_000;

/// Most bytes of a table of the planner's own.
const MOST_TABLE: u64 = 512 << 10;

/// Between two events of one listener.
const PAUSE: Duration = Duration::from_millis(150);

/// A body as JSON, with faults told like all others.
pub(super) type Body<T> = Result<Json<T>, JsonRejection>;

pub(super) fn read<T>(body: Body<T>) -> Result<T, ApiError> {
    let said = |fault: JsonRejection| {
        ApiError::bad_request(format!("依頼を JSON として読めません（{}）", fault.body_text()))
    };
    body.map(|Json(read)| read).map_err(said)
}

/// What may be asked.
#[derive(Serialize)]
struct Choices {
    version: String,
    rules: Vec<AskedRule>,
    overlays: Vec<Overlay>,
    defaults: Request,
}

/// The rules of the dated table, and the request that asks for nothing in particular.
pub async fn rules() -> Result<Response, ApiError> {
    let rules = Rules::shipped().map_err(|error| ApiError::internal(&error))?;
    let overlays = Overlay::shipped().map_err(|error| ApiError::internal(&error))?;
    let (version, rules) = (rules.version, rules.zoning);
    let choices = Choices { version, rules, overlays, defaults: Request::default() };
    Ok(Json(choices).into_response())
}

/// A new job, or the one that answers the same request already.
pub async fn propose(
    State(workbench): State<Arc<Workbench>>,
    body: Body<Request>,
) -> Result<Response, ApiError> {
    let request = read(body)?;
    in_range(&request)?;
    submit(&workbench, "proposal", &request.clone(), move |zoning, job| {
        let posed = zoning.pose(&request)?;
        let stated = posed.state(zoning)?;
        let mut answer = stated.answer(&request, &Ear::new(job)).map_err(|error| error.to_string())?;
        answer.units = posed.own.as_ref().map(|own| own.told.clone());
        if let Some(laid) = &posed.laid {
            laid.sign(&mut answer);
        }
        Ok(json!(answer))
    })
}

/// A job that mends a drawn plan.
pub async fn repair(
    State(workbench): State<Arc<Workbench>>,
    body: Body<Drawing>,
) -> Result<Response, ApiError> {
    let drawing = read(body)?;
    in_range(&drawing.request)?;
    submit(&workbench, "repair", &drawing.clone(), move |zoning, job| {
        let posed = zoning.pose(&drawing.request)?;
        let stated = posed.state(zoning)?;
        let broken = stated.drawn(&drawing.zones).map_err(|error| error.to_string())?;
        let repaired = stated.repair(&broken, drawing.request.node_limit, &Ear::new(job));
        Ok(json!(repaired.map_err(|error| error.to_string())?))
    })
}

fn in_range(request: &Request) -> Result<(), ApiError> {
    let asked = [
        ("best", request.best as u64, MOST_BEST as u64),
        ("ensemble", request.ensemble as u64, MOST_ENSEMBLE as u64),
        ("front_plans", request.front_plans as u64, MOST_BEST as u64),
        ("steps", request.steps, MOST_EFFORT),
        ("node_limit", request.node_limit, MOST_EFFORT),
    ];
    let tables = [("unit_table", &request.unit_table), ("neighbour_table", &request.neighbour_table)];
    let sizes = tables.map(|(name, text)| (name, text.as_ref().map_or(0, String::len) as u64, MOST_TABLE));
    match asked.into_iter().chain(sizes).find(|(_, said, most)| said > most) {
        None => Ok(()),
        Some((name, said, most)) => {
            Err(ApiError::bad_request(format!("{name}={said}: {most} 以下にしてください")))
        }
    }
}

/// The id of a job: the same for the same request to the same study.
fn id(workbench: &Workbench, kind: &str, request: &impl Serialize) -> Result<String, ApiError> {
    let text = serde_json::to_vec(request).map_err(|error| ApiError::internal(&error))?;
    let mut digest = Sha256::new();
    digest.update(Sha256::digest(&workbench.study().summary));
    digest.update(kind);
    digest.update(text);
    Ok(format!("{:x}", digest.finalize())[..16].to_owned())
}

fn submit(
    workbench: &Arc<Workbench>,
    kind: &str,
    request: &impl Serialize,
    work: impl FnOnce(&Zoning, &Job) -> Result<Value, String> + Send + 'static,
) -> Result<Response, ApiError> {
    let id = id(workbench, kind, request)?;
    let shared = Arc::clone(workbench);
    let job = workbench.jobs.submit(id, move |job| {
        let zoning = shared.zoning().map_err(|error| error.to_string())?;
        let zoning = zoning.ok_or("計画し直されました。画面を再読み込みしてください")?;
        work(&zoning, job)
    });
    let job = job.ok_or_else(|| {
        ApiError::busy(
            "順番を待つ計算がいっぱいです。前の計算が終わるか、停止してから、もう一度押してください",
        )
    })?;
    Ok((StatusCode::ACCEPTED, Json(told(&job.state()))).into_response())
}

/// A state with its answer.
fn told(state: &JobState) -> Value {
    let mut value = json!(state);
    value["answer"] = state.answer.as_deref().cloned().unwrap_or_default();
    value
}

fn find(workbench: &Workbench, id: &str) -> Result<Arc<Job>, ApiError> {
    let missing = || ApiError::not_found("この計算は残っていません。もう一度計算してください");
    workbench.jobs.get(id).ok_or_else(missing)
}

/// How far a job is, with its answer.
pub async fn state(
    State(workbench): State<Arc<Workbench>>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    Ok(Json(told(&find(&workbench, &id)?.state())))
}

/// Ends a job with what it has.
pub async fn stop(
    State(workbench): State<Arc<Workbench>>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let job = find(&workbench, &id)?;
    job.stop();
    Ok(Json(told(&job.state())))
}

/// How far a job is, again and again until it is over.
pub async fn events(
    State(workbench): State<Arc<Workbench>>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, ApiError> {
    let job = find(&workbench, &id)?;
    Ok(Sse::new(stream(job.listen())).keep_alive(KeepAlive::default()))
}

fn stream(states: watch::Receiver<JobState>) -> impl Stream<Item = Result<Event, Infallible>> {
    // The first state is told at once.
    unfold((states, true, false), async |(mut states, is_first, is_over)| {
        if is_over || (!is_first && states.changed().await.is_err()) {
            return None;
        }
        let state = states.borrow_and_update().clone();
        let is_over = !matches!(state.stage, Stage::Waiting | Stage::Running);
        let event = Event::default().data(json!(state).to_string());
        if !is_over && !is_first {
            sleep(PAUSE).await;
        }
        Some((Ok(event), (states, false, is_over)))
    })
}
