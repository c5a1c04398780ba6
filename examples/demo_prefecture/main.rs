//! Writes the demonstration prefecture 汐見県 (invented) in the official file layouts:
//! `cargo run --release --example demo_prefecture -- shapes/demo`.
//!
//! It shares no code with keniki, so that keniki's readers are tried on files they did not shape.
//! Everything is computed by products, sums and square roots from fixed seeds: the same bytes on
//! every run and every machine.

mod addresses;
mod boundary;
mod chance;
mod facilities;
mod files;
mod lists;
mod mesh_tables;
mod pbf;
mod place;
mod population;
mod registers;
mod road_map;
mod roads;
mod terrain;
mod week;

use anyhow::{Context, Result};
use facilities::Kind;
use std::collections::BTreeMap;
use std::path::Path;

/// Every file of the prefecture by name.
#[must_use]
pub fn generate() -> BTreeMap<String, Vec<u8>> {
    let terrain = terrain::Terrain::build();
    let cells = population::build(&terrain);
    let towns = addresses::build(&cells);
    let (institutions, offices) = facilities::build(&towns, &cells);
    let mut made = BTreeMap::new();
    let mut add = |name: &str, bytes: Vec<u8>| {
        made.insert(name.to_owned(), bytes);
    };
    add("study.toml", include_bytes!("study.toml").to_vec());
    add("N03-20220101_48_GML.zip", boundary::shapefile_zip(&boundary::parts(&terrain)));

    add("hokenjo_48.csv", lists::health_centres());
    add("municipality_to_iryoken2.csv", lists::secondary_areas());
    add("ishikai_48.csv", lists::medical_associations());
    add("shobo_48.csv", lists::fire_departments());
    add("mt_city_all.csv.zip", addresses::municipality_master_zip());
    add("mt_city_pos_all.csv.zip", addresses::municipality_points_zip());
    add("48000-18.0b.zip", addresses::town_points_zip(&towns));

    add("tblT001101H48.zip", mesh_tables::census_zip(&cells, &mesh_tables::census(&cells)));
    add("500m_mesh_2024_48_GEOJSON.zip", mesh_tables::future_zip(&cells));
    add("ipss_r5_48.csv", lists::projection(&cells));

    let filings = |division: &str, kinds: &[Kind]| registers::filings(&institutions, &towns, division, kinds);
    add("48_todokede_ika_202510.xlsx", filings("医科", &[Kind::Hospital, Kind::Clinic]));
    add("48_todokede_shika_202510.xlsx", filings("歯科", &[Kind::Dental]));
    add("48_todokede_yakkyoku_202510.xlsx", filings("薬局", &[Kind::Pharmacy]));
    let net = |kind: Kind| registers::net_table(&institutions, &towns, kind);
    add("01-1_hospital_facility_info_20250601.csv", net(Kind::Hospital));
    add("02-1_clinic_facility_info_20250601.csv", net(Kind::Clinic));
    add("03-1_dental_facility_info_20250601.csv", net(Kind::Dental));
    add("05_pharmacy_20250601.csv", net(Kind::Pharmacy));
    let hours = |kind: Kind| week::opening_hours(&institutions, kind);
    add("01-2_hospital_speciality_hours_20250601.csv", hours(Kind::Hospital));
    add("02-2_clinic_speciality_hours_20250601.csv", hours(Kind::Clinic));
    add("202508_med_inst_cd_48.csv", registers::code_list(&institutions, &towns));
    for (service, name) in registers::SERVICE_FILES {
        add(name, registers::care_table(&offices, &towns, service));
    }

    add("001728462_iryojuyo_suikei_R7.xlsx", lists::demand_workbook(&cells));
    add("sekkyokuteki_48.csv", lists::active_institutions(&institutions, &offices, &towns));
    add("renkei_kyoten_48.csv", lists::linkage_hubs());
    add("rinban_48.csv", week::rota(&institutions));
    add("rinban_joken_48.csv", week::rota_limits(&institutions));
    add("shiomi-roads.osm.pbf", pbf::encode(&roads::build(&terrain, &cells)));
    made
}

fn main() -> Result<()> {
    let folder = std::env::args().nth(1).context("give the folder to write into, for example shapes/demo")?;
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for (name, bytes) in generate() {
        let path = folder.join(name);
        std::fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}
