//! Filings of 訪問看護ステーション, joined to the care offices that the stations are.

use crate::ingest::classes;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::register::Land;
use crate::ingest::register::care_offices::{Agreement, agreement_of};
use crate::ingest::register::draft::Draft;
use crate::ingest::register::names::{akin, name_keys};
use crate::ingest::register::signature::{Signature, is_numbered, signature};
use crate::ingest::study::SourceRow;
use crate::ingest::todokede::FiledInstitution;
use std::collections::{BTreeMap, BTreeSet};

/// Joins the filings of stations to the care offices that they are.
pub(super) fn take_stations(
    stations: Vec<(usize, FiledInstitution)>,
    drafts: &mut BTreeMap<String, Draft>,
    land: &Land<'_>,
    ledgers: &mut [Ledger],
) {
    let mut by_name: BTreeMap<(usize, String), BTreeSet<String>> = BTreeMap::new();
    let mut by_house: BTreeMap<(usize, String), BTreeSet<String>> = BTreeMap::new();
    for (id, draft) in drafts.iter().filter(|(_, draft)| draft.classes.contains(classes::NURSING)) {
        let Signature { names, house } = signature(&draft.name, &draft.address, land);
        let Some((municipality, house)) = house else { continue };
        by_house.entry((municipality, house)).or_default().insert(id.clone());
        for name in names {
            by_name.entry((municipality, name)).or_default().insert(id.clone());
        }
    }
    tell_symbols(&stations, ledgers);
    for (input, one) in stations {
        let code = format!("{}{}{}", land.prefecture_code(), one.section.digit(), one.code);
        let Signature { names, house } = signature(&one.name, &one.address, land);
        let of_number = [format!("kaigo:{code}"), code.clone()].into_iter().find(|id| {
            let agrees =
                |draft| agreement_of((&one.name, &one.address), None, draft, land) != Agreement::None;
            drafts.get(id).is_some_and(agrees)
        });
        let only = |found: BTreeSet<&String>| match found.first() {
            Some(id) if found.len() == 1 => Some((*id).clone()),
            _ => None,
        };
        let municipality = house.as_ref().map(|(at, _)| *at);
        let named = municipality.and_then(|at| {
            only(names.iter().filter_map(|name| by_name.get(&(at, name.clone()))).flatten().collect())
        });
        let akin_to = |id: &&String| akin(&names, &name_keys(&drafts[*id].name));
        let at_house = house.filter(|(_, house)| is_numbered(house)).and_then(|house| by_house.get(&house));
        let at_house = only(at_house.into_iter().flatten().filter(akin_to).collect());
        let found = of_number
            .map(|id| (id, "number"))
            .or_else(|| named.map(|id| (id, "name+municipality")))
            .or_else(|| at_house.map(|id| (id, "address+akin name")));
        if found.is_none() && land.loaded_classes.contains(classes::NURSING) {
            ledgers[input].warn(Doubt {
                kind: "unmatched_station",
                row: one.rows.first().copied().unwrap_or_default(),
                field: "ステーションコード",
                said: &one.name,
                meant:
                    "番号・名称・所在地のどれでも介護サービスの事業所と結びつきません。別の施設として扱います"
                        .to_owned(),
            });
        }
        let (id, matched_by) = found.unwrap_or((code, "own record"));
        let draft = drafts.entry(id).or_insert_with(|| Draft::new(&one.name, &one.address, None));
        draft.classes.extend(classes::of_filings(one.section, &one.symbols));
        draft.classes.extend(land.loaded_classes.get(classes::NURSING).cloned());
        draft.sources.extend(one.rows.into_iter().map(|row| SourceRow {
            input,
            row,
            matched_by: matched_by.into(),
        }));
    }
}

/// Tells how often each 受理記号 stands in a file, to be compared with the 略称一覧 of the bureau.
fn tell_symbols(stations: &[(usize, FiledInstitution)], ledgers: &mut [Ledger]) {
    let mut counts: BTreeMap<usize, BTreeMap<&str, usize>> = BTreeMap::new();
    for (input, one) in stations {
        for symbol in &one.symbols {
            *counts.entry(*input).or_default().entry(symbol).or_default() += 1;
        }
    }
    for (input, counts) in counts {
        let counts: Vec<String> =
            counts.into_iter().map(|(symbol, count)| format!("{symbol} {count}")).collect();
        ledgers[input].note(Doubt {
            kind: "station_symbols",
            row: 0,
            field: "受理番号",
            said: &counts.join("、"),
            meant: "受理番号ごとの事業所数です。24時間対応体制加算などの読み方（shapes/tables/facility_classes.toml）を、厚生局の略称一覧と照らしてください"
                .to_owned(),
        });
    }
}
