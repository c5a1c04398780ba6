//! Rows and records that the names alone do not join, joined at one house.

use crate::ingest::ledger::Doubt;
use crate::ingest::register::join::{Known, Listed};
use crate::ingest::register::scoring::{Evidence, Name};
use crate::ingest::register::signature::{House, is_numbered};
use crate::ingest::register::work::Work;
use crate::ingest::todokede::Section;
use std::collections::{BTreeMap, BTreeSet};

/// Joins what is left where one row and one record of a price list stand alone at the same house
/// and their names are akin (a name changed, shortened or with its owner before it).
pub(super) fn join_at_houses(rows: &mut [Listed<'_>], known: &[Known], work: &mut Work<'_>) {
    type Rest = (Vec<usize>, Vec<usize>);
    let mut houses: BTreeMap<(Section, House), Rest> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| row.is_open()) {
        if let (Some(section), Some(house)) = (row.section, &row.signature.house)
            && is_numbered(&house.1)
        {
            houses.entry((section, house.clone())).or_default().0.push(at);
        }
    }
    let taken: BTreeSet<usize> = rows.iter().filter_map(|row| row.joined).map(|(at, _)| at).collect();
    for (at, one) in known.iter().enumerate().filter(|(at, _)| !taken.contains(at)) {
        if let Some(house) = &one.signature.house
            && let Some((_, of_house)) = houses.get_mut(&(one.section, house.clone()))
        {
            of_house.push(at);
        }
    }
    for (of_rows, of_known) in houses.into_values() {
        let alone = of_rows.len() == 1 && of_known.len() == 1;
        for (row, at) in of_rows.iter().flat_map(|row| of_known.iter().map(move |at| (*row, *at))) {
            let (listed, one) = (&mut rows[row], &known[at]);
            if work.is_apart(&listed.record.key, &one.record.key) {
                continue;
            }
            let evidence = Evidence { alone, ..Evidence::of(&listed.signature, &one.signature) };
            if evidence.joins() {
                listed.joined = Some((at, evidence));
            } else {
                let evidence = evidence.for_review(&listed.signature, &one.signature);
                work.doubt(&one.record, listed.record, evidence);
            }
        }
    }
}

/// Joins the rows that no record claims but that carry the same name at the same house: each to the
/// first of them.
pub(super) fn join_twins(rows: &[Listed<'_>], work: &mut Work<'_>) -> Vec<Option<(String, Evidence)>> {
    let mut known: BTreeMap<(&str, &House, &str), usize> = BTreeMap::new();
    let mut twins = vec![None; rows.len()];
    for (at, row) in rows.iter().enumerate() {
        let house = row.signature.house.as_ref().filter(|(_, house)| is_numbered(house));
        let (None, Some(house)) = (row.joined, house) else { continue };
        let keys = || row.signature.names.iter().map(|name| (row.class, house, name.as_str()));
        let found = keys().find_map(|key| known.get(&key).copied());
        let first =
            found.filter(|first| !work.is_apart(&rows[*first].record.key, &row.record.key)).unwrap_or(at);
        for key in keys() {
            known.entry(key).or_insert(first);
        }
        let original = rows[first].record;
        if original.key == row.record.key {
            continue;
        }
        work.ledgers[row.record.input].warn(Doubt {
            kind: "institution_listed_twice",
            row: row.record.row,
            field: "",
            said: &row.record.name,
            meant: format!(
                "同じ名称と住所の行がほかにもあります。一つの施設として扱います（{}）",
                original.key
            ),
        });
        let evidence = Evidence::of(&row.signature, &rows[first].signature);
        twins[at] = Some((original.key.clone(), Evidence { name: Name::Equal, ..evidence }));
    }
    twins
}
