//! Rows of 医療情報ネット: taken into the records that they speak of, else records of their own.

use crate::ingest::classes;
use crate::ingest::iryo_joho_net::ListedInstitution;
use crate::ingest::register::join::join;
use crate::ingest::register::scoring::{Evidence, Number};
use crate::ingest::register::work::{Joined, Work, row_of};
use crate::ingest::review::Record;

pub(super) fn take_listed(listed: Vec<(usize, ListedInstitution)>, work: &mut Work<'_>) {
    let records: Vec<Record> = listed.iter().map(|(input, one)| record(*input, one)).collect();
    let joined = join(&listed, &records, work);
    for (((_, one), record), joined) in listed.into_iter().zip(records).zip(joined) {
        let of_row = row_of(&record);
        let (id, joined) = match joined {
            Some((id, evidence)) => (id, Joined::By(evidence)),
            None => (record.key.clone(), by_id(&record, work)),
        };
        let draft = work.take(&id, record, None, joined);
        draft.count_beds(one.beds, of_row);
        draft.hint = draft.hint.or(one.municipality);
        draft.classify(classes::of_iryo_joho_net(&one.class), of_row);
        draft.coordinates.extend(one.position.map(|point| (point, of_row)));
    }
}

/// How a row stands to the record that already has its ID.
fn by_id(record: &Record, work: &Work<'_>) -> Joined {
    let Some(draft) = work.drafts.get(&record.key) else { return Joined::Own("own record") };
    Joined::By(Evidence { number: Number::Code, ..work.compare(record, draft) })
}

fn record(input: usize, one: &ListedInstitution) -> Record {
    Record {
        key: format!("iryo:{}", one.id),
        name: one.name.clone(),
        address: one.address.clone(),
        input,
        row: one.row,
    }
}
