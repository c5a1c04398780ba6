//! The nearest road of many points that lie on a grid.
//!
//! Finds what [`Linker`](crate::network::link::Linker) finds, but for points close together far
//! quicker: the pieces of road lie in buckets, which are searched ring by ring around the point.

use crate::geometry::plane::Plane;
use crate::network::graph::Network;
use crate::network::isochrone::grid::Grid;
use rayon::prelude::*;
use rstar::PointDistance;
use rstar::primitives::Line;
use std::ops::Range;

/// Grid points along each side of a bucket.
const SIDE: u32 = 2;

/// No search goes farther, in buckets.
const MOST_AROUND: u32 = 1_000;

/// Pieces of road in buckets.
pub(super) struct NearestRoad<'a> {
    network: &'a Network,
    plane: Plane,
    grid: Grid,
    /// Width and height of a bucket in metres.
    bucket_m: [f64; 2],
    south: u32,
    rows: Vec<BucketRow>,
    /// (edge, number of its straight piece), bucket by bucket.
    pieces: Vec<(u32, u32)>,
}

/// Buckets of one row, from the first that holds something to the last.
#[derive(Clone, Default)]
struct BucketRow {
    west: u32,
    /// Where the pieces of each bucket begin, and where those of the last one end.
    first: Vec<u32>,
}

/// A point on a road.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Nearest {
    pub(super) edge: u32,
    /// Number of the straight piece.
    pub(super) piece: u32,
    /// The point in the plane.
    pub(super) at: [f64; 2],
    pub(super) distance_m: f64,
}

impl<'a> NearestRoad<'a> {
    /// Puts the pieces of some edges into every bucket that their bounding boxes touch.
    pub(super) fn new(network: &'a Network, plane: Plane, grid: Grid, edges: &[u32]) -> Self {
        let in_buckets = |edge: &u32| {
            let edge = *edge;
            let ends = network.shape(&network.edges[edge as usize]).windows(2);
            (0_u32..).zip(ends).flat_map(move |(piece, ends)| {
                let [a, b] = [grid.cell(ends[0]), grid.cell(ends[1])];
                let span = move |axis: usize| a[axis].min(b[axis]) / SIDE..=a[axis].max(b[axis]) / SIDE;
                span(1).flat_map(move |row| span(0).map(move |column| (row, column, edge, piece)))
            })
        };
        let mut entries: Vec<(u32, u32, u32, u32)> = edges.par_iter().flat_map_iter(in_buckets).collect();
        entries.par_sort_unstable();
        let south = entries.first().map_or(0, |entry| entry.0);
        let height = entries.last().map_or(0, |entry| entry.0 - south + 1);
        let mut rows = vec![BucketRow::default(); height as usize];
        let mut begin = 0;
        for same_row in entries.chunk_by(|a, b| a.0 == b.0) {
            rows[(same_row[0].0 - south) as usize] =
                BucketRow::new(same_row.iter().map(|entry| entry.1), begin);
            begin += same_row.len() as u32;
        }
        let pieces = entries.into_iter().map(|(_, _, edge, piece)| (edge, piece)).collect();
        let bucket_m = plane.metres(grid.step()).map(|step_m| step_m * f64::from(SIDE));
        Self { network, plane, grid, bucket_m, south, rows, pieces }
    }

    /// Rows of grid points from which a road could lie within a distance.
    pub(super) fn rows(&self, within_m: f64) -> Range<u32> {
        let around = self.around(within_m);
        let south = self.south.saturating_sub(around[1]) * SIDE;
        south..(self.south + self.rows.len() as u32 + around[1]) * SIDE
    }

    /// Columns of grid points of a row from which a road could lie within a distance, in order.
    pub(super) fn columns(&self, row: u32, within_m: f64) -> Vec<Range<u32>> {
        let around = self.around(within_m);
        let row = row / SIDE;
        let near = (row.saturating_sub(around[1])..=row + around[1]).filter_map(|row| self.row(row));
        let mut filled: Vec<u32> = near.flat_map(BucketRow::filled).collect();
        filled.sort_unstable();
        let mut spans: Vec<Range<u32>> = Vec::new();
        for column in filled {
            let (west, east) = (column.saturating_sub(around[0]) * SIDE, (column + around[0] + 1) * SIDE);
            match spans.last_mut() {
                Some(last) if west <= last.end => last.end = east,
                _ => spans.push(west..east),
            }
        }
        spans
    }

    /// Buckets to each side that lie within a distance.
    fn around(&self, within_m: f64) -> [u32; 2] {
        self.bucket_m.map(|size_m| ((within_m / size_m).ceil() as u32).min(MOST_AROUND))
    }

    fn row(&self, row: u32) -> Option<&BucketRow> {
        self.rows.get(row.checked_sub(self.south)? as usize)
    }

    /// The nearest road of a grid point within a distance; of several equally near ones the first.
    pub(super) fn find(&self, column: u32, row: u32, within_m: f64) -> Option<Nearest> {
        let at = self.plane.metres(self.grid.point(column, row));
        let home = [column / SIDE, row / SIDE];
        let mut best = None;
        let mut best_2 = within_m * within_m;
        let size_m = self.bucket_m[0].min(self.bucket_m[1]);
        for ring in 0..=MOST_AROUND {
            // From a point to the nearest side of its bucket is half a step, a quarter of a bucket.
            let beyond_m = (f64::from(ring) - 0.75).max(0.0) * size_m;
            if beyond_m * beyond_m > best_2 {
                break;
            }
            for pieces in self.ring(home, ring) {
                for (edge, piece) in &self.pieces[pieces] {
                    let line = self.line(*edge, *piece);
                    let distance_2 = line.distance_2(&at);
                    if distance_2 < best_2 || (distance_2 == best_2 && best.is_none()) {
                        best_2 = distance_2;
                        best = Some((*edge, *piece, line));
                    }
                }
            }
        }
        best.map(|(edge, piece, line)| Nearest {
            edge,
            piece,
            at: line.nearest_point(&at),
            distance_m: best_2.sqrt(),
        })
    }

    /// Pieces of the buckets that lie `ring` buckets away from `home`.
    fn ring(&self, home: [u32; 2], ring: u32) -> impl Iterator<Item = Range<usize>> {
        let span = move |axis: usize| home[axis].saturating_sub(ring)..=home[axis] + ring;
        span(1).flat_map(move |row| {
            let whole = row.abs_diff(home[1]) == ring;
            let on_ring = move |column: &u32| whole || column.abs_diff(home[0]) == ring;
            let buckets = self.row(row);
            span(0).filter(on_ring).filter_map(move |column| buckets?.pieces(column))
        })
    }

    fn line(&self, edge: u32, piece: u32) -> Line<[f64; 2]> {
        let shape = self.network.shape(&self.network.edges[edge as usize]);
        Line::new(self.plane.metres(shape[piece as usize]), self.plane.metres(shape[piece as usize + 1]))
    }
}

impl BucketRow {
    /// From the columns of its pieces in order, the first of which is number `begin` of all pieces.
    fn new(columns: impl Iterator<Item = u32>, begin: u32) -> Self {
        let mut row = Self::default();
        let mut end = begin;
        for (piece, column) in (begin..).zip(columns) {
            if row.first.is_empty() {
                row.west = column;
            }
            row.first.resize((column - row.west) as usize + 1, piece);
            end = piece + 1;
        }
        row.first.push(end);
        row
    }

    /// Which pieces a bucket holds.
    fn pieces(&self, column: u32) -> Option<Range<usize>> {
        let at = column.checked_sub(self.west)? as usize;
        Some(*self.first.get(at)? as usize..*self.first.get(at + 1)? as usize)
    }

    /// Columns of the buckets that hold something, in order.
    fn filled(&self) -> impl Iterator<Item = u32> {
        let is_filled = |at: &usize| self.first[*at] < self.first[at + 1];
        (0..self.first.len().saturating_sub(1)).filter(is_filled).map(|at| self.west + at as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_tells_what_each_of_its_buckets_holds() {
        let row = BucketRow::new([7, 7, 9].into_iter(), 40);
        let held = [6, 7, 8, 9, 10].map(|column| row.pieces(column));
        assert_eq!(held, [None, Some(40..42), Some(42..42), Some(42..43), None]);
        assert_eq!(row.filled().collect::<Vec<_>>(), [7, 9]);
        assert_eq!(BucketRow::default().filled().count(), 0);
    }
}
