//! What may be shown of counts of people: counts of 1 to 9 are shown as 1–9, and so many others
//! are withheld that no such count follows from the totals of areas, were those known elsewhere.
//!
//! A total with a hidden count in it is shown as the least that the shown counts allow, so that
//! what is shown together holds nothing that the shown counts do not. Against totals that are known
//! elsewhere, counts are withheld (complementary suppression, Cox 1980, JASA 75:377–385) until no
//! small count is a linear combination of the totals of the areas and of what is shown. Totals that
//! tell a small count by themselves (of an area of one municipality, or of all other areas of its
//! kind) are taken not to be known: nothing that is withheld here would help. What follows from
//! bounds alone (two small counts that are 18 together) is not looked at.

use crate::demand::zones::Division;
use crate::ingest::study::{Count, Study};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Counts below this are small.
const SMALL_BELOW: u32 = 10;

/// A prime below which sums of products fit 64 bits: rows are reduced in its field.
const PRIME: u64 = 2_147_483_647;

/// A count as it may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// As counted.
    Exact(u32),
    /// 1 to 9.
    Small,
    /// Withheld so that a small count does not follow from a total.
    Withheld,
    /// Nobody has counted.
    Unknown,
}

impl Shown {
    /// For people.
    #[must_use]
    pub fn meant(self) -> String {
        match self {
            Self::Exact(people) => people.to_string(),
            Self::Small => "1–9".to_owned(),
            Self::Withheld => "秘匿".to_owned(),
            Self::Unknown => "不明".to_owned(),
        }
    }
}

/// The total of an area as it may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownTotal {
    /// As counted.
    Exact(u64),
    /// At least so many.
    AtLeast(u64),
    /// A part was not counted.
    Unknown,
}

impl ShownTotal {
    /// For people.
    #[must_use]
    pub fn meant(self) -> String {
        match self {
            Self::Exact(people) => people.to_string(),
            Self::AtLeast(people) => format!("{people}以上"),
            Self::Unknown => "不明".to_owned(),
        }
    }
}

/// What may be shown of every 区分, by year: of each municipality, in the order of the study.
pub type ShownCohorts = BTreeMap<String, BTreeMap<u16, Vec<Shown>>>;

/// What may be shown of every 区分 that the prefecture has counted, by year: of each municipality, in the
/// order of the study. Totals of every division may be known.
#[must_use]
pub fn shown_cohorts(study: &Study, divisions: &[Division]) -> ShownCohorts {
    let zones = divisions.iter().flat_map(|division| &division.zones);
    let areas: Vec<Vec<usize>> = zones.map(|zone| zone.municipalities.clone()).collect();
    let mut cohorts = ShownCohorts::new();
    for ((id, year), counts) in study.cohorts.iter().flatten() {
        let counts: Vec<_> = (0..study.municipalities.len()).map(|at| counts.get(&at).copied()).collect();
        cohorts.entry(id.clone()).or_default().insert(*year, shown(&counts, &areas));
    }
    cohorts
}

/// What may be shown of the counts of municipalities (`None` = not counted), with areas of
/// municipalities whose totals may be known elsewhere.
#[must_use]
pub fn shown(counts: &[Option<Count>], areas: &[Vec<usize>]) -> Vec<Shown> {
    let mut shown: Vec<Shown> = counts.iter().copied().map(shown_alone).collect();
    let areas = harmless(&shown, areas);
    let told = |shown: &[Shown]| {
        let hidden: Vec<usize> =
            (0..shown.len()).filter(|at| !matches!(shown[*at], Shown::Exact(_))).collect();
        derivable(&hidden, &areas).into_iter().find(|at| shown[*at] == Shown::Small)
    };
    while let Some(other) = told(&shown).and_then(|at| to_withhold(&shown, &areas, at)) {
        shown[other] = Shown::Withheld;
    }
    shown
}

/// The areas, in their order, as far as their totals alone tell no small count.
fn harmless<'a>(shown: &[Shown], areas: &'a [Vec<usize>]) -> Vec<&'a Vec<usize>> {
    let everything: Vec<usize> = (0..shown.len()).collect();
    let mut harmless = Vec::new();
    for area in areas.iter().filter(|area| area.len() > 1) {
        harmless.push(area);
        if derivable(&everything, &harmless).into_iter().any(|at| shown[at] == Shown::Small) {
            harmless.pop();
        }
    }
    harmless
}

fn shown_alone(count: Option<Count>) -> Shown {
    match count {
        None => Shown::Unknown,
        Some(Count::Small) => Shown::Small,
        Some(Count::Exact(people)) if (1..SMALL_BELOW).contains(&people) => Shown::Small,
        Some(Count::Exact(people)) => Shown::Exact(people),
    }
}

/// Of the smallest area with the count in it that has others to withhold, the smallest other, one
/// of nobody last; else the smallest anywhere.
fn to_withhold(shown: &[Shown], areas: &[&Vec<usize>], at: usize) -> Option<usize> {
    let exact = |at: &usize| match shown[*at] {
        Shown::Exact(people) => Some((people == 0, people, *at)),
        _ => None,
    };
    let with_it = areas.iter().filter(|area| area.contains(&at));
    let of_areas = with_it.filter_map(|area| Some((area.len(), area.iter().filter_map(exact).min()?)));
    let anywhere = || (0..shown.len()).filter_map(|at| exact(&at)).min();
    of_areas.min().map(|(_, other)| other).or_else(anywhere).map(|(_, _, other)| other)
}

/// The hidden counts that follow from the totals: those whose unit vector lies in the row space
/// of the areas over the hidden counts, which is where the reduced rows hold it alone.
fn derivable(hidden: &[usize], areas: &[&Vec<usize>]) -> Vec<usize> {
    let row = |area: &&Vec<usize>| hidden.iter().map(|at| u64::from(area.contains(at))).collect();
    let mut rows: Vec<Vec<u64>> = areas.iter().map(row).collect();
    reduce(&mut rows, hidden.len());
    let alone = |row: Vec<u64>| {
        let mut filled = row.iter().enumerate().filter(|(_, value)| **value > 0);
        match (filled.next(), filled.next()) {
            (Some((column, _)), None) => Some(hidden[column]),
            _ => None,
        }
    };
    rows.into_iter().filter_map(alone).collect()
}

/// Gauss–Jordan elimination in the field of [`PRIME`].
fn reduce(rows: &mut [Vec<u64>], columns: usize) {
    let mut top = 0;
    for column in 0..columns {
        let Some(pivot) = (top..rows.len()).find(|row| rows[*row][column] > 0) else { continue };
        rows.swap(top, pivot);
        let inverse = power(rows[top][column], PRIME - 2);
        let lead: Vec<u64> = rows[top].iter().map(|value| value * inverse % PRIME).collect();
        for (_, row) in rows.iter_mut().enumerate().filter(|(at, _)| *at != top) {
            let factor = PRIME - row[column];
            for (value, lead) in row.iter_mut().zip(&lead) {
                *value = (*value + factor * lead) % PRIME;
            }
        }
        rows[top] = lead;
        top += 1;
    }
}

/// A power in the field of [`PRIME`].
fn power(mut base: u64, mut exponent: u64) -> u64 {
    let mut result = 1;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
        exponent >>= 1;
    }
    result
}

/// The total of some municipalities as it may be shown.
#[must_use]
pub fn shown_total(shown: &[Shown], municipalities: &[usize]) -> ShownTotal {
    let (mut least, mut exact) = (0, true);
    for at in municipalities {
        match shown[*at] {
            Shown::Exact(people) => least += u64::from(people),
            Shown::Small => (least, exact) = (least + 1, false),
            Shown::Withheld => exact = false,
            Shown::Unknown => return ShownTotal::Unknown,
        }
    }
    if exact { ShownTotal::Exact(least) } else { ShownTotal::AtLeast(least) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn exact(counts: &[u32]) -> Vec<Option<Count>> {
        counts.iter().map(|people| Some(Count::Exact(*people))).collect()
    }

    #[test]
    fn one_small_count_of_an_area_takes_the_smallest_other_with_it() {
        let all = vec![vec![0, 1, 2, 3]];
        let found = shown(&exact(&[4, 30, 12, 0]), &all);
        assert_eq!(found, [Shown::Small, Shown::Exact(30), Shown::Withheld, Shown::Exact(0)]);
        assert_eq!(shown_total(&found, &all[0]), ShownTotal::AtLeast(31));
        let found = shown(&exact(&[4, 0, 0]), &[vec![0, 1, 2]]);
        assert_eq!(found, [Shown::Small, Shown::Withheld, Shown::Exact(0)]);
    }

    #[test]
    fn two_small_counts_hide_each_other_but_not_from_areas_between_them() {
        let counts = exact(&[4, 5, 30, 40]);
        let found = shown(&counts, &[vec![0, 1, 2, 3]]);
        assert_eq!(found, [Shown::Small, Shown::Small, Shown::Exact(30), Shown::Exact(40)]);
        let found = shown(&counts, &[vec![0, 1, 2, 3], vec![0, 2], vec![1, 3]]);
        assert_eq!(found, [Shown::Small, Shown::Small, Shown::Withheld, Shown::Withheld]);
    }

    #[test]
    fn totals_that_tell_a_small_count_by_themselves_withhold_nothing_more() {
        let counts = exact(&[4, 30, 12, 40]);
        let areas = [vec![0, 1, 2, 3], vec![0], vec![1, 2, 3]];
        let found = shown(&counts, &areas);
        assert_eq!(found, [Shown::Small, Shown::Exact(30), Shown::Withheld, Shown::Exact(40)]);
    }

    #[test]
    fn nothing_small_hides_nothing_and_what_was_not_counted_is_unknown() {
        assert_eq!(shown(&exact(&[10, 0]), &[vec![0, 1]]), [Shown::Exact(10), Shown::Exact(0)]);
        let found = shown(&[Some(Count::Small), None, Some(Count::Exact(11))], &[vec![0, 1, 2]]);
        assert_eq!(found, [Shown::Small, Shown::Unknown, Shown::Exact(11)]);
        assert_eq!(shown_total(&found, &[0, 2]), ShownTotal::AtLeast(12));
        assert_eq!(shown_total(&found, &[0, 1]), ShownTotal::Unknown);
        assert_eq!(shown_total(&found, &[2]), ShownTotal::Exact(11));
    }

    /// Rank by elimination in binary fractions.
    fn rank(mut rows: Vec<Vec<f64>>) -> usize {
        let (mut top, columns) = (0, rows.first().map_or(0, Vec::len));
        for column in 0..columns {
            let Some(pivot) = (top..rows.len())
                .filter(|row| rows[*row][column].abs() > 1e-9)
                .max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))
            else {
                continue;
            };
            rows.swap(top, pivot);
            let lead = rows[top].clone();
            for row in &mut rows[top + 1..] {
                let factor = row[column] / lead[column];
                for (value, lead) in row.iter_mut().zip(&lead) {
                    *value -= factor * lead;
                }
            }
            top += 1;
        }
        top
    }

    proptest! {
        #[test]
        fn no_small_count_follows_from_totals_that_do_not_tell_it_by_themselves(
            counts in prop::collection::vec(prop_oneof![Just(0_u32), 1..10_u32, 10..60_u32], 2..9),
            systems in prop::collection::vec(prop::collection::vec(0..3_usize, 9), 0..4),
        ) {
            let everything: Vec<usize> = (0..counts.len()).collect();
            let mut areas = vec![everything.clone()];
            for system in &systems {
                for zone in 0..3 {
                    areas.push(everything.iter().copied().filter(|at| system[*at] == zone).collect());
                }
            }
            let found = shown(&exact(&counts), &areas);
            let hidden: Vec<usize> =
                everything.iter().copied().filter(|at| !matches!(found[*at], Shown::Exact(_))).collect();
            let row = |area: &&Vec<usize>| hidden.iter().map(|at| f64::from(u8::from(area.contains(at)))).collect();
            let rows: Vec<Vec<f64>> = harmless(&found, &areas).iter().map(row).collect();
            for (column, at) in hidden.iter().enumerate() {
                let unit = (0..hidden.len()).map(|other| f64::from(u8::from(other == column))).collect();
                let with_it: Vec<Vec<f64>> = rows.iter().cloned().chain([unit]).collect();
                let follows = rank(with_it) == rank(rows.clone());
                prop_assert!(!follows || found[*at] != Shown::Small, "{found:?} {areas:?}");
            }
            for (at, count) in counts.iter().enumerate() {
                prop_assert_eq!((1..10).contains(count), found[at] == Shown::Small);
            }
        }
    }
}
