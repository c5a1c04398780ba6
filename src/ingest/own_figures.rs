//! Figures of municipalities from tables of any layout: extracts of NDB and KDB, the state's data book,
//! own surveys. A small mapping file (TOML) beside the table says which column is what; the mapping is
//! the input, and names the table.
//!
//! A count that its source has suppressed is [`Measured::Small`], one that nobody has counted
//! [`Measured::Unknown`]; neither is ever zero.

use crate::ids::MunicipalityCode;
use crate::ingest::IngestError;
use crate::ingest::boundary::position_of;
use crate::ingest::bring::{Amount, Onto, Told, Words, bring};
use crate::ingest::cohort_counts::is_suppressed;
use crate::ingest::crosswalk::distribute;
use crate::ingest::dates::{self, YEARS};
use crate::ingest::finding::{Finding, Severity};
use crate::ingest::geocode::Geocoder;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::manifest::line_of;
use crate::ingest::own_table::{self, Asked, OwnRow};
use crate::ingest::print_list::plain;
use crate::ingest::public_body;
use crate::ingest::small_counts::note_counts;
use crate::ingest::study::{AreaValue, Element, Function, Importance, Indicator, Measured};
use crate::ingest::text::{Source, decode, digest, place};
use crate::ingest::wards::{City, city_called, city_of_code};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry};
use std::io::Read;
use std::path::{Component, Path, PathBuf};

/// A mapping file. Unknown keys are refused.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mapping {
    /// The table, beside the mapping or below it.
    file: String,
    /// Where the table comes from, for people.
    source: String,
    /// Column with the code (five or six digits) or the name of the municipality.
    municipality: String,
    /// Column with the year (西暦 or 令和) …
    year_column: Option<String>,
    /// … or the year of the whole table.
    year: Option<u16>,
    /// Words for a suppressed count of 1 to 9, beside those that are known (`*`, `<10`, `1-9` …).
    #[serde(default)]
    suppressed: Vec<String>,
    /// Words for what nobody has counted, beside the empty cell.
    #[serde(default)]
    not_counted: Vec<String>,
    /// The indicators.
    #[serde(rename = "indicator")]
    indicators: Vec<MappedIndicator>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MappedIndicator {
    column: String,
    name: String,
    unit: String,
    function: Option<Function>,
    element: Option<Element>,
    importance: Option<Importance>,
    /// Whether the values of municipalities may be added.
    adds_up: bool,
    /// Whether it counts patients: small counts are then never shown.
    patients: bool,
    /// Only rows in which another column says this, in a table with a row for each indicator.
    only: Option<Only>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Only {
    column: String,
    is: String,
}

/// A row of the table.
pub(crate) struct FigureRow {
    row: u64,
    layer: Option<String>,
    /// What the row says of the municipality, and where.
    municipality: (String, String),
    year: u16,
    /// Position of the indicator in the mapping, its place in the row, and the value.
    values: Vec<(usize, String, Measured)>,
}

/// What a mapping and its table say.
pub(crate) struct OwnFigures {
    mapping: Mapping,
    /// Rows in the order of the table.
    pub rows: Vec<FigureRow>,
}

impl OwnFigures {
    /// Indicator, year and municipality of every value, and the value.
    pub(crate) fn about(&self) -> impl Iterator<Item = (String, String)> {
        self.rows.iter().flat_map(|row| {
            let name = |at: usize| &self.mapping.indicators[at].name;
            let (year, municipality) = (row.year, &row.municipality.0);
            row.values.iter().map(move |(at, _, value)| {
                (format!("{} {year} {municipality}", name(*at)), format!("{value:?}"))
            })
        })
    }
}

/// Reads a mapping; `None` = the text is none.
pub(crate) fn mapping(text: &str) -> Option<Mapping> {
    let is_one = ["file", "municipality", "[[indicator]]"].iter().all(|word| text.contains(word));
    is_one.then(|| toml::from_str(text).ok()).flatten()
}

/// Whether a text is meant as a mapping, sound or not.
pub(crate) fn is_mapping(text: &str) -> bool {
    text.contains("[[indicator]]") && text.lines().any(|line| line.trim_start().starts_with("municipality"))
}

/// The table that the mapping at a path names, beside it or below; `None` = it names none.
pub(crate) fn table_of(path: &Path) -> Option<PathBuf> {
    let source = Source::open("", path).ok()?;
    let mapping = mapping(&decode(&source.whole().ok()?).ok()?)?;
    let file = Path::new(&mapping.file);
    let is_below = file.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    is_below.then(|| path.parent().unwrap_or(Path::new("")).join(file))
}

/// SHA-256 of the mapping followed by its table, in hexadecimal.
///
/// # Errors
/// The table cannot be opened.
pub(crate) fn sha256(source: &Source) -> Result<String, IngestError> {
    let (_, table) = open(source)?;
    digest(source.reader().chain(table.reader())).map_err(|error| table.plain().fault(&error))
}

fn open(source: &Source) -> Result<(Mapping, Source), IngestError> {
    let broken = |place: String, found: String, expected: &str| IngestError::Broken {
        file: source.file.clone(),
        place,
        found,
        expected: expected.to_owned(),
        remedy: "対応表（TOML）を直してください。書き方は README の「独自の数値」にあります".to_owned(),
    };
    let text = decode(&source.whole()?)
        .map_err(|line| IngestError::Encoding { file: source.file.clone(), place: place(None, line) })?;
    let mapping: Mapping = toml::from_str(&text).map_err(|error| {
        let place = error.span().map_or_else(|| "全体".to_owned(), |span| line_of(&text, span.start));
        broken(place, error.message().to_owned(), "決まったキーだけの対応表")
    })?;
    let years = (mapping.year.is_some(), mapping.year_column.is_some());
    if years.0 == years.1 || mapping.year.is_some_and(|year| !YEARS.contains(&year)) {
        let found = format!("year = {:?}、year_column = {:?}", mapping.year, mapping.year_column);
        return Err(broken("年".to_owned(), found, "year（西暦）か year_column のどちらか一つ"));
    }
    let Some(path) = table_of(&source.path) else {
        let expected = "対応表と同じフォルダーか、その中の表";
        return Err(broken("file".to_owned(), mapping.file, expected));
    };
    if !path.is_file() {
        let found = format!("{} というファイルがありません", mapping.file);
        return Err(broken("file".to_owned(), found, "対応表と同じフォルダーか、その中の表"));
    }
    let table = Source::open(&mapping.file, &path)?;
    Ok((mapping, table))
}

/// Reads the table that a mapping names.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<OwnFigures, IngestError> {
    let (mapping, table) = open(source)?;
    let columns = Columns::of(&mapping);
    let names: Vec<&str> = columns.names.iter().map(String::as_str).collect();
    let mut rows = Vec::new();
    let asked = Asked { needed: &names, is_wider: true, ..Asked::default() };
    for row in own_table::read(&table, &asked, ledger)? {
        let layer = row.layer.as_ref().map(|layer| format!("{} / {layer}", mapping.file));
        ledger.layer = Some(layer.unwrap_or_else(|| mapping.file.clone()));
        rows.extend(figure_row(&row, &columns, &mapping, ledger));
    }
    let values = rows.iter().flat_map(|row: &FigureRow| &row.values);
    note_counts(ledger, "", values.filter(|(.., value)| *value == Measured::Small).count());
    Ok(OwnFigures { mapping, rows })
}

/// The columns that a mapping asks for, each once, and where its parts stand among them.
struct Columns {
    names: Vec<String>,
}

impl Columns {
    fn of(mapping: &Mapping) -> Self {
        let of_indicator = |one: &MappedIndicator| {
            let only = one.only.iter().map(|only| only.column.clone());
            std::iter::once(one.column.clone()).chain(only).collect::<Vec<_>>()
        };
        let asked = std::iter::once(mapping.municipality.clone()).chain(mapping.year_column.clone());
        let mut names: Vec<String> = Vec::new();
        for name in asked.chain(mapping.indicators.iter().flat_map(of_indicator)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        Self { names }
    }

    /// A name that was asked for is among them.
    fn at(&self, name: &str) -> usize {
        self.names.iter().position(|known| known == name).unwrap_or(0)
    }
}

fn figure_row(row: &OwnRow, columns: &Columns, mapping: &Mapping, ledger: &mut Ledger) -> Option<FigureRow> {
    let municipality = columns.at(&mapping.municipality);
    let year_at = mapping.year_column.as_ref().map(|name| columns.at(name));
    let year = mapping.year.or_else(|| dates::year(row.get(year_at?)));
    let mut values = Vec::new();
    for (at, one) in mapping.indicators.iter().enumerate() {
        let is = |only: &Only| plain(row.get(columns.at(&only.column))) == plain(&only.is);
        if !one.only.as_ref().is_none_or(is) {
            continue;
        }
        let column = columns.at(&one.column);
        let value = measured(row.get(column), one, mapping).unwrap_or_else(|| {
            ledger.warn(Doubt {
                kind: "bad_figure",
                row: row.row,
                field: row.place(column),
                // A finding is published, and a count may be of few.
                said: if one.patients { "" } else { row.get(column) },
                meant: format!("{}: 数として読めません。不明として扱います", one.name),
            });
            Measured::Unknown
        });
        values.push((at, row.place(column).to_owned(), value));
    }
    let wrong = [
        (row.get(municipality).is_empty(), municipality, "市区町村が空です"),
        (year.is_none(), year_at.unwrap_or(municipality), "年（西暦か令和）ではありません"),
    ];
    if let Some((_, column, meant)) = wrong.into_iter().find(|(is_wrong, ..)| *is_wrong) {
        ledger.quarantine(Doubt {
            kind: "bad_figure_row",
            row: row.row,
            field: row.place(column),
            said: row.get(column),
            meant: format!("{meant}。この行は使いません"),
        });
        return None;
    }
    ledger.store();
    Some(FigureRow {
        row: row.row,
        layer: ledger.layer.clone(),
        municipality: (row.get(municipality).to_owned(), row.place(municipality).to_owned()),
        year: year?,
        values,
    })
}

/// A value; `None` = no number.
fn measured(said: &str, indicator: &MappedIndicator, mapping: &Mapping) -> Option<Measured> {
    let said = plain(said);
    let is = |words: &[String]| words.iter().any(|word| plain(word) == said);
    if said.is_empty() || is(&mapping.not_counted) {
        return Some(Measured::Unknown);
    }
    if is_suppressed(&said) || is(&mapping.suppressed) {
        return Some(Measured::Small);
    }
    let bare = said.strip_suffix(&plain(&indicator.unit)).unwrap_or(&said).replace(',', "");
    let number: f64 = bare.parse().ok()?;
    let is_count = number >= 0.0 && number.fract() == 0.0 && number <= f64::from(u32::MAX);
    let sound = number.is_finite() && (is_count || !indicator.patients);
    sound.then_some(Measured::Exact(number))
}

/// What a row speaks of.
enum Whose {
    /// The municipality that has or had a code.
    Code(MunicipalityCode),
    /// A whole city with wards.
    City(City),
}

/// What a cell says, with the row and its place there.
struct Cell {
    row: usize,
    place: String,
    value: Measured,
}

/// The values of one indicator and year, the first of each municipality or city.
#[derive(Default)]
struct Values {
    of_codes: BTreeMap<MunicipalityCode, Cell>,
    of_cities: BTreeMap<String, (City, Cell)>,
}

/// A value that may be summed or parted, or not.
#[derive(Clone)]
struct Figure {
    value: Measured,
    adds_up: bool,
}

impl Amount for Figure {
    fn plus(&self, other: &Self) -> Option<Self> {
        let value = match (self.value, other.value) {
            _ if !self.adds_up => return None,
            (Measured::Exact(one), Measured::Exact(other)) => Measured::Exact(one + other),
            (Measured::Small, _) | (_, Measured::Small) => return None,
            _ => Measured::Unknown,
        };
        Some(Self { value, ..*self })
    }

    fn parted(&self, shares: &[f64]) -> Option<Vec<Self>> {
        let part = |value| Self { value, ..*self };
        match self.value {
            _ if !self.adds_up => None,
            Measured::Exact(whole)
                if whole.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&whole) =>
            {
                // A whole number in the range of the type.
                let parts = distribute(whole as u32, shares);
                Some(parts.into_iter().map(|count| part(Measured::Exact(count.into()))).collect())
            }
            Measured::Exact(whole) => {
                Some(shares.iter().map(|share| part(Measured::Exact(whole * share))).collect())
            }
            Measured::Unknown => Some(shares.iter().map(|_| part(Measured::Unknown)).collect()),
            Measured::Small => None,
        }
    }
}

/// Takes the rows of all files. Values of codes of another time are those of what the codes became: summed
/// and parted where they add up, else taken only where a code was renamed. A value of a whole city is that of
/// all its wards together. Values of today's codes go before those that are brought, and both before those of
/// cities, whichever file tells them. Rows that name no municipality of the boundaries, values that cannot be
/// brought, and second values of the same are told.
pub(crate) fn take(
    files: &[(usize, OwnFigures)],
    onto: &Onto<'_>,
    geocoder: &Geocoder,
    indicators: &mut Vec<Indicator>,
    ledgers: &mut [Ledger],
) {
    let mut taking: Vec<Taking<'_>> = Vec::new();
    let (mut counted, mut brought, mut of_cities) = (Vec::new(), Vec::new(), Vec::new());
    for (input, figures) in files {
        let (input, file) = (*input, taking.len());
        for (key, values) in gather(figures, onto, geocoder, &mut ledgers[input]) {
            let at = indicator_of(indicators, figures, key, input);
            let is_today = |code: &MunicipalityCode| position_of(onto.municipalities, *code).is_some();
            let round = if values.of_codes.keys().all(is_today) { &mut counted } else { &mut brought };
            round.push((file, key, at, values.of_codes));
            of_cities.push((file, key, at, values.of_cities));
        }
        taking.push(Taking { input, figures, onto, lost: BTreeMap::new(), changed: BTreeSet::new() });
    }
    for (file, key, at, values) in counted.into_iter().chain(brought) {
        let taking = &mut taking[file];
        let ledger = &mut ledgers[taking.input];
        taking.take(key, &values, &mut indicators[at], ledger);
    }
    for (file, key, at, values) in of_cities {
        let taking = &mut taking[file];
        let ledger = &mut ledgers[taking.input];
        taking.take_cities(key, values, &mut indicators[at], ledger);
        // In the order of the municipalities, whichever files and codes tell of them.
        indicators[at].areas.sort_by(|one, other| one.municipalities.cmp(&other.municipalities));
    }
    for one in taking {
        let ledger = &mut ledgers[one.input];
        one.account_for_lost(ledger);
    }
}

/// The values of one file by indicator and year, in the order in which it tells them.
fn gather(
    figures: &OwnFigures,
    onto: &Onto<'_>,
    geocoder: &Geocoder,
    ledger: &mut Ledger,
) -> Vec<((usize, u16), Values)> {
    let mut order: Vec<((usize, u16), Values)> = Vec::new();
    let mut places = BTreeMap::new();
    let zeros_lost = public_body::zeros_are_lost(figures.rows.iter().map(|row| row.municipality.0.as_str()));
    let mut of_others = 0;
    for (at, row) in figures.rows.iter().enumerate() {
        ledger.layer.clone_from(&row.layer);
        let Some(whose) = whose(&row.municipality.0, zeros_lost, onto, geocoder) else {
            ledger.withdraw(unknown_municipality(row));
            continue;
        };
        if let Whose::Code(code) = &whose
            && onto.municipalities.first().is_some_and(|first| first.code.prefecture() != code.prefecture())
        {
            of_others += 1;
            continue;
        }
        for (indicator, place, value) in &row.values {
            let key = (*indicator, row.year);
            let place_of_key = *places.entry(key).or_insert(order.len());
            if place_of_key == order.len() {
                order.push((key, Values::default()));
            }
            let values = &mut order[place_of_key].1;
            let cell = Cell { row: at, place: place.clone(), value: *value };
            let again = match &whose {
                Whose::Code(code) => again(&mut values.of_codes, *code, cell),
                Whose::City(city) => again(&mut values.of_cities, city.name.clone(), (city.clone(), cell)),
            };
            if again {
                tell_twice(row, place, &figures.mapping.indicators[*indicator], ledger);
            }
        }
    }
    ledger.note_of_others(of_others);
    order
}

/// Keeps the first of a key; true for another.
fn again<K: Ord, T>(known: &mut BTreeMap<K, T>, key: K, one: T) -> bool {
    match known.entry(key) {
        Entry::Vacant(free) => {
            free.insert(one);
            false
        }
        Entry::Occupied(_) => true,
    }
}

/// Whose figures a row tells; `None` = neither a code nor a name of anybody.
fn whose(said: &str, zeros_lost: bool, onto: &Onto<'_>, geocoder: &Geocoder) -> Option<Whose> {
    if let Some(code) = public_body::read(said, zeros_lost) {
        let code: MunicipalityCode = code.parse().ok()?;
        let city = city_of_code(code, onto.municipalities).filter(|_| onto.parts(code).is_empty());
        return Some(city.map_or(Whose::Code(code), Whose::City));
    }
    let named = geocoder.municipality(said).filter(|(_, rest)| rest.is_empty());
    let named = named.map(|(at, _)| Whose::Code(onto.municipalities[at].code));
    named.or_else(|| city_called(&plain(said), onto.municipalities).map(Whose::City))
}

fn unknown_municipality(row: &FigureRow) -> Doubt<'_> {
    Doubt {
        kind: "unknown_municipality",
        row: row.row,
        field: &row.municipality.1,
        said: &row.municipality.0,
        meant: "行政区域にある市区町村のコードでも名称でもありません（合計の行など）。この行は使いません"
            .to_owned(),
    }
}

fn tell_twice(row: &FigureRow, place: &str, mapped: &MappedIndicator, ledger: &mut Ledger) {
    ledger.layer.clone_from(&row.layer);
    ledger.warn(Doubt {
        kind: "duplicate_figure",
        row: row.row,
        field: place,
        said: "",
        meant: format!("{} {}年: 同じ市区町村の値が二度あります。先の値を使います", mapped.name, row.year),
    });
}

/// The figures of one file while they are taken.
struct Taking<'a> {
    input: usize,
    figures: &'a OwnFigures,
    onto: &'a Onto<'a>,
    /// Rows of which values cannot be used, with kind and reason of each.
    lost: BTreeMap<usize, Vec<(&'static str, String)>>,
    /// Codes of another time that were told.
    changed: BTreeSet<MunicipalityCode>,
}

impl Taking<'_> {
    /// Takes the values that codes have of one indicator and year.
    fn take(
        &mut self,
        (of_mapping, _): (usize, u16),
        of_codes: &BTreeMap<MunicipalityCode, Cell>,
        indicator: &mut Indicator,
        ledger: &mut Ledger,
    ) {
        let mapped = &self.figures.mapping.indicators[of_mapping];
        let told = of_codes.iter().map(|(code, cell)| Told {
            row: cell.row as u64 + 1,
            layer: None,
            key: (),
            code: *code,
            amount: Figure { value: cell.value, adds_up: mapped.adds_up },
        });
        let words = Words { field: "", duplicate: ("duplicate_figure", &|()| String::new()), unknown: "" };
        // Rows of the file are accounted for once, whatever indicators they tell.
        let mut of_indicator = Ledger::default();
        let mut twice = Vec::new();
        bring(told.collect(), self.onto, &words, &mut of_indicator, |(), at, figure| {
            if is_told(indicator, &[at]) {
                twice.push(at);
            } else {
                indicator.areas.push(AreaValue {
                    name: String::new(),
                    municipalities: vec![at],
                    value: figure.value,
                });
            }
            true
        });
        for at in twice {
            if let Some((_, cell)) = of_codes.iter().find(|(code, _)| self.onto.area(**code).contains(&at)) {
                tell_twice(&self.figures.rows[cell.row], &cell.place, mapped, ledger);
            }
        }
        for finding in of_indicator.findings {
            let Some(row) = finding.row.and_then(|row| usize::try_from(row - 1).ok()) else { continue };
            self.tell_brought(row, &finding, mapped, ledger);
        }
    }

    /// Takes the values of whole cities of which no file tells a ward.
    fn take_cities(
        &mut self,
        (of_mapping, _): (usize, u16),
        of_cities: BTreeMap<String, (City, Cell)>,
        indicator: &mut Indicator,
        ledger: &mut Ledger,
    ) {
        for (city, cell) in of_cities.into_values() {
            if indicator.areas.iter().any(|area| area.municipalities == city.wards) {
                let mapped = &self.figures.mapping.indicators[of_mapping];
                tell_twice(&self.figures.rows[cell.row], &cell.place, mapped, ledger);
            } else if is_told(indicator, &city.wards) {
                let meant = format!("{}全体の値です。区ごとの値があるので使いません", city.name);
                self.lost.entry(cell.row).or_default().push(("row_of_whole_city", meant));
            } else {
                indicator.areas.push(AreaValue {
                    name: city.name,
                    municipalities: city.wards,
                    value: cell.value,
                });
            }
        }
    }

    /// Tells what became of a value of another time.
    fn tell_brought(&mut self, at: usize, finding: &Finding, mapped: &MappedIndicator, ledger: &mut Ledger) {
        let row = &self.figures.rows[at];
        let lost = match finding.kind.as_str() {
            "code_changed" => None,
            "unknown_municipality" => Some(("unknown_municipality", unknown_municipality(row).meant)),
            _ if finding.severity == Severity::Quarantined => {
                let why = if mapped.adds_up {
                    ""
                } else {
                    "割合などは足すことも分けることもできません。"
                };
                Some(("count_not_brought", format!("{}: {why}{}", mapped.name, finding.meant)))
            }
            _ => {
                ledger.layer.clone_from(&row.layer);
                ledger.warn(Doubt {
                    kind: "count_not_brought",
                    row: row.row,
                    field: &row.municipality.1,
                    said: &row.municipality.0,
                    meant: format!("{}: {}", mapped.name, finding.meant),
                });
                return;
            }
        };
        if let Some(lost) = lost {
            self.lost.entry(at).or_default().push(lost);
        } else if let Ok(code) = finding.said.parse()
            && self.changed.insert(code)
        {
            ledger.layer.clone_from(&row.layer);
            self.onto.tell_changed(code, row.row, &row.municipality.1, ledger);
        }
    }

    /// Sets rows aside of which no value could be used, and tells of the others that lost some.
    fn account_for_lost(self, ledger: &mut Ledger) {
        for (at, lost) in self.lost {
            let row = &self.figures.rows[at];
            ledger.layer.clone_from(&row.layer);
            let is_whole = lost.len() == row.values.len();
            for (kind, meant) in lost.into_iter().take(if is_whole { 1 } else { usize::MAX }) {
                let doubt = Doubt { kind, meant, ..unknown_municipality(row) };
                if is_whole { ledger.withdraw(doubt) } else { ledger.warn(doubt) }
            }
        }
    }
}

fn is_told(indicator: &Indicator, municipalities: &[usize]) -> bool {
    let known = |area: &AreaValue| area.municipalities.iter().any(|at| municipalities.contains(at));
    indicator.areas.iter().any(known)
}

/// Place of an indicator and year of a mapping among all.
fn indicator_of(
    indicators: &mut Vec<Indicator>,
    figures: &OwnFigures,
    (of_mapping, year): (usize, u16),
    input: usize,
) -> usize {
    let mapped = &figures.mapping.indicators[of_mapping];
    // Another unit is another thing, and figures of patients keep their small counts to themselves.
    let is_same = |one: &Indicator| {
        (one.name.as_str(), one.year, one.unit.as_str()) == (&mapped.name, Some(year), &mapped.unit)
            && (one.adds_up, one.patients) == (mapped.adds_up, mapped.patients)
    };
    let known = indicators.iter().position(is_same);
    known.unwrap_or_else(|| {
        indicators.push(Indicator {
            name: mapped.name.clone(),
            year: Some(year),
            unit: mapped.unit.clone(),
            function: mapped.function,
            element: mapped.element,
            importance: mapped.importance,
            adds_up: mapped.adds_up,
            patients: mapped.patients,
            source: figures.mapping.source.clone(),
            input,
            areas: Vec::new(),
        });
        indicators.len() - 1
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::crosswalk::{Change, Crosswalk, Part};
    use crate::ingest::wards::tests::municipalities;

    const MAPPING: &str = r#"
file = "ndb.csv"
source = "NDB 特別抽出"
municipality = "市町村"
year_column = "年度"
suppressed = ["秘匿"]
not_counted = ["-"]

[[indicator]]
column = "件数"
name = "訪問診療を受けた患者数"
unit = "人"
function = "日常の療養支援"
element = "プロセス"
importance = "重点"
adds_up = true
patients = true
only = { column = "区分", is = "訪問診療" }

[[indicator]]
column = "件数"
name = "自宅死の割合"
unit = "%"
function = "看取り"
element = "アウトカム"
adds_up = false
patients = false
only = { column = "区分", is = "自宅死" }
"#;

    fn read_table(mapping: &str, table: &str) -> (Result<OwnFigures, IngestError>, Ledger) {
        let folder = tempfile::tempdir().expect("folder");
        std::fs::write(folder.path().join("ndb.csv"), table).expect("written");
        let path = folder.path().join("ndb.toml");
        std::fs::write(&path, mapping).expect("written");
        let mut ledger = Ledger::new("ndb.toml");
        (read(&Source::open("ndb.toml", &path).expect("open"), &mut ledger), ledger)
    }

    #[test]
    fn a_long_table_becomes_indicators_of_municipalities_by_code_or_name() {
        let table = "市町村,年度,区分,件数\n192015,令和5年度,訪問診療,\"1,234\"\n富士吉田市,R5,訪問診療,<10\n\
            甲府市,2023,自宅死,18.5%\n19202,2023,自宅死,-\n合計,2023,訪問診療,1240\n13101,2023,訪問診療,99\n\
            甲府市,2023,訪問診療,5\n甲府市,5,訪問診療,5\n富士吉田市,2022,訪問診療,七\n富士吉田市,2021,訪問診療,秘匿\n";
        let (read, mut ledger) = read_table(MAPPING, table);
        let read = read.expect("read");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (10, 9, 1));
        let places = municipalities(&[("19201", "甲府市"), ("19202", "富士吉田市")]);
        let geocoder = Geocoder::new("山梨県", &places, &BTreeMap::new(), &[]);
        let mut indicators = Vec::new();
        let crosswalk = Crosswalk::default();
        let onto = Onto { crosswalk: &crosswalk, municipalities: &places, people: &|_| None };
        take(&[(0, read)], &onto, &geocoder, &mut indicators, std::slice::from_mut(&mut ledger));
        let found: Vec<_> = indicators
            .iter()
            .map(|one| {
                let values =
                    one.areas.iter().map(|area| (area.municipalities[0], area.value)).collect::<Vec<_>>();
                (one.name.as_str(), one.year, values)
            })
            .collect();
        let expected = [
            ("訪問診療を受けた患者数", Some(2023), vec![(0, Measured::Exact(1_234.0)), (1, Measured::Small)]),
            ("自宅死の割合", Some(2023), vec![(0, Measured::Exact(18.5)), (1, Measured::Unknown)]),
            ("訪問診療を受けた患者数", Some(2022), vec![(1, Measured::Unknown)]),
            ("訪問診療を受けた患者数", Some(2021), vec![(1, Measured::Small)]),
        ];
        assert_eq!(found, expected);
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (10, 8, 2));
        let told: Vec<_> =
            ledger.findings.iter().map(|one| (one.kind.as_str(), one.row, one.said.as_str())).collect();
        let expected = [
            ("bad_figure_row", Some(9), "5"),
            ("bad_figure", Some(10), ""),
            ("suppressed_cell", None, ""),
            ("unknown_municipality", Some(6), "合計"),
            ("duplicate_figure", Some(8), ""),
            ("rows_of_others", None, ""),
        ];
        assert_eq!(told, expected);
        assert_eq!(indicators[0].function, Some(Function::DailyCare));
        assert_eq!((indicators[0].importance, indicators[1].importance), (Some(Importance::Key), None));
        assert_eq!(ledger.findings[0].layer.as_deref(), Some("ndb.csv"));
    }

    /// Areas with their values, findings with their rows, and rows stored and set aside.
    type Taken = (Vec<(String, Vec<usize>, Measured)>, Vec<(String, Option<u64>)>, (u64, u64));

    /// A table of 訪問診療 (adds up) and 自宅死 (a rate) in 静岡県, where 浜松市 has other wards since 2024.
    fn taken(rows: &str) -> Taken {
        let mut crosswalk = Crosswalk::default();
        let code = |said: &str| said.parse().expect("a code");
        let changes: [(&str, &[(&str, f64)]); 4] = [
            ("22134", &[("22138", 1.0)]),
            ("22135", &[("22138", 0.4), ("22139", 0.6)]),
            ("22136", &[("22139", 1.0)]),
            ("22137", &[("22140", 1.0)]),
        ];
        for (from, to) in changes {
            let to = to.iter().map(|(to, share)| Part { code: code(to), share: Some(*share) }).collect();
            let reason = "区の再編".to_owned();
            let change = Change { day: 20240101, from: code(from), to, continues: false, reason };
            crosswalk.add(change).expect("sound");
        }
        let places = municipalities(&[
            ("22138", "浜松市中央区"),
            ("22139", "浜松市浜名区"),
            ("22140", "浜松市天竜区"),
            ("22203", "沼津市"),
        ]);
        let onto = Onto { crosswalk: &crosswalk, municipalities: &places, people: &|_| None };
        let geocoder = Geocoder::new("静岡県", &places, &BTreeMap::new(), &[]);
        let (read, mut ledger) = read_table(MAPPING, &format!("市町村,年度,区分,件数\n{rows}"));
        let mut indicators = Vec::new();
        take(
            &[(0, read.expect("read"))],
            &onto,
            &geocoder,
            &mut indicators,
            std::slice::from_mut(&mut ledger),
        );
        let areas = indicators
            .into_iter()
            .flat_map(|one| one.areas.into_iter().map(move |area| (one.name.clone(), area)));
        let found = areas
            .map(|(name, area)| (name.chars().take(2).collect(), area.municipalities, area.value))
            .collect();
        let told = ledger.findings.iter().map(|one| (one.kind.clone(), one.row)).collect();
        (found, told, (ledger.stored, ledger.quarantined))
    }

    #[test]
    fn a_figure_that_cannot_be_read_makes_the_sum_of_which_it_is_a_part_unknown() {
        let (areas, told, _) =
            taken("22134,2022,訪問診療,多数\n22135,2022,訪問診療,10\n22136,2022,訪問診療,5\n");
        let found: Vec<_> = areas.iter().map(|(_, places, value)| (places.as_slice(), *value)).collect();
        let expected = [([0].as_slice(), Measured::Unknown), ([1].as_slice(), Measured::Exact(11.0))];
        assert_eq!(found, expected, "22138 is no 4");
        assert!(told.contains(&("bad_figure".to_owned(), Some(2))), "{told:?}");
    }

    #[test]
    fn figures_of_wards_of_another_time_are_summed_parted_or_told() {
        let (found, told, rows) = taken(
            "22134,2022,訪問診療,100\n22135,2022,訪問診療,10\n22136,2022,訪問診療,20\n22137,2022,訪問診療,<10\n\
             22134,2022,自宅死,15%\n22135,2022,自宅死,16%\n22136,2022,自宅死,17%\n22137,2022,自宅死,18%\n\
             沼津市,2022,自宅死,19%\n",
        );
        let (visits, deaths) = ("訪問", "自宅");
        let expected = [
            (visits, 0, Measured::Exact(104.0)),
            (visits, 1, Measured::Exact(26.0)),
            (visits, 2, Measured::Small),
            (deaths, 2, Measured::Exact(18.0)),
            (deaths, 3, Measured::Exact(19.0)),
        ];
        assert_eq!(found, expected.map(|(name, at, value)| (name.to_owned(), vec![at], value)));
        assert_eq!(rows, (6, 3), "rates of wards that were joined are no rate of the new one");
        let told: Vec<_> = told.iter().filter(|(kind, _)| kind == "count_not_brought").cloned().collect();
        assert_eq!(told, [6, 7, 8].map(|row| ("count_not_brought".to_owned(), Some(row))));
    }

    #[test]
    fn a_figure_of_a_whole_city_is_that_of_its_wards_together_unless_they_are_told() {
        let (found, told, rows) = taken(
            "22130,2022,訪問診療,900\n22203,2022,訪問診療,50\n浜松市,2022,自宅死,15%\n22138,2021,訪問診療,500\n\
             22130,2021,訪問診療,900\n22130,2021,訪問診療,901\n",
        );
        let city = vec![0, 1, 2];
        let expected = [
            ("訪問", city.clone(), Measured::Exact(900.0)),
            ("訪問", vec![3], Measured::Exact(50.0)),
            ("自宅", city, Measured::Exact(15.0)),
            ("訪問", vec![0], Measured::Exact(500.0)),
        ];
        assert_eq!(found, expected.map(|(name, at, value)| (name.to_owned(), at, value)));
        let expected = [("duplicate_figure", 7), ("row_of_whole_city", 6)];
        assert_eq!(told, expected.map(|(kind, row)| (kind.to_owned(), Some(row))));
        assert_eq!(rows, (5, 1));
    }

    #[test]
    fn a_wrong_mapping_or_table_is_refused_by_name_and_place() {
        for (from, to, words) in [
            ("adds_up = true", "adds_upp = true", ["行目", "adds_up"]),
            ("year_column = \"年度\"", "", ["年: ", "year_column"]),
            ("year_column = \"年度\"", "year = 5", ["年: ", "西暦"]),
            ("\"ndb.csv\"", "\"../ndb.csv\"", ["file: ../ndb.csv", "同じフォルダー"]),
            ("\"ndb.csv\"", "\"no.csv\"", ["no.csv", "ありません"]),
            ("column = \"件数\"", "column = \"人数\"", ["人数", "市町村,年度,区分,件数"]),
        ] {
            let text = MAPPING.replacen(from, to, 1);
            assert_ne!(text, MAPPING, "{from}");
            let (read, _) = read_table(&text, "市町村,年度,区分,件数\n甲府市,2023,訪問診療,1\n");
            let message = read.err().expect("refused").to_string();
            assert!(words.iter().all(|word| message.contains(word)), "{message}");
        }
    }

    #[test]
    fn figures_of_wards_go_before_those_of_their_city_whichever_file_comes_first() {
        let places = municipalities(&[("22138", "浜松市中央区"), ("22139", "浜松市浜名区")]);
        let crosswalk = Crosswalk::default();
        let onto = Onto { crosswalk: &crosswalk, municipalities: &places, people: &|_| None };
        let geocoder = Geocoder::new("静岡県", &places, &BTreeMap::new(), &[]);
        let table = |row: &str| read_table(MAPPING, &format!("市町村,年度,区分,件数\n{row}"));
        let (city, of_city) = table("浜松市,2023,訪問診療,30\n");
        let (ward, of_ward) = table("22138,2023,訪問診療,20\n");
        let files = [(0, city.expect("read")), (1, ward.expect("read"))];
        let (mut indicators, mut ledgers) = (Vec::new(), [of_city, of_ward]);
        take(&files, &onto, &geocoder, &mut indicators, &mut ledgers);
        let areas: Vec<_> = indicators[0].areas.iter().map(|one| (&one.municipalities, one.value)).collect();
        assert_eq!(areas, [(&vec![0], Measured::Exact(20.0))]);
        assert_eq!(ledgers[0].findings[0].kind, "row_of_whole_city");
        assert_eq!((ledgers[0].quarantined, ledgers[1].quarantined), (1, 0));
    }
}
