//! Every official file of land and people that is at hand, read through `keniki import`'s own survey: what
//! each is taken for, and that no row is lost. The counts are those of another tool: lines of the unpacked
//! texts, features that `ogrinfo` tells. Skipped by name where the files are absent.

use keniki::ingest::manifest::InputKind as Kind;
use keniki::ingest::survey::{Outcome, Readable, Survey, survey};
use keniki::progress::Silent;
use std::collections::BTreeMap;
use std::path::Path;

/// The files of a folder of the shared data, or a visible skip.
fn surveyed(folder: &str, prefecture: Option<&str>) -> Option<BTreeMap<String, Outcome>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(folder);
    if !path.is_dir() {
        eprintln!("skipped: ../shared/data/{folder} is absent");
        return None;
    }
    let Survey { files, .. } = survey(&path, prefecture, &Silent).unwrap_or_else(|error| panic!("{error}"));
    Some(files.into_iter().map(|file| (file.file, file.outcome)).collect())
}

fn input<'a>(files: &'a BTreeMap<String, Outcome>, file: &str) -> &'a Readable {
    match &files[file] {
        Outcome::Input(readable) => readable,
        other => panic!("{file}: {other:?}"),
    }
}

/// Kind, rows read, and rows set aside, of each file; whatever is read is stored or set aside.
fn hold(files: &BTreeMap<String, Outcome>, expected: &[(&str, Kind, u64, u64)]) {
    for (file, kind, rows, quarantined) in expected {
        let found = input(files, file);
        assert_eq!(
            (found.kind, found.rows_read, found.rows_quarantined),
            (*kind, *rows, *quarantined),
            "{file}"
        );
        assert_eq!(found.rows_read, found.rows_stored + found.rows_quarantined, "{file}");
    }
}

#[test]
fn addresses_of_both_publishers_are_all_read() {
    let Some(files) = surveyed("formats/address", Some("30")) else { return };
    hold(
        &files,
        &[
            ("30000-17.0b.zip", Kind::TownPoints, 1_918, 0),
            ("45000-17.0b.zip", Kind::TownPoints, 1_308, 0),
            ("47000-17.0b.zip", Kind::TownPoints, 1_228, 0),
            ("mt_town_pref30.csv.zip", Kind::TownMaster, 3_544, 0),
            ("mt_town_pos_pref30.csv.zip", Kind::TownPositions, 3_537, 0),
        ],
    );
    for of_others in ["45000-17.0b.zip", "47000-17.0b.zip"] {
        let left_out = input(&files, of_others).left_out.as_deref();
        assert!(left_out.is_some_and(|why| why.contains("30")), "{left_out:?}");
    }
    for of_ours in ["30000-17.0b.zip", "mt_town_pref30.csv.zip", "mt_town_pos_pref30.csv.zip"] {
        assert_eq!(input(&files, of_ours).left_out, None, "{of_ours}");
    }
}

#[test]
fn census_meshes_of_every_size_are_all_read_and_know_their_census() {
    let Some(files) = surveyed("formats/population", Some("23")) else { return };
    hold(
        &files,
        &[
            ("tblT001102Q5240.zip", Kind::CensusMesh, 4_397, 0),
            ("tblT001101H5130.zip", Kind::CensusMesh, 806, 0),
        ],
    );
    for (file, readable) in &files {
        let Outcome::Input(readable) = readable else { panic!("{file}") };
        assert_eq!(readable.census_year, Some(2020), "{file}");
        assert!(readable.findings.is_empty(), "{file}: {:?}", readable.findings);
    }
}

#[test]
fn both_censuses_and_the_projections_of_yamanashi_are_read_and_taken() {
    let Some(files) = surveyed("yamanashi", None) else { return };
    hold(
        &files,
        &[
            ("boundary/N03-22_19_220101_shp_cp932.zip", Kind::N03Boundary, 36, 0),
            ("boundary/N03-22_19_220101.geojson.zip", Kind::N03Boundary, 36, 0),
            ("population/tblT001100S19.zip", Kind::CensusMesh, 1_700, 0),
            ("population/tblT000846S19.zip", Kind::CensusMesh, 1_714, 0),
            ("population/tblT001100S5238.zip", Kind::CensusMesh, 2_447, 0),
            ("population/tblT001100S5338.zip", Kind::CensusMesh, 2_050, 0),
            ("population/tblT001100S5339.zip", Kind::CensusMesh, 4_691, 0),
            ("population/ipss_r5_19_yamanashi.csv", Kind::IpssProjection, 196, 0),
            ("areas/municipality_to_iryoken2.csv", Kind::AreaMembership, 1_896, 0),
            ("areas/hokenjo_19.csv", Kind::AreaMembership, 27, 0),
            // Five 丁目 of 富士吉田市 have no coordinates in it.
            ("address/geolonia_town_19.csv", Kind::TownPoints, 1_316, 5),
            ("address/mt_city_all.csv.zip", Kind::MunicipalityMaster, 1_918, 0),
            ("address/mt_city_pos_all.csv.zip", Kind::MunicipalityPoints, 1_918, 0),
        ],
    );
    let year = |file: &str| input(&files, file).census_year;
    assert_eq!(year("population/tblT000846S19.zip"), Some(2015));
    assert_eq!(year("population/tblT001100S19.zip"), Some(2020));
    // The earlier census says something else than the later; whole first-order meshes do not.
    assert_eq!(input(&files, "population/tblT000846S19.zip").left_out, None);
    assert_eq!(input(&files, "population/tblT001100S19.zip").left_out, None);
    assert!(input(&files, "population/tblT001100S5338.zip").left_out.is_some());
}

#[test]
fn other_official_layers_are_recognised_by_their_names() {
    let Some(files) = surveyed("formats", Some("47")) else { return };
    let shape = "P04-14_47_GML/P04-14_47-g_MedicalInstitution.shp";
    hold(&files, &[(shape, Kind::P04Medical, 1_632, 0)]);
    for (file, name) in [
        ("estat_shoiki_2000-31.zip", "国勢調査 小地域の境界"),
        ("P23-12_38_GML.zip", "国土数値情報 海岸保全施設"),
        ("A30a5-11_4939-jgd_GML.zip", "国土数値情報 土砂災害・雪崩メッシュ"),
    ] {
        assert!(matches!(files[file], Outcome::Unused(known) if known == name), "{file}: {:?}", files[file]);
    }
}
