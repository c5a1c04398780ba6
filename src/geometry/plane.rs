//! A local plane in metres, for nearest-road searches and short lengths.

use geo::{Coord, Distance, Geodesic, Point};

/// Metres of one degree of latitude on the GRS80 ellipsoid at 36°N, the middle of Japan. Between
/// 24°N and 46°N the true value differs by less than 0.2 %.
const METRES_PER_DEGREE: f64 = 110_959.0;

/// An equirectangular projection around one latitude: metres east and north of 0°, 0°.
///
/// Good for distances of a few kilometres within a prefecture. Distances to which a rule of law
/// applies use [`geodesic_m`].
#[derive(Clone, Copy, Debug)]
pub struct Plane {
    metres_per_degree_east: f64,
}

impl Plane {
    /// A plane that is true at this latitude in degrees.
    #[must_use]
    pub fn at(latitude: f64) -> Self {
        // Radius of the parallel on the ellipsoid, per degree.
        let flattening = 1.0 / 298.257_222_101;
        let eccentricity_2 = flattening * (2.0 - flattening);
        let (sin, cos) = latitude.to_radians().sin_cos();
        let radius_m = 6_378_137.0 * cos / (1.0 - eccentricity_2 * sin * sin).sqrt();
        Self { metres_per_degree_east: radius_m.to_radians() }
    }

    /// Degrees to metres.
    #[must_use]
    pub fn metres(&self, at: Coord) -> [f64; 2] {
        [at.x * self.metres_per_degree_east, at.y * METRES_PER_DEGREE]
    }
}

/// Distance on the ellipsoid in metres (Karney 2013), as the 16 km rule wants it.
#[must_use]
pub fn geodesic_m(a: Point, b: Point) -> f64 {
    Geodesic.distance(a, b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kilometre_is_a_kilometre_within_two_per_thousand() {
        for latitude in [26.0, 33.5, 35.66, 43.0] {
            let plane = Plane::at(latitude);
            let from = Point::new(138.5, latitude);
            for to in [Point::new(138.511, latitude), Point::new(138.5, latitude + 0.009)] {
                let ([x0, y0], [x1, y1]) = (plane.metres(from.into()), plane.metres(to.into()));
                let planar = (x1 - x0).hypot(y1 - y0);
                let true_m = geodesic_m(from, to);
                assert!((planar / true_m - 1.0).abs() < 0.002, "{latitude}: {planar} {true_m}");
            }
        }
    }
}
