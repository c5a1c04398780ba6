//! N−1: what is lost if any one institution stops.

use crate::access::cover::{Concerned, Residents};
use crate::access::matrix::Matrix;
use crate::ingest::study::Study;
use crate::units::Deciseconds;

/// What stops with one institution.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    /// Position of the institution.
    pub institution: usize,
    /// Those whom no other covers: they depend on it.
    pub lost: Concerned,
    /// Their cells, in order.
    pub lost_cells: Vec<usize>,
    /// Those who are still covered, but from farther away.
    pub farther: Concerned,
    /// How much farther, on average over those people; `None` when nobody lives there.
    pub extra_minutes: Option<f64>,
}

/// The nearest institution of a cell, and the time of the next one.
#[derive(Clone, Copy)]
struct Nearest {
    institution: usize,
    time: Deciseconds,
    next: Option<Deciseconds>,
}

/// The loss of every institution of a cover, those on whom most people depend first.
#[must_use]
pub fn losses(cover: &Matrix, residents: &Residents) -> Vec<Loss> {
    let nearest = nearest(cover, residents.cells());
    let mut losses: Vec<Loss> =
        cover.rows.iter().map(|(at, row)| loss(*at, row, &nearest, residents)).collect();
    losses.sort_by_key(|loss| (std::cmp::Reverse(loss.lost.people.total), loss.institution));
    losses
}

/// For each municipality, those of whom nobody but one clinic with a single doctor comes; `None` = of
/// an institution on which some of them depend the doctors are not known.
#[must_use]
pub fn on_single_doctors(study: &Study, losses: &[Loss], residents: &Residents) -> Vec<Option<Concerned>> {
    let mut of = vec![Some(Concerned::default()); study.municipalities.len()];
    for loss in losses {
        let single = study.institutions[loss.institution].has_single_doctor();
        for cell in loss.lost_cells.iter().filter(|cell| residents.people[**cell].total > 0) {
            let sum = &mut of[study.cells[*cell].municipality];
            match single {
                Some(true) => *sum = sum.map(|sum| sum.and(residents.of(std::iter::once(*cell)))),
                Some(false) => {}
                None => *sum = None,
            }
        }
    }
    of
}

/// One pass over the pairs serves every institution: who stops matters only where it is nearest.
fn nearest(cover: &Matrix, cells: usize) -> Vec<Option<Nearest>> {
    let mut nearest: Vec<Option<Nearest>> = vec![None; cells];
    for (&institution, row) in &cover.rows {
        for &(cell, time) in row {
            let known = &mut nearest[cell as usize];
            *known = Some(match *known {
                None => Nearest { institution, time, next: None },
                Some(first) if time < first.time => Nearest { institution, time, next: Some(first.time) },
                Some(first) => {
                    let next = first.next.map_or(time, |next| next.min(time));
                    Nearest { next: Some(next), ..first }
                }
            });
        }
    }
    nearest
}

fn loss(
    institution: usize,
    row: &[(u32, Deciseconds)],
    nearest: &[Option<Nearest>],
    residents: &Residents,
) -> Loss {
    let own = row.iter().map(|(cell, _)| *cell as usize).filter_map(|cell| Some((cell, nearest[cell]?)));
    let (mut lost_cells, mut farther_cells, mut person_minutes) = (Vec::new(), Vec::new(), 0.0);
    for (cell, nearest) in own.filter(|(_, nearest)| nearest.institution == institution) {
        match nearest.next {
            None => lost_cells.push(cell),
            Some(next) if next > nearest.time => {
                let people = f64::from(residents.people[cell].total);
                person_minutes += people * (next.minutes() - nearest.time.minutes());
                farther_cells.push(cell);
            }
            Some(_) => (),
        }
    }
    let farther = residents.of(farther_cells.into_iter());
    let people = f64::from(farther.people.total);
    Loss {
        institution,
        lost: residents.of(lost_cells.iter().copied()),
        lost_cells,
        farther,
        extra_minutes: (people > 0.0).then(|| person_minutes / people),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::cover::counts;
    use crate::access::cover::tests::{any_cover, matrix, residents};
    use proptest::prelude::*;

    #[test]
    fn the_institution_on_which_most_people_depend_comes_first() {
        let cover = matrix(&[
            vec![Some(5), Some(7), None, None],
            vec![None, Some(9), Some(4), None],
            vec![None, Some(7), None, None],
        ]);
        let losses = losses(&cover, &residents(&[10, 20, 40, 80]));
        let told: Vec<_> = losses.iter().map(|loss| (loss.institution, loss.lost.people.total)).collect();
        // 20 people of the second cell have two institutions at seven minutes: nothing is farther.
        assert_eq!(told, [(1, 40), (0, 10), (2, 0)]);
        assert!(losses.iter().all(|loss| loss.farther.people.total == 0 && loss.extra_minutes.is_none()));
        assert_eq!(losses[0].lost_cells, [2]);
    }

    #[test]
    fn those_who_remain_covered_are_told_how_much_farther_it_is() {
        let cover = matrix(&[vec![Some(5), Some(5)], vec![Some(8), Some(15)]]);
        let losses = losses(&cover, &residents(&[30, 10]));
        assert_eq!((losses[0].institution, losses[0].farther.people.total), (0, 40));
        assert_eq!(losses[0].extra_minutes, Some((30.0 * 3.0 + 10.0 * 10.0) / 40.0));
        assert_eq!(losses[1].farther.people.total, 0);
    }

    proptest! {
        #[test]
        fn every_loss_is_what_a_cover_without_the_institution_says((cover, residents) in any_cover()) {
            let cells = residents.cells();
            let all: Vec<usize> = cover.rows.keys().copied().collect();
            let (before, times_before) = (counts(&cover, cells), cover.nearest(cells, &all));
            let losses = losses(&cover, &residents);
            prop_assert_eq!(losses.len(), all.len());
            for loss in losses {
                let mut without = cover.clone();
                without.rows.remove(&loss.institution);
                let (after, times_after) = (counts(&without, cells), without.nearest(cells, &all));
                let lost: Vec<usize> = (0..cells).filter(|cell| before[*cell] > 0 && after[*cell] == 0).collect();
                let farther = (0..cells).filter(|cell| after[*cell] > 0 && times_after[*cell] > times_before[*cell]);
                prop_assert_eq!(loss.lost, residents.of(lost.iter().copied()));
                prop_assert_eq!(loss.lost_cells, lost);
                prop_assert_eq!(loss.farther.people, residents.of(farther).people);
            }
        }
    }
}
