//! People of cells that several municipalities share.
//!
//! A census cell on a border is published as one row. Its people are first taken to be spread
//! evenly over its land. Where the census totals of the municipalities are known, the shares are
//! then fitted by iterative proportional fitting (Deming & Stephan 1940, "On a Least Squares
//! Adjustment of a Sampled Frequency Table When the Expected Marginal Totals Are Known"): scaled
//! in turn to the total of each municipality and of each cell. Totals that no split can meet are
//! met as nearly as the cells allow; the total of a cell always holds.

use crate::ingest::census_mesh::largest_remainder;

/// A cell and the municipalities in which it lies.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SharedCell {
    /// People of the whole cell.
    pub people: u32,
    /// Municipality and its share of the cell's people; shares are positive and add up to 1.
    pub shares: Vec<(usize, f64)>,
}

/// Rounds after which the fit is taken as it is. Totals that agree are met long before.
const MOST_ROUNDS: usize = 1_000;
/// The fit ends when no municipality is scaled by more than this share.
const STEADY: f64 = 1e-9;
/// A municipality's border cells are never scaled to nothing, so that every share stays positive
/// even where the cells inside it alone have more people than its total.
const FEWEST_PEOPLE: f64 = 1e-3;
/// A share of 1 as a whole number, fine enough for any cell.
const WHOLE_SHARE: f64 = 1e9;

/// Fits the shares of the cells to the people of each municipality; `None` = not known, the
/// municipality is not scaled. Cells in one municipality only are held as they are.
pub(crate) fn fit(cells: &mut [SharedCell], totals: &[Option<u32>]) {
    let mut wanted: Vec<Option<f64>> = totals.iter().map(|total| total.map(f64::from)).collect();
    for cell in &*cells {
        if let [(municipality, _)] = cell.shares.as_slice()
            && let Some(wanted) = &mut wanted[*municipality]
        {
            *wanted -= f64::from(cell.people);
        }
    }
    let mut shared: Vec<&mut SharedCell> = cells.iter_mut().filter(|cell| cell.shares.len() > 1).collect();
    for _ in 0..MOST_ROUNDS {
        let mut people = vec![0.0; totals.len()];
        for cell in &shared {
            for (municipality, share) in &cell.shares {
                people[*municipality] += share * f64::from(cell.people);
            }
        }
        let factors: Vec<f64> = wanted
            .iter()
            .zip(people)
            .map(|(wanted, people)| match wanted {
                Some(wanted) if people > 0.0 => wanted.max(FEWEST_PEOPLE) / people,
                _ => 1.0,
            })
            .collect();
        for cell in &mut shared {
            for (municipality, share) in &mut cell.shares {
                *share *= factors[*municipality];
            }
            let sum: f64 = cell.shares.iter().map(|(_, share)| share).sum();
            for (_, share) in &mut cell.shares {
                // The least positive number keeps a share that has become too small to be written.
                *share = (*share / sum).max(f64::MIN_POSITIVE);
            }
        }
        if factors.iter().all(|factor| (factor - 1.0).abs() < STEADY) {
            break;
        }
    }
}

/// Whole persons of each share of each cell: largest remainders (Hamilton) of the share and of what
/// rounding has so far kept from the municipality, so that neither a cell nor, over many cells, a
/// municipality gains or loses by rounding. Every cell keeps its people exactly.
pub(crate) fn whole_persons(cells: &[SharedCell], municipalities: usize) -> Vec<Vec<u32>> {
    let mut owed = vec![0.0; municipalities];
    let of_cell = |cell: &SharedCell| {
        let exact: Vec<f64> = cell.shares.iter().map(|(_, share)| share * f64::from(cell.people)).collect();
        let with_owed: Vec<f64> =
            exact.iter().zip(&cell.shares).map(|(exact, (at, _))| (exact + owed[*at]).max(0.0)).collect();
        let weights = if with_owed.iter().sum::<f64>() > 0.0 { with_owed } else { exact.clone() };
        let sum: f64 = weights.iter().sum();
        let weights: Vec<u32> = weights.iter().map(|weight| (weight / sum * WHOLE_SHARE) as u32).collect();
        let persons = largest_remainder(&weights, cell.people);
        for (((at, _), exact), persons) in cell.shares.iter().zip(exact).zip(&persons) {
            owed[*at] += exact - f64::from(*persons);
        }
        persons
    };
    cells.iter().map(of_cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cell(people: u32, shares: &[(usize, f64)]) -> SharedCell {
        SharedCell { people, shares: shares.to_vec() }
    }

    fn sums(cells: &[SharedCell], persons: &[Vec<u32>], municipalities: usize) -> Vec<u32> {
        let mut sums = vec![0; municipalities];
        for (cell, persons) in cells.iter().zip(persons) {
            for ((at, _), persons) in cell.shares.iter().zip(persons) {
                sums[*at] += persons;
            }
        }
        sums
    }

    #[test]
    fn a_town_that_is_full_gives_the_border_to_its_neighbour() {
        let mut cells =
            vec![cell(900, &[(0, 1.0)]), cell(100, &[(0, 0.5), (1, 0.5)]), cell(200, &[(0, 0.5), (1, 0.5)])];
        fit(&mut cells, &[Some(960), Some(240)]);
        // 60 of the 300 border people are the first town's.
        let persons = whole_persons(&cells, 2);
        assert_eq!(persons, [vec![900], vec![20, 80], vec![40, 160]]);
    }

    #[test]
    fn a_municipality_without_a_total_takes_what_the_others_leave() {
        let mut cells = vec![cell(100, &[(0, 0.5), (1, 0.5)]), cell(40, &[(1, 0.3), (2, 0.7)])];
        fit(&mut cells, &[Some(20), None, None]);
        assert_eq!(whole_persons(&cells, 3), [vec![20, 80], vec![12, 28]]);
    }

    #[test]
    fn totals_that_no_split_can_meet_leave_every_cell_whole() {
        let mut cells =
            vec![cell(500, &[(0, 1.0)]), cell(7, &[(0, 0.2), (1, 0.8)]), cell(3, &[(0, 0.9), (1, 0.1)])];
        fit(&mut cells, &[Some(100), Some(90_000)]);
        assert_eq!(whole_persons(&cells, 2), [vec![500], vec![0, 7], vec![0, 3]]);
        fit(&mut cells, &[Some(0), Some(0)]);
        assert!(
            whole_persons(&cells, 2)
                .iter()
                .zip(&cells)
                .all(|(persons, cell)| persons.iter().sum::<u32>() == cell.people)
        );
    }

    #[test]
    fn many_small_cells_do_not_lose_the_smaller_share_to_rounding() {
        let cells = vec![cell(4, &[(0, 0.9), (1, 0.1)]); 100];
        assert_eq!(sums(&cells, &whole_persons(&cells, 2), 2), [360, 40]);
    }

    fn shares() -> impl Strategy<Value = Vec<(u32, Vec<(usize, f64)>)>> {
        let parts = prop::collection::btree_map(0_usize..5, 0.001_f64..1.0, 1..4);
        let cell = (0_u32..20_000, parts).prop_map(|(people, parts)| {
            let sum: f64 = parts.values().sum();
            (people, parts.into_iter().map(|(at, share)| (at, share / sum)).collect())
        });
        prop::collection::vec(cell, 1..60)
    }

    fn shared(cells: Vec<(u32, Vec<(usize, f64)>)>) -> Vec<SharedCell> {
        cells.into_iter().map(|(people, shares)| SharedCell { people, shares }).collect()
    }

    proptest! {
        #[test]
        fn no_cell_gains_or_loses_a_person_whatever_the_totals(
            cells in shares(),
            totals in prop::collection::vec(prop::option::of(0_u32..100_000), 5),
        ) {
            let mut cells = shared(cells);
            fit(&mut cells, &totals);
            for (cell, persons) in cells.iter().zip(whole_persons(&cells, 5)) {
                prop_assert!((cell.shares.iter().map(|(_, share)| share).sum::<f64>() - 1.0).abs() < 1e-9);
                prop_assert!(cell.shares.iter().all(|(_, share)| *share > 0.0));
                prop_assert_eq!(persons.iter().sum::<u32>(), cell.people);
            }
        }

        #[test]
        fn totals_that_agree_with_some_split_are_met(
            cells in shares(),
            tilt in prop::collection::vec(0.2_f64..5.0, 5),
        ) {
            // People as they truly live: shares other than those of the land.
            let mut cells = shared(cells);
            let truly: Vec<SharedCell> = cells.iter().map(|cell| {
                let tilted: Vec<f64> = cell.shares.iter().map(|(at, share)| share * tilt[*at]).collect();
                let sum: f64 = tilted.iter().sum();
                let shares = cell.shares.iter().zip(tilted).map(|((at, _), tilted)| (*at, tilted / sum));
                SharedCell { people: cell.people, shares: shares.collect() }
            }).collect();
            let totals = sums(&truly, &whole_persons(&truly, 5), 5);
            fit(&mut cells, &totals.iter().copied().map(Some).collect::<Vec<_>>());
            for (fitted, total) in sums(&cells, &whole_persons(&cells, 5), 5).into_iter().zip(totals) {
                prop_assert!(fitted.abs_diff(total) <= 5, "{} {}", fitted, total);
            }
        }

        #[test]
        fn the_same_cells_are_split_the_same_twice(cells in shares(), totals in prop::collection::vec(0_u32..100_000, 5)) {
            let totals: Vec<Option<u32>> = totals.into_iter().map(Some).collect();
            let (mut one, mut other) = (shared(cells.clone()), shared(cells));
            fit(&mut one, &totals);
            fit(&mut other, &totals);
            prop_assert_eq!(whole_persons(&one, 5), whole_persons(&other, 5));
            prop_assert_eq!(one, other);
        }
    }
}
