//! `keniki isochrone` on the demonstration prefecture.

mod support;

use geo::{BoundingRect, MultiPolygon, Relate, Validation, Winding};
use keniki::ingest::manifest::Manifest;
use keniki::ingest::read_study;
use keniki::ingest::study::Study;
use keniki::progress::Silent;
use serde_json::Value;
use std::path::Path;
use support::{json, keniki, keniki_succeeds, path_text, root};

fn study() -> String {
    path_text(&root().join("shapes/demo/study.toml")).to_owned()
}

/// The study as the program reads it.
fn read() -> Study {
    let manifest = Manifest::read(Path::new(&study())).expect("a manifest");
    read_study(&manifest, &Silent).expect("a study")
}

/// Where the town hall of 汐見市 stands.
fn town_hall() -> String {
    let study = read();
    let city = study.municipalities.iter().find(|one| one.name == "汐見市").expect("the city");
    let office = city.office.expect("a town hall");
    format!("{:.5},{:.5}", office.x(), office.y())
}

/// Runs the command with these arguments; the file that it wrote.
fn isochrone(arguments: &[&str]) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("reached.geojson");
    std::fs::write(&out, "an older file").expect("writable");
    let study = study();
    keniki_succeeds(&[&["isochrone", &study, "--out", path_text(&out)], arguments].concat());
    assert_eq!(std::fs::read_dir(folder.path()).expect("readable").count(), 1, "nothing else is left");
    json(folder.path(), "reached.geojson")
}

fn areas(file: &Value) -> Vec<MultiPolygon> {
    let features = file["features"].as_array().expect("features").iter();
    features
        .map(|feature| {
            let geometry: geojson::Geometry =
                serde_json::from_value(feature["geometry"].clone()).expect("a geometry");
            geometry.try_into().expect("areas")
        })
        .collect()
}

fn numbers(file: &Value, key: &str) -> Vec<f64> {
    let features = file["features"].as_array().expect("features").iter();
    features.map(|feature| feature["properties"][key].as_f64().expect("a number")).collect()
}

#[test]
fn areas_are_valid_and_nested_and_count_people_by_time() {
    let at = town_hall();
    let file = isochrone(&["--at", &at, "--minutes", "5,15,30,60,90"]);
    assert_eq!(file["type"], "FeatureCollection");
    assert!(file["title"].as_str().expect("a title").contains("架空の県の見本データ"));
    assert_eq!(numbers(&file, "minutes"), [5.0, 15.0, 30.0, 60.0, 90.0]);
    let people = numbers(&file, "total");
    assert!(people[0] > 0.0 && people.is_sorted() && people[4] <= 664_845.0, "{people:?}");
    for (class, older) in
        [("total", "age_65_plus"), ("age_65_plus", "age_75_plus"), ("age_75_plus", "age_85_plus")]
    {
        let pairs = numbers(&file, class).into_iter().zip(numbers(&file, older));
        assert!(pairs.into_iter().all(|(all, older)| older <= all), "{class}, {older}");
    }
    let properties = &file["features"][0]["properties"];
    assert_eq!(
        (&properties["direction"], &properties["profile"]),
        (&"outward".into(), &"planning-2026".into())
    );
    assert_eq!(properties["origin"], at);
    let areas = areas(&file);
    for area in &areas {
        assert!(area.is_valid(), "{:?}", area.check_validation());
        let bounds = area.bounding_rect().expect("not empty");
        assert!(
            bounds.min().x > 142.0
                && bounds.max().x < 142.9
                && bounds.min().y > 33.2
                && bounds.max().y < 33.9
        );
        for polygon in area {
            assert!(polygon.exterior().is_ccw() && polygon.interiors().iter().all(Winding::is_cw));
        }
    }
    assert!(areas.windows(2).all(|pair| pair[0].relate(&pair[1]).is_coveredby()));
}

#[test]
fn an_institution_is_an_origin_and_roads_are_cut() {
    let study = read();
    let known = study.institutions.into_iter().find(|one| one.position.is_some());
    let id = known.expect("an institution").id;
    let file = isochrone(&["--facility", &id, "--minutes", "10,20", "--inward", "--edges"]);
    assert_eq!(file["features"][1]["properties"]["direction"], "inward");
    assert_eq!(file["features"][1]["properties"]["origin"], id);
    let lines = |at: usize| {
        let geometry = &file["features"][at]["geometry"];
        assert_eq!(geometry["type"], "MultiLineString");
        geometry["coordinates"].as_array().expect("lines").len()
    };
    assert!(0 < lines(0) && lines(0) < lines(1));
}

#[test]
fn a_question_without_answer_is_told_with_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("reached.geojson");
    let study = study();
    for (arguments, expected) in [
        (&["--at", "142.5,33.5", "--minutes", "0,15"][..], "--minutes: 1から180までの分"),
        (&["--at", "142.5"], "経度,緯度を度で書いてください"),
        (&["--at", "-10,33.5"], "--at -10,33.5: 2000 m以内に道路がありません"),
        (&["--facility", "none"], "--facility none: この機関はありません"),
    ] {
        let output = keniki(&[&["isochrone", &study, "--out", path_text(&out)], arguments].concat());
        let log = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{log}");
        assert!(log.contains(expected), "{log}");
        assert!(!out.exists());
    }
}
