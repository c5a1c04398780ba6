//! What the travel-time matrix says of each service.

use crate::access::floating_catchment::circle;
use crate::access::matrix::{Matrix, matrix};
use crate::access::services::Service;
use crate::ingest::study::Study;
use crate::network::build::Roadway;
use crate::network::link::Direction;
use crate::progress::Progress;
use crate::units::Deciseconds;
use rayon::prelude::*;

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
pub fn reach(study: &Study, roadway: &Roadway, services: Vec<Service>, progress: &dyn Progress) -> Access {
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
        matrix(roadway, &institutions, direction, limit, step.as_ref())
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

fn reach_of(study: &Study, matrix: &Matrix, service: Service) -> Reach {
    let Some(providers) = service.providers(study) else {
        return Reach { service, providers: None, nearest: Vec::new(), in_circle: Vec::new() };
    };
    let nearest = matrix.nearest(study.cells.len(), &providers);
    let in_circle = service.circle_m.map_or_else(Vec::new, |radius_m| {
        let inside = circle(study, radius_m);
        let is_inside = |cell: u32| providers.iter().any(|at| inside(*at, cell));
        (0..study.cells.len() as u32).into_par_iter().map(is_inside).collect()
    });
    Reach { service, providers: Some(providers), nearest, in_circle }
}
