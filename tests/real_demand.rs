//! Demand of 山梨県 from its official files. Skipped by name where they are absent.

mod support;

use keniki::demand::home_visits::{home_visits, peak};
use keniki::demand::layers::{LayerTables, layers};
use keniki::demand::older::of_85_plus;
use keniki::demand::scenarios::{Scenarios, band};
use keniki::demand::weights::AgeWeights;
use keniki::demand::zones::divisions;
use keniki::ingest::manifest::Manifest;
use keniki::ingest::study::{AreaSystem, Study};
use keniki::progress::Silent;
use std::collections::BTreeMap;

fn study() -> Option<Study> {
    let manifest = Manifest::read(&support::root().join("tests/real/yamanashi.toml")).expect("whole");
    if !manifest.folder.join("../../../shared/data/yamanashi").is_dir() {
        support::skipped("real_demand");
        return None;
    }
    Some(keniki::ingest::read_study(&manifest, &Silent).expect("read"))
}

/// Cells by the zone that a plan gives their municipality.
fn zones<K: Ord>(study: &Study, zone_of: impl Fn(usize) -> K) -> Vec<Vec<usize>> {
    let mut zones: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for (at, cell) in study.cells.iter().enumerate() {
        zones.entry(zone_of(cell.municipality)).or_default().push(at);
    }
    zones.into_values().collect()
}

#[test]
fn zones_of_every_plan_sum_to_the_official_total_in_every_year() {
    let Some(study) = study() else { return };
    let weights = AgeWeights::shipped().expect("whole");
    let demand = home_visits(&study, &weights).expect("series and areas fit");
    let official =
        |year: u16| -> f64 { study.home_demand.iter().map(|area| area.receipts_per_month[&year]).sum() };
    assert_eq!(demand.official_years, [2024, 2030, 2035, 2040, 2045, 2050]);
    let area = |system: AreaSystem| zones(&study, |at| study.municipalities[at].areas[&system].code.clone());
    let plans = [
        zones(&study, |at| at),
        area(AreaSystem::Hokenjo),
        area(AreaSystem::SecondaryMedicalArea),
        zones(&study, |at| at % 3),
        zones(&study, |_| 0),
    ];
    for plan in plans {
        let series: Vec<_> = plan.iter().map(|cells| demand.series(cells)).collect();
        for pair in demand.official_years.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            for year in from..=to {
                let sum: f64 = series.iter().map(|series| series[&year]).sum();
                let way = f64::from(year - from) / f64::from(to - from);
                let total = official(from) + (official(to) - official(from)) * way;
                assert!((sum - total).abs() <= 1e-9 * total, "{year}: {sum}, not {total}");
            }
        }
    }
    assert_eq!(official(2024).round(), 4_795.0);
}

#[test]
fn every_area_keeps_its_official_series_its_peak_and_its_place_in_the_band() {
    let Some(study) = study() else { return };
    let weights = AgeWeights::shipped().expect("whole");
    let demand = home_visits(&study, &weights).expect("series and areas fit");
    let scenarios = Scenarios::shipped().expect("whole").demands(&study, &weights).expect("the same areas");
    let older = of_85_plus(&study, &weights, &demand);
    for area in &study.home_demand {
        let home =
            |at: usize| study.municipalities[at].areas[&AreaSystem::SecondaryMedicalArea].code == area.code;
        let cells: Vec<usize> =
            (0..study.cells.len()).filter(|at| home(study.cells[*at].municipality)).collect();
        let series = demand.series(&cells);
        let highest = area.receipts_per_month.values().copied().fold(0.0, f64::max);
        let (year, value) = peak(&series).expect("a peak");
        assert!((value - highest).abs() <= 1e-9 * highest, "{}: {value}, not {highest}", area.name);
        let known = area.receipts_per_month[&year];
        assert!((known - highest).abs() <= 1e-9 * highest, "{} peaks in {year}", area.name);
        let band = band(&demand, &scenarios, &cells);
        for (year, of_older) in older.series(&cells) {
            let (found, whole) = (band[&year], series[&year]);
            assert!(found.low <= whole && whole <= found.high && found.low > 0.0, "{year}: {found:?}");
            // Most of the need is that of the oldest (59 % in 2014).
            assert!(
                0.4 * whole < of_older && of_older < 0.95 * whole,
                "{} {year}: {of_older} of {whole}",
                area.name
            );
        }
    }
}

#[test]
fn every_layer_sums_over_every_division_to_the_same_total_in_every_year() {
    let Some(study) = study() else { return };
    let tables = LayerTables::shipped().expect("whole");
    let layers = layers(&study, &tables, 2020..=2050).expect("known years");
    let divisions = divisions(&study);
    for layer in &layers {
        for year in 2020..=2050 {
            let all = layer.of(year, &divisions[0].zones[0].municipalities).expect("known");
            for division in &divisions {
                let zones =
                    division.zones.iter().map(|zone| layer.of(year, &zone.municipalities).expect("known"));
                let sum: f64 = zones.map(|amount| amount.mid).sum();
                assert!((sum - all.mid).abs() <= 1e-9 * all.mid, "{} {year} {}", layer.id, division.name);
            }
            assert!(all.low <= all.mid && all.mid <= all.high && all.age_85_plus <= all.mid, "{}", layer.id);
        }
    }
    let of = |id: &str, year: u16| {
        let layer = layers.iter().find(|layer| layer.id == id).expect("there");
        layer.of(year, &divisions[0].zones[0].municipalities).expect("known").mid
    };
    assert_eq!(of("訪問診療", 2024).round(), 4_795.0);
    // Of 809,974 people of whom 46,035 are 85 and over; nationwide 1.26 % have died in 2023.
    assert!((8_500.0..11_500.0).contains(&of("死亡", 2020)), "{}", of("死亡", 2020));
}
