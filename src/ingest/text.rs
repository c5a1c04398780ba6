//! Bytes and text of input files, plain or zipped, with a limit on their size.

use crate::ingest::IngestError;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Cursor, ErrorKind, Read};
use std::path::{Path, PathBuf};

/// No file, packed or unpacked, may be larger than this.
pub(crate) const LIMIT_BYTES: u64 = 1 << 30;

/// An input file in memory.
pub(crate) struct Source {
    /// Path as written in the manifest.
    pub file: String,
    /// Where it lies; companions of a Shapefile lie beside it.
    pub path: PathBuf,
    /// Its contents.
    pub bytes: Vec<u8>,
}

/// A part of an input: the file itself, or one member of an archive.
pub(crate) struct Member {
    /// Name inside the archive; `None` for a plain file.
    pub name: Option<String>,
    /// Contents.
    pub bytes: Vec<u8>,
}

/// A part of an input as text.
pub(crate) struct Text {
    /// Name inside the archive; `None` for a plain file.
    pub name: Option<String>,
    /// Contents.
    pub text: String,
}

impl Source {
    /// Reads a file whole.
    pub(crate) fn open(file: &str, path: &Path) -> Result<Self, IngestError> {
        let bytes = read_bounded(open(file, path)?, file, "ファイル", LIMIT_BYTES)?;
        Ok(Self { file: file.to_owned(), path: path.to_owned(), bytes })
    }

    /// SHA-256 of the contents, in hexadecimal.
    pub(crate) fn sha256(&self) -> String {
        hexadecimal(&Sha256::digest(&self.bytes))
    }

    /// True when the contents are a zip archive, whatever the name says.
    pub(crate) fn is_zip(&self) -> bool {
        self.bytes.starts_with(b"PK\x03\x04") || self.bytes.starts_with(b"PK\x05\x06")
    }

    /// The members whose names end with one of `endings` (lower case, with dot), in order of name.
    /// A plain file is its own only member, whatever its name.
    pub(crate) fn members(&self, endings: &[&str]) -> Result<Vec<Member>, IngestError> {
        if !self.is_zip() {
            return Ok(vec![Member { name: None, bytes: self.bytes.clone() }]);
        }
        let members = unzip(&self.file, &self.bytes, LIMIT_BYTES, |name| {
            endings.iter().any(|ending| name.to_lowercase().ends_with(ending))
        })?;
        if members.is_empty() {
            return Err(IngestError::Broken {
                file: self.file.clone(),
                place: "zip の中".to_owned(),
                found: format!("{} のファイルがありません", endings.join(" か ")),
                expected: format!("{} を一つ以上含む zip", endings.join(" か ")),
                remedy: "配布元の zip をそのまま使うか、取り出したファイルを path に書いてください"
                    .to_owned(),
            });
        }
        Ok(members)
    }

    /// True when the contents are an Excel workbook, whatever the name says.
    pub(crate) fn is_workbook(&self) -> Result<bool, IngestError> {
        Ok(self.is_zip() && self.member_names()?.iter().any(|name| name == "xl/workbook.xml"))
    }

    /// Names of all members of an archive, in its order.
    pub(crate) fn member_names(&self) -> Result<Vec<String>, IngestError> {
        let mut archive = zip::ZipArchive::new(Cursor::new(self.bytes.as_slice()))
            .map_err(|error| broken_zip(&self.file, "zip の目次", &error))?;
        let count = archive.len();
        let name = |at| {
            let member = archive.by_index_raw(at);
            let place = || format!("zip の {} 番目のファイル", at + 1);
            let member = member.map_err(|error| broken_zip(&self.file, &place(), &error))?;
            Ok(member_name(member.name_raw()))
        };
        (0..count).map(name).collect()
    }

    /// The members as text: UTF-8 (with or without BOM), else CP932.
    pub(crate) fn texts(&self, endings: &[&str]) -> Result<Vec<Text>, IngestError> {
        self.members(endings)?
            .into_iter()
            .map(|member| {
                let text = decode(&member.bytes).map_err(|line| IngestError::Encoding {
                    file: self.file.clone(),
                    place: place(member.name.as_deref(), line),
                })?;
                Ok(Text { name: member.name, text })
            })
            .collect()
    }
}

/// A line of a member, for people.
pub(crate) fn place(member: Option<&str>, line: u64) -> String {
    match member {
        Some(name) => format!("{name} の {line} 行目"),
        None => format!("{line} 行目"),
    }
}

/// SHA-256 of a file that is not held in memory, in hexadecimal.
pub(crate) fn sha256_of(file: &str, path: &Path) -> Result<String, IngestError> {
    let mut digest = Sha256::new();
    std::io::copy(&mut open(file, path)?, &mut digest).map_err(|error| unreadable(file, &error))?;
    Ok(hexadecimal(&digest.finalize()))
}

fn open(file: &str, path: &Path) -> Result<File, IngestError> {
    let opened = File::open(path).map_err(|error| unreadable(file, &error))?;
    let is_file = opened.metadata().map_err(|error| unreadable(file, &error))?.is_file();
    if is_file { Ok(opened) } else { Err(unreadable(file, &ErrorKind::IsADirectory.into())) }
}

fn unreadable(file: &str, error: &std::io::Error) -> IngestError {
    match error.kind() {
        ErrorKind::NotFound => IngestError::NotFound { file: file.to_owned() },
        _ => IngestError::Unreadable { file: file.to_owned(), reason: error.to_string() },
    }
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read_bounded(from: impl Read, file: &str, place: &str, limit: u64) -> Result<Vec<u8>, IngestError> {
    let mut bytes = Vec::new();
    from.take(limit + 1).read_to_end(&mut bytes).map_err(|error| unreadable(file, &error))?;
    if bytes.len() as u64 > limit {
        return Err(IngestError::TooLarge {
            file: file.to_owned(),
            place: place.to_owned(),
            limit_bytes: limit,
        });
    }
    Ok(bytes)
}

/// Unpacks the wanted members, in order of name. `limit` holds for their sum, both as declared
/// and as unpacked.
pub(crate) fn unzip(
    file: &str,
    bytes: &[u8],
    limit: u64,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<Member>, IngestError> {
    let broken = |place: &str, error: &dyn std::fmt::Display| broken_zip(file, place, error);
    let mut archive =
        zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken("zip の目次", &error))?;
    let mut members: Vec<Member> = Vec::new();
    let mut left = limit;
    for at in 0..archive.len() {
        let member = archive
            .by_index(at)
            .map_err(|error| broken(&format!("zip の {} 番目のファイル", at + 1), &error))?;
        let name = member_name(member.name_raw());
        if member.is_dir() || name.ends_with('/') || !wanted(&name) {
            continue;
        }
        let too_large =
            || IngestError::TooLarge { file: file.to_owned(), place: name.clone(), limit_bytes: limit };
        if member.size() > left {
            return Err(too_large());
        }
        let mut unpacked = Vec::new();
        member.take(left + 1).read_to_end(&mut unpacked).map_err(|error| broken(&name, &error))?;
        left = left.checked_sub(unpacked.len() as u64).ok_or_else(too_large)?;
        members.push(Member { name: Some(name), bytes: unpacked });
    }
    members.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(members)
}

fn broken_zip(file: &str, place: &str, error: &dyn std::fmt::Display) -> IngestError {
    IngestError::Broken {
        file: file.to_owned(),
        place: place.to_owned(),
        found: format!("zip として読めません（{error}）"),
        expected: "壊れていない、パスワードのない zip".to_owned(),
        remedy: "配布元からもう一度ダウンロードしてください".to_owned(),
    }
}

/// Names in Japanese archives are UTF-8 or CP932, whatever the flag says; `\` separates folders
/// in some. What is neither keeps its readable characters.
fn member_name(raw: &[u8]) -> String {
    let name = match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => encoding_rs::SHIFT_JIS.decode_without_bom_handling(raw).0.into_owned(),
    };
    name.replace('\\', "/")
}

/// UTF-8 strictly, with or without BOM, else CP932 strictly; else the first line that is neither.
pub(crate) fn decode(bytes: &[u8]) -> Result<String, u64> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    encoding_rs::SHIFT_JIS
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(std::borrow::Cow::into_owned)
        .ok_or_else(|| first_bad_line(bytes))
}

fn first_bad_line(bytes: &[u8]) -> u64 {
    let bad = bytes.split(|byte| *byte == b'\n').position(|line| {
        std::str::from_utf8(line).is_err()
            && encoding_rs::SHIFT_JIS.decode_without_bom_handling_and_without_replacement(line).is_none()
    });
    // Lines that are each readable but in different encodings: the whole file is at fault.
    bad.map_or(1, |line| line as u64 + 1)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::io::Write;

    impl Source {
        /// A source that never was a file.
        pub(crate) fn of_bytes(file: &str, bytes: &[u8]) -> Self {
            Self { file: file.to_owned(), path: PathBuf::from(file), bytes: bytes.to_vec() }
        }
    }

    /// A zip archive with the given members.
    pub(crate) fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            archive.start_file(*name, zip::write::SimpleFileOptions::default()).expect("member");
            archive.write_all(bytes).expect("contents");
        }
        archive.finish().expect("archive").into_inner()
    }

    /// Text in CP932.
    pub(crate) fn cp932(text: &str) -> Vec<u8> {
        let (bytes, _, lossy) = encoding_rs::SHIFT_JIS.encode(text);
        assert!(!lossy, "{text}");
        bytes.into_owned()
    }

    #[test]
    fn utf8_with_and_without_bom_and_cp932_say_the_same() {
        for bytes in ["\u{feff}髙﨑,町".as_bytes().to_vec(), "髙﨑,町".into(), cp932("髙﨑,町")] {
            assert_eq!(decode(&bytes), Ok("髙﨑,町".to_owned()));
        }
    }

    #[test]
    fn text_in_neither_encoding_names_its_first_bad_line() {
        let source = Source::of_bytes("a.csv", b"ok\nok\n\xff\xfe\x80\n");
        let error = source.texts(&[".csv"]).err().expect("refused");
        assert!(matches!(&error, IngestError::Encoding { place, .. } if place == "3 行目"), "{error}");
    }

    #[test]
    fn members_are_chosen_by_ending_and_their_names_read_as_cp932() {
        let archive = zipped(&[("b/二.csv", b"2"), ("a.html", b"x"), ("A.CSV", b"1")]);
        let members = Source::of_bytes("z", &archive).members(&[".csv"]).expect("readable");
        let named: Vec<_> = members.iter().map(|m| (m.name.as_deref(), m.bytes.as_slice())).collect();
        assert_eq!(named, [(Some("A.CSV"), b"1".as_slice()), (Some("b/二.csv"), b"2".as_slice())]);
        assert_eq!(member_name(&cp932("山梨\\届出.csv")), "山梨/届出.csv");
    }

    #[test]
    fn an_archive_without_the_wanted_file_or_cut_short_is_an_error() {
        let archive = zipped(&[("a.html", b"x")]);
        assert!(matches!(
            Source::of_bytes("z", &archive).members(&[".csv"]),
            Err(IngestError::Broken { .. })
        ));
        assert!(matches!(
            Source::of_bytes("z", &archive[..archive.len() / 2]).members(&[".html"]),
            Err(IngestError::Broken { .. })
        ));
    }

    #[test]
    fn unpacking_stops_at_the_limit() {
        let archive = zipped(&[("a.csv", &[b'x'; 600]), ("b.csv", &[b'x'; 600])]);
        assert_eq!(unzip("z", &archive, 1200, |_| true).expect("fits").len(), 2);
        assert!(matches!(unzip("z", &archive, 1199, |_| true), Err(IngestError::TooLarge { .. })));
    }

    #[test]
    fn a_missing_file_and_a_folder_are_told_apart() {
        assert!(matches!(
            Source::open("x.csv", Path::new("/nowhere/x.csv")),
            Err(IngestError::NotFound { file }) if file == "x.csv"
        ));
        let folder = tempfile::tempdir().expect("folder");
        assert!(matches!(Source::open("d", folder.path()), Err(IngestError::Unreadable { .. })));
    }

    proptest::proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes: Vec<u8>, as_zip: bool) {
            let mut bytes = bytes;
            if as_zip {
                bytes.splice(0..0, *b"PK\x03\x04");
            }
            let _ = Source::of_bytes("x", &bytes).texts(&[".csv"]);
        }
    }
}
