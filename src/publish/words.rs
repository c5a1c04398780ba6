//! Words and numbers that all tables share.

use crate::access::cover::Concerned;
use crate::ingest::study::{Cell, Study};

/// What nothing that was loaded can tell.
pub(super) const UNKNOWN: &str = "不明";

/// Between the parts of a text in one field.
const AND: &str = "、";

/// Column names of [`people`].
pub(super) const PEOPLE: [&str; 5] = ["人数", "65歳以上", "75歳以上", "85歳以上", "需要（件/月）"];

/// People by age, and their demand.
pub(super) fn people(of: &Concerned) -> Vec<String> {
    let people = of.people;
    let ages = [people.total, people.age_65_plus, people.age_75_plus, people.age_85_plus];
    ages.iter().map(u32::to_string).chain([decimal(of.demand, 3)]).collect()
}

/// So many unknown fields.
pub(super) fn unknown(fields: usize) -> Vec<String> {
    vec![UNKNOWN.to_owned(); fields]
}

/// A number with so many places.
pub(super) fn decimal(number: f64, places: usize) -> String {
    format!("{number:.places$}")
}

/// A number that may be unknown.
pub(super) fn known(number: Option<f64>, places: usize) -> String {
    number.map_or_else(|| UNKNOWN.to_owned(), |number| decimal(number, places))
}

/// Parts of one field.
pub(super) fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(AND)
}

/// Code and name of the municipality of a cell.
pub(super) fn municipality(study: &Study, at: usize) -> [String; 2] {
    let municipality = &study.municipalities[at];
    [municipality.code.to_string(), municipality.name.clone()]
}

/// Municipality and code of a cell.
pub(super) fn cell(study: &Study, cell: &Cell) -> [String; 3] {
    let [code, name] = municipality(study, cell.municipality);
    [code, name, cell.mesh.to_string()]
}

/// Id and name of an institution, its municipality where that is known, and its classes.
pub(super) fn institution(study: &Study, at: usize) -> Vec<String> {
    let one = &study.institutions[at];
    let place = one.municipality.map_or(UNKNOWN, |at| study.municipalities[at].name.as_str());
    vec![one.id.clone(), one.name.clone(), place.to_owned(), joined(one.classes.iter().cloned())]
}
