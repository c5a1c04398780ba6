//! What may be shown of the figures that files tell of areas: by area, and by zone of every plan.
//!
//! The value of a zone is the sum of its areas where the unit allows sums and the zone is made of whole
//! areas. Counts of patients are shown as `demand::disclosure` allows, with the zones of all plans as
//! areas whose totals may be known elsewhere.

use crate::assess::plans::NamedPlan;
use crate::demand::disclosure::{Shown, ShownTotal, shown, shown_total};
use crate::ingest::study::{Count, Indicator, Measured, Study};
use std::collections::BTreeSet;

/// A value as it may be shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ShownValue {
    /// As it is.
    Exact(f64),
    /// 1 to 9.
    Small,
    /// Withheld so that a small count does not follow from a total.
    Withheld,
    /// At least so much.
    AtLeast(f64),
    /// Not counted, or of an area that is only in part in the zone.
    Unknown,
    /// Values of this unit cannot be added.
    NoSum,
}

/// An indicator as it may be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownIndicator {
    /// Values of the areas, in the order of [`Indicator::areas`].
    pub areas: Vec<ShownValue>,
    /// Values of the zones of each plan.
    pub zones: Vec<Vec<ShownValue>>,
}

/// Every indicator of a study as it may be shown beside some plans.
#[must_use]
pub fn shown_indicators(study: &Study, plans: &[&NamedPlan]) -> Vec<ShownIndicator> {
    let plans: Vec<Vec<Vec<usize>>> =
        plans.iter().map(|plan| plan.members().into_values().collect()).collect();
    study.indicators.iter().map(|indicator| shown_indicator(indicator, &plans)).collect()
}

/// An indicator as it may be shown beside plans, which are the municipalities of their zones.
pub(super) fn shown_indicator(indicator: &Indicator, plans: &[Vec<Vec<usize>>]) -> ShownIndicator {
    let made_of = |zones: &Vec<Vec<usize>>| -> Vec<Option<Vec<usize>>> {
        zones.iter().map(|zone| whole_areas(indicator, zone)).collect()
    };
    let zones: Vec<Vec<Option<Vec<usize>>>> = plans.iter().map(made_of).collect();
    if !indicator.patients {
        let value = |at: usize| match indicator.areas[at].value {
            Measured::Exact(value) => ShownValue::Exact(value),
            Measured::Small => ShownValue::Small,
            Measured::Unknown => ShownValue::Unknown,
        };
        let areas: Vec<ShownValue> = (0..indicator.areas.len()).map(value).collect();
        let sums = zones
            .iter()
            .map(|zones| zones.iter().map(|zone| sum(indicator, zone.as_deref(), &areas)).collect());
        return ShownIndicator { zones: sums.collect(), areas };
    }
    let counts: Vec<Option<Count>> = indicator.areas.iter().map(|area| count(area.value)).collect();
    let everything = (0..counts.len()).collect();
    let totals: Vec<Vec<usize>> = zones
        .iter()
        .flatten()
        .flatten()
        .cloned()
        .chain([everything])
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let shown = shown(&counts, &totals);
    let total = |zone: &Option<Vec<usize>>| match zone {
        _ if !indicator.adds_up => ShownValue::NoSum,
        None => ShownValue::Unknown,
        Some(areas) => match shown_total(&shown, areas) {
            ShownTotal::Exact(total) => ShownValue::Exact(total as f64),
            ShownTotal::AtLeast(total) => ShownValue::AtLeast(total as f64),
            ShownTotal::Unknown => ShownValue::Unknown,
        },
    };
    ShownIndicator {
        zones: zones.iter().map(|zones| zones.iter().map(total).collect()).collect(),
        areas: shown
            .iter()
            .map(|one| match one {
                Shown::Exact(count) => ShownValue::Exact(f64::from(*count)),
                Shown::Small => ShownValue::Small,
                Shown::Withheld => ShownValue::Withheld,
                Shown::Unknown => ShownValue::Unknown,
            })
            .collect(),
    }
}

/// A count; a reader takes only whole numbers for counts of patients.
fn count(value: Measured) -> Option<Count> {
    match value {
        Measured::Exact(value) => Some(Count::Exact(value as u32)),
        Measured::Small => Some(Count::Small),
        Measured::Unknown => None,
    }
}

/// The areas that together are a zone; `None` = there are none, or one is in part elsewhere.
pub(super) fn whole_areas(indicator: &Indicator, zone: &[usize]) -> Option<Vec<usize>> {
    let zone: BTreeSet<usize> = zone.iter().copied().collect();
    let inside = |at: &usize| indicator.areas[*at].municipalities.iter().all(|one| zone.contains(one));
    let areas: Vec<usize> = (0..indicator.areas.len()).filter(inside).collect();
    let covered: BTreeSet<usize> =
        areas.iter().flat_map(|at| indicator.areas[*at].municipalities.iter().copied()).collect();
    (covered == zone).then_some(areas)
}

/// The sum of a zone where nothing has to be withheld.
pub(super) fn sum(indicator: &Indicator, zone: Option<&[usize]>, shown: &[ShownValue]) -> ShownValue {
    if !indicator.adds_up {
        return ShownValue::NoSum;
    }
    let Some(areas) = zone else { return ShownValue::Unknown };
    let mut total = ShownValue::Exact(0.0);
    for at in areas {
        total = match (total, shown[*at]) {
            (ShownValue::Exact(sum), ShownValue::Exact(value)) => ShownValue::Exact(sum + value),
            (ShownValue::AtLeast(sum), ShownValue::Exact(value)) => ShownValue::AtLeast(sum + value),
            (ShownValue::Exact(sum) | ShownValue::AtLeast(sum), ShownValue::Small) => {
                ShownValue::AtLeast(sum + 1.0)
            }
            _ => return ShownValue::Unknown,
        };
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::study::AreaValue;

    fn indicator(patients: bool, adds_up: bool, areas: &[(&[usize], Measured)]) -> Indicator {
        let area = |(municipalities, value): &(&[usize], Measured)| AreaValue {
            name: String::new(),
            municipalities: municipalities.to_vec(),
            value: *value,
        };
        Indicator {
            name: "x".to_owned(),
            year: None,
            unit: "人".to_owned(),
            function: None,
            element: None,
            importance: None,
            adds_up,
            patients,
            source: String::new(),
            input: 0,
            areas: areas.iter().map(area).collect(),
        }
    }

    #[test]
    fn a_zone_is_made_of_whole_areas_or_unknown() {
        let of = indicator(false, true, &[(&[0, 1], Measured::Exact(5.0)), (&[2], Measured::Exact(7.0))]);
        assert_eq!(whole_areas(&of, &[0, 1, 2]), Some(vec![0, 1]));
        assert_eq!(whole_areas(&of, &[0, 2]), None, "an area is cut");
        assert_eq!(whole_areas(&of, &[2, 3]), None, "a municipality has no value");
    }

    #[test]
    fn sums_know_what_is_suppressed_unknown_or_not_to_be_added() {
        let of = |adds_up, values: &[Measured]| {
            let areas: Vec<(&[usize], Measured)> =
                values.iter().map(|value| ([0].as_slice(), *value)).collect();
            let of = indicator(false, adds_up, &areas);
            let shown: Vec<ShownValue> = values
                .iter()
                .map(|value| match value {
                    Measured::Exact(value) => ShownValue::Exact(*value),
                    Measured::Small => ShownValue::Small,
                    Measured::Unknown => ShownValue::Unknown,
                })
                .collect();
            sum(&of, Some(&(0..values.len()).collect::<Vec<_>>()), &shown)
        };
        let (five, seven) = (Measured::Exact(5.0), Measured::Exact(7.5));
        assert_eq!(of(true, &[five, seven]), ShownValue::Exact(12.5));
        assert_eq!(of(true, &[five, Measured::Small, seven]), ShownValue::AtLeast(13.5));
        assert_eq!(of(true, &[five, Measured::Unknown]), ShownValue::Unknown);
        assert_eq!(of(false, &[five, seven]), ShownValue::NoSum);
    }
}
