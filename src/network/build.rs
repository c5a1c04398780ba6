//! From the road files of a study to its network, with every cell and institution linked.

use crate::geometry::mesh::MeshCode;
use crate::ingest::finding::{Finding, Severity};
use crate::ingest::manifest::InputKind;
use crate::ingest::study::Study;
use crate::network::NetworkError;
use crate::network::graph::Network;
use crate::network::hierarchy::metric::Metric;
use crate::network::hierarchy::{Hierarchy, arc_times};
use crate::network::link::{Link, Linker};
use crate::network::osm::{FileCount, read};
use crate::network::profile::Profile;
use crate::progress::Progress;
use geo::{Coord, GeodesicArea};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashSet};

/// The network of a study, and where its places stand on it.
#[derive(Clone, Debug)]
pub struct Roadway {
    /// The network.
    pub network: Network,
    /// Links of cells and institutions.
    pub linkage: Linkage,
    /// The network prepared for fast searches.
    pub hierarchy: Hierarchy,
    /// The times of the network in it.
    pub metric: Metric,
}

impl Roadway {
    /// Prepares a network with its places for searches.
    #[must_use]
    pub fn new(network: Network, linkage: Linkage) -> Self {
        let hierarchy = Hierarchy::of(&network);
        let metric = hierarchy.customise(&arc_times(&network));
        Self { network, linkage, hierarchy, metric }
    }
}

/// Where the cells and institutions of a study stand on its network.
#[derive(Clone, Debug)]
pub struct Linkage {
    /// Road of each cell; `None` = no road within the longest access leg.
    pub cells: Vec<Option<Link>>,
    /// Road of each institution; `None` also for those that could not be located.
    pub institutions: Vec<Option<Link>>,
}

/// Builds the network. Adds to the study the row counts of its road files and a finding for every
/// road and place that could not be used.
///
/// # Errors
/// [`NetworkError`]: a road file cannot be read, or there are no roads.
pub fn build(study: &mut Study, profile: &Profile, progress: &dyn Progress) -> Result<Roadway, NetworkError> {
    let step = progress.step("道路を読む", 1);
    let roads = read(&study.road_files, profile)?;
    count_rows(study, &roads.files);
    step.advance(1);
    drop(step);
    let step = progress.step("道路網を組む", 1);
    let dense = dense_cells(study, profile);
    let size = study.cells.first().map(|cell| cell.mesh);
    let is_dense =
        |at: Coord| size.and_then(|size| size.same_size_at(at)).is_some_and(|cell| dense.contains(&cell));
    let network = Network::new(&roads, profile, is_dense);
    step.advance(1);
    drop(step);
    let step = progress.step("メッシュ・施設を道路に結ぶ", 1);
    let linker = Linker::new(&network, profile, latitude(study));
    let linkage = Linkage {
        cells: study.cells.par_iter().map(|cell| linker.link(cell.centre)).collect(),
        institutions: study
            .institutions
            .par_iter()
            .map(|institution| institution.position.and_then(|at| linker.link(at)))
            .collect(),
    };
    tell_unlinked(study, &linkage, profile);
    step.advance(1);
    drop(step);
    let step = progress.step("経路探索の準備", 1);
    let roadway = Roadway::new(network, linkage);
    step.advance(1);
    Ok(roadway)
}

/// Mean latitude of the cells, at which distances between places and roads are true.
#[must_use]
pub fn latitude(study: &Study) -> f64 {
    let latitudes: f64 = study.cells.iter().map(|cell| cell.centre.y()).sum();
    latitudes / study.cells.len().max(1) as f64
}

fn count_rows(study: &mut Study, files: &[FileCount]) {
    let inputs = study.inputs.iter_mut().filter(|input| input.kind == InputKind::RoadsOsm);
    for (input, count) in inputs.zip(files) {
        input.rows_read = count.ways;
        input.rows_quarantined = count.broken.len() as u64;
        input.rows_stored = input.rows_read - input.rows_quarantined;
        study.findings.extend(count.broken.iter().map(|way| Finding {
            severity: Severity::Quarantined,
            kind: "broken_way".to_owned(),
            file: input.file.clone(),
            layer: Some("way".to_owned()),
            row: None,
            field: Some("nd".to_owned()),
            said: way.to_string(),
            meant: "道路の節点がファイルにないため、この道路は使いません".to_owned(),
            place: None,
        }));
    }
}

/// Census cells that count as densely inhabited, whichever municipalities their people are of.
fn dense_cells(study: &Study, profile: &Profile) -> HashSet<MeshCode> {
    let mut people: BTreeMap<MeshCode, u32> = BTreeMap::new();
    for cell in &study.cells {
        *people.entry(cell.mesh).or_default() += cell.population.total;
    }
    let density = |mesh: MeshCode, people: u32| {
        let km2 = mesh.rect().to_polygon().geodesic_area_signed().abs() / 1e6;
        f64::from(people) / km2
    };
    people
        .into_iter()
        .filter(|(mesh, people)| density(*mesh, *people) >= profile.dense.people_per_km2)
        .map(|(mesh, _)| mesh)
        .collect()
}

/// Places without a road are not dropped: each has a finding.
fn tell_unlinked(study: &mut Study, linkage: &Linkage, profile: &Profile) {
    let finding = |kind: &str, said: String, meant: String| Finding {
        severity: Severity::Warning,
        kind: kind.to_owned(),
        file: String::new(),
        layer: None,
        row: None,
        field: None,
        said,
        meant,
        place: None,
    };
    let far = profile.access_leg.longest_m;
    let cells = study.cells.iter().zip(&linkage.cells).filter(|(_, link)| link.is_none()).map(|(cell, _)| {
        let meant = format!(
            "{far} m以内に道路がないメッシュ（{}人）。どの所要時間にも入りません",
            cell.population.total
        );
        finding("unlinked_cell", cell.mesh.to_string(), meant)
    });
    let institutions = study
        .institutions
        .iter()
        .zip(&linkage.institutions)
        .filter(|(institution, link)| link.is_none() && institution.position.is_some())
        .map(|(institution, _)| {
            let meant = format!("{far} m以内に道路がない施設。所要時間を計算できません");
            finding("unlinked_institution", institution.name.clone(), meant)
        });
    let findings: Vec<Finding> = cells.chain(institutions).collect();
    study.findings.extend(findings);
}
