//! How the pull of an institution weakens with travel time (`shapes/tables/catchments.toml`).

use crate::access::AccessError;
use crate::units::Deciseconds;
use serde::Deserialize;

const TABLE: &str = include_str!("../../../shapes/tables/catchments.toml");

/// Weight of a travel time, from 1 next door to 0 beyond reach.
#[derive(Clone, Debug, PartialEq)]
pub enum Decay {
    /// 1 up to the limit, 0 beyond.
    Within(Deciseconds),
    /// The weight of the first band that holds the time, 0 beyond the last.
    Bands(Vec<Band>),
    /// `[e^{−½(t/t₀)²} − e^{−½}] / [1 − e^{−½}]` up to the limit t₀, 0 beyond (Dai 2010, Health &
    /// Place 16:1038–1052).
    Gaussian(Deciseconds),
}

/// One band of travel time.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// The last minute inside it.
    pub until_minutes: u32,
    /// Weight of everything in it, 0–1.
    pub weight: f64,
}

impl Decay {
    /// Weight of a time, 0–1.
    #[must_use]
    pub fn weight(&self, time: Deciseconds) -> f64 {
        match self {
            Self::Within(limit) => f64::from(u8::from(time <= *limit)),
            Self::Bands(bands) => bands
                .iter()
                .find(|band| time <= Deciseconds::from_minutes(band.until_minutes))
                .map_or(0.0, |band| band.weight),
            Self::Gaussian(limit) if time < *limit => {
                let edge = (-0.5_f64).exp();
                let share = time.minutes() / limit.minutes();
                ((-0.5 * share * share).exp() - edge) / (1.0 - edge)
            }
            Self::Gaussian(_) => 0.0,
        }
    }
}

/// A limit of travel time with its source.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Nothing farther counts.
    pub limit_minutes: u32,
    /// Where the value comes from.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
}

impl Limit {
    /// The limit as a travel time.
    #[must_use]
    pub const fn time(&self) -> Deciseconds {
        Deciseconds::from_minutes(self.limit_minutes)
    }
}

/// Bands of travel time with their source.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bands {
    /// Nearest first.
    pub bands: Vec<Band>,
    /// Where the values come from.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
}

/// Parameters of the Huff model.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HuffParameters {
    /// α: how capacity draws.
    pub capacity_exponent: f64,
    /// β: how travel time deters.
    pub time_exponent: f64,
    /// Shorter times count as this one.
    pub least_minutes: u32,
    /// Where the values come from.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
}

/// Parameters of the rational agent access model.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RaamParameters {
    /// τ: the travel time that weighs as much as the mean congestion.
    pub tau_minutes: u32,
    /// What nobody may gain by going elsewhere, in units of mean congestion, or as a share of a cost above 1.
    pub tolerance: f64,
    /// The iteration stops after so many sweeps over all institutions even if somebody would gain more.
    pub most_sweeps: u32,
    /// Where the values come from.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
}

/// The parameters of every method.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatchmentTable {
    /// State of the table.
    pub as_of: String,
    /// 2SFCA.
    pub two_step: Limit,
    /// E2SFCA, slow decay.
    pub enhanced: Bands,
    /// E2SFCA, sharp decay.
    pub enhanced_sharp: Bands,
    /// KD2SFCA.
    pub kernel_density: Limit,
    /// 3SFCA.
    pub three_step: Bands,
    /// Huff.
    pub huff: HuffParameters,
    /// RAAM.
    pub raam: RaamParameters,
}

impl CatchmentTable {
    /// The table that ships with the program.
    ///
    /// # Errors
    /// [`AccessError::CatchmentTable`] when the table is damaged: bands that do not rise, or weights
    /// that rise or lie outside 0–1.
    pub fn shipped() -> Result<Self, AccessError> {
        Self::parse(TABLE)
    }

    fn parse(text: &str) -> Result<Self, AccessError> {
        let table: Self =
            toml::from_str(text).map_err(|error| AccessError::CatchmentTable(error.to_string()))?;
        for (name, bands) in [
            ("enhanced", &table.enhanced),
            ("enhanced_sharp", &table.enhanced_sharp),
            ("three_step", &table.three_step),
        ] {
            let weighed = bands.bands.iter().all(|band| (0.0..=1.0).contains(&band.weight));
            let falls = bands.bands.windows(2).all(|pair| {
                pair[0].until_minutes < pair[1].until_minutes && pair[0].weight >= pair[1].weight
            });
            if !(weighed && falls) {
                return Err(AccessError::CatchmentTable(format!(
                    "[{name}] の bands は until_minutes が増え、weight が 0–1 で減る順に書いてください"
                )));
            }
        }
        Ok(table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bell_is_one_next_door_and_nothing_at_its_limit() {
        let bell = Decay::Gaussian(Deciseconds::from_minutes(30));
        assert_eq!(bell.weight(Deciseconds(0)), 1.0);
        assert_eq!(bell.weight(Deciseconds::from_minutes(30)), 0.0);
        assert_eq!(bell.weight(Deciseconds::from_minutes(31)), 0.0);
        // (e^{−1/8} − e^{−1/2}) ÷ (1 − e^{−1/2})
        assert!((bell.weight(Deciseconds::from_minutes(15)) - 0.701_366_6).abs() < 1e-7);
    }

    #[test]
    fn a_time_on_the_edge_of_a_band_is_inside_it() {
        let table = CatchmentTable::shipped().expect("whole");
        let bands = Decay::Bands(table.enhanced.bands);
        for (deciseconds, weight) in [(0, 1.0), (6_000, 1.0), (6_001, 0.68), (18_000, 0.22), (18_001, 0.0)] {
            assert_eq!(bands.weight(Deciseconds(deciseconds)), weight, "{deciseconds}");
        }
    }

    #[test]
    fn bands_that_do_not_fall_are_refused_by_name() {
        for (from, to) in [("weight = 0.09", "weight = 0.5"), ("weight = 0.09", "weight = nan")] {
            let error = CatchmentTable::parse(&TABLE.replace(from, to)).expect_err("refused");
            assert!(error.to_string().contains("[enhanced_sharp]"), "{error}");
        }
        let twice = TABLE.replace("until_minutes = 20, weight = 0.42", "until_minutes = 10, weight = 0.42");
        assert!(CatchmentTable::parse(&twice).is_err());
    }
}
