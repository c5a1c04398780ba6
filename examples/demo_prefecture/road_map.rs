//! The road network as OSM nodes and ways, with what is no part of the lattice: the roundabout,
//! the two carriageways of the motorway and the ferry.

use super::pbf::{Extract, Tags, Way};
use super::place::{Km, RIVERS, degrees, distance};
use super::roads::{Class, Edge, Node};
use std::collections::BTreeMap;

/// Centre line of the toll motorway and its interchanges.
#[rustfmt::skip]
const MOTORWAY: &[Km] = &[
    (12.0, 28.6), (17.0, 28.2), (22.0, 27.6), (28.0, 29.6), (34.0, 32.0), (39.0, 35.6), (45.0, 36.4), (51.0, 34.4),
    (57.0, 31.4), (63.0, 31.2), (68.0, 32.6), (71.4, 36.2),
];
const INTERCHANGES: &[Km] = &[(18.4, 28.0), (35.6, 33.0), (45.4, 36.3), (57.2, 31.4), (68.2, 32.6)];

/// Turns nodes and chains into OSM nodes and ways.
pub struct MapWriter<'a> {
    pub extract: Extract,
    ids: BTreeMap<Node, i64>,
    places: &'a BTreeMap<Node, Km>,
}

impl<'a> MapWriter<'a> {
    pub fn new(places: &'a BTreeMap<Node, Km>) -> Self {
        Self { extract: Extract::default(), ids: BTreeMap::new(), places }
    }

    pub fn node(&mut self, node: Node) -> i64 {
        if let Some(id) = self.ids.get(&node) {
            return *id;
        }
        let id = self.point(self.places[&node]);
        self.ids.insert(node, id);
        id
    }

    fn point(&mut self, place: Km) -> i64 {
        self.extract.nodes.push(degrees(place));
        self.extract.nodes.len() as i64
    }

    fn way(&mut self, nodes: Vec<i64>, tags: Tags) {
        self.extract.ways.push(Way { nodes, tags });
    }

    pub fn chain(&mut self, chain: &[Node], edge: &Edge, roundabout: Option<(Node, f64)>) {
        let mut tags: Tags = vec![("highway", edge.road.class.tag().to_owned())];
        if !edge.road.name.is_empty() {
            tags.push(("name", edge.road.name.to_owned()));
        }
        if !edge.road.reference.is_empty() {
            tags.push(("ref", edge.road.reference.to_owned()));
        }
        if edge.road.private {
            tags.push(("access", "private".to_owned()));
        }
        if edge.bridge {
            tags.extend([("bridge", "yes".to_owned()), ("layer", "1".to_owned())]);
        }
        if edge.tunnel {
            tags.extend([
                ("tunnel", "yes".to_owned()),
                ("layer", "-1".to_owned()),
                ("tunnel:name", "背尾トンネル".to_owned()),
            ]);
        }
        let limit = match edge.road.class {
            Class::Trunk if edge.tunnel => Some("50"),
            Class::Trunk if chain.len() > 6 => Some("60"),
            Class::Primary if chain.len() > 8 => Some("50"),
            Class::Residential if chain.len() > 5 => Some("30"),
            _ => None,
        };
        if let Some(limit) = limit {
            tags.push(("maxspeed", limit.to_owned()));
        }
        let ids = (0..chain.len())
            .map(|at| match roundabout {
                Some((middle, radius)) if chain[at] == middle => {
                    let other = if at == 0 { chain[1] } else { chain[at - 1] };
                    self.ring_node(middle, other, radius)
                }
                _ => self.node(chain[at]),
            })
            .collect();
        self.way(ids, tags);
    }

    /// The node of the ring on the side of a neighbour; sides are told apart by their compass point.
    fn ring_node(&mut self, middle: Node, towards: Node, radius: f64) -> i64 {
        let (m, t) = (self.places[&middle], self.places[&towards]);
        let length = distance(m, t);
        let key = (-100_000 - compass(m, t), -1);
        if let Some(id) = self.ids.get(&key) {
            return *id;
        }
        let id = self.point((m.0 + (t.0 - m.0) / length * radius, m.1 + (t.1 - m.1) / length * radius));
        self.ids.insert(key, id);
        id
    }

    /// The ring itself, clockwise as where one drives on the left.
    pub fn ring(&mut self, middle: Node, radius: f64) {
        let m = self.places[&middle];
        // Corners between the arms, so that the ring is round: eight compass points, clockwise.
        let half = radius * 0.707;
        let round = [
            (0.0, radius),
            (half, half),
            (radius, 0.0),
            (half, -half),
            (0.0, -radius),
            (-half, -half),
            (-radius, 0.0),
            (-half, half),
        ];
        let mut ids: Vec<i64> = Vec::new();
        for (dx, dy) in round {
            let key = (-100_000 - compass(m, (m.0 + dx, m.1 + dy)), -1);
            let id = self.ids.get(&key).copied().unwrap_or_else(|| self.point((m.0 + dx, m.1 + dy)));
            ids.push(id);
        }
        ids.push(ids[0]);
        self.way(
            ids,
            vec![
                ("highway", "tertiary".to_owned()),
                ("junction", "roundabout".to_owned()),
                ("oneway", "yes".to_owned()),
            ],
        );
    }

    /// Two one-way carriageways on the left of their direction, with links at the interchanges.
    pub fn motorway(&mut self, junctions: &[(Node, Km)]) {
        let line = rounded(MOTORWAY);
        let offset = |at: usize, aside: f64| {
            let (a, b) = (line[at.saturating_sub(1)], line[(at + 1).min(line.len() - 1)]);
            let length = distance(a, b);
            (line[at].0 - (b.1 - a.1) / length * aside, line[at].1 + (b.0 - a.0) / length * aside)
        };
        let east: Vec<i64> = (0..line.len()).map(|at| self.point(offset(at, 0.013))).collect();
        let west: Vec<i64> = (0..line.len()).map(|at| self.point(offset(at, -0.013))).collect();
        let bridges: Vec<bool> = line.windows(2).map(|pair| crosses_river(pair[0], pair[1])).collect();
        let mut start = 0;
        for at in 1..line.len() {
            if at == line.len() - 1 || bridges[at] != bridges[at - 1] {
                let mut tags: Tags = motorway_tags("motorway");
                tags.extend([
                    ("name", "汐見自動車道".to_owned()),
                    ("ref", "E90".to_owned()),
                    ("maxspeed", "80".to_owned()),
                ]);
                if bridges[start] {
                    tags.extend([("bridge", "yes".to_owned()), ("layer", "1".to_owned())]);
                }
                self.way(east[start..=at].to_vec(), tags.clone());
                self.way(west[start..=at].iter().rev().copied().collect(), tags);
                start = at;
            }
        }
        for place in INTERCHANGES {
            let at = nearest(&line, *place);
            let surface = self.surface(junctions, line[at]);
            let (before, after) = (nearest_before(&line, at), nearest_after(&line, at));
            for (leave, enter, aside) in
                [(east[before], east[after], 0.16), (west[after], west[before], -0.16)]
            {
                let bend = self.point(offset(at, aside));
                self.way(vec![leave, bend, surface], motorway_tags("motorway_link"));
                let bend = self.point(offset(at, aside * 1.4));
                self.way(vec![surface, bend, enter], motorway_tags("motorway_link"));
            }
        }
        let last = line.len() - 1;
        let (west_end, east_end) = (self.surface(junctions, line[0]), self.surface(junctions, line[last]));
        for (from, to) in
            [(west_end, east[0]), (west[0], west_end), (east[last], east_end), (east_end, west[last])]
        {
            self.way(vec![from, to], motorway_tags("motorway_link"));
        }
    }

    /// The junction of main roads nearest to a place.
    fn surface(&mut self, junctions: &[(Node, Km)], place: Km) -> i64 {
        let (node, _) = junctions
            .iter()
            .min_by(|a, b| distance(a.1, place).total_cmp(&distance(b.1, place)))
            .copied()
            .expect("there are main roads");
        self.node(node)
    }

    pub fn ferry(&mut self, [mainland, island]: [Node; 2]) {
        let (from, to) = (self.places[&mainland], self.places[&island]);
        let mut ids = vec![self.node(mainland)];
        for step in 1..6 {
            let t = f64::from(step) / 6.0;
            let aside = 0.9 * t * (1.0 - t);
            ids.push(self.point((from.0 + (to.0 - from.0) * t + aside, from.1 + (to.1 - from.1) * t)));
        }
        ids.push(self.node(island));
        let tags = [
            ("route", "ferry"),
            ("name", "凪島航路"),
            ("duration", "00:20"),
            ("motor_vehicle", "yes"),
            ("foot", "yes"),
        ];
        self.way(ids, tags.map(|(key, value)| (key, value.to_owned())).to_vec());
    }
}

fn motorway_tags(class: &str) -> Tags {
    vec![("highway", class.to_owned()), ("oneway", "yes".to_owned()), ("toll", "yes".to_owned())]
}

/// Compass point 0–7 from one place to another, clockwise from north.
fn compass(from: Km, to: Km) -> i32 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    const TAN_22_5: f64 = 0.414_213_562_373_095;
    let (ax, ay) = (dx.abs(), dy.abs());
    match (dx > 0.0, dy > 0.0) {
        (_, true) if ax < ay * TAN_22_5 => 0,
        (_, false) if ax < ay * TAN_22_5 => 4,
        (true, _) if ay < ax * TAN_22_5 => 2,
        (false, _) if ay < ax * TAN_22_5 => 6,
        (true, true) => 1,
        (true, false) => 3,
        (false, false) => 5,
        (false, true) => 7,
    }
}

/// Chaikin's corner cutting of an open line, four times; the ends stay.
fn rounded(line: &[Km]) -> Vec<Km> {
    let mut points = line.to_vec();
    for _ in 0..4 {
        let mut cut = vec![points[0]];
        for pair in points.windows(2) {
            let at =
                |t: f64| (pair[0].0 + (pair[1].0 - pair[0].0) * t, pair[0].1 + (pair[1].1 - pair[0].1) * t);
            cut.extend([at(0.25), at(0.75)]);
        }
        cut.push(points[points.len() - 1]);
        points = cut;
    }
    points
}

fn nearest(line: &[Km], place: Km) -> usize {
    (0..line.len())
        .min_by(|a, b| distance(line[*a], place).total_cmp(&distance(line[*b], place)))
        .expect("the line has points")
}

/// The point about 600 m before another.
fn nearest_before(line: &[Km], at: usize) -> usize {
    (0..at).rev().find(|other| distance(line[*other], line[at]) > 0.6).unwrap_or(0)
}

/// The point about 600 m after another.
fn nearest_after(line: &[Km], at: usize) -> usize {
    (at + 1..line.len()).find(|other| distance(line[*other], line[at]) > 0.6).unwrap_or(line.len() - 1)
}

fn crosses(a: Km, b: Km, c: Km, d: Km) -> bool {
    let side = |p: Km, q: Km, r: Km| (q.0 - p.0) * (r.1 - p.1) - (q.1 - p.1) * (r.0 - p.0);
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
}

pub fn crosses_river(a: Km, b: Km) -> bool {
    RIVERS.iter().any(|river| river.windows(2).any(|pair| crosses(a, b, pair[0], pair[1])))
}
