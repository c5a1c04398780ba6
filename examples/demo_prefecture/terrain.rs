//! Land, sea, height and municipality on a raster of 11.25″ × 7.5″ (a quarter of a 500 m mesh cell).

use super::chance::{fade, fractal};
use super::place::{
    self, ISLETS, KM_PER_DEGREE_LATITUDE, KM_PER_DEGREE_LONGITUDE, Km, MUNICIPALITIES, OUTLINE, RIVERS,
    crest, distance, distance_to_line, inside,
};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Columns and rows of the raster; both even, so that it holds whole mesh cells.
pub const COLUMNS: usize = 288;
pub const ROWS: usize = 300;
pub const CELL_WIDTH: f64 = KM_PER_DEGREE_LONGITUDE / 320.0;
pub const CELL_HEIGHT: f64 = KM_PER_DEGREE_LATITUDE / 480.0;

/// To whom a raster cell belongs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Owner {
    Sea,
    /// 所属未定地.
    Nobody,
    /// Position in [`MUNICIPALITIES`].
    Municipality(usize),
}

impl Owner {
    pub fn municipality(self) -> Option<usize> {
        match self {
            Self::Municipality(position) => Some(position),
            _ => None,
        }
    }
}

pub struct Terrain {
    /// Metres above the sea, row by row from the south-west.
    pub height: Vec<f64>,
    pub owner: Vec<Owner>,
}

pub fn index(column: usize, row: usize) -> usize {
    row * COLUMNS + column
}

pub fn column_row(index: usize) -> (usize, usize) {
    (index % COLUMNS, index / COLUMNS)
}

/// Centre of a raster cell.
pub fn centre(index: usize) -> Km {
    let (column, row) = column_row(index);
    ((column as f64 + 0.5) * CELL_WIDTH, (row as f64 + 0.5) * CELL_HEIGHT)
}

/// The raster cell that holds a place.
pub fn cell_at((x, y): Km) -> usize {
    let column = (x / CELL_WIDTH).clamp(0.0, COLUMNS as f64 - 1.0) as usize;
    let row = (y / CELL_HEIGHT).clamp(0.0, ROWS as f64 - 1.0) as usize;
    index(column, row)
}

/// Neighbours that share a side.
pub fn side_neighbours(at: usize) -> impl Iterator<Item = usize> {
    neighbours(at).filter(move |next| {
        let ((a, b), (c, d)) = (column_row(at), column_row(*next));
        a == c || b == d
    })
}

/// Neighbours that share a side or a corner.
pub fn neighbours(at: usize) -> impl Iterator<Item = usize> {
    let (column, row) = column_row(at);
    let rows = row.saturating_sub(1)..=(row + 1).min(ROWS - 1);
    rows.flat_map(move |r| {
        (column.saturating_sub(1)..=(column + 1).min(COLUMNS - 1)).map(move |c| index(c, r))
    })
    .filter(move |next| *next != at)
}

/// A number that orders like the non-negative float it was made of.
pub fn rank(cost: f64) -> u64 {
    (cost * 1e6) as u64
}

/// Northing of the border along the crest: the crest itself, a little restless.
fn divide(x: f64) -> f64 {
    crest(x) + 2.6 * fractal(x, 0.0, 7.0, 4, 71)
}

impl Terrain {
    pub fn build() -> Self {
        let coast = main_island();
        let height = heights(&coast);
        let mut owner = divide_land(&coast, &height);
        add_islets(&mut owner);
        Self { height, owner }
    }

    pub fn municipality(&self, at: usize) -> Option<usize> {
        self.owner[at].municipality()
    }

    /// Metres of rise or fall per metre between two neighbouring cells.
    pub fn slope(&self, a: usize, b: usize) -> f64 {
        (self.height[a] - self.height[b]).abs() / (distance(centre(a), centre(b)) * 1000.0)
    }
}

/// Which raster cells are the main island: the outline with a roughened coast, without lakes.
fn main_island() -> Vec<bool> {
    let rough: Vec<bool> = (0..COLUMNS * ROWS)
        .map(|at| {
            let (x, y) = centre(at);
            let shift = |seed| 3.6 * fractal(x, y, 7.0, 2, seed) + 3.0 * fractal(x, y, 2.8, 4, seed + 2);
            inside((x + shift(11), y + shift(23)), OUTLINE)
        })
        .collect();
    let land = flood(cell_at(MUNICIPALITIES[0].centre), |at| rough[at]);
    let sea = flood(0, |at| !land[at]);
    sea.iter().map(|wet| !wet).collect()
}

/// Everything that can be reached from `start` over sides through cells that pass.
fn flood(start: usize, passes: impl Fn(usize) -> bool) -> Vec<bool> {
    let mut reached = vec![false; COLUMNS * ROWS];
    let mut open = vec![start];
    reached[start] = true;
    while let Some(at) = open.pop() {
        for next in side_neighbours(at) {
            if !reached[next] && passes(next) {
                reached[next] = true;
                open.push(next);
            }
        }
    }
    reached
}

/// Heights grow with the distance from rivers and the sea, and with nearness to the ridge.
fn heights(land: &[bool]) -> Vec<f64> {
    let from_sea = distance_from_sea(land);
    (0..COLUMNS * ROWS)
        .map(|at| {
            if !land[at] {
                return 0.0;
            }
            let p = centre(at);
            let rise = |value: f64, from: f64, to: f64| ((value - from) / (to - from)).clamp(0.0, 1.0);
            let from_crest = (p.1 - crest(p.0)).abs();
            let from_river = RIVERS.iter().map(|river| distance_to_line(p, river)).fold(f64::MAX, f64::min);
            let from_water = from_river.min(from_sea[at]);
            let wild = rise(p.1, 33.0, 46.0)
                .max(0.75 * rise(17.0 - p.0, 0.0, 8.0))
                .max(0.45 * rise(p.0, 60.0, 68.0));
            let south_east = 0.5 * rise(24.5 - p.1, 0.0, 4.0) * rise(p.0, 57.0, 60.0);
            let relief = 14.0 + 470.0 * wild.max(south_east);
            let ridge =
                950.0 * fade((from_crest / 3.1) * (from_crest / 3.1)) + 260.0 * fade(from_crest / 4.0);
            let roll = 1.0 + 0.8 * fractal(p.0, p.1, 5.0, 5, 37);
            let valley = 1.0 - fade((from_water / 2.3) * (from_water / 2.3));
            let shore = 1.0 - fade(from_sea[at] / 1.2);
            (2.0 + (ridge * shore + relief * valley) * roll).max(1.0)
        })
        .collect()
}

/// Kilometres from each land cell to the nearest sea cell, along the raster.
fn distance_from_sea(land: &[bool]) -> Vec<f64> {
    let starts = (0..land.len()).filter(|at| !land[*at]).map(|at| (at, 0.0));
    spread(starts, |at, next| Some(distance(centre(at), centre(next))))
        .into_iter()
        .map(|(cost, _)| cost)
        .collect()
}

/// Cheapest cost from the nearest start, and the cell before it (Dijkstra over eight neighbours).
/// `step` gives the cost of one step, or nothing where there is no way.
pub fn spread(
    starts: impl IntoIterator<Item = (usize, f64)>,
    step: impl Fn(usize, usize) -> Option<f64>,
) -> Vec<(f64, usize)> {
    let mut best = vec![(f64::MAX, usize::MAX); COLUMNS * ROWS];
    let mut open = BinaryHeap::new();
    for (at, cost) in starts {
        best[at] = (cost, at);
        open.push(Reverse((rank(cost), at)));
    }
    while let Some(Reverse((priority, at))) = open.pop() {
        let cost = best[at].0;
        if priority > rank(cost) {
            continue;
        }
        for next in neighbours(at) {
            if let Some(length) = step(at, next)
                && cost + length < best[next].0
            {
                best[next] = (cost + length, at);
                open.push(Reverse((rank(cost + length), next)));
            }
        }
    }
    best
}

/// Each piece of land goes to the centre from which it is reached with the least effort, over
/// sides only, never over the crest; so borders come to lie on watersheds.
fn divide_land(land: &[bool], height: &[f64]) -> Vec<Owner> {
    let is_north = |at: usize| {
        let (x, y) = centre(at);
        y > divide(x)
    };
    let mut owner = vec![Owner::Sea; land.len()];
    let mut best = vec![f64::MAX; land.len()];
    let mut open = BinaryHeap::new();
    for (position, one) in MUNICIPALITIES.iter().enumerate() {
        let at = cell_at(one.centre);
        if land[at] {
            best[at] = 0.0;
            open.push(Reverse((0, at, position)));
        }
    }
    while let Some(Reverse((priority, at, position))) = open.pop() {
        if owner[at] != Owner::Sea || priority > rank(best[at]) {
            continue;
        }
        owner[at] = Owner::Municipality(position);
        for next in side_neighbours(at).filter(|next| land[*next] && is_north(*next) == is_north(at)) {
            let length = distance(centre(at), centre(next));
            let climb = (height[next] - height[at]).abs() / 1000.0;
            let (x, y) = centre(next);
            let rough = 2.6 * fractal(x, y, 6.0, 4, 53).abs() + 0.5 * fractal(x, y, 1.5, 3, 59).abs();
            let effort = length * (0.35 + height[next] / 130.0 + rough) + 9.0 * climb;
            let cost = best[at] + effort / MUNICIPALITIES[position].reach;
            if owner[next] == Owner::Sea && cost < best[next] {
                best[next] = cost;
                open.push(Reverse((rank(cost), next, position)));
            }
        }
    }
    fill_pockets(land, &mut owner);
    owner = ruffle(&owner);
    drop_exclaves(&mut owner);
    fill_pockets(land, &mut owner);
    owner
}

/// Bends every border by looking up the owner a little to the side.
fn ruffle(owner: &[Owner]) -> Vec<Owner> {
    (0..owner.len())
        .map(|at| {
            let (x, y) = centre(at);
            let shift = |seed| 2.3 * fractal(x, y, 3.6, 4, seed);
            let aside = owner[cell_at((x + shift(61), y + shift(67)))];
            if owner[at] == Owner::Sea || aside == Owner::Sea { owner[at] } else { aside }
        })
        .collect()
}

/// Pieces that do not hang together with their centre lose their owner.
fn drop_exclaves(owner: &mut [Owner]) {
    let mut kept = vec![false; owner.len()];
    for (position, one) in MUNICIPALITIES.iter().enumerate() {
        let whose = Owner::Municipality(position);
        if owner[cell_at(one.centre)] == whose {
            let body = flood(cell_at(one.centre), |at| owner[at] == whose);
            kept.iter_mut().zip(body).for_each(|(kept, body)| *kept |= body);
        }
    }
    for (at, slot) in owner.iter_mut().enumerate() {
        if !kept[at] {
            *slot = Owner::Sea;
        }
    }
}

/// Land without an owner goes to a neighbour.
fn fill_pockets(land: &[bool], owner: &mut [Owner]) {
    loop {
        let found = (0..land.len()).filter(|at| land[*at] && owner[*at] == Owner::Sea).find_map(|at| {
            side_neighbours(at)
                .map(|next| owner[next])
                .find(|whose| *whose != Owner::Sea)
                .map(|whose| (at, whose))
        });
        let Some((at, whose)) = found else { return };
        owner[at] = whose;
    }
}

fn add_islets(owner: &mut [Owner]) {
    for (number, islet) in ISLETS.iter().enumerate() {
        let whose =
            islet.municipality.map_or(Owner::Nobody, |code| Owner::Municipality(place::municipality(code)));
        for (at, slot) in owner.iter_mut().enumerate() {
            let (x, y) = centre(at);
            let rough = 1.0 + 1.1 * fractal(x, y, 2.2, 4, 90 + number as u64);
            let (dx, dy) = ((x - islet.centre.0) / islet.half.0, (y - islet.centre.1) / islet.half.1);
            if *slot == Owner::Sea && dx * dx + dy * dy < rough {
                *slot = whose;
            }
        }
    }
}
