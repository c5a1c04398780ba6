//! The search engine: good plans fast, and many different ones.
//!
//! Moves: one unit goes over to a zone beside it (articulation points tell which units may go); two
//! zones are joined and cut anew at an edge of a random spanning tree (ReCom: DeFord, Duchin &
//! Solomon 2021, Harvard Data Science Review 3(1)); two zones are joined; a zone is cut in two.
//!
//! The improvement accepts a plan that is a little worse, by less and less (threshold accepting:
//! Dueck & Scheuer 1990, Journal of Computational Physics 90:161–175). The ensemble is a walk over
//! plans that meet every rule, whatever their objective.
//!
//! Seeds and numbers of steps are parameters: the same ones give the same plans.

mod chance;
mod tree;

use super::contiguity::Adjacency;
use super::plan::Plan;
use super::problem::{Problem, ProblemError};
use super::score::{Score, Scorer};
use chance::Chance;
use std::collections::BTreeSet;
use tree::{loose_units, tree_cuts};

/// What is asked of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Seed of all choices.
    pub seed: u64,
    /// Number of moves that are tried; tens of thousands a second for a prefecture.
    pub steps: u64,
}

/// A plan that meets every rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The plan, zones numbered in the order of their first units, each with its best lead.
    pub plan: Plan,
    /// The objective of the problem and the weights of broken soft conditions.
    pub objective: u64,
}

/// The best plan that a search meets; `None` = it met none that keeps every rule, which does not
/// mean that there is none. `progress` hears of each better plan.
///
/// # Errors
/// A badly formed problem.
pub fn search(
    problem: &Problem,
    effort: Effort,
    mut progress: impl FnMut(&Found),
) -> Result<Option<Found>, ProblemError> {
    problem.validate()?;
    let adjacency = problem.adjacency();
    let mut walk = Walk::new(problem, &adjacency, effort.seed);
    walk.gather();
    let mut best: Option<Found> = None;
    let mut note = |walk: &Walk<'_>| {
        let total = walk.total;
        if total.breach == 0 && best.as_ref().is_none_or(|best| total.objective < best.objective) {
            let (plan, score) = walk.scorer.finish(walk.zones());
            let found = Found { plan, objective: score.objective };
            progress(&found);
            best = Some(found);
        }
    };
    note(&walk);
    for step in 0..effort.steps {
        if walk.total == Score::default() {
            break;
        }
        let Some(change) = walk.any_change() else { continue };
        let total = walk.total_after(&change);
        // At first a fiftieth of the objective may be lost in a step, at last nothing.
        let left = u128::from(effort.steps - step);
        let allowed = u128::from(walk.total.objective) * left / (50 * u128::from(effort.steps));
        let limit = walk.total.objective.saturating_add(u64::try_from(allowed).unwrap_or(u64::MAX));
        if total.breach < walk.total.breach
            || total.breach == walk.total.breach && (walk.total.breach > 0 || total.objective <= limit)
        {
            walk.apply(change, total);
            note(&walk);
        }
    }
    Ok(best)
}

/// What is asked of an ensemble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Number of different plans.
    pub wanted: usize,
    /// Only plans with an objective up to this; `None` = whatever their objective.
    pub objective_up_to: Option<u64>,
    /// How long to walk for them.
    pub effort: Effort,
}

/// Different plans that meet every rule, in the order in which a walk from `start` meets them: as
/// many as wanted, or as it meets within its steps or before it `is_over`.
///
/// # Errors
/// A badly formed problem.
pub fn ensemble(
    problem: &Problem,
    start: &Plan,
    sample: Sample,
    is_over: impl Fn() -> bool,
) -> Result<Vec<Found>, ProblemError> {
    let Sample { wanted, objective_up_to, effort } = sample;
    let is_cheap = |score: Score| objective_up_to.is_none_or(|most| score.objective <= most);
    problem.validate()?;
    let adjacency = problem.adjacency();
    let mut walk = Walk::new(problem, &adjacency, effort.seed);
    walk.begin_with(start);
    let mut met = BTreeSet::new();
    let mut plans = Vec::new();
    let mut note = |walk: &Walk<'_>| {
        if walk.total.breach == 0 && is_cheap(walk.total) {
            let (plan, score) = walk.scorer.finish(walk.zones());
            if met.insert(plan.zone_of_unit.clone()) {
                plans.push(Found { plan, objective: score.objective });
            }
        }
        plans.len()
    };
    let mut found = note(&walk);
    for _ in 0..effort.steps {
        if found >= wanted || is_over() {
            break;
        }
        let Some(change) = walk.any_change() else { continue };
        let total = walk.total_after(&change);
        if total.breach <= walk.total.breach && (is_cheap(total) || total.objective <= walk.total.objective) {
            walk.apply(change, total);
            found = note(&walk);
        }
    }
    Ok(plans)
}

/// A zone of the walk.
#[derive(Clone, Debug)]
struct Zone {
    /// Its units, in order, connected.
    units: Vec<usize>,
    score: Score,
}

/// Zones that make way for others made of the same units.
struct Change {
    /// Places of the old zones, in order.
    old: Vec<usize>,
    new: Vec<Zone>,
}

/// A plan under way.
struct Walk<'a> {
    scorer: Scorer<'a>,
    adjacency: &'a Adjacency,
    chance: Chance,
    zones: Vec<Zone>,
    /// By unit: the place of its zone.
    zone_of: Vec<usize>,
    total: Score,
}

impl<'a> Walk<'a> {
    /// Every unit a zone of its own.
    fn new(problem: &'a Problem, adjacency: &'a Adjacency, seed: u64) -> Self {
        let scorer = Scorer::new(problem);
        let mut walk = Self {
            adjacency,
            chance: Chance::new(seed),
            zones: Vec::new(),
            zone_of: (0..problem.units.len()).collect(),
            total: Score::default(),
            scorer,
        };
        walk.zones = (0..problem.units.len()).map(|unit| walk.zone(vec![unit])).collect();
        walk.total = walk.total_now();
        walk
    }

    /// Takes the connected parts of the zones of a plan that has a zone for every unit.
    fn begin_with(&mut self, plan: &Plan) {
        let zone_of = |unit: usize| plan.zone_of_unit.get(unit);
        let parts =
            (0..plan.zones()).flat_map(|zone| self.adjacency.components(|at| zone_of(at) == Some(&zone)));
        let zones: Vec<Zone> = parts.map(|units| self.zone(units)).collect();
        if zones.iter().map(|zone| zone.units.len()).sum::<usize>() == self.zone_of.len() {
            for (place, zone) in zones.iter().enumerate() {
                for unit in &zone.units {
                    self.zone_of[*unit] = place;
                }
            }
            self.zones = zones;
            self.total = self.total_now();
        }
    }

    fn zone(&self, units: Vec<usize>) -> Zone {
        Zone { score: self.scorer.zone(&units), units }
    }

    fn zones(&self) -> Vec<Vec<usize>> {
        self.zones.iter().map(|zone| zone.units.clone()).collect()
    }

    fn total_now(&self) -> Score {
        let scores: Vec<Score> = self.zones.iter().map(|zone| zone.score).collect();
        self.scorer.plan(&scores, &self.zone_of)
    }

    /// Joins zones that break rules with the zone beside them that helps most, until none helps.
    fn gather(&mut self) {
        loop {
            let mut places: Vec<usize> =
                (0..self.zones.len()).filter(|place| self.zones[*place].score.breach > 0).collect();
            places.sort_by_key(|place| std::cmp::Reverse(self.zones[*place].score.breach));
            let joined = places.into_iter().find_map(|place| {
                let changes = self.beside(place).into_iter().map(|other| self.join(place, other));
                let totals = changes.map(|change| (self.total_after(&change), change));
                let (total, change) = totals.min_by_key(|(total, _)| *total)?;
                (total.breach <= self.total.breach).then_some((total, change))
            });
            match joined {
                Some((total, change)) => self.apply(change, total),
                None => return,
            }
        }
    }

    /// The places of the zones beside a zone, in order.
    fn beside(&self, place: usize) -> Vec<usize> {
        let units = self.zones[place].units.iter().flat_map(|unit| self.adjacency.of(*unit));
        let beside: BTreeSet<usize> = units.map(|unit| self.zone_of[*unit]).collect();
        beside.into_iter().filter(|other| *other != place).collect()
    }

    fn join(&self, a: usize, b: usize) -> Change {
        Change { old: vec![a.min(b), a.max(b)], new: vec![self.zone(self.both(a, b))] }
    }

    /// The units of two zones, in order.
    fn both(&self, a: usize, b: usize) -> Vec<usize> {
        let mut units = [self.zones[a].units.as_slice(), &self.zones[b].units].concat();
        units.sort_unstable();
        units
    }

    /// A change of a random kind at a random place, if there is one.
    fn any_change(&mut self) -> Option<Change> {
        let place = self.chance.below(self.zones.len());
        if self.zones.is_empty() {
            return None;
        }
        match self.chance.below(8) {
            0..4 => self.one_unit(place),
            4..6 => {
                let other = self.any_beside(place)?;
                let units = self.both(place, other);
                Some(Change { old: vec![place.min(other), place.max(other)], new: self.any_cut(&units)? })
            }
            6 => {
                let other = self.any_beside(place)?;
                Some(self.join(place, other))
            }
            _ => {
                let units = self.zones[place].units.clone();
                Some(Change { old: vec![place], new: self.any_cut(&units)? })
            }
        }
    }

    fn any_beside(&mut self, place: usize) -> Option<usize> {
        let beside = self.beside(place);
        beside.get(self.chance.below(beside.len())).copied()
    }

    /// A random unit of a zone goes over to a zone beside it.
    fn one_unit(&mut self, place: usize) -> Option<Change> {
        let units = &self.zones[place].units;
        let loose = if units.len() > 1 { loose_units(self.adjacency, units) } else { Vec::new() };
        let unit = *loose.get(self.chance.below(loose.len()))?;
        let beside: BTreeSet<usize> = self
            .adjacency
            .of(unit)
            .iter()
            .map(|other| self.zone_of[*other])
            .filter(|at| *at != place)
            .collect();
        let other = *beside.iter().nth(self.chance.below(beside.len()))?;
        let rest = self.zones[place].units.iter().copied().filter(|at| *at != unit).collect();
        let mut taken = self.zones[other].units.clone();
        taken.push(unit);
        taken.sort_unstable();
        let new = vec![self.zone(rest), self.zone(taken)];
        Some(Change { old: vec![place.min(other), place.max(other)], new })
    }

    /// These connected units as two zones: of the cuts of a random spanning tree that break rules
    /// least, a random one.
    fn any_cut(&mut self, units: &[usize]) -> Option<Vec<Zone>> {
        let cuts = tree_cuts(self.adjacency, units, &mut self.chance);
        let cuts: Vec<[Zone; 2]> =
            cuts.into_iter().map(|(one, other)| [self.zone(one), self.zone(other)]).collect();
        let breach = |cut: &[Zone; 2]| cut[0].score.breach.saturating_add(cut[1].score.breach);
        let least = cuts.iter().map(breach).min()?;
        let mut lawful: Vec<[Zone; 2]> = cuts.into_iter().filter(|cut| breach(cut) == least).collect();
        let chosen = self.chance.below(lawful.len());
        Some(lawful.swap_remove(chosen).to_vec())
    }

    fn total_after(&self, change: &Change) -> Score {
        let kept = self.zones.iter().enumerate().filter(|(place, _)| !change.old.contains(place));
        let kept = kept.map(|(_, zone)| zone.score);
        let scores: Vec<Score> = kept.chain(change.new.iter().map(|zone| zone.score)).collect();
        // Only the units of the old zones get others: the first new zone takes the first old one's
        // place, and every further one a new place, which leaves the partition what it will be.
        let mut zone_of = self.zone_of.clone();
        let places = change.old[..1].iter().copied().chain(self.zones.len()..);
        for (zone, place) in change.new.iter().zip(places) {
            for unit in &zone.units {
                zone_of[*unit] = place;
            }
        }
        self.scorer.plan(&scores, &zone_of)
    }

    fn apply(&mut self, change: Change, total: Score) {
        for place in change.old.into_iter().rev() {
            self.zones.remove(place);
        }
        self.zones.extend(change.new);
        for (place, zone) in self.zones.iter().enumerate() {
            for unit in &zone.units {
                self.zone_of[*unit] = place;
            }
        }
        self.total = total;
    }
}
