//! 山梨県 from its official files. Skipped by name where the files are not at hand.

mod support;

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use support::{assert_certified, assert_same_bytes, assert_sound, json, plan, row};

const MANIFEST: &str = "tests/real/yamanashi.toml";

/// The planned study, made once for all tests of this file; `None` where the data are absent.
fn planned() -> Option<&'static (tempfile::TempDir, Value)> {
    static PLANNED: OnceLock<Option<(tempfile::TempDir, Value)>> = OnceLock::new();
    PLANNED
        .get_or_init(|| {
            if !support::root().join("../shared/data/yamanashi").is_dir() {
                eprintln!(
                    "SKIPPED: real_yamanashi needs the official files of 山梨県 in ../shared/data/yamanashi"
                );
                return None;
            }
            let folder = tempfile::tempdir().expect("a folder");
            plan(&manifest(), &out(folder.path()));
            let summary = json(&out(folder.path()), "summary.json");
            Some((folder, summary))
        })
        .as_ref()
}

fn manifest() -> PathBuf {
    support::root().join(MANIFEST)
}

fn out(folder: &Path) -> PathBuf {
    folder.join("study")
}

#[test]
fn people_institutions_and_demand_are_those_of_the_official_files() {
    let Some((_, summary)) = planned() else { return };
    assert_sound(summary);
    assert_eq!(summary["study"]["prefecture_code"], "19");
    assert_eq!(summary["municipalities"], 27);
    let population = &summary["population"];
    assert_eq!(population["year"], 2020);
    assert_eq!(population["total"], 809_974);
    assert_eq!(population["age_65_plus"], 245_884);
    assert_eq!(population["age_75_plus"], 128_751);
    assert_eq!(population["age_85_plus"], 46_035);
    for (class, count) in
        [("支援診2", 24), ("支援診3", 51), ("支援病1", 1), ("支援病2", 5), ("支援病3", 8), ("在後病", 5)]
    {
        assert_eq!(summary["facilities"][class], count, "{class}");
    }
    let demand = summary["demand"]["years"]["2024"].as_f64().expect("a number");
    assert!((demand - 4_795.17).abs() <= 0.01, "{demand}");
}

#[test]
fn the_filed_institutions_are_located_at_the_town_or_better() {
    let Some((_, summary)) = planned() else { return };
    let counts = summary["geocoding_by_source"]["todokede"].as_object().expect("counts");
    let count = |precision: &str| counts[precision].as_u64().expect("a count");
    let all: u64 = counts.values().filter_map(Value::as_u64).sum();
    let located = count("point") + count("chome") + count("town");
    assert_eq!(all, 630);
    assert_eq!(count("unlocated"), 0);
    assert!(located as f64 >= 0.99 * all as f64, "{located} of {all}");
}

#[test]
fn a_service_whose_file_was_not_loaded_is_never_called_none() {
    let Some((_, summary)) = planned() else { return };
    let gaps = summary["gaps"].as_array().expect("gaps");
    let nursing: Vec<_> = gaps.iter().filter(|gap| gap["service"] == "訪問看護").collect();
    assert_eq!(nursing.len(), 1);
    assert_eq!(nursing[0]["state"], "not loaded");
    assert_eq!(summary["facilities"]["訪問看護"], Value::Null);
    let coverage = summary["coverage"].as_array().expect("coverage");
    assert!(coverage.iter().filter(|row| row["service"] == "訪問看護").all(|row| row["people"].is_null()));
}

#[test]
fn both_proposals_are_proven_and_pass_the_checker() {
    let Some((_, summary)) = planned() else { return };
    assert_eq!(summary["plans"].as_array().expect("plans").len(), 5);
    assert_certified(row(&summary["plans"], "id", "proposal-municipalities"));
    assert_certified(row(&summary["plans"], "id", "proposal-hokenjo"));
    let zones = |id| row(&summary["plans"], "id", id)["zones"].as_array().expect("zones").len();
    assert_eq!((zones("municipalities"), zones("hokenjo"), zones("secondary")), (27, 5, 4));
}

#[test]
fn the_prefecture_falls_into_neighbours_by_real_roads() {
    let Some((_, summary)) = planned() else { return };
    let municipality = |code: &str| row(&summary["municipality_table"], "code", code);
    let neighbours = |code: &str| municipality(code)["neighbours"].as_array().expect("codes").clone();
    assert!(neighbours("19201").contains(&"19210".into()), "甲府市 and 甲斐市 share streets");
    let ridge = municipality("19364")["touching_without_road"].as_array().expect("codes");
    assert!(
        ridge.contains(&"19208".into()) || ridge.contains(&"19209".into()),
        "the Southern Alps: {ridge:?}"
    );
}

#[test]
fn two_runs_give_the_same_bytes() {
    let Some((folder, _)) = planned() else { return };
    let again = folder.path().join("again");
    plan(&manifest(), &again);
    assert_same_bytes(&out(folder.path()), &again);
}
