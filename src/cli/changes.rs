//! `keniki changes OLD NEW --out DIR`: what changed between two editions of the register of institutions.

use crate::cli::bars::Bars;
use crate::ingest::changes::changes;
use crate::ingest::manifest::Manifest;
use crate::ingest::read_study;
use crate::ingest::study::Study;
use crate::publish::STUDY;
use crate::publish::changes::{MARKS, OTHER_FILES, readme, write_all};
use crate::store::swap::{Contents, Replacement};
use anyhow::{Context, bail};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// What `keniki changes` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Request {
    /// 前の版の study.toml、または keniki plan が作ったフォルダー
    old: PathBuf,
    /// 後の版の study.toml、または keniki plan が作ったフォルダー
    new: PathBuf,
    /// 結果を置くフォルダー（前の結果は、すべて終わった時に置き換わる）
    #[arg(long)]
    out: PathBuf,
}

/// Compares the two and writes all tables or nothing.
pub(super) fn run(request: &Request) -> anyhow::Result<()> {
    let contents = Contents { marks: &MARKS, others: &OTHER_FILES, layers: None };
    let replacement = Replacement::begin_with(&request.out, contents)?;
    let (old, new) = (edition(&request.old)?, edition(&request.new)?);
    if old.prefecture_code != new.prefecture_code {
        bail!(
            "{} は{}、{} は{}です。同じ都道府県の二つの版を指定してください",
            request.old.display(),
            old.prefecture_name,
            request.new.display(),
            new.prefecture_name
        );
    }
    let changes = changes(&old, &new);
    write_all(replacement.folder(), &old, &new, &changes)?;
    replacement.commit()?;
    print!("{}", readme(&old, &new, &changes));
    println!("{} に書きました", request.out.display());
    Ok(())
}

/// Reads an edition from its manifest, or from the folder of a planned study.
fn edition(path: &Path) -> anyhow::Result<Study> {
    if !path.is_dir() {
        return Ok(read_study(&Manifest::read(path)?, &Bars)?);
    }
    let file = path.join(STUDY);
    let open = File::open(&file).with_context(|| {
        format!(
            "{}: 開けません。keniki plan が作ったフォルダーか study.toml を指定してください",
            file.display()
        )
    })?;
    serde_json::from_reader(BufReader::new(open)).with_context(|| {
        format!("{}: 別の版の keniki が書いたものです。keniki plan で計画し直してください", file.display())
    })
}
