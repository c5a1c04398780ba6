//! One institution, one record: 届出受理, code list, 医療情報ネット and care offices brought together.
//!
//! Filings and code list share the 医療機関コード. 医療情報ネット has ids of its own; its rows are
//! joined by name within municipality and price list, confirmed by address where several carry the
//! name, or by house where the names are only akin; otherwise they become records of their own, one
//! for all rows of the same name and house. A care office whose 事業所番号 is a 医療機関コード
//! (みなし指定 of a medical institution) is joined to that institution when municipality and name
//! or house agree; other care offices are records of their own. A station of 訪問看護 has one number
//! in either insurance: its filings are joined to the care office of that number when municipality
//! and name or house agree, else by name within the municipality or by house.
//!
//! Every link has a score by what the two records have in common ([`scoring`]); below the threshold it is
//! not made but listed for review. What a planner decided ([`decisions`]) goes before every score.

mod by_code;
mod care_offices;
mod contradictions;
mod decisions;
mod draft;
mod finish;
mod join;
mod listed;
mod names;
mod same_house;
mod scoring;
mod signature;
mod sites;
mod stations;
mod unmatched;
mod work;

pub(crate) use by_code::compare_names;
pub(crate) use names::{akin, name_keys};
pub(crate) use scoring::CERTAIN;
pub(crate) use signature::is_same_lot;

use crate::geometry::locate::Locator;
use crate::ingest::code_contents::ContentsRow;
use crate::ingest::geocode::Geocoder;
use crate::ingest::identity_decisions::Decision;
use crate::ingest::institution_codes::CodedInstitution;
use crate::ingest::iryo_joho_net::ListedInstitution;
use crate::ingest::kaigo::CareOffice;
use crate::ingest::ledger::Ledger;
use crate::ingest::review::Review;
use crate::ingest::study::{Institution, Municipality};
use crate::ingest::todokede::FiledInstitution;
use std::collections::BTreeSet;
use work::Work;

/// What the register needs to know of the land and of the files.
pub(crate) struct Land<'a> {
    /// Name of the prefecture.
    pub prefecture: &'a str,
    /// Municipalities in order of code.
    pub municipalities: &'a [Municipality],
    /// Municipality of a point.
    pub locator: &'a Locator,
    /// Place of an address.
    pub geocoder: &'a Geocoder,
    /// Classes of which any file can speak.
    pub loaded_classes: &'a BTreeSet<String>,
}

impl Land<'_> {
    /// 都道府県コード; a prefecture has municipalities.
    fn prefecture_code(&self) -> &str {
        self.municipalities.first().map_or("", |first| first.code.prefecture())
    }
}

/// Rows of all institution files, each with the position of its input.
#[derive(Default)]
pub(crate) struct Sources {
    /// 届出受理.
    pub filed: Vec<(usize, FiledInstitution)>,
    /// Code list.
    pub coded: Vec<(usize, CodedInstitution)>,
    /// コード内容別, of this prefecture.
    pub contents: Vec<(usize, ContentsRow)>,
    /// 医療情報ネット.
    pub listed: Vec<(usize, ListedInstitution)>,
    /// 国土数値情報 P04.
    pub sited: Vec<(usize, ListedInstitution)>,
    /// 介護サービス情報公表.
    pub offices: Vec<(usize, CareOffice)>,
    /// 届出受理 of 訪問看護ステーション, of this prefecture.
    pub stations: Vec<(usize, FiledInstitution)>,
    /// 施設の名寄せ.
    pub decisions: Vec<(usize, Decision)>,
}

/// Builds the records, in order of id, and what there is to review about them.
pub(crate) fn build(sources: Sources, land: &Land<'_>, ledgers: &mut [Ledger]) -> (Vec<Institution>, Review) {
    let mut work = Work::new(land, &sources.decisions, ledgers);
    by_code::take_filed(sources.filed, &mut work);
    by_code::take_coded(sources.coded, &mut work);
    by_code::take_contents(sources.contents, &mut work);
    listed::take_listed(sources.listed, &mut work);
    sites::take_sited(&sources.sited, &mut work);
    care_offices::take_offices(sources.offices, &mut work);
    stations::take_stations(sources.stations, &mut work);
    decisions::follow(&sources.decisions, &mut work);
    let Work { drafts, mut review, ledgers, .. } = work;
    let finished = |(id, draft)| finish::finish(id, draft, land, ledgers, &mut review.address_checks);
    let institutions = drafts.into_iter().map(finished).collect();
    review.links.sort_by(|one, other| one.institution.cmp(&other.institution));
    (institutions, review)
}

#[cfg(test)]
mod tests;
