//! Demand of the demonstration prefecture over HTTP: from what `keniki plan` stored, the same figures as
//! `keniki demand` gets from the official files.

mod support;

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::OnceLock;
use support::server::Server;
use support::{json, keniki_succeeds, path_text, planned_demo, root, table};

/// What the command says, once for all tests.
fn commanded() -> &'static (tempfile::TempDir, PathBuf) {
    static COMMANDED: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    COMMANDED.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("demand");
        let study = root().join("shapes/demo/study.toml");
        keniki_succeeds(&["demand", path_text(&study), "--out", path_text(&out)]);
        (folder, out)
    })
}

fn array(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

fn close(a: f64, b: f64, told: &str) {
    assert!((a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-12), "{told}: {a}, not {b}");
}

#[test]
fn the_zones_of_every_plan_sum_to_the_official_total_in_every_year() {
    let server = Server::start(planned_demo());
    let summary = json(planned_demo(), "summary.json");
    let layers: Vec<String> = array(&server.answer("demand")["layers"])
        .iter()
        .map(|layer| layer["id"].as_str().expect("text").to_owned())
        .collect();
    assert_eq!(layers.len(), 12);
    let mut plans = 0;
    for plan in array(&summary["plans"]).iter().filter(|plan| !array(&plan["zones"]).is_empty()) {
        plans += 1;
        let codes = |zone: &Value| {
            array(&zone["municipalities"]).iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")
        };
        let zones: Vec<String> = array(&plan["zones"]).iter().map(codes).collect();
        for layer in &layers {
            let answer = server.answer(&format!("demand?layer={layer}&zones={}", zones.join(";")));
            assert_eq!(array(&answer["zones"]).len(), zones.len());
            let years = answer["prefecture"]["years"].as_object().expect("years");
            assert_eq!(years.keys().next().map(String::as_str), Some("2020"));
            assert_eq!(years.len(), 31, "2020 to 2050, each year");
            for (year, whole) in years {
                for of in ["low", "mid", "high", "age_85_plus"] {
                    let sum: f64 =
                        array(&answer["zones"]).iter().map(|zone| number(&zone["years"][year][of])).sum();
                    close(sum, number(&whole[of]), &format!("{} {layer} {year} {of}", plan["id"]));
                }
                if let (Some(official), "訪問診療") = (summary["demand"]["years"].get(year), layer.as_str())
                {
                    close(number(&whole["mid"]), number(official), year);
                }
            }
        }
    }
    assert!(plans >= 5, "{plans}");
    server.ends_cleanly();
}

#[test]
fn peaks_and_years_of_shortfall_are_those_of_the_command() {
    let server = Server::start(planned_demo());
    let peaks = table(&commanded().1, "peaks.csv");
    let shortfalls = table(&commanded().1, "shortfalls.csv");
    let layers: BTreeSet<&str> = peaks.iter().map(|row| row["層"].as_str()).collect();
    let mut compared = 0;
    for layer in layers {
        let answer = server.answer(&format!("demand?layer={layer}"));
        for row in peaks.iter().filter(|row| row["層"] == layer && row["圏域の種類"] == "市区町村")
        {
            let area = &answer["municipalities"][&row["圏域コード"]];
            assert_eq!(area["peak"]["year"].to_string(), row["ピークの年"], "{row:?}");
            for (word, column) in
                [("low", "低"), ("mid", "中"), ("high", "高"), ("age_85_plus", "中のうち85歳以上")]
            {
                let told: f64 = row[column].parse().expect("a number");
                assert!((number(&area["peak"][word]) - told).abs() <= 5.1e-7, "{row:?}");
            }
        }
        for scenario in array(&answer["scenarios"]) {
            let rows = shortfalls
                .iter()
                .filter(|row| scenario["name"] == row["仮定"] && row["圏域の種類"] == "市区町村");
            for row in rows {
                let balance = &answer["municipalities"][&row["圏域コード"]]["balances"]
                    [scenario["id"].as_str().expect("an id")];
                let columns = ["不足する年（需要 低）", "不足する年（需要 中）", "不足する年（需要 高）"];
                for (short, column) in array(&balance["short"]).iter().zip(columns) {
                    let told = match (short["from"].as_u64(), short["not_before"].as_u64()) {
                        (Some(year), _) => year.to_string(),
                        (None, Some(year)) => format!("{year}年まで不足しない"),
                        (None, None) => "不明".to_owned(),
                    };
                    assert_eq!(told, row[column], "{row:?}");
                    compared += 1;
                }
            }
        }
    }
    assert_eq!(compared, 7 * 24 * 3, "seven scenarios in 24 municipalities against three demands");
    server.ends_cleanly();
}

#[test]
fn the_cells_of_every_municipality_add_up_to_its_demand() {
    let server = Server::start(planned_demo());
    for (layer, year) in [
        ("訪問診療", 2021),
        ("訪問診療", 2037),
        ("訪問診療（居宅）", 2040),
        ("訪問看護", 2033),
        ("死亡（自宅）", 2050),
    ] {
        let answer = server.answer(&format!("demand?layer={layer}"));
        let cells = server.answer(&format!("demand/cells?layer={layer}&year={year}"));
        let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
        for cell in array(&cells["features"]) {
            let of = &cell["properties"];
            *sums.entry(of["municipality_code"].as_str().expect("a code")).or_default() +=
                number(&of["demand"]);
        }
        let municipalities = answer["municipalities"].as_object().expect("municipalities");
        assert_eq!(municipalities.len(), 24);
        for (code, area) in municipalities {
            let told = number(&area["years"][year.to_string()]["mid"]);
            assert!(
                (sums[code.as_str()] - told).abs() < 1e-6 * told,
                "{layer} {year} {code}: {} of {told}",
                sums[code.as_str()]
            );
        }
    }
    server.ends_cleanly();
}

#[test]
fn every_number_comes_with_formula_source_and_tag() {
    let server = Server::start(planned_demo());
    let mut assumed = 0;
    for name in array(&server.answer("demand")["layers"]) {
        let answer = server.answer(&format!("demand?layer={}", name["id"].as_str().expect("an id")));
        assert_eq!(answer["layer"]["tag"], name["tag"]);
        assert!(
            answer["layer"]["formula"].as_str().is_some_and(|formula| formula.contains('＝')
                || formula.contains('×')
                || formula.contains('D'))
        );
        let of_scenarios = array(&answer["scenarios"]).iter().flat_map(|one| array(&one["assumptions"]));
        for row in array(&answer["layer"]["assumptions"]).iter().chain(of_scenarios) {
            let tag = row["tag"].as_str().expect("a tag");
            assert!(["V", "D", "M", "A"].contains(&tag), "{row}");
            assert!(tag == "D" || row["source"] != "", "{row}");
            assumed += usize::from(tag == "A");
        }
    }
    assert!(assumed > 20, "{assumed}");
    let home = server.answer("demand");
    let parts: Vec<&str> =
        array(&home["layer"]["parts"]).iter().filter_map(|part| part["id"].as_str()).collect();
    assert_eq!(parts, ["訪問診療（居宅）", "訪問診療（施設）"]);
    assert_eq!(home["official_years"], serde_json::json!([2024, 2030, 2035, 2040, 2045, 2050]));
    let cohorts = array(&home["cohorts"]);
    let is_unknown = |one: &Value| one["years"].as_object().is_some_and(serde_json::Map::is_empty);
    assert!(cohorts.len() == 3 && cohorts.iter().all(is_unknown), "no counts are loaded");
    server.ends_cleanly();
}

#[test]
fn what_cannot_be_meant_is_named() {
    let server = Server::start(planned_demo());
    for (path, expected) in [
        ("demand?layer=往診車", "layer=往診車: この名前のものはありません。使えるもの: 訪問診療"),
        ("demand?zones=48201;99999", "zones=99999: この市区町村はありません"),
        ("demand?zones=48201,48202;48201", "zones=48201: 市区町村は一つの圏域だけに"),
        ("demand?year=2040", "year=2040: この名前の条件はありません"),
        ("demand/cells?layer=訪問診療", "year=: 人口か需要推計の分かる2020から2070まで"),
        ("demand/cells?year=2019", "year=2019: 人口か需要推計の分かる2020から2070まで"),
        ("demand/cells?year=2071", "year=2071"),
        ("demand/cells?year=-5", "year=-5"),
    ] {
        let (status, answer) = server.ask(path);
        let message = answer["error"].as_str().expect("words");
        assert_eq!(status, 400, "{path}: {message}");
        assert!(message.contains(expected), "{path}: {message}");
    }
    server.ends_cleanly();
}
