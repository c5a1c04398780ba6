//! Letters of addresses and names made comparable (`shapes/tables/address_letters.toml`).

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(rename = "as_of")]
    _as_of: String,
    group: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "tag")]
    _tag: String,
    letters: Vec<String>,
}

/// The letter by which each other letter of its group is compared.
static FIRST: LazyLock<BTreeMap<char, char>> = LazyLock::new(|| {
    let table: Table = toml::from_str(include_str!("../../../shapes/tables/address_letters.toml"))
        .expect("the table of letters is part of the program and tested");
    let groups = table.group.iter().flat_map(|group| &group.letters);
    let pairs = |letters: &String| {
        let first = letters.chars().next();
        first.map(|first| letters.chars().skip(1).map(move |other| (other, first)).collect::<Vec<_>>())
    };
    groups.filter_map(pairs).flatten().collect()
});

/// Signs that are nothing but a dash.
const DASHES: &str = "-‐‑‒–—―−⁃⎯⏤─━﹘﹣";
/// Signs that are a dash between numbers and a letter elsewhere.
const LONG_VOWELS: &str = "ーｰ一";

/// Katakana that are written by mistake for the Chinese letter of the same look.
const LOOK_ALIKE: [(char, char); 4] = [('ニ', '二'), ('ハ', '八'), ('エ', '工'), ('ロ', '口')];

/// NFKC without white space and loose marks, one letter for each group of variants, one hyphen for all
/// dashes beside digits. White space stays, as one space, only where it parts two numbers.
pub(crate) fn comparable(text: &str) -> String {
    let letters: Vec<char> = text.nfkc().filter(|letter| !is_combining_mark(*letter)).collect();
    let mut plain: Vec<char> = Vec::with_capacity(letters.len());
    for (at, letter) in letters.iter().copied().enumerate() {
        let rest = letters[at + 1..].iter().copied();
        let next = rest.clone().find(|letter| !letter.is_whitespace());
        let before = plain.last().copied();
        if !letter.is_whitespace() {
            plain.push(plain_letter(letter, before, next));
        } else if is_digit(before) && is_digit(next) {
            plain.push(' ');
        }
    }
    plain.into_iter().nfc().collect()
}

fn is_digit(letter: Option<char>) -> bool {
    letter.is_some_and(|letter| letter.is_ascii_digit())
}

fn is_numeral(letter: Option<char>) -> bool {
    letter.is_some_and(|letter| "〇一二三四五六七八九十".contains(letter))
}

fn plain_letter(letter: char, before: Option<char>, next: Option<char>) -> char {
    if letter != '-' && letter.is_ascii() {
        return letter;
    }
    let is_dash = DASHES.contains(letter)
        && [before, next].iter().any(|one| is_digit(*one) || is_numeral(*one))
        || matches!(letter, 'ー' | 'ｰ') && is_numeral(before) && is_numeral(next)
        || LONG_VOWELS.contains(letter) && is_digit(before) && (letter != '一' || is_digit(next));
    if is_dash {
        return '-';
    }
    let look_alike = LOOK_ALIKE.iter().find(|(kana, _)| *kana == letter);
    if let (Some((_, chinese)), false, true) =
        (look_alike, before.is_some_and(is_katakana), next.is_some_and(is_chinese))
    {
        return *chinese;
    }
    FIRST.get(&letter).copied().unwrap_or(letter)
}

const fn is_katakana(letter: char) -> bool {
    matches!(letter, 'ァ'..='ヺ' | 'ー')
}

const fn is_chinese(letter: char) -> bool {
    matches!(letter, '\u{4E00}'..='\u{9FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_one_place_become_the_same() {
        for (one, other) in [
            ("つつじが崎", "つつじヶ﨑"),
            ("鶴ケ島市", "鶴ヶ島市"),
            ("富士川町鰍沢", "冨士川町鰍澤"),
            ("湯村３－１－８", "湯村3-1-8"),
            ("湯村3ー1", "湯村3-1"),
            ("湯村3一1", "湯村3-1"),
            ("丸の内", "丸之内"),
            ("ハ幡町", "八幡町"),
            ("ニ葉", "二葉"),
            ("葛󠄀城", "葛城"),
            ("甲―12", "甲-12"),
            ("丸の内一–六–一", "丸の内一-六-一"),
            ("丸の内一ー六ー一", "丸の内一-六-一"),
        ] {
            assert_eq!(comparable(one), comparable(other), "{one} {other}");
        }
        assert_eq!(comparable("センター前"), "センター前", "a long vowel is no hyphen");
        assert_eq!(comparable("ハニー"), "ハニー");
        assert_eq!(comparable("三ーズ"), "三ーズ");
        assert_eq!(comparable("1234番地ハ"), "1234番地ハ", "a lot is no number");
        assert_eq!(comparable("1-8　303"), "1-8 303", "two numbers stay two");
        assert_eq!(comparable("1 - 8"), "1-8");
    }

    #[test]
    fn every_letter_of_the_table_stands_in_one_group_and_none_is_the_work_of_unicode() {
        let firsts: Vec<char> = FIRST.values().copied().collect();
        for (other, first) in &*FIRST {
            assert!(!firsts.contains(other), "{other} is the first of one group and in another");
            assert_eq!(first.to_string().nfkc().collect::<String>(), first.to_string());
            let composed: String = other.to_string().nfkc().collect();
            assert_eq!(composed, other.to_string(), "{other} is unified by NFKC already");
        }
        let table: Table =
            toml::from_str(include_str!("../../../shapes/tables/address_letters.toml")).expect("a table");
        let all: usize =
            table.group.iter().flat_map(|group| &group.letters).map(|one| one.chars().count() - 1).sum();
        assert_eq!(all, FIRST.len(), "a letter stands twice");
        assert!(FIRST.len() > 350);
    }

    proptest! {
        #[test]
        fn any_text_is_compared_by_its_normal_form_and_comparing_twice_changes_nothing(text: String) {
            let plain = comparable(&text);
            prop_assert_eq!(comparable(&text.nfkc().collect::<String>()), plain.clone());
            prop_assert_eq!(comparable(&plain), plain);
        }

        #[test]
        fn texts_like_addresses_too(text in "[一二八三十丁目番地号のノヶが大字ハニー－―‐0-9０-９ 　甲イ\u{3099}゛市町\\-]{0,16}") {
            let plain = comparable(&text);
            prop_assert_eq!(comparable(&text.nfkc().collect::<String>()), plain.clone());
            prop_assert_eq!(comparable(&plain), plain);
        }
    }
}
