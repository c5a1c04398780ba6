//! A study of the demonstration with the tables of bureaus and ministries and the lists that only the
//! prefecture has, from recognition to the published tables, with the real binary.

mod support;

use calamine::{Reader, Xlsx, open_workbook};
use rust_xlsxwriter::Workbook;
use serde_json::Value;
use std::fs;
use std::io::BufReader;
use std::path::Path;
use support::server::Server;
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
        "（訪看２３）第1号\n（訪看２５）第2号\n（訪看３２）第4号",
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

const LISTS: [(&str, &str); 11] = [
    ("急変時.csv", "名称,受入病床数,地域,曜日,開始,終了\n汐見中央病院,4,全域,,,\nないはずの病院,1,全域,,,\n"),
    ("bcp.csv", "名称,BCP,策定年月\n汐見中央病院,連携型,2025-03\nこだま在宅クリニック,多分,\n"),
    (
        "目標.csv",
        "項目,目標値,単位,現状値,期限,医療機能,地域,計画\n訪問診療を実施する機関,120,か所,98,2029年度,日常の療養支援,全域,\n訪問診療の件数,1000,件/月,,2030年度,,全域,医療計画\n訪問診療の件数,1100,件/月,,令和12年度,,全域,介護保険事業支援計画\n訪問診療の件数,70,件/月,,2030年度,,汐見市,医療計画\n訪問診療の患者,1300,人,1250,2029年度,,汐見市,\n訪問診療の患者,1500,人,,2029年度,,全域,\n訪問診療の患者,20,人,4,2029年度,,鷹瀬市,\n看護職員,20,人,4,2029年度,,鷹瀬市,\n",
    ),
    (
        "受付.csv",
        "地域,ルール,曜日,開始,終了,受付の医療機関コード,受付の名称\n汐見市,あり,毎日,18:00,8:00,,汐見市夜間センター\n灘浜市,明確でない,,,,,\n",
    ),
    (
        "流動.csv",
        "種類,年,患者の市区町村コード,医療機関の市区町村コード,件数\n訪問診療,2024,48201,48201,90\n訪問診療,2024,48201,48202,1-9\n訪問診療,2024,48201,県外,1\n訪問診療,2024,48202,48202,3\n",
    ),
    (
        "協力.csv",
        "施設の名称,協力医療機関の有無,介護事業所番号,地域,協力医療機関コード,協力医療機関の名称\n介護老人保健施設みどり,あり,4850109033,汐見市,,汐見中央病院\n介護老人保健施設さくら,なし,,,,\n浜辺の家,あり,,灘浜市,,ないはずの病院\n介護老人保健施設こだま,たぶん,,,,\n",
    ),
    (
        "キット.csv",
        "地域,取組,状況,名称,普及率,配布数\n汐見市,救急医療情報キット,あり,命のカプセル,12.5,1200\n灘浜市,ACPのツール,なし,,,\n鷹瀬市,お守り,あり,,,\n",
    ),
    (
        "患者.csv",
        "区分,市区町村コード,年,人数\n医療的ケア児,48201,2024,40\n医療的ケア児,48202,2024,4\n医療的ケア児,48203,2024,0\n",
    ),
    ("生活圏.csv", "圏域名,市区町村コード,町丁目\n灘浜圏域,48202,\n"),
    (
        "調査.csv",
        "市町村,必要量,実施率,継続率\n48201,900,60,20\n48202,300,50,18\n48203,200,40,16\n48204,100,30,12\n48301,20,20,14\n48302,,,30\n",
    ),
    ("ndb.csv", "市町村,年度,患者数\n48201,2023,1200\n48202,2023,4\n48203,2023,50\n"),
];

const MAPPING: &str = "file = \"ndb.csv\"\nsource = \"NDB\"\nmunicipality = \"市町村\"\nyear_column = \"年度\"\n\
    [[indicator]]\ncolumn = \"患者数\"\nname = \"訪問診療の患者\"\nunit = \"人\"\nadds_up = true\npatients = true\n";

const SURVEY: &str = "file = \"調査.csv\"\nsource = \"県の調査\"\nmunicipality = \"市町村\"\nyear = 2025\n\
    [[indicator]]\ncolumn = \"必要量\"\nname = \"訪問看護の必要量\"\nunit = \"利用者/月\"\nadds_up = true\npatients = false\n\
    [[indicator]]\ncolumn = \"実施率\"\nname = \"訪問診療の実施率\"\nunit = \"%\"\nfunction = \"日常の療養支援\"\nelement = \"ストラクチャー\"\nadds_up = false\npatients = false\n\
    [[indicator]]\ncolumn = \"継続率\"\nname = \"在宅療養を続けた割合\"\nunit = \"%\"\nfunction = \"日常の療養支援\"\nelement = \"アウトカム\"\nadds_up = false\npatients = false\n";

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
    fs::write(folder.join("調査.toml"), SURVEY).expect("written");
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
        ("協力.csv", "介護保険施設の協力医療機関の一覧"),
        ("キット.csv", "救急医療情報キット・ACPのツールの一覧"),
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
    indicators_of_one_function_are_held_against_each_other(&summary, &out);
    a_stated_need_stands_beside_the_demand(folder.path());
    lists_are_matched_and_shown(&summary);
    targets_stand_beside_what_is_known_of_the_same_thing(&summary);
    let links = json(&out, "layers/care_links.geojson");
    let [link] = links["features"].as_array().expect("features").as_slice() else { panic!("one: {links}") };
    assert_eq!(link["properties"]["partner"], "汐見中央病院");
    assert_eq!(link["geometry"]["coordinates"].as_array().map(Vec::len), Some(2));
    facilities_without_a_partner_and_tools_are_told(&summary);
    wrong_cells_are_named(&out);
    every_municipality_gets_a_workbook(&out, &folder.path().join("ブック"));
    shortages_tell_of_single_doctors(folder.path());
    a_station_with_the_filing_is_there_at_every_hour(folder.path());
    let server = Server::start(&out);
    counts_of_patients_are_served_as_they_may_be_shown(&server, &out);
    who_takes_the_call_is_told_slot_by_slot(&server);
    server.ends_cleanly();
}

fn the_register_knows_doctors_stations_and_who_is_suspended(summary: &Value) {
    let facilities = &summary["facilities"];
    // Fifteen have filed 支援診２; one of them is suspended.
    assert_eq!(facilities["支援診2"], 15 - 1);
    assert_eq!(facilities["訪問看護24時間"], 1);
    assert_eq!(facilities["訪問看護特別管理"], 2);
    assert_eq!(facilities["機能強化型訪問看護"], 1);
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

fn indicators_of_one_function_are_held_against_each_other(summary: &Value, out: &Path) {
    let pairs = summary["indicator_associations"].as_array().expect("pairs");
    let name = |pair: &Value, key: &str| {
        summary["indicators"][pair[key].as_u64().expect("a position") as usize]["name"].clone()
    };
    let [pair] = pairs.as_slice() else {
        panic!("structure and outcome of 日常の療養支援: {pairs:?}")
    };
    assert_eq!(
        (name(pair, "earlier"), name(pair, "later")),
        ("訪問診療の実施率".into(), "在宅療養を続けた割合".into())
    );
    // Five areas have both; the orders differ in the last two: 1 − 6·(1 + 1)/(5·24).
    assert_eq!(pair["areas"], 5);
    assert!((pair["rank_correlation"].as_f64().expect("a number") - 0.9).abs() < 1e-12, "{pair}");
    assert!((pair["by_chance"].as_f64().expect("a number") - 0.98).abs() < 1e-12, "{pair}");
    let mut book: Xlsx<BufReader<fs::File>> = open_workbook(out.join("tables.xlsx")).expect("a book");
    let rows = cells(&mut book, "指標の関連");
    let row = rows.iter().find(|row| row[0] == "日常の療養支援").expect("a row");
    assert_eq!(
        (&row[2][..], &row[5][..], &row[7][..], &row[8][..]),
        ("訪問診療の実施率", "在宅療養を続けた割合", "5", "0.9")
    );
}

/// 訪問看護 必要量 of the prefecture's survey, of the municipalities and summed where all of a zone have one.
fn a_stated_need_stands_beside_the_demand(folder: &Path) {
    let out = folder.join("見通し");
    keniki_succeeds(&["demand", path_text(&folder.join("study.toml")), "--out", path_text(&out)]);
    let rows = support::table(&out, "needs.csv");
    let of = |kind: &str, zone: &str| {
        rows.iter().find(|row| row["圏域の種類"] == kind && row["圏域"] == zone).expect("a row")
    };
    let own = of("市区町村", "汐見市");
    assert_eq!((&own["層"][..], &own["年"][..], &own["必要量"][..]), ("訪問看護", "2025", "900.000000"));
    let ratio: f64 = own["需要_中÷必要量"].parse().expect("a number");
    let demand: f64 = own["需要_中"].parse().expect("a number");
    assert!(demand > 0.0 && (ratio - demand / 900.0).abs() < 1e-5, "{own:?}");
    let whole = of("都道府県", "汐見県");
    assert_eq!((&whole["必要量"][..], &whole["比べられない理由"][..]), ("不明", "必要量が不明"));
}

fn lists_are_matched_and_shown(summary: &Value) {
    let beds = table(summary, "admission_beds");
    let zone = beds.iter().find(|row| row[0] == "市町村ごと" && row[1] == "汐見市").expect("a row");
    assert_eq!((&zone[2], &zone[3], &zone[4]), (&"汐見中央病院".into(), &4.0.into(), &"常時".into()));
    assert!(zone[6].as_f64().is_some_and(|minutes| minutes > 0.0 && minutes < 60.0), "{zone}");
    let active = table(summary, "active_institutions");
    let of = |name: &str| active.iter().find(|row| row[1] == name).expect("a row").as_array().expect("cells");
    assert_eq!(of("黒沢総合病院")[..5], ["汐見中央", "黒沢総合病院", "病院", "汐見市", "4810110123"]);
    assert_eq!(of("黒沢総合病院")[5..], ["○"; 5]);
    assert_eq!((&of("岬野中央病院")[7], &of("岬野中央病院")[8]), (&"○".into(), &Value::Null), "not told");
    assert_eq!(table(summary, "linkage_hubs")[0][0], "汐見中央");
    let calls = table(summary, "night_calls");
    let of = |code: &str| calls.iter().find(|row| row[0] == code).expect("a row");
    assert_eq!((&of("48201")[2], &of("48201")[4]), (&"あり".into(), &"汐見市夜間センター".into()));
    assert_eq!((&of("48202")[2], &of("48203")[2]), (&"明確でない".into(), &"不明".into()));
    let flows = table(summary, "patient_flows");
    let own = flows.iter().find(|row| row[0] == "市町村ごと" && row[1] == "汐見市").expect("a row");
    // 90 stay, 1 to 9 go to the neighbour and one out of the prefecture, which is as small: 90/108 to 90/92.
    assert_eq!((&own[4], &own[5]), (&83.0.into(), &98.0.into()));
    let few = flows.iter().find(|row| row[0] == "市町村ごと" && row[1] == "灘浜市").expect("a row");
    assert_eq!(few[4], "非公表");
    let living = table(summary, "living_areas");
    assert_eq!((living.len(), &living[0][0], &living[0][1]), (1, &"灘浜圏域".into(), &"灘浜市".into()));
    let targets = table(summary, "targets");
    assert_eq!(targets[0][3], 120.0);
    let few = |item: &str| targets.iter().find(|row| row[0] == item && row[1] == "鷹瀬市").expect("a row");
    assert_eq!(few("訪問診療の患者")[2], "1–9", "so few patients are not told");
    assert_eq!(few("看護職員")[2], 4.0, "staff are");
    let continuity = table(summary, "continuity_plans");
    let own = continuity.iter().find(|row| row[0] == "市町村" && row[1] == "汐見市").expect("a row");
    assert_eq!(own[3], 1.0);
}

fn targets_stand_beside_what_is_known_of_the_same_thing(summary: &Value) {
    let checks = table(summary, "target_checks");
    let of = |item: &str, area: &str, plan: &str, what: &str| {
        let is = |row: &&Value| {
            row[0] == item
                && row[1] == area
                && row[2] == plan
                && row[7].as_str().is_some_and(|one| one.starts_with(what))
        };
        checks.iter().find(is).unwrap_or_else(|| panic!("{item} {area} {plan} {what}: {checks:?}"))
    };
    let (item, need) = ("訪問診療の件数", "訪問診療の需要推計");
    let whole = of(item, "全域", "医療計画", need);
    let demand = summary["demand"]["years"]["2030"].as_f64().expect("a number");
    assert_eq!((&whole[5], &whole[8]), (&1_000.0.into(), &"2030".into()));
    assert!((whole[9].as_f64().expect("known") - demand).abs() < 1e-6, "{whole}");
    assert!((whole[10].as_f64().expect("comparable") - (1_000.0 - demand)).abs() < 1e-6, "{whole}");
    let parts: Vec<&Value> =
        checks.iter().filter(|row| row[2] == "医療計画" && row[7] == whole[7] && row[5].is_null()).collect();
    let sum: f64 = parts.iter().filter_map(|row| row[9].as_f64()).sum();
    assert!(parts.len() > 1 && (sum - demand).abs() < 1e-6, "every 構想区域 without a target: {parts:?}");
    assert!(
        parts.iter().all(|row| row[10].is_null() && row[12] == "この構想区域の目標値が登録されていません")
    );
    let other = of(item, "全域", "医療計画", "介護保険事業支援計画の目標値");
    assert_eq!((&other[9], &other[10]), (&1_100.0.into(), &(-100.0).into()), "令和12年度 is 2030年度");
    let municipal = of(item, "全域", "医療計画", "市町村の目標値の合計");
    assert!(
        municipal[9].is_null() && municipal[12].as_str().is_some_and(|why| why.contains("ある分の合計 70"))
    );

    let own = of("訪問診療の患者", "汐見市", "", "市町村の指標（NDB）");
    assert_eq!((&own[8], &own[9]), (&"2023".into(), &1_200.0.into()));
    assert_eq!(
        (&own[10], &own[11], &own[12]),
        (&Value::Null, &50.0.into(), &"目標の期限とは年度が違います".into())
    );
    assert!(
        of("訪問診療の患者", "全域", "", "市町村の指標")[9].is_null(),
        "not every municipality has a value"
    );
    let unit = of("訪問診療を実施する機関", "全域", "", need);
    assert!(unit[9].is_null() && unit[12].as_str().is_some_and(|why| why.contains("（か所）")), "{unit}");
}

/// Every cell of a sheet as text, by row.
fn cells(book: &mut Xlsx<BufReader<fs::File>>, sheet: &str) -> Vec<Vec<String>> {
    let range = book.worksheet_range(sheet).unwrap_or_else(|error| panic!("{sheet}: {error}"));
    range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

/// Name of the workbook of a municipality.
fn municipality_book(books: &Path, code: &str) -> String {
    let names = fs::read_dir(books).expect("written").map(|entry| entry.expect("readable").file_name());
    let mut names = names.map(|name| name.into_string().expect("UTF-8"));
    names.find(|name| name.starts_with(code)).expect("a book")
}

fn every_municipality_gets_a_workbook(out: &Path, books: &Path) {
    keniki_succeeds(&["municipal", path_text(out), "--out", path_text(books)]);
    let summary = json(out, "summary.json");
    let municipalities = summary["municipality_table"].as_array().expect("rows").len();
    assert_eq!(fs::read_dir(books).expect("written").count(), municipalities);
    let open = |name: &str| -> Xlsx<BufReader<fs::File>> { open_workbook(books.join(name)).expect("a book") };
    let mut own = open("48201_汐見市.xlsx");
    let state = |rows: &[Vec<String>], letter: &str, what: &str| {
        let row = rows.iter().find(|row| row[0] == letter && row[1].contains(what));
        row.unwrap_or_else(|| panic!("{letter} {what}: {rows:?}"))[2].clone()
    };
    let contents = cells(&mut own, "はじめに");
    assert_eq!(state(&contents, "A", "医療機関"), "あり");
    assert_eq!(state(&contents, "B", "搬送困難"), "未登録");
    assert_eq!(state(&contents, "D", "算定状況"), "あり");
    assert_eq!(state(&contents, "E", "死亡"), "未登録");
    assert_eq!(state(&contents, "F", "ルール"), "あり");
    let hubs = cells(&mut own, "連携を担う拠点");
    let named = table(&summary, "linkage_hubs").iter().find(|row| row[3] == "汐見市").expect("a hub");
    assert!(hubs.iter().any(|row| row[1] == named[1].as_str().expect("a name")), "{hubs:?}");
    let institutions = cells(&mut own, "医療機関等");
    assert!(institutions.iter().any(|row| row[1] == "汐見中央病院"));
    let figures = cells(&mut own, "指標");
    let patients = figures.iter().find(|row| row[2] == "訪問診療の患者").expect("NDB");
    assert_eq!((&*patients[0], &*patients[9]), ("D", "1200"));
    let calls = cells(&mut own, "夜間・休日の輪番のルールと受付");
    assert!(calls.iter().any(|row| row.iter().any(|cell| cell == "汐見市夜間センター")), "{calls:?}");
    assert!(calls.iter().all(|row| row[0] != "48202"), "only its own rows: {calls:?}");

    let mut other = open("48202_灘浜市.xlsx");
    let mut unknown = open(&municipality_book(books, "48302"));
    let contents = cells(&mut unknown, "はじめに");
    assert_eq!(state(&contents, "D", "診療報酬"), "未登録", "both figures of it are unknown");
    let figures = cells(&mut other, "指標");
    let patients = figures.iter().find(|row| row[2] == "訪問診療の患者").expect("NDB");
    assert_eq!(patients[9], "1–9", "four patients are never shown");
    assert!(cells(&mut other, "医療機関等").iter().all(|row| row[1] != "汐見中央病院"));
}

fn facilities_without_a_partner_and_tools_are_told(summary: &Value) {
    let partners = table(summary, "care_facility_partners");
    let of = |name: &str| partners.iter().find(|row| row[3] == name).unwrap_or_else(|| panic!("{name}"));
    let linked = of("介護老人保健施設みどり");
    assert_eq!(
        (&linked[0], &linked[4], &linked[5]),
        (&"48201".into(), &"あり".into(), &"汐見中央病院".into())
    );
    assert!(linked[6] != "" && linked[7].as_f64().is_some_and(|km| km > 0.0 && km < 30.0), "{linked}");
    assert_eq!(of("介護老人保健施設さくら")[4], "なし");
    assert_eq!(of("介護老人保健施設こだま")[4], "不明", "its line cannot be used");
    assert_eq!(of("介護老人保健施設こもれび")[4], "不明", "it is not on the list");
    let unknown = of("浜辺の家");
    assert_eq!(
        (&unknown[1], &unknown[2], &unknown[5]),
        (&"灘浜市".into(), &"".into(), &"ないはずの病院".into())
    );
    let zones = table(summary, "care_facility_partners_of_zones");
    let zone = |name: &str| zones.iter().find(|row| row[0] == "市町村ごと" && row[1] == name).expect("a row");
    assert_eq!(zone("汐見市").as_array().expect("cells")[2..], [3.0, 1.0, 1.0, 1.0].map(Value::from));
    assert_eq!(zone("灘浜市").as_array().expect("cells")[2..], [2.0, 1.0, 0.0, 1.0].map(Value::from));
    let tools = table(summary, "emergency_tools");
    let of = |code: &str, kind: &str| {
        tools.iter().find(|row| row[0] == code && row[2] == kind).expect("a row").as_array().expect("cells")
    };
    let kit: Vec<Value> = ["あり", "命のカプセル", "汐見市"].map(Value::from).into();
    assert_eq!(of("48201", "救急医療情報キット")[3..6], kit);
    assert_eq!(of("48201", "救急医療情報キット")[6..], [12.5, 1_200.0].map(Value::from));
    assert_eq!(of("48202", "ACPのツール")[3], "なし");
    assert_eq!(of("48202", "救急医療情報キット")[3], "不明", "no line tells");
}

fn wrong_cells_are_named(out: &Path) {
    let findings = json(out, "findings.json");
    let findings = findings["findings"].as_array().expect("findings");
    let told = |file: &str, row: u64, field: &str| {
        findings.iter().any(|one| one["file"] == file && one["row"] == row && one["field"] == field)
    };
    assert!(told("急変時.csv", 3, "名称"), "a hospital that nobody knows");
    assert!(told("bcp.csv", 3, "BCP"), "a word that is no choice");
    assert!(told("協力.csv", 5, "協力医療機関の有無"), "another one");
    assert!(
        told("協力.csv", 4, "施設の名称") && told("協力.csv", 4, "協力医療機関の名称"),
        "names nobody knows"
    );
    assert!(told("キット.csv", 4, "取組"), "a tool that is none of them");
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

fn a_station_with_the_filing_is_there_at_every_hour(folder: &Path) {
    let out = folder.join("week");
    keniki_succeeds(&["week", path_text(&folder.join("study.toml")), "--out", path_text(&out)]);
    let who = support::table(&out, "who.csv");
    let of = |name: &str| {
        let is_meant = |row: &&std::collections::BTreeMap<String, String>| {
            row["サービス"] == "訪問看護" && row["機関名"].contains(name)
        };
        who.iter().filter(is_meant).collect::<Vec<_>>()
    };
    let filed = of("訪問看護ステーションみなと");
    assert_eq!(filed.len(), 32, "four bands on eight days: {filed:?}");
    assert!(
        filed.iter().all(|row| row["根拠"] == "24時間の届出" && row["枠のうち"] == "すべて"),
        "{filed:?}"
    );
    let other = of("訪問看護ステーションすみれ");
    assert!(!other.is_empty() && other.iter().all(|row| row["根拠"] == "時間不明"), "{other:?}");
    let week = support::table(&out, "week.csv");
    let whole = week.iter().filter(|row| row["サービス"] == "訪問看護" && row["区分"] == "都道府県");
    let reached: Vec<u32> = whole.map(|row| row["届く_人数"].parse().expect("a count")).collect();
    assert!(reached.len() == 32 && reached.iter().all(|people| *people > 0 && *people == reached[0]));
    // The shortage list counts the same people: all whom the stations without the filing reach alone.
    let shortages = support::json(&folder.join("shortage"), "shortages.geojson");
    let cells = shortages["features"].as_array().expect("features").iter().map(|cell| &cell["properties"]);
    let at_night = cells.filter(|cell| {
        cell["causes:訪問看護"].as_str().is_some_and(|causes| causes.contains("夜間・休日だけ届かない"))
    });
    let unknown: u64 = at_night.map(|cell| cell["total"].as_u64().expect("people")).sum();
    let row = week.iter().find(|row| row["サービス"] == "訪問看護" && row["区分"] == "都道府県");
    assert_eq!(row.expect("a row")["不明_人数"], unknown.to_string());
}

fn who_takes_the_call_is_told_slot_by_slot(server: &Server) {
    let week = server.answer("week");
    let calls = week["night_calls"].as_array().expect("loaded");
    let [own, other] = calls.as_slice() else { panic!("two lines: {calls:?}") };
    assert_eq!((&own["rule"], &own["taken_by"]), (&"exists".into(), &"汐見市夜間センター".into()));
    assert_eq!(own["municipalities"], serde_json::json!(["48201"]));
    let slots = own["slots"].as_array().expect("slots");
    assert_eq!(slots.len(), 3 * 8, "from 18:00 to 8:00 every day, also on holidays");
    assert!(slots.iter().all(|slot| slot["whole"] == true && slot["band"] != "日中"), "{slots:?}");
    assert_eq!((&other["rule"], &other["taken_by"]), (&"unclear".into(), &"".into()));
    assert_eq!(other["slots"].as_array().expect("slots").len(), 32, "no time is written: always");
}

fn counts_of_patients_are_served_as_they_may_be_shown(server: &Server, out: &Path) {
    let stored = fs::read_to_string(out.join("study.json")).expect("readable");
    assert!(!stored.contains("医療的ケア児"), "the counts themselves stay out of the folder");
    let answer = server.answer("demand?zones=48201,48202;48203");
    let years = &row(&answer["cohorts"], "id", "医療的ケア児")["years"]["2024"];
    let shown = |state: &str, value: Option<u32>| serde_json::json!({ "state": state, "value": value });
    assert_eq!(years["municipalities"]["48201"], shown("exact", Some(40)));
    assert_eq!(years["municipalities"]["48202"], shown("one_to_nine", None));
    assert_eq!(years["municipalities"]["48204"], shown("unknown", None));
    assert_eq!(years["zones"], serde_json::json!([shown("at_least", Some(41)), shown("exact", Some(0))]));
    assert_eq!(years["prefecture"], shown("unknown", None), "most municipalities were not counted");
}
