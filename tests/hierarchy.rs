//! The hierarchy against another implementation of Dijkstra's algorithm, with closures and mending.

use geo::Coord;
use keniki::network::hierarchy::metric::Metric;
use keniki::network::hierarchy::sweep::{Ends, Engine, LANES, Pass};
use keniki::network::hierarchy::table::matrix;
use keniki::network::hierarchy::{Hierarchy, INFINITE};
use keniki::network::link::Direction;
use keniki::network::search::UNREACHED;
use petgraph::graph::{DiGraph, NodeIndex};
use proptest::prelude::*;

/// A road network with weights that may change.
#[derive(Clone, Debug)]
struct Roads {
    places: Vec<Coord>,
    arcs: Vec<(u32, u32)>,
    times: Vec<u32>,
}

impl Roads {
    /// Deciseconds from a junction to all others, by petgraph.
    fn times_from(&self, origin: u32, direction: Direction) -> Vec<u32> {
        let mut graph = DiGraph::<(), u32>::new();
        for _ in &self.places {
            graph.add_node(());
        }
        for ((from, to), time) in self.arcs.iter().zip(&self.times).filter(|(_, time)| **time < INFINITE) {
            let (from, to) = if direction == Direction::Outward { (from, to) } else { (to, from) };
            graph.add_edge((*from).into(), (*to).into(), *time);
        }
        let reached = petgraph::algo::dijkstra(&graph, origin.into(), None, |edge| *edge.weight());
        let time = |node: usize| reached.get(&NodeIndex::new(node)).copied().unwrap_or(UNREACHED);
        (0..self.places.len()).map(time).collect()
    }

    fn hierarchy(&self) -> Hierarchy {
        Hierarchy::new(&self.places, &self.arcs)
    }

    /// Every pair of junctions, both directions, against petgraph; one lane and many.
    fn compare(&self, hierarchy: &Hierarchy, metric: &Metric) -> Result<(), TestCaseError> {
        let junctions = self.places.len() as u32;
        let seeds: Vec<[(u32, u32); 1]> = (0..junctions).map(|node| [(node, 0)]).collect();
        let ends: Vec<&Ends> = seeds.iter().map(<[_; 1]>::as_slice).collect();
        for direction in [Direction::Outward, Direction::Inward] {
            let engine = Engine::new(hierarchy, metric, direction);
            let (mut one, mut many) =
                (Pass::<1>::new(self.places.len()), Pass::<LANES>::new(self.places.len()));
            for block in ends.chunks(LANES) {
                engine.sweep(&mut many, block);
                for (lane, origin) in block.iter().enumerate() {
                    engine.sweep(&mut one, &[origin]);
                    let expected = self.times_from(origin[0].0, direction);
                    for node in 0..junctions {
                        prop_assert_eq!(engine.time(&one, node, 0), expected[node as usize], "{:?}", self);
                        prop_assert_eq!(
                            engine.time(&many, node, lane),
                            expected[node as usize],
                            "{:?}",
                            self
                        );
                    }
                }
            }
        }
        Ok(())
    }
}

/// Junctions on a grid, most arcs between near ones, some long, some parallel, some loops.
fn roads() -> impl Strategy<Value = Roads> {
    (2_u32..70, 2_u32..9).prop_flat_map(|(junctions, width)| {
        let place = move |at: u32| Coord { x: f64::from(at % width), y: 35.0 + f64::from(at / width) };
        let near =
            (0..junctions, prop::sample::select(vec![1, width, width + 1]), any::<bool>(), 1_u32..2_000);
        let far =
            (0..junctions, 0..junctions, any::<bool>(), prop_oneof![9 => 0_u32..5_000, 1 => Just(INFINITE)]);
        let near = prop::collection::vec(near, 1..180);
        let far = prop::collection::vec(far, 0..12);
        (near, far).prop_map(move |(near, far)| {
            let mut roads =
                Roads { places: (0..junctions).map(place).collect(), arcs: Vec::new(), times: Vec::new() };
            let near =
                near.into_iter().map(|(at, step, both, time)| (at, (at + step) % junctions, both, time));
            for (from, to, both, time) in near.chain(far) {
                roads.arcs.push((from, to));
                roads.times.push(time);
                if both {
                    roads.arcs.push((to, from));
                    roads.times.push(time);
                }
            }
            roads
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn all_times_equal_those_of_petgraph_also_after_closures_and_openings(
        before in roads(),
        changes in prop::collection::vec(
            (any::<prop::sample::Index>(), prop_oneof![2 => Just(INFINITE), 1 => 0_u32..3_000]), 1..8),
    ) {
        let hierarchy = before.hierarchy();
        let mut metric = hierarchy.customise(&before.times);
        before.compare(&hierarchy, &metric)?;
        let mut after = before.clone();
        let mut changed = Vec::new();
        for (index, time) in changes {
            let at = index.index(after.arcs.len());
            after.times[at] = time;
            changed.push(at as u32);
        }
        hierarchy.mend(&mut metric, &after.times, &changed);
        prop_assert_eq!(&metric, &hierarchy.customise(&after.times), "{:?} {:?}", before, changed);
        after.compare(&hierarchy, &metric)?;
        hierarchy.mend(&mut metric, &before.times, &changed);
        prop_assert_eq!(&metric, &hierarchy.customise(&before.times), "{:?} {:?}", before, changed);
    }

    #[test]
    fn a_matrix_holds_the_shortest_way_over_any_of_the_ends(
        roads in roads(),
        places in prop::collection::vec(
            prop::collection::vec((any::<prop::sample::Index>(), 0_u32..500), 0..4), 1..40),
        destinations in 0_usize..40,
    ) {
        let at = |(index, time): &(prop::sample::Index, u32)| (index.index(roads.places.len()) as u32, *time);
        let places: Vec<Vec<(u32, u32)>> = places.iter().map(|ends| ends.iter().map(at).collect()).collect();
        let ends: Vec<&Ends> = places.iter().map(Vec::as_slice).collect();
        let (origins, destinations) = ends.split_at(destinations.min(ends.len()));
        let hierarchy = roads.hierarchy();
        let times = matrix(&hierarchy, &hierarchy.customise(&roads.times), origins, destinations);
        prop_assert_eq!(times.len(), origins.len() * destinations.len());
        let from: &Vec<_> = &(0..roads.places.len() as u32)
            .map(|node| roads.times_from(node, Direction::Outward)).collect();
        for (row, origin) in origins.iter().enumerate() {
            for (column, destination) in destinations.iter().enumerate() {
                let ways = origin.iter().flat_map(|(a, leave)| destination.iter().filter_map(move |(b, arrive)| {
                    let time = from[*a as usize][*b as usize];
                    (time != UNREACHED).then(|| leave + time + arrive)
                }));
                let expected = ways.min().unwrap_or(UNREACHED);
                prop_assert_eq!(times[row * destinations.len() + column], expected, "{:?}", roads);
            }
        }
    }

    #[test]
    fn doubled_weights_double_all_times_and_a_closure_shortens_none(roads in roads(), closed: prop::sample::Index) {
        let hierarchy = roads.hierarchy();
        let all: Vec<[(u32, u32); 1]> = (0..roads.places.len() as u32).map(|node| [(node, 0)]).collect();
        let ends: Vec<&Ends> = all.iter().map(<[_; 1]>::as_slice).collect();
        let times = |weights: &[u32]| matrix(&hierarchy, &hierarchy.customise(weights), &ends, &ends);
        let base = times(&roads.times);
        let doubled: Vec<u32> = roads.times.iter().map(|time| (time * 2).min(INFINITE)).collect();
        for (once, twice) in base.iter().zip(times(&doubled)) {
            prop_assert_eq!(twice, if *once == UNREACHED { UNREACHED } else { 2 * once });
        }
        let mut weights = roads.times.clone();
        weights[closed.index(roads.times.len())] = INFINITE;
        prop_assert!(base.iter().zip(times(&weights)).all(|(open, closed)| closed >= *open));
    }

    #[test]
    fn the_matrix_of_the_turned_network_is_the_transpose(roads in roads()) {
        let all: Vec<[(u32, u32); 1]> = (0..roads.places.len() as u32).map(|node| [(node, 0)]).collect();
        let ends: Vec<&Ends> = all.iter().map(<[_; 1]>::as_slice).collect();
        let turned = Roads { arcs: roads.arcs.iter().map(|(from, to)| (*to, *from)).collect(), ..roads.clone() };
        let times = |roads: &Roads| {
            let hierarchy = roads.hierarchy();
            matrix(&hierarchy, &hierarchy.customise(&roads.times), &ends, &ends)
        };
        let (there, back) = (times(&roads), times(&turned));
        let n = ends.len();
        prop_assert!((0..n * n).all(|at| there[at] == back[at % n * n + at / n]));
    }
}

#[test]
fn no_junction_and_no_arc_are_a_hierarchy_too() {
    let empty = Hierarchy::new(&[], &[]);
    assert_eq!(matrix(&empty, &empty.customise(&[]), &[], &[]), Vec::<u32>::new());
    let lonely = Hierarchy::new(&[Coord { x: 138.0, y: 35.0 }], &[(0, 0)]);
    assert_eq!(matrix(&lonely, &lonely.customise(&[5]), &[&[(0, 3)]], &[&[(0, 4)], &[]]), vec![7, UNREACHED]);
}
