//! The travel-time matrix between institutions and cells, and what it says of each service.

use crate::access::services::Service;
use crate::geometry::plane::geodesic_m;
use crate::ingest::study::Study;
use crate::network::build::Linkage;
use crate::network::graph::Network;
use crate::network::link::{Direction, times};
use crate::network::search::Search;
use crate::progress::{Progress, Step};
use crate::units::Deciseconds;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Times between institutions and cells, one direction, cut at a limit.
#[derive(Clone, Debug, Default)]
pub struct Matrix {
    /// For each institution (position in the study) the cells it reaches, in order, with their times.
    pub rows: BTreeMap<usize, Vec<(u32, Deciseconds)>>,
}

/// What one service means for each cell.
#[derive(Clone, Debug)]
pub struct Reach {
    /// The service.
    pub service: Service,
    /// Its institutions; `None` = not loaded, and then nothing below is known.
    pub providers: Option<Vec<usize>>,
    /// Time between each cell and the nearest institution; `None` beyond the limit, or no road.
    pub nearest: Vec<Option<Deciseconds>>,
    /// Whether each cell lies in the circle of the fee rules of an institution; empty where the
    /// service has no such rule.
    pub in_circle: Vec<bool>,
}

/// Access of a whole study.
#[derive(Clone, Debug)]
pub struct Access {
    /// Minutes of visits, from institution to cell.
    pub visits: Matrix,
    /// Minutes of admissions, from cell to institution.
    pub admissions: Matrix,
    /// Every service of the table, in its order.
    pub services: Vec<Reach>,
}

/// Computes the matrices and every service's reach.
#[must_use]
pub fn reach(
    study: &Study,
    network: &Network,
    linkage: &Linkage,
    services: Vec<Service>,
    progress: &dyn Progress,
) -> Access {
    let limit = Deciseconds::from_minutes(study.parameters.travel_limit_minutes);
    let of_direction = |direction: Direction| {
        let mut institutions: Vec<usize> = services
            .iter()
            .filter(|service| service.direction.of_search() == direction)
            .filter_map(|service| service.providers(study))
            .flatten()
            .collect();
        institutions.sort_unstable();
        institutions.dedup();
        institutions
    };
    let cut_matrix = |label: &str, direction: Direction| {
        let institutions = of_direction(direction);
        let step = progress.step(label, institutions.len() as u64);
        matrix(network, linkage, &institutions, direction, limit, step.as_ref())
    };
    let visits = cut_matrix("訪問の所要時間", Direction::Outward);
    let admissions = cut_matrix("受入までの所要時間", Direction::Inward);
    let services = services
        .into_iter()
        .map(|service| {
            let matrix = match service.direction.of_search() {
                Direction::Outward => &visits,
                Direction::Inward => &admissions,
            };
            reach_of(study, matrix, service)
        })
        .collect();
    Access { visits, admissions, services }
}

/// Times of the given institutions, in parallel; one search each, one piece of work of `step`.
#[must_use]
pub fn matrix(
    network: &Network,
    linkage: &Linkage,
    institutions: &[usize],
    direction: Direction,
    limit: Deciseconds,
    step: &dyn Step,
) -> Matrix {
    let row = |search: &mut Search, institution: &usize| {
        let origin = linkage.institutions[*institution].as_ref();
        let row = origin.map_or_else(Vec::new, |origin| {
            let times = times(network, search, origin, &linkage.cells, direction, limit.0);
            (0..).zip(times).filter_map(|(cell, time)| time.map(|time| (cell, Deciseconds(time)))).collect()
        });
        step.advance(1);
        (*institution, row)
    };
    let rows: Vec<_> = institutions.par_iter().map_init(|| Search::new(network.nodes.len()), row).collect();
    Matrix { rows: rows.into_iter().collect() }
}

fn reach_of(study: &Study, matrix: &Matrix, service: Service) -> Reach {
    let Some(providers) = service.providers(study) else {
        return Reach { service, providers: None, nearest: Vec::new(), in_circle: Vec::new() };
    };
    let nearest = matrix.nearest(study.cells.len(), &providers);
    let in_circle = service.circle_m.map_or_else(Vec::new, |radius_m| {
        let centres: Vec<_> = providers.iter().filter_map(|at| study.institutions[*at].position).collect();
        let inside = |cell: &crate::ingest::study::Cell| {
            centres.iter().any(|centre| geodesic_m(*centre, cell.centre) <= f64::from(radius_m))
        };
        study.cells.par_iter().map(inside).collect()
    });
    Reach { service, providers: Some(providers), nearest, in_circle }
}

impl Matrix {
    /// Time between each cell and the nearest of the institutions.
    #[must_use]
    pub fn nearest(&self, cells: usize, institutions: &[usize]) -> Vec<Option<Deciseconds>> {
        let mut nearest: Vec<Option<Deciseconds>> = vec![None; cells];
        for (cell, time) in institutions.iter().filter_map(|at| self.rows.get(at)).flatten() {
            let known = &mut nearest[*cell as usize];
            *known = Some(known.map_or(*time, |known| known.min(*time)));
        }
        nearest
    }
}
