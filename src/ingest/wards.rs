//! Cities of which the boundaries hold the wards (政令指定都市, 東京都の特別区部), by the code or the name of the
//! whole.
//!
//! The code of such a city is the last one before those of its wards that ends in 0 (全国地方公共団体コード:
//! 浜松市 22130, its wards 22138–22140). It holds for all twenty cities and for 特別区部 (13100).

use crate::ids::MunicipalityCode;
use crate::ingest::boundary::position_of;
use crate::ingest::study::Municipality;
use std::collections::BTreeMap;

/// A city with its wards, positions in the list of municipalities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct City {
    /// Name, with which the names of its wards begin; 特別区部 where they begin with none.
    pub name: String,
    /// In order of code.
    pub wards: Vec<usize>,
}

/// The city that has a code, where it is not a municipality of the study itself.
pub(crate) fn city_of_code(code: MunicipalityCode, municipalities: &[Municipality]) -> Option<City> {
    let number = number_of(code).filter(|_| position_of(municipalities, code).is_none())?;
    cities(municipalities).into_iter().find(|city| {
        let first = city.wards.first().and_then(|at| number_of(municipalities[*at].code));
        first.is_some_and(|first| first / 10 * 10 == number)
    })
}

/// The city of a name.
pub(crate) fn city_called(name: &str, municipalities: &[Municipality]) -> Option<City> {
    cities(municipalities).into_iter().find(|city| city.name == name)
}

fn cities(municipalities: &[Municipality]) -> Vec<City> {
    let mut cities: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, one) in municipalities.iter().enumerate().filter(|(_, one)| one.name.ends_with('区')) {
        let end = one.name.find('市').map_or(0, |at| at + '市'.len_utf8());
        cities.entry(&one.name[..end]).or_default().push(at);
    }
    let named = |(name, wards): (&str, Vec<usize>)| City {
        name: if name.is_empty() { "特別区部".to_owned() } else { name.to_owned() },
        wards,
    };
    cities.into_iter().map(named).collect()
}

fn number_of(code: MunicipalityCode) -> Option<u32> {
    code.as_str().parse().ok()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use geo::MultiPolygon;

    pub(crate) fn municipalities(all: &[(&str, &str)]) -> Vec<Municipality> {
        let one = |(code, name): &(&str, &str)| Municipality {
            code: code.parse().expect("code"),
            name: (*name).to_owned(),
            boundary: MultiPolygon(Vec::new()),
            areas: BTreeMap::new(),
            further: BTreeMap::new(),
            office: None,
        };
        all.iter().map(one).collect()
    }

    #[test]
    fn a_city_is_found_by_the_code_or_the_name_of_the_whole() {
        let all = municipalities(&[
            ("14101", "横浜市鶴見区"),
            ("14118", "横浜市都筑区"),
            ("14131", "川崎市川崎区"),
            ("14132", "川崎市幸区"),
            ("14201", "横須賀市"),
        ]);
        let of = |code: &str| city_of_code(code.parse().expect("code"), &all).map(|city| city.wards);
        assert_eq!((of("14100"), of("14130")), (Some(vec![0, 1]), Some(vec![2, 3])));
        assert_eq!((of("14101"), of("14110"), of("14200"), of("14201")), (None, None, None, None));
        assert_eq!(city_called("川崎市", &all).map(|city| city.wards), Some(vec![2, 3]));
        assert_eq!(city_called("横須賀市", &all), None);
        let all = municipalities(&[
            ("22138", "浜松市中央区"),
            ("22139", "浜松市浜名区"),
            ("22140", "浜松市天竜区"),
        ]);
        let of = |code: &str| city_of_code(code.parse().expect("code"), &all).map(|city| city.wards.len());
        assert_eq!((of("22130"), of("22140")), (Some(3), None));
        let all = municipalities(&[("13101", "千代田区"), ("13123", "江戸川区"), ("13201", "八王子市")]);
        let city = city_of_code("13100".parse().expect("code"), &all).expect("there");
        assert_eq!((city.name.as_str(), city.wards), ("特別区部", vec![0, 1]));
    }
}
