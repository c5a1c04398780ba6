//! `keniki week` on the demonstration prefecture with the real binary: as it is, and with opening
//! hours, a 輪番 sheet and limits of its own.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use support::{assert_same_bytes, files, json, keniki, keniki_succeeds, path_text, root, table};

/// A row of a table by the names of its columns.
type Row = BTreeMap<String, String>;

fn run(study: &Path, out: &Path, options: &[&str]) -> String {
    let output = keniki_succeeds(&[&["week", path_text(study), "--out", path_text(out)], options].concat());
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn count(row: &Row, column: &str) -> u32 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {}", row[column]))
}

/// The rows of a service for a kind of area.
fn areas(out: &Path, service: &str, kind: &str) -> Vec<Row> {
    let wanted = |row: &Row| row["サービス"] == service && row["区分"] == kind;
    table(out, "week.csv").into_iter().filter(wanted).collect()
}

/// The week of the demonstration without the files that tell who is there when, with a rota, once for all
/// tests.
fn plain() -> &'static (tempfile::TempDir, PathBuf, String) {
    static PLAIN: OnceLock<(tempfile::TempDir, PathBuf, String)> = OnceLock::new();
    PLAIN.get_or_init(|| {
        let (folder, study) = with(&[]);
        let out = folder.path().join("week");
        let printed = run(&study, &out, &["--rota"]);
        (folder, out, printed)
    })
}

/// The demonstration without the files of its week, with other inputs: kind, file name and contents.
fn with(inputs: &[(&str, &str, String)]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files(&root().join("shapes/demo")) {
        fs::write(folder.path().join(name), bytes).expect("written");
    }
    let manifest = folder.path().join("study.toml");
    let text = fs::read_to_string(&manifest).expect("readable");
    let is_of_week = |part: &str| {
        ["opening_hours", "rota", "rota_limits"].iter().any(|kind| part.contains(&format!("\"{kind}\"")))
    };
    let parts: Vec<&str> = text.split("[[input]]").filter(|part| !is_of_week(part)).collect();
    assert_eq!(
        parts.len() + 4,
        text.split("[[input]]").count(),
        "two tables of hours, a sheet and its limits"
    );
    let mut text = parts.join("[[input]]");
    for (kind, name, contents) in inputs {
        fs::write(folder.path().join(name), contents).expect("written");
        text += &format!("\n[[input]]\nkind = \"{kind}\"\npath = \"{name}\"\n");
    }
    fs::write(&manifest, text).expect("written");
    (folder, manifest)
}

/// Opening hours for every hospital and clinic of 医療情報ネット: 8:00–18:00 from Monday to Friday, the
/// morning of Saturday.
fn opening_hours() -> String {
    let days = ["月", "火", "水", "木", "金", "土", "日", "祝"];
    let header: String = days.iter().map(|day| format!(",{day}_診療開始時間,{day}_診療終了時間")).collect();
    let mut text = format!("ID,診療科目名{header}\n");
    for file in ["01-1_hospital_facility_info_20250601.csv", "02-1_clinic_facility_info_20250601.csv"] {
        let facilities = fs::read_to_string(root().join("shapes/demo").join(file)).expect("readable");
        for line in facilities.lines().skip(1) {
            let id = line.split('"').nth(1).expect("an ID");
            text += &format!("{id},内科{},09:00,12:00,,,,\n", ",08:00,18:00".repeat(5));
        }
    }
    text
}

#[test]
fn without_hours_the_week_counts_those_whom_shortages_count() {
    let (_, out, _) = plain();
    // `keniki shortage` finds 4,799 people whom nobody reaches within 30 minutes and 16 km, and 1,723
    // whom only institutions without a 24-hour filing reach.
    let whole = areas(out, "訪問診療", "都道府県");
    assert_eq!(whole.len(), 32);
    for row in &whole {
        let counts = ["届く", "不明", "一部の時間だけ", "来られる所が不在", "来られる所がない", "穴"]
            .map(|answer| count(row, &format!("{answer}_人数")));
        assert_eq!(counts, [658_323, 1_723, 0, 0, 4_799, 4_799], "{row:?}");
    }
    for kind in ["市区町村", "保健所", "二次医療圏", "医師会", "消防本部"] {
        let rows = areas(out, "訪問診療", kind);
        assert_eq!(rows.iter().map(|row| count(row, "穴_人数")).sum::<u32>(), 32 * 4_799, "{kind}");
        assert_eq!(rows.iter().map(|row| count(row, "届く_人数")).sum::<u32>(), 32 * 658_323, "{kind}");
    }
    let nursing = areas(out, "訪問看護", "都道府県");
    assert!(nursing.iter().all(|row| count(row, "届く_人数") == 0), "no file tells of the hours of nurses");
    let who = table(out, "who.csv");
    assert!(
        who.iter()
            .filter(|row| row["サービス"] == "訪問診療" && row["曜日"] != "不明")
            .all(|row| { row["根拠"] == "24時間の届出" && row["枠のうち"] == "すべて" })
    );
}

#[test]
fn the_rota_reaches_everybody_with_proof_and_names_whom_nobody_reaches() {
    let (_, out, printed) = plain();
    let unfilled = table(out, "rota_unfilled.csv");
    assert!(unfilled.iter().all(|row| row["区分"] == "だれも届かない"), "nothing limits anybody");
    assert_eq!(unfilled.iter().map(|row| count(row, "人数")).sum::<u32>(), 4_799);
    let groups = table(out, "rota_groups.csv");
    for group in &groups {
        assert_eq!(group["証明"], "最適", "{group:?}");
        assert_eq!(count(group, "上限のため届かない人×枠"), 0);
    }
    let duties = table(out, "rota.csv");
    let total: u32 = groups.iter().map(|group| count(group, "当番の総数")).sum();
    assert_eq!(duties.len() as u32, total);
    let institutions = table(out, "rota_institutions.csv");
    assert_eq!(institutions.iter().map(|row| count(row, "当番の数")).sum::<u32>(), total);
    for (at, group) in groups.iter().enumerate() {
        let number = (at + 1).to_string();
        let of_group =
            || institutions.iter().filter(|row| row["グループ"] == number).map(|row| count(row, "当番の数"));
        let (most, least) = (of_group().max().expect("members"), of_group().min().expect("members"));
        assert_eq!((count(group, "1機関の最多"), count(group, "最多と最少の差")), (most, most - least));
    }
    let shifts: BTreeSet<(&str, &str)> =
        duties.iter().map(|row| (row["曜日"].as_str(), row["枠"].as_str())).collect();
    assert_eq!(shifts.len(), 11);
    assert!(printed.contains("輪番の案: 週11枠") && printed.contains("だれも届かない人 4799人"), "{printed}");
}

#[test]
fn opening_hours_fill_the_days_of_the_week_and_leave_its_nights_as_holes() {
    let (folder, study) = with(&[("opening_hours", "hours.csv", opening_hours())]);
    let out = folder.path().join("out");
    run(&study, &out, &[]);
    let plain: u32 =
        areas(&plain().1, "訪問診療", "都道府県").iter().map(|row| count(row, "不明_人数")).sum();
    let whole = areas(&out, "訪問診療", "都道府県");
    let unknown: u32 = whole.iter().map(|row| count(row, "不明_人数")).sum();
    assert!(unknown < plain, "{unknown} of {plain}");
    for row in &whole {
        let answers = ["届く", "不明", "一部の時間だけ", "来られる所が不在"]
            .map(|answer| count(row, &format!("{answer}_人数")));
        let [reached, unknown, partly, away] = answers;
        assert_eq!(answers.iter().sum::<u32>(), 660_046);
        match (row["曜日"].as_str(), row["時間帯"].as_str()) {
            ("土", "日中") => assert!(away == 0 && partly > 0 && reached == 658_323, "{row:?}"),
            ("日" | "祝", _) | (_, "夜間" | "深夜" | "早朝") => {
                assert!(partly == 0 && away > 0 && reached == 658_323, "{row:?}");
            }
            _ => assert!(partly == 0 && away == 0 && reached > 658_323, "{row:?}"),
        }
        assert!(unknown < 1_723);
    }
    let map = json(&out, "week.geojson");
    let holes: Vec<&str> = map["features"]
        .as_array()
        .expect("features")
        .iter()
        .filter_map(|cell| cell["properties"]["holes:訪問診療:日中"].as_str())
        .collect();
    assert!(holes.contains(&"月火水木金土日祝") && holes.contains(&"土日祝") && holes.contains(&""));
}

#[test]
fn a_duty_fills_its_hours_in_its_area_and_doubtful_lines_are_told_by_cell() {
    let hours = opening_hours();
    let (before, study) = with(&[("opening_hours", "hours.csv", hours.clone())]);
    let before_out = before.path().join("out");
    run(&study, &before_out, &[]);
    // Everyone who opens by day is on duty in the night of Monday, which then is no worse than the day.
    let open: BTreeSet<String> = table(&before_out, "who.csv")
        .into_iter()
        .filter(|row| row["サービス"] == "訪問診療" && row["根拠"] == "診療時間")
        .map(|row| row["機関コード"].clone())
        .collect();
    let mut sheet = "医療機関コード,名称,曜日,開始,終了,地域\n".to_owned();
    for code in open.iter().filter(|code| code.bytes().all(|byte| byte.is_ascii_digit())) {
        sheet += &format!("{code},,月,18:00,翌8:00,全域\n");
    }
    let lines = sheet.lines().count();
    sheet +=
        "4819999999,,月,18:00,22:00,全域\n4810110141,,月,25:00,26:00,全域\n4810110141,,月,18:00,22:00,南極\n";
    sheet += "4810110141,,火,18:00,翌8:00,全域\n4810110141,,水,7:00,9:00,全域\n";
    let (after, study) = with(&[("opening_hours", "hours.csv", hours), ("rota", "rota.csv", sheet)]);
    let out = after.path().join("out");
    let printed = run(&study, &out, &[]);
    let reached = |out: &Path, day: &str, band: &str| {
        let rows = areas(out, "訪問診療", "都道府県");
        let row = rows.iter().find(|row| row["曜日"] == day && row["時間帯"] == band).expect("a slot");
        count(row, "届く_人数")
    };
    let by_day = reached(&before_out, "月", "日中");
    assert!(by_day > 658_323);
    for (day, band) in [("月", "夜間"), ("月", "深夜"), ("火", "早朝")] {
        assert_eq!(reached(&before_out, day, band), 658_323, "{day} {band}");
        assert_eq!(reached(&out, day, band), by_day, "{day} {band}");
    }
    assert_eq!(reached(&out, "火", "夜間"), 658_323);
    let told: Vec<(String, String, String)> = table(&out, "findings.csv")
        .into_iter()
        .filter(|row| row["ファイル"] == "rota.csv")
        .map(|row| (row["行"].clone(), row["セル・列"].clone(), row["扱い"].clone()))
        .collect();
    let at = |line: usize, column: &str, taken: &str| {
        ((lines + line).to_string(), column.to_owned(), taken.to_owned())
    };
    let expected = [
        at(2, "開始", "使わない"),
        // The manifest does not say how old the sheet is.
        (String::new(), "date".to_owned(), "使う".to_owned()),
        at(1, "医療機関コード", "使わない"),
        at(3, "地域", "使わない"),
        at(5, "開始", "使う"),
    ];
    assert_eq!(told, expected);
    assert!(printed.contains("findings.csv"), "{printed}");
}

#[test]
fn limits_are_kept_and_what_they_leave_alone_is_named_with_the_reason() {
    // 黒沢内科, whose stop leaves most people alone (7,359, see `keniki shortage`), takes two duties.
    let busiest = "4812018015";
    let limits = format!("医療機関コード,週の上限,できない曜日\n{busiest},2,日\n");
    let (folder, study) = with(&[("rota_limits", "limits.csv", limits)]);
    let limited = folder.path().join("out");
    run(&study, &limited, &["--rota"]);
    let row = table(&limited, "rota_institutions.csv").into_iter().find(|row| row["機関コード"] == busiest);
    let row = row.expect("in a group");
    assert_eq!((row["当番の数"].as_str(), row["週の上限"].as_str()), ("2", "2"));
    let unfilled: Vec<Row> = table(&limited, "rota_unfilled.csv")
        .into_iter()
        .filter(|row| row["区分"] == "埋まらない枠")
        .collect();
    let reasons: BTreeSet<&str> = unfilled.iter().map(|row| row["理由"].as_str()).collect();
    assert_eq!(
        reasons,
        BTreeSet::from(["届く所がすべて、この枠はできない", "届く所の週の上限に達している"]),
        "Sunday he cannot, on other days he has no duties left"
    );
    // Two of eleven shifts he takes; those of Saturday night, of Sunday and of its night he cannot.
    assert_eq!(unfilled.iter().map(|row| count(row, "人数")).sum::<u32>(), 9 * 7_359);
    let groups = table(&limited, "rota_groups.csv");
    let alone: u32 = groups.iter().map(|group| count(group, "上限のため届かない人×枠")).sum();
    let told: u32 = unfilled
        .iter()
        .filter(|row| row["理由"] == "届く所の週の上限に達している")
        .map(|row| count(row, "人数"))
        .sum();
    assert_eq!(alone, told);
    assert!(groups.iter().all(|group| group["証明"] == "最適"));
}

/// A clinic of 汐見市 with a 24-hour filing.
const VIDEO: &str = "4810110141";

/// Its duty on Sundays, by video or not.
fn video(online: &str) -> String {
    format!("医療機関コード,曜日,開始,終了,地域,オンライン\n{VIDEO},日,18:00,翌8:00,全域,{online}\n")
}

/// Cells with a hole on Sundays in a band, by code of the municipality and mesh.
fn sunday_holes(out: &Path, band: &str) -> BTreeSet<(String, String)> {
    let map = json(out, "week.geojson");
    let cells = map["features"].as_array().expect("features").iter().map(|cell| &cell["properties"]);
    let days = format!("holes:訪問診療:{band}");
    cells
        .filter(|cell| cell[&days].as_str().is_some_and(|days| days.contains('日')))
        .map(|cell| ["municipality_code", "mesh"].map(|name| cell[name].as_str().expect("text").to_owned()))
        .map(|[code, mesh]| (code, mesh))
        .collect()
}

#[test]
fn video_fills_holes_exactly_where_a_nurse_can_come_and_only_when_it_is_switched_on() {
    let (folder, study) = with(&[("rota", "rota.csv", video("1"))]);
    let [off, on] = ["off", "on"].map(|name| folder.path().join(name));
    run(&study, &off, &[]);
    run(&study, &on, &["--online"]);
    let (other, unmarked) = with(&[("rota", "rota.csv", video("0"))]);
    let switched = other.path().join("on");
    run(&unmarked, &switched, &["--online"]);
    for name in ["week.csv", "who.csv", "week.geojson"] {
        let bytes = |out: &Path| fs::read(out.join(name)).expect("readable");
        assert!(
            bytes(&off) == bytes(&switched),
            "{name}: without the switch or without the mark nothing changes"
        );
    }
    // Another command tells which cells no nurse reaches within the same 30 minutes.
    let shortage = folder.path().join("shortage");
    keniki_succeeds(&["shortage", path_text(&study), "--out", path_text(&shortage)]);
    let map = json(&shortage, "shortages.geojson");
    let cells = map["features"].as_array().expect("features").iter().map(|cell| &cell["properties"]);
    let without_nurse: BTreeSet<(String, String)> = cells
        .filter(|cell| cell["causes:訪問看護"].as_str().is_some_and(|causes| causes.contains("時間内になし")))
        .map(|cell| ["municipality_code", "mesh"].map(|name| cell[name].as_str().expect("text").to_owned()))
        .map(|[code, mesh]| (code, mesh))
        .collect();
    for band in ["夜間", "深夜"] {
        let before = sunday_holes(&off, band);
        let left: BTreeSet<_> = before.intersection(&without_nurse).cloned().collect();
        assert!(left.len() < before.len() && !left.is_empty(), "{} of {}", left.len(), before.len());
        assert_eq!(sunday_holes(&on, band), left, "{band}");
    }
    assert_eq!(sunday_holes(&on, "日中"), sunday_holes(&off, "日中"), "the duty begins at 18:00");
    let who = |out: &Path| {
        let rows = table(out, "who.csv").into_iter();
        rows.filter(|row| row["根拠"] == "オンライン（D to P with N）").collect::<Vec<Row>>()
    };
    assert!(who(&off).is_empty() && who(&switched).is_empty());
    let by_video = who(&on);
    let slots: Vec<(&str, &str)> =
        by_video.iter().map(|row| (row["曜日"].as_str(), row["時間帯"].as_str())).collect();
    assert_eq!(slots, [("月", "早朝"), ("日", "夜間"), ("日", "深夜")]);
    assert!(by_video.iter().all(|row| row["機関コード"] == VIDEO && row["枠のうち"] == "すべて"));
}

#[test]
fn without_a_file_of_nurses_cover_by_video_is_unknown_and_changes_nothing() {
    let (folder, study) = with(&[("rota", "rota.csv", video("1"))]);
    let text = fs::read_to_string(&study).expect("readable");
    let parts: Vec<&str> =
        text.split("[[input]]").filter(|part| !part.contains("jigyosho_130.csv")).collect();
    fs::write(&study, parts.join("[[input]]")).expect("written");
    let [off, on] = ["off", "on"].map(|name| folder.path().join(name));
    run(&study, &off, &[]);
    run(&study, &on, &["--online"]);
    assert_eq!(
        fs::read(off.join("week.csv")).expect("readable"),
        fs::read(on.join("week.csv")).expect("readable")
    );
    let readme = fs::read_to_string(on.join("README.txt")).expect("readable");
    assert!(readme.contains("オンライン（訪問診療）: 不明（訪問看護のファイルが未登録"), "{readme}");
}

#[test]
fn a_second_run_replaces_the_first_with_the_same_bytes() {
    let (folder, out, _) = plain();
    let again = folder.path().join("again");
    let study = folder.path().join("study.toml");
    run(&study, &again, &["--rota"]);
    run(&study, &again, &["--rota"]);
    assert_same_bytes(out, &again);
}

#[test]
fn a_limit_beyond_the_travel_times_is_refused_before_anything_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let study = root().join("shapes/demo/study.toml");
    let output = keniki(&["week", path_text(&study), "--out", path_text(&out), "--minutes", "61"]);
    let message = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(2));
    assert!(message.contains("61分") && message.contains("travel_limit_minutes"), "{message}");
    assert!(!out.exists());
}
