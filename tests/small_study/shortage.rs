//! The shortage list: whom, why, and who could mend it.
//!
//! Within 16 minutes (9 600 deciseconds) of 在支診・在支病 by the times of the scene:
//!
//! ```text
//!             B      C      D      E      G       H       A       F
//! hospital    0      3 058  4 077  7 406  12 306  13 257  36 000  no road
//! clinic      8 154  5 096  0      3 329   8 229   9 180          no road
//! island                                                  0       no road
//! ```

use crate::scene::{
    A, B, C, CLINIC, D, DENTIST, E, F, G, H, HEI, HOSPITAL, ISLAND_CLINIC, OTSU, SHIMA, Scene,
};
use keniki::access::AccessError;
use keniki::access::capacity::{Capacity, CapacityTable};
use keniki::access::cover::{Residents, cover};
use keniki::access::loss::{losses, on_single_doctors};
use keniki::access::matrix::Matrix;
use keniki::access::partners::{between, partners};
use keniki::access::reach::Access;
use keniki::access::shortage::{Asked, Cause, Places, Shortage, shortage};
use keniki::access::shortage_rules::ShortageRules;
use keniki::ingest::study::{Posts, Staff};
use keniki::progress::{Progress, Silent};
use keniki::units::Deciseconds;
use std::collections::{BTreeMap, BTreeSet};

/// The dentist as the one who could take the service up. H lies outside the circle, E beyond the
/// minutes.
fn could() -> Matrix {
    let row = [(E, 9_601), (F, 9_000), (G, 5_000), (H, 5_000)];
    let row = row.map(|(cell, time)| (cell as u32, Deciseconds(time))).to_vec();
    Matrix { rows: BTreeMap::from([(DENTIST, row)]), ..Matrix::default() }
}

fn rules() -> ShortageRules {
    ShortageRules { limit_minutes: 16, ..ShortageRules::shipped().expect("whole") }
}

fn ask(
    scene: &Scene,
    access: &Access,
    service: &str,
    around_the_clock: Option<&[usize]>,
    accessibility: Option<&[f64]>,
    rules: &ShortageRules,
) -> Result<Shortage, AccessError> {
    let residents = Residents::new(&scene.study, scene.demand().first_year());
    let reach = access.services.iter().find(|reach| reach.service.id == service).expect("in the table");
    let (times, could) = (&access.visits, &could());
    let study = &scene.study;
    shortage(
        &Asked { study, residents: &residents, reach, times, around_the_clock, accessibility, could },
        rules,
    )
}

fn places(around_the_clock: Option<&[usize]>, accessibility: Option<&[f64]>) -> Places {
    let scene = Scene::new();
    let asked = ask(&scene, &scene.access(), "在支診・在支病", around_the_clock, accessibility, &rules());
    asked.expect("within the times").places.expect("loaded")
}

/// Cells with their causes and people.
fn told(places: &Places) -> Vec<(usize, Vec<Cause>, u32)> {
    let told = |short: &keniki::access::shortage::CellShortage| {
        (short.cell, short.causes.iter().copied().collect(), short.concerned.people.total)
    };
    places.cells.iter().map(told).collect()
}

#[test]
fn cells_are_listed_where_nobody_comes_before_those_that_depend_on_one() {
    let places = places(None, None);
    let one = vec![Cause::OneInstitution];
    assert_eq!(
        told(&places),
        [
            (F, vec![Cause::NoneInMinutes], 1_024),
            (H, one.clone(), 4_096),
            (G, one.clone(), 2_048),
            (A, one, 32)
        ]
    );
    assert_eq!(places.unjudged, [Cause::NotAtNight, Cause::Capacity]);
}

#[test]
fn nights_and_capacity_are_causes_only_where_somebody_comes() {
    let mut scores = vec![1.0; 8];
    for cell in [B, F] {
        scores[cell] = 0.499;
    }
    let places = places(Some(&[HOSPITAL]), Some(&scores));
    let lonely = vec![Cause::NotAtNight, Cause::OneInstitution];
    assert_eq!(
        told(&places),
        [
            (H, lonely.clone(), 4_096),
            (G, lonely.clone(), 2_048),
            (F, vec![Cause::NoneInMinutes], 1_024),
            (A, lonely, 32),
            (B, vec![Cause::Capacity], 64),
        ]
    );
    assert!(places.unjudged.is_empty());
}

#[test]
fn remedies_stay_inside_the_circle_and_the_minutes_and_nights_can_be_mended_by_those_that_come() {
    let places = places(Some(&[HOSPITAL]), None);
    let of = |cell| {
        let short = places.cells.iter().find(|short| short.cell == cell).expect("listed");
        short.remedies.iter().map(|remedy| (remedy.institution, remedy.time.0)).collect::<Vec<_>>()
    };
    assert_eq!(of(G), [(DENTIST, 5_000), (CLINIC, 8_229)]);
    assert_eq!(of(H), [(CLINIC, 9_180)]);
    assert_eq!(of(F), [(DENTIST, 9_000)]);
    assert_eq!(of(A), [(ISLAND_CLINIC, 0)]);
}

#[test]
fn municipalities_add_up_their_cells_and_name_who_would_mend_most() {
    let places = places(Some(&[HOSPITAL]), None);
    let order: Vec<_> = places.municipalities.iter().map(|short| short.municipality).collect();
    assert_eq!(order, [OTSU, HEI, SHIMA]);
    let town = &places.municipalities[0];
    assert_eq!(town.concerned.people.total, 6_144);
    let causes: Vec<_> = town.causes.iter().map(|(cause, of)| (*cause, of.people.total)).collect();
    assert_eq!(causes, [(Cause::NotAtNight, 6_144), (Cause::OneInstitution, 6_144)]);
    let remedies: Vec<_> =
        town.remedies.iter().map(|to| (to.institution, to.time.0, to.mended.people.total)).collect();
    assert_eq!(remedies, [(CLINIC, 8_229, 6_144), (DENTIST, 5_000, 2_048)]);
}

#[test]
fn an_assumed_capacity_never_ranks_above_what_the_files_say() {
    let mut scores = vec![1.0; 8];
    for cell in [G, H] {
        scores[cell] = 0.499;
    }
    // Everybody in 乙町 has two institutions now; 乙町 is still the largest on the list.
    let scene = Scene::with(|study| {
        let second = study.institutions[CLINIC].clone();
        study.institutions.push(second);
    });
    let asked = ask(&scene, &scene.access(), "在支診・在支病", None, Some(&scores), &rules());
    let places = asked.expect("within the times").places.expect("loaded");
    let order: Vec<_> = places.municipalities.iter().map(|short| short.municipality).collect();
    assert_eq!(order, [HEI, SHIMA, OTSU]);
    let cells: Vec<_> = places.cells.iter().map(|short| short.cell).collect();
    assert_eq!(cells, [F, A, H, G]);
}

#[test]
fn a_fifth_slower_leaves_more_people_without_anybody_and_a_fifth_faster_no_more() {
    let places = places(None, None);
    let of = |at: usize| {
        let unreached = places.unreached[at];
        (
            unreached.slower.people.total,
            unreached.planned.people.total,
            unreached.faster.map(|of| of.people.total),
        )
    };
    // 9 600 · 0.8 = 7 680 deciseconds reach neither G nor H; F has no road at any speed.
    assert_eq!(of(OTSU), (6_144, 0, Some(0)));
    assert_eq!(of(HEI), (1_024, 1_024, Some(1_024)));
    let scene = Scene::new();
    let widest = ShortageRules { limit_minutes: 60, ..rules() };
    let asked =
        ask(&scene, &scene.access(), "在支診・在支病", None, None, &widest).expect("within the times");
    let places = asked.places.expect("loaded");
    assert!(places.unreached.iter().all(|of| of.faster.is_none()));
}

#[test]
fn beyond_the_circle_is_another_cause_than_beyond_the_minutes() {
    let scene = Scene::with(|study| {
        study.institutions[HOSPITAL].classes.clear();
        study.institutions[CLINIC].classes.clear();
    });
    let places = ask(&scene, &scene.access(), "在支診・在支病", None, None, &rules());
    let places = places.expect("within the times").places.expect("loaded");
    let of: BTreeMap<usize, BTreeSet<Cause>> =
        places.cells.iter().map(|short| (short.cell, short.causes.clone())).collect();
    // From the island H is 16.7 km away, G 16.3; B, C, D, E and F are nearer.
    for cell in [G, H] {
        assert_eq!(of[&cell], BTreeSet::from([Cause::NoneInCircle]));
    }
    for cell in [B, C, D, E, F] {
        assert_eq!(of[&cell], BTreeSet::from([Cause::NoneInMinutes]), "{cell}");
    }
}

#[test]
fn a_service_that_was_not_loaded_is_unknown_and_a_limit_beyond_the_times_is_refused() {
    let scene = Scene::new();
    let access = scene.access();
    let nursing = ask(&scene, &access, "訪問看護", None, None, &rules()).expect("an answer");
    assert_eq!(nursing, Shortage { service: "訪問看護".to_owned(), places: None });
    let beyond = ShortageRules { limit_minutes: 61, ..rules() };
    let error = ask(&scene, &access, "訪問看護", None, None, &beyond).expect_err("refused");
    assert!(matches!(error, AccessError::LimitBeyondTimes { limit_minutes: 61, travel_minutes: 60 }));
}

#[test]
fn capacity_is_counted_or_assumed_of_the_strongest_class_or_unknown() {
    let scene = Scene::new();
    let table = CapacityTable::shipped().expect("whole");
    let counted = BTreeMap::from([(CLINIC, 2.0)]);
    let capacities = table.of(&scene.study, &[HOSPITAL, CLINIC, ISLAND_CLINIC, DENTIST], &counted);
    let of = |receipts_per_month, class: Option<&str>| Capacity {
        receipts_per_month,
        assumed_of: class.map(str::to_owned),
        doctors: None,
    };
    let expected = [
        (HOSPITAL, of(40.0, Some("支援病2"))),
        (CLINIC, of(160.0, None)),
        (ISLAND_CLINIC, of(24.0, Some("支援診3"))),
    ];
    assert_eq!(capacities, BTreeMap::from(expected));
}

/// Posts of doctors, 常勤 and 非常勤.
fn staff(full_time: u32, part_time: u32) -> Staff {
    let posts = |doctors| Posts { doctors, ..Posts::default() };
    Staff { full_time: posts(full_time), part_time: posts(part_time) }
}

#[test]
fn counted_doctors_of_a_clinic_give_its_capacity_and_those_of_a_hospital_do_not() {
    let mut scene = Scene::new();
    for (at, posts) in [(HOSPITAL, staff(30, 10)), (CLINIC, staff(2, 1)), (ISLAND_CLINIC, staff(1, 0))] {
        scene.study.institutions[at].practice.staff = Some(posts);
    }
    let table = CapacityTable::shipped().expect("whole");
    let capacities = table.of(&scene.study, &[HOSPITAL, CLINIC, ISLAND_CLINIC], &BTreeMap::new());
    // 80 receipts for a doctor on visits: 支援診2 half of 2.2 doctors, 支援診3 three tenths of one.
    let found: Vec<_> = capacities.values().map(|of| (of.receipts_per_month, of.doctors)).collect();
    assert_eq!(found[0], (40.0, None));
    assert!((found[1].0 - 88.0).abs() < 1e-9 && found[1].1 == Some(2.2), "{found:?}");
    assert_eq!(found[2], (24.0, Some(1.0)));
}

#[test]
fn those_who_depend_on_one_clinic_with_a_single_doctor_are_counted_or_unknown() {
    let mut scene = Scene::new();
    let residents = Residents::new(&scene.study, scene.demand().first_year());
    let visits = &scene.access().visits;
    let cover = cover(visits, &[HOSPITAL, CLINIC, ISLAND_CLINIC], Deciseconds(9_600), |_, _| true);
    let losses = losses(&cover, &residents);
    let of = |scene: &Scene| {
        let people = on_single_doctors(&scene.study, &losses, &residents).into_iter();
        people.map(|of| of.map(|of| of.people.total)).collect::<Vec<_>>()
    };
    let unknown = of(&scene);
    assert_eq!(unknown[SHIMA], None, "nobody has counted the doctors of the island");
    scene.study.institutions[ISLAND_CLINIC].practice.staff = Some(staff(1, 0));
    let island = scene.study.cells[A].population.total;
    assert_eq!(of(&scene)[SHIMA], Some(island));
    scene.study.institutions[ISLAND_CLINIC].practice.staff = Some(staff(1, 1));
    assert_eq!(of(&scene)[SHIMA], Some(0));
}

#[test]
fn partners_are_the_nearest_by_road_in_the_direction_of_the_one_that_seeks() {
    let scene = Scene::new();
    let (step, limit) = (Silent.step("", 0), Deciseconds(9_600));
    let between = between(&scene.roadway, &[HOSPITAL, CLINIC], limit, step.as_ref());
    let visits = cover(&scene.access().visits, &[HOSPITAL, CLINIC, ISLAND_CLINIC], limit, |_, _| true);
    let residents = Residents::new(&scene.study, scene.demand().first_year());
    let of = |seeker| {
        let found = partners(&visits, &between, &residents, seeker, 3).into_iter();
        found.map(|one| (one.institution, one.time.0, one.shared.people.total)).collect::<Vec<_>>()
    };
    // The motorway runs from the hospital to the clinic only. Both reach B, C, D and E.
    assert_eq!(of(HOSPITAL), [(CLINIC, 4_077, 960)]);
    assert_eq!(of(CLINIC), [(HOSPITAL, 8_154, 960)]);
}
