//! Rows read are rows stored and rows quarantined, whatever the file: for every kind of input there is, and
//! for every official file at hand.

mod support;

use keniki::ingest::alone::{kind_of, read_bytes};
use keniki::ingest::quality::QualityTable;
use keniki::ingest::survey::{Outcome, survey};
use keniki::progress::Silent;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeMap;
use support::hostile::{Packed, archive};
use support::samples::{Container, PREFECTURE, Sample, kinds, samples};
use support::{root, skipped};

/// Roads are read by the network, a table of own figures by the mapping beside it.
const OF_THEIR_OWN: [&str; 2] = ["roads_osm", "own_figures"];

/// Every sample of every kind that is read by itself.
fn all() -> Vec<Sample> {
    let kinds = kinds().into_iter().filter(|kind| !OF_THEIR_OWN.contains(&kind.word()));
    kinds.flat_map(samples).collect()
}

#[test]
fn every_kind_of_one_file_has_a_sample_that_is_recognised_and_read_whole() {
    for kind in kinds().into_iter().filter(|kind| !OF_THEIR_OWN.contains(&kind.word())) {
        let samples = samples(kind);
        assert!(!samples.is_empty(), "{}: write a sample in tests/support/samples.rs", kind.word());
        for sample in samples {
            let file = sample.file();
            assert_eq!(kind_of("sample", &file).expect("readable"), Some(kind), "{}", kind.word());
            let account = read_bytes(kind, sample.system, "sample", &file, PREFECTURE);
            let account = account.unwrap_or_else(|error| panic!("{}: {error}", kind.word()));
            let rows = sample.rows.len() as u64;
            let counted = (account.rows_read, account.rows_stored, account.rows_quarantined);
            assert_eq!(counted, (rows, rows, 0), "{}: {:?}", kind.word(), account.findings);
        }
    }
}

#[test]
fn every_kind_has_a_target_for_fuzzing() {
    for kind in kinds() {
        let word = kind.word();
        let target = root().join(format!("fuzz/fuzz_targets/{word}.rs"));
        let manifest = std::fs::read_to_string(root().join("fuzz/Cargo.toml")).expect("readable");
        let is_there = target.is_file() && manifest.contains(&format!("name = \"{word}\""));
        assert!(is_there || word == "roads_osm", "{word}: see fuzz/README.md");
    }
}

#[test]
fn of_every_kind_it_is_said_when_a_file_is_old_or_why_it_never_is() {
    for kind in kinds() {
        assert!(
            QualityTable::shipped().tells_age_of(kind),
            "{}: see shapes/tables/quality.toml",
            kind.word()
        );
    }
}

/// What people and programs leave in cells.
const DIRT: [&str; 24] = [
    "",
    " ",
    "　",
    "x",
    "-",
    "*",
    "0",
    "-1",
    "1.5",
    "1e309",
    "NaN",
    "99999999999999999999",
    "１２３",
    "#VALUE!",
    "=1+1",
    "令和7年",
    "山梨県",
    "19201",
    "191",
    "2",
    "翌8:00",
    "a,b",
    "「\"」",
    "二\n行",
];

fn dirty_cell() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        4 => Just(None),
        3 => select(&DIRT[..]).prop_map(|said| Some(said.to_owned())),
        1 => "[ -~ぁ-ん]{0,12}".prop_map(Some),
        1 => Just(Some("長".repeat(300))),
    ]
}

/// A row of a sample with some of its cells spoiled, cut short or longer than the header.
#[derive(Clone, Debug)]
struct Spoiled {
    row: usize,
    cells: Vec<Option<String>>,
    shorter: usize,
    longer: Vec<String>,
}

impl Spoiled {
    fn of(&self, sample: &Sample) -> Vec<String> {
        let mut row = sample.rows[self.row % sample.rows.len()].clone();
        for (field, dirt) in row.iter_mut().zip(&self.cells) {
            if let Some(dirt) = dirt {
                field.clone_from(dirt);
            }
        }
        if sample.container != Container::Layer {
            row.truncate(row.len().saturating_sub(self.shorter).max(1));
            row.extend(self.longer.iter().cloned());
        }
        row
    }
}

fn spoiled() -> impl Strategy<Value = Spoiled> {
    let longer = prop_oneof![4 => Just(Vec::new()), 1 => proptest::collection::vec(select(&DIRT[..]).prop_map(str::to_owned), 1..3)];
    let shorter = prop_oneof![4 => Just(0_usize), 1 => 1_usize..4];
    (0_usize..4, proptest::collection::vec(dirty_cell(), 60), shorter, longer)
        .prop_map(|(row, cells, shorter, longer)| Spoiled { row, cells, shorter, longer })
}

/// The same table as users have it: with or without BOM, in CP932 where it can be, zipped or not.
fn packed(sample: &Sample, bytes: Vec<u8>, way: usize) -> Vec<u8> {
    let ending = match sample.container {
        Container::Csv => "csv",
        Container::Layer => "geojson",
        Container::Sheet(_) => return bytes,
    };
    let text = String::from_utf8_lossy(&bytes);
    let (cp932, _, is_lossy) = encoding_rs::SHIFT_JIS.encode(&text);
    let bytes = match way % 3 {
        1 if sample.container == Container::Csv && !is_lossy => cp932.into_owned(),
        2 => format!("\u{feff}{text}").into_bytes(),
        _ => bytes,
    };
    if way < 3 { bytes } else { archive(&[Packed::honest(&format!("a/表.{ending}"), &bytes)]) }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn no_row_of_a_dirty_file_is_lost(
        rows in proptest::collection::vec(spoiled(), 0..12),
        way in 0_usize..6,
    ) {
        for sample in all() {
            let word = sample.kind.word();
            let mut rows: Vec<Vec<String>> = rows.iter().map(|row| row.of(&sample)).collect();
            // Without a header, a first row tells what the file is.
            if sample.head.is_empty() {
                rows.insert(0, sample.rows[0].clone());
            }
            let file = packed(&sample, sample.with_rows(&rows), way);
            let account = match read_bytes(sample.kind, sample.system, "dirty", &file, PREFECTURE) {
                Ok(account) => account,
                Err(error) => {
                    let error = error.to_string();
                    prop_assert!(error.starts_with("dirty: "), "{word}: {error}");
                    // An area without any number in it, and a layer without any feature, are no input.
                    prop_assert!(word == "home_demand" || rows.is_empty(), "{word}: {error}");
                    continue;
                }
            };
            let (read, all) = (account.rows_read, rows.len() as u64);
            prop_assert_eq!(read, account.rows_stored + account.rows_quarantined, "{}", word);
            let telling = rows.iter().filter(|row| sample.tells(row)).count() as u64;
            prop_assert!((telling..=all).contains(&read), "{word}: {read} of {telling} to {all} rows\n{rows:?}");
        }
    }
}

/// What the files were counted to have with other tools: `csv` of Python, `ogrinfo`, `openpyxl`. Words of
/// kinds, and rows below the headers.
const COUNTED: [(&str, &str, u64); 41] = [
    ("formats/P04-14_47_GML/P04-14_47-g_MedicalInstitution.shp", "p04_medical", 1_632),
    ("formats/address/30000-17.0b.zip", "town_points", 1_918),
    ("formats/address/45000-17.0b.zip", "town_points", 1_308),
    ("formats/address/47000-17.0b.zip", "town_points", 1_228),
    ("formats/address/mt_town_pos_pref30.csv.zip", "town_positions", 3_537),
    ("formats/address/mt_town_pref30.csv.zip", "town_master", 3_544),
    ("formats/care/jigyosho_20250601.zip", "kaigo_jigyosho", 15_143),
    ("formats/facilities/32_todokede_ika_202510.xlsx", "todokede", 11_303),
    ("formats/facilities/34_hiroshima_code_naiyobetsu_202602.xlsx", "code_contents", 8_948),
    ("formats/facilities/41_todokede_ika_202510.xlsx", "todokede", 12_456),
    ("formats/facilities/mhlw_sample/clinic_facility_info.csv", "iryo_joho_net", 4),
    ("formats/facilities/mhlw_sample/clinic_speciality_hours.csv", "opening_hours", 21),
    ("formats/facilities/mhlw_sample/dental_facility_info.csv", "iryo_joho_net", 3),
    ("formats/facilities/mhlw_sample/dental_speciality_hours.csv", "opening_hours", 24),
    ("formats/facilities/mhlw_sample/hospital_facility_info.csv", "iryo_joho_net", 4),
    ("formats/facilities/mhlw_sample/hospital_speciality_hours.csv", "opening_hours", 261),
    ("formats/population/tblT001101H5130.zip", "census_mesh", 806),
    ("formats/population/tblT001102Q5240.zip", "census_mesh", 4_397),
    ("national/202508_all_med_inst_cd.zip", "institution_codes", 97_024),
    ("national/jigyosho_2026.zip", "kaigo_jigyosho", 56_442),
    ("yamanashi/address/geolonia_town_19.csv", "town_points", 1_316),
    ("yamanashi/address/mt_city_all.csv.zip", "municipality_master", 1_918),
    ("yamanashi/address/mt_city_pos_all.csv.zip", "municipality_points", 1_918),
    ("yamanashi/areas/001728462_iryojuyo_suikei_R7.xlsx", "home_demand", 339),
    ("yamanashi/areas/hokenjo_19.csv", "area_membership", 27),
    ("yamanashi/areas/municipality_to_iryoken2.csv", "area_membership", 1_896),
    ("yamanashi/boundary/N03-22_19_220101.geojson.zip", "n03_boundary", 36),
    ("yamanashi/boundary/N03-22_19_220101_shp_cp932.zip", "n03_boundary", 36),
    ("yamanashi/care/jigyosho_19_yamanashi.csv", "kaigo_jigyosho", 398),
    ("yamanashi/facilities/01-1_hospital_facility_info_20250601.zip", "iryo_joho_net", 7_587),
    ("yamanashi/facilities/02-1_clinic_facility_info_19.csv", "iryo_joho_net", 563),
    ("yamanashi/facilities/03-1_dental_facility_info_19.csv", "iryo_joho_net", 401),
    ("yamanashi/facilities/05_pharmacy_19.csv", "iryo_joho_net", 485),
    ("yamanashi/facilities/19_todokede_ika_202510.xlsx", "todokede", 4_857),
    ("yamanashi/facilities/202508_med_inst_cd_19.csv", "institution_codes", 631),
    ("yamanashi/population/ipss_r5_19_yamanashi.csv", "ipss_projection", 196),
    ("yamanashi/population/tblT000846S19.zip", "census_mesh", 1_714),
    ("yamanashi/population/tblT001100S19.zip", "census_mesh", 1_700),
    ("yamanashi/population/tblT001100S5238.zip", "census_mesh", 2_447),
    ("yamanashi/population/tblT001100S5338.zip", "census_mesh", 2_050),
    ("yamanashi/population/tblT001100S5339.zip", "census_mesh", 4_691),
];

#[test]
fn every_official_file_is_recognised_and_no_row_of_it_lost() {
    let data = root().join("../shared/data");
    if !data.is_dir() {
        return skipped("tests/conservation.rs");
    }
    let survey = survey(&data, Some(PREFECTURE), &Silent).expect("readable");
    let mut read = BTreeMap::new();
    for file in &survey.files {
        match &file.outcome {
            Outcome::Input(input) => {
                let (stored, quarantined) = (input.rows_stored, input.rows_quarantined);
                assert_eq!(input.rows_read, stored + quarantined, "{}", file.file);
                assert!(input.rows_read > 0 || input.kind.word() == "roads_osm", "{}", file.file);
                read.insert(file.file.as_str(), (input.kind.word(), input.rows_read));
            }
            // A table without the column that its kind needs is told by it.
            Outcome::Refused(why) => assert!(why.contains("見出しに"), "{why}"),
            Outcome::Unused(_) | Outcome::Companion(_) | Outcome::Unknown | Outcome::Recognised(..) => {}
        }
    }
    for (file, kind, rows) in COUNTED {
        assert_eq!(read.get(file), Some(&(kind, rows)), "{file}");
    }
}
