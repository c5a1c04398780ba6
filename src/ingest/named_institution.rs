//! Which record a line of a prefecture's own list means.

use crate::ingest::address::comparable;
use crate::ingest::geocode::Geocoder;
use crate::ingest::register::name_keys;
use crate::ingest::study::Institution;
use std::collections::{BTreeMap, BTreeSet};

/// Finds institutions by number, name and address.
pub(crate) struct Finder<'a> {
    institutions: &'a [Institution],
    geocoder: &'a Geocoder,
    by_id: BTreeMap<&'a str, usize>,
    by_name: BTreeMap<String, BTreeSet<usize>>,
}

impl<'a> Finder<'a> {
    pub(crate) fn new(institutions: &'a [Institution], geocoder: &'a Geocoder) -> Self {
        let by_id = institutions.iter().enumerate().map(|(at, one)| (one.id.as_str(), at)).collect();
        let mut by_name: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (at, institution) in institutions.iter().enumerate() {
            for name in name_keys(&institution.name) {
                by_name.entry(name).or_default().insert(at);
            }
        }
        Self { institutions, geocoder, by_id, by_name }
    }

    /// The institution with an id, also in full-width letters, or with the nine digits that
    /// 保険医療機関コード一覧 prints (prefecture and institution, without 点数表).
    pub(crate) fn by_id(&self, id: &str) -> Option<usize> {
        if let Some(at) = self.by_id.get(id) {
            return Some(*at);
        }
        let plain = comparable(id);
        let exact = self.by_id.get(plain.as_str()).copied();
        exact.or_else(|| {
            // A code of nine digits may have been filled up to ten.
            let nine = plain.strip_prefix('0').filter(|rest| rest.len() == 9).unwrap_or(&plain);
            let (prefecture, own) = nine.split_at_checked(2).filter(|(_, own)| own.len() == 7)?;
            let codes = ('1'..='9').map(|table| format!("{prefecture}{table}{own}"));
            let found: Vec<usize> = codes.filter_map(|code| self.by_id.get(code.as_str()).copied()).collect();
            only(found.iter())
        })
    }

    /// The only institution of a name in the municipality of an address, else the only one at its house;
    /// without an address the only one of the name.
    pub(crate) fn by_name(&self, name: &str, address: &str) -> Option<usize> {
        let named = self.namesakes(name);
        if address.is_empty() {
            return only(named.iter());
        }
        let house = self.geocoder.house(address)?;
        let of_municipality: Vec<usize> =
            named.into_iter().filter(|at| self.institutions[*at].municipality == Some(house.0)).collect();
        let is_at_house =
            |at: &&usize| self.geocoder.house(&self.institutions[**at].address).as_ref() == Some(&house);
        only(of_municipality.iter()).or_else(|| only(of_municipality.iter().filter(is_at_house)))
    }

    /// All institutions of a name.
    pub(crate) fn namesakes(&self, name: &str) -> BTreeSet<usize> {
        name_keys(name).iter().filter_map(|key| self.by_name.get(key)).flatten().copied().collect()
    }
}

fn only<'a>(mut found: impl Iterator<Item = &'a usize>) -> Option<usize> {
    found.next().copied().filter(|_| found.next().is_none())
}
