//! Municipalities of neighbouring prefectures, for zonings that cross the border.
//!
//! A neighbouring prefecture is read from the same files by the same readers, as a study of its own, and
//! cut to the municipalities that the manifest names. Nothing of it enters the prefecture's own study, so
//! no figure of the prefecture changes; [`join`] puts both together where a zoning asks for it.

use crate::ids::MunicipalityCode;
use crate::ingest::IngestError;
use crate::ingest::assemble::read_study;
use crate::ingest::boundary;
use crate::ingest::finding::Finding;
use crate::ingest::ledger::Ledger;
use crate::ingest::manifest::{InputEntry, InputKind, Manifest, StudyHeader};
use crate::ingest::own_lists::OwnLists;
use crate::ingest::study::{Cell, Institution, Municipality, Study};
use crate::ingest::text::Source;
use crate::ingest::week::WeekFiles;
use crate::progress::Progress;
use std::collections::{BTreeMap, BTreeSet};

/// Kinds of file that tell of other prefectures too. The others are the prefecture's own lists, or are
/// not needed beyond the border.
const SHARED: [InputKind; 17] = [
    InputKind::N03Boundary,
    InputKind::AreaMembership,
    InputKind::A38MedicalArea,
    InputKind::CensusMesh,
    InputKind::FutureMesh,
    InputKind::IpssProjection,
    InputKind::Todokede,
    InputKind::IryoJohoNet,
    InputKind::P04Medical,
    InputKind::InstitutionCodes,
    InputKind::CodeContents,
    InputKind::KaigoJigyosho,
    InputKind::TownPoints,
    InputKind::TownMaster,
    InputKind::TownPositions,
    InputKind::MunicipalityPoints,
    InputKind::CohortCounts,
];

/// Findings that only say that a row is of another prefecture than the one that is read.
const OF_OTHERS: [&str; 6] = [
    "cell_outside_prefecture",
    "census_of_others",
    "future_cell_without_census",
    "future_of_others",
    "no_row_of_prefecture",
    "rows_of_others",
];

/// The municipalities of `[study] neighbours`, a study for each prefecture in order of code; none when the
/// manifest names none. Their findings are those that are not about rows of other prefectures.
///
/// # Errors
/// A municipality that no boundary file holds, one without any populated cell, or a file that cannot be used.
pub fn read_beyond(manifest: &Manifest, progress: &dyn Progress) -> Result<Vec<Study>, IngestError> {
    let wanted = &manifest.study.neighbours;
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let names = prefecture_names(manifest)?;
    if let Some(missing) = wanted.iter().find(|code| !names.contains_key(code)) {
        return Err(unusable(manifest, *missing, "行政区域のファイルにない市区町村です"));
    }
    let prefectures: BTreeMap<&str, &String> =
        wanted.iter().map(|code| (code.prefecture(), &names[code])).collect();
    let mut studies = Vec::new();
    for (prefecture, name) in prefectures {
        let study = read_study(&of_prefecture(manifest, prefecture, name), progress)?;
        let study = cut(study, wanted);
        for (at, municipality) in study.municipalities.iter().enumerate() {
            if study.cells.iter().all(|cell| cell.municipality != at) {
                return Err(unusable(
                    manifest,
                    municipality.code,
                    "国勢調査のメッシュに人のいない市区町村です",
                ));
            }
        }
        studies.push(study);
    }
    Ok(studies)
}

fn unusable(manifest: &Manifest, code: MunicipalityCode, found: &str) -> IngestError {
    IngestError::Manifest {
        file: manifest.file.clone(),
        place: "[study] の neighbours".to_owned(),
        found: format!("{code}: {found}"),
        expected: "n03_boundary と census_mesh のファイルにある隣県の市区町村コード。隣県のファイルも [[input]] に加えるか、neighbours から外すこと".to_owned(),
    }
}

/// The name of the prefecture of every municipality of the boundary files.
fn prefecture_names(manifest: &Manifest) -> Result<BTreeMap<MunicipalityCode, String>, IngestError> {
    let mut names = BTreeMap::new();
    for entry in manifest.inputs.iter().filter(|entry| entry.kind == InputKind::N03Boundary) {
        let source = Source::open(&entry.path, &manifest.folder.join(&entry.path))?;
        let parts = boundary::read(&source, &mut Ledger::new(&entry.path))?;
        names.extend(parts.into_iter().filter_map(|part| Some((part.code?, part.prefecture))));
    }
    Ok(names)
}

/// The manifest as a neighbouring prefecture would write it of the same files.
fn of_prefecture(manifest: &Manifest, prefecture: &str, name: &str) -> Manifest {
    let shared = |entry: &&InputEntry| SHARED.contains(&entry.kind);
    Manifest {
        study: StudyHeader {
            prefecture: prefecture.to_owned(),
            name: name.to_owned(),
            neighbours: BTreeSet::new(),
            ..manifest.study.clone()
        },
        inputs: manifest.inputs.iter().filter(shared).cloned().collect(),
        overlays: Vec::new(),
        parameters: manifest.parameters.clone(),
        file: manifest.file.clone(),
        folder: manifest.folder.clone(),
    }
}

/// Only these municipalities, with what lies in them.
fn cut(mut study: Study, wanted: &BTreeSet<MunicipalityCode>) -> Study {
    let kept: Vec<bool> = study.municipalities.iter().map(|one| wanted.contains(&one.code)).collect();
    let place: Vec<usize> = kept
        .iter()
        .scan(0, |next, is_kept| {
            let place = *next;
            *next += usize::from(*is_kept);
            Some(place)
        })
        .collect();
    study.municipalities.retain(|one| wanted.contains(&one.code));
    study.unassigned_land.0.clear();
    study.cells.retain(|cell| kept[cell.municipality]);
    study.institutions.retain(|one| one.municipality.is_some_and(|at| kept[at]));
    study.stopped.clear();
    study.indicators.clear();
    study.own_lists = OwnLists::default();
    study.projections.retain(|(code, _), _| wanted.contains(code));
    let is_named = |finding: &Finding| {
        let said = |text: &str| finding.said.contains(text) || finding.meant.contains(text);
        study.municipalities.iter().any(|one| said(one.code.as_str()) || said(&one.name))
    };
    // What is about the prefecture as a whole concerns those that take part, or nobody.
    study.findings.retain(|finding| {
        !OF_OTHERS.contains(&finding.kind.as_str()) && (!finding.file.is_empty() || is_named(finding))
    });
    for counts in study.cohorts.iter_mut().flat_map(BTreeMap::values_mut) {
        *counts =
            counts.iter().filter(|(at, _)| kept[**at]).map(|(at, count)| (place[*at], *count)).collect();
    }
    renumber(&mut study.cells, &mut study.institutions, |at| place[at]);
    study
}

fn renumber(cells: &mut [Cell], institutions: &mut [Institution], place: impl Fn(usize) -> usize) {
    for cell in cells {
        cell.municipality = place(cell.municipality);
    }
    for municipality in institutions.iter_mut().filter_map(|one| one.municipality.as_mut()) {
        *municipality = place(*municipality);
    }
}

/// A study and what lies beyond its border as one study, for a zoning over both. Municipalities beyond it
/// bear the name of their prefecture. Lists, official demand and parameters are those of the study;
/// without anything beyond, it is the study itself.
#[must_use]
pub fn join(own: &Study, beyond: &[Study]) -> Study {
    let mut joined = own.clone();
    if !beyond.is_empty() {
        // They count institutions and municipalities by position, and no zoning asks for them.
        joined.week = WeekFiles::default();
        joined.stopped.clear();
        joined.indicators.clear();
        let patient_flows = joined.own_lists.patient_flows.take();
        joined.own_lists = OwnLists { patient_flows, ..OwnLists::default() };
    }
    for other in beyond {
        let (own_places, other_places) = places(&joined.municipalities, &other.municipalities);
        let (mut cells, mut institutions) = (other.cells.clone(), other.institutions.clone());
        renumber(&mut cells, &mut institutions, |at| other_places[at]);
        renumber(&mut joined.cells, &mut joined.institutions, |at| own_places[at]);
        move_lists(&mut joined, &own_places);
        for source in institutions.iter_mut().flat_map(|one| &mut one.sources) {
            let of = &other.inputs[source.input];
            let same = own.inputs.iter().position(|one| one.kind == of.kind && one.file == of.file);
            source.input = same.unwrap_or(source.input);
        }
        let named = |one: &Municipality| Municipality {
            name: format!("{}{}", other.prefecture_name, one.name),
            ..one.clone()
        };
        joined.municipalities.extend(other.municipalities.iter().map(named));
        joined.municipalities.sort_by_key(|one| one.code);
        joined.cells.extend(cells);
        joined.cells.sort_by_key(|cell| (cell.mesh, cell.municipality));
        joined.projections.extend(other.projections.clone());
        add_institutions(&mut joined, institutions);
    }
    joined
}

/// Where the municipalities of two prefectures come to stand in one list in order of code.
fn places(own: &[Municipality], other: &[Municipality]) -> (Vec<usize>, Vec<usize>) {
    let before = |list: &[Municipality], code| list.iter().filter(|one| one.code < code).count();
    let of = |list: &[Municipality], others: &[Municipality]| {
        list.iter().enumerate().map(|(at, one)| at + before(others, one.code)).collect()
    };
    (of(own, other), of(other, own))
}

/// The prefecture's own lists name municipalities by position.
fn move_lists(study: &mut Study, places: &[usize]) {
    for entry in study.active_list.iter_mut().flatten() {
        entry.municipality = entry.municipality.map(|at| places[at]);
    }
    for entry in study.linkage_list.iter_mut().flatten() {
        entry.municipality = entry.municipality.map(|at| places[at]);
        entry.served.iter_mut().for_each(|at| *at = places[*at]);
    }
    for flow in study.own_lists.patient_flows.iter_mut().flatten() {
        flow.home = flow.home.map(|at| places[at]);
        flow.place = flow.place.map(|at| places[at]);
    }
    for counts in study.cohorts.iter_mut().flat_map(BTreeMap::values_mut) {
        *counts = counts.iter().map(|(at, count)| (places[*at], *count)).collect();
    }
}

/// Institutions in order of id; an id of both prefectures is one institution, that of the study.
fn add_institutions(joined: &mut Study, others: Vec<Institution>) {
    let known: BTreeSet<String> = joined.institutions.iter().map(|one| one.id.clone()).collect();
    let new = others.into_iter().filter(|one| !known.contains(&one.id));
    let mut all: Vec<(Option<usize>, Institution)> = std::mem::take(&mut joined.institutions)
        .into_iter()
        .enumerate()
        .map(|(at, one)| (Some(at), one))
        .chain(new.map(|one| (None, one)))
        .collect();
    all.sort_by(|(_, a), (_, b)| a.id.cmp(&b.id));
    let place: BTreeMap<usize, usize> =
        all.iter().enumerate().filter_map(|(to, (from, _))| Some(((*from)?, to))).collect();
    for entry in joined.active_list.iter_mut().flatten() {
        entry.institution = entry.institution.map(|at| place[&at]);
    }
    joined.institutions = all.into_iter().map(|(_, one)| one).collect();
}
