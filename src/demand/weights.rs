//! Relative need by age (`shapes/tables/rates.toml`).

use crate::demand::DemandError;
use crate::ingest::study::FutureAges;
use serde::Deserialize;

const TABLE: &str = include_str!("../../shapes/tables/rates.toml");

/// Receipts of 訪問診療 per person and month by age. Only their ratios matter.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgeWeights {
    /// Stable id.
    pub id: String,
    /// Where the values come from.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
    /// Year of the values.
    pub year: u16,
    /// Under 65.
    pub age_under_65: f64,
    /// 65 to 74.
    pub age_65_74: f64,
    /// 75 to 84.
    pub age_75_84: f64,
    /// 85 and over.
    pub age_85_plus: f64,
}

impl AgeWeights {
    /// The table that ships with the program.
    ///
    /// # Errors
    /// [`DemandError::Weights`] when the table is damaged.
    pub fn shipped() -> Result<Self, DemandError> {
        toml::from_str(TABLE).map_err(|error| DemandError::Weights(error.to_string()))
    }

    /// Relative need of so many people.
    #[must_use]
    pub fn need(&self, people: &FutureAges) -> f64 {
        self.age_under_65 * people.age_under_65
            + self.age_65_74 * people.age_65_74
            + self.age_75_84 * people.age_75_84
            + self.age_85_plus * people.age_85_plus
    }
}
