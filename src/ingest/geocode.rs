//! Places of addresses: municipality by name, then the longest known 大字・町丁目.

use crate::geometry::plane::short_m;
use crate::ids::MunicipalityCode;
use crate::ingest::address::{comparable, house_key, town, with_chome};
use crate::ingest::study::{Municipality, Precision};
use geo::{Coord, Point};
use std::collections::BTreeMap;

/// Two points of one name further apart than this are two places.
pub(crate) const SAME_TOWN_M: f64 = 1_000.0;

/// Where all 丁目 of a town lie within this of each other, their mean stands for the town.
const TOWN_WIDTH_M: f64 = 2_000.0;

/// Knows the municipalities and towns of one prefecture.
pub(crate) struct Geocoder {
    prefecture: String,
    /// Comparable spelling and municipality; longest first.
    spellings: Vec<(String, usize)>,
    /// Points of towns by comparable name, for each municipality.
    towns: Vec<BTreeMap<String, Point>>,
    /// Points of the 丁目 of a town by its name without 丁目, for each municipality.
    chome: Vec<BTreeMap<String, Vec<Point>>>,
    offices: Vec<Option<Point>>,
}

/// Where an address lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Located {
    /// Position in the list of municipalities.
    pub municipality: Option<usize>,
    /// Point; `None` exactly when the precision is [`Precision::Unlocated`].
    pub position: Option<Point>,
    /// How exactly.
    pub precision: Precision,
}

impl Geocoder {
    /// Learns the names of the municipalities, with and without their 郡 and city.
    pub(crate) fn new(
        prefecture: &str,
        municipalities: &[Municipality],
        counties: &BTreeMap<MunicipalityCode, String>,
    ) -> Self {
        let mut spellings: Vec<(String, usize)> = Vec::new();
        for (at, municipality) in municipalities.iter().enumerate() {
            spellings.push((comparable(&municipality.name), at));
            if let Some(county) = counties.get(&municipality.code) {
                spellings.push((comparable(&format!("{county}{}", municipality.name)), at));
            }
            if let Some((_, ward)) =
                municipality.name.split_once('市').filter(|(_, ward)| ward.ends_with('区'))
            {
                spellings.push((comparable(ward), at));
            }
        }
        // A spelling of two municipalities tells neither.
        let known = spellings.clone();
        spellings.retain(|(name, at)| known.iter().all(|(other, other_at)| other != name || other_at == at));
        spellings.sort_by(|(a, _), (b, _)| b.chars().count().cmp(&a.chars().count()).then_with(|| a.cmp(b)));
        Self {
            prefecture: comparable(prefecture),
            spellings,
            towns: vec![BTreeMap::new(); municipalities.len()],
            chome: vec![BTreeMap::new(); municipalities.len()],
            offices: municipalities.iter().map(|municipality| municipality.office).collect(),
        }
    }

    /// Learns the point of a town; the first of two points of one name counts. Answers with the
    /// metres between them where they are two places.
    pub(crate) fn learn(&mut self, municipality: usize, name: &str, position: Point) -> Option<f64> {
        let name = town(&comparable(name));
        if let Some(known) = self.towns[municipality].get(&name) {
            return Some(short_m(known.0, position.0)).filter(|metres| *metres > SAME_TOWN_M);
        }
        if let Some(whole) = without_chome(&name) {
            self.chome[municipality].entry(whole.to_owned()).or_default().push(position);
        }
        self.towns[municipality].insert(name, position);
        None
    }

    /// Points of the known towns of a municipality, in order of their names.
    pub(crate) fn towns(&self, municipality: usize) -> Vec<Point> {
        self.towns[municipality].values().copied().collect()
    }

    /// Which of [`Geocoder::towns`] a name means: the town itself, or all its 丁目.
    pub(crate) fn towns_named(&self, municipality: usize, name: &str) -> Vec<usize> {
        let asked = town(&comparable(name));
        let is_meant = |known: &str| known == asked || without_chome(known) == Some(&asked);
        let known = self.towns[municipality].keys().enumerate();
        known.filter(|(_, known)| is_meant(known)).map(|(at, _)| at).collect()
    }

    /// The municipality that an address begins with (prefecture optional), and what follows.
    pub(crate) fn municipality(&self, address: &str) -> Option<(usize, String)> {
        let address = comparable(address);
        let rest = address.strip_prefix(&self.prefecture).unwrap_or(&address);
        self.spellings
            .iter()
            .find_map(|(name, at)| rest.strip_prefix(name.as_str()).map(|rest| (*at, rest.to_owned())))
    }

    /// Municipality and [`house_key`] of an address.
    pub(crate) fn house(&self, address: &str) -> Option<(usize, String)> {
        self.municipality(address).map(|(at, rest)| (at, house_key(&town(&rest))))
    }

    /// Locates an address. `hint` is the municipality of a code beside it; the address is taken to
    /// lie there when it names none.
    pub(crate) fn locate(&self, address: &str, hint: Option<usize>) -> Located {
        let found = self.municipality(address).or_else(|| {
            let address = comparable(address);
            let rest = address.strip_prefix(&self.prefecture).unwrap_or(&address).to_owned();
            hint.map(|hint| (hint, rest))
        });
        let Some((municipality, rest)) = found else {
            return Located { municipality: None, position: None, precision: Precision::Unlocated };
        };
        let (position, precision) = if let Some(position) = self.town(municipality, &rest) {
            (Some(position), Precision::Town)
        } else if let Some(office) = self.offices[municipality] {
            (Some(office), Precision::Municipality)
        } else {
            (None, Precision::Unlocated)
        };
        Located { municipality: Some(municipality), position, precision }
    }

    /// Point of the longest known town that the rest of an address begins with, over the ways in
    /// which it may be written; else of one whose 町 the address leaves out.
    fn town(&self, municipality: usize, rest: &str) -> Option<Point> {
        let plain = town(&without_remarks(rest));
        let spellings = [Some(plain.clone()), Some(plain.replace('字', "")), with_chome(&plain)];
        let longest = |town_ending| {
            spellings
                .iter()
                .flatten()
                .filter_map(|spelling| self.longest_prefix(municipality, spelling, town_ending))
                .max_by_key(|(length, _)| *length)
        };
        longest("").or_else(|| longest("町")).map(|(_, position)| position)
    }

    /// Length and point of the longest beginning that, with `ending` after it, is a known town.
    fn longest_prefix(&self, municipality: usize, spelling: &str, ending: &str) -> Option<(usize, Point)> {
        let ends = spelling.char_indices().map(|(at, letter)| at + letter.len_utf8());
        ends.collect::<Vec<_>>().into_iter().rev().find_map(|end| {
            let (name, rest) = spelling.split_at(end);
            // One letter, or a name made longer, may be the beginning of any other name.
            let needs_number = name.chars().count() == 1 || !ending.is_empty();
            if needs_number && rest.starts_with(char::is_alphabetic) {
                return None;
            }
            let name = format!("{name}{ending}");
            let known = self.towns[municipality].get(&name).copied();
            known.or_else(|| self.middle_of(municipality, &name, rest)).map(|point| (end, point))
        })
    }

    /// Mean of the 丁目 of a town whose 丁目 the address leaves out; `None` where they lie far apart
    /// and where the name goes on or a 丁目 follows.
    fn middle_of(&self, municipality: usize, name: &str, rest: &str) -> Option<Point> {
        let after_number = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
        if rest.starts_with(char::is_alphabetic) || after_number.starts_with("丁目") {
            return None;
        }
        let points = self.chome[municipality].get(name)?;
        let near = |a: &Point, b: &Point| short_m(a.0, b.0) <= TOWN_WIDTH_M;
        let is_one_place = points.iter().all(|a| points.iter().all(|b| near(a, b)));
        let sum = points.iter().fold(Coord::zero(), |sum, point| sum + point.0);
        is_one_place.then(|| (sum / points.len() as f64).into())
    }
}

/// The town of a 丁目 (大手 of 大手1丁目).
pub(crate) fn without_chome(name: &str) -> Option<&str> {
    let numbered = name.strip_suffix("丁目")?;
    let whole = numbered.trim_end_matches(|letter: char| letter.is_ascii_digit());
    (!whole.is_empty() && whole.len() < numbered.len()).then_some(whole)
}

/// Drops remarks in brackets, such as the （１～３丁目） of postal town names.
fn without_remarks(text: &str) -> String {
    let mut depth = 0_usize;
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(letter),
            _ => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::MultiPolygon;

    fn geocoder() -> Geocoder {
        let municipality = |code: &str, name: &str, office: Option<Point>| Municipality {
            code: code.parse().expect("code"),
            name: name.to_owned(),
            boundary: MultiPolygon(Vec::new()),
            areas: BTreeMap::new(),
            office,
        };
        let municipalities = [
            municipality("19201", "甲府市", Some(Point::new(1.0, 0.0))),
            municipality("19364", "早川町", Some(Point::new(2.0, 0.0))),
            municipality("19422", "道志村", Some(Point::new(3.0, 0.0))),
            municipality("19205", "山梨市", None),
            municipality("22131", "浜松市中区", None),
            municipality("22138", "静岡市中区", None),
            municipality("22134", "浜松市北区", None),
        ];
        let counties = BTreeMap::from([("19364".parse().expect("code"), "南巨摩郡".to_owned())]);
        let mut geocoder = Geocoder::new("山梨県", &municipalities, &counties);
        for (municipality, name, x) in [
            (0, "湯村三丁目", 11.0),
            (0, "湯村", 12.0),
            (0, "丸の内二丁目", 13.0),
            (0, "上", 14.0),
            (0, "蓬沢町", 15.0),
            (0, "大手一丁目", 16.0),
            (0, "大手二丁目", 16.01),
            (0, "大手町", 16.5),
            (0, "荒川一丁目", 17.0),
            (0, "荒川二丁目", 17.1),
            (1, "大字薬袋", 21.0),
            (3, "上神内川", 31.0),
            (6, "細江町気賀", 41.0),
        ] {
            geocoder.learn(municipality, name, Point::new(x, 1.0));
        }
        geocoder
    }

    fn x_and_precision(address: &str) -> (Option<f64>, Precision) {
        let located = geocoder().locate(address, None);
        (located.position.map(geo::Point::x), located.precision)
    }

    #[test]
    fn every_spelling_of_a_town_finds_its_point() {
        for address in [
            "甲府市湯村三丁目１－８",
            "山梨県甲府市湯村３丁目1番8号",
            "甲府市湯村３－１－８",
            "甲府市大字湯村3-1-8",
        ] {
            assert_eq!(x_and_precision(address), (Some(11.0), Precision::Town), "{address}");
        }
        assert_eq!(x_and_precision("甲府市蓬澤１０４７－２"), (Some(15.0), Precision::Town), "町 left out");
        assert_eq!(x_and_precision("甲府市大手（１～３丁目）１－６"), (Some(16.0), Precision::Town));
        assert_eq!(x_and_precision("甲府市湯村９番地"), (Some(12.0), Precision::Town));
        assert_eq!(x_and_precision("甲府市丸之内二丁目1"), (Some(13.0), Precision::Town));
        assert_eq!(x_and_precision("南巨摩郡早川町薬袋５９"), (Some(21.0), Precision::Town));
        assert_eq!(x_and_precision("早川町字薬袋５９"), (Some(21.0), Precision::Town));
        assert_eq!(x_and_precision("山梨県山梨市上神内川１３０９"), (Some(31.0), Precision::Town));
    }

    #[test]
    fn without_a_known_town_the_municipality_point_stands_in_or_nothing() {
        assert_eq!(x_and_precision("道志村６１８１"), (Some(3.0), Precision::Municipality));
        assert_eq!(x_and_precision("甲府市上帯那町1"), (Some(1.0), Precision::Municipality), "one letter");
        assert_eq!(x_and_precision("甲府市上1"), (Some(14.0), Precision::Town));
        assert_eq!(x_and_precision("山梨市小原西1"), (None, Precision::Unlocated));
        assert_eq!(x_and_precision("広島県府中市府川町"), (None, Precision::Unlocated));
    }

    #[test]
    fn a_town_without_its_chome_lies_in_the_middle_of_them_where_they_are_one_place() {
        for address in ["甲府市大手", "甲府市大手５６番地", "甲府市大字大手", "甲府市大手（県庁内）"]
        {
            let (x, precision) = x_and_precision(address);
            assert!(x.is_some_and(|x| (x - 16.005).abs() < 1e-9), "{address} {x:?}");
            assert_eq!(precision, Precision::Town);
        }
        let municipality = (Some(1.0), Precision::Municipality);
        assert_eq!(x_and_precision("甲府市荒川"), municipality, "9 km from one 丁目 to the other");
        assert_eq!(x_and_precision("甲府市丸の内九丁目1"), municipality, "an unknown 丁目");
        assert_eq!(x_and_precision("甲府市大手通1"), municipality, "another name");
        assert_eq!(x_and_precision("甲府市大手町1"), (Some(16.5), Precision::Town));
        assert_eq!(x_and_precision("甲府市大手2-1"), (Some(16.01), Precision::Town));
    }

    #[test]
    fn one_name_at_two_places_is_told_and_the_first_counts() {
        let mut geocoder = geocoder();
        assert_eq!(geocoder.learn(0, "大字湯村", Point::new(12.005, 1.0)), None);
        let metres = geocoder.learn(0, "湯村", Point::new(12.02, 1.0)).expect("two places");
        assert!((2_200.0..2_250.0).contains(&metres), "{metres}");
        assert_eq!(geocoder.locate("甲府市湯村", None).position, Some(Point::new(12.0, 1.0)));
    }

    #[test]
    fn a_ward_that_two_cities_have_is_not_guessed() {
        let geocoder = geocoder();
        assert_eq!(geocoder.municipality("中区元城町1"), None);
        assert_eq!(geocoder.municipality("北区細江町気賀1").map(|(at, _)| at), Some(6));
        assert_eq!(geocoder.municipality("静岡市中区1").map(|(at, _)| at), Some(5));
    }

    #[test]
    fn a_hint_is_used_only_where_the_address_names_no_municipality() {
        let geocoder = geocoder();
        assert_eq!(geocoder.locate("湯村三丁目1", Some(0)).precision, Precision::Town);
        assert_eq!(geocoder.locate("早川町薬袋1", Some(0)).municipality, Some(1));
    }
}
