//! Sums held against each other: cells against municipalities, municipalities against the
//! prefecture.

use crate::ids::MunicipalityCode;
use crate::ingest::ipss::ProjectionRow;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::study::{Cell, Municipality, Projection};
use std::collections::BTreeMap;

/// Differences above this share are told.
const TOLERATED_SHARE: f64 = 0.05;

/// Takes the rows of one file into the table of projections. Rows of the prefecture itself are
/// held against the sum of its municipalities; rows of municipalities that the boundary file does
/// not know are set aside.
pub(crate) fn take(
    rows: Vec<ProjectionRow>,
    municipalities: &[Municipality],
    prefecture: &str,
    projections: &mut BTreeMap<(MunicipalityCode, u16), Projection>,
    ledger: &mut Ledger,
) {
    let mut of_prefecture = Vec::new();
    for row in rows {
        if row.code.prefecture() != prefecture {
            continue;
        }
        if row.code.as_str().ends_with("000") {
            of_prefecture.push(row);
            continue;
        }
        let known = municipalities.iter().any(|municipality| municipality.code == row.code);
        if known && !projections.contains_key(&(row.code, row.year)) {
            projections.insert((row.code, row.year), row.projection);
        } else {
            ledger.withdraw(Doubt {
                kind: if known { "duplicate_projection" } else { "unknown_municipality" },
                row: row.row,
                field: "muni_code",
                said: row.code.as_str(),
                meant: if known {
                    format!("{} 年の将来人口が二度あります。この行は使いません", row.year)
                } else {
                    "行政区域にない市区町村です。この行の将来人口は使いません".to_owned()
                },
            });
        }
    }
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
        take(rows, &municipalities, "19", &mut projections, &mut ledger);
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
        take(rows, &[municipality("19201")], "19", &mut BTreeMap::new(), &mut ledger);
        assert_eq!(ledger.findings[0].kind, "projection_sum");
    }
}
