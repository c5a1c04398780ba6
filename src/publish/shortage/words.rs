//! The words and numbers of the tables.

use crate::access::cover::Concerned;
use crate::access::shortage::{Cause, Remedy};
use crate::access::siting::Siting;
use crate::assess::shortages::ServiceShortage;
use crate::ingest::study::{Cell, Study};
use crate::publish::table::{UNKNOWN, decimal};

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

/// Parts of one field.
pub(super) fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(AND)
}

/// A cause; what rests on assumptions says so.
pub(super) fn cause(cause: Cause) -> String {
    match cause {
        Cause::Capacity => format!("{}（仮定A）", cause.name()),
        _ => cause.name().to_owned(),
    }
}

/// A remedy with its minutes and whom it would mend.
pub(super) fn remedy(study: &Study, remedy: &Remedy) -> String {
    let (name, minutes) = (&study.institutions[remedy.institution].name, remedy.time.minutes());
    format!("{name}（{minutes:.1}分、{}人）", remedy.mended.people.total)
}

/// The remedies of a place in so many fields; unknown where those that could were not loaded.
pub(super) fn remedies(
    study: &Study,
    service: &ServiceShortage,
    remedies: &[Remedy],
    most: usize,
) -> Vec<String> {
    if remedies.is_empty() && !service.remedies_known {
        return unknown(most);
    }
    let mut fields: Vec<String> = remedies.iter().map(|one| remedy(study, one)).collect();
    fields.resize(most, String::new());
    fields
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

/// The names of chosen institutions.
pub(super) fn chosen(study: &Study, siting: &Siting) -> String {
    joined(siting.chosen.iter().map(|at| study.institutions[*at].name.clone()))
}
