//! Journeys between one place and all others.

use crate::access::matrix::Missing;
use crate::access::places::Places;
use crate::network::build::Roadway;
use crate::network::hierarchy::sweep::{Engine, Pass};
use crate::network::isochrone::Sweep;
use crate::network::link::{Direction, Link};
use crate::network::search::UNREACHED;
use crate::units::{AgeCounts, Deciseconds};
use serde::Serialize;

/// Times between one place and all junctions, cells and institutions, without limit.
#[derive(Clone, Debug)]
pub struct Journeys {
    /// Deciseconds of every junction, [`UNREACHED`] where there is no way.
    pub junctions: Vec<u32>,
    /// Times of the cells.
    pub cells: Vec<Result<Deciseconds, Missing>>,
    /// Times of the institutions.
    pub institutions: Vec<Result<Deciseconds, Missing>>,
}

/// Who is reached within a limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reached {
    /// The limit in minutes.
    pub minutes: u32,
    /// People in the cells within it.
    pub people: AgeCounts,
    /// Number of institutions within it.
    pub institutions: usize,
}

impl Journeys {
    /// Outward, from the place to the others; inward, from them to it.
    #[must_use]
    pub fn of(roadway: &Roadway, place: &Link, direction: Direction) -> Self {
        let Roadway { network, linkage, hierarchy, metric } = roadway;
        let engine = Engine::new(hierarchy, metric, direction);
        let mut pass = Pass::<1>::new(hierarchy.junctions());
        engine.sweep(&mut pass, &[&place.begins(network, direction)]);
        let junctions: Vec<u32> =
            (0..network.nodes.len() as u32).map(|node| engine.time(&pass, node, 0)).collect();
        let sweep = Sweep::new(network, &junctions, &[*place], direction);
        let times = |links: &[Option<Link>], not_linked: Missing| {
            let of = |link: &Option<Link>| match link.as_ref().map(|link| sweep.time(link)) {
                None => Err(not_linked),
                Some(UNREACHED) => Err(Missing::NoWay),
                Some(time) => Ok(Deciseconds(time)),
            };
            links.iter().map(of).collect()
        };
        let cells = times(&linkage.cells, Missing::CellNotLinked);
        let institutions = times(&linkage.institutions, Missing::InstitutionNotLinked);
        Self { junctions, cells, institutions }
    }

    /// Who is reached within so many minutes, those at the limit included.
    #[must_use]
    pub fn within(&self, places: &Places, minutes: u32) -> Reached {
        let limit = Deciseconds::from_minutes(minutes);
        let is_within = |time: &Result<Deciseconds, Missing>| matches!(time, Ok(time) if *time <= limit);
        let cells = places.cells.iter().zip(&self.cells).filter(|(_, time)| is_within(time));
        Reached {
            minutes,
            people: cells.map(|(cell, _)| cell.population).sum(),
            institutions: self.institutions.iter().filter(|time| is_within(time)).count(),
        }
    }

    /// People of the cells without a time, for one reason.
    #[must_use]
    pub fn people_without(&self, places: &Places, reason: Missing) -> AgeCounts {
        let cells = places.cells.iter().zip(&self.cells).filter(|(_, time)| **time == Err(reason));
        cells.map(|(cell, _)| cell.population).sum()
    }
}
