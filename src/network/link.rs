//! Linkage: places (cells, institutions) as points on road edges.

use crate::geometry::plane::Plane;
use crate::network::graph::{CLOSED, Edge, Network};
use crate::network::profile::Profile;
use crate::network::search::{Search, UNREACHED};
use geo::Point;
use rstar::primitives::{GeomWithData, Line};
use rstar::{PointDistance, RTree};
use std::borrow::Cow;
use std::cmp::Ordering;

/// A place on the network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// Position in [`Network::edges`].
    pub edge: u32,
    /// How far along the edge, 0 at its `from`, 1 at its `to`.
    pub fraction: f64,
    /// Deciseconds between the place and the road.
    pub leg: u32,
}

/// The straight pieces of road to which places may be linked, by where they lie.
#[derive(Clone, Debug)]
pub struct RoadIndex {
    plane: Plane,
    segments: RTree<Segment>,
}

/// A straight piece of an edge: (edge, number of the piece).
type Segment = GeomWithData<Line<[f64; 2]>, (u32, u32)>;

impl RoadIndex {
    /// Indexes the edges to which places may be linked: open to homes, and in a part of the
    /// network that is not a mere fragment. Distances are true near `latitude`, that of the places.
    #[must_use]
    pub fn new(network: &Network, profile: &Profile, latitude: f64) -> Self {
        let plane = Plane::at(latitude);
        let mut segments = Vec::new();
        for number in linkable_edges(network, profile) {
            let ends = network.shape(&network.edges[number as usize]).windows(2);
            segments.extend((0..).zip(ends).map(|(piece, ends)| {
                Segment::new(Line::new(plane.metres(ends[0]), plane.metres(ends[1])), (number, piece))
            }));
        }
        Self { plane, segments: RTree::bulk_load(segments) }
    }
}

/// Finds the road of a place.
pub struct Linker<'a> {
    network: &'a Network,
    profile: &'a Profile,
    index: Cow<'a, RoadIndex>,
}

impl<'a> Linker<'a> {
    /// With an index of its own.
    #[must_use]
    pub fn new(network: &'a Network, profile: &'a Profile, latitude: f64) -> Self {
        let index = Cow::Owned(RoadIndex::new(network, profile, latitude));
        Self { network, profile, index }
    }

    /// With an index that was made for this network.
    #[must_use]
    pub fn with_index(network: &'a Network, profile: &'a Profile, index: &'a RoadIndex) -> Self {
        Self { network, profile, index: Cow::Borrowed(index) }
    }

    /// The nearest road of a place; `None` when none lies within the profile's longest access leg.
    #[must_use]
    pub fn link(&self, place: Point) -> Option<Link> {
        let RoadIndex { plane, segments } = self.index.as_ref();
        let at = plane.metres(place.into());
        let nearest = segments.nearest_neighbor(&at)?;
        let distance_m = nearest.distance_2(&at).sqrt();
        (distance_m <= self.profile.access_leg.longest_m).then(|| {
            let (edge, piece) = nearest.data;
            Link {
                edge,
                fraction: fraction(self.network, plane, edge, piece, nearest.geom().nearest_point(&at)),
                leg: leg(distance_m, self.profile),
            }
        })
    }
}

/// Edges to which places may be linked: open to homes, and in a part of the network that is not a
/// mere fragment.
pub(super) fn linkable_edges(network: &Network, profile: &Profile) -> Vec<u32> {
    let (part, length_m) = network.connected_parts();
    let is_linkable = |edge: &Edge| {
        let home = part[edge.from as usize];
        edge.linkable
            && home == part[edge.to as usize]
            && length_m[home as usize] >= profile.fragment.shortest_km * 1000.0
    };
    (0..).zip(&network.edges).filter(|(_, edge)| is_linkable(edge)).map(|(number, _)| number).collect()
}

/// Share of an edge's length, measured in a plane, that lies before a point on one of its pieces.
pub(super) fn fraction(network: &Network, plane: &Plane, edge: u32, piece: u32, at: [f64; 2]) -> f64 {
    let length = |a: [f64; 2], b: [f64; 2]| (b[0] - a[0]).hypot(b[1] - a[1]);
    let shape = network.shape(&network.edges[edge as usize]);
    let (mut total, mut before) = (0.0, 0.0);
    for (number, ends) in (0..).zip(shape.windows(2)) {
        let (begin, end) = (plane.metres(ends[0]), plane.metres(ends[1]));
        if number == piece {
            before = total + length(begin, at);
        }
        total += length(begin, end);
    }
    if total > 0.0 { (before / total).clamp(0.0, 1.0) } else { 0.0 }
}

/// Deciseconds along the straight way between a place and its road.
pub(super) fn leg(distance_m: f64, profile: &Profile) -> u32 {
    (distance_m / profile.access_leg.speed_kmh * 36.0).round() as u32
}

/// Deciseconds of the two parts of one direction of an edge, before and after the fraction; they
/// add up to the whole. `None` when the direction is closed.
pub(super) fn split(weight: u32, fraction: f64) -> Option<(u32, u32)> {
    (weight != CLOSED).then(|| {
        let before = (f64::from(weight) * fraction).round() as u32;
        (before, weight - before)
    })
}

impl Link {
    /// Where a search that leaves this place begins: (node, deciseconds spent).
    #[must_use]
    pub fn departures(&self, network: &Network) -> Vec<(u32, u32)> {
        let edge = &network.edges[self.edge as usize];
        let ahead =
            split(edge.forward, self.fraction).map(|(_, rest)| (edge.to, self.leg.saturating_add(rest)));
        let back = split(edge.backward, 1.0 - self.fraction)
            .map(|(_, rest)| (edge.from, self.leg.saturating_add(rest)));
        ahead.into_iter().chain(back).chain(self.at_junction(network)).collect()
    }

    /// Where a search that arrives at this place ends: (node, deciseconds still to go).
    #[must_use]
    pub fn arrivals(&self, network: &Network) -> Vec<(u32, u32)> {
        let edge = &network.edges[self.edge as usize];
        let ahead = split(edge.forward, self.fraction)
            .map(|(before, _)| (edge.from, self.leg.saturating_add(before)));
        let back = split(edge.backward, 1.0 - self.fraction)
            .map(|(before, _)| (edge.to, self.leg.saturating_add(before)));
        let ends = ahead.into_iter().chain(back).chain(self.at_junction(network));
        ends.map(|(junction, rest)| (network.arriving_at(junction), rest)).collect()
    }

    /// The junction on which the place stands, if it does: all its roads are open to it, not only the
    /// one to which it happens to be linked.
    fn at_junction(&self, network: &Network) -> Option<(u32, u32)> {
        let edge = &network.edges[self.edge as usize];
        match self.fraction {
            0.0 => Some((edge.from, self.leg)),
            1.0 => Some((edge.to, self.leg)),
            _ => None,
        }
    }

    /// Deciseconds to another place on the same edge without leaving it.
    fn along(&self, to: &Self, network: &Network) -> Option<u32> {
        if self.edge != to.edge {
            return None;
        }
        let edge = &network.edges[self.edge as usize];
        let weight = match to.fraction.total_cmp(&self.fraction) {
            Ordering::Equal => 0,
            Ordering::Greater => edge.forward,
            Ordering::Less => edge.backward,
        };
        let drive = (f64::from(weight) * (to.fraction - self.fraction).abs()).round() as u32;
        (weight != CLOSED).then(|| self.leg.saturating_add(to.leg).saturating_add(drive))
    }
}

/// What a search that begins at a place needs of it, by the direction of the journeys.
impl Link {
    /// Where a search from this place begins: its departures, or its arrivals when journeys come in.
    #[must_use]
    pub fn begins(&self, network: &Network, direction: Direction) -> Vec<(u32, u32)> {
        match direction {
            Direction::Outward => self.departures(network),
            Direction::Inward => self.arrivals(network),
        }
    }

    /// Where a search to this place ends.
    #[must_use]
    pub fn ends(&self, network: &Network, direction: Direction) -> Vec<(u32, u32)> {
        match direction {
            Direction::Outward => self.arrivals(network),
            Direction::Inward => self.departures(network),
        }
    }

    /// Deciseconds between the origin of a search and a place on the same edge without leaving it.
    #[must_use]
    pub fn beside(&self, other: &Self, network: &Network, direction: Direction) -> Option<u32> {
        match direction {
            Direction::Outward => self.along(other, network),
            Direction::Inward => other.along(self, network),
        }
    }
}

/// Which way a journey goes, seen from the place where the search begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the origin to the others (a provider drives to homes).
    Outward,
    /// From the others to the origin (homes to a hospital).
    Inward,
}

/// Deciseconds between `origin` and each of `others`; `None` beyond `limit` or without a way.
#[must_use]
pub fn times(
    network: &Network,
    search: &mut Search,
    origin: &Link,
    others: &[Option<Link>],
    direction: Direction,
    limit: u32,
) -> Vec<Option<u32>> {
    let arcs = match direction {
        Direction::Outward => &network.leaving,
        Direction::Inward => &network.arriving,
    };
    search.run(arcs, &origin.begins(network, direction), limit, |_| true);
    let time_of = |other: &Link| {
        other
            .ends(network, direction)
            .into_iter()
            .filter(|(node, _)| search.time(*node) != UNREACHED)
            .map(|(node, rest)| search.time(node).saturating_add(rest))
            .chain(origin.beside(other, network, direction))
            .min()
            .filter(|time| *time <= limit)
    };
    others.iter().map(|other| other.as_ref().and_then(time_of)).collect()
}
