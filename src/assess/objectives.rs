//! Objectives other than travel alone: one after the other, and the compromises between them.

use crate::assess::proposals::{Listener, ProposalError, Stated, ToldZone};
use crate::zoning::certificate::{Certificate, Status};
use crate::zoning::checker::measured;
use crate::zoning::exact::{Options, Outcome, Standing, Watch};
use crate::zoning::goals::{Compromise, Front, Goal, Ordered, front, in_order};
use crate::zoning::measure::Measure;
use crate::zoning::plan::Plan;
use crate::zoning::problem::Problem;
use serde::Serialize;

/// A listener that ends a search but hears nothing of it, where values are no receipt-minutes.
pub(super) struct Quiet<'a>(pub(super) &'a dyn Listener);

impl Watch for Quiet<'_> {
    fn standing(&self, _standing: Standing) {}

    fn is_over(&self) -> bool {
        self.0.is_over()
    }
}

/// What is proven of an objective, given what those before it have reached.
#[derive(Clone, Debug, Serialize)]
pub struct ToldGoal {
    /// Name in Japanese.
    pub goal: String,
    /// Unit in Japanese; empty for plain numbers.
    pub unit: String,
    /// Its value in the plan, with the soft rules where they are paid for with it.
    pub value: Option<f64>,
    /// No plan that keeps to the values of the objectives before has less.
    pub bound: Option<f64>,
    /// [`Status::as_str`].
    pub status: &'static str,
    /// The same in Japanese.
    #[serde(skip)]
    pub status_meant: &'static str,
}

/// The compromises between several objectives.
#[derive(Clone, Debug, Serialize)]
pub struct ToldFront {
    /// Names of the objectives with their units.
    pub goals: Vec<String>,
    /// Compromises that no other beats.
    pub compromises: Vec<ToldCompromise>,
    /// Where others may lie that are not known: below these values (`None` = however high). Empty = the
    /// compromises are proven to be all there are.
    pub open: Vec<Vec<Option<f64>>>,
    /// Branch-and-bound nodes.
    pub nodes: u64,
}

/// A compromise.
#[derive(Clone, Debug, Serialize)]
pub struct ToldCompromise {
    /// The value of each objective.
    pub values: Vec<f64>,
    /// The zones.
    pub zones: Vec<ToldZone>,
}

/// The best plan under objectives in order.
pub(super) struct BestInOrder {
    /// The plan, with what is proven of all objectives together.
    pub(super) outcome: Outcome,
    /// The question of the last objective.
    pub(super) asked: Problem,
    /// What is proven of each.
    pub(super) told: Vec<ToldGoal>,
}

impl Stated<'_> {
    /// The best plan under the objectives in order.
    pub(super) fn best_in_order(
        &self,
        options: &Options<'_>,
        listener: &dyn Listener,
    ) -> Result<BestInOrder, ProposalError> {
        let quiet = Quiet(listener);
        let options = Options { watch: Some(&quiet), ..*options };
        let measures: Vec<Measure> = self.goals.iter().map(|goal| goal.measure.clone()).collect();
        let Ordered { outcomes, last } = in_order(&self.problem, &measures, &options)?;
        let told = self.goals.iter().zip(&outcomes).map(|(goal, outcome)| told(goal, &outcome.certificate));
        Ok(BestInOrder { told: told.collect(), outcome: self.together(outcomes), asked: last })
    }

    /// The answers to objectives in order as one: the last plan, proven if each is, with its travel as
    /// the objective.
    fn together(&self, mut outcomes: Vec<Outcome>) -> Outcome {
        let certificates: Vec<Certificate> = outcomes.iter().map(|one| one.certificate.clone()).collect();
        let unproven = certificates.iter().map(|one| one.status).find(|status| *status != Status::Optimal);
        let plan = outcomes.iter().rev().find_map(|outcome| outcome.plan.clone());
        let reasons = outcomes.first_mut().map(|first| std::mem::take(&mut first.reasons));
        let gaps: Option<Vec<f64>> = certificates.iter().map(|one| one.gap).collect();
        let worst = gaps.map(|gaps| gaps.into_iter().fold(0.0, f64::max));
        let travel = |plan: &Plan| measured(&self.problem, &Measure::travel(), plan);
        Outcome {
            reasons: reasons.unwrap_or_default(),
            certificate: Certificate {
                status: unproven.unwrap_or(Status::Optimal),
                objective: plan.as_ref().and_then(travel),
                bound: None,
                gap: worst,
                nodes: certificates.iter().map(|one| one.nodes).sum(),
                rounds: certificates.iter().map(|one| one.rounds).sum(),
                model_sha256: certificates.last().map(|one| one.model_sha256.clone()).unwrap_or_default(),
            },
            plan,
        }
    }

    /// The compromises between the objectives of the front.
    pub(super) fn compromises(
        &self,
        wanted: usize,
        options: &Options<'_>,
        listener: &dyn Listener,
    ) -> Result<ToldFront, ProposalError> {
        let measures: Vec<Measure> = self.front.iter().map(|goal| goal.measure.clone()).collect();
        let quiet = Quiet(listener);
        let options = Options { watch: Some(&quiet), ..*options };
        let Front { compromises, open, nodes } = front(&self.problem, &measures, wanted, &options)?;
        let in_units = |(value, goal): (u64, &Goal)| value as f64 / goal.parts;
        let compromise = |one: Compromise| ToldCompromise {
            values: one.values.into_iter().zip(&self.front).map(in_units).collect(),
            zones: self.zones(&one.plan),
        };
        let bounds = |upper: Vec<Option<u64>>| {
            upper.into_iter().zip(&self.front).map(|(value, goal)| Some(in_units((value?, goal)))).collect()
        };
        let name = |goal: &Goal| match goal.unit.as_str() {
            "" => goal.name.clone(),
            unit => format!("{}（{unit}）", goal.name),
        };
        Ok(ToldFront {
            goals: self.front.iter().map(name).collect(),
            compromises: compromises.into_iter().map(compromise).collect(),
            open: open.into_iter().map(bounds).collect(),
            nodes,
        })
    }
}

fn told(goal: &Goal, certificate: &Certificate) -> ToldGoal {
    let in_units = |value: Option<u64>| value.map(|value| value as f64 / goal.parts);
    ToldGoal {
        goal: goal.name.clone(),
        unit: goal.unit.clone(),
        value: in_units(certificate.objective),
        bound: in_units(certificate.bound),
        status: certificate.status.as_str(),
        status_meant: certificate.status.meant(),
    }
}
