//! RAAM: everybody goes where travel and crowding together are least.
//!
//! Saxon & Snow 2020, Annals of the AAG 110:205–222. The cost of an institution for a cell is
//! c_ij = L_j / (ρ S_j) + t_ij / τ with L_j its load and ρ = ΣD / ΣS, so that 1 is the mean
//! congestion or τ of travel. In equilibrium nobody gains by going elsewhere (Wardrop). It is the
//! least point of the convex function Σ_j L_j² / (2 ρ S_j) + Σ_ij x_ij t_ij / τ, so its costs are
//! unique. The reference moves a shrinking share of each cell from dear to cheap institutions. Here
//! all that two institutions may exchange is shared between them at once, those who save most
//! travel first, up to the one who does not care (exact minimisation over pairs of institutions,
//! which rests nowhere but in equilibrium), until nobody would gain.

use super::Catchments;
use super::decay::RaamParameters;
use crate::units::Deciseconds;
use std::collections::{BTreeMap, BTreeSet};

/// The equilibrium.
#[derive(Clone, Debug, PartialEq)]
pub struct Equilibrium {
    /// Cost of each cell in units of mean congestion, lower is better; `None` where no institution
    /// with capacity is within reach.
    pub cells: Vec<Option<f64>>,
    /// Load L_j of each institution, in units of demand.
    pub loads: Vec<f64>,
    /// What anybody would still gain by going elsewhere: in units of mean congestion, of a cost
    /// above 1 the share of it.
    pub largest_gain: f64,
    /// Sweeps over all institutions.
    pub sweeps: u32,
}

/// The equilibrium of all demand. Without an end after the table's number of sweeps
/// `largest_gain` tells how far from equilibrium it stands.
#[must_use]
pub fn raam(catchments: &Catchments, parameters: &RaamParameters) -> Equilibrium {
    let mut market = Market::new(catchments, Deciseconds::from_minutes(parameters.tau_minutes));
    let (mut sweeps, mut largest_gain) = (0, f64::INFINITY);
    while largest_gain > parameters.tolerance && sweeps < parameters.most_sweeps {
        sweeps += 1;
        largest_gain = 0.0;
        for at in 0..market.users.len() {
            if let Some((gain, other)) = market.best_exchange(at) {
                largest_gain = largest_gain.max(gain);
                market.exchange(at, other);
            }
        }
    }
    let cells = (0..market.options.len()).map(|cell| market.mean_cost(cell)).collect();
    Equilibrium { cells, loads: market.loads, largest_gain, sweeps }
}

/// Who goes where. Institutions by their position in the order of the results.
struct Market {
    /// 1 / (ρ S_j): congestion that a unit of load makes.
    slopes: Vec<f64>,
    /// For each cell the institutions with capacity within reach, rising, with t_ij / τ.
    options: Vec<Vec<(usize, f64)>>,
    /// For each institution the cells that go there with how much of their demand.
    users: Vec<BTreeMap<usize, f64>>,
    /// Load of each institution: the sum over its users.
    loads: Vec<f64>,
    /// Load × slope of each.
    congestion: Vec<f64>,
}

impl Market {
    /// Everybody goes to the nearest.
    fn new(catchments: &Catchments, tau: Deciseconds) -> Self {
        let demand: f64 = catchments.demand.iter().sum();
        let capacity: f64 = catchments.capacity.iter().sum();
        let slope = |of_one: &f64| if demand > 0.0 { capacity / demand / of_one } else { 0.0 };
        let open = |(at, _): &(usize, Deciseconds)| catchments.capacity[*at] > 0.0;
        let option = |(at, time): (usize, Deciseconds)| (at, time.minutes() / tau.minutes());
        let of_cell = |pairs: Vec<_>| pairs.into_iter().filter(open).map(option).collect();
        let mut market = Self {
            slopes: catchments.capacity.iter().map(slope).collect(),
            options: catchments.by_cell().into_iter().map(of_cell).collect(),
            users: vec![BTreeMap::new(); catchments.capacity.len()],
            loads: vec![0.0; catchments.capacity.len()],
            congestion: vec![0.0; catchments.capacity.len()],
        };
        for (cell, demand) in catchments.demand.iter().enumerate().filter(|(_, demand)| **demand > 0.0) {
            let nearest = market.options[cell].iter().min_by(|a, b| a.1.total_cmp(&b.1));
            if let Some((at, _)) = nearest.copied() {
                market.users[at].insert(cell, *demand);
                market.loads[at] += demand;
            }
        }
        for at in 0..market.loads.len() {
            market.congestion[at] = market.loads[at] * market.slopes[at];
        }
        market
    }

    fn cost(&self, (at, travel): (usize, f64)) -> f64 {
        self.congestion[at] + travel
    }

    fn travel(&self, cell: usize, at: usize) -> Option<f64> {
        let options = &self.options[cell];
        options.binary_search_by_key(&at, |(at, _)| *at).ok().map(|found| options[found].1)
    }

    /// The largest gain of any user of an institution (as of [`Equilibrium::largest_gain`]), and
    /// where it waits.
    fn best_exchange(&self, at: usize) -> Option<(f64, usize)> {
        let mut best: Option<(f64, usize)> = None;
        for cell in self.users[at].keys() {
            let (mut here, mut least, mut cheapest) = (f64::INFINITY, f64::INFINITY, at);
            for (option, travel) in &self.options[*cell] {
                let cost = self.congestion[*option] + travel;
                if *option == at {
                    here = cost;
                }
                if cost < least {
                    (least, cheapest) = (cost, *option);
                }
            }
            let gain = (here - least) / here.max(1.0);
            if gain > best.map_or(0.0, |(gain, _)| gain) {
                best = Some((gain, cheapest));
            }
        }
        best
    }

    /// Shares between two institutions all that goes to one and could go to the other.
    fn exchange(&mut self, a: usize, b: usize) {
        // The one that reacts more to a unit of load is filled up, so that its load is never a
        // small difference of large numbers.
        let (one, other) = if self.slopes[a] >= self.slopes[b] { (a, b) } else { (b, a) };
        let mut movable = self.take_movable(one, other);
        movable.sort_by(|a, b| a.detour.total_cmp(&b.detour).then(a.cell.cmp(&b.cell)));
        let total: f64 = movable.iter().map(|part| part.amount).sum();
        let (one_fixed, other_fixed) = (self.load(one), self.load(other));
        let difference = |moved: f64| {
            self.slopes[one] * (one_fixed + moved) - self.slopes[other] * (other_fixed + (total - moved))
        };
        let mut moved = 0.0;
        let mut to_one = Vec::with_capacity(movable.len());
        for part in &movable {
            let room = (-part.detour - difference(moved)) / (self.slopes[one] + self.slopes[other]);
            let amount = room.clamp(0.0, part.amount);
            moved += amount;
            to_one.push(amount);
        }
        for (part, amount) in movable.iter().zip(to_one) {
            self.put(one, part.cell, amount);
            self.put(other, part.cell, part.amount - amount);
        }
        for at in [one, other] {
            self.loads[at] = self.load(at);
            self.congestion[at] = self.loads[at] * self.slopes[at];
        }
    }

    /// Takes out the users of either who could use both.
    fn take_movable(&mut self, one: usize, other: usize) -> Vec<Movable> {
        let users: BTreeSet<usize> =
            self.users[one].keys().chain(self.users[other].keys()).copied().collect();
        let mut movable = Vec::new();
        for cell in users {
            if let (Some(here), Some(there)) = (self.travel(cell, one), self.travel(cell, other)) {
                let taken = [one, other].map(|at| self.users[at].remove(&cell).unwrap_or(0.0));
                movable.push(Movable { cell, amount: taken[0] + taken[1], detour: here - there });
            }
        }
        movable
    }

    fn put(&mut self, at: usize, cell: usize, amount: f64) {
        if amount > 0.0 {
            self.users[at].insert(cell, amount);
        }
    }

    fn load(&self, at: usize) -> f64 {
        self.users[at].values().fold(0.0, |sum, amount| sum + amount)
    }

    /// What a cell's demand pays on average; what it would pay where there is none.
    fn mean_cost(&self, cell: usize) -> Option<f64> {
        let used = |at: usize| self.users[at].get(&cell).copied().unwrap_or(0.0);
        let options = &self.options[cell];
        let (paid, demand) = options.iter().fold((0.0, 0.0), |(paid, demand), option| {
            (paid + used(option.0) * self.cost(*option), demand + used(option.0))
        });
        let least = options.iter().map(|option| self.cost(*option)).min_by(f64::total_cmp);
        if demand > 0.0 { Some(paid / demand) } else { least }
    }
}

/// Demand of a cell that may go to either of two institutions.
struct Movable {
    cell: usize,
    amount: f64,
    /// Travel to the first less travel to the second, in units of τ.
    detour: f64,
}

#[cfg(test)]
mod tests {
    use super::super::decay::CatchmentTable;
    use super::super::tests::{assert_close, matrix, worked_case};
    use super::*;

    fn parameters() -> RaamParameters {
        CatchmentTable::shipped().expect("whole").raam
    }

    #[test]
    fn the_worked_case_agrees() {
        let equilibrium = raam(&worked_case(), &parameters());
        assert_close(&equilibrium.loads, &[232.8, 367.2], 1e-6);
        let costs: Vec<f64> = equilibrium.cells.iter().flatten().copied().collect();
        assert_close(&costs, &[1.053_333, 1.22, 1.153_333], 1e-6);
        assert!(equilibrium.largest_gain <= 1e-9, "{}", equilibrium.largest_gain);
    }

    #[test]
    fn a_cell_without_capacity_in_reach_has_no_cost_and_one_without_demand_the_cheapest() {
        let times = matrix(&[&[30, 6], &[30, 6], &[61, 5]]);
        let capacity = BTreeMap::from([(0, 2.0), (1, 0.0)]);
        let within = |_: usize, cell: u32| cell != 2;
        let catchments = Catchments::new(vec![4.0, 0.0, 7.0], &capacity, &times, within).expect("sound");
        // ρ = 11 / 2: 4 of demand are 4 / 11 of the mean congestion, half an hour is half of τ.
        let equilibrium = raam(&catchments, &parameters());
        assert_close(&[equilibrium.cells[0].expect("a cost")], &[0.5 + 4.0 / 11.0], 1e-12);
        assert_eq!(equilibrium.cells[1], equilibrium.cells[0]);
        assert_eq!((equilibrium.cells[2], equilibrium.loads), (None, vec![4.0, 0.0]));
    }

    #[test]
    fn without_any_demand_only_travel_costs() {
        let capacity = BTreeMap::from([(0, 2.0), (1, 3.0)]);
        let times = matrix(&[&[30, 6]]);
        let catchments = Catchments::new(vec![0.0], &capacity, &times, |_, _| true).expect("sound");
        let equilibrium = raam(&catchments, &parameters());
        assert_eq!((equilibrium.cells, equilibrium.sweeps), (vec![Some(0.1)], 1));
    }
}
