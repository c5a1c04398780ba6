//! `keniki demand STUDY.toml --out DIR`: demand for every service by zone and year, and the workforce
//! against it.

use crate::cli::bars::Bars;
use crate::cli::drawn;
use crate::cli::interrupt::unless_interrupted;
use crate::demand::outlook::{Outlook, OutlookTables, outlook, years};
use crate::demand::rates::RateTable;
use crate::demand::workforce::{Shortfall, Workforce};
use crate::demand::zones::{divisions, drawn_division};
use crate::ingest::manifest::Manifest;
use crate::publish::demand::{DemandResults, MARKS, OTHER_FILES, write_all};
use crate::store::swap::{Contents, Replacement};
use anyhow::Context;
use std::path::{Path, PathBuf};

/// What `keniki demand` is asked.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Request {
    /// 入力と条件を書いた study.toml
    study: PathBuf,
    /// 結果を置くフォルダー（前の結果は、すべて終わった時に置き換わる）
    #[arg(long)]
    out: PathBuf,
    /// 最初の年（省略すると国勢調査の年）
    #[arg(long)]
    from: Option<u16>,
    /// 最後の年（省略すると2050年、推計がそれより短ければその終わり）
    #[arg(long)]
    to: Option<u16>,
    /// 圏域案の CSV（市町村名かコード,圏域 を一行ずつ）。案の圏域ごとの値も出す
    #[arg(long)]
    plan: Option<PathBuf>,
    /// 県独自の率の表（shapes/tables/layers.toml と同じ書き方の TOML）
    #[arg(long)]
    rates: Option<PathBuf>,
    /// 県独自の担い手の表（shapes/tables/workforce.toml と同じ書き方の TOML）
    #[arg(long)]
    workforce: Option<PathBuf>,
}

/// Computes and writes the outlook, all of it or nothing, and tells the peak of the prefecture and
/// how many zones fall short.
pub(super) fn run(request: &Request) -> anyhow::Result<()> {
    let manifest = Manifest::read(&request.study)?;
    let mut tables = OutlookTables::shipped()?;
    if let Some(file) = &request.rates {
        tables.layers.rates = RateTable::read(file)?;
    }
    if let Some(file) = &request.workforce {
        tables.workforce = Workforce::read(file)?;
    }
    let contents = Contents { marks: &MARKS, others: &OTHER_FILES, layers: None };
    let replacement = Replacement::begin_with(&request.out, contents)?;
    let (folder, asked) = (replacement.folder().to_owned(), request.clone());
    let told = unless_interrupted(move || look_out(&manifest, &tables, &folder, &asked))?;
    replacement.commit()?;
    print!("{told}");
    println!("{} に書きました", request.out.display());
    Ok(())
}

/// Reads, computes and writes everything into `folder`; gives what is told on the terminal.
fn look_out(
    manifest: &Manifest,
    tables: &OutlookTables,
    folder: &Path,
    request: &Request,
) -> anyhow::Result<String> {
    let study = crate::ingest::read_study(manifest, &Bars)?;
    let years = years(&study, request.from, request.to)?;
    let mut divisions = divisions(&study);
    if let Some(file) = &request.plan {
        let zones = drawn::zones(&study, file)?;
        let plan = drawn_division("案", zones, study.municipalities.len());
        divisions.push(plan.with_context(|| {
            format!("{}: すべての市区町村をちょうど一つの圏域に入れてください", file.display())
        })?);
    }
    let outlook = outlook(&study, tables, divisions, years)?;
    write_all(folder, &DemandResults { study: &study, tables, outlook: &outlook })?;
    Ok(told(&outlook, tables))
}

/// The peak of each layer in the prefecture, and how many municipalities each scenario leaves short.
fn told(outlook: &Outlook, tables: &OutlookTables) -> String {
    let mut text = String::new();
    let everything: Vec<usize> =
        outlook.divisions.first().map(|all| all.zones[0].municipalities.clone()).unwrap_or_default();
    for layer in &outlook.layers {
        let peak = layer.peak(&everything).map_or_else(
            || "不明".to_owned(),
            |(year, most)| {
                format!("{year}年に最多 {:.0}{}（{:.0}–{:.0}）", most.mid, layer.unit, most.low, most.high)
            },
        );
        text += &format!("{}: {peak}〔{}〕\n", layer.id, layer.tag);
    }
    for of in &outlook.balances {
        let future = &tables.workforce.scenarios[of.scenario];
        let zones = of.divisions.get(1).map(Vec::as_slice).unwrap_or_default();
        let count = |is: fn(Shortfall) -> bool| zones.iter().filter(|balance| is(balance.mid)).count();
        let (short, unknown) =
            (count(|of| matches!(of, Shortfall::From(_))), count(|of| of == Shortfall::Unknown));
        text += &format!(
            "{}「{}」: 提供量が需要を下回る年がある市区町村 {short}／{}（不明 {unknown}）\n",
            future.profession,
            future.name,
            zones.len()
        );
    }
    text
}
