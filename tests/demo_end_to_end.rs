//! The demonstration prefecture through the real binary: plan, bytes, figures, server.

mod support;

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use support::server::{Server, get};
use support::{
    assert_certified, assert_same_bytes, assert_sound, json, keniki, keniki_succeeds, path_text, plan, root,
    row,
};

/// The demonstration planned from the files that the binary carries, once for all tests.
fn planned() -> &'static (tempfile::TempDir, PathBuf, Value) {
    static PLANNED: OnceLock<(tempfile::TempDir, PathBuf, Value)> = OnceLock::new();
    PLANNED.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("demo");
        keniki_succeeds(&["demo", "--no-serve", "--out", path_text(&out)]);
        let summary = json(&out, "summary.json");
        (folder, out, summary)
    })
}

#[test]
fn the_binary_alone_gives_the_bytes_that_the_committed_files_give() {
    let (folder, out, _) = planned();
    let from_files = folder.path().join("from-files");
    plan(&root().join("shapes/demo/study.toml"), &from_files);
    assert_same_bytes(out, &from_files);
}

#[test]
fn a_scenario_changes_what_it_names_and_an_empty_one_nothing() {
    let (folder, out, summary) = planned();
    let study = root().join("shapes/demo/study.toml");
    let under = |name: &str, scenario: &str| {
        let (file, planned) = (folder.path().join(name).with_extension("toml"), folder.path().join(name));
        std::fs::write(&file, scenario).expect("written");
        let asked = ["plan", path_text(&study), "--scenario", path_text(&file), "--out", path_text(&planned)];
        keniki_succeeds(&asked);
        planned
    };
    assert_same_bytes(out, &under("empty", "name = \"なにもしない\"\n"));
    let winter =
        json(&under("winter", "name = \"冬期\"\nseason = \"snow\"\nno_ferries = true\n"), "summary.json");
    let told = |summary: &Value| row(&summary["assumptions"], "subject", "交通の条件")["text"].clone();
    assert_eq!(told(summary), "平常の日の昼間。通行止めなし");
    assert_eq!(told(&winter), "シナリオ「冬期」の条件での所要時間");
    let island = |summary: &Value| row(&summary["municipality_table"], "code", "48381")["neighbours"].clone();
    assert_eq!(island(&winter), serde_json::json!([]), "without its ferry the island has no neighbour");
    let coverage = |summary: &Value| summary["coverage"].as_array().expect("rows").clone();
    for (normal, winter) in coverage(summary).into_iter().zip(coverage(&winter)) {
        assert_eq!(normal["service"], winter["service"]);
        assert!(winter["people"].as_u64() <= normal["people"].as_u64(), "{normal} {winter}");
    }
}

#[test]
fn people_and_institutions_are_those_that_were_invented() {
    let (_, _, summary) = planned();
    assert_sound(summary);
    assert_eq!(summary["study"]["invented"], true);
    assert_eq!(summary["municipalities"], 24);
    let population = &summary["population"];
    assert_eq!(population["total"], 664_845);
    assert_eq!(population["age_65_plus"], 212_817);
    assert_eq!(population["age_75_plus"], 113_959);
    assert_eq!(population["age_85_plus"], 39_793);
    for (class, count) in [
        ("支援診1", 2),
        ("支援診2", 15),
        ("支援診3", 35),
        ("支援病1", 1),
        ("支援病2", 4),
        ("支援病3", 5),
        ("在後病", 4),
        ("病院", 24),
        ("訪問看護", 29),
        ("歯援診2", 24),
        ("在薬", 80),
    ] {
        assert_eq!(summary["facilities"][class], count, "{class}");
    }
}

#[test]
fn the_lay_of_the_land_is_seen() {
    let (_, _, summary) = planned();
    let municipality = |code: &str| row(&summary["municipality_table"], "code", code);
    assert_eq!(municipality("48381")["neighbours"], serde_json::json!(["48321"]), "the island and its port");
    let ridge = municipality("48342")["touching_without_road"].as_array().expect("codes");
    assert!(ridge.contains(&"48363".into()), "two towns that touch without a road");
    let pass = municipality("48341")["neighbours"].as_array().expect("codes");
    assert!(pass.contains(&"48362".into()), "the pass road");
    let tunnel = municipality("48345")["neighbours"].as_array().expect("codes");
    assert!(tunnel.contains(&"48205".into()), "the tunnel");
}

#[test]
fn places_without_institutions_are_listed_with_their_people() {
    let (_, _, summary) = planned();
    let gaps = summary["gaps"].as_array().expect("gaps");
    let without = |service: &str| {
        let of_service = gaps.iter().filter(|gap| gap["service"] == service && gap["state"] == "none");
        let mut codes: Vec<&str> = of_service.filter_map(|gap| gap["municipality_code"].as_str()).collect();
        codes.sort_unstable();
        codes
    };
    let no_support_clinic =
        ["48304", "48341", "48342", "48343", "48344", "48345", "48363", "48364", "48365", "48381"];
    assert_eq!(without("在支診・在支病"), no_support_clinic);
    let mut no_nursing = [&no_support_clinic[..], &["48302", "48323", "48362"]].concat();
    no_nursing.sort_unstable();
    assert_eq!(without("訪問看護"), no_nursing);
    let others: Vec<&str> =
        gaps.iter().filter(|gap| gap["state"] != "none").filter_map(|gap| gap["service"].as_str()).collect();
    assert_eq!(others, ["訪問看護（24時間）", "訪問栄養"], "no file of the demonstration tells of them");
}

#[test]
fn the_audit_finds_the_bodies_that_are_no_medical_institutions_and_the_weak_area() {
    let (_, _, summary) = planned();
    let secondary = row(&summary["plans"], "id", "secondary");
    let verdict = |rule: &str| row(&secondary["audit"], "rule", rule);
    assert_eq!(verdict("active_is_medical")["verdict"], "fail");
    let named = verdict("active_is_medical")["reason"].as_str().expect("text");
    assert!(named.contains("3か所"), "{named}");
    assert_eq!(verdict("active")["verdict"], "fail");
    assert!(verdict("active")["reason"].as_str().expect("text").contains("北磯"));
    assert_eq!(verdict("linkage")["verdict"], "pass");
    assert_eq!(verdict("partition")["verdict"], "pass");
}

#[test]
fn both_proposals_are_proven_and_pass_the_checker() {
    let (_, _, summary) = planned();
    assert_certified(row(&summary["plans"], "id", "proposal-municipalities"));
    assert_certified(row(&summary["plans"], "id", "proposal-hokenjo"));
}

#[test]
fn the_server_answers_here_only_and_ends_cleanly() {
    let (_, out, summary) = planned();
    let server = Server::start(out);
    let address = server.address.as_str();

    let (head, body) = get(address, "/api/summary", address);
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert_eq!(&serde_json::from_slice::<Value>(&body).expect("JSON"), summary);
    let (head, tile) = get(address, "/tiles/municipalities/8/229/102", address);
    assert!(head.contains("application/vnd.mapbox-vector-tile") && !tile.is_empty(), "{head}");
    let (head, _) = get(address, "/", address);
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("text/html"), "{head}");
    let (head, _) = get(address, "/api/summary", "evil.example");
    assert!(head.starts_with("HTTP/1.1 403"), "{head}");
    let (head, _) = get(address, "/files/../../etc/passwd", address);
    assert!(head.starts_with("HTTP/1.1 404") || head.starts_with("HTTP/1.1 400"), "{head}");

    server.ends_cleanly();
}

#[test]
fn the_server_tells_who_is_reached_from_the_stored_network_alone() {
    let (_, out, summary) = planned();
    let hospital = facility(out, "病院");
    let server = Server::start(out);
    let people = summary["population"]["total"].as_u64().expect("people");
    for direction in ["outward", "inward"] {
        let path = format!("/api/isochrone?facility={hospital}&direction={direction}&minutes=15,30,45,60");
        let (head, body) = server.get(&path);
        assert!(head.starts_with("HTTP/1.1 200") && head.contains("application/geo+json"), "{head}");
        let contours: Value = serde_json::from_slice(&body).expect("GeoJSON");
        let contours = contours["features"].as_array().expect("features");
        assert_eq!(contours.len(), 4);
        let mut before = 0;
        for (contour, minutes) in contours.iter().zip([15, 30, 45, 60]) {
            let of = &contour["properties"];
            assert_eq!((&of["minutes"], &of["direction"]), (&minutes.into(), &direction.into()));
            assert_eq!(contour["geometry"]["type"], "MultiPolygon");
            assert!(!contour["geometry"]["coordinates"].as_array().expect("polygons").is_empty());
            let reached = of["total"].as_u64().expect("people");
            assert!(reached > before && reached <= people, "{minutes}: {reached}");
            before = reached;
        }
        let (head, body) = server.get(&format!("/api/reach?facility={hospital}&direction={direction}"));
        assert!(head.starts_with("HTTP/1.1 200") && head.contains("application/json"), "{head}");
        let reach: Value = serde_json::from_slice(&body).expect("JSON");
        for (contour, limit) in contours.iter().zip(reach["limits"].as_array().expect("limits")) {
            let of = &contour["properties"];
            assert_eq!(of["total"], limit["people"]["total"]);
            assert_eq!(of["age_75_plus"], limit["people"]["age_75_plus"]);
            assert_eq!(of["institutions"], limit["institutions"]);
        }
        assert_eq!(reach["institutions"][0]["id"], hospital.as_str(), "it is the nearest to itself");
    }
    let total = |conditions: &str| {
        let (head, body) = server.get(&format!("/api/reach?facility={hospital}&minutes=30{conditions}"));
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        let reach: Value = serde_json::from_slice(&body).expect("JSON");
        (reach["limits"][0]["people"]["total"].as_u64(), reach["people_without_way"]["total"].as_u64())
    };
    let normal = total("");
    assert!(total("&season=snow").0 < normal.0, "snow slows everybody");
    assert!(total("&ferries=off").1 > normal.1, "the island is cut off");
    assert_eq!(total("&season=normal&ferries=on&tolls=on"), normal);
    server.ends_cleanly();
}

#[test]
fn the_server_gives_a_row_of_the_matrix_with_a_reason_where_there_is_no_time() {
    let (_, out, _) = planned();
    let hospital = facility(out, "病院");
    let server = Server::start(out);
    let (head, body) = server.get(&format!("/api/matrix?facility={hospital}&direction=inward&limit=30"));
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("application/json"), "{head}");
    let row: Value = serde_json::from_slice(&body).expect("JSON");
    let cells = row["cells"].as_array().expect("cells");
    assert!(cells.len() > 2_000);
    for cell in cells {
        match cell["deciseconds"].as_u64() {
            Some(time) => assert!(time <= 18_000 && cell["reason"].is_null(), "{cell}"),
            None => assert!(cell["minutes"].is_null() && cell["reason"].is_string(), "{cell}"),
        }
    }
    let (head, body) = server.get(&format!("/api/matrix?facility={hospital}&limit=30&format=csv"));
    assert!(head.contains("text/csv; charset=utf-8"), "{head}");
    let text = String::from_utf8(body).expect("UTF-8");
    assert!(text.starts_with("\u{feff}機関コード,機関名,メッシュコード,"), "Excel knows it by the mark");
    assert_eq!(text.lines().count(), 1 + cells.len());
    assert!(text.contains(",上限時間超過\r\n"));
    server.ends_cleanly();
}

#[test]
fn what_the_server_cannot_answer_is_named_by_its_parameter() {
    let (_, out, _) = planned();
    let hospital = facility(out, "病院");
    let server = Server::start(out);
    for (path, expected) in [
        ("isochrone?minutes=15".to_owned(), "lon=経度&lat=緯度 か facility"),
        (format!("isochrone?facility={hospital}&lon=138&lat=35"), "どちらか一方"),
        (format!("isochrone?facility={hospital}&minutes=0"), "minutes=0: 1から180"),
        (format!("isochrone?facility={hospital}&minutes=181"), "minutes=181"),
        (format!("isochrone?facility={hospital}&minutes=1,2,3,4,5,6,7,8,9"), "8個まで"),
        (format!("isochrone?facility={hospital}&minutes=15&minutes=30"), "1回だけ"),
        (format!("isochrone?facility={hospital}&colour=red"), "colour=red: この名前の条件はありません"),
        (format!("reach?facility={hospital}&direction=up"), "direction=up: outward・inward"),
        (format!("reach?facility={hospital}&season=summer"), "season=summer: normal・snow"),
        ("reach?lon=NaN&lat=35.5".to_owned(), "lon=NaN"),
        ("reach?lon=0&lat=0".to_owned(), "（この県の範囲）"),
        (format!("matrix?facility={hospital}&limit=-1"), "limit=-1"),
        ("matrix".to_owned(), "facility=機関コード"),
        ("reach?%ff=%ff&facility=1".to_owned(), "この名前の条件はありません"),
    ] {
        let (head, body) = server.get(&format!("/api/{path}"));
        assert!(head.starts_with("HTTP/1.1 400") && head.contains("application/json"), "{path}: {head}");
        let error: Value = serde_json::from_slice(&body).expect("JSON");
        let message = error["error"].as_str().expect("words");
        assert!(message.contains(expected), "{path}: {message}");
    }
    let (head, _) = server.get("/api/reach?facility=nobody");
    assert!(head.starts_with("HTTP/1.1 404"), "{head}");
    server.ends_cleanly();
}

#[test]
fn the_commands_say_what_the_server_says() {
    let (folder, out, _) = planned();
    let study = root().join("shapes/demo/study.toml");
    let hospital = facility(out, "病院");
    let server = Server::start(out);
    let told = keniki_succeeds(&["reach", path_text(&study), "--facility", &hospital, "--inward", "--json"]);
    let told: Value = serde_json::from_slice(&told.stdout).expect("JSON");
    let (_, body) = server.get(&format!("/api/reach?facility={hospital}&direction=inward&minutes=15,30,60"));
    assert_eq!(serde_json::from_slice::<Value>(&body).expect("JSON"), told);
    let shown = keniki_succeeds(&["reach", path_text(&study), "--facility", &hospital, "--minutes", "30"]);
    assert!(String::from_utf8_lossy(&shown.stdout).contains("75歳以上"));

    let table = folder.path().join("matrix.csv");
    let arguments = ["matrix", path_text(&study), "--service", "病院", "--direction", "admissions"];
    let counted = keniki_succeeds(&[&arguments[..], &["--missing", "--out", path_text(&table)]].concat());
    let text = std::fs::read_to_string(&table).expect("written");
    let rows: Vec<&str> = text.lines().skip(1).filter(|row| row.starts_with(&hospital)).collect();
    let (_, body) =
        server.get(&format!("/api/matrix?facility={hospital}&direction=inward&limit=90&format=csv"));
    let served = String::from_utf8(body).expect("UTF-8");
    assert!(rows.iter().copied().eq(served.lines().skip(1)));
    let counts = String::from_utf8_lossy(&counted.stdout).into_owned();
    let sum: usize = counts.lines().filter_map(|line| line.rsplit(": ").next()?.parse::<usize>().ok()).sum();
    assert_eq!(sum, text.lines().count() - 1, "every pair is counted once: {counts}");
    server.ends_cleanly();
}

#[test]
fn findings_are_listed_and_measured_journeys_compared() {
    let (folder, ..) = planned();
    let study = root().join("shapes/demo/study.toml");
    let places = folder.path().join("findings.geojson");
    let told = keniki_succeeds(&["check", path_text(&study), "--out", path_text(&places)]);
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(told.contains("所見 ") && told.contains("located_at_municipality"), "{told}");
    let written: Value = serde_json::from_slice(&std::fs::read(&places).expect("written")).expect("GeoJSON");
    assert_eq!(written["type"], "FeatureCollection");

    let pairs = folder.path().join("pairs.csv");
    let (from, to) = (position(&planned().1, 0), position(&planned().1, 1));
    let row = format!("{},{},{},{},12.5\n", from.0, from.1, to.0, to.1);
    std::fs::write(&pairs, format!("from_lon,from_lat,to_lon,to_lat,minutes\n{row}0,0,0,0,1\n"))
        .expect("written");
    let told = keniki_succeeds(&["calibrate", path_text(&study), "--pairs", path_text(&pairs)]);
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(told.contains("比べた組: 1　比べられない組: 1"), "{told}");
    assert!(told.contains("出発地の近くに道路がない") && told.contains("差（計算−実測）の平均"), "{told}");
}

#[test]
fn commands_refuse_what_they_cannot_use_in_one_message() {
    let (folder, ..) = planned();
    let study = root().join("shapes/demo/study.toml");
    let study = path_text(&study);
    let out = folder.path().join("never.csv");
    for (arguments, expected) in [
        (vec!["reach", study, "--facility", "nobody"], "--facility nobody: この機関はありません"),
        (vec!["reach", study, "--at", "0,0"], "m以内に道路がありません"),
        (vec!["reach", study, "--at", "138,35", "--minutes", "0"], "--minutes: 1から180"),
        (vec!["matrix", study, "--service", "往診車", "--out", path_text(&out)], "このサービスはありません"),
        (vec!["calibrate", study, "--pairs", "/nowhere.csv"], "/nowhere.csv"),
    ] {
        let output = keniki(&arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let log = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(log.contains("エラー: ") && log.contains(expected), "{arguments:?}: {log}");
    }
    assert!(!out.exists());
}

/// Id of the first located institution of a kind.
fn facility(out: &Path, kind: &str) -> String {
    let layer = json(out, "layers/facilities.geojson");
    let features = layer["features"].as_array().expect("features");
    let is_of_kind = |feature: &&Value| {
        feature["properties"]["kind"] == kind && feature["properties"]["precision"] == "point"
    };
    let found = features.iter().find(is_of_kind).expect("an institution");
    found["properties"]["id"].as_str().expect("an id").to_owned()
}

/// Where the nth located institution is.
fn position(out: &Path, nth: usize) -> (f64, f64) {
    let layer = json(out, "layers/facilities.geojson");
    let features = layer["features"].as_array().expect("features");
    let mut points = features.iter().filter_map(|feature| feature["geometry"]["coordinates"].as_array());
    let point = points.nth(nth).expect("a point");
    (point[0].as_f64().expect("degrees"), point[1].as_f64().expect("degrees"))
}
