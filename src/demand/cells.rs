//! Demand of each cell in a year, for the map: what the layers sum over municipalities.

use crate::demand::DemandError;
use crate::demand::ages::{classes, people};
use crate::demand::home_visits::{held_before, home_visits};
use crate::demand::layers::LayerTables;
use crate::demand::rates::{HOME_VISITS, RateLayer, Split};
use crate::ingest::study::Study;

/// The middle demand of every cell in a year, in the unit of the layer; `None` where nothing tells.
///
/// # Errors
/// [`DemandError`]: no layer of that name, or a municipality that lies in no area of the official series.
pub fn by_cell(
    study: &Study,
    tables: &LayerTables,
    layer: &str,
    year: u16,
) -> Result<Vec<Option<f64>>, DemandError> {
    if layer == HOME_VISITS {
        return official(study, tables, year);
    }
    if let Some(rates) = tables.rates.layers.iter().find(|rates| rates.id == layer) {
        return Ok(by_rates(study, rates, year));
    }
    let part = |split: &Split| {
        split.parts.iter().find(|part| part.id == layer).map(|part| (split.of.clone(), part.mid))
    };
    let Some((whole, share)) = tables.rates.splits.iter().find_map(part) else {
        return Err(DemandError::NoLayer { asked: layer.to_owned() });
    };
    let whole = by_cell(study, tables, &whole, year)?;
    Ok(whole.into_iter().map(|amount| amount.map(|amount| amount * share)).collect())
}

fn official(study: &Study, tables: &LayerTables, year: u16) -> Result<Vec<Option<f64>>, DemandError> {
    let demand = match home_visits(study, &tables.weights) {
        Err(DemandError::NoOfficialSeries) => return Ok(vec![None; study.cells.len()]),
        demand => held_before(study, &tables.weights, &demand?, year)?,
    };
    let of_year = demand.in_year(year);
    Ok((0..study.cells.len()).map(|cell| of_year.as_ref().map(|of| of[cell])).collect())
}

fn by_rates(study: &Study, table: &RateLayer, year: u16) -> Vec<Option<f64>> {
    let rates = table.rates();
    let amount = |people| classes(&people).iter().zip(&rates).map(|(people, rate)| people * rate[1]).sum();
    study.cells.iter().map(|cell| people(study, cell, year).map(amount)).collect()
}
