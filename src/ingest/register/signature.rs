//! By what a row or a record is recognised: its price list, its names and its house.

use crate::ingest::register::Land;
use crate::ingest::register::names::name_keys;
use crate::ingest::todokede::Section;
use std::collections::BTreeSet;

/// Municipality and town with number.
pub(crate) type House = (usize, String);

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

/// Whether two houses of a municipality carry one number and only one of them writes a 小字 (今井188 and
/// 今井字参宮地188).
pub(crate) fn is_same_lot(one: &House, other: &House) -> bool {
    let ((municipality, town), (other_municipality, other_town)) = (town_of(one), town_of(other));
    let (shorter, longer) =
        if town.len() < other_town.len() { (town, other_town) } else { (other_town, town) };
    let number = number_of(one);
    municipality == other_municipality
        && is_numbered(number)
        && number == number_of(other)
        && !shorter.is_empty()
        && shorter != longer
        && longer.starts_with(shorter)
}

/// Whether two houses are certainly not one: another town or number, and neither address only says less, by
/// its 小字, its 町 or the end of its number (七百五十七番地 and 757-1).
pub(super) fn are_two_houses(one: &House, other: &House) -> bool {
    let plain = |house: &House| (house.0, house.1.replace('町', ""));
    let (one, other) = (plain(one), plain(other));
    let begins = |one: &str, other: &str| one.starts_with(other) || other.starts_with(one);
    let parts = |house: &House| -> Vec<String> { number_of(house).split('-').map(str::to_owned).collect() };
    let (number, other_number) = (parts(&one), parts(&other));
    let is_same_number = number.iter().zip(&other_number).all(|(one, other)| one == other);
    is_numbered(&one.1)
        && is_numbered(&other.1)
        && !(one.0 == other.0 && begins(town_of(&one).1, town_of(&other).1) && is_same_number)
}

/// The number of a house.
pub(super) fn number_of(house: &House) -> &str {
    &house.1[town_of(house).1.len()..]
}

/// Municipality and town of a house.
pub(super) fn town_of(house: &House) -> (usize, &str) {
    let is_number = |letter: char| letter.is_ascii_digit() || letter == '-';
    (house.0, house.1.trim_end_matches(is_number))
}
