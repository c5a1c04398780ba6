//! Data flow in one direction through the rooms, and every outside crate has its one home.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms in the order of `src/lib.rs`.
const ROOMS: [&str; 16] = [
    "ids", "units", "progress", "solver", "geometry", "ingest", "fetch", "store", "network", "access",
    "demand", "zoning", "assess", "publish", "serve", "cli",
];

/// Outside crates and the places where they may be named.
const HOMES: [(&str, &[&str]); 12] = [
    ("gdal", &["ingest", "publish"]),
    ("highs", &["solver", "zoning/exact"]),
    ("highs_sys", &["solver", "zoning/exact"]),
    ("reqwest", &["fetch"]),
    ("rustls", &["fetch"]),
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

/// Path below `src` without `.rs` (`zoning/exact/mod`), and the text without its unit tests.
fn modules() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let module = |file: PathBuf| {
        let name = file.strip_prefix(&root).expect("below src").with_extension("");
        let text = fs::read_to_string(&file).expect("text");
        (name.to_string_lossy().into_owned(), program(&text).to_owned())
    };
    let is_program = |file: &PathBuf| !file.ends_with("tests.rs");
    sources(&root).into_iter().filter(is_program).map(module).collect()
}

/// The text before the unit tests, which stand at the bottom of a file.
fn program(text: &str) -> &str {
    const MARK: &str = "#[cfg(test)]\n";
    let is_tests = |&(at, _): &(usize, &str)| {
        let item = &text[at + MARK.len()..];
        ["", "pub(crate) ", "pub(super) "].iter().any(|seen| item.starts_with(&format!("{seen}mod tests")))
    };
    text.match_indices(MARK).find(is_tests).map_or(text, |(at, _)| &text[..at])
}

const fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

/// Whether a text names something of a crate: the crate's name as a word before `::`, or imported.
fn names(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + name.len()..]);
        let is_imported = before.ends_with("use ") && (after.starts_with(';') || after.starts_with(" as "));
        !before.ends_with(is_word) && (after.starts_with("::") || is_imported)
    })
}

fn lies_in(module: &str, home: &str) -> bool {
    module.strip_prefix(home).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn room(module: &str) -> Option<usize> {
    ROOMS.iter().position(|room| module.split('/').next() == Some(room))
}

#[test]
fn every_file_stands_in_a_room() {
    for (module, _) in modules() {
        assert!(room(&module).is_some() || module == "lib" || module == "main", "{module} is in no room");
    }
}

#[test]
fn every_room_uses_only_the_rooms_above_it() {
    let mut uses = 0;
    for (module, text) in modules() {
        let Some(here) = room(&module) else { continue };
        for used in text.split("crate::").skip(1) {
            let name: String = used.chars().take_while(|letter| is_word(*letter)).collect();
            assert!(!name.is_empty(), "{module}: name one room in each `use crate::…`");
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
            let named = names(&text, name);
            let home = homes.iter().any(|home| lies_in(&module, home));
            assert!(!named || home, "{module} names {name}, whose home is {homes:?}");
            at_home |= named && home;
        }
        assert!(at_home, "{name} is used nowhere: strike it from this list");
    }
}

#[test]
fn a_crate_is_seen_wherever_its_name_stands() {
    for text in ["use gdal::Dataset;", "fn f(x: gdal::Dataset)", "Vec<gdal::Dataset>", "(gdal::raster())"] {
        assert!(names(text, "gdal"), "{text}");
    }
    for text in ["use gdal;", "use gdal as g;", "::gdal::Dataset", "use {gdal::Dataset, geo::Point};"] {
        assert!(names(text, "gdal"), "{text}");
    }
    for text in ["gdal_sys::open()", "ogdal::open()", "// read by gdal", "highs_sys::call()"] {
        assert!(!names(text, "gdal") && !names(text, "highs"), "{text}");
    }
}

#[test]
fn only_the_unit_tests_at_the_bottom_are_left_out() {
    let text = "#[cfg(test)]\nmod sample;\nfn f() {}\n#[cfg(test)]\npub(crate) mod tests {\n}\n";
    assert_eq!(program(text), "#[cfg(test)]\nmod sample;\nfn f() {}\n");
}
