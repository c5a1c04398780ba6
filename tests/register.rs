//! `keniki register` and `keniki changes` with the real binary, on the demonstration and on 山梨県.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use support::{assert_same_bytes, keniki, keniki_succeeds, path_text, root};

/// A study of the demonstration in `folder` with further inputs, each a kind, a name and its text.
fn demo_with(folder: &Path, inputs: &[(&str, &str, &str)]) -> PathBuf {
    let demo = root().join("shapes/demo");
    let text = fs::read_to_string(demo.join("study.toml")).expect("shipped");
    let mut text = text.replace("path = \"", &format!("path = \"{}/", path_text(&demo)));
    for (kind, name, table) in inputs {
        fs::write(folder.join(name), table).expect("written");
        text += &format!("\n[[input]]\nkind = \"{kind}\"\npath = \"{}\"\n", path_text(&folder.join(name)));
    }
    let study = folder.join("study.toml");
    fs::write(&study, text).expect("written");
    study
}

/// Rows of a table by their columns.
fn table(folder: &Path, name: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let bytes = fs::read(folder.join(name)).expect("the table");
    let text = String::from_utf8(bytes).expect("UTF-8");
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows: Result<Vec<_>, _> = reader.deserialize().collect();
    rows.expect("rows as long as the header")
}

fn register(study: &Path, out: &Path) -> String {
    let output = keniki_succeeds(&["register", path_text(study), "--out", path_text(out)]);
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn a_planner_reviews_the_register_and_what_was_decided_holds_in_the_next_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = folder.path().join("first");
    let study = demo_with(folder.path(), &[]);
    register(&study, &first);
    let all = table(&first, "施設の一覧.csv");
    assert!(all.iter().all(|row| !row["名称の資料"].is_empty() && !row["所在地の資料"].is_empty()));
    assert!(all.iter().all(|row| row["状態"] == "休止・廃止を告げる資料なし"));
    let links = table(&first, "名寄せの結び付き.csv");
    for link in &links {
        let score: u8 = link["点数"].parse().expect("a score");
        assert!((70..=100).contains(&score) && !link["理由"].is_empty(), "{link:?}");
    }
    let apart = links.iter().find(|link| link["記録B"].starts_with("iryo:")).expect("a link by name");
    let closed = all.iter().find(|row| row["区分"].contains("支援診3")).expect("a clinic");

    let decisions = format!("記録A,記録B,判定\n{},{},別\n", apart["記録A"], apart["記録B"]);
    let stops = format!("施設番号,名称,状態,年月日\n{},{},廃止,2025-08-01\n", closed["番号"], closed["名称"]);
    let moved = all.iter().find(|row| row["番号"] != closed["番号"] && row["位置の段階"] == "大字・町");
    let moved = moved.expect("one at its town");
    let correction = format!(
        "施設番号,名称,経度,緯度,理由,訂正者,訂正日\n{},{},{},{},入口,保健所,2025-09-01\n",
        moved["番号"], moved["名称"], moved["経度"], moved["緯度"]
    );
    let inputs = [
        ("identity_decisions", "名寄せ.csv", decisions.as_str()),
        ("stopped_institutions", "廃止.csv", stops.as_str()),
        ("position_corrections", "訂正.csv", correction.as_str()),
    ];
    let study = demo_with(folder.path(), &inputs);
    let second = folder.path().join("second");
    register(&study, &second);
    let anew = table(&second, "施設の一覧.csv");
    let of = |key: &str| anew.iter().find(|row| row["番号"] == key).unwrap_or_else(|| panic!("{key}"));
    assert_eq!(anew.len(), all.len() + 1, "one record more, and none lost");
    assert_eq!(of(&apart["記録B"])["名称"], apart["名称B"]);
    assert_eq!(
        (of(&closed["番号"])["状態"].as_str(), of(&closed["番号"])["状態の時点"].as_str()),
        ("廃止", "2025-08-01")
    );
    let corrected = of(&moved["番号"]);
    assert_eq!((corrected["位置の段階"].as_str(), corrected["位置の誤差m"].as_str()), ("位置の訂正", "50"));
    assert_eq!(corrected["位置の訂正"], "入口（保健所、2025-09-01）");

    let (old, new) = (folder.path().join("old"), folder.path().join("new"));
    let changes = |old: &Path, new: &Path, out: &Path| {
        keniki_succeeds(&["changes", path_text(old), path_text(new), "--out", path_text(out)])
    };
    let demo = root().join("shapes/demo/study.toml");
    changes(&demo, &study, &new);
    let told = table(&new, "施設の変更.csv");
    let stop = told.iter().find(|row| row["変更"] == "休止・廃止").expect("the closed clinic");
    assert_eq!((stop["番号"].as_str(), stop["後"].as_str()), (closed["番号"].as_str(), "2025-08-01 廃止"));
    assert!(told.iter().any(|row| row["変更"] == "新規" && row["番号"] == apart["記録B"]), "{told:#?}");
    changes(&demo, &demo, &old);
    assert!(table(&old, "施設の変更.csv").is_empty(), "an edition beside itself has no changes");
    let again = folder.path().join("again");
    changes(&demo, &study, &again);
    assert_same_bytes(&new, &again);
}

#[test]
fn tables_that_may_be_filled_in_are_never_overwritten_and_come_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let study = demo_with(folder.path(), &[]);
    register(&study, &out);
    let refused = keniki(&["register", path_text(&study), "--out", path_text(&out)]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("書き換えません"));
    let again = folder.path().join("again");
    register(&study, &again);
    assert_same_bytes(&out, &again);
    // The tables as they were written, CSV and workbook, are recognised as decisions that decide nothing.
    let mixed = folder.path().join("mixed");
    fs::create_dir(&mixed).expect("a folder");
    for name in ["名寄せの結び付き.csv", "名寄せの確認.xlsx"] {
        fs::copy(out.join(name), mixed.join(name)).expect("copied");
    }
    for entry in fs::read_dir(root().join("shapes/demo")).expect("shipped") {
        let path = entry.expect("readable").path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            fs::copy(&path, mixed.join(path.file_name().expect("a name"))).expect("copied");
        }
    }
    keniki_succeeds(&["import", path_text(&mixed)]);
    let manifest = fs::read_to_string(mixed.join("study.toml")).expect("written");
    assert!(manifest.contains("identity_decisions"), "{manifest}");
}

#[test]
fn the_links_of_yamanashi_and_its_doubtful_pairs_are_those_that_were_read() {
    if !root().join("../shared/data/yamanashi").is_dir() {
        support::skipped("register");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    register(&root().join("tests/real/yamanashi.toml"), &out);
    let doubtful = table(&out, "名寄せの確認.csv");
    let pairs: Vec<(&str, &str)> =
        doubtful.iter().map(|row| (row["記録A"].as_str(), row["記録B"].as_str())).collect();
    let read = [
        ("1911810644", "iryo:1922190000294"),
        ("1910116209", "iryo:1922190001069"),
        ("1911910295", "iryo:1922190001114"),
        ("1911710133", "kaigo:1911710133"),
        ("1912210315", "kaigo:1912210315"),
    ];
    assert_eq!(pairs, read);
    let checks = table(&out, "所在地と座標の隔たり.csv");
    assert!(checks.len() > 300, "{}", checks.len());
}
