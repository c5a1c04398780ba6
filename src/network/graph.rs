//! The road graph: junctions, edges with their geometry, and the arcs that cars may drive.

use crate::geometry::plane::short_m;
use crate::network::osm::{FERRY, RoadWay, Roads};
use crate::network::profile::Profile;
use geo::Coord;
use std::ops::Range;

/// Weight of a direction in which cars may not drive.
pub const CLOSED: u32 = u32::MAX;

/// A piece of road between two junctions or ends, without junction inside.
#[derive(Clone, Debug)]
pub struct Edge {
    /// Junction where the geometry begins.
    pub from: u32,
    /// Junction where it ends.
    pub to: u32,
    /// Position in [`Profile::classes`], or [`FERRY`].
    pub class: u8,
    /// Deciseconds along the geometry, or [`CLOSED`].
    pub forward: u32,
    /// Deciseconds against the geometry, or [`CLOSED`].
    pub backward: u32,
    /// Length in metres.
    pub length_m: f64,
    /// Whether homes and institutions open onto it.
    pub linkable: bool,
    shape: Range<usize>,
}

/// One direction of an edge, seen from the junction in whose list it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arc {
    /// The junction at the other end.
    pub node: u32,
    /// Deciseconds.
    pub weight: u32,
}

/// Arcs of all junctions, one after the other (compressed sparse rows).
#[derive(Clone, Debug, Default)]
pub struct Arcs {
    first: Vec<u32>,
    arcs: Vec<Arc>,
}

impl Arcs {
    /// From (junction, arc) pairs in any order; within a junction their order is kept.
    fn new(nodes: usize, pairs: &[(u32, Arc)]) -> Self {
        let mut first = vec![0; nodes + 1];
        for (node, _) in pairs {
            first[*node as usize + 1] += 1;
        }
        for node in 0..nodes {
            first[node + 1] += first[node];
        }
        let mut next = first.clone();
        let mut arcs = vec![Arc { node: 0, weight: 0 }; pairs.len()];
        for (node, arc) in pairs {
            let slot = &mut next[*node as usize];
            arcs[*slot as usize] = *arc;
            *slot += 1;
        }
        Self { first, arcs }
    }

    /// Arcs of one junction.
    #[must_use]
    pub fn of(&self, node: u32) -> &[Arc] {
        &self.arcs[self.first[node as usize] as usize..self.first[node as usize + 1] as usize]
    }
}

/// The road network of a study.
#[derive(Clone, Debug)]
pub struct Network {
    /// Places of the junctions.
    pub nodes: Vec<Coord>,
    /// Edges in the order of the road files.
    pub edges: Vec<Edge>,
    /// Arcs that leave each junction.
    pub leaving: Arcs,
    /// Arcs that arrive at each junction, seen from it.
    pub arriving: Arcs,
    shapes: Vec<Coord>,
}

impl Network {
    /// Builds the graph. `dense` tells whether a place is densely inhabited.
    #[must_use]
    pub fn new(roads: &Roads, profile: &Profile, dense: impl Fn(Coord) -> bool) -> Self {
        let junctions = Junctions::find(roads);
        let clock = Clock::new(roads, profile, dense);
        let mut edges = Vec::new();
        let mut shapes = Vec::new();
        for way in &roads.ways {
            let linkable = profile.classes.get(usize::from(way.class)).is_some_and(|class| class.link);
            for piece in junctions.pieces(way) {
                let begin = shapes.len();
                shapes.extend(piece.iter().map(|node| roads.places[*node as usize]));
                let line = &shapes[begin..];
                let (forward, backward) = clock.times(way, piece, line);
                edges.push(Edge {
                    from: junctions.number[piece[0] as usize],
                    to: junctions.number[piece[piece.len() - 1] as usize],
                    class: way.class,
                    forward: if way.forward { forward } else { CLOSED },
                    backward: if way.backward { backward } else { CLOSED },
                    length_m: length_m(line),
                    linkable: linkable && !way.structure,
                    shape: begin..shapes.len(),
                });
            }
        }
        let nodes = junctions.places(roads);
        let (leaving, arriving) = arcs(nodes.len(), &edges);
        Self { nodes, edges, leaving, arriving, shapes }
    }

    /// Geometry of an edge, from its `from` to its `to`.
    #[must_use]
    pub fn shape(&self, edge: &Edge) -> &[Coord] {
        &self.shapes[edge.shape.clone()]
    }

    /// For each junction the number of its strongly connected part (all places of a part can
    /// reach each other by car), and the length in metres of the edges inside each part.
    #[must_use]
    pub fn connected_parts(&self) -> (Vec<u32>, Vec<f64>) {
        let mut graph =
            petgraph::graph::DiGraph::<(), ()>::with_capacity(self.nodes.len(), self.edges.len() * 2);
        for _ in &self.nodes {
            graph.add_node(());
        }
        for edge in &self.edges {
            let (from, to) = (edge.from.into(), edge.to.into());
            if edge.forward != CLOSED {
                graph.add_edge(from, to, ());
            }
            if edge.backward != CLOSED {
                graph.add_edge(to, from, ());
            }
        }
        let mut part = vec![0; self.nodes.len()];
        let parts = petgraph::algo::kosaraju_scc(&graph);
        for (number, members) in (0..).zip(&parts) {
            for node in members {
                part[node.index()] = number;
            }
        }
        let mut length_m = vec![0.0; parts.len()];
        for edge in &self.edges {
            let number = part[edge.from as usize];
            if number == part[edge.to as usize] {
                length_m[number as usize] += edge.length_m;
            }
        }
        (part, length_m)
    }
}

/// Which nodes are junctions or ends, and their numbers in the graph.
struct Junctions {
    number: Vec<u32>,
    count: u32,
}

const NOT_A_JUNCTION: u32 = u32::MAX;

impl Junctions {
    /// A node is a junction when roads begin, end or meet there.
    fn find(roads: &Roads) -> Self {
        let mut uses = vec![0_u8; roads.places.len()];
        let mut count = |node: i64, times: u8| {
            let uses = &mut uses[node as usize];
            *uses = uses.saturating_add(times);
        };
        for way in &roads.ways {
            way.nodes.iter().for_each(|node| count(*node, 1));
            way.nodes.first().into_iter().chain(way.nodes.last()).for_each(|node| count(*node, 1));
        }
        let mut junctions = Self { number: vec![NOT_A_JUNCTION; uses.len()], count: 0 };
        for (number, uses) in junctions.number.iter_mut().zip(uses) {
            if uses >= 2 {
                *number = junctions.count;
                junctions.count += 1;
            }
        }
        junctions
    }

    /// The way cut at its junctions; each piece has at least two nodes.
    fn pieces<'a>(&'a self, way: &'a RoadWay) -> impl Iterator<Item = &'a [i64]> {
        let is_junction = |at: &usize| self.number[way.nodes[*at] as usize] != NOT_A_JUNCTION;
        let mut begin = 0;
        (1..way.nodes.len())
            .filter(is_junction)
            .map(move |end| &way.nodes[std::mem::replace(&mut begin, end)..=end])
    }

    fn places(&self, roads: &Roads) -> Vec<Coord> {
        let mut places = Vec::with_capacity(self.count as usize);
        places.extend(
            self.number
                .iter()
                .zip(&roads.places)
                .filter(|(number, _)| **number != NOT_A_JUNCTION)
                .map(|(_, at)| *at),
        );
        places
    }
}

/// Tells how long pieces of ways take.
struct Clock<'a, Dense> {
    roads: &'a Roads,
    profile: &'a Profile,
    dense: Dense,
    on_road: Vec<bool>,
}

impl<'a, Dense: Fn(Coord) -> bool> Clock<'a, Dense> {
    fn new(roads: &'a Roads, profile: &'a Profile, dense: Dense) -> Self {
        let mut on_road = vec![false; roads.places.len()];
        for node in roads.ways.iter().filter(|way| way.class != FERRY).flat_map(|way| &way.nodes) {
            on_road[*node as usize] = true;
        }
        Self { roads, profile, dense, on_road }
    }

    /// Deciseconds along a piece of a way and against it, at least one.
    fn times(&self, way: &RoadWay, piece: &[i64], line: &[Coord]) -> (u32, u32) {
        if way.class == FERRY {
            let sailing = self.sailing(way, length_m(line));
            let boarding = |pier: i64| {
                if self.on_road[pier as usize] { self.profile.ferry.wait_minutes * 600.0 } else { 0.0 }
            };
            return (whole(sailing + boarding(piece[0])), whole(sailing + boarding(piece[piece.len() - 1])));
        }
        let class = &self.profile.classes[usize::from(way.class)];
        let kmh = if (self.dense)(middle(line)) { class.dense_kmh } else { class.open_kmh };
        let time = whole(length_m(line) / kmh * 36.0);
        (time, time)
    }

    /// Deciseconds under way on a part of a ferry: its share of the published duration.
    fn sailing(&self, way: &RoadWay, part_m: f64) -> f64 {
        match way.duration_minutes {
            None => part_m / self.profile.ferry.unknown_speed_kmh * 36.0,
            Some(minutes) => {
                let places: Vec<Coord> =
                    way.nodes.iter().map(|node| self.roads.places[*node as usize]).collect();
                let whole_m = length_m(&places);
                minutes * 600.0 * if whole_m > 0.0 { part_m / whole_m } else { 1.0 }
            }
        }
    }
}

/// Whole deciseconds of an open edge.
fn whole(deciseconds: f64) -> u32 {
    (deciseconds.round() as u32).clamp(1, CLOSED - 1)
}

fn length_m(line: &[Coord]) -> f64 {
    line.windows(2).map(|ends| short_m(ends[0], ends[1])).sum()
}

/// The place at half the length of a line.
fn middle(line: &[Coord]) -> Coord {
    let mut rest_m = length_m(line) / 2.0;
    for ends in line.windows(2) {
        let step_m = short_m(ends[0], ends[1]);
        if step_m >= rest_m && step_m > 0.0 {
            return ends[0] + (ends[1] - ends[0]) * (rest_m / step_m);
        }
        rest_m -= step_m;
    }
    line[0]
}

fn arcs(nodes: usize, edges: &[Edge]) -> (Arcs, Arcs) {
    let mut leaving = Vec::with_capacity(edges.len() * 2);
    let mut arriving = Vec::with_capacity(edges.len() * 2);
    let mut add = |from: u32, to: u32, weight: u32| {
        if weight != CLOSED {
            leaving.push((from, Arc { node: to, weight }));
            arriving.push((to, Arc { node: from, weight }));
        }
    };
    for edge in edges {
        add(edge.from, edge.to, edge.forward);
        add(edge.to, edge.from, edge.backward);
    }
    (Arcs::new(nodes, &leaving), Arcs::new(nodes, &arriving))
}
