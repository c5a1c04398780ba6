//! 国土数値情報 N03 行政区域: raster owners traced to rings that share every vertex with their
//! neighbours, written as a Shapefile (CP932, no .cpg) inside a zip.

use super::chance::lattice;
use super::files::{Archive, cp932};
use super::place::{MUNICIPALITIES, PREFECTURE, degrees};
use super::terrain::{
    CELL_HEIGHT, CELL_WIDTH, COLUMNS, Owner, ROWS, Terrain, column_row, index, side_neighbours,
};

/// A raster corner (column, row), counted from the south-west.
type Corner = (usize, usize);

/// A polygon part: exterior ring clockwise, then holes counter-clockwise; longitude, latitude.
pub struct Part {
    pub owner: Owner,
    pub rings: Vec<Vec<(f64, f64)>>,
}

const WORLD: &str = r#"GEOGCS["GCS_JGD_2011",DATUM["D_JGD_2011",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;

/// Every connected piece of every owner, in order of owner, largest first.
pub fn parts(terrain: &Terrain) -> Vec<Part> {
    let mut seen = vec![false; terrain.owner.len()];
    let mut pieces: Vec<(Owner, Vec<usize>)> = Vec::new();
    for start in 0..terrain.owner.len() {
        let owner = terrain.owner[start];
        if owner == Owner::Sea || seen[start] {
            continue;
        }
        let mut piece = vec![start];
        seen[start] = true;
        let mut done = 0;
        while done < piece.len() {
            for next in side_neighbours(piece[done]) {
                if !seen[next] && terrain.owner[next] == owner {
                    seen[next] = true;
                    piece.push(next);
                }
            }
            done += 1;
        }
        pieces.push((owner, piece));
    }
    let order = |owner: Owner| owner.municipality().map_or(usize::MAX, |position| position);
    pieces.sort_by_key(|(owner, piece)| (order(*owner), std::cmp::Reverse(piece.len())));
    pieces.iter().map(|(owner, piece)| Part { owner: *owner, rings: rings(terrain, piece) }).collect()
}

fn owner_of(terrain: &Terrain, column: i64, row: i64) -> Owner {
    if column < 0 || row < 0 || column >= COLUMNS as i64 || row >= ROWS as i64 {
        return Owner::Sea;
    }
    terrain.owner[index(column as usize, row as usize)]
}

/// A corner where more than two border lines meet stays where it is when lines are rounded.
fn is_junction(terrain: &Terrain, (column, row): Corner) -> bool {
    let (c, r) = (column as i64, row as i64);
    let around = [(c, r), (c - 1, r), (c - 1, r - 1), (c, r - 1)].map(|(c, r)| owner_of(terrain, c, r));
    (0..4).filter(|side| around[*side] != around[(side + 1) % 4]).count() > 2
}

/// The corner moved a little off the raster, the same for all who share it.
fn corner_place((column, row): Corner) -> (f64, f64) {
    let off = |seed| 0.27 * lattice(column as i64, row as i64, seed);
    ((column as f64 + off(5)) * CELL_WIDTH, (row as f64 + off(6)) * CELL_HEIGHT)
}

/// Walks round the piece with its cells on the right hand, so that exteriors come out clockwise.
fn rings(terrain: &Terrain, piece: &[usize]) -> Vec<Vec<(f64, f64)>> {
    let member: std::collections::BTreeSet<usize> = piece.iter().copied().collect();
    let has = |column: i64, row: i64| {
        column >= 0
            && row >= 0
            && column < COLUMNS as i64
            && row < ROWS as i64
            && member.contains(&index(column as usize, row as usize))
    };
    // Directions: 0 north, 1 east, 2 south, 3 west. An edge that leaves corner (c, r) to the north
    // has the cell (c, r) on its right, and so on round.
    let right_cell = |(c, r): Corner, direction: usize| match direction {
        0 => (c as i64, r as i64),
        1 => (c as i64, r as i64 - 1),
        2 => (c as i64 - 1, r as i64 - 1),
        _ => (c as i64 - 1, r as i64),
    };
    let is_edge = |corner: Corner, direction: usize| {
        let right = right_cell(corner, direction);
        let left = right_cell(corner, (direction + 3) % 4);
        has(right.0, right.1) && !has(left.0, left.1)
    };
    let step = |(c, r): Corner, direction: usize| match direction {
        0 => (c, r + 1),
        1 => (c + 1, r),
        2 => (c, r - 1),
        _ => (c - 1, r),
    };
    let mut walked = std::collections::BTreeSet::new();
    let mut found = Vec::new();
    for cell in piece {
        let (column, row) = column_row(*cell);
        let starts =
            [((column, row), 0), ((column, row + 1), 1), ((column + 1, row + 1), 2), ((column + 1, row), 3)];
        for (start, first) in starts {
            if !is_edge(start, first) || walked.contains(&(start, first)) {
                continue;
            }
            let (mut corner, mut direction) = (start, first);
            let mut ring = Vec::new();
            loop {
                walked.insert((corner, direction));
                ring.push(corner);
                corner = step(corner, direction);
                // The sharpest right turn first keeps to the same cell where two touch at a corner.
                let turns = [(direction + 1) % 4, direction, (direction + 3) % 4];
                direction =
                    turns.into_iter().find(|turn| is_edge(corner, *turn)).expect("borders are closed");
                if (corner, direction) == (start, first) {
                    break;
                }
            }
            found.push(smooth(terrain, &ring));
        }
    }
    // The exterior is the ring that was walked clockwise.
    found.sort_by(|a, b| signed_area(a).total_cmp(&signed_area(b)));
    found
}

/// Chaikin's corner cutting, twice. Points depend only on the two ends of their edge, so that both
/// sides of a border compute the same bits; junctions stay.
fn smooth(terrain: &Terrain, ring: &[Corner]) -> Vec<(f64, f64)> {
    let mut points: Vec<((f64, f64), bool)> =
        ring.iter().map(|corner| (corner_place(*corner), is_junction(terrain, *corner))).collect();
    for _ in 0..2 {
        let mut cut = Vec::with_capacity(points.len() * 2);
        for (at, (a, a_fixed)) in points.iter().enumerate() {
            let (b, b_fixed) = points[(at + 1) % points.len()];
            let quarter = |from: f64, to: f64| from + (to - from) * 0.25;
            if *a_fixed {
                cut.push((*a, true));
            } else {
                cut.push(((quarter(a.0, b.0), quarter(a.1, b.1)), false));
            }
            if !b_fixed {
                cut.push(((quarter(b.0, a.0), quarter(b.1, a.1)), false));
            }
        }
        points = cut;
    }
    let mut closed: Vec<(f64, f64)> = points
        .into_iter()
        .map(|(place, _)| {
            let (longitude, latitude) = degrees(place);
            // Nine decimals, as the publisher's own GeoJSON has.
            ((longitude * 1e9).round() / 1e9, (latitude * 1e9).round() / 1e9)
        })
        .collect();
    closed.push(closed[0]);
    closed
}

/// Negative for clockwise rings.
fn signed_area(ring: &[(f64, f64)]) -> f64 {
    ring.windows(2)
        .map(|p| (p[0].0 - 142.0) * (p[1].1 - 33.0) - (p[1].0 - 142.0) * (p[0].1 - 33.0))
        .sum::<f64>()
        / 2.0
}

/// The zip as the publisher packs it: a folder with .shp, .shx, .dbf and .prj.
pub fn shapefile_zip(parts: &[Part]) -> Vec<u8> {
    let (shp, shx) = shapes(parts);
    let mut archive = Archive::new();
    let stem = "N03-20220101_48_GML/N03-22_48_220101";
    archive.folder("N03-20220101_48_GML/");
    archive.file(&format!("{stem}.dbf"), &attributes(parts));
    archive.file(&format!("{stem}.prj"), WORLD.as_bytes());
    archive.file(&format!("{stem}.shp"), &shp);
    archive.file(&format!("{stem}.shx"), &shx);
    archive.finish()
}

fn bounds<'a>(points: impl Iterator<Item = &'a (f64, f64)>) -> [f64; 4] {
    points.fold([f64::MAX, f64::MAX, f64::MIN, f64::MIN], |[west, south, east, north], (x, y)| {
        [west.min(*x), south.min(*y), east.max(*x), north.max(*y)]
    })
}

/// ESRI Shapefile of polygons (white paper of July 1998): main file and index.
fn shapes(parts: &[Part]) -> (Vec<u8>, Vec<u8>) {
    let (mut records, mut offsets) = (Vec::new(), Vec::new());
    for (number, part) in parts.iter().enumerate() {
        let mut content = Vec::new();
        content.extend(5i32.to_le_bytes());
        for bound in bounds(part.rings.iter().flatten()) {
            content.extend(bound.to_le_bytes());
        }
        let total: usize = part.rings.iter().map(Vec::len).sum();
        content.extend((part.rings.len() as i32).to_le_bytes());
        content.extend((total as i32).to_le_bytes());
        let mut start = 0i32;
        for ring in &part.rings {
            content.extend(start.to_le_bytes());
            start += ring.len() as i32;
        }
        for (x, y) in part.rings.iter().flatten() {
            content.extend(x.to_le_bytes());
            content.extend(y.to_le_bytes());
        }
        let words = (content.len() / 2) as i32;
        offsets.extend(((100 + records.len()) as i32 / 2).to_be_bytes());
        offsets.extend(words.to_be_bytes());
        records.extend((number as i32 + 1).to_be_bytes());
        records.extend(words.to_be_bytes());
        records.extend(content);
    }
    let header = |length: usize| {
        let mut bytes = Vec::new();
        bytes.extend(9994i32.to_be_bytes());
        bytes.extend([0; 20]);
        bytes.extend(((100 + length) as i32 / 2).to_be_bytes());
        bytes.extend(1000i32.to_le_bytes());
        bytes.extend(5i32.to_le_bytes());
        for bound in bounds(parts.iter().flat_map(|part| part.rings.iter().flatten())) {
            bytes.extend(bound.to_le_bytes());
        }
        bytes.extend([0; 32]);
        bytes
    };
    let (shp, shx) = (header(records.len()), header(offsets.len()));
    ([shp, records].concat(), [shx, offsets].concat())
}

/// dBASE III table of N03_001, 002, 003, 004, 007.
fn attributes(parts: &[Part]) -> Vec<u8> {
    const FIELDS: [(&str, usize); 5] =
        [("N03_001", 10), ("N03_002", 20), ("N03_003", 20), ("N03_004", 20), ("N03_007", 5)];
    let record = 1 + FIELDS.iter().map(|(_, width)| width).sum::<usize>();
    let mut table = vec![3, 122, 1, 1];
    table.extend((parts.len() as u32).to_le_bytes());
    table.extend((32 * (FIELDS.len() as u16 + 1) + 1).to_le_bytes());
    table.extend((record as u16).to_le_bytes());
    table.extend([0; 20]);
    for (name, width) in FIELDS {
        let mut field = [0u8; 32];
        field[..name.len()].copy_from_slice(name.as_bytes());
        field[11] = b'C';
        field[16] = width as u8;
        table.extend(field);
    }
    table.push(b'\r');
    for part in parts {
        let row = match part.owner.municipality().map(|position| &MUNICIPALITIES[position]) {
            Some(one) => [PREFECTURE, "", one.county.0, one.name, one.code],
            None => [PREFECTURE, "", "", "所属未定地", ""],
        };
        table.push(b' ');
        for ((_, width), said) in FIELDS.iter().zip(row) {
            let mut bytes = cp932(said);
            bytes.resize(*width, b' ');
            table.extend(bytes);
        }
    }
    table.push(0x1a);
    table
}
