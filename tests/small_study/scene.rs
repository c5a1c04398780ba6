//! The study: four municipalities, eight cells of 1 km, five institutions and the roads between.
//!
//! The map is drawn, every character a cell of the standard mesh (north is up, the lower left
//! corner is 53383400). Letters A to H are the populated cells, other letters only nodes of roads.
//!
//! ```text
//! .F................. │ 丙村: all of the north. E has a road, F has none within 2 km;
//! ...................   F lies next to 甲市, but no road joins the two.
//! .........E.........
//! ...................
//! ...............H..Y │ 甲市 (W B C) in the west, 乙町 (D G H) in the east; Y is outside.
//! ...............G...
//! WB..C....D.........
//! .P................. │ the sea with the piers P and Q
//! .Q.................
//! .A................. │ 丁島村
//! ```
//!
//! | way          | class                | metres (geodesic, by pyproj 3) | km/h | deciseconds  |
//! |--------------|----------------------|--------------------------------|------|--------------|
//! | W–B          | primary              | 1 132.534                      | 40   | 1 019        |
//! | B–(C)–D      | primary              | 9 060.271                      | 40   | 8 154        |
//! | B→D          | motorway, one way    | 9 060.271                      | 80   | 4 077        |
//! | D–E          | primary              | 3 698.405                      | 40   | 3 329        |
//! | D–G          | tertiary             | 6 857.469                      | 30   | 8 229        |
//! | G–H          | secondary            | 924.601                        | 35   | 951          |
//! | H–Y          | secondary            |                                | 35   |              |
//! | B–P, Q–A     | primary              | 924.6                          | 40   | 832 each     |
//! | P–Q          | ferry 27 min 13.6 s  | 30 min of waiting              |      | 34 336       |
//!
//! From B to the island A it is thus 832 + 34 336 + 832 = 36 000: 60 minutes to the decisecond.
//! C is no junction; it lies at 3/8 of B–D: 8 154 · 0.375 = 3 057.75, so 3 058 from B and 5 096 from D.

use geo::{Coord, MultiPolygon, Point, Polygon};
use keniki::access::reach::{Access, reach};
use keniki::access::services::services;
use keniki::demand::home_visits::{Demand, home_visits};
use keniki::demand::weights::AgeWeights;
use keniki::ingest::manifest::{InputKind, Parameters};
use keniki::ingest::own_lists::OwnLists;
use keniki::ingest::review::Review;
use keniki::ingest::study::{
    Area, AreaDemand, AreaSystem, Cell, FutureAges, Input, Institution, LinkageEntry, Municipality, Practice,
    Precision, Projection, SourceRow, Study,
};
use keniki::ingest::week::WeekFiles;
use keniki::network::build::{Linkage, Roadway};
use keniki::network::graph::Network;
use keniki::network::link::Linker;
use keniki::network::osm::{FERRY, RoadWay, Roads};
use keniki::network::profile::Profile;
use keniki::progress::Silent;
use keniki::units::AgeCounts;
use std::collections::{BTreeMap, BTreeSet};

const DRAWING: &str = "\
.F.................
...................
.........E.........
...................
...............H..Y
...............G...
WB..C....D.........
.P.................
.Q.................
.A.................";

/// Sailing time of the ferry with which B and A are 60 minutes apart.
pub const SAILING_DS: u32 = 16_336;

// Positions of the municipalities.
pub const KOU: usize = 0;
pub const OTSU: usize = 1;
pub const HEI: usize = 2;
pub const SHIMA: usize = 3;

// Positions of the cells, in the order of their codes.
pub const A: usize = 0;
pub const B: usize = 1;
pub const C: usize = 2;
pub const D: usize = 3;
pub const E: usize = 4;
pub const F: usize = 5;
pub const G: usize = 6;
pub const H: usize = 7;

// Positions of the institutions, in the order of their ids.
pub const HOSPITAL: usize = 0; // 甲病院, at B
pub const CLINIC: usize = 1; // 乙診療所, at D
pub const ISLAND_CLINIC: usize = 2; // 丁島診療所, at A
pub const UNLOCATED: usize = 3; // 乙内科, somewhere in 乙町
pub const DENTIST: usize = 4; // 甲歯科, on the road between W and B

/// The study on its roads.
pub struct Scene {
    pub study: Study,
    pub roadway: Roadway,
}

impl Scene {
    /// The scene as drawn.
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// With a changed study.
    pub fn with(change: impl FnOnce(&mut Study)) -> Self {
        let mut study = study();
        change(&mut study);
        Self::of(study, SAILING_DS)
    }

    /// With another sailing time of the ferry.
    pub fn sailing(deciseconds: u32) -> Self {
        Self::of(study(), deciseconds)
    }

    fn of(study: Study, sailing_ds: u32) -> Self {
        let profile = profile();
        let network = Network::new(&roads(sailing_ds), &profile, |_| false);
        let linker = Linker::new(&network, &profile, 35.6);
        let linkage = Linkage {
            cells: study.cells.iter().map(|cell| linker.link(cell.centre)).collect(),
            institutions: study
                .institutions
                .iter()
                .map(|institution| institution.position.and_then(|at| linker.link(at)))
                .collect(),
        };
        Self { study, roadway: Roadway::new(network, linkage) }
    }

    /// Travel times and the reach of every service of the shipped table.
    pub fn access(&self) -> Access {
        let services = services().expect("the shipped table is whole");
        reach(&self.study, &self.roadway, services, &Silent)
    }

    /// Demand by the shipped weights.
    pub fn demand(&self) -> Demand {
        home_visits(&self.study, &weights()).expect("series and areas fit")
    }
}

pub fn profile() -> Profile {
    Profile::planning().expect("the shipped table is whole")
}

pub fn weights() -> AgeWeights {
    AgeWeights::shipped().expect("the shipped table is whole")
}

/// Letters of the drawing with their columns and rows, rows counted from the south.
fn letters() -> impl Iterator<Item = (char, f64, f64)> {
    DRAWING.lines().rev().enumerate().flat_map(|(row, line)| {
        let letters = line.chars().enumerate().filter(|(_, letter)| letter.is_alphabetic());
        letters.map(move |(column, letter)| (letter, column as f64, row as f64))
    })
}

/// A corner of the drawing: columns of 1/80° from 138.5° E, rows of 1/120° from 35°35′ N.
fn corner(column: f64, row: f64) -> Coord {
    Coord { x: 138.5 + column / 80.0, y: 35.0 + 35.0 / 60.0 + row / 120.0 }
}

/// Middle of the cell with this letter.
pub fn place(letter: char) -> Point {
    let (_, column, row) = letters().find(|(drawn, ..)| *drawn == letter).expect("the letter is drawn");
    corner(column + 0.5, row + 0.5).into()
}

fn roads(sailing_ds: u32) -> Roads {
    let drawn: Vec<char> = letters().map(|(letter, ..)| letter).collect();
    let classes = profile().classes;
    let way = |(id, (nodes, class)): (i64, (&str, &str))| RoadWay {
        id,
        class: classes.iter().position(|known| known.highway == class).map_or(FERRY, |at| at as u8),
        forward: true,
        backward: class != "motorway",
        duration_minutes: (class == "ferry").then(|| f64::from(sailing_ds) / 600.0),
        nodes: nodes
            .chars()
            .map(|letter| drawn.iter().position(|known| *known == letter).expect("drawn") as i64)
            .collect(),
        ..RoadWay::default()
    };
    let ways = [
        ("WBCD", "primary"),
        ("BD", "motorway"),
        ("DE", "primary"),
        ("DG", "tertiary"),
        ("GH", "secondary"),
        ("HY", "secondary"),
        ("BP", "primary"),
        ("PQ", "ferry"),
        ("QA", "primary"),
    ];
    Roads {
        ways: (0..).zip(ways).map(way).collect(),
        places: drawn.iter().map(|letter| place(*letter).into()).collect(),
        ..Roads::default()
    }
}

pub fn study() -> Study {
    Study {
        prefecture_code: "48".to_owned(),
        prefecture_name: "小県".to_owned(),
        invented: true,
        as_of: "2025-09".to_owned(),
        census_year: 2020,
        parameters: Parameters::default(),
        inputs: inputs(),
        municipalities: municipalities(),
        area_cuts: Vec::new(),
        unassigned_land: MultiPolygon::new(Vec::new()),
        cells: cells(),
        earlier_censuses: Vec::new(),
        institutions: institutions(),
        stopped: Vec::new(),
        review: Review::default(),
        projections: projections(),
        home_demand: home_demand(),
        active_list: None,
        linkage_list: Some(linkage_list()),
        cohorts: None,
        indicators: Vec::new(),
        own_lists: OwnLists::default(),
        week: WeekFiles::default(),
        flooded: Vec::new(),
        welfare: None,
        loaded_classes: loaded_classes(),
        road_files: Vec::new(),
        findings: Vec::new(),
    }
}

/// Two files that name institutions; one row of the first could not be used.
fn inputs() -> Vec<Input> {
    let input = |kind, file: &str, rows_read, rows_quarantined| Input {
        kind,
        file: file.to_owned(),
        date: None,
        licence: None,
        attribution: None,
        sha256: "0".repeat(64),
        rows_read,
        rows_stored: rows_read - rows_quarantined,
        rows_quarantined,
    };
    vec![
        input(InputKind::Todokede, "todokede.xlsx", 6, 1),
        input(InputKind::IryoJohoNet, "hospitals.csv", 1, 0),
    ]
}

/// Each with its polygon from corner to corner of the drawing; neighbours share all their corners.
fn municipalities() -> Vec<Municipality> {
    let municipality =
        |code: &str, name: &str, outline: &[(f64, f64)], hokenjo: (&str, &str), secondary: (&str, &str)| {
            let area = |(code, name): (&str, &str)| Area { code: code.to_owned(), name: name.to_owned() };
            let corners: Vec<Coord> = outline.iter().map(|(column, row)| corner(*column, *row)).collect();
            Municipality {
                code: code.parse().expect("a code"),
                name: name.to_owned(),
                boundary: MultiPolygon::new(vec![Polygon::new(corners.into(), Vec::new())]),
                areas: BTreeMap::from([
                    (AreaSystem::Hokenjo, area(hokenjo)),
                    (AreaSystem::SecondaryMedicalArea, area(secondary)),
                ]),
                further: BTreeMap::new(),
                office: None,
            }
        };
    let (west, east) = (("中央", "中央保健所"), ("東部", "東部保健所"));
    let (coast, inland) = (("4801", "海辺"), ("4802", "山手"));
    let city = [(0.0, 3.0), (7.0, 3.0), (7.0, 6.0), (0.0, 6.0)];
    let town = [(7.0, 3.0), (17.0, 3.0), (17.0, 6.0), (7.0, 6.0)];
    let village = [(0.0, 6.0), (7.0, 6.0), (17.0, 6.0), (17.0, 10.0), (0.0, 10.0)];
    let island = [(0.0, 0.0), (3.0, 0.0), (3.0, 1.0), (0.0, 1.0)];
    vec![
        municipality("48201", "甲市", &city, west, coast),
        municipality("48301", "乙町", &town, east, inland),
        municipality("48302", "丙村", &village, east, inland),
        municipality("48303", "丁島村", &island, west, coast),
    ]
}

/// The k-th cell, counted from 0, has 2^(k+5) people, half of them 65 and over, a quarter 75 and
/// over; those of 85 and over are 2^(k+2) in A C E G, where people are old, and 2^k in B D F H.
fn cells() -> Vec<Cell> {
    let cell = |mesh: &str, municipality, total, age_65_plus, age_75_plus, age_85_plus| {
        let mesh: keniki::geometry::mesh::MeshCode = mesh.parse().expect("a mesh code");
        Cell {
            mesh,
            municipality,
            centre: mesh.centre(),
            outline: MultiPolygon(vec![mesh.rect().to_polygon()]),
            population: AgeCounts { total, age_65_plus, age_75_plus, age_85_plus },
            ages_estimated: false,
            future: BTreeMap::new(),
        }
    };
    let mut cells = vec![
        cell("53383401", SHIMA, 32, 16, 8, 4),
        cell("53383431", KOU, 64, 32, 16, 2),
        cell("53383434", KOU, 128, 64, 32, 16),
        cell("53383439", OTSU, 256, 128, 64, 8),
        cell("53383479", HEI, 512, 256, 128, 64),
        cell("53383491", HEI, 1_024, 512, 256, 32),
        cell("53383545", OTSU, 2_048, 1_024, 512, 256),
        cell("53383555", OTSU, 4_096, 2_048, 1_024, 128),
    ];
    // E alone has a future mesh: as at the census until 2025, half as many people from 2035.
    let future = |scale: f64| FutureAges {
        total: 512.0 * scale,
        age_under_65: 256.0 * scale,
        age_65_74: 128.0 * scale,
        age_75_84: 64.0 * scale,
        age_85_plus: 64.0 * scale,
    };
    cells[E].future = BTreeMap::from([(2025, future(1.0)), (2035, future(0.5))]);
    cells
}

/// Each stands in the first file, the hospital also in the second.
fn institutions() -> Vec<Institution> {
    // 15 962.99 m from G and 16 042.30 m from H, by pyproj; 0.928 of the way from W to B.
    let dentist = Point::new(138.51785, place('B').y());
    let rows = [
        ("4810000001", "甲病院", KOU, Some(place('B')), &["病院", "支援病2", "在後病"][..]),
        ("4810000002", "乙診療所", OTSU, Some(place('D')), &["診療所", "支援診2"]),
        ("4810000003", "丁島診療所", SHIMA, Some(place('A')), &["診療所", "支援診3"]),
        ("4810000009", "乙内科", OTSU, None, &["診療所", "支援診2"]),
        ("4830000001", "甲歯科", KOU, Some(dentist), &["歯科診療所", "歯援診1"]),
    ];
    let institution =
        |(row, (id, name, home, position, classes)): (u64, (&str, &str, usize, _, &[&str]))| Institution {
            id: id.to_owned(),
            name: name.to_owned(),
            address: format!("小県{name}"),
            municipality: Some(home),
            position,
            precision: position.map_or(Precision::Unlocated, |_| Precision::Town),
            correction: None,
            classes: classes.iter().map(|class| (*class).to_owned()).collect(),
            beds: None,
            practice: Practice::default(),
            sources: vec![SourceRow { input: 0, row, matched_by: "own record".into(), score: 100 }],
            origins: keniki::ingest::study::Origins::default(),
        };
    let mut institutions: Vec<Institution> = (2..).zip(rows).map(institution).collect();
    institutions[HOSPITAL].sources.push(SourceRow {
        input: 1,
        row: 2,
        matched_by: "code".into(),
        score: 100,
    });
    institutions
}

/// Everything of the shipped tables but 訪問看護 and 訪問リハ.
fn loaded_classes() -> BTreeSet<String> {
    let classes = [
        "病院",
        "診療所",
        "歯科診療所",
        "薬局",
        "支援診1",
        "支援診2",
        "支援診3",
        "支援病1",
        "支援病2",
        "支援病3",
        "在後病",
        "在医総管",
        "歯援診1",
        "歯援診2",
        "歯援病",
        "在薬",
    ];
    classes.into_iter().map(str::to_owned).collect()
}

/// People of 65 and over in 甲市 and 丁島村; the other two have none.
fn projections() -> BTreeMap<(keniki::ids::MunicipalityCode, u16), Projection> {
    let city = [(2020, 1_000), (2025, 1_000), (2030, 1_500), (2035, 1_500), (2045, 1_000)];
    let island = [(2020, 16), (2025, 16), (2030, 8), (2045, 8)];
    let of = |code: &str, years: &[(u16, u32)]| {
        let code = code.parse().expect("a code");
        let projection = |age_65_plus| Projection { total: 5_000, age_65_plus, ..Projection::default() };
        years.iter().map(|(year, old)| ((code, *year), projection(*old))).collect::<Vec<_>>()
    };
    of("48201", &city).into_iter().chain(of("48303", &island)).collect()
}

fn home_demand() -> Vec<AreaDemand> {
    let area = |code: &str, name: &str, receipts: [f64; 4]| AreaDemand {
        code: code.to_owned(),
        name: name.to_owned(),
        receipts_per_month: [2024, 2030, 2040, 2050].into_iter().zip(receipts).collect(),
    };
    vec![
        area("4801", "海辺", [252.18, 335.67, 567.39, 231.72]),
        area("4802", "山手", [710.712, 1_041.228, 1_355.184, 1_355.184]),
    ]
}

/// One 拠点 that stands in 乙町, and one of which only the municipality that it serves is known.
fn linkage_list() -> Vec<LinkageEntry> {
    let entry = |name: &str, served: &[usize], municipality| LinkageEntry {
        name: name.to_owned(),
        body_type: "市町村".to_owned(),
        served: served.to_vec(),
        municipality,
    };
    vec![entry("乙町包括支援センター", &[OTSU, HEI], Some(OTSU)), entry("丁島相談窓口", &[SHIMA], None)]
}
