//! How far an institution may stand from its point (`shapes/tables/location_errors.toml`).

use crate::ingest::study::Precision;
use serde::Deserialize;
use std::sync::LazyLock;

const TABLE: &str = include_str!("../../shapes/tables/location_errors.toml");

/// How far an institution may stand from its point.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocationErrors {
    /// State of the table.
    pub as_of: String,
    /// Set by hand (位置の訂正).
    pub corrected: LocationError,
    /// Coordinates given by a source.
    pub point: LocationError,
    /// 街区・番地.
    pub block: LocationError,
    /// 丁目.
    pub chome: LocationError,
    /// 大字・町・字.
    pub town: LocationError,
    /// Representative point of the municipality.
    pub municipality: LocationError,
}

/// The error of one kind of place.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocationError {
    /// The institution stands within so many metres of its point.
    pub metres: u32,
    /// Where the value comes from.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
}

static SHIPPED: LazyLock<LocationErrors> = LazyLock::new(|| {
    toml::from_str(TABLE).expect("the table of location errors is part of the program and tested")
});

impl LocationErrors {
    /// The table that ships with the program.
    #[must_use]
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// The error of a place in metres; `None` = not located.
    #[must_use]
    pub const fn metres(&self, precision: Precision) -> Option<u32> {
        let error = match precision {
            Precision::Corrected => &self.corrected,
            Precision::Point => &self.point,
            Precision::Block => &self.block,
            Precision::Chome => &self.chome,
            Precision::Town => &self.town,
            Precision::Municipality => &self.municipality,
            Precision::Unlocated => return None,
        };
        Some(error.metres)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coarser_place_never_is_known_better_and_every_error_has_a_source() {
        let table = LocationErrors::shipped();
        let metres = Precision::ALL.map(|precision| table.metres(precision));
        assert_eq!(metres, [Some(50), Some(100), Some(150), Some(900), Some(2_500), Some(10_000), None]);
        let (places, areas) = ([&table.corrected, &table.point, &table.block], [&table.chome, &table.town]);
        for one in places.into_iter().chain(areas).chain([&table.municipality]) {
            assert!(!one.source.is_empty() && ["V", "D", "M", "A"].contains(&one.tag.as_str()));
        }
    }
}
