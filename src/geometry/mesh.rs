//! 地域メッシュコード (JIS X 0410): codes of 1 km, 500 m and 250 m cells and their places.

use crate::ids::InvalidCode;
use geo::{Coord, Point, Rect};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A standard mesh code of 8 (1 km), 9 (500 m) or 10 (250 m) digits.
///
/// Reference: JIS X 0410. Cells are bounded by fixed steps of latitude and longitude, so their
/// area depends on the latitude.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MeshCode(u64);

/// Corners are counted in steps of a 250 m cell (7.5″ of latitude, 11.25″ of longitude), so that
/// they are whole numbers.
const STEPS_PER_DEGREE_LATITUDE: f64 = 480.0;
const STEPS_PER_DEGREE_LONGITUDE: f64 = 320.0;

impl MeshCode {
    /// South-west corner and size, both in steps of a 250 m cell: (latitude, longitude, size).
    fn steps(self) -> (u64, u64, u64) {
        let text = self.0.to_string();
        let digit = |at: usize| u64::from(text.as_bytes()[at] - b'0');
        let mut latitude = (digit(0) * 10 + digit(1)) * 320 + digit(4) * 40 + digit(6) * 4;
        let mut longitude = (100 + digit(2) * 10 + digit(3)) * 320 + digit(5) * 40 + digit(7) * 4;
        let mut size = 4;
        for at in 8..text.len() {
            size /= 2;
            latitude += (digit(at) - 1) / 2 * size;
            longitude += (digit(at) - 1) % 2 * size;
        }
        (latitude, longitude, size)
    }

    /// The cell as a rectangle of longitude and latitude.
    #[must_use]
    pub fn rect(self) -> Rect {
        let (latitude, longitude, size) = self.steps();
        let corner = |latitude: u64, longitude: u64| Coord {
            x: longitude as f64 / STEPS_PER_DEGREE_LONGITUDE,
            y: latitude as f64 / STEPS_PER_DEGREE_LATITUDE,
        };
        Rect::new(corner(latitude, longitude), corner(latitude + size, longitude + size))
    }

    /// The cell of the same size that contains a place; `None` outside the range of the codes.
    #[must_use]
    pub fn same_size_at(self, place: Coord) -> Option<Self> {
        let digits = self.0.to_string().len();
        // A hair to the north-east, so that a corner computed in floating point lies in its own cell.
        let step = |degrees: f64, steps_per_degree: f64| (degrees * steps_per_degree + 1e-7).floor();
        let latitude = step(place.y, STEPS_PER_DEGREE_LATITUDE);
        let longitude = step(place.x - 100.0, STEPS_PER_DEGREE_LONGITUDE);
        if !(0.0..100.0 * 320.0).contains(&latitude) || !(0.0..100.0 * 320.0).contains(&longitude) {
            return None;
        }
        let (latitude, longitude) = (latitude as u64, longitude as u64);
        let (row, column) = (latitude % 320, longitude % 320);
        let mut code = (latitude / 320) * 100 + longitude / 320;
        code = code * 100 + (row / 40) * 10 + column / 40;
        code = code * 100 + (row % 40 / 4) * 10 + column % 40 / 4;
        for size in [2, 1].into_iter().take(digits - 8) {
            code = code * 10 + (row / size % 2) * 2 + column / size % 2 + 1;
        }
        Some(Self(code))
    }

    /// Centre of the cell.
    #[must_use]
    pub fn centre(self) -> Point {
        self.rect().center().into()
    }
}

impl FromStr for MeshCode {
    type Err = InvalidCode;

    fn from_str(said: &str) -> Result<Self, InvalidCode> {
        let digits: Vec<u8> = said.bytes().map(|byte| byte.wrapping_sub(b'0')).collect();
        let well_formed = (8..=10).contains(&digits.len())
            && digits.iter().all(|digit| *digit <= 9)
            && digits[0] > 0
            && digits[4] < 8
            && digits[5] < 8
            && digits[8..].iter().all(|quarter| (1..=4).contains(quarter));
        well_formed
            .then(|| Self(digits.iter().fold(0, |code, digit| code * 10 + u64::from(*digit))))
            .ok_or_else(|| InvalidCode {
                said: said.to_owned(),
                system: "地域メッシュコード",
                expected: "8, 9 or 10 digits such as 53384416",
            })
    }
}

impl TryFrom<String> for MeshCode {
    type Error = InvalidCode;

    fn try_from(said: String) -> Result<Self, InvalidCode> {
        said.parse()
    }
}

impl From<MeshCode> for String {
    fn from(code: MeshCode) -> Self {
        code.0.to_string()
    }
}

impl fmt::Display for MeshCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for MeshCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kilometre_cell_of_kofu_lies_where_the_standard_says() {
        let rect = "53384416".parse::<MeshCode>().expect("valid").rect();
        // 53/1.5 + 4*5' + 1*30" ; 138 + 4*7.5' + 6*45"
        assert!((rect.min().y - 35.675).abs() < 1e-12);
        assert!((rect.min().x - 138.575).abs() < 1e-12);
        assert!((rect.height() - 1.0 / 120.0).abs() < 1e-12);
        assert!((rect.width() - 1.0 / 80.0).abs() < 1e-12);
    }

    #[test]
    fn quarters_are_counted_from_the_south_west() {
        let kilometre = "53384416".parse::<MeshCode>().expect("valid").rect();
        let north_east = "533844164".parse::<MeshCode>().expect("valid").rect();
        assert!((north_east.min().x - kilometre.center().x).abs() < 1e-12);
        assert!((north_east.min().y - kilometre.center().y).abs() < 1e-12);
        assert_eq!(north_east.max(), kilometre.max());
    }

    #[test]
    fn a_place_lies_in_the_cell_whose_rectangle_holds_it() {
        for code in ["53384416", "533844164", "5338441642", "36225700", "622577991"] {
            let code = code.parse::<MeshCode>().expect("valid");
            let rect = code.rect();
            assert_eq!(code.same_size_at(rect.center()), Some(code));
            assert_eq!(code.same_size_at(rect.min()), Some(code));
            assert_ne!(code.same_size_at(rect.max()), Some(code));
        }
        let code = "53384416".parse::<MeshCode>().expect("valid");
        assert_eq!(code.same_size_at(Coord { x: 99.9, y: 35.0 }), None);
        assert_eq!(code.same_size_at(Coord { x: f64::NAN, y: 35.0 }), None);
    }

    #[test]
    fn wrong_codes_are_refused() {
        for wrong in ["", "5338", "5338441", "533894416", "533844165", "53389416", "5338441６", "53384416444"]
        {
            assert!(wrong.parse::<MeshCode>().is_err(), "{wrong}");
        }
    }
}
