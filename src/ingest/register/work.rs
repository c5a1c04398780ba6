//! The register while its steps work on it.

use crate::ingest::identity_decisions::Decision;
use crate::ingest::ledger::Ledger;
use crate::ingest::register::Land;
use crate::ingest::register::contradictions::compare_houses;
use crate::ingest::register::draft::Draft;
use crate::ingest::register::scoring::{CERTAIN, Evidence};
use crate::ingest::register::signature::signature;
use crate::ingest::review::{DoubtfulPair, Link, Record, Review};
use crate::ingest::study::{RowOf, SourceRow};
use crate::ingest::todokede::Section;
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct Work<'a> {
    pub land: &'a Land<'a>,
    pub ledgers: &'a mut [Ledger],
    /// By id.
    pub drafts: BTreeMap<String, Draft>,
    pub review: Review,
    /// Keys of records that a planner keeps apart, each pair in order.
    apart: BTreeSet<[String; 2]>,
}

/// How a record was taken for an institution.
#[derive(Clone, Copy)]
pub(super) enum Joined {
    /// It makes the institution; the stable word for that.
    Own(&'static str),
    /// By what the two have in common.
    By(Evidence),
}

impl<'a> Work<'a> {
    pub(super) fn new(
        land: &'a Land<'a>,
        decisions: &[(usize, Decision)],
        ledgers: &'a mut [Ledger],
    ) -> Self {
        let apart = decisions.iter().filter(|(_, decision)| !decision.is_same);
        Self {
            land,
            ledgers,
            drafts: BTreeMap::new(),
            review: Review::default(),
            apart: apart.map(|(_, decision)| in_order(&decision.records)).collect(),
        }
    }

    /// Whether a planner keeps two records apart.
    pub(super) fn is_apart(&self, one: &str, other: &str) -> bool {
        !self.apart.is_empty() && self.apart.contains(&in_order(&[one.to_owned(), other.to_owned()]))
    }

    /// What a record and an institution have in common by name and address.
    pub(super) fn compare(&self, record: &Record, draft: &Draft) -> Evidence {
        let own = signature(&record.name, &record.address, self.land);
        Evidence::of(&own, &signature(draft.name(), draft.address(), self.land))
    }

    /// Takes a record for the institution `id`, which it makes if it is not there.
    pub(super) fn take(
        &mut self,
        id: &str,
        record: Record,
        section: Option<Section>,
        joined: Joined,
    ) -> &mut Draft {
        let (score, reason, matched_by) = match joined {
            Joined::Own(word) => (CERTAIN, String::new(), word),
            Joined::By(evidence) => (evidence.score(), evidence.reason(), evidence.word()),
        };
        let source = SourceRow { input: record.input, row: record.row, matched_by: matched_by.into(), score };
        let link = Link { institution: id.to_owned(), record: record.clone(), score, reason };
        self.review.links.push(link);
        if let Some(draft) = self.drafts.get(id) {
            compare_houses(&record, draft, joined, self.land, &mut self.ledgers[record.input]);
        }
        let draft = self.drafts.entry(id.to_owned()).or_insert_with(|| Draft::new(record, section));
        draft.sources.push(source);
        draft
    }

    /// Lists a pair for review where it speaks for itself and nobody decided on it.
    pub(super) fn doubt(&mut self, one: &Record, other: &Record, evidence: Evidence) {
        if evidence.is_doubtful() && !self.is_apart(&one.key, &other.key) {
            self.review.doubtful.push(DoubtfulPair {
                one: one.clone(),
                other: other.clone(),
                score: evidence.score(),
                reason: evidence.reason(),
            });
        }
    }
}

fn in_order(records: &[String; 2]) -> [String; 2] {
    let mut records = records.clone();
    records.sort();
    records
}

/// The row of a record.
pub(super) const fn row_of(record: &Record) -> RowOf {
    RowOf { input: record.input, row: record.row }
}
