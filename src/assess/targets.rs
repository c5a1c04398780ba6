//! Targets of the plan (数値目標) beside what else is known of the same thing: the official 訪問診療 demand
//! of the 構想区域, the targets of smaller areas and of other plans, and figures of municipalities.
//!
//! A number is held against a target only where item, unit and year are the same; everything else is
//! unknown with its reason. There is no threshold: a difference is neither good nor bad.

use crate::assess::indicators::{ShownIndicator, ShownValue, sum, whole_areas};
use crate::demand::home_visits::Demand;
use crate::ingest::own_lists::Target;
use crate::ingest::study::{AreaSystem, Indicator, Study};
use crate::ingest::{plain, year};
use std::collections::{BTreeMap, BTreeSet};

/// A number beside a target.
#[derive(Clone, Debug, PartialEq)]
pub struct Beside {
    /// Position of the target in the list.
    pub target: usize,
    /// A 構想区域 inside the target's area that has no target of its own; `None` = the target's own area.
    pub part: Option<String>,
    /// What the number is, for people.
    pub what: String,
    /// Its year.
    pub year: Option<u16>,
    /// The number.
    pub value: BesideValue,
}

/// The number, as far as it can be held against the target.
#[derive(Clone, Debug, PartialEq)]
pub enum BesideValue {
    /// Of the same item, unit, year and area.
    Exact(f64),
    /// The same with small counts hidden in it.
    AtLeast(f64),
    /// Not comparable, or not known: why.
    Unknown(String),
}

/// Spellings of the unit of the official demand.
const RECEIPTS: [&str; 4] = ["件/月", "レセプト件/月", "レセプト件数/月", "レセプト/月"];
/// Items that are 訪問診療 as a whole; others may be of a part of the patients.
const WHOLE_DEMAND: [&str; 6] = [
    "訪問診療",
    "訪問診療の件数",
    "訪問診療件数",
    "訪問診療の実施件数",
    "訪問診療のレセプト件数",
    "訪問診療の需要",
];
/// Units of which the whole is the sum of its parts.
const COUNTS: [&str; 16] = [
    "件",
    "人",
    "名",
    "回",
    "か所",
    "ヶ所",
    "カ所",
    "箇所",
    "施設",
    "機関",
    "事業所",
    "床",
    "台",
    "件/月",
    "人/月",
    "回/月",
];

/// Everything beside every target, in the order of the list.
#[must_use]
pub fn beside_targets(
    study: &Study,
    list: &[Target],
    demand: &Demand,
    indicators: &[ShownIndicator],
) -> Vec<Beside> {
    let all = All { study, list, demand, indicators };
    let of = |at: usize| {
        all.demand(at).into_iter().chain(all.smaller(at)).chain(all.others(at)).chain(all.figures(at))
    };
    (0..list.len()).flat_map(of).collect()
}

struct All<'a> {
    study: &'a Study,
    list: &'a [Target],
    demand: &'a Demand,
    indicators: &'a [ShownIndicator],
}

fn adds_up(said: &str) -> bool {
    let said = plain(said);
    COUNTS.contains(&said.as_str()) || RECEIPTS.contains(&said.as_str())
}

fn unknown(why: impl Into<String>) -> BesideValue {
    BesideValue::Unknown(why.into())
}

fn row(target: usize, what: impl Into<String>, year: Option<u16>, value: BesideValue) -> Beside {
    Beside { target, part: None, what: what.into(), year, value }
}

impl All<'_> {
    /// Whether a target is of the same item, unit and year as another.
    fn is_alike(&self, one: usize, other: usize) -> bool {
        let key = |at: usize| {
            let of = &self.list[at];
            (plain(&of.item), plain(&of.unit), year(&of.deadline).ok_or(plain(&of.deadline)))
        };
        one != other && key(one) == key(other)
    }

    /// The official demand in the year of a target that speaks of 訪問診療.
    fn demand(&self, at: usize) -> Vec<Beside> {
        let target = &self.list[at];
        let item = plain(&target.item);
        if !item.contains("訪問診療") || item.contains("歯科") {
            return Vec::new();
        }
        let what = "訪問診療の需要推計（構想区域、レセプト件数/月）";
        if !RECEIPTS.contains(&plain(&target.unit).as_str()) {
            let said = if target.unit.is_empty() { "空" } else { &target.unit };
            let why = format!("目標の単位（{said}）は需要の単位（レセプト件数/月）と違います");
            return vec![row(at, what, None, unknown(why))];
        }
        if !WHOLE_DEMAND.iter().any(|name| plain(name) == item) {
            return vec![row(at, what, None, unknown("訪問診療の全体の目標か、項目名では分かりません"))];
        }
        let Some(year) = year(&target.deadline) else {
            let why = format!("期限（{}）から年度が読めません", target.deadline);
            return vec![row(at, what, None, unknown(why))];
        };
        let Some(of_cells) = self.demand.in_year(year) else {
            let why = "期限の年度が需要推計の期間の外です";
            return vec![row(at, what, Some(year), unknown(why))];
        };
        let of = |places: &BTreeSet<usize>| -> f64 {
            let cells = self.study.cells.iter().zip(&of_cells);
            cells.filter(|(cell, _)| places.contains(&cell.municipality)).fold(0.0, |sum, (_, one)| sum + one)
        };
        let own = &target.area.municipalities;
        let mut rows = vec![row(at, what, Some(year), BesideValue::Exact(of(own)))];
        for (name, places) in self.planning_areas() {
            let is_told = (0..self.list.len())
                .any(|other| self.is_alike(at, other) && self.list[other].area.municipalities == places);
            if places.is_subset(own) && places != *own && !is_told {
                let value = BesideValue::Exact(of(&places));
                rows.push(Beside { part: Some(name), ..row(at, what, Some(year), value) });
            }
        }
        rows
    }

    /// The areas of which the official demand is told, with their municipalities.
    fn planning_areas(&self) -> BTreeMap<String, BTreeSet<usize>> {
        let mut areas: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (at, one) in self.study.municipalities.iter().enumerate() {
            if let Some(area) = one.areas.get(&AreaSystem::SecondaryMedicalArea) {
                areas.entry(area.name.clone()).or_default().insert(at);
            }
        }
        areas
    }

    /// The sum of the targets of municipalities, and of other areas inside.
    fn smaller(&self, at: usize) -> Vec<Beside> {
        let own = &self.list[at].area.municipalities;
        if own.len() < 2 {
            return Vec::new();
        }
        let (single, several): (Vec<usize>, Vec<usize>) = (0..self.list.len())
            .filter(|other| self.is_alike(at, *other))
            .filter(|other| {
                let inside = &self.list[*other].area.municipalities;
                inside.is_subset(own) && inside != own
            })
            .partition(|other| self.list[*other].area.municipalities.len() == 1);
        let year = year(&self.list[at].deadline);
        let mut rows = vec![row(at, "市町村の目標値の合計", year, self.whole(at, &single))];
        if !several.is_empty() {
            rows.push(row(at, "圏域などの目標値の合計", year, self.whole(at, &several)));
        }
        rows
    }

    /// The sum of targets that together are the area of another.
    fn whole(&self, at: usize, parts: &[usize]) -> BesideValue {
        let own = &self.list[at];
        if parts.is_empty() {
            return unknown("同じ項目・単位・期限の市町村の目標値が登録されていません");
        }
        if !adds_up(&own.unit) {
            return unknown(format!("単位（{}）は合計できるものか分かりません", own.unit));
        }
        let mut covered = BTreeSet::new();
        let mut sum = 0.0;
        for part in parts {
            let part = &self.list[*part];
            if !covered.is_disjoint(&part.area.municipalities) {
                return unknown("地域の重なる目標値があり、合計できません");
            }
            covered.extend(&part.area.municipalities);
            sum += part.value;
        }
        match own.area.municipalities.difference(&covered).count() {
            0 => BesideValue::Exact(sum),
            left => unknown(format!("{left}市町村の目標値がありません（ある分の合計 {sum}）")),
        }
    }

    /// The same target in other plans.
    fn others(&self, at: usize) -> Vec<Beside> {
        let own = &self.list[at];
        let is_other = |other: &usize| {
            let one = &self.list[*other];
            self.is_alike(at, *other)
                && one.plan != own.plan
                && one.area.municipalities == own.area.municipalities
        };
        let of = |other: usize| {
            let one = &self.list[other];
            let plan = if one.plan.is_empty() { "計画名のない行" } else { &one.plan };
            row(at, format!("{plan}の目標値"), year(&one.deadline), BesideValue::Exact(one.value))
        };
        (0..self.list.len()).filter(is_other).map(of).collect()
    }

    /// The newest figures of municipalities of the same name.
    fn figures(&self, at: usize) -> Vec<Beside> {
        let own = &self.list[at];
        let is_named = |of: &&(&Indicator, &ShownIndicator)| plain(&of.0.name) == plain(&own.item);
        let known: Vec<(&Indicator, &ShownIndicator)> =
            self.study.indicators.iter().zip(self.indicators).collect();
        let newest = known.iter().filter(is_named).max_by_key(|of| of.0.year);
        let Some((indicator, shown)) = newest else {
            let why = "同じ名前の市町村の指標（own_figures など）が登録されていません";
            return vec![row(at, "市町村の指標", None, unknown(why))];
        };
        let what = format!("市町村の指標（{}）", indicator.source);
        let value = if plain(&indicator.unit) == plain(&own.unit) {
            figure(indicator, shown, &own.area.municipalities)
        } else {
            unknown(format!("指標の単位（{}）が目標の単位（{}）と違います", indicator.unit, own.unit))
        };
        vec![row(at, what, indicator.year, value)]
    }
}

/// The value of some municipalities together, from what may be shown of them.
fn figure(indicator: &Indicator, shown: &ShownIndicator, places: &BTreeSet<usize>) -> BesideValue {
    let places: Vec<usize> = places.iter().copied().collect();
    let areas = whole_areas(indicator, &places);
    let value = match areas.as_deref() {
        Some([one]) => shown.areas[*one],
        areas => sum(indicator, areas, &shown.areas),
    };
    match value {
        ShownValue::Exact(value) => BesideValue::Exact(value),
        // Beside the whole that the target's own line tells, a lower bound would give the small count away.
        ShownValue::AtLeast(_) if indicator.patients => unknown("小さい数を含むため示しません"),
        ShownValue::AtLeast(value) => BesideValue::AtLeast(value),
        ShownValue::Small => unknown("値は 1–9 です"),
        ShownValue::Withheld => unknown("小さい数を守るため非公表です"),
        ShownValue::NoSum => unknown(format!("単位（{}）は市町村の値を合計できません", indicator.unit)),
        ShownValue::Unknown => unknown("値のない市町村があります"),
    }
}
