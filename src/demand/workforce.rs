//! Capacity against demand in the years to come (`shapes/tables/workforce.toml`, or a prefecture's
//! own): how many doctors and nurses remain, and from which year a zone falls short.
//!
//! Capacity stands where the institution stands and serves the zone in which that is; what comes
//! from other zones is not seen.

use crate::access::capacity::CapacityTable;
use crate::access::services::Service;
use crate::demand::DemandError;
use crate::demand::layers::{Amount, Layer};
use crate::demand::rates::{bad, check_ages, check_shares, read};
use crate::ingest::study::Study;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

const TABLE: &str = include_str!("../../shapes/tables/workforce.toml");

/// Who meets demand, and what becomes of them.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workforce {
    /// State of the table.
    pub as_of: String,
    /// Doctors, nurses.
    #[serde(rename = "profession")]
    pub professions: Vec<Profession>,
    /// What may become of them.
    #[serde(rename = "scenario")]
    pub scenarios: Vec<WorkforceScenario>,
    /// Where the table comes from, for messages and for the list of sources.
    #[serde(skip)]
    pub file: String,
}

/// Those who meet the demand of a layer.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profession {
    /// Japanese term.
    pub id: String,
    /// Id of the layer whose demand they meet, in whose unit capacity is.
    pub layer: String,
    /// Id of the service whose institutions they work in.
    pub service: String,
    /// Capacity of each institution; absent = that of its class in the table of capacities.
    pub per_institution: Option<f64>,
    /// Where the capacity comes from.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
    /// Their ages today.
    #[serde(default)]
    pub ages: Vec<AgeShare>,
    /// Where the ages come from; empty without ages.
    #[serde(default)]
    pub ages_source: String,
    /// Their tag.
    #[serde(default)]
    pub ages_tag: String,
}

/// Share of those of an age.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgeShare {
    /// First year of age.
    pub from: u8,
    /// Last year of age.
    pub to: u8,
    /// Share of all, 0–1.
    pub share: f64,
}

/// What may become of a profession: either `yearly_change`, or `retirement_age` with `replaced`
/// and `older_leave_years`; from what its institutions can give, or from what it is asked today.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkforceScenario {
    /// Stable id.
    pub id: String,
    /// For people.
    pub name: String,
    /// Id of the profession.
    pub profession: String,
    /// Those of today meet the demand of the zone in the year of the facility files, and this share
    /// of it more; absent = they can give what their institutions can.
    pub reserve: Option<f64>,
    /// Change per year as a share of the year before, above −1.
    pub yearly_change: Option<f64>,
    /// Age at which they stop.
    pub retirement_age: Option<u8>,
    /// Share of those who stop who are replaced, 0–1.
    pub replaced: Option<f64>,
    /// Years within which those who already are older leave.
    pub older_leave_years: Option<u8>,
    /// Where the assumption comes from.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
}

/// How a profession changes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Course {
    Change(f64),
    Retirement { age: f64, replaced: f64, leave_years: f64 },
}

/// Capacity of each municipality today, in the unit of the profession's layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Supply {
    /// By municipality; `None` = the files that could tell were not loaded.
    pub municipalities: Option<Vec<f64>>,
    /// Capacity of institutions of which no municipality is known; it is in no zone.
    pub nowhere: f64,
}

/// From which year a zone falls short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shortfall {
    /// From this year.
    From(u16),
    /// Not up to this year.
    NotBefore(u16),
    /// Capacity or demand is unknown.
    Unknown,
}

/// A zone under one scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Balance {
    /// Capacity by year, from the year of the facility files; empty = unknown.
    pub capacity: BTreeMap<u16, f64>,
    /// Demand from that year on, as far as it is known.
    pub demand: BTreeMap<u16, Amount>,
    /// Against the low demand. Where a reserve makes the capacity, it is that of the low demand.
    pub low: Shortfall,
    /// Against the middle demand.
    pub mid: Shortfall,
    /// Against the high demand.
    pub high: Shortfall,
}

impl Workforce {
    /// The table that ships with the program.
    ///
    /// # Errors
    /// As [`Workforce::read`].
    pub fn shipped() -> Result<Self, DemandError> {
        Self::parse("shapes/tables/workforce.toml", TABLE)
    }

    /// A prefecture's own table.
    ///
    /// # Errors
    /// [`DemandError`] naming file and place: not readable, not of the layout, a negative capacity,
    /// ages that overlap, shares that do not sum to 1, a scenario that is no scenario.
    pub fn read(path: &Path) -> Result<Self, DemandError> {
        let (file, text) = read(path)?;
        Self::parse(&file, &text)
    }

    fn parse(file: &str, text: &str) -> Result<Self, DemandError> {
        let mut table: Self = toml::from_str(text).map_err(|error| bad(file, "全体", &error))?;
        file.clone_into(&mut table.file);
        for profession in &table.professions {
            profession.check(file)?;
        }
        for scenario in &table.scenarios {
            let profession = table.known_profession(scenario)?;
            scenario.course(file, profession)?;
        }
        Ok(table)
    }

    /// The profession of a scenario.
    #[must_use]
    pub fn profession(&self, scenario: &WorkforceScenario) -> Option<&Profession> {
        self.professions.iter().find(|profession| profession.id == scenario.profession)
    }

    /// The profession of a scenario, and the layer whose demand it meets.
    ///
    /// # Errors
    /// [`DemandError::Table`] naming what the table does not have, or the layers.
    pub(super) fn meets<'a>(
        &self,
        scenario: &WorkforceScenario,
        layers: &'a [Layer],
    ) -> Result<(&Profession, &'a Layer), DemandError> {
        let profession = self.known_profession(scenario)?;
        let layer = layers.iter().find(|layer| layer.id == profession.layer).ok_or_else(|| {
            bad(&self.file, &profession.id, &format!("layer {} が率の表にありません", profession.layer))
        })?;
        Ok((profession, layer))
    }

    fn known_profession(&self, scenario: &WorkforceScenario) -> Result<&Profession, DemandError> {
        self.profession(scenario).ok_or_else(|| {
            bad(&self.file, &scenario.id, &format!("profession {} がありません", scenario.profession))
        })
    }

    /// Share of a profession that is left so many years after today.
    ///
    /// # Errors
    /// [`DemandError::Table`] for a scenario that is not of this table and is none.
    pub fn remaining(&self, scenario: &WorkforceScenario, years: u16) -> Result<f64, DemandError> {
        let profession = self.known_profession(scenario)?;
        Ok(match scenario.course(&self.file, profession)? {
            Course::Change(change) => (1.0 + change).powi(i32::from(years)),
            Course::Retirement { age, replaced, leave_years } => {
                let retired: f64 = profession
                    .ages
                    .iter()
                    .map(|class| class.share * class.retired(age, leave_years, f64::from(years)))
                    .sum();
                1.0 - (1.0 - replaced) * retired
            }
        })
    }
}

impl Profession {
    fn check(&self, file: &str) -> Result<(), DemandError> {
        if let Some(value) = self.per_institution.filter(|value| !(value.is_finite() && *value >= 0.0)) {
            return Err(DemandError::NegativeCapacity {
                file: file.to_owned(),
                what: format!("{}の per_institution", self.id),
                value,
            });
        }
        if self.ages.is_empty() {
            return Ok(());
        }
        let ages: Vec<_> = self.ages.iter().map(|class| (class.from, Some(class.to))).collect();
        check_ages(file, &self.id, &ages)?;
        if let Some(class) = self.ages.iter().find(|class| class.share.is_nan() || class.share < 0.0) {
            let fault =
                format!("{}–{}歳の share {} は 0 以上にしてください", class.from, class.to, class.share);
            return Err(bad(file, &self.id, &fault));
        }
        check_shares(file, &format!("{}の年齢", self.id), self.ages.iter().map(|class| class.share))
    }

    /// Capacity of each municipality today.
    ///
    /// # Errors
    /// [`DemandError::NegativeCapacity`] when the table of capacities holds what is none.
    pub fn supply(
        &self,
        study: &Study,
        services: &[Service],
        capacities: &CapacityTable,
    ) -> Result<Supply, DemandError> {
        let service = services.iter().find(|service| service.id == self.service);
        let Some(providers) = service.and_then(|service| service.providers(study)) else {
            return Ok(Supply { municipalities: None, nowhere: 0.0 });
        };
        let mut supply = Supply { municipalities: None, nowhere: 0.0 };
        let mut sums = vec![0.0; study.municipalities.len()];
        let of_class = capacities.of(study, &providers, &BTreeMap::new());
        for at in providers {
            let assumed = of_class.get(&at).map(|capacity| capacity.receipts_per_month);
            let Some(value) = self.per_institution.or(assumed) else { continue };
            if !(value.is_finite() && value >= 0.0) {
                let (file, what) =
                    ("shapes/tables/capacities.toml".to_owned(), study.institutions[at].name.clone());
                return Err(DemandError::NegativeCapacity { file, what, value });
            }
            match study.institutions[at].municipality {
                Some(municipality) => sums[municipality] += value,
                None => supply.nowhere += value,
            }
        }
        supply.municipalities = Some(sums);
        Ok(supply)
    }
}

impl AgeShare {
    /// Share of the class that has stopped after so many years; ages are even within it.
    fn retired(self, age: f64, leave_years: f64, years: f64) -> f64 {
        let (from, end) = (f64::from(self.from), f64::from(self.to) + 1.0);
        let share = |low: f64, high: f64| ((high.min(end) - low.max(from)) / (end - from)).max(0.0);
        let older = share(age, f64::MAX);
        let leaving = if leave_years > 0.0 { (years / leave_years).min(1.0) } else { f64::from(years > 0.0) };
        share(age - years, age) + older * leaving
    }
}

impl WorkforceScenario {
    fn course(&self, file: &str, profession: &Profession) -> Result<Course, DemandError> {
        if let Some(reserve) = self.reserve.filter(|reserve| !(reserve.is_finite() && *reserve >= 0.0)) {
            return Err(bad(file, &self.id, &format!("reserve {reserve} は 0 以上の割合にしてください")));
        }
        match (self.yearly_change, self.retirement_age, self.replaced, self.older_leave_years) {
            (Some(change), None, None, None) if change > -1.0 && change.is_finite() => {
                Ok(Course::Change(change))
            }
            (None, Some(age), Some(replaced), Some(years))
                if (0.0..=1.0).contains(&replaced) && !profession.ages.is_empty() =>
            {
                Ok(Course::Retirement { age: f64::from(age), replaced, leave_years: f64::from(years) })
            }
            _ => Err(bad(
                file,
                &self.id,
                &"yearly_change（−1 より大）だけか、retirement_age・replaced（0–1）・older_leave_years の三つを書いてください（引退には profession の ages が必要です）",
            )),
        }
    }
}

/// The year of the facility files, from which capacity changes.
///
/// # Errors
/// [`DemandError::AsOf`] when the study does not begin its state with a year.
pub fn base_year(study: &Study) -> Result<u16, DemandError> {
    let year = study.as_of.get(..4).and_then(|year| year.parse().ok());
    year.ok_or_else(|| DemandError::AsOf { said: study.as_of.clone() })
}

/// A zone under one scenario: its capacity of today as it changes, against its demand, in the
/// years of the layer from the year of the facility files on.
///
/// # Errors
/// [`DemandError`]: a scenario of another table, or a study without a year.
pub fn balance(
    study: &Study,
    workforce: &Workforce,
    scenario: &WorkforceScenario,
    supply: &Supply,
    layer: &Layer,
    municipalities: &[usize],
) -> Result<Balance, DemandError> {
    let base = base_year(study)?;
    let demand = layer.series(municipalities).split_off(&base);
    let institutions =
        supply.municipalities.as_ref().map(|sums| municipalities.iter().fold(0.0, |sum, at| sum + sums[*at]));
    let mut remaining = BTreeMap::new();
    for year in layer.years.keys().copied().filter(|year| *year >= base) {
        remaining.insert(year, workforce.remaining(scenario, year - base)?);
    }
    let capacity = |of: fn(&Amount) -> f64| -> BTreeMap<u16, f64> {
        let today = match scenario.reserve {
            Some(reserve) => demand.get(&base).map(|amount| of(amount) * (1.0 + reserve)),
            None => institutions,
        };
        let later = |today: f64| remaining.iter().map(move |(year, share)| (*year, today * share));
        today.into_iter().flat_map(later).collect()
    };
    let against = |of: fn(&Amount) -> f64| shortfall(&capacity(of), &demand, of);
    let (low, mid, high) =
        (against(|amount| amount.low), against(|amount| amount.mid), against(|amount| amount.high));
    Ok(Balance { capacity: capacity(|amount| amount.mid), low, mid, high, demand })
}

/// The first year in which there is less capacity than demand.
fn shortfall(
    capacity: &BTreeMap<u16, f64>,
    demand: &BTreeMap<u16, Amount>,
    of: impl Fn(&Amount) -> f64,
) -> Shortfall {
    let mut last = None;
    for (year, capacity) in capacity {
        match demand.get(year) {
            None => break,
            Some(amount) if *capacity < of(amount) => return Shortfall::From(*year),
            Some(_) => last = Some(*year),
        }
    }
    last.map_or(Shortfall::Unknown, Shortfall::NotBefore)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(from: &str, to: &str) -> DemandError {
        assert!(TABLE.contains(from), "{from}");
        Workforce::parse("w.toml", &TABLE.replacen(from, to, 1)).expect_err(to)
    }

    fn remaining(id: &str, years: u16) -> f64 {
        let table = Workforce::shipped().expect("whole");
        let scenario = table.scenarios.iter().find(|scenario| scenario.id == id).expect("there");
        table.remaining(scenario, years).expect("of the table")
    }

    #[test]
    fn doctors_retire_by_age_and_nurses_decline_year_by_year() {
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        for id in ["doctors-as-today", "nurses-as-today", "doctors-retire-75-half-replaced"] {
            close(remaining(id, 0), 1.0);
        }
        close(remaining("nurses-decline", 2), 0.9801);
        // After five years those of 70 to 74 (a third of 22 %) have stopped and half of those over 75
        // (two thirds of 22 %); half of all are replaced.
        close(remaining("doctors-retire-75-half-replaced", 5), 1.0 - 0.5 * (0.22 / 3.0 + 0.22 / 3.0));
        // After ten years all over 70 and all of 60 to 69; nobody is replaced.
        close(remaining("doctors-retire-70-not-replaced", 10), 1.0 - 0.22 - 0.30);
        close(remaining("doctors-retire-70-not-replaced", 45), 0.0);
        let series: Vec<f64> =
            (0..40).map(|years| remaining("doctors-retire-75-half-replaced", years)).collect();
        assert!(series.is_sorted_by(|a, b| a >= b), "{series:?}");
    }

    #[test]
    fn overlapping_ages_shares_and_negative_capacities_are_named() {
        let error = refused("from = 40, to = 49", "from = 39, to = 49");
        assert!(matches!(error, DemandError::OverlappingAges { .. }), "{error}");
        let error = refused("share = 0.26", "share = 0.27");
        assert!(matches!(error, DemandError::Shares { .. }), "{error}");
        let error = refused("per_institution = 42.99", "per_institution = -1.0");
        assert!(matches!(error, DemandError::NegativeCapacity { .. }), "{error}");
        assert!(error.to_string().contains("看護職員"), "{error}");
        for (from, to, word) in [
            ("profession = \"看護職員\"", "profession = \"薬剤師\"", "薬剤師"),
            ("yearly_change = 0.0", "yearly_change = -1.0", "doctors-as-today"),
            ("replaced = 0.5", "replaced = 1.5", "doctors-retire-75-half-replaced"),
            ("reserve = 0.1", "reserve = -0.1", "doctors-as-today-met"),
            ("older_leave_years = 10\n", "", "doctors-retire-75-half-replaced"),
            ("share = 0.05", "share = -0.05", "25–39歳"),
            ("from = 40, to = 49", "from = 41, to = 49", "間の年齢"),
        ] {
            let message = refused(from, to).to_string();
            assert!(message.starts_with("w.toml: ") && message.contains(word), "{word}: {message}");
        }
    }

    #[test]
    fn the_first_year_short_is_told_and_an_unknown_year_ends_what_is_known() {
        let amount = |mid: f64| Amount { low: mid * 0.5, mid, high: mid * 2.0, age_85_plus: 0.0 };
        let demand = |years: &[(u16, f64)]| -> BTreeMap<u16, Amount> {
            years.iter().map(|(year, mid)| (*year, amount(*mid))).collect()
        };
        let capacity = BTreeMap::from([(2025, 10.0), (2026, 9.0), (2027, 8.0)]);
        let nine = demand(&[(2025, 9.0), (2026, 9.0), (2027, 9.0)]);
        assert_eq!(shortfall(&capacity, &nine, |amount| amount.mid), Shortfall::From(2027));
        assert_eq!(shortfall(&capacity, &nine, |amount| amount.high), Shortfall::From(2025));
        assert_eq!(shortfall(&capacity, &nine, |amount| amount.low), Shortfall::NotBefore(2027));
        let known_to_2026 = demand(&[(2025, 9.0), (2026, 9.0)]);
        assert_eq!(shortfall(&capacity, &known_to_2026, |amount| amount.mid), Shortfall::NotBefore(2026));
        assert_eq!(shortfall(&capacity, &demand(&[]), |amount| amount.mid), Shortfall::Unknown);
        assert_eq!(shortfall(&BTreeMap::new(), &nine, |amount| amount.mid), Shortfall::Unknown);
    }
}
