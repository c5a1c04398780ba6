//! Sheets of the four functions of home care: who bears them in each zone, and how many that is for its people.

use super::sheet::{Cell, NOT_LOADED, Sheet, column};
use super::words;
use crate::publish::summary::{
    BearerFigures, FunctionFigures, FunctionPart, NamedInstitution, PlanFigures, Summary, ZoneFigures,
};
use crate::units::AgeCounts;

/// What must not be read into the numbers.
const READINESS: &str =
    "届出・事業所の数は体制であり、訪問診療・往診・看取りなどの実績（件数）ではありません。";

/// Those of a zone who bear a part; `None` = not loaded.
fn of_zone(zone: &ZoneFigures, part: &FunctionPart, summary: &Summary) -> Option<BearerFigures> {
    let mut all = BearerFigures::default();
    for one in summary.municipality_table.iter().filter(|one| zone.municipalities.contains(&one.code)) {
        let here = one.bearers.get(&part.id)?.as_ref()?;
        all.count += here.count;
        all.named.extend(here.named.iter().cloned());
    }
    all.named.sort_by_key(|one| one.rank);
    all.named.truncate(usize::try_from(summary.naming.most).unwrap_or(usize::MAX));
    Some(all)
}

/// Names, and how many more there are.
fn names(of: &BearerFigures) -> String {
    let named: Vec<&str> = of.named.iter().map(|one: &NamedInstitution| one.name.as_str()).collect();
    let more = of.count - named.len() as u64;
    let rest = if more > 0 { format!("、ほか{more}か所") } else { String::new() };
    named.join("、") + &rest
}

/// Every plan with its zones, functions and parts.
fn each(
    summary: &Summary,
) -> impl Iterator<Item = (&PlanFigures, &ZoneFigures, &FunctionFigures, &FunctionPart)> {
    let zones = summary.plans.iter().flat_map(|plan| plan.zones.iter().map(move |zone| (plan, zone)));
    zones.flat_map(move |(plan, zone)| {
        let parts = summary.functions.iter();
        let parts = parts.flat_map(|function| function.parts.iter().map(move |part| (function, part)));
        parts.map(move |(function, part)| (plan, zone, function, part))
    })
}

/// 医療機能の担い手: names by zone, function and part, with the verdict on the function.
pub fn bearers(summary: &Summary) -> Sheet {
    let row =
        |(plan, zone, function, part): (&PlanFigures, &ZoneFigures, &FunctionFigures, &FunctionPart)| {
            let verdict = zone.audit.iter().find(|verdict| verdict.rule == function.id);
            let word = verdict.map_or("不明", |verdict| words::verdict(&verdict.verdict));
            let found = of_zone(zone, part, summary);
            let head = [plan.name.as_str(), &zone.name, &function.name, word, &part.id].map(Cell::text);
            let count = Cell::count(found.as_ref().map(|of| of.count));
            let named = found.as_ref().map_or(NOT_LOADED, |of| Cell::text(names(of)));
            let source = [part.source.as_str(), words::tag(&part.tag)].map(Cell::text);
            head.into_iter().chain([count, named]).chain(source).collect()
        };
    Sheet {
        name: "医療機能の担い手".to_owned(),
        title: format!("圏域ごとの4つの医療機能の担い手（{}）", summary.naming.rule),
        columns: vec![
            column("圏域案", 22.0),
            column("圏域", 16.0),
            column("医療機能", 16.0),
            column("機能の判定", 9.0),
            column("担い手の区分", 24.0),
            column("数", 6.0),
            column("名称", 70.0),
            column("みなし方と出典", 40.0),
            column("根拠の確かさ", 14.0),
        ],
        note: READINESS,
        keys: 2,
        rows: each(summary).map(row).collect(),
    }
}

/// 人口当たりの数: by zone and part per 100,000 people, with the spread over the zones of the plan and the
/// published national values.
pub fn per_people(summary: &Summary) -> Sheet {
    let per = |count: Option<u64>, people: u32| {
        count.filter(|_| people > 0).map(|count| count as f64 * 100_000.0 / f64::from(people))
    };
    let rate = |zone: &ZoneFigures, part: &FunctionPart, people: fn(AgeCounts) -> u32| {
        per(of_zone(zone, part, summary).map(|of| of.count), people(zone.figures.population))
    };
    let cell = |value: Option<f64>| value.map_or(NOT_LOADED, Cell::Decimal);
    let row =
        |(plan, zone, function, part): (&PlanFigures, &ZoneFigures, &FunctionFigures, &FunctionPart)| {
            let everybody: fn(AgeCounts) -> u32 = |people| people.total;
            let over: Option<Vec<f64>> = plan.zones.iter().map(|zone| rate(zone, part, everybody)).collect();
            let spread = |better: fn(f64, f64) -> f64| over.iter().flatten().copied().reduce(better);
            let national = part.national.as_ref();
            let head = [plan.name.as_str(), &zone.name, &function.name, &part.id].map(Cell::text);
            let count = Cell::count(of_zone(zone, part, summary).map(|of| of.count));
            let rates = [everybody, |people| people.age_65_plus, |people| people.age_75_plus];
            let rates = rates.map(|people| cell(rate(zone, part, people)));
            let spread = [cell(spread(f64::min)), cell(spread(f64::max))];
            let absent = || Cell::Absent("公表値なし");
            let published = [
                national.map_or_else(absent, |of| Cell::Decimal(of.per_100k)),
                national.map_or_else(absent, |of| Cell::Decimal(of.lowest)),
                national.map_or_else(absent, |of| Cell::Decimal(of.highest)),
                national.map_or_else(absent, |of| Cell::text(format!("{}年 {}", of.year, of.source))),
            ];
            head.into_iter().chain([count]).chain(rates).chain(spread).chain(published).collect()
        };
    Sheet {
        name: "人口当たりの数".to_owned(),
        title: "担い手の数と人口10万人当たりの数（人口は国勢調査）".to_owned(),
        columns: vec![
            column("圏域案", 22.0),
            column("圏域", 16.0),
            column("医療機能", 16.0),
            column("担い手の区分", 24.0),
            column("数", 6.0),
            column("人口10万人当たり", 10.0),
            column("65歳以上10万人当たり", 11.0),
            column("75歳以上10万人当たり", 11.0),
            column("圏域の最小（人口10万人当たり）", 12.0),
            column("圏域の最大（人口10万人当たり）", 12.0),
            column("全国（人口10万人当たり）", 11.0),
            column("都道府県の最小", 10.0),
            column("都道府県の最大", 10.0),
            column("全国値の年と出典", 40.0),
        ],
        note: READINESS,
        keys: 2,
        rows: each(summary).map(row).collect(),
    }
}
