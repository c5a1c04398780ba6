//! Which record a row of 医療情報ネット speaks of: by name within municipality and price list, confirmed
//! by address where several carry the name. What stays open is listed for review.

use crate::ingest::iryo_joho_net::ListedInstitution;
use crate::ingest::ledger::Doubt;
use crate::ingest::register::same_house::{join_at_houses, join_twins};
use crate::ingest::register::scoring::{Evidence, Place};
use crate::ingest::register::signature::{Signature, section_of, signature};
use crate::ingest::register::unmatched::doubt_unmatched;
use crate::ingest::register::work::Work;
use crate::ingest::review::Record;
use crate::ingest::todokede::Section;
use std::collections::{BTreeMap, BTreeSet};

/// A record of the register as the join sees it.
pub(super) struct Known {
    pub record: Record,
    pub section: Section,
    pub signature: Signature,
}

/// A row of 医療情報ネット as the join sees it.
pub(super) struct Listed<'a> {
    pub record: &'a Record,
    pub class: &'a str,
    pub section: Option<Section>,
    pub signature: Signature,
    /// Known records with its name, price list and municipality.
    pub named: BTreeSet<usize>,
    /// The known record that it speaks of.
    pub joined: Option<(usize, Evidence)>,
}

impl Listed<'_> {
    /// Whether neither a name nor a house found a record for it.
    pub(super) fn is_open(&self) -> bool {
        self.joined.is_none() && self.named.is_empty()
    }
}

/// For every listed row, the record that it speaks of and why.
pub(super) fn join(
    listed: &[(usize, ListedInstitution)],
    records: &[Record],
    work: &mut Work<'_>,
) -> Vec<Option<(String, Evidence)>> {
    let known: Vec<Known> = work
        .drafts
        .values()
        .filter_map(|draft| {
            let signature = signature(draft.name(), draft.address(), work.land);
            Some(Known { record: draft.record.clone(), section: draft.section?, signature })
        })
        .collect();
    let mut rows: Vec<Listed<'_>> = listed
        .iter()
        .zip(records)
        .map(|((_, one), record)| Listed {
            record,
            class: &one.class,
            section: section_of(&one.class),
            signature: signature(&record.name, &record.address, work.land),
            named: BTreeSet::new(),
            joined: None,
        })
        .collect();
    find_named(&mut rows, &known, work);
    join_by_name(&mut rows, &known, work);
    join_at_houses(&mut rows, &known, work);
    doubt_unmatched(&rows, &known, work);
    let twins = join_twins(&rows, work);
    let by_record =
        |row: &Listed<'_>| row.joined.map(|(at, evidence)| (known[at].record.key.clone(), evidence));
    rows.iter().zip(twins).map(|(row, twin)| by_record(row).or(twin)).collect()
}

/// Finds the records with the name, price list and municipality of each row, but for those that a planner
/// keeps apart from it.
fn find_named(rows: &mut [Listed<'_>], known: &[Known], work: &Work<'_>) {
    let mut by_name: BTreeMap<(Section, usize, &str), BTreeSet<usize>> = BTreeMap::new();
    for (at, one) in known.iter().enumerate() {
        let Some((municipality, _)) = one.signature.house else { continue };
        for name in &one.signature.names {
            by_name.entry((one.section, municipality, name)).or_default().insert(at);
        }
    }
    for row in rows {
        let (Some(section), Some((municipality, _))) = (row.section, row.signature.house.as_ref()) else {
            continue;
        };
        let names = row.signature.names.iter();
        let named = names.filter_map(|name| by_name.get(&(section, *municipality, name.as_str()))).flatten();
        row.named =
            named.copied().filter(|at| !work.is_apart(&row.record.key, &known[*at].record.key)).collect();
    }
}

/// Joins each row to the only record that its score allows.
fn join_by_name(rows: &mut [Listed<'_>], known: &[Known], work: &mut Work<'_>) {
    let mut wanted: BTreeMap<usize, usize> = BTreeMap::new();
    for at in rows.iter().flat_map(|row| &row.named) {
        *wanted.entry(*at).or_default() += 1;
    }
    let at_house = |row: &Listed<'_>, at: usize| {
        row.signature.house.is_some() && row.signature.house == known[at].signature.house
    };
    let mut rivals: BTreeMap<usize, usize> = BTreeMap::new();
    for row in &*rows {
        for at in row.named.iter().filter(|at| at_house(row, **at)) {
            *rivals.entry(*at).or_default() += 1;
        }
    }
    for row in rows.iter_mut().filter(|row| !row.named.is_empty()) {
        let evidence = |at: &usize| {
            let alone = row.named.len() == 1 && wanted.get(at) == Some(&1);
            (*at, Evidence { alone, ..Evidence::of(&row.signature, &known[*at].signature) })
        };
        let pairs: Vec<(usize, Evidence)> = row.named.iter().map(evidence).collect();
        let good: Vec<_> = pairs.iter().copied().filter(|(_, evidence)| evidence.joins()).collect();
        let others: Vec<&str> = row.named.iter().map(|at| known[*at].record.key.as_str()).collect();
        let mut tell = |kind, meant: &str| {
            let meant = format!("{meant}（{}）", others.join("、"));
            let doubt = Doubt { kind, row: row.record.row, field: "", said: &row.record.name, meant };
            work.ledgers[row.record.input].warn(doubt);
        };
        if let [(at, evidence)] = good.as_slice() {
            if rivals.get(at).is_some_and(|rows| *rows > 1) && evidence.place != Place::None {
                tell(
                    "institution_listed_twice",
                    "同じ名称と住所の行がほかにもあります。一つの施設として扱います",
                );
            }
            row.joined = Some((*at, *evidence));
        } else {
            tell(
                "ambiguous_institution",
                "同じ市区町村に同名の医療機関があり、住所でも一つに決まりません。別の施設として扱います",
            );
            for (at, evidence) in &pairs {
                work.doubt(&known[*at].record, row.record, *evidence);
            }
        }
    }
}
