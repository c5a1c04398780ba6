//! Small files of every kind for fuzzing to begin from, and the words of their columns:
//! `cargo run --release --example fuzz_seeds` fills `fuzz/corpus` and `fuzz/dictionaries`.

use keniki::ingest::manifest::Manifest;
use pbf::{Extract, Way, encode, node_block, way_block};
use samples::{Container, Sample, kinds, samples};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::io::Read;
use std::path::{Path, PathBuf};

#[path = "demo_prefecture/pbf.rs"]
mod pbf;

#[path = "../tests/support/samples.rs"]
#[allow(dead_code, reason = "a part of it is used")]
mod samples;

/// Every key that a rule about roads reads, with a value that it knows.
const TAGS: [(&str, &str); 22] = [
    ("oneway", "yes"),
    ("oneway", "-1"),
    ("oneway", "reversible"),
    ("junction", "roundabout"),
    ("access", "private"),
    ("motor_vehicle", "destination"),
    ("motorcar", "no"),
    ("vehicle", "yes"),
    ("service", "driveway"),
    ("tracktype", "grade1"),
    ("toll", "yes"),
    ("route", "ferry"),
    ("duration", "00:45"),
    ("duration", "PT1H30M"),
    ("bridge", "yes"),
    ("tunnel", "yes"),
    ("layer", "-1"),
    ("maxspeed", "30 mph"),
    ("surface", "unpaved"),
    ("snowplowing", "no"),
    ("area", "yes"),
    ("lanes", "2"),
];

/// A mapping with every key, and the table that it names.
const OWN_FIGURES: [&str; 2] = [
    "file = \"t.csv\"\nsource = \"NDB\"\nmunicipality = \"市町村\"\nyear_column = \"年度\"\nsuppressed = [\"※\"]\n\
     not_counted = [\"未集計\"]\n[[indicator]]\ncolumn = \"患者数\"\nname = \"訪問診療の患者\"\nunit = \"人\"\n\
     function = \"日常の療養支援\"\nelement = \"プロセス\"\nadds_up = true\npatients = true\n\
     only = { column = \"指標\", is = \"訪問診療\" }\n",
    "市町村,年度,指標,患者数\n19201,令和5年度,訪問診療,\"1,200\"\n甲府市,2023,往診,*\n19202,R5,訪問診療,※\n\
     富士吉田市,2023年度,訪問診療,未集計\n",
];

const CLASSES: [&str; 8] =
    ["motorway", "trunk", "primary_link", "residential", "service", "track", "construction", "living_street"];

/// A square with a diagonal and a spur; every road has the class and the tag.
fn square(class: &str, tag: (&'static str, &str)) -> Extract {
    let nodes = vec![(138.50, 35.60), (138.51, 35.60), (138.51, 35.61), (138.50, 35.61), (138.52, 35.62)];
    let ways = [[1, 2].as_slice(), &[2, 3, 4], &[4, 1], &[1, 3], &[3, 5]].map(|nodes| Way {
        nodes: nodes.to_vec(),
        tags: vec![("highway", class.to_owned()), (tag.0, tag.1.to_owned())],
    });
    let barrier = vec![("barrier", "gate".to_owned()), ("access", "no".to_owned())];
    Extract { ids_after: 0, nodes, node_tags: [(3, barrier)].into(), ways: ways.to_vec() }
}

/// A whole file of the demonstration is a seed up to this length.
const MOST_BYTES: usize = 64 * 1024;

/// What the first byte of a seed says of the rest (`fuzz/src/lib.rs`).
const ITSELF: u8 = 0;
const CSV_IN_ZIP: u8 = 1;
const GEOJSON_IN_ZIP: u8 = 2;
const SHAPEFILE: u8 = 3;
const SHEET: u8 = 4;

fn seed(form: u8, inside: &[u8]) -> Vec<u8> {
    [&[form], inside].concat()
}

/// Two parts with their lengths before them, and a third.
fn parts([first, second, third]: [&[u8]; 3]) -> Vec<u8> {
    let length = |part: &[u8]| (part.len() as u32).to_le_bytes();
    [&length(first)[..], &length(second), first, second, third].concat()
}

/// The members of an archive whose names end so, in that order; empty where there is none.
fn members<const N: usize>(archive: &[u8], endings: [&str; N]) -> [Vec<u8>; N] {
    let archive = zip::ZipArchive::new(std::io::Cursor::new(archive));
    let mut archive = archive.expect("a zip that was just written or shipped");
    endings.map(|ending| {
        let mut bytes = Vec::new();
        for at in 0..archive.len() {
            let mut member = archive.by_index(at).expect("a member");
            if member.name().ends_with(ending) && bytes.is_empty() {
                member.read_to_end(&mut bytes).expect("readable");
            }
        }
        bytes
    })
}

/// A Shapefile with the first of its records only (ESRI Shapefile Technical Description, 1998).
fn first_record([mut shp, mut shx, mut dbf]: [Vec<u8>; 3]) -> [Vec<u8>; 3] {
    let word = |at: usize| u32::from_be_bytes(shx[at..at + 4].try_into().expect("four bytes")) as usize;
    shp.truncate((word(100) + word(104)) * 2 + 8);
    shx.truncate(108);
    for part in [&mut shp, &mut shx] {
        let words = (part.len() as u32 / 2).to_be_bytes();
        part[24..28].copy_from_slice(&words);
    }
    dbf[4..8].copy_from_slice(&1_u32.to_le_bytes());
    [shp, shx, dbf]
}

fn sheet(workbook: &[u8]) -> Vec<u8> {
    let [sheet, shared] = members(workbook, ["worksheets/sheet1.xml", "sharedStrings.xml"]);
    seed(SHEET, &parts([&sheet, &shared, b""]))
}

fn seeds_of(sample: &Sample) -> Vec<Vec<u8>> {
    let file = sample.file();
    match sample.container {
        Container::Csv => vec![seed(ITSELF, &file), seed(CSV_IN_ZIP, &file)],
        Container::Layer => vec![seed(ITSELF, &file), seed(GEOJSON_IN_ZIP, &file)],
        Container::Sheet(_) => vec![seed(ITSELF, &file), sheet(&file)],
    }
}

/// Files of the demonstration as seeds, where they are small enough to be changed often.
fn shipped_seeds() -> Vec<(&'static str, Vec<u8>)> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("shapes/demo/study.toml");
    let manifest = Manifest::read(&manifest).expect("shipped");
    let mut seeds = Vec::new();
    for input in &manifest.inputs {
        let bytes = std::fs::read(manifest.folder.join(&input.path)).expect("shipped");
        let mut add = |seed: Vec<u8>| {
            if seed.len() <= MOST_BYTES {
                seeds.push((input.kind.word(), seed));
            }
        };
        if bytes.starts_with(b"PK") {
            let [shp, shx, dbf, csv, txt] = members(&bytes, [".shp", ".shx", ".dbf", ".csv", ".txt"]);
            [&csv, &txt]
                .into_iter()
                .filter(|text| !text.is_empty())
                .for_each(|text| add(seed(CSV_IN_ZIP, text)));
            if !shp.is_empty() {
                let [shp, shx, dbf] = first_record([shp, shx, dbf]);
                add(seed(SHAPEFILE, &parts([&shp, &shx, &dbf])));
            }
            if Path::new(&input.path).extension().is_some_and(|ending| ending == "xlsx") {
                add(sheet(&bytes));
            }
        }
        add(seed(ITSELF, &bytes));
    }
    seeds
}

/// The words of the columns, as libFuzzer reads them.
fn dictionary(samples: &[Sample]) -> String {
    let words: BTreeSet<&String> = samples.iter().flat_map(|sample| sample.head.iter().flatten()).collect();
    let mut text = String::new();
    for word in words.into_iter().filter(|word| !word.is_empty()) {
        let escaped: String = word.bytes().map(|byte| format!("\\x{byte:02x}")).collect();
        let _ = writeln!(text, "\"{escaped}\"");
    }
    text
}

fn main() -> std::io::Result<()> {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let write = |path: PathBuf, bytes: &[u8]| {
        std::fs::create_dir_all(path.parent().unwrap_or(&fuzz))?;
        std::fs::write(path, bytes)
    };
    for kind in kinds() {
        let samples = samples(kind);
        let seeds = samples.iter().flat_map(seeds_of);
        for (number, seed) in seeds.enumerate() {
            write(fuzz.join(format!("corpus/{}/sample-{number}", kind.word())), &seed)?;
        }
        write(fuzz.join(format!("dictionaries/{}.dict", kind.word())), dictionary(&samples).as_bytes())?;
    }
    for (number, (word, seed)) in shipped_seeds().into_iter().enumerate() {
        write(fuzz.join(format!("corpus/{word}/shipped-{number}")), &seed)?;
    }
    let [mapping, table] = OWN_FIGURES.map(str::as_bytes);
    write(fuzz.join("corpus/own_figures/seed"), &parts([mapping, table, b""]))?;
    let corpus = fuzz.join("corpus");
    let [files, blocks] = ["roads_file", "roads_block"].map(|target| corpus.join(target));
    std::fs::create_dir_all(&files)?;
    std::fs::create_dir_all(&blocks)?;
    for (number, tag) in TAGS.into_iter().enumerate() {
        let extract = square(CLASSES[number % CLASSES.len()], tag);
        std::fs::write(files.join(format!("seed-{number}")), encode(&extract))?;
        // The strings of the ways come first, so that their positions hold in the table of both.
        let block = [way_block(&extract.ways, 1), node_block(&extract, &extract.nodes, 1)].concat();
        std::fs::write(blocks.join(format!("seed-{number}")), block)?;
    }
    Ok(())
}
