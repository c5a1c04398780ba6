//! `keniki check STUDY.toml`: everything that is doubtful in the data and on the roads.

use crate::cli::journeys::Journeys;
use crate::ingest::finding::{Finding, Severity};
use crate::publish::doubts;
use crate::publish::report::study_figures;
use crate::publish::summary::Findings;
use crate::publish::xlsx::data_workbook;
use anyhow::Context;
use clap::Args;
use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// 入力と条件を書いた study.toml
    study: PathBuf,
    /// 場所のわかる所見を書き出す GeoJSON
    #[arg(long)]
    out: Option<PathBuf>,
    /// データの質（調べたこと・入力ファイル・所見）を書き出す Excel ファイル
    #[arg(long)]
    xlsx: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let mut study = Journeys::read(&arguments.study, None)?.study;
    let findings = std::mem::take(&mut study.findings);
    for finding in &findings {
        println!(
            "{}\t{}\t{}\t{}\t{}",
            severity(finding),
            finding.kind,
            place(finding),
            finding.said,
            finding.meant
        );
    }
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    println!(
        "所見 {}件（除外 {}・注意 {}・参考 {}）",
        findings.len(),
        count(Severity::Quarantined),
        count(Severity::Warning),
        count(Severity::Note)
    );
    if let Some(out) = &arguments.out {
        let layer = doubts::layer(&findings);
        let failed = || format!("{} に書けません", out.display());
        let file = File::create(out).with_context(failed)?;
        crate::publish::geojson::write(&layer, BufWriter::new(file)).with_context(failed)?;
        println!("{} に場所のわかる{}件を書きました", out.display(), layer.rows.len());
    }
    if let Some(xlsx) = &arguments.xlsx {
        let failed = || format!("{} に書けません", xlsx.display());
        let workbook = data_workbook(&study_figures(&study), &Findings { findings }).with_context(failed)?;
        std::fs::write(xlsx, workbook).with_context(failed)?;
        println!("{} にデータの質を書きました", xlsx.display());
    }
    Ok(())
}

const fn severity(finding: &Finding) -> &'static str {
    match finding.severity {
        Severity::Quarantined => "除外",
        Severity::Warning => "注意",
        Severity::Note => "参考",
    }
}

/// Where in the files the finding is.
fn place(finding: &Finding) -> String {
    let row = finding.row.map(|row| format!("{row}行"));
    let parts = [Some(finding.file.clone()), finding.layer.clone(), row, finding.field.clone()];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}
