//! `keniki calibrate STUDY.toml --pairs FILE.csv`: our minutes against measured ones.

use crate::access::calibration::{
    Compared, Deviation, GROUPS, GroupFigures, Incomparable, LEAST_JOURNEYS, Measured, compare, deviation,
    groups,
};
use crate::cli::journeys::Journeys;
use crate::network::link::Linker;
use anyhow::{Context, bail, ensure};
use clap::Args;
use geo::Point;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// 入力と条件を書いた study.toml
    study: PathBuf,
    /// 実測した所要時間の CSV（列 from_lon, from_lat, to_lon, to_lat, minutes）
    #[arg(long)]
    pairs: PathBuf,
    /// 実測した時の条件（冬期・時間帯など）を書いた TOML
    #[arg(long)]
    scenario: Option<PathBuf>,
}

/// Columns, and the largest value that each may have (the smallest is its negative, or 0 for minutes).
const COLUMNS: [(&str, f64); 5] =
    [("from_lon", 180.0), ("from_lat", 90.0), ("to_lon", 180.0), ("to_lat", 90.0), ("minutes", 1440.0)];

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(&arguments.pairs)
        .with_context(|| format!("{}: UTF-8 の CSV として読めません", arguments.pairs.display()))?;
    let measured = pairs(&arguments.pairs, &text)?;
    let asked = Journeys::read(&arguments.study, arguments.scenario.as_deref())?;
    let (network, index) = (&asked.roadway.network, asked.index());
    let linker = Linker::with_index(network, &asked.profile, &index);
    let pairs: Vec<Measured> = measured.iter().map(|(_, journey)| *journey).collect();
    let results = compare(network, &asked.profile, &linker, &pairs);
    print(&measured, &results);
    Ok(())
}

/// The journeys with their rows as people see them.
fn pairs(file: &Path, text: &str) -> anyhow::Result<Vec<(u64, Measured)>> {
    let file = file.display();
    // With these line ends the reader counts lines as people do.
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let mut table = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = table.headers().with_context(|| format!("{file}: 見出しを読めません"))?.clone();
    let mut positions = [0; COLUMNS.len()];
    for ((name, _), position) in COLUMNS.iter().zip(&mut positions) {
        *position = header.iter().position(|found| found == *name).with_context(|| {
            format!("{file}: 1行目の見出しに {name} がありません。必要な列: from_lon, from_lat, to_lon, to_lat, minutes")
        })?;
    }
    let mut pairs = Vec::new();
    for record in table.records() {
        let record = record.with_context(|| format!("{file}: 列の数がそろっていません"))?;
        let row = record.position().map_or(0, csv::Position::line);
        let mut numbers = [0.0; COLUMNS.len()];
        for (((name, most), position), number) in COLUMNS.iter().zip(positions).zip(&mut numbers) {
            let said = record.get(position).unwrap_or("");
            let least = if *name == "minutes" { 0.0 } else { -most };
            let fits =
                |number: &f64| (least..=*most).contains(number) && (*name != "minutes" || *number > 0.0);
            let Some(read) = said.parse().ok().filter(fits) else {
                bail!("{file}: {row}行目の列 {name}: 「{said}」。{}", expected(name, *most));
            };
            *number = read;
        }
        let [from_lon, from_lat, to_lon, to_lat, minutes] = numbers;
        let (from, to) = (Point::new(from_lon, from_lat), Point::new(to_lon, to_lat));
        pairs.push((row, Measured { from, to, minutes }));
    }
    ensure!(
        !pairs.is_empty(),
        "{file}: 見出しの下に行がありません。実測した所要時間を1行に1組書いてください"
    );
    Ok(pairs)
}

fn expected(name: &str, most: f64) -> String {
    if name == "minutes" {
        format!("0より大きく{most}以下の分を書いてください")
    } else {
        format!("-{most}から{most}までの度を書いてください")
    }
}

fn print(measured: &[(u64, Measured)], results: &[Result<Compared, Incomparable>]) {
    println!("行      実測（分）  計算（分）    比");
    for ((row, journey), result) in measured.iter().zip(results) {
        match result {
            Ok(pair) => {
                let ratio = pair.ours / pair.measured;
                println!("{row:<6}  {:>10.1}  {:>10.1}  {ratio:>5.2}", pair.measured, pair.ours);
            }
            Err(reason) => println!("{row:<6}  {:>10.1}  {}", journey.minutes, reason.name()),
        }
    }
    let compared: Vec<Compared> = results.iter().filter_map(|result| result.clone().ok()).collect();
    println!("\n比べた組: {}　比べられない組: {}", compared.len(), results.len() - compared.len());
    if let Some(deviation) = deviation(&compared) {
        print_deviation(&deviation);
        print_groups(&groups(&compared));
    }
}

fn print_deviation(deviation: &Deviation) {
    let [first, median, third] = deviation.ratio_quartiles;
    println!("差（計算−実測）の平均: {:+.2}分", deviation.mean_difference);
    match deviation.standard_deviation {
        Some(minutes) => println!("差の標準偏差: {minutes:.2}分"),
        None => println!("差の標準偏差: 1組のため不明"),
    }
    println!("比（計算÷実測）の中央値: {median:.3}（四分位 {first:.3}〜{third:.3}）");
}

fn print_groups(groups: &[GroupFigures]) {
    println!(
        "\n道路種別ごと（速度の倍率: 実測に最も合う倍率。{LEAST_JOURNEYS}組未満か、他と区別できなければ不明）"
    );
    for (name, group) in GROUPS.iter().zip(groups) {
        let factor = group.speed_factor.map_or_else(|| "不明".to_owned(), |factor| format!("{factor:.3}"));
        println!("  {:>5.1}%  {:>5}組  倍率 {factor}  {name}", group.share * 100.0, group.journeys);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> anyhow::Result<Vec<(u64, Measured)>> {
        pairs(Path::new("pairs.csv"), text)
    }

    #[test]
    fn pairs_are_read_in_any_order_of_columns() {
        let text =
            "\u{feff}minutes,to_lat,to_lon,from_lat,from_lon,memo\r\n12.5,35.7,138.6,35.6,138.5,朝\r\n";
        let expected = Measured { from: Point::new(138.5, 35.6), to: Point::new(138.6, 35.7), minutes: 12.5 };
        assert_eq!(read(text).unwrap(), [(2, expected)]);
    }

    #[test]
    fn what_cannot_be_read_is_named_by_row_and_column() {
        let header = "from_lon,from_lat,to_lon,to_lat,minutes\n";
        let good = "138.5,35.6,138.6,35.7,12.5\n";
        for (row, expected) in [
            ("138.5,35.6,138.6,35.7,abc\n", "3行目の列 minutes: 「abc」"),
            ("138.5,35.6,138.6,35.7,0\n", "3行目の列 minutes: 「0」"),
            ("138.5,35.6,138.6,35.7,NaN\n", "3行目の列 minutes: 「NaN」"),
            ("138.5,,138.6,35.7,3\n", "3行目の列 from_lat: 「」"),
            ("138.5,35.6,35.7,138.6,3\n", "3行目の列 to_lat: 「138.6」"),
            ("138.5,35.6\n", "列の数がそろっていません"),
        ] {
            let message = format!("{:#}", read(&format!("{header}{good}{row}")).unwrap_err());
            assert!(message.contains("pairs.csv") && message.contains(expected), "{message}");
        }
        assert!(read(header).unwrap_err().to_string().contains("行がありません"));
        assert!(read("a,b\n1,2\n").unwrap_err().to_string().contains("from_lon がありません"));
    }
}
