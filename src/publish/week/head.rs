//! The holes of the week and the rota in a few lines, for the terminal.

use super::tables::of_week_files;
use super::{RotaAnswer, WeekResults};
use crate::access::week::rota::{Rota, RotaGroup};
use crate::assess::week::ServiceWeek;
use crate::publish::words::UNKNOWN;

/// For each service the people in a hole by band, on the days with most and fewest; and the rota.
#[must_use]
pub fn head(results: &WeekResults<'_>) -> String {
    let services: String = results.week.services.iter().map(|service| of_service(results, service)).collect();
    let rota = match results.rota {
        None => String::new(),
        Some(RotaAnswer::NotLoaded) => {
            format!("輪番の案: {UNKNOWN}（当番を担う医療機関のファイルが未登録）\n")
        }
        Some(RotaAnswer::Found(rota)) => of_rota(results, rota),
    };
    let doubts = of_week_files(results.study).count();
    let doubts = match doubts {
        0 => String::new(),
        _ => format!("診療時間・輪番表・輪番の条件に、見てほしい所が {doubts} 件あります（findings.csv）\n"),
    };
    services + &rota + &doubts
}

fn of_service(results: &WeekResults<'_>, service: &ServiceWeek) -> String {
    let name = &service.service;
    let Some(known) = &service.known else {
        return format!("{name}: {UNKNOWN}（この種類の医療機関等のファイルが未登録）\n");
    };
    let mut text =
        format!("{name}: 車で{}分以内に来る所がない人（穴）と不明の人\n", results.week.limit_minutes);
    for band in &results.table.bands {
        let slots = (0..known.slots.len()).filter(|at| known.slots[*at].slot.band == band.name);
        let of_days: Vec<(u32, u32, &str)> = slots
            .map(|at| {
                let all = known.of_all(at);
                let day = known.slots[at].slot.day.name();
                (all.hole().people.total, all.unknown.people.total, day)
            })
            .collect();
        let (Some(most), Some(fewest)) =
            (of_days.iter().max_by_key(|day| day.0), of_days.iter().min_by_key(|day| day.0))
        else {
            continue;
        };
        let told = |(hole, unknown, day): &(u32, u32, &str)| format!("{day} 穴{hole}人・不明{unknown}人");
        let differ =
            if most.0 == fewest.0 { String::new() } else { format!("（最少 {}）", told(fewest)) };
        text += &format!("  {} {}–{}: {}{differ}\n", band.name, band.from, band.until, told(most));
    }
    text
}

fn of_rota(results: &WeekResults<'_>, rota: &Rota) -> String {
    let sum = |of: fn(&RotaGroup) -> u64| rota.groups.iter().map(of).sum::<u64>();
    let proven = rota.groups.iter().filter(|group| group.is_proven()).count();
    let people = |cells: &[usize]| results.residents.of(cells.iter().copied()).people.total;
    let mut text = format!(
        "輪番の案: 週{}枠、グループ {}（最適の証明 {proven}）、当番の総数 {}、1機関の最多 {}\n",
        rota.shifts.len(),
        rota.groups.len(),
        sum(|group| group.duties.value),
        rota.groups.iter().map(|group| group.highest.value).max().unwrap_or(0),
    );
    if !rota.unreachable.is_empty() {
        text += &format!("  どの枠でも、だれも届かない人 {}人\n", people(&rota.unreachable));
    }
    if !rota.unfilled.is_empty() {
        let alone: u32 = rota.unfilled.iter().map(|unfilled| people(&unfilled.cells)).sum();
        let count = rota.unfilled.len();
        text += &format!(
            "  条件の下では埋まらない枠がある: のべ {alone}人×枠（{count} 件、rota_unfilled.csv）\n"
        );
    }
    text
}
