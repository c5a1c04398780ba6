//! What proposals for a study need, in memory.

use crate::access::reach::{Access, reach};
use crate::access::services::services;
use crate::assess::figures::Basis;
use crate::assess::ground::Ground;
use crate::assess::plans::NamedPlan;
use crate::demand::home_visits::home_visits;
use crate::demand::weights::AgeWeights;
use crate::ingest::study::Study;
use crate::network::build::Roadway;
use crate::progress::Silent;
use crate::publish::results::AssessedPlan;
use crate::serve::error::ServeError;
use crate::zoning::rules::Rules;
use std::sync::Arc;

/// A study, and what its zonings rest on.
pub struct Zoning {
    /// The study.
    pub study: Arc<Study>,
    /// Demand, candidates, neighbours.
    pub ground: Ground,
    /// Rules in force.
    pub rules: Rules,
    access: Arc<Access>,
}

impl Zoning {
    /// Computes what a study does not hold, on its roads.
    ///
    /// # Errors
    /// [`ServeError`] when a table of the program is damaged, or the demand cannot be computed anew.
    pub fn new(study: Arc<Study>, roadway: &Roadway) -> Result<Self, ServeError> {
        let rules = Rules::shipped()?;
        let demand = home_visits(&study, &AgeWeights::shipped()?)?;
        let mut ground = Ground::new(&study, roadway, demand, &rules.candidates, &Silent);
        let access = Arc::new(reach(&study, roadway, services()?, &Silent));
        ground.access = Some(Arc::clone(&access));
        Ok(Self { study, ground, rules, access })
    }

    /// Figures and verdicts of a plan.
    pub fn assess(&self, plan: NamedPlan) -> AssessedPlan {
        let candidates = &self.rules.candidates;
        let (active, visiting) = (candidates.active(&self.study), candidates.visiting_24h(&self.study));
        let basis = Basis {
            study: &self.study,
            access: &self.access,
            demand: &self.ground.demand,
            rules: &self.rules.figures,
            active: active.as_deref(),
            linkage: self.ground.linkage.as_deref(),
            visiting_24h: visiting.as_deref(),
        };
        AssessedPlan::new(plan, &basis, &self.rules)
    }
}
