//! The demonstration prefecture: the committed files are what the generator writes, and they hold
//! what the README of `shapes` says of them.

#[allow(dead_code, reason = "the example's own `main` is not called here")]
#[path = "../examples/demo_prefecture/main.rs"]
mod demo_prefecture;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("shapes/demo")
}

fn member(zip: &str, name: &str) -> Vec<u8> {
    let bytes = fs::read(folder().join(zip)).expect("a committed zip");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut content = Vec::new();
    archive.by_name(name).expect("the member").read_to_end(&mut content).expect("readable");
    content
}

fn cp932(bytes: &[u8]) -> String {
    let (text, _, broken) = encoding_rs::SHIFT_JIS.decode(bytes);
    assert!(!broken, "not CP932");
    text.into_owned()
}

#[test]
fn committed_files_are_byte_for_byte_what_the_generator_writes() {
    let made = demo_prefecture::generate();
    let committed: BTreeSet<String> = fs::read_dir(folder())
        .expect("shapes/demo")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("ASCII names"))
        .collect();
    assert_eq!(committed, made.keys().cloned().collect::<BTreeSet<_>>());
    let other: Vec<&String> = made
        .iter()
        .filter(|(name, bytes)| fs::read(folder().join(name)).expect("a committed file") != **bytes)
        .map(|(name, _)| name)
        .collect();
    assert!(
        other.is_empty(),
        "{other:?} differ; `cargo run --release --example demo_prefecture -- shapes/demo` writes them anew"
    );
}

#[test]
fn all_files_together_stay_under_ten_megabytes() {
    let sizes = fs::read_dir(folder()).expect("shapes/demo").map(|entry| entry.expect("an entry").metadata());
    let sum: u64 = sizes.map(|metadata| metadata.expect("metadata").len()).sum();
    assert!(sum < 10_000_000, "{sum} bytes");
}

#[test]
fn the_census_text_adds_up_to_the_people_of_the_prefecture() {
    let text = cp932(&member("tblT001101H48.zip", "tblT001101H48.txt"));
    let rows: Vec<Vec<&str>> = text.lines().skip(2).map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 2621);
    let sum = |column: usize| -> u32 {
        rows.iter()
            .map(|row| row[column])
            .filter(|said| *said != "*")
            .map(|said| said.parse::<u32>().expect("digits"))
            .sum()
    };
    assert_eq!([sum(4), sum(22), sum(25), sum(28)], [664_845, 212_817, 113_959, 39_793]);
    let states = |state: &str| rows.iter().filter(|row| row[1] == state).count();
    assert_eq!([states("1"), states("2")], [36, 45]);
}

#[test]
fn the_boundary_names_24_municipalities_and_unassigned_rocks_in_cp932() {
    let table = member("N03-20220101_48_GML.zip", "N03-20220101_48_GML/N03-22_48_220101.dbf");
    let records = table[193..table.len() - 1].chunks(76);
    let rows: Vec<(String, String)> = records
        .map(|record| (cp932(&record[71..76]).trim().to_owned(), cp932(&record[51..71]).trim().to_owned()))
        .collect();
    assert_eq!(rows.len(), 30);
    let codes: BTreeMap<&str, &str> =
        rows.iter().map(|(code, name)| (code.as_str(), name.as_str())).collect();
    assert_eq!(codes.len(), 25);
    assert_eq!((codes[""], codes["48201"], codes["48381"]), ("所属未定地", "汐見市", "凪島村"));
}

#[test]
fn one_pass_one_tunnel_one_ferry_and_one_roundabout_are_on_the_map() {
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    let reader = osmpbf::ElementReader::from_path(folder().join("shiomi-roads.osm.pbf")).expect("the roads");
    reader
        .for_each(|element| match element {
            osmpbf::Element::DenseNode(_) => *seen.entry("node").or_default() += 1,
            osmpbf::Element::Way(way) => {
                *seen.entry("way").or_default() += 1;
                for tag in way.tags() {
                    match tag {
                        ("tunnel", "yes") => *seen.entry("tunnel").or_default() += 1,
                        ("route", "ferry") => *seen.entry("ferry").or_default() += 1,
                        ("junction", "roundabout") => *seen.entry("roundabout").or_default() += 1,
                        ("access", "private") => *seen.entry("private").or_default() += 1,
                        _ => {}
                    }
                }
            }
            _ => panic!("only nodes and ways were written"),
        })
        .expect("readable to the end");
    let expected =
        [("ferry", 1), ("node", 9280), ("private", 2), ("roundabout", 1), ("tunnel", 1), ("way", 7884)];
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), expected);
}
