//! Random instances of the floating catchment methods and what they say of them.

use crate::chance::Chance;
use keniki::access::floating_catchment::Catchments;
use keniki::access::floating_catchment::decay::CatchmentTable;
use keniki::access::floating_catchment::enhanced::enhanced;
use keniki::access::floating_catchment::raam::raam;
use keniki::access::floating_catchment::three_step::three_step;
use keniki::access::floating_catchment::two_step::two_step;
use keniki::access::matrix::Matrix;
use keniki::units::Deciseconds;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const INSTANCES: u64 = 20;

/// All instances, each with its answers.
pub fn instances() -> anyhow::Result<Vec<Value>> {
    let table = CatchmentTable::shipped()?;
    (1..=INSTANCES).map(|seed| instance(seed, &table)).collect()
}

/// 40 to 99 cells and 8 to 15 institutions on a square an hour across; times are whole minutes so
/// that both sides see the same numbers.
fn instance(seed: u64, table: &CatchmentTable) -> anyhow::Result<Value> {
    let mut chance = Chance::new(seed);
    let (cells, institutions) = (40 + chance.below(60), 8 + chance.below(8));
    let demand: Vec<f64> = (0..cells).map(|_| 1e6 * (1 + chance.below(500)) as f64).collect();
    let capacity: BTreeMap<usize, f64> =
        (0..institutions as usize).map(|at| (at, (1 + chance.below(40)) as f64)).collect();
    let mut places = |count: u64| -> Vec<(i64, i64)> {
        (0..count).map(|_| (chance.below(60) as i64, chance.below(60) as i64)).collect()
    };
    let (homes, offices) = (places(cells), places(institutions));
    let minutes =
        |home: &(i64, i64), office: &(i64, i64)| (home.0 - office.0).abs() + (home.1 - office.1).abs();
    let row = |office: &(i64, i64)| {
        let time = |home| Deciseconds::from_minutes(minutes(home, office) as u32);
        (0..).zip(&homes).map(|(cell, home)| (cell, time(home))).collect()
    };
    let times = Matrix { rows: offices.iter().map(row).enumerate().collect(), ..Matrix::default() };
    let catchments = Catchments::new(demand.clone(), &capacity, &times, |_, _| true)?;
    let equilibrium = raam(&catchments, &table.raam);
    Ok(json!({
        "seed": seed,
        "demand": demand,
        "capacity": capacity.values().collect::<Vec<_>>(),
        "minutes": homes.iter()
            .map(|home| offices.iter().map(|office| minutes(home, office)).collect::<Vec<_>>())
            .collect::<Vec<_>>(),
        "two_step": two_step(&catchments, table.two_step.time()).cells,
        "enhanced": enhanced(&catchments, &table.enhanced.bands).cells,
        "three_step": three_step(&catchments, &table.three_step.bands).cells,
        "raam": equilibrium.cells,
        "raam_largest_gain": equilibrium.largest_gain,
    }))
}
