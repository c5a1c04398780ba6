//! Separators of least weight, by maximum flow.
//!
//! Method: Menger's theorem with weights on vertices: each unit is split into an entrance and an
//! exit, joined by an arc that carries as much as the unit weighs; shortest augmenting paths
//! (Edmonds & Karp 1972, Journal of the ACM 19:248–264).

use super::contiguity::Adjacency;
use std::collections::VecDeque;

/// Flows from one root to any target through weighted units.
pub(super) struct Flow<'a> {
    adjacency: &'a Adjacency,
    root: usize,
    /// Arcs in pairs, each beside its reverse.
    arcs: Vec<Arc>,
    /// Arcs that leave each node: entrance of unit u = 2u, exit = 2u + 1.
    leaving: Vec<Vec<usize>>,
}

#[derive(Clone)]
struct Arc {
    to: usize,
    capacity: u64,
}

const UNLIMITED: u64 = u64::MAX / 4;

impl<'a> Flow<'a> {
    /// Through the units of the domain, which weigh `weight[unit]`.
    pub(super) fn new(adjacency: &'a Adjacency, domain: &[bool], root: usize, weight: &[u64]) -> Self {
        let units = adjacency.units();
        let mut flow = Self { adjacency, root, arcs: Vec::new(), leaving: vec![Vec::new(); 2 * units] };
        for unit in (0..units).filter(|unit| domain[*unit]) {
            flow.add(2 * unit, 2 * unit + 1, weight[unit]);
            for &other in adjacency.of(unit).iter().filter(|other| domain[**other]) {
                flow.add(2 * unit + 1, 2 * other, UNLIMITED);
            }
        }
        flow
    }

    fn add(&mut self, from: usize, to: usize, capacity: u64) {
        self.leaving[from].push(self.arcs.len());
        self.leaving[to].push(self.arcs.len() + 1);
        self.arcs.extend([Arc { to, capacity }, Arc { to: from, capacity: 0 }]);
    }

    /// Units that weigh less than `limit` together and without which the target cannot be reached
    /// from the root, in order; `None` if there are no such units. The root itself and the target
    /// never count.
    pub(super) fn cut_below(&self, target: usize, limit: u64) -> Option<Vec<usize>> {
        if target == self.root || self.adjacency.of(self.root).binary_search(&target).is_ok() {
            return None;
        }
        let mut arcs = self.arcs.clone();
        let mut total = 0;
        loop {
            let came_by = self.search(&arcs);
            let Some(amount) = push(&mut arcs, &came_by, 2 * target) else {
                let reached = |node: usize| node == 2 * self.root + 1 || came_by[node].is_some();
                let units = 0..self.adjacency.units();
                return Some(units.filter(|unit| reached(2 * unit) && !reached(2 * unit + 1)).collect());
            };
            total += amount;
            if total >= limit {
                return None;
            }
        }
    }

    /// Breadth first from the root: the arc by which each node was reached.
    fn search(&self, arcs: &[Arc]) -> Vec<Option<usize>> {
        let start = 2 * self.root + 1;
        let mut came_by = vec![None; self.leaving.len()];
        let mut waiting = VecDeque::from([start]);
        while let Some(node) = waiting.pop_front() {
            for &arc in &self.leaving[node] {
                let Arc { to, capacity } = arcs[arc];
                if capacity > 0 && to != start && came_by[to].is_none() {
                    came_by[to] = Some(arc);
                    waiting.push_back(to);
                }
            }
        }
        came_by
    }
}

/// Sends as much as possible along the path found to a node; `None` if there is no path.
fn push(arcs: &mut [Arc], came_by: &[Option<usize>], end: usize) -> Option<u64> {
    let mut path = vec![came_by[end]?];
    while let Some(arc) = path.last().and_then(|arc| came_by[arcs[arc ^ 1].to]) {
        path.push(arc);
    }
    let amount = path.iter().map(|arc| arcs[*arc].capacity).min()?;
    for arc in path {
        arcs[arc].capacity -= amount;
        arcs[arc ^ 1].capacity += amount;
    }
    Some(amount)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The least weight of a separator, by trying every set of units.
    fn least(adjacency: &Adjacency, weight: &[u64], root: usize, target: usize) -> u64 {
        (0..1usize << adjacency.units())
            .filter(|set| set >> root & 1 == 0 && set >> target & 1 == 0)
            .filter(|set| !adjacency.reachable(root, |unit| set >> unit & 1 == 0).contains(&target))
            .map(|set| {
                (0..adjacency.units()).filter(|unit| set >> unit & 1 == 1).map(|unit| weight[unit]).sum()
            })
            .min()
            .unwrap_or(u64::MAX)
    }

    #[test]
    fn units_next_to_each_other_are_not_separated() {
        let row = Adjacency::new(3, &[(0, 1), (1, 2)]);
        let flow = Flow::new(&row, &[true; 3], 0, &[5; 3]);
        assert_eq!(flow.cut_below(1, 100), None);
        assert_eq!(flow.cut_below(2, 100), Some(vec![1]));
        assert_eq!(flow.cut_below(2, 5), None);
    }

    #[test]
    fn what_lies_outside_the_domain_carries_nothing() {
        let row = Adjacency::new(3, &[(0, 1), (1, 2)]);
        let flow = Flow::new(&row, &[true, false, true], 0, &[5; 3]);
        assert_eq!(flow.cut_below(2, 1), Some(vec![]));
    }

    proptest! {
        #[test]
        fn the_cut_has_the_least_weight_of_all_separators(
            pairs in prop::collection::vec((0usize..7, 0usize..7), 0..16),
            weight in prop::collection::vec(0u64..6, 7),
            limit in 1u64..12,
        ) {
            let adjacency = Adjacency::new(7, &pairs);
            let least = least(&adjacency, &weight, 0, 6);
            match Flow::new(&adjacency, &[true; 7], 0, &weight).cut_below(6, limit) {
                None => prop_assert!(least >= limit),
                Some(cut) => {
                    prop_assert!(!adjacency.reachable(0, |unit| !cut.contains(&unit)).contains(&6));
                    prop_assert_eq!(cut.iter().map(|unit| weight[*unit]).sum::<u64>(), least);
                    prop_assert!(least < limit);
                }
            }
        }
    }
}
