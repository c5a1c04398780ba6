//! Plans that a planner drew: what the independent checker says of them, and the fewest moves that mend
//! them.

use crate::assess::proposals::{Listener, Phase, ProposalError, Stated, Told};
use crate::zoning::certificate::Certificate;
use crate::zoning::checker::{Report, check};
use crate::zoning::exact::{Options, Standing, Watch};
use crate::zoning::leads::with_best_leads;
use crate::zoning::plan::Plan;
use crate::zoning::repair::fewest_moves;
use serde::Serialize;
use std::collections::BTreeSet;

/// Why a drawing is no plan of the study.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DrawingError {
    /// A municipality that the study does not know.
    #[error("市町村コード「{said}」はこの県にありません。5桁のコードを書いてください")]
    Unknown {
        /// What was written.
        said: String,
    },
    /// A municipality in two zones.
    #[error("{name}が二つの圏域にあります。どちらか一つに入れてください")]
    Twice {
        /// Its name.
        name: String,
    },
    /// Municipalities in no zone.
    #[error("{names}がどの圏域にもありません。どれかの圏域に入れてください")]
    Missing {
        /// Their names.
        names: String,
    },
    /// A zone of nothing.
    #[error("{zone}番目の圏域に市町村がありません。空の圏域は書かないでください")]
    Empty {
        /// Counted from 1.
        zone: usize,
    },
    /// A unit in two zones.
    #[error("単位「{name}」が二つの圏域に分かれています。単位を市町村にするか、一つの圏域に入れてください")]
    Split {
        /// Its name.
        name: String,
    },
}

/// What mends a plan.
#[derive(Clone, Debug, Serialize)]
pub struct Repaired {
    /// Units that go over to another zone; `None` = no plan keeps the rules, or none was found.
    pub moves: Option<u64>,
    /// Whether fewer moves are proven not to do.
    pub is_proven: bool,
    /// Of the plans with so few moves the best one, or that there is none.
    pub plan: Told,
}

/// A listener to whom the values of a search are numbers of moves.
struct CountsMoves<'a>(&'a dyn Listener);

impl Watch for CountsMoves<'_> {
    fn standing(&self, standing: Standing) {
        self.0.moves(standing);
    }

    fn is_over(&self) -> bool {
        self.0.is_over()
    }
}

impl Stated<'_> {
    /// The plan with these zones, codes of municipalities, in this order; each led as well as can be.
    ///
    /// # Errors
    /// [`DrawingError`]: the zones are no plan over the units.
    pub fn drawn(&self, zones: &[Vec<String>]) -> Result<Plan, DrawingError> {
        let municipalities = &self.facts.study.municipalities;
        let mut zone_of_municipality = vec![None; municipalities.len()];
        for (zone, codes) in zones.iter().enumerate() {
            if codes.is_empty() {
                return Err(DrawingError::Empty { zone: zone + 1 });
            }
            for said in codes {
                let at = municipalities.iter().position(|one| one.code.as_str() == said);
                let at = at.ok_or_else(|| DrawingError::Unknown { said: said.chars().take(40).collect() })?;
                if zone_of_municipality[at].replace(zone).is_some() {
                    return Err(DrawingError::Twice { name: municipalities[at].name.clone() });
                }
            }
        }
        let missing = municipalities.iter().zip(&zone_of_municipality).filter(|(_, zone)| zone.is_none());
        let names: Vec<&str> = missing.map(|(municipality, _)| municipality.name.as_str()).collect();
        if !names.is_empty() {
            return Err(DrawingError::Missing { names: names.join("・") });
        }
        let mut zones_of_units = vec![BTreeSet::new(); self.grouping.names.len()];
        for (units, zone) in self.grouping.units_of_municipality.iter().zip(zone_of_municipality) {
            for unit in units {
                zones_of_units[*unit].extend(zone);
            }
        }
        if let Some(unit) = zones_of_units.iter().position(|zones| zones.len() > 1) {
            return Err(DrawingError::Split { name: self.grouping.names[unit].clone() });
        }
        let zone_of_unit = zones_of_units.into_iter().flatten().collect();
        let plan = Plan { zone_of_unit, lead_of_zone: vec![None; zones.len()] };
        Ok(with_best_leads(&self.problem, &plan))
    }

    /// The independent checker's word on a plan over the units.
    #[must_use]
    pub fn check(&self, plan: &Plan) -> Report {
        check(&self.problem, plan)
    }

    /// Mends a plan over the units with the fewest moves.
    ///
    /// # Errors
    /// The optimiser failed.
    pub fn repair(
        &self,
        broken: &Plan,
        node_limit: u64,
        listener: &dyn Listener,
    ) -> Result<Repaired, ProposalError> {
        listener.begins(Phase::Repair);
        let counting = CountsMoves(listener);
        let options = Options { node_limit: Some(node_limit), watch: Some(&counting), ..Options::default() };
        let fewest = fewest_moves(&self.problem, broken, &options)?;
        let Certificate { objective, bound, nodes, .. } = fewest.outcome.certificate;
        counting.standing(Standing { objective, bound, nodes });
        listener.begins(Phase::BestRepair);
        let options = Options { watch: Some(listener), ..options };
        let mended = fewest.best(&self.problem, &options)?;
        let plan = self.tell("直した案", &mended.outcome, listener);
        Ok(Repaired { moves: mended.moves, is_proven: mended.is_proven, plan })
    }
}
