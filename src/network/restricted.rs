//! Roads that are driven at the beginning or the end of a journey only.

use crate::network::graph::Edge;
use petgraph::unionfind::UnionFind;
use std::collections::BTreeMap;

/// Makes for destinations only what lies behind such roads.
///
/// Of every part of the network that hangs together, the longest piece that hangs together by open
/// roads stays open. Its other open pieces are reached through roads for destinations only (the lane beyond a
/// private gate), so that whoever is there begins or ends his journey there; were they open, nobody
/// could leave them. One-way streets count as joined both ways.
pub fn demote(nodes: usize, edges: &mut [Edge]) {
    if !edges.iter().any(|edge| edge.road.destination) {
        return;
    }
    let (mut joined, mut open) = (UnionFind::new(nodes), UnionFind::new(nodes));
    for edge in &*edges {
        joined.union(edge.from, edge.to);
        if !edge.road.destination {
            open.union(edge.from, edge.to);
        }
    }
    let mut length_m: BTreeMap<u32, f64> = BTreeMap::new();
    for edge in edges.iter().filter(|edge| !edge.road.destination) {
        *length_m.entry(open.find(edge.from)).or_default() += edge.length_m;
    }
    let mut longest: BTreeMap<u32, (f64, u32)> = BTreeMap::new();
    for (piece, length_m) in length_m {
        let longest = longest.entry(joined.find(piece)).or_insert((length_m, piece));
        if length_m > longest.0 {
            *longest = (length_m, piece);
        }
    }
    for edge in edges.iter_mut().filter(|edge| !edge.road.destination) {
        edge.road.destination = open.find(edge.from) != longest[&joined.find(edge.from)].1;
    }
}

/// Junctions at which only roads for destinations meet, in order.
#[must_use]
pub fn interior(nodes: usize, edges: &[Edge]) -> Vec<u32> {
    let (mut restricted, mut open) = (vec![false; nodes], vec![false; nodes]);
    for edge in edges {
        let seen = if edge.road.destination { &mut restricted } else { &mut open };
        seen[edge.from as usize] = true;
        seen[edge.to as usize] = true;
    }
    (0..nodes as u32).filter(|node| restricted[*node as usize] && !open[*node as usize]).collect()
}
