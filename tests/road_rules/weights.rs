//! New weights on the same topology.

use super::drawn::{PRIMARY, PRIMARY_KM, Scene, TERTIARY, TERTIARY_KM, profile, time_on};
use keniki::network::graph::{CLOSED, Network};
use keniki::network::profile::{Profile, Season, TimeOfDay};
use keniki::network::weights::{Conditions, TOO_LONG};

/// A toll road A–B, a mountain road A–C–B that is closed in winter, and the long way round.
fn three_ways() -> Scene {
    Scene::draw("U A   B V\n\n    C\n\n\n\n  D   E")
        .way("AB", &[("highway", "primary"), ("toll", "yes")])
        .way("ACB", &[TERTIARY, ("access:conditional", "no @ (Dec-Mar)")])
        .way("UADEBV", &[PRIMARY])
}

fn under(conditions: &Conditions) -> Option<u32> {
    let scene = three_ways();
    let mut network = scene.network();
    network.reweigh(&network.weights(&profile(), conditions));
    time_on(&network, scene.at('A'), scene.at('B'))
}

#[test]
fn tolls_and_winter_closures_open_and_close_roads() {
    assert_eq!(under(&Conditions::default()), Some(4 * PRIMARY_KM));
    let no_tolls = Conditions { no_tolls: true, ..Conditions::default() };
    // Twice 2√2 km of tertiary road.
    assert_eq!(under(&no_tolls), Some(2 * 3_394));
    let winter = Conditions { season: Season::Snow, ..no_tolls.clone() };
    // 16 km at 40 · 0.75 km/h, each of the three parts rounded.
    assert_eq!(under(&winter), Some(16 * 1_200));
    let winter_with_tolls = Conditions { season: Season::Snow, ..Conditions::default() };
    assert_eq!(under(&winter_with_tolls), Some(4 * 1_200));
    let closed = Conditions { closed: vec![0], ..Conditions::default() };
    assert_eq!(under(&closed), under(&no_tolls), "edge 0 is the toll road");
}

#[test]
fn new_weights_are_those_of_a_network_that_is_built_anew_and_arcs_keep_their_places() {
    let scene = three_ways();
    let roads = scene.roads();
    let conditions = Conditions { season: Season::Snow, time: TimeOfDay::Peak, ..Conditions::default() };
    let mut slower = profile();
    let speeds = |profile: &Profile, at: usize| {
        profile.speeds(&profile.classes[at], conditions.season, conditions.time)
    };
    for at in 0..slower.classes.len() {
        let [open, dense] = speeds(&profile(), at);
        (slower.classes[at].open_kmh, slower.classes[at].dense_kmh) = (open, dense);
    }
    let rebuilt = Network::new(&roads, &slower, |_| false);
    let mut network = scene.network();
    let before = network.clone();
    network.reweigh(&network.weights(&profile(), &conditions));
    for node in 0..network.nodes.len() as u32 {
        for (arcs, anew) in [
            (network.leaving.of(node), rebuilt.leaving.of(node)),
            (network.arriving.of(node), rebuilt.arriving.of(node)),
        ] {
            for (arc, anew) in arcs.iter().zip(anew) {
                assert_eq!(arc.node, anew.node);
                assert!(arc.weight == anew.weight || arc.weight == CLOSED, "closed in winter");
            }
            assert_eq!(arcs.len(), anew.len());
        }
    }
    network.reweigh(&network.weights(&profile(), &Conditions::default()));
    for node in 0..network.nodes.len() as u32 {
        assert_eq!(network.leaving.of(node), before.leaving.of(node));
        assert_eq!(network.arriving.of(node), before.arriving.of(node));
    }
}

#[test]
fn signals_and_junctions_cost_what_the_table_says() {
    let scene = Scene::draw("ASBJCD\n   K\n   L")
        .way("ASBJC", &[TERTIARY])
        .way("CD", &[TERTIARY])
        .way("JKL", &[TERTIARY])
        .node('S', &[("highway", "traffic_signals")])
        .node('J', &[("highway", "crossing")]);
    let mut table = profile();
    (table.delay.signal_s, table.delay.junction_s) = (20.0, 3.0);
    let mut network = scene.network();
    let time = |network: &Network, from, to| time_on(network, scene.at(from), scene.at(to));
    assert_eq!(time(&network, 'A', 'D'), Some(5 * TERTIARY_KM), "the shipped table has no delays");
    network.reweigh(&network.weights(&table, &Conditions::default()));
    // The signal S once and the junction J once; C joins two roads only.
    assert_eq!(time(&network, 'A', 'D'), Some(5 * TERTIARY_KM + 200 + 30));
    assert_eq!(time(&network, 'D', 'A'), Some(5 * TERTIARY_KM + 200 + 30));
    assert_eq!(time(&network, 'J', 'D'), Some(2 * TERTIARY_KM), "who begins at J has passed it");
    let scene = scene.node('J', &[("highway", "traffic_signals")]);
    let mut network = scene.network();
    network.reweigh(&network.weights(&table, &Conditions::default()));
    assert_eq!(
        time_on(&network, scene.at('A'), scene.at('D')),
        Some(5 * TERTIARY_KM + 400),
        "a junction with a signal costs the signal"
    );
}

#[test]
fn an_edge_that_takes_years_is_closed_and_told() {
    let mut table = profile();
    let scene = Scene::draw("A    B").way("AB", &[TERTIARY]).way("AB", &[PRIMARY]);
    let network = scene.network();
    for class in &mut table.classes {
        if class.highway == "tertiary" {
            class.open_kmh = 5.0 * 36_000.0 / f64::from(TOO_LONG) * 0.999;
        }
    }
    let weights = network.weights(&table, &Conditions::default());
    assert_eq!(weights.too_long, [0]);
    assert_eq!((weights.forward[0], weights.backward[0]), (CLOSED, CLOSED));
    assert_eq!((weights.forward[1], weights.backward[1]), (5 * PRIMARY_KM, 5 * PRIMARY_KM));
}
