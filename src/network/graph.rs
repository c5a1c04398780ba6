//! The road graph: junctions, edges with what they are and their geometry, and the arcs that cars may drive.

use crate::geometry::plane::short_m;
use crate::network::osm::{FERRY, RoadWay, Roads};
use crate::network::profile::{Access, Profile};
use crate::network::restricted::{demote, interior};
use crate::network::weights::{Conditions, Weights};
use geo::Coord;
use rayon::prelude::*;
use std::num::NonZeroU8;
use std::ops::Range;
use std::sync::Arc as Shared;

/// Weight of a direction in which cars may not drive. An arc with this weight leads nowhere: a time
/// plus it saturates at [`crate::network::search::UNREACHED`].
pub const CLOSED: u32 = u32::MAX;

/// A piece of road between two junctions or ends, without junction inside.
#[derive(Clone, Debug, PartialEq)]
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
    /// OpenStreetMap id of its way.
    pub way: i64,
    /// What else its time depends on.
    pub road: Attributes,
    /// Where its geometry lies among the corners of the network's edges.
    pub shape: Range<usize>,
}

/// What a road is, apart from how long it takes. Pairs are along the geometry and against it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Attributes {
    /// Whether cars may drive, whatever the season.
    pub drivable: [bool; 2],
    /// Whether its middle lies in a densely inhabited place.
    pub dense: bool,
    /// Whether it is driven at the beginning or the end of journeys only.
    pub destination: bool,
    /// Whether it is closed in the season of snow.
    pub winter_closed: bool,
    /// Whether it is a bridge or a tunnel.
    pub structure: bool,
    /// Whether cars pay.
    pub toll: bool,
    /// Speed limit in km/h, where told.
    pub limit_kmh: [Option<NonZeroU8>; 2],
    /// Traffic signals met, the one at the end included.
    pub signals: [u8; 2],
    /// Whether it ends at a junction of three or more roads without a signal.
    pub ends_at_junction: [bool; 2],
    /// Deciseconds under way of a ferry whose duration is told.
    pub sailing: Option<u32>,
    /// Whether cars wait to board the ferry where it begins.
    pub boards: [bool; 2],
}

/// One direction of an edge, seen from the junction in whose list it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arc {
    /// The junction at the other end.
    pub node: u32,
    /// Deciseconds, or [`CLOSED`].
    pub weight: u32,
}

/// Arcs of all junctions, one after the other (compressed sparse rows).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arcs {
    first: Vec<u32>,
    arcs: Vec<Arc>,
    drives: Vec<u32>,
}

/// An arc before it is sorted into rows: `drive` is twice the position of its edge, plus one when it
/// goes against the geometry.
struct Step {
    from: u32,
    to: u32,
    drive: u32,
}

/// Instead of a drive: from the leaving to the arriving copy of a junction, which takes no time.
const TURN: u32 = u32::MAX;

impl Arcs {
    /// From steps in any order; within a junction their order is kept.
    fn new(nodes: usize, steps: &[Step], ends: impl Fn(&Step) -> (u32, u32)) -> Self {
        let mut first = vec![0; nodes + 1];
        for step in steps {
            first[ends(step).0 as usize + 1] += 1;
        }
        for node in 0..nodes {
            first[node + 1] += first[node];
        }
        let mut next = first.clone();
        let mut arcs = vec![Arc { node: 0, weight: 0 }; steps.len()];
        let mut drives = vec![TURN; steps.len()];
        for step in steps {
            let (node, other) = ends(step);
            let slot = &mut next[node as usize];
            arcs[*slot as usize].node = other;
            drives[*slot as usize] = step.drive;
            *slot += 1;
        }
        Self { first, arcs, drives }
    }

    /// Arcs of one junction.
    #[must_use]
    pub fn of(&self, node: u32) -> &[Arc] {
        &self.arcs[self.first[node as usize] as usize..self.first[node as usize + 1] as usize]
    }

    /// Arcs of one junction, each with the position of its edge; `None` for the step from the leaving
    /// to the arriving copy.
    pub fn with_edges(&self, node: u32) -> impl Iterator<Item = (Arc, Option<u32>)> {
        let first = self.first[node as usize] as usize;
        let drives = self.drives[first..].iter();
        self.of(node).iter().zip(drives).map(|(arc, drive)| (*arc, (*drive != TURN).then_some(drive / 2)))
    }

    fn reweigh(&mut self, weights: &Weights) {
        for (arc, drive) in self.arcs.iter_mut().zip(&self.drives).filter(|(_, drive)| **drive != TURN) {
            let directions = if drive % 2 == 0 { &weights.forward } else { &weights.backward };
            arc.weight = directions[*drive as usize / 2];
        }
    }
}

/// The road network of a study.
///
/// Roads for destinations only are part of it in two layers. A junction at which only such roads meet
/// stands twice in `nodes`: the first, to which edges refer, is where journeys begin and can only be left
/// towards the open roads; the second ([`Network::arriving_at`]) can only be entered from them. An arc of no
/// time leads from the first to the second. A destination-only edge between two open junctions has no
/// arc. So every path in the graph is a journey that the rule allows, and every such journey is a path
/// when it is searched from [`crate::network::link::Link::departures`] to
/// [`crate::network::link::Link::arrivals`].
///
/// Weights may change ([`Network::reweigh`]); nodes, edges and the positions of arcs stay.
#[derive(Clone, Debug)]
pub struct Network {
    /// Places of the junctions; the second copies stand at the end.
    pub nodes: Vec<Coord>,
    /// Edges in the order of the road files.
    pub edges: Vec<Edge>,
    /// Arcs that leave each junction.
    pub leaving: Arcs,
    /// Arcs that arrive at each junction, seen from it.
    pub arriving: Arcs,
    /// Junctions of which the nodes at the end are copies, in order.
    copied: Vec<u32>,
    shapes: Shared<Vec<Coord>>,
}

impl Network {
    /// Builds the graph of road files for a normal day. `dense` tells whether a place is densely inhabited.
    #[must_use]
    pub fn new(roads: &Roads, profile: &Profile, dense: impl Fn(Coord) -> bool + Sync) -> Self {
        let junctions = Junctions::find(roads);
        let (mut edges, shapes) = edges(roads, profile, &junctions);
        edges.par_iter_mut().for_each(|edge| {
            let line = &shapes[edge.shape.clone()];
            edge.length_m = length_m(line);
            edge.road.dense = edge.class != FERRY && dense(middle(line, edge.length_m));
        });
        meet_junctions(junctions.count as usize, &mut edges);
        demote(junctions.count as usize, &mut edges);
        let mut network = Self::from_edges(edges, shapes);
        network.reweigh(&network.weights(profile, &Conditions::default()));
        network
    }

    /// The graph of edges with their weights; `shapes` holds the corners of their geometries, at least
    /// two for each. Every junction is the end of an edge: it is where the geometry ends.
    #[must_use]
    pub fn from_edges(edges: Vec<Edge>, shapes: Vec<Coord>) -> Self {
        let junctions = edges.iter().map(|edge| edge.from.max(edge.to) + 1).max().unwrap_or(0) as usize;
        let mut nodes = vec![Coord { x: 0.0, y: 0.0 }; junctions];
        for edge in &edges {
            nodes[edge.from as usize] = shapes[edge.shape.start];
            nodes[edge.to as usize] = shapes[edge.shape.end - 1];
        }
        let copied = interior(junctions, &edges);
        nodes.extend(copied.iter().map(|node| nodes[*node as usize]).collect::<Vec<_>>());
        let weights = Weights {
            forward: edges.iter().map(|edge| edge.forward).collect(),
            backward: edges.iter().map(|edge| edge.backward).collect(),
            too_long: Vec::new(),
        };
        let mut network = Self {
            nodes,
            edges,
            leaving: Arcs::default(),
            arriving: Arcs::default(),
            copied,
            shapes: Shared::new(shapes),
        };
        let steps = network.steps();
        network.leaving = Arcs::new(network.nodes.len(), &steps, |step| (step.from, step.to));
        network.arriving = Arcs::new(network.nodes.len(), &steps, |step| (step.to, step.from));
        network.reweigh(&weights);
        network
    }

    /// Gives all edges and arcs new weights, as from [`Network::weights`].
    pub fn reweigh(&mut self, weights: &Weights) {
        for (edge, (forward, backward)) in
            self.edges.iter_mut().zip(weights.forward.iter().zip(&weights.backward))
        {
            (edge.forward, edge.backward) = (*forward, *backward);
        }
        self.leaving.reweigh(weights);
        self.arriving.reweigh(weights);
    }

    /// How many junctions there are, without the second copies.
    #[must_use]
    pub fn junctions(&self) -> usize {
        self.nodes.len() - self.copied.len()
    }

    /// The node at which a journey arrives at a junction: its second copy if it has one.
    #[must_use]
    pub fn arriving_at(&self, junction: u32) -> u32 {
        match self.copied.binary_search(&junction) {
            Ok(at) => (self.junctions() + at) as u32,
            Err(_) => junction,
        }
    }

    /// Junctions with a second copy, and the copies.
    pub fn copies(&self) -> impl Iterator<Item = (u32, u32)> {
        self.copied.iter().copied().zip(self.junctions() as u32..)
    }

    /// The arcs of the drivable directions of all edges, in order, then the turns.
    fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::with_capacity(self.edges.len() * 2);
        for (edge, code) in self.edges.iter().zip((0..).step_by(2)) {
            let ends = [(edge.from, edge.to, code), (edge.to, edge.from, code + 1)];
            for ((from, to, drive), _) in ends.into_iter().zip(edge.road.drivable).filter(|(_, open)| *open) {
                if !edge.road.destination {
                    steps.push(Step { from, to, drive });
                    continue;
                }
                let (from_copy, to_copy) = (self.arriving_at(from), self.arriving_at(to));
                if from_copy != from {
                    steps.push(Step { from, to, drive });
                }
                if to_copy != to {
                    steps.push(Step { from: from_copy, to: to_copy, drive });
                }
            }
        }
        steps.extend(self.copies().map(|(from, to)| Step { from, to, drive: TURN }));
        steps
    }

    /// Geometry of an edge, from its `from` to its `to`.
    #[must_use]
    pub fn shape(&self, edge: &Edge) -> &[Coord] {
        &self.shapes[edge.shape.clone()]
    }

    /// For each junction the number of its strongly connected part (all places of a part can
    /// reach each other by car, were roads for destinations only open to all), and the length in
    /// metres of the edges inside each part.
    #[must_use]
    pub fn connected_parts(&self) -> (Vec<u32>, Vec<f64>) {
        let mut graph =
            petgraph::graph::DiGraph::<(), ()>::with_capacity(self.junctions(), self.edges.len() * 2);
        for _ in 0..self.junctions() {
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
        let mut part = vec![0; self.junctions()];
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
}

/// The pieces of all ways as edges, still without length and weight, and their geometries.
fn edges(roads: &Roads, profile: &Profile, junctions: &Junctions) -> (Vec<Edge>, Vec<Coord>) {
    let mut is_signal = vec![false; roads.places.len()];
    roads.signals.iter().for_each(|node| is_signal[*node as usize] = true);
    let on_road = on_road(roads);
    let mut edges = Vec::with_capacity(roads.ways.iter().map(|way| junctions.pieces(way).count()).sum());
    let mut shapes = Vec::with_capacity(roads.ways.iter().map(|way| way.nodes.len()).sum());
    for way in &roads.ways {
        let linkable = profile.classes.get(usize::from(way.class)).is_some_and(|class| class.link);
        for piece in junctions.pieces(way) {
            let begin = shapes.len();
            shapes.extend(piece.iter().map(|node| roads.places[*node as usize]));
            let (first, last) = (piece[0] as usize, piece[piece.len() - 1] as usize);
            let signals =
                |nodes: &[i64]| nodes.iter().filter(|node| is_signal[**node as usize]).count().min(255) as u8;
            edges.push(Edge {
                from: junctions.number[first],
                to: junctions.number[last],
                class: way.class,
                forward: CLOSED,
                backward: CLOSED,
                length_m: 0.0,
                linkable: linkable && !way.structure,
                way: way.id,
                road: Attributes {
                    drivable: [way.forward, way.backward],
                    dense: false,
                    destination: way.access == Access::Destination,
                    winter_closed: way.winter_closed,
                    structure: way.structure,
                    toll: way.toll,
                    limit_kmh: way.limit_kmh,
                    signals: [signals(&piece[1..]), signals(&piece[..piece.len() - 1])],
                    ends_at_junction: [!is_signal[last], !is_signal[first]],
                    sailing: sailing(roads, way, &shapes[begin..]),
                    boards: [first, last].map(|pier| way.class == FERRY && on_road[pier]),
                },
                shape: begin..shapes.len(),
            });
        }
    }
    (edges, shapes)
}

/// Whether each node is on a road that is no ferry.
fn on_road(roads: &Roads) -> Vec<bool> {
    let mut on_road = vec![false; roads.places.len()];
    for node in roads.ways.iter().filter(|way| way.class != FERRY).flat_map(|way| &way.nodes) {
        on_road[*node as usize] = true;
    }
    on_road
}

/// Deciseconds under way on a part of a ferry: its share of the published duration.
fn sailing(roads: &Roads, way: &RoadWay, part: &[Coord]) -> Option<u32> {
    let deciseconds = way.duration_minutes.filter(|_| way.class == FERRY)? * 600.0;
    let places: Vec<Coord> = way.nodes.iter().map(|node| roads.places[*node as usize]).collect();
    let whole_m = length_m(&places);
    let share = if whole_m > 0.0 { length_m(part) / whole_m } else { 1.0 };
    Some((deciseconds * share).round() as u32)
}

/// Only where three or more roads meet is a junction that costs time.
fn meet_junctions(nodes: usize, edges: &mut [Edge]) {
    let mut ends = vec![0_u32; nodes];
    for edge in &*edges {
        ends[edge.from as usize] += 1;
        ends[edge.to as usize] += 1;
    }
    for edge in edges {
        let [forward, backward] = &mut edge.road.ends_at_junction;
        *forward &= ends[edge.to as usize] >= 3;
        *backward &= ends[edge.from as usize] >= 3;
    }
}

fn length_m(line: &[Coord]) -> f64 {
    line.windows(2).map(|ends| short_m(ends[0], ends[1])).sum()
}

/// The place at half the length of a line of known length.
fn middle(line: &[Coord], length_m: f64) -> Coord {
    let mut rest_m = length_m / 2.0;
    for ends in line.windows(2) {
        let step_m = short_m(ends[0], ends[1]);
        if step_m >= rest_m && step_m > 0.0 {
            return ends[0] + (ends[1] - ends[0]) * (rest_m / step_m);
        }
        rest_m -= step_m;
    }
    line[0]
}
