//! `keniki shortage` on the demonstration prefecture with the real binary. The figures of 訪問診療 are
//! those of `tests/oracle/shortages.py`, which recomputes them from the travel times of `keniki plan`
//! with PROJ's geodesics.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use support::{assert_same_bytes, files, json, keniki, keniki_succeeds, path_text, root};

/// A row of a table by the names of its columns.
type Row = BTreeMap<String, String>;

/// The shortages of the demonstration, once for all tests: folder, output, and what was printed.
fn listed() -> &'static (tempfile::TempDir, PathBuf, String) {
    static LISTED: OnceLock<(tempfile::TempDir, PathBuf, String)> = OnceLock::new();
    LISTED.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("shortage");
        let printed = list(&out);
        (folder, out, printed)
    })
}

fn list(out: &Path) -> String {
    let study = root().join("shapes/demo/study.toml");
    let output = keniki_succeeds(&["shortage", path_text(&study), "--out", path_text(out)]);
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn table(name: &str) -> Vec<Row> {
    rows_of(&listed().1.join(name))
}

fn rows_of(file: &Path) -> Vec<Row> {
    let text = fs::read_to_string(file).expect("readable");
    let text = text.strip_prefix('\u{feff}').expect("the mark by which Excel knows UTF-8");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.expect("as many fields as the header")).collect()
}

fn of_service(name: &str, service: &str) -> Vec<Row> {
    table(name).into_iter().filter(|row| row["サービス"] == service).collect()
}

fn sum(rows: &[Row], column: &str) -> u32 {
    rows.iter().map(|row| row[column].parse::<u32>().expect("a count")).sum()
}

#[test]
fn every_table_is_there_and_whole() {
    let names: Vec<String> =
        files(&listed().1).into_iter().map(|(name, _)| name.display().to_string()).collect();
    assert_eq!(
        names,
        [
            "README.txt",
            "capacities.csv",
            "catchments.csv",
            "depth.csv",
            "losses.csv",
            "shortages.csv",
            "shortages.geojson",
            "siting.csv"
        ]
    );
    for (name, rows) in [("catchments.csv", 2_649), ("capacities.csv", 96), ("siting.csv", 5)] {
        assert_eq!(table(name).len(), rows, "{name}");
    }
    // 24 municipalities, 14 services, 4 levels; of two more services no file tells.
    assert_eq!(table("depth.csv").len(), 24 * (14 * 4 + 2));
    let map = json(&listed().1, "shortages.geojson");
    assert_eq!(map["features"].as_array().expect("features").len(), 2_200);
}

#[test]
fn municipalities_and_cells_tell_the_causes_in_people() {
    let rows = of_service("shortages.csv", "訪問診療");
    let kind =
        |kind: &str| -> Vec<Row> { rows.iter().filter(|row| row["区分"] == kind).cloned().collect() };
    let (municipalities, cells) = (kind("市区町村"), kind("メッシュ"));
    assert_eq!((municipalities.len(), cells.len()), (24, 1_726));
    for rows in [&municipalities, &cells] {
        assert_eq!(sum(rows, "人数"), 222_475);
        assert_eq!(sum(rows, "16km以内になし_人数"), 132);
        assert_eq!(sum(rows, "時間内になし_人数"), 4_667);
        assert_eq!(sum(rows, "夜間・休日だけ届かない_人数"), 1_723);
        assert_eq!(sum(rows, "1か所だけ_人数"), 14_761);
        assert_eq!(sum(rows, "提供量の不足（仮定A）_人数"), 216_180);
    }
    assert_eq!(sum(&municipalities, "計画速度_届かない人数"), 132 + 4_667);
    let first = &municipalities[0];
    assert_eq!((first["順位"].as_str(), first["市区町村"].as_str()), ("1", "凪島村"));
    assert_eq!((first["人数"].as_str(), first["原因"].as_str()), ("1512", "時間内になし"));
    let nursing = of_service("shortages.csv", "訪問看護");
    assert!(
        nursing.iter().all(|row| row["夜間・休日だけ届かない_人数"] == "不明"),
        "no file tells of nights"
    );
}

#[test]
fn the_error_of_places_leaves_some_uncertain_around_those_whom_the_points_put_outside() {
    let of = |service: &str, kind: &str, column: &str| {
        let rows = of_service("shortages.csv", service);
        sum(&rows.into_iter().filter(|row| row["区分"] == kind).collect::<Vec<_>>(), column)
    };
    let standings = ["16km以内_人数", "16kmの判定が不確か_人数", "16kmの外_人数"];
    let all = |service: &str| standings.map(|column| of(service, "市区町村", column));
    // Counted by another program too, with Vincenty's formula; no visiting institution of the demonstration is
    // known by its town only, so these do not depend on the error of towns.
    assert_eq!(all("訪問診療"), [664_585, 161, 99]);
    assert_eq!(all("訪問歯科"), [651_422, 1_659, 11_764]);
    for service in ["訪問診療", "訪問歯科", "訪問薬剤", "在支診・在支病"] {
        let [within, uncertain, outside] = all(service);
        assert_eq!(within + uncertain + outside, 664_845, "{service}");
        let by_points = of(service, "市区町村", "16km以内になし_人数");
        assert!((outside..=outside + uncertain).contains(&by_points), "{service}: {by_points}");
        let listed: u32 = standings.iter().map(|column| of(service, "メッシュ", column)).sum();
        assert_eq!(listed, of(service, "メッシュ", "人数"), "{service}");
    }
    assert!(of_service("shortages.csv", "訪問看護").iter().all(|row| row["16km以内_人数"].is_empty()));
    assert!(listed().2.contains("16kmの内か外か不確かな人: 161人"), "{}", listed().2);
}

#[test]
fn a_scenario_changes_who_is_reached_and_is_named_and_an_empty_one_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let under = |scenario: &str| {
        let (file, out) = (folder.path().join("scenario.toml"), folder.path().join("out"));
        fs::write(&file, scenario).expect("written");
        let study = root().join("shapes/demo/study.toml");
        let arguments =
            ["shortage", path_text(&study), "--scenario", path_text(&file), "--out", path_text(&out)];
        let told = keniki_succeeds(&arguments).stderr;
        (out, String::from_utf8(told).expect("UTF-8"))
    };
    let (normal, told) = under("name = \"いつもの日\"\nclosed_ways = [-7]\n");
    assert!(told.contains("注意: -7: "), "{told}");
    assert_same_bytes(&listed().1, &normal);
    let (winter, _) = under("name = \"冬の日\"\nseason = \"snow\"\n");
    let text = fs::read_to_string(winter.join("README.txt")).expect("readable");
    assert!(text.contains("道路の条件: 冬の日"), "{text}");
    let unreached = |out: &Path| {
        let rows = rows_of(&out.join("shortages.csv"));
        let of = |row: &Row| row["サービス"] == "訪問診療" && row["区分"] == "市区町村";
        sum(&rows.into_iter().filter(of).collect::<Vec<_>>(), "計画速度_届かない人数")
    };
    assert!(unreached(&winter) > unreached(&listed().1), "{}", unreached(&winter));
}

#[test]
fn depth_and_losses_count_everybody_who_depends() {
    let depth = of_service("depth.csv", "訪問診療");
    let level = |level: &str| {
        let rows: Vec<Row> = depth.iter().filter(|row| row["か所数"] == level).cloned().collect();
        sum(&rows, "人数")
    };
    assert_eq!(["0", "1", "2", "3以上"].map(level), [4_799, 14_761, 16_101, 629_184]);
    let losses = of_service("losses.csv", "訪問診療");
    assert_eq!(losses.len(), 96);
    assert_eq!(sum(&losses, "届かなくなる_人数"), 14_761, "each depends on one");
    assert_eq!((losses[0]["機関名"].as_str(), losses[0]["届かなくなる_人数"].as_str()), ("黒沢内科", "7359"));
    for loss in &losses {
        let seeks = loss["24時間の体制"] == "届出なし";
        assert!(seeks || loss["近い連携相手1"].is_empty(), "{loss:?}");
    }
}

#[test]
fn added_providers_reach_more_and_more_with_proof() {
    let steps = table("siting.csv");
    let people = |column: &str| -> Vec<u32> {
        steps.iter().map(|row| row[column].parse().expect("a count")).collect()
    };
    assert_eq!(people("厳密解_届く75歳以上"), [113_076, 113_319, 113_449, 113_571, 113_603]);
    let now = people("今届く75歳以上");
    assert_eq!(now, [112_623; 5]);
    for (row, (best, now)) in steps.iter().zip(people("厳密解_届く75歳以上").iter().zip(&now)) {
        assert_eq!((row["証明"].as_str(), row["差"].as_str()), ("最適", "0.000000"));
        assert!(row["貪欲解_届く75歳以上"].parse::<u32>().expect("a count") <= *best);
        assert_eq!(row["新たに届く_75歳以上"].parse::<u32>().expect("a count"), best - now);
    }
}

#[test]
fn the_terminal_shows_the_first_ten_and_the_text_names_every_source() {
    let (_, out, printed) = listed();
    assert!(printed.starts_with("訪問診療が足りない市区町村 24"), "{printed}");
    assert!(printed.contains("\n  1. 凪島村 1512人（75歳以上 453人）: 時間内になし 1512人 → "), "{printed}");
    assert!(printed.contains("\n 10. ") && !printed.contains("\n 11. "), "{printed}");
    let text = fs::read_to_string(out.join("README.txt")).expect("readable");
    for source in ["Luo & Wang 2003", "保医発0305第6号", "支援診3: 医師0.3人〔A〕", "shiomi-roads.osm.pbf"]
    {
        assert!(text.contains(source), "{source}");
    }
}

#[test]
fn a_second_run_replaces_the_first_with_the_same_bytes() {
    let (folder, out, _) = listed();
    let again = folder.path().join("again");
    list(&again);
    list(&again);
    assert_same_bytes(out, &again);
}

/// The message of a refusal.
fn refusal(arguments: &[&str]) -> String {
    let output = keniki(&[&["shortage"], arguments].concat());
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8(output.stderr).expect("UTF-8")
}

#[test]
fn no_roads_an_unknown_service_and_a_planned_study_in_the_way_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files(&root().join("shapes/demo")) {
        fs::write(folder.path().join(name), bytes).expect("written");
    }
    let manifest = folder.path().join("study.toml");
    let text = fs::read_to_string(&manifest).expect("readable");
    let (before, roads) = text.split_once("[[input]]\nkind = \"roads_osm\"").expect("roads");
    let (_, after) = roads.split_once("\n\n").expect("more");
    fs::write(&manifest, format!("{before}{after}")).expect("written");
    let out = folder.path().join("out");
    let (study, out) = (path_text(&manifest), path_text(&out));
    let message = refusal(&[study, "--out", out]);
    assert!(message.contains("roads_osm") && message.contains(".osm.pbf"), "{message}");
    let message = refusal(&[study, "--service", "往診車", "--out", out]);
    assert!(message.contains("往診車") && message.contains("訪問診療"), "{message}");
    fs::create_dir(out).expect("created");
    fs::write(Path::new(out).join("summary.json"), "a planned study").expect("written");
    let message = refusal(&[study, "--out", out]);
    assert!(message.contains("summary.json"), "{message}");
    assert_eq!(files(Path::new(out)), [(PathBuf::from("summary.json"), b"a planned study".to_vec())]);
}
