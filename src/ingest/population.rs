//! People by cell: census cells given to municipalities, with projected people where a future mesh
//! was read.

use crate::geometry::mesh::MeshCode;
use crate::ingest::cells::{Assigned, Assigner};
use crate::ingest::census_mesh::{CensusCell, MOST_PEOPLE_OF_STUDY};
use crate::ingest::future_mesh::FutureCell;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::study::{Cell, FutureAges, Municipality};
use geo::MultiPolygon;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Beyond this distance a cell that touches no municipality is not the prefecture's: about 2 km.
const FAR_DEGREES: f64 = 0.02;

/// Gives every census cell, each there once, to a municipality; cells in order of code. Cells without
/// people are left out; cells that cannot be used are set aside.
pub(crate) fn take_census(
    rows: Vec<(usize, CensusCell)>,
    boundaries: &[MultiPolygon],
    municipalities: &[Municipality],
    ledgers: &mut [Ledger],
) -> Vec<Cell> {
    let assigner = Assigner::new(boundaries);
    let assigned: Vec<Option<Assigned>> =
        rows.par_iter().map(|(_, cell)| assigner.assign(cell.mesh.rect())).collect();
    let mut cells: BTreeMap<MeshCode, Cell> = BTreeMap::new();
    let mut digits = None;
    let mut people = 0_u64;
    for ((input, row), assigned) in rows.into_iter().zip(assigned) {
        let code = row.mesh.to_string();
        let doubt = |kind, meant: String| Doubt { kind, row: row.row, field: "KEY_CODE", said: &code, meant };
        let refused = if *digits.get_or_insert(code.len()) != code.len() {
            Some(("mixed_mesh_sizes", "ほかの行と大きさの違うメッシュです"))
        } else if people + u64::from(row.population.total) > MOST_PEOPLE_OF_STUDY {
            Some((
                "too_many_people",
                "人口の合計が日本の人口を超えます。数の列がずれていないか確かめてください",
            ))
        } else if matches!(assigned, Some(Assigned::Nearest(_, degrees)) if degrees > FAR_DEGREES) {
            Some(("cell_outside_prefecture", "どの市区町村からも約 2 km 以上離れています"))
        } else {
            None
        };
        let municipality = match (refused, assigned) {
            (None, Some(Assigned::Within(municipality))) => municipality,
            (None, Some(Assigned::Nearest(municipality, _))) => {
                let name = &municipalities[municipality].name;
                ledgers[input].warn(doubt(
                    "cell_without_municipality",
                    format!("どの市区町村とも重ならないメッシュです。最も近い{name}に入れました"),
                ));
                municipality
            }
            (refused, _) => {
                let (kind, meant) = refused.unwrap_or(("cell_outside_prefecture", "市区町村がありません"));
                ledgers[input].withdraw(doubt(kind, format!("{meant}。この行の人口は集計に入りません")));
                continue;
            }
        };
        people += u64::from(row.population.total);
        // Nobody lives in some published cells.
        if row.population.total == 0 {
            continue;
        }
        cells.insert(
            row.mesh,
            Cell {
                mesh: row.mesh,
                municipality,
                centre: row.mesh.centre(),
                population: row.population,
                ages_estimated: row.ages_estimated,
                future: BTreeMap::new(),
            },
        );
    }
    cells.into_values().collect()
}

/// Adds projected people to the cells; cells of a finer future mesh are added up to the census cell
/// that contains them. A year that is unknown for one part is unknown for the whole.
///
/// A cell on the border of two prefectures is in the files of both, each with the people of its own
/// side: these are parts and are added up. The same cell of the same prefecture a second time, in
/// whichever file, is the same people, and so is a mesh of another size over the first: neither is
/// used.
pub(crate) fn take_future(future: Vec<(usize, Vec<FutureCell>)>, cells: &mut [Cell], ledgers: &mut [Ledger]) {
    let Some(digits) = cells.first().map(|cell| cell.mesh.to_string().len()) else { return };
    let at: BTreeMap<String, usize> =
        cells.iter().enumerate().map(|(at, cell)| (cell.mesh.to_string(), at)).collect();
    let mut parts: BTreeMap<usize, Vec<BTreeMap<u16, FutureAges>>> = BTreeMap::new();
    let mut seen: BTreeSet<(Option<u8>, MeshCode)> = BTreeSet::new();
    let mut future_digits = None;
    let rows = future.into_iter().flat_map(|(input, rows)| rows.into_iter().map(move |row| (input, row)));
    for (input, row) in rows {
        let code = row.mesh.to_string();
        let cell = code.get(..digits).and_then(|code| at.get(code));
        let (kind, meant) = if *future_digits.get_or_insert(code.len()) != code.len() {
            ("mixed_mesh_sizes", "ほかの行と大きさの違うメッシュです")
        } else if !seen.insert((row.prefecture, row.mesh)) {
            ("duplicate_cell", "同じメッシュが別の行かファイルにもあります")
        } else if let Some(cell) = cell {
            parts.entry(*cell).or_default().push(row.years);
            continue;
        } else {
            ("future_cell_without_census", "国勢調査に人のいないメッシュか、国勢調査より粗いメッシュです")
        };
        ledgers[input].withdraw(Doubt {
            kind,
            row: row.row,
            field: "MESH_ID",
            said: &code,
            meant: format!("{meant}。この行の将来人口は使いません"),
        });
    }
    for (cell, parts) in parts {
        let years: BTreeSet<u16> = parts.iter().flat_map(|part| part.keys().copied()).collect();
        for year in years {
            let of_year: Option<Vec<&FutureAges>> = parts.iter().map(|part| part.get(&year)).collect();
            let Some(of_year) = of_year else { continue };
            let sum = |age: fn(&FutureAges) -> f64| of_year.iter().map(|ages| age(ages)).sum();
            let ages = FutureAges {
                total: sum(|ages| ages.total),
                age_under_65: sum(|ages| ages.age_under_65),
                age_65_74: sum(|ages| ages.age_65_74),
                age_75_84: sum(|ages| ages.age_75_84),
                age_85_plus: sum(|ages| ages.age_85_plus),
            };
            cells[cell].future.insert(year, ages);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::AgeCounts;
    use geo::Rect;

    /// One municipality over the south-west quarter of the second-order mesh 533844.
    fn land() -> Municipality {
        let boundary = Rect::new((138.5, 35.0 + 2.0 / 3.0), (138.5625, 35.7083)).to_polygon();
        Municipality {
            code: "19201".parse().expect("code"),
            name: "甲府市".to_owned(),
            boundary: MultiPolygon(vec![boundary]),
            areas: BTreeMap::new(),
            office: None,
        }
    }

    fn census(row: u64, mesh: &str, total: u32) -> CensusCell {
        let population = AgeCounts { total, ..AgeCounts::default() };
        CensusCell { row, mesh: mesh.parse().expect("mesh"), population, ages_estimated: false }
    }

    fn read(rows: Vec<CensusCell>) -> (Vec<Cell>, Ledger) {
        let count = rows.len() as u64;
        let mut ledgers = [Ledger { read: count, stored: count, ..Ledger::new("t.txt") }];
        let municipality = land();
        let boundaries = [municipality.boundary.clone()];
        let rows = rows.into_iter().map(|row| (0, row)).collect();
        let cells = take_census(rows, &boundaries, &[municipality], &mut ledgers);
        let [ledger] = ledgers;
        (cells, ledger)
    }

    #[test]
    fn cells_come_in_order_and_doubtful_ones_are_told_or_set_aside() {
        let (cells, ledger) = read(vec![
            census(3, "53384401", 10),
            census(4, "53384400", 20),
            census(6, "533844031", 5),
            census(7, "53384402", 0),
            // The first column of cells beyond the eastern border, then one far away.
            census(8, "53384405", 7),
            census(9, "53384409", 8),
        ]);
        let found: Vec<(String, u32)> =
            cells.iter().map(|cell| (cell.mesh.to_string(), cell.population.total)).collect();
        let expected = [("53384400", 20), ("53384401", 10), ("53384405", 7)];
        assert_eq!(found, expected.map(|(mesh, total)| (mesh.to_owned(), total)));
        let told: Vec<(Option<u64>, &str)> =
            ledger.findings.iter().map(|finding| (finding.row, finding.kind.as_str())).collect();
        let expected = [
            (Some(6), "mixed_mesh_sizes"),
            (Some(8), "cell_without_municipality"),
            (Some(9), "cell_outside_prefecture"),
        ];
        assert_eq!(told, expected);
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (6, 4, 2));
    }

    #[test]
    fn more_people_than_the_country_has_are_set_aside() {
        let (cells, ledger) = read(vec![
            census(3, "53384400", 150_000_000),
            census(4, "53384401", 60_000_000),
            census(5, "53384402", 50_000_000),
        ]);
        let totals: Vec<u32> = cells.iter().map(|cell| cell.population.total).collect();
        assert_eq!(totals, [150_000_000, 50_000_000]);
        assert_eq!((ledger.findings[0].kind.as_str(), ledger.findings[0].row), ("too_many_people", Some(4)));
    }

    #[test]
    fn a_finer_future_mesh_is_added_up_and_a_year_unknown_for_a_part_is_unknown() {
        let (mut cells, _) = read(vec![census(3, "53384400", 20)]);
        let future = |row, mesh: &str, years: &[(u16, f64)]| {
            let ages = |total| FutureAges { total, age_85_plus: total / 4.0, ..FutureAges::default() };
            FutureCell {
                row,
                prefecture: Some(19),
                mesh: mesh.parse().expect("mesh"),
                years: years.iter().map(|(year, total)| (*year, ages(*total))).collect(),
            }
        };
        let rows = vec![
            future(1, "533844001", &[(2025, 8.0), (2030, 6.0)]),
            future(2, "533844002", &[(2025, 4.0)]),
            future(3, "533844991", &[(2025, 1.0)]),
        ];
        let mut ledgers = [Ledger { read: 3, stored: 3, ..Ledger::new("m.geojson") }];
        take_future(vec![(0, rows)], &mut cells, &mut ledgers);
        assert_eq!(cells[0].future.keys().collect::<Vec<_>>(), [&2025]);
        assert_eq!((cells[0].future[&2025].total, cells[0].future[&2025].age_85_plus), (12.0, 3.0));
        assert_eq!((ledgers[0].stored, ledgers[0].quarantined), (2, 1));
    }

    #[test]
    fn a_future_cell_is_taken_once_of_each_prefecture_and_in_one_size() {
        let (mut cells, _) = read(vec![census(3, "53384400", 20)]);
        let future = |row, prefecture, mesh: &str, total| FutureCell {
            row,
            prefecture,
            mesh: mesh.parse().expect("mesh"),
            years: BTreeMap::from([(2025, FutureAges { total, ..FutureAges::default() })]),
        };
        let first = vec![
            future(1, Some(19), "533844001", 8.0),
            future(2, Some(19), "533844001", 8.0),
            future(3, None, "533844002", 4.0),
            future(4, None, "533844002", 4.0),
            future(5, Some(19), "5338440031", 2.0),
        ];
        let second = vec![future(1, Some(22), "533844001", 1.0), future(2, Some(19), "533844001", 8.0)];
        let mut ledgers = [
            Ledger { read: 5, stored: 5, ..Ledger::new("19.geojson") },
            Ledger { read: 2, stored: 2, ..Ledger::new("22.geojson") },
        ];
        take_future(vec![(0, first), (1, second)], &mut cells, &mut ledgers);
        assert_eq!(cells[0].future[&2025].total, 13.0);
        let told = |ledger: &Ledger| -> Vec<(Option<u64>, String)> {
            ledger.findings.iter().map(|finding| (finding.row, finding.kind.clone())).collect()
        };
        let duplicate = "duplicate_cell".to_owned();
        let mixed = "mixed_mesh_sizes".to_owned();
        assert_eq!(
            told(&ledgers[0]),
            [(Some(2), duplicate.clone()), (Some(4), duplicate.clone()), (Some(5), mixed)]
        );
        assert_eq!(told(&ledgers[1]), [(Some(2), duplicate)]);
        assert_eq!((ledgers[0].stored, ledgers[1].stored), (2, 1));
    }
}
