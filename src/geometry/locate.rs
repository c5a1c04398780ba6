//! Which of many areas contains a point.

use geo::{Coord, LineString, MultiPolygon};

/// Bands of latitude into which the borders are cut. With full-resolution municipal borders
/// (some 10⁵ vertices a prefecture) a band then holds about a hundred segments.
const BANDS: usize = 2_048;

/// A point-in-area index over areas that do not overlap.
///
/// The plane is cut into bands of latitude; each band lists the border segments that cross it, by
/// area. A query counts, area by area, the segments to the east of the point (even–odd rule), so
/// holes and islands need no special care. A point exactly on a common border belongs to one of
/// its sides, always the same.
pub struct Locator {
    south: f64,
    band_height: f64,
    bands: Vec<Vec<BandArea>>,
}

/// The part of one area's border that lies in one band.
struct BandArea {
    area: usize,
    west: f64,
    east: f64,
    segments: Vec<(Coord, Coord)>,
}

impl Locator {
    /// Indexes areas; queries answer with positions in `areas`.
    #[must_use]
    pub fn new(areas: &[MultiPolygon]) -> Self {
        let latitudes = || areas.iter().flat_map(rings).flat_map(|ring| ring.coords().map(|at| at.y));
        let south = latitudes().fold(f64::INFINITY, f64::min);
        let north = latitudes().fold(f64::NEG_INFINITY, f64::max);
        let band_height = if north > south { (north - south) / BANDS as f64 } else { 1.0 };
        let mut locator = Self { south, band_height, bands: (0..BANDS).map(|_| Vec::new()).collect() };
        for (area, polygons) in areas.iter().enumerate() {
            for ring in rings(polygons) {
                for line in ring.lines() {
                    locator.insert(area, line.start, line.end);
                }
            }
        }
        locator
    }

    /// Puts a segment into every band that it crosses. Areas come in order, so the entry of the
    /// current area, if there is one, is the last of the band.
    fn insert(&mut self, area: usize, start: Coord, end: Coord) {
        let (Some(from), Some(to)) = (self.band(start.y), self.band(end.y)) else { return };
        for band in from.min(to)..=from.max(to) {
            let entries = &mut self.bands[band];
            if entries.last().is_none_or(|last| last.area != area) {
                entries.push(BandArea {
                    area,
                    west: f64::INFINITY,
                    east: f64::NEG_INFINITY,
                    segments: Vec::new(),
                });
            }
            if let Some(entry) = entries.last_mut() {
                entry.west = entry.west.min(start.x).min(end.x);
                entry.east = entry.east.max(start.x).max(end.x);
                entry.segments.push((start, end));
            }
        }
    }

    fn band(&self, latitude: f64) -> Option<usize> {
        let position = (latitude - self.south) / self.band_height;
        (position >= 0.0 && position <= BANDS as f64).then(|| (position as usize).min(BANDS - 1))
    }

    /// The area that contains the point, if any.
    #[must_use]
    pub fn find(&self, point: Coord) -> Option<usize> {
        self.bands[self.band(point.y)?]
            .iter()
            .filter(|entry| entry.west <= point.x && point.x <= entry.east)
            .find(|entry| {
                entry.segments.iter().filter(|segment| lies_east(**segment, point)).count() % 2 == 1
            })
            .map(|entry| entry.area)
    }
}

/// Whether a ray from the point to the east crosses the segment; the lower end counts, the upper does not.
fn lies_east((start, end): (Coord, Coord), point: Coord) -> bool {
    (start.y > point.y) != (end.y > point.y)
        && point.x < start.x + (point.y - start.y) / (end.y - start.y) * (end.x - start.x)
}

/// All rings of an area, holes included.
fn rings(polygons: &MultiPolygon) -> impl Iterator<Item = &LineString> {
    polygons.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Contains, Point, polygon};
    use proptest::prelude::*;

    #[test]
    fn holes_and_islands_belong_to_whom_they_belong() {
        let ring = MultiPolygon::new(vec![polygon![
            exterior: [(x: 0., y: 0.), (x: 9., y: 0.), (x: 9., y: 9.), (x: 0., y: 9.)],
            interiors: [[(x: 3., y: 3.), (x: 6., y: 3.), (x: 6., y: 6.), (x: 3., y: 6.)]],
        ]]);
        let inside = MultiPolygon::new(vec![
            polygon![(x: 3., y: 3.), (x: 6., y: 3.), (x: 6., y: 6.), (x: 3., y: 6.)],
            polygon![(x: 20., y: 1.), (x: 21., y: 1.), (x: 21., y: 2.)],
        ]);
        let locator = Locator::new(&[ring, inside]);
        assert_eq!(locator.find(Coord { x: 1., y: 1. }), Some(0));
        assert_eq!(locator.find(Coord { x: 4., y: 5. }), Some(1));
        assert_eq!(locator.find(Coord { x: 20.8, y: 1.2 }), Some(1));
        assert_eq!(locator.find(Coord { x: 15., y: 1.2 }), None);
        assert_eq!(locator.find(Coord { x: 1., y: 99. }), None);
        assert_eq!(locator.find(Coord { x: 1., y: f64::NAN }), None);
        assert_eq!(Locator::new(&[]).find(Coord { x: 1., y: 1. }), None);
    }

    proptest! {
        #[test]
        fn agrees_with_the_plain_test_on_random_triangles(
            corners in prop::collection::vec((0.0..10.0, 0.0..10.0), 3),
            points in prop::collection::vec((-1.0..11.0, -1.0..11.0), 50),
        ) {
            let polygon = geo::Polygon::new(LineString::from(corners), vec![]);
            let locator = Locator::new(&[MultiPolygon::new(vec![polygon.clone()])]);
            for (x, y) in points {
                prop_assert_eq!(locator.find(Coord { x, y }).is_some(), polygon.contains(&Point::new(x, y)));
            }
        }
    }
}
