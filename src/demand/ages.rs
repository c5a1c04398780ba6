//! People of a place in a year by age, unknown outside the years of the projections.

use crate::demand::home_visits::{blend, interpolate};
use crate::ingest::study::{Cell, FutureAges, Study};
use crate::units::AgeCounts;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Years of which any projection, or the census, tells.
#[must_use]
pub fn known_years(study: &Study) -> RangeInclusive<u16> {
    let meshes = study.cells.iter().flat_map(|cell| cell.future.keys());
    let municipal = study.projections.keys().map(|(_, year)| year);
    let last = meshes.chain(municipal).copied().max().unwrap_or(0);
    study.census_year..=last.max(study.census_year)
}

/// People of each municipality in a year; `None` where no projection reaches it.
#[must_use]
pub fn by_municipality(study: &Study, year: u16) -> Vec<Option<FutureAges>> {
    let mut sums = vec![Some(FutureAges::default()); study.municipalities.len()];
    for cell in &study.cells {
        let sum = &mut sums[cell.municipality];
        *sum = sum.zip(people(study, cell, year)).map(|(sum, people)| add(sum, people));
    }
    sums
}

/// People of each cell in a year; `None` where no projection reaches it.
#[must_use]
pub fn by_cell(study: &Study, year: u16) -> Vec<Option<FutureAges>> {
    study.cells.iter().map(|cell| people(study, cell, year)).collect()
}

/// People of a cell in a year: the future mesh and the census, straight between known years; else
/// the census scaled by the municipality's projected growth, apart for people under and over 65.
///
/// [`super::home_visits`] takes no account of the growth of people under 65, of whom 訪問診療 knows
/// few, and holds the ends of the projections; other services have rates that need both.
pub(super) fn people(study: &Study, cell: &Cell, year: u16) -> Option<FutureAges> {
    let census = of_census(&cell.population);
    if year == study.census_year {
        return Some(cell.future.get(&year).copied().unwrap_or(census));
    }
    if !cell.future.is_empty() {
        let mut known = cell.future.clone();
        known.entry(study.census_year).or_insert(census);
        return within(&known, year, blend);
    }
    let code = study.municipalities[cell.municipality].code;
    let rows = study.projections.range((code, 0)..=(code, u16::MAX));
    let known: BTreeMap<u16, [f64; 2]> = rows
        .map(|((_, year), row)| {
            let older = f64::from(row.age_65_plus);
            (*year, [(f64::from(row.total) - older).max(0.0), older])
        })
        .collect();
    let at = |year| within(&known, year, |a, b, share| [0, 1].map(|of| a[of] + (b[of] - a[of]) * share));
    let (then, now) = (at(study.census_year)?, at(year)?);
    let growth = |of: usize| if then[of] > 0.0 { now[of] / then[of] } else { 1.0 };
    let (younger, older) = (growth(0), growth(1));
    let scaled = FutureAges {
        total: 0.0,
        age_under_65: census.age_under_65 * younger,
        age_65_74: census.age_65_74 * older,
        age_75_84: census.age_75_84 * older,
        age_85_plus: census.age_85_plus * older,
    };
    Some(FutureAges { total: classes(&scaled).iter().sum(), ..scaled })
}

/// People by the four classes, youngest first.
#[must_use]
pub fn classes(people: &FutureAges) -> [f64; 4] {
    [people.age_under_65, people.age_65_74, people.age_75_84, people.age_85_plus]
}

fn of_census(people: &AgeCounts) -> FutureAges {
    let between = |older: u32, oldest: u32| f64::from(older.saturating_sub(oldest));
    FutureAges {
        total: f64::from(people.total),
        age_under_65: between(people.total, people.age_65_plus),
        age_65_74: between(people.age_65_plus, people.age_75_plus),
        age_75_84: between(people.age_75_plus, people.age_85_plus),
        age_85_plus: f64::from(people.age_85_plus),
    }
}

fn within<T: Copy>(known: &BTreeMap<u16, T>, year: u16, blend: impl Fn(T, T, f64) -> T) -> Option<T> {
    let (first, last) = (known.first_key_value()?.0, known.last_key_value()?.0);
    if (first..=last).contains(&&year) { interpolate(known, year, blend) } else { None }
}

fn add(a: FutureAges, b: FutureAges) -> FutureAges {
    FutureAges {
        total: a.total + b.total,
        age_under_65: a.age_under_65 + b.age_under_65,
        age_65_74: a.age_65_74 + b.age_65_74,
        age_75_84: a.age_75_84 + b.age_75_84,
        age_85_plus: a.age_85_plus + b.age_85_plus,
    }
}
