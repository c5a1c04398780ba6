//! Names of institutions made comparable.

use crate::ingest::address::comparable;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Words by which every station is called, the longer before what they hold.
static STATION_WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let words = ["訪問看護リハビリステーション", "訪問看護ステーション", "ステーション", "訪問看護"];
    words.map(comparable).into()
});

/// Other words that say nothing of who an institution is, the longer before what they hold.
static COMMON_WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let words = [
        "リハビリテーション",
        "耳鼻咽喉科",
        "クリニック",
        "レディース",
        "ファミリー",
        "メディカル",
        "メンタル",
        "デンタル",
        "整形外科",
        "泌尿器科",
        "産婦人科",
        "調剤薬局",
        "小児科",
        "皮膚科",
        "外科",
        "内科",
        "眼科",
        "歯科",
        "診療所",
        "医院",
        "病院",
    ];
    words.map(comparable).into()
});

/// True when one name holds the other, or both hold the same four letters beside common words, or are the same
/// beside those of stations.
pub(crate) fn akin(names: &BTreeSet<String>, others: &BTreeSet<String>) -> bool {
    let without = |name: &str, words: &[String]| {
        words.iter().fold(name.to_owned(), |name, word| name.replace(word.as_str(), ""))
    };
    names.iter().any(|name| {
        others.iter().any(|other| {
            let [own, others] = [name, other].map(|name| without(name, &STATION_WORDS));
            let is_same = !own.is_empty() && own == others;
            let holds = name.contains(other.as_str()) || other.contains(name.as_str());
            let letters: Vec<char> = without(&own, &COMMON_WORDS).chars().collect();
            let others = without(&others, &COMMON_WORDS);
            let share = || letters.windows(4).any(|part| others.contains(&part.iter().collect::<String>()));
            is_same || holds || share()
        })
    })
}

/// Whether two names differ only in that one writes in kana what the other writes in Chinese letters (ひがき医院
/// and 桧垣医院). How letters are read is not known here, so any kana of a fitting length will do: a reason to
/// look at two records, never to link them.
pub(crate) fn may_read_alike(names: &BTreeSet<String>, others: &BTreeSet<String>) -> bool {
    names.iter().any(|name| {
        others.iter().any(|other| {
            differing(name, other)
                .is_some_and(|[name, other]| is_reading(&name, &other) || is_reading(&other, &name))
        })
    })
}

/// Two names without their common beginning and end; `None` where these are less than two letters (医院).
fn differing(name: &str, other: &str) -> Option<[Vec<char>; 2]> {
    let letters = [name, other].map(|name| name.chars().collect::<Vec<char>>());
    let [name, other] = &letters;
    let start = name.iter().zip(other).take_while(|(one, other)| one == other).count();
    let ends = name[start..].iter().rev().zip(other[start..].iter().rev());
    let end = ends.take_while(|(one, other)| one == other).count();
    (start + end >= 2).then(|| letters.map(|name| name[start..name.len() - end].to_vec()))
}

/// Whether the first is kana only, the second Chinese letters only, with one to four kana for each letter.
fn is_reading(kana: &[char], letters: &[char]) -> bool {
    let is_kana = |letter: &char| matches!(letter, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー');
    let is_chinese = |letter: &char| matches!(letter, '々' | '㐀'..='鿿' | '豈'..='﫿' | '𠀀'..='𲎯');
    let fits = (letters.len()..=4 * letters.len()).contains(&kana.len());
    !letters.is_empty() && fits && kana.iter().all(is_kana) && letters.iter().all(is_chinese)
}

/// Forms of legal persons with which a name may begin.
const LEGAL_FORMS: [&str; 29] = [
    "(医社)",
    "(医財)",
    "(医)",
    "医)",
    "(福)",
    "(株)",
    "(有)",
    "社会医療法人財団",
    "社会医療法人社団",
    "社会医療法人",
    "特定医療法人財団",
    "特定医療法人社団",
    "特定医療法人",
    "医療法人財団",
    "医療法人社団",
    "医療法人",
    "社会福祉法人",
    "一般社団法人",
    "公益社団法人",
    "一般財団法人",
    "公益財団法人",
    "地方独立行政法人",
    "独立行政法人",
    "国立大学法人",
    "学校法人",
    "宗教法人",
    "株式会社",
    "有限会社",
    "合同会社",
];

/// Comparable forms of a name: as written, and without the legal person in front of it. The end of
/// the person's own name is known only where a space or 会 marks it, so both cuts are tried.
pub(crate) fn name_keys(name: &str) -> BTreeSet<String> {
    let plain = |name: &str| comparable(name).replace(['・', '·', '.', '-', '(', ')'], "");
    let whole = plain(name);
    let mut keys = BTreeSet::from([whole.clone()]);
    let compared = comparable(name);
    let Some(rest) = LEGAL_FORMS.iter().find_map(|form| compared.strip_prefix(form)) else { return keys };
    let ends = rest.match_indices('会').map(|(at, end)| at + end.len());
    keys.extend(std::iter::once(0).chain(ends).map(|end| plain(&rest[end..])));
    let words: Vec<&str> = name.split_whitespace().collect();
    keys.extend((1..words.len()).map(|from| plain(&words[from..].concat())));
    keys.retain(|key| key.chars().count() >= 3 || *key == whole);
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_with_and_without_the_legal_person() {
        for (name, key) in [
            ("医療法人社団愛全会愛全病院", "愛全病院"),
            ("社会医療法人青虎会　　ツル虎ノ門外科病院", "ツル虎ノ門外科病院"),
            ("（医）秀紘会今井小児科", "今井小児科"),
            ("医）双雄会　堀内整形外科医院", "堀内整形外科医院"),
        ] {
            let keys = name_keys(name);
            assert!(keys.contains(&comparable(key)), "{keys:?}");
        }
        assert_eq!(name_keys("会田医院").len(), 1);
        assert!(!name_keys("医療法人社団内科").contains(""), "nothing is no name");
    }

    #[test]
    fn what_many_are_called_makes_no_names_akin() {
        for (name, other, expected) in [
            ("訪問看護ステーションほたる", "訪問看護ステーションとんぼ", false),
            ("訪問看護ステーションほたる", "ほたる訪問看護ステーション", true),
            ("さくらメンタルクリニック", "ひまわりメンタルクリニック", false),
            ("山田内科医院", "山田眼科医院", false),
            ("レディースクリニック山田", "佐藤レディースクリニック", false),
            ("甲府北訪問看護ステーション", "甲府北リハビリ訪問看護", false),
            ("ツル虎ノ門外科病院", "ツル虎ノ門外科・リハビリテーション病院", true),
        ] {
            assert_eq!(akin(&name_keys(name), &name_keys(other)), expected, "{name} {other}");
        }
    }

    #[test]
    fn only_kana_for_chinese_letters_may_read_alike() {
        for (name, other, expected) in [
            ("ひがき耳鼻咽喉科医院", "桧垣耳鼻咽喉科医院", true),
            ("高橋歯科", "医療法人たかはし歯科", true),
            ("ふじ田医院", "藤田医院", true),
            ("中央タカハシ医院", "中央高橋医院", true),
            ("桧垣医院", "檜山医院", false),
            ("ひがき医院", "いがき医院", false),
            ("ひがき医院", "桧垣内科クリニック", false),
            ("ひがき医院", "ひがき医院", false),
            ("いいづかこどもクリニック", "医療法人恵愛会", false),
            ("ひ医院", "桧垣医院", false),
            ("さくらの木の下で医院", "桜医院", false),
        ] {
            assert_eq!(may_read_alike(&name_keys(name), &name_keys(other)), expected, "{name} {other}");
        }
    }
}
