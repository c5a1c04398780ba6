//! Municipalities in which a service has no institution.

use crate::access::reach::Reach;
use crate::ingest::study::Study;

/// A gap.
#[derive(Clone, Debug, PartialEq)]
pub enum Gap {
    /// No file that was loaded can speak of the service.
    NotLoaded {
        /// Id of the service.
        service: String,
    },
    /// No institution that is known to stand in this municipality.
    None {
        /// Id of the service.
        service: String,
        /// False while the municipality of some institution of the service is not known.
        certain: bool,
        /// Position of the municipality in the study.
        municipality: usize,
        /// Residents aged 75 and over.
        people_75_plus: u64,
        /// Those of them who have no institution within the travel limit anywhere.
        beyond_limit_75_plus: u64,
        /// Mean minutes to the nearest institution for the others; `None` when there are no others.
        nearest_minutes: Option<f64>,
    },
}

/// Gaps of every service in the order of the table, then by people concerned, most first.
#[must_use]
pub fn gaps(study: &Study, services: &[Reach]) -> Vec<Gap> {
    services
        .iter()
        .flat_map(|reach| match &reach.providers {
            None => vec![Gap::NotLoaded { service: reach.service.id.clone() }],
            Some(providers) => of_service(study, reach, providers),
        })
        .collect()
}

fn of_service(study: &Study, reach: &Reach, providers: &[usize]) -> Vec<Gap> {
    let homes: Vec<_> = providers.iter().map(|at| study.institutions[*at].municipality).collect();
    let certain = !homes.contains(&None);
    let mut served = vec![false; study.municipalities.len()];
    for home in homes.into_iter().flatten() {
        served[home] = true;
    }
    let mut gaps: Vec<_> = (0..served.len())
        .filter(|at| !served[*at])
        .map(|municipality| gap(study, reach, certain, municipality))
        .collect();
    gaps.sort_by_key(|gap| match gap {
        Gap::None { people_75_plus, municipality, .. } => (std::cmp::Reverse(*people_75_plus), *municipality),
        Gap::NotLoaded { .. } => (std::cmp::Reverse(0), 0),
    });
    gaps
}

fn gap(study: &Study, reach: &Reach, certain: bool, municipality: usize) -> Gap {
    let (mut people, mut reached, mut person_minutes) = (0, 0, 0.0);
    for (cell, nearest) in
        study.cells.iter().zip(&reach.nearest).filter(|(cell, _)| cell.municipality == municipality)
    {
        let old = u64::from(cell.population.age_75_plus);
        people += old;
        if let Some(time) = nearest {
            reached += old;
            person_minutes += old as f64 * time.minutes();
        }
    }
    Gap::None {
        service: reach.service.id.clone(),
        certain,
        municipality,
        people_75_plus: people,
        beyond_limit_75_plus: people - reached,
        nearest_minutes: (reached > 0).then(|| person_minutes / reached as f64),
    }
}
