//! Names of institutions made comparable.

use crate::ingest::address::comparable;
use std::collections::BTreeSet;

/// Words that say nothing of who an institution is.
const COMMON_WORDS: [&str; 13] = [
    "クリニツク",
    "リハビリテーション",
    "耳鼻咽喉科",
    "整形外科",
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

/// True when one name holds the other, or both hold the same four letters beside common words.
pub(crate) fn akin(names: &BTreeSet<String>, others: &BTreeSet<String>) -> bool {
    let distinct =
        |name: &String| COMMON_WORDS.iter().fold(name.clone(), |name, word| name.replace(word, ""));
    names.iter().any(|name| {
        others.iter().any(|other| {
            let holds = name.contains(other.as_str()) || other.contains(name.as_str());
            let letters: Vec<char> = distinct(name).chars().collect();
            let other = distinct(other);
            holds || letters.windows(4).any(|part| other.contains(&part.iter().collect::<String>()))
        })
    })
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
}
