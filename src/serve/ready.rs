//! Travel times, cover and shortage of the shown study under some conditions, ready for questions.

use crate::access::cover::Residents;
use crate::access::reach::{Access, Reach, reach};
use crate::access::services::services;
use crate::access::week::rota::Rota;
use crate::access::week::table::WeekTable;
use crate::assess::shortages::{Could, Ground, ServiceShortage, ShortageError, ShortageTables};
use crate::assess::week::{Week, WeekError, WeekQuestion, fair_rota, week};
use crate::assess::what_if::ServiceCover;
use crate::demand::home_visits::home_visits;
use crate::demand::weights::AgeWeights;
use crate::ingest::study::Study;
use crate::network::build::Roadway;
use crate::progress::Silent;
use crate::serve::error::ServeError;
use std::sync::{Arc, Mutex, PoisonError};

/// What does not depend on a question.
pub struct Ready {
    /// The study.
    pub study: Arc<Study>,
    residents: Residents,
    tables: ShortageTables,
    access: Access,
    could: Could,
    /// Who covers whom, by service in the order of the table; `None` = not loaded.
    covers: Vec<Option<ServiceCover>>,
    /// The shortage of each service, once somebody has asked for it.
    shortages: Vec<Mutex<Option<Arc<ServiceShortage>>>>,
    week_table: WeekTable,
    /// The week without and with video, once somebody has asked for it.
    weeks: [Mutex<Option<Arc<Week>>>; 2],
    /// The fair rota, likewise.
    rota: Mutex<Option<Arc<Option<Rota>>>>,
}

impl Ready {
    /// Computes demand, travel times and every cover.
    ///
    /// # Errors
    /// [`ServeError`] when a table of the program is damaged, or the study lacks demand.
    pub fn new(study: Arc<Study>, roadway: &Roadway) -> Result<Self, ServeError> {
        let tables = ShortageTables::shipped()?;
        let demand = home_visits(&study, &AgeWeights::shipped()?)?;
        let residents = Residents::new(&study, demand.first_year());
        let access = reach(&study, roadway, services()?, &Silent);
        let could = Could::new(&study, roadway, &access, &tables.rules, &Silent);
        let ground = Ground {
            study: &study,
            roadway,
            access: &access,
            residents: &residents,
            tables: &tables,
            could: &could,
        };
        let covers = access.services.iter().map(|reach| ServiceCover::of(ground, reach)).collect();
        let shortages = access.services.iter().map(|_| Mutex::new(None)).collect();
        Ok(Self {
            study,
            residents,
            tables,
            access,
            could,
            covers,
            shortages,
            week_table: WeekTable::shipped()?,
            weeks: Default::default(),
            rota: Mutex::default(),
        })
    }

    /// What answers are computed from. The roads are those it was made with.
    pub fn ground<'a>(&'a self, roadway: &'a Roadway) -> Ground<'a> {
        Ground {
            study: &self.study,
            roadway,
            access: &self.access,
            residents: &self.residents,
            tables: &self.tables,
            could: &self.could,
        }
    }

    /// Every service, in the order of the table.
    pub fn services(&self) -> &[Reach] {
        &self.access.services
    }

    /// The reach of a service, by its position in the table.
    pub fn reach(&self, service: usize) -> &Reach {
        &self.access.services[service]
    }

    /// Who covers whom; `None` = not loaded.
    pub fn cover(&self, service: usize) -> Option<&ServiceCover> {
        self.covers[service].as_ref()
    }

    /// The shortage of a service.
    ///
    /// # Errors
    /// [`ShortageError`]: the study's travel times end before the limit of the rules.
    pub fn shortage(&self, roadway: &Roadway, service: usize) -> Result<Arc<ServiceShortage>, ShortageError> {
        kept(&self.shortages[service], || self.ground(roadway).service(self.reach(service), &Silent))
    }

    /// The shortage of the service of which capacity is known, the longest to compute; `None` = it is not in
    /// the table.
    ///
    /// # Errors
    /// [`ShortageError`]: as of any service.
    pub fn shortage_of_capacity(
        &self,
        roadway: &Roadway,
    ) -> Result<Option<Arc<ServiceShortage>>, ShortageError> {
        let is_meant = |reach: &Reach| reach.service.id == self.tables.rules.capacity_service;
        let at = self.services().iter().position(is_meant);
        at.map(|at| self.shortage(roadway, at)).transpose()
    }

    /// The rules of the week.
    pub const fn week_table(&self) -> &WeekTable {
        &self.week_table
    }

    /// The week within the limit of the table, with or without video.
    ///
    /// # Errors
    /// [`WeekError`]: the study's travel times end before the limit of the rules.
    pub fn week(&self, roadway: &Roadway, online: bool) -> Result<Arc<Week>, WeekError> {
        let question = WeekQuestion { limit_minutes: None, online };
        kept(&self.weeks[usize::from(online)], || {
            let (access, residents, table) = (&self.access, &self.residents, &self.week_table);
            week(&self.study, roadway, access, residents, table, question, &Silent)
        })
    }

    /// A fair rota within the limit of the table; `None` = those that would take the duties were not loaded.
    ///
    /// # Errors
    /// [`WeekError`]: as of the week, or a failure of the solver.
    pub fn rota(&self, roadway: &Roadway) -> Result<Arc<Option<Rota>>, WeekError> {
        let question = WeekQuestion::default();
        kept(&self.rota, || {
            fair_rota(&self.study, roadway, &self.access, &self.week_table, question, &Silent)
        })
    }
}

/// What was computed before, else what is computed now and kept.
fn kept<T, E>(place: &Mutex<Option<Arc<T>>>, compute: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
    let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = &*place {
        return Ok(Arc::clone(known));
    }
    let new = Arc::new(compute()?);
    *place = Some(Arc::clone(&new));
    Ok(new)
}
