//! How long the edges of a network take: a function of a profile and of the conditions of a journey.

use crate::network::graph::{CLOSED, Edge, Network};
use crate::network::osm::FERRY;
use crate::network::profile::{Profile, Season, TimeOfDay};
use rayon::prelude::*;

/// Deciseconds from which on an edge counts as closed, so that faster engines can use this number for
/// "unreached": 2³⁰, more than three years.
pub const TOO_LONG: u32 = 1 << 30;

/// Under which conditions journeys are made. The default is a normal day with everything open.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conditions {
    /// Season.
    pub season: Season,
    /// Time of day.
    pub time: TimeOfDay,
    /// Whether toll roads are closed.
    pub no_tolls: bool,
    /// Whether ferries are closed.
    pub no_ferries: bool,
    /// Factor on the speed of each class of the profile, above 0, by position; classes beyond the end keep their
    /// speed. Applied last, so that it may exceed a speed limit.
    pub speed_factors: Vec<f64>,
    /// Positions of closed edges, in any order.
    pub closed: Vec<u32>,
}

/// Deciseconds of every edge of a network, or [`CLOSED`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Weights {
    /// Along the geometries.
    pub forward: Vec<u32>,
    /// Against them.
    pub backward: Vec<u32>,
    /// Positions of edges that would take [`TOO_LONG`] or longer, in order. They are closed.
    pub too_long: Vec<u32>,
}

impl Network {
    /// Weights of all edges by a profile with the classes of the one the network was built with.
    #[must_use]
    pub fn weights(&self, profile: &Profile, conditions: &Conditions) -> Weights {
        let clock = Clock::new(profile, conditions);
        let (mut forward, mut backward): (Vec<u32>, Vec<u32>) =
            self.edges.par_iter().map(|edge| (clock.time(edge, 0), clock.time(edge, 1))).unzip();
        for edge in &conditions.closed {
            (forward[*edge as usize], backward[*edge as usize]) = (CLOSED, CLOSED);
        }
        let mut too_long = Vec::new();
        for (edge, times) in (0..).zip(forward.iter_mut().zip(&mut backward)) {
            for time in [times.0, times.1] {
                if *time != CLOSED && *time >= TOO_LONG {
                    *time = CLOSED;
                    too_long.push(edge);
                }
            }
        }
        too_long.dedup();
        Weights { forward, backward, too_long }
    }
}

/// Tells how long edges take.
struct Clock<'a> {
    profile: &'a Profile,
    conditions: &'a Conditions,
    /// Speed of each class outside and inside densely inhabited places, and the scenario's factor.
    classes: Vec<([f64; 2], f64)>,
}

impl<'a> Clock<'a> {
    fn new(profile: &'a Profile, conditions: &'a Conditions) -> Self {
        let factor = |at: usize| conditions.speed_factors.get(at).copied().unwrap_or(1.0);
        let classes = profile.classes.iter().enumerate();
        let classes = classes
            .map(|(at, class)| (profile.speeds(class, conditions.season, conditions.time), factor(at)))
            .collect();
        Self { profile, conditions, classes }
    }

    /// Deciseconds of a direction of an edge (0 along, 1 against the geometry).
    fn time(&self, edge: &Edge, direction: usize) -> u32 {
        let road = &edge.road;
        let is_closed = !road.drivable[direction]
            || (road.winter_closed && self.conditions.season == Season::Snow)
            || (road.toll && self.conditions.no_tolls)
            || (edge.class == FERRY && self.conditions.no_ferries);
        match () {
            () if is_closed => CLOSED,
            () if edge.class == FERRY => self.crossing(edge, direction),
            () => self.drive(edge, direction),
        }
    }

    fn crossing(&self, edge: &Edge, direction: usize) -> u32 {
        let ferry = &self.profile.ferry;
        let sailing = edge.road.sailing.map_or(edge.length_m / ferry.unknown_speed_kmh * 36.0, f64::from);
        let wait = if edge.road.boards[direction] { ferry.wait_minutes * 600.0 } else { 0.0 };
        whole(sailing + wait)
    }

    fn drive(&self, edge: &Edge, direction: usize) -> u32 {
        let road = &edge.road;
        let Some((speeds, factor)) = self.classes.get(usize::from(edge.class)) else { return CLOSED };
        let limit = road.limit_kmh[direction]
            .map_or(f64::INFINITY, |limit| f64::from(limit.get()) * self.profile.maxspeed.share);
        let kmh = speeds[usize::from(road.dense)].min(limit) * factor;
        let delay = &self.profile.delay;
        let junction_s = if road.ends_at_junction[direction] { delay.junction_s } else { 0.0 };
        let stops_s = f64::from(road.signals[direction]) * delay.signal_s + junction_s;
        whole(edge.length_m / kmh * 36.0 + stops_s * 10.0)
    }
}

/// Whole deciseconds of an open edge, at least one.
fn whole(deciseconds: f64) -> u32 {
    (deciseconds.round() as u32).clamp(1, CLOSED - 1)
}
