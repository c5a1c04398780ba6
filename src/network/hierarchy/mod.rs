//! The engine for travel times: a customisable contraction hierarchy.
//!
//! What depends on the shape of the network only is prepared once: an order of the junctions by
//! nested dissection, and the arcs that elimination in this order adds (Dibbelt, Strasser & Wagner
//! 2016, "Customizable Contraction Hierarchies", ACM JEA 21). What depends on speeds and closures is a
//! [`Metric`], made anew in a fraction of a second or mended where little changed. Times from many
//! places at once come from sweeps over the hierarchy ([`sweep`], [`table`]). All times are whole
//! deciseconds and equal those of Dijkstra's algorithm ([`crate::network::search`]) exactly.

mod dissection;
mod elimination;
mod flow;
pub mod metric;
mod neighbours;
mod reduction;
pub mod sweep;
pub mod table;

use crate::network::graph::{Arc, Network};
use elimination::Chordal;
use geo::Coord;
use neighbours::Neighbours;

/// Time of what cannot be reached inside the hierarchy, 3.4 years. Two of them can be added without overflow.
pub const INFINITE: u32 = 1 << 30;

/// The part of the engine that does not depend on speeds.
///
/// Inside, junctions are called by rank: 0 was eliminated first.
#[derive(Clone, Debug)]
pub struct Hierarchy {
    /// Rank of each junction of the network.
    rank: Vec<u32>,
    /// Where the arcs of each rank towards higher ranks begin, and their end.
    first: Vec<u32>,
    /// Upper ends of the arcs, ascending within a rank; the first is the parent in the elimination tree.
    heads: Vec<u32>,
    /// Where the entries of each rank in `lower` begin, and their end.
    lower_first: Vec<u32>,
    /// The arcs that lead up to each rank: (lower end, arc), ascending.
    lower: Vec<(u32, u32)>,
    /// For each arc of the network the arc of the hierarchy on which it lies.
    slots: Vec<Slot>,
    /// The arcs of the network sorted by the arc of the hierarchy on which they lie.
    by_slot: Vec<u32>,
}

/// Where an arc of the network lies in the hierarchy.
#[derive(Clone, Copy, Debug)]
struct Slot {
    arc: u32,
    way: u8,
}

/// From the lower end of an arc to the upper.
const UP: usize = 0;
/// From the upper end to the lower.
const DOWN: usize = 1;
/// Slot of a loop, which never shortens a way.
const LOOP: Slot = Slot { arc: u32::MAX, way: 0 };

/// The arcs of a network as (from, to), junction by junction.
#[must_use]
pub fn arcs(network: &Network) -> Vec<(u32, u32)> {
    leaving(network).map(|(node, arc)| (node, arc.node)).collect()
}

/// Deciseconds of the arcs of a network, in the order of [`arcs`]; [`INFINITE`] where closed.
#[must_use]
pub fn arc_times(network: &Network) -> Vec<u32> {
    leaving(network).map(|(_, arc)| arc.weight.min(INFINITE)).collect()
}

fn leaving(network: &Network) -> impl Iterator<Item = (u32, &Arc)> {
    let nodes = 0..network.nodes.len() as u32;
    nodes.flat_map(|node| network.leaving.of(node).iter().map(move |arc| (node, arc)))
}

impl Hierarchy {
    /// Prepares a road network.
    #[must_use]
    pub fn of(network: &Network) -> Self {
        Self::new(&network.nodes, &arcs(network))
    }

    /// Prepares a network of junctions at `places` joined by `arcs` (from, to).
    #[must_use]
    pub fn new(places: &[Coord], arcs: &[(u32, u32)]) -> Self {
        let graph = Neighbours::new(places.len(), arcs.iter().copied());
        let order = dissection::order(places, &graph);
        let Chordal { rank, first, heads } = elimination::eliminate(&graph, &order);
        let (lower_first, lower) = lower(&first, &heads);
        let mut hierarchy =
            Self { rank, first, heads, lower_first, lower, slots: Vec::new(), by_slot: Vec::new() };
        hierarchy.slots = arcs.iter().map(|(from, to)| hierarchy.slot(*from, *to)).collect();
        hierarchy.by_slot = (0..arcs.len() as u32).collect();
        hierarchy.by_slot.sort_unstable_by_key(|at| (hierarchy.slots[*at as usize].arc, *at));
        hierarchy
    }

    /// Number of junctions.
    #[must_use]
    pub fn junctions(&self) -> usize {
        self.rank.len()
    }

    /// Number of arcs between ranks, each for both directions.
    #[must_use]
    pub fn arcs(&self) -> usize {
        self.heads.len()
    }

    fn slot(&self, from: u32, to: u32) -> Slot {
        let (from, to) = (self.rank[from as usize], self.rank[to as usize]);
        let (low, high, way) = if from < to { (from, to, UP) } else { (to, from, DOWN) };
        match self.arc(low, high) {
            Some(arc) => Slot { arc: arc as u32, way: way as u8 },
            None => LOOP,
        }
    }

    /// The arc between two ranks, if there is one.
    fn arc(&self, low: u32, high: u32) -> Option<usize> {
        let arcs = self.up(low);
        self.heads[arcs.clone()].binary_search(&high).ok().map(|at| arcs.start + at)
    }

    /// Arcs from a rank to higher ones.
    fn up(&self, rank: u32) -> std::ops::Range<usize> {
        self.first[rank as usize] as usize..self.first[rank as usize + 1] as usize
    }

    /// Arcs that lead up to a rank: (lower end, arc).
    fn lower(&self, rank: u32) -> &[(u32, u32)] {
        let at = rank as usize;
        &self.lower[self.lower_first[at] as usize..self.lower_first[at + 1] as usize]
    }

    /// The next rank on the way to the top of the elimination tree.
    fn parent(&self, rank: u32) -> Option<u32> {
        self.heads[self.up(rank)].first().copied()
    }
}

/// The arcs sorted by their upper end.
fn lower(first: &[u32], heads: &[u32]) -> (Vec<u32>, Vec<(u32, u32)>) {
    let ranks = first.len() - 1;
    let mut lower_first = vec![0_u32; ranks + 1];
    for head in heads {
        lower_first[*head as usize + 1] += 1;
    }
    for rank in 0..ranks {
        lower_first[rank + 1] += lower_first[rank];
    }
    let mut next = lower_first.clone();
    let mut lower = vec![(0, 0); heads.len()];
    for rank in 0..ranks {
        for arc in first[rank]..first[rank + 1] {
            let slot = &mut next[heads[arc as usize] as usize];
            lower[*slot as usize] = (rank as u32, arc);
            *slot += 1;
        }
    }
    (lower_first, lower)
}
