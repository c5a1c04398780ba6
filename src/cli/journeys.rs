//! What the commands that ask for travel times share: a study with its roads, under some conditions.

use crate::access::places::Places;
use crate::cli::bars::Bars;
use crate::cli::scenario;
use crate::ingest::manifest::Manifest;
use crate::ingest::study::Study;
use crate::network::build::{Roadway, build, mean_latitude};
use crate::network::link::{Direction, Link, Linker, RoadIndex};
use crate::network::profile::Profile;
use crate::network::scenario::Scenario;
use anyhow::{Context, ensure};
use clap::{Args, ValueEnum};
use geo::Point;
use std::path::Path;
use std::str::FromStr;

/// A study whose travel times can be asked for.
pub(super) struct Journeys {
    pub(super) study: Study,
    pub(super) places: Places,
    pub(super) profile: Profile,
    pub(super) roadway: Roadway,
}

impl Journeys {
    /// Reads a study and its roads, for a normal day or under the conditions of a scenario.
    pub(super) fn read(manifest: &Path, scenario: Option<&Path>) -> anyhow::Result<Self> {
        let manifest = Manifest::read(manifest)?;
        let profile = Profile::planning()?;
        let scenario = scenario.map(|file| Scenario::read(file, &profile)).transpose()?;
        let mut study = crate::ingest::read_study(&manifest, &Bars)?;
        let roadway = build(&mut study, &profile, &Bars)?;
        let (roadway, _, findings) = scenario::under(scenario.as_ref(), roadway, &profile);
        findings.iter().for_each(scenario::tell);
        Ok(Self { places: Places::from(&study), study, profile, roadway })
    }

    /// Finds the road of any place.
    pub(super) fn index(&self) -> RoadIndex {
        RoadIndex::new(&self.roadway.network, &self.profile, mean_latitude(&self.places.centres()))
    }
}

/// The place from which, or to which, journeys go.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(super) struct Place {
    /// 経度,緯度（度）
    #[arg(long, allow_hyphen_values = true)]
    at: Option<LonLat>,
    /// 機関コード
    #[arg(long)]
    facility: Option<String>,
}

impl Place {
    /// As it was said.
    pub(super) fn said(&self) -> String {
        let at = self.at.map(|LonLat(at)| format!("{},{}", at.x(), at.y()));
        self.facility.clone().or(at).unwrap_or_default()
    }

    /// Where the place stands on the network.
    pub(super) fn link(&self, journeys: &Journeys) -> anyhow::Result<Link> {
        if let Some(id) = &self.facility {
            let at = journeys.places.institution(id).with_context(|| {
                format!(
                    "--facility {id}: この機関はありません。summary や地図にある機関コードを書いてください"
                )
            })?;
            return journeys.roadway.linkage.institutions[at]
                .with_context(|| format!("--facility {id}: この機関は位置が不明か、近くに道路がありません"));
        }
        let LonLat(at) = self.at.context("--at か --facility が必要です")?;
        let index = journeys.index();
        let linker = Linker::with_index(&journeys.roadway.network, &journeys.profile, &index);
        linker.link(at).with_context(|| {
            let far = journeys.profile.access_leg.longest_m;
            format!("--at {},{}: {far} m以内に道路がありません", at.x(), at.y())
        })
    }
}

/// Whose journeys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Journey {
    /// 訪問（機関から自宅へ）
    Visits,
    /// 受入（自宅から機関へ）
    Admissions,
}

impl Journey {
    pub(super) const fn direction(self) -> Direction {
        match self {
            Self::Visits => Direction::Outward,
            Self::Admissions => Direction::Inward,
        }
    }
}

/// A place given as `経度,緯度`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct LonLat(pub(super) Point);

impl FromStr for LonLat {
    type Err = anyhow::Error;

    fn from_str(said: &str) -> anyhow::Result<Self> {
        let (longitude, latitude) = said.split_once(',').context(EXPECTED)?;
        let degrees = |text: &str, most: f64| {
            text.trim().parse().ok().filter(|degrees: &f64| degrees.abs() <= most).context(EXPECTED)
        };
        Ok(Self(Point::new(degrees(longitude, 180.0)?, degrees(latitude, 90.0)?)))
    }
}

const EXPECTED: &str = "経度,緯度を度で書いてください（例 138.568,35.664）";

/// Limits given as `15,30,60`, each once, ascending.
pub(super) fn minutes(said: &[u32]) -> anyhow::Result<Vec<u32>> {
    let mut minutes = said.to_vec();
    minutes.sort_unstable();
    minutes.dedup();
    let wrong = minutes.iter().find(|minutes| !(1..=MOST_MINUTES).contains(*minutes));
    ensure!(wrong.is_none(), "--minutes: 1から{MOST_MINUTES}までの分を書いてください");
    Ok(minutes)
}

/// Longest limit that is answered, minutes.
const MOST_MINUTES: u32 = 180;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_longitude_and_latitude_in_degrees() {
        assert_eq!("138.5, 35.6".parse::<LonLat>().unwrap(), LonLat(Point::new(138.5, 35.6)));
        for wrong in ["", "138.5", "138.5 35.6", "35.6,138.5", "nan,35", "1e999,35", "a,b", "138.5,35.6,1"] {
            let message = wrong.parse::<LonLat>().unwrap_err().to_string();
            assert!(message.contains("経度,緯度"), "{wrong}: {message}");
        }
    }

    #[test]
    fn limits_are_told_once_in_order_and_within_bounds() {
        assert_eq!(minutes(&[60, 15, 15]).unwrap(), [15, 60]);
        assert!(minutes(&[0]).is_err() && minutes(&[181]).is_err());
    }
}
