//! Filings of 訪問看護ステーション, joined to the care offices that the stations are.

use crate::ingest::classes;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::register::care_offices::compare_at_number;
use crate::ingest::register::scoring::{Evidence, Number};
use crate::ingest::register::signature::{House, Signature, is_numbered, signature};
use crate::ingest::register::work::{Joined, Work, row_of};
use crate::ingest::review::Record;
use crate::ingest::study::SourceRow;
use crate::ingest::todokede::FiledInstitution;
use std::collections::{BTreeMap, BTreeSet};

/// Joins the filings of stations to the care offices that they are.
pub(super) fn take_stations(stations: Vec<(usize, FiledInstitution)>, work: &mut Work<'_>) {
    tell_symbols(&stations, work.ledgers);
    let offices = Offices::of(work);
    let known = known(&stations, &offices, work);
    for (input, one) in stations {
        let record = record(input, &one, work);
        let of_row = row_of(&record);
        let (id, joined) = find(&record, &offices, &known, work);
        let nursing = work.land.loaded_classes.get(classes::NURSING).cloned();
        let draft = work.take(&id, record, None, joined);
        draft.classify(classes::of_filings(one.section, &one.symbols).chain(nursing), of_row);
        draft.file(one.symbols, &one.since);
        let made = draft.sources.last().cloned();
        let more = one.rows.into_iter().skip(1);
        draft.sources.extend(more.filter_map(|row| Some(SourceRow { row, ..made.clone()? })));
    }
}

/// A filing under the number of its station as it stands in 事業所番号.
fn record(input: usize, one: &FiledInstitution, work: &Work<'_>) -> Record {
    let key = format!("{}{}{}", work.land.prefecture_code(), one.section.digit(), one.code);
    let row = one.rows.first().copied().unwrap_or_default();
    Record { key, name: one.name.clone(), address: one.address.clone(), input, row }
}

/// The care offices that some station is by its number or its name: no other station at the house is meant.
fn known(stations: &[(usize, FiledInstitution)], offices: &Offices, work: &Work<'_>) -> BTreeSet<String> {
    let of_station = |(input, one): &(usize, FiledInstitution)| {
        let record = record(*input, one, work);
        let own = signature(&record.name, &record.address, work.land);
        let of_name = only(&own, &offices.named(&own), &record, work).map(|(id, _)| id);
        let id = format!("kaigo:{}", record.key);
        let draft = work.drafts.get(&id);
        let of_number = draft.filter(|draft| compare_at_number(&record, None, draft, work).joins());
        of_number.map(|_| id).or(of_name)
    };
    stations.iter().filter_map(of_station).collect()
}

/// The care offices of 訪問看護, by municipality and name and by house.
struct Offices {
    by_name: BTreeMap<(usize, String), BTreeSet<String>>,
    by_house: BTreeMap<House, BTreeSet<String>>,
}

impl Offices {
    fn of(work: &Work<'_>) -> Self {
        let mut offices = Self { by_name: BTreeMap::new(), by_house: BTreeMap::new() };
        for (id, draft) in work.drafts.iter().filter(|(_, draft)| draft.classes.contains(classes::NURSING)) {
            let Signature { names, house } = signature(draft.name(), draft.address(), work.land);
            let Some(house) = house else { continue };
            for name in names {
                offices.by_name.entry((house.0, name)).or_default().insert(id.clone());
            }
            offices.by_house.entry(house).or_default().insert(id.clone());
        }
        offices
    }

    /// Those with the name of a record in its municipality.
    fn named(&self, record: &Signature) -> BTreeSet<&String> {
        let Some((municipality, _)) = record.house else { return BTreeSet::new() };
        let of_name = |name: &String| self.by_name.get(&(municipality, name.clone()));
        record.names.iter().filter_map(of_name).flatten().collect()
    }

    /// Those at the house of a record.
    fn at_house(&self, record: &Signature) -> BTreeSet<&String> {
        let house = record.house.as_ref().filter(|(_, house)| is_numbered(house));
        house.and_then(|house| self.by_house.get(house)).into_iter().flatten().collect()
    }
}

/// The institution of a station, and why: the care office of its number, else the only one of its name in
/// the municipality, else the only one of an akin name at its house. What is left is told.
fn find(
    record: &Record,
    offices: &Offices,
    known: &BTreeSet<String>,
    work: &mut Work<'_>,
) -> (String, Joined) {
    if let Some((id, evidence)) = by_number(record, work) {
        return (id, Joined::By(evidence));
    }
    let own = signature(&record.name, &record.address, work.land);
    let found = only(&own, &offices.named(&own), record, work)
        .or_else(|| only(&own, &(&offices.at_house(&own) - &known.iter().collect()), record, work));
    if let Some((id, evidence)) = found {
        return (id, Joined::By(evidence));
    }
    if let Some(draft) = work.drafts.get(&record.key) {
        let evidence = Evidence { number: Number::Code, ..work.compare(record, draft) };
        return (record.key.clone(), Joined::By(evidence));
    }
    if work.land.loaded_classes.contains(classes::NURSING) {
        work.ledgers[record.input].warn(Doubt {
            kind: "unmatched_station",
            row: record.row,
            field: "ステーションコード",
            said: &record.name,
            meant: "番号・名称・所在地のどれでも介護サービスの事業所と結びつきません。別の施設として扱います"
                .to_owned(),
        });
    }
    (record.key.clone(), Joined::Own("own record"))
}

/// The institution of the number of a station, where more than the number agrees.
fn by_number(record: &Record, work: &mut Work<'_>) -> Option<(String, Evidence)> {
    for id in [format!("kaigo:{}", record.key), record.key.clone()] {
        let Some(draft) = work.drafts.get(&id).filter(|draft| !work.is_apart(&record.key, &draft.record.key))
        else {
            continue;
        };
        let evidence = compare_at_number(record, None, draft, work);
        if evidence.joins() {
            return Some((id, evidence));
        }
        let office = draft.record.clone();
        work.doubt(&office, record, evidence);
    }
    None
}

/// The only one of the care offices whose name is akin, if that is enough to join it.
fn only(
    own: &Signature,
    ids: &BTreeSet<&String>,
    record: &Record,
    work: &Work<'_>,
) -> Option<(String, Evidence)> {
    let pair = |id: &&String| {
        let draft = work.drafts.get(*id).filter(|draft| !work.is_apart(&record.key, &draft.record.key))?;
        let evidence = Evidence::of(own, &signature(draft.name(), draft.address(), work.land));
        evidence.is_named().then(|| ((*id).clone(), Evidence { alone: true, ..evidence }))
    };
    let mut pairs = ids.iter().filter_map(pair);
    let found = pairs.next().filter(|(_, evidence)| evidence.joins())?;
    pairs.next().is_none().then_some(found)
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
