//! One file over a connection that may break: continued where it stopped, as long as it is the same.

use crate::fetch::client::{Client, Trouble, again, told};
use crate::fetch::{FetchError, folder_error};
use crate::progress::{Progress, Step};
use reqwest::header::{CONTENT_RANGE, ETAG, HeaderMap, IF_RANGE, LAST_MODIFIED, RANGE};
use reqwest::{Response, StatusCode, Url};
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// No file is larger than this.
pub(super) const MOST_BYTES: u64 = 4 << 30;
/// No page is.
pub(super) const MOST_PAGE_BYTES: u64 = 8 << 20;
/// A connection that brings less than this in a second is as good as dead.
const LEAST_BYTES_PER_SECOND: f64 = 256.0;
/// Times that a file is asked for in all, whatever comes.
const MOST_REQUESTS: u32 = 50;

/// A file to be fetched.
pub(super) struct Download<'a> {
    pub(super) client: &'a Client,
    pub(super) url: &'a Url,
    /// Page on which a person finds it.
    pub(super) page: &'a str,
    /// Longer files are refused.
    pub(super) most_bytes: u64,
    pub(super) progress: &'a dyn Progress,
}

/// What is known of a file that is there whole.
pub(super) struct Done {
    pub(super) bytes: u64,
    pub(super) last_modified: Option<String>,
    /// Bytes that an earlier run had brought.
    pub(super) continued_from: u64,
}

/// What is known of a file of which a part is there; it lies beside the part.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    address: String,
    /// What tells this edition of the file from another: a strong `ETag`, else `Last-Modified`.
    validator: Option<String>,
    last_modified: Option<String>,
}

impl Download<'_> {
    /// Fetches the file into `part`, which is whole when this has succeeded. What an earlier run has
    /// left there is continued.
    pub(super) async fn fetch_into(&self, part: &Path, label: &str) -> Result<Done, FetchError> {
        let patience = self.client.patience;
        let mut in_vain = 0;
        let continued_from = self.resumable(part).map_or(0, |(bytes, _)| bytes);
        for _ in 0..MOST_REQUESTS {
            let before = length(part);
            let (why, asked_wait) = match self.attempt(part, label).await {
                Ok(mut done) => {
                    done.continued_from = continued_from.min(done.continued_from);
                    return Ok(done);
                }
                Err(Trouble::Final(error)) => return Err(error),
                Err(Trouble::Again { why, wait }) => (why, wait),
            };
            in_vain = if length(part) > before { 1 } else { in_vain + 1 };
            tracing::debug!(url = %self.url, %why, in_vain, "asking again");
            if in_vain >= patience.tries {
                return Err(self.gave_up(in_vain, why));
            }
            let wait = patience.first_wait.saturating_mul(1 << (in_vain - 1).min(10));
            tokio::time::sleep(asked_wait.unwrap_or(wait)).await;
        }
        Err(self.gave_up(MOST_REQUESTS, "途中で何度も切れます".to_owned()))
    }

    fn gave_up(&self, tries: u32, last: String) -> FetchError {
        FetchError::GaveUp { address: self.url.to_string(), tries, last }
    }

    /// Length and note of a part that can be continued.
    fn resumable(&self, part: &Path) -> Option<(u64, Note)> {
        let text = std::fs::read_to_string(note_path(part)).ok()?;
        let note: Note = toml::from_str(&text).ok()?;
        let bytes = length(part);
        (bytes > 0 && note.address == self.url.as_str() && note.validator.is_some()).then_some((bytes, note))
    }

    /// Asks once for what is missing, and writes what comes.
    async fn attempt(&self, part: &Path, label: &str) -> Result<Done, Trouble> {
        let mut question = self.client.get(self.url);
        let resumed = self.resumable(part);
        if let Some((bytes, note)) = &resumed {
            question = question
                .header(RANGE, format!("bytes={bytes}-"))
                .header(IF_RANGE, note.validator.as_deref().unwrap_or_default());
        }
        let response = self.client.ask(question, self.url, self.page).await?;
        let note = self.note(response.headers());
        let begun = match (response.status(), resumed) {
            (StatusCode::PARTIAL_CONTENT, Some((bytes, known))) => {
                let is_same = note.validator == known.validator;
                if !is_same || content_range(response.headers()).map(|range| range.0) != Some(bytes) {
                    forget(part);
                    return Err(again("続きではないものが返りました"));
                }
                bytes
            }
            (StatusCode::RANGE_NOT_SATISFIABLE | StatusCode::PARTIAL_CONTENT, _) => {
                forget(part);
                return Err(again("続きを受け取れません"));
            }
            _ => 0,
        };
        self.receive(response, note, begun, part, label).await
    }

    fn note(&self, headers: &HeaderMap) -> Note {
        let of = |name| headers.get(name).and_then(|said| said.to_str().ok()).map(str::to_owned);
        let last_modified = of(LAST_MODIFIED);
        // A weak tag does not promise the same bytes (RFC 9110, 13.1.5).
        let validator = of(ETAG).filter(|tag| !tag.starts_with("W/")).or_else(|| last_modified.clone());
        Note { address: self.url.to_string(), validator, last_modified }
    }

    /// Writes the body from byte `begun` on.
    async fn receive(
        &self,
        mut response: Response,
        note: Note,
        begun: u64,
        part: &Path,
        label: &str,
    ) -> Result<Done, Trouble> {
        let failed = |error: std::io::Error| Trouble::Final(folder_error(part, &error));
        let total = match content_range(response.headers()) {
            Some((_, total)) if begun > 0 => total,
            _ => response.content_length().map(|bytes| bytes + begun),
        };
        self.within_limit(total.unwrap_or_default())?;
        let mut file = open(part, begun).map_err(failed)?;
        let text = toml::to_string(&note).map_err(|error| failed(std::io::Error::other(error)))?;
        std::fs::write(note_path(part), text).map_err(failed)?;
        let step = self.progress.step(label, total.unwrap_or_default());
        step.advance(begun);
        let mut bytes = begun;
        let ended = self.body(&mut response, &mut file, &mut bytes, step.as_ref()).await;
        file.sync_all().map_err(failed)?;
        ended?;
        match total {
            Some(total) if total != bytes => {
                Err(again(&format!("{total} バイトのうち {bytes} バイトで切れました")))
            }
            _ => Ok(Done { bytes, last_modified: note.last_modified, continued_from: begun }),
        }
    }

    async fn body(
        &self,
        response: &mut Response,
        file: &mut File,
        bytes: &mut u64,
        step: &dyn Step,
    ) -> Result<(), Trouble> {
        let silence = self.client.patience.silence;
        let mut window = tokio::time::Instant::now();
        let mut in_window = 0;
        loop {
            let piece = tokio::time::timeout(silence, response.chunk()).await;
            let piece = piece.map_err(|_| again("途中で止まりました"))?;
            let Some(piece) = piece.map_err(|error| again(&told(&error)))? else { return Ok(()) };
            file.write_all(&piece).map_err(|error| {
                Trouble::Final(FetchError::Folder { file: self.url.to_string(), reason: error.to_string() })
            })?;
            *bytes += piece.len() as u64;
            in_window += piece.len();
            step.advance(piece.len() as u64);
            self.within_limit(*bytes)?;
            if window.elapsed() >= silence {
                if is_too_slow(in_window, window.elapsed()) {
                    return Err(again("遅すぎます"));
                }
                (window, in_window) = (tokio::time::Instant::now(), 0);
            }
        }
    }

    fn within_limit(&self, bytes: u64) -> Result<(), Trouble> {
        if bytes <= self.most_bytes {
            return Ok(());
        }
        let (address, page) = (self.url.to_string(), self.page.to_owned());
        Err(Trouble::Final(FetchError::TooLarge { address, bytes, most: self.most_bytes, page }))
    }
}

fn is_too_slow(bytes: usize, time: Duration) -> bool {
    (bytes as f64) < LEAST_BYTES_PER_SECOND * time.as_secs_f64()
}

fn open(part: &Path, begun: u64) -> std::io::Result<File> {
    if begun > 0 { OpenOptions::new().append(true).open(part) } else { File::create(part) }
}

/// First byte and whole length of `Content-Range: bytes 100-199/200`.
fn content_range(headers: &HeaderMap) -> Option<(u64, Option<u64>)> {
    let said = headers.get(CONTENT_RANGE)?.to_str().ok()?;
    let (range, total) = said.strip_prefix("bytes ")?.split_once('/')?;
    Some((range.split_once('-')?.0.parse().ok()?, total.parse().ok()))
}

fn length(path: &Path) -> u64 {
    path.metadata().map_or(0, |data| data.len())
}

fn note_path(part: &Path) -> PathBuf {
    let mut name = part.as_os_str().to_owned();
    name.push(".toml");
    name.into()
}

/// Removes a part and its note; what is not there is no matter.
pub(super) fn forget(part: &Path) {
    for path in [part.to_owned(), note_path(part)] {
        let _ = std::fs::remove_file(path);
    }
}

/// SHA-256 of a file, in hexadecimal.
pub(super) fn sha256(path: &Path) -> Result<String, FetchError> {
    Ok(crate::ingest::text::sha256_of(&path.display().to_string(), path)?)
}
