//! Spellings of Japanese addresses made comparable, and taken apart: town, number, building.

mod letters;
mod numerals;

pub(crate) use letters::comparable;

use numerals::arabic;

/// The 都道府県 in order of their codes (JIS X 0401).
pub(crate) const PREFECTURES: [&str; 47] = [
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
];

/// Units that make the number before them part of the name of a town.
const NAME_UNITS: [&str; 6] = ["条", "線", "番町", "号線", "ノ町", "ノ丁"];

/// Units of the numbers below a town, the longest first.
const LOT_UNITS: [&str; 7] = ["丁目", "地割", "番地ノ", "番地", "番", "号", "ノ"];

/// Signs by which lots of one number are told apart.
const LOT_SIGNS: &str = "イロハニホヘトチリヌル甲乙丙丁戊";

/// What makes a floor or a room of the number before it.
const ROOM_UNITS: [&str; 6] = ["F", "f", "階", "号室", "室", "号棟"];

/// A comparable town with numerals in Arabic digits and without leading 大字 or 字.
pub(crate) fn town(comparable: &str) -> String {
    let plain = arabic(without_post_code(comparable)).replace("番丁", "番町").replace("ふ頭", "埠頭");
    let plain = without_ordinal(&plain);
    let plain = plain.strip_prefix("大字").or_else(|| plain.strip_prefix("字")).unwrap_or(&plain);
    plain.to_owned()
}

/// A comparable address without 〒 and post code before it.
pub(crate) fn without_post_code(comparable: &str) -> &str {
    let Some(rest) = comparable.strip_prefix('〒') else { return comparable };
    rest.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '-')
}

/// An address as it is written, without the post code before it (`〒730－8652`, `730-8652`).
pub(crate) fn after_post_code(address: &str) -> &str {
    let address = address.trim_start();
    let rest = address.strip_prefix('〒');
    let mut digits = 0;
    let is_after = |letter: char| {
        digits += usize::from(letter.is_numeric());
        digits > 7 || !(letter.is_numeric() || letter.is_whitespace() || "-－−‐ー―".contains(letter))
    };
    let begin = rest.unwrap_or(address);
    let (code, after) = begin.split_at(begin.find(is_after).unwrap_or(begin.len()));
    let code = comparable(code);
    let is_code = code.len() == 8 && code.find('-') == Some(3);
    if rest.is_some() || is_code { after.trim() } else { address }
}

/// Drops 第 before the number of a 地割, 線 or 条.
fn without_ordinal(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for (at, part) in text.split('第').enumerate() {
        let after = part.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let is_ordinal =
            after.len() < part.len() && ["地割", "線", "条"].iter().any(|unit| after.starts_with(unit));
        if at > 0 && !is_ordinal {
            plain.push('第');
        }
        plain.push_str(part);
    }
    plain
}

/// Where the numbers below the name of a town begin: the first that is no part of the name.
fn lot_start(town: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = town[from..].find(|letter: char| letter.is_ascii_digit()) {
        let start = from + found;
        let rest = town[start..].trim_start_matches(|letter: char| letter.is_ascii_digit());
        if !NAME_UNITS.iter().any(|unit| rest.starts_with(unit)) {
            return Some(start);
        }
        from = town.len() - rest.len();
    }
    None
}

/// The ways in which a town and number with hyphens only may be meant, with a unit after the first number
/// (湯村3-1-8 as 湯村3丁目1-8, 大沢3-12 as 大沢3地割12).
pub(crate) fn with_units(town: &str) -> Vec<String> {
    let Some(start) = lot_start(town) else { return Vec::new() };
    let rest = town[start..].trim_start_matches(|letter: char| letter.is_ascii_digit());
    let number = &town[..town.len() - rest.len()];
    let Some(rest) = rest.strip_prefix('-') else { return Vec::new() };
    ["丁目", "地割"].iter().map(|unit| format!("{number}{unit}{rest}")).collect()
}

/// The number that an address writes below its town, and the building after it. Units, ノ and signs become
/// one spelling: 1番8号, 1番地の8 and 1-8 are `1-8`; 12番地イ and 12-イ are `12-イ`. 無番地 is no number.
pub(crate) fn lot(below_town: &str) -> (String, String) {
    let mut key = String::new();
    let mut rest = below_town;
    loop {
        let rest_now = rest.trim_start_matches('-');
        if !key.is_empty() && rest_now.len() < rest.len() {
            hyphen(&mut key);
        }
        rest = rest_now;
        let after = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let digits = &rest[..rest.len() - after.len()];
        if !digits.is_empty() {
            if !key.is_empty() && ROOM_UNITS.iter().any(|unit| after.starts_with(unit)) {
                break;
            }
            key.push_str(digits);
            rest = after;
        } else if let (false, Some(after)) =
            (key.is_empty(), LOT_UNITS.iter().find_map(|unit| rest.strip_prefix(unit)))
        {
            hyphen(&mut key);
            rest = after;
        } else if let Some((sign, after)) = sign(&key, rest) {
            if !key.is_empty() {
                hyphen(&mut key);
            }
            key.push(sign);
            rest = after;
        } else {
            break;
        }
    }
    let number = key.trim_end_matches('-').to_owned();
    let number = if number.contains(|letter: char| letter.is_ascii_digit()) { number } else { String::new() };
    let building = if number.is_empty() { below_town } else { rest };
    (number, building.trim_start_matches("無番地").trim().to_owned())
}

fn hyphen(key: &mut String) {
    if !key.ends_with('-') {
        key.push('-');
    }
}

/// A sign of a lot: before its number (甲1234), or after it where nothing else goes on (1234-イ-2).
fn sign<'a>(key: &str, rest: &'a str) -> Option<(char, &'a str)> {
    let sign = rest.chars().next().filter(|letter| LOT_SIGNS.contains(*letter))?;
    let after = &rest[sign.len_utf8()..];
    let goes_on = after.starts_with(|letter: char| letter.is_ascii_digit() || letter == '-');
    let ends = after.is_empty() || after.starts_with("番地") || after.starts_with('号');
    (goes_on || !key.is_empty() && ends).then_some((sign, after))
}

/// Town and number of a comparable town without building. Two addresses with the same key are the same
/// place.
pub(crate) fn house_key(town: &str) -> String {
    let name_end = match lot_start(town) {
        Some(start) => {
            let name = &town[..start];
            let sign = name.chars().next_back().filter(|letter| LOT_SIGNS.contains(*letter));
            start - sign.map_or(0, char::len_utf8)
        }
        None => return town.to_owned(),
    };
    let (name, number) = (&town[..name_end], lot(&town[name_end..]).0);
    format!("{name}{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_code_before_an_address_is_passed_over_with_and_without_its_sign() {
        for (said, address) in [
            ("〒730－8652広島市", "広島市"),
            ("〒７３０−８６５２　１番町", "１番町"),
            (" 908-0002 汐見県汐見市", "汐見県汐見市"),
            ("９０８－０００２汐見市", "汐見市"),
            ("広島市", "広島市"),
            ("9080002番地", "9080002番地"),
            ("1-1-8", "1-1-8"),
        ] {
            assert_eq!(after_post_code(said), address, "{said}");
        }
    }

    #[test]
    fn a_town_loses_its_ordinal_and_its_title() {
        assert_eq!(town("大字湯村三丁目1-8"), "湯村3丁目1-8");
        assert_eq!(town("字湯村"), "湯村");
        assert_eq!(town("大沢第三地割12"), "大沢3地割12");
        assert_eq!(town("第一生命ビル"), "第一生命ビル");
        assert_eq!(town("〒400-0001湯村"), "湯村");
        assert_eq!(town("六番丁"), "6番町");
    }

    #[test]
    fn numbers_are_read_whatever_their_units_and_buildings_stand_apart() {
        for (below_town, number, building) in [
            ("1-8", "1-8", ""),
            ("1番8号", "1-8", ""),
            ("1番地ノ8", "1-8", ""),
            ("1番地8アルカディアビル3階", "1-8", "アルカディアビル3階"),
            ("1-8 303", "1-8", "303"),
            ("1-8-303号室", "1-8", "303号室"),
            ("1-8-2F", "1-8", "2F"),
            ("1234番地イ", "1234-イ", ""),
            ("1234-イ-3", "1234-イ-3", ""),
            ("甲1234-5", "甲1234-5", ""),
            ("12-甲", "12-甲", ""),
            ("12ハイツ甲府", "12", "ハイツ甲府"),
            ("12ニュー甲府", "12", "ニュー甲府"),
            ("無番地", "", ""),
            ("無番地県立病院", "", "県立病院"),
            ("県庁内", "", "県庁内"),
            ("", "", ""),
            ("3地割12-1", "3-12-1", ""),
        ] {
            assert_eq!(lot(below_town), (number.to_owned(), building.to_owned()), "{below_town}");
        }
    }

    #[test]
    fn house_keys_ignore_how_the_number_is_written_and_the_building() {
        for address in ["湯村3丁目1-8", "湯村3丁目1番8号", "湯村3-1-8アルカディアビル3階", "湯村3丁目1番地8"]
        {
            assert_eq!(house_key(address), "湯村3-1-8", "{address}");
        }
        assert_eq!(house_key("北1条西3丁目5-2"), "北1条西3-5-2");
        assert_eq!(house_key("6番町1-2"), "6番町1-2", "the number of a name ends no address");
        assert_eq!(house_key("丸ノ内"), "丸ノ内");
        assert_eq!(house_key("湯村甲12番地"), "湯村甲12");
        assert_eq!(house_key("湯村無番地"), "湯村無番地");
    }

    #[test]
    fn hyphens_are_read_with_every_unit_that_they_may_stand_for() {
        assert_eq!(with_units("湯村3-1-8"), ["湯村3丁目1-8", "湯村3地割1-8"]);
        assert_eq!(with_units("北1条西3-5"), ["北1条西3丁目5", "北1条西3地割5"]);
        assert!(with_units("湯村31").is_empty());
        assert!(with_units("湯村").is_empty());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken_apart_without_losing_its_way(text: String) {
            let town = town(&comparable(&text));
            proptest::prop_assert_eq!(house_key(&house_key(&town)), house_key(&town));
            let _ = (lot(&town), with_units(&town));
        }
    }
}
