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

use crate::network::graph::Network;
use crate::network::link::{Direction, Link, split};
use crate::network::search::UNREACHED;

/// Times between an origin and every junction, and what follows from them for all other places.
#[derive(Clone, Debug)]
pub struct Sweep<'a> {
    network: &'a Network,
    times: &'a [u32],
    origins: Vec<Link>,
    direction: Direction,
}

/// What times need to know of an edge.
#[derive(Clone, Copy, Debug)]
struct Road {
    edge: u32,
    /// Nodes at its `from` and `to` where journeys set out.
    departing: [u32; 2],
    /// Those where journeys end: other ones behind roads for destinations only.
    arriving: [u32; 2],
    forward: u32,
    backward: u32,
}

impl Road {
    fn of(network: &Network, number: u32) -> Self {
        let edge = &network.edges[number as usize];
        let departing = [edge.from, edge.to];
        // Only roads for destinations end at junctions that stand twice in the network.
        let arriving =
            if edge.road.destination { departing.map(|node| network.arriving_at(node)) } else { departing };
        Self { edge: number, departing, arriving, forward: edge.forward, backward: edge.backward }
    }

    /// Nodes over which a place on it is reached in a search.
    fn ends(&self, direction: Direction) -> [u32; 2] {
        match direction {
            Direction::Outward => self.arriving,
            Direction::Inward => self.departing,
        }
    }
}

impl<'a> Sweep<'a> {
    /// From the deciseconds of all junctions ([`UNREACHED`] where there are none), as a search from the departures (inward: to the arrivals) of the
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
        self.time_on(&Road::of(self.network, place.edge), place.fraction, place.leg)
    }

    /// The same for a place on a road whose data are at hand.
    fn time_on(&self, road: &Road, fraction: f64, leg: u32) -> u32 {
        let [from, to] = road.ends(self.direction).map(|node| self.times[node as usize]);
        let past =
            |time: u32, drive: Option<u32>| drive.map_or(UNREACHED, |drive| time.saturating_add(drive));
        let by_from = past(from, self.by_from(road, fraction));
        let by_to = past(to, self.by_to(road, fraction));
        let place = Link { edge: road.edge, fraction, leg };
        let along = self.origins_on(road.edge).iter().filter_map(|origin| self.beside(origin, &place));
        along.fold(by_from.min(by_to).saturating_add(leg), u32::min)
    }

    /// Origins that stand on an edge.
    fn origins_on(&self, edge: u32) -> &[Link] {
        let first = self.origins.partition_point(|origin| origin.edge < edge);
        let count = self.origins[first..].iter().take_while(|origin| origin.edge == edge).count();
        &self.origins[first..first + count]
    }

    /// Deciseconds of the journey along an edge between its `from` and a place on it; `None` when
    /// that direction is closed. A place on the junction itself needs no road.
    fn by_from(&self, road: &Road, fraction: f64) -> Option<u32> {
        match self.direction {
            _ if fraction == 0.0 => Some(0),
            Direction::Outward => split(road.forward, fraction).map(|(before, _)| before),
            Direction::Inward => split(road.backward, 1.0 - fraction).map(|(_, rest)| rest),
        }
    }

    /// The same between its `to` and the place.
    fn by_to(&self, road: &Road, fraction: f64) -> Option<u32> {
        match self.direction {
            _ if fraction == 1.0 => Some(0),
            Direction::Outward => split(road.backward, 1.0 - fraction).map(|(before, _)| before),
            Direction::Inward => split(road.forward, fraction).map(|(_, rest)| rest),
        }
    }

    /// Deciseconds between an origin and a place on its own edge, without leaving it.
    fn beside(&self, origin: &Link, place: &Link) -> Option<u32> {
        origin.beside(place, self.network, self.direction)
    }
}
