//! Random instances of the siting models and their optima.

use crate::chance::Chance;
use keniki::access::cover::cover;
use keniki::access::matrix::Matrix;
use keniki::access::siting::Covering;
use keniki::access::siting::lscp::lscp;
use keniki::access::siting::mclp::mclp;
use keniki::access::siting::p_median::{Travel, p_median};
use keniki::units::Deciseconds;
use serde_json::{Value, json};

const INSTANCES: u64 = 10;
const LIMIT_MINUTES: u32 = 20;

/// All instances, each with its answers.
pub fn instances() -> anyhow::Result<Vec<Value>> {
    (1..=INSTANCES).map(instance).collect()
}

/// 100 to 199 cells and 20 to 39 candidates on a square an hour across. The first two candidates
/// exist already in the questions of cover; the p-median starts from nothing.
fn instance(seed: u64) -> anyhow::Result<Value> {
    let mut chance = Chance::new(seed);
    let (cells, sites) = (100 + chance.below(100), 20 + chance.below(20));
    let weights: Vec<u64> = (0..cells).map(|_| 1 + chance.below(500)).collect();
    let mut places = |count: u64| -> Vec<(i64, i64)> {
        (0..count).map(|_| (chance.below(60) as i64, chance.below(60) as i64)).collect()
    };
    let (homes, offices) = (places(cells), places(sites));
    let minutes =
        |home: &(i64, i64), office: &(i64, i64)| (home.0 - office.0).abs() + (home.1 - office.1).abs();
    let row = |office: &(i64, i64)| {
        let time = |home| Deciseconds::from_minutes(minutes(home, office) as u32);
        (0..).zip(&homes).map(|(cell, home)| (cell, time(home))).collect()
    };
    let times = Matrix { rows: offices.iter().map(row).enumerate().collect(), ..Matrix::default() };
    let limit = Deciseconds::from_minutes(LIMIT_MINUTES);
    let covered = |from: &[usize]| cover(&times, from, limit, |_, _| true);
    let all: Vec<usize> = (0..sites as usize).collect();
    let covering = Covering::new(weights.clone(), &covered(&[0, 1]), &covered(&all))?;
    let travel = Travel::new(weights.clone(), &Matrix::default(), &times, Deciseconds::from_minutes(1_000))?;
    let most = 3 + (seed as usize % 3);
    let (best_cover, fewest, nearest) =
        (mclp(&covering, most, None)?, lscp(&covering, None)?, p_median(&travel, most, None)?);
    let proven = [&best_cover, &fewest.siting, &nearest].iter().all(|siting| siting.is_proven());
    Ok(json!({
        "seed": seed,
        "weights": weights,
        "minutes": homes.iter()
            .map(|home| offices.iter().map(|office| minutes(home, office)).collect::<Vec<_>>())
            .collect::<Vec<_>>(),
        "limit_minutes": LIMIT_MINUTES,
        "existing": [0, 1],
        "most": most,
        "proven": proven,
        "mclp": best_cover.objective,
        "lscp": fewest.siting.objective,
        "uncoverable": fewest.uncoverable,
        "p_median": nearest.objective,
    }))
}
