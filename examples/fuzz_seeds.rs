//! Small road files for fuzzing to begin from: `cargo run --release --example fuzz_seeds` fills `fuzz/corpus`.

use pbf::{Extract, Way, encode, node_block, way_block};
use std::path::Path;

#[path = "demo_prefecture/pbf.rs"]
mod pbf;

/// Every key that a rule about roads reads, with a value that it knows.
const TAGS: [(&str, &str); 22] = [
    ("oneway", "yes"),
    ("oneway", "-1"),
    ("oneway", "reversible"),
    ("junction", "roundabout"),
    ("access", "private"),
    ("motor_vehicle", "destination"),
    ("motorcar", "no"),
    ("vehicle", "yes"),
    ("service", "driveway"),
    ("tracktype", "grade1"),
    ("toll", "yes"),
    ("route", "ferry"),
    ("duration", "00:45"),
    ("duration", "PT1H30M"),
    ("bridge", "yes"),
    ("tunnel", "yes"),
    ("layer", "-1"),
    ("maxspeed", "30 mph"),
    ("surface", "unpaved"),
    ("snowplowing", "no"),
    ("area", "yes"),
    ("lanes", "2"),
];

const CLASSES: [&str; 8] =
    ["motorway", "trunk", "primary_link", "residential", "service", "track", "construction", "living_street"];

/// A square with a diagonal and a spur; every road has the class and the tag.
fn square(class: &str, tag: (&'static str, &str)) -> Extract {
    let nodes = vec![(138.50, 35.60), (138.51, 35.60), (138.51, 35.61), (138.50, 35.61), (138.52, 35.62)];
    let ways = [[1, 2].as_slice(), &[2, 3, 4], &[4, 1], &[1, 3], &[3, 5]].map(|nodes| Way {
        nodes: nodes.to_vec(),
        tags: vec![("highway", class.to_owned()), (tag.0, tag.1.to_owned())],
    });
    let barrier = vec![("barrier", "gate".to_owned()), ("access", "no".to_owned())];
    Extract { ids_after: 0, nodes, node_tags: [(3, barrier)].into(), ways: ways.to_vec() }
}

fn main() -> std::io::Result<()> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let [files, blocks] = ["roads_file", "roads_block"].map(|target| corpus.join(target));
    std::fs::create_dir_all(&files)?;
    std::fs::create_dir_all(&blocks)?;
    for (number, tag) in TAGS.into_iter().enumerate() {
        let extract = square(CLASSES[number % CLASSES.len()], tag);
        std::fs::write(files.join(format!("seed-{number}")), encode(&extract))?;
        // The strings of the ways come first, so that their positions hold in the table of both.
        let block = [way_block(&extract.ways, 1), node_block(&extract, &extract.nodes, 1)].concat();
        std::fs::write(blocks.join(format!("seed-{number}")), block)?;
    }
    Ok(())
}
