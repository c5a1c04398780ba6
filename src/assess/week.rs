//! The week of a study: whom somebody reaches in each band of each day, and a fair rota.

use crate::access::AccessError;
use crate::access::cover::Residents;
use crate::access::matrix::{Matrix, matrix};
use crate::access::reach::{Access, Reach};
use crate::access::shortage::allowed;
use crate::access::week::cover::{Answered, SlotCover, week as cover_week};
use crate::access::week::presence::{Basis, Post, Reachable, posts};
use crate::access::week::rota::{Rota, RotaQuestion, rota};
use crate::access::week::table::{ServiceRules, WeekTable};
use crate::ingest::study::Study;
use crate::network::build::Roadway;
use crate::network::link::Direction;
use crate::progress::Progress;
use crate::solver::SolverError;
use crate::units::Deciseconds;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Branch-and-bound nodes after which a step of the rota ends with a bound instead of a proof.
const ROTA_NODES: u64 = 20_000;

/// The same of its last step.
const ROTA_NODES_FOR_SQUARES: u64 = 50;

/// Why the week could not be computed.
#[derive(Debug, thiserror::Error)]
pub enum WeekError {
    /// A table or a limit.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The rota could not be sought.
    #[error(transparent)]
    Solver(#[from] SolverError),
}

/// What is asked about a week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WeekQuestion {
    /// Minutes by car within which somebody has to come; `None` = those of the table.
    pub limit_minutes: Option<u32>,
    /// Whether video beside a visiting nurse counts as cover where the 輪番 sheet tells of it.
    pub online: bool,
}

/// The week.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Week {
    /// Minutes by car within which somebody has to come.
    pub limit_minutes: u32,
    /// Whether video beside a visiting nurse counts; `None` = it was asked for, but no file tells
    /// where nurses are.
    pub online: Option<bool>,
    /// Every service of the table, in its order.
    pub services: Vec<ServiceWeek>,
}

/// The week of one service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ServiceWeek {
    /// Id of the service.
    pub service: String,
    /// Its slots; `None` = no file that was loaded can speak of the service.
    pub known: Option<KnownWeek>,
}

/// The week of a service of which files can speak.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KnownWeek {
    /// The institutions and the homes that they reach, each with why it counts.
    pub posts: Vec<PostReach>,
    /// Every slot, by day and then in the order of the table; those who are there by their place in
    /// `posts`.
    pub slots: Vec<SlotCover>,
    /// For each slot the people of every municipality of the study.
    pub municipalities: Vec<Vec<Answered>>,
}

/// Whom an institution reaches.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PostReach {
    /// Position of the institution.
    pub institution: usize,
    /// Why it counts as being there.
    pub basis: Basis,
    /// People of the homes that it reaches, by municipality; those with none are left out.
    pub people: BTreeMap<usize, u32>,
}

impl PostReach {
    fn of(post: &Post, study: &Study) -> Self {
        let mut people = BTreeMap::new();
        for cell in post.cells.iter().map(|cell| &study.cells[*cell as usize]) {
            if cell.population.total > 0 {
                *people.entry(cell.municipality).or_insert(0) += cell.population.total;
            }
        }
        Self { institution: post.institution, basis: post.basis, people }
    }
}

impl KnownWeek {
    /// The people of the whole prefecture in a slot.
    #[must_use]
    pub fn of_all(&self, slot: usize) -> Answered {
        self.municipalities[slot].iter().fold(Answered::default(), |sum, one| sum.and(one))
    }
}

/// What the answers are computed from.
struct Ground<'a> {
    study: &'a Study,
    access: &'a Access,
    table: &'a WeekTable,
    limit: Deciseconds,
    /// Times of the institutions that have duties but do not provide a service by visits.
    others: Matrix,
}

impl<'a> Ground<'a> {
    fn new(
        study: &'a Study,
        roadway: &Roadway,
        access: &'a Access,
        table: &'a WeekTable,
        question: WeekQuestion,
        progress: &dyn Progress,
    ) -> Result<Self, AccessError> {
        let limit = table.limit(question.limit_minutes, study.parameters.travel_limit_minutes)?;
        let duties = study.week.rota.iter().flatten().map(|duty| duty.institution);
        let others: BTreeSet<usize> = duties.filter(|at| !access.visits.rows.contains_key(at)).collect();
        let others: Vec<usize> = others.into_iter().collect();
        let step = progress.step("輪番の医療機関からの所要時間", others.len() as u64);
        let others = matrix(roadway, &others, Direction::Outward, limit, step.as_ref());
        Ok(Self { study, access, table, limit, others })
    }

    fn reach(&self, service: &str) -> Result<&'a Reach, AccessError> {
        self.access.services.iter().find(|reach| reach.service.id == service).ok_or_else(|| {
            AccessError::WeekTable(format!("サービス {service} は services.toml にありません"))
        })
    }

    /// The homes that providers, and all that have duties, reach within the limits of a service.
    fn cover(&self, reach: &Reach, providers: &[usize]) -> Matrix {
        let duties = self.study.week.rota.iter().flatten().map(|duty| duty.institution);
        let all: BTreeSet<usize> = providers.iter().copied().chain(duties).collect();
        let all: Vec<usize> = all.into_iter().collect();
        let within = |times| allowed(self.study, &reach.service, times, &all, self.limit);
        let mut cover = within(&self.access.visits);
        cover.rows.extend(within(&self.others).rows);
        cover
    }

    /// The cells that a visiting nurse reaches; `None` = not loaded.
    fn by_nurse(&self) -> Result<Option<BTreeSet<u32>>, AccessError> {
        let reach = self.reach(&self.table.online.nurse)?;
        let Some(nurses) = reach.providers.as_deref() else { return Ok(None) };
        let cover = allowed(self.study, &reach.service, &self.access.visits, nurses, self.limit);
        Ok(Some(cover.rows.values().flatten().map(|(cell, _)| *cell).collect()))
    }

    fn rules(&self, service: &str) -> Option<&'a ServiceRules> {
        self.table.services.iter().find(|rules| rules.service == service)
    }
}

/// The week of every service of the table.
///
/// # Errors
/// [`WeekError::Access`]: a damaged table, or travel times cut before the limit.
pub fn week(
    study: &Study,
    roadway: &Roadway,
    access: &Access,
    residents: &Residents,
    table: &WeekTable,
    question: WeekQuestion,
    progress: &dyn Progress,
) -> Result<Week, WeekError> {
    let ground = Ground::new(study, roadway, access, table, question, progress)?;
    let by_nurse = if question.online { ground.by_nurse()? } else { None };
    let slots = table.slots()?;
    let mut cells = vec![Vec::new(); study.municipalities.len()];
    for (at, cell) in study.cells.iter().enumerate() {
        cells[cell.municipality].push(at);
    }
    let step = progress.step("曜日と時間帯ごとの到達", table.services.len() as u64);
    let mut services = Vec::new();
    for rules in &table.services {
        let reach = ground.reach(&rules.service)?;
        let known = reach.providers.as_deref().map(|providers| {
            let cover = ground.cover(reach, providers);
            let is_online = rules.service == table.online.service;
            let reachable = Reachable { by_car: &cover, by_nurse: by_nurse.as_ref().filter(|_| is_online) };
            let posts = posts(study, rules, providers, reachable);
            let slots = cover_week(&posts, &slots, study.cells.len());
            let of_slot = |slot: &SlotCover| cells.iter().map(|own| slot.answered(residents, own)).collect();
            KnownWeek {
                posts: posts.iter().map(|post| PostReach::of(post, study)).collect(),
                municipalities: slots.iter().map(of_slot).collect(),
                slots,
            }
        });
        services.push(ServiceWeek { service: rules.service.clone(), known });
        step.advance(1);
    }
    Ok(Week {
        limit_minutes: question.limit_minutes.unwrap_or(table.limit_minutes),
        online: if question.online { by_nurse.map(|_| true) } else { Some(false) },
        services,
    })
}

/// A fair rota among the providers of the service of the table and those of its 輪番 sheet; `None` =
/// no file that was loaded can speak of the service. Video does not count as a duty.
///
/// # Errors
/// [`WeekError`]: a damaged table, travel times cut before the limit, or a failure of the solver.
pub fn fair_rota(
    study: &Study,
    roadway: &Roadway,
    access: &Access,
    table: &WeekTable,
    question: WeekQuestion,
    progress: &dyn Progress,
) -> Result<Option<Rota>, WeekError> {
    let ground = Ground::new(study, roadway, access, table, question, progress)?;
    let reach = ground.reach(&table.rota.service)?;
    let Some(providers) = reach.providers.as_deref() else { return Ok(None) };
    let mut cover = ground.cover(reach, providers);
    let duty = ground.rules(&table.rota.service).map_or(&[][..], |rules| &rules.duty);
    let takes = |at: usize| duty.iter().any(|class| study.institutions[at].classes.contains(class));
    cover.rows.retain(|at, _| providers.binary_search(at).is_ok() || takes(*at));
    let people: Vec<u32> = study.cells.iter().map(|cell| cell.population.total).collect();
    let nobody = BTreeMap::new();
    let step = progress.step("公平な輪番", 1);
    let question = RotaQuestion {
        cover: &cover,
        people: &people,
        shifts: &table.shifts()?,
        limits: study.week.rota_limits.as_ref().unwrap_or(&nobody),
        nodes: Some(ROTA_NODES),
        nodes_for_squares: Some(ROTA_NODES_FOR_SQUARES),
    };
    let rota = rota(&question)?;
    step.advance(1);
    Ok(Some(rota))
}
