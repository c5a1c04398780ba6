//! Car speeds as a dated table (`shapes/tables/speeds.toml`).

use crate::network::NetworkError;
use serde::Deserialize;

/// The table that ships with the program.
const PLANNING: &str = include_str!("../../shapes/tables/speeds.toml");

/// A speed profile. Every number carries its source in the table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Stable id.
    pub id: String,
    /// Name in Japanese.
    pub name: String,
    /// Year of the values.
    pub year: u16,
    /// Where the speeds come from.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
    /// Where the lower speeds of densely inhabited places apply.
    pub dense: Dense,
    /// The way from a place to its road.
    pub access_leg: AccessLeg,
    /// Ferries.
    pub ferry: Ferry,
    /// Which fragments of road are not linked to.
    pub fragment: Fragment,
    /// Speeds.
    #[serde(rename = "class")]
    pub classes: Vec<RoadClass>,
}

/// `[dense]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dense {
    /// People per square kilometre of the census cell from which on a road is in a dense place.
    pub people_per_km2: f64,
    /// Source.
    pub source: String,
    /// Tag.
    pub tag: String,
}

/// `[access_leg]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessLeg {
    /// Speed along the straight line to the road.
    pub speed_kmh: f64,
    /// A place farther than this from every road is not linked.
    pub longest_m: f64,
    /// Source.
    pub source: String,
    /// Tag.
    pub tag: String,
}

/// `[ferry]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ferry {
    /// Mean wait before sailing.
    pub wait_minutes: f64,
    /// Speed where the map gives no duration.
    pub unknown_speed_kmh: f64,
    /// Source.
    pub source: String,
    /// Tag.
    pub tag: String,
}

/// `[fragment]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fragment {
    /// Total length of road in a connected part from which on places are linked to it.
    pub shortest_km: f64,
    /// Source.
    pub source: String,
    /// Tag.
    pub tag: String,
}

/// Speeds of one value of the OpenStreetMap key `highway`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoadClass {
    /// The value.
    pub highway: String,
    /// Speed outside densely inhabited places.
    pub open_kmh: f64,
    /// Speed inside.
    pub dense_kmh: f64,
    /// Whether homes and institutions open onto such a road.
    #[serde(default = "yes")]
    pub link: bool,
}

fn yes() -> bool {
    true
}

impl Profile {
    /// The planning values that ship with the program.
    ///
    /// # Errors
    /// [`NetworkError::Profile`] when the table is damaged.
    pub fn planning() -> Result<Self, NetworkError> {
        Self::parse(PLANNING, "shapes/tables/speeds.toml")
    }

    /// Reads a table; `name` is for messages.
    ///
    /// # Errors
    /// [`NetworkError::Profile`]: not TOML, an unknown or missing key, a speed that is not above zero.
    pub fn parse(text: &str, name: &str) -> Result<Self, NetworkError> {
        let fail = |reason: String| NetworkError::Profile { file: name.to_owned(), reason };
        let profile: Self = toml::from_str(text).map_err(|error| fail(error.to_string()))?;
        let speeds = profile.classes.iter().flat_map(|class| [class.open_kmh, class.dense_kmh]);
        let positive =
            [profile.access_leg.speed_kmh, profile.ferry.unknown_speed_kmh].into_iter().chain(speeds);
        match positive.into_iter().find(|kmh| !(kmh.is_finite() && *kmh > 0.0)) {
            Some(kmh) => Err(fail(format!("speed {kmh} km/h: expected a number above 0"))),
            None => Ok(profile),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_is_whole_and_slower_where_people_live_densely() {
        let profile = Profile::planning().expect("shipped");
        assert_eq!(profile.classes.len(), 16);
        assert!(profile.classes.iter().all(|class| class.dense_kmh <= class.open_kmh));
        let trunk = profile.classes.iter().find(|class| class.highway == "trunk").expect("listed");
        assert_eq!((trunk.open_kmh, trunk.dense_kmh), (45.0, 30.0));
    }

    #[test]
    fn unknown_keys_and_standing_cars_are_refused() {
        let extra = format!("{PLANNING}\ncolour = 3\n");
        assert!(Profile::parse(&extra, "x.toml").is_err());
        let standing = PLANNING.replace("open_kmh = 45", "open_kmh = 0");
        let message = Profile::parse(&standing, "x.toml").expect_err("0 km/h").to_string();
        assert!(message.contains("x.toml") && message.contains("0 km/h"), "{message}");
    }
}
