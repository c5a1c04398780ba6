//! Which record a row of 医療情報ネット speaks of: by name within municipality and price list, confirmed
//! by address where several carry the name.

use crate::ingest::iryo_joho_net::ListedInstitution;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::register::Land;
use crate::ingest::register::draft::Draft;
use crate::ingest::register::same_house::{join_at_houses, join_twins};
use crate::ingest::register::signature::{Signature, section_of, signature};
use crate::ingest::todokede::Section;
use std::collections::{BTreeMap, BTreeSet};

/// For every listed row, the record that it speaks of and how that was found.
pub(super) fn join(
    listed: &[(usize, ListedInstitution)],
    drafts: &BTreeMap<String, Draft>,
    land: &Land<'_>,
    ledgers: &mut [Ledger],
) -> Vec<Option<(String, &'static str)>> {
    let records: Vec<(&String, Section, Signature)> = drafts
        .iter()
        .filter_map(|(id, draft)| Some((id, draft.section?, signature(&draft.name, &draft.address, land))))
        .collect();
    let mut by_name: BTreeMap<(Section, usize, &str), BTreeSet<usize>> = BTreeMap::new();
    for (at, (_, section, signature)) in records.iter().enumerate() {
        let Some((municipality, _)) = signature.house else { continue };
        for name in &signature.names {
            by_name.entry((*section, municipality, name)).or_default().insert(at);
        }
    }
    let rows: Vec<Signature> =
        listed.iter().map(|(_, one)| signature(&one.name, &one.address, land)).collect();
    let candidates: Vec<BTreeSet<usize>> = rows
        .iter()
        .zip(listed)
        .map(|(row, (_, one))| {
            let (Some(section), Some((municipality, _))) = (section_of(&one.class), row.house.as_ref())
            else {
                return BTreeSet::new();
            };
            let named =
                row.names.iter().filter_map(|name| by_name.get(&(section, *municipality, name.as_str())));
            named.flatten().copied().collect()
        })
        .collect();
    let mut wanted: BTreeMap<usize, usize> = BTreeMap::new();
    for record in candidates.iter().flatten() {
        *wanted.entry(*record).or_default() += 1;
    }
    let same_house =
        |row: usize, record: usize| rows[row].house.is_some() && rows[row].house == records[record].2.house;
    let mut joined = Vec::new();
    for (row, of_row) in candidates.iter().enumerate() {
        let at_house: Vec<usize> = of_row.iter().copied().filter(|record| same_house(row, *record)).collect();
        let has_rival_at_house = |record: usize| {
            candidates
                .iter()
                .enumerate()
                .any(|(other, theirs)| other != row && theirs.contains(&record) && same_house(other, record))
        };
        let only = of_row.first().filter(|record| of_row.len() == 1 && wanted.get(record) == Some(&1));
        let (input, one) = &listed[row];
        let mut tell = |kind, meant: &str| {
            let others: Vec<&str> = of_row.iter().map(|record| records[*record].0.as_str()).collect();
            let meant = format!("{meant}（{}）", others.join("、"));
            ledgers[*input].warn(Doubt { kind, row: one.row, field: "", said: &one.name, meant });
        };
        joined.push(match (only, at_house.as_slice()) {
            (Some(record), _) => Some((*record, "name+municipality")),
            (None, [record]) => {
                if has_rival_at_house(*record) {
                    tell(
                        "institution_listed_twice",
                        "同じ名称と住所の行がほかにもあります。一つの施設として扱います",
                    );
                }
                Some((*record, "name+address"))
            }
            _ if of_row.is_empty() => None,
            _ => {
                tell(
                    "ambiguous_institution",
                    "同じ市区町村に同名の医療機関があり、住所でも一つに決まりません。別の施設として扱います",
                );
                None
            }
        });
    }
    join_at_houses(listed, &records, &rows, &candidates, &mut joined);
    let mut joined: Vec<Option<(String, &'static str)>> =
        joined.into_iter().map(|found| found.map(|(record, how)| (records[record].0.clone(), how))).collect();
    join_twins(listed, &rows, &mut joined, ledgers);
    joined
}
