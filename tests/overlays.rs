//! Overlay zonings from the real binary on the invented prefecture: dentistry, children whom the prefecture
//! counts, a zone across the border, and what is published of them.

mod support;

use serde_json::{Value, json};
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use support::{files, keniki, keniki_succeeds, path_text, plan, root};

/// The town that lies in another prefecture here.
const TOWN: &str = "48363";
const BEYOND: &str = "47363";

/// The demonstration with one of its towns beyond the border: its boundary and one of its clinics have codes
/// of another prefecture. `more` is added to the manifest, `neighbours` to its `[study]`.
fn study(folder: &Path, neighbours: &str, more: &str) -> PathBuf {
    let demo = root().join("shapes/demo");
    let read = |name: &str| fs::read(demo.join(name)).expect(name);
    let mut boundary = zip::ZipArchive::new(Cursor::new(read("N03-20220101_48_GML.zip"))).expect("a zip");
    for at in 0..boundary.len() {
        let mut member = boundary.by_index(at).expect("a member");
        let Some(name) = member.name().rsplit('/').next().filter(|name| !name.is_empty()).map(str::to_owned)
        else {
            continue;
        };
        let mut bytes = Vec::new();
        member.read_to_end(&mut bytes).expect("read");
        if name.to_lowercase().ends_with(".dbf") {
            let places: Vec<usize> =
                (0..bytes.len() - 5).filter(|at| bytes[*at..].starts_with(TOWN.as_bytes())).collect();
            assert!(!places.is_empty());
            for at in places {
                bytes[at..at + 5].copy_from_slice(BEYOND.as_bytes());
            }
        }
        fs::write(folder.join(name), bytes).expect("written");
    }
    let clinics = String::from_utf8(read("02-1_clinic_facility_info_20250601.csv")).expect("UTF-8");
    let head = clinics.lines().next().expect("a heading");
    let row =
        clinics.lines().find(|line| line.contains("北条胃腸科クリニック")).expect("the clinic of the town");
    let row =
        row.replacen("4823630001830", "4723630001830", 1).replacen("\"48\",\"363\"", "\"47\",\"363\"", 1);
    fs::write(folder.join("clinics_47.csv"), format!("{head}\n{row}\n")).expect("written");
    // The same cells as the files of the other prefecture: the people of its side of the border.
    let mut census = zip::ZipArchive::new(Cursor::new(read("tblT001101H48.zip"))).expect("a zip");
    let mut cells = Vec::new();
    census.by_index(0).expect("the table").read_to_end(&mut cells).expect("read");
    fs::write(folder.join("tblT001101H47.txt"), cells).expect("written");
    let mut projected =
        zip::ZipArchive::new(Cursor::new(read("500m_mesh_2024_48_GEOJSON.zip"))).expect("a zip");
    let mut cells = String::new();
    projected.by_index(1).expect("the layer").read_to_string(&mut cells).expect("read");
    let of_beyond: String = cells
        .lines()
        .map(|line| match line.split_once("\"SHICODE\":\"") {
            Some((before, rest)) => {
                let after = rest.split_once('"').expect("a code").1;
                format!("{before}\"SHICODE\":\"{BEYOND}\"{after}\n")
            }
            None => format!("{line}\n"),
        })
        .collect();
    assert!(of_beyond.contains(BEYOND));
    fs::write(folder.join("500m_mesh_2024_47.geojson"), of_beyond).expect("written");
    let text = String::from_utf8(read("study.toml")).expect("UTF-8");
    let text = text
        .replace("path = \"", &format!("path = \"{}/", path_text(&demo)))
        .replace(&format!("{}/N03-20220101_48_GML.zip", path_text(&demo)), "N03-22_48_220101.shp")
        .replacen("invented = true", &format!("invented = true\n{neighbours}"), 1);
    let own = "[[input]]\nkind = \"iryo_joho_net\"\npath = \"clinics_47.csv\"\n\
        [[input]]\nkind = \"census_mesh\"\npath = \"tblT001101H47.txt\"\n\
        [[input]]\nkind = \"future_mesh\"\npath = \"500m_mesh_2024_47.geojson\"\n\
        [[input]]\nkind = \"cohort_counts\"\npath = \"children.csv\"\n";
    let manifest = folder.join("study.toml");
    fs::write(&manifest, format!("{text}\n{own}\n{more}")).expect("written");
    let codes = fs::read_to_string(demo.join("hokenjo_48.csv")).expect("UTF-8");
    let codes = codes.lines().skip(1).filter_map(|line| line.split(',').nth(1));
    let count = |(at, code): (usize, &str)| {
        let code = if code == TOWN { BEYOND } else { code };
        format!(
            "医療的ケア児,{code},2024,{}\n",
            if at % 5 == 4 { "1–9".to_owned() } else { (12 + at).to_string() }
        )
    };
    let rows: String = codes.enumerate().map(count).collect();
    fs::write(folder.join("children.csv"), format!("区分,市区町村コード,年,人数\n{rows}")).expect("written");
    let overlay = "id = \"小児\"\nneeds_hub = false\nbeyond = true\nleast_demand = 0\ntravel_limit_minutes = 150\n\
        travel_share = 0.5\ndemand = { kind = \"cohort\", cohort = \"医療的ケア児\", ages = \"under_65\" }\n\
        providers = { kind = \"service\", service = \"訪問診療\" }\n";
    fs::write(folder.join("children.toml"), overlay).expect("written");
    manifest
}

const NEIGHBOURS: &str = "neighbours = [\"47363\"]\n";

fn proposed(manifest: &Path, overlay: &str, flags: &[&str]) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("proposal.json");
    let arguments = ["propose", path_text(manifest), "--overlay", overlay, "--out", path_text(&out)];
    keniki_succeeds(&[&arguments[..], flags].concat());
    serde_json::from_slice(&fs::read(out).expect("written")).expect("JSON")
}

#[test]
fn dentistry_has_zones_of_its_own_over_any_units() {
    let manifest = root().join("shapes/demo/study.toml");
    for units in ["市町村", "二次医療圏"] {
        let value = proposed(&manifest, "歯科", &["--units", units]);
        assert_eq!(value["overlay"]["overlay"], "歯科");
        assert_eq!(value["overlay"]["minutes"], "件・分/月");
        let best = &value["best"];
        if best["status"] == "optimal" {
            assert_eq!(best["gap"], 0.0);
            for zone in best["zones"].as_array().expect("zones") {
                for unit in zone["served"].as_array().expect("units") {
                    assert!(unit["institutions"][0]["institution"].is_string(), "{unit}");
                }
            }
        } else {
            assert!(!best["reasons"].as_array().expect("reasons").is_empty(), "{best:#}");
        }
    }
}

#[test]
fn without_counts_the_answer_says_what_to_bring() {
    let manifest = root().join("shapes/demo/study.toml");
    let output = keniki(&["propose", path_text(&manifest), "--overlay", "小児"]);
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(
        message.contains("「医療的ケア児」の人数は未登録です") && message.contains("cohort_counts"),
        "{message}"
    );
    let output = keniki(&["propose", path_text(&manifest), "--overlay", "眼科"]);
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("「眼科」はありません。小児・医療的ケア児、歯科"), "{message}");
}

#[test]
fn a_zone_for_children_takes_in_a_town_beyond_the_border() {
    let folder = tempfile::tempdir().expect("a folder");
    let manifest = study(folder.path(), NEIGHBOURS, "");
    let file = folder.path().join("children.toml");
    let value = proposed(&manifest, path_text(&file), &[]);
    assert_eq!(value["best"]["status"], "optimal", "{:#}", value["best"]);
    assert_eq!(value["overlay"]["beyond"], json!(["汐見県雪見沢町"]));
    assert_eq!(value["overlay"]["minutes"], "人・分");
    let zones = value["best"]["zones"].as_array().expect("zones");
    let codes =
        |zone: &Value| serde_json::from_value::<Vec<String>>(zone["municipalities"].clone()).expect("codes");
    let across = zones.iter().map(codes).find(|zone| zone.contains(&BEYOND.to_owned())).expect("in a zone");
    assert!(across.iter().any(|code| code.starts_with("48")), "{across:?}");
    assert_eq!(zones.iter().map(|zone| codes(zone).len()).sum::<usize>(), 24);
    let counts = value["overlay"]["counts"].as_array().expect("counts");
    let people: Vec<&str> = counts.iter().filter_map(|count| count["people"].as_str()).collect();
    assert!(
        people.contains(&"1–9")
            && people
                .iter()
                .all(|said| said.parse().is_ok_and(|n: u32| n >= 10) || ["1–9", "秘匿"].contains(said)),
        "{people:?}"
    );
    let assumptions = value["overlay"]["assumptions"].to_string();
    assert!(assumptions.contains("汐見県の「訪問診療」の機関は未登録"), "{assumptions}");
}

#[test]
fn published_overlays_stand_beside_the_plans_and_change_none_of_their_figures() {
    let folder = tempfile::tempdir().expect("a folder");
    let overlays =
        "[[overlay]]\nname = \"children.toml\"\n[[overlay]]\nname = \"歯科\"\nunits = \"消防庁\"\n";
    let with = folder.path().join("with");
    plan(&study(folder.path(), NEIGHBOURS, overlays), &with);
    let without = folder.path().join("without");
    plan(&study(folder.path(), "", ""), &without);
    for (name, bytes) in files(&without) {
        let differs = ["findings.json", "tables.xlsx", "study.gpkg", "beside.json"];
        let name = name.strip_prefix(&without).unwrap_or(&name).to_owned();
        if !differs.contains(&path_text(&name)) && !name.ends_with("findings.geojson") {
            let other =
                fs::read(with.join(&name)).unwrap_or_else(|error| panic!("{}: {error}", name.display()));
            assert!(other == bytes, "{} differs", name.display());
        }
    }
    let answers = support::json(&with, "overlays.json");
    assert_eq!(answers.as_array().map(Vec::len), Some(1));
    assert_eq!(answers[0]["best"]["status"], "optimal");
    let layer = support::json(&with, "layers/overlay_zones.geojson");
    let rows = layer["features"].as_array().expect("features");
    assert_eq!(rows.len(), answers[0]["best"]["zones"].as_array().map_or(0, Vec::len));
    assert!(
        rows.iter().all(|row| row["properties"]["served_by"].as_str().is_some_and(|said| !said.is_empty()))
    );
    let findings = support::json(&with, "findings.json")["findings"].clone();
    let missing = findings.as_array().expect("findings").iter().find(|one| one["kind"] == "no_overlay");
    let meant = missing.and_then(|one| one["meant"].as_str()).expect("told");
    assert!(meant.contains("単位「消防庁」はありません"), "{meant}");
}

#[test]
fn a_neighbour_that_no_file_holds_or_that_is_no_neighbour_is_refused() {
    for (neighbours, word) in
        [("neighbours = [\"47999\"]\n", "47999"), ("neighbours = [\"48201\"]\n", "この県の市区町村")]
    {
        let folder = tempfile::tempdir().expect("a folder");
        let manifest = study(folder.path(), neighbours, "");
        let output = keniki(&["propose", path_text(&manifest), "--overlay", "歯科"]);
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains(word) && message.contains("neighbours"), "{message}");
    }
}
