//! Spoiled inputs: exit code 2, one message that names the file, and no trace of a half-made study.

mod support;

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use support::{keniki, path_text, root};

/// A copy of the demonstration prefecture, to be spoiled.
struct Study {
    folder: tempfile::TempDir,
}

impl Study {
    fn copy() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, bytes) in support::files(&root().join("shapes/demo")) {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("created");
            fs::write(path, bytes).expect("written");
        }
        Self { folder }
    }

    fn manifest(&self) -> PathBuf {
        self.folder.path().join("study.toml")
    }

    /// Path of the first input of a kind.
    fn input(&self, kind: &str) -> PathBuf {
        let text = fs::read_to_string(self.manifest()).expect("a manifest");
        let manifest: toml::Table = text.parse().expect("TOML");
        let inputs = manifest["input"].as_array().expect("inputs");
        let input = inputs.iter().find(|input| input["kind"].as_str() == Some(kind));
        self.folder.path().join(input.expect("an input of this kind")["path"].as_str().expect("a path"))
    }

    fn spoil(&self, kind: &str, change: impl Fn(&mut Vec<u8>)) -> PathBuf {
        let path = self.input(kind);
        let mut bytes = fs::read(&path).expect("readable");
        change(&mut bytes);
        fs::write(&path, bytes).expect("written");
        path
    }

    fn change_manifest(&self, change: impl Fn(String) -> String) {
        let text = fs::read_to_string(self.manifest()).expect("a manifest");
        fs::write(self.manifest(), change(text)).expect("written");
    }

    /// Plans it; the message that it is refused with.
    fn refusal(&self) -> String {
        let out = self.folder.path().join("out/study");
        fs::create_dir_all(&out).expect("created");
        fs::write(out.join("summary.json"), "an existing study").expect("written");
        let output = keniki(&["plan", path_text(&self.manifest()), "--out", path_text(&out)]);
        let log = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(2), "{log}");
        assert!(!log.contains("panicked"), "{log}");
        let messages: Vec<&str> = log.lines().filter(|line| line.starts_with("エラー: ")).collect();
        assert_eq!(messages.len(), 1, "{log}");
        let left: Vec<_> = support::files(&self.folder.path().join("out"));
        assert_eq!(
            left,
            [(PathBuf::from("study/summary.json"), b"an existing study".to_vec())],
            "the old study stays"
        );
        let message = log.split_once("エラー: ").expect("a message").1;
        message.to_owned()
    }
}

fn assert_names(message: &str, file: &Path) {
    let name = file.file_name().expect("a name").to_string_lossy();
    assert!(message.contains(name.as_ref()), "{message:?} does not name {name}");
}

fn halve(bytes: &mut Vec<u8>) {
    bytes.truncate(bytes.len() / 2);
}

#[test]
fn a_missing_file_is_named() {
    let study = Study::copy();
    let path = study.input("todokede");
    fs::remove_file(&path).expect("removed");
    assert_names(&study.refusal(), &path);
}

#[test]
fn an_unknown_header_is_told_with_what_was_expected() {
    let study = Study::copy();
    let path = study.spoil("area_membership", |bytes| {
        let text = String::from_utf8_lossy(bytes).replace("muni_code", "shichoson");
        *bytes = text.into_bytes();
    });
    let message = study.refusal();
    assert_names(&message, &path);
    assert!(message.contains("muni_code"), "{message}");
}

#[test]
fn a_wrong_encoding_is_told() {
    let study = Study::copy();
    // UTF-16 that does not say so by a BOM.
    let path = study.spoil("kaigo_jigyosho", |bytes| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        *bytes = text.trim_start_matches('\u{feff}').encode_utf16().flat_map(u16::to_le_bytes).collect();
    });
    assert_names(&study.refusal(), &path);
}

#[test]
fn a_truncated_shapefile_is_told() {
    let study = Study::copy();
    let path = study.input("n03_boundary");
    spoil_member(&path, ".shp", halve);
    assert_names(&study.refusal(), &path);
}

#[test]
fn a_truncated_zip_is_told() {
    let study = Study::copy();
    let path = study.spoil("census_mesh", halve);
    assert_names(&study.refusal(), &path);
}

#[test]
fn an_xlsx_that_is_none_is_told() {
    let study = Study::copy();
    let path = study.spoil("todokede", |bytes| *bytes = "項番,都道府県コード\n1,48\n".into());
    let message = study.refusal();
    assert_names(&message, &path);
    assert!(message.contains("xlsx"), "{message}");
}

#[test]
fn a_road_file_cut_in_half_is_told() {
    let study = Study::copy();
    let path = study.spoil("roads_osm", halve);
    assert_names(&study.refusal(), &path);
}

#[test]
fn a_road_file_that_is_none_is_told() {
    let study = Study::copy();
    let path = study.spoil("roads_osm", |bytes| *bytes = b"<osm version='0.6'></osm>".to_vec());
    assert_names(&study.refusal(), &path);
}

#[test]
fn an_unknown_key_of_the_manifest_is_told_with_its_line() {
    let study = Study::copy();
    study.change_manifest(|text| text.replace("[study]", "[study]\ncolour = \"red\""));
    let message = study.refusal();
    assert_names(&message, &study.manifest());
    assert!(message.contains("colour"), "{message}");
}

#[test]
fn a_parameter_out_of_range_is_told() {
    let study = Study::copy();
    study.change_manifest(|text| {
        let (head, _) = text.split_once("[parameters]").unwrap_or((&text, ""));
        format!("{head}\n[parameters]\nzone_travel_share = 1.5\n")
    });
    let message = study.refusal();
    assert_names(&message, &study.manifest());
    assert!(message.contains("zone_travel_share"), "{message}");
}

#[test]
fn a_folder_that_is_no_study_is_not_replaced() {
    let study = Study::copy();
    let out = study.folder.path().join("precious");
    fs::create_dir(&out).expect("created");
    fs::write(out.join("thesis.docx"), "years of work").expect("written");
    let output = keniki(&["plan", path_text(&study.manifest()), "--out", path_text(&out)]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(support::files(&out), [(PathBuf::from("thesis.docx"), b"years of work".to_vec())]);
}

#[test]
fn an_interrupted_run_leaves_the_old_study_and_nothing_else() {
    let study = Study::copy();
    let out = study.folder.path().join("out/study");
    fs::create_dir_all(&out).expect("created");
    fs::write(out.join("summary.json"), "an existing study").expect("written");
    let entries = || fs::read_dir(out.parent().expect("a parent")).expect("readable").count();
    for after in [50, 100, 200, 400] {
        let mut run = Command::new(env!("CARGO_BIN_EXE_keniki"))
            .args(["plan", path_text(&study.manifest()), "--out", path_text(&out)])
            .stderr(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .expect("started");
        while entries() < 2 {
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_millis(after));
        let id = rustix::process::Pid::from_raw(run.id().try_into().expect("an id")).expect("an id");
        rustix::process::kill_process(id, rustix::process::Signal::INT).expect("interrupted");
        assert_eq!(run.wait().expect("ended").code(), Some(2), "after {after} ms");
        let left = support::files(&study.folder.path().join("out"));
        assert_eq!(left, [(PathBuf::from("study/summary.json"), b"an existing study".to_vec())]);
    }
}

/// Changes one member of a zip and leaves the others as they are.
fn spoil_member(path: &Path, ending: &str, change: impl Fn(&mut Vec<u8>)) {
    let mut archive = zip::ZipArchive::new(fs::File::open(path).expect("readable")).expect("a zip");
    let mut spoiled = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mut found = false;
    for at in 0..archive.len() {
        let mut member = archive.by_index(at).expect("a member");
        let (name, mut bytes) = (member.name().to_owned(), Vec::new());
        member.read_to_end(&mut bytes).expect("readable");
        if name.ends_with(ending) {
            found = true;
            change(&mut bytes);
        }
        spoiled.start_file(name, zip::write::SimpleFileOptions::default()).expect("started");
        spoiled.write_all(&bytes).expect("written");
    }
    assert!(found, "no {ending} in {}", path.display());
    fs::write(path, spoiled.finish().expect("finished").into_inner()).expect("written");
}
