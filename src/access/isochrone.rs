//! What is reached from an institution or a place within some limits: people, roads, areas for the map.

use crate::ingest::study::Study;
use crate::network::isochrone::Sweep;
use crate::network::isochrone::edges::{Part, reached_parts};
use crate::network::isochrone::raster::Raster;
use crate::network::link::Link;
use crate::units::{AgeCounts, Deciseconds};
use geo::MultiPolygon;

/// What is reached within one limit.
#[derive(Clone, Debug, PartialEq)]
pub struct Isochrone {
    /// The limit.
    pub limit: Deciseconds,
    /// People in the cells whose own time is within it. Cells without road count nowhere.
    pub people: AgeCounts,
    /// What of each road is reached.
    pub roads: Vec<Part>,
    /// The area as it is drawn; who is in it was decided by time, not by the drawing.
    pub area: MultiPolygon,
}

/// The isochrones of some limits, in their order, from one sweep. `cells` are the links of the
/// cells of the study.
#[must_use]
pub fn isochrones(
    study: &Study,
    cells: &[Option<Link>],
    raster: &Raster,
    sweep: &Sweep<'_>,
    limits: &[Deciseconds],
) -> Vec<Isochrone> {
    let time = |link: &Option<Link>| link.as_ref().map(|link| Deciseconds(sweep.time(link)));
    let times: Vec<_> = cells.iter().map(time).collect();
    let people = |limit: Deciseconds| {
        let reached =
            study.cells.iter().zip(&times).filter(|(_, time)| time.is_some_and(|time| time <= limit));
        reached.map(|(cell, _)| cell.population).sum()
    };
    let areas = raster.contours(sweep, limits);
    let limits = limits.iter().zip(areas);
    limits
        .map(|(limit, area)| Isochrone {
            limit: *limit,
            people: people(*limit),
            roads: reached_parts(sweep, *limit),
            area,
        })
        .collect()
}
