//! From the road files of a study to its network, with every cell and institution linked.

use crate::geometry::mesh::MeshCode;
use crate::ingest::finding::{Finding, Severity};
use crate::ingest::manifest::InputKind;
use crate::ingest::study::Study;
use crate::network::NetworkError;
use crate::network::faults::{faults, finding};
use crate::network::graph::Network;
use crate::network::hierarchy::metric::Metric;
use crate::network::hierarchy::{Hierarchy, arc_times};
use crate::network::link::{Link, Linker};
use crate::network::osm::{FileCount, Odd, read};
use crate::network::profile::Profile;
use crate::network::weights::Conditions;
use crate::progress::Progress;
use geo::{Coord, GeodesicArea, Point};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// The network of a study, and where its places stand on it.
#[derive(Clone, Debug)]
pub struct Roadway {
    /// The network.
    pub network: Network,
    /// Links of cells and institutions.
    pub linkage: Linkage,
    /// The network prepared for fast searches.
    pub hierarchy: Arc<Hierarchy>,
    /// The times of the network in it.
    pub metric: Metric,
}

impl Roadway {
    /// Prepares a network with its places for searches.
    #[must_use]
    pub fn new(network: Network, linkage: Linkage) -> Self {
        let hierarchy = Arc::new(Hierarchy::of(&network));
        let metric = hierarchy.customise(&arc_times(&network));
        Self { network, linkage, hierarchy, metric }
    }

    /// The same roads and places under other conditions.
    #[must_use]
    pub fn under(&self, profile: &Profile, conditions: &Conditions) -> Self {
        let mut network = self.network.clone();
        network.reweigh(&network.weights(profile, conditions));
        let metric = self.hierarchy.customise(&arc_times(&network));
        Self { network, linkage: self.linkage.clone(), hierarchy: Arc::clone(&self.hierarchy), metric }
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

impl Linkage {
    /// Links the centres of cells and the known positions of institutions.
    #[must_use]
    pub fn of(linker: &Linker<'_>, cells: &[Point], institutions: &[Option<Point>]) -> Self {
        Self {
            cells: cells.par_iter().map(|centre| linker.link(*centre)).collect(),
            institutions: institutions
                .par_iter()
                .map(|position| position.and_then(|at| linker.link(at)))
                .collect(),
        }
    }
}

/// The latitude near which distances between places and roads are to be true: the mean of the cells.
#[must_use]
pub fn mean_latitude(cells: &[Point]) -> f64 {
    cells.iter().map(|centre| centre.y()).sum::<f64>() / cells.len().max(1) as f64
}

/// Builds the network. Adds to the study the row counts of its road files and a finding for every
/// road and place that could not be used.
///
/// # Errors
/// [`NetworkError`]: a road file cannot be read, or there are no roads.
pub fn build(study: &mut Study, profile: &Profile, progress: &dyn Progress) -> Result<Roadway, NetworkError> {
    let step = progress.step("道路を読む", 1);
    let roads = read(&study.road_files, profile)?;
    step.advance(1);
    drop(step);
    let step = progress.step("道路網を組む", 1);
    let dense = dense_cells(study, profile);
    let size = study.cells.first().map(|cell| cell.mesh);
    let is_dense =
        |at: Coord| size.and_then(|size| size.same_size_at(at)).is_some_and(|cell| dense.contains(&cell));
    let network = Network::new(&roads, profile, is_dense);
    count_rows(study, &network, &roads.files);
    step.advance(1);
    drop(step);
    let step = progress.step("メッシュ・施設を道路に結ぶ", 1);
    let centres: Vec<Point> = study.cells.iter().map(|cell| cell.centre).collect();
    let positions: Vec<_> = study.institutions.iter().map(|institution| institution.position).collect();
    let linker = Linker::new(&network, profile, mean_latitude(&centres));
    let linkage = Linkage::of(&linker, &centres, &positions);
    tell_unlinked(study, &linkage, profile);
    tell_faults(study, &network, &linkage, profile);
    step.advance(1);
    drop(step);
    let step = progress.step("経路探索の準備", 1);
    let roadway = Roadway::new(network, linkage);
    step.advance(1);
    Ok(roadway)
}

fn count_rows(study: &mut Study, network: &Network, files: &[FileCount]) {
    let inputs = study.inputs.iter_mut().filter(|input| input.kind == InputKind::RoadsOsm);
    for (input, count) in inputs.zip(files) {
        input.rows_read = count.ways;
        input.rows_quarantined = count.broken.len() as u64;
        input.rows_stored = input.rows_read - input.rows_quarantined;
        study.findings.extend(count.broken.iter().map(|way| {
            let meant = "道路の節点がファイルにないため、この道路は使いません";
            let told = finding(Severity::Quarantined, "broken_way", way.id.to_string(), meant, way.place);
            in_file(told, &input.file, "nd")
        }));
        study.findings.extend(odd_tags(&count.odd, network, &input.file));
    }
}

fn in_file(told: Finding, file: &str, field: &str) -> Finding {
    Finding { file: file.to_owned(), layer: Some("way".to_owned()), field: Some(field.to_owned()), ..told }
}

/// Values that say nothing are told way by way; restrictions by the hour, which every town has, by their number.
fn odd_tags(odd: &[Odd], network: &Network, file: &str) -> Vec<Finding> {
    let (by_the_hour, odd): (Vec<&Odd>, Vec<&Odd>) =
        odd.iter().partition(|odd| odd.key.ends_with(":conditional"));
    let ways: HashSet<i64> = odd.iter().map(|odd| odd.way).collect();
    let mut places: HashMap<i64, Coord> = HashMap::new();
    for edge in network.edges.iter().filter(|edge| ways.contains(&edge.way)) {
        places.entry(edge.way).or_insert(network.shape(edge)[0]);
    }
    let mut told: Vec<Finding> = odd
        .into_iter()
        .map(|odd| {
            let meant = match odd.key {
                "oneway" => "時間帯で向きの変わる一方通行（reversible）のため、この道路は使いません",
                "nd" => "同じ節点が続けて書かれた道路。一つとして読みました",
                "duration" => "航路の所要時間として読めないため、距離と速度表から計算します",
                _ => "規制速度として読めないため、速度表の速度を使います",
            };
            let said = format!("way {}: {}", odd.way, odd.said);
            let place = places.get(&odd.way).copied();
            in_file(finding(Severity::Warning, "odd_road_tag", said, meant, place), file, odd.key)
        })
        .collect();
    if !by_the_hour.is_empty() {
        let meant =
            "時間帯や車種による通行規制（:conditional）は所要時間に反映していません。冬期閉鎖だけを読みます";
        let said = format!("{} 本", by_the_hour.len());
        told.push(in_file(
            finding(Severity::Note, "ignored_condition", said, meant, None),
            file,
            "access:conditional",
        ));
    }
    told
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
    let far = profile.access_leg.longest_m;
    let cells = study.cells.iter().zip(&linkage.cells).filter(|(_, link)| link.is_none()).map(|(cell, _)| {
        let meant = format!(
            "{far} m以内に道路がないメッシュ（{}人）。どの所要時間にも入りません",
            cell.population.total
        );
        let said = cell.mesh.to_string();
        finding(Severity::Warning, "unlinked_cell", said, meant, Some(cell.centre.into()))
    });
    let institutions = study
        .institutions
        .iter()
        .zip(&linkage.institutions)
        .filter(|(institution, link)| link.is_none() && institution.position.is_some())
        .map(|(institution, _)| {
            let meant = format!("{far} m以内に道路がない施設。所要時間を計算できません");
            let place = institution.position.map(Coord::from);
            finding(Severity::Warning, "unlinked_institution", institution.name.clone(), meant, place)
        });
    let findings: Vec<Finding> = cells.chain(institutions).collect();
    study.findings.extend(findings);
}

/// What is wrong with the map, and what takes too long to be driven.
fn tell_faults(study: &mut Study, network: &Network, linkage: &Linkage, profile: &Profile) {
    let mut people: BTreeMap<u32, u64> = BTreeMap::new();
    for (cell, link) in study.cells.iter().zip(&linkage.cells) {
        if let Some(link) = link {
            *people.entry(link.edge).or_default() += u64::from(cell.population.total);
        }
    }
    study.findings.extend(faults(network, profile, &people));
    let too_long = network.weights(profile, &Conditions::default()).too_long;
    study.findings.extend(too_long.into_iter().map(|edge| {
        let edge = &network.edges[edge as usize];
        let meant = "所要時間が3年を超える道路。通れないものとします。速度表か地図を確かめてください";
        let said = format!("way {}", edge.way);
        finding(Severity::Warning, "road_too_slow", said, meant, Some(network.shape(edge)[0]))
    }));
}
