//! `/api/…`: the study's figures as JSON.

use crate::publish::quality;
use crate::publish::summary::{Findings, Summary};
use crate::serve::ahead;
use crate::serve::error::ApiError;
use crate::serve::state::Workbench;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use std::sync::Arc;
use tokio::task::spawn_blocking;

const JSON: [(header::HeaderName, &str); 1] = [(header::CONTENT_TYPE, "application/json")];

/// `summary.json`. A page asks for it first: a study that was planned again is read anew for it,
/// so that everything the page asks for afterwards is of the same planning.
pub async fn summary(State(workbench): State<Arc<Workbench>>) -> Result<impl IntoResponse, ApiError> {
    let (shown, reader) = (workbench.study(), Arc::clone(&workbench));
    let study = spawn_blocking(move || reader.refresh())
        .await
        .map_err(|error| ApiError::internal(&error))?
        .map_err(|error| ApiError::unavailable(&error))?;
    if !Arc::ptr_eq(&shown, &study) {
        ahead::begin(workbench);
    }
    Ok((JSON, study.summary.clone()))
}

/// `findings.json` of the study that is shown.
pub async fn findings(State(workbench): State<Arc<Workbench>>) -> impl IntoResponse {
    (JSON, workbench.study().findings.clone())
}

/// What was looked for in the data of the study that is shown, and what was found.
pub async fn quality(State(workbench): State<Arc<Workbench>>) -> Result<impl IntoResponse, ApiError> {
    let study = workbench.study();
    // Both were read as such when the study was opened.
    let summary: Summary =
        serde_json::from_slice(&study.summary).map_err(|error| ApiError::internal(&error))?;
    let findings: Findings =
        serde_json::from_slice(&study.findings).map_err(|error| ApiError::internal(&error))?;
    Ok(Json(quality::quality(&summary.study.inputs, &findings.findings)))
}
