//! Roads cut at the barriers on them.

use crate::network::osm::{NodeMark, RoadWay, Roads};
use crate::network::profile::Access;
use crate::network::tags::FERRY;
use std::collections::BTreeMap;

/// Cuts the roads at every wall and private gate: each piece of road gets an end of its own there. The
/// pieces at a private gate are joined again by a destination-only road without length.
///
/// `marks` gives what stands at nodes, by position in [`Roads::places`]. Ferries are not cut.
pub fn cut(roads: &mut Roads, marks: &[(u32, NodeMark)]) {
    let barriers: BTreeMap<i64, NodeMark> = marks
        .iter()
        .filter(|(_, mark)| *mark != NodeMark::Signal)
        .map(|(node, mark)| (i64::from(*node), *mark))
        .collect();
    if barriers.is_empty() {
        return;
    }
    let mut pieces = Vec::with_capacity(roads.ways.len());
    let mut gates: BTreeMap<i64, Vec<RoadWay>> = BTreeMap::new();
    for way in std::mem::take(&mut roads.ways) {
        if way.class == FERRY || !way.nodes.iter().any(|node| barriers.contains_key(node)) {
            pieces.push(way);
            continue;
        }
        for (begin, end) in between(&way.nodes, &barriers) {
            let mut nodes = way.nodes[begin..=end].to_vec();
            let last = nodes.len() - 1;
            for at in [0, last] {
                let Some(mark) = barriers.get(&nodes[at]) else { continue };
                let own = roads.places.len() as i64;
                roads.places.push(roads.places[nodes[at] as usize]);
                if *mark == NodeMark::PrivateGate {
                    let gate = gates.entry(nodes[at]).or_default();
                    gate.push(gate_road(&way, vec![gate.first().map_or(own, |hub| hub.nodes[0]), own]));
                }
                nodes[at] = own;
            }
            pieces.push(RoadWay { nodes, ..way.clone() });
        }
    }
    // The first piece at a gate is where the others are joined; it needs no road to itself.
    pieces.extend(gates.into_values().flat_map(|roads| roads.into_iter().skip(1)));
    roads.ways = pieces;
}

/// The way through a gate, open in both directions: what is one-way is told by the roads before it.
fn gate_road(way: &RoadWay, nodes: Vec<i64>) -> RoadWay {
    RoadWay {
        id: way.id,
        class: way.class,
        forward: true,
        backward: true,
        structure: true,
        access: Access::Destination,
        nodes,
        ..RoadWay::default()
    }
}

/// First and last positions of the pieces of a way between its barriers.
fn between(nodes: &[i64], barriers: &BTreeMap<i64, NodeMark>) -> Vec<(usize, usize)> {
    let inner = (1..nodes.len() - 1).filter(|at| barriers.contains_key(&nodes[*at]));
    let cuts: Vec<usize> = [0].into_iter().chain(inner).chain([nodes.len() - 1]).collect();
    cuts.windows(2).map(|ends| (ends[0], ends[1])).collect()
}
