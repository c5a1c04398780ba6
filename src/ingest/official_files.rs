//! The readers before official files of other places. Skipped by name where the files are absent.

use crate::ingest::code_contents::ContentsRow;
use crate::ingest::ledger::Ledger;
use crate::ingest::study::{Measured, Municipality, Staff};
use crate::ingest::text::Source;
use crate::ingest::todokede::Section;
use crate::ingest::{
    abr_towns, area_flows, care_need, census_mesh, classes, code_contents, institution_codes, iryo_joho_net,
    kaigo, opening_hours, p04_medical, todokede, town_points,
};
use crate::units::AgeCounts;
use std::path::Path;

/// An official file and an empty account for it, or a visible skip.
fn open(file: &str) -> Option<(Source, Ledger)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(file);
    if !path.is_file() {
        eprintln!("skipped: ../shared/data/{file} is absent");
        return None;
    }
    Some((Source::open(file, &path).expect("readable"), Ledger::new(file)))
}

fn counts(ledger: &Ledger) -> (u64, u64, u64) {
    (ledger.read, ledger.stored, ledger.quarantined)
}

#[test]
fn a_bureau_that_mixes_price_lists_is_read_by_section() {
    let Some((source, mut ledger)) = open("formats/facilities/32_todokede_ika_202510.xlsx") else { return };
    let read = todokede::read(&source, "32", &mut ledger).expect("read");
    assert_eq!(counts(&ledger), (11_303, 11_303, 0));
    let of = |section| read.institutions.iter().filter(|one| one.section == section).count();
    assert!(of(Section::Medical) > 0 && of(Section::Dental) > 0 && of(Section::Pharmacy) > 0);
}

/// Institutions of 医科 that have filed a symbol, counted by hand with a spreadsheet library: rows
/// of 区分 = 医科, distinct 医療機関番号 per 受理記号 after NFKC and without spaces.
#[test]
fn filings_of_shimane_and_saga_are_those_counted_by_hand() {
    let symbols =
        ["支援診1", "支援診2", "支援診3", "支援病1", "支援病2", "支援病3", "在後病", "在医総管1", "在総"];
    for (file, prefecture, rows, institutions, counts) in [
        ("32_todokede_ika_202510.xlsx", "32", 11_303, 539, [1, 12, 109, 4, 1, 8, 6, 208, 105]),
        ("41_todokede_ika_202510.xlsx", "41", 12_456, 635, [4, 30, 89, 2, 2, 21, 2, 208, 114]),
    ] {
        let Some((source, mut ledger)) = open(&format!("formats/facilities/{file}")) else { return };
        let read = todokede::read(&source, prefecture, &mut ledger).expect("read");
        assert_eq!(self::counts(&ledger), (rows, rows, 0), "{file}");
        let medical: Vec<_> =
            read.institutions.iter().filter(|one| one.section == Section::Medical).collect();
        assert_eq!(medical.len(), institutions, "{file}");
        let of = |symbol: &str| medical.iter().filter(|one| one.symbols.contains(symbol)).count();
        assert_eq!(symbols.map(of), counts, "{file}");
    }
}

#[test]
fn towns_of_the_official_layout_are_all_located() {
    for (file, prefecture) in
        [("30000-17.0b.zip", "30"), ("45000-17.0b.zip", "45"), ("47000-17.0b.zip", "47")]
    {
        let Some((source, mut ledger)) = open(&format!("formats/address/{file}")) else { return };
        let towns = town_points::read(&source, &mut ledger).expect("read");
        assert!(towns.len() > 1_000, "{prefecture}");
        assert_eq!(ledger.quarantined, 0, "{prefecture}");
    }
}

/// People, and people aged 65+, 75+ and 85+, added up with another tool over the unpacked text: everybody of
/// every cell, the ages of those that have any.
#[test]
fn every_census_mesh_adds_up_to_its_file() {
    for (file, year, cells, sums) in [
        ("formats/population/tblT001102Q5240.zip", 2020, 4_397, [115_588, 49_863, 27_089, 10_299]),
        ("formats/population/tblT001101H5130.zip", 2020, 806, [98_387, 35_685, 18_627, 6_575]),
        ("yamanashi/population/tblT000846S19.zip", 2015, 1_714, [834_930, 234_544, 119_325, 0]),
        ("yamanashi/population/tblT001100S19.zip", 2020, 1_700, [809_974, 245_884, 128_751, 46_035]),
        ("yamanashi/population/tblT001100S5238.zip", 2020, 2_447, [2_296_684, 690_183, 358_374, 115_274]),
        ("yamanashi/population/tblT001100S5338.zip", 2020, 2_050, [882_893, 267_829, 141_235, 51_081]),
        (
            "yamanashi/population/tblT001100S5339.zip",
            2020,
            4_691,
            [30_215_026, 7_041_064, 3_657_221, 1_096_360],
        ),
    ] {
        let Some((source, mut ledger)) = open(file) else { return };
        let mesh = census_mesh::read(&source, &mut ledger).expect("read");
        assert_eq!((mesh.year, mesh.tells_85_plus), (year, year == 2020), "{file}");
        let resolved = census_mesh::resolve(vec![(0, mesh.rows)], "19", std::slice::from_mut(&mut ledger));
        assert_eq!((counts(&ledger), resolved.len() as u64), ((cells, cells, 0), cells), "{file}");
        let sum: AgeCounts = resolved.iter().map(|(_, cell)| cell.population).sum();
        let [total, age_65_plus, age_75_plus, age_85_plus] = sums;
        assert_eq!(sum, AgeCounts { total, age_65_plus, age_75_plus, age_85_plus }, "{file}");
        let told: Vec<&str> = ledger.findings.iter().map(|one| one.kind.as_str()).collect();
        assert_eq!(told, ["suppressed_cell"], "{file}: {:?}", ledger.findings);
        if (year, cells) == (2020, 1_700) {
            assert!(ledger.findings[0].meant.starts_with("239 メッシュ"), "{}", ledger.findings[0].meant);
        }
    }
}

/// Rows of 和歌山県 whose 町字ID the names know, counted with another tool.
#[test]
fn towns_of_the_address_registry_are_joined_by_their_ids() {
    let (Some((names, first)), Some((positions, second))) =
        (open("formats/address/mt_town_pref30.csv.zip"), open("formats/address/mt_town_pos_pref30.csv.zip"))
    else {
        return;
    };
    let mut ledgers = [first, second];
    let names = abr_towns::read_names(&names, &mut ledgers[0]).expect("names");
    let positions = abr_towns::read_positions(&positions, &mut ledgers[1]).expect("positions");
    let points = abr_towns::join(&names, vec![(1, positions)], "30", &mut ledgers);
    assert_eq!(points[0].1.len(), 2_021);
    assert_eq!(ledgers.each_ref().map(counts), [(3_544, 3_544, 0), (3_537, 2_021, 1_516)]);
}

#[test]
fn care_offices_with_lost_zeros_are_all_kept() {
    let Some((source, mut ledger)) = open("formats/care/jigyosho_20250601.zip") else { return };
    let read = kaigo::read(&source, "01", &mut ledger).expect("read");
    assert!(read.services.contains("介護老人福祉施設"));
    assert!(read.offices.iter().all(|office| office.number.starts_with("01") && office.number.len() == 10));
    let told = |kind: &str| ledger.findings.iter().filter(|finding| finding.kind == kind).count();
    assert!(told("leading_zero_lost") > 0);
    assert_eq!(told("columns_cut"), 5, "every one of the five tables has lost columns");
    assert_eq!(counts(&ledger), (15_143, 15_143, 0));
}

/// 56,442 rows of 27 services, counted with a CSV library.
#[test]
fn every_care_service_of_the_whole_country_has_a_class() {
    let Some((source, mut ledger)) = open("national/jigyosho_2026.zip") else { return };
    let read = kaigo::read(&source, "19", &mut ledger).expect("read");
    assert_eq!((counts(&ledger), read.offices.len()), ((56_442, 56_442, 0), 398));
    assert_eq!(read.services.len(), 27);
    for service in &read.services {
        assert!(classes::of_service(service).next().is_some(), "{service}");
    }
}

/// 14,148 rows of nine sheets, 27 insurers of 山梨, sums added up with a spreadsheet library.
#[test]
fn people_in_need_of_care_in_yamanashi_are_those_counted_by_hand() {
    let Some((source, mut ledger)) = open("yamanashi/care/04-1-1h.xlsx") else { return };
    let rows = care_need::read(&source, &mut ledger).expect("read");
    assert_eq!((counts(&ledger), rows.len()), ((14_148, 14_148, 0), 14_148));
    assert!(ledger.findings.is_empty());
    let names = "甲府市 富士吉田市 都留市 山梨市 大月市 韮崎市 南アルプス市 北杜市 甲斐市 笛吹市 上野原市 甲州市 中央市 \
        市川三郷町 早川町 身延町 南部町 富士川町 昭和町 道志村 西桂町 忍野村 山中湖村 鳴沢村 富士河口湖町 小菅村 丹波山村";
    let municipality = |(at, name): (usize, &str)| Municipality {
        code: format!("19{:03}", 201 + at).parse().expect("code"),
        name: name.to_owned(),
        boundary: geo::MultiPolygon(Vec::new()),
        areas: std::collections::BTreeMap::new(),
        further: std::collections::BTreeMap::new(),
        office: None,
    };
    let municipalities: Vec<Municipality> = names.split_whitespace().enumerate().map(municipality).collect();
    let mut indicators = Vec::new();
    care_need::take(0, None, &rows, &municipalities, "山梨県", &mut indicators, &mut ledger);
    let sum = |name: &str| {
        let one = indicators.iter().find(|one| one.name == name).expect(name);
        assert_eq!(one.areas.len(), 27, "{name}");
        one.areas
            .iter()
            .map(|area| if let Measured::Exact(people) = area.value { people } else { 0.0 })
            .sum::<f64>()
    };
    assert_eq!(sum("要介護（要支援）認定者"), 42_007.0);
    assert_eq!(sum("要介護3以上の認定者"), 18_146.0);
    assert_eq!(sum("要介護（要支援）認定者のうち65歳以上"), 41_310.0);
    assert_eq!(sum("要介護（要支援）認定者のうち85歳以上"), 10_826.0 + 14_977.0);
    assert_eq!(sum("要介護（要支援）認定者のうち第2号被保険者"), 697.0);
    assert_eq!((ledger.quarantined, ledger.findings.len()), (0, 0));
}

#[test]
fn samples_of_the_facility_tables_are_read() {
    for file in ["hospital", "clinic", "dental"] {
        let path = format!("formats/facilities/mhlw_sample/{file}_facility_info.csv");
        let Some((source, mut ledger)) = open(&path) else { return };
        iryo_joho_net::read(&source, "01", &mut ledger).expect("read");
        assert!(ledger.stored > 0 && ledger.quarantined == 0, "{file}");
    }
}

/// 1,632 features, counted with ogrinfo.
#[test]
fn the_institutions_of_okinawa_2014_are_read_with_their_points() {
    let Some((source, mut ledger)) = open("formats/P04-14_47_GML/P04-14_47-g_MedicalInstitution.shp") else {
        return;
    };
    let sites = p04_medical::read(&source, &mut ledger).expect("read");
    assert_eq!((counts(&ledger), sites.len()), ((1_632, 1_632, 0), 1_632));
    assert_eq!(sites[1].name, "沖縄県立北部病院");
    let place = sites[1].position.expect("every feature has a point");
    assert!(
        (place.x() - 127.986_190_3).abs() < 1e-7 && (place.y() - 26.592_225_48).abs() < 1e-7,
        "{place:?}"
    );
}

#[test]
fn samples_of_the_opening_hours_are_read() {
    for (file, institutions) in [("hospital", 4), ("clinic", 4), ("dental", 3)] {
        let path = format!("formats/facilities/mhlw_sample/{file}_speciality_hours.csv");
        let Some((source, mut ledger)) = open(&path) else { return };
        let hours = opening_hours::read(&source, &mut ledger).expect("read");
        assert_eq!((hours.len(), ledger.quarantined, ledger.findings.len()), (institutions, 0, 0), "{file}");
    }
}

#[test]
fn the_code_list_of_the_whole_country_is_read() {
    let Some((source, mut ledger)) = open("national/202508_all_med_inst_cd.zip") else { return };
    let read = institution_codes::read(&source, "19", &mut ledger).expect("read");
    assert_eq!((counts(&ledger), read.len()), ((97_024, 97_024, 0), 631));
}

/// 8,948 lines of 2,389 institutions, counted by hand with a spreadsheet library (lines below the
/// heading, numbers in the first column, sums of the lines of staff and beds).
#[test]
fn doctors_and_beds_of_hiroshima_are_those_counted_by_hand() {
    let Some((source, mut ledger)) = open("formats/facilities/34_hiroshima_code_naiyobetsu_202602.xlsx")
    else {
        return;
    };
    let read = code_contents::read(&source, &mut ledger).expect("read");
    assert_eq!((counts(&ledger), read.rows.len()), ((8_948, 8_948, 0), 2_389));
    assert!(ledger.findings.is_empty(), "{:?}", ledger.findings);
    assert!(read.rows.iter().all(|(of, row)| of == "広島県" && row.section == Section::Medical));
    let rows = || read.rows.iter().map(|(_, row)| row);
    let posts =
        |of: fn(&Staff) -> u32| rows().filter_map(|row| row.practice.staff.as_ref()).map(of).sum::<u32>();
    assert_eq!(posts(|staff| staff.full_time.doctors), 7_142);
    assert_eq!(posts(|staff| staff.part_time.doctors), 9_115);
    assert_eq!(posts(|staff| staff.full_time.dentists), 288);
    assert_eq!(posts(|staff| staff.part_time.dentists), 289);
    assert_eq!(posts(|staff| staff.full_time.pharmacists), 35);
    assert_eq!(posts(|staff| staff.part_time.pharmacists), 10);
    assert_eq!(rows().filter(|row| row.practice.staff.is_none()).count(), 6);
    assert_eq!(rows().filter_map(|row| row.beds).sum::<u32>(), 37_879);
    let of_kind = |kind| rows().filter(move |row| row.kind == Some(kind));
    assert_eq!((of_kind("病院").count(), of_kind("診療所").count()), (227, 2_162));
    assert_eq!(of_kind("診療所").filter_map(|row| row.beds).sum::<u32>(), 2_128);
    assert_eq!(rows().filter(|row| row.practice.suspended == Some(true)).count(), 42);
    let alone = |row: &&ContentsRow| {
        let doctors = |staff: &Staff| (staff.full_time.doctors, staff.part_time.doctors);
        row.practice.suspended == Some(false) && row.practice.staff.as_ref().map(doctors) == Some((1, 0))
    };
    assert_eq!(of_kind("診療所").filter(alone).count(), 1_262);
    let first = &read.rows[0].1;
    let said = (
        first.number.as_str(),
        first.name.as_str(),
        first.address.as_str(),
        first.practice.designated.as_deref(),
    );
    assert_eq!(
        said,
        ("0110013", "中国電力株式会社　中電病院", "広島市中区大手町３丁目４－２７", Some("1957-07-01"))
    );
    assert_eq!((first.beds, first.practice.specialities.len()), (Some(248), 11));
}

/// 91 rows, counted with a CSV library.
#[test]
fn flows_of_patients_of_yamanashi_are_read() {
    let Some((source, mut ledger)) = open("yamanashi/areas/patient_flow_19.csv") else { return };
    let flows = area_flows::read(&source, "19", &mut ledger).expect("read");
    assert_eq!((counts(&ledger), flows.len()), ((91, 91, 0), 91));
    let kinds: Vec<&str> = ledger.findings.iter().map(|one| one.kind.as_str()).collect();
    assert_eq!(kinds, ["flows_cut"]);
}
