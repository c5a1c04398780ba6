//! Isochrones: what is reached within a time, from one search.
//!
//! [`Sweep`] gives the time of any place, and so decides who is reached; [`edges`] cuts the roads
//! exactly where the time ends; [`raster`] draws polygons for the map.

mod contour;
pub mod drawing;
pub mod edges;
mod grid;
mod nearest;
pub mod raster;

use crate::network::graph::{Edge, Network};
use crate::network::link::{Direction, Link, split};

/// Times between an origin and every junction, and what follows from them for all other places.
#[derive(Clone, Debug)]
pub struct Sweep<'a> {
    network: &'a Network,
    times: &'a [u32],
    origins: Vec<Link>,
    direction: Direction,
}

impl<'a> Sweep<'a> {
    /// From the deciseconds of all junctions ([`UNREACHED`](crate::network::search::UNREACHED)
    /// where there are none), as a search from the departures (inward: to the arrivals) of the
    /// origins gives them. With several origins the nearest counts.
    #[must_use]
    pub fn new(network: &'a Network, times: &'a [u32], origins: &[Link], direction: Direction) -> Self {
        let mut origins = origins.to_vec();
        origins.sort_by_key(|origin| origin.edge);
        Self { network, times, origins, direction }
    }

    /// Deciseconds between the origin and a place, both access legs included; `UNREACHED` where
    /// there is no way. The same as [`times`](crate::network::link::times) to the decisecond.
    #[must_use]
    pub fn time(&self, place: &Link) -> u32 {
        let edge = &self.network.edges[place.edge as usize];
        let end = |node: u32, drive: Option<u32>| {
            drive.map_or(u32::MAX, |drive| self.times[node as usize].saturating_add(drive))
        };
        let by_junction = end(edge.from, self.by_from(edge, place.fraction))
            .min(end(edge.to, self.by_to(edge, place.fraction)))
            .saturating_add(place.leg);
        self.origins_on(place.edge)
            .iter()
            .filter_map(|origin| self.along(origin, place))
            .fold(by_junction, u32::min)
    }

    /// Origins that stand on an edge.
    fn origins_on(&self, edge: u32) -> &[Link] {
        let first = self.origins.partition_point(|origin| origin.edge < edge);
        let count = self.origins[first..].iter().take_while(|origin| origin.edge == edge).count();
        &self.origins[first..first + count]
    }

    /// Deciseconds of the journey along an edge between its `from` and a place on it; `None` when
    /// that direction is closed. A place on the junction itself needs no road.
    fn by_from(&self, edge: &Edge, fraction: f64) -> Option<u32> {
        match self.direction {
            _ if fraction == 0.0 => Some(0),
            Direction::Outward => split(edge.forward, fraction).map(|(before, _)| before),
            Direction::Inward => split(edge.backward, 1.0 - fraction).map(|(_, rest)| rest),
        }
    }

    /// The same between its `to` and the place.
    fn by_to(&self, edge: &Edge, fraction: f64) -> Option<u32> {
        match self.direction {
            _ if fraction == 1.0 => Some(0),
            Direction::Outward => split(edge.backward, 1.0 - fraction).map(|(before, _)| before),
            Direction::Inward => split(edge.forward, fraction).map(|(_, rest)| rest),
        }
    }

    /// Deciseconds between an origin and a place on its own edge, without leaving it.
    fn along(&self, origin: &Link, place: &Link) -> Option<u32> {
        match self.direction {
            Direction::Outward => origin.along(place, self.network),
            Direction::Inward => place.along(origin, self.network),
        }
    }
}
