//! Care offices, those whose number is a 医療機関コード beside the institution that has it.

use crate::ingest::boundary::position_of;
use crate::ingest::classes;
use crate::ingest::kaigo::CareOffice;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::register::Land;
use crate::ingest::register::draft::Draft;
use crate::ingest::register::names::akin;
use crate::ingest::register::signature::{is_numbered, signature};
use crate::ingest::study::SourceRow;
use std::collections::{BTreeMap, BTreeSet};

/// What a care office and the medical institution of its number have in common.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Agreement {
    /// The house, so that the coordinates of the one are those of the other.
    House,
    /// Municipality and name only.
    Name,
    /// Nothing but the number.
    None,
}

fn agreement(office: &CareOffice, draft: &Draft, land: &Land<'_>) -> Agreement {
    let one = signature(&office.name, &office.address, land);
    let other = signature(&draft.name, &draft.address, land);
    let hint = office.municipality.and_then(|code| position_of(land.municipalities, code));
    let municipality = one.house.as_ref().map(|(at, _)| *at).or(hint);
    let Some((of_record, house)) = other.house.filter(|(at, _)| Some(*at) == municipality) else {
        return Agreement::None;
    };
    // The number is the same, so a 町 that one of the two leaves out tells nothing apart.
    let plain = |(at, house): (usize, String)| (at, house.replace('町', ""));
    if is_numbered(&house) && one.house.map(plain) == Some(plain((of_record, house))) {
        Agreement::House
    } else if akin(&one.names, &other.names) {
        Agreement::Name
    } else {
        Agreement::None
    }
}

pub(super) fn take_offices(
    offices: Vec<(usize, CareOffice)>,
    drafts: &mut BTreeMap<String, Draft>,
    land: &Land<'_>,
    ledgers: &mut [Ledger],
) {
    let mut unknown = BTreeSet::new();
    for (input, office) in offices {
        let medical = drafts.get(&office.number);
        let agreement = medical.map(|draft| agreement(&office, draft, land));
        if let (Some(medical), Some(Agreement::None)) = (medical, agreement) {
            ledgers[input].warn(Doubt {
                kind: "care_number_of_another",
                row: office.row,
                field: "事業所番号",
                said: &office.number,
                meant: format!(
                    "{}: 番号は{}の医療機関コードと同じですが、名称も住所も違います。別の施設として扱います",
                    office.name, medical.name
                ),
            });
        }
        let id = match agreement {
            Some(Agreement::House | Agreement::Name) => office.number.clone(),
            Some(Agreement::None) | None => format!("kaigo:{}", office.number),
        };
        let draft = drafts.entry(id).or_insert_with(|| Draft::new(&office.name, &office.address, None));
        let matched_by = if draft.sources.is_empty() { "own record" } else { "number" };
        let source = SourceRow { input, row: office.row, matched_by: matched_by.into() };
        draft.hint = draft.hint.or(office.municipality);
        if agreement != Some(Agreement::Name) {
            draft.coordinates.extend(office.position.map(|point| (point, source.clone())));
        }
        draft.sources.push(source);
        let classes: Vec<String> = classes::of_service(&office.service).collect();
        let is_known = !classes.is_empty();
        draft.classes.extend(classes);
        if !is_known && unknown.insert(office.service.clone()) {
            ledgers[input].warn(Doubt {
                kind: "unknown_service",
                row: office.row,
                field: "サービスの種類",
                said: &office.service,
                meant: "施設の種類の表にないサービスです。事業所は残しますが、どの種類にも数えません"
                    .to_owned(),
            });
        }
    }
}
