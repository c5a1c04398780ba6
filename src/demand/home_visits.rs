//! 訪問診療 demand of each cell: the official total of its 構想区域, shared out by age.
//!
//! `D_cell(t) = R_area(t) · w_cell(t) / Σ_area w(t)` with `w = Σ_age ρ_age · people_age(t)`. The level
//! comes from the official series alone, so the sum over any zones equals it; the weights ρ only
//! decide how an area's total is spread.

use crate::demand::DemandError;
use crate::demand::ages::{blend_classes, growth_of_classes, projected_classes};
use crate::demand::weights::AgeWeights;
use crate::ingest::study::{AreaSystem, Cell, FutureAges, Study};
use std::collections::BTreeMap;

/// Demand in receipts per month (レセプト件数/月).
#[derive(Clone, Debug)]
pub struct Demand {
    /// Fiscal years of the official series, rising.
    pub official_years: Vec<u16>,
    /// For each official year, and each before that was asked ([`held_before`]), demand of each cell.
    pub cells: BTreeMap<u16, Vec<f64>>,
}

/// Spreads the official series over the cells.
///
/// # Errors
/// [`DemandError`]: no series, or a municipality or area that does not fit it.
pub fn home_visits(study: &Study, weights: &AgeWeights) -> Result<Demand, DemandError> {
    let areas = area_of_municipalities(study)?;
    let official_years: Vec<u16> = study
        .home_demand
        .first()
        .map(|area| area.receipts_per_month.keys().copied().collect())
        .filter(|years: &Vec<u16>| !years.is_empty())
        .ok_or(DemandError::NoOfficialSeries)?;
    let mut cells = BTreeMap::new();
    for year in &official_years {
        cells.insert(*year, spread(study, weights, &areas, *year)?);
    }
    Ok(Demand { official_years, cells })
}

/// The same demand with the years from `from` on, before the first official one: each area keeps the
/// level that it has in that, `D_cell(t) = k · w_cell(t)` with `k = R(first) / Σ_area w(first)`.
///
/// # Errors
/// As [`home_visits`].
pub fn held_before(
    study: &Study,
    weights: &AgeWeights,
    demand: &Demand,
    from: u16,
) -> Result<Demand, DemandError> {
    let mut held = demand.clone();
    let Some(first) = demand.official_years.first().copied() else { return Ok(held) };
    let areas = area_of_municipalities(study)?;
    let need = |cell: &Cell, year: u16| weights.need(&people(study, cell, year));
    let mut level = vec![(0.0, 0.0); study.home_demand.len()];
    for (cell, receipts) in study.cells.iter().zip(demand.first_year()) {
        let (given, needed) = &mut level[areas[cell.municipality]];
        *given += receipts;
        *needed += need(cell, first);
    }
    let level: Vec<f64> =
        level.into_iter().map(|(given, needed)| if needed > 0.0 { given / needed } else { 0.0 }).collect();
    for year in from..first {
        let of_cell = |cell: &Cell| level[areas[cell.municipality]] * need(cell, year);
        held.cells.insert(year, study.cells.iter().map(of_cell).collect());
    }
    Ok(held)
}

/// Position in `Study::home_demand` for each municipality.
pub(super) fn area_of_municipalities(study: &Study) -> Result<Vec<usize>, DemandError> {
    if study.home_demand.is_empty() {
        return Err(DemandError::NoOfficialSeries);
    }
    let find = |municipality: &crate::ingest::study::Municipality| {
        let code = municipality.areas.get(&AreaSystem::SecondaryMedicalArea).map(|area| area.code.as_str());
        study.home_demand.iter().position(|area| Some(area.code.as_str()) == code).ok_or_else(|| {
            DemandError::NoArea {
                municipality: municipality.name.clone(),
                area: code.unwrap_or("未登録").to_owned(),
            }
        })
    };
    study.municipalities.iter().map(find).collect()
}

fn spread(study: &Study, weights: &AgeWeights, areas: &[usize], year: u16) -> Result<Vec<f64>, DemandError> {
    let need: Vec<f64> = study.cells.iter().map(|cell| weights.need(&people(study, cell, year))).collect();
    let mut total = vec![0.0; study.home_demand.len()];
    for (cell, need) in study.cells.iter().zip(&need) {
        total[areas[cell.municipality]] += need;
    }
    let receipts =
        |area: usize| study.home_demand[area].receipts_per_month.get(&year).copied().unwrap_or(0.0);
    if let Some(area) = (0..total.len()).find(|area| total[*area] <= 0.0 && receipts(*area) > 0.0) {
        return Err(DemandError::NoPeople { area: study.home_demand[area].name.clone() });
    }
    let of_cell = |(cell, need): (&Cell, &f64)| {
        let area = areas[cell.municipality];
        if total[area] > 0.0 { receipts(area) * need / total[area] } else { 0.0 }
    };
    Ok(study.cells.iter().zip(&need).map(of_cell).collect())
}

/// People of a cell in a year by age: the future mesh where it is loaded (years in between
/// interpolated, years before its first taken from the first), else the census ages of people 65+ scaled by
/// their projected growth in the municipality ([`projected_classes`]), else the census ages.
pub(super) fn people(study: &Study, cell: &Cell, year: u16) -> FutureAges {
    if let Some(ages) = interpolate(&cell.future, year, blend) {
        return ages;
    }
    let census = cell.population;
    let projected = projected_classes(study, cell);
    let of_year = |year: u16| interpolate(&projected, year, blend_classes);
    let growth = of_year(study.census_year).zip(of_year(year));
    let growth = growth.map_or([1.0; 4], |(then, now)| growth_of_classes(then, now));
    let scaled = |people: u32, class: usize| f64::from(people) * growth[class];
    FutureAges {
        total: f64::from(census.total),
        age_under_65: f64::from(census.total.saturating_sub(census.age_65_plus)),
        age_65_74: scaled(census.age_65_plus.saturating_sub(census.age_75_plus), 1),
        age_75_84: scaled(census.age_75_plus.saturating_sub(census.age_85_plus), 2),
        age_85_plus: scaled(census.age_85_plus, 3),
    }
}

/// Value of a year: known, between two known years, or that of the nearest end; `None` when nothing is known.
pub(crate) fn interpolate<T: Copy>(
    known: &BTreeMap<u16, T>,
    year: u16,
    blend: impl Fn(T, T, f64) -> T,
) -> Option<T> {
    let before = known.range(..=year).next_back();
    let after = known.range(year..).next();
    match (before, after) {
        (Some((from, a)), Some((to, b))) if from < to => {
            Some(blend(*a, *b, f64::from(year - from) / f64::from(to - from)))
        }
        (Some((_, value)), _) | (None, Some((_, value))) => Some(*value),
        (None, None) => None,
    }
}

pub(super) fn blend(a: FutureAges, b: FutureAges, share: f64) -> FutureAges {
    let mix = |a: f64, b: f64| a + (b - a) * share;
    FutureAges {
        total: mix(a.total, b.total),
        age_under_65: mix(a.age_under_65, b.age_under_65),
        age_65_74: mix(a.age_65_74, b.age_65_74),
        age_75_84: mix(a.age_75_84, b.age_75_84),
        age_85_plus: mix(a.age_85_plus, b.age_85_plus),
    }
}

impl Demand {
    /// Demand of some cells in every year from the first known one to the last; years in
    /// between are interpolated straight.
    #[must_use]
    pub fn series(&self, cells: &[usize]) -> BTreeMap<u16, f64> {
        let official: BTreeMap<u16, f64> = self
            .cells
            .iter()
            .map(|(year, demand)| (*year, total(cells.iter().map(|cell| demand[*cell]))))
            .collect();
        let (Some((first, _)), Some((last, _))) = (official.first_key_value(), official.last_key_value())
        else {
            return BTreeMap::new();
        };
        let value =
            |year| interpolate(&official, year, |a, b, share| a + (b - a) * share).map(|value| (year, value));
        (*first..=*last).filter_map(value).collect()
    }

    /// Demand of each cell in a year, straight between known years; `None` outside of them.
    #[must_use]
    pub fn in_year(&self, year: u16) -> Option<Vec<f64>> {
        let (before, from) = self.cells.range(..=year).next_back()?;
        let (after, to) = self.cells.range(year..).next()?;
        let way = if before < after { f64::from(year - before) / f64::from(after - before) } else { 0.0 };
        Some(from.iter().zip(to).map(|(from, to)| from + (to - from) * way).collect())
    }

    /// Demand of each cell in the first year.
    #[must_use]
    pub fn first_year(&self) -> &[f64] {
        self.cells.first_key_value().map_or(&[], |(_, demand)| demand)
    }
}

/// The sum in order; 0 of nothing, where the standard sum gives −0.
fn total(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, |sum, value| sum + value)
}

/// The first year with the highest value.
#[must_use]
pub fn peak(series: &BTreeMap<u16, f64>) -> Option<(u16, f64)> {
    series.iter().fold(None, |best, (year, value)| match best {
        Some((_, highest)) if highest >= *value => best,
        _ => Some((*year, *value)),
    })
}
