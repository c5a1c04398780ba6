//! Institutions that only a town is known of, moved to where people live.
//!
//! The point of a town is the middle of its area, which in the mountains may lie kilometres from
//! any house. Nobody runs a clinic there, so such an institution is taken to stand at the nearest
//! inhabited place of its municipality.

use crate::geometry::plane::geodesic_m;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::study::{Cell, Institution, Precision};
use geo::Point;
use std::collections::BTreeSet;

/// Moves every institution that only a town or municipality is known of and that lies in no populated cell
/// to the centre of the nearest populated part of its municipality (the first of equals), and tells so.
pub(crate) fn move_to_inhabited(institutions: &mut [Institution], cells: &[Cell], ledgers: &mut [Ledger]) {
    let Some(size) = cells.first().map(|cell| cell.mesh) else { return };
    let populated: BTreeSet<_> = cells.iter().map(|cell| cell.mesh).collect();
    for institution in institutions {
        let (Some(from), Some(municipality)) = (institution.position, institution.municipality) else {
            continue;
        };
        let is_coarse = institution.precision > Precision::Block;
        let is_inhabited = size.same_size_at(from.into()).is_some_and(|mesh| populated.contains(&mesh));
        if !is_coarse || is_inhabited {
            continue;
        }
        let Some((to, metres)) = nearest(cells, municipality, from) else { continue };
        institution.position = Some(to);
        let Some(source) = institution.sources.first() else { continue };
        ledgers[source.input].note(Doubt {
            kind: "moved_to_inhabited",
            row: source.row,
            field: "所在地",
            said: &institution.address,
            meant: format!(
                "{}（{}）: 所在地の代表点（{:.6},{:.6}）は人の住むメッシュの外にあります。同じ市区町村で最も近い人の住むメッシュの中心へ {metres:.0} m 移しました",
                institution.name,
                institution.id,
                from.y(),
                from.x(),
            ),
        });
    }
}

/// Centre of the nearest populated part of a municipality, and the way there in metres.
fn nearest(cells: &[Cell], municipality: usize, from: Point) -> Option<(Point, f64)> {
    cells
        .iter()
        .filter(|cell| cell.municipality == municipality)
        .map(|cell| (cell.centre, geodesic_m(from, cell.centre)))
        .min_by(|(_, one), (_, other)| one.total_cmp(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::study::{Practice, SourceRow};
    use crate::units::AgeCounts;
    use geo::MultiPolygon;
    use std::collections::BTreeMap;

    fn cell(mesh: &str, municipality: usize) -> Cell {
        let mesh: crate::geometry::mesh::MeshCode = mesh.parse().expect("mesh");
        Cell {
            mesh,
            municipality,
            centre: mesh.centre(),
            outline: MultiPolygon(vec![mesh.rect().to_polygon()]),
            population: AgeCounts { total: 1, ..AgeCounts::default() },
            ages_estimated: false,
            future: BTreeMap::new(),
        }
    }

    fn institution(precision: Precision, mesh: &str) -> Institution {
        Institution {
            id: "1910000001".to_owned(),
            name: "吉田医院".to_owned(),
            address: "山梨県北杜市白州町白須1".to_owned(),
            municipality: Some(0),
            position: Some(cell(mesh, 0).centre),
            precision,
            correction: None,
            classes: BTreeSet::new(),
            beds: None,
            practice: Practice::default(),
            sources: vec![SourceRow { input: 0, row: 7, matched_by: "code".into(), score: 100 }],
            origins: crate::ingest::study::Origins::default(),
        }
    }

    #[test]
    fn a_town_in_the_mountains_moves_to_the_nearest_people_of_its_municipality() {
        // People live one cell to the east, of another municipality, and two cells to the south.
        let cells = [cell("53384400", 0), cell("53384421", 1)];
        let mut institutions = [
            institution(Precision::Town, "53384420"),
            institution(Precision::Municipality, "53384420"),
            institution(Precision::Point, "53384420"),
            institution(Precision::Town, "53384421"),
        ];
        let mut ledgers = [Ledger::new("t.xlsx")];
        move_to_inhabited(&mut institutions, &cells, &mut ledgers);
        let inhabited = Some(cells[0].centre);
        assert_eq!((institutions[0].position, institutions[1].position), (inhabited, inhabited));
        assert_eq!(institutions[0].precision, Precision::Town, "it is known no better than before");
        assert_eq!(institutions[2].position, Some(cell("53384420", 0).centre), "coordinates of its own");
        assert_eq!(institutions[3].position, Some(cells[1].centre), "people of a neighbour live here");
        let told: Vec<_> = ledgers[0].findings.iter().map(|one| (one.kind.as_str(), one.row)).collect();
        assert_eq!(told, [("moved_to_inhabited", Some(7)); 2]);
        assert!(ledgers[0].findings[0].meant.contains("1849 m"), "{}", ledgers[0].findings[0].meant);
    }

    #[test]
    fn where_nobody_lives_nothing_moves() {
        let mut institutions = [institution(Precision::Town, "53384420")];
        let before = institutions[0].position;
        move_to_inhabited(&mut institutions, &[], &mut []);
        move_to_inhabited(&mut institutions, &[cell("53384421", 1)], &mut []);
        assert_eq!(institutions[0].position, before);
    }
}
