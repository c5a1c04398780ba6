//! What is known of an institution while its sources are brought together.

use crate::ids::MunicipalityCode;
use crate::ingest::classes;
use crate::ingest::review::Record;
use crate::ingest::study::{Capacity, Origins, Practice, RowOf, SourceRow};
use crate::ingest::todokede::Section;
use geo::Point;
use std::collections::{BTreeMap, BTreeSet};

/// A record under construction. Every attribute keeps what the first source says of it.
pub(super) struct Draft {
    /// The record of the source that made it.
    pub(super) record: Record,
    /// Price list, for records with a 医療機関コード.
    pub(super) section: Option<Section>,
    pub(super) symbols: BTreeSet<String>,
    /// Symbols of classes, with the day from which they hold.
    pub(super) filings: BTreeMap<String, Option<String>>,
    /// 定員 of each care service.
    pub(super) capacities: BTreeMap<String, Capacity>,
    pub(super) classes: BTreeSet<String>,
    /// Beds with the rows that tell them; the first counts.
    pub(super) beds: Vec<(u32, RowOf)>,
    pub(super) practice: Practice,
    /// Municipality of a code beside the address.
    pub(super) hint: Option<MunicipalityCode>,
    /// Coordinates of a source, with the source.
    pub(super) coordinates: Vec<(Point, RowOf)>,
    pub(super) sources: Vec<SourceRow>,
    pub(super) origins: Origins,
}

impl Draft {
    pub(super) fn new(record: Record, section: Option<Section>) -> Self {
        let row = Some(RowOf { input: record.input, row: record.row });
        Self {
            record,
            section,
            symbols: BTreeSet::new(),
            filings: BTreeMap::new(),
            capacities: BTreeMap::new(),
            classes: BTreeSet::new(),
            beds: Vec::new(),
            practice: Practice::default(),
            hint: None,
            coordinates: Vec::new(),
            sources: Vec::new(),
            origins: Origins { name: row, address: row, ..Origins::default() },
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.record.name
    }

    pub(super) fn address(&self) -> &str {
        &self.record.address
    }

    /// Adds classes that a row tells of.
    pub(super) fn classify(&mut self, classes: impl IntoIterator<Item = String>, row: RowOf) {
        for class in classes {
            self.origins.classes.entry(class.clone()).or_insert(row);
            self.classes.insert(class);
        }
    }

    /// Adds symbols of filings.
    pub(super) fn file(&mut self, symbols: BTreeSet<String>, since: &BTreeMap<String, String>) {
        for symbol in &symbols {
            if classes::of_symbol(symbol).next().is_some() {
                self.file_since(symbol.clone(), since.get(symbol).cloned());
            }
        }
        self.symbols.extend(symbols);
    }

    /// A day that is known is not forgotten for a row that tells none.
    fn file_since(&mut self, symbol: String, day: Option<String>) {
        let known = self.filings.entry(symbol).or_default();
        *known = day.or(known.take());
    }

    /// Takes the beds of a row.
    pub(super) fn count_beds(&mut self, beds: Option<u32>, row: RowOf) {
        self.beds.extend(beds.map(|beds| (beds, row)));
    }

    /// Takes up everything that another draft of the same institution knows and this one does not.
    pub(super) fn absorb(&mut self, other: Self) {
        self.section = self.section.or(other.section);
        self.symbols.extend(other.symbols);
        for (symbol, day) in other.filings {
            self.file_since(symbol, day);
        }
        self.classes.extend(other.classes);
        for (service, capacity) in other.capacities {
            self.capacities.entry(service).or_insert(capacity);
        }
        for (class, row) in other.origins.classes {
            self.origins.classes.entry(class).or_insert(row);
        }
        self.beds.extend(other.beds);
        if self.practice == Practice::default() {
            self.practice = other.practice;
        }
        self.hint = self.hint.or(other.hint);
        self.coordinates.extend(other.coordinates);
        self.sources.extend(other.sources);
    }
}
