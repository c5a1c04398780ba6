//! Which record a line of a prefecture's own list means.

use crate::ingest::geocode::Geocoder;
use crate::ingest::register::name_keys;
use crate::ingest::study::Institution;
use std::collections::{BTreeMap, BTreeSet};

/// Finds institutions by number, name and address.
pub(crate) struct Finder<'a> {
    institutions: &'a [Institution],
    geocoder: &'a Geocoder,
    by_id: BTreeMap<&'a str, usize>,
    by_name: BTreeMap<(usize, String), BTreeSet<usize>>,
}

impl<'a> Finder<'a> {
    pub(crate) fn new(institutions: &'a [Institution], geocoder: &'a Geocoder) -> Self {
        let by_id = institutions.iter().enumerate().map(|(at, one)| (one.id.as_str(), at)).collect();
        let mut by_name: BTreeMap<(usize, String), BTreeSet<usize>> = BTreeMap::new();
        for (at, institution) in institutions.iter().enumerate() {
            let Some(municipality) = institution.municipality else { continue };
            for name in name_keys(&institution.name) {
                by_name.entry((municipality, name)).or_default().insert(at);
            }
        }
        Self { institutions, geocoder, by_id, by_name }
    }

    /// The institution with an id.
    pub(crate) fn by_id(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The only institution of a name in the municipality of an address, else the only one at its house.
    pub(crate) fn by_name(&self, name: &str, address: &str) -> Option<usize> {
        let house = self.geocoder.house(address)?;
        let keys = name_keys(name).into_iter().map(|name| (house.0, name));
        let named: BTreeSet<usize> =
            keys.filter_map(|key| self.by_name.get(&key)).flatten().copied().collect();
        let is_at_house =
            |at: &&usize| self.geocoder.house(&self.institutions[**at].address).as_ref() == Some(&house);
        only(named.iter()).or_else(|| only(named.iter().filter(is_at_house)))
    }
}

fn only<'a>(mut found: impl Iterator<Item = &'a usize>) -> Option<usize> {
    found.next().copied().filter(|_| found.next().is_none())
}
