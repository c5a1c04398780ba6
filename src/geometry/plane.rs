//! A local plane in metres, for nearest-road searches and short lengths.

use geo::{Coord, Distance, Geodesic, Point};

/// An equirectangular projection around one latitude: metres east and north of 0°, 0°.
///
/// Good for distances of a few kilometres near that latitude, and for finding what is nearest
/// within a prefecture. Distances to which a rule of law applies use [`geodesic_m`].
#[derive(Clone, Copy, Debug)]
pub struct Plane {
    metres_per_degree_east: f64,
    metres_per_degree_north: f64,
}

impl Plane {
    /// A plane that is true at this latitude in degrees, from the radii of curvature of GRS80.
    #[must_use]
    pub fn at(latitude: f64) -> Self {
        const EQUATORIAL_RADIUS_M: f64 = 6_378_137.0;
        const FLATTENING: f64 = 1.0 / 298.257_222_101;
        const ECCENTRICITY_2: f64 = FLATTENING * (2.0 - FLATTENING);
        let (sin, cos) = latitude.to_radians().sin_cos();
        let root = (1.0 - ECCENTRICITY_2 * sin * sin).sqrt();
        let parallel_m = EQUATORIAL_RADIUS_M * cos / root;
        let meridian_m = EQUATORIAL_RADIUS_M * (1.0 - ECCENTRICITY_2) / root.powi(3);
        Self {
            metres_per_degree_east: parallel_m.to_radians(),
            metres_per_degree_north: meridian_m.to_radians(),
        }
    }

    /// Degrees to metres.
    #[must_use]
    pub fn metres(&self, at: Coord) -> [f64; 2] {
        [at.x * self.metres_per_degree_east, at.y * self.metres_per_degree_north]
    }
}

/// Length in metres of a short straight line between two places in degrees.
#[must_use]
pub fn short_m(a: Coord, b: Coord) -> f64 {
    let plane = Plane::at(a.y.midpoint(b.y));
    let ([x0, y0], [x1, y1]) = (plane.metres(a), plane.metres(b));
    (x1 - x0).hypot(y1 - y0)
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
    fn a_kilometre_is_a_kilometre_to_the_centimetre() {
        for latitude in [26.0, 33.5, 35.66, 43.0] {
            let from = Point::new(138.5, latitude);
            for to in [Point::new(138.511, latitude), Point::new(138.505, latitude + 0.009)] {
                let (short, true_m) = (short_m(from.into(), to.into()), geodesic_m(from, to));
                assert!((short - true_m).abs() < 0.01, "{latitude}: {short} {true_m}");
            }
        }
    }
}
