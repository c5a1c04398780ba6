//! Pairs of records that nothing joined but that may be one institution: for review only.

use crate::ingest::register::join::{Known, Listed};
use crate::ingest::register::scoring::{Evidence, Name, Place};
use crate::ingest::register::signature::{number_of, town_of};
use crate::ingest::register::work::Work;
use crate::ingest::todokede::Section;
use std::collections::{BTreeMap, BTreeSet};

/// Lists, of the rows and records that have no partner, those with akin names in one town, those whose names
/// may read alike at one number with and without its 小字, and those that alone bear a name in different
/// municipalities.
pub(super) fn doubt_unmatched(rows: &[Listed<'_>], known: &[Known], work: &mut Work<'_>) {
    let taken: BTreeSet<usize> = rows.iter().filter_map(|row| row.joined).map(|(at, _)| at).collect();
    let open: Vec<&Listed<'_>> = rows.iter().filter(|row| row.is_open()).collect();
    let free: Vec<&Known> =
        known.iter().enumerate().filter(|(at, _)| !taken.contains(at)).map(|(_, one)| one).collect();
    let pairs = akin_in_one_town(&open, &free).into_iter();
    for (row, one, evidence) in pairs.chain(alike_at_one_lot(&open, &free)).chain(moved(&open, &free)) {
        work.doubt(&one.record, row.record, evidence);
    }
}

type Pair<'a> = (&'a Listed<'a>, &'a Known, Evidence);

fn akin_in_one_town<'a>(open: &[&'a Listed<'a>], free: &[&'a Known]) -> Vec<Pair<'a>> {
    let mut towns: BTreeMap<(Section, (usize, &str)), Vec<&'a Known>> = BTreeMap::new();
    for one in free {
        if let Some(house) = &one.signature.house {
            towns.entry((one.section, town_of(house))).or_default().push(one);
        }
    }
    let of_row = |row: &&'a Listed<'a>| -> Vec<Pair<'a>> {
        let key = row.section.zip(row.signature.house.as_ref().map(town_of));
        let near = key.and_then(|key| towns.get(&key)).into_iter().flatten();
        let pairs = near.map(|one| (*row, *one, Evidence::of(&row.signature, &one.signature)));
        pairs.filter(|(.., evidence)| evidence.name == Name::Akin && evidence.place != Place::House).collect()
    };
    let pairs: Vec<Pair<'a>> = open.iter().flat_map(of_row).collect();
    alone(pairs)
}

fn alike_at_one_lot<'a>(open: &[&'a Listed<'a>], free: &[&'a Known]) -> Vec<Pair<'a>> {
    let mut lots: BTreeMap<(Section, usize, &str), Vec<&'a Known>> = BTreeMap::new();
    for one in free {
        if let Some(house) = &one.signature.house {
            lots.entry((one.section, house.0, number_of(house))).or_default().push(one);
        }
    }
    let of_row = |row: &&'a Listed<'a>| -> Vec<Pair<'a>> {
        let house = row.signature.house.as_ref();
        let key = row.section.zip(house).map(|(section, house)| (section, house.0, number_of(house)));
        let near = key.and_then(|key| lots.get(&key)).into_iter().flatten();
        let evidence = |one: &Known| {
            Evidence::of(&row.signature, &one.signature).for_review(&row.signature, &one.signature)
        };
        let pairs = near.map(|one| (*row, *one, evidence(one)));
        pairs
            .filter(|(.., evidence)| (evidence.name, evidence.place) == (Name::Reading, Place::Lot))
            .collect()
    };
    let pairs: Vec<Pair<'a>> = open.iter().flat_map(of_row).collect();
    alone(pairs)
}

/// The same name once on each side, in two municipalities: a source may be older than a move.
fn moved<'a>(open: &[&'a Listed<'a>], free: &[&'a Known]) -> Vec<Pair<'a>> {
    type Sides<'a> = (Vec<&'a Listed<'a>>, Vec<&'a Known>);
    let mut by_name: BTreeMap<(Section, &str), Sides<'a>> = BTreeMap::new();
    for row in open {
        let Some(section) = row.section else { continue };
        for name in &row.signature.names {
            by_name.entry((section, name)).or_default().0.push(row);
        }
    }
    for one in free {
        for name in &one.signature.names {
            if let Some((_, of_name)) = by_name.get_mut(&(one.section, name.as_str())) {
                of_name.push(one);
            }
        }
    }
    let mut pairs: Vec<Pair<'a>> = Vec::new();
    for (rows, records) in by_name.into_values() {
        if let ([row], [one]) = (rows.as_slice(), records.as_slice()) {
            let is_there = pairs
                .iter()
                .any(|(other, known, _)| std::ptr::eq(*other, *row) && std::ptr::eq(*known, *one));
            if !is_there {
                pairs.push((row, one, Evidence::of(&row.signature, &one.signature)));
            }
        }
    }
    pairs
}

/// Marks the pairs whose row and record are in no other.
fn alone(pairs: Vec<Pair<'_>>) -> Vec<Pair<'_>> {
    let is_alone = |(row, one, _): &Pair<'_>| {
        let same_row = pairs.iter().filter(|(other, ..)| std::ptr::eq(*other, *row)).count();
        let same_record = pairs.iter().filter(|(_, other, _)| std::ptr::eq(*other, *one)).count();
        same_row == 1 && same_record == 1
    };
    let marked: Vec<bool> = pairs.iter().map(is_alone).collect();
    pairs
        .into_iter()
        .zip(marked)
        .map(|((row, one, evidence), alone)| (row, one, Evidence { alone, ..evidence }))
        .collect()
}
