//! The zones that a planner asks for: the request, the way to the answer, and the answer in words and
//! figures. Command line and server differ only in how they listen.

use crate::assess::ground::Ground;
use crate::assess::objectives::{BestInOrder, Quiet, ToldFront, ToldGoal};
use crate::assess::overlay::{Overlay, OverlayError, ToldOverlay};
use crate::assess::own_units::{OwnUnits, ToldUnits};
use crate::ingest::IngestError;
use crate::ingest::given::Given;
use crate::ingest::study::{AreaSystem, Study};
use crate::ingest::unit_table::KnownTown;
use crate::network::build::Roadway;
use crate::zoning::aims::Aim;
use crate::zoning::alternatives::{best_by_zone_count, best_plans};
use crate::zoning::asked::{Asked, AskedError, AskedStrength};
use crate::zoning::certificate::Status;
use crate::zoning::checker::{Judgement, Rule, check};
use crate::zoning::condition::Strength;
use crate::zoning::conflict::conflict;
use crate::zoning::exact::{ExactError, Options, Outcome, Standing, Watch, solve_with};
use crate::zoning::goals::Goal;
use crate::zoning::indicators::{Indicators, References, indicators, percentile, together_shares};
use crate::zoning::notice::notices;
use crate::zoning::parts::{Component, part_by_part};
use crate::zoning::plan::Plan;
use crate::zoning::problem::{Problem, ProblemError};
use crate::zoning::relax::{Relaxed, relaxed};
use crate::zoning::repair::least_broken;
use crate::zoning::rules::Rules;
use crate::zoning::search::{Effort, Sample, ensemble, search};
use crate::zoning::statement::{Facts, Grouping};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Steps of the walk for each plan of an ensemble; a step in five meets a new one.
const STEPS_PER_PLAN: u64 = 100;

/// Tenths of a second in a minute.
const DECISECONDS_PER_MINUTE: f64 = 600.0;

/// Objective units in one receipt-minute.
const PER_RECEIPT_MINUTE: f64 = 1_000.0 * DECISECONDS_PER_MINUTE;

/// The units of a request that names none.
pub const MUNICIPALITIES: &str = "市町村";

/// The areas that may be units, and that the plans of an ensemble are compared with.
pub const SYSTEMS: [AreaSystem; 9] = AreaSystem::ALL;

/// An objective in receipts × minutes per month.
#[must_use]
pub fn receipt_minutes(objective: u64) -> f64 {
    objective as f64 / PER_RECEIPT_MINUTE
}

/// What a planner asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Request {
    /// The number of zones, and rules of the planner's own.
    pub asked: Asked,
    /// Other strengths than those of the table or of the planner's own rules.
    pub strengths: Vec<GivenStrength>,
    /// An overlay zoning instead of 在宅医療圏.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overlay: Option<Overlay>,
    /// Units: 市町村, or a system of areas by its name.
    pub units: String,
    /// A planner's own units instead, as the text of their table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_table: Option<String>,
    /// Neighbours that the planner adds and cuts, as the text of their table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub neighbour_table: Option<String>,
    /// So many best plans.
    pub best: usize,
    /// Also the best plan of each number of zones.
    pub by_zone_count: bool,
    /// Every compromise between these that no other beats; none = not asked.
    pub front: Vec<Aim>,
    /// As far as so many compromises go.
    pub front_plans: usize,
    /// So many plans of all sorts, to see where the best one and today's areas stand among them.
    pub ensemble: usize,
    /// Seed of the search for the first plan and of the ensemble.
    pub seed: u64,
    /// Steps of the search for the first plan.
    pub steps: u64,
    /// Branch-and-bound nodes after which a proof is given up.
    pub node_limit: u64,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            asked: Asked::default(),
            strengths: Vec::new(),
            overlay: None,
            units: MUNICIPALITIES.to_owned(),
            unit_table: None,
            neighbour_table: None,
            best: 1,
            by_zone_count: false,
            front: Vec::new(),
            front_plans: 30,
            ensemble: 0,
            seed: 0,
            steps: 20_000,
            node_limit: 200_000,
        }
    }
}

/// How much a rule counts in one request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenStrength {
    /// Id of the rule.
    pub rule: String,
    /// How much it counts.
    pub strength: AskedStrength,
    /// If it is soft, another weight than its own: receipt-minutes per month for each unit of breach.
    #[serde(default)]
    pub weight: Option<f64>,
}

/// Why a request has no answer.
#[derive(Debug, thiserror::Error)]
pub enum ProposalError {
    /// Nothing tells who could lead a zone.
    #[error("届出受理医療機関名簿も積極的役割を担う医療機関の名簿も未登録のため、提案を作れません")]
    NoLeads,
    /// There are no such units.
    #[error(
        "単位「{said}」はありません。市町村、保健所、二次医療圏、医師会、消防本部、介護保険者、構想区域、老人福祉圏、日常生活圏域、MC協議会のどれか（keniki propose では単位の表 .csv も）を書いてください"
    )]
    Units {
        /// What was written.
        said: String,
    },
    /// The areas that should be units do not cover the prefecture.
    #[error("区域「{system}」が未登録か、属さない市町村があります")]
    Areas {
        /// Name of the system.
        system: &'static str,
    },
    /// The overlay does not fit the study.
    #[error(transparent)]
    Overlay(#[from] OverlayError),
    /// A table of the planner's cannot be used.
    #[error(transparent)]
    Table(Box<IngestError>),
    /// A rule does not fit the study.
    #[error(transparent)]
    Asked(#[from] AskedError),
    /// The parts of the question contradict each other.
    #[error(transparent)]
    Problem(#[from] ProblemError),
    /// The optimiser failed.
    #[error(transparent)]
    Exact(#[from] ExactError),
}

impl From<IngestError> for ProposalError {
    fn from(cause: IngestError) -> Self {
        Self::Table(Box::new(cause))
    }
}

impl Request {
    /// The rules of the dated table under those of the request, with the strengths it gives.
    ///
    /// # Errors
    /// A strength for a rule that does not exist.
    pub fn rules(&self, table: &Rules) -> Result<Asked, AskedError> {
        let mut asked = self.asked.clone().over(table);
        for GivenStrength { rule, strength, weight } in &self.strengths {
            asked.set(rule, *strength, *weight)?;
        }
        Ok(asked)
    }

    /// Whether the answer needs the travel times of services.
    #[must_use]
    pub fn needs_access(&self, rules: &Asked) -> bool {
        rules.needs_access() || self.front.iter().any(|aim| matches!(aim, Aim::Nearest { .. }))
    }

    /// The units and neighbours of the planner's tables in the request; `None` without such.
    ///
    /// # Errors
    /// [`ProposalError`]: units that the request cannot name, or a table that cannot be used.
    pub fn own_units(
        &self,
        study: &Study,
        roadway: &Roadway,
        ground: &Ground,
        towns: &[KnownTown],
    ) -> Result<Option<OwnUnits>, ProposalError> {
        let mut own = match (&self.unit_table, &self.neighbour_table) {
            (None, None) => return Ok(None),
            (None, Some(_)) => OwnUnits::of(grouping(study, &self.units)?),
            (Some(text), _) => {
                let table = Given::Text { name: "単位の表", text };
                OwnUnits::read(table, study, roadway, towns)?
            }
        };
        if let Some(text) = &self.neighbour_table {
            own.edit(Given::Text { name: "隣接の表", text }, study, ground)?;
        }
        own.describe(study, ground);
        Ok(Some(own))
    }

    /// The request as a question to the optimiser, under these rules.
    ///
    /// # Errors
    /// [`ProposalError`]: units or rules that do not fit the study, or nobody to lead a zone.
    pub fn state<'a>(
        &self,
        rules: &Asked,
        study: &'a Study,
        ground: &'a Ground,
    ) -> Result<Stated<'a>, ProposalError> {
        self.state_over(grouping(study, &self.units)?, rules, study, ground)
    }

    /// The same over other units than those that the request can name.
    ///
    /// # Errors
    /// [`ProposalError`]: rules that do not fit the study, or nobody to lead a zone.
    pub fn state_over<'a>(
        &self,
        grouping: Grouping,
        rules: &Asked,
        study: &'a Study,
        ground: &'a Ground,
    ) -> Result<Stated<'a>, ProposalError> {
        if ground.leads.is_none() {
            return Err(ProposalError::NoLeads);
        }
        let facts = ground.facts(study);
        let problem = rules.problem(&facts, &grouping, &ground.demand)?;
        problem.validate()?;
        let goals = rules.goals(&facts, &grouping, &ground.demand)?;
        let front = self.front.iter().map(|aim| Asked::goal(aim, &facts, &grouping, &ground.demand));
        let front = front.collect::<Result<_, _>>()?;
        Ok(Stated { facts, grouping, problem, goals, front })
    }
}

/// The units of this name.
///
/// # Errors
/// There are none, or the areas do not cover the prefecture.
pub fn grouping(study: &Study, units: &str) -> Result<Grouping, ProposalError> {
    if units == MUNICIPALITIES {
        return Ok(Grouping::municipalities(study));
    }
    let known = SYSTEMS.into_iter().find(|system| system.name() == units);
    let system = known.ok_or_else(|| ProposalError::Units { said: units.to_owned() })?;
    Grouping::areas(study, system).ok_or(ProposalError::Areas { system: system.name() })
}

/// A part of the work on a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Looking for a first plan.
    Search,
    /// Looking for the best plan and its proof.
    Proof,
    /// Looking for the rules that cannot hold together, and for what comes nearest.
    Conflict,
    /// Looking for the fewest moves that mend a plan.
    Repair,
    /// Of the plans with so few moves, looking for the best one.
    BestRepair,
    /// The next best plans.
    NextBest,
    /// The best plan of each number of zones.
    ByZoneCount,
    /// Compromises between objectives.
    Front,
    /// Plans of all sorts.
    Ensemble,
}

/// A part of the answer.
#[derive(Clone, Copy, Debug)]
pub enum Part<'a> {
    /// Something to know beforehand.
    Notice(&'a str),
    /// A plan, or that there is none.
    Plan(&'a Told),
    /// Rules that cannot hold together.
    Conflict(&'a [String]),
    /// So many plans of all sorts.
    Ensemble(usize),
}

/// Listens to the work on a request, and may end it.
pub trait Listener: Watch {
    /// This part of the work begins.
    fn begins(&self, phase: Phase);
    /// This part of the answer is known.
    fn found(&self, part: Part<'_>);
    /// How far the search for the fewest moves is: its values are numbers of moves.
    fn moves(&self, standing: Standing);
}

/// A listener for whom nothing is told and who never ends the work.
pub struct Unheard;

impl Watch for Unheard {
    fn standing(&self, _standing: Standing) {}

    fn is_over(&self) -> bool {
        false
    }
}

impl Listener for Unheard {
    fn begins(&self, _phase: Phase) {}

    fn found(&self, _part: Part<'_>) {}

    fn moves(&self, _standing: Standing) {}
}

/// The answer to a request.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// What to know beforehand, in Japanese.
    pub notices: Vec<String>,
    /// The best plan, or that there is none.
    pub best: Told,
    /// What is proven of each objective in order, if any were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub goals: Vec<ToldGoal>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conflict: Option<Conflict>,
    /// The best plans in order, if more than one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plans: Option<Vec<Told>>,
    /// The best plan of each number of zones, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_zone_count: Option<Vec<Told>>,
    /// The compromises between objectives, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub front: Option<ToldFront>,
    /// Whether the work was ended before everything that was asked is there.
    pub interrupted: bool,
    /// The best plan and today's areas among many plans, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ensemble: Option<Ensemble>,
    /// The units, where the planner drew them or edited their neighbours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units: Option<ToldUnits>,
    /// What it is about, if it is an overlay zoning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overlay: Option<ToldOverlay>,
}

/// A plan with its proof, or the proof that there is none.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    /// Name in Japanese.
    pub title: String,
    /// [`Status::as_str`].
    pub status: &'static str,
    /// The same in Japanese.
    #[serde(skip)]
    pub status_meant: &'static str,
    /// Travel and the weights of broken soft rules, receipts × minutes per month.
    pub objective_receipt_minutes: Option<f64>,
    /// No plan has less than this.
    pub bound_receipt_minutes: Option<f64>,
    /// (objective − bound) ÷ objective, 0–1.
    pub gap: Option<f64>,
    /// Branch-and-bound nodes.
    pub nodes: u64,
    /// Runs of the solver.
    pub rounds: u32,
    /// SHA-256 of the question.
    pub model_sha256: String,
    /// Why there is no plan, in Japanese.
    pub reasons: Vec<String>,
    /// The zones; none if there is no plan.
    pub zones: Vec<ToldZone>,
    /// Rules that the plan breaks, with their places, in Japanese.
    pub broken_rules: Vec<String>,
    /// [`Indicators::demand_variation`].
    pub demand_variation: Option<f64>,
    /// [`Indicators::cut_connections`].
    pub cut_connections: Option<usize>,
}

/// A zone of a plan.
#[derive(Clone, Debug, Serialize)]
pub struct ToldZone {
    /// Codes of the municipalities that lie in it as a whole.
    pub municipalities: Vec<String>,
    /// Their names, and those of the units that bring parts of others.
    pub names: Vec<String>,
    /// Names of the units that bring parts of municipalities.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
    /// The institution from which travel is counted.
    pub lead: Option<String>,
    /// In an overlay zoning: who serves each unit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub served: Vec<ServedUnit>,
    /// In an overlay zoning for patients that were counted: how many, as it may be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<String>,
}

/// A unit with the institutions of its zone that may serve it: those that reach enough of its demand within
/// the travel limit, the nearest first; the lead of the zone is always among them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ServedUnit {
    /// Name of the unit.
    pub unit: String,
    /// The institutions.
    pub institutions: Vec<Server>,
}

/// An institution that may serve a unit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Server {
    /// Its name.
    pub institution: String,
    /// Mean minutes to the demand of the unit that it reaches at all; `None` of a unit without demand.
    pub minutes: Option<f64>,
}

/// Why there is no plan.
#[derive(Clone, Debug, Serialize)]
pub struct Conflict {
    /// Rules that cannot hold together, in Japanese.
    pub rules: Vec<String>,
    /// The least change of each limit among them with which there is a plan, in Japanese.
    pub hints: Vec<String>,
    /// The plan that breaks the rules least.
    pub nearest: Told,
    /// The best plan of each part, if the units fall into parts without connection (islands without ferry).
    /// Rules about the plan as a whole, such as the number of zones, are not asked of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<ToldPart>,
}

/// Units without connection to the others, zoned for themselves.
#[derive(Clone, Debug, Serialize)]
pub struct ToldPart {
    /// Names of the units.
    pub units: Vec<String>,
    /// [`Status::as_str`].
    pub status: &'static str,
    /// The same in Japanese.
    #[serde(skip)]
    pub status_meant: &'static str,
    /// As of [`Told`].
    pub objective_receipt_minutes: Option<f64>,
    /// Why there is no plan, in Japanese.
    pub reasons: Vec<String>,
    /// The zones; none if there is no plan.
    pub zones: Vec<ToldZone>,
    /// What the independent checker finds broken; nothing unless the program is at fault.
    pub broken_rules: Vec<String>,
}

/// Many plans that keep the rules.
#[derive(Clone, Debug, Serialize)]
pub struct Ensemble {
    /// How many.
    pub plans: usize,
    /// Seed of the walk.
    pub seed: u64,
    /// Names of the units.
    pub units: Vec<String>,
    /// Share of the plans in which two units are in one zone.
    pub together_shares: Vec<Vec<f64>>,
    /// Where some plans stand among them.
    pub percentiles: Vec<Place>,
}

/// Where a plan stands among others: the percentile of each indicator.
#[derive(Clone, Debug, Serialize)]
pub struct Place {
    /// Name of the plan.
    pub plan: String,
    /// Number of zones.
    pub zones: Option<f64>,
    /// Travel.
    pub travel: Option<f64>,
    /// Variation of the demand.
    pub demand_variation: Option<f64>,
    /// Connections cut.
    pub cut_connections: Option<f64>,
}

/// A question to the optimiser, and what it is about.
pub struct Stated<'a> {
    /// What the study says.
    pub facts: Facts<'a>,
    /// The units.
    pub grouping: Grouping,
    /// The question, well formed.
    pub problem: Problem,
    /// What there should be least of, one after the other; none = travel.
    pub goals: Vec<Goal>,
    /// Between what compromises are asked for.
    pub front: Vec<Goal>,
}

impl Stated<'_> {
    /// What is asked beyond every zoning, in Japanese; empty = nothing.
    #[must_use]
    pub fn added(&self) -> String {
        let count = self.problem.zone_count;
        let least = (count.least > 1).then(|| format!("圏域の数は{}以上", count.least));
        let most = count.most.map(|most| format!("圏域の数は{most}以下"));
        let mut rules: Vec<String> = least.into_iter().chain(most).collect();
        for condition in &self.problem.conditions {
            let word = if condition.strength == Strength::Hard { "必須" } else { "できれば" };
            let rule = format!("{}（{word}）", condition.name);
            // A rule of many places has a condition for each.
            if !rules.contains(&rule) {
                rules.push(rule);
            }
        }
        if rules.is_empty() { String::new() } else { format!("加えた規則: {}。", rules.join("、")) }
    }

    /// Everything that was asked, as far as the listener lets it come.
    ///
    /// # Errors
    /// The optimiser failed.
    pub fn answer(&self, request: &Request, listener: &dyn Listener) -> Result<Answer, ProposalError> {
        let (problem, limit) = (&self.problem, Some(request.node_limit));
        let notices: Vec<String> = notices(problem).iter().map(|notice| notice.meant(problem)).collect();
        for notice in &notices {
            listener.found(Part::Notice(notice));
        }
        listener.begins(Phase::Search);
        let effort = Effort { seed: request.seed, steps: request.steps };
        let first = search(problem, effort, |found| {
            listener.standing(Standing { objective: Some(found.objective), bound: None, nodes: 0 });
        })?;
        let starts: Vec<Plan> = first.into_iter().map(|found| found.plan).collect();
        listener.begins(Phase::Proof);
        let options =
            Options { node_limit: limit, starts: &starts, watch: Some(listener), ..Options::default() };
        let BestInOrder { outcome, asked, told } = if self.goals.is_empty() {
            let outcome = solve_with(problem, &options)?;
            BestInOrder { outcome, asked: problem.clone(), told: Vec::new() }
        } else {
            self.best_in_order(&options, listener)?
        };
        let mut answer = Answer {
            notices,
            best: self.tell("最善の案", &outcome, listener),
            goals: told,
            conflict: None,
            plans: None,
            by_zone_count: None,
            front: None,
            interrupted: false,
            ensemble: None,
            units: None,
            overlay: None,
        };
        let options = Options { starts: &[], ..options };
        if outcome.certificate.status == Status::Infeasible {
            answer.conflict = Some(self.conflict(&outcome, &options, listener)?);
        }
        if request.best > 1 && outcome.plan.is_some() && !listener.is_over() {
            listener.begins(Phase::NextBest);
            let plans = best_plans(&asked, request.best, &options)?;
            let tell = |(at, outcome): (usize, &Outcome)| {
                self.tell(&format!("{}番目の案", at + 1), outcome, listener)
            };
            answer.plans = Some(plans.iter().enumerate().map(tell).collect());
        }
        if request.by_zone_count && !listener.is_over() {
            listener.begins(Phase::ByZoneCount);
            let most = problem.zone_count.most.unwrap_or(problem.units.len()).min(problem.units.len());
            let front = best_by_zone_count(problem, problem.zone_count.least.max(1)..=most, &options)?;
            let tell = |(count, outcome): &(usize, Outcome)| {
                self.tell(&format!("{count}圏域の最善案"), outcome, listener)
            };
            answer.by_zone_count = Some(front.iter().map(tell).collect());
        }
        if !self.front.is_empty() && outcome.plan.is_some() && !listener.is_over() {
            listener.begins(Phase::Front);
            answer.front = Some(self.compromises(request.front_plans, &options, listener)?);
        }
        if let Some(plan) = outcome.plan.as_ref().filter(|_| request.ensemble > 0 && !listener.is_over()) {
            listener.begins(Phase::Ensemble);
            answer.ensemble = Some(self.ensemble(request, plan, listener)?);
        }
        answer.interrupted = listener.is_over();
        Ok(answer)
    }

    /// An outcome in words and figures.
    pub(super) fn tell(&self, title: &str, outcome: &Outcome, listener: &dyn Listener) -> Told {
        let certificate = &outcome.certificate;
        let plan = outcome.plan.as_ref();
        let figures = plan.map(|plan| indicators(&self.problem, plan, References::default()));
        let told = Told {
            title: title.to_owned(),
            status: certificate.status.as_str(),
            status_meant: certificate.status.meant(),
            objective_receipt_minutes: certificate.objective.map(receipt_minutes),
            bound_receipt_minutes: certificate.bound.map(receipt_minutes),
            gap: certificate.gap,
            nodes: certificate.nodes,
            rounds: certificate.rounds,
            model_sha256: certificate.model_sha256.clone(),
            reasons: outcome.reasons.iter().map(|reason| reason.meant(&self.problem)).collect(),
            zones: plan.map_or_else(Vec::new, |plan| self.zones(plan)),
            broken_rules: plan.map_or_else(Vec::new, |plan| broken_rules(&self.problem, plan)),
            demand_variation: figures.as_ref().and_then(|figures| figures.demand_variation),
            cut_connections: figures.as_ref().map(|figures| figures.cut_connections),
        };
        listener.found(Part::Plan(&told));
        told
    }

    pub(super) fn zones(&self, plan: &Plan) -> Vec<ToldZone> {
        let study = self.facts.study;
        let zone = |(at, members): (usize, Vec<usize>)| {
            let pieces = study.municipalities.iter().zip(&self.grouping.units_of_municipality);
            let (whole, split): (Vec<_>, Vec<_>) = pieces
                .filter(|(_, units)| units.iter().any(|unit| members.contains(unit)))
                .partition(|(_, units)| units.iter().all(|unit| members.contains(unit)));
            let parts: BTreeSet<usize> = split
                .iter()
                .flat_map(|(_, units)| units.iter().copied().filter(|unit| members.contains(unit)))
                .collect();
            let parts: Vec<String> = parts.iter().map(|unit| self.grouping.names[*unit].clone()).collect();
            let lead = plan.lead_of_zone[at].and_then(|lead| self.facts.leads.get(lead));
            let served = || members.iter().map(|unit| self.served(*unit, &members)).collect();
            ToldZone {
                served: if self.facts.subject.names_servers { served() } else { Vec::new() },
                people: None,
                municipalities: whole.iter().map(|(one, _)| one.code.to_string()).collect(),
                names: whole.iter().map(|(one, _)| one.name.clone()).chain(parts.clone()).collect(),
                parts,
                lead: lead.map(|lead| study.institutions[lead.institution].name.clone()),
            }
        };
        plan.units_of_zones().into_iter().enumerate().map(zone).collect()
    }

    /// Who serves a unit of a zone.
    fn served(&self, unit: usize, zone: &[usize]) -> ServedUnit {
        let Problem { units, leads, cost, .. } = &self.problem;
        let inside = cost[unit].iter().enumerate().filter(|(lead, _)| zone.contains(&leads[*lead].unit));
        let mut near: Vec<(u64, &str)> =
            inside.filter_map(|(lead, cost)| Some(((*cost)?, leads[lead].id.as_str()))).collect();
        near.sort_unstable();
        let demand = units[unit].demand_milli;
        let server = |(cost, name): (u64, &str)| Server {
            institution: name.to_owned(),
            minutes: (demand > 0).then(|| cost as f64 / demand as f64 / DECISECONDS_PER_MINUTE),
        };
        let institutions = near.into_iter().map(server).collect();
        ServedUnit { unit: units[unit].name.clone(), institutions }
    }

    /// Which rules cannot hold together, and what comes nearest.
    fn conflict(
        &self,
        outcome: &Outcome,
        options: &Options<'_>,
        listener: &dyn Listener,
    ) -> Result<Conflict, ProposalError> {
        listener.begins(Phase::Conflict);
        let quiet = Quiet(listener);
        let options = &Options { watch: Some(&quiet), ..*options };
        let parts = conflict(&self.problem, options)?.unwrap_or_default();
        let rules: Vec<String> = parts.iter().map(|part| part.meant(&self.problem)).collect();
        listener.found(Part::Conflict(&rules));
        let nearest = least_broken(&self.problem, options)?;
        let nearest = Outcome { reasons: Vec::new(), certificate: outcome.certificate.clone(), ..nearest };
        let nearest = self.tell("条件からの外れが最も小さい案", &nearest, listener);
        let minutes = self.facts.least_limits(&self.grouping);
        let eased = relaxed(&self.problem, &parts, Some(&minutes), options)?;
        let hints = eased.iter().map(|one: &Relaxed| one.meant(&self.problem)).collect();
        Ok(Conflict { rules, hints, nearest, parts: self.parts(options)? })
    }

    /// Each part for itself, where there are several.
    fn parts(&self, options: &Options<'_>) -> Result<Vec<ToldPart>, ProposalError> {
        if self.problem.adjacency().components(|_| true).len() < 2 {
            return Ok(Vec::new());
        }
        let told = |Component { problem, outcome, plan }: Component| ToldPart {
            units: problem.units.iter().map(|unit| unit.name.clone()).collect(),
            status: outcome.certificate.status.as_str(),
            status_meant: outcome.certificate.status.meant(),
            objective_receipt_minutes: outcome.certificate.objective.map(receipt_minutes),
            reasons: outcome.reasons.iter().map(|reason| reason.meant(&problem)).collect(),
            zones: plan.as_ref().map_or_else(Vec::new, |plan| self.zones(plan)),
            broken_rules: outcome.plan.as_ref().map_or_else(Vec::new, |plan| broken_rules(&problem, plan)),
        };
        Ok(part_by_part(&self.problem, options)?.into_iter().map(told).collect())
    }

    /// Where the best plan and today's areas stand among many plans that keep the rules, and who goes
    /// with whom in these.
    fn ensemble(
        &self,
        request: &Request,
        best: &Plan,
        listener: &dyn Listener,
    ) -> Result<Ensemble, ProposalError> {
        let wanted = request.ensemble;
        let effort = Effort { seed: request.seed, steps: STEPS_PER_PLAN.saturating_mul(wanted as u64) };
        let sample = Sample { wanted, objective_up_to: None, effort };
        let plans: Vec<Plan> = ensemble(&self.problem, best, sample, || listener.is_over())?
            .into_iter()
            .map(|found| found.plan)
            .collect();
        listener.found(Part::Ensemble(plans.len()));
        let figures = |plan: &Plan| indicators(&self.problem, plan, References::default());
        let all: Vec<Indicators> = plans.iter().map(figures).collect();
        let place = |name: &str, plan: &Plan| {
            let own = figures(plan);
            let among = |value: fn(&Indicators) -> Option<f64>| {
                percentile(value(&own)?, &all.iter().filter_map(value).collect::<Vec<f64>>())
            };
            Place {
                plan: name.to_owned(),
                zones: among(|one| Some(one.zones as f64)),
                travel: among(|one| one.travel.map(|travel| travel as f64)),
                demand_variation: among(|one| one.demand_variation),
                cut_connections: among(|one| Some(one.cut_connections as f64)),
            }
        };
        let mut percentiles = vec![place("最善の案", best)];
        if request.units == MUNICIPALITIES {
            let today = SYSTEMS
                .iter()
                .filter_map(|system| Some((system, Grouping::areas(self.facts.study, *system)?.as_plan()?)));
            percentiles.extend(today.map(|(system, plan)| place(system.name(), &plan)));
        }
        Ok(Ensemble {
            plans: plans.len(),
            seed: effort.seed,
            units: self.grouping.names.clone(),
            together_shares: together_shares(&plans),
            percentiles,
        })
    }
}

/// What the independent checker finds broken.
fn broken_rules(problem: &Problem, plan: &Plan) -> Vec<String> {
    let broken = check(problem, plan).verdicts.into_iter();
    broken
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
        .collect()
}
