//! Who is reached from a place, as figures.

use crate::access::journeys::{Journeys, Reached};
use crate::access::matrix::Missing;
use crate::access::places::Places;
use crate::network::link::Direction;
use crate::units::{AgeCounts, Deciseconds};
use serde::Serialize;

/// Who is reached from a place, or reaches it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReachFigures {
    /// `outward`: from the place to the others; `inward`: from them to it.
    pub direction: &'static str,
    /// For each limit, in the order asked for.
    pub limits: Vec<Reached>,
    /// People to whom no way leads.
    pub people_without_way: AgeCounts,
    /// People whose cell has no road near it.
    pub people_not_linked: AgeCounts,
    /// Institutions within the longest limit, the nearest first.
    pub institutions: Vec<InstitutionFigures>,
}

/// One institution that is reached.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InstitutionFigures {
    /// Stable id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Minutes between it and the place.
    pub minutes: f64,
}

/// The word for a direction in files and addresses.
#[must_use]
pub const fn direction_word(direction: Direction) -> &'static str {
    match direction {
        Direction::Outward => "outward",
        Direction::Inward => "inward",
    }
}

/// The figures for some limits in minutes.
#[must_use]
pub fn reach(places: &Places, journeys: &Journeys, direction: Direction, minutes: &[u32]) -> ReachFigures {
    let longest = minutes.iter().copied().max().unwrap_or(0);
    let times = places.institutions.iter().zip(&journeys.institutions);
    let mut near: Vec<_> = times.filter_map(|(institution, time)| Some((time.ok()?, institution))).collect();
    near.retain(|(time, _)| *time <= Deciseconds::from_minutes(longest));
    near.sort_by_key(|(time, institution)| (*time, &institution.id));
    ReachFigures {
        direction: direction_word(direction),
        limits: minutes.iter().map(|minutes| journeys.within(places, *minutes)).collect(),
        people_without_way: journeys.people_without(places, Missing::NoWay),
        people_not_linked: journeys.people_without(places, Missing::CellNotLinked),
        institutions: near
            .into_iter()
            .map(|(time, institution)| InstitutionFigures {
                id: institution.id.clone(),
                name: institution.name.clone(),
                minutes: time.minutes(),
            })
            .collect(),
    }
}
