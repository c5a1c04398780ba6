//! Areas on the map in which roads are closed, and the edges they close.

use crate::network::NetworkError;
use crate::network::graph::{Edge, Network};
use geo::{Coord, Geometry, GeometryCollection, Intersects, Line, LineString, MultiPolygon, Polygon};
use geojson::GeoJson;
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use std::path::Path;

/// Reads the polygons of a GeoJSON file (RFC 7946: longitude and latitude in degrees).
///
/// # Errors
/// [`NetworkError::Scenario`]: not readable, not GeoJSON, a place off the Earth, or no polygon at all.
pub fn read(path: &Path) -> Result<Vec<Polygon>, NetworkError> {
    let fail = |found: String| NetworkError::Scenario {
        file: path.display().to_string(),
        place: "閉鎖区域".to_owned(),
        found,
        expected: "緯度経度（JGD2011・WGS84）の Polygon か MultiPolygon を含む GeoJSON ファイルが必要です"
            .to_owned(),
    };
    let text = std::fs::read_to_string(path).map_err(|error| fail(format!("読めません（{error}）")))?;
    let json: GeoJson = text.parse().map_err(|error| fail(format!("GeoJSON として読めません（{error}）")))?;
    let geometries = GeometryCollection::<f64>::try_from(&json)
        .map_err(|error| fail(format!("図形が正しくありません（{error}）")))?;
    let mut found = Vec::new();
    polygons(geometries.0, &mut found);
    let places = || found.iter().flat_map(rings).flat_map(LineString::coords);
    let is_on_earth = |at: &&Coord| (-180.0..=180.0).contains(&at.x) && (-90.0..=90.0).contains(&at.y);
    if let Some(at) = places().find(|at| !is_on_earth(at)) {
        return Err(fail(format!("座標 {}, {} は緯度経度ではありません", at.x, at.y)));
    }
    if places().next().is_none() {
        return Err(fail("面（Polygon）がありません".to_owned()));
    }
    Ok(found)
}

fn polygons(geometries: Vec<Geometry>, found: &mut Vec<Polygon>) {
    for geometry in geometries {
        match geometry {
            Geometry::Polygon(polygon) => found.push(polygon),
            Geometry::MultiPolygon(MultiPolygon(parts)) => found.extend(parts),
            Geometry::GeometryCollection(GeometryCollection(parts)) => polygons(parts, found),
            _ => {}
        }
    }
}

fn rings(polygon: &Polygon) -> impl Iterator<Item = &LineString> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors())
}

/// Positions of the edges of which some part lies in one of the polygons or on its border, in order.
///
/// Method: the border segments stand in an R-tree. An edge that crosses no border is inside or outside as a
/// whole; a ray from its first place to the east tells which, polygon by polygon (even–odd rule), so that polygons may
/// overlap.
#[must_use]
pub fn touched(network: &Network, polygons: &[Polygon], closes: impl Fn(&Edge) -> bool + Sync) -> Vec<u32> {
    let borders = polygons.iter().enumerate().flat_map(|(at, polygon)| {
        rings(polygon).flat_map(LineString::lines).map(move |line| {
            let corners = Rectangle::from_corners([line.start.x, line.start.y], [line.end.x, line.end.y]);
            GeomWithData::new(corners, (at, line))
        })
    });
    let borders: RTree<Border> = RTree::bulk_load(borders.collect());
    let is_touched = |edge: &Edge| {
        let shape = network.shape(edge);
        let crosses = |line: Line| {
            let around = AABB::from_corners([line.start.x, line.start.y], [line.end.x, line.end.y]);
            borders.locate_in_envelope_intersecting(&around).any(|border| border.data.1.intersects(&line))
        };
        shape.windows(2).any(|ends| crosses(Line::new(ends[0], ends[1]))) || lies_inside(&borders, shape[0])
    };
    let edges = network.edges.par_iter().enumerate();
    edges.filter(|(_, edge)| closes(edge) && is_touched(edge)).map(|(at, _)| at as u32).collect()
}

/// A segment of the border of a polygon, with the polygon's position.
type Border = GeomWithData<Rectangle<[f64; 2]>, (usize, Line)>;

/// Whether a place that is on no border lies in any polygon.
fn lies_inside(borders: &RTree<Border>, at: Coord) -> bool {
    let ray = AABB::from_corners([at.x, at.y], [180.0, at.y]);
    let is_east = |line: &Line| {
        (line.start.y > at.y) != (line.end.y > at.y)
            && at.x < line.start.x + (at.y - line.start.y) / line.dy() * line.dx()
    };
    let mut crossed: Vec<usize> = borders
        .locate_in_envelope_intersecting(&ray)
        .filter(|border| is_east(&border.data.1))
        .map(|border| border.data.0)
        .collect();
    crossed.sort_unstable();
    crossed.chunk_by(|a, b| a == b).any(|crossings| crossings.len() % 2 == 1)
}
