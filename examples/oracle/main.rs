//! Writes random instances and what this program says of them to `DIR`, for the scripts in
//! `tests/oracle`, which ask other programs the same questions.

mod catchments;
mod chance;
mod sitings;

use std::path::PathBuf;

fn main() -> anyhow::Result<()> {
    let usage = "usage: cargo run --release --example oracle -- DIR";
    let folder = PathBuf::from(std::env::args().nth(1).ok_or_else(|| anyhow::anyhow!(usage))?);
    std::fs::create_dir_all(&folder)?;
    for (name, instances) in
        [("catchments.json", catchments::instances()?), ("sitings.json", sitings::instances()?)]
    {
        let path = folder.join(name);
        std::fs::write(&path, serde_json::to_vec(&instances)?)?;
        println!("{}: {} instances", path.display(), instances.len());
    }
    Ok(())
}
