//! `keniki matrix STUDY.toml --out FILE.csv`: travel times of pairs of institutions and cells.

use crate::access::matrix::matrix;
use crate::access::services::services;
use crate::cli::bars::Bars;
use crate::cli::journeys::{Journey, Journeys};
use crate::ingest::study::Study;
use crate::progress::Progress;
use crate::publish::matrix_table::{Counts, write};
use crate::units::Deciseconds;
use anyhow::{Context, bail};
use clap::Args;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// 入力と条件を書いた study.toml
    study: PathBuf,
    /// 通行止め・冬期などの条件を書いた TOML
    #[arg(long)]
    scenario: Option<PathBuf>,
    /// 移動の向き
    #[arg(long, value_enum, default_value_t = Journey::Visits)]
    direction: Journey,
    /// 上限（分）
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=1440))]
    limit: u32,
    /// このサービスの機関だけ（例 在支診・在支病。省略すると、この向きのサービスのどれかを行う機関）
    #[arg(long, conflicts_with = "all")]
    service: Option<String>,
    /// すべての機関
    #[arg(long)]
    all: bool,
    /// 所要時間のない組も、理由とともに書く
    #[arg(long)]
    missing: bool,
    /// 書き出す CSV（UTF-8、Excel で開ける）
    #[arg(long)]
    out: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let Journeys { study, places, roadway, .. } =
        Journeys::read(&arguments.study, arguments.scenario.as_deref())?;
    let institutions = institutions(&study, arguments)?;
    let step = Bars.step("所要時間", institutions.len() as u64);
    let limit = Deciseconds::from_minutes(arguments.limit);
    let times = matrix(&roadway, &institutions, arguments.direction.direction(), limit, step.as_ref());
    drop(step);
    let failed = || format!("{} に書けません", arguments.out.display());
    let folder = arguments.out.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).with_context(failed)?;
    let into = BufWriter::new(&mut file);
    let counts = write(into, &places, &roadway.linkage, &times, &institutions, arguments.missing)
        .with_context(failed)?;
    file.persist(&arguments.out).with_context(failed)?;
    tell(&counts, arguments);
    Ok(())
}

/// Positions of the institutions that were asked for.
fn institutions(study: &Study, arguments: &Arguments) -> anyhow::Result<Vec<usize>> {
    if arguments.all {
        return Ok((0..study.institutions.len()).collect());
    }
    let services = services()?;
    if let Some(id) = &arguments.service {
        let Some(service) = services.iter().find(|service| service.id == *id) else {
            let known: Vec<&str> = services.iter().map(|service| service.id.as_str()).collect();
            bail!("--service {id}: このサービスはありません。次のどれかにしてください: {}", known.join("、"));
        };
        return service.providers(study).with_context(|| {
            format!("--service {id}: このサービスの機関のファイルが study.toml にありません（未登録）")
        });
    }
    let direction = arguments.direction.direction();
    let of_direction = services.iter().filter(|service| service.direction.of_search() == direction);
    let mut institutions: Vec<usize> =
        of_direction.filter_map(|service| service.providers(study)).flatten().collect();
    institutions.sort_unstable();
    institutions.dedup();
    Ok(institutions)
}

fn tell(counts: &Counts, arguments: &Arguments) {
    println!("{} に書きました", arguments.out.display());
    println!("所要時間のある組（{}分以内）: {}", arguments.limit, counts.timed);
    for (reason, pairs) in &counts.missing {
        println!("所要時間のない組（{}）: {pairs}", reason.name());
    }
}
