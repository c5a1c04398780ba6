//! Files that promise, hold or hide more than a file should, before the real binary: each is refused by name
//! with its place and what to do, the others go on, and no more than 1 GiB of memory is ever used.

mod support;

use keniki::ingest::manifest::Manifest;
use std::fs;
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use support::hostile::{Packed, archive, sheet, workbook};
use support::{files, path_text, root};

/// Runs the real binary, to which the system gives no more than 1 GiB of memory: more ends it.
fn within_a_gibibyte(arguments: &[&str]) -> Output {
    Command::new("sh")
        .args(["-c", "ulimit -d 1048576; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_keniki")])
        .args(arguments)
        .output()
        .expect("the binary starts")
}

/// Imports a folder; what is told of each file.
fn import(folder: &Path) -> Vec<String> {
    let out = folder.join("study.toml");
    let output = within_a_gibibyte(&[
        "import",
        path_text(folder),
        "--prefecture",
        "48",
        "--force",
        "--out",
        path_text(&out),
    ]);
    let log = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{log}");
    assert!(!log.contains("panicked"), "{log}");
    String::from_utf8(output.stdout).expect("UTF-8").lines().map(str::to_owned).collect()
}

/// Writes one file into a folder of its own and tells what `import` says of it.
fn told_of(name: &str, contents: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join(name), contents).expect("written");
    line(&import(folder.path()), name).to_owned()
}

fn line<'a>(told: &'a [String], name: &str) -> &'a str {
    let start = format!("{name}\t");
    told.iter().find(|line| line.starts_with(&start)).unwrap_or_else(|| panic!("{name}: {told:#?}"))
}

fn assert_told(name: &str, contents: &[u8], parts: &[&str]) {
    let told = told_of(name, contents);
    for part in parts {
        assert!(told.contains(part), "{part}: {told}");
    }
}

/// A table that would be taken.
const LIST: &str = "名称,種別,医療機関コード\nあ医院,診療所,4810100001\n";
const MIB: usize = 1 << 20;

#[test]
fn archives_that_hold_or_declare_too_much_are_refused_by_name() {
    let bomb = Packed::repeated("list.csv", [LIST.as_bytes(), &vec![b'x'; MIB], b""], 1_100);
    assert_told(
        "bomb.zip",
        &archive(&[bomb]),
        &["読めません: bomb.zip: list.csvが大きすぎます", "都道府県の分だけ"],
    );
    let mut liar = Packed::repeated("list.csv", [LIST.as_bytes(), &vec![b'x'; MIB], b""], 1_000);
    liar.size = 1_000;
    assert_told(
        "liar.zip",
        &archive(&[liar]),
        &[
            "読めません: liar.zip: list.csv: zip として読めません（目次にある長さより長い",
            "もう一度ダウンロード",
        ],
    );
    let mut huge = Packed::honest("list.csv", LIST.as_bytes());
    huge.size = 10_000_000_000;
    assert_told("huge.zip", &archive(&[huge]), &["読めません: huge.zip: list.csvが大きすぎます"]);
    let many: Vec<Packed> = (0..20_000).map(|at| Packed::honest(&format!("{at}.csv"), b"")).collect();
    assert_told(
        "many.zip",
        &archive(&many),
        &["読めません: many.zip: zip の目次: 20000 個のファイル", "10000 個以下", "取り出して"],
    );
    let inner = archive(&[Packed::honest("list.csv", LIST.as_bytes())]);
    let nested = archive(&[Packed::honest("inner.zip", &inner)]);
    assert_told("nested.zip", &nested, &["読めません: nested.zip: zip の中: zip の中に zip", "取り出して"]);
    let wide = archive(
        &(0..3)
            .map(|at| Packed::repeated(&format!("{at}.csv"), [b"", &vec![b'x'; MIB], b""], 400))
            .collect::<Vec<_>>(),
    );
    assert_told("sum.zip", &wide, &["読めません: sum.zip: 2.csvが大きすぎます"]);
}

#[test]
fn names_in_archives_are_labels_and_nothing_is_written_under_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let inside = folder.path().join("a/b");
    fs::create_dir_all(&inside).expect("created");
    let names =
        ["../../evil.csv", "/tmp/keniki-evil.csv", "..\\..\\evil.csv", "C:\\evil.csv", "x\n\u{1b}[31m.csv"];
    for (number, name) in names.iter().enumerate() {
        let file = archive(&[Packed::honest(name, LIST.as_bytes())]);
        fs::write(inside.join(format!("{number}.zip")), file).expect("written");
    }
    let told = import(&inside);
    for number in 0..names.len() {
        let line = line(&told, &format!("{number}.zip"));
        assert!(
            line.contains("積極的役割を担う医療機関の一覧") && line.contains("1行（使う 1・除外 0）"),
            "{line}"
        );
    }
    let left: Vec<PathBuf> = files(folder.path()).into_iter().map(|(name, _)| name).collect();
    let mut expected: Vec<PathBuf> =
        (0..names.len()).map(|number| format!("a/b/{number}.zip").into()).collect();
    expected.push("a/b/study.toml".into());
    assert_eq!(left, expected);
    assert!(!Path::new("/tmp/keniki-evil.csv").exists());
    assert!(
        Manifest::read(&inside.join("study.toml"))
            .is_err_and(|error| error.to_string().contains("n03_boundary"))
    );
}

#[test]
fn tables_without_end_are_refused_with_their_line() {
    let wide = format!("{}\n", vec!["名称"; 1_000_000].join(","));
    assert_told("wide.csv", wide.as_bytes(), &["読めません: wide.csv: 1 行目: ", "4096 列まで", "改行"]);
    let wide = format!("{LIST}{}\n", ",".repeat(1_000_000));
    assert_told("wide.csv", wide.as_bytes(), &["読めません: wide.csv: 3 行目: ", "4096 列まで"]);
    let line = Packed::repeated("line.csv", [b"", &vec![b'x'; MIB], b""], 1_000);
    assert_told("line.zip", &archive(&[line]), &["読めません: line.zip: line.csv の 1 行目: ", "64 KiB"]);
    let line = Packed::repeated("line.csv", [LIST.as_bytes(), &vec![b'x'; MIB], b""], 1_000);
    assert_told("line.zip", &archive(&[line]), &["読めません: line.zip: line.csv の 3 行目: ", "64 KiB"]);
    let open = format!("{LIST}い医院,\"診療所,4810100002\n{}", "う医院,診療所,4810100003\n".repeat(100));
    assert_told(
        "open.csv",
        open.as_bytes(),
        &["読めません: open.csv: 3 行目: この行から 101 行", "閉じているか"],
    );
    let nul = format!("{LIST}い医院\0,診療所,4810100002\n");
    assert_told(
        "nul.csv",
        nul.as_bytes(),
        &["読めません: nul.csv: 3 行目: 文字ではない 0 のバイト", "UTF-8"],
    );
}

#[test]
fn files_longer_on_paper_than_on_disk_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, length) in [("long.csv", 10_000_000_000), ("hole.csv", 1_000_000_000)] {
        let path = folder.path().join(name);
        fs::write(&path, LIST).expect("written");
        fs::File::options()
            .append(true)
            .open(&path)
            .and_then(|file| file.set_len(length))
            .expect("stretched");
    }
    let told = import(folder.path());
    assert!(
        line(&told, "long.csv")
            .contains("読めません: long.csv: ファイルが大きすぎます（上限 1073741824 バイト）")
    );
    assert!(line(&told, "hole.csv").contains("読めません: hole.csv: 3 行目: 文字ではない 0 のバイト"));
}

/// The parts of the boundary of the demonstration.
fn shapefile(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let from = fs::File::open(root().join("shapes/demo/N03-20220101_48_GML.zip")).expect("readable");
    let mut archive = zip::ZipArchive::new(from).expect("a zip");
    let mut parts = Vec::new();
    for at in 0..archive.len() {
        let mut member = archive.by_index(at).expect("a member");
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut member, &mut bytes).expect("readable");
        let ending = Path::new(member.name()).extension().map(|ending| ending.to_string_lossy().into_owned());
        if let Some(ending) = ending.filter(|ending| ["shp", "shx", "dbf"].contains(&ending.as_str())) {
            parts.push((folder.join(format!("N03.{ending}")), bytes));
        }
    }
    assert_eq!(parts.len(), 3);
    parts
}

#[test]
fn layers_that_declare_gigabytes_or_nest_without_end_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |ending: &str, at: usize, value: [u8; 4]| {
        for (path, mut bytes) in shapefile(folder.path()) {
            if path.extension().is_some_and(|is| is == ending) {
                bytes[at..at + 4].copy_from_slice(&value);
            }
            fs::write(path, bytes).expect("written");
        }
        line(&import(folder.path()), "N03.shp").to_owned()
    };
    assert!(
        write("shp", 24, i32::MAX.to_be_bytes())
            .contains("読めません: N03.shp: N03.shp の .shp の先頭 100 バイト")
    );
    assert!(
        write("shx", 100, i32::MAX.to_be_bytes()).contains("読めません: N03.shp: N03.shp の 1 番目の図形")
    );
    assert!(
        write("dbf", 4, u32::MAX.to_le_bytes())
            .contains("読めません: N03.shp: N03.shp の .dbf: 4294967295 行")
    );
    // The length of the first record: as GDAL meets it.
    assert!(write("shp", 104, i32::MAX.to_be_bytes()).contains("N03.shp"));
    // Parts and points of the first polygon.
    assert!(write("shp", 144, i32::MAX.to_le_bytes()).contains("N03.shp"));
    assert!(write("shp", 148, i32::MAX.to_le_bytes()).contains("N03.shp"));
    let deep =
        |open: &str| format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}", open.repeat(100_000));
    for open in ["[", "{\"a\":", "{\"type\":\"GeometryCollection\",\"geometries\":["] {
        assert_told(
            "deep.geojson",
            deep(open).as_bytes(),
            &["読めません: deep.geojson: deep.geojson の 2 行目: 入れ子", "もう一度ダウンロード"],
        );
    }
}

#[test]
fn workbooks_that_declare_or_hold_too_much_are_refused() {
    let head = "<row><c t=\"inlineStr\"><is><t>名称</t></is></c><c t=\"inlineStr\"><is><t>種別</t></is></c><c t=\"inlineStr\"><is><t>医療機関コード</t></is></c></row>";
    let row = "<row><c t=\"inlineStr\"><is><t>あ医院</t></is></c><c t=\"inlineStr\"><is><t>診療所</t></is></c></row>";
    let declares = workbook(sheet(head, row, 2), None);
    assert_told("wide.xlsx", &declares, &["積極的役割を担う医療機関の一覧", "2行（使う 2・除外 0）"]);
    let cells = workbook(sheet(head, &"<row><c><v>1</v></c></row>".repeat(1_000), 5_100), None);
    assert_told(
        "cells.xlsx",
        &cells,
        &["読めません: cells.xlsx: シート「表」: セルが 5000000 個", "Excel で"],
    );
    let shared = |count: &str, text: &str| {
        let shared = format!("<sst uniqueCount=\"{count}\"><si><t>{text}</t></si></sst>");
        Some(Packed::honest("xl/sharedStrings.xml", shared.as_bytes()))
    };
    let declares = workbook(sheet(head, row, 1), shared("10000000000", "x"));
    assert_told(
        "shared.xlsx",
        &declares,
        &["読めません: shared.xlsx: xl/sharedStrings.xml: 10000000000 個の文字列"],
    );
    let times = workbook(
        sheet(head, &"<row><c t=\"s\"><v>0</v></c></row>".repeat(10), 1_000),
        shared("1", &"x".repeat(MIB)),
    );
    assert_told("times.xlsx", &times, &["読めません: times.xlsx: シート「表」: ", "文字が 256 MiB"]);
    let long = Packed::repeated("xl/worksheets/sheet1.xml", [b"", &vec![b' '; MIB], b""], 300);
    assert_told(
        "long.xlsx",
        &workbook(long, None),
        &["読めません: long.xlsx: xl/worksheets/sheet1.xml: 314572800 バイト"],
    );
}

#[test]
fn formulas_are_never_computed_and_told() {
    let head = "<row><c t=\"inlineStr\"><is><t>名称</t></is></c><c t=\"inlineStr\"><is><t>種別</t></is></c><c t=\"inlineStr\"><is><t>医療機関コード</t></is></c></row>";
    let call = "cmd|' /C calc'!A0";
    let with = format!(
        "<row><c t=\"str\"><f>{call}</f><v>あ医院</v></c><c t=\"inlineStr\"><is><t>診療所</t></is></c></row>"
    );
    assert_told(
        "with.xlsx",
        &workbook(sheet(head, &with, 1), None),
        &["積極的役割を担う医療機関の一覧", "1行（使う 1・除外 0）"],
    );
    let without = format!("<row><c><f>{call}</f></c><c t=\"inlineStr\"><is><t>診療所</t></is></c></row>");
    assert_told(
        "without.xlsx",
        &workbook(sheet(head, &without, 1), None),
        &["1行（使う 0・除外 1）", "注意 1件"],
    );
    let failed =
        "<row><c t=\"e\"><f>1/0</f><v>#DIV/0!</v></c><c t=\"inlineStr\"><is><t>診療所</t></is></c></row>";
    assert_told(
        "failed.xlsx",
        &workbook(sheet(head, failed, 1), None),
        &["1行（使う 0・除外 1）", "注意 1件"],
    );
}

#[test]
fn what_is_no_ordinary_file_is_named_and_never_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    fs::write(path("list.csv"), LIST).expect("written");
    symlink(path("list.csv"), path("link.csv")).expect("linked");
    symlink(path("nothing"), path("broken.csv")).expect("linked");
    symlink(folder.path(), path("loop")).expect("linked");
    fs::create_dir(path("folder.csv")).expect("created");
    fs::write(path("line\nbreak.csv"), LIST).expect("written");
    let pipe = path("pipe.csv");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("started").success());
    let told = import(folder.path());
    for name in ["link.csv", "broken.csv", "loop"] {
        assert!(
            line(&told, name).contains(&format!("読めません: {name}: 読めません（リンクです")),
            "{told:#?}"
        );
    }
    assert!(line(&told, "pipe.csv").contains("パイプか装置です"), "{told:#?}");
    assert!(line(&told, "line\u{fffd}break.csv").contains("制御文字"), "{told:#?}");
    assert!(line(&told, "list.csv").contains("1行（使う 1・除外 0）"), "{told:#?}");

    let manifest = path("plan.toml");
    for given in ["pipe.csv", "folder.csv"] {
        let text = fs::read_to_string(root().join("shapes/demo/study.toml")).expect("readable");
        let text = text.replace("N03-20220101_48_GML.zip", &path_text(&path(given)).replace('\\', "/"));
        fs::write(&manifest, text).expect("written");
        let output = within_a_gibibyte(&["plan", path_text(&manifest), "--out", path_text(&path("out"))]);
        let log = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{log}");
        assert!(log.contains(given) && log.contains("通常のファイル"), "{log}");
    }
}

/// Two hundred files, every sixth of them hostile: what is good becomes the study, what is not is named.
#[test]
fn a_mixed_folder_goes_on_past_its_hostile_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let manifest = Manifest::read(&root().join("shapes/demo/study.toml")).expect("shipped");
    for input in &manifest.inputs {
        fs::copy(root().join("shapes/demo").join(&input.path), folder.path().join(&input.path))
            .expect("copied");
    }
    let bomb = archive(&[Packed::repeated("list.csv", [LIST.as_bytes(), &vec![b'x'; MIB], b""], 1_000)]);
    let deep = format!("{{\"type\":\"FeatureCollection\",\"features\":{}", "[".repeat(100_000));
    let nul = format!("{LIST}\0");
    let hostile: [&[u8]; 4] = [&bomb, deep.as_bytes(), nul.as_bytes(), b"PK\x03\x04 cut"];
    let filler = 200 - manifest.inputs.len();
    for number in 0..filler {
        let name = format!("x{number}");
        let path = folder.path().join(&name);
        match number % 6 {
            0 => fs::write(path, hostile[number / 6 % 4]).expect("written"),
            1 => symlink("/dev/zero", path).expect("linked"),
            _ => fs::write(path, format!("%PDF-1.7 {number}")).expect("written"),
        }
    }
    let told = import(folder.path());
    for number in 0..filler {
        let name = format!("x{number}");
        let expected = if number % 6 < 2 { "読めません: " } else { "見分けられません" };
        assert!(line(&told, &name).contains(expected), "{}", line(&told, &name));
    }
    let study = Manifest::read(&folder.path().join("study.toml")).expect("a study that can be read");
    let names = |study: &Manifest| {
        let mut names: Vec<String> = study.inputs.iter().map(|input| input.path.clone()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&study), names(&manifest));
}

/// A file in which a stretch of zeros takes no room on the disk.
struct Sparse(fs::File);

impl Write for Sparse {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.iter().any(|byte| *byte != 0) {
            return self.0.write(bytes);
        }
        let end = self.0.seek(SeekFrom::Current(bytes.len() as i64))?;
        self.0.set_len(self.0.metadata()?.len().max(end))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Seek for Sparse {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

/// An attribute table of texts of twenty bytes.
fn attributes(names: &[&str], rows: &[[&str; 4]]) -> Vec<u8> {
    let numbers =
        [32 + 32 * names.len() + 1, 1 + 20 * names.len()].map(|number| (number as u16).to_le_bytes());
    let mut table =
        [&[3, 120, 1, 1][..], &(rows.len() as u32).to_le_bytes(), &numbers.concat(), &[0; 20]].concat();
    for name in names {
        let mut field = [0; 32];
        field[..name.len()].copy_from_slice(name.as_bytes());
        field[11] = b'C';
        field[16] = 20;
        table.extend(field);
    }
    table.push(b'\r');
    for row in rows {
        table.push(b' ');
        for value in row {
            let mut padded = value.as_bytes().to_vec();
            padded.resize(20, b' ');
            table.extend(padded);
        }
    }
    table
}

#[test]
fn medical_areas_of_the_whole_country_are_read_from_an_archive_of_more_than_a_gibibyte() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = fs::File::create_new(folder.path().join("A38-20_GML.zip")).expect("created");
    let mut archive = zip::ZipWriter::new(Sparse(file));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    archive.start_file("A38-20_2.shp", stored).expect("begun");
    let megabyte = vec![0; 1 << 20];
    for _ in 0..1_200 {
        archive.write_all(&megabyte).expect("written");
    }
    let rows = [
        ["48201", "汐見市", "4801", "汐見"],
        ["48201", "汐見市", "4801", "汐見"],
        ["47201", "那覇市", "4701", "南部"],
    ];
    archive.start_file("A38-20_2.dbf", stored).expect("begun");
    archive
        .write_all(&attributes(&["A38b_001", "A38b_002", "A38b_003", "A38b_004"], &rows))
        .expect("written");
    archive.finish().expect("whole");
    let told = import(folder.path());
    let line = line(&told, "A38-20_GML.zip");
    assert!(
        line.contains("2020（名前から） 3行（使う 3・除外 0）") && !line.contains("使いません"),
        "{line}"
    );
}
