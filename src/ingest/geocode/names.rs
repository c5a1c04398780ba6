//! Names of municipalities with which addresses begin.

use crate::ids::MunicipalityCode;
use crate::ingest::address::{PREFECTURES, comparable, without_post_code};
use crate::ingest::study::Municipality;
use std::collections::BTreeMap;

/// The spellings of the municipalities of one prefecture.
pub(super) struct Names {
    prefecture: String,
    /// The 都道府県 as addresses are compared.
    prefectures: Vec<String>,
    /// Comparable spelling and the municipalities that bear it, the longest first.
    spellings: Vec<(String, Vec<usize>)>,
    /// Municipalities of other prefectures (広島県府中市) by comparable spelling without the prefecture.
    elsewhere: BTreeMap<String, Vec<String>>,
}

/// The beginning of an address.
pub(super) struct Beginning {
    /// Municipalities that bear the name with which it begins; none where it names none.
    pub owners: Vec<usize>,
    /// What follows, comparable.
    pub rest: String,
    /// The prefecture is written.
    pub says_prefecture: bool,
    /// Municipalities of other prefectures with the same name, where the prefecture is not written.
    pub homonyms: Vec<String>,
}

impl Names {
    pub(super) fn new(
        prefecture: &str,
        municipalities: &[Municipality],
        counties: &BTreeMap<MunicipalityCode, String>,
        elsewhere: &[(String, String)],
    ) -> Self {
        let mut owners: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, municipality) in municipalities.iter().enumerate() {
            for spelling in spellings(municipality, counties.get(&municipality.code)) {
                owners.entry(comparable(&spelling)).or_default().push(at);
            }
        }
        let mut spellings: Vec<(String, Vec<usize>)> = owners.into_iter().collect();
        spellings.sort_by_key(|(name, _)| std::cmp::Reverse(name.chars().count()));
        let mut others: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (of, name) in elsewhere.iter().filter(|(of, _)| of != prefecture) {
            others.entry(comparable(name)).or_default().push(format!("{of}{name}"));
        }
        Self {
            prefecture: comparable(prefecture),
            prefectures: PREFECTURES.iter().map(|name| comparable(name)).collect(),
            spellings,
            elsewhere: others,
        }
    }

    /// Reads the beginning of an address; `None` for one of another prefecture.
    pub(super) fn begin(&self, address: &str) -> Option<Beginning> {
        let address = comparable(address);
        let address = without_post_code(&address);
        let without = address.strip_prefix(&self.prefecture);
        let says_prefecture = without.is_some();
        if !says_prefecture && self.prefectures.iter().any(|other| address.starts_with(other)) {
            return None;
        }
        let rest = without.unwrap_or(address);
        let found = self.named(rest).or_else(|| self.named(without_county(rest)?));
        let (name, owners, rest) = found.unwrap_or(("", &[], rest));
        let homonyms = self.elsewhere.get(name).filter(|_| !says_prefecture).cloned().unwrap_or_default();
        Some(Beginning { owners: owners.to_vec(), rest: rest.to_owned(), says_prefecture, homonyms })
    }

    fn named<'a>(&'a self, rest: &'a str) -> Option<(&'a str, &'a [usize], &'a str)> {
        self.spellings.iter().find_map(|(name, owners)| {
            rest.strip_prefix(name.as_str()).map(|rest| (name.as_str(), owners.as_slice(), rest))
        })
    }
}

/// With 郡, without it; wards with their city, without it, and the city alone.
fn spellings(municipality: &Municipality, county: Option<&String>) -> Vec<String> {
    let name = &municipality.name;
    let mut spellings = vec![name.clone()];
    spellings.extend(county.map(|county| format!("{county}{name}")));
    if let Some((city, ward)) = name.split_once('市').filter(|(_, ward)| ward.ends_with('区')) {
        spellings.extend([ward.to_owned(), format!("{city}市")]);
    }
    spellings
}

/// What follows a 郡 that no table knows (it was dissolved, or another is meant).
fn without_county(rest: &str) -> Option<&str> {
    let (county, rest) = rest.split_once('郡')?;
    (1..=4).contains(&county.chars().count()).then_some(rest)
}
