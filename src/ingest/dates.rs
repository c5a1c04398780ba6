//! Days, months and years as officials and Excel write them.

use chrono::{Datelike, Days, NaiveDate};
use unicode_normalization::UnicodeNormalization;

/// First years of the eras, less one.
const ERAS: [(&[&str], i32); 5] = [
    (&["令和", "令", "R"], 2018),
    (&["平成", "平", "H"], 1988),
    (&["昭和", "昭", "S"], 1925),
    (&["大正", "大", "T"], 1911),
    (&["明治", "明", "M"], 1867),
];

/// Years that are years of the Western calendar, not of an era.
pub(crate) const YEARS: std::ops::RangeInclusive<u16> = 1990..=2100;

/// A day: 2005-01-01, 2005/1/1, 2005年1月1日, 20050101, 平成17年1月1日, H17.1.1, or the number of days since
/// 1899-12-30, as which Excel stores it.
pub(crate) fn day(said: &str) -> Option<NaiveDate> {
    let is_time = |(_, rest): &(&str, &str)| rest.contains([':', '：', '時']);
    let said = plain(said.split_once([' ', '　']).filter(is_time).map_or(said, |(date, _)| date));
    let date = match numbers(&said)?.as_slice() {
        [year, month, date] => {
            let [month, date] = [month, date].map(|number| u32::try_from(*number).unwrap_or(0));
            NaiveDate::from_ymd_opt(*year, month, date)
        }
        [number] => NaiveDate::parse_from_str(&said, "%Y%m%d").ok().filter(|_| *number > 9_999_999),
        _ => None,
    };
    date.or_else(|| of_excel(&said)).filter(|date| (1868..2200).contains(&date.year()))
}

/// A day as `2005-01-01`.
pub(crate) fn iso_day(said: &str) -> Option<String> {
    day(said).map(|day| day.to_string())
}

/// A day of an era (`昭32. 7. 1`, `令和6年6月1日`) as `1957-07-01`, among cells that may hold other numbers.
pub(crate) fn era_day(said: &str) -> Option<String> {
    of_era(&plain(said)).and_then(|_| iso_day(said))
}

/// A month as `2005-01`, of a day too: 2005-01, 2005年1月, 平成17年1月 and all that a day may be.
pub(crate) fn iso_month(said: &str) -> Option<String> {
    let of_day = || day(said).map(|day| (day.year(), day.month()));
    let said = plain(said);
    let (year, month) = match numbers(&said)?.as_slice() {
        [year, month] if said.parse::<f64>().is_err() => (*year, u32::try_from(*month).ok()?),
        _ => of_day()?,
    };
    ((1868..2200).contains(&year) && (1..=12).contains(&month)).then(|| format!("{year}-{month:02}"))
}

/// What a cell says of a day of which any words may speak (`2029年度`); a number of Excel as the day.
pub(crate) fn words(said: &str) -> String {
    of_excel(&plain(said)).map_or_else(|| said.to_owned(), |day| day.to_string())
}

/// `2023`, `2023年度`, `令和5年度`, `R5`.
pub(crate) fn year(said: &str) -> Option<u16> {
    let said = plain(said);
    let bare = said.trim_end_matches("年度").trim_end_matches('年');
    let (rest, before) = of_era(bare).unwrap_or((bare, 0));
    let number: u16 = if rest == "元" && before > 0 { 1 } else { rest.parse().ok()? };
    let year = number.checked_add(u16::try_from(before).ok()?)?;
    YEARS.contains(&year).then_some(year)
}

fn plain(said: &str) -> String {
    said.nfkc().filter(|letter| !letter.is_whitespace()).collect::<String>().to_uppercase()
}

/// What follows the name of an era, and the year before its first.
fn of_era(said: &str) -> Option<(&str, i32)> {
    ERAS.iter()
        .find_map(|(names, before)| Some((names.iter().find_map(|name| said.strip_prefix(name))?, *before)))
}

/// The numbers of a date without a time of day, the first as a year of the Western calendar.
fn numbers(said: &str) -> Option<Vec<i32>> {
    let (rest, before) = of_era(said).unwrap_or((said, 0));
    let rest = rest.split_once('T').map_or(rest, |(date, _)| date);
    let rest = if before > 0 { rest.replacen('元', "1", 1) } else { rest.to_owned() };
    let is_no_digit = |letter: char| !letter.is_ascii_digit();
    let mut between = rest.trim_matches(is_no_digit).split(|letter: char| letter.is_ascii_digit());
    if !between.all(|sign| ["", "年", "月", "/", "-", "."].contains(&sign)) {
        return None;
    }
    let parts = rest.split(is_no_digit).filter(|part| !part.is_empty());
    let mut numbers: Vec<i32> = parts.map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let first = numbers.first_mut()?;
    *first = first.checked_add(before)?;
    Some(numbers)
}

/// A day as Excel stores it, be it with a time of day.
fn of_excel(said: &str) -> Option<NaiveDate> {
    let days = said.parse::<f64>().ok().filter(|days| (10_000.0..100_000.0).contains(days))?;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_the_ways_in_which_they_are_written() {
        for said in [
            "2005-01-01",
            "2005/1/1",
            "2005年1月1日",
            "20050101",
            "平成17年1月1日",
            "平成17年1月1日（土）",
            "平17. 1. 1",
            "Ｈ１７．１．１",
            "h17/1/1",
            "38353",
            "38353.75",
            "2005-01-01T00:00:00",
            "2005/1/1 0:00:00",
            "2005年1月1日　9時",
        ] {
            assert_eq!(iso_day(said).as_deref(), Some("2005-01-01"), "{said}");
        }
        assert_eq!(iso_day("令和元年5月1日").as_deref(), Some("2019-05-01"));
        assert_eq!(iso_day("R7.4.1").as_deref(), Some("2025-04-01"));
        for (said, day) in [
            ("昭32. 7. 1", Some("1957-07-01")),
            ("平元. 4. 1", Some("1989-04-01")),
            ("令和 6年 6月 1日", Some("2024-06-01")),
            ("明45. 7.30", Some("1912-07-30")),
            ("令5.13. 1", None),
            ("新規", None),
            ("令", None),
            ("38353", None),
        ] {
            assert_eq!(era_day(said).as_deref(), day, "{said}");
        }
        for said in [
            "",
            "2005-13-01",
            "2025-02-29",
            "17.1",
            "7年4月1日",
            "いつか",
            "99999999",
            "2025-4-1・2025-5-1",
            "2025年4～6月",
            "2025111",
            "2025/4～6",
        ] {
            assert_eq!(day(said), None, "{said}");
        }
    }

    #[test]
    fn months_and_years_are_western_or_of_an_era() {
        for said in ["2025-03", "2025年3月", "令和7年3月", "R7.3", "2025/3/31", "45717"] {
            assert_eq!(iso_month(said).as_deref(), Some("2025-03"), "{said}");
        }
        for said in ["", "2025", "2025.3", "令和7年度", "2025年13月"] {
            assert_eq!(iso_month(said), None, "{said}");
        }
        assert_eq!([words("2029年度"), words("47573")], ["2029年度", "2030-03-31"]);
        for (said, found) in [
            ("2023年度", Some(2023)),
            ("令和元年", Some(2019)),
            ("Ｒ５", Some(2023)),
            ("平成30年度", Some(2018)),
            ("5", None),
            ("令和", None),
        ] {
            assert_eq!(year(said), found, "{said}");
        }
    }
}
