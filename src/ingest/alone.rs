//! One file read for itself, the way a study reads it.

use crate::ingest::IngestError;
use crate::ingest::assemble::parse;
use crate::ingest::ledger::{Account, Ledger};
use crate::ingest::manifest::{InputEntry, InputKind};
use crate::ingest::recognise::{Recognised, recognise};
use crate::ingest::study::AreaSystem;
use crate::ingest::text::Source;
use std::path::Path;

/// Reads a file as an input of a kind, for a prefecture of two digits; what became of its rows. `system` is
/// that of a table of areas. Roads have no rows here; the network reads them.
///
/// # Errors
/// [`IngestError`] where the file cannot be used as that kind.
pub fn read_file(
    kind: InputKind,
    system: Option<AreaSystem>,
    path: &Path,
    prefecture: &str,
) -> Result<Account, IngestError> {
    read(kind, system, &Source::open(&path.display().to_string(), path)?, prefecture)
}

/// The same of bytes that never were a file; what they are recognised as is left to the caller.
///
/// # Errors
/// As [`read_file`].
pub fn read_bytes(
    kind: InputKind,
    system: Option<AreaSystem>,
    file: &str,
    bytes: &[u8],
    prefecture: &str,
) -> Result<Account, IngestError> {
    read(kind, system, &Source::of_bytes(file, bytes), prefecture)
}

/// The kind that bytes are taken for; `None` = nothing that a study is made from.
///
/// # Errors
/// Bytes that cannot be read as what they begin as.
pub fn kind_of(file: &str, bytes: &[u8]) -> Result<Option<InputKind>, IngestError> {
    Ok(match recognise(&Source::of_bytes(file, bytes))? {
        Some(Recognised::Kind(kind, _)) => Some(kind),
        _ => None,
    })
}

fn read(
    kind: InputKind,
    system: Option<AreaSystem>,
    source: &Source,
    prefecture: &str,
) -> Result<Account, IngestError> {
    let entry = InputEntry { system, ..InputEntry::of(kind, &source.file) };
    let mut ledger = Ledger::new(&source.file);
    parse(&entry, source, prefecture, &mut ledger)?;
    Ok(ledger.account(&source.sha256()?))
}
