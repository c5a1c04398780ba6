//! Who is reached: times, cover and gaps.

use crate::scene::{
    A, B, C, CLINIC, D, DENTIST, E, F, G, H, HEI, HOSPITAL, ISLAND_CLINIC, KOU, OTSU, SAILING_DS, SHIMA,
    Scene, UNLOCATED, place,
};
use keniki::access::coverage::{Coverage, Limit, coverage};
use keniki::access::gaps::{Gap, gaps};
use keniki::access::matrix::Matrix;
use keniki::access::reach::{Access, Reach};
use keniki::ingest::study::Study;
use keniki::units::{AgeCounts, Deciseconds};

/// The row of an institution with its times in deciseconds.
fn row(matrix: &Matrix, institution: usize) -> Vec<(usize, u32)> {
    matrix.rows[&institution].iter().map(|(cell, time)| (*cell as usize, time.0)).collect()
}

fn service<'a>(access: &'a Access, id: &str) -> &'a Reach {
    access.services.iter().find(|reach| reach.service.id == id).expect("a service of the table")
}

/// Nearest times of a service in deciseconds.
fn nearest(access: &Access, id: &str) -> Vec<Option<u32>> {
    service(access, id).nearest.iter().map(|time| time.map(|time| time.0)).collect()
}

fn cover(study: &Study, services: &[Reach], id: &str, limit: Limit) -> Option<AgeCounts> {
    let rows = coverage(study, services);
    let is_asked = |row: &&Coverage| row.service == id && row.limit == limit;
    rows.iter().find(is_asked).expect("a limit of the parameters").people
}

#[test]
fn every_cell_lies_on_its_letter_of_the_drawing() {
    let scene = Scene::new();
    for (cell, letter) in scene.study.cells.iter().zip("ABCDEFGH".chars()) {
        assert!((cell.centre.x() - place(letter).x()).abs() < 1e-12, "{letter}");
        assert!((cell.centre.y() - place(letter).y()).abs() < 1e-12, "{letter}");
    }
    let unlinked: Vec<usize> =
        (0..scene.study.cells.len()).filter(|cell| scene.roadway.linkage.cells[*cell].is_none()).collect();
    assert_eq!(unlinked, [F], "no road lies within 2 km of F");
    let on_the_road = scene
        .roadway
        .linkage
        .cells
        .iter()
        .flatten()
        .chain(scene.roadway.linkage.institutions.iter().flatten());
    assert!(on_the_road.clone().all(|link| link.leg == 0));
    assert_eq!(on_the_road.count(), 7 + 4, "乙内科 is not located");
}

#[test]
fn visits_run_with_the_one_way_road_and_admissions_against_it() {
    let access = Scene::new().access();
    // From B over the motorway to D (4 077) and on to E (+3 329), G (+8 229) and H (+951).
    let visits = [(A, 36_000), (B, 0), (C, 3_058), (D, 4_077), (E, 7_406), (G, 12_306), (H, 13_257)];
    assert_eq!(row(&access.visits, HOSPITAL), visits);
    // To B from D only over the old road: 8 154.
    let admissions = [(A, 36_000), (B, 0), (C, 3_058), (D, 8_154), (E, 11_483), (G, 16_383), (H, 17_334)];
    assert_eq!(row(&access.admissions, HOSPITAL), admissions);
    // The clinic at D drives the old road to the west; the island lies 44 154 away.
    assert_eq!(
        row(&access.visits, CLINIC),
        [(B, 8_154), (C, 5_096), (D, 0), (E, 3_329), (G, 8_229), (H, 9_180)]
    );
    assert_eq!(row(&access.visits, ISLAND_CLINIC), [(A, 0), (B, 36_000)], "C lies 39 058 away");
    assert_eq!(row(&access.visits, UNLOCATED), []);
    assert_eq!(access.admissions.rows.keys().copied().collect::<Vec<_>>(), [HOSPITAL]);
}

#[test]
fn an_institution_in_the_middle_of_a_road_drives_the_rest_of_it() {
    // 0.928 of the 1 019 from W to B lie behind the dentist (946), 73 before. The island would be
    // 73 more than 60 minutes.
    let visits = [(B, 73), (C, 3_131), (D, 4_150), (E, 7_479), (G, 12_379), (H, 13_330)];
    assert_eq!(row(&Scene::new().access().visits, DENTIST), visits);
}

#[test]
fn nobody_is_nearer_than_the_nearest_institution_of_the_service() {
    let access = Scene::new().access();
    let clinics = [Some(0), Some(0), Some(3_058), Some(0), Some(3_329), None, Some(8_229), Some(9_180)];
    assert_eq!(nearest(&access, "在支診・在支病"), clinics);
    assert_eq!(nearest(&access, "訪問診療"), clinics);
    let hospitals =
        [Some(36_000), Some(0), Some(3_058), Some(8_154), Some(11_483), None, Some(16_383), Some(17_334)];
    assert_eq!(nearest(&access, "急変時受入"), hospitals);
    assert_eq!(nearest(&access, "病院"), hospitals);
    assert_eq!(nearest(&access, "訪問薬剤"), [None; 8], "loaded, and nobody does it");
    assert_eq!(nearest(&access, "訪問看護"), [], "not loaded");
    assert_eq!(service(&access, "訪問薬剤").providers, Some(vec![]));
    assert_eq!(service(&access, "訪問看護").providers, None);
    assert_eq!(
        service(&access, "在支診・在支病").providers,
        Some(vec![HOSPITAL, CLINIC, ISLAND_CLINIC, UNLOCATED])
    );
}

#[test]
fn sixty_minutes_are_kept_and_a_decisecond_more_is_cut() {
    let island = |scene: Scene| nearest(&scene.access(), "病院")[A];
    assert_eq!(island(Scene::sailing(SAILING_DS - 1)), Some(35_999));
    assert_eq!(island(Scene::sailing(SAILING_DS)), Some(36_000));
    assert_eq!(island(Scene::sailing(SAILING_DS + 1)), None);
}

#[test]
fn the_travel_limit_of_the_study_is_the_limit() {
    let short = Scene::with(|study| study.parameters.travel_limit_minutes = 20).access();
    // 20 minutes are 12 000.
    assert_eq!(row(&short.visits, HOSPITAL), [(B, 0), (C, 3_058), (D, 4_077), (E, 7_406)]);
    let long = Scene::with(|study| study.parameters.travel_limit_minutes = 90).access();
    assert_eq!(row(&long.visits, CLINIC)[0], (A, 44_154));
}

#[test]
fn the_circle_of_16_km_is_measured_on_the_ellipsoid_with_or_without_a_road() {
    let access = Scene::new().access();
    // The dentist is 15 962.99 m from G and 16 042.30 m from H.
    assert_eq!(service(&access, "訪問歯科").in_circle, [true, true, true, true, true, true, true, false]);
    // F has no road but lies 5.5 km from the hospital; the unlocated clinic has no circle.
    assert_eq!(service(&access, "在支診・在支病").in_circle, [true; 8]);
    assert_eq!(service(&access, "訪問薬剤").in_circle, [false; 8], "nobody has a circle");
    assert!(service(&access, "病院").in_circle.is_empty(), "no rule of a circle");
}

#[test]
fn the_circle_ends_at_16_km() {
    // On the parallel of the road 16 000 m from G lie at 138.517 440 78° (pyproj): the dentist is
    // put 2 cm to the east of there, then 7 cm to the west.
    let in_circle = |east: f64| {
        let scene = Scene::with(|study| {
            study.institutions[DENTIST].position = Some(geo::Point::new(east, place('B').y()));
        });
        service(&scene.access(), "訪問歯科").in_circle[G]
    };
    assert!(in_circle(138.517_441));
    assert!(!in_circle(138.517_440));
}

#[test]
fn cover_counts_everybody_within_the_limit_and_nobody_else() {
    let scene = Scene::new();
    let access = scene.access();
    let of = |id: &str, limit| {
        let people = cover(&scene.study, &access.services, id, limit).expect("loaded");
        [people.total, people.age_65_plus, people.age_75_plus, people.age_85_plus]
    };
    let within = |id: &str| [15, 30, 45, 60].map(|minutes| of(id, Limit::Minutes(minutes))[0]);
    // 在支診: H takes 15.3 minutes; F is never reached.
    let all_but_f_and_h = 32 + 64 + 128 + 256 + 512 + 2_048;
    let all_but_f = all_but_f_and_h + 4_096;
    assert_eq!(within("在支診・在支病"), [all_but_f_and_h, all_but_f, all_but_f, all_but_f]);
    // To the hospital: D 13.6 minutes, E 19.1, G 27.3, H 28.9, A 60.
    let (near, far) = (64 + 128 + 256, 512 + 2_048 + 4_096);
    assert_eq!(within("急変時受入"), [near, near + far, near + far, near + far + 32]);
    assert_eq!(within("訪問薬剤"), [0; 4]);
    // A, B, C, D, E and G in every age.
    assert_eq!(
        of("在支診・在支病", Limit::Minutes(15)),
        [3_040, 16 + 32 + 64 + 128 + 256 + 1_024, 8 + 16 + 32 + 64 + 128 + 512, 4 + 2 + 16 + 8 + 64 + 256]
    );
    // By the circle of the dentist everybody but H.
    assert_eq!(
        of("訪問歯科", Limit::Circle(16_000)),
        [8_160 - 4_096, 4_080 - 2_048, 2_040 - 1_024, 510 - 128]
    );
}

#[test]
fn cover_of_what_was_not_loaded_is_unknown_at_every_limit() {
    let scene = Scene::new();
    let rows = coverage(&scene.study, &scene.access().services);
    let unknown: Vec<(&str, Limit)> =
        rows.iter().filter(|row| row.people.is_none()).map(|row| (row.service.as_str(), row.limit)).collect();
    let limits = [15, 30, 45, 60].map(Limit::Minutes);
    let not_loaded = [
        "訪問看護",
        "訪問看護（24時間）",
        "訪問リハビリ",
        "訪問栄養",
        "急変時受入（有床診）",
        "急変時受入（救急）",
    ];
    let expected: Vec<(&str, Limit)> =
        not_loaded.into_iter().flat_map(|id| limits.map(|limit| (id, limit))).collect();
    assert_eq!(unknown, expected);
    // Sixteen services at four limits, and the circles of six of them.
    assert_eq!(rows.len(), 16 * 4 + 6);
}

#[test]
fn a_limit_of_cover_is_met_to_the_decisecond() {
    let scene = Scene::new();
    let mut services = scene.access().services;
    let clinics = services.iter_mut().find(|reach| reach.service.id == "訪問診療").expect("in the table");
    clinics.nearest[G] = Some(Deciseconds(9_000));
    clinics.nearest[H] = Some(Deciseconds(9_001));
    let within = |minutes| cover(&scene.study, &services, "訪問診療", Limit::Minutes(minutes));
    let g_but_not_h = 3_040;
    assert_eq!(within(15).map(|people| people.total), Some(g_but_not_h));
    assert_eq!(within(30).map(|people| people.total), Some(g_but_not_h + 4_096));
}

#[test]
fn one_more_institution_anywhere_never_lowers_cover() {
    let without = Scene::new();
    let before = coverage(&without.study, &without.access().services);
    for letter in "ABCDEFGHPQWY".chars() {
        let with = Scene::with(|study| {
            let mut added = study.institutions[DENTIST].clone();
            added.id = "4890000000".to_owned();
            added.position = Some(place(letter));
            added.classes = ["支援診1", "歯援診1", "在薬", "支援病1", "病院"].map(str::to_owned).into();
            study.institutions.push(added);
        });
        let after = coverage(&with.study, &with.access().services);
        assert_eq!(before.len(), after.len());
        for (before, after) in before.iter().zip(&after) {
            assert_eq!((&before.service, before.limit), (&after.service, after.limit));
            let people = |row: &Coverage| {
                row.people.map(|ages| [ages.total, ages.age_65_plus, ages.age_75_plus, ages.age_85_plus])
            };
            match (people(before), people(after)) {
                // Cells are counted whole, so nobody who was covered may be missing.
                (Some(before), Some(after)) => {
                    assert!(
                        before.iter().zip(&after).all(|(b, a)| b & a == *b),
                        "{letter}: {before:?} {after:?}"
                    );
                }
                (before, after) => assert_eq!(before, after, "{letter}"),
            }
        }
    }
}

#[test]
fn gaps_are_the_municipalities_without_the_service_most_people_first() {
    let scene = Scene::new();
    let all = gaps(&scene.study, &scene.access().services);
    let of = |id: &str| -> Vec<Gap> {
        let is = |gap: &&Gap| match gap {
            Gap::NotLoaded { service } | Gap::None { service, .. } => service == id,
        };
        all.iter().filter(is).cloned().collect()
    };
    let none = |id: &str, municipality, people, beyond, minutes| Gap::None {
        service: id.to_owned(),
        certain: true,
        municipality,
        people_75_plus: people,
        beyond_limit_75_plus: beyond,
        nearest_minutes: minutes,
    };
    // 丙村 has 128 people of 75 and over in E, 3 329 from the clinic, and 256 in F without road.
    // 乙町 has no gap although one of its clinics could not be located.
    let clinics = "在支診・在支病";
    assert_eq!(of(clinics), [none(clinics, HEI, 384, 256, Some(3_329.0 / 600.0))]);
    // In 乙町 64 people are 8 154 away (13.59 minutes), 512 16 383 and 1 024 17 334.
    let mean = (64.0 * 13.59 + 512.0 * 27.305 + 1_024.0 * 28.89) / 1_600.0;
    let hospital = "急変時受入";
    assert_eq!(
        of(hospital),
        [
            none(hospital, OTSU, 1_600, 0, Some(mean)),
            none(hospital, HEI, 384, 256, Some(11_483.0 / 600.0)),
            none(hospital, SHIMA, 8, 0, Some(60.0)),
        ]
    );
    // Nobody within the limit: no mean.
    let dentist = "訪問歯科";
    assert_eq!(of(dentist)[2], none(dentist, SHIMA, 8, 8, None));
    let pharmacy = "訪問薬剤";
    assert_eq!(
        of(pharmacy),
        [
            none(pharmacy, OTSU, 1_600, 1_600, None),
            none(pharmacy, HEI, 384, 384, None),
            none(pharmacy, KOU, 48, 48, None),
            none(pharmacy, SHIMA, 8, 8, None),
        ]
    );
    for id in ["訪問看護", "訪問リハビリ"] {
        assert_eq!(of(id), [Gap::NotLoaded { service: id.to_owned() }]);
    }
}

#[test]
fn while_nobody_knows_where_an_institution_stands_no_gap_of_its_service_is_certain() {
    let scene = Scene::with(|study| study.institutions[UNLOCATED].municipality = None);
    for gap in gaps(&scene.study, &scene.access().services) {
        if let Gap::None { service, certain, .. } = gap {
            let of_clinics = ["在支診・在支病", "訪問診療", "往診", "看取り"];
            assert_eq!(certain, !of_clinics.contains(&service.as_str()), "{service}");
        }
    }
}
