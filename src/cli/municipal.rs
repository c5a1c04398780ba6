//! `keniki municipal FOLDER --out DIR`: a workbook for every municipality, to be sent to it.

use crate::ingest::study::Study;
use crate::publish::summary::Summary;
use crate::publish::{STUDY, write_municipal};
use anyhow::Context;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

/// What `keniki municipal` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Request {
    /// plan が作ったフォルダー
    folder: PathBuf,
    /// ブックを置くフォルダー（1 市町村に 1 つ、前のブックは書き換わる）
    #[arg(long)]
    out: PathBuf,
}

/// Writes the workbooks from what was planned: small counts are hidden there already.
pub(super) fn run(request: &Request) -> anyhow::Result<()> {
    let summary: Summary = read(&request.folder.join("summary.json"))?;
    let study: Study = read(&request.folder.join(STUDY))?;
    let out = &request.out;
    std::fs::create_dir_all(out).with_context(|| format!("{} を作れません", out.display()))?;
    let count = write_municipal(out, &summary, &study)?;
    println!("{} に {count} 市町村のブックを書きました", out.display());
    Ok(())
}

fn read<T: DeserializeOwned>(file: &Path) -> anyhow::Result<T> {
    let remedy =
        || format!("{}: 読めません。keniki plan で計画したフォルダーを指定してください", file.display());
    let text = std::fs::read(file).with_context(remedy)?;
    serde_json::from_slice(&text).with_context(remedy)
}
