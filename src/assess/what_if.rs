//! What one institution that takes a service up, or gives it up, changes.

use crate::access::cover::{Concerned, Residents, counts};
use crate::access::journeys::Journeys;
use crate::access::matrix::Matrix;
use crate::access::reach::Reach;
use crate::assess::shortages::Ground;
use crate::geometry::plane::geodesic_m;
use geo::Point;
use std::collections::BTreeMap;

/// Who covers whom for a service within the limits of the rules.
#[derive(Clone, Debug)]
pub struct ServiceCover {
    cover: Matrix,
    counts: Vec<u32>,
}

/// How many are covered.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Level {
    /// By somebody.
    pub once: Concerned,
    /// By two or more.
    pub twice: Concerned,
}

/// A change of cover.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Before it.
    pub before: Level,
    /// After it.
    pub after: Level,
    /// Cells that somebody covers only before it or only after it, in order.
    pub cells: Vec<usize>,
    /// Who lives there, by municipality.
    pub municipalities: BTreeMap<usize, Concerned>,
}

impl ServiceCover {
    /// The cover of a service; `None` = not loaded.
    #[must_use]
    pub fn of(ground: Ground<'_>, reach: &Reach) -> Option<Self> {
        let cover = ground.cover(reach, ground.times(reach), reach.providers.as_deref()?);
        let counts = counts(&cover, ground.residents.cells());
        Some(Self { cover, counts })
    }

    /// How many institutions cover each cell.
    #[must_use]
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// An institution (by its position) stops; `None` = it does not provide the service.
    #[must_use]
    pub fn without(&self, ground: Ground<'_>, institution: usize) -> Option<Change> {
        let mut counts = self.counts.clone();
        for (cell, _) in self.cover.rows.get(&institution)? {
            counts[*cell as usize] -= 1;
        }
        Some(self.change(ground, &counts))
    }

    /// A provider comes that covers some cells, each named once.
    #[must_use]
    pub fn with(&self, ground: Ground<'_>, cells: &[usize]) -> Change {
        let mut counts = self.counts.clone();
        for cell in cells {
            counts[*cell] += 1;
        }
        self.change(ground, &counts)
    }

    fn change(&self, ground: Ground<'_>, after: &[u32]) -> Change {
        let changed = |cell: &usize| (self.counts[*cell] == 0) != (after[*cell] == 0);
        let cells: Vec<usize> = (0..after.len()).filter(changed).collect();
        Change {
            before: level(ground.residents, &self.counts),
            after: level(ground.residents, after),
            municipalities: ground.by_municipality(cells.iter().copied()),
            cells,
        }
    }
}

fn level(residents: &Residents, counts: &[u32]) -> Level {
    let of = |least: u32| residents.of((0..counts.len()).filter(|cell| counts[*cell] >= least));
    Level { once: of(1), twice: of(2) }
}

/// The cells that a provider of a service at a place would cover, by the journeys between the place and
/// all cells in the direction of the service.
#[must_use]
pub fn covered_from(ground: Ground<'_>, reach: &Reach, place: Point, journeys: &Journeys) -> Vec<usize> {
    let limit = ground.tables.rules.limit_at(1.0);
    let in_circle = |cell: usize| {
        let metres = reach.service.circle_m.map(f64::from);
        metres.is_none_or(|metres| geodesic_m(place, ground.study.cells[cell].centre) <= metres)
    };
    let is_near = |cell: &usize| matches!(journeys.cells[*cell], Ok(time) if time <= limit);
    (0..journeys.cells.len()).filter(is_near).filter(|cell| in_circle(*cell)).collect()
}
