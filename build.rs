//! Makes `web/dist` exist, so that the program builds before the screen is built. What is in it is
//! embedded by `src/serve/assets.rs`; without it the program says how to build it.

use std::path::Path;

fn main() -> std::io::Result<()> {
    // Both folders are embedded: a file that is new in them changes the program.
    println!("cargo::rerun-if-changed=web/dist");
    println!("cargo::rerun-if-changed=shapes/demo");
    std::fs::create_dir_all(Path::new("web").join("dist"))
}
