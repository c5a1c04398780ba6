//! `keniki demo`: the invented prefecture that the program carries inside.

use anyhow::Context;
use rust_embed::RustEmbed;
use std::path::Path;

/// The official-looking files of the demonstration prefecture.
#[derive(RustEmbed)]
#[folder = "shapes/demo"]
struct Files;

/// Lays the files out in a temporary folder, plans them like any study, and serves the result.
pub(super) fn run(port: u16, out: Option<&Path>, no_serve: bool) -> anyhow::Result<()> {
    let work =
        tempfile::Builder::new().prefix("keniki-demo-").tempdir().context("一時フォルダーを作れません")?;
    for name in Files::iter() {
        if let Some(file) = Files::get(&name) {
            let path = work.path().join(name.as_ref());
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)
                    .with_context(|| format!("{} を作れません", parent.display()))?;
            }
            std::fs::write(&path, &file.data).with_context(|| format!("{} に書けません", path.display()))?;
        }
    }
    let planned = work.path().join("planned");
    let out = out.unwrap_or(&planned);
    super::plan::run(&work.path().join("study.toml"), None, out)?;
    if no_serve { Ok(()) } else { super::serve::run(out, port) }
}
