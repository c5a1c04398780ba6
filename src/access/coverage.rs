//! People within reach of a service.

use crate::access::reach::Reach;
use crate::ingest::study::Study;
use crate::units::{AgeCounts, Deciseconds};

/// By what reach is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Minutes by car between institution and cell.
    Minutes(u32),
    /// Straight-line metres from the institution.
    Circle(u32),
}

/// People within one limit of one service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// Id of the service.
    pub service: String,
    /// The limit.
    pub limit: Limit,
    /// People in the cells within it; `None` = not loaded.
    pub people: Option<AgeCounts>,
}

/// People within every limit of every service, in the order of the table.
#[must_use]
pub fn coverage(study: &Study, services: &[Reach]) -> Vec<Coverage> {
    services.iter().flat_map(|reach| of_service(study, reach)).collect()
}

fn of_service(study: &Study, reach: &Reach) -> Vec<Coverage> {
    let minutes = study.parameters.cover_limits_minutes.iter().map(|minutes| Limit::Minutes(*minutes));
    let limits = minutes.chain(reach.service.circle_m.map(Limit::Circle));
    limits
        .map(|limit| Coverage {
            service: reach.service.id.clone(),
            limit,
            people: reach.providers.as_ref().map(|_| people(study, reach, limit)),
        })
        .collect()
}

fn people(study: &Study, reach: &Reach, limit: Limit) -> AgeCounts {
    let within = |cell: usize| match limit {
        Limit::Minutes(minutes) => {
            reach.nearest[cell].is_some_and(|time| time <= Deciseconds::from_minutes(minutes))
        }
        Limit::Circle(_) => reach.in_circle[cell],
    };
    (0..study.cells.len()).filter(|cell| within(*cell)).map(|cell| study.cells[cell].population).sum()
}
