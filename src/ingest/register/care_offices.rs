//! Care offices, those whose number is a 医療機関コード beside the institution that has it.

use crate::ids::MunicipalityCode;
use crate::ingest::boundary::position_of;
use crate::ingest::classes;
use crate::ingest::kaigo::CareOffice;
use crate::ingest::ledger::Doubt;
use crate::ingest::register::draft::Draft;
use crate::ingest::register::scoring::{Evidence, Number, Place};
use crate::ingest::register::signature::{Signature, signature};
use crate::ingest::register::work::{Joined, Work, row_of};
use crate::ingest::review::Record;
use crate::ingest::study::Capacity;
use std::collections::BTreeSet;

pub(super) fn take_offices(offices: Vec<(usize, CareOffice)>, work: &mut Work<'_>) {
    let mut unknown = BTreeSet::new();
    for (input, office) in offices {
        let record = Record {
            key: format!("kaigo:{}", office.number),
            name: office.name.clone(),
            address: office.address.clone(),
            input,
            row: office.row,
        };
        let of_row = row_of(&record);
        let (id, joined) = find(&office, &record, work);
        // The same number and name at another house is a branch.
        let is_elsewhere = matches!(joined, Joined::By(Evidence { number: Number::OtherSystem, place, .. })
            if place != Place::House);
        let draft = work.take(&id, record, None, joined);
        draft.hint = draft.hint.or(office.municipality);
        draft.coordinates.extend(office.position.filter(|_| !is_elsewhere).map(|point| (point, of_row)));
        let classes: Vec<String> = classes::of_service(&office.service).collect();
        if let Some(persons) = office.capacity {
            let capacity = Capacity { persons, origin: of_row };
            draft.capacities.entry(office.service.clone()).or_insert(capacity);
        }
        let is_known = !classes.is_empty();
        draft.classify(classes, of_row);
        if !is_known && unknown.insert(office.service.clone()) {
            work.ledgers[input].warn(Doubt {
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

/// The institution of an office, and why.
fn find(office: &CareOffice, record: &Record, work: &mut Work<'_>) -> (String, Joined) {
    if let Some(medical) = work.drafts.get(&office.number)
        && !work.is_apart(&record.key, &office.number)
    {
        let evidence = compare_at_number(record, office.municipality, medical, work);
        if evidence.joins() {
            return (office.number.clone(), Joined::By(evidence));
        }
        work.ledgers[record.input].warn(Doubt {
            kind: "care_number_of_another",
            row: office.row,
            field: "事業所番号",
            said: &office.number,
            meant: format!(
                "{}: 番号は{}の医療機関コードと同じですが、名称も住所も違います。別の施設として扱います",
                office.name,
                medical.name()
            ),
        });
        let medical = medical.record.clone();
        work.doubt(&medical, record, evidence);
    }
    let joined = match work.drafts.get(&record.key) {
        Some(draft) => Joined::By(Evidence { number: Number::Code, ..work.compare(record, draft) }),
        None => Joined::Own("own record"),
    };
    (record.key.clone(), joined)
}

/// What a record has in common with the institution of its number; `hint` is its municipality where its
/// address names none. In another municipality the names tell nothing, since the number is that of a
/// corporation.
pub(super) fn compare_at_number(
    record: &Record,
    hint: Option<MunicipalityCode>,
    known: &Draft,
    work: &Work<'_>,
) -> Evidence {
    let land = work.land;
    // The number is the same, so a 町 that one of the two leaves out tells nothing apart.
    let plain = |signature: Signature| Signature {
        house: signature.house.map(|(at, house)| (at, house.replace('町', ""))),
        ..signature
    };
    let mut one = plain(signature(&record.name, &record.address, land));
    let other = plain(signature(known.name(), known.address(), land));
    let hint = hint.and_then(|code| position_of(land.municipalities, code));
    let municipality = one.house.as_ref().map(|(at, _)| *at).or(hint);
    if other.house.as_ref().map(|(at, _)| *at) != municipality {
        one.names.clear();
    }
    Evidence { number: Number::OtherSystem, ..Evidence::of(&one, &other) }
}
