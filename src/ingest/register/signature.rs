//! By what a row or a record is recognised: its price list, its names and its house.

use crate::ingest::register::Land;
use crate::ingest::register::names::name_keys;
use crate::ingest::todokede::Section;
use std::collections::BTreeSet;

/// Municipality and town with number.
pub(super) type House = (usize, String);

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
    pub(super) house: Option<House>,
}

pub(super) fn signature(name: &str, address: &str, land: &Land<'_>) -> Signature {
    Signature { names: name_keys(name), house: land.geocoder.house(address) }
}

pub(super) fn is_numbered(house: &str) -> bool {
    house.contains(|letter: char| letter.is_ascii_digit())
}

/// Municipality and town of a house.
pub(super) fn town_of(house: &House) -> (usize, &str) {
    let is_number = |letter: char| letter.is_ascii_digit() || letter == '-';
    (house.0, house.1.trim_end_matches(is_number))
}
