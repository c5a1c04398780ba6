//! `keniki template --out FOLDER`: empty lists for what only the prefecture knows.

use crate::publish::templates::lists;
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};

/// What `keniki template` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Request {
    /// 様式を置くフォルダー
    #[arg(long)]
    out: PathBuf,
}

/// Writes every list as CSV and as a workbook; what is already there is never overwritten.
pub(super) fn run(request: &Request) -> anyhow::Result<()> {
    let out = &request.out;
    std::fs::create_dir_all(out).with_context(|| format!("{} を作れません", out.display()))?;
    for list in lists() {
        let workbook = list.workbook().with_context(|| format!("{} の様式を作れません", list.title))?;
        write(&out.join(format!("{}.xlsx", list.file)), &workbook)?;
        write(&out.join(format!("{}.csv", list.file)), list.csv().as_bytes())?;
        println!("{}.xlsx・.csv: {}", list.file, list.purpose);
    }
    println!("記入したら、ほかの資料と同じフォルダーに置いて keniki import に渡してください");
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if path.exists() {
        bail!(
            "{} はすでにあります。記入した様式かもしれないので書き換えません。別の --out を指定してください",
            path.display()
        );
    }
    std::fs::write(path, bytes).with_context(|| format!("{} に書けません", path.display()))
}
