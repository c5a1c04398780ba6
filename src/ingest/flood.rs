//! 国土数値情報 A31a 洪水浸水想定区域: how deep the water may stand, by river; and which institutions and
//! cells stand in it.
//!
//! An archive has a file for each river and scenario: `A31a_105` is the rank of the depth under the planned
//! rain (計画規模), `A31a_205` that under the greatest rain to be thought of (想定最大規模). The files of how long
//! the water stands and of falling houses (3xx, 4xx) are not read. Depths of one river do not lie over each
//! other; those of several may, and the deepest counts.

use crate::geometry::locate::Locator;
use crate::ingest::IngestError;
use crate::ingest::boundary::polygons;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::study::{Cell, FloodScenario, FloodedLand, FloodedPlace, Institution};
use crate::ingest::text::Source;
use crate::ingest::vector::{each_layer, geometry, text};
use geo::{BoundingRect, Contains, Coord, Intersects, MultiPolygon, Rect};
use rayon::prelude::*;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A rank of depth.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FloodRank {
    /// Number, from 1.
    pub rank: u8,
    /// Least depth of water in metres.
    pub from_m: f64,
    /// Depth in words.
    pub label: String,
    #[serde(rename = "tag")]
    _tag: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RankTable {
    #[serde(rename = "as_of")]
    _as_of: String,
    #[serde(rename = "source")]
    _source: String,
    rank: Vec<FloodRank>,
}

static RANKS: LazyLock<Vec<FloodRank>> = LazyLock::new(|| {
    let table: RankTable = toml::from_str(include_str!("../../shapes/tables/flood_depths.toml"))
        .expect("the table of flood depths is part of the program and tested");
    table.rank
});

/// The ranks, the shallowest first; rank n is the n-th.
#[must_use]
pub fn flood_ranks() -> &'static [FloodRank] {
    &RANKS
}

/// Attributes that hold the rank, by scenario; the name of the river has the same first digit.
const SCENARIOS: [(FloodScenario, &str, &str); 2] =
    [(FloodScenario::Planned, "A31a_105", "A31a_102"), (FloodScenario::Greatest, "A31a_205", "A31a_202")];

/// Points along each side of the grid by which the flooded share of a cell is measured.
const GRID: u32 = 10;

/// Where the water of one river stands in one scenario.
pub(crate) struct FloodedRiver {
    /// Which rain.
    pub scenario: FloodScenario,
    /// 河川名.
    pub river: String,
    /// Land by rank; the first is that of rank 1.
    ranks: Vec<MultiPolygon>,
}

/// Reads the depths of all rivers of a file, in the order of its members and rivers.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<FloodedRiver>, IngestError> {
    let mut rivers = Vec::new();
    let wanted = SCENARIOS.map(|(_, rank, _)| rank);
    let others = each_layer(source, &wanted, |layer| {
        ledger.layer = source.is_zip().then(|| layer.name.clone());
        let mut of_layer = SCENARIOS.into_iter().filter(|(_, rank, _)| layer.optional(rank).is_some());
        let Some((scenario, rank_name, river_name)) = of_layer.next() else { return Ok(()) };
        let (rank, river) = (layer.field(rank_name)?, layer.optional(river_name));
        let mut of_river: BTreeMap<String, Vec<MultiPolygon>> = BTreeMap::new();
        layer.for_each(|row, feature| {
            let said = text(feature, rank);
            let at = said.strip_suffix(".0").unwrap_or(&said).parse::<usize>().ok();
            let at = at.and_then(|rank| rank.checked_sub(1)).filter(|at| *at < RANKS.len());
            let (Some(at), Some(polygons)) = (at, polygons(geometry(feature))) else {
                return ledger.quarantine(Doubt {
                    kind: "bad_flood_row",
                    row,
                    field: rank_name,
                    said: &said,
                    meant: "浸水深ランク（1〜6）か多角形が読めません。この区域は使いません".to_owned(),
                });
            };
            ledger.store();
            let name = river.map(|field| text(feature, field)).unwrap_or_default();
            let ranks = of_river.entry(name);
            ranks.or_insert_with(|| vec![MultiPolygon(Vec::new()); RANKS.len()])[at].0.extend(polygons);
        })?;
        rivers.extend(of_river.into_iter().map(|(river, ranks)| FloodedRiver { scenario, river, ranks }));
        Ok(())
    })?;
    if ledger.read == 0 {
        return Err(IngestError::Header {
            file: source.file.clone(),
            place: "属性".to_owned(),
            missing: wanted.join("・"),
            expected: "浸水深ランク（A31a_105 か A31a_205）のある区域".to_owned(),
            found: others.join("、"),
        });
    }
    if !others.is_empty() {
        ledger.layer = None;
        ledger.note(Doubt {
            kind: "layers_not_used",
            row: 0,
            field: "",
            said: &others.join("、"),
            meant: format!("浸水深のない層 {} 件（浸水継続時間、家屋倒壊等）は使いません", others.len()),
        });
    }
    Ok(rivers)
}

/// Finds out what stands in the water, for each scenario of which there is a river.
pub(crate) fn take(
    rivers: &[FloodedRiver],
    institutions: &[Institution],
    cells: &[Cell],
) -> Vec<FloodedLand> {
    if rivers.is_empty() {
        return Vec::new();
    }
    let points: Vec<Vec<Coord>> = cells.par_iter().map(grid_of).collect();
    let of_scenario = |(scenario, _, _): (FloodScenario, &str, &str)| {
        let rivers: Vec<&FloodedRiver> = rivers.iter().filter(|river| river.scenario == scenario).collect();
        (!rivers.is_empty()).then(|| flooded(scenario, &rivers, institutions, &points))
    };
    SCENARIOS.into_iter().filter_map(of_scenario).collect()
}

fn flooded(
    scenario: FloodScenario,
    rivers: &[&FloodedRiver],
    institutions: &[Institution],
    points: &[Vec<Coord>],
) -> FloodedLand {
    let mut places: BTreeMap<usize, FloodedPlace> = BTreeMap::new();
    let mut deepest: Vec<Vec<u8>> = points.iter().map(|points| vec![0; points.len()]).collect();
    for river in rivers {
        let Some(bounds) = bounds(&river.ranks) else { continue };
        let locator = Locator::new(&river.ranks);
        let rank = |at: Coord| {
            bounds.contains(&at).then(|| locator.find(at)).flatten().map_or(0, |rank| rank as u8 + 1)
        };
        for (at, institution) in institutions.iter().enumerate() {
            let rank = institution.position.map_or(0, |position| rank(position.0));
            if rank > places.get(&at).map_or(0, |known| known.rank) {
                places.insert(at, FloodedPlace { rank, river: river.river.clone() });
            }
        }
        deepest.par_iter_mut().zip(points).for_each(|(deepest, points)| {
            for (deepest, point) in deepest.iter_mut().zip(points) {
                *deepest = (*deepest).max(rank(*point));
            }
        });
    }
    let share = |deepest: &Vec<u8>| {
        let of_rank = |rank: usize| deepest.iter().filter(|deepest| usize::from(**deepest) == rank).count();
        (1..=RANKS.len()).map(|rank| of_rank(rank) as f64 / deepest.len() as f64).collect()
    };
    FloodedLand { scenario, institutions: places, cells: deepest.iter().map(share).collect() }
}

fn bounds(ranks: &[MultiPolygon]) -> Option<Rect> {
    let rects = ranks.iter().filter_map(MultiPolygon::bounding_rect);
    rects.reduce(|a, b| {
        Rect::new(
            Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) },
            Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) },
        )
    })
}

/// Evenly spaced points of a cell's land; its centre where the land is too narrow for any.
fn grid_of(cell: &Cell) -> Vec<Coord> {
    let rect = cell.mesh.rect();
    let at = |from: f64, width: f64, step: u32| from + width * (f64::from(step) + 0.5) / f64::from(GRID);
    let all = (0..GRID).flat_map(|row| (0..GRID).map(move |column| (row, column)));
    let all = all.map(|(row, column)| Coord {
        x: at(rect.min().x, rect.width(), column),
        y: at(rect.min().y, rect.height(), row),
    });
    let inside: Vec<Coord> = all.filter(|point| cell.outline.intersects(point)).collect();
    if inside.is_empty() { vec![cell.centre.0] } else { inside }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::study::{Origins, Practice, Precision, SourceRow};
    use crate::ingest::text::tests::zipped;
    use crate::units::AgeCounts;
    use geo::Point;
    use std::collections::BTreeSet;

    /// A feature over longitudes `west` to `east` of the cell 53384400.
    fn feature(digit: u8, river: &str, rank: i64, west: f64, east: f64) -> serde_json::Value {
        let (south, north) = (35.0 + 2.0 / 3.0, 35.0 + 2.0 / 3.0 + 1.0 / 120.0);
        let at = |x: f64| 138.5 + x / 80.0;
        let mut properties = serde_json::Map::new();
        properties.insert(format!("A31a_{digit}01"), serde_json::json!("8303090001"));
        properties.insert(format!("A31a_{digit}02"), serde_json::json!(river));
        properties.insert(format!("A31a_{digit}05"), serde_json::json!(rank));
        let ring =
            [[at(west), south], [at(east), south], [at(east), north], [at(west), north], [at(west), south]];
        serde_json::json!({ "type": "Feature", "properties": properties,
                            "geometry": { "type": "Polygon", "coordinates": [ring] } })
    }

    fn archive() -> Vec<u8> {
        let file = |features: &[serde_json::Value]| {
            serde_json::json!({ "type": "FeatureCollection", "features": features }).to_string()
        };
        let largest = file(&[
            feature(2, "笛吹川", 1, 0.0, 0.2),
            feature(2, "笛吹川", 3, 0.2, 0.5),
            feature(2, "笛吹川", 9, 0.5, 0.6),
        ]);
        let other = file(&[feature(2, "荒川", 2, 0.4, 0.6)]);
        let planned = file(&[feature(1, "笛吹川", 1, 0.0, 0.1)]);
        let duration = file(&[feature(3, "笛吹川", 1, 0.0, 1.0)]);
        zipped(&[
            ("A31a-24_19_10_GEOJSON/10_計画規模/A31a-10-24_19_1.geojson", planned.as_bytes()),
            ("A31a-24_19_10_GEOJSON/20_想定最大規模/A31a-20-24_19_1.geojson", largest.as_bytes()),
            ("A31a-24_19_10_GEOJSON/20_想定最大規模/A31a-20-24_19_2.geojson", other.as_bytes()),
            ("A31a-24_19_10_GEOJSON/30_浸水継続時間/A31a-30-24_19_1.geojson", duration.as_bytes()),
        ])
    }

    fn institution(x: f64) -> Institution {
        Institution {
            id: format!("{x}"),
            name: "甲医院".to_owned(),
            address: String::new(),
            municipality: Some(0),
            position: Some(Point::new(138.5 + x / 80.0, 35.67)),
            precision: Precision::Point,
            correction: None,
            classes: BTreeSet::new(),
            beds: None,
            practice: Practice::default(),
            sources: vec![SourceRow { input: 0, row: 1, matched_by: "code".into(), score: 100 }],
            origins: Origins::default(),
        }
    }

    #[test]
    fn the_deepest_of_all_rivers_counts_and_shares_are_those_of_the_land() {
        let mut ledger = Ledger::new("A31a.zip");
        let rivers = read(&Source::of_bytes("A31a.zip", &archive()), &mut ledger).expect("read");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (5, 4, 1));
        let told: Vec<_> = ledger.findings.iter().map(|one| one.kind.as_str()).collect();
        assert_eq!(told, ["bad_flood_row", "layers_not_used"]);
        let mesh: crate::geometry::mesh::MeshCode = "53384400".parse().expect("mesh");
        let cell = Cell {
            mesh,
            municipality: 0,
            centre: mesh.centre(),
            outline: MultiPolygon(vec![mesh.rect().to_polygon()]),
            population: AgeCounts { total: 1, ..AgeCounts::default() },
            ages_estimated: false,
            future: BTreeMap::new(),
        };
        let institutions = [0.05, 0.45, 0.55, 0.9].map(institution);
        let land = take(&rivers, &institutions, &[cell]);
        assert_eq!(
            land.iter().map(|land| land.scenario).collect::<Vec<_>>(),
            [FloodScenario::Planned, FloodScenario::Greatest]
        );
        let greatest = &land[1];
        let places: Vec<_> =
            greatest.institutions.iter().map(|(at, place)| (*at, place.rank, place.river.as_str())).collect();
        assert_eq!(places, [(0, 1, "笛吹川"), (1, 3, "笛吹川"), (2, 2, "荒川")]);
        assert_eq!(greatest.cells, [[0.2, 0.1, 0.3, 0.0, 0.0, 0.0]]);
        assert_eq!(land[0].cells, [[0.1, 0.0, 0.0, 0.0, 0.0, 0.0]]);
        assert_eq!(land[0].institutions.keys().collect::<Vec<_>>(), [&0]);
    }

    #[test]
    fn ranks_stand_in_order_and_grow_deeper() {
        assert!(RANKS.iter().zip(1..).all(|(rank, number)| rank.rank == number && !rank.label.is_empty()));
        assert!(RANKS.is_sorted_by(|a, b| a.from_m < b.from_m));
    }
}
