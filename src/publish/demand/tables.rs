//! The tables. What is unknown is 不明, never zero.

use super::DemandResults;
use crate::assess::indicators::ShownValue;
use crate::assess::needs::needs as needs_of;
use crate::demand::disclosure::{Shown, shown_total};
use crate::demand::layers::{Amount, Layer};
use crate::demand::workforce::{Balance, Shortfall, WorkforceScenario};
use crate::demand::zones::{Division, Zone};
use crate::publish::table::Table;
use crate::publish::words::{UNKNOWN, decimal, known};
use std::collections::BTreeSet;

/// Columns that say which zone a row is about.
const ZONE: [&str; 3] = ["圏域の種類", "圏域コード", "圏域"];

/// Places of an amount: sums of zones agree to these.
const PLACES: usize = 6;

fn table(before: &[&str], after: &[&str]) -> Table {
    Table::new(&[before, &ZONE, after].concat())
}

fn place(division: &Division, zone: &Zone) -> [String; 3] {
    [division.name.clone(), zone.code.clone(), zone.name.clone()]
}

/// Every zone of every division.
fn zones<'a>(results: &DemandResults<'a>) -> impl Iterator<Item = (&'a Division, &'a Zone)> + use<'a> {
    let divisions = results.outlook.divisions.iter();
    divisions.flat_map(|division| division.zones.iter().map(move |zone| (division, zone)))
}

/// Every layer in every zone and year.
pub(super) fn demand(results: &DemandResults<'_>) -> Table {
    let mut table = table(&["層", "単位"], &["年", "低", "中", "高", "中のうち85歳以上", "区分"]);
    for layer in &results.outlook.layers {
        for (division, zone) in zones(results) {
            for year in layer.years.keys() {
                let head = [layer.id.clone(), layer.unit.clone()];
                let amount = amounts(layer.of(*year, &zone.municipalities));
                let (year, tag) = ([year.to_string()], [layer.tag.clone()]);
                let row = [&head[..], &place(division, zone), &year, &amount, &tag];
                table.rows.push(row.concat());
            }
        }
    }
    table
}

fn amounts(amount: Option<Amount>) -> [String; 4] {
    let of = |value: fn(Amount) -> f64| known(amount.map(value), PLACES);
    [
        of(|amount| amount.low),
        of(|amount| amount.mid),
        of(|amount| amount.high),
        of(|amount| amount.age_85_plus),
    ]
}

/// When each zone needs most.
pub(super) fn peaks(results: &DemandResults<'_>) -> Table {
    let after = [
        "最初の年",
        "最初の年の値",
        "ピークの年",
        "低",
        "中",
        "高",
        "中のうち85歳以上",
        "最後の年",
        "最後の年の値",
    ];
    let mut table = table(&["層", "単位"], &after);
    for layer in &results.outlook.layers {
        for (division, zone) in zones(results) {
            let head = [layer.id.clone(), layer.unit.clone()];
            table.rows.push([&head[..], &place(division, zone), &peak(layer, zone)].concat());
        }
    }
    table
}

fn peak(layer: &Layer, zone: &Zone) -> Vec<String> {
    let series = layer.series(&zone.municipalities);
    let (Some(first), Some(last), Some((year, highest))) =
        (series.first_key_value(), series.last_key_value(), layer.peak(&zone.municipalities))
    else {
        return vec![UNKNOWN.to_owned(); 9];
    };
    let end = |(year, amount): (&u16, &Amount)| [year.to_string(), decimal(amount.mid, PLACES)];
    [&end(first)[..], &[year.to_string()], &amounts(Some(highest)), &end(last)].concat()
}

/// What may be shown of cohorts.
pub(super) fn cohorts(results: &DemandResults<'_>) -> Table {
    let mut table = table(&["区分"], &["年", "人数"]);
    for cohort in &results.outlook.cohorts {
        for (division, zone) in zones(results) {
            let mut row = |year: &str, people: String| {
                let head = [cohort.id.clone()];
                table.rows.push([&head[..], &place(division, zone), &[year.to_owned(), people]].concat());
            };
            for (year, shown) in &cohort.years {
                row(&year.to_string(), people(shown, &zone.municipalities));
            }
            if cohort.years.is_empty() {
                row(UNKNOWN, UNKNOWN.to_owned());
            }
        }
    }
    table
}

fn people(shown: &[Shown], municipalities: &[usize]) -> String {
    match municipalities {
        [one] => shown[*one].meant(),
        _ => shown_total(shown, municipalities).meant(),
    }
}

/// Every balance with its scenario, its layer and its zone.
fn balances<'a>(
    results: &DemandResults<'a>,
) -> impl Iterator<Item = (&'a WorkforceScenario, [String; 3], [String; 3], &'a Balance)> + use<'a> {
    let (workforce, outlook) = (&results.tables.workforce, results.outlook);
    outlook.balances.iter().flat_map(move |of| {
        let future = &workforce.scenarios[of.scenario];
        let layer = workforce.profession(future).map_or_else(String::new, |one| one.layer.clone());
        let head = [future.name.clone(), future.profession.clone(), layer];
        outlook.divisions.iter().zip(&of.divisions).flat_map(move |(division, balances)| {
            let head = head.clone();
            let row = move |(zone, balance)| (future, head.clone(), place(division, zone), balance);
            division.zones.iter().zip(balances).map(row)
        })
    })
}

/// Capacity and demand year by year.
pub(super) fn workforce(results: &DemandResults<'_>) -> Table {
    let mut table = table(
        &["仮定", "職種", "層"],
        &["年", "提供量", "需要_低", "需要_中", "需要_高", "提供量÷需要_中", "仮定の区分"],
    );
    for (future, head, place, balance) in balances(results) {
        // Every year in which either is known.
        let years: BTreeSet<u16> = balance.capacity.keys().chain(balance.demand.keys()).copied().collect();
        for year in years {
            let (capacity, demand) =
                (balance.capacity.get(&year).copied(), balance.demand.get(&year).copied());
            let ratio = capacity.zip(demand).filter(|(_, demand)| demand.mid > 0.0);
            let [low, mid, high, _] = amounts(demand);
            let figures = [
                year.to_string(),
                known(capacity, PLACES),
                low,
                mid,
                high,
                known(ratio.map(|(capacity, demand)| capacity / demand.mid), PLACES),
                future.tag.clone(),
            ];
            table.rows.push([&head[..], &place, &figures].concat());
        }
    }
    table
}

/// From which year each zone falls short.
pub(super) fn shortfalls(results: &DemandResults<'_>) -> Table {
    let mut table = table(
        &["仮定", "職種", "層"],
        &[
            "最初の年",
            "提供量",
            "需要_中",
            "不足する年（需要 中）",
            "不足する年（需要 高）",
            "不足する年（需要 低）",
            "仮定の区分",
        ],
    );
    for (future, head, place, balance) in balances(results) {
        let first = balance.capacity.first_key_value();
        let demand = first.and_then(|(year, _)| balance.demand.get(year));
        let figures = [
            first.map_or_else(|| UNKNOWN.to_owned(), |(year, _)| year.to_string()),
            known(first.map(|(_, capacity)| *capacity), PLACES),
            known(demand.map(|amount| amount.mid), PLACES),
            shortfall(balance.mid),
            shortfall(balance.high),
            shortfall(balance.low),
            future.tag.clone(),
        ];
        table.rows.push([&head[..], &place, &figures].concat());
    }
    table
}

fn shortfall(of: Shortfall) -> String {
    match of {
        Shortfall::From(year) => year.to_string(),
        Shortfall::NotBefore(year) => format!("{year}年まで不足しない"),
        Shortfall::Unknown => UNKNOWN.to_owned(),
    }
}

/// Stated needs beside demand, in every zone of every division.
pub(super) fn needs(results: &DemandResults<'_>) -> Table {
    let mut table = table(
        &["登録された必要量", "単位", "出典", "層", "層の単位"],
        &["年", "必要量", "需要_低", "需要_中", "需要_高", "需要_中÷必要量", "比べられない理由"],
    );
    let outlook = results.outlook;
    for need in needs_of(results.study, &outlook.layers, &outlook.divisions) {
        let (stated, layer) = (&results.study.indicators[need.indicator], &outlook.layers[need.layer]);
        let of = [&stated.name, &stated.unit, &stated.source, &layer.id, &layer.unit].map(Clone::clone);
        let values = need.stated.iter().flatten();
        for ((division, zone), value) in zones(results).zip(values) {
            let amount = stated.year.and_then(|year| layer.of(year, &zone.municipalities));
            let (ratio, why) = against(*value, amount, need.same_unit, stated.year);
            let year = known_year(stated.year);
            let [low, mid, high, _] = amounts(amount);
            let figures = [year, said(*value), low, mid, high, known(ratio, PLACES), why.to_owned()];
            table.rows.push([&of[..], &place(division, zone), &figures].concat());
        }
    }
    table
}

/// How many times the stated need the demand is, or why that cannot be said.
fn against(
    stated: ShownValue,
    demand: Option<Amount>,
    same_unit: bool,
    year: Option<u16>,
) -> (Option<f64>, &'static str) {
    match (stated, demand) {
        _ if year.is_none() => (None, "必要量の年が不明"),
        _ if !same_unit => (None, "単位が違う"),
        (ShownValue::Exact(stated), Some(demand)) if stated > 0.0 => (Some(demand.mid / stated), ""),
        (ShownValue::Exact(_), Some(_)) => (None, "必要量が0"),
        (_, None) => (None, "この年の需要が不明"),
        (ShownValue::NoSum, _) => (None, "合計できない値"),
        (ShownValue::Unknown, _) => (None, "必要量が不明"),
        _ => (None, "示せない人数を含む"),
    }
}

fn known_year(year: Option<u16>) -> String {
    year.map_or_else(|| UNKNOWN.to_owned(), |year| year.to_string())
}

fn said(value: ShownValue) -> String {
    match value {
        ShownValue::Exact(value) => decimal(value, PLACES),
        ShownValue::AtLeast(value) => format!("{value}以上"),
        ShownValue::Small => "1–9".to_owned(),
        ShownValue::Withheld => "秘匿".to_owned(),
        ShownValue::NoSum => "合計不可".to_owned(),
        ShownValue::Unknown => UNKNOWN.to_owned(),
    }
}
