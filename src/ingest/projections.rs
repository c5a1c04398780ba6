//! Sums held against each other: cells against municipalities, municipalities against the
//! prefecture.

use crate::ids::MunicipalityCode;
use crate::ingest::bring::{Amount, Onto, Told, Words, bring};
use crate::ingest::crosswalk::distribute;
use crate::ingest::ipss::{AgeClass, Classes, ProjectionRow, Region};
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::study::{Cell, Municipality, Projection};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Differences above this share are told.
const TOLERATED_SHARE: f64 = 0.05;

/// People by municipality and year, as far as the files that were read so far tell.
pub(crate) type Known = BTreeMap<(MunicipalityCode, u16), Classes>;

/// People of a row by year.
type Years = BTreeMap<u16, Classes>;

impl Amount for Years {
    fn plus(&self, other: &Self) -> Option<Self> {
        let sum = |year: &u16, classes: &Classes| -> Option<Classes> {
            let others = other.get(year)?;
            classes
                .iter()
                .map(|(class, people)| Some((*class, people.checked_add(*others.get(class)?)?)))
                .collect()
        };
        self.iter().map(|(year, classes)| Some((*year, sum(year, classes)?))).collect()
    }

    fn parted(&self, shares: &[f64]) -> Option<Vec<Self>> {
        let mut parts = vec![Self::new(); shares.len()];
        for (year, classes) in self {
            for (class, people) in classes {
                for (part, people) in parts.iter_mut().zip(distribute(*people, shares)) {
                    part.entry(*year).or_default().insert(*class, people);
                }
            }
        }
        Some(parts)
    }
}

/// Takes the rows of one file, those of codes of another time as what the codes became. Several files tell of several classes of age of one municipality and year;
/// a class that was told before is set aside with its row. Rows of the prefecture itself are held against
/// the sum of its municipalities. A designated city whose wards are the municipalities of the study is
/// counted by them. Rows of municipalities that the boundary file does not know are set aside.
pub(crate) fn take(
    rows: Vec<ProjectionRow>,
    onto: &Onto<'_>,
    prefecture: &str,
    known: &mut Known,
    ledger: &mut Ledger,
) {
    let mut of_prefecture = Vec::new();
    let mut told = Vec::new();
    let twice = || "同じ市区町村・年・年齢の将来人口が二度あります。この行は使いません".to_owned();
    let mut take = |code: MunicipalityCode, years: Years| {
        let before = |(year, classes): (&u16, &Classes)| {
            let before = known.get(&(code, *year));
            before.is_some_and(|before| classes.keys().any(|class| before.contains_key(class)))
        };
        let is_new = !years.iter().any(before);
        for (year, classes) in years.into_iter().filter(|_| is_new) {
            known.entry((code, year)).or_default().extend(classes);
        }
        is_new
    };
    for row in rows.into_iter().filter(|row| row.code.prefecture() == prefecture) {
        let ProjectionRow { row: line, region, code, years, .. } = row;
        if region == Region::Prefecture {
            of_prefecture.push((line, years));
        } else if is_joint(code) {
            if !take(code, years) {
                let (kind, field) = ("duplicate_projection", "muni_code");
                ledger.withdraw(Doubt { kind, row: line, field, said: code.as_str(), meant: twice() });
            }
        } else if region == Region::Municipality || !onto.parts(code).is_empty() {
            let classes = |(year, classes): (&u16, &Classes)| (*year, classes.keys().copied().collect());
            let key: Vec<(u16, Vec<AgeClass>)> = years.iter().map(classes).collect();
            told.push(Told { row: line, key, code, amount: years });
        }
    }
    let words = Words {
        field: "muni_code",
        duplicate: ("duplicate_projection", &|_| twice()),
        unknown: "行政区域にない市区町村です。この行の将来人口は使いません",
    };
    bring(told, onto, &words, ledger, |_, at, years| take(onto.municipalities[at].code, years));
    for (row, years) in of_prefecture {
        for (year, classes) in years {
            compare_with_prefecture(row, year, &classes, known, ledger);
        }
    }
}

fn compare_with_prefecture(row: u64, year: u16, classes: &Classes, known: &Known, ledger: &mut Ledger) {
    let Some(said) = classes.get(&AgeClass::Total) else { return };
    let of_year = known.iter().filter(|((_, other), _)| *other == year);
    let sum: u64 =
        of_year.filter_map(|(_, classes)| classes.get(&AgeClass::Total)).copied().map(u64::from).sum();
    if sum != u64::from(*said) {
        ledger.warn(Doubt {
            kind: "projection_sum",
            row,
            field: "total",
            said: &said.to_string(),
            meant: format!("{year} 年の市町村の合計は {sum} 人で、県の値と違います"),
        });
    }
}

/// The projections of which at least everybody and people aged 65 and over are known; the others are told.
pub(crate) fn complete(known: Known, ledger: &mut Ledger) -> BTreeMap<(MunicipalityCode, u16), Projection> {
    let mut lacking: BTreeSet<MunicipalityCode> = BTreeSet::new();
    let mut projections = BTreeMap::new();
    for ((code, year), classes) in known {
        let of = |class| classes.get(&class).copied();
        let (Some(total), Some(age_65_plus)) = (of(AgeClass::Total), of(AgeClass::From65)) else {
            lacking.insert(code);
            continue;
        };
        let projection = Projection {
            total,
            age_under_15: of(AgeClass::Under15),
            age_15_64: of(AgeClass::From15To64),
            age_65_plus,
            age_75_plus: of(AgeClass::From75),
            age_85_plus: of(AgeClass::From85),
        };
        projections.insert((code, year), projection);
    }
    if !lacking.is_empty() {
        ledger.warn(Doubt {
            kind: "projection_incomplete",
            row: 0,
            field: "",
            said: "",
            meant: format!(
                "将来推計人口の総人口と 65歳以上人口の両方はそろっていない市区町村が {} あり、その将来人口は使いません。社人研の結果表1と結果表2-3の両方を study.toml に入れてください",
                lacking.len()
            ),
        });
    }
    projections
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JointTable {
    #[serde(rename = "as_of")]
    _as_of: String,
    area: Vec<JointArea>,
}

/// Municipalities that are projected together.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JointArea {
    code: MunicipalityCode,
    name: String,
    municipalities: Vec<MunicipalityCode>,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "tag")]
    _tag: String,
}

static JOINT: LazyLock<Vec<JointArea>> = LazyLock::new(|| {
    let table: JointTable = toml::from_str(include_str!("../../shapes/tables/joint_projections.toml"))
        .expect("the table of joint projections is part of the program and tested");
    table.area
});

fn is_joint(code: MunicipalityCode) -> bool {
    JOINT.iter().any(|area| area.code == code)
}

/// Name of municipalities that are projected together under a code.
pub(crate) fn joint_name(code: MunicipalityCode) -> Option<&'static str> {
    JOINT.iter().find(|area| area.code == code).map(|area| area.name.as_str())
}

/// The code under which a municipality is projected together with others; `None` for most.
pub(crate) fn joint_area(municipality: MunicipalityCode) -> Option<MunicipalityCode> {
    JOINT.iter().find(|area| area.municipalities.contains(&municipality)).map(|area| area.code)
}

/// People of each municipality in the year of the census, where known.
pub(crate) fn census_totals(
    municipalities: &[Municipality],
    projections: &BTreeMap<(MunicipalityCode, u16), Projection>,
    census_year: u16,
) -> Vec<Option<u32>> {
    let total = |one: &Municipality| projections.get(&(one.code, census_year)).map(|year| year.total);
    municipalities.iter().map(total).collect()
}

/// Tells where the people of a municipality's cells differ from its projection's base year.
pub(crate) fn compare_with_cells(
    municipalities: &[Municipality],
    cells: &[Cell],
    projections: &BTreeMap<(MunicipalityCode, u16), Projection>,
    census_year: u16,
    ledger: &mut Ledger,
) {
    let mut sums = vec![0_u64; municipalities.len()];
    for cell in cells {
        sums[cell.municipality] += u64::from(cell.population.total);
    }
    for (municipality, sum) in municipalities.iter().zip(sums) {
        let Some(projection) = projections.get(&(municipality.code, census_year)) else { continue };
        let expected = f64::from(projection.total);
        if (sum as f64 - expected).abs() > expected * TOLERATED_SHARE {
            ledger.note(Doubt {
                kind: "cell_sum_differs",
                row: 0,
                field: "",
                said: &sum.to_string(),
                meant: format!(
                    "{}（{}）のメッシュ人口の合計は {sum} 人、社人研の {census_year} 年は {} 人で、5% を超えて違います。境にかかるメッシュは陸地の面積と市町村の人口から分けています",
                    municipality.name, municipality.code, projection.total
                ),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::code_changes::crosswalk;
    use crate::ingest::crosswalk::Crosswalk;
    use crate::units::AgeCounts;
    use geo::{MultiPolygon, Point};

    fn municipality(code: &str) -> Municipality {
        Municipality {
            code: code.parse().expect("code"),
            name: code.to_owned(),
            boundary: MultiPolygon(Vec::new()),
            areas: BTreeMap::new(),
            further: BTreeMap::new(),
            office: None,
        }
    }

    fn onto<'a>(crosswalk: &'a Crosswalk, municipalities: &'a [Municipality]) -> Onto<'a> {
        Onto { crosswalk, municipalities, people: &|_| None }
    }

    fn row(row: u64, code: &str, total: u32) -> ProjectionRow {
        row_of(row, code, Region::Municipality, &[(AgeClass::Total, total), (AgeClass::From65, 1)])
    }

    fn row_of(row: u64, code: &str, region: Region, classes: &[(AgeClass, u32)]) -> ProjectionRow {
        ProjectionRow {
            row,
            region,
            code: code.parse().expect("code"),
            years: BTreeMap::from([(2020, classes.iter().copied().collect())]),
            office: None,
        }
    }

    fn of_prefecture(row: u64, total: u32) -> ProjectionRow {
        row_of(row, "19000", Region::Prefecture, &[(AgeClass::Total, total)])
    }

    fn cell(municipality: usize, total: u32) -> Cell {
        Cell {
            mesh: "53384416".parse().expect("mesh"),
            municipality,
            centre: Point::new(0.0, 0.0),
            outline: MultiPolygon(Vec::new()),
            population: AgeCounts { total, ..AgeCounts::default() },
            ages_estimated: false,
            future: BTreeMap::new(),
        }
    }

    #[test]
    fn sums_that_differ_are_told_and_unknown_municipalities_set_aside() {
        let municipalities = [municipality("19201"), municipality("19202")];
        let rows = vec![
            of_prefecture(2, 150),
            row(3, "19201", 100),
            row(4, "19202", 50),
            row(5, "19203", 5),
            row(6, "19201", 100),
            row(7, "20201", 9),
        ];
        let mut ledger = Ledger { read: 6, stored: 6, ..Ledger::new("i.csv") };
        let mut projections = BTreeMap::new();
        take(rows, &onto(&Crosswalk::default(), &municipalities), "19", &mut projections, &mut ledger);
        let projections = complete(projections, &mut ledger);
        assert_eq!((projections.len(), ledger.stored, ledger.quarantined), (2, 4, 2));
        let cells = [cell(0, 60), cell(0, 35), cell(1, 53)];
        compare_with_cells(&municipalities, &cells, &projections, 2020, &mut ledger);
        let kinds: Vec<&str> = ledger.findings.iter().map(|finding| finding.kind.as_str()).collect();
        assert_eq!(kinds, ["unknown_municipality", "duplicate_projection", "cell_sum_differs"]);
        assert!(ledger.findings[2].meant.contains("19202"));
    }

    #[test]
    fn a_prefecture_total_other_than_the_sum_is_told() {
        let mut ledger = Ledger { read: 2, stored: 2, ..Ledger::new("i.csv") };
        let rows = vec![of_prefecture(2, 150), row(3, "19201", 100)];
        take(
            rows,
            &onto(&Crosswalk::default(), &[municipality("19201")]),
            "19",
            &mut BTreeMap::new(),
            &mut ledger,
        );
        assert_eq!(ledger.findings[0].kind, "projection_sum");
    }

    #[test]
    fn classes_of_several_files_come_together_and_none_is_counted_twice() {
        let municipalities = [municipality("22131"), municipality("22212")];
        let mut known = Known::new();
        let mut ledger = Ledger { read: 7, stored: 7, ..Ledger::new("k.xlsx") };
        let of = |row, code, class, people| row_of(row, code, Region::Municipality, &[(class, people)]);
        let first = vec![
            of(6, "22131", AgeClass::Total, 100),
            of(7, "22212", AgeClass::Total, 50),
            // The city of the ward, not counted beside it.
            row_of(8, "22130", Region::CityOfWards, &[(AgeClass::Total, 100)]),
            row_of(9, "22000", Region::Prefecture, &[(AgeClass::Total, 150)]),
        ];
        take(first, &onto(&Crosswalk::default(), &municipalities), "22", &mut known, &mut ledger);
        let second = vec![
            of(6, "22131", AgeClass::From65, 30),
            of(7, "22131", AgeClass::From85, 9),
            of(8, "22131", AgeClass::From65, 31),
        ];
        take(second, &onto(&Crosswalk::default(), &municipalities), "22", &mut known, &mut ledger);
        assert_eq!((ledger.stored, ledger.quarantined), (6, 1));
        let projections = complete(known, &mut ledger);
        let expected =
            Projection { total: 100, age_65_plus: 30, age_85_plus: Some(9), ..Projection::default() };
        assert_eq!(projections.values().collect::<Vec<_>>(), [&expected]);
        let told: Vec<&str> = ledger.findings.iter().map(|finding| finding.kind.as_str()).collect();
        assert_eq!(told, ["duplicate_projection", "projection_incomplete"]);
    }

    #[test]
    fn hamadori_is_one_area_of_thirteen_municipalities() {
        let hamadori = "07999".parse().expect("code");
        assert_eq!(JOINT[0].municipalities.len(), 13);
        assert_eq!(joint_area("07204".parse().expect("code")), Some(hamadori));
        assert_eq!(joint_area("07201".parse().expect("code")), None);
        let mut known = Known::new();
        let mut ledger = Ledger { read: 1, stored: 1, ..Ledger::new("k.xlsx") };
        take(
            vec![row(2, "07999", 150)],
            &onto(&Crosswalk::default(), &[municipality("07204")]),
            "07",
            &mut known,
            &mut ledger,
        );
        assert_eq!((known.len(), ledger.stored), (1, 1));
    }

    fn totals(known: &Known) -> Vec<(String, u32)> {
        known.iter().map(|((code, _), classes)| (code.to_string(), classes[&AgeClass::Total])).collect()
    }

    /// The projections of 令和5年 are of the wards of 2023, the boundaries of 2024 have those of today.
    #[test]
    fn projections_of_wards_that_ended_come_onto_those_of_today_where_that_is_known() {
        let municipalities = ["22138", "22139", "22140"].map(municipality);
        let codes = ["22131", "22132", "22133", "22134", "22135", "22136", "22137"];
        let rows = codes.iter().zip(2..).map(|(code, at)| row(at, code, 100)).collect();
        let mut ledger = Ledger { read: 7, stored: 7, ..Ledger::new("i.csv") };
        let mut known = Known::new();
        take(rows, &onto(&crosswalk(Vec::new()), &municipalities), "22", &mut known, &mut ledger);
        assert_eq!(totals(&known), [("22140".to_owned(), 100)], "北区 was parted, no source tells how");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (7, 1, 6));
        let count = |kind: &str| ledger.findings.iter().filter(|one| one.kind == kind).count();
        assert_eq!((count("code_changed"), count("count_not_brought")), (7, 6));
    }

    #[test]
    fn a_town_that_became_a_city_keeps_its_people() {
        let municipalities = [municipality("40231")];
        let mut ledger = Ledger { read: 1, stored: 1, ..Ledger::new("i.csv") };
        let mut known = Known::new();
        let rows = vec![row(2, "40305", 50_112)];
        take(rows, &onto(&crosswalk(Vec::new()), &municipalities), "40", &mut known, &mut ledger);
        assert_eq!(totals(&known), [("40231".to_owned(), 50_112)]);
        assert!(
            ledger.findings.iter().any(|one| one.kind == "code_changed" && one.meant.contains("市制施行"))
        );
    }
}
