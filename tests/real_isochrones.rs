//! Isochrones of 山梨県. Skipped by name where the official files are not at hand.

mod support;

use geo::{Contains, Point, Relate, Validation};
use keniki::geometry::locate::Locator;
use keniki::ingest::manifest::Manifest;
use keniki::ingest::read_study;
use keniki::network::build::{build, mean_latitude};
use keniki::network::isochrone::Sweep;
use keniki::network::isochrone::drawing::Drawing;
use keniki::network::isochrone::edges::reached_parts;
use keniki::network::isochrone::raster::Raster;
use keniki::network::link::{Direction, Link, times};
use keniki::network::profile::Profile;
use keniki::network::search::{NO_LIMIT, Search, UNREACHED};
use keniki::progress::Silent;
use keniki::units::Deciseconds;
use support::{root, skipped};

/// Origins that are tried, spread over the list of institutions.
const ORIGINS: usize = 4;

#[test]
fn areas_parts_and_people_agree_with_the_times_of_places() {
    if !root().join("../shared/data/yamanashi").is_dir() {
        skipped("real_isochrones");
        return;
    }
    let manifest = Manifest::read(&root().join("tests/real/yamanashi.toml")).expect("a manifest");
    let mut study = read_study(&manifest, &Silent).expect("a study");
    let profile = Profile::planning().expect("shipped");
    let roadway = build(&mut study, &profile, &Silent).expect("a network");
    let network = &roadway.network;
    let boundaries: Vec<_> = study.municipalities.iter().map(|one| one.boundary.clone()).collect();
    let land = Locator::new(&boundaries);
    let drawing = Drawing::shipped().expect("shipped");
    let raster = Raster::new(
        network,
        &profile,
        mean_latitude(&study.cells.iter().map(|cell| cell.centre).collect::<Vec<_>>()),
        &drawing,
        Some(&land),
    );
    assert!(raster.samples().count() > 100_000);
    assert!(raster.samples().all(|(at, _)| land.find(at).is_some()));
    let limits = [5, 15, 30, 60, 90].map(Deciseconds::from_minutes);
    let linked: Vec<_> = roadway.linkage.institutions.iter().flatten().copied().collect();
    let mut search = Search::new(network.nodes.len());
    let mut plain = Search::new(network.nodes.len());
    for (number, origin) in linked.iter().step_by(linked.len() / ORIGINS).enumerate() {
        let (direction, arcs) = match number % 2 {
            0 => (Direction::Outward, &network.leaving),
            _ => (Direction::Inward, &network.arriving),
        };
        search.run(arcs, &origin.begins(network, direction), NO_LIMIT.0, |_| true);
        let sweep = Sweep::new(network, search.times(), std::slice::from_ref(origin), direction);
        let cells = &roadway.linkage.cells;
        let expected = times(network, &mut plain, origin, cells, direction, NO_LIMIT.0);
        for (cell, expected) in cells.iter().zip(expected) {
            assert_eq!(cell.map(|link| sweep.time(&link)).filter(|time| *time != UNREACHED), expected);
        }
        for limit in limits {
            let parts = reached_parts(&sweep, limit);
            for link in cells.iter().flatten() {
                let on_road = Link { leg: 0, ..*link };
                let first = parts.partition_point(|part| part.edge < link.edge);
                let mut of_edge = parts[first..].iter().take_while(|part| part.edge == link.edge);
                let holds = of_edge.any(|part| (part.begin..=part.end).contains(&link.fraction));
                assert_eq!(holds, sweep.time(&on_road) <= limit.0);
            }
        }
        let areas = raster.contours(&sweep, &limits);
        for (area, limit) in areas.iter().zip(limits) {
            assert!(area.is_valid(), "{:?}", area.check_validation());
            for (at, link) in raster.samples().step_by(4_001) {
                assert_eq!(area.contains(&Point::from(at)), sweep.time(&link) <= limit.0, "{at:?}");
            }
        }
        let nested = |pair: &[_]| -> bool {
            let [inner, outer]: &[geo::MultiPolygon; 2] = pair.try_into().expect("a pair");
            inner.0.is_empty() || inner.relate(outer).is_coveredby()
        };
        assert!(areas.windows(2).all(nested));
    }
}
