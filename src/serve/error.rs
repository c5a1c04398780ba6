//! What can go wrong, for the person who starts the server and for the browser.

use crate::access::AccessError;
use crate::assess::shortages::ShortageError;
use crate::demand::DemandError;
use crate::network::NetworkError;
use crate::publish::planned::PlannedError;
use crate::store::geopackage::GeoPackageError;
use crate::zoning::rules::RulesError;
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
    #[error(
        "{}: 読めません（{cause}）。keniki plan study.toml --out フォルダー で計画したフォルダーを指定してください",
        .file.display()
    )]
    Read {
        /// The file.
        file: PathBuf,
        /// What the file system says.
        cause: io::Error,
    },
    /// A file of the study is not what this version writes.
    #[error(
        "{}: この版の keniki が書いたものではありません（{cause}）。keniki plan で計画し直してください",
        .file.display()
    )]
    Content {
        /// The file.
        file: PathBuf,
        /// Line, column and what was expected there.
        cause: serde_json::Error,
    },
    /// The study's GeoPackage cannot be read.
    #[error(transparent)]
    GeoPackage(#[from] GeoPackageError),
    /// The network cannot be read back from the study.
    #[error(transparent)]
    Planned(#[from] PlannedError),
    /// A table of the program is damaged.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// A table of the program is damaged.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The rule table of the program is damaged.
    #[error(transparent)]
    Rules(#[from] RulesError),
    /// The demand cannot be computed anew.
    #[error(transparent)]
    Demand(#[from] DemandError),
    /// Travel times of the study end before the limit of the rules.
    #[error(transparent)]
    Shortage(#[from] ShortageError),
    /// The address cannot be listened on.
    #[error(
        "{address}: 待ち受けできません（{cause}）。\
         ほかのプログラムが使っている場合は --port に別の番号を指定してください"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the network says.
        cause: io::Error,
    },
    /// Ctrl-C cannot be listened for.
    #[error("Ctrl-C による終了を受け取れません（{0}）。もう一度起動してください")]
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

    /// Too much is waiting.
    pub fn busy(message: impl Into<String>) -> Self {
        Self { status: StatusCode::TOO_MANY_REQUESTS, message: message.into() }
    }

    /// There is no such thing here.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self { status: StatusCode::NOT_FOUND, message: message.into() }
    }

    /// Not for this caller.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self { status: StatusCode::FORBIDDEN, message: message.into() }
    }

    /// The study in the folder is not the one that is shown.
    pub fn planned_again() -> Self {
        Self {
            status: StatusCode::CONFLICT,
            message: "計画し直されました。画面を再読み込みしてください".to_owned(),
        }
    }

    /// The study in the folder cannot be read any more. The message names its files: whoever asks
    /// sits at this machine.
    pub fn unavailable(reason: &ServeError) -> Self {
        tracing::error!("{reason}");
        Self { status: StatusCode::SERVICE_UNAVAILABLE, message: reason.to_string() }
    }

    /// The study lacks what the answer needs.
    pub fn unanswerable(reason: &dyn std::fmt::Display) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, message: reason.to_string() }
    }

    /// Our own fault. The browser learns only that; the log has the reason.
    pub fn internal(reason: &dyn std::fmt::Display) -> Self {
        tracing::error!("{reason}");
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            message: "サーバーの内部で失敗しました。keniki を起動した画面の記録を確認してください".to_owned(),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "error": self.message }))).into_response()
    }
}

/// Most addresses are only read.
pub async fn method_not_allowed() -> ApiError {
    ApiError {
        status: StatusCode::METHOD_NOT_ALLOWED,
        message: "このアドレスは、その方法（メソッド）を受け付けません".to_owned(),
    }
}
