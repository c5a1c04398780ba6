//! By what a row or a record is recognised: its price list, its names and its house.

use crate::ingest::register::Land;
use crate::ingest::register::names::name_keys;
use crate::ingest::todokede::Section;
use std::collections::BTreeSet;

/// The price list by which a 機関区分 bills.
pub(super) fn section_of(class: &str) -> Option<Section> {
    match class {
        "1" | "2" => Some(Section::Medical),
        "3" => Some(Section::Dental),
        "5" => Some(Section::Pharmacy),
        _ => None,
    }
}

/// A row or record as the join sees it.
pub(super) struct Signature {
    pub(super) names: BTreeSet<String>,
    /// Municipality and house.
    pub(super) house: Option<(usize, String)>,
}

pub(super) fn signature(name: &str, address: &str, land: &Land<'_>) -> Signature {
    Signature { names: name_keys(name), house: land.geocoder.house(address) }
}

pub(super) fn is_numbered(house: &str) -> bool {
    house.contains(|letter: char| letter.is_ascii_digit())
}
