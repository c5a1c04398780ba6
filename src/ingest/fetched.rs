//! The record `fetched.toml` that `keniki fetch` leaves beside the files: where each came from, of which
//! date and under which licence. `keniki import` takes dates and attributions from it.

use crate::ingest::IngestError;
use crate::ingest::manifest::line_of;
use crate::ingest::text::{Source, decode, place};
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Name of the record in the folder of the files.
pub const RECORD: &str = "fetched.toml";

/// Every file that was fetched into a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FetchRecord {
    /// In the order in which they were first fetched.
    #[serde(rename = "file", default)]
    pub files: Vec<FetchedFile>,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FetchedFile {
    /// Name in the folder.
    pub path: String,
    /// Id of its source in the table of sources.
    pub source: String,
    /// Where it was fetched from.
    pub address: String,
    /// Page on which a person finds it.
    pub page: String,
    /// Day on which it was fetched (UTC).
    pub fetched_on: String,
    /// State of the data, where the source tells it (`2025-06-01`, `2020`).
    pub date: Option<String>,
    /// When the publisher last changed the file, as its server says.
    pub last_modified: Option<String>,
    /// Length of the file.
    pub bytes: u64,
    /// SHA-256 of the file's bytes, in hexadecimal.
    pub sha256: String,
    /// Who publishes it.
    pub publisher: String,
    /// Under which conditions it may be used.
    pub licence: String,
    /// What outputs must say of it.
    pub attribution: String,
}

impl FetchRecord {
    /// Reads the record of a folder; a folder without one has an empty record.
    ///
    /// # Errors
    /// [`IngestError`] with file and line of a record that cannot be read.
    pub fn read(folder: &Path) -> Result<Self, IngestError> {
        let path = folder.join(RECORD);
        if !path.exists() {
            return Ok(Self::default());
        }
        let file = path.display().to_string();
        let source = Source::open(&file, &path)?;
        let text = decode(&source.whole()?)
            .map_err(|line| IngestError::Encoding { file: file.clone(), place: place(None, line) })?;
        toml::from_str(&text).map_err(|error| IngestError::Manifest {
            file,
            place: error.span().map_or_else(|| "全体".to_owned(), |span| line_of(&text, span.start)),
            found: error.message().to_owned(),
            expected: "keniki fetch が書いたままの記録（直せないときは消して、もう一度 keniki fetch）"
                .to_owned(),
        })
    }

    /// Writes the record of a folder, all of it or nothing.
    ///
    /// # Errors
    /// What the file system says.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        let head = "# keniki fetch が書いた記録です。どこから・いつ・どの条件で受け取ったかを keniki import が読みます。\n";
        let text = toml::to_string(self).map_err(std::io::Error::other)?;
        // As any new file: the umask decides who may read it.
        let as_new = std::fs::Permissions::from_mode(0o666);
        let mut file = tempfile::Builder::new().permissions(as_new).tempfile_in(folder)?;
        file.write_all(format!("{head}\n{text}").as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(folder.join(RECORD))?;
        Ok(())
    }

    /// The record of a file by its name in the folder.
    #[must_use]
    pub fn of(&self, path: &str) -> Option<&FetchedFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Keeps what is known of a file, in place of what was known before.
    pub fn keep(&mut self, file: FetchedFile) {
        match self.files.iter_mut().find(|known| known.path == file.path) {
            Some(known) => *known = file,
            None => self.files.push(file),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, bytes: u64) -> FetchedFile {
        FetchedFile {
            path: path.to_owned(),
            source: "n03".to_owned(),
            address: "https://example.jp/a.zip".to_owned(),
            page: "https://example.jp/".to_owned(),
            fetched_on: "2026-11-30".to_owned(),
            date: Some("2025-01-01".to_owned()),
            last_modified: None,
            bytes,
            sha256: "00".to_owned(),
            publisher: "国土交通省".to_owned(),
            licence: "CC BY 4.0".to_owned(),
            attribution: "「国土数値情報」".to_owned(),
        }
    }

    #[test]
    fn a_record_comes_back_as_it_was_written_and_each_file_stands_once() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(FetchRecord::read(folder.path()).expect("none"), FetchRecord::default());
        let mut record = FetchRecord::default();
        for one in [file("a.zip", 1), file("b.zip", 2), file("a.zip", 3)] {
            record.keep(one);
        }
        record.write(folder.path()).expect("written");
        let back = FetchRecord::read(folder.path()).expect("read");
        assert_eq!(back, record);
        assert_eq!((back.files.len(), back.of("a.zip").map(|one| one.bytes)), (2, Some(3)));
    }

    #[test]
    fn a_spoilt_record_is_named_with_its_line() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join(RECORD), "[[file]]\npath = 3\n").expect("written");
        let told = FetchRecord::read(folder.path()).expect_err("refused").to_string();
        assert!(told.contains(RECORD) && told.contains("path = 3"), "{told}");
    }
}
