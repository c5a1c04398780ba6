//! A study of the demonstration with the tables of bureaus and ministries and the lists that only the
//! prefecture has, from recognition to the published tables, with the real binary.

mod support;

use rust_xlsxwriter::Workbook;
use serde_json::Value;
use std::fs;
use std::path::Path;
use support::{json, keniki_succeeds, path_text, plan, root, row};

/// A workbook of texts on one sheet.
fn book(path: &Path, rows: &[&[&str]]) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (at, row) in (0_u32..).zip(rows) {
        for (column, said) in (0_u16..).zip(*row) {
            sheet.write_string(at, column, *said).expect("a cell");
        }
    }
    book.save(path).expect("written");
}

/// Two clinics in the layout of コード内容別: one with a single doctor, one suspended.
const CONTENTS: [&[&str]; 9] = [
    &["コード内容別医療機関一覧表", "[汐見県]"],
    &["[令和 7年 9月 1日現在　医科　現存/休止]", "令和 7年 9月 2日作成　 1頁"],
    &[
        "1",
        "01,1031,0",
        "医療法人汐風会　相沢内科",
        "〒900-0001汐見市黒沢７９２番地１７",
        "",
        "",
        "",
        "平元. 4. 1",
        "内",
        "診療所",
    ],
    &["", "", "", "", "常　勤:　 1", "", "", "新規", "", "現存"],
    &["", "", "", "", "(医　　　 1)"],
    &[
        "2",
        "01,1026,7",
        "やまびこ医院",
        "〒900-0001汐見市栄町一丁目２２－１０",
        "",
        "",
        "",
        "平 3. 4. 1",
        "内",
        "診療所",
    ],
    &["", "", "", "", "常　勤:　 2", "", "", "新規", "", "休止"],
    &["", "", "", "", "(医　　　 2)"],
    &["", "", "", "", "", "", "", "令 3. 4. 1"],
];

const STATIONS: [&[&str]; 4] = [
    &["", "", "届出受理指定訪問看護事業所名簿", "", "", "", "", "", "", "", "", "", "", "", "", "", ""],
    &["", "", "[汐見県]", "", "[令和 7年 9月 1日現在 ]"],
    &[
        "",
        "",
        "1",
        "",
        "01,0830,3",
        "",
        "",
        "株式会社みなと\n訪問看護ステーションみなと",
        "",
        "",
        "〒900-0001\n汐見市東山２丁目１２－２",
        "",
        "",
        "",
        "",
        "",
        "（訪看２３）第1号\n（訪看２５）第2号",
    ],
    &[
        "",
        "",
        "2",
        "",
        "99,9999,9",
        "",
        "",
        "訪問看護ステーションすみれ",
        "",
        "",
        "〒900-0001\n汐見市港町１丁目１３－１７",
        "",
        "",
        "",
        "",
        "",
        "（訪看２５）第3号",
    ],
];

const NEED: [&[&str]; 4] = [
    &["都道府県", "保険者", "総数"],
    &["", "", "要支援１", "要支援２", "要介護１", "要介護２", "要介護３", "要介護４", "要介護５", "合計"],
    &["全　 国", "", "1", "1", "1", "1", "1", "1", "1", "7"],
    &["汐見県", "汐見市", "100", "100", "100", "100", "50", "30", "20", "500"],
];

const LISTS: [(&str, &str); 7] = [
    ("急変時.csv", "名称,受入病床数,地域,曜日,開始,終了\n汐見中央病院,4,全域,,,\nないはずの病院,1,全域,,,\n"),
    ("bcp.csv", "名称,BCP,策定年月\n汐見中央病院,連携型,2025-03\nこだま在宅クリニック,多分,\n"),
    (
        "目標.csv",
        "項目,目標値,単位,現状値,期限,医療機能,地域\n訪問診療を実施する機関,120,か所,98,2029年度,日常の療養支援,全域\n",
    ),
    (
        "受付.csv",
        "地域,ルール,曜日,開始,終了,受付の医療機関コード,受付の名称\n汐見市,あり,毎日,18:00,8:00,,汐見市夜間センター\n灘浜市,明確でない,,,,,\n",
    ),
    (
        "流動.csv",
        "種類,年,患者の市区町村コード,医療機関の市区町村コード,件数\n訪問診療,2024,48201,48201,90\n訪問診療,2024,48201,48202,1-9\n訪問診療,2024,48201,県外,1\n訪問診療,2024,48202,48202,3\n",
    ),
    ("生活圏.csv", "圏域名,市区町村コード,町丁目\n灘浜圏域,48202,\n"),
    ("ndb.csv", "市町村,年度,患者数\n48201,2023,1200\n48202,2023,4\n48203,2023,50\n"),
];

const MAPPING: &str = "file = \"ndb.csv\"\nsource = \"NDB\"\nmunicipality = \"市町村\"\nyear_column = \"年度\"\n\
    [[indicator]]\ncolumn = \"患者数\"\nname = \"訪問診療の患者\"\nunit = \"人\"\nadds_up = true\npatients = true\n";

/// The demonstration with everything beside it, as `keniki import` takes it.
fn study(folder: &Path) {
    for entry in fs::read_dir(root().join("shapes/demo")).expect("shipped") {
        let entry = entry.expect("readable");
        if entry.file_name() != "study.toml" {
            fs::copy(entry.path(), folder.join(entry.file_name())).expect("copied");
        }
    }
    book(&folder.join("内容別.xlsx"), &CONTENTS);
    book(&folder.join("訪問看護.xlsx"), &STATIONS);
    book(&folder.join("認定者.xlsx"), &NEED);
    for (name, text) in LISTS {
        fs::write(folder.join(name), text).expect("written");
    }
    fs::write(folder.join("ndb.toml"), MAPPING).expect("written");
}

fn table<'a>(summary: &'a Value, id: &str) -> &'a Vec<Value> {
    row(&summary["own_lists"], "id", id)["rows"].as_array().expect("rows")
}

fn indicator<'a>(summary: &'a Value, name: &str) -> &'a Value {
    row(&summary["indicators"], "name", name)
}

#[test]
fn tables_of_bureaus_and_own_lists_are_recognised_read_and_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    study(folder.path());
    let output = keniki_succeeds(&["import", path_text(folder.path())]);
    let told = String::from_utf8(output.stdout).expect("UTF-8");
    for (file, words) in [
        ("内容別.xlsx", "コード内容別医療機関一覧表"),
        ("訪問看護.xlsx", "届出受理医療機関名簿 2025-09-01"),
        ("認定者.xlsx", "要介護認定者"),
        ("ndb.toml", "独自の数値の対応表"),
        ("ndb.csv", "ndb.toml の一部"),
        ("急変時.csv", "急変時の受入病床の一覧"),
        ("生活圏.csv", "日常生活圏域の一覧"),
    ] {
        let line = told.lines().find(|line| line.starts_with(&format!("{file}\t")));
        assert!(line.is_some_and(|line| line.contains(words)), "{file} {words}: {told}");
    }
    let out = folder.path().join("out");
    plan(&folder.path().join("study.toml"), &out);
    let summary = json(&out, "summary.json");
    for input in summary["study"]["inputs"].as_array().expect("inputs") {
        let count = |key: &str| input[key].as_u64().expect("a count");
        assert_eq!(count("rows_read"), count("rows_stored") + count("rows_quarantined"), "{input}");
    }
    the_register_knows_doctors_stations_and_who_is_suspended(&summary);
    indicators_hide_small_counts_and_add_up_by_zone(&summary);
    lists_are_matched_and_shown(&summary);
    wrong_cells_are_named(&out);
    shortages_tell_of_single_doctors(folder.path());
}

fn the_register_knows_doctors_stations_and_who_is_suspended(summary: &Value) {
    let facilities = &summary["facilities"];
    // Fifteen have filed 支援診２; one of them is suspended.
    assert_eq!(facilities["支援診2"], 15 - 1);
    assert_eq!(facilities["訪問看護24時間"], 1);
    assert_eq!(facilities["訪問看護特別管理"], 2);
    assert_eq!(facilities["急変時受入病床"], 1);
}

fn indicators_hide_small_counts_and_add_up_by_zone(summary: &Value) {
    let need = indicator(summary, "要介護（要支援）認定者");
    assert_eq!(need["areas"][0]["value"], 500.0);
    assert!(need["areas"][0]["per_1000_75_plus"].as_f64().expect("a rate") > 0.0);
    let patients = indicator(summary, "訪問診療の患者");
    let states: Vec<&str> =
        patients["areas"].as_array().expect("areas").iter().filter_map(|one| one["state"].as_str()).collect();
    assert_eq!(states[1], "one_to_nine", "four patients are never shown");
    let text = serde_json::to_string(patients).expect("JSON");
    assert!(!text.contains("\"value\":4.0") && !text.contains("\"value\":1254.0"), "{text}");
    let zones = patients["zones"].as_array().expect("zones");
    let own = zones.iter().find(|one| one["plan"] == "municipalities" && one["zone"] == "48201");
    assert_eq!(own.expect("the zone of 汐見市")["value"], 1_200.0);
}

fn lists_are_matched_and_shown(summary: &Value) {
    let beds = table(summary, "admission_beds");
    let zone = beds.iter().find(|row| row[0] == "市町村ごと" && row[1] == "汐見市").expect("a row");
    assert_eq!((&zone[2], &zone[3], &zone[4]), (&"汐見中央病院".into(), &4.0.into(), &"常時".into()));
    assert!(zone[6].as_f64().is_some_and(|minutes| minutes > 0.0 && minutes < 60.0), "{zone}");
    let calls = table(summary, "night_calls");
    let of = |code: &str| calls.iter().find(|row| row[0] == code).expect("a row");
    assert_eq!((&of("48201")[2], &of("48201")[4]), (&"あり".into(), &"汐見市夜間センター".into()));
    assert_eq!((&of("48202")[2], &of("48203")[2]), (&"明確でない".into(), &"不明".into()));
    let flows = table(summary, "patient_flows");
    let own = flows.iter().find(|row| row[0] == "市町村ごと" && row[1] == "汐見市").expect("a row");
    // 90 stay, 1 to 9 go to the neighbour and one out of the prefecture: 90/100 to 90/92.
    assert_eq!((&own[4], &own[5]), (&90.0.into(), &98.0.into()));
    let few = flows.iter().find(|row| row[0] == "市町村ごと" && row[1] == "灘浜市").expect("a row");
    assert_eq!(few[4], "非公表");
    let living = table(summary, "living_areas");
    assert_eq!((living.len(), &living[0][0], &living[0][1]), (1, &"灘浜圏域".into(), &"灘浜市".into()));
    assert_eq!(table(summary, "targets")[0][3], 120.0);
    let continuity = table(summary, "continuity_plans");
    let own = continuity.iter().find(|row| row[0] == "市町村" && row[1] == "汐見市").expect("a row");
    assert_eq!(own[3], 1.0);
}

fn wrong_cells_are_named(out: &Path) {
    let findings = json(out, "findings.json");
    let findings = findings["findings"].as_array().expect("findings");
    let told = |file: &str, row: u64, field: &str| {
        findings.iter().any(|one| one["file"] == file && one["row"] == row && one["field"] == field)
    };
    assert!(told("急変時.csv", 3, "名称"), "a hospital that nobody knows");
    assert!(told("bcp.csv", 3, "BCP"), "a word that is no choice");
    let said = findings.iter().filter_map(|one| one["kind"].as_str()).collect::<Vec<_>>();
    assert!(said.contains(&"institution_stopped") && said.contains(&"station_symbols"), "{said:?}");
}

fn shortages_tell_of_single_doctors(folder: &Path) {
    let out = folder.join("shortage");
    keniki_succeeds(&["shortage", path_text(&folder.join("study.toml")), "--out", path_text(&out)]);
    let losses = fs::read_to_string(out.join("losses.csv")).expect("written");
    let of = |name: &str| losses.lines().find(|line| line.contains(name)).expect("a line").to_owned();
    assert!(of("相沢内科").contains(",はい,"), "{}", of("相沢内科"));
    assert!(!losses.contains("やまびこ医院"), "a suspended clinic provides nothing");
    let capacities = fs::read_to_string(out.join("capacities.csv")).expect("written");
    let line = capacities.lines().find(|line| line.contains("相沢内科")).expect("a line");
    // One doctor, half of the time on visits, 80 receipts a month.
    assert!(line.contains(",40.0,支援診2,") && line.contains(",1.0,"), "{line}");
}
