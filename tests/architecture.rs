//! Data flow in one direction through the rooms, and every outside crate has its one home.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms in the order of `src/lib.rs`.
const ROOMS: [&str; 14] = [
    "ids", "units", "progress", "geometry", "ingest", "store", "network", "access", "demand", "zoning",
    "assess", "publish", "serve", "cli",
];

/// Outside crates and the places where they may be named.
const HOMES: [(&str, &[&str]); 10] = [
    ("gdal", &["ingest", "publish"]),
    ("highs", &["zoning/exact"]),
    ("highs_sys", &["zoning/exact"]),
    ("rusqlite", &["store"]),
    ("axum", &["serve"]),
    ("osmpbf", &["network/osm"]),
    ("calamine", &["ingest"]),
    ("rust_xlsxwriter", &["publish"]),
    ("fast_mvt", &["publish"]),
    ("indicatif", &["cli"]),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("src is there").map(|entry| entry.expect("readable").path()) {
        if entry.is_dir() {
            files.extend(sources(&entry));
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            files.push(entry);
        }
    }
    files.sort();
    files
}

/// Path below `src` without `.rs` (`zoning/exact`), and the text without its unit tests.
fn modules() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let module = |file: PathBuf| {
        let name = file.strip_prefix(&root).expect("below src").with_extension("");
        let text = fs::read_to_string(&file).expect("text");
        let program = text.split("#[cfg(test)]").next().unwrap_or_default();
        (name.to_string_lossy().into_owned(), program.to_owned())
    };
    let is_program = |file: &PathBuf| !file.ends_with("tests.rs");
    sources(&root).into_iter().filter(is_program).map(module).collect()
}

fn room(module: &str) -> Option<usize> {
    ROOMS.iter().position(|room| module.split('/').next() == Some(room))
}

#[test]
fn every_room_uses_only_the_rooms_above_it() {
    let mut uses = 0;
    for (module, text) in modules() {
        let Some(here) = room(&module) else { continue };
        for used in text.split("crate::").skip(1) {
            let name: String =
                used.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
            if let Some(there) = ROOMS.iter().position(|room| *room == name) {
                uses += 1;
                assert!(there <= here, "{module} uses {name}, a room below it");
            }
        }
    }
    assert!(uses > 100, "only {uses} uses were found: does this test still read the sources?");
}

#[test]
fn every_outside_crate_stays_in_its_home() {
    for (name, homes) in HOMES {
        let mut at_home = false;
        for (module, text) in modules() {
            let named = text.contains(&format!("use {name}::")) || text.contains(&format!(" {name}::"));
            let home = homes.iter().any(|home| module.starts_with(home));
            assert!(!named || home, "{module} names {name}, whose home is {homes:?}");
            at_home |= named && home;
        }
        assert!(at_home, "{name} is used nowhere: strike it from this list");
    }
}
