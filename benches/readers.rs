//! Rows per second of each big reader, and how much memory it takes as its file grows.
//!
//! `cargo bench --bench readers -- ../shared/data`
//!
//! Every file is read in a process of its own: the memory is what that process has ever held beyond what it
//! began with, the time the best of three reads after it. ×2 and ×4 are the same file with its rows repeated.

use calamine::{Data, Reader, Xlsx};
use keniki::ingest::alone::read_file;
use keniki::ingest::manifest::InputKind;
use rust_xlsxwriter::Workbook;
use serde_json::Value;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// A file, its kind, and the lines above its rows.
const FILES: [(InputKind, &str, usize); 7] = [
    (InputKind::InstitutionCodes, "national/202508_all_med_inst_cd.zip", 0),
    (InputKind::IryoJohoNet, "yamanashi/facilities/01-1_hospital_facility_info_20250601.zip", 1),
    (InputKind::KaigoJigyosho, "national/jigyosho_2026.zip", 1),
    (InputKind::CensusMesh, "formats/population/tblT001102Q5240.zip", 2),
    (InputKind::Todokede, "formats/facilities/41_todokede_ika_202510.xlsx", 0),
    (InputKind::N03Boundary, "yamanashi/boundary/N03-22_19_220101.geojson.zip", 0),
    (InputKind::N03Boundary, "yamanashi/boundary/N03-22_19_220101_shp_cp932.zip", 0),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|one| one != "--bench").collect();
    match arguments.as_slice() {
        [flag, kind, file] if flag == "--one" => one(kind, Path::new(file)),
        [data] => all(Path::new(data)),
        _ => eprintln!("usage: cargo bench --bench readers -- ../shared/data"),
    }
}

fn all(data: &Path) {
    println!("{:64} {:>9} {:>9} {:>12} {:>9}", "file", "rows", "seconds", "rows/second", "MiB");
    let grown = tempfile::tempdir().expect("a folder");
    for (kind, file, head) in FILES {
        let whole = fs::read(data.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        for times in [1, 2, 4] {
            let path = grown.path().join(Path::new(file).file_name().expect("a name"));
            match grow(&whole, head, times) {
                Some(bytes) => fs::write(&path, bytes).expect("written"),
                None if times == 1 => fs::write(&path, &whole).expect("written"),
                None => continue,
            }
            let program = std::env::current_exe().expect("this program");
            let told =
                Command::new(program).arg("--one").arg(kind.word()).arg(&path).output().expect("started");
            let told = String::from_utf8_lossy(&told.stdout).into_owned();
            let [rows, seconds, mebibytes] = told.split_whitespace().collect::<Vec<_>>()[..] else {
                panic!("{file}: {told}")
            };
            let rows: f64 = rows.parse().expect("a number");
            let seconds: f64 = seconds.parse().expect("a number");
            let name = format!("{} {file} ×{times}", kind.word());
            println!("{name:64} {rows:9} {seconds:9.3} {:12.0} {mebibytes:>9}", rows / seconds);
        }
    }
}

fn one(kind: &str, file: &Path) {
    let kind: InputKind = serde_json::from_value(Value::from(kind)).expect("a kind");
    let read = || read_file(kind, None, file, "19").unwrap_or_else(|error| panic!("{error}"));
    let before = most_held();
    let rows = read().rows_read;
    let held = most_held() - before;
    let time = |_| {
        let begin = Instant::now();
        read();
        begin.elapsed().as_secs_f64()
    };
    let seconds = (0..3).map(time).fold(f64::INFINITY, f64::min);
    println!("{rows} {seconds} {:.0}", held as f64 / 1024.0);
}

/// KiB that this process has held at most.
fn most_held() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).expect("a number")
}

/// The same file with its rows repeated; `None` for a Shapefile, whose parts hang together.
fn grow(file: &[u8], head: usize, times: usize) -> Option<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(file)).expect("a zip");
    if archive.file_names().any(|name| name == "xl/workbook.xml") {
        return Some(grow_workbook(file, times));
    }
    let mut grown = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut member = archive.by_index(at).expect("a member");
        let (name, mut bytes) = (format!("{at}{}", ending(member.name())), Vec::new());
        member.read_to_end(&mut bytes).expect("readable");
        let bytes = match ending(&name) {
            ".csv" | ".txt" => grow_text(&bytes, head, times),
            ".geojson" => grow_layer(&bytes, times),
            ".shp" => return None,
            _ => continue,
        };
        grown.start_file(name, SimpleFileOptions::default()).expect("started");
        grown.write_all(&bytes).expect("written");
    }
    Some(grown.finish().expect("finished").into_inner())
}

fn ending(name: &str) -> &str {
    name.rfind('.').map_or("", |at| &name[at..])
}

fn grow_text(text: &[u8], head: usize, times: usize) -> Vec<u8> {
    let heads: usize = text.split_inclusive(|byte| *byte == b'\n').take(head).map(<[u8]>::len).sum();
    let (heads, rows) = text.split_at(heads);
    let end: &[u8] = if rows.ends_with(b"\n") { b"" } else { b"\n" };
    [heads, &[rows, end].concat().repeat(times)].concat()
}

fn grow_layer(text: &[u8], times: usize) -> Vec<u8> {
    let mut layer: Value = serde_json::from_slice(text).expect("GeoJSON");
    let features = layer["features"].as_array().expect("features");
    layer["features"] = (0..times).flat_map(|_| features.iter().cloned()).collect();
    layer.to_string().into_bytes()
}

fn grow_workbook(file: &[u8], times: usize) -> Vec<u8> {
    let mut book = Xlsx::new(Cursor::new(file)).expect("a workbook");
    let (name, range) = book.worksheets().into_iter().next().expect("a sheet");
    let is_head = |row: &&[Data]| row.iter().all(|cell| cell.to_string().replace(' ', "") != "医科");
    let heads = range.rows().take_while(is_head).count();
    let repeated = (0..times).flat_map(|_| range.rows().skip(heads));
    let mut grown = Workbook::new();
    let sheet = grown.add_worksheet().set_name(name).expect("a name");
    for (row, cells) in range.rows().take(heads).chain(repeated).enumerate() {
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| **cell != Data::Empty) {
            sheet.write_string(row as u32, column as u16, cell.to_string()).expect("a cell");
        }
    }
    grown.save_to_buffer().expect("a workbook")
}
