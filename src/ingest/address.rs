//! Spellings of Japanese addresses made comparable.

use unicode_normalization::UnicodeNormalization;

/// Old and variant letters, each group written as its first letter. The small letters of place
/// names (ヶ, が …) are written in several ways for one and the same place.
const VARIANTS: [&str; 76] = [
    "ケヶヵカがガか",
    "ノ之の乃",
    "ツッつっ",
    "崎﨑嵜碕",
    "条條",
    "淵渕渊",
    "藪薮",
    "釜竈竃",
    "曽曾",
    "船舟",
    "島嶋嶌",
    "浜濱濵",
    "沢澤",
    "高髙",
    "辺邊邉",
    "斎齋斉齊",
    "滝瀧",
    "竜龍",
    "広廣",
    "国國",
    "栄榮",
    "桜櫻",
    "亜亞",
    "恵惠",
    "真眞",
    "寿壽",
    "蛍螢",
    "穂穗",
    "豊豐",
    "宝寳寶",
    "万萬",
    "円圓",
    "学學",
    "会會",
    "応應",
    "県縣",
    "団團",
    "台臺",
    "与與",
    "芸藝",
    "関關",
    "駅驛",
    "戸戶",
    "富冨",
    "峰峯",
    "野埜",
    "磯礒",
    "籠篭",
    "鯵鰺",
    "鴎鷗",
    "塩鹽",
    "鉄鐵鐡",
    "桧檜",
    "塚塚",
    "闘鬪",
    "檮梼",
    "剣劍劔",
    "岳嶽",
    "徳德",
    "松枩",
    "実實",
    "霊靈",
    "経經",
    "鶏鷄",
    "黒黑",
    "横橫",
    "瀬瀨",
    "館舘",
    "巌巖",
    "来來",
    "当當",
    "区區",
    "旧舊",
    "楽樂",
    "医醫",
    "青靑",
];

const HYPHENS: &str = "-‐‑‒–—―−ーｰ─━﹣";

/// NFKC, no white space, one letter for each group of variants, one hyphen after digits.
pub(crate) fn comparable(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.nfkc().filter(|letter| !letter.is_whitespace()) {
        let after_digit = plain.ends_with(|last: char| last.is_ascii_digit());
        plain.push(if after_digit && HYPHENS.contains(letter) { '-' } else { plain_letter(letter) });
    }
    plain
}

fn plain_letter(letter: char) -> char {
    if letter.is_ascii() {
        return letter;
    }
    let group = VARIANTS.iter().find(|group| group.contains(letter));
    group.and_then(|group| group.chars().next()).unwrap_or(letter)
}

/// A comparable town with kanji numerals before 丁目 and the like in Arabic digits, without
/// leading 大字 or 字.
pub(crate) fn town(comparable: &str) -> String {
    let plain = arabic(comparable);
    let plain = plain.strip_prefix("大字").or_else(|| plain.strip_prefix("字")).unwrap_or(&plain);
    plain.to_owned()
}

const UNITS: [&str; 6] = ["丁目", "条", "線", "地割", "番町", "番丁"];

/// Kanji numerals in Arabic digits where a unit follows them (三丁目 to 3丁目).
fn arabic(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let after = rest.trim_start_matches(|letter| numeral(letter).is_some());
        let number = &rest[..rest.len() - after.len()];
        match read_number(number) {
            Some(number) if UNITS.iter().any(|unit| after.starts_with(unit)) => {
                plain.push_str(&number.to_string());
                rest = after;
            }
            _ if !number.is_empty() => {
                plain.push_str(number);
                rest = after;
            }
            _ => {
                plain.push(letter);
                rest = &rest[letter.len_utf8()..];
            }
        }
    }
    plain
}

fn numeral(letter: char) -> Option<u32> {
    match letter {
        '十' => Some(10),
        _ => "〇一二三四五六七八九".chars().position(|digit| digit == letter).map(|at| at as u32),
    }
}

/// A number below 100 in kanji; `None` for anything else.
fn read_number(kanji: &str) -> Option<u32> {
    let digits: Vec<u32> = kanji.chars().map_while(numeral).collect();
    match digits.as_slice() {
        [digit] => Some(*digit),
        [10, ones @ 0..10] => Some(10 + ones),
        [tens @ 0..10, 10] => Some(tens * 10),
        [tens @ 0..10, 10, ones @ 0..10] | [tens @ 0..10, ones @ 0..10] => Some(tens * 10 + ones),
        _ => None,
    }
}

/// A comparable town and number with `丁目` before the rest, where the address writes only hyphens
/// (湯村3-1-8 to 湯村3丁目1-8).
pub(crate) fn with_chome(town: &str) -> Option<String> {
    let start = town.find(|letter: char| letter.is_ascii_digit())?;
    let rest = town[start..].trim_start_matches(|letter: char| letter.is_ascii_digit());
    let number = &town[..town.len() - rest.len()];
    rest.strip_prefix('-').map(|rest| format!("{number}丁目{rest}"))
}

/// Town and house number without building: 丁目, 番地, 番 and 号 as hyphens, cut after the number.
/// Two addresses with the same key are the same place.
pub(crate) fn house_key(town: &str) -> String {
    let mut plain = town.to_owned();
    for unit in ["丁目", "番地ノ", "番地", "番", "号", "ノ"] {
        plain = plain.replace(unit, "-");
    }
    let mut key = String::new();
    for letter in plain.chars() {
        let numbered = key.contains(|letter: char| letter.is_ascii_digit());
        match letter {
            '-' if key.ends_with('-') => {}
            '-' => key.push('-'),
            _ if numbered && !letter.is_ascii_digit() => break,
            _ => key.push(letter),
        }
    }
    key.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_place_become_the_same() {
        for (one, other) in [
            ("つつじが崎", "つつじヶ﨑"),
            ("鶴ケ島市", "鶴ヶ島市"),
            ("富士川町鰍沢", "冨士川町鰍澤"),
            ("湯村３－１－８", "湯村3-1-8"),
            ("湯村3ー1", "湯村3-1"),
            ("丸の内", "丸之内"),
        ] {
            assert_eq!(comparable(one), comparable(other), "{one} {other}");
        }
        assert_eq!(comparable("センター前"), "センター前", "a long vowel is no hyphen");
    }

    #[test]
    fn numerals_are_arabic_only_before_units() {
        assert_eq!(town("大字湯村三丁目1-8"), "湯村3丁目1-8");
        assert_eq!(town("北一条西二十一丁目"), "北1条西21丁目");
        assert_eq!(town("三日町"), "三日町");
        assert_eq!(town("十日市場二丁目"), "十日市場2丁目");
        assert_eq!(town("十文字"), "十文字");
        assert_eq!(town("九十丁目"), "90丁目");
    }

    #[test]
    fn house_keys_ignore_how_the_number_is_written_and_the_building() {
        for address in ["湯村3丁目1-8", "湯村3丁目1番8号", "湯村3-1-8アルカディアビル3階", "湯村3丁目1番地8"]
        {
            assert_eq!(house_key(address), "湯村3-1-8", "{address}");
        }
        assert_eq!(with_chome("湯村3-1-8").as_deref(), Some("湯村3丁目1-8"));
        assert_eq!(with_chome("湯村31"), None);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_compared_by_its_normal_form(text: String) {
            let plain = comparable(&text);
            proptest::prop_assert_eq!(comparable(&text.nfkc().collect::<String>()), plain.clone());
            let _ = (house_key(&town(&plain)), with_chome(&plain));
        }
    }
}
