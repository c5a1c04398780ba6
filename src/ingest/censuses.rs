//! The census of the study among those whose meshes were read, and people of the municipalities at the
//! earlier ones: how the land has changed before the years that are planned.
//!
//! No totals by municipality are known for an earlier year, so a cell in several municipalities is divided
//! as its people are today, and where nobody lives in it today, by land.

use crate::ingest::IngestError;
use crate::ingest::cells::{Assigner, Lies};
use crate::ingest::census_mesh::{CensusCell, CensusMesh, Raw, resolve, share_out};
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::manifest::InputEntry;
use crate::ingest::population::{FAR_DEGREES, digits_of, wider};
use crate::ingest::split::{SharedCell, whole_persons};
use crate::ingest::study::{Cell, EarlierCensus};
use crate::units::AgeCounts;
use geo::MultiPolygon;
use std::collections::BTreeMap;

/// Meshes of each census, each with the position of its input.
pub(crate) type Censuses = BTreeMap<u16, Vec<(usize, CensusMesh)>>;

/// Sorts meshes by census.
pub(crate) fn by_year(meshes: Vec<(usize, CensusMesh)>) -> Censuses {
    let mut censuses = Censuses::new();
    for (input, mesh) in meshes {
        censuses.entry(mesh.year).or_default().push((input, mesh));
    }
    censuses
}

/// Takes the meshes of the study's census out of all.
///
/// # Errors
/// There is none of that year, or one that does not tell people aged 85 and over apart, by whom demand is
/// shared out.
pub(crate) fn of_study(
    year: u16,
    censuses: &mut Censuses,
    inputs: &[InputEntry],
) -> Result<Vec<(usize, Vec<Raw>)>, IngestError> {
    let first = censuses.values().flatten().map(|(input, _)| *input).min().unwrap_or_default();
    let years: Vec<String> = censuses.keys().map(u16::to_string).collect();
    let meshes = censuses.remove(&year).unwrap_or_default();
    let unlike = |input: usize, found: String, expected: String| IngestError::Broken {
        file: inputs.get(input).map(|entry| entry.path.clone()).unwrap_or_default(),
        place: "統計表の番号".to_owned(),
        found,
        expected,
        remedy: "[study] の census_year と国勢調査メッシュのファイルの組み合わせを確かめてください"
            .to_owned(),
    };
    if meshes.is_empty() {
        let found = format!("{} 年の国勢調査の表です", years.join("・"));
        return Err(unlike(first, found, format!("census_year = {year} の国勢調査の表")));
    }
    if let Some((input, _)) = meshes.iter().find(|(_, mesh)| !mesh.tells_85_plus) {
        let found = format!("{year} 年の表には 85歳以上の人口がありません");
        let expected = "85歳以上の人口がある 2020 年以後の国勢調査の表".to_owned();
        return Err(unlike(*input, found, expected));
    }
    Ok(meshes.into_iter().map(|(input, mesh)| (input, mesh.rows)).collect())
}

/// People of the municipalities at the other censuses.
pub(crate) fn take_earlier(
    censuses: Censuses,
    prefecture: &str,
    cells: &[Cell],
    boundaries: &[MultiPolygon],
    ledgers: &mut [Ledger],
) -> Vec<EarlierCensus> {
    let mut earlier = Vec::new();
    for (year, meshes) in censuses {
        let tells_85_plus = meshes.iter().all(|(_, mesh)| mesh.tells_85_plus);
        let rows = meshes.into_iter().map(|(input, mesh)| (input, mesh.rows)).collect();
        let rows = resolve(rows, prefecture, ledgers);
        let people = people(rows, cells, boundaries, ledgers);
        earlier.push(EarlierCensus { year, tells_85_plus, people });
    }
    earlier
}

/// Municipalities and the share of a cell's people who live in each.
type Shares = Vec<(usize, f64)>;

/// People of each municipality. `cells` are those of today, `rows` the cells of the earlier census, each
/// there once; cells of another size than the first and cells outside the prefecture are set aside.
fn people(
    rows: Vec<(usize, CensusCell)>,
    cells: &[Cell],
    boundaries: &[MultiPolygon],
    ledgers: &mut [Ledger],
) -> Vec<AgeCounts> {
    let mut people = vec![AgeCounts::default(); boundaries.len()];
    let (Some((_, first)), Some(today)) = (rows.first(), cells.first()) else { return people };
    let size = digits_of(first.mesh);
    let digits = size.min(digits_of(today.mesh));
    let today = shares_today(cells, digits);
    let assigner = Assigner::new(boundaries);
    let mut used = Vec::new();
    let mut shared = Vec::new();
    for (input, row) in rows {
        let shares = (digits_of(row.mesh) == size)
            .then(|| today.get(&wider(row.mesh, digits)).cloned().or_else(|| by_land(&assigner, &row)))
            .flatten();
        let Some(shares) = shares else {
            ledgers[input].withdraw(Doubt {
                kind: "cell_outside_prefecture",
                row: row.row,
                field: "KEY_CODE",
                said: &row.mesh.to_string(),
                meant: "どの市区町村からも約 2 km 以上離れているか、ほかの行と大きさの違うメッシュです。この行の人口は集計に入りません"
                    .to_owned(),
            });
            continue;
        };
        shared.push(SharedCell { people: row.population.total, shares });
        used.push(row.population);
    }
    let persons = whole_persons(&shared, boundaries.len());
    for ((cell, whole), persons) in shared.iter().zip(used).zip(persons) {
        let counts = share_out(&persons, [whole.age_65_plus, whole.age_75_plus, whole.age_85_plus]);
        for ((municipality, _), counts) in cell.shares.iter().zip(counts) {
            people[*municipality] += counts;
        }
    }
    people
}

/// Where the people of each cell of so many digits live today.
fn shares_today(cells: &[Cell], digits: usize) -> BTreeMap<String, Shares> {
    let mut people: BTreeMap<String, BTreeMap<usize, u64>> = BTreeMap::new();
    for cell in cells {
        let of_cell = people.entry(wider(cell.mesh, digits)).or_default();
        *of_cell.entry(cell.municipality).or_default() += u64::from(cell.population.total);
    }
    let shares = |people: BTreeMap<usize, u64>| {
        let all: u64 = people.values().sum();
        people.into_iter().map(|(municipality, people)| (municipality, people as f64 / all as f64)).collect()
    };
    people.into_iter().map(|(mesh, people)| (mesh, shares(people))).collect()
}

/// The land of each municipality; `None` far from all of them.
fn by_land(assigner: &Assigner<'_>, cell: &CensusCell) -> Option<Shares> {
    match assigner.place(cell.mesh.rect())? {
        Lies::Within(parts) => Some(parts.iter().map(|part| (part.municipality, part.share)).collect()),
        Lies::Nearest(municipality, degrees) => (degrees <= FAR_DEGREES).then(|| vec![(municipality, 1.0)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Point, Rect};

    fn counts(total: u32, age_65_plus: u32) -> AgeCounts {
        AgeCounts { total, age_65_plus, ..AgeCounts::default() }
    }

    fn today(mesh: &str, municipality: usize, total: u32) -> Cell {
        let mesh: crate::geometry::mesh::MeshCode = mesh.parse().expect("mesh");
        Cell {
            mesh,
            municipality,
            centre: Point::new(0.0, 0.0),
            outline: MultiPolygon(Vec::new()),
            population: counts(total, 0),
            ages_estimated: false,
            future: BTreeMap::new(),
        }
    }

    fn earlier(row: u64, mesh: &str, total: u32, age_65_plus: u32) -> (usize, CensusCell) {
        let population = counts(total, age_65_plus);
        (0, CensusCell { row, mesh: mesh.parse().expect("mesh"), population, ages_estimated: false })
    }

    #[test]
    fn cells_are_divided_as_today_else_by_land_and_nobody_is_lost() {
        // The border leaves three quarters of the second column of cells to the first municipality.
        let edge = |column: f64| 138.5 + column / 80.0;
        let land = |from: f64, to: f64| {
            MultiPolygon(vec![Rect::new((edge(from), 35.0 + 2.0 / 3.0), (edge(to), 35.7083)).to_polygon()])
        };
        let boundaries = [land(0.0, 1.75), land(1.75, 5.0)];
        let cells = [today("533844011", 0, 10), today("533844012", 1, 30), today("533844001", 0, 5)];
        let rows = vec![
            earlier(3, "53384401", 80, 40),
            earlier(4, "53384411", 40, 20),
            earlier(5, "53384400", 7, 1),
            earlier(6, "53384499", 9, 1),
            earlier(7, "533844021", 3, 1),
        ];
        let mut ledgers = [Ledger { read: 5, stored: 5, ..Ledger::new("t.txt") }];
        let people = people(rows, &cells, &boundaries, &mut ledgers);
        // 80 × 1/4 + 40 × 3/4 + 7, and 80 × 3/4 + 40 × 1/4.
        assert_eq!(people, [counts(57, 26), counts(70, 35)]);
        assert_eq!((ledgers[0].stored, ledgers[0].quarantined), (3, 2));
        let told: Vec<_> = ledgers[0].findings.iter().map(|one| one.row).collect();
        assert_eq!(told, [Some(6), Some(7)]);
    }

    #[test]
    fn the_census_of_the_study_must_be_there_and_tell_the_oldest() {
        let mesh = |year, tells_85_plus| (0, CensusMesh { year, tells_85_plus, rows: Vec::new() });
        let entry = InputEntry::of(crate::ingest::manifest::InputKind::CensusMesh, "t.txt");
        let of = |year| {
            let mut censuses = by_year(vec![mesh(2015, false), mesh(2020, true)]);
            let meshes = of_study(year, &mut censuses, std::slice::from_ref(&entry))?;
            Ok::<_, IngestError>((meshes.len(), censuses.into_keys().collect::<Vec<_>>()))
        };
        assert_eq!(of(2020).expect("there"), (1, vec![2015]));
        let message = of(2015).expect_err("no 85+").to_string();
        assert!(message.starts_with("t.txt: ") && message.contains("85歳以上"), "{message}");
        let message = of(2010).expect_err("not there").to_string();
        assert!(message.contains("2015・2020 年") && message.contains("census_year = 2010"), "{message}");
    }
}
