//! Travel times against arithmetic, and against another implementation of Dijkstra's algorithm.
//!
//! Scenes are drawn: every letter is a node, its column and row are kilometres. Ways run along the
//! letters that are named.

use geo::{Coord, Point};
use keniki::network::graph::{CLOSED, Network};
use keniki::network::link::{Direction, Link, Linker, times};
use keniki::network::neighbours::{Inhabited, Joined, neighbours};
use keniki::network::osm::{FERRY, RoadWay, Roads};
use keniki::network::profile::Profile;
use keniki::network::search::{Search, UNREACHED};
use keniki::units::Deciseconds;
use proptest::prelude::*;

/// Degrees of one kilometre near the equator, where the scenes lie.
const KM_EAST: f64 = 1.0 / 111.319_490_793;
const KM_NORTH: f64 = 1.0 / 110.574_275_821;

/// 1 km at 40 km/h (primary) and 30 km/h (tertiary) in deciseconds.
const PRIMARY_KM: u32 = 900;
const TERTIARY_KM: u32 = 1_200;

struct Scene {
    letters: Vec<char>,
    roads: Roads,
}

impl Scene {
    fn draw(drawing: &str) -> Self {
        let mut scene = Self { letters: Vec::new(), roads: Roads::default() };
        for (row, line) in drawing.lines().enumerate() {
            for (column, letter) in line.chars().enumerate().filter(|(_, letter)| letter.is_alphabetic()) {
                scene.letters.push(letter);
                scene.roads.places.push(Coord { x: column as f64 * KM_EAST, y: -(row as f64) * KM_NORTH });
            }
        }
        scene
    }

    fn place(&self, letter: char) -> usize {
        self.letters.iter().position(|known| *known == letter).expect("letter is drawn")
    }

    fn way(mut self, nodes: &str, class: &str, change: impl Fn(&mut RoadWay)) -> Self {
        let class = profile().classes.iter().position(|known| known.highway == class);
        let mut way = RoadWay {
            id: self.roads.ways.len() as i64,
            class: class.map_or(FERRY, |at| at as u8),
            forward: true,
            backward: true,
            nodes: nodes.chars().map(|letter| self.place(letter) as i64).collect(),
            ..RoadWay::default()
        };
        change(&mut way);
        self.roads.ways.push(way);
        self
    }

    fn network(&self) -> Network {
        Network::new(&self.roads, &profile(), |_| false)
    }

    fn at(&self, letter: char) -> Point {
        self.roads.places[self.place(letter)].into()
    }

    /// Deciseconds between two letters.
    fn time(&self, origin: char, other: char, direction: Direction) -> Option<u32> {
        let (network, profile) = (self.network(), profile());
        let linker = Linker::new(&network, &profile, 0.0);
        let (origin, other) = (linker.link(self.at(origin)).expect("linked"), linker.link(self.at(other)));
        let mut search = Search::new(network.nodes.len());
        times(&network, &mut search, &origin, &[other], direction, UNREACHED - 1)[0]
    }
}

fn profile() -> Profile {
    Profile::planning().expect("the shipped table is whole")
}

#[test]
fn times_on_a_grid_are_what_arithmetic_says() {
    let scene = Scene::draw("ABC\nDEF\nGHI")
        .way("ABC", "primary", |_| {})
        .way("DEF", "tertiary", |_| {})
        .way("GHI", "tertiary", |_| {})
        .way("ADG", "tertiary", |_| {})
        .way("BEH", "tertiary", |_| {})
        .way("CFI", "tertiary", |_| {});
    assert_eq!(scene.time('A', 'C', Direction::Outward), Some(2 * PRIMARY_KM));
    assert_eq!(scene.time('A', 'I', Direction::Outward), Some(2 * PRIMARY_KM + 2 * TERTIARY_KM));
    assert_eq!(scene.time('D', 'F', Direction::Outward), Some(2 * TERTIARY_KM));
    assert_eq!(scene.time('G', 'A', Direction::Inward), Some(2 * TERTIARY_KM));
    assert_eq!(scene.time('E', 'E', Direction::Outward), Some(0));
}

#[test]
fn a_one_way_street_is_driven_one_way() {
    let scene = Scene::draw("AB\nCD").way("AB", "primary", |way| way.backward = false).way(
        "BDCA",
        "tertiary",
        |_| {},
    );
    assert_eq!(scene.time('A', 'B', Direction::Outward), Some(PRIMARY_KM));
    assert_eq!(scene.time('B', 'A', Direction::Outward), Some(3 * TERTIARY_KM));
    assert_eq!(scene.time('B', 'A', Direction::Inward), Some(PRIMARY_KM));
    assert_eq!(scene.time('A', 'B', Direction::Inward), Some(3 * TERTIARY_KM));
}

#[test]
fn a_place_at_a_junction_may_use_all_its_roads_whatever_order_they_were_drawn_in() {
    for ways in [["JA", "JS"], ["JS", "JA"]] {
        let mut scene = Scene::draw("A   J   S");
        for way in ways {
            let one_way = way == "JA";
            scene = scene.way(way, "tertiary", |way| way.backward = !one_way);
        }
        let scene = scene.way("AS", "tertiary", |_| {});
        assert_eq!(scene.time('J', 'S', Direction::Outward), Some(4 * TERTIARY_KM));
        assert_eq!(scene.time('S', 'J', Direction::Outward), Some(4 * TERTIARY_KM));
        assert_eq!(scene.time('J', 'A', Direction::Outward), Some(4 * TERTIARY_KM));
    }
}

#[test]
fn the_limit_holds_to_the_decisecond() {
    let scene = Scene::draw("ABCD").way("ABCD", "primary", |_| {});
    let (network, profile) = (scene.network(), profile());
    let linker = Linker::new(&network, &profile, 0.0);
    let origin = linker.link(scene.at('A')).expect("linked");
    let others = ['B', 'C', 'D'].map(|letter| linker.link(scene.at(letter)));
    let mut search = Search::new(network.nodes.len());
    for (limit, expected) in [
        (2 * PRIMARY_KM - 1, [Some(PRIMARY_KM), None, None]),
        (2 * PRIMARY_KM, [Some(PRIMARY_KM), Some(2 * PRIMARY_KM), None]),
        (2 * PRIMARY_KM + 1, [Some(PRIMARY_KM), Some(2 * PRIMARY_KM), None]),
    ] {
        assert_eq!(times(&network, &mut search, &origin, &others, Direction::Outward, limit), expected);
    }
}

#[test]
fn a_place_beside_a_road_pays_its_way_to_the_road() {
    let scene = Scene::draw("A   B").way("AB", "primary", |_| {});
    let (network, profile) = (scene.network(), profile());
    let linker = Linker::new(&network, &profile, 0.0);
    let origin = linker.link(scene.at('A')).expect("linked");
    // 1 km east of A and 150 m north of the road: 150 m at 15 km/h are 36 s.
    let beside = linker.link(Point::new(KM_EAST, 0.15 * KM_NORTH)).expect("linked");
    assert_eq!(beside.leg, 360);
    let mut search = Search::new(network.nodes.len());
    let mut from = |origin: &Link| {
        times(&network, &mut search, origin, &[Some(beside)], Direction::Outward, UNREACHED - 1)
    };
    assert_eq!(from(&origin), [Some(PRIMARY_KM + 360)]);
    assert_eq!(from(&beside), [Some(720)]);
    assert_eq!(linker.link(Point::new(KM_EAST, 2.1 * KM_NORTH)), None, "farther than the longest access leg");
}

#[test]
fn a_ferry_takes_its_sailing_time_and_the_wait() {
    let scene = Scene::draw("A B      C D").way("AB", "primary", |_| {}).way("CD", "primary", |_| {}).way(
        "BC",
        "ferry",
        |way| way.duration_minutes = Some(25.0),
    );
    let wait_and_sailing = (30 + 25) * 600;
    assert_eq!(scene.time('A', 'D', Direction::Outward), Some(4 * PRIMARY_KM + wait_and_sailing));
}

#[test]
fn a_ferry_with_a_stop_sails_its_duration_once_and_waits_where_cars_board() {
    // The ferry A–B–C calls at the island B, which has a road; its 40 minutes are for the whole way.
    let scene = Scene::draw("AB     C     DE\n       F")
        .way("AB", "primary", |_| {})
        .way("DE", "primary", |_| {})
        .way("CF", "primary", |_| {})
        .way("BCD", "ferry", |way| way.duration_minutes = Some(40.0));
    let half = (30 + 20) * 600;
    assert_eq!(scene.time('B', 'C', Direction::Outward), Some(half));
    assert_eq!(scene.time('B', 'D', Direction::Outward), Some(2 * half));
    // Without the island's road nobody boards at C.
    let scene = Scene::draw("AB     C     DE")
        .way("AB", "primary", |_| {})
        .way("DE", "primary", |_| {})
        .way("BCD", "ferry", |way| way.duration_minutes = Some(40.0))
        .way("C", "ferry", |_| {});
    assert_eq!(scene.time('B', 'D', Direction::Outward), Some((30 + 40) * 600));
}

#[test]
fn the_speed_of_a_road_is_that_of_its_middle_however_it_is_drawn() {
    for nodes in ["AB", "BA"] {
        let scene = Scene::draw("A   B").way(nodes, "primary", |_| {});
        let times = |east_of_km: f64| {
            let network = Network::new(&scene.roads, &profile(), |at| at.x > east_of_km * KM_EAST);
            network.edges[0].forward
        };
        assert_eq!(times(1.9), 4_000 * 36 / 25, "the middle is dense: 25 km/h");
        assert_eq!(times(2.1), 4_000 * 36 / 40, "the middle is open: 40 km/h");
    }
}

#[test]
fn nobody_is_linked_to_a_motorway_a_bridge_or_a_fragment() {
    let scene = Scene::draw("A  B\n\nC  D\n\n\n\n\nEF")
        .way("AB", "motorway", |_| {})
        .way("CD", "primary", |way| way.structure = true)
        .way("CD", "primary", |_| {})
        .way("EF", "primary", |_| {});
    let (network, profile) = (scene.network(), profile());
    let linker = Linker::new(&network, &profile, 0.0);
    let edge_at = |place: Point| linker.link(place).map(|link| link.edge);
    assert_eq!(
        edge_at(Point::new(1.5 * KM_EAST, -0.1 * KM_NORTH)),
        Some(2),
        "neither the motorway nor the bridge"
    );
    assert_eq!(edge_at(scene.at('E')), None, "1 km of road is a fragment");
}

#[test]
fn areas_are_neighbours_when_a_way_joins_them_without_a_third() {
    let scene = Scene::draw("A B C\n\n  D\n\nE")
        .way("AB", "primary", |_| {})
        .way("BDC", "primary", |_| {})
        .way("AE", "ferry", |way| way.duration_minutes = Some(10.0))
        .way("DA", "tertiary", |_| {});
    let network = scene.network();
    let area = |at: &Coord| scene.roads.places.iter().position(|place| place == at);
    let area_of_node: Vec<Option<usize>> = network.nodes.iter().map(area).collect();
    let centre = |letter: &char| {
        let node = (0..).zip(&network.nodes).find(|(_, at)| Point::from(**at) == scene.at(*letter))?.0;
        let (edge, ends) =
            (0..).zip(&network.edges).find(|(_, edge)| edge.from == node || edge.to == node)?;
        Some(Link { edge, fraction: if ends.from == node { 0.0 } else { 1.0 }, leg: 0 })
    };
    let inhabited: Vec<Vec<Inhabited>> = scene
        .letters
        .iter()
        .map(|letter| centre(letter).map(|link| Inhabited { link, people: 10 }).into_iter().collect())
        .collect();
    let within = |minutes| {
        let joined = Joined { limit: Deciseconds::from_minutes(minutes), share: 0.5 };
        neighbours(&network, &area_of_node, &inhabited, joined)
    };
    // B–D–C and D–A meet at D; B and C are joined only through it.
    let pair = |a: char, b: char| (scene.place(a), scene.place(b));
    let mut all = vec![pair('A', 'B'), pair('A', 'D'), pair('B', 'D'), pair('C', 'D'), pair('A', 'E')];
    all.sort_unstable();
    assert_eq!(within(60), all);
    all.retain(|pair| *pair != (scene.place('A'), scene.place('E')));
    assert_eq!(within(39), all, "30 minutes of waiting and 10 of sailing");
    assert_eq!(within(2), vec![], "2 km at 40 km/h take 3 minutes");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn times_equal_those_of_petgraph_on_random_road_networks(
        nodes in 2_usize..40,
        ways in prop::collection::vec((0_usize..1_000, 0_usize..1_000, 0_u8..3, 0_u8..16), 1..80),
        seed in 0_usize..1_000,
    ) {
        let places = (0..nodes)
            .map(|at| Coord { x: (at * 7 % 13) as f64 * KM_EAST, y: (at * 5 % 17) as f64 * KM_NORTH })
            .collect();
        let way = |(id, (a, b, oneway, class)): (i64, (usize, usize, u8, u8))| RoadWay {
            id,
            class,
            forward: oneway != 1,
            backward: oneway != 2,
            nodes: vec![(a % nodes) as i64, (b % nodes) as i64],
            ..RoadWay::default()
        };
        let roads = Roads { ways: (0..).zip(ways).map(way).collect(), places, ..Roads::default() };
        let network = Network::new(&roads, &profile(), |at| at.x > 5.0 * KM_EAST);
        let mut graph = petgraph::graph::DiGraph::<(), u32>::new();
        for _ in &network.nodes {
            graph.add_node(());
        }
        for edge in &network.edges {
            if edge.forward != CLOSED {
                graph.add_edge(edge.from.into(), edge.to.into(), edge.forward);
            }
            if edge.backward != CLOSED {
                graph.add_edge(edge.to.into(), edge.from.into(), edge.backward);
            }
        }
        let origin = (seed % network.nodes.len()) as u32;
        let mut search = Search::new(network.nodes.len());
        for arcs in [&network.leaving, &network.arriving] {
            let expected = petgraph::algo::dijkstra(&graph, origin.into(), None, |edge| *edge.weight());
            search.run(arcs, &[(origin, 0)], UNREACHED - 1, |_| true);
            for node in 0..network.nodes.len() as u32 {
                prop_assert_eq!(search.time(node), expected.get(&petgraph::graph::NodeIndex::new(node as usize)).copied().unwrap_or(UNREACHED));
            }
            graph.reverse();
        }
    }
}
