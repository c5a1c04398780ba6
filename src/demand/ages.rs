//! People of a place in a year by age, unknown outside the years of the projections.

use crate::demand::home_visits::{blend, interpolate};
use crate::ingest::study::{Cell, FutureAges, Projection, Study};
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
/// the census scaled by the municipality's projected growth of each class of age.
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
    let known = projected_classes(study, cell);
    let at = |year| within(&known, year, blend_classes);
    let growth = growth_of_classes(at(study.census_year)?, at(year)?);
    let scaled = FutureAges {
        total: 0.0,
        age_under_65: census.age_under_65 * growth[0],
        age_65_74: census.age_65_74 * growth[1],
        age_75_84: census.age_75_84 * growth[2],
        age_85_plus: census.age_85_plus * growth[3],
    };
    Some(FutureAges { total: classes(&scaled).iter().sum(), ..scaled })
}

/// Projected people of a cell's municipality whose growth is that of each of the four classes, youngest
/// first, by year. Where the projections do not tell people 75+ or 85+ apart, a class grows as the
/// narrowest one that holds it.
pub(super) fn projected_classes(study: &Study, cell: &Cell) -> BTreeMap<u16, [f64; 4]> {
    classes_of_years(&study.projections_of(study.municipalities[cell.municipality].code))
}

fn classes_of_years(projected: &BTreeMap<u16, Projection>) -> BTreeMap<u16, [f64; 4]> {
    let tells_75 = projected.values().all(|row| row.age_75_plus.is_some());
    let tells_85 = tells_75 && projected.values().all(|row| row.age_85_plus.is_some());
    let of_year = |row: &Projection| {
        let from_65 = f64::from(row.age_65_plus);
        let from_75 = row.age_75_plus.filter(|_| tells_75).map_or(from_65, f64::from);
        let from_85 = row.age_85_plus.filter(|_| tells_85).map_or(from_75, f64::from);
        let between =
            |from: f64, to: f64, are_apart: bool| if are_apart { (from - to).max(0.0) } else { from };
        let under_65 = (f64::from(row.total) - from_65).max(0.0);
        [under_65, between(from_65, from_75, tells_75), between(from_75, from_85, tells_85), from_85]
    };
    projected.iter().map(|(year, row)| (*year, of_year(row))).collect()
}

pub(super) fn blend_classes(a: [f64; 4], b: [f64; 4], share: f64) -> [f64; 4] {
    [0, 1, 2, 3].map(|of| a[of] + (b[of] - a[of]) * share)
}

/// How each class grows from one year to another; a class that nobody was in stays as it is.
pub(super) fn growth_of_classes(then: [f64; 4], now: [f64; 4]) -> [f64; 4] {
    [0, 1, 2, 3].map(|of| if then[of] > 0.0 { now[of] / then[of] } else { 1.0 })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_grows_as_the_narrowest_that_the_projections_tell() {
        let rows = |age_75_plus: Option<u32>, age_85_plus: Option<u32>| Projection {
            total: 1_000,
            age_65_plus: 400,
            age_75_plus,
            age_85_plus,
            ..Projection::default()
        };
        let of = |row: Projection| classes_of_years(&BTreeMap::from([(2030, row)]))[&2030];
        assert_eq!(of(rows(None, None)), [600.0, 400.0, 400.0, 400.0]);
        assert_eq!(of(rows(Some(250), None)), [600.0, 150.0, 250.0, 250.0]);
        assert_eq!(of(rows(Some(250), Some(90))), [600.0, 150.0, 160.0, 90.0]);
        assert_eq!(growth_of_classes([2.0, 0.0, 4.0, 1.0], [1.0, 5.0, 6.0, 1.0]), [0.5, 1.0, 1.5, 1.0]);
    }
}
