//! The tables of a proposed rota.

use super::WeekResults;
use crate::access::week::rota::{Aim, Rota, RotaGroup};
use crate::access::week::table::Slot;
use crate::publish::table::Table;
use crate::publish::words::{self, UNKNOWN, joined, people};
use std::collections::BTreeMap;

fn shift(slot: &Slot) -> [String; 3] {
    [slot.day.name().to_owned(), slot.band.clone(), slot.hours.to_string()]
}

/// Who takes which duty.
pub(super) fn duties(results: &WeekResults<'_>, rota: &Rota) -> Table {
    let mut table =
        Table::new(&["曜日", "枠", "時刻", "グループ", "機関コード", "機関名", "市区町村", "届出等の種類"]);
    let groups = group_numbers(rota);
    for (slot, on_duty) in rota.shifts.iter().zip(&rota.duties) {
        for at in on_duty {
            let head = [shift(slot).to_vec(), vec![groups[at].to_string()]].concat();
            table.rows.push([head, words::institution(results.study, *at)].concat());
        }
    }
    table
}

/// The group of each institution, counted from 1.
fn group_numbers(rota: &Rota) -> BTreeMap<usize, usize> {
    let of_group = |(at, group): (usize, &RotaGroup)| {
        group.institutions.iter().map(move |institution| (*institution, at + 1)).collect::<Vec<_>>()
    };
    rota.groups.iter().enumerate().flat_map(of_group).collect()
}

/// How many duties each institution takes, and what it can take.
pub(super) fn institutions(results: &WeekResults<'_>, rota: &Rota) -> Table {
    let mut table = Table::new(&[
        "グループ",
        "機関コード",
        "機関名",
        "市区町村",
        "届出等の種類",
        "当番の数",
        "週の上限",
        "できない枠",
    ]);
    let limits = results.study.week.rota_limits.as_ref();
    for (at, group) in group_numbers(rota) {
        let limit = limits.and_then(|limits| limits.get(&at));
        let duties = rota.duties.iter().filter(|on_duty| on_duty.contains(&at)).count();
        let most =
            limit.and_then(|limit| limit.most_per_week).map_or_else(String::new, |most| most.to_string());
        let unable = limit.into_iter().flat_map(|limit| &limit.unable);
        let unable = joined(unable.map(|(day, hours)| format!("{}{hours}", day.name())));
        let head = [vec![group.to_string()], words::institution(results.study, at)].concat();
        table.rows.push([head, vec![duties.to_string(), most, unable]].concat());
    }
    table.rows.sort_by_key(|row| row[0].parse::<usize>().unwrap_or_default());
    table
}

/// What each group comes to, and what no rota can go below.
pub(super) fn groups(results: &WeekResults<'_>, rota: &Rota) -> Table {
    let mut table = Table::new(&["グループ", "機関の数", "機関"]);
    let aims = ["上限のため届かない人×枠", "当番の総数", "1機関の最多", "最多と最少の差", "当番の数の二乗和"];
    table.header.extend(aims.iter().flat_map(|aim| [(*aim).to_owned(), format!("{aim}_下界")]));
    table.header.push("証明".to_owned());
    for (at, group) in rota.groups.iter().enumerate() {
        let names = group.institutions.iter().map(|at| results.study.institutions[*at].name.clone());
        let mut row = vec![(at + 1).to_string(), group.institutions.len().to_string(), joined(names)];
        row.extend(
            [group.alone, group.duties, group.highest, group.spread, group.squares].into_iter().flat_map(aim),
        );
        row.push(if group.is_proven() { "最適" } else { "未証明" }.to_owned());
        table.rows.push(row);
    }
    table
}

fn aim(aim: Aim) -> [String; 2] {
    let bound = aim.bound.map_or_else(|| UNKNOWN.to_owned(), |bound| bound.to_string());
    [aim.value.to_string(), bound]
}

/// Whom no rota reaches: the shifts that cannot be filled, and those whom nobody ever reaches.
pub(super) fn unfilled(results: &WeekResults<'_>, rota: &Rota) -> Table {
    let study = results.study;
    let mut table = Table::new(&["区分", "曜日", "枠", "時刻", "市区町村コード", "市区町村"]);
    table.header.extend(words::PEOPLE.map(str::to_owned));
    table.header.extend(["届く所", "理由"].map(str::to_owned));
    let mut add = |kind: &str, shift: [String; 3], cells: &[usize], names: String, reason: &str| {
        let mut of_municipality: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for cell in cells {
            of_municipality.entry(study.cells[*cell].municipality).or_default().push(*cell);
        }
        for (at, cells) in of_municipality {
            let head = [vec![kind.to_owned()], shift.to_vec(), words::municipality(study, at).to_vec()];
            let who = people(&results.residents.of(cells.into_iter()));
            table.rows.push([head.concat(), who, vec![names.clone(), reason.to_owned()]].concat());
        }
    };
    for unfilled in &rota.unfilled {
        let names = joined(unfilled.institutions.iter().map(|at| study.institutions[*at].name.clone()));
        let slot = shift(&rota.shifts[unfilled.shift]);
        add("埋まらない枠", slot, &unfilled.cells, names, unfilled.reason.name());
    }
    let every = [String::new(), String::new(), "すべての枠".to_owned()];
    add("だれも届かない", every, &rota.unreachable, String::new(), "時間と円の内側に来られる所がない");
    table
}
