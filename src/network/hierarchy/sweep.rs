//! Times from many places at once by sweeps over the hierarchy.
//!
//! A search climbs from the origins to the top of the elimination tree, then every rank takes its time
//! from the ranks above it in one pass from the top down (PHAST, Delling, Goldberg, Nowatzyk & Werneck
//! 2013). Several origins go in the lanes of one pass.

#![expect(
    clippy::inline_always,
    reason = "the loops over lanes must be compiled with the vector unit that `pulp` found"
)]

use crate::network::hierarchy::metric::Metric;
use crate::network::hierarchy::{DOWN, Hierarchy, INFINITE, UP};
use crate::network::link::Direction;
use crate::network::search::UNREACHED;
use pulp::Arch;

/// Origins in one pass when many are asked for.
pub const LANES: usize = 16;

/// A place on the network as the junctions next to it: (junction, deciseconds between).
/// Origins of a search have their departures here, destinations their arrivals.
pub type Ends = [(u32, u32)];

/// A hierarchy with times, ready for searches in one direction.
#[derive(Clone, Copy)]
pub struct Engine<'a> {
    pub(super) hierarchy: &'a Hierarchy,
    pub(super) metric: &'a Metric,
    climb: usize,
    pub(super) fall: usize,
}

/// Working memory of passes with `N` lanes.
pub struct Pass<const N: usize> {
    /// Times by rank; those of an earlier pass where `climbed` is false.
    pub(super) times: Vec<[u32; N]>,
    pub(super) climbed: Vec<bool>,
    way: Vec<u32>,
    pub(super) arch: Arch,
}

impl<const N: usize> Pass<N> {
    /// For a hierarchy of so many junctions.
    #[must_use]
    pub fn new(junctions: usize) -> Self {
        Self {
            times: vec![[INFINITE; N]; junctions],
            climbed: vec![false; junctions],
            way: Vec::new(),
            arch: Arch::new(),
        }
    }

    /// Makes ready for the next origins.
    pub(super) fn forget(&mut self) {
        for rank in &self.way {
            self.climbed[*rank as usize] = false;
        }
    }
}

impl<'a> Engine<'a> {
    /// Outward: times from origins. Inward: times to them.
    #[must_use]
    pub fn new(hierarchy: &'a Hierarchy, metric: &'a Metric, direction: Direction) -> Self {
        let (climb, fall) = match direction {
            Direction::Outward => (UP, DOWN),
            Direction::Inward => (DOWN, UP),
        };
        Self { hierarchy, metric, climb, fall }
    }

    /// Times of all junctions for up to `N` origins. [`Engine::time`] reads them.
    pub fn sweep<const N: usize>(&self, pass: &mut Pass<N>, origins: &[&Ends]) {
        let arch = pass.arch;
        arch.dispatch(|| {
            self.climb(pass, origins);
            self.fall(pass);
        });
        pass.forget();
    }

    /// Time of a junction in a lane after [`Engine::sweep`]; [`UNREACHED`] where there is no way.
    #[must_use]
    pub fn time<const N: usize>(&self, pass: &Pass<N>, junction: u32, lane: usize) -> u32 {
        finite(pass.times[self.hierarchy.rank[junction as usize] as usize][lane])
    }

    /// From the origins to the top of the tree. Ranks on the way are in `pass.way`, ascending.
    #[inline(always)]
    pub(super) fn climb<const N: usize>(&self, pass: &mut Pass<N>, origins: &[&Ends]) {
        let Pass { times, climbed, way, .. } = pass;
        way.clear();
        for (junction, _) in origins.iter().flat_map(|ends| ends.iter()) {
            let mut next = Some(self.hierarchy.rank[*junction as usize]);
            while let Some(rank) = next.filter(|rank| !climbed[*rank as usize]) {
                climbed[rank as usize] = true;
                times[rank as usize] = [INFINITE; N];
                way.push(rank);
                next = self.hierarchy.parent(rank);
            }
        }
        way.sort_unstable();
        for (lane, ends) in origins.iter().enumerate() {
            for (junction, time) in *ends {
                let known = &mut times[self.hierarchy.rank[*junction as usize] as usize][lane];
                *known = (*known).min(*time);
            }
        }
        for rank in way.iter() {
            let arcs = self.hierarchy.up(*rank);
            let (lower, upper) = times.split_at_mut(*rank as usize + 1);
            let here = lower[*rank as usize];
            for (head, time) in self.hierarchy.heads[arcs.clone()].iter().zip(&self.metric.times[arcs]) {
                shorten(&mut upper[(*head - *rank - 1) as usize], &here, time[self.climb]);
            }
        }
    }

    /// From the top of the tree to all ranks.
    #[inline(always)]
    fn fall<const N: usize>(&self, pass: &mut Pass<N>) {
        let Pass { times, climbed, .. } = pass;
        for rank in (0..times.len()).rev() {
            let arcs = self.hierarchy.up(rank as u32);
            let (lower, upper) = times.split_at_mut(rank + 1);
            let mut best = if climbed[rank] { lower[rank] } else { [INFINITE; N] };
            for (head, time) in self.hierarchy.heads[arcs.clone()].iter().zip(&self.metric.times[arcs]) {
                shorten(&mut best, &upper[*head as usize - rank - 1], time[self.fall]);
            }
            lower[rank] = best;
        }
    }
}

/// `known = min(known, from + time)` in every lane.
#[inline(always)]
pub(super) fn shorten<const N: usize>(known: &mut [u32; N], from: &[u32; N], time: u32) {
    for lane in 0..N {
        known[lane] = known[lane].min(from[lane].wrapping_add(time));
    }
}

/// Times inside are [`INFINITE`] or more where there is no way.
pub(super) fn finite(time: u32) -> u32 {
    if time < INFINITE { time } else { UNREACHED }
}
