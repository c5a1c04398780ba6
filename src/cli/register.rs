//! `keniki register STUDY.toml --out DIR`: the register of institutions for review.

use crate::cli::bars::Bars;
use crate::ingest::manifest::Manifest;
use crate::ingest::read_study;
use crate::publish::register::{TABLES, write_all};
use anyhow::{Context, bail};
use std::path::PathBuf;

/// What `keniki register` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Request {
    /// 入力と条件を書いた study.toml
    study: PathBuf,
    /// 表を置くフォルダー（記入したかもしれない表は書き換えない）
    #[arg(long)]
    out: PathBuf,
}

/// Writes the tables; what is already there is never overwritten, since 判定 may be filled in.
pub(super) fn run(request: &Request) -> anyhow::Result<()> {
    let out = &request.out;
    let files = TABLES.iter().flat_map(|name| [format!("{name}.csv"), format!("{name}.xlsx")]);
    if let Some(file) = files.map(|file| out.join(file)).find(|file| file.exists()) {
        bail!(
            "{} はすでにあります。判定を記入した表かもしれないので書き換えません。別の --out を指定してください",
            file.display()
        );
    }
    let study = read_study(&Manifest::read(&request.study)?, &Bars)?;
    std::fs::create_dir_all(out).with_context(|| format!("{} を作れません", out.display()))?;
    write_all(out, &study)?;
    let made = study.review.links.iter().filter(|link| !link.reason.is_empty()).count();
    println!(
        "施設 {}（ほかに休止・廃止 {}）、結び付き {made}、確認してほしい組 {}",
        study.institutions.len(),
        study.stopped.len(),
        study.review.doubtful.len()
    );
    println!(
        "{} に書きました。「名寄せの確認」の判定（同じ・別）を記入して、ほかの資料と同じフォルダーに置くと次から従います",
        out.display()
    );
    Ok(())
}
