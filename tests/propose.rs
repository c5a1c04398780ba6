//! `keniki propose` on the invented prefecture, from the real binary.

mod support;

use serde_json::Value;
use std::fs;
use std::path::Path;
use support::{keniki, keniki_succeeds, root};

fn proposed(folder: &Path, flags: &[&str]) -> (Value, Vec<u8>) {
    let study = root().join("shapes/demo/study.toml");
    let out = folder.join("proposal.json");
    let (study, file) = (study.to_string_lossy(), out.to_string_lossy());
    let arguments = [&["propose", &study, "--out", &file], flags].concat();
    keniki_succeeds(&arguments);
    let bytes = fs::read(&out).expect("written");
    (serde_json::from_slice(&bytes).expect("JSON"), bytes)
}

#[test]
fn the_best_zones_are_certified_and_the_same_parameters_give_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let flags = ["--best", "3", "--ensemble", "50", "--rule", "whole-hokenjo=soft:100"];
    let (value, bytes) = proposed(folder.path(), &flags);
    assert_eq!(value["best"]["status"], "optimal");
    assert_eq!(value["best"]["gap"], 0.0);
    let plans = value["plans"].as_array().expect("a list");
    assert!((1..=3).contains(&plans.len()));
    assert_eq!(plans[0]["objective_receipt_minutes"], value["best"]["objective_receipt_minutes"]);
    let ensemble = &value["ensemble"];
    let units = ensemble["units"].as_array().expect("a list").len();
    assert_eq!(ensemble["together_shares"].as_array().expect("a table").len(), units);
    let zones = value["best"]["zones"].as_array().expect("a list");
    let municipalities = zones.iter().map(|zone| zone["municipalities"].as_array().expect("a list").len());
    assert_eq!(municipalities.sum::<usize>(), units);
    assert_eq!(proposed(folder.path(), &flags).1, bytes);
}

#[test]
fn where_there_is_no_plan_the_rules_that_conflict_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let (value, _) = proposed(folder.path(), &["--zones", "99"]);
    assert_eq!(value["best"]["status"], "infeasible");
    assert_eq!(value["conflict"]["rules"], serde_json::json!(["圏域の数の下限（99以上）"]));
}

#[test]
fn a_flag_that_cannot_be_read_is_named() {
    let study = root().join("shapes/demo/study.toml");
    let study = study.to_string_lossy();
    for (flag, said) in [
        ("--zones", "六"),
        ("--zones", "8-"),
        ("--rule", "no-such-rule=hard"),
        ("--rule", "whole-fire=maybe"),
    ] {
        let output = keniki(&["propose", &study, flag, said]);
        assert_eq!(output.status.code(), Some(2));
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(message.contains(said.split('=').next().unwrap_or(said)), "{message}");
    }
}
