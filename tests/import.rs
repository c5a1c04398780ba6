//! `keniki import` with the real binary: files of which neither name nor folder tells anything.

mod support;

use keniki::ingest::manifest::{InputKind, Manifest};
use keniki::ingest::survey::{Outcome, survey};
use keniki::progress::Silent;
use keniki::publish::templates::lists;
use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use support::hostile::{Packed, archive};
use support::{files, keniki, keniki_succeeds, path_text, root};

/// Kinds of the inputs of a study, counted.
fn kinds(study: &Path) -> BTreeMap<InputKind, usize> {
    let manifest = Manifest::read(study).expect("a study that can be read");
    let mut kinds = BTreeMap::new();
    for input in &manifest.inputs {
        *kinds.entry(input.kind).or_insert(0) += 1;
    }
    kinds
}

/// The files of the demonstration under numbers for names, among 170 files that are none of a study.
fn mixed_folder(folder: &Path) {
    let manifest = Manifest::read(&root().join("shapes/demo/study.toml")).expect("shipped");
    for (number, input) in manifest.inputs.iter().enumerate() {
        let below = folder.join(format!("{}", number % 7));
        fs::create_dir_all(&below).expect("a folder");
        let from = root().join("shapes/demo").join(&input.path);
        fs::copy(from, below.join(format!("資料 ({number})"))).expect("copied");
    }
    for number in 0..170 {
        let contents: &[u8] =
            [b"%PDF-1.7", b"name,price\n1,2\n".as_slice(), b"", b"PK\x03\x04 cut"][number % 4];
        fs::write(folder.join(format!("別の資料 {number}.csv")), contents).expect("written");
    }
    // What systems and Excel leave is nobody's download and not told of.
    for name in ["Thumbs.db", "desktop.ini", ".DS_Store", "~$名簿.xlsx"] {
        fs::write(folder.join(name), b"x").expect("written");
    }
}

#[test]
fn a_folder_of_two_hundred_mixed_files_becomes_the_study_of_the_demonstration() {
    let folder = tempfile::tempdir().expect("a folder");
    mixed_folder(folder.path());
    let output = keniki_succeeds(&["import", path_text(folder.path())]);
    let told = String::from_utf8(output.stdout).expect("UTF-8");
    let study = folder.path().join("study.toml");
    assert_eq!(kinds(&study), kinds(&root().join("shapes/demo/study.toml")));
    assert!(told.contains("48 汐見県: 205 ファイル"), "{told}");
    assert_eq!(told.matches("見分けられません").count(), 86, "{told}");
    assert_eq!(told.matches("\t読めません").count(), 42 + 42, "{told}");
    assert_eq!(told.matches("空のファイル").count(), 42, "{told}");
    assert!(!told.contains("足りないもの"), "{told}");
    let text = fs::read_to_string(&study).expect("readable");
    for line in ["prefecture = \"48\"", "name = \"汐見県\"", "as_of = \"2025-09\"", "census_year = 2020"] {
        assert!(text.contains(line), "{line}:\n{text}");
    }

    let refused = keniki(&["import", path_text(folder.path())]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("すでにあります"));
    let anew = || {
        keniki_succeeds(&["import", path_text(folder.path()), "--force"]);
        fs::read(&study).expect("readable")
    };
    assert_eq!(anew(), anew(), "the same files give the same study");

    let kept = folder.path().join("study.toml.bak");
    let _ = fs::remove_file(&kept);
    let edited = format!("{}# 手で直した行\n", fs::read_to_string(&study).expect("readable"));
    fs::write(&study, &edited).expect("written");
    anew();
    assert_eq!(fs::read_to_string(&kept).expect("the former study is kept"), edited);
}

/// A form with rows written into it below its header, everything else as it was made.
fn filled_in(form: &[u8], rows: &[Vec<&str>]) -> Vec<u8> {
    let cell = |(column, said): (usize, &&str), row: usize| {
        let letter = char::from(b'A' + column as u8);
        format!(r#"<c r="{letter}{row}" t="inlineStr"><is><t>{said}</t></is></c>"#)
    };
    let line = |(at, cells): (usize, &Vec<&str>)| {
        let row = at + 2;
        let cells: String = cells.iter().enumerate().map(|one| cell(one, row)).collect();
        format!(r#"<row r="{row}">{cells}</row>"#)
    };
    let lines: String = rows.iter().enumerate().map(line).collect();
    let mut form = zip::ZipArchive::new(Cursor::new(form)).expect("a workbook");
    let mut members = Vec::new();
    for at in 0..form.len() {
        let mut member = form.by_index(at).expect("a member");
        let mut contents = String::new();
        member.read_to_string(&mut contents).expect("XML");
        if member.name() == "xl/worksheets/sheet1.xml" {
            assert!(contents.contains("</sheetData>"), "{contents}");
            contents = contents.replace("</sheetData>", &format!("{lines}</sheetData>"));
        }
        members.push(Packed::honest(member.name(), contents.as_bytes()));
    }
    archive(&members)
}

/// A column of each form, and what nobody can read in it.
const WRONG: [(&str, &str, &str); 24] = [
    ("積極的役割を担う医療機関", "看取り", "応相談"),
    ("連携を担う拠点", "担当市町村コード", "甲府市"),
    ("保健所", "市区町村コード", "甲府"),
    ("二次医療圏", "市区町村コード", "甲府"),
    ("郡市区医師会", "市区町村コード", "甲府"),
    ("消防本部", "市区町村コード", "甲府"),
    ("介護保険者", "市区町村コード", "甲府"),
    ("構想区域", "市区町村コード", "甲府"),
    ("老人福祉圏", "市区町村コード", "甲府"),
    ("日常生活圏域", "市区町村コード", "甲府"),
    ("MC協議会", "市区町村コード", "甲府"),
    ("輪番", "開始", "夜"),
    ("輪番の上限", "週の上限", "多め"),
    ("県独自の患者数", "年", "昔"),
    ("位置の訂正", "経度", "東経138度"),
    ("休止・廃止の施設", "年月日", "先月"),
    ("施設の名寄せ", "判定", "たぶん"),
    ("急変時の受入病床", "受入病床数", "三"),
    ("業務継続計画", "BCP", "検討中"),
    ("数値目標", "目標値", "120か所"),
    ("夜間・休日の受付", "ルール", "たぶん"),
    ("患者流動", "件数", "数件"),
    ("介護保険施設の協力医療機関", "協力医療機関の有無", "たぶん"),
    ("救急医療情報キット・ACPのツール", "状況", "未定"),
];

#[test]
fn every_form_is_filled_in_as_a_workbook_and_a_wrong_cell_named_exactly() {
    let folder = tempfile::tempdir().expect("a folder");
    for list in lists() {
        let (_, name, said) = WRONG.iter().find(|(file, ..)| *file == list.file).expect("a wrong cell");
        let right: Vec<&str> = list.columns.iter().map(|column| column.example.as_str()).collect();
        let at = list.columns.iter().position(|column| column.name == *name).expect("a column");
        let mut wrong = right.clone();
        wrong[at] = said;
        let form = filled_in(&list.workbook().expect("a form"), &[right, wrong]);
        fs::write(folder.path().join(format!("{}.xlsx", list.file)), form).expect("written");
    }
    let survey = survey(folder.path(), Some("19"), &Silent).expect("readable");
    assert_eq!(survey.files.len(), lists().len());
    for list in lists() {
        let file = survey.files.iter().find(|one| one.file == format!("{}.xlsx", list.file)).expect("told");
        let Outcome::Input(input) = &file.outcome else { panic!("{}: {:?}", file.file, file.outcome) };
        assert_eq!((input.rows_read, input.rows_stored + input.rows_quarantined), (2, 2), "{}", list.file);
        let told: Vec<_> = input
            .findings
            .iter()
            .map(|one| (one.layer.as_deref(), one.row, one.field.as_deref().unwrap_or_default()))
            .collect();
        let (_, name, _) = WRONG.iter().find(|(file, ..)| *file == list.file).expect("a wrong cell");
        let at = list.columns.iter().position(|column| column.name == *name).expect("a column");
        let place = format!("{}3 {name}", char::from(b'A' + at as u8));
        assert_eq!(told, [(Some("入力"), Some(3), place.as_str())], "{}", list.file);
    }
}

#[test]
fn every_filled_in_template_is_recognised() {
    let folder = tempfile::tempdir().expect("a folder");
    let forms = folder.path().join("forms");
    keniki_succeeds(&["template", "--out", path_text(&forms)]);
    let names: Vec<String> = files(&forms).into_iter().map(|(name, _)| name.display().to_string()).collect();
    assert_eq!(names.len(), 2 * lists().len());
    let refused = keniki(&["template", "--out", path_text(&forms)]);
    assert_eq!(refused.status.code(), Some(2), "a form that may be filled in is never overwritten");
    for ending in ["csv", "xlsx"] {
        let sent = folder.path().join(ending);
        fs::create_dir(&sent).expect("a folder");
        for list in lists() {
            let examples: Vec<&str> = list.columns.iter().map(|column| column.example.as_str()).collect();
            let name = format!("{}.{ending}", list.file);
            let form = fs::read(forms.join(&name)).expect("a form");
            let filled = if ending == "csv" {
                [form, format!("{}\r\n", examples.join(",")).into_bytes()].concat()
            } else {
                filled_in(&form, &[examples])
            };
            fs::write(sent.join(&name), filled).expect("filled in");
        }
        let output = keniki_succeeds(&["import", path_text(&sent), "--prefecture", "19"]);
        let told = String::from_utf8(output.stdout).expect("UTF-8");
        for list in lists() {
            let line = told.lines().find(|line| line.starts_with(&format!("{}.{ending}", list.file)));
            assert!(line.is_some_and(|line| line.contains("1行（使う 1・除外 0）")), "{}: {told}", list.file);
        }
        assert!(!told.contains("見分けられません") && !told.contains("読めません"), "{told}");
    }
}

#[test]
fn of_two_editions_the_newer_is_taken_and_the_older_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let demo = root().join("shapes/demo");
    fs::copy(demo.join("N03-20220101_48_GML.zip"), folder.path().join("N03-20220101.zip")).expect("copied");
    for name in ["a_20240601.csv", "b_20250601.csv"] {
        fs::copy(demo.join("02-1_clinic_facility_info_20250601.csv"), folder.path().join(name))
            .expect("copied");
    }
    let out = folder.path().join("x.toml");
    let output = keniki_succeeds(&["import", path_text(folder.path()), "--out", path_text(&out)]);
    let told = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(
        told.lines()
            .any(|line| line.starts_with("a_20240601.csv") && line.contains("より新しい版 b_20250601.csv")),
        "{told}"
    );
    assert!(told.contains("足りないもの: 国勢調査 メッシュ統計"), "{told}");
    let text = fs::read_to_string(&out).expect("readable");
    assert!(
        text.contains("\npath = \"b_20250601.csv\"\n") && text.contains("\n# path = \"a_20240601.csv\"\n"),
        "{text}"
    );
}

#[test]
fn a_folder_without_boundaries_asks_for_the_prefecture_and_takes_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut file = fs::File::create(folder.path().join("x.csv")).expect("created");
    file.write_all("拠点名,設置主体\n北の拠点,医師会\n".as_bytes()).expect("written");
    let refused = keniki(&["import", path_text(folder.path())]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--prefecture"));
    let told = String::from_utf8_lossy(&refused.stdout).into_owned();
    assert!(told.contains("x.csv\t連携を担う拠点の一覧\n"), "what it is needs no prefecture: {told}");
    let output = keniki_succeeds(&["import", path_text(folder.path()), "--prefecture", "48"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("連携を担う拠点の一覧"));
    for folder in ["/nowhere", path_text(&folder.path().join("x.csv"))] {
        let refused = keniki(&["import", folder, "--prefecture", "48"]);
        assert_eq!(refused.status.code(), Some(2), "{folder}");
    }
}

#[test]
fn what_could_not_be_used_is_told_by_kind_with_its_number_and_first_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).expect("written");
    let plans = "医療機関コード,名称,BCP,策定年月\n1910100001,甲医院,はい,\n1910100002,乙医院,はい,\n";
    write("bcp.csv", plans.as_bytes());
    write("hubs.csv", "拠点名,設置主体\n".as_bytes());
    write("old.dat", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 a workbook of 1997");
    let output = keniki_succeeds(&["import", path_text(folder.path()), "--prefecture", "19"]);
    let told = String::from_utf8(output.stdout).expect("UTF-8");
    let lines: Vec<&str> = told.lines().collect();
    let of = |name: &str| lines.iter().position(|line| line.starts_with(name)).expect("told");
    let plans = of("bcp.csv");
    assert!(
        lines[plans].ends_with(
            "2行（使う 0・除外 2） → 使いません（読めた行がありません。2 行すべてを除外しました）"
        ),
        "{told}"
    );
    assert!(lines[plans + 1].starts_with("\t除外 一覧の値が読めない 2件: 2行目 "), "{told}");
    assert!(lines[plans + 1].contains("「はい」"), "{told}");
    assert!(lines[of("hubs.csv")].contains("使いません（見出しのほかに行がありません）"), "{told}");
    assert!(lines[of("old.dat")].contains("読めません") && lines[of("old.dat")].contains(".xlsx"), "{told}");
}
