//! How the municipalities of a study, or parts of them, lie to each other.

use crate::geometry::locate::Locator;
use crate::geometry::plane::Plane;
use crate::geometry::touching::touching_pairs;
use crate::ingest::study::Study;
use crate::ingest::unit_table::Parts;
use crate::network::areas::area_of_nodes;
use crate::network::build::Roadway;
use crate::network::neighbours::{Inhabited, Joined, neighbours};
use crate::progress::Progress;
use crate::units::Deciseconds;
use geo::Coord;
use rstar::RTree;
use rstar::primitives::GeomWithData;
use std::collections::BTreeMap;

/// Pairs of municipalities, positions in the study.
#[derive(Clone, Debug)]
pub struct MunicipalMap {
    /// Joined by a real road or ferry.
    pub neighbours: Vec<(usize, usize)>,
    /// Sharing a border on the map.
    pub touching: Vec<(usize, usize)>,
}

impl MunicipalMap {
    /// Finds the pairs, under the parameters of the study.
    #[must_use]
    pub fn new(study: &Study, roadway: &Roadway, progress: &dyn Progress) -> Self {
        let step = progress.step("市町村の隣接", 3);
        let boundaries: Vec<_> =
            study.municipalities.iter().map(|municipality| municipality.boundary.clone()).collect();
        let touching = touching_pairs(&boundaries);
        step.advance(1);
        let areas = area_of_nodes(study, &roadway.network, &Locator::new(&boundaries));
        step.advance(1);
        let of_cell: Vec<usize> = study.cells.iter().map(|cell| cell.municipality).collect();
        let neighbours = joined(study, roadway, &areas, &of_cell, study.municipalities.len());
        step.advance(1);
        Self { neighbours, touching }
    }
}

/// Pairs of parts (lower position first, in order) that a real road or ferry joins, under the same
/// conditions as municipalities. A junction of a municipality that is split lies in the part of the
/// populated cell nearest to it.
#[must_use]
pub fn joined_parts(study: &Study, roadway: &Roadway, parts: &Parts) -> Vec<(usize, usize)> {
    let boundaries: Vec<_> =
        study.municipalities.iter().map(|municipality| municipality.boundary.clone()).collect();
    let municipalities = area_of_nodes(study, &roadway.network, &Locator::new(&boundaries));
    let locators: BTreeMap<usize, CellsOfParts> = (0..study.municipalities.len())
        .map(|municipality| (municipality, CellsOfParts::new(study, parts, municipality)))
        .collect();
    let nodes = municipalities.iter().zip(&roadway.network.nodes);
    let areas: Vec<Option<usize>> =
        nodes.map(|(municipality, at)| locators[&(*municipality)?].nearest(*at)).collect();
    joined(study, roadway, &areas, &parts.of_cell, parts.municipality.len())
}

/// The parts of one municipality.
enum CellsOfParts {
    Whole(usize),
    Split(Plane, RTree<GeomWithData<[f64; 2], usize>>),
}

impl CellsOfParts {
    fn new(study: &Study, parts: &Parts, municipality: usize) -> Self {
        let mut own = (0..parts.municipality.len()).filter(|part| parts.municipality[*part] == municipality);
        if let (Some(part), None) = (own.next(), own.next()) {
            return Self::Whole(part);
        }
        let cells =
            study.cells.iter().zip(&parts.of_cell).filter(|(cell, _)| cell.municipality == municipality);
        let cells: Vec<_> = cells.map(|(cell, part)| (cell.centre.0, *part)).collect();
        let plane = Plane::at(cells.first().map_or(0.0, |(centre, _)| centre.y));
        let cells = cells.into_iter().map(|(centre, part)| GeomWithData::new(plane.metres(centre), part));
        Self::Split(plane, RTree::bulk_load(cells.collect()))
    }

    fn nearest(&self, at: Coord) -> Option<usize> {
        match self {
            Self::Whole(part) => Some(*part),
            Self::Split(plane, cells) => cells.nearest_neighbor(&plane.metres(at)).map(|cell| cell.data),
        }
    }
}

/// Neighbours among areas, each with the cells that lie in it, under the parameters of the study.
fn joined(
    study: &Study,
    roadway: &Roadway,
    area_of_node: &[Option<usize>],
    area_of_cell: &[usize],
    areas: usize,
) -> Vec<(usize, usize)> {
    let mut inhabited = vec![Vec::new(); areas];
    for ((cell, area), link) in study.cells.iter().zip(area_of_cell).zip(&roadway.linkage.cells) {
        let place = link.map(|link| Inhabited { link, people: cell.population.total });
        inhabited[*area].extend(place);
    }
    let joined = Joined {
        limit: Deciseconds::from_minutes(study.parameters.neighbour_limit_minutes),
        share: study.parameters.neighbour_share,
    };
    neighbours(&roadway.network, area_of_node, &inhabited, joined)
}
