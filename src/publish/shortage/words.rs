//! The words of the tables of shortages.

use crate::access::shortage::{Cause, Remedy};
use crate::access::siting::Siting;
use crate::assess::shortages::ServiceShortage;
use crate::ingest::study::Study;

pub(super) use crate::publish::words::{
    PEOPLE, UNKNOWN, cell, decimal, institution, joined, known, municipality, people, unknown,
};

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

/// The names of chosen institutions.
pub(super) fn chosen(study: &Study, siting: &Siting) -> String {
    joined(siting.chosen.iter().map(|at| study.institutions[*at].name.clone()))
}
