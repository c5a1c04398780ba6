//! Near partners for an institution that cannot be there around the clock on its own.

use crate::access::cover::{Concerned, Residents};
use crate::access::matrix::{Matrix, matrix_of_places};
use crate::network::build::Roadway;
use crate::network::link::Direction;
use crate::progress::Step;
use crate::units::Deciseconds;
use std::collections::BTreeSet;

/// An institution with which another could share its nights.
#[derive(Clone, Debug, PartialEq)]
pub struct Partner {
    /// Position of the institution.
    pub institution: usize,
    /// Time by car from the one that seeks to this one.
    pub time: Deciseconds,
    /// Those whom both cover: homes to which this one could go in place of the other.
    pub shared: Concerned,
    /// Their part of all whom the seeking one covers, in people, 0–1; `None` when it covers nobody.
    pub shared_share: Option<f64>,
}

/// Times by car from each of some institutions to every institution of the study; a "cell" of this
/// matrix is the position of an institution.
#[must_use]
pub fn between(roadway: &Roadway, institutions: &[usize], limit: Deciseconds, step: &dyn Step) -> Matrix {
    let places = &roadway.linkage.institutions;
    matrix_of_places(roadway, institutions, places, Direction::Outward, limit, step)
}

/// The nearest `most` institutions of a cover by time from `seeker`, nearest first; of equally near
/// ones those that share more people, then the order of the study.
#[must_use]
pub fn partners(
    cover: &Matrix,
    between: &Matrix,
    residents: &Residents,
    seeker: usize,
    most: usize,
) -> Vec<Partner> {
    let own: BTreeSet<u32> = cells(cover, seeker).collect();
    let all = f64::from(residents.of(own.iter().map(|cell| *cell as usize)).people.total);
    let partner = |(at, time): &(u32, Deciseconds)| {
        let institution = *at as usize;
        let both = cells(cover, institution).filter(|cell| own.contains(cell));
        let shared = residents.of(both.map(|cell| cell as usize));
        let shared_share = (all > 0.0).then(|| f64::from(shared.people.total) / all);
        Partner { institution, time: *time, shared, shared_share }
    };
    let others = between.rows.get(&seeker).into_iter().flatten();
    let others = others.filter(|(at, _)| *at as usize != seeker && cover.rows.contains_key(&(*at as usize)));
    let mut partners: Vec<Partner> = others.map(partner).collect();
    partners.sort_by_key(|partner| {
        (partner.time, std::cmp::Reverse(partner.shared.people.total), partner.institution)
    });
    partners.truncate(most);
    partners
}

fn cells(cover: &Matrix, institution: usize) -> impl Iterator<Item = u32> + '_ {
    cover.rows.get(&institution).into_iter().flatten().map(|(cell, _)| *cell)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::cover::tests::{matrix, residents};

    #[test]
    fn the_nearest_come_first_with_the_people_whom_both_cover() {
        let cover = matrix(&[
            vec![Some(5), Some(5), Some(5), None],
            vec![None, Some(9), Some(9), Some(9)],
            vec![Some(3), None, None, None],
            vec![None, None, None, Some(1)],
        ]);
        // The fifth institution is near but does not cover: it is no partner.
        let between = matrix(&[vec![Some(0), Some(12), Some(8), Some(12), Some(1)]]);
        let residents = residents(&[10, 20, 50, 100]);
        let partners = partners(&cover, &between, &residents, 0, 3);
        let told: Vec<_> = partners
            .iter()
            .map(|partner| (partner.institution, partner.time.minutes(), partner.shared.people.total))
            .collect();
        assert_eq!(told, [(2, 8.0, 10), (1, 12.0, 70), (3, 12.0, 0)]);
        assert_eq!(partners[1].shared_share, Some(0.875));
        assert_eq!(super::partners(&cover, &between, &residents, 0, 1).len(), 1);
    }

    #[test]
    fn without_a_way_to_anybody_there_is_no_partner() {
        let cover = matrix(&[vec![None], vec![Some(1)]]);
        assert!(partners(&cover, &matrix(&[]), &residents(&[10]), 0, 3).is_empty());
        let lonely = partners(&cover, &matrix(&[vec![Some(0), Some(4)]]), &residents(&[10]), 0, 3);
        assert_eq!((lonely[0].shared.people.total, lonely[0].shared_share), (0, None));
    }
}
