//! Which areas a real road joins.

use crate::network::graph::Network;
use crate::network::link::Link;
use crate::network::osm::FERRY;
use crate::network::search::{Search, UNREACHED};
use crate::units::Deciseconds;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// A populated place of an area.
#[derive(Clone, Copy, Debug)]
pub struct Inhabited {
    /// Where it stands on the network.
    pub link: Link,
    /// People who live there.
    pub people: u32,
}

/// When areas count as neighbours.
#[derive(Clone, Copy, Debug)]
pub struct Joined {
    /// People are reached within this time from some inhabited place of the other area.
    pub limit: Deciseconds,
    /// Share of the people of each area who must be reached so, 0–1.
    pub share: f64,
}

/// Pairs of areas (lower position first, in order) joined by a way, over road or ferry, that runs
/// through no third area and brings enough people of each within reach of the other.
///
/// A ferry joins its two shores whatever the share, since who boards has the wait and the sailing before
/// him: it is enough that somebody is within the limit.
///
/// `area_of_node` gives the area of each junction (`None` = outside of all, closed but for ferries at
/// sea). Areas that only touch on the map, across a ridge without a road, are no neighbours, nor are
/// those that a mountain road joins for a few; an island and the port of its ferry are.
#[must_use]
pub fn neighbours(
    network: &Network,
    area_of_node: &[Option<usize>],
    inhabited: &[Vec<Inhabited>],
    joined: Joined,
) -> Vec<(usize, usize)> {
    let mut crossings: BTreeMap<(usize, usize), bool> = BTreeMap::new();
    for edge in &network.edges {
        if let (Some(a), Some(b)) = (area_of_node[edge.from as usize], area_of_node[edge.to as usize])
            && a != b
        {
            *crossings.entry((a.min(b), a.max(b))).or_default() |= edge.class == FERRY;
        }
    }
    let crossings: Vec<_> = crossings.into_iter().collect();
    let mut on_ferry = vec![false; network.nodes.len()];
    for edge in network.edges.iter().filter(|edge| edge.class == FERRY) {
        on_ferry[edge.from as usize] = true;
        on_ferry[edge.to as usize] = true;
    }
    for (junction, copy) in network.copies() {
        on_ferry[copy as usize] = on_ferry[junction as usize];
    }
    crossings
        .into_par_iter()
        .map_init(
            || Search::new(network.nodes.len()),
            |search, ((a, b), by_ferry)| {
                let open = |node: u32| match area_of_node[node as usize] {
                    Some(area) => area == a || area == b,
                    None => on_ferry[node as usize],
                };
                let mut reaches = |from: &[Inhabited], to: &[Inhabited]| {
                    let seeds: Vec<_> =
                        from.iter().flat_map(|place| place.link.departures(network)).collect();
                    search.run(&network.leaving, &seeds, joined.limit.0, open);
                    let is_reached = |place: &&Inhabited| {
                        place.link.arrivals(network).into_iter().any(|(node, rest)| {
                            let time = search.time(node);
                            time != UNREACHED && time.saturating_add(rest) <= joined.limit.0
                        })
                    };
                    let people = |places: &mut dyn Iterator<Item = &Inhabited>| -> u64 {
                        places.map(|place| u64::from(place.people)).sum()
                    };
                    let reached = people(&mut to.iter().filter(is_reached));
                    let share = if by_ferry { 0.0 } else { joined.share };
                    reached > 0 && reached as f64 >= share * people(&mut to.iter()) as f64
                };
                let (here, there) = (&inhabited[a], &inhabited[b]);
                (reaches(here, there) && reaches(there, here)).then_some((a, b))
            },
        )
        .flatten()
        .collect()
}
