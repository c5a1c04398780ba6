//! People: settlements spread over 500 m cells, five-year classes in 2020, and a cohort projection
//! of each cell to 2070.

use super::chance::{Chance, fade, fractal, noise};
use super::place::{ISLETS, Km, MUNICIPALITIES, Municipality, RIVERS, distance, distance_to_line};
use super::terrain::{
    CELL_HEIGHT, CELL_WIDTH, COLUMNS, Owner, ROWS, Terrain, cell_at, centre, index, side_neighbours,
};

/// Five-year classes 0–4, 5–9, … 90–94, 95 and over.
pub const CLASSES: usize = 20;
/// 2020 and every fifth year to 2070.
pub const YEARS: usize = 11;
pub const FIRST_YEAR: usize = 2020;

/// A populated 500 m cell.
pub struct Cell {
    /// Column and row among 500 m cells.
    pub place: (usize, usize),
    pub municipality: usize,
    /// People by class in 2020, ages not stated shared out.
    pub people: [u32; CLASSES],
    /// People of working age whose age the census does not know; part of `people`.
    pub unknown_age: u32,
    /// People by class in 2020, 2025, … 2070.
    pub projection: [[f64; CLASSES]; YEARS],
}

impl Cell {
    pub fn total(&self) -> u32 {
        self.people.iter().sum()
    }

    pub fn centre(&self) -> Km {
        middle(self.place)
    }

    /// Nine-digit mesh code (JIS X 0410).
    pub fn code(&self) -> String {
        // Steps of 15″ from the equator and of 22.5″ from 100°E.
        let (east, north) = (6720 + self.place.0, 7968 + self.place.1);
        let (p, u, a, b) = (north / 160, east / 160, north % 160, east % 160);
        let quarter = 1 + b % 2 + 2 * (a % 2);
        format!("{p}{u}{}{}{}{}{quarter}", a / 20, b / 20, a % 20 / 2, b % 20 / 2)
    }
}

/// People of a projection in classes from `from` on.
pub fn from_class(people: &[f64; CLASSES], from: usize) -> f64 {
    people[from..].iter().sum()
}

/// Shares per thousand of the classes in a young suburb, in Japan of 2020, and in an old village.
#[rustfmt::skip]
const YOUNG: [f64; CLASSES] = [
    46.0, 48.0, 48.0, 50.0, 59.0, 58.0, 61.0, 66.0, 72.0, 80.0, 68.0, 58.0, 52.0, 55.0, 63.0, 47.0, 34.0, 21.0, 10.0, 4.0,
];
#[rustfmt::skip]
const MIDDLE: [f64; CLASSES] = [
    34.0, 38.0, 41.0, 43.0, 38.0, 41.0, 46.0, 54.0, 62.0, 72.0, 64.0, 62.0, 64.0, 72.0, 82.0, 66.0, 54.0, 39.0, 20.0, 8.0,
];
#[rustfmt::skip]
const OLD: [f64; CLASSES] = [
    15.0, 18.0, 21.0, 21.0, 14.0, 17.0, 21.0, 28.0, 36.0, 46.0, 51.0, 64.0, 86.0, 116.0, 132.0, 104.0, 90.0, 74.0, 37.0, 13.0,
];

/// Share of a class that lives five years on.
#[rustfmt::skip]
const SURVIVAL: [f64; CLASSES] = [
    0.9985, 0.9995, 0.9994, 0.999, 0.998, 0.998, 0.997, 0.996, 0.995, 0.992, 0.987, 0.979, 0.967, 0.948, 0.918, 0.866,
    0.775, 0.62, 0.42, 0.23,
];

pub fn build(terrain: &Terrain) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    for (position, municipality) in MUNICIPALITIES.iter().enumerate() {
        cells.extend(settle(terrain, position, municipality));
    }
    cells.sort_by_key(Cell::code);
    cells
}

/// Centre of a 500 m cell.
fn middle((column, row): (usize, usize)) -> Km {
    ((column as f64 + 0.5) * CELL_WIDTH * 2.0, (row as f64 + 0.5) * CELL_HEIGHT * 2.0)
}

/// Only the first islet is lived on.
fn is_on_rock(p: Km) -> bool {
    ISLETS[1..].iter().any(|islet| distance(p, islet.centre) < 1.5)
}

/// The municipality of a 500 m cell whose land is all one municipality's.
fn sole_owner(terrain: &Terrain, (column, row): (usize, usize)) -> Option<usize> {
    let quarters =
        [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(dc, dr)| terrain.owner[index(2 * column + dc, 2 * row + dr)]);
    let owners: Vec<usize> = quarters.iter().filter_map(|owner| owner.municipality()).collect();
    let alone = owners.len() >= 3
        && owners.iter().all(|owner| *owner == owners[0])
        && !quarters.contains(&Owner::Nobody);
    alone.then(|| owners[0])
}

/// A place where people live together: its middle, its share of them and its radius in km.
struct Settlement {
    middle: Km,
    share: f64,
    radius: f64,
}

fn settle(terrain: &Terrain, position: usize, municipality: &Municipality) -> Vec<Cell> {
    let mut chance = Chance::new(1000 + position as u64);
    let land: Vec<(usize, usize)> = (0..ROWS / 2)
        .flat_map(|row| (0..COLUMNS / 2).map(move |column| (column, row)))
        .filter(|place| sole_owner(terrain, *place) == Some(position) && !is_on_rock(middle(*place)))
        .collect();
    let settlements = settlements(terrain, position, municipality, &mut chance);
    let weights: Vec<f64> = land
        .iter()
        .map(|place| {
            let p = middle(*place);
            let height = terrain.height[cell_at(p)];
            let gentle = fade(height / 110.0);
            let grain = (1.0 + 0.75 * fractal(p.0, p.1, 2.0, 3, 83)).max(0.15);
            let towns: f64 = settlements
                .iter()
                .map(|one| one.share / (one.radius * one.radius) * fade(distance(p, one.middle) / one.radius))
                .sum();
            let rural = 0.0022 * (0.25 + fractal(p.0, p.1, 3.0, 4, 97)).max(0.0) * gentle;
            (towns * (0.25 + 0.75 * gentle) + rural) * grain
        })
        .collect();
    let total = f64::from(municipality.people);
    let sum: f64 = weights.iter().sum();
    let smallest = if municipality.people < 2500 { 5.0 } else { 29.0 };
    let lived: Vec<((usize, usize), f64)> = land
        .into_iter()
        .zip(weights)
        .map(|(place, weight)| (place, weight / sum * total))
        .filter(|(_, people)| *people >= smallest * chance.between(0.5, 1.9))
        .collect();
    let counts = whole(&lived.iter().map(|(_, people)| *people).collect::<Vec<_>>(), municipality.people);
    let mut cells: Vec<Cell> = lived
        .iter()
        .zip(counts)
        .map(|((place, _), people)| {
            grow_old(*place, position, people, municipality, middle(*place), &mut chance)
        })
        .collect();
    cells.retain(|cell| cell.total() > 0);
    cells
}

/// The main town and hamlets in the lower valleys and on the shore, apart from each other.
fn settlements(
    terrain: &Terrain,
    position: usize,
    one: &Municipality,
    chance: &mut Chance,
) -> Vec<Settlement> {
    let people = f64::from(one.people);
    let root = people.sqrt();
    let main = Settlement { middle: one.centre, share: 0.6, radius: (root / 260.0).clamp(0.34, 1.75) };
    let own: Vec<usize> =
        (0..terrain.owner.len()).filter(|at| terrain.municipality(*at) == Some(position)).collect();
    let from_water = |at: usize| {
        let river = RIVERS.iter().map(|river| distance_to_line(centre(at), river)).fold(f64::MAX, f64::min);
        let shore = side_neighbours(at).any(|next| terrain.owner[next] == Owner::Sea);
        if shore { 0.2 } else { river }
    };
    let wanted = ((own.len() as f64 / 160.0) + root / 22.0).clamp(3.0, 34.0) as usize;
    let mut found: Vec<Settlement> = vec![main];
    for _ in 0..4000 {
        if found.len() > wanted {
            break;
        }
        let at = *chance.pick(&own);
        let p = centre(at);
        let low = fade(terrain.height[at] / 90.0) * fade(from_water(at) / 1.3);
        let apart = found.iter().all(|other| distance(p, other.middle) > 1.7);
        if apart && chance.hit(low) {
            let share = chance.between(0.25, 1.0) * (0.35 + low);
            found.push(Settlement { middle: p, share, radius: (root / 900.0).clamp(0.26, 0.62) });
        }
    }
    let hamlets: f64 = found[1..].iter().map(|hamlet| hamlet.share).sum();
    for hamlet in &mut found[1..] {
        hamlet.share *= 0.4 / hamlets;
    }
    found
}

/// Whole numbers near the given ones with the given sum (largest remainder).
pub fn whole(parts: &[f64], sum: u32) -> Vec<u32> {
    let given: f64 = parts.iter().sum();
    let scaled: Vec<f64> =
        parts.iter().map(|part| if given > 0.0 { part / given * f64::from(sum) } else { 0.0 }).collect();
    let mut counts: Vec<u32> = scaled.iter().map(|part| part.floor() as u32).collect();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by(|a, b| {
        (scaled[*b] - scaled[*b].floor()).total_cmp(&(scaled[*a] - scaled[*a].floor())).then(a.cmp(b))
    });
    let missing = sum - counts.iter().sum::<u32>();
    for position in order.into_iter().take(missing as usize) {
        counts[position] += 1;
    }
    counts
}

/// Ages of a cell in 2020 and its projection.
fn grow_old(
    place: (usize, usize),
    position: usize,
    people: u32,
    municipality: &Municipality,
    middle: Km,
    chance: &mut Chance,
) -> Cell {
    let edge = 0.16 * (1.0 - fade(distance(middle, municipality.centre) / 5.0));
    let local = 0.22 * noise(middle.0 / 1.3, middle.1 / 1.3, 131) + 0.1 * (chance.unit() - 0.5);
    let ageing = (municipality.ageing + edge + local).clamp(0.0, 1.0);
    let shares: Vec<f64> = (0..CLASSES)
        .map(|class| {
            let (from, to, t) =
                if ageing < 0.5 { (YOUNG, MIDDLE, ageing * 2.0) } else { (MIDDLE, OLD, ageing * 2.0 - 1.0) };
            let share = from[class] + (to[class] - from[class]) * t;
            share * (1.0 + 0.3 * (chance.unit() - 0.5))
        })
        .collect();
    let counted: [u32; CLASSES] = whole(&shares, people).try_into().expect("one count for each class");
    let not_told = if people > 400 { f64::from(people) * 0.025 * (1.0 - municipality.ageing) } else { 0.0 };
    let mut cell = Cell {
        place,
        municipality: position,
        people: counted,
        unknown_age: (not_told as u32).min(counted[5..11].iter().sum::<u32>() / 3),
        projection: [[0.0; CLASSES]; YEARS],
    };
    cell.projection[0] = counted.map(f64::from);
    for year in 1..YEARS {
        cell.projection[year] = five_years_on(&cell.projection[year - 1], municipality.ageing);
    }
    cell
}

/// One step of the cohort model: survival, moving away of the young from old places, births.
fn five_years_on(before: &[f64; CLASSES], ageing: f64) -> [f64; CLASSES] {
    let mut after = [0.0; CLASSES];
    for class in 0..CLASSES {
        let moved = match class {
            3 => 0.97 + 0.10 * (1.0 - ageing) - 0.30 * ageing,
            4 => 0.98 + 0.04 * (1.0 - ageing) - 0.20 * ageing,
            5 | 6 => 0.995 + 0.03 * (1.0 - ageing) - 0.06 * ageing,
            15.. => 1.0 - 0.02 * ageing,
            _ => 1.0 + 0.006 * (1.0 - ageing) - 0.03 * ageing,
        };
        let next = (class + 1).min(CLASSES - 1);
        after[next] += before[class] * SURVIVAL[class] * moved;
    }
    let parents = after[5..8].iter().sum::<f64>();
    after[0] = parents * (0.222 - 0.02 * ageing);
    after
}
