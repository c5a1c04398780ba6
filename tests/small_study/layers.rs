//! Layers of demand and the workforce against them, worked out by hand.
//!
//! Of 丁島村 (cell A: 16 people under 65, 8 of 65–74, 4 of 75–84, 4 of 85 and over) the projection
//! halves the people of 65 and over from 2025 to 2030 and ends with 2045; 乙町 has none at all. The
//! rates are 0.5, 1, 2 and 4 by age, the low ones half of them, the high ones twice.

use crate::scene::{A, HEI, KOU, OTSU, SHIMA, Scene};
use keniki::access::capacity::CapacityTable;
use keniki::access::services::services;
use keniki::demand::DemandError;
use keniki::demand::disclosure::Shown;
use keniki::demand::layers::{Amount, Layer, LayerTables, layers};
use keniki::demand::outlook::{OutlookTables, outlook, years};
use keniki::demand::rates::{AgeRate, Part, RateLayer, RateTable, Split};
use keniki::demand::workforce::{Balance, Shortfall, Workforce};
use keniki::demand::zones::{Division, divisions, drawn_division};
use keniki::ingest::study::{AreaSystem, Count, Study};
use std::collections::BTreeMap;

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * b.abs()
}

fn rates() -> RateTable {
    let ages = [(0, Some(64), 0.5), (65, Some(74), 1.0), (75, Some(84), 2.0), (85, None, 4.0)]
        .map(|(from, to, mid)| AgeRate { from, to, low: mid / 2.0, mid, high: mid * 2.0 });
    let layer = RateLayer {
        id: "甲".to_owned(),
        name_en: "first".to_owned(),
        unit: "件/月".to_owned(),
        ages: ages.to_vec(),
        source: "この試験".to_owned(),
        tag: "A".to_owned(),
    };
    let part = |id: &str, low, mid, high| Part { id: id.to_owned(), name_en: String::new(), low, mid, high };
    let split = |of: &str, id: &str| Split {
        of: of.to_owned(),
        parts: vec![part(&format!("{id}1"), 0.25, 0.25, 0.5), part(&format!("{id}2"), 0.5, 0.75, 0.75)],
        source: "この試験".to_owned(),
        tag: "A".to_owned(),
    };
    RateTable {
        as_of: "2026-11-20".to_owned(),
        layers: vec![layer],
        splits: vec![split("甲", "部"), split("訪問診療", "訪")],
        cohorts: Vec::new(),
        file: "この試験".to_owned(),
    }
}

fn tables() -> LayerTables {
    LayerTables { rates: rates(), ..LayerTables::shipped().expect("whole") }
}

fn all(study: &Study) -> Vec<Layer> {
    layers(study, &tables(), 2020..=2050).expect("known years")
}

fn layer<'a>(layers: &'a [Layer], id: &str) -> &'a Layer {
    layers.iter().find(|layer| layer.id == id).expect("there")
}

#[test]
fn rates_times_people_grow_with_the_projection_and_end_with_it() {
    let layers = all(&Scene::new().study);
    let ids: Vec<&str> = layers.iter().map(|layer| layer.id.as_str()).collect();
    assert_eq!(ids, ["訪問診療", "訪1", "訪2", "甲", "部1", "部2"]);
    let first = layer(&layers, "甲");
    // 16 · 0.5 + 8 · 1 + 4 · 2 + 4 · 4.
    let at_census = Amount { low: 20.0, mid: 40.0, high: 80.0, age_85_plus: 16.0 };
    assert_eq!(first.of(2020, &[SHIMA]), Some(at_census));
    assert_eq!(first.of(2025, &[SHIMA]), Some(at_census), "as many as at the census");
    // In 2030 half of the older, and of those under 65 4 992 for every 4 984.
    let later = first.of(2030, &[SHIMA]).expect("projected");
    assert!(close(later.mid, 8.0 * 4_992.0 / 4_984.0 + 16.0) && close(later.age_85_plus, 8.0), "{later:?}");
    assert!(first.of(2045, &[SHIMA]).is_some());
    assert_eq!(first.of(2046, &[SHIMA]), None, "the projection ends with 2045");
    assert!(first.of(2020, &[OTSU]).is_some());
    assert_eq!(first.of(2030, &[OTSU]), None, "nothing is projected for 乙町");
    assert_eq!(first.of(2030, &[KOU, OTSU]), None, "a part is unknown");
    assert_eq!(first.of(2019, &[SHIMA]), None, "nobody asked");
    assert_eq!(first.peak(&[SHIMA]), Some((2020, at_census)), "the first of equals");
    assert_eq!(first.series(&[HEI]).len(), 1, "of F only the census tells");
}

#[test]
fn a_future_mesh_and_the_census_are_joined_by_straight_lines() {
    let mut study = Scene::new().study;
    // E alone is 丙村.
    study.cells.retain(|cell| cell.municipality != HEI || !cell.future.is_empty());
    let layers = all(&study);
    let of = |year| layer(&layers, "甲").of(year, &[HEI]).map(|amount| amount.mid);
    // 256 · 0.5 + 128 + 64 · 2 + 64 · 4, half of it from 2035 on.
    let of_years = [2020, 2023, 2025, 2030, 2035, 2036].map(of);
    assert_eq!(of_years, [Some(640.0), Some(640.0), Some(640.0), Some(480.0), Some(320.0), None]);
}

#[test]
fn parts_are_shares_of_their_layer() {
    let layers = all(&Scene::new().study);
    let (one, two) = (layer(&layers, "部1").of(2020, &[SHIMA]), layer(&layers, "部2").of(2020, &[SHIMA]));
    assert_eq!(one, Some(Amount { low: 5.0, mid: 10.0, high: 40.0, age_85_plus: 4.0 }));
    assert_eq!(two, Some(Amount { low: 10.0, mid: 30.0, high: 60.0, age_85_plus: 12.0 }));
    let whole = layer(&layers, "訪問診療").of(2030, &[KOU]).expect("official");
    let parts = ["訪1", "訪2"].map(|id| layer(&layers, id).of(2030, &[KOU]).expect("official").mid);
    assert!(close(parts[0] + parts[1], whole.mid) && close(whole.mid, 67.29 + 247.44), "{parts:?}");
}

#[test]
fn the_official_layer_keeps_the_level_before_its_first_year() {
    let scene = Scene::with(|study| {
        // Half of the old people of 甲市 at the census of what there are from 2025 on.
        let code = study.municipalities[KOU].code;
        study.projections.get_mut(&(code, 2020)).expect("projected").age_65_plus = 500;
    });
    let layers = all(&scene.study);
    let official = layer(&layers, "訪問診療");
    let demand = scene.demand();
    let first: f64 = demand.first_year()[A];
    for (year, amounts) in &official.years {
        assert!(
            amounts.iter().all(|amount| amount.is_some_and(|of| of.low <= of.mid && of.mid <= of.high)),
            "{year}"
        );
    }
    // Nothing changes for 丁島村 before 2025, and the level is that of 2024.
    for year in 2020..=2024 {
        assert!(close(official.of(year, &[SHIMA]).expect("held").mid, first), "{year}");
    }
    let of = |year| official.of(year, &[KOU]).expect("held");
    // Weights of 甲市: 288 of those under 65, and 20 790 of the others in 2020, times 1.8 in 2024.
    let ratio = (288.0 + 20_790.0) / (288.0 + 20_790.0 * 1.8);
    assert!(close(of(2020).mid / of(2024).mid, ratio), "{}", of(2020).mid / of(2024).mid);
    assert!(close(of(2020).high / of(2020).mid, of(2024).high / of(2024).mid));
}

#[test]
fn zones_of_every_division_sum_to_the_same_total() {
    let scene = Scene::with(|study| {
        study.municipalities[HEI].areas.remove(&AreaSystem::Hokenjo);
    });
    let layers = all(&scene.study);
    let mut divisions = divisions(&scene.study);
    let names: Vec<(&str, usize)> =
        divisions.iter().map(|division| (division.name.as_str(), division.zones.len())).collect();
    assert_eq!(names, [("都道府県", 1), ("市区町村", 4), ("保健所", 3), ("二次医療圏", 2)]);
    assert_eq!(divisions[2].zones[2].name, "東部保健所");
    let drawn = |north: &[usize], south: &[usize]| {
        let zones = [("北".to_owned(), north.to_vec()), ("南".to_owned(), south.to_vec())].into();
        drawn_division("案", zones, 4)
    };
    assert_eq!(drawn(&[HEI, KOU], &[OTSU]), None, "丁島村 is in none");
    assert_eq!(drawn(&[HEI, KOU], &[OTSU, SHIMA, KOU]), None, "甲市 is in two");
    divisions.push(drawn(&[HEI, KOU], &[OTSU, SHIMA]).expect("whole"));
    assert_eq!(divisions[4].zones[0].municipalities, [KOU, HEI]);
    for layer in &layers {
        for year in [2020, 2024, 2027] {
            let sum = |division: &Division| -> Option<f64> {
                division.zones.iter().map(|zone| Some(layer.of(year, &zone.municipalities)?.mid)).sum()
            };
            let all = sum(&divisions[0]);
            for division in &divisions {
                let same = match (all, sum(division)) {
                    (Some(a), Some(b)) => close(a, b),
                    (a, b) => a == b,
                };
                assert!(same, "{} {year} {}", layer.id, division.name);
            }
        }
    }
}

#[test]
fn years_of_which_nothing_tells_are_refused_with_those_that_are_known() {
    let study = Scene::new().study;
    assert_eq!(years(&study, None, None).expect("known"), 2020..=2050);
    assert_eq!(years(&study, Some(2030), Some(2040)).expect("known"), 2030..=2040);
    for (from, to, asked) in
        [(None, Some(2051), 2051), (Some(2019), None, 2019), (Some(2040), Some(2030), 2040)]
    {
        let error = years(&study, from, to).expect_err("refused");
        assert!(matches!(error, DemandError::YearOutside { asked: of, .. } if of == asked), "{error}");
        assert!(error.to_string().contains("2020–2050"), "{error}");
    }
    assert!(matches!(
        layers(&study, &tables(), 2020..=2060),
        Err(DemandError::YearOutside { asked: 2060, .. })
    ));
}

#[test]
fn without_an_official_series_its_layers_are_unknown_and_the_others_known() {
    let scene = Scene::with(|study| study.home_demand.clear());
    let layers = layers(&scene.study, &tables(), 2020..=2045).expect("known years");
    assert!(layer(&layers, "訪問診療").series(&[KOU]).is_empty());
    assert!(layer(&layers, "訪1").peak(&[KOU]).is_none());
    assert_eq!(layer(&layers, "甲").series(&[KOU]).len(), 26);
}

fn outlook_tables(change: impl FnOnce(&mut Workforce)) -> OutlookTables {
    let mut workforce = Workforce::shipped().expect("whole");
    change(&mut workforce);
    let rates = RateTable::shipped().expect("whole");
    OutlookTables {
        layers: LayerTables { rates, ..tables() },
        workforce,
        capacities: CapacityTable::shipped().expect("whole"),
        services: services().expect("whole"),
    }
}

/// Balances of the municipalities under a scenario.
fn balances(study: &Study, tables: &OutlookTables, id: &str) -> (Vec<Balance>, f64) {
    let found = outlook(study, tables, divisions(study), 2020..=2050).expect("an outlook");
    let of = found.balances.into_iter().find(|of| tables.workforce.scenarios[of.scenario].id == id);
    let of = of.expect("in the table");
    (of.divisions[1].clone(), of.supply.nowhere)
}

#[test]
fn the_year_from_which_a_municipality_falls_short_is_told() {
    // Each institution of 訪問診療 can give 300: one in 甲市 and on the island, two in 乙町.
    let tables = outlook_tables(|workforce| workforce.professions[0].per_institution = Some(300.0));
    let study = Scene::with(|study| study.institutions[0].municipality = None).study;
    let (balances_of, nowhere) = balances(&study, &tables, "doctors-as-today");
    assert_eq!((balances_of[KOU].mid, nowhere), (Shortfall::From(2025), 300.0), "the hospital is in no zone");
    let study = Scene::new().study;
    let (balances_of, nowhere) = balances(&study, &tables, "doctors-as-today");
    assert_eq!(
        (balances_of[KOU].capacity[&2025], balances_of[OTSU].capacity[&2050], nowhere),
        (300.0, 600.0, 0.0)
    );
    // 甲市: 297.405 in 2029, 314.73 in 2030. 丙村 has nobody. The island never needs 300.
    let mids = [KOU, HEI, SHIMA].map(|at| balances_of[at].mid);
    assert_eq!(mids, [Shortfall::From(2030), Shortfall::From(2025), Shortfall::NotBefore(2050)]);
    let ends = &balances_of[KOU];
    assert!(matches!((ends.high, ends.mid), (Shortfall::From(a), Shortfall::From(b)) if a <= b), "{ends:?}");
    let (nurses, _) = balances(&study, &tables, "nurses-as-today");
    assert!(nurses.iter().all(|one| one.mid == Shortfall::Unknown && one.capacity.is_empty()), "not loaded");
}

#[test]
fn a_reserve_takes_the_demand_of_today_as_met_and_is_used_up_by_growth_and_retirement() {
    let study = Scene::new().study;
    let tables = outlook_tables(|_| {});
    // 甲市: 210.78 in 2024 and 17.325 more each year, 228.105 in 2025: a tenth more is 250.9155.
    let (today, _) = balances(&study, &tables, "doctors-as-today-met");
    assert!(close(today[KOU].capacity[&2040], 250.915_5), "{:?}", today[KOU].capacity);
    assert_eq!(today[KOU].mid, Shortfall::From(2027), "245.43 in 2026, 262.755 in 2027");
    // 丁島村 has 37.99 in 2025, half of it in 2030 and 41.88 in 2040: more than 41.789.
    assert_eq!(today[SHIMA].mid, Shortfall::From(2040));
    // After a year a tenth of those over 70 (22 %) and of those of 60 to 69 (30 %) have left.
    let (fewer, _) = balances(&study, &tables, "doctors-retire-70-not-replaced");
    assert!(close(fewer[KOU].capacity[&2026], 250.915_5 * 0.948), "{:?}", fewer[KOU].capacity);
    assert_eq!(fewer[KOU].mid, Shortfall::From(2026));
    // Nothing is projected for 乙町; of 甲市 the projection ends with 2045.
    let (nurses, _) = balances(&study, &tables, "nurses-as-today-met");
    assert_eq!((nurses[OTSU].mid, nurses[KOU].demand.keys().last()), (Shortfall::Unknown, Some(&2045)));
}

#[test]
fn a_negative_capacity_and_a_profession_without_its_layer_are_named() {
    let study = Scene::new().study;
    let mut tables = outlook_tables(|_| {});
    tables.capacities.receipts_per_doctor = -1.0;
    let error = outlook(&study, &tables, divisions(&study), 2020..=2030).expect_err("refused");
    assert!(matches!(&error, DemandError::NegativeCapacity { what, .. } if what == "甲病院"), "{error}");
    let tables = outlook_tables(|workforce| workforce.professions[0].layer = "往診".to_owned());
    let error = outlook(&study, &tables, divisions(&study), 2020..=2030).expect_err("refused");
    assert!(error.to_string().contains("往診"), "{error}");
    let unsaid = Scene::with(|study| study.as_of = "令和7年".to_owned()).study;
    let error =
        outlook(&unsaid, &outlook_tables(|_| {}), divisions(&unsaid), 2020..=2030).expect_err("refused");
    assert!(matches!(error, DemandError::AsOf { .. }), "{error}");
}

#[test]
fn small_counts_of_a_cohort_are_hidden_from_the_totals_of_every_division() {
    let counts = [25, 4, 12, 0].map(Count::Exact).into_iter().enumerate().collect();
    let study = Scene::with(|study| {
        study.cohorts = Some(BTreeMap::from([(("医療的ケア児".to_owned(), 2024), counts)]));
    })
    .study;
    let found = outlook(&study, &outlook_tables(|_| {}), divisions(&study), 2020..=2030).expect("an outlook");
    let cohort = |id: &str| &found.cohorts.iter().find(|cohort| cohort.id == id).expect("there").years;
    let expected = [Shown::Exact(25), Shown::Small, Shown::Withheld, Shown::Exact(0)];
    assert_eq!(cohort("医療的ケア児")[&2024], expected);
    assert!(cohort("在宅人工呼吸").is_empty(), "nobody has counted");
}
