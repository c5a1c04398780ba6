//! Faults of the map are told with their place.

use super::drawn::{PRIMARY, Scene, TERTIARY, profile};
use geo::Point;
use keniki::ingest::finding::{Finding, Severity};
use keniki::network::faults::faults;
use std::collections::BTreeMap;

fn told(scene: &Scene) -> Vec<Finding> {
    faults(&scene.network(), &profile(), &BTreeMap::new())
}

/// Kinds and places, the place as the nearest letter.
fn kinds(scene: &Scene, letters: &str) -> Vec<(String, Option<char>)> {
    let letter = |place: [f64; 2]| {
        letters.chars().find(|letter| {
            let at: Point = scene.at(*letter);
            (at.x() - place[0]).hypot(at.y() - place[1]) < 1e-6
        })
    };
    told(scene).into_iter().map(|one| (one.kind, one.place.and_then(letter))).collect()
}

fn moved(mut scene: Scene, letter: char, east_m: f64) -> Scene {
    let at = (scene.id(letter) - 1) as usize;
    scene.extract.nodes[at].0 += east_m / 1_000.0 * super::drawn::KM_EAST;
    scene
}

const MOTORWAY: (&str, &str) = ("highway", "motorway");

#[test]
fn a_sound_network_has_no_faults() {
    assert_eq!(told(&Scene::draw("A  B\n\nC  D").way("ABDCA", &[PRIMARY])), []);
}

#[test]
fn a_motorway_cut_in_two_is_told_where_it_is() {
    let cut = |gap_m: f64| {
        let scene = Scene::draw("A  BC  D").way("AB", &[MOTORWAY]).way("CD", &[MOTORWAY]);
        moved(scene, 'C', gap_m - 1_000.0)
    };
    let faults = kinds(&cut(20.0), "ABCD");
    assert!(faults.contains(&("cut_road".to_owned(), Some('B'))), "{faults:?}");
    assert!(kinds(&cut(0.0), "ABCD").iter().any(|(kind, _)| kind == "cut_road"), "two nodes at one place");
    assert!(kinds(&cut(60.0), "ABCD").iter().all(|(kind, _)| kind != "cut_road"), "too far apart");
}

#[test]
fn carriageways_that_leave_the_map_side_by_side_are_not_cut() {
    let scene = Scene::draw("A  B\nD  C").way("AB", &[MOTORWAY]).way("CD", &[MOTORWAY]);
    let mut scene = scene.way("AD", &[PRIMARY]);
    for letter in ['C', 'D'] {
        let at = (scene.id(letter) - 1) as usize;
        scene.extract.nodes[at].1 = -0.02 * super::drawn::KM_NORTH;
    }
    assert!(kinds(&scene, "ABCD").iter().all(|(kind, _)| kind != "cut_road"));
    let other_class = Scene::draw("A  BC  D").way("AB", &[MOTORWAY]).way("CD", &[("highway", "trunk")]);
    assert!(kinds(&moved(other_class, 'C', -990.0), "ABCD").iter().all(|(kind, _)| kind != "cut_road"));
}

#[test]
fn one_way_streets_that_catch_or_shut_out_are_told_where_they_meet_the_rest() {
    let ring = |one_way: &str| {
        Scene::draw("A    B  CD\n\nE    F")
            .way("ABFEA", &[PRIMARY])
            .way("BC", &[TERTIARY, ("oneway", one_way)])
            .way("CD", &[TERTIARY])
    };
    assert_eq!(kinds(&ring("yes"), "ABCDEF"), [("road_without_exit".to_owned(), Some('C'))]);
    assert_eq!(kinds(&ring("-1"), "ABCDEF"), [("road_without_entry".to_owned(), Some('C'))]);
    assert_eq!(kinds(&ring("no"), "ABCDEF"), []);
    let both = ring("yes").way("DA", &[TERTIARY, ("oneway", "yes")]);
    assert_eq!(kinds(&both, "ABCDEF"), [], "one can drive round");
    let short =
        Scene::draw("A    BC\n\nE    F").way("ABFEA", &[PRIMARY]).way("BC", &[TERTIARY, ("oneway", "yes")]);
    assert_eq!(kinds(&short, "ABCEF"), [], "nobody is linked to so short a road");
}

#[test]
fn an_island_is_told_with_its_length_and_people_and_is_no_error() {
    let scene = Scene::draw("A     B\n\n\nC  D\n\n\nEF")
        .way("AB", &[PRIMARY])
        .way("CD", &[PRIMARY])
        .way("EF", &[PRIMARY]);
    let found = faults(&scene.network(), &profile(), &BTreeMap::from([(0, 1_000), (1, 64)]));
    let kinds: Vec<_> =
        found.iter().map(|one| (one.kind.as_str(), one.said.as_str(), one.severity)).collect();
    assert_eq!(
        kinds,
        [("separate_roads", "3.0 km", Severity::Note), ("road_fragments", "1", Severity::Note)]
    );
    assert!(found[0].meant.contains("64 人"), "{}", found[0].meant);
    assert!(found[0].place.is_some());
}

#[test]
fn roads_without_length_are_told_and_loops_are_not() {
    let scene = Scene::draw("A  B  C\n\n   D");
    let scene =
        moved(scene.way("ABC", &[PRIMARY]).way("BC", &[TERTIARY]).way("BDB", &[TERTIARY]), 'C', -3_000.0);
    let faults = kinds(&scene, "ABD");
    assert_eq!(faults, vec![("road_without_length".to_owned(), Some('B')); 2], "B–C by either road");
}

#[test]
fn tags_that_say_nothing_and_nodes_written_twice_are_counted_with_their_way() {
    let roads = Scene::draw("A  B  C")
        .way("AABBBC", &[PRIMARY, ("maxspeed", "fast")])
        .way("AC", &[TERTIARY, ("oneway", "reversible")])
        .way("CA", &[TERTIARY, ("access:conditional", "no @ (07:00-09:00)")])
        .roads();
    let odd: Vec<_> = roads.files[0].odd.iter().map(|odd| (odd.way, odd.key)).collect();
    assert_eq!(odd, [(1, "maxspeed"), (1, "maxspeed"), (1, "nd"), (2, "oneway"), (3, "access:conditional")]);
    assert_eq!(roads.ways[0].nodes.len(), 3);
}
