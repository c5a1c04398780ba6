use geo::Coord;
use keniki::network::graph::Network;
use keniki::network::hierarchy::Hierarchy;
use keniki::network::hierarchy::sweep::{Engine, LANES, Pass, matrix};
use keniki::network::link::Direction;
use keniki::network::osm;
use keniki::network::profile::Profile;
use keniki::network::search::{NO_LIMIT, Search};
use std::path::PathBuf;
use std::time::Instant;

fn timed<T>(name: &str, run: impl FnOnce() -> T) -> T {
    let begin = Instant::now();
    let result = run();
    println!("{name}: {:.3} s", begin.elapsed().as_secs_f64());
    result
}

fn main() {
    let file = std::env::args().skip(1).find(|a| a.ends_with(".pbf")).map(PathBuf::from).unwrap();
    let profile = Profile::planning().unwrap();
    let roads = timed("read", || osm::read(&[file], &profile).unwrap());
    let network = timed("network", || Network::new(&roads, &profile, |_: Coord| false));
    let mut arcs = Vec::new();
    let mut weights = Vec::new();
    for node in 0..network.nodes.len() as u32 {
        for arc in network.leaving.of(node) {
            arcs.push((node, arc.node));
            weights.push(arc.weight);
        }
    }
    println!("{} nodes {} arcs", network.nodes.len(), arcs.len());
    let hierarchy = timed("hierarchy", || Hierarchy::new(&network.nodes, &arcs));
    println!("{} hierarchy arcs", hierarchy.arcs());
    let metric = timed("customise", || hierarchy.customise(&weights));
    let metric = timed("customise", || {
        drop(metric);
        hierarchy.customise(&weights)
    });
    let n = network.nodes.len() as u32;
    let pick = |count: u32, salt: u32| -> Vec<[(u32, u32); 1]> {
        (0..count).map(|i| [(((i as u64 * 2654435761 + salt as u64 * 40503) % n as u64) as u32, 0)]).collect()
    };
    let (o, d) = (pick(2000, 1), pick(2000, 2));
    fn ends(p: &[[(u32, u32); 1]]) -> Vec<&[(u32, u32)]> {
        p.iter().map(|e| &e[..]).collect()
    }
    let (o, d) = (ends(&o), ends(&d));
    for _ in 0..2 {
        timed("2000x200", || matrix(&hierarchy, &metric, &o, &d[..200]));
        timed("2000x2000", || matrix(&hierarchy, &metric, &o, &d));
    }
    let m = matrix(&hierarchy, &metric, &o, &d);
    let engine = Engine::new(&hierarchy, &metric, Direction::Outward);
    let mut pass = Pass::<LANES>::new(n as usize);
    timed("16 lanes all", || {
        for _ in 0..10 {
            engine.sweep(&mut pass, &o[..16])
        }
    });
    let mut one = Pass::<1>::new(n as usize);
    timed("1 lane all", || {
        for _ in 0..10 {
            engine.sweep(&mut one, &o[..1])
        }
    });
    let mut search = Search::new(n as usize);
    let mut wrong = 0;
    timed("dijkstra 20", || {
        for i in 0..20 {
            search.run(&network.leaving, o[i], NO_LIMIT.0, |_| true);
            for (j, d) in d.iter().enumerate() {
                wrong += usize::from(search.time(d[0].0) != m[i * 2000 + j]);
            }
        }
    });
    println!("wrong {wrong}");
}
