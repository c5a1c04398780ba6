//! Everything that a planned study is published from.

use crate::access::coverage::Coverage;
use crate::access::gaps::Gap;
use crate::access::reach::Access;
use crate::assess::audit::{Verdict, audit_plan, audit_zones};
use crate::assess::figures::{Basis, Figures};
use crate::assess::plans::NamedPlan;
use crate::demand::home_visits::Demand;
use crate::demand::weights::AgeWeights;
use crate::ingest::study::Study;
use crate::network::build::Linkage;
use crate::network::graph::Network;
use crate::network::profile::Profile;
use crate::publish::overlays::Overlaid;
use crate::zoning::rules::Rules;

/// A study and all that was computed from it.
#[derive(Clone, Copy)]
pub struct Results<'a> {
    /// The study.
    pub study: &'a Study,
    /// The speed profile.
    pub profile: &'a Profile,
    /// Name of the scenario under which the travel times are computed; `None` = a normal day.
    pub scenario: Option<&'a str>,
    /// The road network.
    pub network: &'a Network,
    /// Where cells and institutions stand on it.
    pub linkage: &'a Linkage,
    /// Travel times and the reach of each service.
    pub access: &'a Access,
    /// Cover in people.
    pub coverage: &'a [Coverage],
    /// Gaps.
    pub gaps: &'a [Gap],
    /// Age weights of the demand.
    pub weights: &'a AgeWeights,
    /// Demand.
    pub demand: &'a Demand,
    /// Rules and candidate classes.
    pub rules: &'a Rules,
    /// Candidates for 積極的役割を担う医療機関, positions of institutions; `None` = not loaded.
    pub active: Option<&'a [usize]>,
    /// Municipalities that a real road or ferry joins.
    pub neighbours: &'a [(usize, usize)],
    /// Municipalities that share a border on the map.
    pub touching: &'a [(usize, usize)],
    /// Every plan with its figures and verdicts.
    pub plans: &'a [AssessedPlan],
    /// Overlay zonings beside them.
    pub overlays: &'a [Overlaid],
}

/// A plan with everything that is said of it.
#[derive(Clone)]
pub struct AssessedPlan {
    /// The plan.
    pub plan: NamedPlan,
    /// What is said of it; `None` when an optimiser found that there is no plan.
    pub assessment: Option<Assessment>,
}

/// Figures and verdicts of a plan.
#[derive(Clone)]
pub struct Assessment {
    /// Figures of the whole.
    pub figures: Figures,
    /// Figures of each zone.
    pub zone_figures: Vec<Figures>,
    /// Verdicts on the whole.
    pub audit: Vec<Verdict>,
    /// Verdicts on each zone.
    pub zone_audit: Vec<Vec<Verdict>>,
}

impl AssessedPlan {
    /// A plan with its figures and verdicts.
    #[must_use]
    pub fn new(plan: NamedPlan, basis: &Basis<'_>, rules: &Rules) -> Self {
        let assessment = basis.figures(&plan).map(|(figures, zone_figures)| {
            let zone_audit = audit_zones(basis.study, &plan, &zone_figures, rules);
            let audit = audit_plan(basis.study, &plan, &zone_audit, rules);
            Assessment { figures, zone_figures, audit, zone_audit }
        });
        Self { plan, assessment }
    }
}
