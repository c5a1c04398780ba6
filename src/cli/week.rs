//! `keniki week STUDY.toml --out DIR`: whom somebody reaches in each band of each day, whom nobody
//! does, and with `--rota` a fair rota.

use crate::access::cover::Residents;
use crate::access::reach::reach;
use crate::access::services::services;
use crate::access::week::table::WeekTable;
use crate::assess::week::{WeekQuestion, fair_rota, week};
use crate::cli::bars::Bars;
use crate::cli::interrupt::unless_interrupted;
use crate::demand::home_visits::home_visits;
use crate::demand::weights::AgeWeights;
use crate::ingest::manifest::Manifest;
use crate::network::build::build;
use crate::network::profile::Profile;
use crate::publish::week::head::head;
use crate::publish::week::{MARKS, OTHER_FILES, RotaAnswer, WeekResults, write_all};
use crate::store::swap::{Contents, Replacement};
use std::path::{Path, PathBuf};

/// What `keniki week` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Request {
    /// 入力と条件を書いた study.toml（診療時間は opening_hours、輪番表は rota、輪番の条件は rota_limits）
    study: PathBuf,
    /// 結果を置くフォルダー（前の結果は、すべて終わった時に置き換わる）
    #[arg(long)]
    out: PathBuf,
    /// 何分以内に来れば届くとみなすか（省略すると規則の表の値）
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    minutes: Option<u32>,
    /// 輪番表にあるオンライン診療（D to P with N）も届くものとして数える
    #[arg(long)]
    online: bool,
    /// 公平な輪番の案も、証明つきで求める
    #[arg(long)]
    rota: bool,
}

/// Computes and writes the week, all of it or nothing, and tells its holes.
pub(super) fn run(request: &Request) -> anyhow::Result<()> {
    let manifest = Manifest::read(&request.study)?;
    let contents = Contents { marks: &MARKS, others: &OTHER_FILES, layers: None };
    let replacement = Replacement::begin_with(&request.out, contents)?;
    let folder = replacement.folder().to_owned();
    let question = WeekQuestion { limit_minutes: request.minutes, online: request.online };
    let with_rota = request.rota;
    let told = unless_interrupted(move || compute(&manifest, &folder, question, with_rota))?;
    replacement.commit()?;
    print!("{told}");
    println!("{} に書きました", request.out.display());
    Ok(())
}

/// Reads, computes and writes everything into `folder`; gives the holes for the terminal.
fn compute(
    manifest: &Manifest,
    folder: &Path,
    question: WeekQuestion,
    with_rota: bool,
) -> anyhow::Result<String> {
    let progress = &Bars;
    let (table, weights) = (WeekTable::shipped()?, AgeWeights::shipped()?);
    table.limit(question.limit_minutes, manifest.parameters.travel_limit_minutes)?;
    let mut study = crate::ingest::read_study(manifest, progress)?;
    let demand = home_visits(&study, &weights)?;
    let roadway = build(&mut study, &Profile::planning()?, progress)?;
    let access = reach(&study, &roadway, services()?, progress);
    let residents = Residents::new(&study, demand.first_year());
    let week = week(&study, &roadway, &access, &residents, &table, question, progress)?;
    let rota =
        with_rota.then(|| fair_rota(&study, &roadway, &access, &table, question, progress)).transpose()?;
    let answer = rota.as_ref().map(|rota| rota.as_ref().map_or(RotaAnswer::NotLoaded, RotaAnswer::Found));
    let results = WeekResults {
        study: &study,
        access: &access,
        residents: &residents,
        year: demand.official_years[0],
        table: &table,
        week: &week,
        rota: answer,
    };
    write_all(folder, &results)?;
    Ok(head(&results))
}
