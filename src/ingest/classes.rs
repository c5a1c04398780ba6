//! The table of facility classes (`shapes/tables/facility_classes.toml`).

use crate::ingest::todokede::Section;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(rename = "as_of")]
    _as_of: String,
    class: Vec<Class>,
}

/// One class of facility, with the words by which files speak of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Stable name, shown to people.
    pub id: String,
    /// Name in English.
    pub label_en: String,
    /// What the class tells of.
    pub kind: ClassKind,
    /// Where the word is defined.
    pub source: String,
    /// How well that is known: `V` verified, `M` from general knowledge.
    pub tag: String,
    /// Facilities of the class must have a 協力医療機関.
    #[serde(default)]
    pub must_have_partner: bool,
    iryo_joho_net: Option<String>,
    #[serde(default)]
    code_contents: Vec<String>,
    section: Option<String>,
    #[serde(default)]
    symbols: Vec<String>,
    #[serde(default)]
    services: Vec<String>,
    #[serde(default)]
    derived_symbols: Vec<String>,
    derived_section: Option<String>,
    derived_min_beds: Option<u32>,
}

/// What a class tells of an institution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClassKind {
    /// What it is by law (病院, 診療所 …).
    Institution,
    /// What it has filed (施設基準).
    Filing,
    /// Which care service it offers.
    Care,
    /// On which list of the prefecture it stands.
    Listed,
}

static TABLE: LazyLock<Vec<Class>> = LazyLock::new(|| {
    let table: Table = toml::from_str(include_str!("../../shapes/tables/facility_classes.toml"))
        .expect("the table of facility classes is part of the program and tested");
    table.class
});

/// All classes in the order of the table.
#[must_use]
pub fn classes() -> &'static [Class] {
    &TABLE
}

/// Whether any of some classes is of facilities that must have a 協力医療機関 (介護保険施設).
#[must_use]
pub fn must_have_partner(of: &BTreeSet<String>) -> bool {
    TABLE.iter().any(|class| class.must_have_partner && of.contains(&class.id))
}

/// Words of files that speak of a class, as far as they were met in files of the prefecture.
#[derive(Default)]
pub(crate) struct Seen {
    /// 機関区分 of 医療情報ネット.
    pub iryo_joho_net: BTreeSet<String>,
    /// 区分 of 届出受理医療機関名簿.
    pub sections: BTreeSet<Section>,
    /// 受理番号 of 訪問看護ステーション. Only their 略称一覧 would tell all of them, and it changes.
    pub station_symbols: BTreeSet<String>,
    /// サービスの種類 of 介護サービス情報公表.
    pub services: BTreeSet<String>,
    /// 区分 and kind of コード内容別 (`医科 病院`).
    pub contents: BTreeSet<String>,
}

/// Stations of 訪問看護, of which other files tell what they have filed.
pub(crate) const NURSING: &str = "訪問看護";

/// Classes of which the files that were read can speak.
pub(crate) fn loaded(seen: &Seen) -> BTreeSet<String> {
    let is_loaded = |class: &&Class| {
        if let Some(word) = &class.iryo_joho_net {
            seen.iryo_joho_net.contains(word)
                || class.code_contents.iter().any(|word| seen.contents.contains(word))
        } else if let Some(section) = &class.section {
            Section::from_name(section).is_some_and(|section| {
                seen.sections.contains(&section)
                    && (section != Section::Nursing
                        || class.symbols.iter().any(|symbol| seen.station_symbols.contains(symbol)))
            })
        } else {
            seen.services.iter().any(|service| class.offers(service))
        }
    };
    classes().iter().filter(is_loaded).map(|class| class.id.clone()).collect()
}

/// Classes of a 機関区分.
pub(crate) fn of_iryo_joho_net(word: &str) -> impl Iterator<Item = String> {
    classes()
        .iter()
        .filter(move |class| class.iryo_joho_net.as_deref() == Some(word))
        .map(|class| class.id.clone())
}

/// How the class table writes what コード内容別 tells of an institution.
pub(crate) fn contents_word(section: Section, kind: &str) -> String {
    format!("{} {kind}", section.name())
}

/// Classes of an institution of コード内容別.
pub(crate) fn of_contents(section: Section, kind: &str) -> impl Iterator<Item = String> {
    let word = contents_word(section, kind);
    classes().iter().filter(move |class| class.code_contents.contains(&word)).map(|class| class.id.clone())
}

/// Classes of the filings of one institution.
pub(crate) fn of_filings(section: Section, symbols: &BTreeSet<String>) -> impl Iterator<Item = String> {
    classes()
        .iter()
        .filter(move |class| class.section.as_deref().and_then(Section::from_name) == Some(section))
        .filter(|class| class.symbols.iter().any(|symbol| symbols.contains(symbol)))
        .map(|class| class.id.clone())
}

/// Classes of which a symbol of any price list tells.
pub(crate) fn of_symbol(symbol: &str) -> impl Iterator<Item = &'static str> {
    let tells = move |class: &&Class| class.symbols.iter().any(|known| known == symbol);
    classes().iter().filter(tells).map(|class| class.id.as_str())
}

/// What an institution that 医療情報ネット does not know must be, by its filings and beds. This
/// completes a class that is loaded; without 医療情報ネット a class would be there in part only and
/// its absence elsewhere would say nothing, so no record carries it.
pub(crate) fn derived(
    section: Section,
    symbols: &BTreeSet<String>,
    beds: Option<u32>,
    loaded: &BTreeSet<String>,
) -> BTreeSet<String> {
    let is_derived = |class: &&Class| {
        class.derived_symbols.iter().any(|symbol| symbols.contains(symbol))
            || class.derived_section.as_deref().and_then(Section::from_name) == Some(section)
            || (section == Section::Medical
                && class.derived_min_beds.is_some_and(|least| beds >= Some(least)))
    };
    let derived = classes().iter().filter(is_derived).map(|class| class.id.clone());
    derived.filter(|class| loaded.contains(class)).collect()
}

/// Classes of a care service.
pub(crate) fn of_service(service: &str) -> impl Iterator<Item = String> {
    classes().iter().filter(move |class| class.offers(service)).map(|class| class.id.clone())
}

impl Class {
    fn offers(&self, service: &str) -> bool {
        let service = plain(service);
        self.services.iter().any(|known| match known.strip_suffix('*') {
            Some(beginning) => service.starts_with(&plain(beginning)),
            None => service == plain(known),
        })
    }
}

fn plain(service: &str) -> String {
    service.nfkc().filter(|letter| !letter.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(words: &[&str]) -> BTreeSet<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn every_class_has_one_id_a_source_a_tag_and_words_after_nfkc() {
        let ids: BTreeSet<&str> = classes().iter().map(|class| class.id.as_str()).collect();
        assert_eq!(ids.len(), classes().len());
        for class in classes() {
            assert!(!class.source.is_empty() && !class.label_en.is_empty(), "{}", class.id);
            assert!(["V", "M"].contains(&class.tag.as_str()), "{}", class.id);
            let words = class.symbols.iter().chain(&class.derived_symbols).chain([&class.id]);
            assert!(words.into_iter().all(|word| *word == plain(word)), "{}", class.id);
            let has_section = class.section.as_deref().is_none_or(|name| Section::from_name(name).is_some());
            assert!(
                has_section && class.section.is_some() == (class.kind == ClassKind::Filing),
                "{}",
                class.id
            );
            assert_eq!(class.services.is_empty(), class.kind != ClassKind::Care, "{}", class.id);
        }
    }

    #[test]
    fn filings_care_services_and_bed_counts_give_their_classes() {
        let filings: Vec<String> =
            of_filings(Section::Medical, &set(&["支援診2ア", "在医総管1", "歯援診1"])).collect();
        assert_eq!(filings, ["支援診2", "在医総管", "在医総管1"]);
        assert_eq!(
            of_service("看護小規模多機能型居宅介護（複合型サービス）").collect::<Vec<_>>(),
            ["看多機"]
        );
        assert_eq!(of_service("訪問看護").collect::<Vec<_>>(), ["訪問看護"]);
        assert_eq!(of_iryo_joho_net("5").collect::<Vec<_>>(), ["薬局"]);
    }

    #[test]
    fn what_an_institution_must_be_is_derived_only_for_classes_that_are_loaded() {
        let loaded = set(&["病院", "診療所", "薬局"]);
        assert_eq!(derived(Section::Medical, &set(&[]), Some(20), &loaded), set(&["病院"]));
        assert_eq!(derived(Section::Medical, &set(&["支援診3"]), Some(19), &loaded), set(&["診療所"]));
        assert_eq!(derived(Section::Medical, &set(&[]), None, &loaded), set(&[]));
        assert_eq!(derived(Section::Pharmacy, &set(&[]), None, &loaded), set(&["薬局"]));
        assert_eq!(derived(Section::Dental, &set(&["歯援診1"]), None, &loaded), set(&[]));
        assert_eq!(derived(Section::Medical, &set(&["支援病3"]), Some(200), &set(&["診療所"])), set(&[]));
    }

    #[test]
    fn a_class_is_loaded_only_by_a_file_that_speaks_of_it() {
        let seen = Seen {
            iryo_joho_net: set(&["1"]),
            sections: BTreeSet::from([Section::Medical, Section::Nursing]),
            station_symbols: set(&["訪看10", "訪看25"]),
            services: set(&["訪問入浴介護"]),
            contents: set(&[]),
        };
        let loaded = loaded(&seen);
        for class in ["病院", "支援診1", "在後病", "訪問入浴", "訪問看護特別管理"] {
            assert!(loaded.contains(class), "{class}");
        }
        // A list of stations without any of the numbers that the table knows does not tell that there are none.
        for class in ["診療所", "薬局", "歯援診1", "在薬", "訪問看護", "訪問看護24時間", "機能強化型訪問看護"]
        {
            assert!(!loaded.contains(class), "{class}");
        }
    }
}
