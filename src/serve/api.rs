//! `/api/…`: the study's figures as JSON.

use crate::serve::state::Workbench;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use std::sync::Arc;

const JSON: [(header::HeaderName, &str); 1] = [(header::CONTENT_TYPE, "application/json")];

/// `summary.json`.
pub async fn summary(State(workbench): State<Arc<Workbench>>) -> impl IntoResponse {
    (JSON, workbench.summary.clone())
}

/// `findings.json`.
pub async fn findings(State(workbench): State<Arc<Workbench>>) -> impl IntoResponse {
    (JSON, workbench.findings.clone())
}
