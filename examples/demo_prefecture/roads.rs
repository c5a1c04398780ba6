//! Roads: main roads as cheapest paths over the terrain, a tree of lanes to every settlement,
//! street grids in the towns, one motorway, one pass, one tunnel, one ferry.
//!
//! Junctions lie on a lattice of half raster cells: (2c, 2r) is the centre of raster cell (c, r).

use super::chance::{lattice, noise};
use super::pbf::Extract;
use super::place::{Km, MUNICIPALITIES, distance, municipality};
use super::population::Cell;
use super::road_map::{MapWriter, crosses_river};
use super::terrain::{
    CELL_HEIGHT, CELL_WIDTH, COLUMNS, Owner, ROWS, Terrain, cell_at, centre, column_row, index, spread,
};
use std::collections::{BTreeMap, BTreeSet};

/// A place on the lattice; places off the lattice have negative numbers.
pub type Node = (i32, i32);

/// Classes in order of rank.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Class {
    Trunk,
    Primary,
    Secondary,
    Tertiary,
    Unclassified,
    Residential,
    Service,
    Track,
}

impl Class {
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Trunk => "trunk",
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Tertiary => "tertiary",
            Self::Unclassified => "unclassified",
            Self::Residential => "residential",
            Self::Service => "service",
            Self::Track => "track",
        }
    }
}

/// What the edges of one road have in common; the smaller one wins where roads share an edge.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Road {
    pub class: Class,
    pub reference: &'static str,
    pub name: &'static str,
    pub private: bool,
}

const fn plain(class: Class) -> Road {
    Road { class, reference: "", name: "", private: false }
}

/// A stop of a main road.
enum Stop {
    Town(&'static str),
    At(Km),
}
use Stop::{At, Town};

struct Course {
    road: Road,
    stops: &'static [Stop],
}

const fn course(class: Class, reference: &'static str, name: &'static str, stops: &'static [Stop]) -> Course {
    Course { road: Road { class, reference, name, private: false }, stops }
}

/// Easting of the pass and of the tunnel.
const PASS_X: f64 = 16.8;
const TUNNEL_X: f64 = 42.0;
/// The harbours of the ferry, drawn to the nearest shore of their municipality.
const MAINLAND_HARBOUR: (&str, Km) = ("48321", (36.8, 17.6));
const ISLAND_HARBOUR: (&str, Km) = ("48381", (39.0, 11.2));

#[rustfmt::skip]
const COURSES: &[Course] = &[
    course(Class::Trunk, "901", "国道901号", &[Town("48206"), Town("48203"), Town("48322"), Town("48201"), Town("48303"), Town("48202"), Town("48301")]),
    course(Class::Trunk, "902", "国道902号", &[Town("48201"), Town("48204"), Town("48345")]),
    course(Class::Trunk, "903", "国道903号", &[Town("48365"), Town("48362"), Town("48205"), Town("48363"), Town("48361")]),
    course(Class::Primary, "1", "主要地方道汐見竹之瀬鷹瀬線", &[Town("48201"), Town("48321"), Town("48323"), Town("48203")]),
    course(Class::Primary, "2", "主要地方道鷹瀬鷹上線", &[Town("48203"), Town("48341")]),
    course(Class::Primary, "3", "主要地方道汐見浅水野線", &[Town("48201"), Town("48302"), At((63.9, 34.6)), Town("48202")]),
    course(Class::Primary, "4", "主要地方道楠原杉谷野線", &[Town("48204"), Town("48342")]),
    course(Class::Primary, "5", "主要地方道灘浜岩滝野線", &[Town("48202"), Town("48344")]),
    course(Class::Primary, "6", "主要地方道鐘ノ浜線", &[Town("48303"), Town("48304"), Town("48202")]),
    course(Class::Primary, "7", "主要地方道稲穂野楠原線", &[Town("48322"), At((38.6, 37.6)), At((41.4, 40.6)), Town("48204")]),
    course(Class::Primary, "8", "主要地方道磯辺野栃平線", &[Town("48205"), Town("48364")]),
    course(Class::Secondary, "12", "県道霧ヶ沢鷹瀬線", &[Town("48343"), Town("48203")]),
    course(Class::Secondary, "13", "県道浅水野杉谷野線", &[Town("48302"), At((57.2, 43.2)), Town("48342")]),
    course(Class::Secondary, "14", "県道浅水野塩田原線", &[Town("48302"), Town("48303")]),
    course(Class::Secondary, "15", "県道白帆岩滝野線", &[Town("48301"), At((73.2, 43.6)), Town("48344")]),
    course(Class::Secondary, "16", "県道荒磯野栃平線", &[Town("48362"), Town("48364")]),
    course(Class::Secondary, "17", "県道岬野海岸線", &[Town("48206"), At((7.6, 16.0)), At((15.5, 19.5)), At((23.0, 21.5)), Town("48323")]),
    course(Class::Secondary, "18", "県道岬野鷹上線", &[Town("48206"), At((9.6, 36.0)), At((12.6, 41.6)), Town("48341")]),
    course(Class::Secondary, "19", "県道稲穂野松ヶ浦線", &[Town("48322"), At((35.0, 27.4)), Town("48321")]),
    course(Class::Secondary, "20", "県道灘浜海岸線", &[Town("48202"), At((77.0, 33.0)), Town("48301")]),
    course(Class::Secondary, "21", "県道北浦野海岸線", &[Town("48361"), At((74.5, 58.0)), At((77.5, 54.0))]),
    course(Class::Secondary, "22", "県道凪島循環線", &[At((38.0, 10.0)), Town("48381"), At((40.9, 7.6)), At((38.3, 7.6))]),
    course(Class::Tertiary, "", "", &[Town("48323"), At((32.4, 29.6)), Town("48322")]),
    course(Class::Tertiary, "", "", &[Town("48204"), At((53.2, 39.4)), Town("48302")]),
    course(Class::Tertiary, "", "", &[Town("48201"), At((52.5, 31.0)), Town("48303")]),
];

const PASS: Road =
    Road { class: Class::Secondary, reference: "11", name: "県道霧越峠線", private: false };
const TUNNEL: Road = Road { class: Class::Trunk, reference: "902", name: "国道902号", private: false };

/// Forest tracks: where they end, and whether a gate closes them.
#[rustfmt::skip]
const TRACKS: &[(Km, bool)] = &[
    ((28.4, 50.4), true), ((55.6, 50.6), false), ((68.2, 50.4), false), ((31.0, 55.6), false), ((56.0, 55.6), true),
    ((10.4, 46.5), false), ((73.5, 50.0), false), ((36.0, 47.5), false),
];
/// Private service roads (access=private) to a plant and a resort.
const PRIVATE_ROADS: &[Km] = &[(63.4, 15.6), (13.6, 24.2)];

/// Settlements are joined in so many rounds; later lanes branch off earlier ones.
const ROUNDS: usize = 24;

/// A piece of road between two places.
pub struct Edge {
    pub road: Road,
    pub bridge: bool,
    pub tunnel: bool,
}

struct Network<'a> {
    terrain: &'a Terrain,
    edges: BTreeMap<(Node, Node), Edge>,
    /// Unevenness of the ground in each raster cell.
    rough: Vec<f64>,
    /// Places off the lattice.
    placed: BTreeMap<Node, Km>,
}

fn node_of(cell: usize) -> Node {
    let (column, row) = column_row(cell);
    (2 * column as i32, 2 * row as i32)
}

fn ordered(a: Node, b: Node) -> (Node, Node) {
    if a < b { (a, b) } else { (b, a) }
}

pub fn build(terrain: &Terrain, cells: &[Cell]) -> Extract {
    let rough = (0..COLUMNS * ROWS)
        .map(|at| {
            let (x, y) = centre(at);
            1.0 + 0.5 * noise(x / 1.1, y / 1.1, 211)
        })
        .collect();
    let mut network = Network { terrain, edges: BTreeMap::new(), rough, placed: BTreeMap::new() };
    for course in COURSES {
        for pair in course.stops.windows(2) {
            network.lay(course.road, stop_cell(terrain, &pair[0]), stop_cell(terrain, &pair[1]));
        }
    }
    network.cross_ridge();
    let harbours = [MAINLAND_HARBOUR, ISLAND_HARBOUR].map(|harbour| network.reach_harbour(harbour));
    network.reach_settlements(cells);
    let gates = network.lay_tracks();
    network.lay_streets(cells);
    network.split_at_midpoints();
    network.drop_fragments(cells);
    let places = network.places();
    network.mark_bridges(&places);
    network.publish(&places, &gates, harbours)
}

fn stop_cell(terrain: &Terrain, stop: &Stop) -> usize {
    match stop {
        Town(code) => cell_at(MUNICIPALITIES[municipality(code)].centre),
        At(place) => nearest_land(terrain, *place, |_| true),
    }
}

/// The land cell nearest to a place among those that pass.
fn nearest_land(terrain: &Terrain, place: Km, passes: impl Fn(usize) -> bool) -> usize {
    (0..COLUMNS * ROWS)
        .filter(|at| terrain.municipality(*at).is_some() && passes(*at))
        .min_by(|a, b| distance(centre(*a), place).total_cmp(&distance(centre(*b), place)))
        .expect("there is land")
}

impl Network<'_> {
    fn is_north(&self, at: usize) -> Option<bool> {
        self.terrain.municipality(at).map(|position| MUNICIPALITIES[position].is_north())
    }

    /// Cost of building from one raster cell to its neighbour: dear where steep or high, nothing
    /// through the sea or over the crest.
    fn effort(&self, a: usize, b: usize) -> Option<f64> {
        if self.is_north(a)? != self.is_north(b)? {
            return None;
        }
        let cost = distance(centre(a), centre(b))
            * (self.rough[b] + 16.0 * self.terrain.slope(a, b) + self.terrain.height[b] / 350.0);
        let built = self.edges.contains_key(&ordered(node_of(a), node_of(b)));
        Some(if built { cost * 0.5 } else { cost })
    }

    fn join(&mut self, a: Node, b: Node, road: Road) {
        let edge = self.edges.entry(ordered(a, b)).or_insert(Edge { road, bridge: false, tunnel: false });
        edge.road = edge.road.min(road);
    }

    /// Builds the cheapest way between two raster cells.
    fn lay(&mut self, road: Road, from: usize, to: usize) {
        let reached = spread([(from, 0.0)], |a, b| self.effort(a, b));
        let mut at = to;
        while at != from && reached[at].1 != usize::MAX {
            let before = reached[at].1;
            self.join(node_of(before), node_of(at), road);
            at = before;
        }
    }

    fn nodes(&self) -> BTreeSet<Node> {
        self.edges.keys().flat_map(|(a, b)| [*a, *b]).collect()
    }

    /// The raster cells that the network touches.
    fn touched(&self) -> Vec<usize> {
        self.nodes()
            .into_iter()
            .filter(|(u, v)| *u >= 0 && u % 2 == 0 && v % 2 == 0)
            .map(|(u, v)| index(u as usize / 2, v as usize / 2))
            .collect()
    }

    /// The first row north of the crest in a column.
    fn first_north_row(&self, column: usize) -> usize {
        (0..ROWS)
            .find(|row| self.is_north(index(column, *row)) == Some(true))
            .expect("the crest crosses every column")
    }

    /// The two ways over the ridge: the winding pass and the straight tunnel.
    fn cross_ridge(&mut self) {
        let column = (PASS_X / CELL_WIDTH) as usize;
        let row = self.first_north_row(column);
        let (south, north) = (index(column, row - 3), index(column, row + 2));
        self.lay(PASS, cell_at(MUNICIPALITIES[municipality("48341")].centre), south);
        self.lay(PASS, cell_at(MUNICIPALITIES[municipality("48362")].centre), north);
        let (from, to) = (centre(south), centre(north));
        let bends: Vec<Km> =
            [(0.42, 0.12), (-0.3, 0.24), (0.36, 0.37), (-0.1, 0.5), (0.34, 0.62), (-0.32, 0.75), (0.3, 0.88)]
                .iter()
                .map(|(aside, along)| (from.0 + aside, from.1 + (to.1 - from.1) * along))
                .collect();
        self.string(node_of(south), &bends, node_of(north), PASS, false);

        let column = (TUNNEL_X / CELL_WIDTH) as usize;
        let row = self.first_north_row(column);
        let (south, north) = (index(column, row - 7), index(column, row + 7));
        self.lay(TUNNEL, cell_at(MUNICIPALITIES[municipality("48345")].centre), south);
        self.lay(TUNNEL, cell_at(MUNICIPALITIES[municipality("48205")].centre), north);
        let (from, to) = (centre(south), centre(north));
        let inner = [0.33, 0.67].map(|along| (from.0 + 0.05, from.1 + (to.1 - from.1) * along));
        self.string(node_of(south), &inner, node_of(north), TUNNEL, true);
    }

    /// A chain through places off the lattice.
    fn string(&mut self, from: Node, through: &[Km], to: Node, road: Road, tunnel: bool) {
        let mut before = from;
        let mut chain = Vec::new();
        for place in through {
            let node = self.place(*place);
            chain.push((before, node));
            before = node;
        }
        chain.push((before, to));
        for (a, b) in chain {
            self.edges.insert(ordered(a, b), Edge { road, bridge: false, tunnel });
        }
    }

    /// A new place off the lattice.
    fn place(&mut self, at: Km) -> Node {
        let node = (-1 - self.placed.len() as i32, -1);
        self.placed.insert(node, at);
        node
    }

    fn reach_harbour(&mut self, (code, near): (&str, Km)) -> Node {
        let position = municipality(code);
        let terrain = self.terrain;
        let shore = nearest_land(terrain, near, |at| {
            terrain.municipality(at) == Some(position)
                && super::terrain::side_neighbours(at).any(|next| terrain.owner[next] == Owner::Sea)
        });
        let road = Road { class: Class::Secondary, reference: "", name: "港線", private: false };
        self.lay(road, cell_at(MUNICIPALITIES[position].centre), shore);
        node_of(shore)
    }

    /// Lanes to every populated cell, the most populous first, wider where more people live behind
    /// them. A few lonely cells stay without.
    fn reach_settlements(&mut self, cells: &[Cell]) {
        let mut order: Vec<&Cell> = cells.iter().collect();
        order.sort_by_key(|cell| (std::cmp::Reverse(cell.total()), cell.place));
        let mut behind: BTreeMap<(usize, usize), u32> = BTreeMap::new();
        for round in order.chunks(order.len().div_ceil(ROUNDS)) {
            let reached = spread(self.touched().into_iter().map(|at| (at, 0.0)), |a, b| self.effort(a, b));
            for cell in round {
                let mut at = self.doorstep(cell);
                let lonely = reached[at].0 > 5.5 && cell.total() < 24;
                if lonely || reached[at].1 == usize::MAX {
                    continue;
                }
                while reached[at].1 != at {
                    self.join(node_of(reached[at].1), node_of(at), plain(Class::Unclassified));
                    *behind.entry((reached[at].1, at)).or_default() += cell.total();
                    at = reached[at].1;
                }
            }
        }
        for ((a, b), people) in behind {
            if people >= 600 {
                self.join(node_of(a), node_of(b), plain(Class::Tertiary));
            }
        }
    }

    /// The lowest land raster cell of a 500 m cell.
    fn doorstep(&self, cell: &Cell) -> usize {
        let (column, row) = (2 * cell.place.0, 2 * cell.place.1);
        [index(column, row), index(column + 1, row), index(column, row + 1), index(column + 1, row + 1)]
            .into_iter()
            .filter(|at| self.terrain.municipality(*at) == Some(cell.municipality))
            .min_by(|a, b| self.terrain.height[*a].total_cmp(&self.terrain.height[*b]))
            .expect("populated cells have land")
    }

    /// Forest tracks and private roads; returns where gates stand.
    fn lay_tracks(&mut self) -> Vec<Node> {
        let mut gates = Vec::new();
        let wanted = TRACKS.iter().map(|(end, gate)| (plain(Class::Track), *end, *gate));
        let private = Road { class: Class::Service, reference: "", name: "", private: true };
        let wanted = wanted.chain(PRIVATE_ROADS.iter().map(|end| (private, *end, false)));
        for (road, end, gate) in wanted.collect::<Vec<_>>() {
            let reached = spread(self.touched().into_iter().map(|at| (at, 0.0)), |a, b| self.effort(a, b));
            let mut at = nearest_land(self.terrain, end, |_| true);
            while reached[at].1 != at && reached[at].1 != usize::MAX {
                let before = reached[at].1;
                self.join(node_of(before), node_of(at), road);
                if gate && reached[before].1 == before {
                    gates.push(node_of(at));
                }
                at = before;
            }
        }
        gates
    }

    /// Street grids where people live close together: each raster cell, or half of it downtown.
    fn lay_streets(&mut self, cells: &[Cell]) {
        let people: BTreeMap<(i32, i32), u32> =
            cells.iter().map(|cell| ((cell.place.0 as i32, cell.place.1 as i32), cell.total())).collect();
        let dense = |(u, v): Node| people.get(&(u.div_euclid(4), v.div_euclid(4))).copied().unwrap_or(0);
        for (column, row) in people.keys() {
            for (du, dv) in (0..4).flat_map(|du| (0..4).map(move |dv| (du, dv))) {
                let node = (4 * column + du, 4 * row + dv);
                let step = if dense(node) >= 1150 { 1 } else { 2 };
                if du % step != 0 || dv % step != 0 || dense(node) < 330 {
                    continue;
                }
                for next in [(node.0 + step, node.1), (node.0, node.1 + step)] {
                    let left_out =
                        lattice(i64::from(node.0 * 3 + next.0), i64::from(node.1 * 3 + next.1), 17) > 0.74;
                    if dense(next) >= 330 && !left_out && self.is_dry(node) && self.is_dry(next) {
                        let halves = self.edges.contains_key(&ordered(node, next));
                        if !halves {
                            self.join(node, next, plain(Class::Residential));
                        }
                    }
                }
            }
        }
    }

    fn is_dry(&self, (u, v): Node) -> bool {
        self.is_land(((f64::from(u) / 2.0 + 0.5) * CELL_WIDTH, (f64::from(v) / 2.0 + 0.5) * CELL_HEIGHT))
    }

    fn is_land(&self, place: Km) -> bool {
        self.terrain.municipality(cell_at(place)).is_some()
    }

    /// A street that ends in the middle of an edge meets it there.
    fn split_at_midpoints(&mut self) {
        let nodes = self.nodes();
        let halves: Vec<(Node, Node, Node)> = self
            .edges
            .keys()
            .filter(|(a, b)| a.0 >= 0 && b.0 >= 0 && (a.0 + b.0) % 2 == 0 && (a.1 + b.1) % 2 == 0)
            .map(|(a, b)| (*a, (i32::midpoint(a.0, b.0), i32::midpoint(a.1, b.1)), *b))
            .filter(|(a, middle, b)| middle != a && middle != b && nodes.contains(middle))
            .collect();
        for (a, middle, b) in halves {
            if let Some(edge) = self.edges.remove(&(a, b)) {
                self.join(a, middle, edge.road);
                self.join(middle, b, edge.road);
            }
        }
    }

    fn neighbours(&self) -> BTreeMap<Node, Vec<Node>> {
        let mut next: BTreeMap<Node, Vec<Node>> = BTreeMap::new();
        for (a, b) in self.edges.keys() {
            next.entry(*a).or_default().push(*b);
            next.entry(*b).or_default().push(*a);
        }
        next
    }

    /// Streets that hang together with no main road go.
    fn drop_fragments(&mut self, cells: &[Cell]) {
        let next = self.neighbours();
        let island = cells.iter().find(|cell| MUNICIPALITIES[cell.municipality].code == ISLAND_HARBOUR.0);
        let starts = [
            cell_at(MUNICIPALITIES[0].centre),
            cell_at(MUNICIPALITIES[island.expect("the island is lived on").municipality].centre),
        ];
        let mut kept: BTreeSet<Node> = starts.iter().map(|at| node_of(*at)).collect();
        let mut open: Vec<Node> = kept.iter().copied().collect();
        while let Some(node) = open.pop() {
            for other in next.get(&node).into_iter().flatten() {
                if kept.insert(*other) {
                    open.push(*other);
                }
            }
        }
        self.edges.retain(|(a, _), _| kept.contains(a));
    }

    /// Where each node lies: the lattice, bent a little; roads between junctions drawn smooth.
    fn places(&self) -> BTreeMap<Node, Km> {
        let next = self.neighbours();
        let mut places: BTreeMap<Node, Km> =
            next.keys().map(|node| (*node, self.first_place(*node))).collect();
        for _ in 0..5 {
            let before = places.clone();
            for (node, place) in &mut places {
                let around = &next[node];
                if around.len() == 2 && node.0 >= 0 {
                    let (a, b) = (before[&around[0]], before[&around[1]]);
                    let drawn = (
                        f64::midpoint(place.0, f64::midpoint(a.0, b.0)),
                        f64::midpoint(place.1, f64::midpoint(a.1, b.1)),
                    );
                    if self.is_land(drawn) {
                        *place = drawn;
                    }
                }
            }
        }
        places
    }

    fn first_place(&self, node: Node) -> Km {
        if let Some(place) = self.placed.get(&node) {
            return *place;
        }
        let (x, y) =
            ((f64::from(node.0) / 2.0 + 0.5) * CELL_WIDTH, (f64::from(node.1) / 2.0 + 0.5) * CELL_HEIGHT);
        let bend = |seed| 0.17 * noise(x / 2.6, y / 2.6, seed);
        let jitter = |seed| 0.02 * lattice(i64::from(node.0), i64::from(node.1), seed);
        let bent = (x + bend(301) + jitter(303), y + bend(302) + jitter(304));
        if self.is_land(bent) { bent } else { (x, y) }
    }

    fn mark_bridges(&mut self, places: &BTreeMap<Node, Km>) {
        for ((a, b), edge) in &mut self.edges {
            edge.bridge =
                !edge.tunnel && edge.road.class <= Class::Residential && crosses_river(places[a], places[b]);
        }
    }

    fn publish(&self, places: &BTreeMap<Node, Km>, gates: &[Node], harbours: [Node; 2]) -> Extract {
        let mut map = MapWriter::new(places);
        let roundabout = self.roundabout(places);
        let chains = self.chains(gates, roundabout.map(|(node, _)| node));
        for (nodes, edge) in chains {
            map.chain(&nodes, edge, roundabout);
        }
        if let Some((node, around)) = roundabout {
            map.ring(node, around);
        }
        let junctions: Vec<(Node, Km)> = self
            .edges
            .iter()
            .filter(|(_, edge)| edge.road.class <= Class::Secondary && !edge.tunnel)
            .flat_map(|((a, b), _)| [*a, *b])
            .filter(|node| node.0 >= 0)
            .map(|node| (node, places[&node]))
            .collect();
        map.motorway(&junctions);
        map.ferry(harbours);
        for gate in gates {
            let id = map.node(*gate);
            map.extract
                .node_tags
                .insert(id, vec![("barrier", "gate".to_owned()), ("access", "private".to_owned())]);
        }
        map.extract
    }

    /// A junction of four streets in 稲穂野町 that becomes a roundabout, and its radius.
    fn roundabout(&self, places: &BTreeMap<Node, Km>) -> Option<(Node, f64)> {
        let next = self.neighbours();
        let middle = MUNICIPALITIES[municipality("48322")].centre;
        next.iter()
            .filter(|(node, around)| around.len() == 4 && node.0 >= 0)
            .filter(|(node, _)| distance(places[*node], middle) > 0.6)
            .min_by(|a, b| distance(places[a.0], middle).total_cmp(&distance(places[b.0], middle)))
            .map(|(node, _)| (*node, 0.022))
    }

    /// Runs of edges with the same road and structure between junctions.
    fn chains(&self, gates: &[Node], roundabout: Option<Node>) -> Vec<(Vec<Node>, &Edge)> {
        let next = self.neighbours();
        let edge = |a: Node, b: Node| &self.edges[&ordered(a, b)];
        let alike = |a: &Edge, b: &Edge| (a.road, a.bridge, a.tunnel) == (b.road, b.bridge, b.tunnel);
        let ends = |node: Node| {
            let around = &next[&node];
            around.len() != 2
                || gates.contains(&node)
                || roundabout == Some(node)
                || !alike(edge(node, around[0]), edge(node, around[1]))
        };
        let mut walked: BTreeSet<(Node, Node)> = BTreeSet::new();
        let mut chains = Vec::new();
        // Runs between junctions first, then rings without any.
        for only_ends in [true, false] {
            for (start, around) in next.iter().filter(|(node, _)| !only_ends || ends(**node)) {
                for first in around {
                    if walked.contains(&ordered(*start, *first)) {
                        continue;
                    }
                    let mut chain = vec![*start];
                    let (mut before, mut at) = (*start, *first);
                    loop {
                        walked.insert(ordered(before, at));
                        chain.push(at);
                        if ends(at) || at == *start {
                            break;
                        }
                        let onward =
                            next[&at].iter().copied().find(|other| *other != before).expect("two neighbours");
                        (before, at) = (at, onward);
                    }
                    chains.push((chain, edge(*start, *first)));
                }
            }
        }
        chains
    }
}
