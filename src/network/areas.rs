//! Which area each junction lies in.

use crate::geometry::locate::Locator;
use crate::ingest::study::Study;
use crate::network::graph::Network;
use crate::network::osm::FERRY;
use geo::Coord;
use rayon::prelude::*;
use rstar::RTree;
use rstar::primitives::GeomWithData;

/// The municipality of each junction (position in the study); `None` outside of all. A pier beyond
/// the shoreline belongs to the municipality of the nearest populated cell.
#[must_use]
pub fn area_of_nodes(study: &Study, network: &Network, locator: &Locator) -> Vec<Option<usize>> {
    let mut areas: Vec<Option<usize>> = network.nodes.par_iter().map(|at| locator.find(*at)).collect();
    let cells = study
        .cells
        .iter()
        .map(|cell| GeomWithData::new([cell.centre.x(), cell.centre.y()], cell.municipality));
    let cells = RTree::bulk_load(cells.collect());
    let nearest = |at: Coord| cells.nearest_neighbor(&[at.x, at.y]).map(|cell| cell.data);
    for edge in network.edges.iter().filter(|edge| edge.class == FERRY) {
        for node in [edge.from as usize, edge.to as usize] {
            areas[node] = areas[node].or_else(|| nearest(network.nodes[node]));
        }
    }
    areas
}
