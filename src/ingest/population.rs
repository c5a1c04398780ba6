//! People by cell: census cells split among the municipalities in which they lie, with projected
//! people where a future mesh was read.

use crate::geometry::mesh::MeshCode;
use crate::ingest::cells::{Assigner, Lies, Part};
use crate::ingest::census_mesh::{CensusCell, MOST_PEOPLE_OF_STUDY, share_out};
use crate::ingest::future_mesh::FutureCell;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::split::{SharedCell, fit, whole_persons};
use crate::ingest::study::{Cell, FutureAges, Municipality};
use geo::MultiPolygon;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Beyond this distance a cell that touches no municipality is not the prefecture's: about 2 km.
pub(crate) const FAR_DEGREES: f64 = 0.02;

/// Totals of the municipalities that differ by more than this share from the people of all cells
/// are not those of the same census, and no cell is fitted to them.
const SAME_CENSUS_SHARE: f64 = 0.005;

/// A census cell that is used, with the land of the municipalities in which it lies.
struct Taken {
    census: CensusCell,
    parts: Vec<Part>,
}

/// Splits every census cell, each there once, among its municipalities; cells in order of code and municipality.
/// Cells without people are left out; cells that cannot be used are set aside. `totals` are the
/// people of each municipality at the census, where known.
pub(crate) fn take_census(
    rows: Vec<(usize, CensusCell)>,
    boundaries: &[MultiPolygon],
    municipalities: &[Municipality],
    totals: &[Option<u32>],
    ledgers: &mut [Ledger],
    of_study: &mut Ledger,
) -> Vec<Cell> {
    let taken = place(rows, boundaries, municipalities, ledgers);
    let mut shared: Vec<SharedCell> = taken
        .iter()
        .map(|cell| SharedCell {
            people: cell.census.population.total,
            shares: cell.parts.iter().map(|part| (part.municipality, part.share)).collect(),
        })
        .collect();
    match unfit(&shared, totals) {
        None => fit(&mut shared, totals),
        Some(reason) if shared.iter().any(|cell| cell.shares.len() > 1) => of_study.note(Doubt {
            kind: "cells_split_by_area",
            row: 0,
            field: "",
            said: "",
            meant: format!(
                "{reason}。市町村の境にかかるメッシュの人口は、陸地の面積の割合で市町村に分けました"
            ),
        }),
        Some(_) => {}
    }
    let persons = whole_persons(&shared, municipalities.len());
    taken.into_iter().zip(persons).flat_map(|(cell, persons)| split(cell, &persons)).collect()
}

/// Why the shares cannot be fitted to the people of the municipalities.
fn unfit(cells: &[SharedCell], totals: &[Option<u32>]) -> Option<String> {
    if totals.iter().all(Option::is_none) {
        return Some("国勢調査の年の市町村別の人口がありません".to_owned());
    }
    let people: u64 = cells.iter().map(|cell| u64::from(cell.people)).sum();
    let known: Option<u64> = totals.iter().map(|total| total.map(u64::from)).sum();
    let known = known?;
    (people.abs_diff(known) as f64 > people as f64 * SAME_CENSUS_SHARE)
        .then(|| format!("市町村別の人口の合計 {known} 人がメッシュの合計 {people} 人と違います"))
}

/// Places every cell; those that are used, in order of code.
fn place(
    rows: Vec<(usize, CensusCell)>,
    boundaries: &[MultiPolygon],
    municipalities: &[Municipality],
    ledgers: &mut [Ledger],
) -> Vec<Taken> {
    let assigner = Assigner::new(boundaries);
    let places: Vec<Option<Lies>> =
        rows.par_iter().map(|(_, cell)| assigner.place(cell.mesh.rect())).collect();
    let mut taken: BTreeMap<MeshCode, Taken> = BTreeMap::new();
    let mut digits = None;
    let mut people = 0_u64;
    for ((input, row), place) in rows.into_iter().zip(places) {
        let code = row.mesh.to_string();
        let doubt = |kind, meant: String| Doubt { kind, row: row.row, field: "KEY_CODE", said: &code, meant };
        let refused = if *digits.get_or_insert(code.len()) != code.len() {
            Some(("mixed_mesh_sizes", "ほかの行と大きさの違うメッシュです"))
        } else if people + u64::from(row.population.total) > MOST_PEOPLE_OF_STUDY {
            Some((
                "too_many_people",
                "人口の合計が日本の人口を超えます。数の列がずれていないか確かめてください",
            ))
        } else if matches!(place, Some(Lies::Nearest(_, degrees)) if degrees > FAR_DEGREES) {
            Some(("cell_outside_prefecture", "どの市区町村からも約 2 km 以上離れています"))
        } else {
            None
        };
        let parts = match (refused, place) {
            (None, Some(Lies::Within(parts))) => parts,
            (None, Some(Lies::Nearest(municipality, _))) => {
                let name = &municipalities[municipality].name;
                ledgers[input].warn(doubt(
                    "cell_without_municipality",
                    format!("どの市区町村とも重ならないメッシュです。最も近い{name}に入れました"),
                ));
                let outline = MultiPolygon(vec![row.mesh.rect().to_polygon()]);
                vec![Part { municipality, share: 1.0, outline, centre: row.mesh.centre() }]
            }
            (refused, _) => {
                let (kind, meant) = refused.unwrap_or(("cell_outside_prefecture", "市区町村がありません"));
                ledgers[input].withdraw(doubt(kind, format!("{meant}。この行の人口は集計に入りません")));
                continue;
            }
        };
        people += u64::from(row.population.total);
        // Nobody lives in some published cells.
        if row.population.total > 0 {
            taken.insert(row.mesh, Taken { census: row, parts });
        }
    }
    taken.into_values().collect()
}

/// The parts in which people live, with the cell's ages shared out among them. Only the ages of a
/// whole cell are published.
fn split(cell: Taken, persons: &[u32]) -> impl Iterator<Item = Cell> + use<> {
    let Taken { census, parts } = cell;
    let whole = census.population;
    let counts = share_out(persons, [whole.age_65_plus, whole.age_75_plus, whole.age_85_plus]);
    let is_split = persons.iter().filter(|persons| **persons > 0).count() > 1;
    let inhabited = parts.into_iter().zip(counts).filter(|(_, counts)| counts.total > 0);
    inhabited.map(move |(part, population)| Cell {
        mesh: census.mesh,
        municipality: part.municipality,
        centre: part.centre,
        outline: part.outline,
        population,
        ages_estimated: census.ages_estimated || is_split,
        future: BTreeMap::new(),
    })
}

/// Adds projected people to the cells; cells of a finer future mesh are added up to the census cell
/// that contains them, and those of a coarser one are shared out among the census cells within: both go
/// to the parts as the people of the census do. A year that is unknown for one finer cell is unknown for
/// the whole.
///
/// A cell on the border of two prefectures is in the files of both, each with the people of its own
/// side: as of the census, only the own side lives in the prefecture. The same cell of the same prefecture
/// a second time, in whichever file, is the same people, and so is a mesh of another size over the first:
/// neither is used.
pub(crate) fn take_future(
    mut future: Vec<(usize, Vec<FutureCell>)>,
    prefecture: &str,
    cells: &mut [Cell],
    ledgers: &mut [Ledger],
) {
    let is_own = |row: &FutureCell| row.prefecture.is_none_or(|of| format!("{of:02}") == prefecture);
    for (input, rows) in &mut future {
        let all = rows.len();
        rows.retain(is_own);
        tell_of_others(all - rows.len(), &mut ledgers[*input]);
    }
    let first = future.iter().find_map(|(_, rows)| rows.first());
    let sizes = cells.first().zip(first).map(|(cell, row)| (digits_of(cell.mesh), digits_of(row.mesh)));
    let Some((digits, future_digits)) = sizes else { return };
    // In the cells of the coarser mesh people of both are added up.
    let digits = digits.min(future_digits);
    let mut people: BTreeMap<String, u64> = BTreeMap::new();
    for cell in &*cells {
        *people.entry(wider(cell.mesh, digits)).or_default() += u64::from(cell.population.total);
    }
    let mut finer: BTreeMap<String, Vec<BTreeMap<u16, FutureAges>>> = BTreeMap::new();
    let mut seen: BTreeSet<(Option<u8>, MeshCode)> = BTreeSet::new();
    let rows = future.into_iter().flat_map(|(input, rows)| rows.into_iter().map(move |row| (input, row)));
    for (input, row) in rows {
        let code = row.mesh.to_string();
        let mesh = wider(row.mesh, digits);
        let (kind, meant) = if digits_of(row.mesh) != future_digits {
            ("mixed_mesh_sizes", "ほかの行と大きさの違うメッシュです")
        } else if !seen.insert((row.prefecture, row.mesh)) {
            ("duplicate_cell", "同じメッシュが別の行かファイルにもあります")
        } else if people.contains_key(&mesh) {
            finer.entry(mesh).or_default().push(row.years);
            continue;
        } else {
            ("future_cell_without_census", "国勢調査に人のいないメッシュです")
        };
        ledgers[input].withdraw(Doubt {
            kind,
            row: row.row,
            field: "MESH_ID",
            said: &code,
            meant: format!("{meant}。この行の将来人口は使いません"),
        });
    }
    let future: BTreeMap<String, BTreeMap<u16, FutureAges>> =
        finer.into_iter().map(|(mesh, finer)| (mesh, sums_by_year(&finer))).collect();
    for cell in cells {
        let mesh = wider(cell.mesh, digits);
        let (Some(years), Some(people)) = (future.get(&mesh), people.get(&mesh)) else { continue };
        let share = f64::from(cell.population.total) / *people as f64;
        cell.future = years.iter().map(|(year, ages)| (*year, ages.part(share))).collect();
    }
}

fn tell_of_others(cells: usize, ledger: &mut Ledger) {
    if cells > 0 {
        ledger.note(Doubt {
            kind: "future_of_others",
            row: 0,
            field: "",
            said: "",
            meant: format!(
                "ほかの都道府県の {cells} メッシュがあります。この県の将来人口には数えません（隣県の市区町村を加えるときに使います）"
            ),
        });
    }
}

/// Digits of a mesh code: 8 for cells of 1 km, 9 for 500 m, 10 for 250 m.
pub(crate) fn digits_of(mesh: MeshCode) -> usize {
    mesh.to_string().len()
}

/// The code, of so many digits, of the cell that contains a cell of more digits.
pub(crate) fn wider(mesh: MeshCode, digits: usize) -> String {
    mesh.to_string().chars().take(digits).collect()
}

/// Sums of the years that are known for all.
fn sums_by_year(finer: &[BTreeMap<u16, FutureAges>]) -> BTreeMap<u16, FutureAges> {
    let years: BTreeSet<u16> = finer.iter().flat_map(|cell| cell.keys().copied()).collect();
    let sum_of = |year: u16| {
        let of_year: Vec<&FutureAges> = finer.iter().map(|cell| cell.get(&year)).collect::<Option<_>>()?;
        let sum = |age: fn(&FutureAges) -> f64| of_year.iter().map(|ages| age(ages)).sum();
        let ages = FutureAges {
            total: sum(|ages| ages.total),
            age_under_65: sum(|ages| ages.age_under_65),
            age_65_74: sum(|ages| ages.age_65_74),
            age_75_84: sum(|ages| ages.age_75_84),
            age_85_plus: sum(|ages| ages.age_85_plus),
        };
        Some((year, ages))
    };
    years.into_iter().filter_map(sum_of).collect()
}

impl FutureAges {
    /// A share of these people, the same of every age.
    fn part(self, share: f64) -> Self {
        Self {
            total: self.total * share,
            age_under_65: self.age_under_65 * share,
            age_65_74: self.age_65_74 * share,
            age_75_84: self.age_75_84 * share,
            age_85_plus: self.age_85_plus * share,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::AgeCounts;
    use geo::{Area, Rect};

    /// A municipality over some columns of cells of the south-west of the second-order mesh 533844.
    fn land(code: &str, columns: (f64, f64)) -> Municipality {
        let edge = |column: f64| 138.5 + column / 80.0;
        let boundary =
            Rect::new((edge(columns.0), 35.0 + 2.0 / 3.0), (edge(columns.1), 35.7083)).to_polygon();
        Municipality {
            code: code.parse().expect("code"),
            name: code.to_owned(),
            boundary: MultiPolygon(vec![boundary]),
            areas: BTreeMap::new(),
            further: BTreeMap::new(),
            office: None,
        }
    }

    fn census(row: u64, mesh: &str, total: u32) -> CensusCell {
        let population = AgeCounts { total, ..AgeCounts::default() };
        CensusCell { row, mesh: mesh.parse().expect("mesh"), population, ages_estimated: false }
    }

    fn read(rows: Vec<CensusCell>) -> (Vec<Cell>, Ledger) {
        let (cells, ledger, _) = read_on(&[land("19201", (0.0, 5.0))], rows, &[None]);
        (cells, ledger)
    }

    /// Cells, and what was told of the file and of the study.
    fn read_on(
        municipalities: &[Municipality],
        rows: Vec<CensusCell>,
        totals: &[Option<u32>],
    ) -> (Vec<Cell>, Ledger, Ledger) {
        let count = rows.len() as u64;
        let mut ledgers = [Ledger { read: count, stored: count, ..Ledger::new("t.txt") }];
        let mut of_study = Ledger::new("");
        let boundaries: Vec<MultiPolygon> = municipalities.iter().map(|one| one.boundary.clone()).collect();
        let rows = rows.into_iter().map(|row| (0, row)).collect();
        let cells = take_census(rows, &boundaries, municipalities, totals, &mut ledgers, &mut of_study);
        let [ledger] = ledgers;
        (cells, ledger, of_study)
    }

    /// Two municipalities whose border leaves 3/4 of the second column to the first.
    fn neighbours() -> [Municipality; 2] {
        [land("19201", (0.0, 1.75)), land("19202", (1.75, 5.0))]
    }

    fn aged(row: u64, mesh: &str, total: u32, ages: [u32; 3]) -> CensusCell {
        let [age_65_plus, age_75_plus, age_85_plus] = ages;
        let population = AgeCounts { total, age_65_plus, age_75_plus, age_85_plus };
        CensusCell { row, mesh: mesh.parse().expect("mesh"), population, ages_estimated: false }
    }

    #[test]
    fn a_cell_on_a_border_becomes_a_part_for_each_municipality() {
        let rows = vec![aged(3, "53384401", 101, [40, 21, 8]), aged(4, "53384400", 20, [4, 2, 1])];
        let (cells, _, of_study) = read_on(&neighbours(), rows, &[None, None]);
        let found: Vec<(String, usize, u32, bool)> = cells
            .iter()
            .map(|cell| {
                (cell.mesh.to_string(), cell.municipality, cell.population.total, cell.ages_estimated)
            })
            .collect();
        let expected = [("53384400", 0, 20, false), ("53384401", 0, 76, true), ("53384401", 1, 25, true)];
        assert_eq!(found, expected.map(|(mesh, at, total, split)| (mesh.to_owned(), at, total, split)));
        let sum: AgeCounts = cells[1..].iter().map(|cell| cell.population).sum();
        assert_eq!(sum, AgeCounts { total: 101, age_65_plus: 40, age_75_plus: 21, age_85_plus: 8 });
        assert_eq!(cells[2].population.age_65_plus, 10);
        let rect = cells[1].mesh.rect();
        let shares: Vec<f64> = cells[1..]
            .iter()
            .map(|cell| cell.outline.unsigned_area() / (rect.width() * rect.height()))
            .collect();
        assert!((shares[0] - 0.75).abs() < 1e-6 && (shares[1] - 0.25).abs() < 1e-6, "{shares:?}");
        assert!((cells[2].centre.x() - (rect.min().x + 0.875 * rect.width())).abs() < 1e-6);
        assert_eq!(of_study.findings[0].kind, "cells_split_by_area");
    }

    #[test]
    fn census_totals_of_the_municipalities_decide_who_lives_where() {
        let rows = || vec![census(3, "53384400", 20), census(4, "53384401", 100), census(5, "53384402", 30)];
        let (cells, _, of_study) = read_on(&neighbours(), rows(), &[Some(60), Some(90)]);
        let people: Vec<u32> = cells.iter().map(|cell| cell.population.total).collect();
        assert_eq!(people, [20, 40, 60, 30]);
        assert!(of_study.findings.is_empty());
        let (cells, _, of_study) = read_on(&neighbours(), rows(), &[Some(60), Some(190)]);
        let people: Vec<u32> = cells.iter().map(|cell| cell.population.total).collect();
        assert_eq!(people, [20, 75, 25, 30], "totals of another year");
        assert!(of_study.findings[0].meant.contains("250 人"), "{}", of_study.findings[0].meant);
    }

    #[test]
    fn a_part_without_people_is_left_out_and_the_published_ages_stay() {
        let rows = vec![aged(3, "53384401", 1, [1, 0, 0]), census(4, "53384402", 30)];
        let (cells, ..) = read_on(&neighbours(), rows, &[None, None]);
        let found: Vec<(usize, u32, bool)> = cells
            .iter()
            .map(|cell| (cell.municipality, cell.population.age_65_plus, cell.ages_estimated))
            .collect();
        assert_eq!(found, [(0, 1, false), (1, 0, false)]);
    }

    #[test]
    fn projected_people_go_to_the_parts_as_the_people_of_the_census_do() {
        let (mut cells, ..) = read_on(&neighbours(), vec![census(3, "53384401", 40)], &[None, None]);
        let ages = FutureAges { total: 20.0, age_85_plus: 4.0, ..FutureAges::default() };
        let row = FutureCell {
            row: 1,
            prefecture: None,
            mesh: "53384401".parse().expect("mesh"),
            years: BTreeMap::from([(2030, ages)]),
        };
        let mut ledgers = [Ledger { read: 1, stored: 1, ..Ledger::new("m.geojson") }];
        take_future(vec![(0, vec![row])], "19", &mut cells, &mut ledgers);
        let future: Vec<(f64, f64)> =
            cells.iter().map(|cell| (cell.future[&2030].total, cell.future[&2030].age_85_plus)).collect();
        assert_eq!(future, [(15.0, 3.0), (5.0, 1.0)]);
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
        take_future(vec![(0, rows)], "19", &mut cells, &mut ledgers);
        assert_eq!(cells[0].future.keys().collect::<Vec<_>>(), [&2025]);
        assert_eq!((cells[0].future[&2025].total, cells[0].future[&2025].age_85_plus), (12.0, 3.0));
        assert_eq!((ledgers[0].stored, ledgers[0].quarantined), (2, 1));
    }

    #[test]
    fn a_coarser_future_mesh_is_shared_out_by_the_people_of_the_census() {
        let (mut cells, _) = read(vec![census(3, "533844001", 30), census(4, "533844004", 10)]);
        let ages = FutureAges { total: 20.0, age_85_plus: 4.0, ..FutureAges::default() };
        let row = FutureCell {
            row: 1,
            prefecture: Some(19),
            mesh: "53384400".parse().expect("mesh"),
            years: BTreeMap::from([(2030, ages)]),
        };
        let mut ledgers = [Ledger { read: 1, stored: 1, ..Ledger::new("m1000.geojson") }];
        take_future(vec![(0, vec![row])], "19", &mut cells, &mut ledgers);
        let future: Vec<(f64, f64)> =
            cells.iter().map(|cell| (cell.future[&2030].total, cell.future[&2030].age_85_plus)).collect();
        assert_eq!(future, [(15.0, 3.0), (5.0, 1.0)]);
        assert_eq!((ledgers[0].stored, ledgers[0].quarantined), (1, 0));
    }

    #[test]
    fn a_future_cell_is_taken_once_of_the_prefecture_and_in_one_size() {
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
        take_future(vec![(0, first), (1, second)], "19", &mut cells, &mut ledgers);
        assert_eq!(cells[0].future[&2025].total, 12.0);
        let told = |ledger: &Ledger| -> Vec<(Option<u64>, String)> {
            ledger.findings.iter().map(|finding| (finding.row, finding.kind.clone())).collect()
        };
        let duplicate = "duplicate_cell".to_owned();
        let mixed = "mixed_mesh_sizes".to_owned();
        assert_eq!(
            told(&ledgers[0]),
            [(Some(2), duplicate.clone()), (Some(4), duplicate.clone()), (Some(5), mixed)]
        );
        assert_eq!(told(&ledgers[1]), [(None, "future_of_others".to_owned()), (Some(2), duplicate)]);
        assert_eq!(
            (ledgers[0].stored, ledgers[1].stored),
            (2, 1),
            "the neighbour's cell stays with its file"
        );
    }
}
