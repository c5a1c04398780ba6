//! Whether a file is what it should be, told from its bytes.

use crate::ingest::sources::FileFormat;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

/// Bytes in which a web page shows itself.
const HEAD_BYTES: u64 = 1_024;

/// What is wrong with a file that was fetched, for people.
pub(super) fn check(path: &Path, format: FileFormat) -> Result<(), String> {
    let unreadable = |error: std::io::Error| format!("受け取ったファイルを読めません（{error}）");
    let mut file = File::open(path).map_err(unreadable)?;
    let mut head = Vec::new();
    file.by_ref().take(HEAD_BYTES).read_to_end(&mut head).map_err(unreadable)?;
    file.rewind().map_err(unreadable)?;
    if is_page(&head) {
        return Err("ファイルではなく HTML のページが返りました".to_owned());
    }
    if head.is_empty() {
        return Err("空のファイルが返りました".to_owned());
    }
    let is_zip = head.starts_with(b"PK\x03\x04");
    match format {
        FileFormat::Zip | FileFormat::Xlsx if !is_zip => {
            Err("zip（または Excel）ではないものが返りました".to_owned())
        }
        // The list of members stands at the end, so a file that was cut has none.
        FileFormat::Zip | FileFormat::Xlsx => match zip::ZipArchive::new(file) {
            Ok(_) => Ok(()),
            Err(_) => Err("途中までしかない zip が返りました".to_owned()),
        },
        FileFormat::Pbf if !head.get(4..).is_some_and(|rest| rest.starts_with(b"\x0a\x09OSMHeader")) => {
            Err("OpenStreetMap の道路ファイルではないものが返りました".to_owned())
        }
        FileFormat::Csv if is_zip || head.contains(&0) => Err("CSV ではないものが返りました".to_owned()),
        FileFormat::Pbf | FileFormat::Csv => Ok(()),
    }
}

/// Whether bytes begin as a web page does.
fn is_page(head: &[u8]) -> bool {
    let text =
        String::from_utf8_lossy(head).trim_start_matches(['\u{feff}', ' ', '\r', '\n', '\t']).to_lowercase();
    ["<!doctype html", "<html", "<head", "<?xml version=\"1.0\" encoding=\"utf-8\"?><!doctype html"]
        .iter()
        .any(|sign| text.starts_with(sign))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::text::tests::zipped;

    fn told(bytes: &[u8], format: FileFormat) -> Result<(), String> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x");
        std::fs::write(&path, bytes).expect("written");
        check(&path, format)
    }

    #[test]
    fn what_is_no_such_file_is_told() {
        let archive = zipped(&[("a.csv", b"a,b\n1,2\n")]);
        assert_eq!(told(&archive, FileFormat::Zip), Ok(()));
        assert_eq!(told(b"a,b\n1,2\n", FileFormat::Csv), Ok(()));
        assert_eq!(told(b"\0\0\0\x0e\x0a\x09OSMHeader\x18\x05", FileFormat::Pbf), Ok(()));
        for (bytes, format, word) in [
            (&archive[..archive.len() - 9], FileFormat::Zip, "途中"),
            (b"\xef\xbb\xbf\n<!DOCTYPE html><html>".as_slice(), FileFormat::Zip, "HTML"),
            (b"<HTML lang=ja>".as_slice(), FileFormat::Csv, "HTML"),
            (b"".as_slice(), FileFormat::Csv, "空"),
            (b"a,b\n".as_slice(), FileFormat::Xlsx, "zip"),
            (&archive, FileFormat::Csv, "CSV"),
            (&archive, FileFormat::Pbf, "道路"),
        ] {
            let said = told(bytes, format).expect_err("no such file");
            assert!(said.contains(word), "{said}");
        }
    }
}
