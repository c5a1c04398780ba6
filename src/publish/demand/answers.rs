//! The outlook of demand as answers to questions over HTTP.

use super::readme::{capacity_of, course_of};
use crate::access::capacity::ClassCapacity;
use crate::demand::DemandError;
use crate::demand::disclosure::{Shown, ShownTotal, shown_total};
use crate::demand::layers::{Amount, Layer};
use crate::demand::outlook::{CohortLayer, Outlook, OutlookTables};
use crate::demand::rates::{AgeRate, HOME_VISITS, Part, class as age_class};
use crate::demand::workforce::{AgeShare, Shortfall, Supply, WorkforceScenario, balance};
use crate::ingest::study::{Cell, Study};
use crate::publish::attributions::attributions;
use crate::publish::shortage::answers::cell_id;
use crate::publish::summary::Assumption;
use crate::publish::words;
use crate::store::layer::{Column, ColumnKind, GeometryKind, Layer as MapLayer, Row, Value};
use serde::Serialize;
use std::collections::BTreeMap;

/// Demand of one layer for some zones, by year.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OutlookFigures {
    /// Every layer, the official one first.
    pub layers: Vec<LayerName>,
    /// The layer that was asked for.
    pub layer: LayerFigures,
    /// Fiscal years that the official series itself gives; all other years are computed.
    pub official_years: Vec<u16>,
    /// Everything.
    pub prefecture: AreaFigures,
    /// By code.
    pub municipalities: BTreeMap<String, AreaFigures>,
    /// The zones that were asked for, in their order.
    pub zones: Vec<AreaFigures>,
    /// What may become of those who meet the demand; empty where nobody is known to.
    pub scenarios: Vec<ScenarioFigures>,
    /// The prefecture's own counts of patients, as they may be shown.
    pub cohorts: Vec<CohortFigures>,
}

/// Patients of one 区分.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CohortFigures {
    /// The 区分.
    pub id: String,
    /// By year in which they were counted; empty = not loaded.
    pub years: BTreeMap<u16, CohortYearFigures>,
}

/// Patients of one 区分 in one year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CohortYearFigures {
    /// Everywhere.
    pub prefecture: CountFigures,
    /// By code.
    pub municipalities: BTreeMap<String, CountFigures>,
    /// In the zones that were asked for, in their order.
    pub zones: Vec<CountFigures>,
}

/// A count as it may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CountFigures {
    /// `exact`, `at_least`, `one_to_nine`, `withheld` (so that a small count does not follow from a total) or
    /// `unknown`.
    pub state: &'static str,
    /// The number; `null` but for `exact` and `at_least`.
    pub value: Option<u64>,
}

impl From<Shown> for CountFigures {
    fn from(shown: Shown) -> Self {
        let (state, value) = match shown {
            Shown::Exact(people) => ("exact", Some(people.into())),
            Shown::Small => ("one_to_nine", None),
            Shown::Withheld => ("withheld", None),
            Shown::Unknown => ("unknown", None),
        };
        Self { state, value }
    }
}

impl From<ShownTotal> for CountFigures {
    fn from(total: ShownTotal) -> Self {
        let (state, value) = match total {
            ShownTotal::Exact(people) => ("exact", Some(people)),
            ShownTotal::AtLeast(people) => ("at_least", Some(people)),
            ShownTotal::Unknown => ("unknown", None),
        };
        Self { state, value }
    }
}

/// A layer by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LayerName {
    /// Japanese term, the id everywhere.
    pub id: String,
    /// English name.
    pub name_en: String,
    /// What is counted, and in which time.
    pub unit: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
}

/// A layer with how it comes about.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LayerFigures {
    /// Its name.
    #[serde(flatten)]
    pub name: LayerName,
    /// How it is computed, with what holds between the years that sources give.
    pub formula: String,
    /// What it rests on beside the assumptions of `summary.json`.
    pub assumptions: Vec<Assumption>,
    /// Layers that are parts of it, as shares of it.
    pub parts: Vec<PartFigures>,
}

/// A part of a layer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PartFigures {
    /// Its id.
    pub id: String,
    /// English name.
    pub name_en: String,
    /// Shares of the whole, 0–1: low, middle, high.
    pub shares: [f64; 3],
}

/// Demand of an area.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AreaFigures {
    /// By year; a year of which nothing tells is left out.
    pub years: BTreeMap<u16, AmountFigures>,
    /// The first of these years with the highest middle demand; `null` = nothing is known.
    pub peak: Option<PeakFigures>,
    /// What can be given, by id of the scenario.
    pub balances: BTreeMap<String, BalanceFigures>,
}

/// Demand in a year, in the unit of the layer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AmountFigures {
    /// Under the assumptions that give least.
    pub low: f64,
    /// Under the middle ones.
    pub mid: f64,
    /// Under those that give most.
    pub high: f64,
    /// Part of `mid` of people aged 85 and over.
    pub age_85_plus: f64,
}

impl From<Amount> for AmountFigures {
    fn from(Amount { low, mid, high, age_85_plus }: Amount) -> Self {
        Self { low, mid, high, age_85_plus }
    }
}

/// When an area needs most.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PeakFigures {
    /// Year.
    pub year: u16,
    /// Demand in it.
    #[serde(flatten)]
    pub amount: AmountFigures,
}

/// What can be given in an area under a scenario.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BalanceFigures {
    /// Capacity by year in the unit of the layer; empty = unknown.
    pub capacity: BTreeMap<u16, f64>,
    /// The first year in which it is below the low, the middle and the high demand.
    pub short: [ShortfallFigures; 3],
}

/// From which year capacity is below demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ShortfallFigures {
    /// From this year.
    From(u16),
    /// Not up to this year.
    NotBefore(u16),
    /// Capacity or demand is unknown.
    Unknown,
}

impl From<Shortfall> for ShortfallFigures {
    fn from(of: Shortfall) -> Self {
        match of {
            Shortfall::From(year) => Self::From(year),
            Shortfall::NotBefore(year) => Self::NotBefore(year),
            Shortfall::Unknown => Self::Unknown,
        }
    }
}

/// A scenario of the workforce.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScenarioFigures {
    /// Stable id.
    pub id: String,
    /// For people, Japanese.
    pub name: String,
    /// Who it is about, Japanese.
    pub profession: String,
    /// What it rests on.
    pub assumptions: Vec<Assumption>,
}

/// The demand of one layer for some zones of municipalities.
///
/// # Errors
/// [`DemandError`]: no layer of that name, or a study without a year.
pub fn demand(
    study: &Study,
    tables: &OutlookTables,
    outlook: &Outlook,
    layer: &str,
    zones: &[Vec<usize>],
) -> Result<OutlookFigures, DemandError> {
    let found = outlook.layers.iter().find(|one| one.id == layer);
    let layer = found.ok_or_else(|| DemandError::NoLayer { asked: layer.to_owned() })?;
    let workforce = &tables.workforce;
    let meets = |future: &&WorkforceScenario| {
        workforce.profession(future).is_some_and(|profession| profession.layer == layer.id)
    };
    let scenarios: Vec<(&WorkforceScenario, &Supply)> = outlook
        .balances
        .iter()
        .map(|of| (&workforce.scenarios[of.scenario], &of.supply))
        .filter(|(future, _)| meets(future))
        .collect();
    let area = |municipalities: &[usize]| area(study, tables, layer, &scenarios, municipalities);
    let all: Vec<usize> = (0..study.municipalities.len()).collect();
    let one = |at: &usize| Ok((study.municipalities[*at].code.to_string(), area(&[*at])?));
    let official = study.home_demand.first().filter(|_| layer.id == HOME_VISITS);
    Ok(OutlookFigures {
        layers: outlook.layers.iter().map(layer_name).collect(),
        layer: layer_figures(tables, layer),
        official_years: official.iter().flat_map(|area| area.receipts_per_month.keys().copied()).collect(),
        prefecture: area(&all)?,
        municipalities: all.iter().map(one).collect::<Result<_, DemandError>>()?,
        zones: zones.iter().map(|zone| area(zone)).collect::<Result<_, _>>()?,
        scenarios: scenarios.iter().map(|(future, supply)| scenario(tables, future, supply)).collect(),
        cohorts: outlook.cohorts.iter().map(|of| cohort(study, of, zones)).collect(),
    })
}

fn cohort(study: &Study, of: &CohortLayer, zones: &[Vec<usize>]) -> CohortFigures {
    let all: Vec<usize> = (0..study.municipalities.len()).collect();
    let count = |shown: &[Shown], municipalities: &[usize]| match municipalities {
        [one] => CountFigures::from(shown[*one]),
        _ => shown_total(shown, municipalities).into(),
    };
    let year = |shown: &Vec<Shown>| CohortYearFigures {
        prefecture: count(shown, &all),
        municipalities: all
            .iter()
            .map(|at| (study.municipalities[*at].code.to_string(), shown[*at].into()))
            .collect(),
        zones: zones.iter().map(|zone| count(shown, zone)).collect(),
    };
    let years = of.years.iter().map(|(at, shown)| (*at, year(shown)));
    CohortFigures { id: of.id.clone(), years: years.collect() }
}

fn area(
    study: &Study,
    tables: &OutlookTables,
    layer: &Layer,
    scenarios: &[(&WorkforceScenario, &Supply)],
    municipalities: &[usize],
) -> Result<AreaFigures, DemandError> {
    let mut balances = BTreeMap::new();
    for (future, supply) in scenarios {
        let of = balance(study, &tables.workforce, future, supply, layer, municipalities)?;
        let short = [of.low, of.mid, of.high].map(ShortfallFigures::from);
        balances.insert(future.id.clone(), BalanceFigures { capacity: of.capacity, short });
    }
    let years = layer.series(municipalities).into_iter().map(|(year, amount)| (year, amount.into()));
    let peak = layer.peak(municipalities);
    Ok(AreaFigures {
        years: years.collect(),
        peak: peak.map(|(year, amount)| PeakFigures { year, amount: amount.into() }),
        balances,
    })
}

/// A layer by its name.
#[must_use]
pub fn layer_name(layer: &Layer) -> LayerName {
    LayerName {
        id: layer.id.clone(),
        name_en: layer.name_en.clone(),
        unit: layer.unit.clone(),
        tag: layer.tag.clone(),
    }
}

fn row(subject: &str, text: String, source: &str, tag: &str) -> Assumption {
    Assumption { subject: subject.to_owned(), text, source: source.to_owned(), tag: tag.to_owned() }
}

fn layer_figures(tables: &OutlookTables, layer: &Layer) -> LayerFigures {
    let splits = &tables.layers.rates.splits;
    let parts = splits.iter().filter(|split| split.of == layer.id).flat_map(|split| &split.parts);
    let part = |part: &Part| PartFigures {
        id: part.id.clone(),
        name_en: part.name_en.clone(),
        shares: [part.low, part.mid, part.high],
    };
    LayerFigures {
        name: layer_name(layer),
        formula: layer.formula.clone(),
        assumptions: assumptions(tables, layer),
        parts: parts.map(part).collect(),
    }
}

/// Everything that a layer assumes, with the shares by which it is parted.
fn assumptions(tables: &OutlookTables, layer: &Layer) -> Vec<Assumption> {
    let rates = &tables.layers.rates;
    let mut rows = vec![row(&layer.id, layer.formula.clone(), &layer.source, &layer.tag)];
    let whole = rates.splits.iter().find(|split| split.parts.iter().any(|part| part.id == layer.id));
    let whole = whole.map_or(layer.id.as_str(), |split| &split.of);
    if whole == HOME_VISITS {
        let weights = &tables.layers.weights;
        let text = format!(
            "重み ρ: 65歳未満{}、65–74歳{}、75–84歳{}、85歳以上{}",
            weights.age_under_65, weights.age_65_74, weights.age_75_84, weights.age_85_plus
        );
        rows.push(row("年齢別の重み", text, &weights.source, &weights.tag));
        let band = tables.layers.scenarios.scenarios.iter();
        rows.extend(band.map(|one| row("需要の幅", one.name.clone(), &one.source, &one.tag)));
    }
    for table in rates.layers.iter().filter(|table| table.id == whole) {
        let rate =
            |of: &AgeRate| format!("{} 低{}・中{}・高{}", age_class(of.from, of.to), of.low, of.mid, of.high);
        let text = table.ages.iter().map(rate).collect::<Vec<_>>().join("、");
        rows.push(row(&format!("{}の率", table.id), text, &table.source, &table.tag));
    }
    for split in rates.splits.iter().filter(|split| split.of == whole) {
        let share = |part: &Part| format!("{} 低{}・中{}・高{}", part.id, part.low, part.mid, part.high);
        let text = split.parts.iter().map(share).collect::<Vec<_>>().join("、");
        rows.push(row(&format!("{}の内訳", split.of), text, &split.source, &split.tag));
    }
    rows
}

fn scenario(tables: &OutlookTables, future: &WorkforceScenario, supply: &Supply) -> ScenarioFigures {
    let mut rows = vec![row(&future.name, course_of(future), &future.source, &future.tag)];
    if let Some(profession) = tables.workforce.profession(future) {
        let text = capacity_of(profession, &tables.capacities);
        rows.push(row(&format!("{}の提供量", profession.id), text, &profession.source, &profession.tag));
        if !profession.ages.is_empty() {
            let share =
                |class: &AgeShare| format!("{} {}", age_class(class.from, Some(class.to)), class.share);
            let text = profession.ages.iter().map(share).collect::<Vec<_>>().join("、");
            rows.push(row(
                &format!("{}の年齢", profession.id),
                text,
                &profession.ages_source,
                &profession.ages_tag,
            ));
        }
        if profession.per_institution.is_none() {
            let class = |of: &ClassCapacity| {
                row("提供量", format!("{}は医師{}人分", of.id, of.doctors), &of.source, &of.tag)
            };
            rows.extend(tables.capacities.classes.iter().map(class));
        }
    }
    if supply.nowhere > 0.0 {
        let text =
            format!("市区町村の分からない機関の提供量 {:.1} はどの圏域にも入れていない", supply.nowhere);
        rows.push(row("提供量", text, "", "D"));
    }
    ScenarioFigures {
        id: future.id.clone(),
        name: future.name.clone(),
        profession: future.profession.clone(),
        assumptions: rows,
    }
}

/// Every cell with people and its demand in a year; cells of which nothing tells are left out.
#[must_use]
pub fn cells(study: &Study, layer: &LayerName, year: u16, amounts: &[Option<f64>]) -> MapLayer {
    let row = |(cell, amount): (&Cell, &Option<f64>)| {
        let amount = (*amount)?;
        let [code, name, mesh] = words::cell(study, cell).map(Value::Text);
        Some(Row {
            geometry: Some(cell.outline.clone().into()),
            values: vec![Value::Text(cell_id(study, cell)), mesh, code, name, Value::Real(amount)],
        })
    };
    let columns = [
        ("cell", ColumnKind::Text),
        ("mesh", ColumnKind::Text),
        ("municipality_code", ColumnKind::Text),
        ("municipality", ColumnKind::Text),
        ("demand", ColumnKind::Real),
    ];
    let inhabited = |(cell, _): &(&Cell, _)| cell.population.total > 0;
    MapLayer {
        name: "demand_cells".to_owned(),
        title: format!(
            "{}の需要 {year}年（{}、出典: {}）",
            layer.id,
            layer.unit,
            attributions(study).join("；")
        ),
        geometry: Some(GeometryKind::MultiPolygon),
        columns: columns.map(|(name, kind)| Column::new(name, kind)).into(),
        rows: study.cells.iter().zip(amounts).filter(inhabited).filter_map(row).collect(),
    }
}
