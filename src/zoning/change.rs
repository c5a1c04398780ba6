//! How much of a plan stays when it becomes another.
//!
//! Method: assignment of the zones of one plan to those of the other with the greatest overlap, by
//! shortest augmenting paths with potentials (Kuhn 1955, Naval Research Logistics 2:83–97; Jonker &
//! Volgenant 1987, Computing 38:325–340).

/// The weight of the units that change their zone when the old zones live on, each in at most one of
/// the new ones, as well as they can. Zones are counted from 0.
pub(super) fn moved(old: &[usize], new: &[usize], weight: &[u64]) -> u64 {
    let size = old.iter().chain(new).max().map_or(0, |zone| zone + 1);
    let mut overlap = vec![vec![0i64; size]; size];
    for ((from, to), weight) in old.iter().zip(new).zip(weight) {
        overlap[*from][*to] += *weight as i64;
    }
    weight.iter().sum::<u64>() - greatest_sum(&overlap) as u64
}

/// The greatest sum of one entry in each row and each column of a square table.
fn greatest_sum(gain: &[Vec<i64>]) -> i64 {
    let size = gain.len();
    // Rows and columns are counted from 1; 0 is where each path starts.
    let (mut of_row, mut of_column) = (vec![0; size + 1], vec![0; size + 1]);
    let mut row_of = vec![0; size + 1];
    for row in 1..=size {
        row_of[0] = row;
        let mut column = 0;
        let mut least = vec![i64::MAX; size + 1];
        let mut before = vec![0; size + 1];
        let mut done = vec![false; size + 1];
        while row_of[column] != 0 {
            done[column] = true;
            let at = row_of[column];
            let (mut step, mut next) = (i64::MAX, 0);
            for other in (1..=size).filter(|other| !done[*other]) {
                let slack = -gain[at - 1][other - 1] - of_row[at] - of_column[other];
                if slack < least[other] {
                    (least[other], before[other]) = (slack, column);
                }
                if least[other] < step {
                    (step, next) = (least[other], other);
                }
            }
            for other in 0..=size {
                if done[other] {
                    of_row[row_of[other]] += step;
                    of_column[other] -= step;
                } else {
                    least[other] = least[other].saturating_sub(step);
                }
            }
            column = next;
        }
        while column != 0 {
            row_of[column] = row_of[before[column]];
            column = before[column];
        }
    }
    (1..=size).map(|column| gain[row_of[column] - 1][column - 1]).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_plan_with_other_numbers_for_its_zones_moves_nothing() {
        assert_eq!(moved(&[0, 0, 1, 2], &[2, 2, 0, 1], &[1; 4]), 0);
    }

    #[test]
    fn of_two_merged_zones_the_lighter_one_moves() {
        assert_eq!(moved(&[0, 0, 1, 1], &[0, 0, 0, 0], &[5, 5, 1, 2]), 3);
    }

    #[test]
    fn of_a_zone_cut_in_two_the_lighter_part_moves() {
        assert_eq!(moved(&[0, 0, 0], &[0, 1, 1], &[7, 1, 2]), 3);
    }

    fn tried(gain: &[Vec<i64>], row: usize, used: usize) -> i64 {
        if row == gain.len() {
            return 0;
        }
        let free = (0..gain.len()).filter(|column| used >> column & 1 == 0);
        free.map(|column| gain[row][column] + tried(gain, row + 1, used | 1 << column)).max().unwrap_or(0)
    }

    proptest! {
        #[test]
        fn no_other_assignment_gains_more(entries in prop::collection::vec(0i64..9, 25), size in 0usize..=5) {
            let gain: Vec<Vec<i64>> = (0..size).map(|row| entries[row * 5..row * 5 + size].to_vec()).collect();
            prop_assert_eq!(greatest_sum(&gain), tried(&gain, 0, 0));
        }
    }
}
