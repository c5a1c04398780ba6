//! Which areas a real road joins.

use crate::network::graph::Network;
use crate::network::link::Link;
use crate::network::osm::FERRY;
use crate::network::search::{Search, UNREACHED};
use crate::units::Deciseconds;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// Pairs of areas (lower position first, in order) joined by a way, over road or ferry, that runs
/// through no third area and takes at most `limit` in both directions between their inhabited parts.
///
/// `area_of_node` gives the area of each junction (`None` = outside of all, closed but for ferries at
/// sea); `inhabited` the linked populated places of each area. Areas that only touch on the map,
/// across a ridge without a road, are no neighbours; an island and the port of its ferry are.
#[must_use]
pub fn neighbours(
    network: &Network,
    area_of_node: &[Option<usize>],
    inhabited: &[Vec<Link>],
    limit: Deciseconds,
) -> Vec<(usize, usize)> {
    let crossings: BTreeSet<(usize, usize)> = network
        .edges
        .iter()
        .filter_map(|edge| {
            let (a, b) = (area_of_node[edge.from as usize]?, area_of_node[edge.to as usize]?);
            (a != b).then_some((a.min(b), a.max(b)))
        })
        .collect();
    let crossings: Vec<_> = crossings.into_iter().collect();
    let mut on_ferry = vec![false; network.nodes.len()];
    for edge in network.edges.iter().filter(|edge| edge.class == FERRY) {
        on_ferry[edge.from as usize] = true;
        on_ferry[edge.to as usize] = true;
    }
    crossings
        .into_par_iter()
        .map_init(
            || Search::new(network.nodes.len()),
            |search, (a, b)| {
                let open = |node: u32| match area_of_node[node as usize] {
                    Some(area) => area == a || area == b,
                    None => on_ferry[node as usize],
                };
                let mut within = |from: &[Link], to: &[Link]| {
                    let seeds: Vec<_> = from.iter().flat_map(|place| place.departures(network)).collect();
                    search.run(&network.leaving, &seeds, limit.0, open);
                    to.iter().flat_map(|place| place.arrivals(network)).any(|(node, rest)| {
                        search.time(node) != UNREACHED && search.time(node).saturating_add(rest) <= limit.0
                    })
                };
                let (here, there) = (&inhabited[a], &inhabited[b]);
                (within(here, there) && within(there, here)).then_some((a, b))
            },
        )
        .flatten()
        .collect()
}
