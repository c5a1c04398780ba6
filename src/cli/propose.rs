//! `keniki propose STUDY.toml`: the best zones under rules that the planner chooses, with the proof, or
//! why there are none.

use crate::access::matrix::matrix;
use crate::cli::bars::Bars;
use crate::cli::plan::{Tables, municipal_map};
use crate::demand::home_visits::home_visits;
use crate::ingest::manifest::Manifest;
use crate::ingest::study::{AreaSystem, Study};
use crate::network::build::build;
use crate::network::link::Direction;
use crate::network::search::NO_LIMIT;
use crate::progress::Progress;
use crate::zoning::alternatives::{best_by_zone_count, best_plans};
use crate::zoning::asked::{Asked, AskedStrength};
use crate::zoning::certificate::Status;
use crate::zoning::checker::{Judgement, Rule, check};
use crate::zoning::conflict::conflict;
use crate::zoning::exact::{Options, Outcome, Standing, Watch, solve_with};
use crate::zoning::indicators::{Indicators, References, indicators, percentile, together_shares};
use crate::zoning::notice::notices;
use crate::zoning::plan::Plan;
use crate::zoning::problem::Problem;
use crate::zoning::repair::least_broken;
use crate::zoning::search::{Effort, Sample, ensemble, search};
use crate::zoning::statement::{Facts, Grouping};
use anyhow::{Context, bail};
use serde_json::{Value, json};
use std::cell::Cell;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::signal::unix::{SignalKind, signal};

/// Steps of the walk for each plan of an ensemble; a step in five meets a new one.
const STEPS_PER_PLAN: u64 = 100;

/// The units that `--units` begins with.
const MUNICIPALITIES: &str = "市町村";

const SYSTEMS: [AreaSystem; 4] = [
    AreaSystem::Hokenjo,
    AreaSystem::SecondaryMedicalArea,
    AreaSystem::MedicalAssociation,
    AreaSystem::FireDepartment,
];

/// Objective units in one receipt-minute.
const PER_RECEIPT_MINUTE: f64 = 600_000.0;

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
    /// 単位（市町村 または 区域の種類: 保健所、二次医療圏、医師会、消防本部）
    #[arg(long, default_value = MUNICIPALITIES)]
    units: String,
    /// よい順に何案まで出すか
    #[arg(long, default_value_t = 1)]
    best: usize,
    /// 圏域の数ごとの最善案も出す
    #[arg(long)]
    by_zone_count: bool,
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
    let asked = asked(request)?.over(&tables.rules);
    let asked = with_strengths(asked, &request.strengths)?;
    let progress = &Bars;
    let mut study = crate::ingest::read_study(&manifest, progress)?;
    let roadway = build(&mut study, &tables.profile, progress)?;
    let demand = home_visits(&study, &tables.weights)?;
    let map = municipal_map(&study, &roadway, progress);
    let candidates = &tables.rules.candidates;
    let Some(leads) = candidates.leads(&study) else {
        bail!("届出受理医療機関名簿も積極的役割を担う医療機関の名簿も未登録のため、提案を作れません");
    };
    let institutions: Vec<usize> = leads.iter().map(|lead| lead.institution).collect();
    let step = progress.step("中心の候補からの所要時間", leads.len() as u64);
    let lead_times = matrix(&roadway, &institutions, Direction::Outward, NO_LIMIT, step.as_ref());
    drop(step);
    let hubs = candidates.linkage(&study);
    let facts = Facts {
        study: &study,
        demand: demand.first_year(),
        leads: &leads,
        lead_times: &lead_times,
        linkage: hubs.as_deref().unwrap_or_default(),
        neighbours: &map.neighbours,
    };
    let grouping = grouping(&study, &request.units)?;
    let problem = asked.problem(&facts, &grouping, &demand)?;
    let answer = Answer { request, study: &study, facts: &facts, grouping: &grouping, problem: &problem };
    let is_over = interrupted()?;
    let value = answer.find(&is_over)?;
    if let Some(out) = &request.out {
        let text = format!("{value:#}\n");
        std::fs::write(out, text).with_context(|| format!("{} に書けません", out.display()))?;
        println!("{} に書きました", out.display());
    }
    Ok(())
}

fn asked(request: &Request) -> anyhow::Result<Asked> {
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
    Ok(asked)
}

/// Rules with the strengths of the flags, such as `whole-hokenjo=soft:500`.
fn with_strengths(mut asked: Asked, flags: &[String]) -> anyhow::Result<Asked> {
    for flag in flags {
        let (id, said) = flag.split_once('=').unwrap_or((flag, ""));
        let (word, weight) = said.split_once(':').map_or((said, None), |(word, weight)| (word, Some(weight)));
        let strength = match word {
            "hard" => AskedStrength::Hard,
            "soft" => AskedStrength::Soft,
            "off" => AskedStrength::Off,
            _ => bail!(
                "--rule の「{flag}」を読めません。ID=hard、ID=soft:重み、ID=off のどれかで書いてください"
            ),
        };
        let weight = weight.map(str::parse::<f64>).transpose();
        let weight = weight.with_context(|| format!("--rule の「{flag}」の重みが数ではありません"))?;
        asked.set(id, strength, weight)?;
    }
    Ok(asked)
}

fn grouping(study: &Study, units: &str) -> anyhow::Result<Grouping> {
    if units == MUNICIPALITIES {
        return Ok(Grouping::municipalities(study));
    }
    let Some(system) = SYSTEMS.into_iter().find(|system| system.name() == units) else {
        bail!(
            "--units の「{units}」はありません。市町村、保健所、二次医療圏、医師会、消防本部のどれかを書いてください"
        );
    };
    let missing = || format!("区域「{units}」が未登録か、属さない市町村があります");
    Grouping::areas(study, system).with_context(missing)
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

/// Shows how far the search is, twice a second.
struct Ticker<'a> {
    is_over: &'a AtomicBool,
    last: Cell<Instant>,
}

impl Watch for Ticker<'_> {
    fn standing(&self, standing: Standing) {
        if self.last.get().elapsed() > Duration::from_millis(500) {
            self.last.set(Instant::now());
            let minutes = |objective: Option<u64>| {
                objective.map_or("―".to_owned(), |one| format!("{:.0}", one as f64 / PER_RECEIPT_MINUTE))
            };
            eprintln!(
                "  最良 {}　下界 {}　節点 {}",
                minutes(standing.objective),
                minutes(standing.bound),
                standing.nodes
            );
        }
    }

    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }
}

/// A request with everything that is needed to answer it.
struct Answer<'a> {
    request: &'a Request,
    study: &'a Study,
    facts: &'a Facts<'a>,
    grouping: &'a Grouping,
    problem: &'a Problem,
}

impl Answer<'_> {
    fn find(&self, is_over: &AtomicBool) -> anyhow::Result<Value> {
        let (problem, limit) = (self.problem, Some(self.request.node_limit));
        problem.validate()?;
        let said: Vec<String> = notices(problem).iter().map(|notice| notice.meant(problem)).collect();
        for notice in &said {
            println!("お知らせ: {notice}");
        }
        let effort = Effort { seed: self.request.seed, steps: self.request.steps };
        let first = search(problem, effort, |_| ())?;
        let starts: Vec<Plan> = first.into_iter().map(|found| found.plan).collect();
        let ticker = Ticker { is_over, last: Instant::now().into() };
        let options =
            Options { node_limit: limit, starts: &starts, watch: Some(&ticker), ..Options::default() };
        let best = solve_with(problem, &options)?;
        let mut value = json!({ "notices": said, "best": self.tell("最善の案", &best) });
        if best.certificate.status == Status::Infeasible {
            value["conflict"] = self.tell_conflict(&best)?;
        }
        if self.request.best > 1 && best.plan.is_some() && !ticker.is_over() {
            let plans = best_plans(problem, self.request.best, limit)?;
            let tell = |(at, outcome): (usize, &Outcome)| self.tell(&format!("{}番目の案", at + 1), outcome);
            value["plans"] = plans.iter().enumerate().map(tell).collect();
        }
        if self.request.by_zone_count && !ticker.is_over() {
            let most = problem.zone_count.most.unwrap_or(problem.units.len()).min(problem.units.len());
            let front = best_by_zone_count(problem, problem.zone_count.least.max(1)..=most, limit)?;
            let tell =
                |(count, outcome): &(usize, Outcome)| self.tell(&format!("{count}圏域の最善案"), outcome);
            value["by_zone_count"] = front.iter().map(tell).collect();
        }
        if let Some(plan) = best.plan.as_ref().filter(|_| self.request.ensemble > 0 && !ticker.is_over()) {
            value["ensemble"] = self.ensemble(plan)?;
        }
        Ok(value)
    }

    /// Where the best plan and today's areas stand among many plans that keep the rules, and who goes
    /// with whom in these.
    fn ensemble(&self, best: &Plan) -> anyhow::Result<Value> {
        let wanted = self.request.ensemble;
        let effort = Effort { seed: self.request.seed, steps: STEPS_PER_PLAN.saturating_mul(wanted as u64) };
        let sample = Sample { wanted, objective_up_to: None, effort };
        let plans: Vec<Plan> =
            ensemble(self.problem, best, sample)?.into_iter().map(|found| found.plan).collect();
        println!("条件を満たすさまざまな案: {}案", plans.len());
        let figures = |plan: &Plan| indicators(self.problem, plan, References::default());
        let all: Vec<Indicators> = plans.iter().map(figures).collect();
        let place = |name: &str, plan: &Plan| {
            let own = figures(plan);
            let among = |value: fn(&Indicators) -> Option<f64>| {
                percentile(value(&own)?, &all.iter().filter_map(value).collect::<Vec<f64>>())
            };
            json!({
                "plan": name,
                "zones": among(|one| Some(one.zones as f64)),
                "travel": among(|one| one.travel.map(|travel| travel as f64)),
                "demand_variation": among(|one| one.demand_variation),
                "cut_connections": among(|one| Some(one.cut_connections as f64)),
            })
        };
        let mut places = vec![place("最善の案", best)];
        if self.request.units == MUNICIPALITIES {
            let today =
                SYSTEMS.iter().filter_map(|system| Some((system, Grouping::areas(self.study, *system)?)));
            places.extend(today.map(|(system, areas)| place(system.name(), &areas.as_plan())));
        }
        Ok(json!({
            "plans": plans.len(),
            "seed": effort.seed,
            "units": self.grouping.names,
            "together_shares": together_shares(&plans),
            "percentiles": places,
        }))
    }

    /// Prints an outcome, and gives it as JSON.
    fn tell(&self, title: &str, outcome: &Outcome) -> Value {
        let certificate = &outcome.certificate;
        let minutes = |objective: Option<u64>| objective.map(|one| one as f64 / PER_RECEIPT_MINUTE);
        let shown = |value: Option<f64>| value.map_or("―".to_owned(), |value| format!("{value:.1}"));
        println!(
            "{title}: {}　目的 {} 件・分/月　下界 {}　差 {}",
            certificate.status.meant(),
            shown(minutes(certificate.objective)),
            shown(minutes(certificate.bound)),
            certificate.gap.map_or("―".to_owned(), |gap| format!("{:.2}%", 100.0 * gap)),
        );
        for reason in &outcome.reasons {
            println!("  {}", reason.meant(self.problem));
        }
        let zones: Vec<Value> = outcome.plan.iter().flat_map(|plan| self.zones(plan)).collect();
        let broken: Vec<String> = outcome
            .plan
            .iter()
            .flat_map(|plan| check(self.problem, plan).verdicts)
            .filter(|verdict| matches!(verdict.judgement, Judgement::Fail | Judgement::Tolerated))
            .map(|verdict| {
                let place = verdict.zone.map_or("案全体".to_owned(), |zone| format!("圏域{}", zone + 1));
                match verdict.rule {
                    Rule::Condition(name) | Rule::Resource(name) => {
                        format!("{place} {name}: {}", verdict.reason)
                    }
                    _ => format!("{place} {}", verdict.reason),
                }
            })
            .collect();
        for rule in &broken {
            println!("  満たさない条件: {rule}");
        }
        let figures = outcome.plan.as_ref().map(|plan| indicators(self.problem, plan, References::default()));
        json!({
            "title": title,
            "status": certificate.status.as_str(),
            "objective_receipt_minutes": minutes(certificate.objective),
            "bound_receipt_minutes": minutes(certificate.bound),
            "gap": certificate.gap,
            "nodes": certificate.nodes,
            "model_sha256": certificate.model_sha256,
            "reasons": outcome.reasons.iter().map(|reason| reason.meant(self.problem)).collect::<Vec<_>>(),
            "zones": zones,
            "broken_rules": broken,
            "demand_variation": figures.as_ref().and_then(|figures| figures.demand_variation),
            "cut_connections": figures.as_ref().map(|figures| figures.cut_connections),
        })
    }

    /// Prints the zones of a plan, and gives them as JSON.
    fn zones(&self, plan: &Plan) -> Vec<Value> {
        let over = self.grouping.over_municipalities(plan);
        let zone = |(at, members): (usize, Vec<usize>)| {
            let names: Vec<&str> =
                members.iter().map(|one| self.study.municipalities[*one].name.as_str()).collect();
            let codes: Vec<&str> =
                members.iter().map(|one| self.study.municipalities[*one].code.as_str()).collect();
            let lead = plan.lead_of_zone[at].and_then(|lead| self.facts.leads.get(lead));
            let lead = lead.map(|lead| self.study.institutions[lead.institution].name.as_str());
            println!("  圏域{}（中心 {}）: {}", at + 1, lead.unwrap_or("なし"), names.join("・"));
            json!({ "municipalities": codes, "names": names, "lead": lead })
        };
        over.units_of_zones().into_iter().enumerate().map(zone).collect()
    }

    /// Says which rules cannot hold together, and what comes nearest.
    fn tell_conflict(&self, outcome: &Outcome) -> anyhow::Result<Value> {
        let limit = Some(self.request.node_limit);
        let parts = conflict(self.problem, limit)?.unwrap_or_default();
        let names: Vec<String> = parts.iter().map(|part| part.meant(self.problem)).collect();
        if !names.is_empty() {
            println!("同時に満たせない条件: {}", names.join("／"));
        }
        let nearest = least_broken(self.problem, limit)?;
        let told = Outcome { reasons: Vec::new(), certificate: outcome.certificate.clone(), ..nearest };
        Ok(json!({ "rules": names, "nearest": self.tell("条件からの外れが最も小さい案", &told) }))
    }
}
