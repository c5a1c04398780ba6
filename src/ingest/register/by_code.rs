//! Filings, code list and コード内容別: one record for each 医療機関コード.

use crate::ingest::classes;
use crate::ingest::code_contents::ContentsRow;
use crate::ingest::institution_codes::CodedInstitution;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::register::names::{akin, name_keys};
use crate::ingest::register::scoring::{Evidence, Number};
use crate::ingest::register::work::{Joined, Work, row_of};
use crate::ingest::review::Record;
use crate::ingest::study::SourceRow;
use crate::ingest::todokede::{FiledInstitution, Section};

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

pub(super) fn take_filed(filed: Vec<(usize, FiledInstitution)>, work: &mut Work<'_>) {
    for (input, one) in filed {
        let row = one.rows.first().copied().unwrap_or_default();
        let record = Record { key: one.code, name: one.name, address: one.address, input, row };
        let of_row = row_of(&record);
        let code = record.key.clone();
        let joined = by_code(&record, work);
        let draft = work.take(&code, record, Some(one.section), joined);
        draft.count_beds(one.beds, of_row);
        draft.classify(classes::of_filings(one.section, &one.symbols), of_row);
        draft.file(one.symbols, &one.since);
        let made = draft.sources.last().cloned();
        let more = one.rows.into_iter().skip(1);
        draft.sources.extend(more.filter_map(|row| Some(SourceRow { row, ..made.clone()? })));
    }
}

pub(super) fn take_coded(coded: Vec<(usize, CodedInstitution)>, work: &mut Work<'_>) {
    for (input, one) in coded {
        let record =
            Record { key: one.code.clone(), name: one.name, address: one.address, input, row: one.row };
        let joined = by_code(&record, work);
        work.take(&one.code, record, Some(Section::Medical), joined);
    }
}

pub(super) fn take_contents(contents: Vec<(usize, ContentsRow)>, work: &mut Work<'_>) {
    for (input, one) in contents {
        let code = format!("{}{}{}", work.land.prefecture_code(), one.section.digit(), one.number);
        let record = Record { key: code.clone(), name: one.name, address: one.address, input, row: one.row };
        let of_row = row_of(&record);
        let joined = by_code(&record, work);
        let draft = work.take(&code, record, Some(one.section), joined);
        draft.count_beds(one.beds, of_row);
        draft.classify(one.kind.iter().flat_map(|kind| classes::of_contents(one.section, kind)), of_row);
        draft.practice = one.practice;
    }
}

/// How a record stands to the institution that already has its code.
fn by_code(record: &Record, work: &mut Work<'_>) -> Joined {
    let Some(draft) = work.drafts.get(&record.key) else { return Joined::Own("code") };
    compare_names(&record.key, draft.name(), &record.name, record.row, &mut work.ledgers[record.input]);
    Joined::By(Evidence { number: Number::Code, ..work.compare(record, draft) })
}
