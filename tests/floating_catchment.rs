//! What must hold of every floating catchment method on any data.

use keniki::access::floating_catchment::Catchments;
use keniki::access::floating_catchment::decay::{CatchmentTable, Decay};
use keniki::access::floating_catchment::enhanced::enhanced;
use keniki::access::floating_catchment::huff::huff;
use keniki::access::floating_catchment::inverted::inverted;
use keniki::access::floating_catchment::kernel_density::kernel_density;
use keniki::access::floating_catchment::raam::raam;
use keniki::access::floating_catchment::three_step::three_step;
use keniki::access::floating_catchment::two_step::two_step;
use keniki::access::matrix::Matrix;
use keniki::units::Deciseconds;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Demands, capacities and times (by institution and cell, `None` = no way).
#[derive(Clone, Debug)]
struct Case {
    demand: Vec<f64>,
    capacity: Vec<f64>,
    times: Vec<Vec<Option<u32>>>,
}

impl Case {
    fn catchments(&self) -> Catchments {
        let row = |row: &Vec<Option<u32>>| {
            (0..).zip(row).filter_map(|(cell, time)| time.map(|time| (cell, Deciseconds(time)))).collect()
        };
        let rows = self.times.iter().map(row).enumerate().collect();
        let capacity: BTreeMap<usize, f64> = self.capacity.iter().copied().enumerate().collect();
        Catchments::new(self.demand.clone(), &capacity, &Matrix { rows, ..Matrix::default() }, |_, _| true)
            .expect("sound")
    }

    /// Σ over institutions whose weighted demand is positive, worked out pair by pair.
    fn usable_capacity(&self, decay: &Decay) -> f64 {
        let weighs = |time: &Option<u32>| time.is_some_and(|time| decay.weight(Deciseconds(time)) > 0.0);
        let is_asked = |row: &[Option<u32>]| {
            row.iter().zip(&self.demand).any(|(time, demand)| *demand > 0.0 && weighs(time))
        };
        self.times
            .iter()
            .zip(&self.capacity)
            .filter(|(row, _)| is_asked(row))
            .map(|(_, capacity)| capacity)
            .sum()
    }
}

fn amount() -> impl Strategy<Value = f64> {
    prop_oneof![1 => Just(0.0), 4 => 0.01..1e5_f64]
}

fn case() -> impl Strategy<Value = Case> {
    (1..12_usize, 1..8_usize).prop_flat_map(|(cells, institutions)| {
        let time = prop::option::weighted(0.7, 0..24_000_u32);
        let times = prop::collection::vec(prop::collection::vec(time, cells), institutions);
        let demand = prop::collection::vec(amount(), cells);
        let capacity = prop::collection::vec(amount(), institutions);
        (demand, capacity, times).prop_map(|(demand, capacity, times)| Case { demand, capacity, times })
    })
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-9)
}

fn table() -> CatchmentTable {
    CatchmentTable::shipped().expect("whole")
}

proptest! {
    #[test]
    fn capacity_is_shared_out_without_loss(case in case()) {
        let (table, catchments) = (table(), case.catchments());
        let all: f64 = case.capacity.iter().sum();
        let limit = Decay::Within(table.two_step.time());
        let bell = Decay::Gaussian(table.kernel_density.time());
        let bands = Decay::Bands(table.enhanced.bands.clone());
        for (access, decay) in [
            (two_step(&catchments, table.two_step.time()), &limit),
            (enhanced(&catchments, &table.enhanced.bands), &bands),
            (kernel_density(&catchments, table.kernel_density.time()), &bell),
            (three_step(&catchments, &table.three_step.bands), &bands),
        ] {
            let shared: f64 = case.demand.iter().zip(&access.cells).map(|(demand, score)| demand * score).sum();
            prop_assert!(close(shared, case.usable_capacity(decay)), "{shared}");
            prop_assert!(close(shared + access.stranded_capacity, all));
        }
    }

    #[test]
    fn demand_is_shared_out_without_loss(case in case()) {
        let (table, catchments) = (table(), case.catchments());
        let all: f64 = case.demand.iter().sum();
        for decay in [
            Decay::Within(table.two_step.time()),
            Decay::Gaussian(table.kernel_density.time()),
            Decay::Bands(table.enhanced_sharp.bands.clone()),
        ] {
            let crowded = inverted(&catchments, &decay);
            let shared: f64 = case.capacity.iter().zip(&crowded.institutions).map(|(s, c)| s * c).sum();
            prop_assert!(close(shared + crowded.unserved_demand, all), "{shared}");
        }
        let choices = huff(&catchments, &table.huff);
        let asked = choices.cells.iter().zip(&case.demand).filter(|(asks, _)| !asks.is_empty());
        let demand: f64 = asked.map(|(_, demand)| demand).sum();
        prop_assert!(close(choices.loads.iter().sum(), demand));
    }

    #[test]
    fn in_equilibrium_nobody_gains_by_going_elsewhere(case in case()) {
        let table = table();
        let equilibrium = raam(&case.catchments(), &table.raam);
        prop_assert!(equilibrium.largest_gain <= table.raam.tolerance, "{equilibrium:?}");
        let (demand, capacity): (f64, f64) = (case.demand.iter().sum(), case.capacity.iter().sum());
        let mut placed = 0.0;
        for (cell, cost) in equilibrium.cells.iter().enumerate() {
            let open = (0..case.capacity.len()).filter(|at| case.capacity[*at] > 0.0);
            let costs = open.filter_map(|at| {
                let minutes = f64::from(case.times[at][cell]?) / 600.0;
                let load = if demand > 0.0 { equilibrium.loads[at] / case.capacity[at] * capacity / demand } else { 0.0 };
                Some(load + minutes / f64::from(table.raam.tau_minutes))
            });
            let least = costs.min_by(f64::total_cmp);
            prop_assert_eq!(cost.is_some(), least.is_some());
            if let (Some(cost), Some(least)) = (cost, least) {
                placed += case.demand[cell];
                prop_assert!((cost - least).abs() <= 1e-8 * least.max(1.0), "{} {}", cost, least);
            }
        }
        prop_assert!(close(equilibrium.loads.iter().sum(), placed));
    }

    #[test]
    fn more_capacity_anywhere_lowers_no_score(case in case(), more in 0.001..1e6_f64) {
        let table = table();
        let before = two_step(&case.catchments(), table.two_step.time());
        let mut richer = case.clone();
        richer.capacity[0] += more;
        let after = two_step(&richer.catchments(), table.two_step.time());
        prop_assert!(before.cells.iter().zip(&after.cells).all(|(before, after)| after >= before));
    }
}
