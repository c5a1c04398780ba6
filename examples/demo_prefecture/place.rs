//! The invented prefecture as drawn by hand: outline, ridge, rivers, municipalities. Kilometres
//! east and north of 142.0°E, 33.2°N, a patch of open ocean.

pub type Km = (f64, f64);

pub const PREFECTURE: &str = "汐見県";
pub const PREFECTURE_KANA: &str = "シオミケン";
pub const PREFECTURE_ROMA: &str = "Shiomi";
/// Real prefectures have 01 to 47.
pub const PREFECTURE_CODE: &str = "48";

pub const ORIGIN_LONGITUDE: f64 = 142.0;
pub const ORIGIN_LATITUDE: f64 = 33.2;
/// Length of a degree at 33.5°N on GRS80.
pub const KM_PER_DEGREE_LONGITUDE: f64 = 92.95;
pub const KM_PER_DEGREE_LATITUDE: f64 = 110.91;

/// Longitude and latitude of a place.
pub fn degrees((x, y): Km) -> (f64, f64) {
    (ORIGIN_LONGITUDE + x / KM_PER_DEGREE_LONGITUDE, ORIGIN_LATITUDE + y / KM_PER_DEGREE_LATITUDE)
}

pub fn distance(a: Km, b: Km) -> f64 {
    let (dx, dy) = (a.0 - b.0, a.1 - b.1);
    (dx * dx + dy * dy).sqrt()
}

/// The nearest point of a segment to `p`.
fn nearest_on_segment(p: Km, a: Km, b: Km) -> Km {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let square = dx * dx + dy * dy;
    let t = if square > 0.0 { (((p.0 - a.0) * dx + (p.1 - a.1) * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
    (a.0 + dx * t, a.1 + dy * t)
}

pub fn distance_to_line(p: Km, line: &[Km]) -> f64 {
    line.windows(2).map(|pair| distance(p, nearest_on_segment(p, pair[0], pair[1]))).fold(f64::MAX, f64::min)
}

/// Even-odd rule.
pub fn inside(p: Km, ring: &[Km]) -> bool {
    let mut odd = false;
    for (index, a) in ring.iter().enumerate() {
        let b = ring[(index + 1) % ring.len()];
        if (a.1 > p.1) != (b.1 > p.1) && p.0 < (b.0 - a.0) * (p.1 - a.1) / (b.1 - a.1) + a.0 {
            odd = !odd;
        }
    }
    odd
}

/// The main island, before the coast is roughened.
#[rustfmt::skip]
pub const OUTLINE: &[Km] = &[
    (2.5, 58.0), (6.0, 63.5), (12.0, 63.0), (17.5, 61.0), (24.0, 65.5), (31.0, 67.0), (36.0, 64.0), (39.0, 62.3),
    (43.0, 62.8), (46.5, 67.0), (52.0, 66.5), (58.0, 63.5), (64.0, 65.5), (71.0, 66.0), (76.0, 60.0), (80.5, 51.5),
    (78.0, 44.0), (81.5, 38.0), (79.5, 33.0), (74.0, 28.5), (71.0, 24.0), (67.0, 20.0), (66.0, 15.0), (62.5, 13.0),
    (60.0, 17.5), (56.5, 22.0), (53.0, 26.5), (49.5, 29.0), (45.0, 28.8), (41.5, 26.5), (40.0, 21.5), (36.5, 16.5),
    (31.0, 17.5), (27.0, 19.0), (22.5, 19.5), (18.0, 21.0), (14.0, 17.0), (9.0, 13.0), (6.0, 15.0), (6.5, 20.0),
    (3.0, 25.0), (3.5, 30.0), (7.5, 34.5), (5.0, 40.0), (2.0, 45.0), (5.0, 51.0), (4.5, 54.5),
];

/// An island by itself: centre, half-axes, and whose it is (`None` = 所属未定地).
pub struct Islet {
    pub centre: Km,
    pub half: Km,
    pub municipality: Option<&'static str>,
}

pub const ISLETS: &[Islet] = &[
    Islet { centre: (40.0, 8.2), half: (3.2, 2.1), municipality: Some("48381") },
    Islet { centre: (44.4, 6.3), half: (0.65, 0.45), municipality: Some("48381") },
    Islet { centre: (7.2, 66.0), half: (0.55, 0.4), municipality: Some("48365") },
    Islet { centre: (70.6, 15.2), half: (0.6, 0.5), municipality: Some("48304") },
    Islet { centre: (83.0, 42.0), half: (0.5, 0.7), municipality: Some("48301") },
    Islet { centre: (79.0, 9.5), half: (0.6, 0.45), municipality: None },
    Islet { centre: (80.4, 10.6), half: (0.4, 0.4), municipality: None },
];

/// 背尾山脈, the crest that divides the north coast from the rest, from sea to sea.
#[rustfmt::skip]
pub const RIDGE: &[Km] = &[
    (-4.0, 50.5), (4.0, 51.2), (10.0, 51.8), (16.5, 52.8), (22.0, 51.9), (28.0, 52.3), (35.0, 53.0), (42.0, 52.4),
    (48.0, 53.3), (55.0, 53.0), (61.0, 54.0), (67.0, 53.2), (74.0, 52.6), (80.0, 51.6), (90.0, 51.0),
];

/// Northing of the crest at an easting.
pub fn crest(x: f64) -> f64 {
    let at = RIDGE.windows(2).find(|pair| x < pair[1].0).unwrap_or(&RIDGE[RIDGE.len() - 2..]);
    at[0].1 + (at[1].1 - at[0].1) * (x - at[0].0) / (at[1].0 - at[0].0)
}

/// Rivers from source to mouth.
#[rustfmt::skip]
pub const RIVERS: &[&[Km]] = &[
    &[(15.6, 51.0), (16.8, 47.5), (18.6, 44.0), (19.4, 40.0), (20.6, 36.0), (20.4, 30.0), (21.4, 25.0), (20.0, 18.5)],
    &[(29.3, 51.2), (28.2, 47.6), (25.6, 43.4), (23.4, 39.4), (20.6, 36.0)],
    &[(43.0, 51.3), (41.6, 48.0), (43.6, 44.0), (44.6, 40.0), (44.4, 36.5), (45.4, 33.4), (45.0, 29.0)],
    &[(56.4, 52.2), (55.0, 48.0), (52.6, 44.6), (49.2, 41.4), (44.6, 40.0)],
    &[(63.6, 47.2), (61.4, 42.4), (58.4, 37.4), (57.6, 32.0), (56.0, 27.0), (54.8, 22.0)],
    &[(66.6, 52.0), (68.2, 48.0), (69.6, 43.0), (71.0, 37.0), (69.6, 31.0), (71.2, 25.0)],
    &[(74.4, 48.0), (75.4, 43.6), (77.4, 40.0), (80.5, 38.2)],
    &[(10.8, 42.6), (9.4, 36.0), (9.8, 29.0), (8.0, 23.0), (4.6, 21.0)],
    &[(31.6, 38.2), (30.0, 31.0), (28.6, 25.0), (26.6, 17.5)],
    &[(35.0, 46.4), (36.2, 40.0), (37.0, 34.0), (39.4, 29.4), (41.6, 26.0)],
    &[(17.6, 54.4), (17.4, 57.6), (15.6, 62.6)],
    &[(8.6, 53.6), (8.0, 57.6), (8.4, 62.0)],
    &[(26.6, 53.8), (28.0, 57.2), (31.6, 60.4), (36.0, 61.2), (39.4, 64.0)],
    &[(42.4, 54.0), (41.6, 58.0), (40.2, 64.2)],
    &[(55.0, 54.6), (55.6, 58.2), (53.4, 62.0), (52.6, 66.0)],
    &[(67.2, 54.8), (67.8, 59.0), (66.2, 66.5)],
];

/// What is told of a municipality before anything is computed.
pub struct Municipality {
    pub code: &'static str,
    /// Empty for cities (市).
    pub county: (&'static str, &'static str, &'static str),
    pub name: &'static str,
    pub kana: &'static str,
    pub roma: &'static str,
    /// The middle of its main settlement, where the office (役場) stands.
    pub centre: Km,
    /// People in 2020.
    pub people: u32,
    /// 0 young and steady, 1 old and emptying.
    pub ageing: f64,
    /// How far its land reaches compared with its neighbours' (1 = the same).
    pub reach: f64,
    pub health_centre: &'static str,
    pub secondary_area: (&'static str, &'static str),
    pub medical_association: &'static str,
    pub fire_department: &'static str,
    /// Area code (the exchange `00` that follows does not exist) and first three digits of the post
    /// code (908 and 909 are not assigned).
    pub telephone: &'static str,
    pub post: &'static str,
}

impl Municipality {
    /// With the county in front, as addresses have it.
    pub fn full_name(&self) -> String {
        format!("{}{}", self.county.0, self.name)
    }

    pub fn is_village(&self) -> bool {
        self.name.ends_with('村')
    }

    /// North of the ridge.
    pub fn is_north(&self) -> bool {
        self.centre.1 > crest(self.centre.0)
    }
}

const CITY: (&str, &str, &str) = ("", "", "");
const HIGASHINADA: (&str, &str, &str) = ("東灘浦郡", "ヒガシナダウラグン", "Higashinadaura-gun");
const NISHISHIO: (&str, &str, &str) = ("西汐郡", "ニシシオグン", "Nishishio-gun");
const OKUTAKA: (&str, &str, &str) = ("奥鷹郡", "オクタカグン", "Okutaka-gun");
const KITAISO: (&str, &str, &str) = ("北磯郡", "キタイソグン", "Kitaiso-gun");
const OKISHIMA: (&str, &str, &str) = ("沖之島郡", "オキノシマグン", "Okinoshima-gun");

const CENTRAL: (&str, &str) = ("4801", "汐見中央");
const WEST: (&str, &str) = ("4802", "西汐");
const EAST: (&str, &str) = ("4803", "東灘浦");
const NORTH: (&str, &str) = ("4804", "北磯");

macro_rules! municipality {
    ($code:literal, $county:ident, $name:literal, $kana:literal, $roma:literal, $centre:expr, $people:literal,
     $ageing:literal, $reach:literal, $health:literal, $area:ident, $doctors:literal, $fire:literal, $tel:literal, $post:literal) => {
        Municipality {
            code: $code,
            county: $county,
            name: $name,
            kana: $kana,
            roma: $roma,
            centre: $centre,
            people: $people,
            ageing: $ageing,
            reach: $reach,
            health_centre: $health,
            secondary_area: $area,
            medical_association: $doctors,
            fire_department: $fire,
            telephone: $tel,
            post: $post,
        }
    };
}

/// In order of code.
#[rustfmt::skip]
pub const MUNICIPALITIES: &[Municipality] = &[
    municipality!("48201", CITY, "汐見市", "シオミシ", "Shiomi-shi", (46.6, 32.8), 248_310, 0.12, 1.25, "汐見市", CENTRAL, "汐見市医師会", "汐見市消防局", "0490", "908"),
    municipality!("48202", CITY, "灘浜市", "ナダハマシ", "Nadahama-shi", (69.8, 29.6), 87_640, 0.33, 1.05, "東灘浦", EAST, "灘浜市医師会", "東部広域消防本部", "0491", "909"),
    municipality!("48203", CITY, "鷹瀬市", "タカセシ", "Takase-shi", (20.8, 31.0), 70_920, 0.30, 1.1, "西汐", WEST, "鷹瀬市医師会", "鷹瀬地区消防本部", "0492", "908"),
    municipality!("48204", CITY, "楠原市", "クスハラシ", "Kusuhara-shi", (44.4, 40.6), 45_870, 0.42, 1.0, "中央", CENTRAL, "楠原医師会", "楠原消防本部", "0493", "908"),
    municipality!("48205", CITY, "磯辺野市", "イソベノシ", "Isobeno-shi", (40.8, 61.0), 33_560, 0.58, 1.0, "北磯", NORTH, "北磯医師会", "北磯広域消防本部", "0494", "909"),
    municipality!("48206", CITY, "岬野市", "ミサキノシ", "Misakino-shi", (9.2, 27.0), 26_780, 0.55, 1.0, "西汐", WEST, "西汐郡市医師会", "鷹瀬地区消防本部", "0492", "908"),
    municipality!("48301", HIGASHINADA, "白帆町", "シラホチョウ", "Shiraho-cho", (77.2, 39.4), 17_430, 0.50, 0.9, "東灘浦", EAST, "東灘浦医師会", "東部広域消防本部", "0491", "909"),
    municipality!("48302", HIGASHINADA, "浅水野町", "アサミノチョウ", "Asamino-cho", (58.8, 37.6), 13_910, 0.48, 0.85, "東灘浦", EAST, "東灘浦医師会", "東部広域消防本部", "0491", "909"),
    municipality!("48303", HIGASHINADA, "塩田原町", "シオタハラチョウ", "Shiotahara-cho", (56.8, 27.6), 21_260, 0.36, 0.8, "東灘浦", EAST, "東灘浦医師会", "東部広域消防本部", "0491", "909"),
    municipality!("48304", HIGASHINADA, "鐘ノ浜町", "カネノハマチョウ", "Kanenohama-cho", (64.2, 20.4), 8_350, 0.66, 0.85, "東灘浦", EAST, "東灘浦医師会", "東部広域消防本部", "0491", "909"),
    municipality!("48321", NISHISHIO, "松ヶ浦町", "マツガウラチョウ", "Matsugaura-cho", (36.2, 20.8), 22_480, 0.26, 0.8, "中央", CENTRAL, "西汐郡市医師会", "汐見市消防局", "0490", "908"),
    municipality!("48322", NISHISHIO, "稲穂野町", "イナホノチョウ", "Inahono-cho", (36.8, 33.8), 19_140, 0.08, 0.8, "中央", CENTRAL, "西汐郡市医師会", "汐見市消防局", "0490", "908"),
    municipality!("48323", NISHISHIO, "竹之瀬町", "タケノセチョウ", "Takenose-cho", (28.8, 25.4), 11_620, 0.46, 0.85, "西汐", WEST, "西汐郡市医師会", "鷹瀬地区消防本部", "0492", "908"),
    municipality!("48341", OKUTAKA, "鷹上町", "タカカミチョウ", "Takakami-cho", (18.2, 44.4), 6_870, 0.74, 0.95, "西汐", WEST, "西汐郡市医師会", "鷹瀬地区消防本部", "0492", "908"),
    municipality!("48342", OKUTAKA, "杉谷野町", "スギヤノチョウ", "Sugiyano-cho", (54.6, 47.4), 4_930, 0.80, 0.95, "中央", CENTRAL, "楠原医師会", "楠原消防本部", "0493", "908"),
    municipality!("48343", OKUTAKA, "霧ヶ沢村", "キリガサワムラ", "Kirigasawa-mura", (28.0, 46.9), 642, 0.96, 0.8, "西汐", WEST, "西汐郡市医師会", "鷹瀬地区消防本部", "0492", "908"),
    municipality!("48344", OKUTAKA, "岩滝野村", "イワタキノムラ", "Iwatakino-mura", (68.4, 47.0), 1_180, 0.90, 0.85, "東灘浦", EAST, "東灘浦医師会", "東部広域消防本部", "0491", "909"),
    municipality!("48345", OKUTAKA, "奥楠村", "オクグスムラ", "Okugusu-mura", (41.8, 47.6), 476, 0.98, 0.75, "中央", CENTRAL, "楠原医師会", "楠原消防本部", "0493", "908"),
    municipality!("48361", KITAISO, "北浦野町", "キタウラノチョウ", "Kitaurano-cho", (67.0, 61.4), 9_240, 0.68, 0.95, "北磯", NORTH, "北磯医師会", "北磯広域消防本部", "0494", "909"),
    municipality!("48362", KITAISO, "荒磯野町", "アライソノチョウ", "Araisono-cho", (16.6, 59.4), 6_110, 0.75, 0.9, "北磯", NORTH, "北磯医師会", "北磯広域消防本部", "0494", "909"),
    municipality!("48363", KITAISO, "雪見沢町", "ユキミザワチョウ", "Yukimizawa-cho", (55.4, 58.0), 3_960, 0.82, 0.95, "北磯", NORTH, "北磯医師会", "北磯広域消防本部", "0494", "909"),
    municipality!("48364", KITAISO, "栃平村", "トチダイラムラ", "Tochidaira-mura", (28.4, 57.6), 815, 0.95, 0.85, "北磯", NORTH, "北磯医師会", "北磯広域消防本部", "0494", "909"),
    municipality!("48365", KITAISO, "波立野村", "ハダチノムラ", "Hadachino-mura", (10.2, 62.0), 1_840, 0.86, 0.9, "北磯", NORTH, "北磯医師会", "北磯広域消防本部", "0494", "909"),
    municipality!("48381", OKISHIMA, "凪島村", "ナギシマムラ", "Nagishima-mura", (39.4, 8.9), 1_512, 0.88, 1.0, "中央", CENTRAL, "西汐郡市医師会", "汐見市消防局", "0490", "908"),
];

/// Position in [`MUNICIPALITIES`] of a code.
pub fn municipality(code: &str) -> usize {
    MUNICIPALITIES.iter().position(|one| one.code == code).expect("a code of the table")
}

/// 全国地方公共団体コード: five digits and the check digit.
pub fn code_with_check_digit(code: &str) -> String {
    let sum: u32 =
        code.bytes().zip([6, 5, 4, 3, 2]).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let check = if sum < 11 { 11 - sum } else { 11 - sum % 11 };
    format!("{code}{}", check % 10)
}
