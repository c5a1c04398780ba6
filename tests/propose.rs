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
    let hint = value["conflict"]["hints"][0].as_str().expect("a hint");
    assert!(
        hint.starts_with("「圏域の数の下限（99以上）」の下限を") && hint.ends_with("に下げれば案があります"),
        "{hint}"
    );
}

#[test]
fn objectives_come_one_after_the_other_and_their_compromises_are_proven_to_be_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let flags = ["--objective", "分割=保健所", "--objective", "最寄り=急変時受入", "--front", "圏域数,移動"];
    let (value, _) = proposed(folder.path(), &flags);
    let goals = value["goals"].as_array().expect("a list");
    let names: Vec<&str> = goals.iter().filter_map(|goal| goal["goal"].as_str()).collect();
    assert_eq!(names, ["保健所の分割", "急変時受入の移動", "中心からの移動"]);
    assert!(goals.iter().all(|goal| goal["status"] == "optimal" && goal["value"] == goal["bound"]));
    assert_eq!(value["best"]["status"], "optimal");
    let front = &value["front"];
    assert_eq!(front["open"], serde_json::json!([]));
    let compromises = front["compromises"].as_array().expect("a list");
    assert!(!compromises.is_empty());
    let number = |one: &Value, at: usize| one["values"][at].as_f64().expect("a number");
    for pair in compromises.windows(2) {
        assert!(number(&pair[0], 0) < number(&pair[1], 0) && number(&pair[0], 1) > number(&pair[1], 1));
    }
}

#[test]
fn a_drawn_plan_is_checked_and_mended_with_the_fewest_moves() {
    let folder = tempfile::tempdir().expect("a folder");
    let (best, _) = proposed(folder.path(), &[]);
    let zones = best["best"]["zones"].as_array().expect("a list");
    let lines = |moved: bool| {
        let mut lines = vec!["市町村,圏域".to_owned()];
        for (zone, at) in zones.iter().zip(0..) {
            for name in zone["names"].as_array().expect("a list") {
                // Every municipality a zone of its own is no plan: some have no candidate.
                let zone = if moved { lines.len() } else { at };
                lines.push(format!("{},{zone}", name.as_str().expect("a name")));
            }
        }
        lines.join("\n")
    };
    let file = folder.path().join("plan.csv");
    let path = file.to_string_lossy().into_owned();
    fs::write(&file, lines(false)).expect("written");
    let (value, _) = proposed(folder.path(), &["--check", &path]);
    assert_eq!(value["accepted"], true, "{value:#}");
    let (value, _) = proposed(folder.path(), &["--repair", &path]);
    assert_eq!((&value["moves"], &value["is_proven"]), (&serde_json::json!(0), &serde_json::json!(true)));
    fs::write(&file, lines(true)).expect("written");
    let (value, _) = proposed(folder.path(), &["--check", &path]);
    assert_eq!(value["accepted"], false, "{value:#}");
    let (value, _) = proposed(folder.path(), &["--repair", &path]);
    assert!(value["moves"].as_u64().expect("a number") > 0, "{value:#}");
    assert_eq!(value["plan"]["broken_rules"], serde_json::json!([]));
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
        ("--objective", "分割"),
        ("--front", "速さ"),
    ] {
        let output = keniki(&["propose", &study, flag, said]);
        assert_eq!(output.status.code(), Some(2));
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(message.contains(said.split('=').next().unwrap_or(said)), "{message}");
    }
}

#[test]
fn limits_that_contradict_each_other_are_named_before_any_search() {
    let study = root().join("shapes/demo/study.toml");
    let folder = tempfile::tempdir().expect("a folder");
    let rules = folder.path().join("rules.toml");
    let rule = "[[rule]]\nid = \"people\"\nname = \"人口\"\nstrength = \"hard\"\n\
        asks = { kind = \"population\", least = 5000, most = 100 }\n";
    fs::write(&rules, rule).expect("written");
    let (study, rules) = (study.to_string_lossy(), rules.to_string_lossy());
    for (flag, value, said) in [
        ("--zones", "8-4", "圏域の数 が 8 以上 4 以下です"),
        ("--rules", &rules, "規則 people の量 が 5000 以上 100 以下です"),
    ] {
        let output = keniki(&["propose", &study, flag, value]);
        assert_eq!(output.status.code(), Some(2));
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(message.contains(said) && !message.contains("節点"), "{message}");
    }
}

#[test]
fn an_island_without_ferry_is_told_once_and_the_mainland_has_its_zones() {
    let folder = tempfile::tempdir().expect("a folder");
    let cut = folder.path().join("cut.csv");
    fs::write(&cut, "unit_a,unit_b,edit,reason\n凪島村,松ヶ浦町,切る,欠航\n").expect("written");
    let (value, _) = proposed(folder.path(), &["--neighbours", &cut.to_string_lossy()]);
    assert_eq!(value["best"]["status"], "infeasible");
    let notices = value["notices"].as_array().expect("notices");
    assert_eq!(
        notices.iter().filter(|notice| notice.to_string().contains("部分ごとに圏域を定めます")).count(),
        1
    );
    let parts = value["conflict"]["parts"].as_array().expect("parts");
    let part = |is: fn(usize) -> bool| {
        let of = parts.iter().find(|part| is(part["units"].as_array().map_or(0, Vec::len)));
        of.expect("a part").clone()
    };
    let (mainland, island) = (part(|units| units == 23), part(|units| units == 1));
    assert_eq!((&mainland["status"], &mainland["broken_rules"]), (&"optimal".into(), &serde_json::json!([])));
    let zones = mainland["zones"].as_array().expect("zones").iter();
    let towns: usize = zones.map(|zone| zone["municipalities"].as_array().map_or(0, Vec::len)).sum();
    assert_eq!(towns, 23);
    assert_eq!((&island["status"], &island["units"]), (&"infeasible".into(), &serde_json::json!(["凪島村"])));
    assert!(!island["reasons"].as_array().expect("reasons").is_empty());
}

#[test]
fn a_city_is_split_by_the_planners_table_and_neighbours_are_edited_with_a_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let file = folder.path().join(name);
        fs::write(&file, text).expect("written");
        file.to_string_lossy().into_owned()
    };
    let units = write(
        "units.csv",
        "unit,muni_code,mesh,town\n汐見中央,汐見市,,本町\n汐見中央,汐見市,,港町\n汐見南,,,482010036001\n\
            汐見その他,48201,,\n山の手,奥楠村,,\n山の手,鷹上町,,\n山の手,月町,,\n飛地,雪見沢町,,\n飛地,岩滝野村,,\n",
    );
    let edits = "unit_a,unit_b,edit,reason\n凪島村,松ヶ浦町,切る,冬は欠航が多い\n";
    let cut = write("cut.csv", edits);
    let (value, bytes) = proposed(folder.path(), &["--units", &units, "--neighbours", &cut]);
    assert_eq!(value["best"]["status"], "infeasible", "the island alone has too little demand");
    let reasons = value["best"]["reasons"].to_string();
    assert!(reasons.contains("凪島村"), "{reasons}");
    assert_eq!(proposed(folder.path(), &["--units", &units, "--neighbours", &cut]).1, bytes);

    let bridged = write("bridge.csv", &format!("{edits}凪島村,汐見南,加える,計画中の橋\n"));
    let (value, _) = proposed(folder.path(), &["--units", &units, "--neighbours", &bridged]);
    assert_eq!(value["best"]["status"], "optimal");
    let told = &value["units"];
    let unit = |name: &str| {
        let all = told["units"].as_array().expect("a list");
        all.iter().find(|unit| unit["name"] == name).unwrap_or_else(|| panic!("{name}"))
    };
    assert_eq!(unit("山の手")["municipalities"], serde_json::json!(["48341", "48345"]));
    assert_eq!(unit("凪島村")["neighbours"], serde_json::json!(["汐見南"]));
    let city = ["汐見中央", "汐見南", "汐見その他"].map(unit);
    let people: u64 = city.iter().filter_map(|unit| unit["people"].as_u64()).sum();
    assert_eq!(people, 248_311);
    assert!(
        city.iter().all(|unit| unit["meshes"]["48201"].as_array().is_some_and(|cells| !cells.is_empty()))
    );
    assert_eq!(told["edits"][1]["reason"], "計画中の橋");
    let table = &told["tables"][0];
    assert_eq!((&table["rows_read"], &table["rows_quarantined"]), (&9.into(), &1.into()));
    assert_eq!(table["findings"][0]["said"], "月町");
    let pieces: Vec<_> = table["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter(|finding| finding["kind"] == "unit_in_pieces")
        .map(|finding| finding["said"].clone())
        .collect();
    assert_eq!(pieces, ["山の手", "飛地"]);
    let names: Vec<&str> = value["best"]["zones"]
        .as_array()
        .expect("a list")
        .iter()
        .flat_map(|zone| zone["names"].as_array().expect("names").iter().filter_map(Value::as_str))
        .collect();
    assert_eq!(names.iter().filter(|name| **name == "鷹上町").count(), 1);
    let is_whole = names.contains(&"汐見市");
    let is_split = ["汐見中央", "汐見南", "汐見その他"].iter().all(|name| names.contains(name));
    assert!(is_whole != is_split, "{names:?}");
}
