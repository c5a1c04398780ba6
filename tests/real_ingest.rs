//! What must hold of 山梨県, read from its official files. Skipped by name where they are absent.

use geo::{BoundingRect, Contains};
use keniki::ingest::finding::Severity;
use keniki::ingest::manifest::{InputEntry, InputKind, Manifest};
use keniki::ingest::study::{AreaSystem, Institution, Precision, Study};
use keniki::progress::Silent;
use keniki::units::AgeCounts;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

fn manifest() -> Manifest {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real/yamanashi.toml");
    Manifest::read(&manifest).unwrap_or_else(|error| panic!("{error}"))
}

static STUDY: LazyLock<Option<Study>> = LazyLock::new(|| {
    let manifest = manifest();
    if !manifest.folder.join("../../../shared/data/yamanashi").is_dir() {
        return None;
    }
    Some(keniki::ingest::read_study(&manifest, &Silent).unwrap_or_else(|error| panic!("{error}")))
});

/// The study, or a visible skip.
fn study(test: &str) -> Option<&'static Study> {
    if STUDY.is_none() {
        eprintln!("skipped: {test}: ../shared/data/yamanashi is absent");
    }
    STUDY.as_ref()
}

/// Institutions that 届出受理 or the code list speaks of.
fn filed(study: &Study) -> Vec<&Institution> {
    let todokede = study.inputs.iter().position(|input| input.kind == InputKind::Todokede).expect("read");
    let is_filed = |one: &&Institution| one.sources.iter().any(|source| source.input == todokede);
    study.institutions.iter().filter(is_filed).collect()
}

#[test]
fn municipalities_and_their_areas_are_complete() {
    let Some(study) = study("municipalities_and_their_areas_are_complete") else { return };
    assert_eq!(study.municipalities.len(), 27);
    let exteriors = study.municipalities.iter().flat_map(|municipality| &municipality.boundary);
    let vertices: usize = exteriors.map(|polygon| polygon.exterior().0.len()).sum();
    assert_eq!(vertices, 126_001);
    for municipality in &study.municipalities {
        assert!(municipality.office.is_some(), "{}", municipality.name);
        for system in [AreaSystem::Hokenjo, AreaSystem::SecondaryMedicalArea] {
            assert!(municipality.areas.contains_key(&system), "{}", municipality.name);
        }
    }
    let hayakawa = study.municipalities.iter().find(|one| one.name == "早川町").expect("早川町");
    assert_eq!(hayakawa.code.as_str(), "19364");
    assert_eq!(hayakawa.areas[&AreaSystem::SecondaryMedicalArea].name, "峡南");
}

#[test]
fn people_of_every_age_class_are_counted_exactly() {
    let Some(study) = study("people_of_every_age_class_are_counted_exactly") else { return };
    let meshes: BTreeSet<_> = study.cells.iter().map(|cell| cell.mesh).collect();
    assert_eq!((meshes.len(), study.cells.len()), (1_700, 1_972), "cells, and parts of cells");
    let sum: AgeCounts = study.cells.iter().map(|cell| cell.population).sum();
    let expected =
        AgeCounts { total: 809_974, age_65_plus: 245_884, age_75_plus: 128_751, age_85_plus: 46_035 };
    assert_eq!(sum, expected);
    assert_eq!(study.cells.iter().filter(|cell| cell.ages_estimated).count(), 911);
    assert!(study.cells.is_sorted_by(|a, b| (a.mesh, a.municipality) < (b.mesh, b.municipality)));
}

#[test]
fn files_of_first_order_meshes_beside_the_prefectures_own_count_nobody_twice() {
    let name = "files_of_first_order_meshes_beside_the_prefectures_own_count_nobody_twice";
    let Some(study) = study(name) else { return };
    let mut manifest = manifest();
    let own =
        manifest.inputs.iter().position(|entry| entry.path.ends_with("tblT001100S19.zip")).expect("own");
    for mesh in ["5238", "5338", "5339"] {
        let entry = manifest.inputs[own].clone();
        let path = entry.path.replace("S19.zip", &format!("S{mesh}.zip"));
        manifest.inputs.insert(own, InputEntry { path, ..entry });
    }
    let beside = keniki::ingest::read_study(&manifest, &Silent).unwrap_or_else(|error| panic!("{error}"));
    let people = |study: &Study| -> Vec<_> {
        study
            .cells
            .iter()
            .map(|cell| (cell.mesh, cell.municipality, cell.population, cell.ages_estimated))
            .collect()
    };
    assert!(people(&beside) == people(study));
    let told = beside.findings.iter().filter(|finding| finding.kind == "census_of_others");
    assert_eq!(told.count(), 3);
    assert!(beside.inputs[own..own + 4].iter().all(|input| input.rows_quarantined == 0));
}

#[test]
fn every_municipality_has_its_people_of_the_census_to_the_last_but_one() {
    let name = "every_municipality_has_its_people_of_the_census_to_the_last_but_one";
    let Some(study) = study(name) else { return };
    let mut sums = vec![0_u32; study.municipalities.len()];
    for cell in &study.cells {
        sums[cell.municipality] += cell.population.total;
    }
    for (municipality, sum) in study.municipalities.iter().zip(&sums) {
        let census = study.projections[&(municipality.code, 2020)].total;
        assert!(sum.abs_diff(census) <= 1, "{}: {sum}, not {census}", municipality.name);
    }
    let showa = study.municipalities.iter().position(|one| one.name == "昭和町").expect("昭和町");
    assert_eq!(sums[showa], 20_909);
    assert!(study.findings.iter().all(|finding| finding.kind != "cell_sum_differs"));
}

#[test]
fn parts_of_a_cell_lie_in_it_and_hold_their_centre() {
    let Some(study) = study("parts_of_a_cell_lie_in_it_and_hold_their_centre") else { return };
    for cell in &study.cells {
        let rect = cell.mesh.rect();
        let bounds = cell.outline.bounding_rect().expect("an area");
        let slack = 1e-9;
        assert!(bounds.min().x >= rect.min().x - slack && bounds.max().x <= rect.max().x + slack);
        assert!(bounds.min().y >= rect.min().y - slack && bounds.max().y <= rect.max().y + slack);
        assert!(cell.outline.contains(&cell.centre), "{} {}", cell.mesh, cell.municipality);
    }
}

#[test]
fn institutions_known_by_their_town_stand_where_people_live() {
    let Some(study) = study("institutions_known_by_their_town_stand_where_people_live") else { return };
    let meshes: BTreeSet<_> = study.cells.iter().map(|cell| cell.mesh).collect();
    for one in study.institutions.iter().filter(|one| one.precision > Precision::Point) {
        let position = one.position.expect("all are located");
        let mesh = study.cells[0].mesh.same_size_at(position.into()).expect("in Japan");
        assert!(meshes.contains(&mesh), "{}", one.name);
    }
    let told = study.findings.iter().filter(|finding| finding.kind == "moved_to_inhabited");
    let moved: Vec<&str> = told.map(|finding| finding.meant.as_str()).collect();
    assert_eq!(moved.len(), 38);
    assert!(moved.iter().any(|meant| meant.starts_with("吉田医院（1911910238）")), "{moved:#?}");
}

#[test]
fn medical_institutions_carry_the_care_that_they_give_under_their_own_number() {
    let name = "medical_institutions_carry_the_care_that_they_give_under_their_own_number";
    let Some(study) = study(name) else { return };
    let of = |id: &str| study.institutions.iter().find(|one| one.id == id);
    for (id, class) in
        [("1910210572", "訪問リハ"), ("1910610615", "訪問リハ"), ("1911210886", "短期入所療養介護")]
    {
        assert!(of(id).expect("an institution").classes.contains(class), "{id}");
        assert!(of(&format!("kaigo:{id}")).is_none(), "{id}");
    }
    let apart: Vec<&str> = study
        .findings
        .iter()
        .filter(|finding| finding.kind == "care_number_of_another")
        .map(|finding| finding.said.as_str())
        .collect();
    assert_eq!(apart, ["1911710133", "1912210315"]);
    assert!(of("kaigo:1912210315").is_some());
}

#[test]
fn filings_are_counted_as_the_bureau_counts_them() {
    let Some(study) = study("filings_are_counted_as_the_bureau_counts_them") else { return };
    let count = |class: &str| study.institutions.iter().filter(|one| one.classes.contains(class)).count();
    for (class, expected) in [
        ("支援診1", 0),
        ("支援診2", 24),
        ("支援診3", 51),
        ("支援病1", 1),
        ("支援病2", 5),
        ("支援病3", 8),
        ("在後病", 5),
        ("在医総管", 125),
        ("在医総管1", 125),
        ("病院", 60),
        ("歯科診療所", 401),
        ("薬局", 479),
        ("訪問入浴", 12),
        ("定期巡回", 6),
        ("看多機", 6),
        ("老健", 31),
    ] {
        assert_eq!(count(class), expected, "{class}");
    }
    assert_eq!(filed(study).len(), 630);
}

#[test]
fn ninety_nine_in_a_hundred_filed_institutions_are_located_by_town_or_better() {
    let name = "ninety_nine_in_a_hundred_filed_institutions_are_located_by_town_or_better";
    let Some(study) = study(name) else { return };
    let filed = filed(study);
    let coarse: Vec<_> = filed.iter().filter(|one| one.precision > Precision::Town).collect();
    assert!(coarse.len() * 100 <= filed.len(), "{coarse:#?}");
    for one in coarse {
        assert_eq!(one.precision, Precision::Municipality, "{}", one.name);
        let told = study
            .findings
            .iter()
            .any(|finding| finding.kind == "located_at_municipality" && finding.meant.contains(&one.id));
        assert!(told, "{}", one.name);
    }
}

#[test]
fn official_demand_is_read_as_published() {
    let Some(study) = study("official_demand_is_read_as_published") else { return };
    let names: Vec<&str> = study.home_demand.iter().map(|area| area.name.as_str()).collect();
    assert_eq!(names, ["中北", "峡東", "峡南", "富士・東部"]);
    let sum: f64 = study.home_demand.iter().map(|area| area.receipts_per_month[&2024]).sum();
    assert!((sum - 4_795.17).abs() < 0.01, "{sum}");
    let years: Vec<u16> = study.home_demand[0].receipts_per_month.keys().copied().collect();
    assert_eq!(years, [2024, 2030, 2035, 2040, 2045, 2050]);
}

#[test]
fn no_row_is_lost_and_what_was_not_read_is_not_loaded() {
    let Some(study) = study("no_row_is_lost_and_what_was_not_read_is_not_loaded") else { return };
    let mut rows = Vec::new();
    for input in &study.inputs {
        assert_eq!(input.rows_read, input.rows_stored + input.rows_quarantined, "{}", input.file);
        assert_eq!(input.sha256.len(), 64);
        rows.push(input.rows_read);
    }
    let known =
        [36, 1_896, 27, 1_700, 196, 1_918, 1_918, 1_316, 4_857, 631, 7_587, 563, 401, 485, 398, 339, 0];
    assert_eq!(rows, known);
    let quarantined =
        study.findings.iter().filter(|finding| finding.severity == Severity::Quarantined).count() as u64;
    assert_eq!(quarantined, study.inputs.iter().map(|input| input.rows_quarantined).sum::<u64>());
    for class in ["訪問看護", "訪問介護", "居宅介護支援", "歯援診1", "在薬"] {
        assert!(!study.loaded_classes.contains(class), "{class}");
    }
    for class in ["病院", "診療所", "歯科診療所", "薬局", "支援診1", "在後病", "訪問リハ"]
    {
        assert!(study.loaded_classes.contains(class), "{class}");
    }
}

#[test]
fn references_hold_and_places_agree_with_their_precision() {
    let Some(study) = study("references_hold_and_places_agree_with_their_precision") else { return };
    assert!(study.institutions.is_sorted_by(|a, b| a.id < b.id));
    for one in &study.institutions {
        assert_eq!(one.position.is_none(), one.precision == Precision::Unlocated, "{}", one.id);
        assert!(one.address.starts_with("山梨県"), "{} {}", one.id, one.address);
        assert!(!one.sources.is_empty(), "{}", one.id);
    }
    let rows: usize = study.institutions.iter().map(|one| one.sources.len()).sum();
    assert_eq!(rows, 4_857 + 631 + 60 + 563 + 401 + 485 + 398);
    assert!(study.cells.iter().all(|cell| cell.municipality < study.municipalities.len()));
    assert_eq!(study.road_files.len(), 1);
}

#[test]
fn the_same_files_are_read_the_same_twice() {
    let Some(first) = study("the_same_files_are_read_the_same_twice") else { return };
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real/yamanashi.toml");
    let again =
        keniki::ingest::read_study(&Manifest::read(&manifest).expect("manifest"), &Silent).expect("read");
    assert_eq!(format!("{first:?}"), format!("{again:?}"));
}
