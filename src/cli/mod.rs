//! The commands, one file each.

mod bars;
mod calibrate;
mod changes;
mod check;
mod demand;
mod demo;
mod drawn;
mod fetch;
mod import;
mod interrupt;
mod isochrone;
mod journeys;
mod matrix;
mod municipal;
mod overlays;
mod plan;
mod propose;
mod reach;
mod register;
mod scenario;
mod serve;
mod shortage;
mod template;
mod usage;
mod week;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

pub use usage::arguments;

/// Exit code when an input is at fault.
const BAD_INPUT: u8 = 2;

/// 在宅医療圏を設計する作業台 keniki（圏域）
#[derive(Debug, Parser)]
#[command(version, about = "都道府県が在宅医療圏を設計するための作業台")]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 県の公式ファイルと道路を配布元から受け取る（この命令だけが外に接続する）
    Fetch(fetch::Request),
    /// フォルダーの中のファイルを見分けて、study.toml を作る
    Import(import::Request),
    /// 県がもつ名簿（積極的役割を担う医療機関など）の様式を書き出す
    Template(template::Request),
    /// 施設の名簿を、資料・点数・確認してほしい組とともに表に書き出す
    Register(register::Request),
    /// 市町村ごとに提供する資料（医療機関・届出・指標・一覧）を 1 市町村 1 ブックで書き出す
    Municipal(municipal::Request),
    /// 施設の名簿の二つの版を比べて、変わったことを表に書き出す
    Changes(changes::Request),
    /// 公式ファイルから圏域案・図・表を作る
    Plan {
        /// 入力と条件を書いた study.toml
        study: PathBuf,
        /// 通行止め・冬期・航路なしなどの条件を書いた TOML ファイル（省略すると平常の日）
        #[arg(long)]
        scenario: Option<PathBuf>,
        /// 結果を置くフォルダー（前の結果は、すべて終わった時に置き換わる）
        #[arg(long)]
        out: PathBuf,
    },
    /// 選んだ規則の下で最善の圏域案を証明つきで求める（Ctrl-C でそれまでの最良の案を出す）
    Propose(propose::Request),
    /// ある場所から（または、ある場所まで）車で着ける範囲をGeoJSONにする
    Isochrone(isochrone::Arguments),
    /// だれに何が届いていないか、なぜか、何で改善するかを表と図にする
    Shortage(shortage::Request),
    /// 訪問診療・訪問看護・看取りなどの需要と、担い手の不足する年を圏域ごとの表にする
    Demand(demand::Request),
    /// 何曜日の何時にだれに届かないかを人数で数え、公平な輪番の案を求める
    Week(week::Request),
    /// 結果のフォルダーを地図の画面で見る（このパソコンの中だけ）
    Serve {
        /// plan が作ったフォルダー
        folder: PathBuf,
        /// 待ち受けるポート
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// 機関とメッシュの間の所要時間を CSV に書く
    Matrix(matrix::Arguments),
    /// ある場所から（または、ある場所へ）何分で何人・どの機関に届くかを調べる
    Reach(reach::Arguments),
    /// 実測した所要時間と比べる
    Calibrate(calibrate::Arguments),
    /// 入力ファイルと道路網の疑わしい点を一覧にする
    Check(check::Arguments),
    /// 架空の県の見本を計画して、地図の画面で見る
    Demo {
        /// 待ち受けるポート
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// 結果を置くフォルダー（省略すると終了時に消える）
        #[arg(long)]
        out: Option<PathBuf>,
        /// 計画だけを行い、画面を開かない
        #[arg(long, requires = "out")]
        no_serve: bool,
    },
}

/// Runs the command and tells what went wrong in one message.
#[must_use]
pub fn run(arguments: &Arguments) -> ExitCode {
    // The solver warns when it is stopped; its status says so too, and is read.
    let filter = EnvFilter::try_from_env("KENIKI_LOG").unwrap_or_else(|_| EnvFilter::new("warn,highs=error"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let result = match &arguments.command {
        Command::Plan { study, scenario, out } => plan::run(study, scenario.as_deref(), out),
        Command::Fetch(request) => fetch::run(request),
        Command::Import(request) => import::run(request),
        Command::Template(request) => template::run(request),
        Command::Register(request) => register::run(request),
        Command::Municipal(request) => municipal::run(request),
        Command::Changes(request) => changes::run(request),
        Command::Propose(request) => propose::run(request),
        Command::Isochrone(asked) => isochrone::run(asked),
        Command::Shortage(request) => shortage::run(request),
        Command::Demand(request) => demand::run(request),
        Command::Week(request) => week::run(request),
        Command::Serve { folder, port } => serve::run(folder, *port),
        Command::Matrix(arguments) => matrix::run(arguments),
        Command::Reach(arguments) => reach::run(arguments),
        Command::Calibrate(arguments) => calibrate::run(arguments),
        Command::Check(arguments) => check::run(arguments),
        Command::Demo { port, out, no_serve } => demo::run(*port, out.as_deref(), *no_serve),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("エラー: {error:#}");
            ExitCode::from(BAD_INPUT)
        }
    }
}
