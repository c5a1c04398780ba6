//! `keniki demand` on the demonstration prefecture with the real binary.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use support::{assert_same_bytes, files, keniki, keniki_succeeds, path_text, root};

/// A row of a table by the names of its columns.
type Row = BTreeMap<String, String>;

/// The outlook of the demonstration, once for all tests: folder, output, and what was printed.
fn listed() -> &'static (tempfile::TempDir, PathBuf, String) {
    static LISTED: OnceLock<(tempfile::TempDir, PathBuf, String)> = OnceLock::new();
    LISTED.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("demand");
        let study = root().join("shapes/demo/study.toml");
        let output = keniki_succeeds(&["demand", path_text(&study), "--out", path_text(&out)]);
        (folder, out, String::from_utf8(output.stdout).expect("UTF-8"))
    })
}

fn rows_of(file: &Path) -> Vec<Row> {
    let text = fs::read_to_string(file).expect("readable");
    let text = text.strip_prefix('\u{feff}').expect("the mark by which Excel knows UTF-8");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.expect("as many fields as the header")).collect()
}

fn table(name: &str) -> Vec<Row> {
    rows_of(&listed().1.join(name))
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().expect("a number")
}

#[test]
fn every_layer_of_every_division_sums_to_the_prefecture_in_every_year() {
    let rows = table("demand.csv");
    let layers: BTreeSet<&str> = rows.iter().map(|row| row["層"].as_str()).collect();
    assert_eq!(layers.len(), 12, "{layers:?}");
    let mut sums: BTreeMap<(&str, &str), BTreeMap<&str, f64>> = BTreeMap::new();
    for row in &rows {
        let sum = sums.entry((&row["層"], &row["年"])).or_default().entry(&row["圏域の種類"]).or_default();
        *sum += number(row, "中");
        let [low, mid, high, older] = ["低", "中", "高", "中のうち85歳以上"].map(|of| number(row, of));
        assert!(low <= mid && mid <= high && older <= mid, "{row:?}");
    }
    assert_eq!(sums.len(), 12 * 31);
    for (of, sums) in &sums {
        let all = sums["都道府県"];
        assert_eq!(sums.len(), 6, "the prefecture, its municipalities and four systems");
        for (division, sum) in sums {
            // Twenty-four zones, each rounded to a millionth.
            assert!((sum - all).abs() < 24e-6, "{of:?} {division}: {sum}, not {all}");
        }
    }
    let home = |year: &str, layer: &str| sums[&(layer, year)]["都道府県"];
    assert!((home("2030", "訪問診療（居宅）") - 0.39 * home("2030", "訪問診療")).abs() < 1e-5);
}

#[test]
fn the_peak_is_the_highest_of_the_series_and_unknown_counts_are_no_zeros() {
    let demand = table("demand.csv");
    let peaks = table("peaks.csv");
    let of = |row: &Row| (row["層"].clone(), row["圏域の種類"].clone(), row["圏域コード"].clone());
    let mut highest: BTreeMap<_, f64> = BTreeMap::new();
    for row in &demand {
        let most = highest.entry(of(row)).or_default();
        *most = most.max(number(row, "中"));
    }
    assert_eq!(peaks.len(), highest.len());
    for row in &peaks {
        assert_eq!(number(row, "中"), highest[&of(row)], "{row:?}");
    }
    let cohorts = table("cohorts.csv");
    assert!(!cohorts.is_empty() && cohorts.iter().all(|row| row["人数"] == "不明"), "no counts are loaded");
    assert!(listed().2.starts_with("訪問診療: "), "{}", listed().2);
}

#[test]
fn a_zone_falls_short_in_the_first_year_with_less_capacity_than_demand() {
    let key = |row: &Row| ["仮定", "圏域の種類", "圏域コード"].map(|of| row[of].clone());
    let mut first: BTreeMap<[String; 3], String> = BTreeMap::new();
    for row in table("workforce.csv") {
        let is_short = number(&row, "提供量") < number(&row, "需要_中");
        if is_short {
            first.entry(key(&row)).or_insert(row["年"].clone());
        }
    }
    let shortfalls = table("shortfalls.csv");
    let told = |row: &Row| row["不足する年（需要 中）"].clone();
    assert!(shortfalls.iter().any(|row| told(row) == "2050年まで不足しない"));
    for row in &shortfalls {
        let expected = first.get(&key(row)).cloned().unwrap_or_else(|| "2050年まで不足しない".to_owned());
        assert_eq!(told(row), expected, "{row:?}");
    }
}

#[test]
fn the_text_names_every_formula_and_source_and_a_second_run_gives_the_same_bytes() {
    let (folder, out, _) = listed();
    let names: Vec<String> = files(out).into_iter().map(|(name, _)| name.display().to_string()).collect();
    let expected = [
        "README.txt",
        "cohorts.csv",
        "demand.csv",
        "needs.csv",
        "peaks.csv",
        "shortfalls.csv",
        "workforce.csv",
    ];
    assert_eq!(names, expected);
    let text = fs::read_to_string(out.join("README.txt")).expect("readable");
    for part in [
        "D＝Σ年齢 率·人口",
        "人口動態統計2023年",
        "75歳で引退",
        "補完秘匿",
        "2020–2050年",
        "（架空の県の見本）",
    ] {
        assert!(text.contains(part), "{part}");
    }
    let again = folder.path().join("again");
    let study = root().join("shapes/demo/study.toml");
    for _ in 0..2 {
        keniki_succeeds(&["demand", path_text(&study), "--out", path_text(&again)]);
    }
    assert_same_bytes(out, &again);
}

#[test]
fn counts_of_the_prefecture_are_shown_without_the_small_ones() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files(&root().join("shapes/demo")) {
        fs::write(folder.path().join(name), bytes).expect("written");
    }
    let manifest = folder.path().join("study.toml");
    let text = fs::read_to_string(&manifest).expect("readable");
    let entry = "[[input]]\nkind = \"cohort_counts\"\npath = \"kanja.csv\"\n\n[parameters]";
    fs::write(&manifest, text.replace("[parameters]", entry)).expect("written");
    let codes: Vec<String> = table("demand.csv")
        .into_iter()
        .filter(|row| row["層"] == "訪問診療" && row["圏域の種類"] == "市区町村" && row["年"] == "2024")
        .map(|row| row["圏域コード"].clone())
        .collect();
    assert_eq!(codes.len(), 24);
    let counts: String =
        codes.iter().zip(0..).map(|(code, at)| format!("医療的ケア児,{code},2024,{}\n", at * 7)).collect();
    fs::write(folder.path().join("kanja.csv"), format!("区分,市区町村コード,年,人数\n{counts}"))
        .expect("written");
    let plan: String = codes.iter().zip(0..).map(|(code, at)| format!("{code},{}\n", at % 2)).collect();
    let file = folder.path().join("plan.csv");
    fs::write(&file, format!("市町村,圏域\n{plan}")).expect("written");
    let out = folder.path().join("out");
    let (study, file, out_text) = (path_text(&manifest), path_text(&file), path_text(&out));
    keniki_succeeds(&["demand", study, "--plan", file, "--out", out_text]);
    let demand = rows_of(&out.join("demand.csv"));
    let sum = |kind: &str| -> f64 {
        let is = |row: &&Row| row["層"] == "訪問看護" && row["圏域の種類"] == kind && row["年"] == "2040";
        demand.iter().filter(is).map(|row| number(row, "中")).sum()
    };
    assert!((sum("案") - sum("都道府県")).abs() < 1e-5 && sum("案") > 0.0, "{}", sum("案"));
    let rows = rows_of(&out.join("cohorts.csv"));
    let of = |kind: &str, code: &str| {
        let is = |row: &&Row| {
            row["区分"] == "医療的ケア児" && row["圏域の種類"] == kind && row["圏域コード"] == code
        };
        rows.iter().find(is).expect("there")["人数"].clone()
    };
    assert_eq!(of("市区町村", &codes[23]), "161");
    assert_eq!(of("市区町村", &codes[1]), "1–9", "seven");
    let hidden = rows.iter().filter(|row| row["圏域の種類"] == "市区町村" && row["人数"] == "秘匿").count();
    assert!((1..8).contains(&hidden), "one small count alone would follow from the totals: {hidden}");
    assert!(of("都道府県", "48").ends_with("以上"), "{}", of("都道府県", "48"));
}

/// The message of a refusal.
fn refusal(arguments: &[&str]) -> String {
    let study = root().join("shapes/demo/study.toml");
    let out = listed().0.path().join("refused");
    let output = keniki(&[&["demand", path_text(&study), "--out", path_text(&out)], arguments].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(!out.exists());
    String::from_utf8(output.stderr).expect("UTF-8")
}

#[test]
fn years_and_tables_that_cannot_be_used_are_named() {
    let message = refusal(&["--to", "2071"]);
    assert!(message.contains("2071年") && message.contains("2020–2070年"), "{message}");
    let shipped = fs::read_to_string(root().join("shapes/tables/layers.toml")).expect("readable");
    let file = listed().0.path().join("rates.toml");
    for (from, to, word) in [
        ("from = 65, to = 74", "from = 65, to = 79", "重なっています"),
        ("mid = 0.61", "mid = 0.60", "合計が 0.99"),
        ("low = 0.00105", "low = -1", "訪問看護の0–64歳"),
    ] {
        fs::write(&file, shipped.replacen(from, to, 1)).expect("written");
        let message = refusal(&["--rates", path_text(&file)]);
        assert!(message.contains("rates.toml") && message.contains(word), "{message}");
    }
    let shipped = fs::read_to_string(root().join("shapes/tables/workforce.toml")).expect("readable");
    fs::write(&file, shipped.replace("per_institution = 42.99", "per_institution = -3")).expect("written");
    let message = refusal(&["--workforce", path_text(&file)]);
    assert!(message.contains("看護職員") && message.contains("-3"), "{message}");
    fs::write(&file, "汐見市,北\n").expect("written");
    let message = refusal(&["--plan", path_text(&file)]);
    assert!(message.contains("すべての市区町村をちょうど一つの圏域に"), "{message}");
}
