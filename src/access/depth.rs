//! Depth of cover: how many institutions stand behind each home.

use crate::access::cover::{Concerned, Residents, counts};
use crate::access::matrix::Matrix;

/// Residents by the number of distinct institutions that cover them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Depth {
    /// Nobody comes.
    pub none: Concerned,
    /// Everything depends on one.
    pub one: Concerned,
    /// Two.
    pub two: Concerned,
    /// Three or more.
    pub three_or_more: Concerned,
}

/// Depth of a cover (see [`cover`](crate::access::cover::cover)) over some cells.
#[must_use]
pub fn depth(cover: &Matrix, residents: &Residents, cells: &[usize]) -> Depth {
    let counts = counts(cover, residents.cells());
    let by = |is: fn(u32) -> bool| residents.of(cells.iter().copied().filter(|cell| is(counts[*cell])));
    Depth { none: by(|n| n == 0), one: by(|n| n == 1), two: by(|n| n == 2), three_or_more: by(|n| n >= 3) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::cover::tests::{any_cover, matrix, residents};
    use proptest::prelude::*;

    #[test]
    fn people_are_counted_by_the_institutions_behind_them() {
        let (near, far) = (Some(1), None);
        let cover = matrix(&[
            vec![near, near, near, near, far],
            vec![far, near, near, near, far],
            vec![far, far, near, near, far],
            vec![far, far, far, near, far],
        ]);
        let depth = depth(&cover, &residents(&[10, 20, 40, 80, 160]), &[0, 1, 2, 3, 4]);
        let people = |concerned: Concerned| (concerned.people.total, concerned.people.age_75_plus);
        assert_eq!(people(depth.none), (160, 80));
        assert_eq!(people(depth.one), (10, 5));
        assert_eq!(people(depth.two), (20, 10));
        assert_eq!(people(depth.three_or_more), (120, 60));
        assert_eq!(depth.two.demand, 2.0);
    }

    proptest! {
        #[test]
        fn everybody_is_counted_once_and_another_institution_takes_nobody_out((cover, residents) in any_cover()) {
            let cells: Vec<usize> = (0..residents.cells()).collect();
            let all = residents.of(cells.iter().copied()).people.total;
            let now = depth(&cover, &residents, &cells);
            let sum = [now.none, now.one, now.two, now.three_or_more].map(|part| part.people.total);
            prop_assert_eq!(sum.iter().sum::<u32>(), all);
            let mut fewer = cover.clone();
            fewer.rows.pop_first();
            let before = depth(&fewer, &residents, &cells);
            prop_assert!(now.none.people.total <= before.none.people.total);
            prop_assert!(now.three_or_more.people.total >= before.three_or_more.people.total);
        }
    }
}
