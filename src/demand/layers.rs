//! Every layer of demand by municipality and year: 訪問診療 from the official series, others from
//! rates (`D(t) = Σ_age rate_age · people_age(t)`), parts from shares. All values of a year are
//! sums over municipalities, so that the zones of any plan sum to the same total.

use crate::demand::DemandError;
use crate::demand::ages::{self, by_municipality, classes, known_years};
use crate::demand::home_visits::{held_before, home_visits};
use crate::demand::older::of_85_plus;
use crate::demand::rates::{HOME_VISITS, Part, RateLayer, RateTable, Split};
use crate::demand::scenarios::{Band, Scenarios, band};
use crate::demand::weights::AgeWeights;
use crate::ingest::study::{FutureAges, Study};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// A layer of demand.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Japanese term, the id everywhere.
    pub id: String,
    /// English name.
    pub name_en: String,
    /// What is counted, and in which time.
    pub unit: String,
    /// How it was computed, for people.
    pub formula: String,
    /// Where its numbers come from.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
    /// For every year that was asked for each municipality's demand, in the order of the study;
    /// `None` = unknown.
    pub years: BTreeMap<u16, Vec<Option<Amount>>>,
}

/// Demand of a place in a year, in the unit of its layer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Amount {
    /// Under the assumptions that give least.
    pub low: f64,
    /// Under the middle ones.
    pub mid: f64,
    /// Under those that give most.
    pub high: f64,
    /// Part of `mid` of people aged 85 and over.
    pub age_85_plus: f64,
}

impl Amount {
    fn and(self, other: Self) -> Self {
        Self {
            low: self.low + other.low,
            mid: self.mid + other.mid,
            high: self.high + other.high,
            age_85_plus: self.age_85_plus + other.age_85_plus,
        }
    }

    fn part(self, part: &Part) -> Self {
        Self {
            low: self.low * part.low,
            mid: self.mid * part.mid,
            high: self.high * part.high,
            age_85_plus: self.age_85_plus * part.mid,
        }
    }
}

impl Layer {
    /// Demand of some municipalities in a year; `None` where that of any is unknown, or the year
    /// was not asked.
    #[must_use]
    pub fn of(&self, year: u16, municipalities: &[usize]) -> Option<Amount> {
        let amounts = self.years.get(&year)?;
        municipalities.iter().try_fold(Amount::default(), |sum, at| Some(sum.and(amounts[*at]?)))
    }

    /// Demand of some municipalities in every known year.
    #[must_use]
    pub fn series(&self, municipalities: &[usize]) -> BTreeMap<u16, Amount> {
        let known = |year: &u16| self.of(*year, municipalities).map(|amount| (*year, amount));
        self.years.keys().filter_map(known).collect()
    }

    /// The first of the known years with the highest middle demand.
    #[must_use]
    pub fn peak(&self, municipalities: &[usize]) -> Option<(u16, Amount)> {
        self.series(municipalities)
            .into_iter()
            .reduce(|best, one| if one.1.mid > best.1.mid { one } else { best })
    }
}

/// On what layers rest beside the study.
#[derive(Clone, Debug)]
pub struct LayerTables {
    /// How 訪問診療 is spread over an area.
    pub weights: AgeWeights,
    /// Its other assumptions.
    pub scenarios: Scenarios,
    /// Rates of the others.
    pub rates: RateTable,
}

impl LayerTables {
    /// The tables that ship with the program.
    ///
    /// # Errors
    /// [`DemandError`] when one is damaged.
    pub fn shipped() -> Result<Self, DemandError> {
        Ok(Self {
            weights: AgeWeights::shipped()?,
            scenarios: Scenarios::shipped()?,
            rates: RateTable::shipped()?,
        })
    }
}

/// All layers in each of some years, the official one first.
///
/// # Errors
/// [`DemandError`]: a year of which neither a projection nor the official series tells, or a
/// municipality that lies in no area of the official series.
pub fn layers(
    study: &Study,
    tables: &LayerTables,
    years: RangeInclusive<u16>,
) -> Result<Vec<Layer>, DemandError> {
    let known = known(study);
    if let Some(asked) = [*years.start(), *years.end()].into_iter().find(|year| !known.contains(year)) {
        return Err(DemandError::YearOutside { asked, first: *known.start(), last: *known.end() });
    }
    let people: BTreeMap<u16, Vec<Option<FutureAges>>> =
        years.clone().map(|year| (year, by_municipality(study, year))).collect();
    let whole = std::iter::once(official(study, tables, &years))
        .chain(tables.rates.layers.iter().map(|rates| Ok(by_rates(rates, &people))))
        .collect::<Result<Vec<Layer>, DemandError>>()?;
    let mut all = Vec::new();
    for layer in whole {
        let splits = tables.rates.splits.iter().filter(|split| split.of == layer.id);
        let parts: Vec<Layer> = splits.flat_map(|split| parts(&layer, split)).collect();
        all.push(layer);
        all.extend(parts);
    }
    Ok(all)
}

/// Years of which any source tells.
#[must_use]
pub fn known(study: &Study) -> RangeInclusive<u16> {
    let official = study.home_demand.iter().flat_map(|area| area.receipts_per_month.keys());
    let projected = known_years(study);
    let last = official.copied().max().unwrap_or(0).max(*projected.end());
    *projected.start()..=last
}

/// 訪問診療: the official series, straight between its years; before its first year by the level
/// of that year.
fn official(study: &Study, tables: &LayerTables, years: &RangeInclusive<u16>) -> Result<Layer, DemandError> {
    let unknown = || years.clone().map(|year| (year, vec![None; study.municipalities.len()])).collect();
    let mut layer = Layer {
        id: HOME_VISITS.to_owned(),
        name_en: "home visits by doctors".to_owned(),
        unit: "レセプト件数/月".to_owned(),
        formula: "構想区域の公式の件数 R を重み ρ の比で配分: D = R·w／Σ区域w、w＝Σ年齢 ρ·人口。公式の年度の間は直線、最初の年度より前は最初の年度の水準 k＝R／Σw を保つ（D＝k·w）、最後の年度より後は不明。低・高は demand_scenarios.toml の仮定の幅（最初の年度より前は最初の年度の幅の比）".to_owned(),
        source: format!("厚生労働省 構想区域別の在宅（訪問診療）需要推計。重み: {}", tables.weights.source),
        tag: tables.weights.tag.clone(),
        years: unknown(),
    };
    let demand = match home_visits(study, &tables.weights) {
        Err(DemandError::NoOfficialSeries) => return Ok(layer),
        demand => demand?,
    };
    let first = demand.official_years[0];
    let centre = held_before(study, &tables.weights, &demand, *years.start())?;
    let older = of_85_plus(study, &tables.weights, &centre);
    let others = tables.scenarios.demands(study, &tables.weights)?;
    let mut cells = vec![Vec::new(); study.municipalities.len()];
    for (at, cell) in study.cells.iter().enumerate() {
        cells[cell.municipality].push(at);
    }
    for (at, cells) in cells.iter().enumerate() {
        let (middle, older) = (centre.series(cells), older.series(cells));
        let bands = band(&demand, &others, cells);
        let at_first = bands.get(&first).copied();
        for (year, mid) in middle {
            let of_year = bands.get(&year).copied().or_else(|| at_first.map(|band| scaled(band, mid)));
            let (Some(amounts), Some(Band { low, high, .. })) = (layer.years.get_mut(&year), of_year) else {
                continue;
            };
            amounts[at] =
                Some(Amount { low, mid, high, age_85_plus: older.get(&year).copied().unwrap_or(0.0) });
        }
    }
    Ok(layer)
}

/// The band around another middle, in proportion.
fn scaled(band: Band, centre: f64) -> Band {
    let factor = if band.centre > 0.0 { centre / band.centre } else { 0.0 };
    Band { low: band.low * factor, centre, high: band.high * factor }
}

/// Middle demand of each cell in a year by rates; `None` where nothing tells of its people.
#[must_use]
pub fn by_cell(study: &Study, table: &RateLayer, year: u16) -> Vec<Option<f64>> {
    let amount = amount_by(table);
    let people = ages::by_cell(study, year);
    people.iter().map(|people| people.as_ref().map(|people| amount(people).mid)).collect()
}

/// How much people need.
fn amount_by(table: &RateLayer) -> impl Fn(&FutureAges) -> Amount + use<> {
    let rates = table.rates();
    move |people: &FutureAges| {
        let people = classes(people);
        let by = |of: usize| people.iter().zip(&rates).map(|(people, rate)| people * rate[of]).sum();
        Amount { low: by(0), mid: by(1), high: by(2), age_85_plus: people[3] * rates[3][1] }
    }
}

fn by_rates(table: &RateLayer, people: &BTreeMap<u16, Vec<Option<FutureAges>>>) -> Layer {
    let amount = amount_by(table);
    let of_year = |(year, people): (&u16, &Vec<Option<FutureAges>>)| {
        (*year, people.iter().map(|people| people.as_ref().map(&amount)).collect())
    };
    Layer {
        id: table.id.clone(),
        name_en: table.name_en.clone(),
        unit: table.unit.clone(),
        formula: "D＝Σ年齢 率·人口。率は年によらず一定。人口は国勢調査の年と将来推計人口の年の間を直線でつなぎ、その外の年は不明".to_owned(),
        source: table.source.clone(),
        tag: table.tag.clone(),
        years: people.iter().map(of_year).collect(),
    }
}

fn parts<'a>(whole: &'a Layer, split: &'a Split) -> impl Iterator<Item = Layer> + 'a {
    split.parts.iter().map(move |part| {
        let of_year = |(year, amounts): (&u16, &Vec<Option<Amount>>)| {
            (*year, amounts.iter().map(|amount| amount.map(|amount| amount.part(part))).collect())
        };
        Layer {
            id: part.id.clone(),
            name_en: part.name_en.clone(),
            unit: whole.unit.clone(),
            formula: format!("{}×{}（低 {}、高 {}）", whole.id, part.mid, part.low, part.high),
            source: split.source.clone(),
            tag: split.tag.clone(),
            years: whole.years.iter().map(of_year).collect(),
        }
    })
}
