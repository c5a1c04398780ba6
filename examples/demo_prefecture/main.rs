//! Writes the demonstration prefecture 汐見県 (invented) in the official file layouts:
//! `cargo run --release --example demo_prefecture -- shapes/demo`.

mod boundary;
mod chance;
mod files;
mod mesh_tables;
mod pbf;
mod place;
mod population;
mod roads;
mod terrain;

use anyhow::{Context, Result};
use std::path::Path;

/// Writes every file of the prefecture into `folder`.
pub fn generate(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let terrain = terrain::Terrain::build();
    let parts = boundary::parts(&terrain);
    let cells = population::build(&terrain);
    let census = mesh_tables::census(&cells);
    let outputs: Vec<(&str, Vec<u8>)> = vec![("N03-20220101_48_GML.zip", boundary::shapefile_zip(&parts)),
        ("tblT001101H48.zip", mesh_tables::census_zip(&cells, &census)),
        ("500m_mesh_2024_48_GEOJSON.zip", mesh_tables::future_zip(&cells)),
        ("shiomi-roads.osm.pbf", pbf::encode(&roads::build(&terrain, &cells))),
    ];
    for (name, bytes) in outputs {
        let path = folder.join(name);
        std::fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn main() -> Result<()> {
    let folder = std::env::args().nth(1).context("give the folder to write into, for example shapes/demo")?;
    generate(Path::new(&folder))
}
