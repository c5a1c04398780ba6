//! Scenarios: closed roads, slower or faster classes, winter, times of day, no ferries, no tolls.
//!
//! A scenario changes the conditions of journeys and nothing else. The empty one is a normal day. Homes and
//! institutions on a closed road keep their place on it and cannot be reached.

use crate::ingest::finding::{Finding, Severity};
use crate::ingest::manifest::line_of;
use crate::network::NetworkError;
use crate::network::closed_areas::{read, touched};
use crate::network::faults::finding;
use crate::network::graph::Network;
use crate::network::profile::{Profile, Season, TimeOfDay};
use crate::network::weights::Conditions;
use geo::Polygon;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::Path;

/// A scenario as written by a person. Unknown keys are refused.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scenario {
    /// Name in Japanese.
    pub name: String,
    /// Season.
    pub season: Season,
    /// Time of day.
    pub time: TimeOfDay,
    /// Whether toll roads are closed.
    pub no_tolls: bool,
    /// Whether ferries are closed.
    pub no_ferries: bool,
    /// OpenStreetMap ids of closed ways.
    pub closed_ways: Vec<i64>,
    /// Areas in which roads are closed, such as 洪水浸水想定区域.
    #[serde(rename = "closed_area")]
    pub closed_areas: Vec<ClosedArea>,
    /// Slower or faster classes.
    #[serde(rename = "speed")]
    pub speeds: Vec<SpeedFactor>,
}

/// `[[closed_area]]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosedArea {
    /// GeoJSON file, relative to the scenario.
    pub path: String,
    /// Whether bridges and tunnels in the area stay open: a flood does not close those that span the river.
    #[serde(default)]
    pub spares_structures: bool,
    /// What the file holds.
    #[serde(skip)]
    pub polygons: Vec<Polygon>,
}

/// `[[speed]]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpeedFactor {
    /// Values of `highway`.
    pub highways: Vec<String>,
    /// Factor on the speed, above 0; several for one class multiply.
    pub factor: f64,
}

impl Scenario {
    /// Reads a scenario and the areas it names.
    ///
    /// # Errors
    /// [`NetworkError::Scenario`] with file and place: not readable, not TOML, an unknown key, a class that the
    /// profile does not have, a factor that is not above 0, an area that is no GeoJSON with polygons.
    pub fn read(path: &Path, profile: &Profile) -> Result<Self, NetworkError> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| NetworkError::Scenario {
            file: file.clone(),
            place: "全体".to_owned(),
            found: format!("読めません（{error}）"),
            expected: "UTF-8 の TOML ファイルが必要です".to_owned(),
        })?;
        let mut scenario = Self::parse(&text, &file, profile)?;
        for area in &mut scenario.closed_areas {
            area.polygons = read(&path.with_file_name(&area.path))?;
        }
        Ok(scenario)
    }

    /// Reads a scenario whose areas have no polygons yet; `file` is for messages.
    ///
    /// # Errors
    /// As [`Scenario::read`], but for the areas.
    pub fn parse(text: &str, file: &str, profile: &Profile) -> Result<Self, NetworkError> {
        let fail = |place: String, found: String, expected: &str| NetworkError::Scenario {
            file: file.to_owned(),
            place,
            found,
            expected: expected.to_owned(),
        };
        let scenario: Self = toml::from_str(text).map_err(|error| {
            let place = error.span().map_or_else(|| "全体".to_owned(), |span| line_of(text, span.start));
            let keys = "キーは name・season・time・no_tolls・no_ferries・closed_ways・[[closed_area]]・[[speed]] です";
            fail(place, error.message().to_owned(), keys)
        })?;
        for (at, speed) in scenario.speeds.iter().enumerate() {
            let place = || format!("{} 番目の [[speed]]", at + 1);
            if !(speed.factor.is_finite() && speed.factor > 0.0) {
                let found = format!("factor = {}", speed.factor);
                return Err(fail(
                    place(),
                    found,
                    "0より大きい倍率にしてください（通行止めは closed_ways・closed_area）",
                ));
            }
            if let Some(highway) = speed.highways.iter().find(|highway| profile.class(highway).is_none()) {
                let found = format!("道路種別 {highway} は速度表にありません");
                return Err(fail(
                    place(),
                    found,
                    "速度表の highway の値（trunk・primary など）にしてください",
                ));
            }
        }
        Ok(scenario)
    }

    /// The conditions of journeys on a network, and a finding for everything in the scenario that changes
    /// nothing there: ways it does not have, areas without a road.
    #[must_use]
    pub fn conditions(&self, network: &Network, profile: &Profile) -> (Conditions, Vec<Finding>) {
        let mut findings = Vec::new();
        let mut closed: BTreeSet<u32> = self.closed_by_id(network, &mut findings);
        for area in &self.closed_areas {
            let edges =
                touched(network, &area.polygons, |edge| !(area.spares_structures && edge.road.structure));
            if edges.is_empty() {
                let meant =
                    "この区域に道路がないため、シナリオは何も閉鎖しません。位置と座標系を確かめてください";
                findings.push(told("closed_area_without_roads", &area.path, meant));
            }
            closed.extend(edges);
        }
        let mut speed_factors = Vec::new();
        if !self.speeds.is_empty() {
            let factor = |highway: &String| -> f64 {
                let rows = self.speeds.iter().filter(|speed| speed.highways.contains(highway));
                rows.map(|speed| speed.factor).product()
            };
            speed_factors.extend(profile.classes.iter().map(|class| factor(&class.highway)));
        }
        let conditions = Conditions {
            season: self.season,
            time: self.time,
            no_tolls: self.no_tolls,
            no_ferries: self.no_ferries,
            speed_factors,
            closed: closed.into_iter().collect(),
        };
        (conditions, findings)
    }

    fn closed_by_id(&self, network: &Network, findings: &mut Vec<Finding>) -> BTreeSet<u32> {
        let mut unknown: BTreeSet<i64> = self.closed_ways.iter().copied().collect();
        let asked = unknown.clone();
        let mut closed = BTreeSet::new();
        if !asked.is_empty() {
            for (at, edge) in (0..).zip(&network.edges).filter(|(_, edge)| asked.contains(&edge.way)) {
                closed.insert(at);
                unknown.remove(&edge.way);
            }
        }
        let meant = "この番号の道路は道路網にないため、シナリオは何も閉鎖しません。番号を確かめてください";
        findings.extend(unknown.iter().map(|way| told("unknown_closed_way", &way.to_string(), meant)));
        closed
    }
}

fn told(kind: &str, said: &str, meant: &str) -> Finding {
    let told = finding(Severity::Warning, kind, said.to_owned(), meant, None);
    Finding { layer: Some("scenario".to_owned()), ..told }
}
