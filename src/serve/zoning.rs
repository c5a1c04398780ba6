//! What proposals for a study need, in memory.

use crate::access::reach::{Access, reach};
use crate::access::services::services;
use crate::assess::beside::Beside;
use crate::assess::figures::Basis;
use crate::assess::ground::Ground;
use crate::assess::overlay::{Floor, Laid, Overlay, OverlayError};
use crate::assess::own_units::OwnUnits;
use crate::assess::plans::NamedPlan;
use crate::assess::proposals::{Request, Stated};
use crate::demand::home_visits::{Demand, home_visits};
use crate::demand::weights::AgeWeights;
use crate::ingest::study::Study;
use crate::progress::Silent;
use crate::publish::results::AssessedPlan;
use crate::serve::error::ServeError;
use crate::serve::travel::Travel;
use crate::zoning::rules::Rules;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Most units of a planner's own table: some more than the proofs were measured with.
const MOST_UNITS: usize = 400;

/// A study, and what its zonings rest on.
pub struct Zoning {
    /// The study.
    pub study: Arc<Study>,
    /// Demand, candidates, neighbours.
    pub ground: Ground,
    /// Rules in force.
    pub rules: Rules,
    access: Arc<Access>,
    travel: Arc<Travel>,
    weights: AgeWeights,
    beside: Beside,
    /// The overlay that was asked for last.
    laid: Mutex<Option<(Overlay, Arc<Laid>)>>,
}

/// A request with what it is about.
pub struct Posed {
    request: Request,
    /// The overlay, if it asks for one.
    pub laid: Option<Arc<Laid>>,
    /// The planner's own units, if it brings some.
    pub own: Option<OwnUnits>,
}

impl Zoning {
    /// Computes what a study does not hold, on its roads.
    ///
    /// # Errors
    /// [`ServeError`] when a table of the program is damaged, or the demand cannot be computed anew.
    pub fn new(study: Arc<Study>, travel: Arc<Travel>, beside: Beside) -> Result<Self, ServeError> {
        let (rules, weights) = (Rules::shipped()?, AgeWeights::shipped()?);
        let roadway = &travel.normal().roadway;
        let demand = home_visits(&study, &weights)?;
        let mut ground = Ground::new(&study, roadway, demand, &rules.candidates, &Silent);
        let access = Arc::new(reach(&study, roadway, services()?, &Silent));
        ground.access = Some(Arc::clone(&access));
        Ok(Self { study, ground, rules, access, travel, weights, beside, laid: Mutex::new(None) })
    }

    /// Prepares what a request is about.
    ///
    /// # Errors
    /// In words: an overlay or a table that cannot be used.
    pub fn pose(&self, request: &Request) -> Result<Posed, String> {
        let said = |error: &dyn std::error::Error| error.to_string();
        let laid = request.overlay.as_ref().map(|overlay| self.lay(overlay)).transpose();
        let laid = laid.map_err(|error| said(&error))?;
        let (study, ground) = self.about(laid.as_deref());
        let own_roadway = &self.travel.normal().roadway;
        let roadway = laid.as_ref().map_or(own_roadway, |laid| laid.roadway(own_roadway));
        let own = request.own_units(study, roadway, ground, &self.beside.towns);
        let own = own.map_err(|error| said(&error))?;
        match &own {
            Some(own) if own.grouping.names.len() > MOST_UNITS => Err(format!(
                "単位が {} あります。{MOST_UNITS} 以下にしてください（もっと多い時は keniki propose --units で）",
                own.grouping.names.len()
            )),
            _ => Ok(Posed { request: request.clone(), laid, own }),
        }
    }

    fn lay(&self, overlay: &Overlay) -> Result<Arc<Laid>, OverlayError> {
        let mut last = self.laid.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, laid)) = last.as_ref().filter(|(known, _)| known == overlay) {
            return Ok(Arc::clone(laid));
        }
        let floor = Floor {
            study: &self.study,
            roadway: &self.travel.normal().roadway,
            profile: &self.travel.profile,
            candidates: &self.rules.candidates,
            weights: &self.weights,
            beside: &self.beside,
            needs_access: true,
        };
        let laid = Arc::new(overlay.lay(&floor, &Silent)?);
        *last = Some((overlay.clone(), Arc::clone(&laid)));
        Ok(laid)
    }

    /// The study and ground of an overlay, or those of 在宅医療圏.
    pub fn about<'a>(&'a self, laid: Option<&'a Laid>) -> (&'a Study, &'a Ground) {
        laid.map_or((&self.study, &self.ground), |laid| (&laid.study, &laid.ground))
    }

    /// Figures and verdicts of a plan. They are those of 在宅医療圏 also for the zones of an overlay, whose
    /// municipalities beyond the border have no official demand.
    pub fn assess(&self, plan: NamedPlan, laid: Option<&Laid>) -> AssessedPlan {
        let (study, ground) = self.about(laid);
        let candidates = &self.rules.candidates;
        let (active, visiting) = (candidates.active(study), candidates.visiting_24h(study));
        let demand = self.demand_on(study);
        let basis = Basis {
            study,
            access: ground.access.as_deref().unwrap_or(&self.access),
            demand: &demand,
            rules: &self.rules.figures,
            active: active.as_deref(),
            linkage: ground.linkage.as_deref(),
            visiting_24h: visiting.as_deref(),
        };
        AssessedPlan::new(plan, &basis, &self.rules)
    }

    /// The demand of 訪問診療 on the cells of a study that holds those of ours.
    fn demand_on(&self, study: &Study) -> Demand {
        let key = |study: &Study, at: usize| {
            let cell = &study.cells[at];
            (cell.mesh, study.municipalities[cell.municipality].code)
        };
        let own: BTreeMap<_, usize> =
            (0..self.study.cells.len()).map(|at| (key(&self.study, at), at)).collect();
        let places: Vec<Option<&usize>> = (0..study.cells.len()).map(|at| own.get(&key(study, at))).collect();
        let Demand { official_years, cells } = &self.ground.demand;
        let spread = |demand: &Vec<f64>| places.iter().map(|at| at.map_or(0.0, |at| demand[*at])).collect();
        let cells = cells.iter().map(|(year, demand)| (*year, spread(demand))).collect();
        Demand { official_years: official_years.clone(), cells }
    }
}

impl Posed {
    /// The request as a question about the study or the overlay.
    ///
    /// # Errors
    /// In words: rules that do not fit.
    pub fn state<'a>(&'a self, zoning: &'a Zoning) -> Result<Stated<'a>, String> {
        let (study, ground) = zoning.about(self.laid.as_deref());
        let rules = self.request.rules(&zoning.rules).map_err(|error| error.to_string())?;
        let stated = match &self.own {
            Some(own) => self.request.state_over(own.grouping.clone(), &rules, study, ground),
            None => self.request.state(&rules, study, ground),
        };
        stated.map_err(|error| error.to_string())
    }
}
