//! The land: municipalities with their areas and offices.

use crate::ids::MunicipalityCode;
use crate::ingest::area_cuts::Claims;
use crate::ingest::assemble::areas::{assign_areas, take_offices, tell_missing_areas};
use crate::ingest::assemble::kinds::{Pile, all, files};
use crate::ingest::bring::Onto;
use crate::ingest::crosswalk::Crosswalk;
use crate::ingest::ipss::ProjectionRow;
use crate::ingest::ledger::Ledger;
use crate::ingest::manifest::{InputKind, Manifest};
use crate::ingest::study::{AreaSystem, Municipality};
use crate::ingest::{IngestError, boundary, code_changes};
use geo::MultiPolygon;
use std::collections::BTreeMap;

/// What everything else stands on.
pub(super) struct Ground {
    /// In order of code.
    pub municipalities: Vec<Municipality>,
    /// Their boundaries.
    pub boundaries: Vec<MultiPolygon>,
    /// 郡 of those that lie in one.
    pub counties: BTreeMap<MunicipalityCode, String>,
    /// 所属未定地.
    pub unassigned_land: MultiPolygon,
    /// What became of codes of other times.
    pub crosswalk: Crosswalk,
    /// Areas that cut a municipality, until the cells are known.
    pub claims: BTreeMap<(AreaSystem, usize), Claims>,
    /// Prefecture and name of every municipality of the country that is known.
    pub elsewhere: Vec<(String, String)>,
}

impl Ground {
    /// Where codes are brought to; `people` tells those of a municipality.
    pub(super) fn onto<'a>(&'a self, people: &'a dyn Fn(MunicipalityCode) -> Option<f64>) -> Onto<'a> {
        Onto { crosswalk: &self.crosswalk, municipalities: &self.municipalities, people }
    }
}

/// Lays it out.
///
/// # Errors
/// Boundaries without a municipality of the prefecture, or with one twice.
pub(super) fn lay(
    pile: &mut Pile,
    projected: &[(usize, Vec<ProjectionRow>)],
    manifest: &Manifest,
    ledgers: &mut [Ledger],
    of_study: &mut Ledger,
) -> Result<Ground, IngestError> {
    let prefecture = manifest.study.prefecture.as_str();
    let files = files!(pile, Boundary).into_iter();
    let files = files.map(|(input, parts)| (manifest.inputs[input].path.as_str(), parts)).collect();
    let boundary::Dissolved { mut municipalities, mut counties, unassigned_land } =
        boundary::dissolve(files, prefecture)?;
    if municipalities.is_empty() {
        return Err(no_municipality(manifest));
    }
    let master = all(files!(pile, Master));
    for entry in master.iter().filter(|entry| !entry.county.is_empty()) {
        counties.entry(entry.code).or_insert_with(|| entry.county.clone());
    }
    let crosswalk =
        code_changes::crosswalk(files!(pile, Changes).into_iter().map(|(_, rows)| rows).collect());
    let claims = assign_areas(files!(pile, Areas), &mut municipalities, &crosswalk, prefecture, ledgers);
    tell_missing_areas(&municipalities, of_study);
    take_offices(&all(files!(pile, Points)), projected, &mut municipalities);
    Ok(Ground {
        boundaries: municipalities.iter().map(|municipality| municipality.boundary.clone()).collect(),
        municipalities,
        counties,
        unassigned_land,
        crosswalk,
        claims,
        elsewhere: master.into_iter().map(|entry| (entry.prefecture, entry.name)).collect(),
    })
}

fn no_municipality(manifest: &Manifest) -> IngestError {
    let boundary = manifest.inputs.iter().find(|entry| entry.kind == InputKind::N03Boundary);
    IngestError::Broken {
        file: boundary.map(|entry| entry.path.clone()).unwrap_or_default(),
        place: "N03_007".to_owned(),
        found: format!("都道府県コード {} の市区町村がありません", manifest.study.prefecture),
        expected: format!("{} の行政区域", manifest.study.name),
        remedy: "[study] の prefecture と行政区域のファイルの組み合わせを確かめてください".to_owned(),
    }
}
