//! The band of a zone's demand under other assumptions (`shapes/tables/demand_scenarios.toml`).

use crate::demand::DemandError;
use crate::demand::home_visits::{Demand, area_of_municipalities, home_visits, people};
use crate::demand::weights::AgeWeights;
use crate::ingest::study::Study;
use serde::Deserialize;
use std::collections::BTreeMap;

const TABLE: &str = include_str!("../../shapes/tables/demand_scenarios.toml");

/// The scenarios.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenarios {
    /// State of the table.
    pub as_of: String,
    /// The level towards which areas may converge.
    pub national: NationalLevel,
    /// Each of them.
    #[serde(rename = "scenario")]
    pub scenarios: Vec<Scenario>,
}

/// Receipts of the whole country per unit of weighted people.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NationalLevel {
    /// Receipts in the first official year ÷ Σ weights × people.
    pub level: f64,
    /// Where the value comes from.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
}

/// One set of other assumptions.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Stable id.
    pub id: String,
    /// For people.
    pub name: String,
    /// By what the weight of people aged 85 and over is multiplied.
    pub weight_85_plus_factor: f64,
    /// How much of its distance to the national level each area loses, 0–1.
    pub convergence: f64,
    /// By when; it begins with the first official year and goes straight.
    pub converged_year: u16,
    /// Where the assumption comes from.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
}

/// Demand of some cells in a year, receipts per month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// The lowest of all scenarios and the centre.
    pub low: f64,
    /// By the official totals and the shipped weights.
    pub centre: f64,
    /// The highest.
    pub high: f64,
}

impl Scenarios {
    /// The table that ships with the program.
    ///
    /// # Errors
    /// [`DemandError::Scenarios`] when the table is damaged or a value is out of range.
    pub fn shipped() -> Result<Self, DemandError> {
        Self::parse(TABLE)
    }

    fn parse(text: &str) -> Result<Self, DemandError> {
        let table: Self = toml::from_str(text).map_err(|error| DemandError::Scenarios(error.to_string()))?;
        let is_sound = |one: &Scenario| {
            (0.0..=1.0).contains(&one.convergence) && (0.0..=10.0).contains(&one.weight_85_plus_factor)
        };
        if let Some(bad) = table.scenarios.iter().find(|one| !is_sound(one)) {
            let expected = "convergence は 0–1、weight_85_plus_factor は 0–10 にしてください";
            return Err(DemandError::Scenarios(format!("{}: {expected}", bad.id)));
        }
        if table.national.level > 0.0 && table.national.level.is_finite() {
            Ok(table)
        } else {
            Err(DemandError::Scenarios("national.level は正の数にしてください".to_owned()))
        }
    }

    /// Demand under each scenario, in the order of the table.
    ///
    /// # Errors
    /// As [`home_visits`].
    pub fn demands(&self, study: &Study, weights: &AgeWeights) -> Result<Vec<Demand>, DemandError> {
        self.scenarios.iter().map(|one| one.demand(study, weights, self.national.level)).collect()
    }
}

impl Scenario {
    fn demand(&self, study: &Study, weights: &AgeWeights, national: f64) -> Result<Demand, DemandError> {
        let age_85_plus = weights.age_85_plus * self.weight_85_plus_factor;
        let mut demand = home_visits(study, &AgeWeights { age_85_plus, ..weights.clone() })?;
        if self.convergence > 0.0 {
            self.converge(study, weights, national, &mut demand)?;
        }
        Ok(demand)
    }

    /// Multiplies each area's demand by what brings its level towards the national one.
    fn converge(
        &self,
        study: &Study,
        weights: &AgeWeights,
        national: f64,
        demand: &mut Demand,
    ) -> Result<(), DemandError> {
        let areas = area_of_municipalities(study)?;
        let Some(first) = demand.official_years.first().copied() else { return Ok(()) };
        let mut need = vec![0.0; study.home_demand.len()];
        for cell in &study.cells {
            need[areas[cell.municipality]] += weights.need(&people(study, cell, first));
        }
        for (year, cells) in &mut demand.cells {
            let way = if self.converged_year > first {
                f64::from(year - first) / f64::from(self.converged_year - first)
            } else {
                1.0
            };
            let share = self.convergence * way.min(1.0);
            let factor = |area: usize| {
                let level = study.home_demand[area].receipts_per_month.get(&first).copied().unwrap_or(0.0)
                    / need[area];
                if level > 0.0 && level.is_finite() { 1.0 + share * (national / level - 1.0) } else { 1.0 }
            };
            let factors: Vec<f64> = (0..need.len()).map(factor).collect();
            for (cell, value) in study.cells.iter().zip(cells) {
                *value *= factors[areas[cell.municipality]];
            }
        }
        Ok(())
    }
}

/// The band of some cells in every year from the first official one to the last.
#[must_use]
pub fn band(centre: &Demand, scenarios: &[Demand], cells: &[usize]) -> BTreeMap<u16, Band> {
    let others: Vec<BTreeMap<u16, f64>> = scenarios.iter().map(|demand| demand.series(cells)).collect();
    let band = |(year, centre): (u16, f64)| {
        let of_year = || others.iter().filter_map(|series| series.get(&year).copied());
        let (low, high) = (of_year().fold(centre, f64::min), of_year().fold(centre, f64::max));
        (year, Band { low, centre, high })
    };
    centre.series(cells).into_iter().map(band).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assumption_out_of_range_is_refused_by_its_id() {
        let bad = TABLE.replace("convergence = 0.5", "convergence = 1.5");
        let error = Scenarios::parse(&bad).expect_err("refused").to_string();
        assert!(error.contains("level-converges"), "{error}");
        assert!(Scenarios::parse(&TABLE.replace("level = 1.59", "level = 0.0")).is_err());
        assert_eq!(Scenarios::shipped().expect("whole").scenarios.len(), 3);
    }
}
