//! What the addresses of `/api/…` ask for; whatever is wrong is named by its parameter.

use crate::access::reach::Reach;
use crate::ingest::study::Study;
use crate::network::link::Direction;
use crate::network::profile::{Season, TimeOfDay};
use crate::network::scenario::{ClosedArea, Scenario};
use crate::serve::error::ApiError;
use crate::serve::travel::Travel;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use geo::{Coord, LineString, Point, Polygon};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

/// Longest limit that is answered, minutes.
const MOST_MINUTES: u32 = 180;

/// Most limits of one question.
const MOST_LIMITS: usize = 8;

/// Most closed ways, and most corners of a closed area.
const MOST_CLOSED: usize = 100;

/// Most added providers of one question.
const MOST_SITES: usize = 10;

/// The parameters of an address, each given once.
pub struct Question(BTreeMap<String, String>);

/// Where journeys begin or end.
pub enum Place {
    /// An institution, by its position in the study.
    Institution(usize),
    /// Longitude and latitude.
    At(Point),
}

impl Place {
    /// Its id, or longitude and latitude.
    pub fn said(&self, travel: &Travel) -> String {
        match self {
            Self::Institution(at) => travel.places.institutions[*at].id.clone(),
            Self::At(at) => format!("{},{}", at.x(), at.y()),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Question {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Query(pairs) = Query::<Vec<(String, String)>>::from_request_parts(parts, state)
            .await
            .map_err(|_| ApiError::bad_request("アドレスの ? より後を読めません"))?;
        let mut given = BTreeMap::new();
        for (name, value) in pairs {
            if let Some(twice) = given.insert(name.clone(), value) {
                return Err(wrong(&name, &twice, "1回だけ書いてください"));
            }
        }
        Ok(Self(given))
    }
}

fn wrong(name: &str, said: &str, expected: &str) -> ApiError {
    ApiError::bad_request(format!("{}={}: {expected}", short(name), short(said)))
}

/// As much of a text as is repeated to whoever wrote it.
fn short(said: &str) -> String {
    said.chars().take(40).collect()
}

impl Question {
    /// Requires that nothing else is asked.
    pub fn only(&self, known: &[&str]) -> Result<(), ApiError> {
        match self.0.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            None => Ok(()),
            Some((name, said)) => Err(wrong(
                name,
                said,
                &format!("この名前の条件はありません。使えるもの: {}", known.join("、")),
            )),
        }
    }

    /// One of some words; the first where nothing is said.
    pub fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<T, ApiError> {
        let Some(said) = self.0.get(name) else { return Ok(words[0].1) };
        let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let meant = words.iter().find(|(word, _)| word == said);
        meant
            .map(|(_, meant)| *meant)
            .ok_or_else(|| wrong(name, said, &format!("{} のどれかにしてください", all.join("・"))))
    }

    /// `direction`.
    pub fn direction(&self) -> Result<Direction, ApiError> {
        self.word("direction", &[("outward", Direction::Outward), ("inward", Direction::Inward)])
    }

    /// `format`: whether a table is asked for.
    pub fn is_csv(&self) -> Result<bool, ApiError> {
        self.word("format", &[("json", false), ("csv", true)])
    }

    /// `season`, `time`, `ferries`, `tolls`, `closed_ways` and `closed_area`.
    pub fn scenario(&self) -> Result<Scenario, ApiError> {
        let seasons = [("normal", Season::Normal), ("snow", Season::Snow)];
        let times = [("day", TimeOfDay::Day), ("peak", TimeOfDay::Peak), ("night", TimeOfDay::Night)];
        let switch = [("on", false), ("off", true)];
        Ok(Scenario {
            season: self.word("season", &seasons)?,
            time: self.word("time", &times)?,
            no_ferries: self.word("ferries", &switch)?,
            no_tolls: self.word("tolls", &switch)?,
            closed_ways: self.closed_ways()?,
            closed_areas: self.closed_area()?.into_iter().collect(),
            ..Scenario::default()
        })
    }

    /// `closed_ways`: numbers of OpenStreetMap ways, separated by commas.
    fn closed_ways(&self) -> Result<Vec<i64>, ApiError> {
        let Some(said) = self.0.get("closed_ways") else { return Ok(Vec::new()) };
        let ways: Option<Vec<i64>> =
            said.split(',').take(MOST_CLOSED + 1).map(|way| way.trim().parse().ok()).collect();
        ways.filter(|ways| ways.len() <= MOST_CLOSED).ok_or_else(|| {
            let expected =
                format!("OpenStreetMap の道路番号を{MOST_CLOSED}本まで、コンマで区切って書いてください");
            wrong("closed_ways", said, &expected)
        })
    }

    /// `closed_area`: the corners of a polygon as longitude and latitude in turn.
    fn closed_area(&self) -> Result<Option<ClosedArea>, ApiError> {
        let Some(said) = self.0.get("closed_area") else { return Ok(None) };
        let expected = || {
            let expected = format!(
                "経度,緯度,経度,緯度,… を3点から{MOST_CLOSED}点まで書いてください（例 138.5,35.6,138.6,35.6,138.6,35.7）"
            );
            wrong("closed_area", said, &expected)
        };
        let degrees: Option<Vec<f64>> =
            said.split(',').take(2 * MOST_CLOSED + 1).map(|one| one.trim().parse().ok()).collect();
        let (corners, rest) = degrees.as_deref().ok_or_else(expected)?.as_chunks::<2>();
        let is_on_earth = |[x, y]: &[f64; 2]| (-180.0..=180.0).contains(x) && (-90.0..=90.0).contains(y);
        let counts = (3..=MOST_CLOSED).contains(&corners.len()) && rest.is_empty();
        if !counts || !corners.iter().all(is_on_earth) {
            return Err(expected());
        }
        let ring = corners.iter().map(|[x, y]| Coord { x: *x, y: *y }).collect();
        let polygons = vec![Polygon::new(LineString::new(ring), Vec::new())];
        Ok(Some(ClosedArea { path: "closed_area".to_owned(), polygons, ..ClosedArea::default() }))
    }

    /// `minutes`, ascending and each once; 15, 30, 45 and 60 where nothing is said.
    pub fn minutes(&self) -> Result<Vec<u32>, ApiError> {
        let Some(said) = self.0.get("minutes") else { return Ok(vec![15, 30, 45, 60]) };
        let limits: Option<Vec<u32>> = said
            .split(',')
            .take(MOST_LIMITS + 1)
            .map(|one| one.parse().ok().filter(|minutes| (1..=MOST_MINUTES).contains(minutes)))
            .collect();
        let mut limits = limits.filter(|limits| limits.len() <= MOST_LIMITS).ok_or_else(|| {
            let expected = format!(
                "1から{MOST_MINUTES}までの整数（分）を{MOST_LIMITS}個まで、コンマで区切って書いてください（例 15,30,60）"
            );
            wrong("minutes", said, &expected)
        })?;
        limits.sort_unstable();
        limits.dedup();
        Ok(limits)
    }

    /// `limit` in minutes; 90 where nothing is said.
    pub fn limit(&self) -> Result<u32, ApiError> {
        let Some(said) = self.0.get("limit") else { return Ok(90) };
        said.parse().ok().filter(|minutes| (1..=MOST_MINUTES).contains(minutes)).ok_or_else(|| {
            wrong("limit", said, &format!("1から{MOST_MINUTES}までの整数（分）を書いてください"))
        })
    }

    /// `service`, by its position among all.
    pub fn service(&self, services: &[Reach]) -> Result<usize, ApiError> {
        self.named("service", &services.iter().map(|of| of.service.id.as_str()).collect::<Vec<_>>())
    }

    /// One of some names, by its position; it has to be said.
    pub fn named(&self, name: &str, names: &[&str]) -> Result<usize, ApiError> {
        if !self.0.contains_key(name) {
            let message = format!("{name} を書いてください（{}）", names.join("・"));
            return Err(ApiError::bad_request(message));
        }
        self.named_or(name, names, "")
    }

    /// One of some names, by its position; where nothing is said, the usual one.
    pub fn named_or(&self, name: &str, names: &[&str], usual: &str) -> Result<usize, ApiError> {
        let said = self.0.get(name).map_or(usual, String::as_str);
        names.iter().position(|one| *one == said).ok_or_else(|| {
            wrong(name, said, &format!("この名前のものはありません。使えるもの: {}", names.join("・")))
        })
    }

    /// `year`, one of some.
    pub fn year(&self, years: RangeInclusive<u16>) -> Result<u16, ApiError> {
        let said = self.0.get("year").map_or("", String::as_str);
        said.parse().ok().filter(|year| years.contains(year)).ok_or_else(|| {
            let expected =
                format!("人口か需要推計の分かる{}から{}までの年を書いてください", years.start(), years.end());
            wrong("year", said, &expected)
        })
    }

    /// `zones`: codes of municipalities separated by commas, zones by semicolons; none where nothing is said.
    /// A municipality lies in at most one zone.
    pub fn zones(&self, study: &Study) -> Result<Vec<Vec<usize>>, ApiError> {
        let Some(said) = self.0.get("zones") else { return Ok(Vec::new()) };
        let mut taken = BTreeSet::new();
        let mut zones = Vec::new();
        for zone in said.split(';') {
            let mut members = Vec::new();
            for code in zone.split(',') {
                let at = study.municipalities.iter().position(|one| one.code.to_string() == code.trim());
                let at = at.ok_or_else(|| wrong("zones", code, "この市区町村はありません"))?;
                if !taken.insert(at) {
                    return Err(wrong("zones", code, "市区町村は一つの圏域だけに入れてください"));
                }
                members.push(at);
            }
            members.sort_unstable();
            zones.push(members);
        }
        Ok(zones)
    }

    /// `sites`; 1 where nothing is said.
    pub fn sites(&self) -> Result<usize, ApiError> {
        let Some(said) = self.0.get("sites") else { return Ok(1) };
        said.parse().ok().filter(|sites| (1..=MOST_SITES).contains(sites)).ok_or_else(|| {
            wrong("sites", said, &format!("1から{MOST_SITES}までの整数（か所）を書いてください"))
        })
    }

    /// `facility`, by its position.
    pub fn facility(&self, travel: &Travel) -> Result<usize, ApiError> {
        let Some(id) = self.0.get("facility") else {
            return Err(ApiError::bad_request("facility=機関コード を書いてください"));
        };
        travel
            .places
            .institution(id)
            .ok_or_else(|| ApiError::not_found(format!("facility={}: この機関はありません", short(id))))
    }

    /// Either `facility` or `lon` and `lat`.
    pub fn place(&self, travel: &Travel) -> Result<Place, ApiError> {
        match (self.0.get("facility"), self.0.get("lon"), self.0.get("lat")) {
            (Some(_), None, None) => self.facility(travel).map(Place::Institution),
            (None, Some(_), Some(_)) => {
                let bounds = travel.bounds;
                let longitude = self.degrees("lon", bounds.map(|bounds| [bounds.min().x, bounds.max().x]))?;
                let latitude = self.degrees("lat", bounds.map(|bounds| [bounds.min().y, bounds.max().y]))?;
                Ok(Place::At(Point::new(longitude, latitude)))
            }
            _ => Err(ApiError::bad_request(
                "lon=経度&lat=緯度 か facility=機関コード の、どちらか一方を書いてください",
            )),
        }
    }

    fn degrees(&self, name: &str, range: Option<[f64; 2]>) -> Result<f64, ApiError> {
        let said = self.0.get(name).map_or("", String::as_str);
        let [least, most] = range.unwrap_or([-180.0, 180.0]);
        said.parse().ok().filter(|degrees| (least..=most).contains(degrees)).ok_or_else(|| {
            wrong(name, said, &format!("{least:.4}から{most:.4}まで（この県の範囲）の度を書いてください"))
        })
    }
}
