//! The workbench in the browser: a published study over HTTP, on this machine only.
//!
//! `/api/…` and `/files/…` hand out what the study's folder holds, `/tiles/…` draws its layers,
//! everything else is the web build that is embedded in the program.

mod api;
mod assets;
mod cache;
mod error;
mod files;
mod guard;
mod state;
mod tiles;

pub use error::ServeError;
pub use guard::Exposure;

use axum::routing::get;
use axum::{Router, middleware};
use state::Workbench;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tower_http::compression::CompressionLayer;
use tower_http::trace::TraceLayer;

/// Serves the study in `folder` at `address` until Ctrl-C or SIGTERM; requests under way are
/// answered first. `on_ready` is told the address as soon as it answers (with port 0, the port that
/// was found).
///
/// # Errors
/// [`ServeError`] when the folder holds no study that can be read, when the address may not or
/// cannot be used, or when the network fails.
pub async fn serve(
    folder: &Path,
    address: SocketAddr,
    exposure: Exposure,
    on_ready: impl FnOnce(SocketAddr),
) -> Result<(), ServeError> {
    if exposure == Exposure::Loopback && !address.ip().is_loopback() {
        return Err(ServeError::NotLoopback(address));
    }
    let workbench = Arc::new(Workbench::open(folder, exposure)?);
    let busy = |source| ServeError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(busy)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(ServeError::Signal)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(ServeError::Signal)?;
    let end = async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    };
    on_ready(listener.local_addr().map_err(busy)?);
    axum::serve(listener, router(workbench)).with_graceful_shutdown(end).await.map_err(busy)
}

fn router(workbench: Arc<Workbench>) -> Router {
    Router::new()
        .route("/api/summary", get(api::summary))
        .route("/api/findings", get(api::findings))
        .route("/tiles/{layer}/{z}/{x}/{y}", get(tiles::tile))
        .route("/files/{*name}", get(files::file))
        .fallback(assets::asset)
        .method_not_allowed_fallback(error::method_not_allowed)
        .layer(CompressionLayer::new().compress_when(files::worth_compressing()))
        .layer(middleware::from_fn_with_state(Arc::clone(&workbench), guard::guard))
        .layer(TraceLayer::new_for_http())
        .with_state(workbench)
}

#[cfg(test)]
mod tests;
