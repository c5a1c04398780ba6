//! What is known of an institution while its sources are brought together.

use crate::ids::MunicipalityCode;
use crate::ingest::study::SourceRow;
use crate::ingest::todokede::Section;
use geo::Point;
use std::collections::BTreeSet;

/// A record under construction.
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) address: String,
    /// Price list, for records with a 医療機関コード.
    pub(super) section: Option<Section>,
    pub(super) symbols: BTreeSet<String>,
    pub(super) classes: BTreeSet<String>,
    pub(super) beds: Option<u32>,
    /// Municipality of a code beside the address.
    pub(super) hint: Option<MunicipalityCode>,
    /// Coordinates of a source, with the source.
    pub(super) coordinates: Vec<(Point, SourceRow)>,
    pub(super) sources: Vec<SourceRow>,
}

impl Draft {
    pub(super) fn new(name: &str, address: &str, section: Option<Section>) -> Self {
        Self {
            name: name.to_owned(),
            address: address.to_owned(),
            section,
            symbols: BTreeSet::new(),
            classes: BTreeSet::new(),
            beds: None,
            hint: None,
            coordinates: Vec::new(),
            sources: Vec::new(),
        }
    }
}
