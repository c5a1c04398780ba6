//! Which area each junction lies in.

use crate::geometry::locate::Locator;
use crate::ingest::study::Study;
use crate::network::graph::Network;
use crate::network::osm::FERRY;
use geo::Coord;
use rayon::prelude::*;
use rstar::RTree;
use rstar::primitives::GeomWithData;
use std::collections::BTreeSet;

/// The municipality of each junction (position in the study); `None` outside of all. A pier beyond
/// the shoreline, where a road meets a ferry, belongs to the municipality of the nearest populated cell.
#[must_use]
pub fn area_of_nodes(study: &Study, network: &Network, locator: &Locator) -> Vec<Option<usize>> {
    let mut areas: Vec<Option<usize>> = network.nodes.par_iter().map(|at| locator.find(*at)).collect();
    let cells = study
        .cells
        .iter()
        .map(|cell| GeomWithData::new([cell.centre.x(), cell.centre.y()], cell.municipality));
    let cells = RTree::bulk_load(cells.collect());
    let nearest = |at: Coord| cells.nearest_neighbor(&[at.x, at.y]).map(|cell| cell.data);
    let (roads, ferries) = (ends(network, |class| class != FERRY), ends(network, |class| class == FERRY));
    for node in roads.intersection(&ferries) {
        areas[*node] = areas[*node].or_else(|| nearest(network.nodes[*node]));
    }
    for (junction, copy) in network.copies() {
        areas[copy as usize] = areas[junction as usize];
    }
    areas
}

/// Junctions at the ends of edges of some classes.
fn ends(network: &Network, class: impl Fn(u8) -> bool) -> BTreeSet<usize> {
    let edges = network.edges.iter().filter(|edge| class(edge.class));
    edges.flat_map(|edge| [edge.from as usize, edge.to as usize]).collect()
}
