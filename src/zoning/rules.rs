//! The rules of the guideline as a dated table (`shapes/tables/rules.toml`): clauses, and the
//! facility classes that count as candidates.

use crate::ingest::study::{Institution, Study};
use crate::zoning::asked::AskedRule;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

const TABLE: &str = include_str!("../../shapes/tables/rules.toml");

/// The rules in force.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Name of the guideline and its edition.
    pub version: String,
    /// Day from which it is in force.
    pub valid_from: String,
    /// Notices.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
    /// Who counts as a candidate.
    pub candidates: Candidates,
    /// Thresholds of the figures by which plans are compared.
    pub figures: FigureRules,
    /// Clauses by which plans are audited.
    #[serde(rename = "rule")]
    pub rules: Vec<Rule>,
    /// How many names are shown of those who bear a function.
    pub naming: Naming,
    /// The four functions of home care, in their order.
    #[serde(rename = "function")]
    pub functions: Vec<Function>,
    /// Rules that the optimiser can keep, and whether it does.
    pub zoning: Vec<AskedRule>,
}

/// `[candidates]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Candidates {
    /// Classes that are candidates for 積極的役割を担う医療機関.
    pub active_classes: Vec<String>,
    /// Why these.
    pub active_source: String,
    /// Classes that are candidates for 連携拠点.
    pub linkage_classes: Vec<String>,
    /// Why these.
    pub linkage_source: String,
    /// Classes that visit around the clock.
    pub visiting_24h_classes: Vec<String>,
    /// Tag of the whole choice.
    pub tag: String,
}

/// `[figures]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FigureRules {
    /// Minutes within which an institution counts as near.
    pub near_minutes: u32,
    /// Why this many.
    pub near_source: String,
    /// The year for which plans are made beside the present.
    pub horizon_year: u16,
    /// Why this year.
    pub horizon_source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
}

/// `[[rule]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Stable id.
    pub id: String,
    /// Name in Japanese.
    pub name: String,
    /// Where it comes from.
    pub clause: String,
}

/// `[naming]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Naming {
    /// So many names at most.
    pub most: usize,
    /// Which, in words for people.
    pub rule: String,
    /// Where the rule comes from.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
}

/// `[[function]]`: one of the four functions of home care.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Function {
    /// Stable id.
    pub id: String,
    /// Name in Japanese.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// Where it comes from.
    pub clause: String,
    /// Of each of these somebody is needed, who bears any of the named parts.
    pub needs: Vec<Vec<String>>,
    /// Its parts.
    pub parts: Vec<Part>,
}

/// A part of a function.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Japanese term, the id everywhere.
    pub id: String,
    /// Name in English.
    pub name_en: String,
    /// Classes that bear it, in the order in which they are named.
    pub classes: Vec<String>,
    /// Why these.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
    /// Published values; absent = none are known.
    pub national: Option<National>,
}

/// Institutions per 100,000 people as published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct National {
    /// Of the country.
    pub per_100k: f64,
    /// Of the prefecture with fewest.
    pub lowest: f64,
    /// Of the prefecture with most.
    pub highest: f64,
    /// Year.
    pub year: u16,
    /// Where the values come from.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
}

/// The rule table is damaged.
#[derive(Debug, thiserror::Error)]
#[error("規則表 shapes/tables/rules.toml が読めません: {0}")]
pub struct RulesError(String);

impl Rules {
    /// The table that ships with the program.
    ///
    /// # Errors
    /// [`RulesError`] when the table is damaged.
    pub fn shipped() -> Result<Self, RulesError> {
        toml::from_str(TABLE).map_err(|error| RulesError(error.to_string()))
    }

    /// The clause of a rule; empty for a rule that the table does not name.
    #[must_use]
    pub fn clause(&self, id: &str) -> &str {
        self.rules.iter().find(|rule| rule.id == id).map_or("", |rule| &rule.clause)
    }
}

/// An institution that may lead a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeadSite {
    /// Position in [`Study::institutions`].
    pub institution: usize,
    /// Where it stands, position in [`Study::municipalities`].
    pub municipality: usize,
}

/// A candidate for 連携拠点.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hub {
    /// Position in [`Study::institutions`]; `None` = known from the prefecture's list, by municipality only.
    pub institution: Option<usize>,
    /// The municipalities in which it stands or which it serves, in order.
    pub municipalities: Vec<usize>,
}

impl Candidates {
    /// Positions of the institutions that may take the active role: by class, or because the
    /// prefecture lists them and they are hospitals or clinics. `None` = neither filings nor list
    /// were loaded.
    #[must_use]
    pub fn active(&self, study: &Study) -> Option<Vec<usize>> {
        let list = study.active_list.as_ref();
        let listed: BTreeSet<usize> = list
            .into_iter()
            .flatten()
            .filter(|entry| entry.is_medical)
            .filter_map(|entry| entry.institution)
            .collect();
        let candidate = |(at, institution): (usize, &Institution)| {
            (listed.contains(&at) || has_class(institution, &self.active_classes)).then_some(at)
        };
        let known = list.is_some() || is_loaded(study, &self.active_classes);
        known.then(|| study.institutions.iter().enumerate().filter_map(candidate).collect())
    }

    /// The candidates for the active role that stand in a municipality; one of them leads each
    /// proposed zone. `None` = not loaded.
    #[must_use]
    pub fn leads(&self, study: &Study) -> Option<Vec<LeadSite>> {
        let site = |institution: usize| {
            let municipality = study.institutions[institution].municipality?;
            Some(LeadSite { institution, municipality })
        };
        Some(self.active(study)?.into_iter().filter_map(site).collect())
    }

    /// The candidates for 連携拠点: institutions by class, then the prefecture's list. `None` = nothing
    /// was loaded.
    #[must_use]
    pub fn linkage(&self, study: &Study) -> Option<Vec<Hub>> {
        let hub = |(at, institution): (usize, &Institution)| {
            Some(Hub { institution: Some(at), municipalities: vec![institution.municipality?] })
        };
        let by_class = study
            .institutions
            .iter()
            .enumerate()
            .filter(|(_, institution)| has_class(institution, &self.linkage_classes))
            .filter_map(hub);
        let list = study.linkage_list.iter().flatten();
        let listed = list.map(|entry| Hub { institution: None, municipalities: entry.municipalities() });
        let known = study.linkage_list.is_some() || is_loaded(study, &self.linkage_classes);
        known.then(|| by_class.chain(listed).collect())
    }

    /// Positions of the institutions that visit around the clock; `None` = not loaded.
    #[must_use]
    pub fn visiting_24h(&self, study: &Study) -> Option<Vec<usize>> {
        let visits = |at: &usize| has_class(&study.institutions[*at], &self.visiting_24h_classes);
        let loaded = is_loaded(study, &self.visiting_24h_classes);
        loaded.then(|| (0..study.institutions.len()).filter(visits).collect())
    }
}

fn is_loaded(study: &Study, classes: &[String]) -> bool {
    classes.iter().any(|class| study.loaded_classes.contains(class))
}

fn has_class(institution: &Institution, classes: &[String]) -> bool {
    classes.iter().any(|class| institution.classes.contains(class))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_of_the_optimiser_have_a_source_and_ids_of_their_own() {
        let rules = Rules::shipped().expect("shipped").zoning;
        let ids: BTreeSet<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
        assert_eq!(ids.len(), rules.len());
        assert!(
            rules
                .iter()
                .all(|rule| !rule.source.is_empty() && ["V", "D", "M", "A"].contains(&rule.tag.as_str()))
        );
    }

    #[test]
    fn the_four_functions_need_parts_that_they_have_of_classes_that_exist() {
        let functions = Rules::shipped().expect("shipped").functions;
        let ids: Vec<&str> = functions.iter().map(|function| function.id.as_str()).collect();
        assert_eq!(ids, ["discharge", "daily", "sudden", "end_of_life"]);
        let known: BTreeSet<&str> =
            crate::ingest::classes::classes().iter().map(|class| class.id.as_str()).collect();
        let mut parts = BTreeSet::new();
        for function in &functions {
            let own: Vec<&String> = function.parts.iter().map(|part| &part.id).collect();
            assert!(function.needs.iter().flatten().all(|need| own.contains(&need)), "{}", function.id);
            for part in &function.parts {
                assert!(parts.insert(part.id.clone()), "{} stands twice", part.id);
                assert!(part.classes.iter().all(|class| known.contains(class.as_str())), "{}", part.id);
                assert!(
                    !part.source.is_empty() && ["V", "M", "A"].contains(&part.tag.as_str()),
                    "{}",
                    part.id
                );
                assert!(
                    part.national
                        .as_ref()
                        .is_none_or(|of| of.lowest < of.per_100k && of.per_100k < of.highest)
                );
            }
        }
    }

    #[test]
    fn the_shipped_table_names_every_audited_rule() {
        let rules = Rules::shipped().expect("shipped");
        for id in ["partition", "contiguous", "active", "linkage", "active_is_medical"] {
            assert!(!rules.clause(id).is_empty(), "{id}");
        }
    }
}
