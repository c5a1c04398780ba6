//! The circle of the fee rules (16 km) with the error of places: who certainly lies inside, who
//! certainly outside, and of whom the places are not known well enough to say.
//!
//! With `d` the geodesic between an institution's point and a cell's middle, `r` the radius and
//! `e` the sum of the institution's error (`shapes/tables/location_errors.toml`) and half the
//! cell's diagonal: inside when `d < r − e`, outside when `d > r + e`, uncertain between. A cell
//! stands where its best institution puts it. The shortage list itself judges by the points alone.

use crate::access::cover::{Concerned, Residents};
use crate::access::floating_catchment::rough_m;
use crate::geometry::plane::geodesic_m;
use crate::ingest::location_errors::LocationErrors;
use crate::ingest::study::{Cell, Study};
use geo::Point;
use rayon::prelude::*;

/// Where a cell stands to a circle, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Inside, whatever the error.
    Within,
    /// The error decides.
    Uncertain,
    /// Outside, whatever the error.
    Outside,
}

impl Standing {
    /// All of them, the best first.
    pub const ALL: [Self; 3] = [Self::Within, Self::Uncertain, Self::Outside];

    /// The word for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Within => "16km以内",
            Self::Uncertain => "16kmの判定が不確か",
            Self::Outside => "16kmの外",
        }
    }

    fn of(place: Point, error_m: f64, centre: Point, radius_m: f64) -> Self {
        // On a sphere distances of kilometres err by less than a hundredth.
        let rough = rough_m(place, centre);
        if rough < 0.98 * (radius_m - error_m) {
            return Self::Within;
        }
        if rough > 1.02 * (radius_m + error_m) {
            return Self::Outside;
        }
        let metres = geodesic_m(place, centre);
        if metres < radius_m - error_m {
            Self::Within
        } else if metres > radius_m + error_m {
            Self::Outside
        } else {
            Self::Uncertain
        }
    }
}

/// Where each cell stands to the circles around some institutions. One without a place has no
/// circle.
#[must_use]
pub fn standings(
    study: &Study,
    institutions: &[usize],
    radius_m: u32,
    errors: &LocationErrors,
) -> Vec<Standing> {
    let place = |at: &usize| {
        let one = &study.institutions[*at];
        one.position.zip(errors.metres(one.precision).map(f64::from))
    };
    let places: Vec<(Point, f64)> = institutions.iter().filter_map(place).collect();
    let standing = |cell: &Cell| {
        let half = half_diagonal_m(cell);
        let mut best = Standing::Outside;
        for (place, error_m) in &places {
            best = best.min(Standing::of(*place, error_m + half, cell.centre, f64::from(radius_m)));
            if best == Standing::Within {
                break;
            }
        }
        best
    };
    study.cells.par_iter().map(standing).collect()
}

/// How far a home of a cell may stand from its middle.
fn half_diagonal_m(cell: &Cell) -> f64 {
    let rect = cell.mesh.rect();
    geodesic_m(rect.min().into(), rect.max().into()) / 2.0
}

/// Those who live in some cells, by where they stand, in the order of [`Standing::ALL`].
#[must_use]
pub fn by_standing(standings: &[Standing], residents: &Residents, cells: &[usize]) -> [Concerned; 3] {
    Standing::ALL
        .map(|standing| residents.of(cells.iter().copied().filter(|cell| standings[*cell] == standing)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Point = Point(geo::Coord { x: 138.5, y: 35.5 });

    /// A point so many metres north of [`HERE`], to a millimetre or so.
    fn north(metres: f64) -> Point {
        let degree = geodesic_m(HERE, Point::new(138.5, 35.6)) * 10.0;
        let mut at = Point::new(138.5, 35.5 + metres / degree);
        for _ in 0..3 {
            at = Point::new(138.5, at.y() + (metres - geodesic_m(HERE, at)) / degree);
        }
        at
    }

    #[test]
    fn the_error_of_the_places_decides_between_inside_and_outside() {
        for (metres, error, expected) in [
            (15_000.0, 500.0, Standing::Within),
            (15_499.0, 500.0, Standing::Within),
            (15_501.0, 500.0, Standing::Uncertain),
            (16_499.0, 500.0, Standing::Uncertain),
            (16_501.0, 500.0, Standing::Outside),
            (17_000.0, 500.0, Standing::Outside),
            (15_999.0, 0.0, Standing::Within),
            (16_001.0, 0.0, Standing::Outside),
            (100.0, 20_000.0, Standing::Uncertain),
        ] {
            assert_eq!(Standing::of(HERE, error, north(metres), 16_000.0), expected, "{metres} {error}");
        }
    }
}
