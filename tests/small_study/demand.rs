//! 訪問診療 demand, spread by the ages of the people.
//!
//! The shipped weights in ten-thousandths: 3 under 65, 25 from 65, 173 from 75, 800 from 85. So
//!
//! ```text
//! A  16 · 3 +  8 · 25 +  4 · 173 +  4 · 800 =  4 140
//! B  32 · 3 + 16 · 25 + 14 · 173 +  2 · 800 =  4 518
//! C = 4 A = 16 560   D = 4 B = 18 072   E = 16 A = 66 240
//! F = 16 B = 72 288  G = 64 A = 264 960  H = 64 B = 289 152
//! ```
//!
//! 海辺 (A B C) has 25 218 of it in 2024, 山手 (D to H) 710 712.

use crate::scene::{A, B, C, D, E, F, G, H, HEI, Scene, weights};
use keniki::demand::DemandError;
use keniki::demand::home_visits::{Demand, home_visits, peak};
use keniki::demand::older::of_85_plus;
use keniki::demand::scenarios::{Scenarios, band};
use keniki::ingest::study::{AreaSystem, Study};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::LazyLock;

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * b.abs()
}

fn assert_cells(demand: &Demand, year: u16, expected: &[(usize, f64)]) {
    for (cell, receipts) in expected {
        let found = demand.cells[&year][*cell];
        assert!(close(found, *receipts), "cell {cell} in {year}: {found}, not {receipts}");
    }
}

fn refused(change: impl FnOnce(&mut Study)) -> DemandError {
    let scene = Scene::with(change);
    home_visits(&scene.study, &weights()).expect_err("refused")
}

#[test]
fn the_official_total_of_an_area_is_shared_out_by_age() {
    let demand = Scene::new().demand();
    assert_eq!(demand.official_years, [2024, 2030, 2040, 2050]);
    // 252.18 of 海辺 are a hundredth of 25 218, 710.712 of 山手 a thousandth of 710 712.
    assert_cells(&demand, 2024, &[(A, 41.40), (B, 45.18), (C, 165.60)]);
    assert_cells(&demand, 2024, &[(D, 18.072), (E, 66.24), (F, 72.288), (G, 264.96), (H, 289.152)]);
    assert_eq!(demand.first_year(), demand.cells[&2024]);
}

#[test]
fn projected_growth_moves_demand_between_the_municipalities_of_an_area() {
    let demand = Scene::new().demand();
    // 2030: people of 65 and over × 1.5 in 甲市, × 0.5 on the island; those under 65 stay:
    // A 48 + 4 092 · 0.5 = 2 094, B 96 + 4 422 · 1.5 = 6 729, C 192 + 16 368 · 1.5 = 24 744,
    // together 33 567.
    assert_cells(&demand, 2030, &[(A, 20.94), (B, 67.29), (C, 247.44)]);
    // 2040: halfway from × 1.5 in 2035 to × 1 in 2045: B 96 + 4 422 · 1.25 = 5 623.5,
    // C 192 + 16 368 · 1.25 = 20 652, together 28 369.5, and 567.39 is a fiftieth of it.
    assert_cells(&demand, 2040, &[(A, 41.88), (B, 112.47), (C, 413.04)]);
    // 2050: as in 2045, the last projection: 2 094, 4 518 and 16 560, together 23 172.
    assert_cells(&demand, 2050, &[(A, 20.94), (B, 45.18), (C, 165.60)]);
}

#[test]
fn a_future_mesh_comes_before_growth_and_is_interpolated() {
    let demand = Scene::new().demand();
    // E: in 2030 halfway between all and half of its people, 49 680; from 2035 on 33 120.
    // Of 山手 that leaves 694 152 in 2030 (1 041.228 is 1.5 thousandths of it), then 677 592
    // (1 355.184 is 2 thousandths).
    assert_cells(&demand, 2030, &[(D, 27.108), (E, 74.52), (F, 108.432), (G, 397.44), (H, 433.728)]);
    for year in [2040, 2050] {
        assert_cells(&demand, year, &[(D, 36.144), (E, 66.24), (F, 144.576), (G, 529.92), (H, 578.304)]);
    }
}

#[test]
fn every_year_of_every_area_sums_to_the_official_total() {
    let scene = Scene::new();
    let demand = scene.demand();
    for (area, cells) in scene.study.home_demand.iter().zip([&[A, B, C][..], &[D, E, F, G, H]]) {
        for (year, receipts) in &area.receipts_per_month {
            let sum: f64 = cells.iter().map(|cell| demand.cells[year][*cell]).sum();
            assert!(close(sum, *receipts), "{} in {year}: {sum}, not {receipts}", area.name);
        }
    }
}

#[test]
fn years_between_official_years_lie_on_straight_lines() {
    let series = Scene::new().demand().series(&[A, B, C]);
    assert_eq!(series.keys().copied().collect::<Vec<_>>(), (2024..=2050).collect::<Vec<u16>>());
    for (year, receipts) in [
        (2024, 252.18),
        (2027, 293.925), // halfway to 335.67
        (2030, 335.67),
        (2031, 358.842), // a tenth of 231.72 more
        (2040, 567.39),
        (2045, 399.555), // halfway to 231.72
        (2050, 231.72),
    ] {
        assert!(close(series[&year], receipts), "{year}: {}", series[&year]);
    }
    assert!(Scene::new().demand().series(&[]).values().all(|receipts| *receipts == 0.0));
}

#[test]
fn the_first_of_the_years_with_the_highest_demand_is_the_peak() {
    let demand = Scene::new().demand();
    let (year, receipts) = peak(&demand.series(&[A, B, C])).expect("a peak");
    assert!(year == 2040 && close(receipts, 567.39), "{year} {receipts}");
    // 山手 stands at 1 355.184 from 2040 to 2050.
    let (year, receipts) = peak(&demand.series(&[D, E, F, G, H])).expect("a peak");
    assert!(year == 2040 && close(receipts, 1_355.184), "{year} {receipts}");
    assert_eq!(peak(&BTreeMap::from([(2024, 1.0), (2025, 3.0), (2026, 3.0)])), Some((2025, 3.0)));
    assert_eq!(peak(&BTreeMap::new()), None);
}

#[test]
fn without_an_official_series_there_is_no_demand() {
    assert!(matches!(refused(|study| study.home_demand.clear()), DemandError::NoOfficialSeries));
    let emptied = refused(|study| study.home_demand.iter_mut().for_each(|a| a.receipts_per_month.clear()));
    assert!(matches!(emptied, DemandError::NoOfficialSeries));
}

#[test]
fn a_municipality_outside_the_official_areas_is_named_with_what_the_table_says() {
    let unknown = refused(|study| {
        let areas = &mut study.municipalities[HEI].areas;
        areas.get_mut(&AreaSystem::SecondaryMedicalArea).expect("loaded").code = "4899".to_owned();
    });
    let DemandError::NoArea { municipality, area } = unknown else { panic!("{unknown}") };
    assert_eq!((municipality.as_str(), area.as_str()), ("丙村", "4899"));
    let missing = refused(|study| {
        study.municipalities[HEI].areas.remove(&AreaSystem::SecondaryMedicalArea);
    });
    let DemandError::NoArea { municipality, area } = missing else { panic!("{missing}") };
    assert_eq!((municipality.as_str(), area.as_str()), ("丙村", "未登録"));
}

#[test]
fn demand_for_an_area_without_people_is_refused_and_no_demand_needs_nobody() {
    let emptied = |receipts: f64| {
        move |study: &mut Study| {
            study.cells.truncate(D); // A, B and C stay: nobody lives in 山手
            study.home_demand[1].receipts_per_month.values_mut().for_each(|value| *value = receipts);
        }
    };
    let DemandError::NoPeople { area } = refused(emptied(1.0)) else { panic!("people") };
    assert_eq!(area, "山手");
    let demand = Scene::with(emptied(0.0)).demand();
    assert_cells(&demand, 2024, &[(A, 41.40), (B, 45.18), (C, 165.60)]);
}

/// The demand as drawn.
static DEMAND: LazyLock<Demand> = LazyLock::new(|| Scene::new().demand());

proptest! {
    #[test]
    fn in_every_year_the_zones_of_any_plan_sum_to_the_official_total(zone_of in prop::collection::vec(0..4_usize, 8)) {
        let official = [(2024, 962.892), (2030, 1_376.898), (2040, 1_922.574), (2050, 1_586.904)];
        let mut sums: BTreeMap<u16, f64> = BTreeMap::new();
        for zone in 0..4 {
            let cells: Vec<usize> = (0..8).filter(|cell| zone_of[*cell] == zone).collect();
            for (year, receipts) in DEMAND.series(&cells) {
                *sums.entry(year).or_insert(0.0) += receipts;
            }
        }
        prop_assert_eq!(sums.len(), 27);
        for pair in official.windows(2) {
            let [(from, then), (to, later)] = [pair[0], pair[1]];
            for year in from..=to {
                let total = then + (later - then) * f64::from(year - from) / f64::from(to - from);
                prop_assert!(close(sums[&year], total), "{}: {}, not {}", year, sums[&year], total);
            }
        }
    }
}

#[test]
fn demand_of_people_of_85_and_over_stands_apart() {
    let scene = Scene::new();
    let older = of_85_plus(&scene.study, &weights(), &scene.demand());
    // 800 of each: A 3 200 of 4 140, B 1 600 of 4 518; D 4 times B, E 16 times A; the scales of the areas.
    assert_cells(&older, 2024, &[(A, 32.0), (B, 16.0), (D, 6.4), (E, 51.2)]);
    // 2030: B 1 600 · 1.5 of 6 729, which are 67.29.
    assert_cells(&older, 2030, &[(B, 24.0)]);
    assert_eq!(older.official_years, [2024, 2030, 2040, 2050]);
}

#[test]
fn the_band_of_an_area_is_its_level_and_that_of_its_parts_also_their_ages() {
    let scene = Scene::new();
    let scenarios = Scenarios::shipped().expect("whole");
    let demands = scenarios.demands(&scene.study, &weights()).expect("series and areas fit");
    let centre = scene.demand();
    // Weights move demand inside 海辺 only; its level converges from 252.18 / 2.5218 = 100 to 1.59
    // by half in 2040, by three sixteenths in 2030.
    let area = band(&centre, &demands, &[A, B, C]);
    let expect = |year: u16, low: f64, high: f64| {
        let found = area[&year];
        assert!(close(found.low, low) && close(found.high, high), "{year}: {found:?}");
    };
    expect(2024, 252.18, 252.18);
    expect(2030, 335.67 * (1.0 - 0.187_5 * 0.984_1), 335.67);
    expect(2040, 567.39 * (1.0 - 0.5 * 0.984_1), 567.39);
    expect(2050, 231.72 * (1.0 - 0.5 * 0.984_1), 231.72);
    // A with 640 or 960 for each person of 85 and over: 16 · 3 + 8 · 25 + 4 · 173 + 4 · 640 = 3 500
    // and 4 780; B 4 198 and 4 838, C 14 000 and 19 120.
    let old = band(&centre, &demands, &[A])[&2024];
    assert!(close(old.centre, 41.40), "{old:?}");
    assert!(close(old.low, 252.18 * 3_500.0 / 21_698.0), "{old:?}");
    assert!(close(old.high, 252.18 * 4_780.0 / 28_738.0), "{old:?}");
}
