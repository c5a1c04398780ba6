//! `keniki fetch --prefecture NN --out FOLDER`: the official files of a prefecture, from their publishers.

use crate::cli::bars::Bars;
use crate::cli::interrupt::unless_interrupted;
use crate::fetch::{Base, Order, Outcome, Patience, fetch};
use crate::ingest::sources::SourceTable;
use anyhow::{Context, bail};
use std::path::PathBuf;
use std::time::Duration;

/// What `keniki fetch` is asked.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Request {
    /// 都道府県コード
    #[arg(long, value_name = "二桁", required_unless_present = "list")]
    prefecture: Option<String>,
    /// ファイルを置くフォルダー（もう一度実行すると、足りないものと途中のものだけを受け取る）
    #[arg(long, required_unless_present = "list")]
    out: Option<PathBuf>,
    /// 受け取る資料（--list の id。省略すると「求めたときだけ」以外のすべて）
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    only: Vec<String>,
    /// 資料の一覧（id・名称・配布元・条件・ページ）を出すだけで、通信はしない
    #[arg(long)]
    list: bool,
    /// すでにあるファイルも受け取り直す
    #[arg(long)]
    again: bool,
    /// 写しを置いたサーバー（ファイルは /ホスト名/パス にある）。ほかには接続しない
    #[arg(long, value_name = "URL", value_parser = Base::parse)]
    base_url: Option<Base>,
    /// 資料の場所の表（shapes/tables/sources.toml と同じ様式）
    #[arg(long, value_name = "FILE")]
    sources: Option<PathBuf>,
    /// 何も来ない、またはほとんど来ないときに待つ秒数
    #[arg(long, default_value_t = 60.0, value_name = "秒", value_parser = seconds)]
    timeout: f64,
    /// 一つのファイルを続けて試す回数
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=20))]
    tries: u32,
    /// 二度目までに待つ秒数（次からは倍になる。相手が待つ時間を言えばそれに従う）
    #[arg(long, default_value_t = 2.0, value_name = "秒", value_parser = seconds)]
    retry_wait: f64,
}

fn seconds(said: &str) -> Result<f64, String> {
    let seconds = said.parse().ok().filter(|seconds| (0.01..=3_600.0).contains(seconds));
    seconds.ok_or_else(|| "0.01 から 3600 までの秒数を書いてください".to_owned())
}

/// Fetches what is missing and tells of every file.
pub(super) fn run(request: &Request) -> anyhow::Result<()> {
    let table = match &request.sources {
        Some(file) => SourceTable::read(file)?,
        None => SourceTable::shipped().clone(),
    };
    if request.list {
        print!("{}", list(&table));
        return Ok(());
    }
    let (Some(prefecture), Some(folder)) = (request.prefecture.clone(), request.out.clone()) else {
        bail!("--prefecture と --out を書いてください")
    };
    std::fs::create_dir_all(&folder).with_context(|| format!("{} を作れません", folder.display()))?;
    let asked = request.clone();
    let (outcomes, shown) = (
        unless_interrupted(move || fetch_all(&asked, &table, &prefecture, &folder))?,
        request.out.as_deref(),
    );
    let failed = outcomes.iter().filter(|outcome| outcome.result.is_err()).count();
    let shown = shown.map(|folder| folder.display().to_string()).unwrap_or_default();
    println!("{} ファイルが {shown} にあります。次は keniki import {shown} です", outcomes.len() - failed);
    if failed > 0 {
        bail!(
            "{failed} 件を受け取れませんでした。上の説明のとおりにするか、同じ命令をもう一度実行してください"
        );
    }
    Ok(())
}

fn fetch_all(
    request: &Request,
    table: &SourceTable,
    prefecture: &str,
    folder: &std::path::Path,
) -> anyhow::Result<Vec<Outcome>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("作業用のスレッドを用意できません")?;
    let order = Order {
        prefecture,
        folder,
        table,
        only: &request.only,
        base: request.base_url.as_ref(),
        again: request.again,
        patience: Patience {
            silence: Duration::from_secs_f64(request.timeout),
            tries: request.tries,
            first_wait: Duration::from_secs_f64(request.retry_wait),
        },
    };
    let mut tell = |outcome: &Outcome| println!("{}", told(outcome));
    Ok(runtime.block_on(fetch(&order, &Bars, &mut tell))?)
}

/// One line of a file.
fn told(outcome: &Outcome) -> String {
    match &outcome.result {
        Err(error) => format!("{}\t受け取れません: {error}", outcome.source),
        Ok(got) if got.was_there => {
            format!(
                "{}\t{}\tすでにあります（{} に受け取り）",
                outcome.source, got.file.path, got.file.fetched_on
            )
        }
        Ok(got) => {
            let continued = match got.continued_from {
                0 => String::new(),
                bytes => format!("（{bytes} バイトの続きから）"),
            };
            format!("{}\t{}\t{} バイト{continued}", outcome.source, got.file.path, got.file.bytes)
        }
    }
}

fn list(table: &SourceTable) -> String {
    let mut text = format!("資料の場所（{} 現在）\n", table.as_of);
    for source in &table.sources {
        let asked = if source.on_request { "（求めたときだけ）" } else { "" };
        text += &format!(
            "{}\t{}{asked}\t{}\t{}\t{}\n",
            source.id, source.name, source.publisher, source.licence, source.page
        );
    }
    text
}
