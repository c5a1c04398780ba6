//! Filings and code list: one record for each 医療機関コード.

use crate::ingest::classes;
use crate::ingest::institution_codes::CodedInstitution;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::register::draft::Draft;
use crate::ingest::register::names::{akin, name_keys};
use crate::ingest::study::SourceRow;
use crate::ingest::todokede::{FiledInstitution, Section};
use std::collections::BTreeMap;

/// Tells where one 医療機関コード stands beside two names that have nothing in common: a changed name,
/// a number given to another institution, or a slip.
pub(crate) fn compare_names(code: &str, known: &str, name: &str, row: u64, ledger: &mut Ledger) {
    let (keys, others) = (name_keys(known), name_keys(name));
    if keys.is_disjoint(&others) && !akin(&keys, &others) {
        ledger.warn(Doubt {
            kind: "names_differ",
            row,
            field: "名称",
            said: name,
            meant: format!(
                "医療機関コード {code} はほかのファイルか行では「{known}」です。一つの施設として扱いますが、コードを確かめてください"
            ),
        });
    }
}

pub(super) fn take_filed(
    filed: Vec<(usize, FiledInstitution)>,
    drafts: &mut BTreeMap<String, Draft>,
    ledgers: &mut [Ledger],
) {
    for (input, one) in filed {
        let draft = drafts
            .entry(one.code.clone())
            .or_insert_with(|| Draft::new(&one.name, &one.address, Some(one.section)));
        let row = one.rows.first().copied().unwrap_or_default();
        compare_names(&one.code, &draft.name, &one.name, row, &mut ledgers[input]);
        draft.beds = draft.beds.or(one.beds);
        draft.classes.extend(classes::of_filings(one.section, &one.symbols));
        draft.symbols.extend(one.symbols);
        draft.sources.extend(one.rows.into_iter().map(|row| SourceRow {
            input,
            row,
            matched_by: "code".into(),
        }));
    }
}

pub(super) fn take_coded(
    coded: Vec<(usize, CodedInstitution)>,
    drafts: &mut BTreeMap<String, Draft>,
    ledgers: &mut [Ledger],
) {
    for (input, one) in coded {
        let draft = drafts
            .entry(one.code.clone())
            .or_insert_with(|| Draft::new(&one.name, &one.address, Some(Section::Medical)));
        compare_names(&one.code, &draft.name, &one.name, one.row, &mut ledgers[input]);
        draft.sources.push(SourceRow { input, row: one.row, matched_by: "code".into() });
    }
}
