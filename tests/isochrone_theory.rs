//! Isochrones against arithmetic and against the times of places.
//!
//! Scenes lie on the equator; kilometres are counted to the east and north.

use geo::{Area, Contains, Coord, MultiPolygon, Point, Relate, Validation, polygon};
use keniki::geometry::locate::Locator;
use keniki::network::graph::Network;
use keniki::network::isochrone::Sweep;
use keniki::network::isochrone::drawing::Drawing;
use keniki::network::isochrone::edges::{Part, reached_parts};
use keniki::network::isochrone::raster::Raster;
use keniki::network::link::{Direction, Link, Linker, times};
use keniki::network::osm::{RoadWay, Roads};
use keniki::network::profile::{Access, Profile};
use keniki::network::search::{NO_LIMIT, Search};
use keniki::network::weights::Conditions;
use keniki::units::Deciseconds;
use proptest::prelude::*;

/// Degrees of one kilometre near the equator.
const KM_EAST: f64 = 1.0 / 111.319_490_793;
const KM_NORTH: f64 = 1.0 / 110.574_275_821;
const KM2_PER_DEGREES2: f64 = 111.319_490_793 * 110.574_275_821;

const DIRECTIONS: [Direction; 2] = [Direction::Outward, Direction::Inward];

fn km(east: f64, north: f64) -> Coord {
    Coord { x: east * KM_EAST, y: north * KM_NORTH }
}

fn profile() -> Profile {
    Profile::planning().expect("the shipped table is whole")
}

/// Ways between points in kilometres, with the name of their class (`~` for destinations only) and
/// whether they are one-way.
fn network(points: &[(f64, f64)], ways: &[(&[usize], &str, bool)]) -> Network {
    let profile = profile();
    let way = |(id, (nodes, class, one_way)): (i64, &(&[usize], &str, bool))| RoadWay {
        id,
        class: profile
            .classes
            .iter()
            .position(|known| known.highway == class.trim_start_matches('~'))
            .expect("known") as u8,
        forward: true,
        backward: !one_way,
        access: if class.starts_with('~') { Access::Destination } else { Access::Open },
        nodes: nodes.iter().map(|node| *node as i64).collect(),
        ..RoadWay::default()
    };
    let roads = Roads {
        ways: (0..).zip(ways).map(way).collect(),
        places: points.iter().map(|(east, north)| km(*east, *north)).collect(),
        ..Roads::default()
    };
    Network::new(&roads, &profile, |_| false)
}

/// A straight road of 4 km along the equator: 3 600 ds at 40 km/h.
fn road(one_way: bool) -> Network {
    network(&[(0.0, 0.0), (4.0, 0.0)], &[(&[0, 1], "primary", one_way)])
}

fn on(edge: u32, fraction: f64) -> Link {
    Link { edge, fraction, leg: 0 }
}

/// Times of all junctions from or to a place.
fn search(network: &Network, origin: &Link, direction: Direction) -> Search {
    let mut search = Search::new(network.nodes.len());
    let arcs = match direction {
        Direction::Outward => &network.leaving,
        Direction::Inward => &network.arriving,
    };
    search.run(arcs, &origin.begins(network, direction), NO_LIMIT.0, |_| true);
    search
}

fn parts(network: &Network, origin: Link, direction: Direction, limit: u32) -> Vec<Part> {
    let search = search(network, &origin, direction);
    let sweep = Sweep::new(network, search.times(), &[origin], direction);
    reached_parts(&sweep, Deciseconds(limit))
}

/// Ends of the parts of one edge in whole metres of a road of 4 km.
fn metres(parts: &[Part]) -> Vec<(i64, i64)> {
    parts.iter().map(|part| ((part.begin * 4e3).round() as i64, (part.end * 4e3).round() as i64)).collect()
}

#[test]
fn a_road_is_cut_where_the_time_ends() {
    let network = road(false);
    // 900 ds a kilometre; half a decisecond is 0.6 m.
    for (limit, end) in [(0, 1), (9, 11), (1_799, 1_999), (1_800, 2_001), (3_599, 3_999), (9_999, 4_000)] {
        assert_eq!(metres(&parts(&network, on(0, 0.0), Direction::Outward, limit)), [(0, end)], "{limit}");
    }
    let at = |limit: u32| parts(&network, on(0, 0.0), Direction::Outward, limit)[0].end;
    assert!(at(3_599) < 1.0 && at(3_600) == 1.0);
    let line = parts(&network, on(0, 0.0), Direction::Outward, 1_800)[0].line(&network).expect("a line");
    assert_eq!(line.0.len(), 2);
    assert!((line.0[1].x / KM_EAST - 2.0005).abs() < 2e-4, "{line:?}");
}

#[test]
fn the_road_of_the_origin_is_reached_before_any_junction() {
    let whole_s = |network: &Network, direction| metres(&parts(network, on(0, 0.25), direction, 90));
    // 90 ds are 100 m.
    assert_eq!(whole_s(&road(false), Direction::Outward), [(899, 1_101)]);
    assert_eq!(whole_s(&road(false), Direction::Inward), [(899, 1_101)]);
    assert_eq!(whole_s(&road(true), Direction::Outward), [(1_000, 1_101)]);
    assert_eq!(whole_s(&road(true), Direction::Inward), [(899, 1_000)]);
    let aside = Link { leg: 60, ..on(0, 0.25) };
    assert_eq!(metres(&parts(&road(false), aside, Direction::Outward, 90)), [(966, 1_034)]);
    assert_eq!(metres(&parts(&road(false), aside, Direction::Outward, 60)), [(999, 1_001)]);
    assert_eq!(parts(&road(false), aside, Direction::Outward, 59), []);
}

#[test]
fn a_ring_is_reached_from_both_sides_until_they_meet() {
    // A square of 1 km; the origin in its south-west corner; the farthest point is 2 km away.
    let square = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
    let network = network(&square, &[(&[0, 1, 2], "primary", false), (&[2, 3, 0], "primary", false)]);
    let ends = |limit| {
        let parts = parts(&network, on(0, 0.0), Direction::Outward, limit);
        parts.iter().map(|part| (part.edge, part.begin, part.end)).collect::<Vec<_>>()
    };
    assert_eq!(ends(1_800), [(0, 0.0, 1.0), (1, 0.0, 1.0)]);
    let open = ends(1_799);
    assert!(matches!(open[..], [(0, 0.0, a), (1, b, 1.0)] if a > 0.999 && a < 1.0 && b > 0.0 && b < 0.001));
}

#[test]
fn a_closed_direction_is_no_part_but_its_junction_is_reached() {
    // A→B one-way, back by a longer way C.
    let points = [(0.0, 0.0), (4.0, 0.0), (2.0, 2.0)];
    let network = network(&points, &[(&[0, 1], "primary", true), (&[1, 2, 0], "primary", false)]);
    let of_first = |fraction, direction, limit| {
        let parts = parts(&network, on(0, fraction), direction, limit);
        metres(&parts.into_iter().filter(|part| part.edge == 0).collect::<Vec<_>>())
    };
    assert_eq!(of_first(1.0, Direction::Outward, 900), [(4_000, 4_000)]);
    assert_eq!(of_first(1.0, Direction::Inward, 900), [(2_999, 4_000)]);
    assert_eq!(of_first(0.0, Direction::Outward, 900), [(0, 1_001)]);
    assert_eq!(of_first(0.0, Direction::Inward, 900), [(0, 0)]);
}

/// A raster of the shipped fineness on the equator.
fn raster(network: &Network, land: Option<&Locator>) -> Raster {
    Raster::new(network, &profile(), 0.0, &Drawing::shipped().expect("shipped"), land)
}

fn contours(
    network: &Network,
    raster: &Raster,
    origin: Link,
    direction: Direction,
    limits: &[u32],
) -> Vec<MultiPolygon> {
    let search = search(network, &origin, direction);
    let sweep = Sweep::new(network, search.times(), &[origin], direction);
    let limits: Vec<Deciseconds> = limits.iter().map(|limit| Deciseconds(*limit)).collect();
    raster.contours(&sweep, &limits)
}

fn km2(area: &MultiPolygon) -> f64 {
    area.unsigned_area() * KM2_PER_DEGREES2
}

#[test]
fn the_area_around_a_straight_road_is_what_arithmetic_says() {
    let network = network(&[(-10.0, 0.0), (10.0, 0.0)], &[(&[0, 1], "primary", false)]);
    let areas = contours(&network, &raster(&network, None), on(0, 0.5), Direction::Outward, &[600, 3_000]);
    // x m along the road and y m beside it take 0.9 x + 2.4 y ds. One minute: a rhombus of
    // 666.7 m by 250 m. Five minutes: cut off 500 m beside the road.
    let expected = [2.0 * 0.666_667 * 0.25, 4.0 * (0.5 * 3_000.0 - 0.5 * 0.5 * 2_400.0 / 2.0) / 900.0];
    // Corners are cut within one step of the raster.
    for ((area, expected), error) in areas.iter().zip(expected).zip([0.1, 0.01]) {
        assert_eq!(area.0.len(), 1);
        assert!((km2(area) / expected - 1.0).abs() < error, "{} km², expected {expected}", km2(area));
    }
    let inside = |at: Coord| areas[1].contains(&Point::from(at));
    assert!(inside(km(3.1, 0.0)) && !inside(km(3.45, 0.0)));
    assert!(inside(km(0.0, 0.47)) && !inside(km(0.0, 0.53)));
}

#[test]
fn a_one_way_road_has_other_areas_outward_and_inward() {
    let network = network(
        &[(0.0, 0.0), (8.0, 0.0), (4.0, 8.0)],
        &[(&[0, 1], "primary", true), (&[1, 2, 0], "primary", false)],
    );
    let raster = raster(&network, None);
    let area = |direction| contours(&network, &raster, on(0, 0.5), direction, &[1_800]).remove(0);
    let (out, back) = (area(Direction::Outward), area(Direction::Inward));
    let has = |area: &MultiPolygon, east: f64| area.contains(&Point::from(km(east, 0.0)));
    assert!(has(&out, 5.5) && !has(&out, 2.5));
    assert!(has(&back, 2.5) && !has(&back, 5.5));
    assert!((km2(&out) / km2(&back) - 1.0).abs() < 0.05);
}

#[test]
fn water_is_not_bridged_and_land_ends_at_the_shore() {
    // Two shores 1.2 km apart, joined by a bridge far to the east.
    let network = network(
        &[(0.0, 0.0), (6.0, 0.0), (6.0, 1.2), (0.0, 1.2)],
        &[(&[0, 1], "primary", false), (&[1, 2], "primary", false), (&[2, 3], "primary", false)],
    );
    let both = |area: &MultiPolygon, north: f64| area.contains(&Point::from(km(0.5, north)));
    let wide =
        contours(&network, &raster(&network, None), on(0, 0.0), Direction::Outward, &[36_000]).remove(0);
    assert!(both(&wide, 0.0) && both(&wide, 1.2) && !both(&wide, 0.6), "500 m from each road");
    // The same with land that ends 100 m from the southern road.
    let [a, b, c, d] = [km(-1.0, -1.0), km(7.0, -1.0), km(7.0, 0.1), km(-1.0, 0.1)];
    let land = MultiPolygon::new(vec![polygon![a, b, c, d]]);
    let locator = Locator::new(std::slice::from_ref(&land));
    let clipped =
        contours(&network, &raster(&network, Some(&locator)), on(0, 0.0), Direction::Outward, &[36_000]);
    let north = clipped[0].0.iter().flat_map(|one| one.exterior().coords()).map(|at| at.y / KM_NORTH);
    let north = north.fold(f64::NEG_INFINITY, f64::max);
    assert!(north <= 0.1 && north > 0.097, "the shore is 0.1 km north, the area ends at {north}");
}

#[test]
fn nothing_is_drawn_where_nothing_is_reached() {
    let network = road(false);
    let raster = raster(&network, None);
    let far = Link { leg: 500, ..on(0, 0.5) };
    assert_eq!(
        contours(&network, &raster, far, Direction::Outward, &[499, 0]),
        [MultiPolygon::new(vec![]), MultiPolygon::new(vec![])]
    );
    assert_eq!(contours(&network, &raster, far, Direction::Outward, &[]), []);
}

/// Random networks: points on a grid of kilometres, ways of random classes between them.
fn any_network() -> impl Strategy<Value = Network> {
    let points = prop::collection::vec((0.0..6.0, 0.0..6.0), 3..25);
    let ways = prop::collection::vec(
        (prop::collection::vec(0_usize..1_000, 2..5), 0_usize..6, any::<bool>()),
        1..40,
    );
    (points, ways).prop_map(|(points, ways)| {
        const CLASSES: [&str; 6] = ["motorway", "primary", "residential", "track", "~residential", "~track"];
        let ways: Vec<(Vec<usize>, &str, bool)> = ways
            .into_iter()
            .map(|(nodes, class, one_way)| {
                let nodes = nodes.into_iter().map(|node| node % points.len()).collect();
                (nodes, CLASSES[class], one_way)
            })
            .collect();
        let ways: Vec<(&[usize], &str, bool)> =
            ways.iter().map(|(nodes, class, one_way)| (nodes.as_slice(), *class, *one_way)).collect();
        network(&points, &ways)
    })
}

/// A place on a road: which edge, how far, and its leg.
fn any_place() -> impl Strategy<Value = (usize, f64, u32)> {
    let fraction = prop_oneof![Just(0.0), Just(1.0), 0.0..1.0_f64];
    (any::<usize>(), fraction, prop_oneof![Just(0_u32), 0_u32..500])
}

fn placed(network: &Network, (edge, fraction, leg): (usize, f64, u32)) -> Link {
    Link { edge: (edge % network.edges.len()) as u32, fraction, leg }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_place_lies_in_a_part_exactly_when_its_time_is_within_the_limit(
        network in any_network(),
        origin in any_place(),
        places in prop::collection::vec(any_place(), 40),
    ) {
        let origin = placed(&network, origin);
        let places: Vec<Link> = places.into_iter().map(|place| placed(&network, place)).collect();
        for direction in DIRECTIONS {
            let others: Vec<Option<Link>> = places.iter().copied().map(Some).collect();
            let mut plain = Search::new(network.nodes.len());
            let expected = times(&network, &mut plain, &origin, &others, direction, NO_LIMIT.0);
            let search = search(&network, &origin, direction);
            let sweep = Sweep::new(&network, search.times(), &[origin], direction);
            for (place, expected) in places.iter().zip(expected) {
                prop_assert_eq!(sweep.time(place), expected.unwrap_or(u32::MAX));
                let on_road = Link { leg: 0, ..*place };
                let time = sweep.time(&on_road);
                for limit in [time.saturating_sub(1), time, time.saturating_add(1)] {
                    let limit = limit.min(NO_LIMIT.0);
                    let parts = reached_parts(&sweep, Deciseconds(limit));
                    let holds = |part: &Part| part.edge == place.edge && (part.begin..=part.end).contains(&place.fraction);
                    prop_assert_eq!(parts.iter().filter(|part| holds(part)).count(), usize::from(time <= limit));
                }
            }
        }
    }

    #[test]
    fn with_several_origins_the_nearest_counts(
        network in any_network(),
        origins in prop::collection::vec(any_place(), 1..6),
        places in prop::collection::vec(any_place(), 20),
    ) {
        let origins: Vec<Link> = origins.into_iter().map(|place| placed(&network, place)).collect();
        for direction in DIRECTIONS {
            let each: Vec<Search> = origins.iter().map(|origin| search(&network, origin, direction)).collect();
            let nearest: Vec<u32> = (0..network.nodes.len() as u32)
                .map(|node| each.iter().map(|search| search.time(node)).min().unwrap_or(u32::MAX))
                .collect();
            let together = Sweep::new(&network, &nearest, &origins, direction);
            for place in places.iter().map(|place| placed(&network, *place)) {
                let alone = origins.iter().zip(&each).map(|(origin, search)| {
                    Sweep::new(&network, search.times(), &[*origin], direction).time(&place)
                });
                prop_assert_eq!(Some(together.time(&place)), alone.min());
            }
        }
    }
}

/// Where on its road a place stands.
fn point_on(network: &Network, link: &Link) -> Coord {
    let before = Part { edge: link.edge, begin: 0.0, end: link.fraction }.line(network);
    before.map_or(network.shape(&network.edges[link.edge as usize])[0], |line| line.0[line.0.len() - 1])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(25))]

    #[test]
    fn a_sample_point_is_linked_as_a_home_is(network in any_network()) {
        let profile = profile();
        let linker = Linker::new(&network, &profile, 0.0);
        for (at, link) in raster(&network, None).samples() {
            // Of roads that lie upon each other either may be taken, at the same point.
            let home = linker.link(at.into()).expect("a road is near");
            prop_assert_eq!(link.leg, home.leg);
            let [one, other] = [link, home].map(|link| point_on(&network, &link));
            prop_assert!((one.x - other.x).hypot(one.y - other.y) < 1e-7, "{:?} {:?}", one, other);
        }
    }

    #[test]
    fn areas_hold_the_sample_points_within_the_limit_and_are_valid_and_nested(
        mut network in any_network(),
        origin in any_place(),
        limits in prop::collection::btree_set(0_u32..20_000, 1..5),
        closed in prop::collection::vec(any::<usize>(), 0..8),
    ) {
        let limits: Vec<u32> = limits.into_iter().collect();
        let origin = placed(&network, origin);
        let mut raster = raster(&network, None);
        // Closures after the raster was made.
        let closed = closed.into_iter().map(|edge| (edge % network.edges.len()) as u32).collect();
        network.reweigh(&network.weights(&profile(), &Conditions { closed, ..Conditions::default() }));
        raster.update(&network);
        for direction in DIRECTIONS {
            let areas = contours(&network, &raster, origin, direction, &limits);
            let (samples, links): (Vec<_>, Vec<_>) = raster.samples().map(|(at, link)| (at, Some(link))).unzip();
            let mut plain = Search::new(network.nodes.len());
            let times = times(&network, &mut plain, &origin, &links, direction, NO_LIMIT.0);
            for (at, time) in samples.into_iter().zip(times) {
                for (limit, area) in limits.iter().zip(&areas) {
                    prop_assert_eq!(area.contains(&Point::from(at)), time.is_some_and(|time| time <= *limit));
                }
            }
            for area in &areas {
                prop_assert!(area.is_valid(), "{:?}", area.check_validation());
            }
            for pair in areas.windows(2).filter(|pair| !pair[0].0.is_empty()) {
                prop_assert!(pair[0].relate(&pair[1]).is_coveredby());
            }
        }
    }
}
