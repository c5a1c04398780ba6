//! The outlook of a study in one answer: every layer of demand, the cohorts as they may be shown,
//! and the workforce against demand, for every division of the prefecture.

use crate::access::capacity::CapacityTable;
use crate::access::services::{Service, services};
use crate::demand::DemandError;
use crate::demand::disclosure::{Shown, ShownCohorts, shown_cohorts};
use crate::demand::layers::{Layer, LayerTables, known, layers};
use crate::demand::workforce::{Balance, Supply, Workforce, balance};
use crate::demand::zones::Division;
use crate::ingest::study::Study;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The last year of an outlook for which nobody asked: that of the official series of 2025.
const LAST_YEAR: u16 = 2050;

/// The dated tables on which the outlook rests.
#[derive(Clone, Debug)]
pub struct OutlookTables {
    /// Of demand.
    pub layers: LayerTables,
    /// Of those who meet it.
    pub workforce: Workforce,
    /// Of what institutions can give.
    pub capacities: CapacityTable,
    /// Of who provides what.
    pub services: Vec<Service>,
}

impl OutlookTables {
    /// The tables that ship with the program.
    ///
    /// # Errors
    /// [`DemandError`] when one is damaged.
    pub fn shipped() -> Result<Self, DemandError> {
        Ok(Self {
            layers: LayerTables::shipped()?,
            workforce: Workforce::shipped()?,
            capacities: CapacityTable::shipped()?,
            services: services()?,
        })
    }
}

/// The answers.
#[derive(Clone, Debug)]
pub struct Outlook {
    /// Demand, the official layer first.
    pub layers: Vec<Layer>,
    /// Cohorts that only the prefecture can count.
    pub cohorts: Vec<CohortLayer>,
    /// The divisions for which sums and balances are given.
    pub divisions: Vec<Division>,
    /// Every scenario of the table of the workforce, in its order.
    pub balances: Vec<ScenarioBalances>,
}

/// A cohort as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CohortLayer {
    /// Its 区分.
    pub id: String,
    /// For every year that was counted what may be shown of each municipality; empty = not loaded.
    pub years: BTreeMap<u16, Vec<Shown>>,
}

/// What becomes of a profession, zone by zone.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioBalances {
    /// Position of the scenario in the table.
    pub scenario: usize,
    /// Capacity today.
    pub supply: Supply,
    /// Balances of the zones of each division, in their order.
    pub divisions: Vec<Vec<Balance>>,
}

/// The years of an outlook: as asked, else from the census to 2050 as far as anything is known.
///
/// # Errors
/// [`DemandError::YearOutside`] when nothing tells of a year, or the first comes after the last.
pub fn years(study: &Study, from: Option<u16>, to: Option<u16>) -> Result<RangeInclusive<u16>, DemandError> {
    let known = known(study);
    let from = from.unwrap_or(*known.start());
    let to = to.unwrap_or(LAST_YEAR.min(*known.end()));
    let outside = |asked| DemandError::YearOutside { asked, first: *known.start(), last: *known.end() };
    match [from, to].into_iter().find(|year| !known.contains(year)) {
        Some(asked) => Err(outside(asked)),
        None if from > to => Err(outside(from)),
        None => Ok(from..=to),
    }
}

/// The outlook of a study for some divisions in some years.
///
/// # Errors
/// [`DemandError`]: a year of which nothing tells, a municipality outside the official series, a
/// profession without its layer, a capacity that is none.
pub fn outlook(
    study: &Study,
    tables: &OutlookTables,
    divisions: Vec<Division>,
    years: RangeInclusive<u16>,
) -> Result<Outlook, DemandError> {
    let layers = layers(study, &tables.layers, years)?;
    let workforce = &tables.workforce;
    let mut balances = Vec::new();
    for (scenario, future) in workforce.scenarios.iter().enumerate() {
        let (profession, layer) = workforce.meets(future, &layers)?;
        let supply = profession.supply(study, &tables.services, &tables.capacities)?;
        let of_zone =
            |municipalities: &[usize]| balance(study, workforce, future, &supply, layer, municipalities);
        let of_division = |division: &Division| {
            division.zones.iter().map(|zone| of_zone(&zone.municipalities)).collect::<Result<Vec<_>, _>>()
        };
        let of_divisions = divisions.iter().map(of_division).collect::<Result<_, _>>()?;
        balances.push(ScenarioBalances { scenario, supply, divisions: of_divisions });
    }
    let cohorts = cohort_layers(tables, shown_cohorts(study, &divisions));
    Ok(Outlook { layers, cohorts, divisions, balances })
}

/// Every cohort that the tables or the prefecture name, with what may be shown of it.
#[must_use]
pub fn cohort_layers(tables: &OutlookTables, mut shown: ShownCohorts) -> Vec<CohortLayer> {
    let expected = tables.layers.rates.cohorts.iter().map(|cohort| cohort.id.clone());
    let layer = |id: String| CohortLayer { years: shown.remove(&id).unwrap_or_default(), id };
    let mut layers: Vec<CohortLayer> = expected.map(layer).collect();
    layers.extend(shown.into_iter().map(|(id, years)| CohortLayer { id, years }));
    layers
}
