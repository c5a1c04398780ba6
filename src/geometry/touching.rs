//! Which areas share a border on the map.

use geo::{Coord, MultiPolygon};
use std::collections::{BTreeSet, HashMap};

/// Pairs of areas, lower position first and in order, that have a border segment in common.
///
/// Areas of one official edition share their border vertices, so equal segments are found by
/// their end points (compared to 10⁻⁹ degree, 0.1 mm); areas that meet in a single point do not touch.
#[must_use]
pub fn touching_pairs(areas: &[MultiPolygon]) -> Vec<(usize, usize)> {
    let mut owner: HashMap<[(i64, i64); 2], usize> = HashMap::new();
    let mut pairs = BTreeSet::new();
    for (area, polygons) in areas.iter().enumerate() {
        for polygon in polygons {
            for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                for line in ring.lines() {
                    let mut ends = [key(line.start), key(line.end)];
                    ends.sort_unstable();
                    let first = *owner.entry(ends).or_insert(area);
                    if first != area {
                        pairs.insert((first, area));
                    }
                }
            }
        }
    }
    pairs.into_iter().collect()
}

fn key(at: Coord) -> (i64, i64) {
    ((at.x * 1e9).round() as i64, (at.y * 1e9).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::polygon;

    #[test]
    fn a_common_segment_touches_and_a_common_corner_does_not() {
        let square = |x: f64, y: f64| {
            MultiPolygon::new(vec![
                polygon![(x: x, y: y), (x: x + 1., y: y), (x: x + 1., y: y + 1.), (x: x, y: y + 1.)],
            ])
        };
        let areas = [square(0., 0.), square(1., 0.), square(1., 1.), square(5., 5.)];
        assert_eq!(touching_pairs(&areas), vec![(0, 1), (1, 2)]);
    }
}
