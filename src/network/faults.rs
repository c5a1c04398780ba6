//! Faults of the map that a planner can have mended: each with the place where it is.
//!
//! None of them stops the work. That many pieces of road do not hang together is no error: islands are
//! reported with their length and their people.

use crate::geometry::plane::{Plane, short_m};
use crate::ingest::finding::{Finding, Severity};
use crate::network::graph::{CLOSED, Edge, Network};
use crate::network::profile::Profile;
use geo::Coord;
use petgraph::unionfind::UnionFind;
use rstar::RTree;
use rstar::primitives::GeomWithData;
use std::collections::BTreeMap;

/// Ends of main roads that point at each other over less than this are one road cut in two.
const GAP_M: f64 = 50.0;

/// Cosine of the angle up to which an end points at the other, 45°.
const POINTS_AT: f64 = 0.707;

/// A finding about the map as a whole or one place on it.
#[must_use]
pub fn finding(
    severity: Severity,
    kind: &str,
    said: String,
    meant: impl Into<String>,
    place: Option<Coord>,
) -> Finding {
    Finding {
        severity,
        kind: kind.to_owned(),
        file: String::new(),
        layer: None,
        row: None,
        field: None,
        said,
        meant: meant.into(),
        // The last digit of OpenStreetMap, about a centimetre.
        place: place.map(|at| [at.x, at.y].map(|degrees| (degrees * 1e7).round() / 1e7)),
    }
}

/// All faults of a network. `people` gives those who are linked to each edge.
#[must_use]
pub fn faults(network: &Network, profile: &Profile, people: &BTreeMap<u32, u64>) -> Vec<Finding> {
    let mut found = cuts(network, profile);
    found.extend(without_length(network));
    found.extend(traps(network, profile));
    found.extend(islands(network, profile, people));
    found
}

/// A dead end of a main road: where it is and the direction in which the road would go on.
#[derive(Clone, Copy)]
struct DeadEnd {
    at: Coord,
    heading: [f64; 2],
    edge: u32,
}

/// Main roads (motorway, trunk) that are cut in two: two dead ends of one class which are near and
/// point at each other. The two carriageways of a road that leaves the map point the same way.
fn cuts(network: &Network, profile: &Profile) -> Vec<Finding> {
    let is_main = |edge: &Edge| {
        let class = profile.classes.get(usize::from(edge.class));
        class.is_some_and(|class| matches!(class.highway.as_str(), "motorway" | "trunk"))
    };
    let mut roads_at = vec![0_u32; network.nodes.len()];
    for edge in &network.edges {
        roads_at[edge.from as usize] += 1;
        roads_at[edge.to as usize] += 1;
    }
    let mut ends = Vec::new();
    for (number, edge) in (0..).zip(&network.edges).filter(|(_, edge)| is_main(edge)) {
        let shape = network.shape(edge);
        let last = shape.len() - 1;
        for (node, at, before) in [(edge.from, shape[0], shape[1]), (edge.to, shape[last], shape[last - 1])] {
            if roads_at[node as usize] == 1 {
                ends.push(DeadEnd { at, heading: heading(before, at), edge: number });
            }
        }
    }
    let Some(first) = ends.first() else { return Vec::new() };
    let plane = Plane::at(first.at.y);
    let near = RTree::bulk_load(
        ends.iter().enumerate().map(|(at, end)| GeomWithData::new(plane.metres(end.at), at)).collect(),
    );
    let mut found = Vec::new();
    for (at, end) in ends.iter().enumerate() {
        let mut others = near.locate_within_distance(plane.metres(end.at), GAP_M * GAP_M);
        let goes_on = others.any(|other| {
            other.data > at && is_cut(end, &ends[other.data]) && {
                let class = |end: &DeadEnd| network.edges[end.edge as usize].class;
                class(end) == class(&ends[other.data])
            }
        });
        if goes_on {
            let way = network.edges[end.edge as usize].way;
            let meant = "幹線道路が途切れています。地図の誤りなら OpenStreetMap の該当箇所を直すと、ここを通る時間が変わります";
            found.push(finding(Severity::Warning, "cut_road", format!("way {way}"), meant, Some(end.at)));
        }
    }
    found
}

fn is_cut(a: &DeadEnd, b: &DeadEnd) -> bool {
    let dot = |a: [f64; 2], b: [f64; 2]| a[0] * b[0] + a[1] * b[1];
    let opposite = dot(a.heading, b.heading) < -POINTS_AT;
    let ahead = short_m(a.at, b.at) < 1.0 || dot(a.heading, heading(a.at, b.at)) > POINTS_AT;
    a.edge != b.edge && opposite && ahead
}

/// Direction from one place to another, of length 1; zero where there is none.
fn heading(from: Coord, to: Coord) -> [f64; 2] {
    let plane = Plane::at(from.y);
    let ([x0, y0], [x1, y1]) = (plane.metres(from), plane.metres(to));
    let length = (x1 - x0).hypot(y1 - y0);
    if length > 0.0 { [(x1 - x0) / length, (y1 - y0) / length] } else { [0.0, 0.0] }
}

/// Roads that lead from a place to the same place. What a private gate joins has no length by design.
fn without_length(network: &Network) -> Vec<Finding> {
    let is_fault = |edge: &&Edge| edge.length_m == 0.0 && !(edge.road.destination && edge.road.structure);
    let tell = |edge: &Edge| {
        let meant = "長さのない道路です。所要時間は0.1秒と数えます";
        let place = Some(network.shape(edge)[0]);
        finding(Severity::Note, "road_without_length", format!("way {}", edge.way), meant, place)
    };
    network.edges.iter().filter(is_fault).map(tell).collect()
}

/// Pieces of road which one can only enter or only leave, by one-way streets: told once each where they
/// meet the rest, if homes open onto them for at least [`crate::network::profile::Fragment::shortest_km`].
fn traps(network: &Network, profile: &Profile) -> Vec<Finding> {
    let (part, length_m) = network.connected_parts();
    let mut whole = UnionFind::new(network.junctions());
    for edge in &network.edges {
        whole.union(edge.from, edge.to);
    }
    // The main part of every piece that hangs together: the one with the most road.
    let mut main: BTreeMap<u32, u32> = BTreeMap::new();
    for (node, part) in (0_u32..).zip(&part) {
        let main = main.entry(whole.find(node)).or_insert(*part);
        if length_m[*part as usize] > length_m[*main as usize] {
            *main = *part;
        }
    }
    let is_main = |node: u32| main[&whole.find(node)] == part[node as usize];
    let mut aside = UnionFind::new(network.junctions());
    for edge in network.edges.iter().filter(|edge| !is_main(edge.from) && !is_main(edge.to)) {
        aside.union(edge.from, edge.to);
    }
    let mut traps: BTreeMap<u32, Trap> = BTreeMap::new();
    for edge in &network.edges {
        match (is_main(edge.from), is_main(edge.to)) {
            (true, true) => {}
            (false, false) => {
                let trap = traps.entry(aside.find(edge.from)).or_default();
                trap.homes_m += if edge.linkable { edge.length_m } else { 0.0 };
            }
            (from_main, _) => {
                let inside = if from_main { edge.to } else { edge.from };
                let (entry, exit) =
                    if from_main { (edge.forward, edge.backward) } else { (edge.backward, edge.forward) };
                let trap = traps.entry(aside.find(inside)).or_default();
                trap.homes_m += if edge.linkable { edge.length_m } else { 0.0 };
                trap.can_enter |= entry != CLOSED;
                trap.can_leave |= exit != CLOSED;
                trap.met.get_or_insert((edge.way, network.nodes[inside as usize]));
            }
        }
    }
    let told = traps.into_values().filter(|trap| trap.homes_m >= profile.fragment.shortest_km * 1_000.0);
    told.filter_map(|trap| {
        let (way, at) = trap.met?;
        let (kind, meant) = match (trap.can_enter, trap.can_leave) {
            (true, false) => ("road_without_exit", "一方通行のため、入ると出られない道路"),
            (false, true) => ("road_without_entry", "一方通行のため、出られても入れない道路"),
            _ => ("one_way_fault", "一方通行のため、互いに行き来できない道路"),
        };
        let meant = format!(
            "{meant}（延長 {:.1} km）。地図の誤りなら OpenStreetMap の oneway を直してください",
            trap.homes_m / 1_000.0
        );
        Some(finding(Severity::Warning, kind, format!("way {way}"), meant, Some(at)))
    })
    .collect()
}

/// Roads beside the main part.
#[derive(Default)]
struct Trap {
    homes_m: f64,
    can_enter: bool,
    can_leave: bool,
    met: Option<(i64, Coord)>,
}

/// Pieces of the network that do not hang together with the longest: the larger ones each, fragments
/// by their number.
fn islands(network: &Network, profile: &Profile, people: &BTreeMap<u32, u64>) -> Vec<Finding> {
    let mut whole = UnionFind::new(network.junctions());
    for edge in &network.edges {
        whole.union(edge.from, edge.to);
    }
    let mut pieces: BTreeMap<u32, Piece> = BTreeMap::new();
    for (number, edge) in (0..).zip(&network.edges) {
        let piece = pieces.entry(whole.find(edge.from)).or_default();
        piece.length_m += edge.length_m;
        piece.people += people.get(&number).copied().unwrap_or(0);
        piece.at.get_or_insert(network.shape(edge)[0]);
    }
    let mut pieces: Vec<Piece> = pieces.into_values().collect();
    pieces.sort_by(|a, b| b.length_m.total_cmp(&a.length_m));
    let long = pieces.partition_point(|piece| piece.length_m >= profile.fragment.shortest_km * 1_000.0);
    let beside = |number: usize| number > 0 && number < long;
    let mut found: Vec<Finding> = pieces.iter().enumerate().filter(|(number, _)| beside(*number)).map(|(_, piece)| {
        let km = piece.length_m / 1_000.0;
        let meant = format!(
            "本体の道路網とつながらない道路網（島など）。ここに結ばれた人口は {} 人で、行き来できるのはこの中だけです",
            piece.people
        );
        finding(Severity::Note, "separate_roads", format!("{km:.1} km"), meant, piece.at)
    }).collect();
    let fragments = &pieces[long.max(1).min(pieces.len())..];
    if !fragments.is_empty() {
        let km = fragments.iter().map(|piece| piece.length_m).sum::<f64>() / 1_000.0;
        let meant = format!(
            "どの道路網ともつながらない延長 {} km 未満の道路の断片（合計 {km:.1} km）。地点は結びません",
            profile.fragment.shortest_km
        );
        found.push(finding(Severity::Note, "road_fragments", fragments.len().to_string(), meant, None));
    }
    found
}

/// Roads that hang together.
#[derive(Default)]
struct Piece {
    length_m: f64,
    people: u64,
    at: Option<Coord>,
}
