//! Rows and records that the names alone do not join, joined at one house.

use crate::ingest::iryo_joho_net::ListedInstitution;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::register::names::akin;
use crate::ingest::register::signature::{Signature, is_numbered, section_of};
use crate::ingest::todokede::Section;
use std::collections::{BTreeMap, BTreeSet};

/// Joins the rows that no record claims but that carry the same name at the same house: each to the
/// first of them.
pub(super) fn join_twins(
    listed: &[(usize, ListedInstitution)],
    rows: &[Signature],
    joined: &mut [Option<(String, &'static str)>],
    ledgers: &mut [Ledger],
) {
    let mut known: BTreeMap<(&str, &(usize, String), &str), usize> = BTreeMap::new();
    for (row, (input, one)) in listed.iter().enumerate() {
        let house = rows[row].house.as_ref().filter(|(_, house)| is_numbered(house));
        let (None, Some(house)) = (&joined[row], house) else { continue };
        let keys = || rows[row].names.iter().map(|name| (one.class.as_str(), house, name.as_str()));
        let first = keys().find_map(|key| known.get(&key).copied()).unwrap_or(row);
        for key in keys() {
            known.entry(key).or_insert(first);
        }
        let original = &listed[first].1;
        if original.id == one.id {
            continue;
        }
        let id = format!("iryo:{}", original.id);
        ledgers[*input].warn(Doubt {
            kind: "institution_listed_twice",
            row: one.row,
            field: "",
            said: &one.name,
            meant: format!("同じ名称と住所の行がほかにもあります。一つの施設として扱います（{id}）"),
        });
        joined[row] = Some((id, "name+address"));
    }
}

/// Joins what is left where one row and one record of a price list stand alone at the same house
/// and their names are akin (a name changed, shortened or with its owner before it).
pub(super) fn join_at_houses(
    listed: &[(usize, ListedInstitution)],
    records: &[(&String, Section, Signature)],
    rows: &[Signature],
    candidates: &[BTreeSet<usize>],
    joined: &mut [Option<(usize, &'static str)>],
) {
    type Rest = (Vec<usize>, Vec<usize>);
    let mut houses: BTreeMap<(Section, &(usize, String)), Rest> = BTreeMap::new();
    for (row, (_, one)) in listed.iter().enumerate() {
        if let (None, true, Some(section), Some(house)) =
            (joined[row], candidates[row].is_empty(), section_of(&one.class), &rows[row].house)
        {
            houses.entry((section, house)).or_default().0.push(row);
        }
    }
    let taken: BTreeSet<usize> = joined.iter().flatten().map(|(record, _)| *record).collect();
    for (record, (_, section, signature)) in records.iter().enumerate() {
        if let (false, Some(house)) = (taken.contains(&record), &signature.house)
            && let Some((_, of_house)) = houses.get_mut(&(*section, house))
        {
            of_house.push(record);
        }
    }
    for ((_, (_, house)), (of_rows, of_records)) in houses {
        if let ([row], [record]) = (of_rows.as_slice(), of_records.as_slice())
            && is_numbered(house)
            && akin(&rows[*row].names, &records[*record].2.names)
        {
            joined[*row] = Some((*record, "address+akin name"));
        }
    }
}
