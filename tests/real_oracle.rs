//! The hierarchy against plain Dijkstra on the real roads of 山梨県. Skipped by name where the road
//! file is not at hand.

mod support;

use geo::Coord;
use keniki::network::graph::Network;
use keniki::network::hierarchy::sweep::{Ends, Engine, LANES, Pass};
use keniki::network::hierarchy::table::matrix;
use keniki::network::hierarchy::{Hierarchy, arc_times};
use keniki::network::link::Direction;
use keniki::network::osm::read;
use keniki::network::profile::{Profile, Season};
use keniki::network::search::{NO_LIMIT, Search};
use keniki::network::weights::Conditions;
use rayon::prelude::*;
use support::{root, skipped};

const ORIGINS: u64 = 1_000;

fn roads() -> Option<(Network, Profile)> {
    let file = root().join("../shared/data/yamanashi/roads/yamanashi-roads-2021.osm.pbf");
    if !file.is_file() {
        skipped("real_oracle");
        return None;
    }
    let profile = Profile::planning().expect("shipped");
    let roads = read(&[file], &profile).expect("the official extract is whole");
    Some((Network::new(&roads, &profile, |at: Coord| at.x > 138.5 && at.y > 35.6), profile))
}

/// Junctions strewn over the network.
fn scattered(network: &Network, salt: u64) -> Vec<[(u32, u32); 1]> {
    let place =
        |at: u64| ((at + salt).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20) % network.nodes.len() as u64;
    (0..ORIGINS).map(|at| [(place(at) as u32, 0)]).collect()
}

fn ends(places: &[[(u32, u32); 1]]) -> Vec<&Ends> {
    places.iter().map(<[_; 1]>::as_slice).collect()
}

/// Number of junctions whose time differs from Dijkstra's, over all origins.
fn differences(
    network: &Network,
    hierarchy: &Hierarchy,
    origins: &[[(u32, u32); 1]],
    direction: Direction,
) -> usize {
    let metric = hierarchy.customise(&arc_times(network));
    let engine = Engine::new(hierarchy, &metric, direction);
    let arcs = if direction == Direction::Outward { &network.leaving } else { &network.arriving };
    let block = |(search, pass): &mut (Search, Pass<LANES>), origins: &[[(u32, u32); 1]]| {
        engine.sweep(pass, &ends(origins));
        let of_lane = |(lane, origin): (usize, &[(u32, u32); 1])| {
            search.run(arcs, origin, NO_LIMIT.0, |_| true);
            let differs = |node: &u32| engine.time(pass, *node, lane) != search.time(*node);
            (0..network.nodes.len() as u32).filter(differs).count()
        };
        origins.iter().enumerate().map(of_lane).sum::<usize>()
    };
    let memory = || (Search::new(network.nodes.len()), Pass::new(network.nodes.len()));
    origins.par_chunks(LANES).map_init(memory, block).sum()
}

#[test]
fn a_million_pairs_and_more_equal_dijkstra_to_the_decisecond() {
    let Some((mut network, profile)) = roads() else { return };
    let hierarchy = Hierarchy::of(&network);
    let (origins, destinations) = (scattered(&network, 1), scattered(&network, 77_777));
    // 1,000 origins to every junction: 240 million pairs.
    assert_eq!(differences(&network, &hierarchy, &origins, Direction::Outward), 0);
    assert_eq!(differences(&network, &hierarchy, &origins[..100], Direction::Inward), 0);

    // A million pairs as one table, read both ways.
    let metric = hierarchy.customise(&arc_times(&network));
    let (from, to) = (ends(&origins), ends(&destinations));
    let table = matrix(&hierarchy, &metric, &from, &to);
    assert_eq!(table.len(), 1_000_000);
    let mut search = Search::new(network.nodes.len());
    for (row, origin) in from.iter().enumerate().step_by(20) {
        search.run(&network.leaving, origin, NO_LIMIT.0, |_| true);
        assert!(to.iter().zip(&table[row * to.len()..]).all(|(end, time)| search.time(end[0].0) == *time));
    }

    // Winter, and every fiftieth road closed.
    let closed = (0..network.edges.len() as u32).step_by(50).collect();
    let conditions = Conditions { season: Season::Snow, closed, ..Conditions::default() };
    network.reweigh(&network.weights(&profile, &conditions));
    assert_eq!(differences(&network, &hierarchy, &origins[..100], Direction::Outward), 0);
    assert_eq!(differences(&network, &hierarchy, &origins[..100], Direction::Inward), 0);
}
