//! The circle of the fee rules (16 km) with the error of places: who certainly lies inside, who
//! certainly outside, and of whom the places are not known well enough to say.
//!
//! With `d` the geodesic between an institution's point and a cell's middle, `r` the radius and
//! `e` the sum of the institution's error (`shapes/tables/location_errors.toml`) and half the
//! cell's diagonal: inside when `d < r − e`, outside when `d > r + e`, uncertain between. A cell
//! stands where its best institution puts it. The shortage list itself judges by the points alone.

use crate::access::AccessError;
use crate::access::cover::{Concerned, Residents};
use crate::access::floating_catchment::rough_m;
use crate::geometry::plane::geodesic_m;
use crate::ingest::study::{Cell, Precision, Study};
use geo::Point;
use rayon::prelude::*;
use serde::Deserialize;

const TABLE: &str = include_str!("../../shapes/tables/location_errors.toml");

/// How far an institution may stand from its point.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocationErrors {
    /// State of the table.
    pub as_of: String,
    /// Coordinates given by a source.
    pub point: LocationError,
    /// 大字・町丁目.
    pub town: LocationError,
    /// Representative point of the municipality.
    pub municipality: LocationError,
}

/// The error of one kind of place.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocationError {
    /// The institution stands within so many metres of its point.
    pub metres: u32,
    /// Where the value comes from.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
}

impl LocationErrors {
    /// The table that ships with the program.
    ///
    /// # Errors
    /// [`AccessError::LocationTable`] when the table is damaged, or says that a coarser place is
    /// known better than a finer one.
    pub fn shipped() -> Result<Self, AccessError> {
        Self::parse(TABLE)
    }

    fn parse(text: &str) -> Result<Self, AccessError> {
        let table: Self =
            toml::from_str(text).map_err(|error| AccessError::LocationTable(error.to_string()))?;
        let rising =
            table.point.metres <= table.town.metres && table.town.metres <= table.municipality.metres;
        if rising {
            return Ok(table);
        }
        Err(AccessError::LocationTable(
            "metres は point ≦ town ≦ municipality の順に大きくしてください".to_owned(),
        ))
    }

    /// The error of a place in metres; `None` = not located.
    #[must_use]
    pub fn metres(&self, precision: Precision) -> Option<f64> {
        let error = match precision {
            Precision::Point => &self.point,
            Precision::Town => &self.town,
            Precision::Municipality => &self.municipality,
            Precision::Unlocated => return None,
        };
        Some(f64::from(error.metres))
    }
}

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
        one.position.zip(errors.metres(one.precision))
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

    #[test]
    fn a_coarser_place_never_is_known_better() {
        let table = LocationErrors::shipped().expect("whole");
        assert_eq!(table.metres(Precision::Unlocated), None);
        let metres = [Precision::Point, Precision::Town, Precision::Municipality].map(|of| table.metres(of));
        assert_eq!(metres, [Some(100.0), Some(1_000.0), Some(10_000.0)]);
        let error =
            LocationErrors::parse(&TABLE.replace("metres = 1000\n", "metres = 50\n")).expect_err("refused");
        assert!(error.to_string().contains("location_errors.toml"), "{error}");
        assert!(LocationErrors::parse(&TABLE.replace("metres = 100\n", "metres = -1\n")).is_err());
    }
}
