//! The web build (`web/dist`), embedded in the program.

use crate::serve::error::{ApiError, method_not_allowed};
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "web/dist"]
struct Web;

/// Shown at `/` by a program that was built without the screen.
const NOT_BUILT: &str = "<!doctype html><html lang=\"ja\"><meta charset=\"utf-8\"><title>圏域 keniki</title>\
<h1>圏域 keniki</h1><p>make demo で画面を組み立ててください。</p>\
<p>The screen is not built into this program: run <code>make demo</code>.</p></html>\n";

/// Answers with the file of the web build at the request's path; `/` is `index.html`.
pub async fn asset(method: Method, uri: Uri) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return method_not_allowed().await.into_response();
    }
    let name = match uri.path().trim_start_matches('/') {
        "" => "index.html",
        name => name,
    };
    match Web::get(name) {
        Some(file) => {
            let headers = [
                (header::CONTENT_TYPE, content_type(file.metadata.mimetype())),
                (header::CACHE_CONTROL, caching(name).to_owned()),
            ];
            (headers, file.data).into_response()
        }
        None if name == "index.html" => (StatusCode::SERVICE_UNAVAILABLE, Html(NOT_BUILT)).into_response(),
        None => ApiError::not_found(format!("{} には何もありません", uri.path())).into_response(),
    }
}

/// Our texts are in UTF-8.
fn content_type(mime: &str) -> String {
    if mime.starts_with("text/") { format!("{mime}; charset=utf-8") } else { mime.to_owned() }
}

/// Files below `assets/` have a hash of their content in their name.
fn caching(name: &str) -> &'static str {
    if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" }
}
