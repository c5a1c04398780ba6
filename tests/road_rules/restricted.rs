//! Roads that are driven at the beginning or the end of a journey only.

use super::drawn::{PRIMARY, PRIMARY_KM, RESIDENTIAL, RESIDENTIAL_KM, Scene, TERTIARY, TERTIARY_KM, profile};
use geo::Coord;
use keniki::network::graph::{CLOSED, Edge, Network};
use keniki::network::link::{Direction, Link, times};
use keniki::network::osm::{RoadWay, Roads};
use keniki::network::profile::Access;
use keniki::network::search::{NO_LIMIT, Search};
use proptest::prelude::*;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

const PRIVATE: (&str, &str) = ("access", "private");

#[test]
fn a_private_road_is_no_short_cut_but_leads_to_those_who_live_on_it() {
    // A–P–Q–B is private; from A to B one drives round by C and D.
    let scene = Scene::draw("UAPQBV\n\n\n C  D")
        .way("UA", &[TERTIARY])
        .way("BV", &[TERTIARY])
        .way("APQB", &[RESIDENTIAL, PRIVATE])
        .way("ACDB", &[PRIMARY]);
    let around = 9 * PRIMARY_KM;
    assert_eq!(scene.times('U', 'V'), [Some(2 * TERTIARY_KM + around); 2]);
    assert_eq!(scene.times('U', 'P'), [Some(TERTIARY_KM + RESIDENTIAL_KM); 2]);
    assert_eq!(scene.times('U', 'Q'), [Some(TERTIARY_KM + 2 * RESIDENTIAL_KM); 2]);
    assert_eq!(scene.times('P', 'Q'), [Some(RESIDENTIAL_KM); 2]);
    assert_eq!(scene.times('P', 'V'), [Some(TERTIARY_KM + 2 * RESIDENTIAL_KM); 2]);
}

#[test]
fn a_private_estate_with_two_gates_is_left_and_entered_by_the_nearer_one() {
    // The estate P–Q–R–S has its own junction Q; both ends meet the public road.
    let scene = Scene::draw("UAPQRSBV\n   T\n\n\n C    D")
        .way("UA", &[TERTIARY])
        .way("BV", &[TERTIARY])
        .way("APQ", &[RESIDENTIAL, PRIVATE])
        .way("QRSB", &[RESIDENTIAL, PRIVATE])
        .way("QT", &[RESIDENTIAL, PRIVATE])
        .way("ACDB", &[PRIMARY]);
    let network = scene.network();
    assert_eq!(network.copies().count(), 2, "Q and T are inside");
    assert_eq!(scene.times('U', 'T'), [Some(TERTIARY_KM + 3 * RESIDENTIAL_KM); 2]);
    assert_eq!(scene.times('T', 'V'), [Some(TERTIARY_KM + 4 * RESIDENTIAL_KM); 2]);
    assert_eq!(scene.times('T', 'S'), [Some(3 * RESIDENTIAL_KM); 2], "inside one stays inside");
    let around = 13 * PRIMARY_KM;
    assert_eq!(scene.times('U', 'V'), [Some(2 * TERTIARY_KM + around); 2]);
}

#[test]
fn what_lies_behind_a_private_road_or_gate_is_reached_through_it() {
    // The villas W–X–Y have public tags, but the only way to them is private.
    for villas in [
        Scene::draw("UABC WXYZ")
            .way("CW", &[TERTIARY, PRIVATE])
            .way("WXYZ", &[TERTIARY])
            .way("UABC", &[TERTIARY]),
        Scene::draw("UABC WXYZ")
            .way("UABCWXYZ", &[TERTIARY])
            .node('C', &[("barrier", "gate"), ("access", "private")]),
        Scene::draw("UABC WXYZ")
            .way("UABC", &[TERTIARY])
            .way("CWXYZ", &[TERTIARY])
            .node('C', &[("barrier", "gate"), ("locked", "yes")]),
    ] {
        let [there, back] = villas.times('B', 'X').map(|time| time.expect("a way"));
        // The gate itself takes the shortest time there is.
        assert!((4 * TERTIARY_KM..=4 * TERTIARY_KM + 1).contains(&there), "{there}");
        assert_eq!(there, back);
        assert_eq!(villas.time('W', 'Y'), Some(2 * TERTIARY_KM));
    }
    let walled = Scene::draw("UABC WXYZ").way("UABCWXYZ", &[TERTIARY]).node('C', &[("barrier", "bollard")]);
    assert_eq!(walled.times('B', 'X'), [None, None], "no car passes a bollard");
}

#[test]
fn crossing_roads_at_a_private_gate_are_cut_from_each_other() {
    let scene = Scene::draw("  N\nW G E\n  S")
        .way("WGE", &[TERTIARY])
        .way("NGS", &[TERTIARY])
        .way("WN", &[PRIMARY])
        .way("NE", &[PRIMARY])
        .way("ES", &[PRIMARY])
        .node('G', &[("barrier", "gate"), ("access", "private")]);
    let time = scene.time('W', 'E').expect("round the gate");
    assert!(time > 4 * PRIMARY_KM, "{time}");
}

/// A journey is: destination-only roads, then open roads, then destination-only roads; whoever is at an open
/// junction is on the open roads. Plain Dijkstra over (junction, phase), without layers or copies.
fn oracle(network: &Network, origin: &Link, other: &Link) -> Option<u32> {
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    enum Phase {
        Leaving,
        Open,
        Arriving,
    }
    let is_open = |node: u32| {
        network.edges.iter().any(|edge| !edge.road.destination && (edge.from == node || edge.to == node))
    };
    let drives = |edge: &Edge| [(edge.from, edge.to, edge.forward), (edge.to, edge.from, edge.backward)];
    let parts = |link: &Link, direction: usize| {
        let edge = &network.edges[link.edge as usize];
        let (from, to, weight) = drives(edge)[direction];
        let fraction = if direction == 0 { link.fraction } else { 1.0 - link.fraction };
        let before = (f64::from(weight) * fraction).round() as u32;
        (weight != CLOSED).then(|| (from, before, to, weight - before))
    };
    let stands_on = |link: &Link| {
        let edge = &network.edges[link.edge as usize];
        [(0.0, edge.from), (1.0, edge.to)].into_iter().find(|(end, _)| *end == link.fraction)
    };
    let mut best: BTreeMap<(u32, Phase), u32> = BTreeMap::new();
    let mut queue = BinaryHeap::new();
    let begin = |node: u32| (node, if is_open(node) { Phase::Open } else { Phase::Leaving });
    for direction in 0..2 {
        if let Some((_, _, to, rest)) = parts(origin, direction) {
            queue.push(Reverse((origin.leg + rest, begin(to))));
        }
    }
    if let Some((_, node)) = stands_on(origin) {
        queue.push(Reverse((origin.leg, begin(node))));
    }
    while let Some(Reverse((time, (node, phase)))) = queue.pop() {
        if best.contains_key(&(node, phase)) {
            continue;
        }
        best.insert((node, phase), time);
        for edge in &network.edges {
            for (_, to, weight) in
                drives(edge).into_iter().filter(|(from, _, weight)| *from == node && *weight != CLOSED)
            {
                let next = match (phase, edge.road.destination, is_open(to)) {
                    (Phase::Leaving, _, true) => Phase::Open,
                    (Phase::Leaving, _, false) => Phase::Leaving,
                    (Phase::Open, false, _) => Phase::Open,
                    (Phase::Open | Phase::Arriving, true, false) => Phase::Arriving,
                    (Phase::Open, true, true) | (Phase::Arriving, _, _) => continue,
                };
                queue.push(Reverse((time + weight, (to, next))));
            }
        }
    }
    let reached = |node: u32| {
        let phases = [Phase::Leaving, Phase::Open, Phase::Arriving];
        phases.iter().filter_map(|phase| best.get(&(node, *phase))).min().copied()
    };
    let ends = (0..2).filter_map(|direction| {
        let (from, before, ..) = parts(other, direction)?;
        Some(reached(from)? + before + other.leg)
    });
    let there = stands_on(other).and_then(|(_, node)| Some(reached(node)? + other.leg));
    let along = (origin.edge == other.edge).then(|| {
        let edge = &network.edges[origin.edge as usize];
        let step = other.fraction - origin.fraction;
        let weight = if step < 0.0 { edge.backward } else { edge.forward };
        let drive = (f64::from(weight) * step.abs()).round() as u32;
        (step == 0.0 || weight != CLOSED).then(|| origin.leg + other.leg + drive)
    });
    ends.chain(there).chain(along.flatten()).min()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn times_over_restricted_roads_equal_those_of_a_search_over_the_phases_of_a_journey(
        nodes in 2_usize..14,
        ways in prop::collection::vec((0_usize..1_000, 0_usize..1_000, 0_u8..4, 0_u8..16, 0_u8..5), 1..26),
        places in prop::collection::vec((0_usize..1_000, 0_u8..5, 0_u32..200), 6),
    ) {
        let at = |node: usize| Coord { x: (node * 7 % 13) as f64 / 100.0, y: (node * 5 % 11) as f64 / 100.0 };
        let way = |(id, (a, b, one_way, class, access)): (i64, (usize, usize, u8, u8, u8))| RoadWay {
            id,
            class,
            forward: one_way != 1,
            backward: one_way != 2,
            access: if access < 2 { Access::Destination } else { Access::Open },
            nodes: vec![(a % nodes) as i64, (b % nodes) as i64],
            ..RoadWay::default()
        };
        let roads = Roads {
            ways: (0..).zip(ways).map(way).collect(),
            places: (0..nodes).map(at).collect(),
            ..Roads::default()
        };
        let network = Network::new(&roads, &profile(), |_| false);
        let links: Vec<Link> = places
            .into_iter()
            .map(|(edge, quarter, leg)| Link {
                edge: (edge % network.edges.len()) as u32,
                fraction: f64::from(quarter) / 4.0,
                leg,
            })
            .collect();
        let others: Vec<Option<Link>> = links.iter().copied().map(Some).collect();
        let mut search = Search::new(network.nodes.len());
        for origin in &links {
            let there = times(&network, &mut search, origin, &others, Direction::Outward, NO_LIMIT.0);
            let back = times(&network, &mut search, origin, &others, Direction::Inward, NO_LIMIT.0);
            for (at, other) in links.iter().enumerate() {
                prop_assert_eq!(there[at], oracle(&network, origin, other));
                prop_assert_eq!(back[at], oracle(&network, other, origin));
            }
        }
    }

    #[test]
    fn open_roads_hang_together_wherever_roads_do(
        nodes in 2_usize..30,
        ways in prop::collection::vec((0_usize..1_000, 0_usize..1_000, any::<bool>()), 1..40),
    ) {
        let way = |(id, (a, b, open)): (i64, (usize, usize, bool))| RoadWay {
            id,
            forward: true,
            backward: true,
            access: if open { Access::Open } else { Access::Destination },
            nodes: vec![(a % nodes) as i64, (b % nodes) as i64],
            ..RoadWay::default()
        };
        let place = |node: usize| Coord { x: (node * 7 % 13) as f64 / 100.0, y: node as f64 / 100.0 };
        let roads = Roads {
            ways: (0..).zip(&ways).map(|(id, drawn)| way((id, *drawn))).collect(),
            places: (0..nodes).map(place).collect(),
            ..Roads::default()
        };
        let network = Network::new(&roads, &profile(), |_| false);
        let reach = |from: u32, allowed: &dyn Fn(&Edge) -> bool| {
            let mut seen = vec![from];
            let mut at = 0;
            while at < seen.len() {
                for edge in network.edges.iter().filter(|edge| allowed(edge)) {
                    for (a, b) in [(edge.from, edge.to), (edge.to, edge.from)] {
                        if a == seen[at] && !seen.contains(&b) {
                            seen.push(b);
                        }
                    }
                }
                at += 1;
            }
            seen
        };
        for edge in network.edges.iter().filter(|edge| !edge.road.destination) {
            prop_assert!(ways[edge.way as usize].2, "a private road never becomes open");
            let all = reach(edge.from, &|_| true);
            let open = reach(edge.from, &|edge| !edge.road.destination);
            for other in network.edges.iter().filter(|other| !other.road.destination) {
                prop_assert!(!all.contains(&other.from) || open.contains(&other.from));
            }
        }
        // Where there was an open road, one is left.
        for (number, edge) in (0_u32..).zip(&network.edges).filter(|(_, edge)| ways[edge.way as usize].2) {
            let all = reach(edge.from, &|_| true);
            let left = network.edges.iter().any(|edge| !edge.road.destination && all.contains(&edge.from));
            prop_assert!(left, "edge {number}");
        }
    }
}
