//! Travel times, cover and shortage of the shown study under some conditions, ready for questions.

use crate::access::reach::{Access, Reach, reach};
use crate::assess::shortages::{CapacityPicture, Could, Ground, ServiceShortage, ShortageError};
use crate::assess::what_if::ServiceCover;
use crate::network::build::Roadway;
use crate::progress::Silent;
use crate::serve::travel::Travel;
use std::sync::{Arc, Mutex, PoisonError};

/// What does not depend on a question.
pub struct Ready {
    access: Access,
    could: Could,
    capacity: Option<CapacityPicture>,
    /// Who covers whom, by service in the order of the table; `None` = not loaded.
    covers: Vec<Option<ServiceCover>>,
    /// The shortage of each service, once somebody has asked for it.
    shortages: Vec<Mutex<Option<Arc<ServiceShortage>>>>,
}

impl Ready {
    /// Computes travel times, capacity and every cover.
    ///
    /// # Errors
    /// [`ShortageError`].
    pub fn new(travel: &Travel, roadway: &Roadway) -> Result<Self, ShortageError> {
        let access = reach(&travel.study, roadway, travel.services.clone(), &Silent);
        let could = Could::new(&travel.study, roadway, &access, &travel.tables.rules, &Silent);
        let shortages = access.services.iter().map(|_| Mutex::new(None)).collect();
        let mut ready = Self { access, could, capacity: None, covers: Vec::new(), shortages };
        let ground = ready.ground(travel, roadway);
        let covers = ready.access.services.iter().map(|reach| ServiceCover::of(ground, reach)).collect();
        (ready.capacity, ready.covers) = (ground.capacity()?, covers);
        Ok(ready)
    }

    /// What answers are computed from. The roads are those it was made with.
    pub const fn ground<'a>(&'a self, travel: &'a Travel, roadway: &'a Roadway) -> Ground<'a> {
        Ground {
            study: &travel.study,
            roadway,
            access: &self.access,
            residents: &travel.residents,
            tables: &travel.tables,
            could: &self.could,
        }
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
    pub fn shortage(
        &self,
        travel: &Travel,
        roadway: &Roadway,
        service: usize,
    ) -> Result<Arc<ServiceShortage>, ShortageError> {
        let mut shortage = self.shortages[service].lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &*shortage {
            return Ok(Arc::clone(known));
        }
        let ground = self.ground(travel, roadway);
        let new = Arc::new(ground.service(self.reach(service), self.capacity.as_ref(), &Silent)?);
        *shortage = Some(Arc::clone(&new));
        Ok(new)
    }
}
