//! How fast travel times are, against plain Dijkstra in the same run.
//!
//! `cargo bench --bench travel -- --roads FILE.osm.pbf [--export FOLDER]`
//!
//! With `--count STEP` it does one step once, for `benches/instructions`; the steps are those of
//! [`Prepared::count`]. With `--export` it also writes the graph, the points and its own figures as `benches/peers` reads
//! them. Every figure is the best of three runs after one to warm up; ratios are what counts, since
//! they come from the same machine in the same minute.

use geo::{Coord, Point};
use keniki::network::graph::Network;
use keniki::network::hierarchy::metric::Metric;
use keniki::network::hierarchy::sweep::{Ends, Engine, LANES, Pass};
use keniki::network::hierarchy::table::matrix;
use keniki::network::hierarchy::{Hierarchy, INFINITE, arc_times, arcs};
use keniki::network::isochrone::Sweep;
use keniki::network::isochrone::drawing::Drawing;
use keniki::network::isochrone::raster::Raster;
use keniki::network::link::{Direction, Link, Linker};
use keniki::network::osm::read;
use keniki::network::profile::Profile;
use keniki::network::search::{NO_LIMIT, Search, UNREACHED};
use keniki::units::Deciseconds;
use rayon::prelude::*;
use serde_json::{Map, Value, json};
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Origins and destinations of the large matrix.
const PLACES: usize = 2_000;
/// Destinations of the small one.
const FEW: usize = 200;

/// What is measured, in the order in which it is printed.
#[derive(Default)]
struct Figures(Map<String, Value>);

impl Figures {
    fn tell(&mut self, name: &str, value: f64) {
        println!("{name:32} {value:12.4}");
        self.0.insert(name.to_owned(), json!(value));
    }

    /// Seconds of one run.
    fn once<T>(&mut self, name: &str, run: impl FnOnce() -> T) -> T {
        let begin = Instant::now();
        let result = run();
        self.tell(name, begin.elapsed().as_secs_f64());
        result
    }

    /// Seconds of the best of three runs after one to warm up, times `scale`.
    fn best<T>(&mut self, name: &str, scale: f64, mut run: impl FnMut() -> T) -> f64 {
        black_box(run());
        let time = |_| {
            let begin = Instant::now();
            black_box(run());
            begin.elapsed().as_secs_f64()
        };
        let best = (0..3).map(time).fold(f64::INFINITY, f64::min) * scale;
        self.tell(name, best);
        best
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let value_of = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).map(PathBuf::from)
    };
    let Some(roads) = value_of("--roads") else {
        eprintln!("usage: cargo bench --bench travel -- --roads FILE.osm.pbf [--export FOLDER]");
        return;
    };
    let mut figures = Figures::default();
    let prepared = Prepared::new(&roads, &mut figures);
    if let Some(step) = value_of("--count") {
        return prepared.count(&step.to_string_lossy());
    }
    let checksums = prepared.matrices(&mut figures);
    prepared.sweeps(&mut figures);
    prepared.changes(&mut figures);
    prepared.isochrones(&mut figures);
    figures.tell("peak_memory_mib", peak_memory_mib());
    // Last, since it takes half a gigabyte itself.
    figures.tell("memory_gb_per_s", memory_gb_per_s());
    if let Some(folder) = value_of("--export") {
        prepared.export(&folder, &figures.0, &checksums).expect("the folder can be written");
    }
}

/// A network ready for searches, and places on it.
struct Prepared {
    profile: Profile,
    network: Network,
    arcs: Vec<(u32, u32)>,
    times: Vec<u32>,
    hierarchy: Hierarchy,
    metric: Metric,
    origins: Vec<[(u32, u32); 1]>,
    destinations: Vec<[(u32, u32); 1]>,
}

fn ends(places: &[[(u32, u32); 1]]) -> Vec<&Ends> {
    places.iter().map(<[_; 1]>::as_slice).collect()
}

impl Prepared {
    fn new(roads: &Path, figures: &mut Figures) -> Self {
        let profile = Profile::planning().expect("the shipped table is whole");
        let roads = figures.once("read_s", || read(&[roads.to_owned()], &profile).expect("roads"));
        let network = figures.once("network_s", || Network::new(&roads, &profile, |_: Coord| false));
        let (arcs, times) = (arcs(&network), arc_times(&network));
        figures.tell("junctions", network.nodes.len() as f64);
        figures.tell("arcs", arcs.len() as f64);
        let hierarchy = figures.once("ordering_s", || Hierarchy::new(&network.nodes, &arcs));
        figures.tell("hierarchy_arcs", hierarchy.arcs() as f64);
        figures.best("customise_s", 1.0, || hierarchy.customise(&times));
        let metric = hierarchy.customise(&times);
        let junctions = network.nodes.len() as u64;
        let scattered = |salt: u64| -> Vec<[(u32, u32); 1]> {
            let place = |at: u64| (at + salt).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
            (0..PLACES as u64).map(|at| [((place(at) % junctions) as u32, 0)]).collect()
        };
        let (origins, destinations) = (scattered(1), scattered(1_000_003));
        Self { profile, network, arcs, times, hierarchy, metric, origins, destinations }
    }

    /// Both matrices, and Dijkstra for the same origins on as many threads; returns their checksums.
    fn matrices(&self, figures: &mut Figures) -> Value {
        let (origins, all) = (ends(&self.origins), ends(&self.destinations));
        let run = |destinations: &[&Ends]| matrix(&self.hierarchy, &self.metric, &origins, destinations);
        figures.best("matrix_2000x200_s", 1.0, || run(&all[..FEW]));
        let own = figures.best("matrix_2000x2000_s", 1.0, || run(&all));
        let times = run(&all);
        let begin = Instant::now();
        let different: usize = origins
            .par_iter()
            .zip(times.par_chunks(PLACES))
            .map_init(
                || Search::new(self.network.nodes.len()),
                |search, (origin, times)| {
                    search.run(&self.network.leaving, origin, NO_LIMIT.0, |_| true);
                    let differs = |(end, time): &(&&Ends, &u32)| search.time(end[0].0) != **time;
                    all.iter().zip(times).filter(differs).count()
                },
            )
            .sum();
        let dijkstra = begin.elapsed().as_secs_f64();
        assert_eq!(different, 0, "every time equals that of Dijkstra's algorithm");
        figures.tell("dijkstra_2000_sources_s", dijkstra);
        figures.tell("dijkstra_over_matrix_2000x2000", dijkstra / own);
        let checksum = |times: &[u32]| {
            let finite = times.iter().filter(|time| **time != UNREACHED);
            json!({
                "sum": finite.clone().map(|time| u64::from(*time)).sum::<u64>(),
                "unreached": times.len() - finite.count(),
            })
        };
        json!({ "matrix_2000x200": checksum(&run(&all[..FEW])), "matrix_2000x2000": checksum(&times) })
    }

    /// Does one step that stays on its thread, between the beginning and the end of [`counted`].
    fn count(&self, step: &str) {
        let origins = ends(&self.origins);
        let engine = Engine::new(&self.hierarchy, &self.metric, Direction::Outward);
        let (mut one, mut many) =
            (Pass::<1>::new(self.network.nodes.len()), Pass::<LANES>::new(self.network.nodes.len()));
        let mut search = Search::new(self.network.nodes.len());
        match step {
            "one" => counted(|| engine.sweep(&mut one, &origins[..1])),
            "sixteen" => counted(|| engine.sweep(&mut many, &origins[..LANES])),
            "dijkstra" => {
                counted(|| search.run(&self.network.leaving, origins[0], NO_LIMIT.0, |_| true));
            }
            _ => eprintln!("--count: one, sixteen or dijkstra"),
        }
    }

    /// All junctions from one origin, alone and with others in one pass.
    fn sweeps(&self, figures: &mut Figures) {
        let origins = ends(&self.origins);
        let engine = Engine::new(&self.hierarchy, &self.metric, Direction::Outward);
        let mut one = Pass::<1>::new(self.network.nodes.len());
        figures.best("one_to_all_alone_ms", 1e3, || engine.sweep(&mut one, &origins[..1]));
        let mut many = Pass::<LANES>::new(self.network.nodes.len());
        let milliseconds = figures.best("one_to_all_ms", 1e3 / LANES as f64, || {
            engine.sweep(&mut many, &origins[..LANES]);
        });
        // Each pass reads every arc (head and two times) and the lanes above it, and writes the lanes.
        let arc_bytes = self.hierarchy.arcs() * 12;
        let lane_bytes = (self.network.nodes.len() + self.hierarchy.arcs()) * 4 * LANES;
        let gigabytes = (arc_bytes + lane_bytes) as f64 / 1e9;
        figures.tell("sweep_gb_per_s", gigabytes / (milliseconds * LANES as f64 / 1e3));
    }

    /// Another profile, and the closure of one road.
    fn changes(&self, figures: &mut Figures) {
        let slower: Vec<u32> = self.times.iter().map(|time| time + time / 4).collect();
        figures.best("new_profile_s", 1.0, || self.hierarchy.customise(&slower));
        let closed: Vec<u32> = (0..20).map(|at| at * (self.arcs.len() as u32 / 20)).collect();
        let mut metric = self.metric.clone();
        figures.best("recustomise_local_s", 1.0 / (2.0 * closed.len() as f64), || {
            let mut times = self.times.clone();
            for at in &closed {
                times[*at as usize] = INFINITE;
                self.hierarchy.mend(&mut metric, &times, &[*at]);
                times[*at as usize] = self.times[*at as usize];
                self.hierarchy.mend(&mut metric, &times, &[*at]);
            }
        });
        assert!(metric == self.metric, "opening what was closed brings back every time");
    }

    /// Polygons of four contours around the towns that the peers draw too.
    fn isochrones(&self, figures: &mut Figures) {
        let drawing = Drawing::shipped().expect("the shipped table is whole");
        let latitude =
            self.network.nodes.iter().map(|at| at.y).sum::<f64>() / self.network.nodes.len() as f64;
        let raster =
            figures.once("raster_s", || Raster::new(&self.network, &self.profile, latitude, &drawing, None));
        let linker = Linker::new(&self.network, &self.profile, latitude);
        let towns: Vec<Point> = include_str!("peers/towns.csv")
            .lines()
            .skip(1)
            .filter_map(|line| {
                let mut fields = line.split(',').skip(1).map(|field| field.parse().ok());
                let town = Point::new(fields.next()??, fields.next()??);
                linker.link(town).map(|_| town)
            })
            .collect();
        assert!(!towns.is_empty(), "no town of benches/peers/towns.csv lies on this network");
        let engine = Engine::new(&self.hierarchy, &self.metric, Direction::Outward);
        let mut pass = Pass::<1>::new(self.network.nodes.len());
        let limits = [15, 30, 45, 60].map(Deciseconds::from_minutes);
        figures.best("isochrone_ms", 1e3 / towns.len() as f64, || {
            // As the peers do it: from a place to the text of the polygons.
            let origins = towns.iter().filter_map(|town| linker.link(*town));
            let text = |origin: Link| {
                engine.sweep(&mut pass, &[&origin.departures(&self.network)]);
                let times = engine.times(&pass, 0);
                let sweep = Sweep::new(&self.network, &times, &[origin], Direction::Outward);
                let polygons = raster.contours(&sweep, &limits);
                polygons
                    .iter()
                    .map(|polygon| geojson::Geometry::from(polygon).to_string().len())
                    .sum::<usize>()
            };
            origins.map(text).sum::<usize>()
        });
    }

    fn export(&self, folder: &Path, figures: &Map<String, Value>, checksums: &Value) -> std::io::Result<()> {
        fs::create_dir_all(folder)?;
        let nodes =
            self.network.nodes.iter().enumerate().map(|(at, place)| format!("{at},{},{}", place.x, place.y));
        let arcs = self.arcs.iter().zip(&self.times).map(|((from, to), time)| format!("{from},{to},{time}"));
        let points = [("origin", &self.origins), ("destination", &self.destinations)];
        let points = points.into_iter().flat_map(|(kind, places)| {
            places.iter().enumerate().map(move |(at, [(node, _)])| format!("{kind},{at},{node}"))
        });
        let write = |name: &str, header: &str, rows: &mut dyn Iterator<Item = String>| {
            let mut text = header.to_owned();
            rows.for_each(|row| text += &format!("\n{row}"));
            fs::write(folder.join(name), text + "\n")
        };
        write("nodes.csv", "node,lon,lat", &mut { nodes })?;
        write("arcs.csv", "tail,head,deciseconds", &mut { arcs })?;
        write("points.csv", "kind,index,node", &mut { points })?;
        fs::write(folder.join("own.json"), serde_json::to_vec_pretty(figures)?)?;
        fs::write(folder.join("checksums.json"), serde_json::to_vec_pretty(checksums)?)
    }
}

/// A frame that a counter of instructions knows by its name.
#[inline(never)]
fn counted(step: impl FnOnce()) {
    step();
}

/// What this machine's memory gives when a large array is read in order by all threads.
fn memory_gb_per_s() -> f64 {
    let data = vec![1_u64; 1 << 26];
    let read = || data.par_chunks(1 << 20).map(|part| part.iter().sum::<u64>()).sum::<u64>();
    black_box(read());
    let begin = Instant::now();
    black_box(read());
    (data.len() * 8) as f64 / 1e9 / begin.elapsed().as_secs_f64()
}

/// Largest memory of this process so far, as the kernel counts it.
fn peak_memory_mib() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    kib.map_or(f64::NAN, |kib| kib / 1024.0)
}
