//! How ストラクチャー, プロセス and アウトカム indicators of one function of home care go together over the
//! areas of a prefecture: Spearman's rank correlation (C. Spearman, "The proof and measurement of association
//! between two things", 1904), ties at their mean rank.
//!
//! A first look at why a value is what it is; that two values go together does not say that one makes the
//! other.

use crate::assess::examples::classified;
use crate::assess::indicators::{ShownIndicator, ShownValue};
use crate::ingest::study::{AreaValue, Indicator};
use std::collections::BTreeMap;

/// With four areas two orders of 24 agree wholly or are wholly turned round: nothing can be said.
const LEAST_AREAS: usize = 5;

/// Two indicators of one function, the one earlier in the chain ストラクチャー → プロセス → アウトカム first.
#[derive(Clone, Debug, PartialEq)]
pub struct Association {
    /// Position of the indicator.
    pub earlier: usize,
    /// Position of the indicator.
    pub later: usize,
    /// Areas of which both numbers may be shown.
    pub areas: usize,
    /// −1 (opposite orders) to 1 (same order); `None` with fewer than five areas or where all values
    /// of one indicator are alike.
    pub rank_correlation: Option<f64>,
    /// The size that 1 in 20 unrelated pairs exceeds, 1.96/√(areas − 1); `None` with fewer than five areas.
    pub by_chance: Option<f64>,
}

/// Every pair of the newest figures of each name, in the order of the study.
///
/// `shown` are the indicators as they may be shown: numbers that are withheld take no part. Values that may be
/// added are compared for each person of 75 and over, of whom `old` tells by municipality; others as they are.
#[must_use]
pub fn associations(indicators: &[Indicator], shown: &[ShownIndicator], old: &[u64]) -> Vec<Association> {
    let of: Vec<_> = indicators.iter().map(classified).collect();
    let values: Vec<_> =
        indicators.iter().zip(shown).map(|(indicator, shown)| values(indicator, shown, old)).collect();
    let newest = newest(indicators);
    let is_pair = |(one, other): &(usize, usize)| {
        of[*one].function.is_some()
            && of[*one].function == of[*other].function
            && of[*one].element.zip(of[*other].element).is_some_and(|(one, other)| one < other)
    };
    let pairs = newest.iter().flat_map(|one| newest.iter().map(move |other| (*one, *other)));
    pairs.filter(is_pair).map(|(earlier, later)| association(&values, earlier, later)).collect()
}

/// Positions of the newest figures of each name, rising.
fn newest(indicators: &[Indicator]) -> Vec<usize> {
    let mut newest: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, one) in indicators.iter().enumerate() {
        let held = newest.entry(&one.name).or_insert(at);
        if one.year > indicators[*held].year {
            *held = at;
        }
    }
    let mut positions: Vec<usize> = newest.into_values().collect();
    positions.sort_unstable();
    positions
}

/// Values that can be compared, by the municipalities of their areas.
type Values = BTreeMap<Vec<usize>, f64>;

fn association(values: &[Values], earlier: usize, later: usize) -> Association {
    let both: Vec<(f64, f64)> = values[earlier]
        .iter()
        .filter_map(|(area, value)| Some((*value, *values[later].get(area)?)))
        .collect();
    let is_enough = both.len() >= LEAST_AREAS;
    Association {
        earlier,
        later,
        areas: both.len(),
        rank_correlation: is_enough.then(|| spearman(&both)).flatten(),
        by_chance: is_enough.then(|| 1.96 / ((both.len() - 1) as f64).sqrt()),
    }
}

fn values(indicator: &Indicator, shown: &ShownIndicator, old: &[u64]) -> Values {
    let comparable = |(area, value): (&AreaValue, &ShownValue)| {
        let ShownValue::Exact(value) = *value else { return None };
        let old: u64 = area.municipalities.iter().map(|at| old[*at]).sum();
        let value = if indicator.adds_up { (old > 0).then(|| value / old as f64)? } else { value };
        let mut municipalities = area.municipalities.clone();
        municipalities.sort_unstable();
        Some((municipalities, value))
    };
    indicator.areas.iter().zip(&shown.areas).filter_map(comparable).collect()
}

/// Rank correlation; `None` where the values of one side are all alike.
fn spearman(pairs: &[(f64, f64)]) -> Option<f64> {
    let (one, other): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (one, other) = (ranks(&one), ranks(&other));
    let mean = f64::midpoint(pairs.len() as f64, 1.0);
    let product = |one: &[f64], other: &[f64]| -> f64 {
        one.iter().zip(other).map(|(one, other)| (one - mean) * (other - mean)).sum()
    };
    let spread = (product(&one, &one) * product(&other, &other)).sqrt();
    (spread > 0.0).then(|| product(&one, &other) / spread)
}

/// Ranks from 1; equal values have the mean of their ranks.
fn ranks(values: &[f64]) -> Vec<f64> {
    let rank = |value: &f64| {
        let below = values.iter().filter(|other| *other < value).count();
        let alike = values.iter().filter(|other| *other == value).count();
        below as f64 + f64::midpoint(alike as f64, 1.0)
    };
    values.iter().map(rank).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::study::{Element, Function, Measured};

    #[test]
    fn ties_have_their_mean_rank() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 9.0]), [2.5, 1.0, 2.5, 4.0]);
    }

    #[test]
    fn the_correlation_is_that_of_the_textbook() {
        // Without ties rho = 1 − 6 Σd²/(n(n² − 1)).
        let pairs = [(1.0, 1.0), (2.0, 30.0), (3.0, 20.0), (4.0, 60.0), (5.0, 4.0)];
        // Ranks of the second: 1, 4, 3, 5, 2, so Σd² = 0 + 4 + 0 + 1 + 9 and rho = 1 − 84/120.
        assert!((spearman(&pairs).expect("varies") - 0.3).abs() < 1e-12);
        let rising: Vec<(f64, f64)> = (0..6).map(|at| (f64::from(at), f64::from(at * at))).collect();
        assert!((spearman(&rising).expect("varies") - 1.0).abs() < 1e-12);
        assert_eq!(spearman(&[(1.0, 2.0), (1.0, 3.0)]), None);
    }

    fn indicator(name: &str, year: u16, element: Option<Element>, values: &[f64]) -> Indicator {
        let area = |(at, value): (usize, &f64)| AreaValue {
            name: String::new(),
            municipalities: vec![at],
            value: Measured::Exact(*value),
        };
        Indicator {
            name: name.to_owned(),
            year: Some(year),
            unit: "件".to_owned(),
            function: Some(Function::EndOfLife),
            element,
            importance: None,
            adds_up: element == Some(Element::Process),
            patients: false,
            source: String::new(),
            input: 0,
            areas: values.iter().enumerate().map(area).collect(),
        }
    }

    #[test]
    fn the_newest_figures_along_the_chain_are_paired_and_what_is_withheld_takes_no_part() {
        let indicators = [
            indicator("看取りの件数", 2023, Some(Element::Process), &[9.0, 8.0, 7.0, 6.0, 5.0, 4.0]),
            indicator("看取りの件数", 2024, Some(Element::Process), &[10.0, 10.0, 10.0, 10.0, 10.0, 99.0]),
            indicator("自宅死の割合", 2024, Some(Element::Outcome), &[5.0, 4.0, 3.0, 2.0, 1.0, 0.0]),
            indicator("何か", 2024, None, &[1.0; 6]),
        ];
        let exact = |one: &Indicator| ShownIndicator {
            areas: (0..6)
                .map(|at| match one.areas[at].value {
                    Measured::Exact(value) => ShownValue::Exact(value),
                    _ => ShownValue::Unknown,
                })
                .collect(),
            zones: Vec::new(),
        };
        let mut shown: Vec<ShownIndicator> = indicators.iter().map(exact).collect();
        shown[1].areas[5] = ShownValue::Withheld;
        // Ten cases among ever fewer old people: for each of them the first area has least.
        let found = associations(&indicators, &shown, &[500, 400, 300, 200, 100, 50]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].earlier, found[0].later, found[0].areas), (1, 2, 5));
        assert!((found[0].rank_correlation.expect("five areas") + 1.0).abs() < 1e-12);
        assert!((found[0].by_chance.expect("five areas") - 0.98).abs() < 1e-12);

        shown[1].areas[0] = ShownValue::Small;
        let found = associations(&indicators, &shown, &[500, 400, 300, 200, 100, 50]);
        assert_eq!((found[0].areas, found[0].rank_correlation, found[0].by_chance), (4, None, None));
    }
}
