//! The connection: who asks, which way, and what a server's answer means for asking again.

use crate::fetch::address::Base;
use crate::fetch::{FetchError, Patience};
use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, Response, StatusCode, Url};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Redirects that are followed.
const MOST_REDIRECTS: usize = 10;
/// A server that wants a longer rest than this is left in peace until another day.
const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// Asks one question at a time.
pub(super) struct Client {
    http: reqwest::Client,
    base: Option<Base>,
    pub(super) patience: Patience,
    reached: Mutex<Reached>,
}

/// Whether anybody can be reached.
#[derive(Default)]
struct Reached {
    /// Somebody has answered.
    anybody: bool,
    /// Publishers to which no connection could be made.
    nobody_at: BTreeSet<String>,
}

/// Where nobody has answered yet, so many publishers in vain mean that there is no network.
const PUBLISHERS_IN_VAIN: usize = 2;

/// What to do after an answer that is no file.
pub(super) enum Trouble {
    /// Ask again, after the time that the server wants, if it says one.
    Again { why: String, wait: Option<Duration> },
    /// Asking again is no use.
    Final(FetchError),
}

impl Client {
    pub(super) fn new(base: Option<&Base>, patience: Patience) -> Result<Self, FetchError> {
        // Another part of the program may have chosen; then that one is used.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut headers = HeaderMap::new();
        // Lengths and ranges are those of the file itself.
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let http = reqwest::Client::builder()
            .user_agent(concat!(
                "keniki/",
                env!("CARGO_PKG_VERSION"),
                " (official open data for health planning)"
            ))
            .default_headers(headers)
            .connect_timeout(patience.silence)
            .pool_max_idle_per_host(1)
            .http1_only()
            .redirect(redirects(base.cloned()))
            .build()
            .map_err(|error| FetchError::Client(told(&error)))?;
        Ok(Self { http, base: base.cloned(), patience, reached: Mutex::default() })
    }

    /// A question for what a publisher has at an address.
    pub(super) fn get(&self, url: &Url) -> RequestBuilder {
        self.http.get(self.base.as_ref().map_or_else(|| url.clone(), |base| base.of(url)))
    }

    /// Asks, and sorts what is no file from what is.
    pub(super) async fn ask(
        &self,
        question: RequestBuilder,
        url: &Url,
        page: &str,
    ) -> Result<Response, Trouble> {
        let answer = tokio::time::timeout(self.patience.silence, question.send()).await;
        let answer = answer.map_err(|_| again("返事がありません"))?;
        let response = answer.map_err(|error| {
            if error.is_redirect() {
                let (address, page) = (url.to_string(), page.to_owned());
                Trouble::Final(FetchError::Redirected { address, page })
            } else if error.is_connect() && self.is_alone(url) {
                Trouble::Final(FetchError::NoNetwork { last: told(&error) })
            } else {
                again(&told(&error))
            }
        })?;
        self.reached.lock().unwrap_or_else(PoisonError::into_inner).anybody = true;
        let status = response.status();
        if status.is_success() || status == StatusCode::RANGE_NOT_SATISFIABLE {
            return Ok(response);
        }
        let asks_for_patience = [
            StatusCode::REQUEST_TIMEOUT,
            StatusCode::TOO_MANY_REQUESTS,
            StatusCode::INTERNAL_SERVER_ERROR,
            StatusCode::BAD_GATEWAY,
            StatusCode::SERVICE_UNAVAILABLE,
            StatusCode::GATEWAY_TIMEOUT,
        ];
        let why = format!("HTTP {}", status.as_u16());
        let (address, page) = (url.to_string(), page.to_owned());
        if !asks_for_patience.contains(&status) {
            return Err(Trouble::Final(FetchError::NotThere { address, status: status.as_u16(), page }));
        }
        match wait_of(response.headers()) {
            Some(wait) if wait > LONGEST_WAIT => Err(Trouble::Final(FetchError::GaveUp {
                address,
                tries: 1,
                last: format!("{why}、{} 秒待つように言われました", wait.as_secs()),
            })),
            wait => Err(Trouble::Again { why, wait }),
        }
    }
}

impl Client {
    /// Notes that no connection could be made; whether there is no network at all.
    fn is_alone(&self, url: &Url) -> bool {
        let mut reached = self.reached.lock().unwrap_or_else(PoisonError::into_inner);
        reached.nobody_at.insert(url.host_str().unwrap_or_default().to_owned());
        !reached.anybody && reached.nobody_at.len() >= PUBLISHERS_IN_VAIN
    }
}

/// Follows a few redirects, within the mirror where there is one.
fn redirects(base: Option<Base>) -> Policy {
    Policy::custom(move |attempt| {
        let is_elsewhere = base.as_ref().is_some_and(|base| !base.holds(attempt.url()));
        if attempt.previous().len() > MOST_REDIRECTS || is_elsewhere {
            attempt.error("redirected too often or out of the mirror")
        } else {
            attempt.follow()
        }
    })
}

pub(super) fn again(why: &str) -> Trouble {
    Trouble::Again { why: why.to_owned(), wait: None }
}

/// An error with its causes, since the first alone tells little.
pub(super) fn told(error: &reqwest::Error) -> String {
    let mut said = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(deeper) = cause {
        said = deeper.to_string();
        cause = deeper.source();
    }
    said
}

/// `Retry-After` in seconds, whether it tells seconds or a date (RFC 9110, 10.2.3).
fn wait_of(headers: &HeaderMap) -> Option<Duration> {
    let said = headers.get(RETRY_AFTER)?.to_str().ok()?;
    if let Ok(seconds) = said.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let when = chrono::DateTime::parse_from_rfc2822(said).ok()?;
    Some(when.signed_duration_since(chrono::Utc::now()).to_std().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(said: &str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, said.parse().expect("a header"));
        wait_of(&headers)
    }

    #[test]
    fn a_rest_is_told_in_seconds_or_by_a_date() {
        assert_eq!(after("120"), Some(Duration::from_mins(2)));
        assert_eq!(after("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::ZERO), "long past");
        let long = after("Fri, 31 Dec 2100 23:59:59 GMT").expect("a date");
        assert!(long > Duration::from_hours(24 * 365));
        assert_eq!(after("soon"), None);
    }
}
