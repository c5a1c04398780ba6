//! Which municipality a mesh cell belongs to: the one with the largest part of its land.

use geo::{BoundingRect, Contains, Coord, LineString, MultiPolygon, Polygon, Rect};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

/// How a cell was given to a municipality.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Assigned {
    /// The municipality with the largest part of the cell.
    Within(usize),
    /// The cell touches no municipality; this one is nearest, at so many degrees.
    Nearest(usize, f64),
}

/// The rectangle of a polygon, with municipality and position of the polygon in it.
type Part = GeomWithData<Rectangle<[f64; 2]>, (usize, usize)>;

/// Municipalities indexed by the rectangles of their polygons.
pub(crate) struct Assigner<'a> {
    boundaries: &'a [MultiPolygon],
    index: RTree<Part>,
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

    /// Assigns a cell; `None` only when there is no municipality at all. Equal parts go to the
    /// municipality that comes first.
    pub(crate) fn assign(&self, cell: Rect) -> Option<Assigned> {
        let envelope = AABB::from_corners([cell.min().x, cell.min().y], [cell.max().x, cell.max().y]);
        let mut areas = vec![0.0; self.boundaries.len()];
        for entry in self.index.locate_in_envelope_intersecting(&envelope) {
            let (municipality, part) = entry.data;
            areas[municipality] += area_within(&self.boundaries[municipality].0[part], cell);
        }
        let largest = areas
            .iter()
            .enumerate()
            .filter(|(_, area)| **area > 0.0)
            .max_by(|(at, area), (other, other_area)| area.total_cmp(other_area).then(other.cmp(at)));
        if let Some((municipality, _)) = largest {
            return Some(Assigned::Within(municipality));
        }
        let centre = cell.center();
        self.boundaries
            .iter()
            .enumerate()
            .map(|(municipality, boundary)| (municipality, degrees_to(boundary, centre)))
            .min_by(|(_, a), (_, b)| a.total_cmp(b))
            .map(|(municipality, degrees)| Assigned::Nearest(municipality, degrees))
    }
}

/// Area of the part of a polygon inside a rectangle, in square degrees.
fn area_within(polygon: &Polygon, cell: Rect) -> f64 {
    let holes: f64 = polygon.interiors().iter().map(|ring| ring_area_within(ring, cell)).sum();
    ring_area_within(polygon.exterior(), cell) - holes
}

/// Clips a ring by the four sides in turn (Sutherland & Hodgman 1974). For a ring that is not
/// convex the result runs back and forth along the sides, which adds nothing to the area.
fn ring_area_within(ring: &LineString, cell: Rect) -> f64 {
    let mut points = ring.0.clone();
    points.pop();
    let (min, max) = (cell.min(), cell.max());
    points = clip(&points, |at| at.x - min.x);
    points = clip(&points, |at| max.x - at.x);
    points = clip(&points, |at| at.y - min.y);
    points = clip(&points, |at| max.y - at.y);
    // Measured from the corner of the cell, so that no digits are lost.
    let twice: f64 = (0..points.len())
        .map(|at| {
            let (a, b) = (points[at] - min, points[(at + 1) % points.len()] - min);
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
    use geo::{Area, BooleanOps, polygon};
    use proptest::prelude::*;

    fn cell() -> Rect {
        Rect::new((0.0, 0.0), (1.0, 1.0))
    }

    fn rectangle(west: f64, east: f64) -> MultiPolygon {
        MultiPolygon(vec![Rect::new((west, -1.0), (east, 2.0)).to_polygon()])
    }

    #[test]
    fn the_larger_part_decides_and_a_cell_apart_goes_to_the_nearest() {
        let boundaries = [rectangle(-1.0, 0.4), rectangle(0.4, 2.0), rectangle(5.0, 6.0)];
        let assigner = Assigner::new(&boundaries);
        assert_eq!(assigner.assign(cell()), Some(Assigned::Within(1)));
        let apart = Rect::new((4.0, 0.0), (4.5, 0.5));
        assert!(
            matches!(assigner.assign(apart), Some(Assigned::Nearest(2, degrees)) if (degrees - 0.75).abs() < 1e-4)
        );
        assert_eq!(Assigner::new(&[]).assign(cell()), None);
    }

    #[test]
    fn parts_on_islands_add_up_and_holes_count_for_nobody() {
        let islands = MultiPolygon(vec![
            polygon![(x: 0.0, y: 0.0), (x: 0.3, y: 0.0), (x: 0.3, y: 1.0), (x: 0.0, y: 1.0)],
            polygon![(x: 0.6, y: 0.0), (x: 0.9, y: 0.0), (x: 0.9, y: 1.0), (x: 0.6, y: 1.0)],
        ]);
        let between = MultiPolygon(vec![Polygon::new(
            LineString::from(vec![(-1.0, -1.0), (2.0, -1.0), (2.0, 2.0), (-1.0, 2.0), (-1.0, -1.0)]),
            vec![LineString::from(vec![(-0.5, -0.5), (0.95, -0.5), (0.95, 1.5), (-0.5, 1.5), (-0.5, -0.5)])],
        )]);
        assert_eq!(Assigner::new(&[between, islands]).assign(cell()), Some(Assigned::Within(1)));
    }

    proptest! {
        #[test]
        fn the_clipped_area_of_a_star_is_that_of_the_general_intersection(
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
            prop_assert!((area_within(&star, cell()) - general).abs() < 1e-6, "{general}");
        }
    }
}
