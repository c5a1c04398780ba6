//! `/tiles/{layer}/{z}/{x}/{y}`: vector tiles of the study's layers.

use crate::publish::mvt::Tile;
use crate::serve::error::ApiError;
use crate::serve::state::Workbench;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::{Arc, PoisonError};

/// The zoom from which a road of an OpenStreetMap class is drawn; links with their roads.
pub fn first_zoom(class: &str) -> u8 {
    match class.strip_suffix("_link").unwrap_or(class) {
        "motorway" | "trunk" => 5,
        "primary" | "ferry" => 8,
        "secondary" => 9,
        "tertiary" => 10,
        "unclassified" => 12,
        _ => 13,
    }
}

/// Answers with the tile, or 204 when nothing is to be seen in it.
pub async fn tile(
    State(workbench): State<Arc<Workbench>>,
    Path((layer, z, x, y)): Path<(String, String, String, String)>,
) -> Result<Response, ApiError> {
    let tile =
        parse(&z, &x, &y).ok_or_else(|| ApiError::bad_request(format!("タイル {z}/{x}/{y} はありません")))?;
    let study = workbench.study();
    let source = study
        .layers
        .get(&layer)
        .cloned()
        .ok_or_else(|| ApiError::not_found(format!("図形のあるレイヤー {layer:?} はありません")))?;
    let key = (layer, tile);
    let kept = study.cache.lock().unwrap_or_else(PoisonError::into_inner).get(&key);
    if let Some(tile) = kept {
        return Ok(answer(tile));
    }
    let permit =
        Arc::clone(&workbench.drawing).acquire_owned().await.map_err(|error| ApiError::internal(&error))?;
    let drawn = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        source.tile(tile)
    })
    .await
    .map_err(|error| ApiError::internal(&error))?
    .map_err(|error| ApiError::internal(&error))?;
    let bytes = Bytes::from(drawn.unwrap_or_default());
    study.cache.lock().unwrap_or_else(PoisonError::into_inner).put(key, bytes.clone());
    Ok(answer(bytes))
}

fn parse(z: &str, x: &str, y: &str) -> Option<Tile> {
    Tile::new(z.parse().ok()?, x.parse().ok()?, y.parse().ok()?)
}

fn answer(tile: Bytes) -> Response {
    if tile.is_empty() {
        return StatusCode::NO_CONTENT.into_response();
    }
    ([(header::CONTENT_TYPE, "application/vnd.mapbox-vector-tile")], tile).into_response()
}
