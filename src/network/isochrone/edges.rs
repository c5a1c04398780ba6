//! The parts of roads that are reached within a time, cut inside the edges.
//!
//! Baum, Buchhold, Dibbelt & Wagner (2016), Fast exact computation of isochrones in road networks.

use crate::geometry::plane::short_m;
use crate::network::graph::Network;
use crate::network::isochrone::{Road, Sweep};
use crate::network::link::Link;
use crate::units::Deciseconds;
use geo::{Coord, LineString};
use rayon::prelude::*;

/// A part of an edge. Both ends belong to it; a part may be a single point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// Position in [`Network::edges`].
    pub edge: u32,
    /// Share of the edge's length at which it begins, 0 at the edge's `from`.
    pub begin: f64,
    /// Share at which it ends, not below `begin`.
    pub end: f64,
}

/// All that is reached within `limit`, in the order of the edges, parts of an edge disjoint and in order.
///
/// A place that is linked to an edge without access leg lies in a part exactly when
/// [`Sweep::time`] gives it at most `limit`. Times of places are rounded to the nearest
/// decisecond, so a part ends at the last fraction whose rounded time is still within the limit: at
/// most half a decisecond of driving (1.1 m at 80 km/h) beyond the unrounded one.
#[must_use]
pub fn reached_parts(sweep: &Sweep<'_>, limit: Deciseconds) -> Vec<Part> {
    (0..sweep.network.edges.len() as u32)
        .into_par_iter()
        .flat_map_iter(|edge| parts_of_edge(sweep, edge, limit.0))
        .collect()
}

fn parts_of_edge(sweep: &Sweep<'_>, number: u32, limit: u32) -> Vec<Part> {
    let road = Road::of(sweep.network, number);
    let [from, to] = road.ends(sweep.direction).map(|node| sweep.times[node as usize]);
    let mut parts = Vec::new();
    let mut add = |begin: f64, end: f64| parts.push(Part { edge: number, begin, end });
    if let Some(left) = limit.checked_sub(from) {
        let within = |at: f64| sweep.by_from(&road, at).is_some_and(|drive| drive <= left);
        add(0.0, last(0.0, within));
    }
    for origin in sweep.origins_on(number) {
        let within = |at: f64| {
            let place = Link { edge: number, fraction: at, leg: 0 };
            sweep.beside(origin, &place).is_some_and(|drive| drive <= limit)
        };
        if within(origin.fraction) {
            add(first(origin.fraction, within), last(origin.fraction, within));
        }
    }
    if let Some(left) = limit.checked_sub(to) {
        let within = |at: f64| sweep.by_to(&road, at).is_some_and(|drive| drive <= left);
        add(first(1.0, within), 1.0);
    }
    joined(parts)
}

/// The greatest fraction from `inside` to 1 up to which `within` holds.
fn last(inside: f64, within: impl Fn(f64) -> bool) -> f64 {
    if within(1.0) { 1.0 } else { border(inside, 1.0, within) }
}

/// The least fraction from 0 to `inside` down to which `within` holds.
fn first(inside: f64, within: impl Fn(f64) -> bool) -> f64 {
    if within(0.0) { 0.0 } else { border(inside, 0.0, within) }
}

/// The last number from `inside` towards `outside` for which `within` holds: bisection over the
/// bits, in which numbers that are not negative have their order.
fn border(inside: f64, outside: f64, within: impl Fn(f64) -> bool) -> f64 {
    let (mut inside, mut outside) = (inside.to_bits(), outside.to_bits());
    while inside.abs_diff(outside) > 1 {
        let middle = inside.midpoint(outside);
        if within(f64::from_bits(middle)) {
            inside = middle;
        } else {
            outside = middle;
        }
    }
    f64::from_bits(inside)
}

/// Parts of one edge without overlap.
fn joined(mut parts: Vec<Part>) -> Vec<Part> {
    parts.sort_by(|a, b| a.begin.total_cmp(&b.begin));
    parts.dedup_by(|next, kept| {
        let overlap = next.begin <= kept.end;
        if overlap {
            kept.end = kept.end.max(next.end);
        }
        overlap
    });
    parts
}

impl Part {
    /// Its geometry, from `begin` to `end`; `None` for a single point.
    #[must_use]
    pub fn line(&self, network: &Network) -> Option<LineString> {
        let shape = network.shape(&network.edges[self.edge as usize]);
        let total_m: f64 = shape.windows(2).map(|ends| short_m(ends[0], ends[1])).sum();
        let (begin_m, end_m) = (self.begin * total_m, self.end * total_m);
        let mut line: Vec<Coord> = Vec::new();
        let mut passed_m = 0.0;
        for ends in shape.windows(2) {
            let step_m = short_m(ends[0], ends[1]);
            let (from_m, to_m) = ((begin_m - passed_m).max(0.0), (end_m - passed_m).min(step_m));
            if from_m < to_m {
                let at = |metres: f64| match metres {
                    _ if metres >= step_m => ends[1],
                    _ => ends[0] + (ends[1] - ends[0]) * (metres / step_m),
                };
                if line.is_empty() {
                    line.push(at(from_m));
                }
                line.push(at(to_m));
            }
            passed_m += step_m;
        }
        (!line.is_empty()).then(|| line.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_border_is_the_very_last_number_inside() {
        for limit in [0.0, 1e-300, 0.1, 0.5, 1.0 - f64::EPSILON] {
            assert_eq!(last(0.0, |at| at <= limit), limit);
            assert_eq!(first(1.0, |at| at >= limit), limit);
        }
        assert_eq!(last(0.25, |_| true), 1.0);
        assert_eq!(first(0.25, |_| true), 0.0);
    }

    #[test]
    fn parts_that_touch_become_one() {
        let part = |begin, end| Part { edge: 7, begin, end };
        assert_eq!(joined(vec![part(0.5, 1.0), part(0.0, 0.5)]), [part(0.0, 1.0)]);
        assert_eq!(joined(vec![part(0.0, 1.0), part(0.2, 0.3)]), [part(0.0, 1.0)]);
        assert_eq!(joined(vec![part(0.6, 1.0), part(0.0, 0.5)]), [part(0.0, 0.5), part(0.6, 1.0)]);
    }
}
