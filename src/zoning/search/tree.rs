//! Cutting a connected set of units in two.

use super::chance::Chance;
use crate::zoning::contiguity::Adjacency;

/// Two connected halves of a set of units.
pub(super) type Halves = (Vec<usize>, Vec<usize>);

/// The cuts of a random spanning tree of a connected set of units (given in order) at each of its
/// edges: both halves in order. Method: ReCom (DeFord, Duchin & Solomon 2021, Harvard Data Science
/// Review 3(1)), with the spanning tree of least random weights (Kruskal 1956).
pub(super) fn tree_cuts(adjacency: &Adjacency, units: &[usize], chance: &mut Chance) -> Vec<Halves> {
    let place = |unit: &usize| units.binary_search(unit).ok();
    let mut edges: Vec<(u64, usize, usize)> = Vec::new();
    for (a, unit) in units.iter().enumerate() {
        for b in adjacency.of(*unit).iter().filter_map(place).filter(|b| a < *b) {
            edges.push((chance.next(), a, b));
        }
    }
    edges.sort_unstable();
    let mut part: Vec<usize> = (0..units.len()).collect();
    let mut tree = Vec::new();
    for (_, a, b) in edges {
        let (from, to) = (part[a], part[b]);
        if from != to {
            part.iter_mut().filter(|part| **part == from).for_each(|part| *part = to);
            tree.push((a, b));
        }
    }
    let pairs = Adjacency::new(units.len(), &tree);
    tree.iter().map(|edge| halves(units, &pairs, *edge)).collect()
}

/// What hangs on either end of an edge of a tree.
fn halves(units: &[usize], tree: &Adjacency, (a, b): (usize, usize)) -> Halves {
    let near = tree.reachable(a, |at| at != b);
    let is_near = |unit: &usize| units.binary_search(unit).is_ok_and(|at| near.binary_search(&at).is_ok());
    units.iter().partition(|unit| is_near(unit))
}

/// The units of a connected set that can leave it without tearing it: all but its articulation
/// points, in order. Method: depth-first search with low points (Hopcroft & Tarjan 1973,
/// Communications of the ACM 16:372–378).
pub(super) fn loose_units(adjacency: &Adjacency, units: &[usize]) -> Vec<usize> {
    let place = |unit: &usize| units.binary_search(unit).ok();
    let size = units.len();
    let (mut entered, mut low) = (vec![0usize; size], vec![0usize; size]);
    let mut is_articulation = vec![false; size];
    let mut clock = 0;
    let mut root_children = 0;
    // Each entry: a unit, the one before it, and how many of its neighbours have been looked at.
    let mut path: Vec<(usize, Option<usize>, usize)> = Vec::new();
    if size > 0 {
        (clock, entered[0], low[0]) = (1, 1, 1);
        path.push((0, None, 0));
    }
    while let Some((at, before, looked)) = path.last().copied() {
        if let Some(next) = adjacency.of(units[at]).get(looked) {
            path.last_mut().expect("just seen").2 += 1;
            match place(next) {
                Some(next) if entered[next] == 0 => {
                    clock += 1;
                    (entered[next], low[next]) = (clock, clock);
                    path.push((next, Some(at), 0));
                }
                Some(next) if Some(next) != before => low[at] = low[at].min(entered[next]),
                _ => (),
            }
        } else {
            path.pop();
            match before {
                Some(0) => root_children += 1,
                Some(before) if low[at] >= entered[before] => is_articulation[before] = true,
                _ => (),
            }
            if let Some(before) = before {
                low[before] = low[before].min(low[at]);
            }
        }
    }
    if size > 0 {
        is_articulation[0] = root_children > 1;
    }
    (0..size).filter(|at| !is_articulation[*at]).map(|at| units[at]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn both_halves_of_every_cut_hang_together(
            pairs in prop::collection::vec((0usize..9, 0usize..9), 0..20),
            seed in any::<u64>(),
        ) {
            let adjacency = Adjacency::new(9, &pairs);
            let units = adjacency.reachable(0, |_| true);
            let cuts = tree_cuts(&adjacency, &units, &mut Chance::new(seed));
            prop_assert_eq!(cuts.len(), units.len() - 1);
            for (one, other) in cuts {
                for half in [&one, &other] {
                    let parts = adjacency.components(|unit| half.contains(&unit));
                    prop_assert_eq!(parts, vec![half.clone()]);
                }
                prop_assert_eq!(one.len() + other.len(), units.len());
            }
        }

        #[test]
        fn exactly_the_loose_units_leave_the_rest_connected(
            pairs in prop::collection::vec((0usize..9, 0usize..9), 0..20),
        ) {
            let adjacency = Adjacency::new(9, &pairs);
            let units = adjacency.reachable(0, |_| true);
            let can_leave = |unit: &usize| {
                adjacency.components(|other| other != *unit && units.contains(&other)).len() <= 1
            };
            let expected: Vec<usize> = units.iter().copied().filter(can_leave).collect();
            prop_assert_eq!(loose_units(&adjacency, &units), expected);
        }
    }
}
