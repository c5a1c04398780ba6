//! Travel times, cover and shortage of the shown study under some conditions, ready for questions.

use crate::access::cover::Residents;
use crate::access::reach::{Access, Reach, reach};
use crate::access::services::services;
use crate::assess::shortages::{
    CapacityPicture, Could, Ground, ServiceShortage, ShortageError, ShortageTables,
};
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
    capacity: Option<CapacityPicture>,
    /// Who covers whom, by service in the order of the table; `None` = not loaded.
    covers: Vec<Option<ServiceCover>>,
    /// The shortage of each service, once somebody has asked for it.
    shortages: Vec<Mutex<Option<Arc<ServiceShortage>>>>,
}

impl Ready {
    /// Computes demand, travel times, capacity and every cover.
    ///
    /// # Errors
    /// [`ServeError`] when a table of the program is damaged, or the study lacks demand or travel times
    /// up to the limit of the rules.
    pub fn new(study: Arc<Study>, roadway: &Roadway) -> Result<Self, ServeError> {
        let tables = ShortageTables::shipped()?;
        let demand = home_visits(&study, &AgeWeights::shipped()?)?;
        let residents = Residents::new(&study, demand.first_year());
        let access = reach(&study, roadway, services()?, &Silent);
        let could = Could::new(&study, roadway, &access, &tables.rules, &Silent);
        let shortages = access.services.iter().map(|_| Mutex::new(None)).collect();
        let (capacity, covers) = (None, Vec::new());
        let mut ready = Self { study, residents, tables, access, could, capacity, covers, shortages };
        let ground = ready.ground(roadway);
        let covers = ready.access.services.iter().map(|reach| ServiceCover::of(ground, reach)).collect();
        (ready.capacity, ready.covers) = (ground.capacity()?, covers);
        Ok(ready)
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
        let mut shortage = self.shortages[service].lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &*shortage {
            return Ok(Arc::clone(known));
        }
        let ground = self.ground(roadway);
        let new = Arc::new(ground.service(self.reach(service), self.capacity.as_ref(), &Silent)?);
        *shortage = Some(Arc::clone(&new));
        Ok(new)
    }
}
