//! `/files/{name}`: the study's published files to take away.

use crate::serve::error::ApiError;
use crate::serve::state::Workbench;
use axum::extract::{Path, Request, State};
use axum::http::header::{self, HeaderValue};
use axum::response::{IntoResponse, Response};
use std::io::ErrorKind;
use std::sync::Arc;
use tokio::task::spawn_blocking;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::services::ServeFile;

const GEOPACKAGE: &str = "application/geopackage+sqlite3";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const JSON: &str = "application/json";
const GEOJSON: &str = "application/geo+json";

/// Answers with the file, or with the part of it that was asked for. Nobody gets a file of another
/// planning than the one on the screen.
pub async fn file(
    State(workbench): State<Arc<Workbench>>,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response, ApiError> {
    let missing = || ApiError::not_found(format!("公開されたファイル {name:?} はありません"));
    let content_type = content_type(&name).ok_or_else(missing)?;
    let answer = ServeFile::new(workbench.folder.join(&name)).try_call(request).await;
    // Asked once the file is open: a study that is the same now was the same then.
    let current = spawn_blocking(move || workbench.is_current()).await;
    if !current.map_err(|error| ApiError::internal(&error))? {
        return Err(ApiError::planned_again());
    }
    let mut response = match answer {
        Ok(answer) => answer.into_response(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(missing()),
        Err(error) => return Err(ApiError::internal(&error)),
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    Ok(response)
}

/// The type of a published file; `None` for names that are never published. No name that passes
/// leads out of the study's folder.
fn content_type(name: &str) -> Option<&'static str> {
    match name {
        "summary.json" | "findings.json" => Some(JSON),
        "tables.xlsx" => Some(XLSX),
        "study.gpkg" => Some(GEOPACKAGE),
        _ => {
            let layer = name.strip_prefix("layers/")?.strip_suffix(".geojson")?;
            layer
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
                .then_some(GEOJSON)
        }
    }
}

/// What is worth compressing on its way: not what is compressed already or is large and local.
pub fn worth_compressing() -> impl Predicate {
    DefaultPredicate::new()
        .and(NotForContentType::const_new(XLSX))
        .and(NotForContentType::const_new(GEOPACKAGE))
}
