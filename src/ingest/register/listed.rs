//! Rows of 医療情報ネット: taken into the records that they speak of, else records of their own.

use crate::ingest::classes;
use crate::ingest::iryo_joho_net::ListedInstitution;
use crate::ingest::ledger::Ledger;
use crate::ingest::register::Land;
use crate::ingest::register::draft::Draft;
use crate::ingest::register::join::join;
use crate::ingest::study::SourceRow;
use std::collections::BTreeMap;

pub(super) fn take_listed(
    listed: Vec<(usize, ListedInstitution)>,
    drafts: &mut BTreeMap<String, Draft>,
    land: &Land<'_>,
    ledgers: &mut [Ledger],
) {
    let joined = join(&listed, drafts, land, ledgers);
    for ((input, one), joined) in listed.into_iter().zip(joined) {
        let source = |how: &'static str| SourceRow { input, row: one.row, matched_by: how.into() };
        let (draft, source) = if let Some((id, matched_by)) = joined {
            let draft = drafts.entry(id).or_insert_with(|| Draft::new(&one.name, &one.address, None));
            (draft, source(matched_by))
        } else {
            let draft = drafts
                .entry(format!("iryo:{}", one.id))
                .or_insert_with(|| Draft::new(&one.name, &one.address, None));
            let matched_by = if draft.sources.is_empty() { "own record" } else { "id" };
            (draft, source(matched_by))
        };
        draft.beds = draft.beds.or(one.beds);
        draft.hint = draft.hint.or(one.municipality);
        draft.classes.extend(classes::of_iryo_joho_net(&one.class));
        draft.coordinates.extend(one.position.map(|point| (point, source.clone())));
        draft.sources.push(source);
    }
}
