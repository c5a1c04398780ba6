//! The week of the demonstration prefecture over HTTP: from what `keniki plan` stored, the same figures as
//! `keniki week` gets from the official files.

mod support;

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use support::server::Server;
use support::{keniki_succeeds, path_text, planned_demo, root, table};

const ANSWERS: [(&str, &str); 5] = [
    ("reached", "届く"),
    ("unknown", "不明"),
    ("partly", "一部の時間だけ"),
    ("away", "来られる所が不在"),
    ("nobody", "来られる所がない"),
];

/// What the command says of the week with a rota and with video, once for all tests.
fn commanded() -> &'static (tempfile::TempDir, PathBuf, PathBuf) {
    static COMMANDED: OnceLock<(tempfile::TempDir, PathBuf, PathBuf)> = OnceLock::new();
    COMMANDED.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let study = root().join("shapes/demo/study.toml");
        let run = |name: &str, flag: &str| {
            let out = folder.path().join(name);
            keniki_succeeds(&["week", path_text(&study), "--out", path_text(&out), flag]);
            out
        };
        let (rota, online) = (run("rota", "--rota"), run("online", "--online"));
        (folder, rota, online)
    })
}

fn array(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn known<'a>(week: &'a Value, service: &str) -> &'a Value {
    &support::row(&week["services"], "service", service)["known"]
}

/// People by answer, 0 where there are none.
fn counts(people: &Value) -> [u64; 5] {
    ANSWERS.map(|(word, _)| people[word]["total"].as_u64().unwrap_or(0))
}

/// Every count of an answer is the one of the command, in the prefecture and in each municipality.
fn agrees(week: &Value, out: &Path) {
    let mut compared = 0;
    for row in table(out, "week.csv") {
        let known = known(week, &row["サービス"]);
        let is_meant = |slot: &&Value| slot["day"] == row["曜日"] && slot["band"] == row["時間帯"];
        let slot = array(&known["slots"]).iter().find(is_meant).expect("the slot");
        let people = match row["区分"].as_str() {
            "都道府県" => &slot["people"],
            "市区町村" => &slot["municipalities"][&row["コード"]],
            _ => continue,
        };
        let expected: [u64; 5] =
            ANSWERS.map(|(_, word)| row[&format!("{word}_人数")].parse().expect("a number"));
        assert_eq!(counts(people), expected, "{row:?}");
        compared += 1;
    }
    assert_eq!(compared, 2 * 32 * 25, "two services, four bands on eight days, 24 municipalities");
}

#[test]
fn a_server_that_computes_ahead_answers_meanwhile_and_ends_at_once() {
    let server = Server::start(planned_demo());
    let begun = Instant::now();
    server.ends_cleanly();
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    // Whoever asks while it is computed gets the same as whoever asks later.
    let server = Server::start(planned_demo());
    let [first, later] = [(); 2].map(|()| server.answer("week"));
    assert!(first == later && !array(&first["services"]).is_empty());
    server.ends_cleanly();
}

#[test]
fn every_slot_has_the_people_of_the_command() {
    let server = Server::start(planned_demo());
    let week = server.answer("week");
    assert_eq!((&week["limit_minutes"], &week["online"]), (&30.into(), &false.into()));
    assert_eq!(week["everybody"]["total"], 664_845);
    agrees(&week, &commanded().1);
    for service in array(&week["services"]) {
        let rows = array(&service["assumptions"]);
        assert!(rows.iter().all(|row| ["V", "D", "M", "A"].contains(&row["tag"].as_str().expect("a tag"))));
        assert!(rows.iter().all(|row| row["source"] != ""), "{rows:#?}");
        assert!(rows.iter().any(|row| row["tag"] == "M") && rows.len() >= 7);
    }
    server.ends_cleanly();
}

#[test]
fn those_who_are_there_are_those_of_the_command() {
    let server = Server::start(planned_demo());
    let week = server.answer("week");
    let known = known(&week, "訪問診療");
    let posts = array(&known["posts"]);
    let told: BTreeMap<&str, &str> = BTreeMap::from([
        ("filing", "24時間の届出"),
        ("opening", "診療時間"),
        ("duty", "輪番"),
        ("online", "オンライン（D to P with N）"),
    ]);
    let mut served = BTreeSet::new();
    for slot in array(&known["slots"]) {
        for there in array(&slot["there"]) {
            let post = &posts[there["post"].as_u64().expect("a place") as usize];
            let text = |value: &Value| value.as_str().expect("text").to_owned();
            let people: u64 =
                post["people"].as_object().expect("people").values().filter_map(Value::as_u64).sum();
            let part = if there["whole"] == true { "すべて" } else { "一部" };
            let row = [
                text(&slot["day"]),
                text(&slot["band"]),
                text(&post["id"]),
                told[post["basis"].as_str().expect("a word")].to_owned(),
                part.to_owned(),
                people.to_string(),
            ];
            served.insert(row);
        }
    }
    let columns = ["曜日", "時間帯", "機関コード", "根拠", "枠のうち", "届く人数"];
    let commanded: BTreeSet<[String; 6]> = table(&commanded().1, "who.csv")
        .into_iter()
        .filter(|row| row["サービス"] == "訪問診療" && row["曜日"] != "不明")
        .map(|row| columns.map(|column| row[column].clone()))
        .collect();
    assert_eq!(served, commanded);
    assert!(commanded.iter().any(|row| row[3] == "輪番") && commanded.iter().any(|row| row[3] == "診療時間"));
    server.ends_cleanly();
}

#[test]
fn video_counts_when_it_is_switched_on() {
    let server = Server::start(planned_demo());
    let (off, on) = (server.answer("week"), server.answer("week?online=on"));
    assert_eq!(on["online"], true);
    assert_eq!(off["files"], on["files"]);
    assert!(on["files"]["duties_online"].as_u64().expect("counted") > 0);
    agrees(&on, &commanded().2);
    let holes = |week: &Value, band: &str| -> u64 {
        let slots = array(&known(week, "訪問診療")["slots"]).iter();
        slots
            .filter(|slot| slot["band"] == band)
            .map(|slot| counts(&slot["people"])[2..].iter().sum::<u64>())
            .sum()
    };
    assert!(holes(&on, "深夜") < holes(&off, "深夜"));
    assert_eq!(holes(&on, "日中"), holes(&off, "日中"), "nobody answers by video by day");
    assert_eq!(known(&on, "訪問看護"), known(&off, "訪問看護"));
    server.ends_cleanly();
}

#[test]
fn the_cells_of_a_slot_add_up_to_its_people() {
    let server = Server::start(planned_demo());
    let week = server.answer("week");
    let slots = array(&known(&week, "訪問診療")["slots"]);
    for (day, band) in [("月", "日中"), ("土", "夜間"), ("祝", "深夜")] {
        let cells = server.answer(&format!("week/cells?service=訪問診療&day={day}&band={band}"));
        let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
        for cell in array(&cells["features"]) {
            let of = &cell["properties"];
            *sums.entry(of["answer"].as_str().expect("a word")).or_default() +=
                of["total"].as_u64().expect("people");
        }
        let slot = slots.iter().find(|slot| slot["day"] == day && slot["band"] == band).expect("the slot");
        let expected = counts(&slot["people"]);
        assert_eq!(ANSWERS.map(|(word, _)| sums.get(word).copied().unwrap_or(0)), expected, "{day} {band}");
    }
    server.ends_cleanly();
}

#[test]
fn snow_reaches_fewer() {
    let server = Server::start(planned_demo());
    let (normal, snow) = (server.answer("week"), server.answer("week?season=snow"));
    let reached = |week: &Value| -> Vec<u64> {
        array(&known(week, "訪問診療")["slots"]).iter().map(|slot| counts(&slot["people"])[0]).collect()
    };
    let (normal, snow) = (reached(&normal), reached(&snow));
    assert!(snow.iter().zip(&normal).all(|(snow, normal)| snow <= normal) && snow != normal);
    server.ends_cleanly();
}

#[test]
fn the_rota_is_the_one_of_the_command_with_its_proof() {
    let server = Server::start(planned_demo());
    let rota = server.answer("week/rota")["rota"].clone();
    let out = &commanded().1;
    let institutions = array(&rota["institutions"]);
    let served: BTreeSet<[String; 3]> = array(&rota["shifts"])
        .iter()
        .flat_map(|shift| {
            let id = |at: &Value| institutions[at.as_u64().expect("a place") as usize]["id"].clone();
            let row = move |at| {
                [&shift["day"], &shift["band"], &id(at)].map(|one| one.as_str().expect("text").to_owned())
            };
            array(&shift["on_duty"]).iter().map(row).collect::<Vec<_>>()
        })
        .collect();
    let columns = ["曜日", "枠", "機関コード"];
    let commanded: BTreeSet<[String; 3]> =
        table(out, "rota.csv").into_iter().map(|row| columns.map(|column| row[column].clone())).collect();
    assert_eq!(served, commanded);
    assert!(array(&rota["groups"]).iter().all(|group| group["proven"] == true));
    let limited: Vec<u64> = institutions
        .iter()
        .filter_map(|one| Some((one["most"].as_u64()?, one["duties"].as_u64()?)))
        .map(|(most, duties)| {
            assert!(duties <= most);
            most
        })
        .collect();
    assert_eq!(limited, [2, 3], "two institutions have limits");
    let unfilled = table(out, "rota_unfilled.csv");
    let alone: u64 = unfilled
        .iter()
        .filter(|row| row["区分"] == "埋まらない枠")
        .map(|row| row["人数"].parse::<u64>().expect("people"))
        .sum();
    let told: u64 = array(&rota["unfilled"]).iter().filter_map(|one| one["people"]["total"].as_u64()).sum();
    assert_eq!(told, alone);
    let never: u64 = unfilled
        .iter()
        .filter(|row| row["区分"] == "だれも届かない")
        .map(|row| row["人数"].parse::<u64>().expect("people"))
        .sum();
    assert_eq!(rota["unreachable"]["total"], never);
    server.ends_cleanly();
}

#[test]
fn what_cannot_be_meant_is_named() {
    let server = Server::start(planned_demo());
    for (path, expected) in [
        ("week?online=yes", "online=yes: off・on"),
        ("week?service=訪問診療", "service=訪問診療: この名前の条件はありません"),
        ("week/cells?service=訪問診療&day=月", "band を書いてください（日中・夜間・深夜・早朝）"),
        ("week/cells?service=訪問診療&day=月曜&band=深夜", "day=月曜: この名前のものはありません"),
        (
            "week/cells?service=病院&day=月&band=深夜",
            "service=病院: この名前のものはありません。使えるもの: 訪問診療・訪問看護",
        ),
        ("week/rota?online=on", "online=on: この名前の条件はありません"),
        ("week?closed_ways=-7", "-7: この番号の道路は道路網にない"),
    ] {
        let (status, answer) = server.ask(path);
        let message = answer["error"].as_str().expect("words");
        assert_eq!(status, 400, "{path}: {message}");
        assert!(message.contains(expected), "{path}: {message}");
    }
    server.ends_cleanly();
}
