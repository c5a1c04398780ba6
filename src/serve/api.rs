//! `/api/…`: the study's figures as JSON.

use crate::serve::error::ApiError;
use crate::serve::state::Workbench;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use std::sync::Arc;
use tokio::task::spawn_blocking;

const JSON: [(header::HeaderName, &str); 1] = [(header::CONTENT_TYPE, "application/json")];

/// `summary.json`. A page asks for it first: a study that was planned again is read anew for it,
/// so that everything the page asks for afterwards is of the same planning.
pub async fn summary(State(workbench): State<Arc<Workbench>>) -> Result<impl IntoResponse, ApiError> {
    let study = spawn_blocking(move || workbench.refresh())
        .await
        .map_err(|error| ApiError::internal(&error))?
        .map_err(|error| ApiError::unavailable(&error))?;
    Ok((JSON, study.summary.clone()))
}

/// `findings.json` of the study that is shown.
pub async fn findings(State(workbench): State<Arc<Workbench>>) -> impl IntoResponse {
    (JSON, workbench.study().findings.clone())
}
