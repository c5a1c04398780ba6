//! The readers before official files of other places. Skipped by name where the files are absent.

use crate::ingest::ledger::Ledger;
use crate::ingest::text::Source;
use crate::ingest::todokede::Section;
use crate::ingest::{
    census_mesh, institution_codes, iryo_joho_net, kaigo, opening_hours, p04_medical, todokede, town_points,
};
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

#[test]
fn census_meshes_of_500_and_250_metres_are_read_like_those_of_a_kilometre() {
    for file in ["tblT001101H5130.zip", "tblT001102Q5240.zip"] {
        let Some((source, mut ledger)) = open(&format!("formats/population/{file}")) else { return };
        let raw = census_mesh::read(&source, &mut ledger).expect("read");
        let cells = census_mesh::resolve(vec![(0, raw)], std::slice::from_mut(&mut ledger));
        assert!(cells.len() > 300 && cells.iter().any(|(_, cell)| cell.ages_estimated), "{file}");
        assert_eq!(ledger.read, ledger.stored + ledger.quarantined, "{file}");
    }
}

#[test]
fn care_offices_with_lost_zeros_are_all_kept() {
    let Some((source, mut ledger)) = open("formats/care/jigyosho_20250601.zip") else { return };
    let read = kaigo::read(&source, "01", &mut ledger).expect("read");
    assert!(read.services.contains("介護老人福祉施設"));
    assert!(read.offices.iter().all(|office| office.number.starts_with("01") && office.number.len() == 10));
    assert!(ledger.findings.iter().any(|finding| finding.kind == "leading_zero_lost"));
    assert_eq!(ledger.quarantined, 0);
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
