//! The workbench in the browser: a published study over HTTP, on this machine only.
//!
//! `/api/…` and `/files/…` hand out what the study's folder holds, `/tiles/…` draws its layers,
//! everything else is the web build that is embedded in the program.

mod ahead;
mod api;
mod assets;
mod cache;
mod demand;
mod error;
mod files;
mod guard;
mod jobs;
mod journeys;
mod plans;
mod proposals;
mod question;
mod ready;
mod shortage;
mod shutdown;
mod state;
mod tiles;
mod travel;
mod week;
mod zoning;

pub use error::ServeError;

use axum::routing::{get, post};
use axum::{Router, middleware};
use shutdown::{Signals, serve_until};
use state::Workbench;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;
use tower_http::compression::CompressionLayer;
use tower_http::trace::TraceLayer;

/// Serves the study in `folder` on this machine until Ctrl-C or SIGTERM; requests under way are
/// answered first, unless they take too long or a second signal comes. `on_ready` is told the
/// address as soon as it answers (with port 0, the port that was found).
///
/// # Errors
/// [`ServeError`] when the folder holds no study that can be read, when the port cannot be used,
/// or when the network fails.
pub async fn serve(folder: &Path, port: u16, on_ready: impl FnOnce(SocketAddr)) -> Result<(), ServeError> {
    let workbench = Arc::new(Workbench::open(folder)?);
    // There are no accounts: whoever reaches the address sees the study, so only this machine may.
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let busy = |cause| ServeError::Listen { address, cause };
    let listener = TcpListener::bind(address).await.map_err(busy)?;
    let mut signals = Signals::listen().map_err(ServeError::Signal)?;
    on_ready(listener.local_addr().map_err(busy)?);
    ahead::begin(Arc::clone(&workbench));
    serve_until(listener, router(workbench), async || signals.next().await).await.map_err(busy)
}

fn router(workbench: Arc<Workbench>) -> Router {
    Router::new()
        .route("/api/summary", get(api::summary))
        .route("/api/findings", get(api::findings))
        .route("/api/quality", get(api::quality))
        .route("/api/isochrone", get(journeys::isochrone))
        .route("/api/reach", get(journeys::reach))
        .route("/api/matrix", get(journeys::matrix))
        .route("/api/rules", get(proposals::rules))
        .route("/api/proposals", post(proposals::propose))
        .route("/api/proposals/{id}", get(proposals::state).delete(proposals::stop))
        .route("/api/proposals/{id}/events", get(proposals::events))
        .route("/api/plans/check", post(plans::check))
        .route("/api/plans/shapes", post(plans::shapes))
        .route("/api/plans/repair", post(proposals::repair))
        .route("/api/shortage", get(shortage::list))
        .route("/api/shortage/cells", get(shortage::cells))
        .route("/api/week", get(week::week))
        .route("/api/week/cells", get(week::cells))
        .route("/api/week/rota", get(week::rota))
        .route("/api/demand", get(demand::demand))
        .route("/api/demand/cells", get(demand::cells))
        .route("/api/siting", get(shortage::siting))
        .route("/api/what-if", get(shortage::what_if))
        .route("/tiles/{layer}/{z}/{x}/{y}", get(tiles::tile))
        .route("/files/{*name}", get(files::file))
        .fallback(assets::asset)
        .method_not_allowed_fallback(error::method_not_allowed)
        .layer(CompressionLayer::new().compress_when(files::worth_compressing()))
        .layer(middleware::from_fn(guard::guard))
        .layer(TraceLayer::new_for_http())
        .with_state(workbench)
}

#[cfg(test)]
mod tests;
