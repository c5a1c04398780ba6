//! The towns and blocks of one municipality.

use crate::geometry::plane::short_m;
use crate::ingest::address::{comparable, lot, town, with_units};
use crate::ingest::geocode::Level;
use geo::{Coord, Point};
use std::collections::BTreeMap;

/// Two points of one name further apart than this are two places.
const SAME_TOWN_M: f64 = 1_000.0;

/// The same for points of one 街区 or 番地.
const SAME_BLOCK_M: f64 = 200.0;

/// Where all 丁目 of a town lie within this of each other, their mean stands for the town.
const TOWN_WIDTH_M: f64 = 2_000.0;

/// Words after which the name of a town follows the streets of a 京都 address (通り名).
const TURNS: [&str; 8] = ["上ル", "上る", "下ル", "下る", "東入", "西入", "北入", "南入"];

/// Points of one name.
#[derive(Clone, Debug)]
struct Spots {
    first: Point,
    /// Those of other places.
    further: Vec<Point>,
}

impl Spots {
    const fn new(first: Point) -> Self {
        Self { first, further: Vec::new() }
    }

    fn all(&self) -> impl Iterator<Item = Point> {
        std::iter::once(self.first).chain(self.further.iter().copied())
    }

    /// Adds a point unless it is one of the places that are known within `same_m`; answers with the metres
    /// to the nearest of them where it is another.
    fn add(&mut self, point: Point, same_m: f64) -> Option<f64> {
        let nearest = self.all().map(|known| short_m(known.0, point.0)).fold(f64::INFINITY, f64::min);
        let is_another = nearest > same_m;
        if is_another {
            self.further.push(point);
        }
        is_another.then_some(nearest)
    }
}

/// Points by name.
#[derive(Default)]
pub(super) struct Towns {
    towns: BTreeMap<String, Spots>,
    /// The 丁目 of a town by its name without 丁目.
    chome: BTreeMap<String, Vec<String>>,
    /// By town, then by number.
    blocks: BTreeMap<String, BTreeMap<Box<str>, Spots>>,
}

/// What a municipality knows of an address.
pub(super) struct Found {
    /// Letters of the name that was found.
    length: usize,
    pub level: Level,
    /// Whether the town is a 丁目.
    pub is_chome: bool,
    /// Its point; `None` where the name is that of several places.
    pub point: Option<Point>,
    /// The places that the address may mean beyond that, with their names.
    pub candidates: Vec<(String, Point)>,
}

impl Towns {
    pub(super) fn learn_town(&mut self, name: &str, position: Point) -> Option<f64> {
        let name = town(&comparable(name));
        if let Some(known) = self.towns.get_mut(&name) {
            return known.add(position, SAME_TOWN_M);
        }
        if let Some(whole) = without_chome(&name) {
            self.chome.entry(whole.to_owned()).or_default().push(name.clone());
        }
        self.towns.insert(name, Spots::new(position));
        None
    }

    /// Every point with the name of its town, in order of the names.
    pub(super) fn points(&self) -> impl Iterator<Item = (&str, Point)> {
        self.towns.iter().flat_map(|(name, spots)| spots.all().map(|point| (name.as_str(), point)))
    }

    pub(super) fn learn_block(&mut self, name: &str, block: &str, position: Point) {
        let (number, _) = lot(&town(&comparable(block)));
        if number.is_empty() {
            return;
        }
        let blocks = self.blocks.entry(town(&comparable(name))).or_default();
        let known = blocks.entry(number.into()).or_insert_with(|| Spots::new(position));
        known.add(position, SAME_BLOCK_M);
    }

    /// The place with the longest known name that what follows a municipality begins with, over the ways in
    /// which it may be written; else one whose 町 the address leaves out. One place goes before several.
    pub(super) fn find(&self, rest: &str) -> Option<Found> {
        let spellings = spellings(rest);
        let longest = |ending| {
            let found = spellings.iter().filter_map(|spelling| self.longest(spelling, ending));
            found.max_by_key(|found| (found.length, found.level))
        };
        let whole = longest("");
        if whole.as_ref().is_some_and(|found| found.point.is_some()) {
            return whole;
        }
        longest("町").filter(|found| found.point.is_some()).or(whole)
    }

    /// The longest beginning that, with `ending` after it, is a known town.
    fn longest(&self, spelling: &str, ending: &str) -> Option<Found> {
        let ends = spelling.char_indices().map(|(at, letter)| at + letter.len_utf8());
        ends.collect::<Vec<_>>().into_iter().rev().find_map(|length| {
            let (name, rest) = spelling.split_at(length);
            // One letter, or a name made longer, may be the beginning of any other name.
            let needs_number = name.chars().count() == 1 || !ending.is_empty();
            if needs_number && rest.starts_with(char::is_alphabetic) {
                return None;
            }
            let name = format!("{name}{ending}");
            let town = self.town(&name).or_else(|| self.whole_of_chome(&name, rest))?;
            let found = match self.block(&name, rest).as_deref() {
                Some([(_, point)]) => {
                    Found { level: Level::Block, point: Some(*point), candidates: Vec::new(), ..town }
                }
                // Lots of one number in several 小字: the town is what is certain.
                Some(lots) => Found { candidates: lots.to_vec(), ..town },
                None => town,
            };
            Some(Found { length, ..found })
        })
    }

    fn town(&self, name: &str) -> Option<Found> {
        let points: Vec<Point> = match (self.towns.get(name), self.blocks.get(name)) {
            (Some(known), _) => known.all().collect(),
            (None, Some(blocks)) => vec![middle(blocks.values().map(|spots| spots.first))],
            (None, None) => return None,
        };
        let one = if let [one] = points.as_slice() { Some(*one) } else { None };
        let several = points.into_iter().filter(|_| one.is_none());
        let candidates = several.map(|point| (name.to_owned(), point)).collect();
        let is_chome = without_chome(name).is_some();
        Some(Found { length: 0, level: Level::Town, is_chome, point: one, candidates })
    }

    /// The 丁目 of a town whose 丁目 the address leaves out: their mean where they are near each other.
    /// `None` where the name goes on or a 丁目 follows.
    fn whole_of_chome(&self, name: &str, rest: &str) -> Option<Found> {
        let after_number = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
        if rest.starts_with(char::is_alphabetic) || after_number.starts_with("丁目") {
            return None;
        }
        let names = self.chome.get(name)?;
        let points = || names.iter().map(|name| self.towns[name].first);
        let is_one_place = points().all(|one| points().all(|other| short_m(one.0, other.0) <= TOWN_WIDTH_M));
        let point = is_one_place.then(|| middle(points()));
        let several = names.iter().cloned().zip(points()).filter(|_| !is_one_place);
        let candidates = several.collect();
        Some(Found { length: 0, level: Level::Town, is_chome: false, point, candidates })
    }

    /// The 街区 or 番地 of a town: with the number as it is written, else without its last parts.
    fn block(&self, name: &str, rest: &str) -> Option<Vec<(String, Point)>> {
        let blocks = self.blocks.get(name)?;
        let (number, _) = lot(rest);
        let mut part = number.as_str();
        let known = loop {
            if let Some(known) = blocks.get(part) {
                break known;
            }
            (part, _) = part.rsplit_once('-')?;
        };
        Some(known.all().map(|point| (format!("{name}{part}"), point)).collect())
    }
}

/// Mean of some points, at least one.
fn middle(points: impl Iterator<Item = Point>) -> Point {
    let (sum, count) = points.fold((Coord::zero(), 0.0), |(sum, count), point| (sum + point.0, count + 1.0));
    (sum / count).into()
}

/// The ways in which what follows a municipality may be written in the table of towns.
fn spellings(rest: &str) -> Vec<String> {
    let plain = town(&without_remarks(rest));
    let plain = after_street(&plain).unwrap_or(plain);
    let bare = ["大字", "小字", "字"].iter().fold(plain.clone(), |text, title| text.replace(title, ""));
    let mut spellings = vec![plain];
    if bare != spellings[0] {
        spellings.push(bare);
    }
    let with_units: Vec<String> = spellings.iter().flat_map(|spelling| with_units(spelling)).collect();
    spellings.extend(with_units);
    spellings
}

/// The town of a 京都 address that finds it along its streets (寺町通御池上る上本能寺前町); empty where the
/// address ends with the street, which is no town.
fn after_street(plain: &str) -> Option<String> {
    let ends = TURNS.iter().filter_map(|turn| plain.rfind(turn).map(|at| at + turn.len()));
    Some(plain[ends.max()?..].trim_start_matches(['ル', 'る']).to_owned())
}

/// The town of a 丁目 (大手 of 大手1丁目).
pub(crate) fn without_chome(name: &str) -> Option<&str> {
    let numbered = name.strip_suffix("丁目")?;
    let whole = numbered.trim_end_matches(|letter: char| letter.is_ascii_digit());
    (!whole.is_empty() && whole.len() < numbered.len()).then_some(whole)
}

/// Drops remarks in brackets, such as the （１～３丁目） of postal town names.
fn without_remarks(text: &str) -> String {
    let mut depth = 0_usize;
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(letter),
            _ => {}
        }
    }
    plain
}
