//! How the municipalities of a study lie to each other.

use crate::geometry::locate::Locator;
use crate::geometry::touching::touching_pairs;
use crate::ingest::study::Study;
use crate::network::areas::area_of_nodes;
use crate::network::build::Roadway;
use crate::network::neighbours::{Inhabited, Joined, neighbours};
use crate::progress::Progress;
use crate::units::Deciseconds;

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
        let mut inhabited = vec![Vec::new(); study.municipalities.len()];
        for (cell, link) in study.cells.iter().zip(&roadway.linkage.cells) {
            let place = link.map(|link| Inhabited { link, people: cell.population.total });
            inhabited[cell.municipality].extend(place);
        }
        let joined = Joined {
            limit: Deciseconds::from_minutes(study.parameters.neighbour_limit_minutes),
            share: study.parameters.neighbour_share,
        };
        let neighbours = neighbours(&roadway.network, &areas, &inhabited, joined);
        step.advance(1);
        Self { neighbours, touching }
    }
}
