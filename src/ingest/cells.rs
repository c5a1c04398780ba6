//! In which municipalities a mesh cell lies, and which part of it is whose land.

use geo::orient::{Direction, Orient};
use geo::{
    BooleanOps, BoundingRect, Centroid, Contains, Coord, InteriorPoint, LineString, MultiPolygon, Point,
    Polygon, Rect,
};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use std::collections::BTreeMap;

/// Where a cell lies.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Lies {
    /// In these municipalities, in their order.
    Within(Vec<Part>),
    /// The cell touches no municipality; this one is nearest, at so many degrees.
    Nearest(usize, f64),
}

/// The part of a cell that is one municipality's land.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    /// Position in the list of municipalities.
    pub municipality: usize,
    /// Its share of the cell's land, above 0 and at most 1.
    pub share: f64,
    /// The land; the whole rectangle where the municipality has all of the cell.
    pub outline: MultiPolygon,
    /// A point inside the land: the middle of it where that lies inside.
    pub centre: Point,
}

/// Less than this part of a cell (1 m² of 1 km²) is the inexact end of a neighbour's border.
const SLIVER: f64 = 1e-6;

/// A polygon cut by a rectangle, with its area in square degrees.
struct Piece {
    polygon: Polygon,
    area: f64,
}

/// The rectangle of a polygon, with municipality and position of the polygon in it.
type Indexed = GeomWithData<Rectangle<[f64; 2]>, (usize, usize)>;

/// Municipalities indexed by the rectangles of their polygons.
pub(crate) struct Assigner<'a> {
    boundaries: &'a [MultiPolygon],
    index: RTree<Indexed>,
}

impl<'a> Assigner<'a> {
    /// Indexes municipal borders.
    pub(crate) fn new(boundaries: &'a [MultiPolygon]) -> Self {
        let entries = boundaries.iter().enumerate().flat_map(|(municipality, polygons)| {
            polygons.iter().enumerate().filter_map(move |(part, polygon)| {
                let rect = polygon.bounding_rect()?;
                let corners =
                    Rectangle::from_corners([rect.min().x, rect.min().y], [rect.max().x, rect.max().y]);
                Some(GeomWithData::new(corners, (municipality, part)))
            })
        });
        Self { boundaries, index: RTree::bulk_load(entries.collect()) }
    }

    /// Where a cell lies; `None` only when there is no municipality at all.
    pub(crate) fn place(&self, cell: Rect) -> Option<Lies> {
        let envelope = AABB::from_corners([cell.min().x, cell.min().y], [cell.max().x, cell.max().y]);
        let mut pieces: BTreeMap<usize, BTreeMap<usize, Piece>> = BTreeMap::new();
        for entry in self.index.locate_in_envelope_intersecting(&envelope) {
            let (municipality, part) = entry.data;
            let piece = piece_within(&self.boundaries[municipality].0[part], cell);
            pieces.entry(municipality).or_default().insert(part, piece);
        }
        let whole = cell.width() * cell.height();
        let mut parts: Vec<Part> = pieces
            .into_iter()
            .map(|(municipality, pieces)| {
                let area: f64 = pieces.values().map(|piece| piece.area).sum();
                (municipality, area, pieces)
            })
            .filter(|(_, area, _)| *area > whole * SLIVER)
            .map(|(municipality, area, pieces)| {
                let outline = if area >= whole * (1.0 - SLIVER) {
                    MultiPolygon(vec![cell.to_polygon()])
                } else {
                    outline(pieces.into_values(), cell)
                };
                let centre = middle(&outline).unwrap_or_else(|| cell.center().into());
                Part { municipality, share: area, outline, centre }
            })
            .collect();
        let land: f64 = parts.iter().map(|part| part.share).sum();
        for part in &mut parts {
            part.share /= land;
        }
        if !parts.is_empty() {
            return Some(Lies::Within(parts));
        }
        let centre = cell.center();
        self.boundaries
            .iter()
            .enumerate()
            .map(|(municipality, boundary)| (municipality, degrees_to(boundary, centre)))
            .min_by(|(_, a), (_, b)| a.total_cmp(b))
            .map(|(municipality, degrees)| Lies::Nearest(municipality, degrees))
    }
}

/// The land of some pieces that do not overlap, oriented.
fn outline(pieces: impl Iterator<Item = Piece>, cell: Rect) -> MultiPolygon {
    // Clipped rings may run back and forth along the sides; the general intersection sorts that out.
    let clipped = MultiPolygon(pieces.map(|piece| piece.polygon).collect());
    let land = clipped.intersection(&cell.to_polygon()).orient(Direction::Default);
    if land.0.is_empty() { MultiPolygon(vec![cell.to_polygon()]) } else { land }
}

/// The centroid where it lies inside, else some point inside.
fn middle(outline: &MultiPolygon) -> Option<Point> {
    outline.centroid().filter(|centroid| outline.contains(centroid)).or_else(|| outline.interior_point())
}

/// The part of a polygon inside a rectangle.
fn piece_within(polygon: &Polygon, cell: Rect) -> Piece {
    let exterior = clip_ring(polygon.exterior(), cell);
    let interiors: Vec<Vec<Coord>> = polygon.interiors().iter().map(|ring| clip_ring(ring, cell)).collect();
    let holes: f64 = interiors.iter().map(|ring| ring_area(ring, cell)).sum();
    Piece {
        area: ring_area(&exterior, cell) - holes,
        polygon: Polygon::new(LineString(exterior), interiors.into_iter().map(LineString).collect()),
    }
}

/// Clips a ring by the four sides in turn (Sutherland & Hodgman 1974). For a ring that is not
/// convex the result runs back and forth along the sides, which adds nothing to the area.
fn clip_ring(ring: &LineString, cell: Rect) -> Vec<Coord> {
    let mut points = ring.0.clone();
    points.pop();
    let (min, max) = (cell.min(), cell.max());
    points = clip(&points, |at| at.x - min.x);
    points = clip(&points, |at| max.x - at.x);
    points = clip(&points, |at| at.y - min.y);
    clip(&points, |at| max.y - at.y)
}

/// Area of a ring that is not closed, in square degrees, measured from the corner of the cell so
/// that no digits are lost.
fn ring_area(points: &[Coord], cell: Rect) -> f64 {
    let twice: f64 = (0..points.len())
        .map(|at| {
            let (a, b) = (points[at] - cell.min(), points[(at + 1) % points.len()] - cell.min());
            a.x * b.y - b.x * a.y
        })
        .sum();
    twice.abs() / 2.0
}

/// Keeps the part of a closed ring where `inside` is not negative; `inside` is linear.
fn clip(points: &[Coord], inside: impl Fn(Coord) -> f64) -> Vec<Coord> {
    let mut kept = Vec::new();
    let Some(mut previous) = points.last().copied() else { return kept };
    for point in points {
        let (from, to) = (inside(previous), inside(*point));
        if (from < 0.0) != (to < 0.0) {
            kept.push(previous + (*point - previous) * (from / (from - to)));
        }
        if to >= 0.0 {
            kept.push(*point);
        }
        previous = *point;
    }
    kept
}

/// Distance from a point to an area in degrees of latitude, 0 inside.
fn degrees_to(boundary: &MultiPolygon, from: Coord) -> f64 {
    if boundary.contains(&from) {
        return 0.0;
    }
    let narrowing = from.y.to_radians().cos();
    let plane = |at: Coord| Coord { x: (at.x - from.x) * narrowing, y: at.y - from.y };
    boundary
        .iter()
        .flat_map(|polygon| polygon.exterior().lines())
        .map(|line| {
            let (start, end) = (plane(line.start), plane(line.end));
            let along = end - start;
            let length = along.x * along.x + along.y * along.y;
            let share = if length > 0.0 { -(start.x * along.x + start.y * along.y) / length } else { 0.0 };
            let nearest = start + along * share.clamp(0.0, 1.0);
            nearest.x.hypot(nearest.y)
        })
        .fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Area, polygon};
    use proptest::prelude::*;

    fn cell() -> Rect {
        Rect::new((0.0, 0.0), (1.0, 1.0))
    }

    fn rectangle(west: f64, east: f64) -> MultiPolygon {
        MultiPolygon(vec![Rect::new((west, -1.0), (east, 2.0)).to_polygon()])
    }

    fn parts(boundaries: &[MultiPolygon]) -> Vec<Part> {
        match Assigner::new(boundaries).place(cell()) {
            Some(Lies::Within(parts)) => parts,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_cell_falls_into_the_land_of_each_and_a_cell_apart_goes_to_the_nearest() {
        let boundaries = [rectangle(-1.0, 0.4), rectangle(0.4, 2.0), rectangle(5.0, 6.0)];
        let parts = parts(&boundaries);
        let found: Vec<(usize, f64, f64)> = parts
            .iter()
            .map(|part| {
                (part.municipality, (part.share * 1e9).round() / 1e9, (part.centre.x() * 1e6).round() / 1e6)
            })
            .collect();
        assert_eq!(found, [(0, 0.4, 0.2), (1, 0.6, 0.7)]);
        let apart = Rect::new((4.0, 0.0), (4.5, 0.5));
        let assigner = Assigner::new(&boundaries);
        assert!(
            matches!(assigner.place(apart), Some(Lies::Nearest(2, degrees)) if (degrees - 0.75).abs() < 1e-4)
        );
        assert_eq!(Assigner::new(&[]).place(cell()), None);
    }

    #[test]
    fn a_cell_of_one_municipality_stays_a_plain_rectangle_beside_an_inexact_border() {
        let parts = parts(&[rectangle(1e-9, 2.0), rectangle(-1.0, 1e-9)]);
        assert_eq!(parts.len(), 1);
        assert_eq!((parts[0].share, &parts[0].outline), (1.0, &MultiPolygon(vec![cell().to_polygon()])));
        assert_eq!(parts[0].centre, Point::new(0.5, 0.5));
    }

    #[test]
    fn parts_on_islands_are_one_part_holes_are_nobodys_and_the_centre_is_on_land() {
        let islands = MultiPolygon(vec![
            polygon![(x: 0.0, y: 0.0), (x: 0.3, y: 0.0), (x: 0.3, y: 1.0), (x: 0.0, y: 1.0)],
            polygon![(x: 0.6, y: 0.0), (x: 0.9, y: 0.0), (x: 0.9, y: 1.0), (x: 0.6, y: 1.0)],
        ]);
        let between = MultiPolygon(vec![Polygon::new(
            LineString::from(vec![(-1.0, -1.0), (2.0, -1.0), (2.0, 2.0), (-1.0, 2.0), (-1.0, -1.0)]),
            vec![LineString::from(vec![(-0.5, -0.5), (0.95, -0.5), (0.95, 1.5), (-0.5, 1.5), (-0.5, -0.5)])],
        )]);
        let parts = parts(&[between, islands]);
        assert_eq!(parts.len(), 2);
        assert!((parts[0].share - 0.05 / 0.65).abs() < 1e-9, "{}", parts[0].share);
        assert_eq!(parts[1].outline.0.len(), 2);
        assert!((parts[1].outline.unsigned_area() - 0.6).abs() < 1e-6);
        assert!(parts.iter().all(|part| part.outline.contains(&part.centre)));
    }

    proptest! {
        #[test]
        fn the_clipped_part_of_a_star_is_the_general_intersection(
            radii in prop::collection::vec(0.1_f64..2.0, 3..20),
            x in -0.5_f64..1.5,
            y in -0.5_f64..1.5,
        ) {
            let step = std::f64::consts::TAU / radii.len() as f64;
            let ring: Vec<Coord> = radii
                .iter()
                .enumerate()
                .map(|(at, radius)| Coord { x: x + radius * (at as f64 * step).cos(), y: y + radius * (at as f64 * step).sin() })
                .collect();
            let star = Polygon::new(LineString(ring), vec![]);
            let general = star.intersection(&cell().to_polygon()).unsigned_area();
            let piece = piece_within(&star, cell());
            prop_assert!((piece.area - general).abs() < 1e-6, "{general}");
            if general > 1e-3 {
                let outline = outline(std::iter::once(piece), cell());
                prop_assert!((outline.unsigned_area() - general).abs() < 1e-6, "{general}");
                prop_assert!(middle(&outline).is_some_and(|centre| outline.contains(&centre)));
            }
        }
    }
}
