//! What every zoning of a study rests on, whatever is asked of it.

use crate::access::matrix::{Matrix, matrix};
use crate::access::reach::Access;
use crate::demand::home_visits::Demand;
use crate::ingest::study::Study;
use crate::network::build::Roadway;
use crate::network::link::Direction;
use crate::network::municipal_map::MunicipalMap;
use crate::network::search::NO_LIMIT;
use crate::progress::Progress;
use crate::zoning::rules::{Candidates, Hub, LeadSite};
use crate::zoning::statement::{Facts, Subject};
use std::sync::Arc;

/// Demand, candidates with their travel times, and how the municipalities lie.
pub struct Ground {
    /// Demand of the cells.
    pub demand: Demand,
    /// How the municipalities lie to each other.
    pub map: MunicipalMap,
    /// Institutions that may lead a zone; `None` = neither filings nor list were loaded.
    pub leads: Option<Vec<LeadSite>>,
    /// Candidates for 連携拠点; `None` = not loaded.
    pub linkage: Option<Vec<Hub>>,
    /// Travel times of services, where they are asked for.
    pub access: Option<Arc<Access>>,
    subject: Subject,
    lead_times: Matrix,
}

impl Ground {
    /// Computes what is not in the study itself.
    #[must_use]
    pub fn new(
        study: &Study,
        roadway: &Roadway,
        demand: Demand,
        candidates: &Candidates,
        progress: &dyn Progress,
    ) -> Self {
        let leads = candidates.leads(study);
        let ground = Self::led_by(study, roadway, demand, leads, Subject::default(), progress);
        Self { linkage: candidates.linkage(study), ..ground }
    }

    /// The ground of zones that others lead, without 連携拠点.
    #[must_use]
    pub fn led_by(
        study: &Study,
        roadway: &Roadway,
        demand: Demand,
        leads: Option<Vec<LeadSite>>,
        subject: Subject,
        progress: &dyn Progress,
    ) -> Self {
        let map = MunicipalMap::new(study, roadway, progress);
        let institutions: Vec<usize> = leads.iter().flatten().map(|lead| lead.institution).collect();
        let step = progress.step("中心の候補からの所要時間", institutions.len() as u64);
        let lead_times = matrix(roadway, &institutions, Direction::Outward, NO_LIMIT, step.as_ref());
        Self { demand, map, leads, linkage: None, access: None, subject, lead_times }
    }

    /// The same with the study, for the room of zoning.
    #[must_use]
    pub fn facts<'a>(&'a self, study: &'a Study) -> Facts<'a> {
        Facts {
            subject: &self.subject,
            study,
            demand: self.demand.first_year(),
            leads: self.leads.as_deref().unwrap_or_default(),
            lead_times: &self.lead_times,
            linkage: self.linkage.as_deref().unwrap_or_default(),
            neighbours: &self.map.neighbours,
            access: self.access.as_deref(),
        }
    }
}
