//! Chinese numerals in addresses.

/// What makes a number of the numeral before it. `番町` and `番丁` are names of towns.
const UNITS: [&str; 11] = ["丁目", "条", "線", "地割", "番町", "番丁", "番地", "番", "号", "区画", "街区"];

/// Chinese numerals in Arabic digits where a unit follows them (三丁目 to 3丁目) or where they are joined
/// to another number (三-一, 三ノ一 to 3-1); elsewhere they are part of a name. ノ between numbers is a
/// hyphen.
pub(super) fn arabic(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let after = rest.trim_start_matches(|letter| numeral(letter).is_some());
        let number = &rest[..rest.len() - after.len()];
        if number.is_empty() {
            let joins = (letter == 'ノ' || is_dash(letter))
                && plain.ends_with(|last: char| last.is_ascii_digit())
                && starts_with_number(&rest[letter.len_utf8()..]);
            plain.push(if joins { '-' } else { letter });
            rest = &rest[letter.len_utf8()..];
            continue;
        }
        match read_number(number) {
            Some(value) if is_counted(after) || is_joined(&plain) => plain.push_str(&value.to_string()),
            _ => plain.push_str(number),
        }
        rest = after;
    }
    plain
}

/// Whether a numeral is a number by what follows it.
fn is_counted(after: &str) -> bool {
    let mut letters = after.chars();
    let joins = letters.next().is_some_and(|letter| letter == 'ノ' || is_dash(letter));
    UNITS.iter().any(|unit| after.starts_with(unit)) || joins && starts_with_number(letters.as_str())
}

/// Whether a numeral is a number by the number that it is joined to.
fn is_joined(before: &str) -> bool {
    let number = before.strip_suffix('-');
    number.is_some_and(|number| number.ends_with(|last: char| last.is_ascii_digit()))
}

fn starts_with_number(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_digit() || numeral(letter).is_some())
}

fn is_dash(letter: char) -> bool {
    "-‐−―ー".contains(letter)
}

fn numeral(letter: char) -> Option<u32> {
    match letter {
        '〇' | '零' => Some(0),
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1_000),
        _ => "一二三四五六七八九".chars().position(|digit| digit == letter).map(|at| at as u32 + 1),
    }
}

/// A number below 100,000: digit by digit (一二三) or in words (百二十三); `None` for anything else.
fn read_number(numerals: &str) -> Option<u32> {
    let values: Vec<u32> = numerals.chars().filter_map(numeral).collect();
    if values.iter().all(|value| *value < 10) {
        let by_digit = |number: u32, digit: &u32| number.checked_mul(10)?.checked_add(*digit);
        return values.iter().try_fold(0, by_digit).filter(|number| *number < 100_000);
    }
    let (mut number, mut digit, mut least) = (0, None, 10_000);
    for value in values {
        match (value, digit) {
            (1..10, None) => digit = Some(value),
            (10.., _) if value < least => {
                number += digit.take().unwrap_or(1) * value;
                least = value;
            }
            _ => return None,
        }
    }
    Some(number + digit.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_are_read_by_digit_and_in_words() {
        for (said, number) in [
            ("三", Some(3)),
            ("十", Some(10)),
            ("二十一", Some(21)),
            ("二一", Some(21)),
            ("一〇五", Some(105)),
            ("百", Some(100)),
            ("千二百三十四", Some(1_234)),
            ("千十", Some(1_010)),
            ("十百", None),
            ("十十", None),
            ("二三十", None),
            ("一二三四五六", None),
        ] {
            assert_eq!(read_number(said), number, "{said}");
        }
    }

    #[test]
    fn numerals_are_arabic_only_where_they_count() {
        for (said, plain) in [
            ("湯村三丁目1-8", "湯村3丁目1-8"),
            ("北一条西二十一丁目", "北1条西21丁目"),
            ("三日町", "三日町"),
            ("十日市場二丁目", "十日市場2丁目"),
            ("十文字", "十文字"),
            ("湯村三-一-八", "湯村3-1-8"),
            ("湯村三ノ一", "湯村3-1"),
            ("五十番地ノ二", "50番地ノ二"),
            ("二ノ宮", "二ノ宮"),
            ("四百五十番地", "450番地"),
            ("六番町二番", "6番町2番"),
        ] {
            assert_eq!(arabic(said), plain, "{said}");
        }
    }
}
