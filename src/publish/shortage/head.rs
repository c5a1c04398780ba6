//! The head of the shortage list, for the terminal.

use super::ShortageResults;
use super::words;
use crate::access::shortage::MunicipalityShortage;
use crate::assess::shortages::ServiceShortage;

/// How many municipalities are told.
const LINES: usize = 10;

/// The first municipalities of a service with the reasons, a line each.
#[must_use]
pub fn head(results: &ShortageResults<'_>, service: &ServiceShortage) -> String {
    let name = &service.shortage.service;
    let Some(places) = &service.shortage.places else {
        return format!("{name}: {}（この種類の医療機関等のファイルが未登録）\n", words::UNKNOWN);
    };
    let all = places.municipalities.len();
    let order = "来る所がない（16km・時間・夜間）、1か所だけ、提供量の仮定、の順に人数の多い順";
    let mut text = format!("{name}が足りない市区町村 {all}（{order}）\n");
    for (rank, short) in places.municipalities.iter().take(LINES).enumerate() {
        text += &format!("{:>3}. {}\n", rank + 1, line(results, short));
    }
    if let Some(circle) = &service.circle {
        let uncertain: u32 =
            circle.municipalities.iter().map(|[_, uncertain, _]| uncertain.people.total).sum();
        text += &format!("     位置の誤差のため16kmの内か外か不確かな人: {uncertain}人\n");
    }
    if !places.unjudged.is_empty() {
        let unjudged = words::joined(places.unjudged.iter().map(|cause| words::cause(*cause)));
        text += &format!("     判定できない原因: {unjudged}\n");
    }
    text
}

fn line(results: &ShortageResults<'_>, short: &MunicipalityShortage) -> String {
    let name = &results.study.municipalities[short.municipality].name;
    let people = short.concerned.people;
    let causes =
        short.causes.iter().map(|(cause, of)| format!("{} {}人", words::cause(*cause), of.people.total));
    let remedy = short.remedies.first().map(|one| words::remedy(results.study, one));
    let remedy = remedy.map_or_else(String::new, |remedy| format!(" → {remedy}"));
    format!(
        "{name} {}人（75歳以上 {}人）: {}{remedy}",
        people.total,
        people.age_75_plus,
        words::joined(causes)
    )
}
