//! Car speeds as a dated table (`shapes/tables/speeds.toml`).

use crate::network::NetworkError;
use serde::Deserialize;
use std::collections::BTreeSet;

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
    /// Time lost at signals and junctions.
    pub delay: Delay,
    /// What a speed limit does.
    pub maxspeed: MaxSpeed,
    /// What access tags mean.
    pub access: AccessValues,
    /// Which barriers cut a road.
    pub barrier: Barriers,
    /// Further tags that restrict a road.
    #[serde(rename = "restriction", default)]
    pub restrictions: Vec<Restriction>,
    /// Tags of roads that are closed in winter.
    #[serde(default)]
    pub winter_closed: Vec<WinterClosed>,
    /// Speeds of a normal day.
    #[serde(rename = "class")]
    pub classes: Vec<RoadClass>,
    /// Seasons and times of day.
    #[serde(rename = "factor", default)]
    pub factors: Vec<Factor>,
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

/// `[delay]`: on top of the speeds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delay {
    /// Seconds at a signal.
    pub signal_s: f64,
    /// Seconds at a junction of three or more roads without a signal.
    pub junction_s: f64,
    /// Source.
    pub source: String,
    /// Tag.
    pub tag: String,
}

/// `[maxspeed]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaxSpeed {
    /// Share of the told limit that is driven at most, above 0.
    pub share: f64,
    /// Source.
    pub source: String,
    /// Tag.
    pub tag: String,
}

/// `[access]`: values of the access keys; others are open.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessValues {
    /// At the beginning or the end of a journey only.
    pub destination: Vec<String>,
    /// Never.
    pub closed: Vec<String>,
    /// Source.
    pub source: String,
    /// Tag.
    pub tag: String,
}

/// `[barrier]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Barriers {
    /// Values of the key `barrier` that no car passes.
    pub closed: Vec<String>,
    /// Source.
    pub source: String,
    /// Tag.
    pub tag: String,
}

/// `[[restriction]]`: what a tag means for a road without access tag.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restriction {
    /// The key.
    pub key: String,
    /// Its values.
    pub values: Vec<String>,
    /// What they mean.
    pub access: Access,
    /// Source.
    pub source: String,
    /// Tag.
    pub tag: String,
}

/// `[[winter_closed]]`: a tag of roads that are closed in [`Season::Snow`].
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WinterClosed {
    /// The key.
    pub key: String,
    /// Its values.
    pub values: Vec<String>,
    /// Source.
    pub source: String,
    /// Tag.
    pub tag: String,
}

/// What cars may do on a road.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Drive.
    #[default]
    Open,
    /// Begin or end a journey there, but not drive through.
    Destination,
    /// Nothing.
    Closed,
}

/// Season of a journey.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Season {
    /// Dry roads.
    #[default]
    Normal,
    /// Snow and ice; roads with 冬期閉鎖 are closed.
    Snow,
}

/// Time of day of a journey.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeOfDay {
    /// Working hours outside the peaks.
    #[default]
    Day,
    /// Morning and evening peaks.
    Peak,
    /// Night.
    Night,
}

/// `[[factor]]`: multiplies the speeds of some classes where its conditions hold.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// In this season only.
    pub season: Option<Season>,
    /// At this time of day only.
    pub time: Option<TimeOfDay>,
    /// Values of `highway`.
    pub highways: Vec<String>,
    /// Factor outside densely inhabited places, above 0.
    pub open: f64,
    /// Factor inside.
    pub dense: f64,
    /// Source.
    pub source: String,
    /// Year of the values.
    pub year: u16,
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
    /// Whether it is one-way where nothing is said.
    #[serde(default)]
    pub one_way: bool,
    /// Source.
    pub source: String,
    /// Year of the values.
    pub year: u16,
    /// Tag.
    pub tag: String,
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
    /// [`NetworkError::Profile`]: not TOML, an unknown or missing key, a speed or factor that is not
    /// above zero, a delay below zero, a class that is given twice or a factor of no class.
    pub fn parse(text: &str, name: &str) -> Result<Self, NetworkError> {
        let fail = |reason: String| NetworkError::Profile { file: name.to_owned(), reason };
        let profile: Self = toml::from_str(text).map_err(|error| fail(error.to_string()))?;
        profile.check().map_err(fail)?;
        Ok(profile)
    }

    fn check(&self) -> Result<(), String> {
        let classes = self.classes.iter().flat_map(|class| [class.open_kmh, class.dense_kmh]);
        let speeds = [self.access_leg.speed_kmh, self.ferry.unknown_speed_kmh].into_iter().chain(classes);
        for kmh in speeds {
            above_zero("速度（km/h）", kmh)?;
        }
        let factors = self.factors.iter().flat_map(|factor| [factor.open, factor.dense]);
        for factor in factors.chain([self.maxspeed.share]) {
            above_zero("速度の倍率", factor)?;
        }
        for wait in [self.ferry.wait_minutes, self.delay.signal_s, self.delay.junction_s] {
            if !(wait.is_finite() && wait >= 0.0) {
                return Err(format!("待ち時間が {wait} です。0以上の数にしてください"));
            }
        }
        let mut known = BTreeSet::new();
        if let Some(twice) = self.classes.iter().find(|class| !known.insert(class.highway.as_str())) {
            return Err(format!("道路種別 {} が2回あります。1行にしてください", twice.highway));
        }
        // The positions of classes are one byte, and the last is the ferry's.
        if self.classes.len() > 200 {
            return Err(format!("道路種別が {} あります。200以下にしてください", self.classes.len()));
        }
        let mut named = self.factors.iter().flat_map(|factor| &factor.highways);
        match named.find(|highway| !known.contains(highway.as_str())) {
            Some(highway) => Err(format!("factor の道路種別 {highway} が class にありません")),
            None => Ok(()),
        }
    }

    /// Position of a value of `highway` in [`Profile::classes`].
    #[must_use]
    pub fn class(&self, highway: &str) -> Option<u8> {
        let at = self.classes.iter().position(|class| class.highway == highway)?;
        u8::try_from(at).ok()
    }

    /// Speeds in km/h of a class outside and inside densely inhabited places.
    #[must_use]
    pub fn speeds(&self, class: &RoadClass, season: Season, time: TimeOfDay) -> [f64; 2] {
        let holds = |factor: &&Factor| {
            factor.season.is_none_or(|only| only == season)
                && factor.time.is_none_or(|only| only == time)
                && factor.highways.contains(&class.highway)
        };
        let rows = self.factors.iter().filter(holds);
        rows.fold([class.open_kmh, class.dense_kmh], |[open, dense], row| {
            [open * row.open, dense * row.dense]
        })
    }
}

fn above_zero(what: &str, number: f64) -> Result<(), String> {
    if number.is_finite() && number > 0.0 {
        return Ok(());
    }
    Err(format!("{what}が {number} です。0より大きい数にしてください"))
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
    fn unknown_keys_and_numbers_that_cannot_be_are_refused_with_the_file_and_the_reason() {
        let extra = format!("{PLANNING}\ncolour = 3\n");
        assert!(Profile::parse(&extra, "x.toml").is_err());
        for (said, instead, expected) in [
            ("open_kmh = 45", "open_kmh = 0", "速度（km/h）が 0"),
            ("open = 0.65", "open = -1.0", "速度の倍率が -1"),
            ("share = 1.0", "share = nan", "速度の倍率が NaN"),
            ("wait_minutes = 30", "wait_minutes = -1", "待ち時間が -1"),
            ("highway = \"track\"", "highway = \"road\"", "道路種別 road が2回"),
            ("\"residential\", \"living_street\"", "\"residental\"", "residental が class にありません"),
        ] {
            let damaged = PLANNING.replacen(said, instead, 1);
            assert_ne!(damaged, PLANNING, "{said}");
            let message = Profile::parse(&damaged, "x.toml").expect_err(said).to_string();
            assert!(message.contains("x.toml") && message.contains(expected), "{message}");
        }
    }

    #[test]
    fn season_and_time_of_day_multiply_the_speeds_of_a_normal_day() {
        let profile = Profile::planning().expect("shipped");
        let speeds = |highway: &str, season, time| {
            let class = profile.classes.iter().find(|class| class.highway == highway).expect("listed");
            profile.speeds(class, season, time).map(|kmh| (kmh * 1000.0).round() / 1000.0)
        };
        use {Season::*, TimeOfDay::*};
        assert_eq!(speeds("trunk", Normal, Day), [45.0, 30.0]);
        assert_eq!(speeds("trunk", Snow, Day), [33.75, 24.0]);
        assert_eq!(speeds("trunk", Snow, Peak), [30.375, 20.4]);
        assert_eq!(speeds("trunk", Normal, Night), [49.5, 37.5]);
        assert_eq!(speeds("motorway", Snow, Night), [52.0, 52.0]);
        assert_eq!(speeds("track", Normal, Peak), [10.0, 9.5]);
    }
}
