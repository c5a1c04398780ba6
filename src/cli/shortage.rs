//! `keniki shortage STUDY.toml --out DIR`: whom home medical care does not reach well, why, and what
//! would mend it.

use crate::access::cover::Residents;
use crate::access::reach::reach;
use crate::access::services::services;
use crate::assess::shortages::{ShortageTables, shortages};
use crate::cli::bars::Bars;
use crate::cli::interrupt::unless_interrupted;
use crate::cli::scenario;
use crate::demand::home_visits::home_visits;
use crate::demand::weights::AgeWeights;
use crate::ingest::manifest::Manifest;
use crate::network::build::build;
use crate::network::profile::Profile;
use crate::network::scenario::Scenario;
use crate::publish::shortage::head::head;
use crate::publish::shortage::{MARKS, OTHER_FILES, ShortageResults, write_all};
use crate::store::swap::{Contents, Replacement};
use anyhow::bail;
use std::path::{Path, PathBuf};

/// What `keniki shortage` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Request {
    /// 入力と条件を書いた study.toml
    study: PathBuf,
    /// 通行止め・冬期・航路なしなどの条件を書いた TOML ファイル（省略すると平常の日）
    #[arg(long)]
    scenario: Option<PathBuf>,
    /// 結果を置くフォルダー（前の結果は、すべて終わった時に置き換わる）
    #[arg(long)]
    out: PathBuf,
    /// 画面に一覧の初めを出すサービス（ファイルにはすべて入る）
    #[arg(long, default_value = "訪問診療")]
    service: String,
}

/// Computes and writes the shortages, all of them or nothing, and tells the head of the list.
pub(super) fn run(request: &Request) -> anyhow::Result<()> {
    let manifest = Manifest::read(&request.study)?;
    let services = services()?;
    if !services.iter().any(|service| service.id == request.service) {
        let known: Vec<&str> = services.iter().map(|service| service.id.as_str()).collect();
        bail!(
            "サービス {} はありません。次のどれかを指定してください: {}",
            request.service,
            known.join("、")
        );
    }
    let profile = Profile::planning()?;
    let scenario = request.scenario.as_deref().map(|file| Scenario::read(file, &profile)).transpose()?;
    let contents = Contents { marks: &MARKS, others: &OTHER_FILES, layers: None };
    let replacement = Replacement::begin_with(&request.out, contents)?;
    let (folder, service) = (replacement.folder().to_owned(), request.service.clone());
    let told = unless_interrupted(move || list(&manifest, &profile, scenario.as_ref(), &folder, &service))?;
    replacement.commit()?;
    print!("{told}");
    println!("{} に書きました", request.out.display());
    Ok(())
}

/// Reads, computes and writes everything into `folder`; gives the head of the list of a service.
fn list(
    manifest: &Manifest,
    profile: &Profile,
    scenario: Option<&Scenario>,
    folder: &Path,
    service: &str,
) -> anyhow::Result<String> {
    let progress = &Bars;
    let (tables, weights) = (ShortageTables::shipped()?, AgeWeights::shipped()?);
    let mut study = crate::ingest::read_study(manifest, progress)?;
    let demand = home_visits(&study, &weights)?;
    let roadway = build(&mut study, profile, progress)?;
    let (roadway, changed, findings) = scenario::under(scenario, roadway, profile);
    findings.iter().for_each(scenario::tell);
    let access = reach(&study, &roadway, services()?, progress);
    let residents = Residents::new(&study, demand.first_year());
    let shortages = shortages(&study, &roadway, &access, &residents, &tables, progress)?;
    let results = ShortageResults {
        study: &study,
        scenario: changed,
        access: &access,
        residents: &residents,
        year: demand.official_years[0],
        weights: &weights,
        tables: &tables,
        shortages: &shortages,
    };
    write_all(folder, &results)?;
    let asked = shortages.services.iter().find(|one| one.shortage.service == service);
    Ok(asked.map(|asked| head(&results, asked)).unwrap_or_default())
}
