//! What can go wrong, for the person who starts the server and for the browser.

use crate::store::geopackage::GeoPackageError;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why the server could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A file of the study is missing.
    #[error("{}: {source}; name a folder that `keniki plan` has written", .file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// What the file system says.
        source: io::Error,
    },
    /// A file of the study is not what this version writes.
    #[error("{}: {source}; plan the study again with this version of keniki", .file.display())]
    Content {
        /// The file.
        file: PathBuf,
        /// Line, column and what was expected there.
        source: serde_json::Error,
    },
    /// The study's GeoPackage cannot be read.
    #[error(transparent)]
    GeoPackage(#[from] GeoPackageError),
    /// Others could reach the address.
    #[error("{0}: other machines could reach this address; use 127.0.0.1, or allow it explicitly")]
    NotLoopback(SocketAddr),
    /// The address cannot be listened on.
    #[error("{address}: {source}; another program may use the port, name another one")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the network says.
        source: io::Error,
    },
    /// Ctrl-C cannot be listened for.
    #[error("cannot listen for Ctrl-C: {0}")]
    Signal(io::Error),
}

/// An answer that says what was wrong with the request, as JSON.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    message: String,
}

impl ApiError {
    /// The request cannot be understood.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, message: message.into() }
    }

    /// There is no such thing here.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self { status: StatusCode::NOT_FOUND, message: message.into() }
    }

    /// Not for this caller.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self { status: StatusCode::FORBIDDEN, message: message.into() }
    }

    /// Our own fault. The browser learns only that; the log has the reason.
    pub fn internal(reason: &dyn std::fmt::Display) -> Self {
        tracing::error!("{reason}");
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            message: "the server failed; its log says why".to_owned(),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "error": self.message }))).into_response()
    }
}

/// Everything here is only read.
pub async fn method_not_allowed() -> ApiError {
    ApiError { status: StatusCode::METHOD_NOT_ALLOWED, message: "use GET or HEAD".to_owned() }
}
