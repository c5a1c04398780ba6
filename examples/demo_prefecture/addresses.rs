//! 大字・町丁目 of every municipality, and how the different sources write an address.

use super::chance::Chance;
use super::files::{Archive, Csv, Quotes};
use super::place::{
    Km, MUNICIPALITIES, PREFECTURE, PREFECTURE_CODE, PREFECTURE_KANA, PREFECTURE_ROMA, code_with_check_digit,
    degrees, distance,
};
use super::population::Cell;
use std::collections::BTreeSet;

/// A 大字 or 丁目.
pub struct Town {
    pub municipality: usize,
    /// 大字 or 町 name.
    pub base: String,
    /// Number of the 丁目, if it is one.
    pub chome: Option<usize>,
    pub place: Km,
    /// Twelve digits.
    pub code: String,
    /// People of the cell in which its point lies.
    pub people: u32,
}

/// The village that has no 大字: its addresses go straight from its name to the number.
const WITHOUT_TOWNS: &str = "48365";

const DIGITS: [&str; 10] = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

#[rustfmt::skip]
const FIRST: [&str; 34] = [
    "上", "下", "中", "東", "西", "南", "北", "大", "小", "新", "古", "本", "若", "青", "高", "松", "竹", "杉", "桜", "藤", "萩",
    "栗", "桑", "菅", "芦", "梅", "白", "黒", "赤", "石", "岩", "横", "平", "深",
];
#[rustfmt::skip]
const SECOND: [&str; 26] = [
    "田", "川", "原", "沢", "野", "山", "谷", "島", "井", "木", "森", "畑", "坂", "橋", "塚", "台", "倉", "見", "尾", "根", "水",
    "窪", "里", "瀬", "岡", "脇",
];
#[rustfmt::skip]
const DOWNTOWN: [&str; 16] = [
    "本町", "中央", "港町", "栄町", "緑町", "旭町", "泉町", "曙町", "末広町", "若葉町", "錦町", "寿町", "弥生町", "宮前町", "駅前町",
    "城下町",
];

pub fn build(cells: &[Cell]) -> Vec<Town> {
    MUNICIPALITIES.iter().enumerate().flat_map(|(position, _)| towns_of(position, cells)).collect()
}

fn towns_of(position: usize, cells: &[Cell]) -> Vec<Town> {
    let one = &MUNICIPALITIES[position];
    if one.code == WITHOUT_TOWNS {
        return Vec::new();
    }
    let mut chance = Chance::new(5000 + position as u64);
    let wanted = ((f64::from(one.people)).sqrt() / 4.6).clamp(5.0, 96.0) as usize;
    let mut order: Vec<(f64, &Cell)> = cells
        .iter()
        .filter(|cell| cell.municipality == position)
        .map(|cell| (f64::from(cell.total()) * chance.between(0.4, 1.6), cell))
        .collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut seats: Vec<&Cell> = Vec::new();
    // Seats are taken far apart first, then closer, until there are enough.
    for apart in [3.0, 2.2, 1.6, 1.0, 0.5, 0.0] {
        for (_, cell) in &order {
            let free = seats.iter().all(|seat| distance(seat.centre(), cell.centre()) > apart);
            if seats.len() < wanted && free {
                seats.push(cell);
            }
        }
    }
    seats.sort_by_key(|seat| std::cmp::Reverse((seat.total(), seat.place)));
    let mut names = BTreeSet::new();
    let mut towns = Vec::new();
    for (number, seat) in seats.iter().enumerate() {
        let base = loop {
            let name = if number < DOWNTOWN.len() && (one.county.0.is_empty() || number < 3) {
                DOWNTOWN[(number + position) % DOWNTOWN.len()].to_owned()
            } else {
                format!("{}{}", chance.pick(&FIRST), chance.pick(&SECOND))
            };
            if names.insert(name.clone()) {
                break name;
            }
        };
        let chomes = if seat.total() > 900 { 2 + chance.below(4) } else { 0 };
        let oaza = number + 1;
        let corners = [(0.0, 0.0), (0.19, 0.15), (-0.19, 0.15), (0.19, -0.15), (-0.19, -0.15)];
        for (chome, (dx, dy)) in corners.into_iter().enumerate().take(chomes.max(1)) {
            towns.push(Town {
                municipality: position,
                base: base.clone(),
                chome: (chomes > 0).then_some(chome + 1),
                place: (seat.centre().0 + dx, seat.centre().1 + dy),
                code: format!("{}{oaza:04}{:03}", one.code, if chomes > 0 { chome + 1 } else { 0 }),
                people: seat.total(),
            });
        }
    }
    towns
}

impl Town {
    /// As 位置参照情報 writes it: 丁目 in Chinese numerals.
    pub fn name(&self) -> String {
        match self.chome {
            Some(chome) => format!("{}{}丁目", self.base, DIGITS[chome]),
            None => self.base.clone(),
        }
    }
}

/// Full-width digits.
pub fn wide(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '0'..='9' => char::from_u32(u32::from(c) + 0xfee0).expect("full-width digits"),
            '-' => '－',
            other => other,
        })
        .collect()
}

/// An address before a source writes it down.
#[derive(Clone)]
pub struct Address {
    pub municipality: usize,
    /// Position among the towns; `None` in the village without 大字.
    pub town: Option<usize>,
    pub numbers: [usize; 2],
}

/// The habits of the sources.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// 地方厚生局: no prefecture, full-width numbers.
    Bureau,
    /// 医療情報ネット: with prefecture, 番 and 号.
    Net,
    /// 介護サービス情報公表: with prefecture, half-width.
    Care,
}

impl Address {
    pub fn write(&self, towns: &[Town], style: Style) -> String {
        let one = &MUNICIPALITIES[self.municipality];
        let [block, number] = self.numbers;
        let town = self.town.map(|at| &towns[at]);
        let is_chome = town.is_some_and(|town| town.chome.is_some());
        let chome = town.and_then(|town| town.chome).unwrap_or(0);
        let base = town.map_or("", |town| town.base.as_str());
        // Some offices put 大字 in front, which the town list does not have.
        let oaza = if one.code == "48302" && style == Style::Bureau && !is_chome { "大字" } else { "" };
        let local = match style {
            Style::Bureau if is_chome && block % 3 == 0 => wide(&format!("{base}{chome}-{block}-{number}")),
            Style::Bureau if is_chome => {
                format!("{base}{}丁目{}", DIGITS[chome], wide(&format!("{block}-{number}")))
            }
            Style::Bureau => format!("{oaza}{base}{}", wide(&format!("{}番地{number}", block * 31 + number))),
            Style::Net if is_chome => wide(&format!("{base}{chome}丁目{block}番{number}号")),
            Style::Net => wide(&format!("{base}{}番地{number}", block * 31 + number)),
            Style::Care if is_chome => format!("{base}{chome}丁目{block}-{number}"),
            Style::Care => format!("{base}{}-{number}", block * 31 + number),
        };
        match style {
            Style::Bureau => format!("{}{local}", one.full_name()),
            Style::Net | Style::Care => format!("{PREFECTURE}{}{local}", one.full_name()),
        }
    }

    /// Seven digits.
    pub fn post_code(&self, towns: &[Town]) -> String {
        let oaza = self.town.map_or("0000", |at| &towns[at].code[5..9]);
        let number: usize = oaza.parse().expect("digits");
        format!("{}{:04}", MUNICIPALITIES[self.municipality].post, self.municipality * 100 + number)
    }
}

/// 位置参照情報 大字・町丁目レベル: CP932, every field quoted, in the zip of the publisher (whose member
/// names carry a backslash).
pub fn town_points_zip(towns: &[Town]) -> Vec<u8> {
    let mut csv = Csv::new(Quotes::Always);
    csv.row([
        "都道府県コード",
        "都道府県名",
        "市区町村コード",
        "市区町村名",
        "大字町丁目コード",
        "大字町丁目名",
        "緯度",
        "経度",
        "原典資料コード",
        "大字・字・丁目区分コード",
    ]);
    for town in towns {
        let one = &MUNICIPALITIES[town.municipality];
        let (longitude, latitude) = degrees(town.place);
        csv.row([
            PREFECTURE_CODE.to_owned(),
            PREFECTURE.to_owned(),
            one.code.to_owned(),
            one.full_name(),
            town.code.clone(),
            town.name(),
            format!("{latitude:.6}"),
            format!("{longitude:.6}"),
            "0".to_owned(),
            if town.chome.is_some() { "3" } else { "1" }.to_owned(),
        ]);
    }
    let mut archive = Archive::new();
    archive.file("48000-18.0b\\48_2024.csv", &csv.cp932());
    archive.finish()
}

/// アドレス・ベース・レジストリ `mt_city_all` in its zip.
pub fn municipality_master_zip() -> Vec<u8> {
    let mut csv = Csv::new(Quotes::WhereNeeded);
    csv.row([
        "lg_code",
        "pref",
        "pref_kana",
        "pref_roma",
        "county",
        "county_kana",
        "county_roma",
        "city",
        "city_kana",
        "city_roma",
        "ward",
        "ward_kana",
        "ward_roma",
        "efct_date",
        "ablt_date",
        "remarks",
    ]);
    for one in MUNICIPALITIES {
        let code = code_with_check_digit(one.code);
        csv.row([
            code.as_str(),
            PREFECTURE,
            PREFECTURE_KANA,
            PREFECTURE_ROMA,
            one.county.0,
            one.county.1,
            one.county.2,
            one.name,
            one.kana,
            one.roma,
            "",
            "",
            "",
            "1947-04-17",
            "",
            "",
        ]);
    }
    let mut archive = Archive::new();
    archive.file("mt_city_all.csv", &csv.utf8());
    archive.finish()
}

/// アドレス・ベース・レジストリ `mt_city_pos_all` in its zip.
pub fn municipality_points_zip() -> Vec<u8> {
    let mut csv = Csv::new(Quotes::WhereNeeded);
    csv.row([
        "lg_code",
        "rep_lon",
        "rep_lat",
        "rep_srid",
        "rep_scale",
        "plygn_fname",
        "plygn_kcode",
        "plygn_fmt",
        "plygn_srid",
        "plygn_scale",
    ]);
    for one in MUNICIPALITIES {
        let (longitude, latitude) = degrees(one.centre);
        let fields = [
            code_with_check_digit(one.code),
            format!("{longitude:.6}"),
            format!("{latitude:.6}"),
            "EPSG:6668".to_owned(),
        ];
        csv.row(fields.into_iter().chain(std::iter::repeat_n(String::new(), 6)));
    }
    let mut archive = Archive::new();
    archive.file("mt_city_pos_all.csv", &csv.utf8());
    archive.finish()
}
