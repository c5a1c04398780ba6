//! 国勢調査 mesh text (T001101, 500 m, 2020) and 国土数値情報 将来推計人口メッシュ (R6, GeoJSON).

use super::files::{Archive, Csv, Quotes};
use super::place::{MUNICIPALITIES, PREFECTURE_CODE};
use super::population::{CLASSES, Cell, FIRST_YEAR, YEARS, from_class, whole};
use std::collections::{BTreeMap, BTreeSet};

/// Second header row of the census text.
#[rustfmt::skip]
const CENSUS_NAMES: [&str; 50] = [
    "人口（総数）", "人口（総数）　男", "人口（総数）　女", "０～１４歳人口　総数", "０～１４歳人口　男", "０～１４歳人口　女",
    "１５歳以上人口　総数", "１５歳以上人口　男", "１５歳以上人口　女", "１５～６４歳人口　総数", "１５～６４歳人口　男",
    "１５～６４歳人口　女", "１８歳以上人口　総数", "１８歳以上人口　男", "１８歳以上人口　女", "２０歳以上人口　総数",
    "２０歳以上人口　男", "２０歳以上人口　女", "６５歳以上人口　総数", "６５歳以上人口　男", "６５歳以上人口　女",
    "７５歳以上人口　総数", "７５歳以上人口　男", "７５歳以上人口　女", "８５歳以上人口　総数", "８５歳以上人口　男",
    "８５歳以上人口　女", "９５歳以上人口　総数", "９５歳以上人口　男", "９５歳以上人口　女", "外国人人口　総数", "外国人人口　男",
    "外国人人口　女", "世帯総数", "一般世帯数", "１人世帯数　一般世帯数", "２人世帯数　一般世帯数", "３人世帯数　一般世帯数",
    "４人世帯数　一般世帯数", "５人世帯数　一般世帯数", "６人世帯数　一般世帯数", "７人以上世帯数　一般世帯数",
    "親族のみの世帯数　一般世帯数", "核家族世帯数　一般世帯数", "核家族以外の世帯数　一般世帯数",
    "６歳未満世帯員のいる世帯数　一般世帯数", "６５歳以上世帯員のいる世帯数　一般世帯数",
    "世帯主の年齢が２０～２９歳の１人世帯数　一般世帯数", "高齢単身世帯数　一般世帯数", "高齢夫婦世帯数　一般世帯数",
];

/// Columns that are given even for a suppressed cell: people by sex, and households.
fn is_never_suppressed(column: usize) -> bool {
    column < 3 || column == 33 || column == 34
}

/// The fifty figures of one cell.
fn census_figures(cell: &Cell) -> [u32; 50] {
    let men = |class: usize| {
        let share = [0.512, 0.505, 0.49, 0.46, 0.40, 0.26]
            [[13, 15, 16, 17, 19].iter().filter(|from| class >= **from).count()];
        (f64::from(cell.people[class]) * share).round() as u32
    };
    let sum = |from: usize, to: usize| -> [u32; 3] {
        let all: u32 = cell.people[from..to].iter().sum();
        let male: u32 = (from..to).map(men).sum();
        [all, male, all - male]
    };
    let unknown = [cell.unknown_age, cell.unknown_age * 3 / 5, cell.unknown_age - cell.unknown_age * 3 / 5];
    let less = |a: [u32; 3], b: [u32; 3]| [a[0] - b[0], a[1].saturating_sub(b[1]), a[2].saturating_sub(b[2])];
    let teens = sum(3, 4);
    let below_18 = teens.map(|people| people * 3 / 5);
    let adults = less(sum(3, CLASSES), unknown);
    let everybody = sum(0, CLASSES);
    let foreign = everybody.map(|people| people * 11 / 1000);
    let groups = [
        everybody,
        sum(0, 3),
        adults,
        less(sum(3, 13), unknown),
        less(adults, below_18),
        less(adults, teens),
        sum(13, CLASSES),
        sum(15, CLASSES),
        sum(17, CLASSES),
        sum(19, CLASSES),
        [foreign[0], foreign[1].min(foreign[0]), foreign[0] - foreign[1].min(foreign[0])],
    ];
    let mut figures = [0; 50];
    for (position, figure) in groups.iter().flatten().enumerate() {
        figures[position] = *figure;
    }
    let total = everybody[0];
    let households = (total * 10 / 24).max(1);
    let sizes = whole(&[36.0, 29.0, 16.0, 12.0, 5.0, 1.4, 0.6], households);
    let family = households - sizes[0] - sizes[1] / 12;
    let nuclear = family * 88 / 100;
    let old = sum(13, CLASSES)[0];
    figures[33] = households;
    figures[34] = households;
    figures[35..42].copy_from_slice(&sizes);
    figures[42] = family;
    figures[43] = nuclear;
    figures[44] = family - nuclear;
    figures[45] = (cell.people[0] * 7 / 10).min(households);
    figures[46] = (old * 63 / 100).min(households);
    figures[47] = sizes[0] * cell.people[4] / total.max(1);
    figures[48] = (old * 19 / 100).min(sizes[0]);
    figures[49] = (old * 17 / 100).min(sizes[1]);
    figures
}

/// For each cell that is too small to be shown, the cell that takes its people in: the nearest one
/// of the same municipality that is large enough.
fn receivers(cells: &[Cell], is_small: impl Fn(&Cell) -> bool) -> BTreeMap<usize, usize> {
    let small: BTreeSet<usize> = (0..cells.len()).filter(|at| is_small(&cells[*at])).collect();
    small
        .iter()
        .filter_map(|at| {
            let square = |other: usize| {
                let (a, b) = (cells[*at].place, cells[other].place);
                a.0.abs_diff(b.0).pow(2) + a.1.abs_diff(b.1).pow(2)
            };
            (0..cells.len())
                .filter(|other| {
                    !small.contains(other) && cells[*other].municipality == cells[*at].municipality
                })
                .min_by_key(|other| (square(*other), *other))
                .map(|other| (*at, other))
        })
        .collect()
}

/// What is given for whom: rows for the census text.
pub struct Census {
    /// Figures of each cell by itself.
    pub figures: Vec<[u32; 50]>,
    /// Suppressed cell → receiver.
    pub moved: BTreeMap<usize, usize>,
}

pub fn census(cells: &[Cell]) -> Census {
    Census {
        figures: cells.iter().map(census_figures).collect(),
        moved: receivers(cells, |cell| cell.total() < 9),
    }
}

/// `tblT001101H48.txt` in its zip: CP932, two header rows, `*` where suppressed.
pub fn census_zip(cells: &[Cell], census: &Census) -> Vec<u8> {
    let mut text = Csv::new(Quotes::WhereNeeded);
    let lead = ["KEY_CODE", "HTKSYORI", "HTKSAKI", "GASSAN"].map(str::to_owned);
    text.row(lead.into_iter().chain((1..=50).map(|number| format!("T001101{number:03}"))));
    text.row(
        std::iter::repeat_n(String::new(), 4).chain(CENSUS_NAMES.iter().map(|name| format!("　{name}"))),
    );
    let sources = sources(&census.moved);
    for (at, cell) in cells.iter().enumerate() {
        let target = census.moved.get(&at);
        let given = sources.get(&at);
        let codes = |positions: &Vec<usize>| {
            positions.iter().map(|at| cells[*at].code()).collect::<Vec<_>>().join(";")
        };
        let state = if target.is_some() {
            "2"
        } else if given.is_some() {
            "1"
        } else {
            "0"
        };
        let figures = (0..50).map(|column| {
            let own = census.figures[at][column];
            if is_never_suppressed(column) {
                return own.to_string();
            }
            if target.is_some() {
                return "*".to_owned();
            }
            let taken: u32 = given.into_iter().flatten().map(|other| census.figures[*other][column]).sum();
            (own + taken).to_string()
        });
        let head = [
            cell.code(),
            state.to_owned(),
            target.map_or(String::new(), |to| cells[*to].code()),
            given.map_or(String::new(), codes),
        ];
        text.row(head.into_iter().chain(figures));
    }
    let mut archive = Archive::new();
    archive.file(&format!("tblT001101H{PREFECTURE_CODE}.txt"), &text.cp932());
    archive.finish()
}

/// Receiver → those whom it takes in.
fn sources(moved: &BTreeMap<usize, usize>) -> BTreeMap<usize, Vec<usize>> {
    let mut sources: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (from, to) in moved {
        sources.entry(*to).or_default().push(*from);
    }
    sources
}

/// A number with at most four decimals, as the publisher gives it.
fn figure(value: f64) -> String {
    let rounded = (value * 1e4).round() / 1e4;
    format!("{rounded}")
}

/// `500m_mesh_2024_48.geojson` in its zip; 343 attributes for each cell.
pub fn future_zip(cells: &[Cell]) -> Vec<u8> {
    let moved: Vec<BTreeMap<usize, usize>> =
        (0..YEARS).map(|year| receivers(cells, |cell| from_class(&cell.projection[year], 0) < 8.0)).collect();
    let taken: Vec<BTreeMap<usize, Vec<usize>>> = moved.iter().map(sources).collect();
    let name = format!("500m_mesh_2024_{PREFECTURE_CODE}");
    let features: Vec<String> = (0..cells.len())
        .map(|at| {
            let mut properties = format!(
                r#""MESH_ID":"{}","SHICODE":"{}","PTN_2020":{}"#,
                cells[at].code(),
                MUNICIPALITIES[cells[at].municipality].code,
                figure(from_class(&cells[at].projection[0], 0))
            );
            for year in 1..YEARS {
                properties.push_str(&year_properties(cells, at, year, &moved[year], &taken[year]));
            }
            format!(
                r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{{"type":"Polygon","coordinates":[{}]}}}}"#,
                square(&cells[at])
            )
        })
        .collect();
    let text = format!(
        "{{\n\"type\":\"FeatureCollection\",\n\"name\":\"{name}\",\n\"crs\":{{\"type\":\"name\",\"properties\":{{\"name\":\"urn:ogc:def:crs:EPSG::6668\"}}}},\n\"features\":[\n{}\n]\n}}\n",
        features.join(",\n")
    );
    let mut archive = Archive::new();
    archive.folder(&format!("{name}_GEOJSON/"));
    archive.file(&format!("{name}_GEOJSON/{name}.geojson"), text.as_bytes());
    archive.finish()
}

fn year_properties(
    cells: &[Cell],
    at: usize,
    year: usize,
    moved: &BTreeMap<usize, usize>,
    taken: &BTreeMap<usize, Vec<usize>>,
) -> String {
    let label = FIRST_YEAR + 5 * year;
    let target = moved.get(&at);
    let given = taken.get(&at);
    let mut people = [0.0; CLASSES];
    if target.is_none() {
        for other in std::iter::once(&at).chain(given.into_iter().flatten()) {
            for (sum, more) in people.iter_mut().zip(cells[*other].projection[year]) {
                *sum += more;
            }
        }
    }
    let total = from_class(&people, 0);
    let mut text = format!(
        r#","PTN_{label}":{},"PT00_{label}":{}"#,
        figure(from_class(&cells[at].projection[year], 0)),
        figure(total)
    );
    for (class, people) in people.iter().enumerate() {
        text.push_str(&format!(r#","PT{:02}_{label}":{}"#, class + 1, figure(*people)));
    }
    // 0–14, 15–64, 65+, 75+, 80+.
    let groups = [
        people[..3].iter().sum::<f64>(),
        people[3..13].iter().sum(),
        from_class(&people, 13),
        from_class(&people, 15),
        from_class(&people, 16),
    ];
    for (letter, group) in "ABCDE".chars().zip(groups) {
        text.push_str(&format!(r#","PT{letter}_{label}":{}"#, figure(group)));
    }
    for (letter, group) in "ABCDE".chars().zip(groups) {
        let percent = if total > 0.0 { group / total * 100.0 } else { 0.0 };
        text.push_str(&format!(r#","RT{letter}_{label}":{}"#, figure(percent)));
    }
    let mark = if target.is_some() {
        "\"*\""
    } else if given.is_some() {
        "\"@\""
    } else {
        "null"
    };
    let goes_to = target.map_or("null".to_owned(), |to| format!("\"{}\"", cells[*to].code()));
    text.push_str(&format!(r#","HITOKU{label}":{mark},"GASSAN{label}":{goes_to}"#));
    text
}

/// The ring of a cell, counter-clockwise from its south-west corner.
fn square(cell: &Cell) -> String {
    let west = 142.0 + cell.place.0 as f64 * 0.00625;
    // 15″ of latitude are no finite decimal: seven digits, as published.
    let latitude = |row: usize| ((33.2 + row as f64 / 240.0) * 1e7).round() / 1e7;
    let (south, north) = (latitude(cell.place.1), latitude(cell.place.1 + 1));
    let (west, east) = ((west * 1e7).round() / 1e7, ((west + 0.00625) * 1e7).round() / 1e7);
    format!("[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]")
}
