//! When an area counts as short of a service, and who could mend it (`shapes/tables/shortages.toml`).

use crate::access::AccessError;
use crate::ingest::study::Study;
use crate::units::Deciseconds;
use serde::Deserialize;

const TABLE: &str = include_str!("../../shapes/tables/shortages.toml");

/// The rules of the shortage list.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShortageRules {
    /// State of the table.
    pub as_of: String,
    /// Somebody has to come within so many minutes by car.
    pub limit_minutes: u32,
    /// Where the limit comes from.
    pub limit_source: String,
    /// Its tag.
    pub limit_tag: String,
    /// Capacity per unit of demand below which a cell that is reached is short of capacity.
    pub least_accessibility: f64,
    /// Where that comes from.
    pub capacity_source: String,
    /// Its tag.
    pub capacity_tag: String,
    /// Speed of the slower case as a share of the planned one, 0–1.
    pub slower: f64,
    /// Speed of the faster case as a multiple of the planned one, above 1.
    pub faster: f64,
    /// How many institutions are named as remedies.
    pub remedies: usize,
    /// Where it comes from who could take up a service.
    pub could_source: String,
    /// Its tag.
    pub could_tag: String,
    /// Up to how many added providers the best sites are sought.
    pub sites: usize,
    /// Id of the service whose demand and capacity are known, and for which sites are sought.
    pub capacity_service: String,
    /// Who is known to come at night.
    pub night: Vec<Night>,
    /// Classes that could take up a service.
    pub could: Vec<Could>,
}

/// Who is known to come at night for a service.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Night {
    /// Id of the service.
    pub service: String,
    /// Id of the service whose institutions come around the clock.
    pub around_the_clock: String,
    /// Where that comes from.
    pub source: String,
    /// Its tag.
    pub tag: String,
}

/// Who could take up a service.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Could {
    /// Id of the service.
    pub service: String,
    /// Facility classes.
    pub classes: Vec<String>,
}

impl ShortageRules {
    /// The table that ships with the program.
    ///
    /// # Errors
    /// [`AccessError::ShortageTable`] when the table is damaged.
    pub fn shipped() -> Result<Self, AccessError> {
        let table: Self =
            toml::from_str(TABLE).map_err(|error| AccessError::ShortageTable(error.to_string()))?;
        let speeds = table.slower > 0.0 && table.slower <= 1.0 && table.faster >= 1.0 && table.faster < 10.0;
        if speeds && table.least_accessibility >= 0.0 {
            return Ok(table);
        }
        Err(AccessError::ShortageTable(
            "slower は 0–1、faster は 1–10、least_accessibility は 0 以上にしてください".to_owned(),
        ))
    }

    /// The limit at a speed: the planned time that then takes `limit_minutes`.
    #[must_use]
    pub fn limit_at(&self, speed: f64) -> Deciseconds {
        // To the next whole decisecond: 0.8 is not a binary fraction.
        Deciseconds((f64::from(Deciseconds::from_minutes(self.limit_minutes).0) * speed).round() as u32)
    }

    /// Id of the service whose institutions come around the clock for a service; `None` = no file
    /// can speak of its nights.
    #[must_use]
    pub fn around_the_clock(&self, service: &str) -> Option<&str> {
        self.night.iter().find(|night| night.service == service).map(|night| night.around_the_clock.as_str())
    }

    /// Positions of the institutions that could take up a service; `None` = no class that could
    /// is known or loaded.
    #[must_use]
    pub fn could(&self, study: &Study, service: &str) -> Option<Vec<usize>> {
        let classes = &self.could.iter().find(|could| could.service == service)?.classes;
        let loaded = classes.iter().any(|class| study.loaded_classes.contains(class));
        let could = |at: &usize| classes.iter().any(|class| study.institutions[*at].classes.contains(class));
        loaded.then(|| (0..study.institutions.len()).filter(could).collect())
    }
}
