//! Sums held against each other: cells against municipalities, municipalities against the
//! prefecture.

use crate::ids::MunicipalityCode;
use crate::ingest::bring::{Amount, Onto, Told, Words, bring};
use crate::ingest::crosswalk::distribute;
use crate::ingest::ipss::ProjectionRow;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::study::{Cell, Municipality, Projection};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Differences above this share are told.
const TOLERATED_SHARE: f64 = 0.05;

impl Amount for Projection {
    fn plus(&self, other: &Self) -> Option<Self> {
        let total = self.total.checked_add(other.total)?;
        Some(Self { total, age_65_plus: self.age_65_plus.checked_add(other.age_65_plus)? })
    }

    fn parted(&self, shares: &[f64]) -> Option<Vec<Self>> {
        let younger = distribute(self.total.checked_sub(self.age_65_plus)?, shares);
        let older = distribute(self.age_65_plus, shares);
        let pairs = younger.into_iter().zip(older);
        Some(pairs.map(|(younger, older)| Self { total: younger + older, age_65_plus: older }).collect())
    }
}

/// Takes the rows of one file into the table of projections, those of codes of another time as what the
/// codes became. Rows of the prefecture itself are held against the sum of its municipalities; rows of
/// municipalities that the boundary file does not know are set aside.
pub(crate) fn take(
    rows: Vec<ProjectionRow>,
    onto: &Onto<'_>,
    prefecture: &str,
    projections: &mut BTreeMap<(MunicipalityCode, u16), Projection>,
    ledger: &mut Ledger,
) {
    let mut of_prefecture = Vec::new();
    let mut of_municipalities = Vec::new();
    for row in rows.into_iter().filter(|row| row.code.prefecture() == prefecture) {
        if row.code.as_str().ends_with("000") {
            of_prefecture.push(row);
        } else {
            let ProjectionRow { row, code, year, projection, .. } = row;
            of_municipalities.push(Told { row, key: year, code, amount: projection });
        }
    }
    let twice = |year: &u16| format!("{year} 年の将来人口が二度あります。この行は使いません");
    let words = Words {
        field: "muni_code",
        duplicate: ("duplicate_projection", &twice),
        unknown: "行政区域にない市区町村です。この行の将来人口は使いません",
    };
    bring(of_municipalities, onto, &words, ledger, |year, at, projection| {
        let place = projections.entry((onto.municipalities[at].code, year));
        let is_free = matches!(place, Entry::Vacant(_));
        place.or_insert(projection);
        is_free
    });
    for row in of_prefecture {
        let sum: u64 = projections
            .iter()
            .filter(|((_, year), _)| *year == row.year)
            .map(|(_, projection)| u64::from(projection.total))
            .sum();
        if sum != u64::from(row.projection.total) {
            ledger.warn(Doubt {
                kind: "projection_sum",
                row: row.row,
                field: "total",
                said: &row.projection.total.to_string(),
                meant: format!("{} 年の市町村の合計は {sum} 人で、県の値と違います", row.year),
            });
        }
    }
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
            office: None,
        }
    }

    fn onto<'a>(crosswalk: &'a Crosswalk, municipalities: &'a [Municipality]) -> Onto<'a> {
        Onto { crosswalk, municipalities, people: &|_| None }
    }

    fn row(row: u64, code: &str, total: u32) -> ProjectionRow {
        ProjectionRow {
            row,
            code: code.parse().expect("code"),
            year: 2020,
            projection: Projection { total, age_65_plus: 1 },
            office: None,
        }
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
            row(2, "19000", 150),
            row(3, "19201", 100),
            row(4, "19202", 50),
            row(5, "19203", 5),
            row(6, "19201", 100),
            row(7, "20201", 9),
        ];
        let mut ledger = Ledger { read: 6, stored: 6, ..Ledger::new("i.csv") };
        let mut projections = BTreeMap::new();
        take(rows, &onto(&Crosswalk::default(), &municipalities), "19", &mut projections, &mut ledger);
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
        let rows = vec![row(2, "19000", 150), row(3, "19201", 100)];
        take(
            rows,
            &onto(&Crosswalk::default(), &[municipality("19201")]),
            "19",
            &mut BTreeMap::new(),
            &mut ledger,
        );
        assert_eq!(ledger.findings[0].kind, "projection_sum");
    }

    /// The projections of 令和5年 are of the wards of 2023, the boundaries of 2024 have those of today.
    #[test]
    fn projections_of_wards_that_ended_come_onto_those_of_today_where_that_is_known() {
        let municipalities = ["22138", "22139", "22140"].map(municipality);
        let codes = ["22131", "22132", "22133", "22134", "22135", "22136", "22137"];
        let rows = codes.iter().zip(2..).map(|(code, at)| row(at, code, 100)).collect();
        let mut ledger = Ledger { read: 7, stored: 7, ..Ledger::new("i.csv") };
        let mut projections = BTreeMap::new();
        take(rows, &onto(&crosswalk(Vec::new()), &municipalities), "22", &mut projections, &mut ledger);
        let found: Vec<_> =
            projections.iter().map(|((code, _), one)| (code.to_string(), one.total)).collect();
        assert_eq!(found, [("22140".to_owned(), 100)], "北区 was parted, no source tells how");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (7, 1, 6));
        let count = |kind: &str| ledger.findings.iter().filter(|one| one.kind == kind).count();
        assert_eq!((count("code_changed"), count("count_not_brought")), (7, 6));
    }

    #[test]
    fn a_town_that_became_a_city_keeps_its_people() {
        let municipalities = [municipality("40231")];
        let mut ledger = Ledger { read: 1, stored: 1, ..Ledger::new("i.csv") };
        let mut projections = BTreeMap::new();
        let rows = vec![row(2, "40305", 50_112)];
        take(rows, &onto(&crosswalk(Vec::new()), &municipalities), "40", &mut projections, &mut ledger);
        assert_eq!(projections.values().map(|one| one.total).collect::<Vec<_>>(), [50_112]);
        assert!(
            ledger.findings.iter().any(|one| one.kind == "code_changed" && one.meant.contains("市制施行"))
        );
    }
}
