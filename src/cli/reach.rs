//! `keniki reach STUDY.toml --at LON,LAT`: who is reached from a place within some minutes.

use crate::access::journeys::Journeys as Times;
use crate::cli::journeys::{Journeys, Place, minutes};
use crate::network::link::Direction;
use crate::publish::reach::{ReachFigures, reach};
use crate::units::AgeCounts;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// 入力と条件を書いた study.toml
    study: PathBuf,
    #[command(flatten)]
    place: Place,
    /// 上限（分）。コンマで区切る
    #[arg(long, value_delimiter = ',', default_values_t = [15, 30, 60])]
    minutes: Vec<u32>,
    /// その場所へ来る移動（省略すると、その場所から出る移動）
    #[arg(long)]
    inward: bool,
    /// 通行止め・冬期などの条件を書いた TOML
    #[arg(long)]
    scenario: Option<PathBuf>,
    /// JSON で出す（到達する機関の一覧も）
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let minutes = minutes(&arguments.minutes)?;
    let journeys = Journeys::read(&arguments.study, arguments.scenario.as_deref())?;
    let direction = if arguments.inward { Direction::Inward } else { Direction::Outward };
    let link = arguments.place.link(&journeys)?;
    let times = Times::of(&journeys.roadway, &link, direction);
    let figures = reach(&journeys.places, &times, direction, &minutes);
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&figures)?);
    } else {
        print(&figures);
    }
    Ok(())
}

fn print(figures: &ReachFigures) {
    println!("上限（分）  総数（人）  65歳以上  75歳以上  85歳以上  機関");
    for limit in &figures.limits {
        let AgeCounts { total, age_65_plus, age_75_plus, age_85_plus } = limit.people;
        println!(
            "{:>10}  {total:>10}  {age_65_plus:>8}  {age_75_plus:>8}  {age_85_plus:>8}  {:>4}",
            limit.minutes, limit.institutions
        );
    }
    println!("経路なし: {}人", figures.people_without_way.total);
    println!("道路に未リンク: {}人", figures.people_not_linked.total);
}
