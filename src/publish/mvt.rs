//! Mapbox Vector Tiles (version 2) of a layer.
//!
//! A layer's geometry is first projected into the unit square of Web Mercator (x east, y south, as
//! tiles are counted). JGD2011 is taken as WGS 84 here: the difference is far below a pixel. What
//! a tile shows is clipped a little outside it, so that edges made by clipping stay out of sight.

use crate::store::layer::{Column, Row, Value};
use fast_mvt::{MvtCoord, MvtError, MvtFeatureBuilder, MvtGeomType, MvtLayerBuilder, MvtValue, MvtValueRef};
use geo::{Coord, Geometry, LineString, MapCoords, Polygon, Rect, Simplify};
use std::f64::consts::PI;

/// Width of a tile in its own coordinates.
const EXTENT: f64 = 4096.0;

/// How far outside the tile lines and polygons go on: 1/64 of its width, 8 px on screen.
const BUFFER: f64 = 64.0;

/// Detail that may be lost by drawing with fewer points: 1/8 px.
const TOLERANCE: f64 = 1.0;

/// From this zoom on no point is left out: maps enlarge these tiles instead of asking for more.
const FULL_DETAIL_ZOOM: u8 = 14;

/// Highest zoom that is served.
pub const MAX_ZOOM: u8 = 22;

/// Why a tile could not be encoded.
pub type EncodeError = MvtError;

/// A tile in the usual numbering: y counts from the north.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    zoom: u8,
    x: u32,
    y: u32,
}

impl Tile {
    /// The tile, if there is one of these numbers: `zoom` up to [`MAX_ZOOM`], `x` and `y` less
    /// than 2^`zoom`.
    #[must_use]
    pub const fn new(zoom: u8, x: u32, y: u32) -> Option<Self> {
        if zoom <= MAX_ZOOM && x < 1 << zoom && y < 1 << zoom { Some(Self { zoom, x, y }) } else { None }
    }

    /// Zoom level.
    #[must_use]
    pub const fn zoom(self) -> u8 {
        self.zoom
    }

    /// Part of the unit square that the tile shows, with the buffer.
    #[must_use]
    pub fn bounds(self) -> Rect {
        let unit = |tile: u32, within: f64| (f64::from(tile) + within / EXTENT) / self.per_side();
        Rect::new(
            Coord { x: unit(self.x, -BUFFER), y: unit(self.y, -BUFFER) },
            Coord { x: unit(self.x, EXTENT + BUFFER), y: unit(self.y, EXTENT + BUFFER) },
        )
    }

    fn per_side(self) -> f64 {
        f64::from(1_u32 << self.zoom)
    }

    /// From the unit square to the tile's own coordinates.
    fn local(self, coord: Coord) -> Coord {
        Coord {
            x: (coord.x * self.per_side() - f64::from(self.x)) * EXTENT,
            y: (coord.y * self.per_side() - f64::from(self.y)) * EXTENT,
        }
    }
}

/// Longitude and latitude in degrees to the unit square of Web Mercator. Latitudes beyond the
/// poles of the projection (±85.05°) go to its edge.
#[must_use]
pub fn project(geometry: &Geometry) -> Geometry {
    geometry.map_coords(|degrees| Coord {
        x: degrees.x / 360.0 + 0.5,
        y: (0.5 - degrees.y.to_radians().tan().asinh() / (2.0 * PI)).clamp(0.0, 1.0),
    })
}

/// One layer of one tile from rows whose geometry is projected, each with its feature id. `None`
/// when nothing of them is to be seen in the tile. Unknown values have no property.
///
/// # Errors
/// When the tile cannot be encoded: more than 2^29 points in a geometry.
pub fn encode<'a>(
    name: &str,
    columns: &[Column],
    rows: impl IntoIterator<Item = (u64, &'a Row)>,
    tile: Tile,
) -> Result<Option<Vec<u8>>, EncodeError> {
    let mut layer = MvtLayerBuilder::new(name)?;
    for (id, row) in rows {
        let Some(shape) = row.geometry.as_ref().and_then(|geometry| shape(geometry, tile)) else {
            continue;
        };
        let mut feature = shape.begin(layer)?;
        feature.id(Some(id));
        for (column, value) in columns.iter().zip(&row.values) {
            tag(&mut feature, &column.name, value)?;
        }
        layer = feature.end();
    }
    Ok((layer.num_features() > 0).then(|| layer.encode()))
}

fn tag(feature: &mut MvtFeatureBuilder, key: &str, value: &Value) -> Result<(), MvtError> {
    match value {
        Value::Null => {}
        Value::Integer(number) => {
            feature.tag(key, MvtValue::auto_int(*number))?;
        }
        Value::Real(number) => {
            feature.tag_ref(key, MvtValueRef::Double(*number))?;
        }
        Value::Text(text) => {
            feature.tag_ref(key, MvtValueRef::String(text))?;
        }
        Value::Boolean(truth) => {
            feature.tag_ref(key, MvtValueRef::Bool(*truth))?;
        }
    }
    Ok(())
}

/// What is to be seen of a geometry in one tile, in whole tile coordinates; never empty.
enum Shape {
    Point(MvtCoord),
    Lines(Vec<Vec<MvtCoord>>),
    /// Polygons, each with its exterior ring first.
    Polygons(Vec<Vec<Vec<MvtCoord>>>),
}

impl Shape {
    fn begin(self, layer: MvtLayerBuilder) -> Result<MvtFeatureBuilder, MvtError> {
        Ok(match self {
            Self::Point(point) => {
                let mut feature = layer.feature_of(MvtGeomType::Point);
                feature.points([point])?;
                feature
            }
            Self::Lines(lines) => {
                let mut feature = layer.feature_of(MvtGeomType::LineString);
                for line in lines {
                    feature.line(line)?;
                }
                feature
            }
            Self::Polygons(polygons) => {
                let mut feature = layer.feature_of(MvtGeomType::Polygon);
                for ring in polygons.into_iter().flat_map(|rings| rings.into_iter().enumerate()) {
                    feature.ring(ring.1, ring.0 == 0)?;
                }
                feature
            }
        })
    }
}

fn shape(geometry: &Geometry, tile: Tile) -> Option<Shape> {
    match geometry.map_coords(|coord| tile.local(coord)) {
        Geometry::Point(point) => point_inside(point.0).map(Shape::Point),
        Geometry::LineString(line) => lines([line], tile),
        Geometry::MultiLineString(many) => lines(many, tile),
        Geometry::Polygon(polygon) => polygons([polygon], tile),
        Geometry::MultiPolygon(many) => polygons(many, tile),
        _ => None,
    }
}

/// A point belongs to one tile only, so that nothing is shown or counted twice.
fn point_inside(point: Coord) -> Option<MvtCoord> {
    let inside = |c: f64| (0.0..EXTENT).contains(&c);
    (inside(point.x) && inside(point.y)).then(|| whole(Coord { x: point.x.floor(), y: point.y.floor() }))
}

fn lines(lines: impl IntoIterator<Item = LineString>, tile: Tile) -> Option<Shape> {
    let seen: Vec<_> = lines
        .into_iter()
        .flat_map(|line| clip_line(&line.0))
        .map(|part| whole_coords(&simplified(LineString(part), tile).0))
        .filter(|part| part.len() >= 2)
        .collect();
    (!seen.is_empty()).then_some(Shape::Lines(seen))
}

fn polygons(polygons: impl IntoIterator<Item = Polygon>, tile: Tile) -> Option<Shape> {
    let seen: Vec<_> = polygons
        .into_iter()
        .filter_map(|polygon| {
            let exterior = ring(polygon.exterior(), tile)?;
            let interiors = polygon.interiors().iter().filter_map(|interior| ring(interior, tile));
            Some(std::iter::once(exterior).chain(interiors).collect())
        })
        .collect();
    (!seen.is_empty()).then_some(Shape::Polygons(seen))
}

/// The ring as far as it is seen, open (without its first point again at the end); `None` when no
/// area is left of it.
fn ring(ring: &LineString, tile: Tile) -> Option<Vec<MvtCoord>> {
    let mut seen = clip_ring(ring.0.split_last()?.1);
    seen.push(*seen.first()?);
    let mut coords = whole_coords(&simplified(LineString(seen), tile).0);
    coords.pop();
    (twice_area(&coords) != 0).then_some(coords)
}

fn simplified(line: LineString, tile: Tile) -> LineString {
    if tile.zoom < FULL_DETAIL_ZOOM { line.simplify(TOLERANCE) } else { line }
}

/// Whole coordinates without repetition.
fn whole_coords(coords: &[Coord]) -> Vec<MvtCoord> {
    let mut whole: Vec<_> = coords.iter().copied().map(whole).collect();
    whole.dedup();
    whole
}

#[expect(clippy::cast_possible_truncation, reason = "clipped to the tile and its buffer")]
fn whole(coord: Coord) -> MvtCoord {
    MvtCoord { x: coord.x.round() as i32, y: coord.y.round() as i32 }
}

fn twice_area(ring: &[MvtCoord]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter()
        .zip(next)
        .map(|(a, b)| i64::from(a.x) * i64::from(b.y) - i64::from(b.x) * i64::from(a.y))
        .sum()
}

/// The four half-planes whose common part is the tile with its buffer. A coordinate lies inside
/// where the distance is not negative.
const SIDES: [fn(Coord) -> f64; 4] =
    [|c| c.x + BUFFER, |c| EXTENT + BUFFER - c.x, |c| c.y + BUFFER, |c| EXTENT + BUFFER - c.y];

/// Where the segment crosses a side; the distances of its ends have different signs.
fn crossing(a: Coord, b: Coord, distance_a: f64, distance_b: f64) -> Coord {
    a + (b - a) * (distance_a / (distance_a - distance_b))
}

/// Clips an open ring (Sutherland and Hodgman 1974). Parts that lie apart stay joined along the
/// edge of the buffer, where nobody sees it.
fn clip_ring(ring: &[Coord]) -> Vec<Coord> {
    SIDES.iter().fold(ring.to_vec(), |ring, distance| {
        let mut kept = Vec::with_capacity(ring.len());
        let previous = ring.iter().cycle().skip(ring.len().saturating_sub(1));
        for (&a, &b) in previous.zip(&ring) {
            let (distance_a, distance_b) = (distance(a), distance(b));
            if (distance_a < 0.0) != (distance_b < 0.0) {
                kept.push(crossing(a, b, distance_a, distance_b));
            }
            if distance_b >= 0.0 {
                kept.push(b);
            }
        }
        kept
    })
}

/// Clips a line into the parts that are seen.
fn clip_line(line: &[Coord]) -> Vec<Vec<Coord>> {
    let mut parts: Vec<Vec<Coord>> = Vec::new();
    for segment in line.windows(2) {
        let Some((a, b)) = clip_segment(segment[0], segment[1]) else { continue };
        match parts.last_mut() {
            Some(part) if part.last() == Some(&a) => part.push(b),
            _ => parts.push(vec![a, b]),
        }
    }
    parts
}

fn clip_segment(a: Coord, b: Coord) -> Option<(Coord, Coord)> {
    SIDES.iter().try_fold((a, b), |(a, b), distance| {
        let (distance_a, distance_b) = (distance(a), distance(b));
        match (distance_a < 0.0, distance_b < 0.0) {
            (false, false) => Some((a, b)),
            (true, false) => Some((crossing(a, b, distance_a, distance_b), b)),
            (false, true) => Some((a, crossing(a, b, distance_a, distance_b))),
            (true, true) => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::layer::ColumnKind;
    use fast_mvt::{MvtGeometry, MvtReaderRef};
    use geo::{Area, BooleanOps, Euclidean, Length, MultiLineString, line_string, point, polygon, wkt};
    use proptest::collection::vec;
    use proptest::prelude::*;
    use std::process::Command;

    /// Longitude and latitude of a place given in units of the tile 2/3/1.
    fn degrees(x: f64, y: f64) -> Coord {
        Coord { x: 90.0 + x / EXTENT * 90.0, y: ((1.0 - y / EXTENT) * PI / 2.0).sinh().atan().to_degrees() }
    }

    /// What the tile 2/3/1 shows of a geometry given in its units.
    fn drawn(geometry: &Geometry) -> Option<MvtGeometry> {
        let projected = project(&geometry.map_coords(|c| degrees(c.x, c.y)));
        let row = Row { geometry: Some(projected), values: vec![] };
        let bytes = encode("test", &[], [(1, &row)], Tile::new(2, 3, 1).unwrap()).unwrap()?;
        let reader = MvtReaderRef::new(&bytes).unwrap();
        let layer = reader.layers().next().unwrap();
        Some(layer.features().next().unwrap().geometry().unwrap())
    }

    #[test]
    fn a_square_has_its_known_tile_coordinates_whichever_way_it_was_wound() {
        let square =
            polygon![(x: 1000., y: 2000.), (x: 1500., y: 2000.), (x: 1500., y: 2500.), (x: 1000., y: 2500.)];
        let mut other_way = square.clone();
        other_way.exterior_mut(|ring| ring.0.reverse());
        for polygon in [square, other_way] {
            let Some(MvtGeometry::Polygon(seen)) = drawn(&polygon.into()) else { panic!("no polygon") };
            assert!(twice_area(&seen.exterior().0) > 0, "exterior rings turn clockwise on screen");
            let mut corners: Vec<_> = seen.exterior().0.iter().map(|c| (c.x, c.y)).collect();
            corners.sort_unstable();
            corners.dedup();
            assert_eq!(corners, [(1000, 2000), (1000, 2500), (1500, 2000), (1500, 2500)]);
        }
    }

    #[test]
    fn kofu_city_hall_lies_where_the_published_formula_puts_it() {
        let row =
            Row { geometry: Some(project(&point! { x: 138.568_4, y: 35.662_2 }.into())), values: vec![] };
        let tile = Tile::new(10, 906, 403).unwrap();
        let bytes = encode("test", &[], [(1, &row)], tile).unwrap().unwrap();
        let geometry =
            MvtReaderRef::new(&bytes).unwrap().to_tile().unwrap().layers[0].features[0].geometry.clone();
        assert_eq!(geometry, MvtGeometry::Point((614, 1209).into()));
    }

    #[test]
    fn a_polygon_is_cut_at_the_buffer_and_a_hole_stays() {
        let seen = drawn(&Geometry::Polygon(polygon! {
            exterior: [(x: -500., y: 100.), (x: 300., y: 100.), (x: 300., y: 400.), (x: -500., y: 400.)],
            interiors: [[(x: 100., y: 200.), (x: 200., y: 200.), (x: 200., y: 300.), (x: 100., y: 300.)]],
        }));
        let Some(MvtGeometry::Polygon(seen)) = seen else { panic!("no polygon") };
        assert_eq!(seen.exterior().0.iter().map(|c| c.x).min(), Some(-64));
        assert_eq!(twice_area(&seen.exterior().0), 2 * 364 * 300);
        assert_eq!(twice_area(&seen.interiors()[0].0), -2 * 100 * 100);
    }

    #[test]
    fn a_polygon_that_covers_the_tile_fills_it() {
        let around =
            polygon![(x: -900., y: -900.), (x: 5000., y: -900.), (x: 5000., y: 5000.), (x: -900., y: 5000.)];
        let Some(MvtGeometry::Polygon(seen)) = drawn(&around.into()) else { panic!("no polygon") };
        assert_eq!(twice_area(&seen.exterior().0), 2 * 4224 * 4224);
    }

    #[test]
    fn a_line_that_leaves_and_comes_back_is_seen_in_two_parts() {
        let line = line_string![
            (x: 100., y: 100.), (x: -500., y: 100.), (x: -500., y: 300.), (x: 100., y: 300.),
        ];
        assert_eq!(
            drawn(&line.into()),
            Some(wkt!(MULTILINESTRING((100 100, -64 100), (-64 300, 100 300))).into())
        );
    }

    #[test]
    fn a_line_across_a_corner_of_the_buffer_but_outside_is_not_seen() {
        assert_eq!(drawn(&line_string![(x: -200., y: 10.), (x: 10., y: -200.)].into()), None);
        assert!(drawn(&line_string![(x: -100., y: 10.), (x: 10., y: -100.)].into()).is_some());
    }

    #[test]
    fn what_is_too_small_to_be_seen_is_left_out() {
        let speck = polygon![(x: 10.1, y: 10.1), (x: 10.3, y: 10.1), (x: 10.3, y: 10.3)];
        assert_eq!(drawn(&speck.into()), None);
        assert_eq!(drawn(&line_string![(x: 10.1, y: 10.1), (x: 10.3, y: 10.1)].into()), None);
    }

    #[test]
    fn a_point_on_the_edge_belongs_to_one_of_the_two_tiles() {
        let edge = project(&point! { x: 90.0, y: 40.0 }.into());
        let rows = [Row { geometry: Some(edge), values: vec![] }];
        let tiles = [Tile::new(2, 2, 1).unwrap(), Tile::new(2, 3, 1).unwrap()];
        let shown = tiles.map(|tile| encode("test", &[], [(1, &rows[0])], tile).unwrap().is_some());
        assert_eq!(shown, [false, true]);
    }

    #[test]
    fn points_that_change_nothing_to_see_are_left_out_until_full_detail() {
        let wiggly = line_string![(x: 0.1, y: 0.1), (x: 0.100_001, y: 0.100_000_5), (x: 0.2, y: 0.1)];
        let points = |zoom| {
            let per_side = 2_f64.powi(i32::from(zoom));
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a tile number")]
            let number = (per_side * 0.1) as u32;
            let row = Row { geometry: Some(wiggly.clone().into()), values: vec![] };
            let bytes = encode("test", &[], [(1, &row)], Tile::new(zoom, number, number).unwrap());
            let bytes = bytes.unwrap().unwrap();
            let tile = MvtReaderRef::new(&bytes).unwrap().to_tile().unwrap();
            let MvtGeometry::LineString(line) = tile.layers[0].features[0].geometry.clone() else {
                panic!("no line")
            };
            line.0.len()
        };
        assert_eq!(points(4), 2);
        assert_eq!(points(14), 3);
    }

    #[test]
    fn unknown_values_have_no_property_and_the_others_keep_their_kind() {
        let names = ["minutes", "people", "name", "linked", "unknown"];
        let columns = names.map(|name| Column::new(name, ColumnKind::Text));
        let row = Row {
            geometry: Some(project(&point! { x: 138.5, y: 35.5 }.into())),
            values: vec![
                Value::Real(12.0),
                Value::Integer(-3),
                Value::Text("甲府市".to_owned()),
                Value::Boolean(false),
                Value::Null,
            ],
        };
        let bytes = encode("cells", &columns, [(7, &row)], Tile::new(0, 0, 0).unwrap()).unwrap().unwrap();
        let tile = MvtReaderRef::new(&bytes).unwrap().to_tile().unwrap();
        let feature = &tile.layers[0].features[0];
        assert_eq!(feature.id, Some(7));
        let tags: Vec<_> =
            feature.properties.iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
        assert_eq!(
            tags,
            [
                ("minutes", MvtValue::Double(12.0)),
                ("people", MvtValue::SInt(-3)),
                ("name", MvtValue::String("甲府市".to_owned())),
                ("linked", MvtValue::Bool(false)),
            ]
        );
    }

    fn ring_of(corners: Vec<(f64, f64)>) -> Vec<Coord> {
        corners.into_iter().map(Coord::from).collect()
    }

    fn window() -> Rect {
        Rect::new((-BUFFER, -BUFFER), (EXTENT + BUFFER, EXTENT + BUFFER))
    }

    proptest! {
        #[test]
        fn clipped_triangles_have_the_area_of_the_intersection(
            corners in vec((-3000.0..7000.0, -3000.0..7000.0), 3)
        ) {
            let ring = ring_of(corners);
            let clipped = Polygon::new(LineString(clip_ring(&ring)), vec![]);
            let exact = Polygon::new(LineString(ring), vec![]).intersection(&window().to_polygon());
            prop_assert!((clipped.unsigned_area() - exact.unsigned_area()).abs() < 1.0);
        }

        #[test]
        fn clipped_lines_have_the_length_of_the_intersection(
            corners in vec((-3000.0..7000.0, -3000.0..7000.0), 2..8)
        ) {
            let line = ring_of(corners);
            let clipped: f64 =
                clip_line(&line).into_iter().map(|part| Euclidean.length(&LineString(part))).sum();
            let exact = window().to_polygon().clip(&MultiLineString(vec![LineString(line)]), false);
            prop_assert!((clipped - Euclidean.length(&exact)).abs() < 1.0);
        }
    }

    #[test]
    fn only_tiles_that_exist_have_a_number() {
        assert!(Tile::new(0, 0, 0).is_some());
        assert!(Tile::new(3, 7, 7).is_some());
        assert!(Tile::new(3, 8, 0).is_none());
        assert!(Tile::new(3, 0, 8).is_none());
        assert!(Tile::new(23, 0, 0).is_none());
        assert!(Tile::new(255, 0, 0).is_none());
    }

    #[test]
    fn gdal_reads_a_tile_with_valid_winding() {
        let holed = polygon! {
            exterior: [(x: 138., y: 35.), (x: 138., y: 36.), (x: 139., y: 36.), (x: 139., y: 35.)],
            interiors: [[(x: 138.4, y: 35.4), (x: 138.6, y: 35.4), (x: 138.6, y: 35.6), (x: 138.4, y: 35.6)]],
        };
        let row =
            Row { geometry: Some(project(&holed.into())), values: vec![Value::Text("早川町".to_owned())] };
        let columns = [Column::new("name", ColumnKind::Text)];
        let bytes = encode("zones", &columns, [(1, &row)], Tile::new(5, 28, 12).unwrap()).unwrap().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("12.mvt");
        std::fs::write(&path, bytes).unwrap();
        let said = Command::new("ogrinfo")
            .args(["-al", "-oo", "X=28", "-oo", "Y=12", "-oo", "Z=5"])
            .arg(&path)
            .output()
            .expect("gdal-bin is installed");
        let said = String::from_utf8(said.stdout).unwrap();
        assert!(said.contains("Layer name: zones") && said.contains("name (String) = 早川町"), "{said}");
        let rings = said.lines().find(|line| line.contains("POLYGON")).unwrap_or_else(|| panic!("{said}"));
        assert_eq!(rings.matches("((").count(), 1, "one polygon: {rings}");
        assert_eq!(rings.matches("),(").count(), 1, "with one hole: {rings}");
    }
}
