//! What is looked for in the data as a whole, and the topics under which findings are told
//! (`shapes/tables/quality.toml`).

use crate::ingest::address::comparable;
use crate::ingest::geocode::Geocoder;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::manifest::{InputKind, Manifest};
use crate::ingest::study::{Institution, Precision};
use geo::Point;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

static TABLE: LazyLock<QualityTable> = LazyLock::new(|| {
    toml::from_str(include_str!("../../shapes/tables/quality.toml"))
        .expect("the table of data quality is part of the program and tested")
});

/// What is looked for, and what it means.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QualityTable {
    /// Day of the table.
    pub as_of: String,
    /// What it rests on.
    pub source: String,
    /// Institutions of so many different houses at one point make it a placeholder.
    placeholder_houses: usize,
    /// Institutions of so many municipalities at one point make it a placeholder.
    placeholder_municipalities: usize,
    /// Metres beyond which two coordinates of one institution are two places.
    coordinates_apart_m: f64,
    /// Months before the state of the study after which a file of a kind is old.
    oldest_months: BTreeMap<InputKind, u32>,
    /// Kinds of which no age is looked for, with the reason.
    ageless: BTreeMap<InputKind, String>,
    /// In the order in which they are shown.
    #[serde(rename = "topic")]
    pub topics: Vec<Topic>,
}

/// Findings that mean the same for an office.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Stable word.
    pub id: String,
    /// Japanese name.
    pub ja: String,
    /// English name.
    pub en: String,
    /// What it means, in Japanese.
    pub meaning_ja: String,
    /// The same in English.
    pub meaning_en: String,
    /// What can be done, in Japanese.
    pub todo_ja: String,
    /// The same in English.
    pub todo_en: String,
    /// Kinds of finding with their Japanese names.
    pub kinds: BTreeMap<String, String>,
}

impl QualityTable {
    /// The table that the program carries.
    #[must_use]
    pub fn shipped() -> &'static Self {
        &TABLE
    }

    /// Whether the table says when a file of a kind is old, or why it never is: one of the two, not both.
    #[must_use]
    pub fn tells_age_of(&self, kind: InputKind) -> bool {
        let is_ageless = self.ageless.get(&kind).is_some_and(|reason| !reason.is_empty());
        self.oldest_months.contains_key(&kind) != is_ageless
    }

    /// Metres beyond which two coordinates of one institution are two places.
    pub(crate) const fn coordinates_apart_m(&self) -> f64 {
        self.coordinates_apart_m
    }

    /// Position of the topic of a kind of finding; the last is for what belongs nowhere else.
    #[must_use]
    pub fn topic_of(&self, kind: &str) -> usize {
        let known = self.topics.iter().position(|topic| topic.kinds.contains_key(kind));
        known.unwrap_or(self.topics.len() - 1)
    }

    /// Japanese name of a kind of finding.
    #[must_use]
    pub fn name_of(&self, kind: &str) -> Option<&str> {
        self.topics.iter().find_map(|topic| topic.kinds.get(kind)).map(String::as_str)
    }
}

/// Tells of files that are old beside the study, and of those of which nobody says how old they are.
pub(crate) fn tell_editions(manifest: &Manifest, ledgers: &mut [Ledger]) {
    let today = month_of(&manifest.study.as_of);
    for (entry, ledger) in manifest.inputs.iter().zip(ledgers) {
        let Some(oldest) = TABLE.oldest_months.get(&entry.kind) else { continue };
        let Some(date) = &entry.date else {
            ledger.note(Doubt {
                kind: "edition_unknown",
                row: 0,
                field: "date",
                said: "",
                meant: "時点が書かれていません。古くないか確かめられません".to_owned(),
            });
            continue;
        };
        let age = today.zip(month_of(date)).and_then(|(today, month)| today.checked_sub(month));
        if let Some(age) = age.filter(|age| age > oldest) {
            ledger.warn(Doubt {
                kind: "stale_edition",
                row: 0,
                field: "date",
                said: date,
                meant: format!(
                    "検討の時点（{}）より {age} か月古い版です（目安は {oldest} か月まで）。新しい版がないか確かめてください",
                    manifest.study.as_of
                ),
            });
        }
    }
}

/// Months since year 0 of `2025-09-01`, `2025-09` or `2025`, which reaches to its end.
fn month_of(date: &str) -> Option<u32> {
    let mut parts = date.split('-');
    let year: u32 = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
    let month: u32 = parts.next().map_or(Some(12), |month| month.parse().ok())?;
    (1..=12).contains(&month).then_some(year * 12 + month)
}

/// Tells of points at which institutions of different houses or municipalities stand. Coordinates that
/// were refused, because they lie outside the municipality of the address, count too.
pub(crate) fn tell_placeholders(institutions: &[Institution], geocoder: &Geocoder, ledgers: &mut [Ledger]) {
    let mut points: BTreeMap<[u64; 2], Shared> = BTreeMap::new();
    let key = |point: Point| [point.x().to_bits(), point.y().to_bits()];
    for one in institutions.iter().filter(|one| one.precision == Precision::Point) {
        let (Some(position), Some(source)) = (one.position, one.sources.first()) else { continue };
        let shared =
            points.entry(key(position)).or_insert_with(|| Shared::new(position, source.input, source.row));
        let house = geocoder.house(&one.address);
        shared.municipalities.extend(house.as_ref().map(|(at, _)| *at));
        shared
            .houses
            .insert(house.map_or_else(|| comparable(&one.address), |(at, house)| format!("{at} {house}")));
        shared.names.push(one.name.clone());
    }
    for (input, ledger) in ledgers.iter().enumerate() {
        for refused in ledger.findings.iter().filter(|one| one.kind == "coordinates_outside_municipality") {
            let Some([x, y]) = refused.place else { continue };
            let position = Point::new(x, y);
            let row = refused.row.unwrap_or_default();
            let shared = points.entry(key(position)).or_insert_with(|| Shared::new(position, input, row));
            shared.refused.insert((input, row));
        }
    }
    for shared in points.into_values().filter(Shared::is_placeholder) {
        let ledger = &mut ledgers[shared.input];
        ledger.warn(Doubt {
            kind: "placeholder_coordinates",
            row: shared.row,
            field: "緯度経度",
            said: &format!("{},{}", shared.position.y(), shared.position.x()),
            meant: shared.meant(),
        });
        ledger.place(shared.position);
    }
}

/// Who stands at one point.
struct Shared {
    position: Point,
    input: usize,
    row: u64,
    houses: BTreeSet<String>,
    municipalities: BTreeSet<usize>,
    names: Vec<String>,
    /// Rows whose coordinates were refused.
    refused: BTreeSet<(usize, u64)>,
}

/// Names that a finding gives.
const NAMES_TOLD: usize = 3;

impl Shared {
    fn new(position: Point, input: usize, row: u64) -> Self {
        Self {
            position,
            input,
            row,
            houses: BTreeSet::new(),
            municipalities: BTreeSet::new(),
            names: Vec::new(),
            refused: BTreeSet::new(),
        }
    }

    fn is_placeholder(&self) -> bool {
        let houses = self.houses.len() + self.refused.len();
        let elsewhere = usize::from(!self.refused.is_empty());
        houses >= TABLE.placeholder_houses
            || (houses > 1 && self.municipalities.len() + elsewhere >= TABLE.placeholder_municipalities)
    }

    fn meant(&self) -> String {
        let names = self.names.iter().take(NAMES_TOLD).map(String::as_str).collect::<Vec<_>>().join("、");
        let refused = match self.refused.len() {
            0 => String::new(),
            rows => format!("、ほかの市町村の所在地で使わなかった {rows} 行"),
        };
        format!(
            "番地の違う {} 施設（{names} など）がちょうど同じ座標にあります{refused}。役場などの代表点と思われます。位置を確かめてください",
            self.names.len()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::manifest::{InputEntry, Parameters, StudyHeader};
    use crate::ingest::study::{Municipality, Practice, SourceRow};
    use geo::MultiPolygon;

    #[test]
    fn every_kind_stands_under_one_topic() {
        let table = QualityTable::shipped();
        assert_eq!(table.as_of, "2026-11-30");
        assert_eq!(table.topics.last().map(|topic| topic.id.as_str()), Some("other"));
        let kinds: Vec<&String> = table.topics.iter().flat_map(|topic| topic.kinds.keys()).collect();
        assert_eq!(kinds.len(), kinds.iter().collect::<BTreeSet<_>>().len());
        assert_eq!(table.topics[table.topic_of("unlocated")].id, "place");
        assert_eq!(table.topics[table.topic_of("of tomorrow")].id, "other");
        assert_eq!(table.name_of("unlocated"), Some("位置不明"));
    }

    #[test]
    fn files_older_than_their_kind_allows_are_told_and_so_are_those_without_date() {
        let entry = |kind, date: Option<&str>| InputEntry {
            date: date.map(str::to_owned),
            ..InputEntry::of(kind, "x")
        };
        let inputs = vec![
            entry(InputKind::Todokede, Some("2024-08-01")),
            entry(InputKind::Todokede, Some("2024-09-01")),
            entry(InputKind::RoadsOsm, Some("2022")),
            entry(InputKind::CensusMesh, None),
            entry(InputKind::OwnFigures, None),
            entry(InputKind::N03Boundary, Some("2026-01-01")),
        ];
        let study = StudyHeader {
            prefecture: "19".to_owned(),
            name: "山梨県".to_owned(),
            as_of: "2025-09".to_owned(),
            census_year: 2020,
            invented: false,
            neighbours: BTreeSet::new(),
        };
        let mut ledgers: Vec<Ledger> = inputs.iter().map(|one| Ledger::new(&one.path)).collect();
        let manifest = Manifest {
            study,
            inputs,
            parameters: Parameters::default(),
            overlays: Vec::new(),
            file: String::new(),
            folder: "".into(),
        };
        tell_editions(&manifest, &mut ledgers);
        let told: Vec<Vec<&str>> =
            ledgers.iter().map(|one| one.findings.iter().map(|one| one.kind.as_str()).collect()).collect();
        let expected: [&[&str]; 6] = [&["stale_edition"], &[], &[], &["edition_unknown"], &[], &[]];
        assert_eq!(told, expected);
        assert!(ledgers[0].findings[0].meant.contains("13 か月古い"), "{}", ledgers[0].findings[0].meant);
    }

    fn institution(row: u64, address: &str, position: Point) -> Institution {
        Institution {
            id: format!("iryo:{row}"),
            name: format!("医院{row}"),
            address: address.to_owned(),
            municipality: Some(0),
            position: Some(position),
            precision: Precision::Point,
            correction: None,
            classes: BTreeSet::new(),
            beds: None,
            practice: Practice::default(),
            sources: vec![SourceRow { input: 0, row, matched_by: "own record".into(), score: 100 }],
            origins: crate::ingest::study::Origins::default(),
        }
    }

    fn told(institutions: &[Institution], refused: &[(u64, Point)]) -> Vec<(Option<u64>, String)> {
        let municipality = |code: &str, name: &str| Municipality {
            code: code.parse().expect("code"),
            name: name.to_owned(),
            boundary: MultiPolygon(Vec::new()),
            areas: BTreeMap::new(),
            further: BTreeMap::new(),
            office: None,
        };
        let municipalities = [municipality("19201", "甲府市"), municipality("19202", "富士吉田市")];
        let geocoder = Geocoder::new("山梨県", &municipalities, &BTreeMap::new(), &[]);
        let mut ledgers = [Ledger::new("a.csv")];
        for (row, point) in refused {
            let kind = "coordinates_outside_municipality";
            ledgers[0].warn(Doubt { kind, row: *row, field: "", said: "", meant: String::new() });
            ledgers[0].place(*point);
        }
        tell_placeholders(institutions, &geocoder, &mut ledgers);
        let found = ledgers[0].findings.iter().filter(|one| one.kind == "placeholder_coordinates");
        found.map(|one| (one.row, one.meant.clone())).collect()
    }

    #[test]
    fn four_houses_at_one_point_or_two_municipalities_make_a_placeholder() {
        let point = Point::new(138.5, 35.6);
        let at = |row: u64, house: &str| institution(row, &format!("山梨県甲府市丸の内{house}"), point);
        let three = [at(2, "1-1"), at(3, "1-2"), at(4, "2-1")];
        assert!(told(&three, &[]).is_empty(), "three houses may share a building");
        let one_house = [at(2, "1-1"), at(3, "1-1"), at(4, "1-1"), at(5, "1-1")];
        assert!(told(&one_house, &[]).is_empty(), "offices of one house");
        let four = [at(2, "1-1"), at(3, "1-2"), at(4, "2-1"), at(5, "3-1")];
        let found = told(&four, &[]);
        assert_eq!((found.len(), found[0].0), (1, Some(2)));
        assert!(found[0].1.contains("4 施設（医院2、医院3、医院4 など）"), "{}", found[0].1);
        let two = [at(2, "1-1"), institution(3, "山梨県富士吉田市下吉田1", point)];
        assert_eq!(told(&two, &[]).len(), 1, "two municipalities");
        assert_eq!(told(&[at(2, "1-1")], &[(7, point)]).len(), 1, "one of them was refused");
        assert!(told(&[at(2, "1-1")], &[(7, Point::new(138.5, 35.7))]).is_empty());
    }
}
