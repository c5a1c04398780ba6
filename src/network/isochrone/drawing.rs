//! How isochrones are drawn, as a dated table (`shapes/tables/isochrone.toml`).

use crate::network::NetworkError;
use serde::Deserialize;

/// The table that ships with the program.
const SHIPPED: &str = include_str!("../../../shapes/tables/isochrone.toml");

/// Fineness and reach of the drawing.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawing {
    /// Sample points along each side of a 1 km mesh, 1 to 64.
    pub divisions: u32,
    /// A point farther than this from every road is not drawn as reached, metres.
    pub reach_m: f64,
    /// Source.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
}

impl Drawing {
    /// The values that ship with the program.
    ///
    /// # Errors
    /// [`NetworkError::Drawing`] when the table is damaged.
    pub fn shipped() -> Result<Self, NetworkError> {
        Self::parse(SHIPPED, "shapes/tables/isochrone.toml")
    }

    /// Reads a table; `name` is for messages.
    ///
    /// # Errors
    /// [`NetworkError::Drawing`]: not TOML, an unknown or missing key, a value out of its range.
    pub fn parse(text: &str, name: &str) -> Result<Self, NetworkError> {
        let fail = |reason: String| NetworkError::Drawing { file: name.to_owned(), reason };
        let drawing: Self = toml::from_str(text).map_err(|error| fail(error.to_string()))?;
        if !(1..=64).contains(&drawing.divisions) {
            return Err(fail(format!("divisions = {}: 1から64までの整数が必要です", drawing.divisions)));
        }
        if !(0.0..=10_000.0).contains(&drawing.reach_m) {
            return Err(fail(format!("reach_m = {}: 0から10000までの数が必要です", drawing.reach_m)));
        }
        Ok(drawing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_is_whole_and_others_are_held_to_their_ranges() {
        let shipped = Drawing::shipped().unwrap();
        assert_eq!((shipped.divisions, shipped.reach_m), (8, 500.0));
        for (good, bad) in [("divisions = 8", "divisions = 0"), ("reach_m = 500", "reach_m = -1")] {
            let message = Drawing::parse(&SHIPPED.replace(good, bad), "x.toml").unwrap_err().to_string();
            assert!(message.contains("x.toml") && message.contains(bad), "{message}");
        }
    }
}
