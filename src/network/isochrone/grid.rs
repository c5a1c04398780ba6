//! The grid of points at which times are sampled: centres of the fine meshes of JIS X 0410.

use geo::Coord;

/// Steps of a 1 km mesh: 1/80 degree of longitude, 1/120 degree of latitude.
const MESHES_PER_DEGREE: [f64; 2] = [80.0, 120.0];

/// Coordinates are whole multiples of 10⁻⁷ degree, as they are published.
const PER_DEGREE: f64 = 1e7;

/// South-west corner of the grid, outside of all places, so that each of them has neighbours.
const CORNER: [f64; 2] = [-181.0, -91.0];

/// A grid that covers the Earth; columns are counted to the east, rows to the north.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Grid {
    divisions: u32,
}

impl Grid {
    /// With so many points along each side of a 1 km mesh.
    pub(super) const fn new(divisions: u32) -> Self {
        Self { divisions }
    }

    fn per_degree(self) -> [f64; 2] {
        MESHES_PER_DEGREE.map(|meshes| meshes * f64::from(self.divisions))
    }

    /// Column and row of the fine mesh in which a place lies.
    pub(super) fn cell(self, at: Coord) -> [u32; 2] {
        let [east, north] = self.per_degree();
        [((at.x - CORNER[0]) * east) as u32, ((at.y - CORNER[1]) * north) as u32]
    }

    /// The point of a column and row.
    pub(super) fn point(self, column: u32, row: u32) -> Coord {
        let [east, north] = self.per_degree();
        Coord {
            x: rounded((f64::from(column) + 0.5) / east + CORNER[0]),
            y: rounded((f64::from(row) + 0.5) / north + CORNER[1]),
        }
    }

    /// Degrees from a point to the next.
    pub(super) fn step(self) -> Coord {
        let [east, north] = self.per_degree();
        Coord { x: 1.0 / east, y: 1.0 / north }
    }
}

/// To the precision of publication.
pub(super) fn rounded(degrees: f64) -> f64 {
    (degrees * PER_DEGREE).round() / PER_DEGREE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_lies_in_the_middle_of_its_fine_mesh() {
        let grid = Grid::new(8);
        // The south-west corner of mesh 53384416 is 138.575, 35.675.
        let [column, row] = grid.cell(Coord { x: 138.575 + 1e-9, y: 35.675 + 1e-9 });
        let is_at = |point: Coord, x: f64, y: f64| (point.x - x).abs() < 1e-7 && (point.y - y).abs() < 1e-7;
        assert!(is_at(grid.point(column, row), 138.57578125, 35.67552083));
        assert!(is_at(grid.point(column + 8, row + 8), 138.58828125, 35.68385417));
        assert_eq!(grid.cell(grid.point(column, row)), [column, row]);
    }
}
