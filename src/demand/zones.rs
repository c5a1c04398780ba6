//! Ways to divide a prefecture into zones of whole municipalities, for sums.

use crate::ingest::study::{AreaSystem, Study};
use std::collections::BTreeMap;

/// A division of the prefecture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division {
    /// What the zones are (市区町村, 二次医療圏 …).
    pub name: String,
    /// The zones in order of code; every municipality lies in exactly one.
    pub zones: Vec<Zone>,
}

/// Some municipalities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// Code, or the name where there is none.
    pub code: String,
    /// Name.
    pub name: String,
    /// Positions in the study, rising.
    pub municipalities: Vec<usize>,
}

/// The name of the zone of municipalities that the table of a system does not name.
const NOT_NAMED: &str = "圏域不明";

/// The prefecture, its municipalities, and every system of areas that was loaded.
#[must_use]
pub fn divisions(study: &Study) -> Vec<Division> {
    let everything = || 0..study.municipalities.len();
    let prefecture = Zone {
        code: study.prefecture_code.clone(),
        name: study.prefecture_name.clone(),
        municipalities: everything().collect(),
    };
    let municipality = |at: usize| {
        let one = &study.municipalities[at];
        Zone { code: one.code.to_string(), name: one.name.clone(), municipalities: vec![at] }
    };
    let mut divisions = vec![
        Division { name: "都道府県".to_owned(), zones: vec![prefecture] },
        Division { name: "市区町村".to_owned(), zones: everything().map(municipality).collect() },
    ];
    divisions.extend(AreaSystem::ALL.into_iter().filter_map(|system| of_system(study, system)));
    divisions
}

fn of_system(study: &Study, system: AreaSystem) -> Option<Division> {
    let area = |at: usize| {
        let area = study.municipalities[at].areas.get(&system);
        area.map_or((NOT_NAMED, NOT_NAMED), |area| (area.code.as_str(), area.name.as_str()))
    };
    let areas: Vec<(&str, &str)> = (0..study.municipalities.len()).map(area).collect();
    let is_loaded = study.municipalities.iter().any(|one| one.areas.contains_key(&system));
    let mut division = is_loaded.then(|| division(system.name(), &areas))?;
    for (at, one) in study.municipalities.iter().enumerate() {
        for area in one.further.get(&system).into_iter().flatten() {
            match division.zones.iter_mut().find(|zone| zone.code == area.code) {
                Some(zone) => zone.municipalities.push(at),
                None => division.zones.push(Zone {
                    code: area.code.clone(),
                    name: area.name.clone(),
                    municipalities: vec![at],
                }),
            }
        }
    }
    for zone in &mut division.zones {
        zone.municipalities.sort_unstable();
    }
    division.zones.sort_by(|one, other| (&one.code, &one.name).cmp(&(&other.code, &other.name)));
    Some(division)
}

/// The division in which each municipality lies in the zone of this code and name.
fn division(name: &str, zone_of_municipality: &[(&str, &str)]) -> Division {
    let mut zones: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (at, zone) in zone_of_municipality.iter().enumerate() {
        zones.entry(*zone).or_default().push(at);
    }
    let zone = |((code, name), municipalities): ((&str, &str), Vec<usize>)| Zone {
        code: code.to_owned(),
        name: name.to_owned(),
        municipalities,
    };
    Division { name: name.to_owned(), zones: zones.into_iter().map(zone).collect() }
}

/// The division of a plan that somebody drew: the municipalities of each zone by its name. `None`
/// when some municipality of so many lies in no zone, or in two.
#[must_use]
pub fn drawn_division(
    name: &str,
    zones: BTreeMap<String, Vec<usize>>,
    municipalities: usize,
) -> Option<Division> {
    let mut all: Vec<usize> = zones.values().flatten().copied().collect();
    all.sort_unstable();
    let zone = |(name, mut municipalities): (String, Vec<usize>)| {
        municipalities.sort_unstable();
        Zone { code: name.clone(), name, municipalities }
    };
    let zones = zones.into_iter().map(zone).collect();
    all.into_iter().eq(0..municipalities).then(|| Division { name: name.to_owned(), zones })
}
