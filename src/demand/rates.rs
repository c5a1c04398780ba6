//! Rates of the layers of demand beside 訪問診療 (`shapes/tables/layers.toml`, or a prefecture's own).

use crate::demand::DemandError;
use serde::Deserialize;
use std::path::Path;

const TABLE: &str = include_str!("../../shapes/tables/layers.toml");

/// Name of the layer that the official series gives.
pub const HOME_VISITS: &str = "訪問診療";

/// First year of age of each class in which people are projected.
const CLASSES: [u8; 4] = [0, 65, 75, 85];

/// How far from 1 the sum of shares may lie: what decimal fractions lose in binary ones.
const TOLERANCE: f64 = 1e-9;

/// The rates.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateTable {
    /// State of the table.
    pub as_of: String,
    /// Layers by rates.
    #[serde(rename = "layer", default)]
    pub layers: Vec<RateLayer>,
    /// Layers that are parts of another.
    #[serde(rename = "split", default)]
    pub splits: Vec<Split>,
    /// Cohorts that are shown as unknown where the prefecture has not counted them.
    #[serde(rename = "cohort", default)]
    pub cohorts: Vec<Cohort>,
    /// Where the table comes from, for messages and for the list of sources.
    #[serde(skip)]
    pub file: String,
}

/// A layer: people of each class of age times a rate.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLayer {
    /// Japanese term, the id everywhere.
    pub id: String,
    /// English name.
    pub name_en: String,
    /// What is counted, and in which time.
    pub unit: String,
    /// Rates by age, youngest first, of everybody.
    pub ages: Vec<AgeRate>,
    /// Where the rates come from.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
}

/// Rate of one class of age.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgeRate {
    /// First year of age.
    pub from: u8,
    /// Last year of age; absent = and over.
    pub to: Option<u8>,
    /// Low, per person.
    pub low: f64,
    /// Middle, per person.
    pub mid: f64,
    /// High, per person.
    pub high: f64,
}

/// A layer divided by shares.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// Id of the divided layer.
    pub of: String,
    /// The parts; their middle shares sum to 1.
    pub parts: Vec<Part>,
    /// Where the shares come from.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
}

/// A part of a layer.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Japanese term, the id everywhere.
    pub id: String,
    /// English name.
    pub name_en: String,
    /// Low share, 0–1.
    pub low: f64,
    /// Middle share, 0–1.
    pub mid: f64,
    /// High share, 0–1.
    pub high: f64,
}

/// A cohort that only the prefecture can count.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cohort {
    /// Its 区分 in the prefecture's counts.
    pub id: String,
    /// English name.
    pub name_en: String,
}

impl RateTable {
    /// The table that ships with the program.
    ///
    /// # Errors
    /// As [`RateTable::read`].
    pub fn shipped() -> Result<Self, DemandError> {
        Self::parse("shapes/tables/layers.toml", TABLE)
    }

    /// A prefecture's own table.
    ///
    /// # Errors
    /// [`DemandError`] naming file and layer: not readable, not of the layout, classes of age that
    /// overlap or leave a gap or begin elsewhere than people are projected, rates that are no
    /// rates, shares that do not sum to 1.
    pub fn read(path: &Path) -> Result<Self, DemandError> {
        let (file, text) = read(path)?;
        Self::parse(&file, &text)
    }

    fn parse(file: &str, text: &str) -> Result<Self, DemandError> {
        let mut table: Self = toml::from_str(text).map_err(|error| bad(file, "全体", &error))?;
        file.clone_into(&mut table.file);
        for layer in &table.layers {
            layer.check(file)?;
        }
        for split in &table.splits {
            table.check_split(file, split)?;
        }
        let mut ids: Vec<&str> = table.ids().collect();
        ids.sort_unstable();
        match ids.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(bad(file, pair[0], &"同じ id が二度あります。一度だけにしてください")),
            None => Ok(table),
        }
    }

    /// Ids of everything that is shown, with the official layer.
    fn ids(&self) -> impl Iterator<Item = &str> {
        let layers = self.layers.iter().map(|layer| layer.id.as_str());
        let parts = self.splits.iter().flat_map(|split| &split.parts).map(|part| part.id.as_str());
        let cohorts = self.cohorts.iter().map(|cohort| cohort.id.as_str());
        std::iter::once(HOME_VISITS).chain(layers).chain(parts).chain(cohorts)
    }

    fn check_split(&self, file: &str, split: &Split) -> Result<(), DemandError> {
        if split.of != HOME_VISITS && self.layers.iter().all(|layer| layer.id != split.of) {
            return Err(bad(
                file,
                &split.of,
                &"[[split]] の of は 訪問診療 か [[layer]] の id にしてください",
            ));
        }
        for part in &split.parts {
            check_band(file, &part.id, [part.low, part.mid, part.high], 1.0)?;
        }
        check_shares(file, &split.of, split.parts.iter().map(|part| part.mid))
    }
}

impl RateLayer {
    fn check(&self, file: &str) -> Result<(), DemandError> {
        let ages: Vec<(u8, Option<u8>)> = self.ages.iter().map(|rate| (rate.from, rate.to)).collect();
        check_ages(file, &self.id, &ages)?;
        if ages.first().is_none_or(|(from, _)| *from != 0) || ages.last().is_none_or(|(_, to)| to.is_some()) {
            let fault =
                "年齢階級は 0 歳から始め、最後の階級は to を書かないでください（すべての年齢に率が必要です）";
            return Err(bad(file, &self.id, &fault));
        }
        if let Some((from, _)) = ages.iter().find(|(from, _)| !CLASSES.contains(from)) {
            let fault = format!(
                "{from} 歳から始まる階級があります。将来推計人口の階級に合わせて 0・65・75・85 歳から始めてください"
            );
            return Err(bad(file, &self.id, &fault));
        }
        self.ages.iter().try_for_each(|rate| {
            let class = format!("{}の{}", self.id, class(rate.from, rate.to));
            check_band(file, &class, [rate.low, rate.mid, rate.high], f64::MAX)
        })
    }

    /// Low, middle and high rate of each class in which people are projected, youngest first.
    #[must_use]
    pub fn rates(&self) -> [[f64; 3]; 4] {
        CLASSES.map(|age| {
            let of_age = self.ages.iter().rfind(|rate| rate.from <= age);
            of_age.map_or([0.0; 3], |rate| [rate.low, rate.mid, rate.high])
        })
    }
}

/// The text of a table that a person wrote, with its name.
pub(super) fn read(path: &Path) -> Result<(String, String), DemandError> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| bad(&file, "全体", &format!("読めません（{error}）。UTF-8 の TOML が必要です")))?;
    Ok((file, text))
}

pub(super) fn bad(file: &str, place: &str, fault: &dyn std::fmt::Display) -> DemandError {
    DemandError::Table { file: file.to_owned(), place: place.to_owned(), fault: fault.to_string() }
}

/// Classes of age one after the other, without overlap and without gap.
pub(super) fn check_ages(file: &str, what: &str, ages: &[(u8, Option<u8>)]) -> Result<(), DemandError> {
    for pair in ages.windows(2) {
        let [(from, to), (next, next_to)] = [pair[0], pair[1]];
        let (first, second) = (class(from, to), class(next, next_to));
        match to {
            Some(to) if next == to.saturating_add(1) => {}
            Some(to) if next > to => {
                return Err(bad(file, what, &format!("{first}と{second}の間の年齢に値がありません")));
            }
            _ => {
                let (file, what) = (file.to_owned(), what.to_owned());
                return Err(DemandError::OverlappingAges { file, what, first, second });
            }
        }
    }
    match ages.iter().find(|(from, to)| to.is_some_and(|to| to < *from)) {
        Some((from, to)) => Err(bad(file, what, &format!("{}は逆順です", class(*from, *to)))),
        None => Ok(()),
    }
}

/// Shares that must be the whole.
pub(super) fn check_shares(
    file: &str,
    what: &str,
    shares: impl Iterator<Item = f64>,
) -> Result<(), DemandError> {
    let sum: f64 = shares.sum();
    if (sum - 1.0).abs() <= TOLERANCE {
        return Ok(());
    }
    Err(DemandError::Shares { file: file.to_owned(), what: what.to_owned(), sum })
}

fn check_band(file: &str, what: &str, [low, mid, high]: [f64; 3], most: f64) -> Result<(), DemandError> {
    if 0.0 <= low && low <= mid && mid <= high && high <= most {
        return Ok(());
    }
    let fault = format!(
        "low {low}、mid {mid}、high {high}。0 以上で low ≦ mid ≦ high にしてください（割合は 1 まで）"
    );
    Err(bad(file, what, &fault))
}

/// A class of age for people.
#[must_use]
pub fn class(from: u8, to: Option<u8>) -> String {
    to.map_or_else(|| format!("{from}歳以上"), |to| format!("{from}–{to}歳"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The message with which a changed table is refused.
    fn refused(from: &str, to: &str) -> DemandError {
        assert!(TABLE.contains(from), "{from}");
        RateTable::parse("rates.toml", &TABLE.replacen(from, to, 1)).expect_err(to)
    }

    #[test]
    fn the_shipped_table_is_whole_and_knows_every_age() {
        let table = RateTable::shipped().expect("whole");
        let nursing = table.layers.iter().find(|layer| layer.id == "訪問看護").expect("there");
        assert_eq!(nursing.rates().map(|[_, mid, _]| mid), [0.0014, 0.0069, 0.0203, 0.0748]);
    }

    #[test]
    fn one_rate_can_stand_for_several_classes() {
        let layer = RateLayer {
            id: "甲".to_owned(),
            name_en: String::new(),
            unit: String::new(),
            ages: vec![
                AgeRate { from: 0, to: Some(74), low: 1.0, mid: 2.0, high: 3.0 },
                AgeRate { from: 75, to: None, low: 4.0, mid: 5.0, high: 6.0 },
            ],
            source: String::new(),
            tag: String::new(),
        };
        layer.check("a").expect("whole");
        assert_eq!(layer.rates().map(|[_, mid, _]| mid), [2.0, 2.0, 5.0, 5.0]);
    }

    #[test]
    fn overlapping_classes_of_age_are_named_with_file_and_layer() {
        let error = refused("from = 65, to = 74", "from = 65, to = 79");
        assert!(matches!(error, DemandError::OverlappingAges { .. }), "{error}");
        let message = error.to_string();
        for part in ["rates.toml", "訪問看護", "65–79歳", "75–84歳"] {
            assert!(message.contains(part), "{message}");
        }
        let error = refused("from = 75, to = 84", "from = 75");
        assert!(matches!(error, DemandError::OverlappingAges { .. }), "{error}");
    }

    #[test]
    fn shares_that_do_not_sum_to_one_are_named_with_their_sum() {
        let error = refused("mid = 0.39", "mid = 0.38");
        let DemandError::Shares { what, sum, .. } = &error else { panic!("{error}") };
        assert_eq!(what, "訪問診療");
        assert!((sum - 0.99).abs() < 1e-12, "{sum}");
    }

    #[test]
    fn gaps_unknown_classes_and_values_that_are_no_rates_are_refused() {
        for (from, to, word) in [
            ("from = 65, to = 74", "from = 65, to = 73", "間の年齢"),
            ("from = 0, to = 64", "from = 5, to = 64", "0 歳から"),
            ("{ from = 85, low = 0.0564", "{ from = 85, to = 99, low = 0.0564", "to を書かない"),
            ("low = 0.00105", "low = -0.00105", "0–64歳"),
            ("low = 0.00105", "low = 0.2", "low ≦ mid"),
            ("high = 0.49", "high = 1.49", "割合は 1 まで"),
            ("low = 0.00105", "low = nan", "low NaN"),
            ("of = \"死亡\"", "of = \"出生\"", "出生"),
            ("id = \"医療的ケア児\"", "id = \"訪問看護\"", "二度"),
            ("as_of", "as_at", "as_at"),
        ] {
            let message = refused(from, to).to_string();
            assert!(message.starts_with("rates.toml: ") && message.contains(word), "{word}: {message}");
        }
        let split = "from = 65, to = 74, low = 0.0052, mid = 0.0069, high = 0.0087 },\n    { from = 75";
        let message = refused(
            split,
            "from = 65, to = 69, low = 0.0052, mid = 0.0069, high = 0.0087 },\n    { from = 70",
        )
        .to_string();
        assert!(message.contains("70 歳から"), "{message}");
    }
}
