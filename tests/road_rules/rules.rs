//! What each tag does to travel times.

use super::drawn::{PRIMARY, PRIMARY_KM, RESIDENTIAL, RESIDENTIAL_KM, Scene, TERTIARY, TERTIARY_KM};

/// From U to V and back: the short way A–B of 2 km has the tags under test, the way round is 6 km.
fn two_ways(told: &[(&'static str, &str)]) -> [Option<u32>; 2] {
    let tags: Vec<_> = [PRIMARY].into_iter().chain(told.iter().copied()).collect();
    scene(&tags).times('U', 'V')
}

fn scene(told: &[(&'static str, &str)]) -> Scene {
    let scene = Scene::draw("UA BV\n\n C D").way("AB", told);
    scene.way("UA", &[TERTIARY]).way("BV", &[TERTIARY]).way("ACDB", &[TERTIARY])
}

const SHORT: Option<u32> = Some(2 * PRIMARY_KM + 2 * TERTIARY_KM);
const ROUND: Option<u32> = Some(6 * TERTIARY_KM + 2 * TERTIARY_KM);

#[test]
fn one_way_roads_are_driven_one_way_in_every_spelling() {
    assert_eq!(two_ways(&[]), [SHORT, SHORT]);
    for spelling in ["yes", "true", "1"] {
        assert_eq!(two_ways(&[("oneway", spelling)]), [SHORT, ROUND], "{spelling}");
    }
    for spelling in ["-1", "reverse"] {
        assert_eq!(two_ways(&[("oneway", spelling)]), [ROUND, SHORT], "{spelling}");
    }
    for spelling in ["no", "false", "0", "alternating"] {
        assert_eq!(two_ways(&[("oneway", spelling)]), [SHORT, SHORT], "{spelling}");
    }
    assert_eq!(two_ways(&[("oneway", "reversible")]), [ROUND, ROUND]);
    assert_eq!(two_ways(&[("oneway", "yes"), ("oneway:motorcar", "-1")]), [ROUND, SHORT]);
    assert_eq!(two_ways(&[("oneway", "yes"), ("oneway:motor_vehicle", "no")]), [SHORT, SHORT]);
    assert_eq!(two_ways(&[("junction", "circular")]), [SHORT, ROUND]);
}

#[test]
fn a_roundabout_is_driven_around_in_the_direction_in_which_it_is_drawn() {
    let scene =
        Scene::draw("  N\nW   E\n  S").way("NESWN", &[RESIDENTIAL, ("junction", "roundabout")]).network();
    let arcs: Vec<usize> = (0..scene.nodes.len() as u32).map(|node| scene.leaving.of(node).len()).collect();
    assert_eq!(arcs, [1], "one edge that begins and ends in N, driven once around");
    let scene = Scene::draw("   n\n   N\nw W   E e\n   S")
        .way("NEWN", &[RESIDENTIAL, ("junction", "roundabout")])
        .way("Nn", &[RESIDENTIAL])
        .way("Ee", &[RESIDENTIAL])
        .way("Ww", &[RESIDENTIAL]);
    let (there, back) = (scene.time('W', 'E').expect("a way"), scene.time('E', 'W').expect("a way"));
    // W → N → E against E → W straight, 4 km.
    assert!(there > back, "{there} {back}");
    assert_eq!(back, 4 * RESIDENTIAL_KM);
}

#[test]
fn motorways_are_one_way_and_their_links_are_not() {
    let network = |class: &str| {
        let scene = Scene::draw("A  B").way("AB", &[("highway", class)]);
        let edge = &scene.network().edges[0];
        edge.road.drivable
    };
    assert_eq!(network("motorway"), [true, false]);
    assert_eq!(network("motorway_link"), [true, true]);
}

#[test]
fn the_most_specific_access_tag_decides_who_drives_through() {
    for open in
        [&[("access", "yes")][..], &[("access", "permissive")], &[("access", "no"), ("motorcar", "yes")]]
    {
        assert_eq!(two_ways(open), [SHORT, SHORT], "{open:?}");
    }
    for closed in [
        &[("access", "no")][..],
        &[("vehicle", "forestry")],
        &[("motor_vehicle", "agricultural")],
        &[("motor_vehicle", "yes"), ("motorcar", "no")],
        &[("access", "emergency")],
    ] {
        assert_eq!(two_ways(closed), [ROUND, ROUND], "{closed:?}");
    }
    for restricted in ["private", "destination", "customers", "delivery", "permit"] {
        assert_eq!(two_ways(&[("access", restricted)]), [ROUND, ROUND], "{restricted}");
    }
}

#[test]
fn soft_tracks_and_emergency_accesses_are_no_roads() {
    let track = ("highway", "track");
    let track_km = 3_600;
    let time = |tags: &[(&'static str, &str)]| {
        let scene = Scene::draw("A  B\n\n\n\n\n\n\n\n\n\n\nC  D").way("AB", tags);
        scene.way("ACDB", &[TERTIARY]).time('A', 'B')
    };
    assert_eq!(time(&[track]), Some(3 * track_km));
    assert_eq!(time(&[track, ("tracktype", "grade1")]), Some(3 * track_km));
    let around = Some((11 + 3 + 11) * TERTIARY_KM);
    assert_eq!(time(&[track, ("tracktype", "grade5")]), around);
    assert_eq!(time(&[("highway", "service"), ("service", "emergency_access")]), around);
    assert_eq!(time(&[("highway", "construction")]), around);
}

#[test]
fn a_speed_limit_slows_and_never_speeds_up() {
    let limited = |km_time: u32| Some(2 * km_time + 2 * TERTIARY_KM);
    assert_eq!(two_ways(&[("maxspeed", "20")]), [limited(1_800); 2]);
    assert_eq!(two_ways(&[("maxspeed", "60")]), [SHORT, SHORT]);
    assert_eq!(two_ways(&[("maxspeed:backward", "30")]), [SHORT, limited(1_200)]);
    assert_eq!(two_ways(&[("maxspeed", "very slow")]), [SHORT, SHORT]);
}

#[test]
fn walls_cut_a_road_and_gates_do_not() {
    let with = |told: &[(&'static str, &str)]| {
        let scene = Scene::draw("UAMBV\n\n C D").way("AMB", &[PRIMARY]).way("UA", &[TERTIARY]);
        scene.way("BV", &[TERTIARY]).way("ACDB", &[TERTIARY]).node('M', told).times('U', 'V')
    };
    for passed in [
        &[("barrier", "gate")][..],
        &[("barrier", "toll_booth")],
        &[("barrier", "cattle_grid")],
        &[("barrier", "bollard"), ("motor_vehicle", "yes")],
        &[("highway", "traffic_signals")],
    ] {
        assert_eq!(with(passed), [SHORT, SHORT], "{passed:?}");
    }
    for cut in [
        &[("barrier", "bollard")][..],
        &[("barrier", "block")],
        &[("barrier", "gate"), ("access", "no")],
        &[("barrier", "gate"), ("access", "private")],
        &[("barrier", "gate"), ("locked", "yes")],
    ] {
        assert_eq!(with(cut), [ROUND, ROUND], "{cut:?}");
    }
}

#[test]
fn ferries_take_their_duration_in_every_form_and_the_wait() {
    let time = |duration: &str| {
        Scene::draw("A  B      C  D")
            .way("AB", &[PRIMARY])
            .way("CD", &[PRIMARY])
            .way("BC", &[("route", "ferry"), ("motor_vehicle", "yes"), ("duration", duration)])
            .time('A', 'D')
    };
    let roads = 6 * PRIMARY_KM;
    for quarter in ["PT15M", "00:15", "0:15:00", "15"] {
        assert_eq!(time(quarter), Some(roads + (30 + 15) * 600), "{quarter}");
    }
    let untold = 7 * 36_000 / 15;
    assert_eq!(time("when the tide is right"), Some(roads + 30 * 600 + untold));
}

#[test]
fn nobody_lives_on_bridges_and_in_tunnels_but_all_drive_through() {
    for structure in [("bridge", "yes"), ("tunnel", "yes"), ("bridge", "viaduct")] {
        let scene = scene(&[PRIMARY, structure]);
        assert_eq!(scene.times('U', 'V'), [SHORT, SHORT], "{structure:?}");
        assert!(!scene.network().edges[0].linkable);
    }
    assert!(scene(&[PRIMARY, ("bridge", "no")]).network().edges[0].linkable);
}
