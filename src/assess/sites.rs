//! Where a provider of a service would help most, those that exist staying as they are.

use crate::access::cover::{Concerned, counts, cover};
use crate::access::matrix::Matrix;
use crate::access::reach::Reach;
use crate::access::shortage::allowed;
use crate::access::siting::backup::backup;
use crate::access::siting::lscp::lscp;
use crate::access::siting::mclp::mclp;
use crate::access::siting::p_median::{Travel, p_median};
use crate::access::siting::what_if::WhatIf;
use crate::access::siting::{Covering, Siting, SitingError, greedy};
use crate::assess::shortages::Ground;
use crate::units::Deciseconds;
use std::collections::BTreeMap;

/// Branch-and-bound nodes after which a question ends with a bound instead of a proof.
const NODES: u64 = 200_000;

/// What is to become best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// As many people aged 75 and over as possible are covered (MCLP).
    Cover,
    /// As few sites as possible cover everybody whom any could cover (LSCP).
    FewestSites,
    /// As many people aged 75 and over as possible are covered twice (backup).
    Backup,
    /// The way to the nearest is as short as possible, in people aged 75 and over × deciseconds
    /// (p-median).
    Nearest,
}

/// The best sites for a number of added providers.
#[derive(Clone, Debug)]
pub struct SitingStep {
    /// How many may be added; of no meaning for [`Model::FewestSites`].
    pub most: usize,
    /// What the model counts, with nobody added: people, people × deciseconds, or no site.
    pub now: u64,
    /// The exact answer, in the same unit.
    pub exact: Siting,
    /// The greedy one.
    pub greedy: Siting,
    /// Who would be covered newly by the exact one, by municipality.
    pub gained: BTreeMap<usize, Concerned>,
    /// Those whom no candidate covers and nobody now.
    pub beyond_help: Concerned,
}

/// The sites that could be chosen for a service.
pub struct Sites<'a> {
    ground: Ground<'a>,
    candidates: Matrix,
    covering: Covering,
    travel: Travel,
    /// How many cover each cell now, and how many could.
    counts: [Vec<u32>; 2],
}

impl<'a> Sites<'a> {
    /// Prepares the questions about a service; `None` = it, or those that could take it up, were not
    /// loaded.
    ///
    /// # Errors
    /// [`SitingError`]: more people than can be added up exactly.
    pub fn of(ground: Ground<'a>, reach: &Reach) -> Result<Option<Self>, SitingError> {
        let (Some(providers), Some(could)) = (reach.providers.as_deref(), ground.could(reach)) else {
            return Ok(None);
        };
        let times = ground.times(reach);
        let existing = ground.cover(reach, times, providers);
        let candidates = ground.cover(reach, &could, &could.rows.keys().copied().collect::<Vec<_>>());
        let people = &ground.residents.people;
        let old: Vec<u64> = people.iter().map(|people| u64::from(people.age_75_plus)).collect();
        let longest = Deciseconds::from_minutes(ground.study.parameters.travel_limit_minutes);
        let farther = allowed(ground.study, &reach.service, times, providers, longest);
        let travel = Travel::new(old.clone(), &farther, &candidates, longest)?;
        let covering = Covering::new(old, &existing, &candidates)?;
        let counts = [&existing, &candidates].map(|cover| counts(cover, people.len()));
        Ok(Some(Self { ground, candidates, covering, travel, counts }))
    }

    /// The best sites by a model, `most` of them where the model has such a number.
    ///
    /// # Errors
    /// A failure of the solver.
    pub fn best(&self, model: Model, most: usize) -> Result<SitingStep, SitingError> {
        let (covering, limit) = (&self.covering, Some(NODES));
        let present = WhatIf::new(covering);
        let (now, exact, greedy) = match model {
            Model::Cover => (present.covered, mclp(covering, most, limit)?, greedy::cover(covering, most)),
            Model::FewestSites => (0, lscp(covering, limit)?.siting, greedy::set_cover(covering)),
            Model::Backup => (present.twice, backup(covering, most, limit)?, greedy::backup(covering, most)),
            Model::Nearest => (
                self.travel.cost(&[]),
                p_median(&self.travel, most, limit)?,
                greedy::p_median(&self.travel, most),
            ),
        };
        let gained = self.gained(&exact.chosen);
        Ok(SitingStep { most, now, exact, greedy, gained, beyond_help: self.beyond_help() })
    }

    /// Who lives in the cells that only the chosen cover, by municipality.
    fn gained(&self, chosen: &[usize]) -> BTreeMap<usize, Concerned> {
        let ([now, _], longest) = (&self.counts, Deciseconds(u32::MAX));
        let with = counts(&cover(&self.candidates, chosen, longest, |_, _| true), now.len());
        let new = (0..with.len()).filter(|cell| with[*cell] > 0 && now[*cell] == 0);
        self.ground.by_municipality(new)
    }

    fn beyond_help(&self) -> Concerned {
        let [now, could] = &self.counts;
        self.ground.residents.of((0..now.len()).filter(|cell| now[*cell] == 0 && could[*cell] == 0))
    }
}
