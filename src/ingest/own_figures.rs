//! Figures of municipalities from tables of any layout: extracts of NDB and KDB, the state's data book,
//! own surveys. A small mapping file (TOML) beside the table says which column is what; the mapping is
//! the input, and names the table.
//!
//! A count that its source has suppressed is [`Measured::Small`], one that nobody has counted
//! [`Measured::Unknown`]; neither is ever zero.

use crate::ingest::IngestError;
use crate::ingest::cohort_counts::is_suppressed;
use crate::ingest::dates::{self, YEARS};
use crate::ingest::geocode::Geocoder;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::manifest::line_of;
use crate::ingest::own_table::{self, Asked, OwnRow};
use crate::ingest::print_list::plain;
use crate::ingest::public_body;
use crate::ingest::small_counts::note_counts;
use crate::ingest::study::{AreaValue, Element, Function, Importance, Indicator, Measured, Municipality};
use crate::ingest::text::{Source, decode, digest, place};
use serde::Deserialize;
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
    /// Names of its indicators, with the years.
    pub(crate) fn holds(&self) -> impl Iterator<Item = String> {
        self.rows.iter().flat_map(|row| {
            let name = |at: usize| &self.mapping.indicators[at].name;
            row.values.iter().map(move |(at, ..)| format!("{} {}", name(*at), row.year))
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
    let mut asked = 0_usize;
    for (at, one) in mapping.indicators.iter().enumerate() {
        let is = |only: &Only| plain(row.get(columns.at(&only.column))) == plain(&only.is);
        if !one.only.as_ref().is_none_or(is) {
            continue;
        }
        asked += 1;
        let column = columns.at(&one.column);
        if let Some(value) = measured(row.get(column), one, mapping) {
            values.push((at, row.place(column).to_owned(), value));
        } else {
            ledger.warn(Doubt {
                kind: "bad_figure",
                row: row.row,
                field: row.place(column),
                // A finding is published, and a count may be of few.
                said: if one.patients { "" } else { row.get(column) },
                meant: format!("{}: 数として読めません。不明として扱います", one.name),
            });
        }
    }
    let wrong = [
        (row.get(municipality).is_empty(), municipality, "市区町村が空です"),
        (year.is_none(), year_at.unwrap_or(municipality), "年（西暦か令和）ではありません"),
        (asked > 0 && values.is_empty(), municipality, "読める数が一つもありません"),
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

/// Takes the rows of one file. Those that name no municipality of the boundaries, and second values of
/// the same, are told.
pub(crate) fn take(
    input: usize,
    figures: OwnFigures,
    municipalities: &[Municipality],
    geocoder: &Geocoder,
    indicators: &mut Vec<Indicator>,
    ledger: &mut Ledger,
) {
    let prefecture = municipalities.first().map_or("", |first| first.code.prefecture()).to_owned();
    let zeros_lost = public_body::zeros_are_lost(figures.rows.iter().map(|row| row.municipality.0.as_str()));
    for row in figures.rows {
        ledger.layer.clone_from(&row.layer);
        let (said, place) = &row.municipality;
        let code = public_body::read(said, zeros_lost);
        if code.as_ref().is_some_and(|code| code.len() == 5 && !code.starts_with(&prefecture)) {
            continue;
        }
        let known = match code {
            Some(code) => municipalities.iter().position(|one| one.code.as_str() == code),
            None => geocoder.municipality(said).filter(|(_, rest)| rest.is_empty()).map(|(at, _)| at),
        };
        let Some(municipality) = known else {
            ledger.withdraw(Doubt {
                kind: "unknown_municipality",
                row: row.row,
                field: place,
                said,
                meant:
                    "行政区域にある市区町村のコードでも名称でもありません（合計の行など）。この行は使いません"
                        .to_owned(),
            });
            continue;
        };
        for (at, place, value) in row.values {
            let mapped = &figures.mapping.indicators[at];
            let indicator = indicator_of(indicators, mapped, row.year, input, &figures.mapping.source);
            let of = vec![municipality];
            if indicator.areas.iter().any(|area| area.municipalities.contains(&municipality)) {
                ledger.warn(Doubt {
                    kind: "duplicate_figure",
                    row: row.row,
                    field: &place,
                    said: "",
                    meant: format!(
                        "{} {}年: 同じ市区町村の値が二度あります。先の値を使います",
                        mapped.name, row.year
                    ),
                });
            } else {
                indicator.areas.push(AreaValue { name: String::new(), municipalities: of, value });
            }
        }
    }
}

fn indicator_of<'a>(
    indicators: &'a mut Vec<Indicator>,
    mapped: &MappedIndicator,
    year: u16,
    input: usize,
    source: &str,
) -> &'a mut Indicator {
    let known = indicators.iter().position(|one| one.name == mapped.name && one.year == Some(year));
    let at = known.unwrap_or_else(|| {
        indicators.push(Indicator {
            name: mapped.name.clone(),
            year: Some(year),
            unit: mapped.unit.clone(),
            function: mapped.function,
            element: mapped.element,
            importance: mapped.importance,
            adds_up: mapped.adds_up,
            patients: mapped.patients,
            source: source.to_owned(),
            input,
            areas: Vec::new(),
        });
        indicators.len() - 1
    });
    &mut indicators[at]
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::MultiPolygon;
    use std::collections::BTreeMap;

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

    fn municipalities() -> Vec<Municipality> {
        [("19201", "甲府市"), ("19202", "富士吉田市")]
            .map(|(code, name)| Municipality {
                code: code.parse().expect("code"),
                name: name.to_owned(),
                boundary: MultiPolygon(Vec::new()),
                areas: BTreeMap::new(),
                further: BTreeMap::new(),
                office: None,
            })
            .into()
    }

    #[test]
    fn a_long_table_becomes_indicators_of_municipalities_by_code_or_name() {
        let table = "市町村,年度,区分,件数\n192015,令和5年度,訪問診療,\"1,234\"\n富士吉田市,R5,訪問診療,<10\n\
            甲府市,2023,自宅死,18.5%\n19202,2023,自宅死,-\n合計,2023,訪問診療,1240\n13101,2023,訪問診療,99\n\
            甲府市,2023,訪問診療,5\n甲府市,5,訪問診療,5\n富士吉田市,2022,訪問診療,七\n富士吉田市,2021,訪問診療,秘匿\n";
        let (read, mut ledger) = read_table(MAPPING, table);
        let read = read.expect("read");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (10, 8, 2));
        let places = municipalities();
        let geocoder = Geocoder::new("山梨県", &places, &BTreeMap::new(), &[]);
        let mut indicators = Vec::new();
        take(0, read, &places, &geocoder, &mut indicators, &mut ledger);
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
            ("訪問診療を受けた患者数", Some(2021), vec![(1, Measured::Small)]),
        ];
        assert_eq!(found, expected);
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (10, 7, 3));
        let told: Vec<_> =
            ledger.findings.iter().map(|one| (one.kind.as_str(), one.row, one.said.as_str())).collect();
        let expected = [
            ("bad_figure_row", Some(9), "5"),
            ("bad_figure", Some(10), ""),
            ("bad_figure_row", Some(10), "富士吉田市"),
            ("suppressed_cell", None, ""),
            ("unknown_municipality", Some(6), "合計"),
            ("duplicate_figure", Some(8), ""),
        ];
        assert_eq!(told, expected);
        assert_eq!(indicators[0].function, Some(Function::DailyCare));
        assert_eq!((indicators[0].importance, indicators[1].importance), (Some(Importance::Key), None));
        assert_eq!(ledger.findings[0].layer.as_deref(), Some("ndb.csv"));
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
}
