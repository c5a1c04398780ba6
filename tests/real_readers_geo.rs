//! What `keniki import` takes of the official files of land and people that are at hand, and what their
//! readers set aside; counted with another tool. That none of their rows is lost holds tests/conservation.rs.
//! Skipped by name where the files are absent.

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

#[test]
fn addresses_of_both_publishers_are_taken_and_those_of_other_prefectures_left_out() {
    let Some(files) = surveyed("formats/address", Some("30")) else { return };
    for of_others in ["45000-17.0b.zip", "47000-17.0b.zip"] {
        let left_out = input(&files, of_others).left_out.as_deref();
        assert!(left_out.is_some_and(|why| why.contains("30")), "{left_out:?}");
    }
    for of_ours in ["30000-17.0b.zip", "mt_town_pref30.csv.zip", "mt_town_pos_pref30.csv.zip"] {
        let found = input(&files, of_ours);
        assert_eq!((found.left_out.as_deref(), found.rows_quarantined), (None, 0), "{of_ours}");
    }
}

#[test]
fn both_censuses_of_yamanashi_are_taken_and_whole_first_order_meshes_left_out() {
    let Some(files) = surveyed("yamanashi", None) else { return };
    for (file, year, is_taken) in [
        ("population/tblT000846S19.zip", 2015, true),
        ("population/tblT001100S19.zip", 2020, true),
        ("population/tblT001100S5238.zip", 2020, false),
        ("population/tblT001100S5338.zip", 2020, false),
        ("population/tblT001100S5339.zip", 2020, false),
    ] {
        let found = input(&files, file);
        assert_eq!((found.census_year, found.left_out.is_none()), (Some(year), is_taken), "{file}");
        let kinds: Vec<&str> = found.findings.iter().map(|one| one.kind.as_str()).collect();
        assert_eq!((found.rows_quarantined, kinds), (0, vec!["suppressed_cell"]), "{file}");
    }
    // Five 丁目 of 富士吉田市 have no coordinates in it.
    assert_eq!(input(&files, "address/geolonia_town_19.csv").rows_quarantined, 5);
}

#[test]
fn other_official_layers_are_recognised_by_their_names() {
    let Some(files) = surveyed("formats", Some("47")) else { return };
    for (file, name) in [
        ("estat_shoiki_2000-31.zip", "国勢調査 小地域の境界"),
        ("P23-12_38_GML.zip", "国土数値情報 海岸保全施設"),
        ("A30a5-11_4939-jgd_GML.zip", "国土数値情報 土砂災害・雪崩メッシュ"),
    ] {
        assert!(matches!(files[file], Outcome::Unused(known) if known == name), "{file}: {:?}", files[file]);
    }
}
