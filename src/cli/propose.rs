//! `keniki propose STUDY.toml`: the best zones under rules that the planner chooses, with the proof, or
//! why there are none.

use crate::access::reach::reach;
use crate::access::services::services;
use crate::assess::beside::Beside;
use crate::assess::ground::Ground;
use crate::assess::overlay::{Floor, Overlay, ToldOverlay};
use crate::assess::own_units::{OwnUnits, ToldEdit};
use crate::assess::proposals::{
    self, Answer, GivenStrength, Listener, MUNICIPALITIES, Part, Phase, SYSTEMS, ServedUnit, Told, ToldZone,
    grouping, receipt_minutes,
};
use crate::cli::bars::Bars;
use crate::cli::drawn;
use crate::cli::plan::Tables;
use crate::demand::home_visits::home_visits;
use crate::ingest::given::Given;
use crate::ingest::manifest::Manifest;
use crate::ingest::neighbour_table::Edit;
use crate::ingest::study::Study;
use crate::ingest::unit_table::known_towns;
use crate::network::build::{Roadway, build};
use crate::zoning::aims::{Aim, AskedObjective};
use crate::zoning::asked::{Asked, AskedStrength};
use crate::zoning::exact::{Standing, Watch};
use anyhow::{Context, bail};
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::signal::unix::{SignalKind, signal};

/// What `keniki propose` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Request {
    /// 入力と条件を書いた study.toml
    study: PathBuf,
    /// 規則を書いた TOML ファイル
    #[arg(long)]
    rules: Option<PathBuf>,
    /// 規則の扱いを変える（ID=hard、ID=soft、ID=soft:重み、ID=off）
    #[arg(long = "rule", value_name = "ID=扱い")]
    strengths: Vec<String>,
    /// 圏域の数（6 または 4-8）
    #[arg(long, value_name = "数")]
    zones: Option<String>,
    /// 重ねる圏域（小児、歯科、または指定を書いた TOML ファイル）を作る
    #[arg(long, value_name = "名前")]
    overlay: Option<String>,
    /// 単位（市町村、区域の種類: 保健所、二次医療圏、医師会、消防本部、介護保険者、構想区域、老人福祉圏、日常生活圏域、MC協議会、または単位の表: 単位.csv）
    #[arg(long, default_value = MUNICIPALITIES)]
    units: String,
    /// 隣り合う単位を加える・切る表（CSV、理由つき）
    #[arg(long, value_name = "CSV")]
    neighbours: Option<PathBuf>,
    /// よい順に何案まで出すか
    #[arg(long, default_value_t = 1)]
    best: usize,
    /// 圏域の数ごとの最善案も出す
    #[arg(long)]
    by_zone_count: bool,
    /// 目的（何度でも書け、先の目的を優先する: 移動、圏域数、隣接、釣合い、分割=保健所、変更=二次医療圏、最寄り=急変時受入）
    #[arg(long = "objective", value_name = "目的")]
    objectives: Vec<String>,
    /// どの目的の間の、互いに勝らない案の全部を出すか（移動,圏域数 のように書く）
    #[arg(long, value_name = "目的,目的", value_delimiter = ',')]
    front: Vec<String>,
    /// 互いに勝らない案を何案まで出すか
    #[arg(long, default_value_t = 30)]
    front_plans: usize,
    /// 案の CSV（市町村,圏域）が条件を満たすかを調べる
    #[arg(long, value_name = "CSV")]
    check: Option<PathBuf>,
    /// 案の CSV（市町村,圏域）を、最も少ない移し替えで条件を満たす案に直す
    #[arg(long, value_name = "CSV", conflicts_with = "check")]
    repair: Option<PathBuf>,
    /// 条件を満たすさまざまな案を何案集めて、誰と誰が同じ圏域になるか、今の区域がどこに位置するかを調べるか
    #[arg(long, default_value_t = 0, value_name = "案の数")]
    ensemble: usize,
    /// 最初の案と案の集まりを探す乱数の種
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// 最初の案を探す手数
    #[arg(long, default_value_t = 20_000)]
    steps: u64,
    /// 厳密解の探索を打ち切る節点の数
    #[arg(long, default_value_t = 200_000)]
    node_limit: u64,
    /// 結果を書く JSON ファイル
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Answers a request. Ctrl-C ends the search with the best plan so far.
pub(super) fn run(request: &Request) -> anyhow::Result<()> {
    let manifest = Manifest::read(&request.study)?;
    let tables = Tables::shipped()?;
    let asked = asked(request)?;
    let rules = asked.rules(&tables.rules)?;
    let progress = &Bars;
    let mut study = crate::ingest::read_study(&manifest, progress)?;
    let roadway = build(&mut study, &tables.profile, progress)?;
    let demand = home_visits(&study, &tables.weights)?;
    let mut ground = Ground::new(&study, &roadway, demand, &tables.rules.candidates, progress);
    let needs_access = asked.needs_access(&rules);
    if needs_access && asked.overlay.is_none() {
        ground.access = Some(Arc::new(reach(&study, &roadway, services()?, progress)));
    }
    let beside = match asked.overlay {
        Some(_) => Beside::read(&manifest, &study, progress)?,
        None => Beside::default(),
    };
    let floor = Floor {
        study: &study,
        roadway: &roadway,
        profile: &tables.profile,
        candidates: &tables.rules.candidates,
        weights: &tables.weights,
        beside: &beside,
        needs_access,
    };
    let laid = asked.overlay.as_ref().map(|overlay| overlay.lay(&floor, progress)).transpose()?;
    let (study, ground) = laid.as_ref().map_or((&study, &ground), |laid| (&laid.study, &laid.ground));
    let roadway = laid.as_ref().map_or(&roadway, |laid| laid.roadway(&roadway));
    let own = own_units(request, &manifest, study, roadway, ground)?;
    let stated = match &own {
        Some(own) => asked.state_over(own.grouping.clone(), &rules, study, ground)?,
        None => asked.state(&rules, study, ground)?,
    };
    if let Some(laid) = &laid {
        print_overlay(&laid.told);
    }
    let terminal = Terminal { is_over: interrupted()?, last: Instant::now().into() };
    let value = match (&request.check, &request.repair) {
        (Some(file), _) => drawn::check(&stated, file)?,
        (None, Some(file)) => drawn::repair(&stated, file, request.node_limit, &terminal)?,
        (None, None) => {
            let mut answer = stated.answer(&asked, &terminal)?;
            answer.units = own.map(|own| own.told);
            if let Some(laid) = &laid {
                laid.sign(&mut answer);
            }
            print_rest(&answer);
            serde_json::to_value(answer)?
        }
    };
    if let Some(out) = &request.out {
        let text = format!("{value:#}\n");
        std::fs::write(out, text).with_context(|| format!("{} に書けません", out.display()))?;
        println!("{} に書きました", out.display());
    }
    Ok(())
}

/// What an overlay is about.
fn print_overlay(told: &ToldOverlay) {
    println!("重ねる圏域「{}」: {}、中心は{}", told.overlay, told.demand, told.providers);
    println!("  結果の数のうち件・分/月とあるものの単位は {} です", told.minutes);
    if !told.beyond.is_empty() {
        println!("  加わる県外の市町村: {}", told.beyond.join("・"));
    }
    for assumption in &told.assumptions {
        println!("  仮定: {assumption}");
    }
}

/// The units and neighbours of the planner's tables, if there are any.
fn own_units(
    request: &Request,
    manifest: &Manifest,
    study: &Study,
    roadway: &Roadway,
    ground: &Ground,
) -> anyhow::Result<Option<OwnUnits>> {
    let is_table = request.units.to_lowercase().ends_with(".csv");
    if !is_table && request.neighbours.is_none() {
        return Ok(None);
    }
    let mut own = if is_table {
        let file = Given::File(Path::new(&request.units));
        OwnUnits::read(file, study, roadway, &known_towns(manifest, study)?)?
    } else {
        OwnUnits::of(grouping(study, &request.units)?)
    };
    if let Some(file) = &request.neighbours {
        own.edit(Given::File(file), study, ground)?;
    }
    own.describe(study, ground);
    for table in &own.told.tables {
        for finding in &table.findings {
            let row = finding.row.map_or(String::new(), |row| format!(" {row} 行目"));
            println!("お知らせ: {}{row}「{}」: {}", table.file, finding.said, finding.meant);
        }
    }
    for ToldEdit { units: [a, b], edit, reason } in &own.told.edits {
        let done = match edit {
            Edit::Add => "隣接を加えました",
            Edit::Cut => "隣接を切りました",
        };
        println!("{a}―{b}: {done}（{reason}）");
    }
    Ok(Some(own))
}

/// What the flags and the file of rules ask.
fn asked(request: &Request) -> anyhow::Result<proposals::Request> {
    let mut asked = match &request.rules {
        None => Asked::default(),
        Some(file) => {
            let text =
                std::fs::read_to_string(file).with_context(|| format!("{} を読めません", file.display()))?;
            toml::from_str(&text).with_context(|| format!("{} の書き方に誤りがあります", file.display()))?
        }
    };
    if let Some(said) = &request.zones {
        let (least, most) = said.split_once('-').unwrap_or((said, said));
        let number = |text: &str| text.trim().parse::<usize>();
        let (Ok(least), Ok(most)) = (number(least), number(most)) else {
            bail!("--zones の「{said}」を読めません。6 または 4-8 のように書いてください");
        };
        (asked.zones_least, asked.zones_most) = (least, Some(most));
    }
    for (said, order) in request.objectives.iter().zip(0..) {
        asked.objectives.push(AskedObjective { order, weight: 1.0, of: aim(said)? });
    }
    Ok(proposals::Request {
        asked,
        strengths: request.strengths.iter().map(|flag| strength(flag)).collect::<anyhow::Result<_>>()?,
        overlay: request.overlay.as_deref().map(|said| Overlay::named(said, Path::new(""))).transpose()?,
        units: request.units.clone(),
        unit_table: None,
        neighbour_table: None,
        best: request.best,
        by_zone_count: request.by_zone_count,
        front: request.front.iter().map(|said| aim(said)).collect::<anyhow::Result<_>>()?,
        front_plans: request.front_plans,
        ensemble: request.ensemble,
        seed: request.seed,
        steps: request.steps,
        node_limit: request.node_limit,
    })
}

/// An objective as a flag gives it, such as 分割=保健所.
fn aim(said: &str) -> anyhow::Result<Aim> {
    let (word, of) = said.split_once('=').unwrap_or((said, ""));
    let system = || {
        let system = SYSTEMS.into_iter().find(|system| system.name() == of);
        system.with_context(|| {
            format!("目的「{said}」の区域が読めません。{word}=保健所 のように書いてください")
        })
    };
    Ok(match word {
        "移動" => Aim::Travel,
        "圏域数" => Aim::Zones,
        "隣接" => Aim::Borders,
        "釣合い" => Aim::Balance,
        "分割" => Aim::Splits { system: system()? },
        "変更" => Aim::Change { from: system()? },
        "最寄り" if !of.is_empty() => Aim::Nearest { service: of.to_owned() },
        _ => bail!(
            "目的「{said}」を読めません。移動、圏域数、隣接、釣合い、分割=保健所、変更=二次医療圏、最寄り=急変時受入 のように書いてください"
        ),
    })
}

/// A strength as a flag gives it, such as `whole-hokenjo=soft:500`.
fn strength(flag: &str) -> anyhow::Result<GivenStrength> {
    let (id, said) = flag.split_once('=').unwrap_or((flag, ""));
    let (word, weight) = said.split_once(':').map_or((said, None), |(word, weight)| (word, Some(weight)));
    let strength = match word {
        "hard" => AskedStrength::Hard,
        "soft" => AskedStrength::Soft,
        "off" => AskedStrength::Off,
        _ => {
            bail!("--rule の「{flag}」を読めません。ID=hard、ID=soft:重み、ID=off のどれかで書いてください")
        }
    };
    let weight = weight.map(str::parse::<f64>).transpose();
    let weight = weight.with_context(|| format!("--rule の「{flag}」の重みが数ではありません"))?;
    Ok(GivenStrength { rule: id.to_owned(), strength, weight })
}

/// Says from now on whether the user has interrupted the program.
fn interrupted() -> anyhow::Result<Arc<AtomicBool>> {
    let is_over = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&is_over);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::spawn(move || {
        runtime.block_on(async {
            if let Ok(mut interrupt) = signal(SignalKind::interrupt()) {
                interrupt.recv().await;
                told.store(true, Ordering::Relaxed);
            }
        });
    });
    Ok(is_over)
}

/// Shows the parts of the answer as they come, and how far the search is, twice a second.
struct Terminal {
    is_over: Arc<AtomicBool>,
    last: Cell<Instant>,
}

impl Terminal {
    fn show(&self, standing: Standing, shown: impl Fn(u64) -> String) {
        if self.last.get().elapsed() > Duration::from_millis(500) {
            self.last.set(Instant::now());
            let value = |value: Option<u64>| value.map_or("―".to_owned(), &shown);
            let (best, bound) = (value(standing.objective), value(standing.bound));
            eprintln!("  最良 {best}　下界 {bound}　節点 {}", standing.nodes);
        }
    }
}

impl Watch for Terminal {
    fn standing(&self, standing: Standing) {
        self.show(standing, |value| format!("{:.0}", receipt_minutes(value)));
    }

    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }
}

impl Listener for Terminal {
    fn begins(&self, _phase: Phase) {}

    fn found(&self, part: Part<'_>) {
        match part {
            Part::Notice(notice) => println!("お知らせ: {notice}"),
            Part::Plan(told) => print_plan(told),
            Part::Conflict([]) => {}
            Part::Conflict(rules) => println!("同時に満たせない条件: {}", rules.join("／")),
            Part::Ensemble(plans) => println!("条件を満たすさまざまな案: {plans}案"),
        }
    }

    fn moves(&self, standing: Standing) {
        self.show(standing, |moves| format!("{moves}地域の移し替え"));
    }
}

/// What is not told as it comes.
fn print_rest(answer: &Answer) {
    for goal in &answer.goals {
        let shown = |value: Option<f64>| value.map_or("―".to_owned(), |value| format!("{value:.1}"));
        let (value, bound) = (shown(goal.value), shown(goal.bound));
        println!("目的「{}」: {value}{}　下界 {bound}　{}", goal.goal, goal.unit, goal.status_meant);
    }
    for hint in answer.conflict.iter().flat_map(|conflict| &conflict.hints) {
        println!("緩めるなら: {hint}");
    }
    for part in answer.conflict.iter().flat_map(|conflict| &conflict.parts) {
        println!("つながらない部分［{}］だけでは: {}", part.units.join("・"), part.status_meant);
        part.reasons.iter().for_each(|reason| println!("  {reason}"));
        print_zones(&part.zones);
    }
    if let Some(front) = &answer.front {
        println!("互いに勝らない案（{}）:", front.goals.join("、"));
        for one in &front.compromises {
            let values: Vec<String> = one.values.iter().map(|value| format!("{value:.1}")).collect();
            println!("  {}", values.join("　"));
        }
        let all = if front.open.is_empty() {
            "これで全部であることを証明済み"
        } else {
            "ほかにもありえます"
        };
        println!("  {all}");
    }
    if answer.interrupted {
        println!("中断しました。ここまでに見つかった案です");
    }
}

fn print_plan(told: &Told) {
    let shown = |value: Option<f64>| value.map_or("―".to_owned(), |value| format!("{value:.1}"));
    println!(
        "{}: {}　目的 {} 件・分/月　下界 {}　差 {}",
        told.title,
        told.status_meant,
        shown(told.objective_receipt_minutes),
        shown(told.bound_receipt_minutes),
        told.gap.map_or("―".to_owned(), |gap| format!("{:.2}%", 100.0 * gap)),
    );
    for reason in &told.reasons {
        println!("  {reason}");
    }
    print_zones(&told.zones);
    for rule in &told.broken_rules {
        println!("  満たさない条件: {rule}");
    }
}

fn print_zones(zones: &[ToldZone]) {
    for (zone, at) in zones.iter().zip(1..) {
        let lead = zone.lead.as_deref().unwrap_or("なし");
        println!("  圏域{at}（中心 {lead}）: {}", zone.names.join("・"));
        for ServedUnit { unit, institutions } in &zone.served {
            let names: Vec<&str> = institutions.iter().map(|one| one.institution.as_str()).collect();
            println!("    {unit}: {}", names.join("、"));
        }
    }
}
