//! Whom somebody reaches in each slot, by area; and who that is.

use super::WeekResults;
use crate::access::cover::Concerned;
use crate::access::week::cover::{Answer, Answered, There};
use crate::access::week::presence::Basis;
use crate::access::week::table::Slot;
use crate::assess::week::{KnownWeek, PostReach, ServiceWeek};
use crate::ingest::finding::{Finding, Severity};
use crate::ingest::manifest::InputKind;
use crate::ingest::study::{AreaSystem, Input, Study};
use crate::publish::table::Table;
use crate::publish::words::{UNKNOWN, institution, joined, unknown};
use std::collections::{BTreeMap, BTreeSet};

/// An area of the tables.
struct Place {
    head: [String; 3],
    municipalities: Vec<usize>,
}

/// The prefecture, every area of every system that was loaded, and every municipality.
fn places(study: &Study) -> Vec<Place> {
    let mut areas: BTreeMap<(AreaSystem, &str), (&str, Vec<usize>)> = BTreeMap::new();
    for (at, municipality) in study.municipalities.iter().enumerate() {
        for system in AreaSystem::ALL {
            for area in municipality.areas_of(system) {
                let known = areas.entry((system, &area.code)).or_insert((&area.name, Vec::new()));
                known.1.push(at);
            }
        }
    }
    let place = |kind: &str, code: &str, name: &str, municipalities| Place {
        head: [kind, code, name].map(str::to_owned),
        municipalities,
    };
    let all = (0..study.municipalities.len()).collect();
    let whole = place("都道府県", &study.prefecture_code, &study.prefecture_name, all);
    let areas = areas
        .into_iter()
        .map(|((system, code), (name, municipalities))| place(system.name(), code, name, municipalities));
    let municipalities = study
        .municipalities
        .iter()
        .enumerate()
        .map(|(at, one)| place("市区町村", one.code.as_str(), &one.name, vec![at]));
    std::iter::once(whole).chain(areas).chain(municipalities).collect()
}

fn slot_fields(service: &str, slot: &Slot) -> [String; 4] {
    [service.to_owned(), slot.day.name().to_owned(), slot.band.clone(), slot.hours.to_string()]
}

fn people(of: Concerned) -> [String; 2] {
    [of.people.total.to_string(), of.people.age_75_plus.to_string()]
}

/// Every slot of every service in every area.
pub(super) fn week(results: &WeekResults<'_>) -> Table {
    let mut table =
        Table::new(&["サービス", "曜日", "時間帯", "時刻", "区分", "コード", "名前", "来られる所の数"]);
    let names = ["穴"].into_iter().chain(Answer::ALL.map(Answer::name));
    table.header.extend(names.flat_map(|name| [format!("{name}_人数"), format!("{name}_75歳以上")]));
    let places = places(results.study);
    for service in &results.week.services {
        if let Some(known) = &service.known {
            table.rows.extend(of_service(service, known, &places));
        } else {
            let head = [service.service.as_str(), UNKNOWN, UNKNOWN, UNKNOWN].map(str::to_owned);
            let row = |place: &Place| [head.to_vec(), place.head.to_vec(), unknown(13)].concat();
            table.rows.extend(places.iter().map(row));
        }
    }
    table
}

fn of_service(service: &ServiceWeek, known: &KnownWeek, places: &[Place]) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (at, cover) in known.slots.iter().enumerate() {
        let there: BTreeSet<usize> = cover.there.iter().map(|there| there.post).collect();
        for place in places {
            let comes = |post: &usize| {
                let people = &known.posts[*post].people;
                place.municipalities.iter().any(|at| people.contains_key(at))
            };
            let coming: BTreeSet<usize> =
                there.iter().copied().filter(comes).map(|post| known.posts[post].institution).collect();
            let answered = place.municipalities.iter().fold(Answered::default(), |sum, municipality| {
                sum.and(&known.municipalities[at][*municipality])
            });
            let of_answers = Answer::ALL.map(|answer| answered.of(answer));
            let counted = std::iter::once(answered.hole()).chain(of_answers).flat_map(people);
            let head = slot_fields(&service.service, &cover.slot).into_iter().chain(place.head.clone());
            rows.push(head.chain([coming.len().to_string()]).chain(counted).collect());
        }
    }
    rows
}

/// Everyone who is there, slot by slot, and whom they reach; then those of whom no file tells when.
pub(super) fn who(results: &WeekResults<'_>) -> Table {
    let mut table = Table::new(&[
        "サービス",
        "曜日",
        "時間帯",
        "時刻",
        "機関コード",
        "機関名",
        "機関の市区町村",
        "届出等の種類",
    ]);
    table.header.extend(["根拠", "枠のうち", "届く人数", "届く市区町村"].map(str::to_owned));
    for service in &results.week.services {
        let id = &service.service;
        let head = [id.as_str(), UNKNOWN, UNKNOWN, UNKNOWN].map(str::to_owned);
        let Some(known) = &service.known else {
            table.rows.push([head.to_vec(), unknown(8)].concat());
            continue;
        };
        for cover in &known.slots {
            let of_slot = |there: &There| {
                let whole = if there.whole { "すべて" } else { "一部" };
                of_post(results.study, &slot_fields(id, &cover.slot), &known.posts[there.post], whole)
            };
            table.rows.extend(cover.there.iter().map(of_slot));
        }
        let untold = known.posts.iter().filter(|post| post.basis == Basis::Unknown);
        table.rows.extend(untold.map(|post| of_post(results.study, &head, post, UNKNOWN)));
    }
    table
}

fn of_post(study: &Study, head: &[String; 4], post: &PostReach, part: &str) -> Vec<String> {
    let names = joined(post.people.keys().map(|at| study.municipalities[*at].name.clone()));
    let people = post.people.values().sum::<u32>().to_string();
    let reached = [post.basis.name().to_owned(), part.to_owned(), people, names];
    [head.to_vec(), institution(study, post.institution), reached.to_vec()].concat()
}

/// What is doubtful in the files that tell who is there when, cell by cell.
pub(super) fn findings(results: &WeekResults<'_>) -> Table {
    let mut table = Table::new(&["ファイル", "シート", "行", "セル・列", "書かれていること", "意味", "扱い"]);
    let row = |finding: &Finding| {
        let row = finding.row.map_or_else(String::new, |row| row.to_string());
        let (layer, field) =
            (finding.layer.clone().unwrap_or_default(), finding.field.clone().unwrap_or_default());
        let (said, meant) = (finding.said.clone(), finding.meant.clone());
        let taken = if finding.severity == Severity::Quarantined { "使わない" } else { "使う" };
        vec![finding.file.clone(), layer, row, field, said, meant, taken.to_owned()]
    };
    table.rows.extend(of_week_files(results.study).map(row));
    table
}

/// The findings about opening hours, 輪番 sheets and their limits.
pub(super) fn of_week_files(study: &Study) -> impl Iterator<Item = &Finding> {
    let is_of_week = |input: &&Input| {
        matches!(input.kind, InputKind::OpeningHours | InputKind::Rota | InputKind::RotaLimits)
    };
    let files: BTreeSet<&str> =
        study.inputs.iter().filter(is_of_week).map(|input| input.file.as_str()).collect();
    study.findings.iter().filter(move |finding| files.contains(finding.file.as_str()))
}
