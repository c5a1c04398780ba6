//! Contours of times on a grid: marching squares (Lorensen & Cline 1987, in the plane).
//!
//! A crossing lies strictly between two neighbouring points, on the grid line, at a place that
//! only moves outwards as the limit grows. Within a square the crossings are joined by straight
//! lines; where two opposite corners are inside they stay apart. Rings therefore never touch
//! themselves or each other, and the areas of two limits are nested exactly, not only nearly.

use crate::network::isochrone::grid::{Grid, rounded};
use crate::network::search::UNREACHED;
use crate::units::Deciseconds;
use geo::{Coord, LineString, MultiPolygon, Polygon};
use rayon::prelude::*;
use std::ops::Range;

/// How far the drawable land goes from a point towards its neighbours in the east, north, west and
/// south, in 255ths of a step; [`WHOLE`] when the neighbour is drawable too.
pub(super) type Margin = [u8; 4];

/// See [`Margin`].
pub(super) const WHOLE: u8 = u8::MAX;

/// Shares of a step nearer to a point than this are drawn at this distance.
const CLEARANCE: f64 = 1.0 / 64.0;

/// Rows of squares that are searched in one piece of work.
const BAND: usize = 16;

/// Squares that are skipped together when nothing crosses them.
const STRETCH: usize = 32;

/// Times at the points of a rectangle of a grid. Those at its rim lie outside of every limit.
pub(super) struct Field {
    width: usize,
    west: u32,
    south: u32,
    longitudes: Vec<f64>,
    latitudes: Vec<f64>,
    /// Complements of the times, so that untouched memory means unreached.
    inverted: Vec<u32>,
    margins: Vec<Margin>,
}

/// A row of a field that is being filled: its number in the grid, and its points from the west.
pub(super) struct FieldRow<'a> {
    pub(super) number: u32,
    west: u32,
    inverted: &'a mut [u32],
    margins: &'a mut [Margin],
}

impl FieldRow<'_> {
    /// Its columns.
    pub(super) fn columns(&self) -> Range<u32> {
        self.west..self.west + self.inverted.len() as u32
    }

    /// Sets the time of the point in one of its columns.
    pub(super) fn set(&mut self, column: u32, time: u32, margin: Margin) {
        let at = (column - self.west) as usize;
        self.inverted[at] = !time;
        self.margins[at] = margin;
    }
}

/// Points and crossings of one limit.
struct Level<'a> {
    field: &'a Field,
    limit: u32,
}

/// From one crossing to the next, inside to the left. The crossing of the line from point `p` to
/// the east is number 2p, to the north 2p + 1.
type Step = (u32, u32);

impl Field {
    /// Of these columns and rows; nothing is reached yet.
    pub(super) fn new(grid: Grid, columns: Range<u32>, rows: Range<u32>) -> Self {
        let (width, height) = (columns.len(), rows.len());
        Self {
            width,
            west: columns.start,
            south: rows.start,
            longitudes: columns.map(|column| grid.point(column, 0).x).collect(),
            latitudes: rows.map(|row| grid.point(0, row).y).collect(),
            inverted: vec![0; width * height],
            margins: vec![[0; 4]; width * height],
        }
    }

    /// Its rows, to be filled in parallel.
    pub(super) fn rows(&mut self) -> impl IndexedParallelIterator<Item = FieldRow<'_>> {
        let (west, south) = (self.west, self.south);
        let width = self.width.max(1);
        let rows = self.inverted.par_chunks_mut(width).zip(self.margins.par_chunks_mut(width)).enumerate();
        rows.map(move |(row, (inverted, margins))| FieldRow {
            number: south + row as u32,
            west,
            inverted,
            margins,
        })
    }

    /// The areas whose times are at most each limit.
    pub(super) fn contours(&self, limits: &[Deciseconds]) -> Vec<MultiPolygon> {
        let squares = self.latitudes.len().saturating_sub(1);
        let bands: Vec<Vec<Vec<Step>>> = (0..squares.div_ceil(BAND))
            .into_par_iter()
            .map(|band| self.band(band * BAND..((band + 1) * BAND).min(squares), limits))
            .collect();
        let area = |at: usize| {
            let steps: Vec<&[Step]> = bands.iter().map(|band| band[at].as_slice()).collect();
            Level { field: self, limit: limits[at].0 }.area(&steps)
        };
        (0..limits.len()).into_par_iter().with_max_len(1).map(area).collect()
    }

    /// The steps of each limit in some rows of squares, from the west.
    fn band(&self, rows: Range<usize>, limits: &[Deciseconds]) -> Vec<Vec<Step>> {
        let mut steps = vec![Vec::new(); limits.len()];
        let mut north = Vec::new();
        self.reached(rows.start, limits, &mut north);
        let mut south = Vec::new();
        for row in rows {
            std::mem::swap(&mut south, &mut north);
            self.reached(row + 1, limits, &mut north);
            for begin in (0..self.width - 1).step_by(STRETCH) {
                let end = (begin + STRETCH).min(self.width - 1);
                let quiet =
                    south[begin..=end] == north[begin..=end] && south[begin..end] == south[begin + 1..=end];
                if !quiet {
                    (begin..end)
                        .for_each(|column| self.square(row, column, [&south, &north], limits, &mut steps));
                }
            }
        }
        steps
    }

    /// How many of the limits reach each point of a row.
    fn reached(&self, row: usize, limits: &[Deciseconds], counts: &mut Vec<u16>) {
        counts.clear();
        counts.resize(self.width, 0);
        let inverted = &self.inverted[row * self.width..(row + 1) * self.width];
        for limit in limits {
            for (count, inverted) in counts.iter_mut().zip(inverted) {
                *count += u16::from(*inverted >= !limit.0);
            }
        }
    }

    /// The steps through one square.
    fn square(
        &self,
        row: usize,
        column: usize,
        counts: [&[u16]; 2],
        limits: &[Deciseconds],
        steps: &mut [Vec<Step>],
    ) {
        let [south, north] = counts;
        let corners = [south[column], south[column + 1], north[column + 1], north[column]];
        if corners.iter().all(|count| *count == corners[0]) {
            return;
        }
        let point = row * self.width + column;
        let [east, west] = [point + 1, point].map(|point| 2 * point as u32 + 1);
        let [south, north] = [point, point + self.width].map(|point| 2 * point as u32);
        for (limit, steps) in limits.iter().zip(steps) {
            let inside = |point: usize| u8::from(self.inverted[point] >= !limit.0);
            let case = inside(point)
                | inside(point + 1) << 1
                | inside(point + self.width + 1) << 2
                | inside(point + self.width) << 3;
            match case {
                1 => steps.push((south, west)),
                2 => steps.push((east, south)),
                3 => steps.push((east, west)),
                4 => steps.push((north, east)),
                5 => steps.extend([(south, west), (north, east)]),
                6 => steps.push((north, south)),
                7 => steps.push((north, west)),
                8 => steps.push((west, north)),
                9 => steps.push((south, north)),
                10 => steps.extend([(east, south), (west, north)]),
                11 => steps.push((east, north)),
                12 => steps.push((west, east)),
                13 => steps.push((south, east)),
                14 => steps.push((west, south)),
                _ => {}
            }
        }
    }
}

/// A ring around an area or a hole.
struct Ring {
    line: LineString,
    /// Its westernmost point of which a crossing to the east belongs to it; first column, then point.
    westernmost: (usize, usize),
    is_hole: bool,
}

impl Level<'_> {
    fn is_inside(&self, point: usize) -> bool {
        self.field.inverted[point] >= !self.limit
    }

    /// Joins the steps to rings and the rings to polygons.
    fn area(&self, steps: &[&[Step]]) -> MultiPolygon {
        let mut next = vec![0; 2 * self.field.inverted.len()];
        for (from, to) in steps.iter().copied().flatten() {
            next[*from as usize] = *to;
        }
        // The rim is never inside, so that no crossing has number 0.
        let mut ring_at = vec![0; next.len()];
        let mut rings = Vec::new();
        for (from, _) in steps.iter().copied().flatten() {
            if ring_at[*from as usize] == 0 {
                rings.push(self.ring(*from, &next, &mut ring_at, rings.len() as u32 + 1));
            }
        }
        self.polygons(rings, &ring_at)
    }

    /// Follows the steps from a crossing until it comes again, leaving the ring's number behind.
    fn ring(&self, begin: u32, next: &[u32], ring_at: &mut [u32], number: u32) -> Ring {
        let mut line = Vec::new();
        let mut westernmost = (usize::MAX, 0);
        let mut at = begin;
        while ring_at[at as usize] == 0 {
            ring_at[at as usize] = number;
            line.push(self.crossing(at));
            if at.is_multiple_of(2) {
                let point = at as usize / 2;
                westernmost = westernmost.min((point % self.field.width, point));
            }
            at = next[at as usize];
        }
        line.push(line[0]);
        Ring { is_hole: runs_clockwise(&line), line: LineString::new(line), westernmost }
    }

    /// Where the border crosses a grid line.
    fn crossing(&self, number: u32) -> Coord {
        let field = self.field;
        let one = number as usize / 2;
        let (other, ahead) = if number.is_multiple_of(2) { (one + 1, 0) } else { (one + field.width, 1) };
        let (inside, outside, towards) =
            if self.is_inside(one) { (one, other, ahead) } else { (other, one, ahead + 2) };
        let share = match field.margins[inside][towards] {
            WHOLE if field.inverted[outside] == !UNREACHED => 0.5,
            WHOLE => {
                let [near, far] = [inside, outside].map(|point| f64::from(!field.inverted[point]));
                (f64::from(self.limit) - near) / (far - near)
            }
            margin => f64::from(margin) / f64::from(WHOLE),
        };
        let place = |point: usize| Coord {
            x: field.longitudes[point % field.width],
            y: field.latitudes[point / field.width],
        };
        let (from, to) = (place(inside), place(outside));
        let at = from + (to - from) * share.clamp(CLEARANCE, 1.0 - CLEARANCE);
        Coord { x: rounded(at.x), y: rounded(at.y) }
    }

    /// Gives each hole to the ring around it. West of a hole's westernmost crossing lies the area
    /// to which it belongs; the next border to the west is that of the area or of another hole of it.
    fn polygons(&self, mut rings: Vec<Ring>, ring_at: &[u32]) -> MultiPolygon {
        let mut holes: Vec<usize> = (0..rings.len()).filter(|ring| rings[*ring].is_hole).collect();
        holes.sort_by_key(|hole| rings[*hole].westernmost);
        let mut home: Vec<usize> = (0..rings.len()).collect();
        let mut inner = vec![Vec::new(); rings.len()];
        for hole in holes {
            let mut point = rings[hole].westernmost.1;
            while self.is_inside(point - 1) {
                point -= 1;
            }
            home[hole] = home[ring_at[2 * (point - 1)] as usize - 1];
            let line = std::mem::replace(&mut rings[hole].line, LineString::new(Vec::new()));
            inner[home[hole]].push(line);
        }
        let areas = rings.into_iter().zip(inner).filter(|(ring, _)| !ring.is_hole);
        areas.map(|(ring, holes)| Polygon::new(ring.line, holes)).collect()
    }
}

/// Whether a closed line runs clockwise.
fn runs_clockwise(line: &[Coord]) -> bool {
    let doubled_area: f64 = line
        .windows(2)
        .map(|ends| [ends[0] - line[0], ends[1] - line[0]])
        .map(|[from, to]| from.x * to.y - to.x * from.y)
        .sum();
    doubled_area < 0.0
}
