//! Who may ask, and what the browser may do with the answer.

use crate::serve::error::ApiError;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::IpAddr;

/// Headers of every answer. The page gets everything from this server alone and may not be put
/// into another page; MapLibre draws in a worker and makes images from blobs.
const HEADERS: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; \
         child-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Refuses requests that name a foreign host: a page of another site whose name was made to point
/// here (DNS rebinding) could otherwise read the study. And those that another page sends: it could
/// otherwise keep this machine busy.
pub async fn guard(request: Request, next: Next) -> Response {
    let mut response = if is_from_here(request.headers()) {
        next.run(request).await
    } else {
        ApiError::forbidden("keniki serve が表示したアドレスを開いてください").into_response()
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    // The next study at this address is another one.
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Whether the request can only have been meant for this server, and was not sent by a foreign page. A
/// browser names the page that asks for anything but reading; a program names none.
fn is_from_here(headers: &HeaderMap) -> bool {
    let said = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let Some(host) = said(header::HOST) else { return false };
    let origin = said(header::ORIGIN);
    is_ours(host) && origin.is_none_or(|origin| origin.strip_prefix("http://") == Some(host))
}

/// Whether a `Host` header can only mean this server. Addresses cannot be made to point elsewhere,
/// names can: of names only `localhost` is ours.
fn is_ours(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    if authority.as_str().contains('@') {
        return false;
    }
    let name = authority.host();
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_of_another_site_sends_is_refused() {
        let headers = |origin: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("127.0.0.1:8080"));
            headers.extend(origin.map(|origin| (header::ORIGIN, HeaderValue::from_static(origin))));
            headers
        };
        assert!(is_from_here(&headers(None)));
        assert!(is_from_here(&headers(Some("http://127.0.0.1:8080"))));
        for origin in ["null", "http://elsewhere.example", "http://127.0.0.1:9090", "https://127.0.0.1:8080"]
        {
            assert!(!is_from_here(&headers(Some(origin))), "{origin}");
        }
        assert!(!is_from_here(&HeaderMap::new()));
    }

    #[test]
    fn this_machine_is_ours_and_everything_else_is_not() {
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1:8080", "127.0.0.1", "[::1]:8080", "[::1]"] {
            assert!(is_ours(host), "{host}");
        }
        for host in [
            "",
            "rebound.example.com:8080",
            "localhost.example.com",
            "127.0.0.1.example.com:8080",
            "192.168.1.5:8080",
            "user@127.0.0.1",
            "0.0.0.0:8080",
            "evil localhost",
        ] {
            assert!(!is_ours(host), "{host}");
        }
    }
}
