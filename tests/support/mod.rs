//! What end-to-end tests share: the real binary, its outputs, and study folders to spoil.
#![allow(dead_code, reason = "each test binary uses a part of it")]

pub mod hostile;
pub mod samples;
pub mod server;

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// The repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Says that the tests of a file were skipped, past the capture of passing tests.
pub fn skipped(file: &str) {
    let told = writeln!(std::io::stderr(), "SKIPPED: {file} needs the official files in ../shared/data");
    told.expect("the log is open");
}

/// Runs the real binary.
pub fn keniki(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_keniki")).args(arguments).output().expect("the binary starts")
}

/// Runs it and requires success and a log without warnings.
pub fn keniki_succeeds(arguments: &[&str]) -> Output {
    let output = keniki(arguments);
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?} failed:\n{log}");
    for word in ["WARN", "ERROR", "panicked", "エラー"] {
        assert!(!log.contains(word), "the log is not clean:\n{log}");
    }
    output
}

/// Plans a study into `out`.
pub fn plan(manifest: &Path, out: &Path) {
    keniki_succeeds(&["plan", path_text(manifest), "--out", path_text(out)]);
}

/// The demonstration, planned once for all tests of a file.
pub fn planned_demo() -> &'static Path {
    static PLANNED: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, out) = PLANNED.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("demo");
        keniki_succeeds(&["demo", "--no-serve", "--out", path_text(&out)]);
        (folder, out)
    });
    out
}

/// The rows of a published CSV by the names of its columns.
pub fn table(folder: &Path, name: &str) -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let text = text.strip_prefix('\u{feff}').expect("the mark by which Excel knows UTF-8");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.expect("as many fields as the header")).collect()
}

/// A path as an argument.
pub fn path_text(path: &Path) -> &str {
    path.to_str().expect("paths of tests are UTF-8")
}

/// A published JSON file.
pub fn json(folder: &Path, name: &str) -> Value {
    let text = fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// All files below a folder with their bytes, in order.
pub fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("readable") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push((path.clone(), fs::read(path).expect("readable")));
            }
        }
    }
    found.sort();
    found
        .into_iter()
        .map(|(path, bytes)| (path.strip_prefix(folder).expect("below").to_owned(), bytes))
        .collect()
}

/// Requires that two folders hold the same files with the same bytes.
pub fn assert_same_bytes(a: &Path, b: &Path) {
    let (a, b) = (files(a), files(b));
    let names = |files: &[(PathBuf, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&a), names(&b));
    for ((name, a), (_, b)) in a.iter().zip(&b) {
        assert!(a == b, "{} differs between two runs", name.display());
    }
}

/// The row of a JSON list whose `key` is `value`.
pub fn row<'a>(list: &'a Value, key: &str, value: &str) -> &'a Value {
    let rows = list.as_array().expect("a list");
    rows.iter().find(|row| row[key] == value).unwrap_or_else(|| panic!("no row with {key} = {value}"))
}

/// What must hold of every summary, whatever the prefecture.
pub fn assert_sound(summary: &Value) {
    for input in summary["study"]["inputs"].as_array().expect("inputs") {
        let count = |key: &str| input[key].as_u64().expect("a count");
        let rows = (count("rows_read"), count("rows_stored") + count("rows_quarantined"));
        assert_eq!(rows.0, rows.1, "rows of {} are lost", input["file"]);
        assert!(rows.0 > 0, "{} has no rows", input["file"]);
    }
    let municipalities: Vec<&str> = summary["municipality_table"]
        .as_array()
        .expect("a table")
        .iter()
        .filter_map(|row| row["code"].as_str())
        .collect();
    assert_eq!(municipalities.len() as u64, summary["municipalities"].as_u64().expect("a count"));
    let total = &summary["demand"]["years"];
    for plan in summary["plans"].as_array().expect("plans") {
        let assignment = plan["assignment"].as_object().expect("an assignment");
        assert_eq!(assignment.len(), municipalities.len(), "{} leaves a municipality out", plan["id"]);
        let zones = plan["zones"].as_array().expect("zones");
        for zone in zones {
            assert!(zone["contiguous"].is_boolean());
            for member in zone["municipalities"].as_array().expect("members") {
                assert_eq!(assignment[member.as_str().expect("a code")], zone["id"]);
            }
        }
        let members: usize =
            zones.iter().map(|zone| zone["municipalities"].as_array().expect("members").len()).sum();
        assert_eq!(members, municipalities.len(), "{} is no partition", plan["id"]);
        for (year, demand) in total.as_object().expect("years") {
            let zones = summary["demand"]["zones"].as_array().expect("zones").iter();
            let sum: f64 = zones
                .filter(|zone| zone["plan"] == plan["id"])
                .filter_map(|zone| zone["years"][year].as_f64())
                .sum();
            let demand = demand.as_f64().expect("a number");
            assert!((sum - demand).abs() <= 1e-9 * demand, "{} in {year}: {sum} of {demand}", plan["id"]);
        }
    }
}

/// What must hold of every proposal that has a plan.
pub fn assert_certified(plan: &Value) {
    let certificate = &plan["certificate"];
    assert_eq!(certificate["status"], "optimal", "{}", plan["id"]);
    assert_eq!(certificate["gap"], 0.0, "{}", plan["id"]);
    let checker = certificate["checker"].as_array().expect("verdicts");
    assert!(!checker.is_empty());
    assert!(checker.iter().all(|verdict| verdict["verdict"] == "pass"), "{checker:#?}");
    assert!(
        plan["zones"].as_array().expect("zones").iter().all(|zone| zone["contiguous"] == true),
        "{}",
        plan["id"]
    );
}
