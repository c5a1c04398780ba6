//! Places of addresses: municipality by name, then the longest known 大字・町丁目, then its 街区 or 番地.
//!
//! What an address leaves open is never guessed: where it fits several places, the answer is the smallest
//! area that holds all of them, with the places as candidates.

mod names;
mod towns;

use crate::ids::MunicipalityCode;
use crate::ingest::address::{comparable, house_key, town};
use crate::ingest::study::{Municipality, Precision};
use geo::Point;
use names::{Beginning, Names};
use std::collections::BTreeMap;
use towns::Towns;

pub(crate) use towns::without_chome;

/// How much of an address was found, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Nothing, or another prefecture.
    None,
    /// 都道府県.
    Prefecture,
    /// 市区町村.
    Municipality,
    /// 大字・町丁目, or 小字.
    Town,
    /// 街区 or 番地.
    Block,
}

/// Where an address lies.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Located {
    /// Position in the list of municipalities.
    pub municipality: Option<usize>,
    /// How much of the address was found.
    pub level: Level,
    /// Whether a town that was found is a 丁目.
    pub is_chome: bool,
    /// Its point; `None` below [`Level::Municipality`] and for a municipality without a point.
    pub position: Option<Point>,
    /// The places that the address may mean beyond what was found; empty where it is clear.
    pub candidates: Vec<Candidate>,
}

/// A place that an address may mean.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Candidate {
    /// Municipality and town, or prefecture and municipality.
    pub name: String,
    /// Its point, where one is known.
    pub position: Option<Point>,
}

impl Located {
    const fn only(level: Level) -> Self {
        Self { municipality: None, level, is_chome: false, position: None, candidates: Vec::new() }
    }

    /// How exactly the point is known.
    pub(crate) const fn precision(&self) -> Precision {
        match (self.level, self.position) {
            (_, None) | (Level::None | Level::Prefecture, _) => Precision::Unlocated,
            (Level::Municipality, _) => Precision::Municipality,
            (Level::Town, _) if self.is_chome => Precision::Chome,
            (Level::Town, _) => Precision::Town,
            (Level::Block, _) => Precision::Block,
        }
    }
}

/// Knows the municipalities, towns and blocks of one prefecture.
pub(crate) struct Geocoder {
    names: Names,
    /// Names for people.
    municipalities: Vec<String>,
    offices: Vec<Option<Point>>,
    towns: Vec<Towns>,
}

impl Geocoder {
    /// Learns the names of the municipalities, with and without their 郡 and city, and the names by which
    /// those of other prefectures are called (`elsewhere`: prefecture and municipality).
    pub(crate) fn new(
        prefecture: &str,
        municipalities: &[Municipality],
        counties: &BTreeMap<MunicipalityCode, String>,
        elsewhere: &[(String, String)],
    ) -> Self {
        Self {
            names: Names::new(prefecture, municipalities, counties, elsewhere),
            municipalities: municipalities.iter().map(|one| one.name.clone()).collect(),
            offices: municipalities.iter().map(|municipality| municipality.office).collect(),
            towns: municipalities.iter().map(|_| Towns::default()).collect(),
        }
    }

    /// Learns the point of a town. Answers with the metres to the point that is known for the name where
    /// the two are two places.
    pub(crate) fn learn(&mut self, municipality: usize, name: &str, position: Point) -> Option<f64> {
        self.towns[municipality].learn_town(name, position)
    }

    /// Learns the point of a 街区 or 番地 of a town, known with and without the 小字 that is written
    /// between the two.
    pub(crate) fn learn_block(
        &mut self,
        municipality: usize,
        town: &str,
        koaza: &str,
        block: &str,
        position: Point,
    ) {
        let towns = &mut self.towns[municipality];
        towns.learn_block(town, block, position);
        if !koaza.is_empty() {
            towns.learn_block(&format!("{town}{koaza}"), block, position);
        }
    }

    /// Points of the known towns of a municipality, in order of their names.
    pub(crate) fn towns(&self, municipality: usize) -> Vec<Point> {
        self.towns[municipality].points().map(|(_, point)| point).collect()
    }

    /// Which of [`Geocoder::towns`] a name means: the town itself, or all its 丁目.
    pub(crate) fn towns_named(&self, municipality: usize, name: &str) -> Vec<usize> {
        let asked = town(&comparable(name));
        let is_meant = |known: &str| known == asked || without_chome(known) == Some(&asked);
        let known = self.towns[municipality].points().enumerate();
        known.filter(|(_, (known, _))| is_meant(known)).map(|(at, _)| at).collect()
    }

    /// The municipality that an address begins with (prefecture optional), and what follows. A name that
    /// several municipalities bear tells that of which the town is known.
    pub(crate) fn municipality(&self, address: &str) -> Option<(usize, String)> {
        let Beginning { owners, rest, .. } = self.names.begin(address)?;
        match owners.as_slice() {
            [] => None,
            [only] => Some((*only, rest)),
            _ => self.locate_among(&owners, &rest).municipality.map(|at| (at, rest)),
        }
    }

    /// Municipality and [`house_key`] of an address.
    pub(crate) fn house(&self, address: &str) -> Option<(usize, String)> {
        self.municipality(address).map(|(at, rest)| (at, house_key(&town(&rest))))
    }

    /// Locates an address. `hint` is the municipality of a code beside it; the address is taken to lie
    /// there when it names none, or a name that others bear too.
    pub(crate) fn locate(&self, address: &str, hint: Option<usize>) -> Located {
        let Some(Beginning { owners, rest, says_prefecture, homonyms }) = self.names.begin(address) else {
            return Located::only(Level::None);
        };
        let hint = hint.filter(|hint| owners.is_empty() || owners.contains(hint));
        if let Some(hint) = hint {
            return self.locate_in(hint, &rest);
        }
        let level = if says_prefecture { Level::Prefecture } else { Level::None };
        let mut located = match owners.as_slice() {
            [] => Located { candidates: self.towns_anywhere(&rest), ..Located::only(level) },
            [only] => self.locate_in(*only, &rest),
            _ => self.locate_among(&owners, &rest),
        };
        if !homonyms.is_empty() && located.level < Level::Town {
            let own = owners.iter().map(|at| self.candidate(*at));
            let others = homonyms.into_iter().map(|name| Candidate { name, position: None });
            located = Located { candidates: own.chain(others).collect(), ..Located::only(Level::None) };
        }
        located
    }

    fn candidate(&self, municipality: usize) -> Candidate {
        Candidate { name: self.municipalities[municipality].clone(), position: self.offices[municipality] }
    }

    /// Locates what follows the name of a municipality.
    fn locate_in(&self, municipality: usize, rest: &str) -> Located {
        let found = self.towns[municipality].find(rest);
        let place = found.as_ref().and_then(|found| Some((found.level, Some(found.point?))));
        let (level, position) = place.unwrap_or((Level::Municipality, self.offices[municipality]));
        let is_chome = found.as_ref().is_some_and(|found| found.is_chome);
        let named = |(name, position): (String, Point)| Candidate {
            name: format!("{}{name}", self.municipalities[municipality]),
            position: Some(position),
        };
        let candidates = found.into_iter().flat_map(|found| found.candidates).map(named).collect();
        Located { municipality: Some(municipality), level, is_chome, position, candidates }
    }

    /// Locates what follows a name that several municipalities bear: in the only one whose towns know it.
    fn locate_among(&self, owners: &[usize], rest: &str) -> Located {
        let located: Vec<Located> = owners.iter().map(|at| self.locate_in(*at, rest)).collect();
        let best = located.iter().map(|one| one.level).max().unwrap_or(Level::None);
        let mut of_best = located.iter().filter(|one| one.level == best);
        if let (Some(one), None) = (of_best.next(), of_best.next()) {
            return one.clone();
        }
        let place =
            |(at, one): (&usize, &Located)| Candidate { position: one.position, ..self.candidate(*at) };
        let candidates = owners.iter().zip(&located).filter(|(_, one)| one.level == best);
        Located { candidates: candidates.map(place).collect(), ..Located::only(Level::Prefecture) }
    }

    /// Towns of any municipality with which an address that names none may begin.
    fn towns_anywhere(&self, rest: &str) -> Vec<Candidate> {
        let found = (0..self.towns.len()).map(|at| (at, self.locate_in(at, rest)));
        let towns = found.filter(|(_, one)| one.level >= Level::Town);
        towns.map(|(at, one)| Candidate { position: one.position, ..self.candidate(at) }).collect()
    }
}

#[cfg(test)]
mod tests;
