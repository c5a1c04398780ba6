//! The quickest journey itself, road by road: Dijkstra's algorithm (1959) with predecessors.

use crate::network::graph::{CLOSED, Network};
use crate::network::link::{Direction, Link};
use crate::network::search::UNREACHED;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A quickest journey between two places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// Deciseconds of the whole.
    pub deciseconds: u32,
    /// Deciseconds on each edge (position in the network) in the order in which it is driven; what is
    /// missing from the whole are the ways between the places and their roads.
    pub edges: Vec<(u32, u32)>,
}

/// Where a junction was reached from: the junction before, and the edge with its deciseconds unless it
/// is the step between two copies of a junction.
type Before = Option<(u32, Option<(u32, u32)>)>;

/// The quickest journey; `None` when there is no way.
#[must_use]
pub fn path(network: &Network, from: &Link, to: &Link) -> Option<Path> {
    let ends = to.ends(network, Direction::Outward);
    let (times, before) = search(network, from);
    let arrival = ends
        .into_iter()
        .filter(|(node, _)| times[*node as usize] != UNREACHED)
        .map(|(node, rest)| (times[node as usize].saturating_add(rest), node, rest))
        .min();
    let beside = from.beside(to, network, Direction::Outward);
    match (arrival, beside) {
        (Some((time, ..)), Some(beside)) if beside <= time => Some(along(from, to, beside)),
        (None, Some(beside)) => Some(along(from, to, beside)),
        (Some((deciseconds, node, rest)), _) => {
            let mut edges = vec![(to.edge, rest.saturating_sub(to.leg))];
            let mut at = node;
            while let Some((node, driven)) = before[at as usize] {
                edges.extend(driven);
                at = node;
            }
            edges.push((from.edge, times[at as usize].saturating_sub(from.leg)));
            edges.reverse();
            Some(Path { deciseconds, edges })
        }
        (None, None) => None,
    }
}

/// A journey that does not leave its edge.
fn along(from: &Link, to: &Link, deciseconds: u32) -> Path {
    let drive = deciseconds.saturating_sub(from.leg).saturating_sub(to.leg);
    Path { deciseconds, edges: vec![(from.edge, drive)] }
}

/// Times of all junctions from a place, and where each was reached from.
fn search(network: &Network, from: &Link) -> (Vec<u32>, Vec<Before>) {
    let mut times = vec![UNREACHED; network.nodes.len()];
    let mut before: Vec<Before> = vec![None; network.nodes.len()];
    let mut queue = BinaryHeap::new();
    for (node, time) in from.begins(network, Direction::Outward) {
        if time < times[node as usize] {
            times[node as usize] = time;
            queue.push(Reverse((time, node)));
        }
    }
    while let Some(Reverse((time, node))) = queue.pop() {
        if time > times[node as usize] {
            continue;
        }
        let arcs = network.leaving.with_edges(node).filter(|(arc, _)| arc.weight != CLOSED);
        for (arc, edge) in arcs {
            let reached = time.saturating_add(arc.weight);
            if reached < times[arc.node as usize] {
                times[arc.node as usize] = reached;
                before[arc.node as usize] = Some((node, edge.map(|edge| (edge, arc.weight))));
                queue.push(Reverse((reached, arc.node)));
            }
        }
    }
    (times, before)
}
