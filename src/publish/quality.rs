//! データの質: what was looked for in the data, what was found, and what became of every row.

use crate::ingest::finding::{Finding, Severity};
use crate::ingest::manifest::InputKind;
use crate::ingest::quality::QualityTable;
use crate::ingest::sources::SourceTable;
use crate::ingest::study::Input;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// The report on the data of a study.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Quality {
    /// All findings by severity.
    pub counts: Counts,
    /// What was looked for, in the order in which it is shown; those without a finding too.
    pub topics: Vec<TopicFigures>,
    /// Every file with what became of its rows.
    pub inputs: Vec<InputFigures>,
}

/// Findings by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// Rows that were set aside.
    pub quarantined: u64,
    /// Used, but somebody should look.
    pub warning: u64,
    /// For information.
    pub note: u64,
}

impl Counts {
    fn add(&mut self, severity: Severity) {
        match severity {
            Severity::Quarantined => self.quarantined += 1,
            Severity::Warning => self.warning += 1,
            Severity::Note => self.note += 1,
        }
    }
}

/// Findings that mean the same for an office.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TopicFigures {
    /// Stable word.
    pub id: &'static str,
    /// Japanese name.
    pub name: &'static str,
    /// English name.
    pub name_en: &'static str,
    /// What it means, in Japanese.
    pub meaning: &'static str,
    /// The same in English.
    pub meaning_en: &'static str,
    /// What can be done, in Japanese.
    pub todo: &'static str,
    /// The same in English.
    pub todo_en: &'static str,
    /// By severity.
    pub counts: Counts,
    /// The kinds of finding that were met, in order of their words.
    pub kinds: Vec<KindFigures>,
}

/// Findings of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct KindFigures {
    /// Stable word, as in the findings.
    pub kind: String,
    /// Japanese name.
    pub name: String,
    /// By severity.
    pub counts: Counts,
    /// How many have a place on the map.
    pub placed: u64,
    /// By file, in order; the empty name is the study as a whole.
    pub files: BTreeMap<String, u64>,
}

/// One file: `rows_read = rows_stored + rows_quarantined`.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct InputFigures {
    /// What it is.
    pub kind: InputKind,
    /// Japanese name of the kind.
    pub name: &'static str,
    /// Path as written in the manifest.
    pub file: String,
    /// State of the data; `null` = not told.
    pub date: Option<String>,
    /// Conditions of use: of the file, else of its kind; `null` = the prefecture's own.
    pub licence: Option<String>,
    /// Rows in the file.
    pub rows_read: u64,
    /// Rows that were used.
    pub rows_stored: u64,
    /// Rows that were set aside.
    pub rows_quarantined: u64,
    /// Whether the three agree.
    pub conserved: bool,
    /// Findings of the file.
    pub counts: Counts,
}

/// The report on inputs and what was doubtful in them.
#[must_use]
pub fn quality(inputs: &[Input], findings: &[Finding]) -> Quality {
    let table = QualityTable::shipped();
    let mut counts = Counts::default();
    let mut by_topic = vec![Counts::default(); table.topics.len()];
    let mut by_kind: BTreeMap<&str, KindFigures> = BTreeMap::new();
    let mut by_file: BTreeMap<&str, Counts> = BTreeMap::new();
    for finding in findings {
        counts.add(finding.severity);
        by_topic[table.topic_of(&finding.kind)].add(finding.severity);
        by_file.entry(&finding.file).or_default().add(finding.severity);
        let kind = by_kind.entry(&finding.kind).or_insert_with(|| KindFigures {
            kind: finding.kind.clone(),
            name: table.name_of(&finding.kind).unwrap_or(&finding.kind).to_owned(),
            counts: Counts::default(),
            placed: 0,
            files: BTreeMap::new(),
        });
        kind.counts.add(finding.severity);
        kind.placed += u64::from(finding.place.is_some());
        *kind.files.entry(finding.file.clone()).or_default() += 1;
    }
    let topics = table.topics.iter().zip(by_topic).enumerate().map(|(at, (topic, counts))| TopicFigures {
        id: &topic.id,
        name: &topic.ja,
        name_en: &topic.en,
        meaning: &topic.meaning_ja,
        meaning_en: &topic.meaning_en,
        todo: &topic.todo_ja,
        todo_en: &topic.todo_en,
        counts,
        kinds: by_kind.values().filter(|kind| table.topic_of(&kind.kind) == at).cloned().collect(),
    });
    let topics = topics.collect();
    let inputs = inputs.iter().map(|input| figures(input, &by_file)).collect();
    Quality { counts, topics, inputs }
}

fn figures(input: &Input, by_file: &BTreeMap<&str, Counts>) -> InputFigures {
    let of_kind = || SourceTable::shipped().of_kind(input.kind).map(|source| source.licence.clone());
    InputFigures {
        kind: input.kind,
        name: input.kind.name(),
        file: input.file.clone(),
        date: input.date.clone(),
        licence: input.licence.clone().or_else(of_kind),
        rows_read: input.rows_read,
        rows_stored: input.rows_stored,
        rows_quarantined: input.rows_quarantined,
        conserved: input.rows_read == input.rows_stored + input.rows_quarantined,
        counts: by_file.get(input.file.as_str()).copied().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(severity: Severity, kind: &str, file: &str, place: Option<[f64; 2]>) -> Finding {
        Finding {
            severity,
            kind: kind.to_owned(),
            file: file.to_owned(),
            layer: None,
            row: Some(2),
            field: None,
            said: String::new(),
            meant: String::new(),
            place,
        }
    }

    #[test]
    fn every_finding_is_counted_once_by_topic_by_kind_and_by_file() {
        let input = |file: &str, rows_read, rows_quarantined| Input {
            kind: InputKind::Todokede,
            file: file.to_owned(),
            date: None,
            licence: (file == "b").then(|| "CC0".to_owned()),
            attribution: None,
            sha256: String::new(),
            rows_read,
            rows_stored: 9,
            rows_quarantined,
        };
        let findings = [
            finding(Severity::Warning, "unlocated", "a", None),
            finding(Severity::Warning, "located_at_municipality", "a", Some([138.0, 35.0])),
            finding(Severity::Quarantined, "bad_filing_row", "b", None),
            finding(Severity::Note, "of_tomorrow", "", None),
        ];
        let report = quality(&[input("a", 10, 1), input("b", 11, 1)], &findings);
        assert_eq!(report.counts, Counts { quarantined: 1, warning: 2, note: 1 });
        let topic = |id: &str| report.topics.iter().find(|topic| topic.id == id).expect("a topic");
        assert_eq!(topic("place").counts, Counts { quarantined: 0, warning: 2, note: 0 });
        let kinds: Vec<(&str, &str, u64)> = topic("place")
            .kinds
            .iter()
            .map(|one| (one.kind.as_str(), one.name.as_str(), one.placed))
            .collect();
        assert_eq!(
            kinds,
            [("located_at_municipality", "市町村の代表点に配置", 1), ("unlocated", "位置不明", 0)]
        );
        assert_eq!(topic("other").kinds[0].name, "of_tomorrow", "a kind of tomorrow is shown by its word");
        assert_eq!(topic("duplicates").counts, Counts::default(), "what was not found is shown too");
        let inputs: Vec<_> = report.inputs.iter().map(|one| (one.conserved, one.counts.warning)).collect();
        assert_eq!(inputs, [(true, 2), (false, 0)]);
        assert_eq!(report.inputs[1].licence.as_deref(), Some("CC0"));
        assert!(report.inputs[0].licence.as_deref().is_some_and(|licence| licence.contains("公共データ")));
    }
}
