//! A table that a planner gives beside the study: a file, or a text that was sent.

use crate::ingest::IngestError;
use crate::ingest::text::Source;
use std::path::Path;

/// Where a table comes from.
#[derive(Clone, Copy, Debug)]
pub enum Given<'a> {
    /// A file.
    File(&'a Path),
    /// A text with a name for messages.
    Text {
        /// The name.
        name: &'a str,
        /// The text, CSV.
        text: &'a str,
    },
}

impl Given<'_> {
    pub(super) fn source(self) -> Result<Source, IngestError> {
        match self {
            Self::File(file) => Source::open(&file.display().to_string(), file),
            Self::Text { name, text } => Ok(Source::of_bytes(name, text.as_bytes())),
        }
    }
}
