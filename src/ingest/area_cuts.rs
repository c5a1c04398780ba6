//! Municipalities that the areas of a system cut by 町丁目 (郡市医師会, 日常生活圏域 …).
//!
//! A row of a table of areas may name a 町丁目. The cells of such a municipality lie in the area of the
//! nearest 町丁目 whose area is known; a row of the municipality without 町丁目 is for all others. Only
//! points of towns are published for the whole country, not their outlines, so near an inner border a cell
//! may be given to the wrong side.

use crate::geometry::plane::short_m;
use crate::ingest::area_membership::Membership;
use crate::ingest::geocode::Geocoder;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::study::{Area, AreaCut, AreaPart, AreaSystem, Cell, Municipality};
use geo::Point;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A row that names a 町丁目 of a municipality of the study.
pub(crate) struct TownRow {
    /// Position of the input.
    pub input: usize,
    /// The row.
    pub row: Membership,
}

/// What a table says of the parts of one municipality.
#[derive(Default)]
pub(crate) struct Claims {
    /// The rows that name a 町丁目.
    pub rows: Vec<TownRow>,
    /// The area of all other 町丁目, where a row without one tells it.
    pub rest: Option<Area>,
}

/// Cuts the municipalities whose rows name 町丁目, by system and position. The area of a cut municipality as
/// a whole is the one with most people.
pub(crate) fn take(
    claims: BTreeMap<(AreaSystem, usize), Claims>,
    municipalities: &mut [Municipality],
    cells: &[Cell],
    geocoder: &Geocoder,
    ledgers: &mut [Ledger],
) -> Vec<AreaCut> {
    let mut cuts = Vec::new();
    for ((system, at), Claims { rows, rest }) in claims {
        let Some(first) = rows.first().map(|row| (row.input, row.row.row)) else { continue };
        let towns = towns(rows, rest.as_ref(), at, geocoder, ledgers);
        let mut parts = parts(&towns, cells, at);
        parts.sort_by_key(|(_, part)| Reverse(people(part, cells)));
        let Some((most, _)) = parts.first() else { continue };
        municipalities[at].areas.insert(system, most.clone());
        // Where its 町丁目 are told, an area does not hold all of it.
        if let Some(further) = municipalities[at].further.get_mut(&system) {
            further.retain(|area| parts.iter().all(|(part, _)| part != area));
        }
        if parts.len() == 1 {
            continue;
        }
        tell(system, &municipalities[at], &parts, cells, first.1, &mut ledgers[first.0]);
        let parts = parts.into_iter().map(|(area, cells)| AreaPart { area, cells }).collect();
        cuts.push(AreaCut { system, municipality: at, parts });
    }
    cuts
}

/// Points of towns with their areas. Rows whose town is not known, or lies in two areas, are withdrawn.
fn towns(
    rows: Vec<TownRow>,
    rest: Option<&Area>,
    at: usize,
    geocoder: &Geocoder,
    ledgers: &mut [Ledger],
) -> Vec<(Point, Area)> {
    let known = geocoder.towns(at);
    let mut areas: BTreeMap<usize, Area> = BTreeMap::new();
    for TownRow { input, row, .. } in rows {
        let town = row.town.as_deref().unwrap_or_default();
        let named = geocoder.towns_named(at, town);
        let free: Vec<usize> = named
            .iter()
            .copied()
            .filter(|town| areas.get(town).is_none_or(|known| *known == row.area))
            .collect();
        let (kind, meant) = if named.is_empty() {
            ("unknown_town", "位置の分からない町丁目です。この行は使いません")
        } else if free.is_empty() {
            (
                "duplicate_area",
                "同じ町丁目が二つの圏域にあります。町丁目は一つの圏域にだけ入るため、先の行を使い、この行は使いません",
            )
        } else {
            areas.extend(free.into_iter().map(|town| (town, row.area.clone())));
            continue;
        };
        let doubt = Doubt { kind, row: row.row, field: "町丁目", said: town, meant: meant.to_owned() };
        ledgers[input].withdraw(doubt);
    }
    let area = |town: usize| areas.get(&town).or(rest).cloned();
    known.iter().enumerate().filter_map(|(town, point)| Some((*point, area(town)?))).collect()
}

/// The cells of a municipality by the area of the nearest town.
fn parts(towns: &[(Point, Area)], cells: &[Cell], at: usize) -> Vec<(Area, Vec<usize>)> {
    let mut parts: BTreeMap<&Area, Vec<usize>> = BTreeMap::new();
    for (position, cell) in cells.iter().enumerate().filter(|(_, cell)| cell.municipality == at) {
        let metres = |(point, _): &&(Point, Area)| short_m(point.0, cell.centre.0);
        let nearest = towns.iter().min_by(|one, other| metres(one).total_cmp(&metres(other)));
        if let Some((_, area)) = nearest {
            parts.entry(area).or_default().push(position);
        }
    }
    parts.into_iter().map(|(area, cells)| (area.clone(), cells)).collect()
}

fn people(part: &[usize], cells: &[Cell]) -> u64 {
    part.iter().map(|cell| u64::from(cells[*cell].population.total)).sum()
}

fn tell(
    system: AreaSystem,
    municipality: &Municipality,
    parts: &[(Area, Vec<usize>)],
    cells: &[Cell],
    row: u64,
    ledger: &mut Ledger,
) {
    let of = |(area, part): &(Area, Vec<usize>)| format!("{} {} 人", area.name, people(part, cells));
    ledger.note(Doubt {
        kind: "area_cuts_municipality",
        row,
        field: "町丁目",
        said: &municipality.name,
        meant: format!(
            "{}の{}が町丁目で分かれます（{}）。区域の人口と需要はメッシュで数え、市町村を単位とする表と案では人の多い方とします。区域を分けない規則では、分かれた区域がまとめて一つの圏域に入ります",
            municipality.name,
            system.name(),
            parts.iter().map(of).collect::<Vec<_>>().join("・"),
        ),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::AgeCounts;
    use geo::MultiPolygon;

    const SYSTEM: AreaSystem = AreaSystem::MedicalAssociation;

    fn area(name: &str) -> Area {
        Area { code: name.to_owned(), name: name.to_owned() }
    }

    /// 甲市 from west to east: cells of 1, 2, 3, … people; towns 東町一丁目, 東町二丁目, 西町.
    struct Scene {
        municipalities: Vec<Municipality>,
        cells: Vec<Cell>,
        geocoder: Geocoder,
    }

    fn scene() -> Scene {
        let municipalities = vec![Municipality {
            code: "48201".parse().expect("code"),
            name: "甲市".to_owned(),
            boundary: MultiPolygon(Vec::new()),
            areas: BTreeMap::new(),
            further: BTreeMap::new(),
            office: None,
        }];
        let mesh: crate::geometry::mesh::MeshCode = "53384416".parse().expect("mesh");
        let cells = (1..=6_u32)
            .map(|people| Cell {
                mesh,
                municipality: 0,
                centre: Point::new(138.0 + f64::from(people) * 0.01, 35.0),
                outline: MultiPolygon(Vec::new()),
                population: AgeCounts { total: people, ..AgeCounts::default() },
                ages_estimated: false,
                future: BTreeMap::new(),
            })
            .collect();
        let mut geocoder = Geocoder::new("汐見県", &municipalities, &BTreeMap::new(), &[]);
        for (name, x) in [("西町", 138.01), ("東町一丁目", 138.04), ("東町二丁目", 138.06)] {
            geocoder.learn(0, name, Point::new(x, 35.0));
        }
        Scene { municipalities, cells, geocoder }
    }

    fn cut(rows: &[(u64, &str, &str)], rest: Option<&str>) -> (Vec<(String, Vec<usize>)>, Scene, Ledger) {
        let mut scene = scene();
        let mut ledgers = [Ledger { read: 9, stored: 9, ..Ledger::new("a.csv") }];
        let rows = rows.iter().map(|(row, town, name)| TownRow {
            input: 0,
            row: Membership {
                row: *row,
                municipality: "48201".parse().expect("code"),
                town: Some((*town).to_owned()),
                area: area(name),
            },
        });
        let claims = Claims { rows: rows.collect(), rest: rest.map(area) };
        let claims = BTreeMap::from([((SYSTEM, 0), claims)]);
        let Scene { municipalities, cells, geocoder } = &mut scene;
        let cuts = take(claims, municipalities, cells, geocoder, &mut ledgers);
        let parts = cuts.into_iter().flat_map(|cut| cut.parts);
        let parts = parts.map(|part| (part.area.name, part.cells)).collect();
        let [ledger] = ledgers;
        (parts, scene, ledger)
    }

    #[test]
    fn cells_lie_in_the_area_of_the_nearest_town_and_nobody_is_lost() {
        let (parts, scene, ledger) = cut(&[(2, "西町", "西"), (3, "東町", "東")], None);
        assert_eq!(parts, [("東".to_owned(), vec![2, 3, 4, 5]), ("西".to_owned(), vec![0, 1])]);
        assert_eq!(scene.municipalities[0].areas[&SYSTEM], area("東"), "most people");
        let told = &ledger.findings[0];
        assert_eq!((told.kind.as_str(), told.row), ("area_cuts_municipality", Some(2)));
        assert!(told.meant.contains("東 18 人・西 3 人"), "{}", told.meant);
    }

    #[test]
    fn the_row_without_town_is_for_all_towns_that_no_row_names() {
        let (parts, ..) = cut(&[(2, "東町２丁目", "東")], Some("西"));
        assert_eq!(parts, [("東".to_owned(), vec![4, 5]), ("西".to_owned(), vec![0, 1, 2, 3])]);
        let (parts, scene, _) = cut(&[(2, "東町二丁目", "東")], None);
        assert!(parts.is_empty(), "one area is no cut");
        assert_eq!(scene.municipalities[0].areas[&SYSTEM], area("東"));
    }

    #[test]
    fn towns_that_nobody_knows_or_that_lie_in_two_areas_are_set_aside() {
        let rows = [(2, "西町", "西"), (3, "北町", "北"), (4, "西町", "東"), (5, "東町", "東")];
        let (parts, _, ledger) = cut(&rows, None);
        assert_eq!(parts.len(), 2);
        let told: Vec<_> = ledger.findings.iter().map(|one| (one.kind.as_str(), one.row)).collect();
        let expected =
            [("unknown_town", Some(3)), ("duplicate_area", Some(4)), ("area_cuts_municipality", Some(2))];
        assert_eq!(told, expected);
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (9, 7, 2));
    }
}
