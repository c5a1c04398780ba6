//! Scenarios: what they change, what they must not, and what is wrong with them.

use super::drawn::{KM_EAST, KM_NORTH, PRIMARY, PRIMARY_KM, Scene, TERTIARY, TERTIARY_KM, profile, time_on};
use geo::{Coord, MultiPolygon, Polygon, Rect};
use keniki::network::closed_areas::touched;
use keniki::network::graph::{CLOSED, Network};
use keniki::network::osm::{RoadWay, Roads};
use keniki::network::profile::Access;
use keniki::network::scenario::{ClosedArea, Scenario};
use keniki::network::search::{NO_LIMIT, Search};
use keniki::network::weights::{Conditions, Weights};
use proptest::prelude::*;
use std::fs;

/// A bridge A–B over a river, the way round by C, and a ferry to the island E–F.
fn town() -> Scene {
    Scene::draw("UA  BVE    F  G\n\n\n\n\n C  D")
        .way("UA", &[TERTIARY])
        .way("BVE", &[TERTIARY])
        .way("AB", &[PRIMARY, ("bridge", "yes")])
        .way("ACDB", &[TERTIARY])
        .way("EF", &[("route", "ferry"), ("motor_vehicle", "yes"), ("duration", "00:10")])
        .way("FG", &[TERTIARY])
}

fn parsed(text: &str) -> Scenario {
    Scenario::parse(text, "test.toml", &profile()).expect("a scenario")
}

fn weights(network: &Network, scenario: &Scenario) -> Weights {
    network.weights(&profile(), &scenario.conditions(network, &profile()).0)
}

fn time(scenario: &Scenario, from: char, to: char) -> Option<u32> {
    let scene = town();
    let mut network = scene.network();
    network.reweigh(&weights(&network, scenario));
    time_on(&network, scene.at(from), scene.at(to))
}

const BRIDGE: Option<u32> = Some(2 * TERTIARY_KM + 3 * PRIMARY_KM);
const ROUND: Option<u32> = Some(2 * TERTIARY_KM + 13 * TERTIARY_KM);

#[test]
fn the_empty_scenario_changes_nothing() {
    let network = town().network();
    for empty in
        [Scenario::default(), parsed(""), parsed("name = \"平常時\"\nseason = \"normal\"\ntime = \"day\"")]
    {
        let (conditions, findings) = empty.conditions(&network, &profile());
        assert_eq!((conditions, findings.len()), (Conditions::default(), 0));
    }
}

#[test]
fn roads_are_closed_by_the_number_of_their_way() {
    assert_eq!(time(&parsed(""), 'U', 'V'), BRIDGE);
    assert_eq!(time(&parsed("closed_ways = [3]"), 'U', 'V'), ROUND);
    let network = town().network();
    let (conditions, findings) = parsed("closed_ways = [3, 99, -5]").conditions(&network, &profile());
    assert_eq!(conditions.closed.len(), 1);
    let told: Vec<_> = findings.iter().map(|one| (one.kind.as_str(), one.said.as_str())).collect();
    assert_eq!(told, [("unknown_closed_way", "-5"), ("unknown_closed_way", "99")]);
}

#[test]
fn roads_are_closed_by_areas_and_bridges_may_be_spared() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("flood.toml");
    // 100 m wide, across the middle of the bridge.
    let (west, east) = (2.45 * KM_EAST, 2.55 * KM_EAST);
    let (south, north) = (-KM_NORTH, KM_NORTH);
    let river = format!(
        r#"{{"type": "FeatureCollection", "features": [{{"type": "Feature", "properties": {{}}, "geometry":
        {{"type": "Polygon", "coordinates": [[[{west}, {south}], [{east}, {south}], [{east}, {north}], [{west}, {north}], [{west}, {south}]]]}}}}]}}"#
    );
    fs::write(folder.path().join("river.geojson"), river).expect("written");
    fs::write(&path, "[[closed_area]]\npath = \"river.geojson\"").expect("written");
    let flood = Scenario::read(&path, &profile()).expect("a scenario");
    assert_eq!(time(&flood, 'U', 'V'), ROUND);
    fs::write(&path, "[[closed_area]]\npath = \"river.geojson\"\nspares_structures = true").expect("written");
    let spared = Scenario::read(&path, &profile()).expect("a scenario");
    assert_eq!(time(&spared, 'U', 'V'), BRIDGE);
    let (_, findings) = spared.conditions(&town().network(), &profile());
    assert_eq!(findings[0].kind, "closed_area_without_roads", "only the bridge is there");
}

#[test]
fn ferries_and_tolls_can_be_off_and_classes_slower() {
    assert_eq!(time(&parsed(""), 'V', 'G'), Some(4 * TERTIARY_KM + (30 + 10) * 600));
    assert_eq!(time(&parsed("no_ferries = true"), 'V', 'G'), None);
    let slower = parsed(
        "[[speed]]\nhighways = [\"primary\"]\nfactor = 0.75\n[[speed]]\nhighways = [\"primary\"]\nfactor = 2.0",
    );
    assert_eq!(time(&slower, 'U', 'V'), Some(2 * TERTIARY_KM + 3 * 600));
    // V lies in the middle of B–E: 3 428.57 are 3 429, and half of that 1 714.5.
    assert_eq!(time(&parsed("season = \"snow\""), 'U', 'V'), Some(1_714 + 1_715 + 3 * PRIMARY_KM * 4 / 3));
    assert_eq!(time(&parsed("time = \"peak\""), 'U', 'V'), Some(2 * TERTIARY_KM + 3 * PRIMARY_KM * 10 / 9));
}

#[test]
fn what_is_wrong_with_a_scenario_is_told_with_file_and_place() {
    for (text, expected) in [
        ("colour = 3", ["test.toml", "1 行目", "colour"]),
        ("name = \"x\"\nseason = \"autumn\"", ["test.toml", "2 行目", "autumn"]),
        ("closed_ways = [\"x\"]", ["test.toml", "1 行目", "closed_ways"]),
        (
            "[[speed]]\nhighways = [\"primary\"]\nfactor = 0",
            ["test.toml", "1 番目の [[speed]]", "factor = 0"],
        ),
        ("[[speed]]\nhighways = []\nfactor = nan", ["test.toml", "1 番目の [[speed]]", "NaN"]),
        ("[[speed]]\nhighways = [\"primery\"]\nfactor = 0.5", ["test.toml", "1 番目の [[speed]]", "primery"]),
    ] {
        let message = Scenario::parse(text, "test.toml", &profile()).expect_err(text).to_string();
        assert!(expected.iter().all(|word| message.contains(word)), "{message}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("scenario.toml");
    let area = folder.path().join("area.geojson");
    let fails = |expected: &str| {
        let message = Scenario::read(&path, &profile()).expect_err(expected).to_string();
        assert!(message.contains(expected), "{message}");
    };
    fails("読めません");
    fs::write(&path, "[[closed_area]]\npath = \"area.geojson\"").expect("written");
    fails("area.geojson");
    for (text, expected) in [
        ("{", "GeoJSON として読めません"),
        (r#"{"type": "FeatureCollection", "features": []}"#, "面（Polygon）がありません"),
        (r#"{"type": "Point", "coordinates": [138, 35]}"#, "面（Polygon）がありません"),
        (r#"{"type": "Polygon", "coordinates": []}"#, "面（Polygon）がありません"),
        (
            r#"{"type": "Polygon", "coordinates": [[[8000, -42000], [8100, -42000], [8100, -41000], [8000, -42000]]]}"#,
            "緯度経度ではありません",
        ),
    ] {
        fs::write(&area, text).expect("written");
        fails(expected);
    }
}

#[test]
fn an_area_beyond_the_roads_closes_nothing_and_is_told() {
    let far = Rect::new((100.0, 40.0), (101.0, 41.0)).to_polygon();
    let area = ClosedArea { path: "far.geojson".to_owned(), polygons: vec![far], ..ClosedArea::default() };
    let scenario = Scenario { closed_areas: vec![area], ..Scenario::default() };
    let (conditions, findings) = scenario.conditions(&town().network(), &profile());
    assert_eq!(conditions, Conditions::default());
    assert_eq!(
        (findings[0].kind.as_str(), findings[0].said.as_str()),
        ("closed_area_without_roads", "far.geojson")
    );
}

#[test]
fn holes_and_overlaps_of_areas_count_as_they_should() {
    let square = |from: f64, to: f64| Rect::new((from, from), (to, to)).to_polygon();
    let ring = Polygon::new(square(-1.0, 1.0).exterior().clone(), vec![square(-0.5, 0.5).exterior().clone()]);
    let network = town().network();
    let all: Vec<u32> = (0..network.edges.len() as u32).collect();
    assert_eq!(touched(&network, &[square(-1.0, 1.0)], |_| true), all);
    assert_eq!(
        touched(&network, &[square(-1.0, 1.0), square(-2.0, 1.5)], |_| true),
        all,
        "twice inside is inside"
    );
    assert_eq!(touched(&network, &[ring], |_| true), [0_u32; 0], "all roads lie in the hole");
}

/// Random roads, some for destinations only.
fn network_of(nodes: usize, ways: &[(usize, usize, u8, u8)]) -> Network {
    let at = |node: usize| Coord { x: (node * 7 % 13) as f64 / 100.0, y: (node * 5 % 11) as f64 / 100.0 };
    let way = |(id, (a, b, kind, class)): (i64, &(usize, usize, u8, u8))| RoadWay {
        id,
        class: *class,
        forward: kind % 4 != 1,
        backward: kind % 4 != 2,
        access: if kind / 4 == 0 { Access::Destination } else { Access::Open },
        nodes: vec![(a % nodes) as i64, (b % nodes) as i64],
        ..RoadWay::default()
    };
    let roads = Roads {
        ways: (0..).zip(ways).map(way).collect(),
        places: (0..nodes).map(at).collect(),
        ..Roads::default()
    };
    Network::new(&roads, &profile(), |at| at.x > 0.06)
}

fn ways() -> impl Strategy<Value = Vec<(usize, usize, u8, u8)>> {
    prop::collection::vec((0_usize..1_000, 0_usize..1_000, 0_u8..16, 0_u8..16), 1..60)
}

/// Times from a node to all others.
fn times_from(network: &Network, node: u32) -> Vec<u32> {
    let mut search = Search::new(network.nodes.len());
    search.run(&network.leaving, &[(node, 0)], NO_LIMIT.0, |_| true);
    (0..network.nodes.len() as u32).map(|node| search.time(node)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_closed_road_never_shortens_a_time(
        nodes in 2_usize..30,
        ways in ways(),
        closed in prop::collection::vec(0_i64..60, 1..6),
        origin in 0_usize..1_000,
    ) {
        let mut network = network_of(nodes, &ways);
        let origin = (origin % network.nodes.len()) as u32;
        let before = times_from(&network, origin);
        let scenario = Scenario { closed_ways: closed.clone(), ..Scenario::default() };
        network.reweigh(&weights(&network, &scenario));
        let after = times_from(&network, origin);
        prop_assert!(before.iter().zip(&after).all(|(before, after)| before <= after));
        for edge in network.edges.iter().filter(|edge| closed.contains(&edge.way)) {
            prop_assert_eq!((edge.forward, edge.backward), (CLOSED, CLOSED));
        }
        network.reweigh(&weights(&network, &Scenario::default()));
        prop_assert_eq!(times_from(&network, origin), before, "opened again, all is as it was");
    }

    #[test]
    fn all_speeds_doubled_halve_the_times_to_rounding(nodes in 2_usize..30, ways in ways(), origin in 0_usize..1_000) {
        let mut network = network_of(nodes, &ways);
        let origin = (origin % network.nodes.len()) as u32;
        let before = times_from(&network, origin);
        let highways = profile().classes.into_iter().map(|class| format!("{:?}", class.highway));
        let twice = parsed(&format!("[[speed]]\nhighways = [{}]\nfactor = 2", highways.collect::<Vec<_>>().join(", ")));
        let edges = network.edges.len() as u32;
        network.reweigh(&weights(&network, &twice));
        for (before, after) in before.iter().zip(times_from(&network, origin)) {
            prop_assert_eq!(*before == u32::MAX, after == u32::MAX);
            // Each edge is rounded once in either network, by half a decisecond at most, or up to one.
            prop_assert!(after == u32::MAX || (2 * after).abs_diff(*before) <= 2 * edges);
        }
    }

    #[test]
    fn edges_in_an_area_are_those_that_geometry_finds_one_by_one(
        nodes in 2_usize..30,
        ways in ways(),
        corners in prop::collection::vec((-2.0_f64..14.0, -2.0_f64..12.0), 3..9),
        shift in (-3.0_f64..3.0, -3.0_f64..3.0),
    ) {
        use geo::{BooleanOps, Intersects, LineString};
        let network = network_of(nodes, &ways);
        let polygon = |x: f64, y: f64| {
            Polygon::new(corners.iter().map(|corner| ((corner.0 + x) / 100.0, (corner.1 + y) / 100.0)).collect(), vec![])
        };
        // A random ring may cross itself; made valid, its parts share no area.
        let valid: MultiPolygon = polygon(0.0, 0.0).union(&polygon(shift.0, shift.1));
        let parts = valid.0.clone();
        let expected: Vec<u32> = (0..)
            .zip(&network.edges)
            .filter(|(_, edge)| LineString::from(network.shape(edge).to_vec()).intersects(&valid))
            .map(|(at, _)| at)
            .collect();
        prop_assert_eq!(touched(&network, &parts, |_| true), expected);
    }
}
