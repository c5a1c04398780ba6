//! 国土数値情報 メッシュ別将来推計人口 (1 km, 500 m, 250 m): projected people by age in each cell.
//!
//! Two editions are known. In that of R6 (2024; base 2020) the five-year classes are `PT01_yyyy` …
//! `PT20_yyyy` (0–4 … 95+), in that of H30 (2018; base 2015) `PT1_yyyy` … `PT19_yyyy` (0–4 … 90+).
//! `PTN_yyyy` are people without suppression. A cell with `HITOKUyyyy = *` has given its ages to the
//! cell `GASSANyyyy`; ages of such a group are shared out among its cells in proportion to `PTN`. The
//! names are written `HITOKU_yyyy` and `GASSAN_yyyy` too. Where no cell is named, as in files of H30, the
//! suppressed cells of the prefecture and the receivers (`@`) that nobody names are one group; without such a
//! receiver the ages of a suppressed cell are those of the whole prefecture, in proportion.
//!
//! A cell on the border of two prefectures is a row in the file of each, with the people of its side;
//! `SHICODE` tells which. A cell in several municipalities names all of them (`19201_19202`); in H30 the
//! codes are numbers without a zero in front. `07999` is 福島浜通り.

use crate::geometry::mesh::MeshCode;
use crate::ingest::IngestError;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::small_counts;
use crate::ingest::study::FutureAges;
use crate::ingest::text::Source;
use crate::ingest::vector::{VectorLayer, fields, text, with_layer};
use std::collections::{BTreeMap, BTreeSet};

/// One cell with what is known of it by year.
pub(crate) struct FutureCell {
    /// Feature number.
    pub row: u64,
    /// 都道府県コード of `SHICODE`; `None` where it holds none or those of two prefectures.
    pub prefecture: Option<u8>,
    /// Cell. Once in the file for each prefecture.
    pub mesh: MeshCode,
    /// People by year; a year that cannot be used is absent.
    pub years: BTreeMap<u16, FutureAges>,
}

/// An edition: how its five-year classes are called, and how many there are.
struct Edition {
    /// Year of publication.
    year: u16,
    first_class: &'static str,
    class: fn(usize, u16) -> String,
    classes: usize,
    /// Whether the cell that receives the ages of a suppressed one must be named.
    has_receivers: bool,
}

const EDITIONS: [Edition; 2] = [
    Edition {
        year: 2024,
        first_class: "PT01_",
        class: |class, year| format!("PT{class:02}_{year}"),
        classes: 20,
        has_receivers: true,
    },
    Edition {
        year: 2018,
        first_class: "PT1_",
        class: |class, year| format!("PT{class}_{year}"),
        classes: 19,
        has_receivers: false,
    },
];

/// Five-year classes that make up the classes of [`FutureAges`]; the last takes the rest, 85 and over.
const UNDER_65: std::ops::RangeInclusive<usize> = 1..=13;
const FROM_65_TO_74: std::ops::RangeInclusive<usize> = 14..=15;
const FROM_75_TO_84: std::ops::RangeInclusive<usize> = 16..=17;
const FIRST_FROM_85: usize = 18;

/// Positions of the attributes of one year.
struct YearFields {
    year: u16,
    people: usize,
    classes: Vec<usize>,
    suppressed: usize,
    receiver: Option<usize>,
}

/// One cell in one year as it stands.
struct Raw {
    people: f64,
    /// Who holds the ages.
    ages: Ages,
}

/// The ages of a cell.
#[derive(Clone, Copy)]
enum Ages {
    /// Its own.
    Own([f64; 4]),
    /// Its own and those of suppressed cells (`@`).
    Received([f64; 4]),
    /// In the cell that is named, where one is.
    Given(Option<MeshCode>),
}

/// A cell as far as it lies in one prefecture.
type Part = (Option<u8>, MeshCode);

/// Reads all cells in the order of the file.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<FutureCell>, IngestError> {
    let (years, raw) = with_layer(source, "MESH_ID", |layer| {
        ledger.layer = source.is_zip().then(|| layer.name.clone());
        let mesh = layer.field("MESH_ID")?;
        let fields = years(&layer)?;
        let municipality = layer.optional("SHICODE");
        let mut seen: BTreeSet<Part> = BTreeSet::new();
        let mut raw: Vec<(u64, Part, Vec<Option<Raw>>)> = Vec::new();
        layer.for_each(|row, feature| {
            let said = text(feature, mesh);
            let Ok(mesh) = said.parse() else {
                return ledger.quarantine(Doubt {
                    kind: "bad_mesh_code",
                    row,
                    field: "MESH_ID",
                    said: &said,
                    meant: "地域メッシュコードではありません。この行の将来人口は使いません".to_owned(),
                });
            };
            let prefecture = municipality.and_then(|field| prefecture(&text(feature, field)));
            if !seen.insert((prefecture, mesh)) {
                return ledger.quarantine(Doubt {
                    kind: "duplicate_cell",
                    row,
                    field: "MESH_ID",
                    said: &said,
                    meant: "同じメッシュが二度あります。先の行を使い、この行の将来人口は使いません"
                        .to_owned(),
                });
            }
            ledger.store();
            raw.push((row, (prefecture, mesh), fields.iter().map(|year| parse(feature, year)).collect()));
        })?;
        Ok((fields.iter().map(|fields| fields.year).collect::<Vec<_>>(), raw))
    })?;
    tell_suppressed(&years, &raw, ledger);
    let mut cells: Vec<FutureCell> = raw
        .iter()
        .map(|(row, (prefecture, mesh), _)| FutureCell {
            row: *row,
            prefecture: *prefecture,
            mesh: *mesh,
            years: BTreeMap::new(),
        })
        .collect();
    for (at, year) in years.into_iter().enumerate() {
        let of_year = raw.iter().map(|(_, part, years)| (*part, years[at].as_ref())).collect::<Vec<_>>();
        for (cell, ages) in cells.iter_mut().zip(share_out_groups(&of_year)) {
            match ages {
                Some(ages) => {
                    cell.years.insert(year, ages);
                }
                None => ledger.warn(Doubt {
                    kind: "future_ages_unknown",
                    row: cell.row,
                    field: &format!("PT_{year}"),
                    said: &cell.mesh.to_string(),
                    meant: format!(
                        "{year} 年の総数か年齢別人口が読めません。このメッシュのこの年は不明として扱います"
                    ),
                }),
            }
        }
    }
    Ok(cells)
}

/// Year in which the edition of a file was published, by its attributes.
pub(crate) fn published(source: &Source) -> Option<u16> {
    let fields = fields(source).ok()?.into_iter().flatten().collect::<Vec<String>>();
    let is_of = |edition: &&Edition| fields.iter().any(|field| field.starts_with(edition.first_class));
    EDITIONS.iter().find(is_of).map(|edition| edition.year)
}

/// The years that have both totals and ages. The base year 2020 has totals only.
fn years(layer: &VectorLayer<'_>) -> Result<Vec<YearFields>, IngestError> {
    let years_of = |edition: &Edition| -> Vec<u16> {
        let year = |field: &String| field.strip_prefix(edition.first_class)?.parse().ok();
        layer.fields().iter().filter_map(year).collect()
    };
    let Some(edition) = EDITIONS.iter().find(|edition| !years_of(edition).is_empty()) else {
        return layer.field("PT01_2025").map(|_| Vec::new());
    };
    let mut years = years_of(edition);
    years.sort_unstable();
    years
        .into_iter()
        .map(|year| {
            let either = |name: &str| layer.optional(&format!("{name}_{year}"));
            let receiver = format!("GASSAN{year}");
            let suppressed = format!("HITOKU{year}");
            Ok(YearFields {
                year,
                people: layer.field(&format!("PTN_{year}"))?,
                classes: (1..=edition.classes)
                    .map(|class| layer.field(&(edition.class)(class, year)))
                    .collect::<Result<_, _>>()?,
                suppressed: either("HITOKU").map_or_else(|| layer.field(&suppressed), Ok)?,
                receiver: match either("GASSAN") {
                    None if edition.has_receivers => Some(layer.field(&receiver)?),
                    found => found.or_else(|| layer.optional(&receiver)),
                },
            })
        })
        .collect()
}

/// The prefecture of the codes of municipalities in `SHICODE`.
fn prefecture(said: &str) -> Option<u8> {
    let prefectures: Option<BTreeSet<u8>> = said
        .split('_')
        .map(|code| {
            let digits = code.strip_suffix(".0").unwrap_or(code);
            matches!(digits.len(), 4 | 5)
                .then(|| digits.parse::<u32>().ok())?
                .map(|code| (code / 1_000) as u8)
        })
        .collect();
    let prefectures = prefectures?;
    prefectures.first().copied().filter(|_| prefectures.len() == 1)
}

fn parse(feature: &gdal::vector::Feature<'_>, fields: &YearFields) -> Option<Raw> {
    let number = |field| {
        let number = feature.field_as_double(field).ok()??;
        (number.is_finite() && number >= 0.0).then_some(number)
    };
    let sum = |classes: std::ops::RangeInclusive<usize>| {
        classes.map(|class| number(fields.classes[class - 1])).sum::<Option<f64>>()
    };
    let ages = || {
        Some([
            sum(UNDER_65)?,
            sum(FROM_65_TO_74)?,
            sum(FROM_75_TO_84)?,
            sum(FIRST_FROM_85..=fields.classes.len())?,
        ])
    };
    Some(Raw {
        people: number(fields.people)?,
        ages: match text(feature, fields.suppressed).as_str() {
            "*" => Ages::Given(fields.receiver.and_then(|field| text(feature, field).parse().ok())),
            "@" => Ages::Received(ages()?),
            _ => Ages::Own(ages()?),
        },
    })
}

/// Cells that share their ages: those of one receiver, or all of a prefecture of which no cell is named.
type Group = (Option<u8>, Option<MeshCode>);

/// Shares the ages of each receiver out among its group, cells of one prefecture, in proportion to
/// people. `None` where that is impossible.
fn share_out_groups(cells: &[(Part, Option<&Raw>)]) -> Vec<Option<FutureAges>> {
    let known = || cells.iter().filter_map(|(part, raw)| Some((*part, (*raw)?)));
    let given = known().filter_map(|((prefecture, _), raw)| match raw.ages {
        Ages::Given(receiver) => Some((prefecture, receiver)),
        _ => None,
    });
    let given: BTreeSet<Group> = given.collect();
    let group_of = |(prefecture, mesh): Part, raw: &Raw| -> Group {
        let is_named = given.contains(&(prefecture, Some(mesh)));
        match raw.ages {
            Ages::Given(receiver) => (prefecture, receiver),
            Ages::Received(_) if !is_named && given.contains(&(prefecture, None)) => (prefecture, None),
            Ages::Own(_) | Ages::Received(_) => (prefecture, Some(mesh)),
        }
    };
    let mut people: BTreeMap<Group, f64> = BTreeMap::new();
    let mut ages: BTreeMap<Group, [f64; 4]> = BTreeMap::new();
    let mut of_prefecture: BTreeMap<Option<u8>, [f64; 4]> = BTreeMap::new();
    for (part, raw) in known() {
        let group = group_of(part, raw);
        *people.entry(group).or_default() += raw.people;
        if let Ages::Own(own) | Ages::Received(own) = raw.ages {
            add(ages.entry(group).or_default(), own);
            add(of_prefecture.entry(part.0).or_default(), own);
        }
    }
    let shared = |part: Part, raw: &Raw| {
        let group = group_of(part, raw);
        let (group_ages, group_people) = match ages.get(&group) {
            Some(ages) => (ages, people.get(&group).copied().unwrap_or(0.0)),
            None => of_prefecture.get(&part.0).map(|ages| (ages, ages.iter().sum()))?,
        };
        let share = if group_people > 0.0 { raw.people / group_people } else { 0.0 };
        let [age_under_65, age_65_74, age_75_84, age_85_plus] = group_ages.map(|age| age * share);
        Some(FutureAges { total: raw.people, age_under_65, age_65_74, age_75_84, age_85_plus })
    };
    cells.iter().map(|(part, raw)| shared(*part, (*raw)?)).collect()
}

fn add(sums: &mut [f64; 4], ages: [f64; 4]) {
    for (sum, age) in sums.iter_mut().zip(ages) {
        *sum += age;
    }
}

/// Tells how many cells and people of each year have no ages of their own.
fn tell_suppressed(years: &[u16], raw: &[(u64, Part, Vec<Option<Raw>>)], ledger: &mut Ledger) {
    let given = |at: usize| {
        raw.iter()
            .filter_map(move |(.., years)| years[at].as_ref())
            .filter(|raw| matches!(raw.ages, Ages::Given(_)))
    };
    let of_year = |(at, year): (usize, &u16)| {
        format!(
            "{year} 年 {} メッシュ {:.0} 人",
            given(at).count(),
            given(at).map(|raw| raw.people).sum::<f64>()
        )
    };
    let is_any = |(.., years): &&(u64, Part, Vec<Option<Raw>>)| {
        years.iter().flatten().any(|raw| matches!(raw.ages, Ages::Given(_)))
    };
    let how = format!(
        "総数は PTN を使い、年齢は合算先か都道府県の割合で分けた推計です（{}）",
        years.iter().enumerate().map(of_year).collect::<Vec<_>>().join("、")
    );
    small_counts::note_cells(ledger, "HITOKU", raw.iter().filter(is_any).count(), &how);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Map, Value, json};

    /// A feature of the year 2025 whose five-year classes all hold `class` people.
    fn feature(mesh: &str, people: f64, class: f64, suppressed: Value, receiver: Value) -> Value {
        let mut properties: Map<String, Value> =
            (0..=20).map(|at| (format!("PT{at:02}_2025"), json!(class))).collect();
        properties.insert("MESH_ID".into(), json!(mesh));
        properties.insert("PTN_2020".into(), json!(people));
        properties.insert("PTN_2025".into(), json!(people));
        properties.insert("HITOKU2025".into(), suppressed);
        properties.insert("GASSAN2025".into(), receiver);
        json!({ "type": "Feature", "properties": properties, "geometry": null })
    }

    fn read_features(features: &[Value]) -> (Result<Vec<FutureCell>, IngestError>, Ledger) {
        let file = json!({ "type": "FeatureCollection", "features": features }).to_string();
        let mut ledger = Ledger::new("m.geojson");
        (read(&Source::of_bytes("m.geojson", file.as_bytes()), &mut ledger), ledger)
    }

    #[test]
    fn ages_of_a_receiver_are_shared_out_in_its_group_by_people() {
        let (cells, ledger) = read_features(&[
            feature("533844161", 30.0, 2.0, json!("@"), json!(null)),
            feature("533844162", 10.0, 0.0, json!("*"), json!("533844161")),
            feature("533844163", 20.0, 1.0, json!(null), json!(null)),
        ]);
        let cells = cells.expect("read");
        assert_eq!(ledger.stored, 3);
        let ages = |at: usize| cells[at].years[&2025];
        assert_eq!(ages(0).age_under_65, 26.0 * 0.75);
        assert_eq!(ages(1).age_under_65, 26.0 * 0.25);
        assert_eq!(ages(1).age_85_plus, 6.0 * 0.25);
        assert_eq!((ages(0).total, ages(1).total), (30.0, 10.0));
        assert_eq!((ages(2).age_65_74, ages(2).age_75_84), (2.0, 2.0));
        assert!(!cells[0].years.contains_key(&2020));
    }

    #[test]
    fn a_cell_without_any_ages_is_unknown_in_that_year_and_a_bad_code_is_quarantined() {
        let (cells, ledger) = read_features(&[
            feature("533844162", 10.0, 0.0, json!("*"), json!("533844161")),
            feature("5338", 10.0, 1.0, json!(null), json!(null)),
        ]);
        let cells = cells.expect("read");
        assert_eq!((cells.len(), cells[0].years.len()), (1, 0));
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (2, 1, 1));
        assert!(ledger.findings.iter().any(|finding| finding.kind == "future_ages_unknown"));
    }

    #[test]
    fn people_of_a_suppressed_cell_stay_where_no_cell_holds_its_ages() {
        let (cells, ledger) = read_features(&[
            feature("533844161", 30.0, 4.0, json!(null), json!(null)),
            feature("533844162", 10.0, 0.0, json!("*"), json!("533844999")),
            feature("533844163", 5.0, 0.0, json!("*"), json!(null)),
        ]);
        let cells = cells.expect("read");
        let ages = |at: usize| cells[at].years[&2025];
        // Four in each of twenty classes: thirteen of them are under 65.
        assert_eq!((ages(1).total, ages(1).age_under_65), (10.0, 6.5));
        assert_eq!((ages(2).total, ages(2).age_under_65), (5.0, 3.25));
        assert_eq!(ages(0).age_under_65, 52.0, "the others keep theirs");
        let told: Vec<&str> = ledger.findings.iter().map(|one| one.kind.as_str()).collect();
        assert_eq!(told, ["suppressed_cell"]);
        assert!(
            ledger.findings[0].meant.contains("2025 年 2 メッシュ 15 人"),
            "{}",
            ledger.findings[0].meant
        );
    }

    #[test]
    fn receivers_that_nobody_names_share_their_ages_with_the_cells_that_name_nobody() {
        let mut features = [
            feature("533844161", 30.0, 2.0, json!("@"), json!(null)),
            feature("533844162", 10.0, 0.0, json!("*"), json!(null)),
            feature("533844163", 20.0, 1.0, json!(null), json!(null)),
        ];
        for feature in &mut features {
            let properties = feature["properties"].as_object_mut().expect("properties");
            for name in ["HITOKU", "GASSAN"] {
                let value = properties.remove(&format!("{name}2025")).expect("there");
                properties.insert(format!("{name}_2025"), value);
            }
        }
        let (cells, _) = read_features(&features);
        let cells = cells.expect("the other spelling");
        let under_65: Vec<f64> = cells.iter().map(|cell| cell.years[&2025].age_under_65).collect();
        assert_eq!(under_65, [26.0 * 0.75, 26.0 * 0.25, 13.0]);
    }

    #[test]
    fn a_cell_there_twice_is_taken_once_and_the_sides_of_a_border_apart() {
        let of = |prefecture: &str, mut feature: Value| {
            feature["properties"]["SHICODE"] = json!(prefecture);
            feature
        };
        let (cells, ledger) = read_features(&[
            of("19201", feature("533844161", 30.0, 2.0, json!("@"), json!(null))),
            of("19202", feature("533844161", 30.0, 2.0, json!("@"), json!(null))),
            of("19201", feature("533844162", 10.0, 0.0, json!("*"), json!("533844161"))),
            of("22101", feature("533844161", 5.0, 1.0, json!(null), json!(null))),
        ]);
        let cells = cells.expect("read");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (4, 3, 1));
        assert_eq!((ledger.findings[0].kind.as_str(), ledger.findings[0].row), ("duplicate_cell", Some(2)));
        let found: Vec<(Option<u8>, f64)> =
            cells.iter().map(|cell| (cell.prefecture, cell.years[&2025].age_under_65)).collect();
        assert_eq!(found, [(Some(19), 26.0 * 0.75), (Some(19), 26.0 * 0.25), (Some(22), 13.0)]);
    }

    #[test]
    fn the_layout_of_another_edition_is_refused() {
        let old = json!({ "type": "Feature", "properties": { "MESH_ID": 533844161, "POP2010": 1.0 }, "geometry": null });
        let (cells, _) = read_features(&[old]);
        let error = cells.err().expect("refused");
        assert!(error.to_string().contains("PT01_2025"), "{error}");
    }

    /// A feature of H30 in 2025: class n holds n people, so 85 and over are 18 + 19 = 37.
    fn feature_of_h30(mesh: u32, municipality: u32, suppressed: &str) -> Value {
        let mut properties: Map<String, Value> =
            (1..=19).map(|at| (format!("PT{at}_2025"), json!(f64::from(at)))).collect();
        properties.insert("MESH_ID".into(), json!(mesh));
        properties.insert("SHICODE".into(), json!(municipality));
        properties.insert("PTN_2015".into(), json!(200.0));
        properties.insert("PTN_2025".into(), json!(190.0));
        properties.insert("PT0_2025".into(), json!(190.0));
        properties.insert("PTE_2025".into(), json!(54.0));
        properties.insert("HITOKU2025".into(), json!(suppressed));
        json!({ "type": "Feature", "properties": properties, "geometry": null })
    }

    #[test]
    fn the_classes_of_h30_end_at_ninety_and_codes_lose_their_zero() {
        let (cells, ledger) =
            read_features(&[feature_of_h30(644_142_881, 1_101, ""), feature_of_h30(644_142_882, 1_101, "*")]);
        let cells = cells.expect("read");
        let ages = cells[0].years[&2025];
        let read = [ages.total, ages.age_under_65, ages.age_65_74, ages.age_75_84, ages.age_85_plus];
        assert_eq!(read, [190.0, 91.0, 29.0, 33.0, 37.0]);
        assert_eq!(cells[0].prefecture, Some(1));
        let file =
            json!({ "type": "FeatureCollection", "features": [feature_of_h30(644_142_881, 1_101, "")] });
        let source = Source::of_bytes("m.geojson", file.to_string().as_bytes());
        assert_eq!(published(&source), Some(2018));
        // The file does not say where the ages of a suppressed cell are: its people are as old as the others.
        assert_eq!((cells[1].years[&2025].total, cells[1].years[&2025].age_85_plus), (190.0, 37.0));
        assert_eq!((ledger.stored, ledger.findings[0].kind.as_str()), (2, "suppressed_cell"));
    }

    #[test]
    fn codes_of_several_municipalities_and_of_hamadori_tell_their_prefecture() {
        for (said, expected) in [
            ("19201_19202", Some(19)),
            ("19201_22101", None),
            ("07999", Some(7)),
            ("7999", Some(7)),
            ("1101.0", Some(1)),
            ("", None),
            ("192", None),
            ("甲府市", None),
        ] {
            assert_eq!(prefecture(said), expected, "{said}");
        }
    }
}
