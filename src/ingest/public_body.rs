//! 全国地方公共団体コード: prefectures and municipalities with their check digit.
//!
//! Tables write a municipality with six digits or, without the check digit, with five; spreadsheets
//! drop the zero in front. `12025` is 函館市 (`012025`) or a five-digit code of 千葉県, and only the
//! check digit and the rest of the table tell which.

use crate::ids::MunicipalityCode;
use unicode_normalization::UnicodeNormalization;

/// Weights of the five digits (総務省 全国地方公共団体コード仕様).
const WEIGHTS: [u32; 5] = [6, 5, 4, 3, 2];

/// Whether the sixth digit is the check digit of the five before it: the last digit of 11 − S for
/// S below 11, of 11 − S mod 11 otherwise.
fn is_checked(code: &str) -> bool {
    let digits: Option<Vec<u32>> = code.chars().map(|digit| digit.to_digit(10)).collect();
    let Some([body @ .., check]) = digits.as_deref() else { return false };
    let sum: u32 = body.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    let rest = if sum < 11 { sum } else { sum % 11 };
    body.len() == WEIGHTS.len() && (11 - rest) % 10 == *check
}

/// The digits of a code in any width of letter; `None` where there is anything else.
fn plain(said: &str) -> Option<String> {
    let plain: String = said.nfkc().filter(|letter| !letter.is_whitespace()).collect();
    let is_number = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(plain)
}

/// Whether five digits of a table are six whose zero is lost: where other rows have six, or where
/// every row of five would have its check digit.
pub(crate) fn zeros_are_lost(codes: impl Iterator<Item = impl AsRef<str>>) -> bool {
    let mut all_checked = true;
    for code in codes.filter_map(|code| plain(code.as_ref())) {
        match code.len() {
            6 => return true,
            5 => all_checked &= is_checked(&format!("0{code}")),
            _ => {}
        }
    }
    all_checked
}

/// Reads a code: two digits of a prefecture or five of a municipality. One or two digits are a
/// prefecture; six are read only with their check digit; five are six without the zero in front
/// where `zeros_lost` and the check digit agree, and five as they are otherwise.
pub(crate) fn read(said: &str, zeros_lost: bool) -> Option<String> {
    let code = plain(said)?;
    let padded = format!("{code:0>6}");
    let body = match code.len() {
        1 | 2 => return Some(format!("{code:0>2}")),
        5 if zeros_lost && is_checked(&padded) => &padded[..5],
        5 => &code,
        6 if is_checked(&code) => &code[..5],
        _ => return None,
    };
    Some(body.strip_suffix("000").unwrap_or(body).to_owned())
}

/// The municipality of a code in a form of the prefecture: five digits, or six with the check digit, in any
/// width of letter.
pub(crate) fn municipality(said: &str) -> Option<MunicipalityCode> {
    read(said, false)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_are_read_only_with_their_check_digit() {
        for (said, code) in [
            ("192015", Some("19201")),
            ("012025", Some("01202")),
            ("１９２０１５", Some("19201")),
            ("131016", Some("13101")),
            ("190004", Some("19")),
            ("010006", Some("01")),
            ("192014", None),
            ("010005", None),
        ] {
            assert_eq!(read(said, true).as_deref(), code, "{said}");
        }
    }

    #[test]
    fn five_digits_are_six_without_zero_only_where_the_check_digit_and_the_table_agree() {
        for (said, zeros_lost, code) in [
            ("12025", true, "01202"),
            ("12025", false, "12025"),
            ("10006", true, "01"),
            ("19201", true, "19201"),
            ("１９２０１", false, "19201"),
            ("19000", true, "19"),
        ] {
            assert_eq!(read(said, zeros_lost).as_deref(), Some(code), "{said}");
        }
    }

    #[test]
    fn a_prefecture_may_have_lost_its_zero_and_anything_else_is_no_code() {
        assert_eq!(read("1", false).as_deref(), Some("01"));
        assert_eq!(read("１９", false).as_deref(), Some("19"));
        for said in ["", "192", "1920", "1920155", "甲府市", "-19201", "19 20 1x"] {
            assert_eq!(read(said, true), None, "{said}");
        }
    }

    #[test]
    fn a_table_tells_whether_its_zeros_are_lost() {
        assert!(zeros_are_lost(["12025", "192015"].into_iter()));
        assert!(zeros_are_lost(["12025", "11002", "10006"].into_iter()));
        assert!(!zeros_are_lost(["12025", "19201"].into_iter()));
    }

    #[test]
    fn a_municipality_of_a_form_is_five_digits_or_six_with_the_check_digit() {
        for (said, expected) in [
            ("19201", Some("19201")),
            ("１９２０１", Some("19201")),
            ("192015", Some("19201")),
            ("192014", None),
            ("19", None),
            ("19000", None),
            ("甲府市", None),
            ("", None),
        ] {
            assert_eq!(municipality(said).map(|code| code.to_string()).as_deref(), expected, "{said}");
        }
    }
}
