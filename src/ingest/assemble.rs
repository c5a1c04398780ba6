//! From a manifest to a finished study: reads every file, then puts together what they say.

use crate::geometry::locate::Locator;
use crate::geometry::mesh::MeshCode;
use crate::ids::MunicipalityCode;
use crate::ingest::active_list::{self, ActiveRow};
use crate::ingest::area_membership::{self, Membership};
use crate::ingest::boundary::{self, BoundaryPart};
use crate::ingest::cells::{Assigned, Assigner};
use crate::ingest::census_mesh::{self, CensusCell};
use crate::ingest::classes::{self, Seen};
use crate::ingest::future_mesh::{self, FutureCell};
use crate::ingest::geocode::Geocoder;
use crate::ingest::institution_codes::{self, CodedInstitution};
use crate::ingest::ipss::{self, ProjectionRow};
use crate::ingest::iryo_joho_net::{self, IryoJohoNet};
use crate::ingest::kaigo::{self, Kaigo};
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::linkage_list::{self, LinkageRow};
use crate::ingest::manifest::{InputEntry, InputKind, Manifest};
use crate::ingest::municipality_points::{self, MasterEntry};
use crate::ingest::register::{self, Land, Sources, name_keys};
use crate::ingest::study::{
    ActiveEntry, AreaDemand, AreaSystem, Cell, FutureAges, Input, Institution, LinkageEntry, Municipality,
    Study,
};
use crate::ingest::text::{Source, sha256_of};
use crate::ingest::todokede::{self, Todokede};
use crate::ingest::town_points::{self, Town, TownMunicipality};
use crate::ingest::{IngestError, home_demand, projections};
use crate::progress::{Progress, Step};
use geo::{MultiPolygon, Point};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Beyond this distance a cell that touches no municipality is not the prefecture's: about 2 km.
const FAR_DEGREES: f64 = 0.02;

/// What one file says.
enum Parsed {
    Boundary(Vec<BoundaryPart>),
    Areas(AreaSystem, Vec<Membership>),
    Census(Vec<CensusCell>),
    Future(Vec<FutureCell>),
    Projections(Vec<ProjectionRow>),
    Todokede(Todokede),
    IryoJohoNet(IryoJohoNet),
    Codes(Vec<CodedInstitution>),
    Kaigo(Kaigo),
    Towns(Vec<Town>),
    Master(Vec<MasterEntry>),
    Points(Vec<(MunicipalityCode, Point)>),
    Demand(Vec<AreaDemand>),
    Active(Vec<ActiveRow>),
    Hubs(Vec<LinkageRow>),
    Roads,
}

/// Reads every file of the manifest into one study.
///
/// Files are read in parallel and put together in the order of the manifest, so the result and the
/// order of findings are always the same. Road files are only hashed; the network reads them.
///
/// # Errors
/// The first file in the order of the manifest that cannot be used; see [`IngestError`].
pub fn read_study(manifest: &Manifest, progress: &dyn Progress) -> Result<Study, IngestError> {
    let step = progress.step("公式ファイルを読む", manifest.inputs.len() as u64);
    let read: Vec<Result<_, IngestError>> =
        manifest.inputs.par_iter().map(|entry| read_input(entry, manifest, step.as_ref())).collect();
    drop(step);
    let mut parsed = Vec::new();
    let mut ledgers = Vec::new();
    let mut hashes = Vec::new();
    for one in read {
        let (says, ledger, sha256) = one?;
        parsed.push(says);
        ledgers.push(ledger);
        hashes.push(sha256);
    }
    let step = progress.step("読んだ内容を組み合わせる", 1);
    let mut study = put_together(parsed, &mut ledgers, manifest)?;
    step.advance(1);
    study.inputs = manifest
        .inputs
        .iter()
        .zip(&ledgers)
        .zip(hashes)
        .map(|((entry, ledger), sha256)| Input {
            kind: entry.kind,
            file: entry.path.clone(),
            date: entry.date.clone(),
            sha256,
            rows_read: ledger.read,
            rows_stored: ledger.stored,
            rows_quarantined: ledger.quarantined,
        })
        .collect();
    let of_study = std::mem::take(&mut study.findings);
    study.findings = ledgers.into_iter().flat_map(|ledger| ledger.findings).chain(of_study).collect();
    Ok(study)
}

fn read_input(
    entry: &InputEntry,
    manifest: &Manifest,
    step: &dyn Step,
) -> Result<(Parsed, Ledger, String), IngestError> {
    let path = manifest.folder.join(&entry.path);
    let mut ledger = Ledger::new(&entry.path);
    let read = if entry.kind == InputKind::RoadsOsm {
        (Parsed::Roads, sha256_of(&entry.path, &path)?)
    } else {
        let source = Source::open(&entry.path, &path)?;
        (parse(entry, &source, &manifest.study.prefecture, &mut ledger)?, source.sha256())
    };
    ledger.layer = None;
    step.advance(1);
    Ok((read.0, ledger, read.1))
}

fn parse(
    entry: &InputEntry,
    source: &Source,
    prefecture: &str,
    ledger: &mut Ledger,
) -> Result<Parsed, IngestError> {
    Ok(match (entry.kind, entry.system) {
        (InputKind::N03Boundary, _) => Parsed::Boundary(boundary::read(source, ledger)?),
        (InputKind::AreaMembership, system) => {
            // A manifest that was read and checked names the system.
            let system = system.unwrap_or(AreaSystem::SecondaryMedicalArea);
            Parsed::Areas(system, area_membership::read(source, system, ledger)?)
        }
        (InputKind::CensusMesh, _) => Parsed::Census(census_mesh::read(source, ledger)?),
        (InputKind::FutureMesh, _) => Parsed::Future(future_mesh::read(source, ledger)?),
        (InputKind::IpssProjection, _) => Parsed::Projections(ipss::read(source, ledger)?),
        (InputKind::Todokede, _) => Parsed::Todokede(todokede::read(source, prefecture, ledger)?),
        (InputKind::IryoJohoNet, _) => Parsed::IryoJohoNet(iryo_joho_net::read(source, prefecture, ledger)?),
        (InputKind::InstitutionCodes, _) => {
            Parsed::Codes(institution_codes::read(source, prefecture, ledger)?)
        }
        (InputKind::KaigoJigyosho, _) => Parsed::Kaigo(kaigo::read(source, prefecture, ledger)?),
        (InputKind::TownPoints, _) => Parsed::Towns(town_points::read(source, ledger)?),
        (InputKind::MunicipalityMaster, _) => {
            Parsed::Master(municipality_points::read_master(source, ledger)?)
        }
        (InputKind::MunicipalityPoints, _) => {
            Parsed::Points(municipality_points::read_points(source, ledger)?)
        }
        (InputKind::HomeDemand, _) => Parsed::Demand(home_demand::read(source, prefecture, ledger)?),
        (InputKind::ActiveInstitutions, _) => Parsed::Active(active_list::read(source, ledger)?),
        (InputKind::LinkageHubs, _) => Parsed::Hubs(linkage_list::read(source, ledger)?),
        (InputKind::RoadsOsm, _) => Parsed::Roads,
    })
}

/// Everything that was read, by kind, each with the position of its input.
#[derive(Default)]
struct Sorted {
    boundary: Vec<BoundaryPart>,
    areas: Vec<(usize, AreaSystem, Vec<Membership>)>,
    census: Vec<(usize, Vec<CensusCell>)>,
    future: Vec<(usize, Vec<FutureCell>)>,
    projections: Vec<(usize, Vec<ProjectionRow>)>,
    institutions: Sources,
    seen: Seen,
    towns: Vec<(usize, Vec<Town>)>,
    master: Vec<MasterEntry>,
    points: Vec<(MunicipalityCode, Point)>,
    demand: Vec<(usize, AreaDemand)>,
    active: Option<Vec<(usize, ActiveRow)>>,
    hubs: Option<Vec<(usize, LinkageRow)>>,
}

fn sort(parsed: Vec<Parsed>) -> Sorted {
    fn with<T>(input: usize, rows: Vec<T>) -> impl Iterator<Item = (usize, T)> {
        rows.into_iter().map(move |row| (input, row))
    }
    let mut sorted = Sorted::default();
    for (input, says) in parsed.into_iter().enumerate() {
        match says {
            Parsed::Boundary(parts) => sorted.boundary.extend(parts),
            Parsed::Areas(system, rows) => sorted.areas.push((input, system, rows)),
            Parsed::Census(cells) => sorted.census.push((input, cells)),
            Parsed::Future(cells) => sorted.future.push((input, cells)),
            Parsed::Projections(rows) => sorted.projections.push((input, rows)),
            Parsed::Todokede(read) => {
                sorted.seen.sections.extend(read.sections);
                sorted.institutions.filed.extend(with(input, read.institutions));
            }
            Parsed::IryoJohoNet(read) => {
                sorted.seen.iryo_joho_net.extend(read.classes);
                sorted.institutions.listed.extend(with(input, read.institutions));
            }
            Parsed::Codes(rows) => sorted.institutions.coded.extend(with(input, rows)),
            Parsed::Kaigo(read) => {
                sorted.seen.services.extend(read.services);
                sorted.institutions.offices.extend(with(input, read.offices));
            }
            Parsed::Towns(towns) => sorted.towns.push((input, towns)),
            Parsed::Master(entries) => sorted.master.extend(entries),
            Parsed::Points(points) => sorted.points.extend(points),
            Parsed::Demand(areas) => sorted.demand.extend(with(input, areas)),
            Parsed::Active(rows) => sorted.active.get_or_insert_default().extend(with(input, rows)),
            Parsed::Hubs(rows) => sorted.hubs.get_or_insert_default().extend(with(input, rows)),
            Parsed::Roads => {}
        }
    }
    sorted
}

fn put_together(
    parsed: Vec<Parsed>,
    ledgers: &mut [Ledger],
    manifest: &Manifest,
) -> Result<Study, IngestError> {
    let header = &manifest.study;
    let prefecture = header.prefecture.as_str();
    let mut sorted = sort(parsed);
    let mut of_study = Ledger::new("");

    let mut dissolved = boundary::dissolve(std::mem::take(&mut sorted.boundary), prefecture);
    let mut municipalities = std::mem::take(&mut dissolved.municipalities);
    if municipalities.is_empty() {
        return Err(no_municipality(manifest));
    }
    for entry in sorted.master.iter().filter(|entry| !entry.county.is_empty()) {
        dissolved.counties.entry(entry.code).or_insert_with(|| entry.county.clone());
    }
    for (input, system, rows) in sorted.areas {
        take_areas(rows, system, &mut municipalities, prefecture, &mut ledgers[input]);
    }
    tell_missing_areas(&municipalities, &mut of_study);
    take_offices(&sorted.points, &sorted.projections, &mut municipalities);

    let mut projections = BTreeMap::new();
    for (input, rows) in sorted.projections {
        projections::take(rows, &municipalities, prefecture, &mut projections, &mut ledgers[input]);
    }
    let boundaries: Vec<MultiPolygon> =
        municipalities.iter().map(|municipality| municipality.boundary.clone()).collect();
    let mut cells = take_census(sorted.census, &boundaries, &municipalities, ledgers);
    take_future(sorted.future, &mut cells, ledgers);
    projections::compare_with_cells(&municipalities, &cells, &projections, header.census_year, &mut of_study);

    let mut geocoder = Geocoder::new(&header.name, &municipalities, &dissolved.counties);
    for (input, towns) in sorted.towns {
        take_towns(towns, &mut geocoder, &municipalities, &header.name, &mut ledgers[input]);
    }
    let locator = Locator::new(&boundaries);
    let land = Land {
        prefecture: &header.name,
        municipalities: &municipalities,
        locator: &locator,
        geocoder: &geocoder,
    };
    let institutions = register::build(sorted.institutions, &land, ledgers);
    let active_list = sorted.active.map(|rows| take_active(rows, &institutions, &geocoder, ledgers));
    let linkage_list = sorted.hubs.map(|rows| take_hubs(rows, &municipalities, &geocoder, ledgers));
    let home_demand = take_demand(sorted.demand, ledgers);

    Ok(Study {
        prefecture_code: header.prefecture.clone(),
        prefecture_name: header.name.clone(),
        invented: header.invented,
        as_of: header.as_of.clone(),
        census_year: header.census_year,
        parameters: manifest.parameters.clone(),
        inputs: Vec::new(),
        municipalities,
        unassigned_land: dissolved.unassigned_land,
        cells,
        institutions,
        projections,
        home_demand,
        active_list,
        linkage_list,
        loaded_classes: classes::loaded(&sorted.seen),
        road_files: manifest
            .inputs
            .iter()
            .filter(|entry| entry.kind == InputKind::RoadsOsm)
            .map(|entry| manifest.folder.join(&entry.path))
            .collect(),
        findings: of_study.findings,
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

fn position_of(municipalities: &[Municipality], code: MunicipalityCode) -> Option<usize> {
    municipalities.binary_search_by_key(&code, |municipality| municipality.code).ok()
}

fn take_areas(
    rows: Vec<Membership>,
    system: AreaSystem,
    municipalities: &mut [Municipality],
    prefecture: &str,
    ledger: &mut Ledger,
) {
    for row in rows.into_iter().filter(|row| row.municipality.prefecture() == prefecture) {
        let known = position_of(municipalities, row.municipality);
        let (kind, meant) = match known.map(|at| municipalities[at].areas.get(&system)) {
            None => ("unknown_municipality", "行政区域にない市区町村です。この行は使いません"),
            Some(Some(area)) if *area != row.area => {
                ("duplicate_area", "同じ市区町村が二つの圏域にあります。先の行を使い、この行は使いません")
            }
            Some(_) => {
                if let Some(at) = known {
                    municipalities[at].areas.insert(system, row.area);
                }
                continue;
            }
        };
        ledger.withdraw(Doubt {
            kind,
            row: row.row,
            field: "muni_code",
            said: row.municipality.as_str(),
            meant: meant.to_owned(),
        });
    }
}

/// Tells which municipality lacks an area in a system that others have.
fn tell_missing_areas(municipalities: &[Municipality], ledger: &mut Ledger) {
    let systems: BTreeSet<AreaSystem> =
        municipalities.iter().flat_map(|municipality| municipality.areas.keys().copied()).collect();
    for system in systems {
        for municipality in municipalities.iter().filter(|one| !one.areas.contains_key(&system)) {
            ledger.warn(Doubt {
                kind: "missing_area",
                row: 0,
                field: "",
                said: municipality.code.as_str(),
                meant: format!(
                    "{}の{}が表にありません。不明として扱います",
                    municipality.name,
                    system.name()
                ),
            });
        }
    }
}

/// Municipality points: アドレス・ベース・レジストリ first, else those beside the projections.
fn take_offices(
    points: &[(MunicipalityCode, Point)],
    projections: &[(usize, Vec<ProjectionRow>)],
    municipalities: &mut [Municipality],
) {
    let beside =
        projections.iter().flat_map(|(_, rows)| rows).filter_map(|row| Some((row.code, row.office?)));
    for (code, point) in points.iter().copied().chain(beside) {
        if let Some(at) = position_of(municipalities, code) {
            municipalities[at].office.get_or_insert(point);
        }
    }
}

fn take_census(
    census: Vec<(usize, Vec<CensusCell>)>,
    boundaries: &[MultiPolygon],
    municipalities: &[Municipality],
    ledgers: &mut [Ledger],
) -> Vec<Cell> {
    let assigner = Assigner::new(boundaries);
    let rows: Vec<(usize, CensusCell)> = census
        .into_iter()
        .flat_map(|(input, cells)| cells.into_iter().map(move |cell| (input, cell)))
        .collect();
    let assigned: Vec<Option<Assigned>> =
        rows.par_iter().map(|(_, cell)| assigner.assign(cell.mesh.rect())).collect();
    let mut cells: BTreeMap<MeshCode, Cell> = BTreeMap::new();
    let mut digits = None;
    for ((input, row), assigned) in rows.into_iter().zip(assigned) {
        let code = row.mesh.to_string();
        let doubt = |kind, meant: String| Doubt { kind, row: row.row, field: "KEY_CODE", said: &code, meant };
        let refused = if *digits.get_or_insert(code.len()) != code.len() {
            Some(("mixed_mesh_sizes", "ほかの行と大きさの違うメッシュです"))
        } else if cells.contains_key(&row.mesh) {
            Some(("duplicate_cell", "同じメッシュが別の行かファイルにもあります"))
        } else if matches!(assigned, Some(Assigned::Nearest(_, degrees)) if degrees > FAR_DEGREES) {
            Some(("cell_outside_prefecture", "どの市区町村からも約 2 km 以上離れています"))
        } else {
            None
        };
        let municipality = match (refused, assigned) {
            (None, Some(Assigned::Within(municipality))) => municipality,
            (None, Some(Assigned::Nearest(municipality, _))) => {
                let name = &municipalities[municipality].name;
                ledgers[input].warn(doubt(
                    "cell_without_municipality",
                    format!("どの市区町村とも重ならないメッシュです。最も近い{name}に入れました"),
                ));
                municipality
            }
            (refused, _) => {
                let (kind, meant) = refused.unwrap_or(("cell_outside_prefecture", "市区町村がありません"));
                ledgers[input].withdraw(doubt(kind, format!("{meant}。この行の人口は集計に入りません")));
                continue;
            }
        };
        // Nobody lives in some published cells.
        if row.population.total == 0 {
            continue;
        }
        cells.insert(
            row.mesh,
            Cell {
                mesh: row.mesh,
                municipality,
                centre: row.mesh.centre(),
                population: row.population,
                ages_estimated: row.ages_estimated,
                future: BTreeMap::new(),
            },
        );
    }
    cells.into_values().collect()
}

/// Adds projected people to the cells; cells of a finer future mesh are added up to the census cell
/// that contains them. A year that is unknown for one part is unknown for the whole.
fn take_future(future: Vec<(usize, Vec<FutureCell>)>, cells: &mut [Cell], ledgers: &mut [Ledger]) {
    let Some(digits) = cells.first().map(|cell| cell.mesh.to_string().len()) else { return };
    let at: BTreeMap<String, usize> =
        cells.iter().enumerate().map(|(at, cell)| (cell.mesh.to_string(), at)).collect();
    let mut parts: BTreeMap<usize, Vec<BTreeMap<u16, FutureAges>>> = BTreeMap::new();
    for (input, rows) in future {
        for row in rows {
            let code = row.mesh.to_string();
            match code.get(..digits).and_then(|code| at.get(code)) {
                Some(cell) => parts.entry(*cell).or_default().push(row.years),
                None => ledgers[input].withdraw(Doubt {
                    kind: "future_cell_without_census",
                    row: row.row,
                    field: "MESH_ID",
                    said: &code,
                    meant: "国勢調査に人のいないメッシュか、国勢調査より粗いメッシュです。この行の将来人口は使いません"
                        .to_owned(),
                }),
            }
        }
    }
    for (cell, parts) in parts {
        let years: BTreeSet<u16> = parts.iter().flat_map(|part| part.keys().copied()).collect();
        for year in years {
            let of_year: Option<Vec<&FutureAges>> = parts.iter().map(|part| part.get(&year)).collect();
            let Some(of_year) = of_year else { continue };
            let sum = |age: fn(&FutureAges) -> f64| of_year.iter().map(|ages| age(ages)).sum();
            let ages = FutureAges {
                total: sum(|ages| ages.total),
                age_under_65: sum(|ages| ages.age_under_65),
                age_65_74: sum(|ages| ages.age_65_74),
                age_75_84: sum(|ages| ages.age_75_84),
                age_85_plus: sum(|ages| ages.age_85_plus),
            };
            cells[cell].future.insert(year, ages);
        }
    }
}

fn take_towns(
    towns: Vec<Town>,
    geocoder: &mut Geocoder,
    municipalities: &[Municipality],
    prefecture: &str,
    ledger: &mut Ledger,
) {
    for town in towns {
        let (municipality, said) = match &town.municipality {
            TownMunicipality::Code(code) if code.prefecture() != municipalities[0].code.prefecture() => {
                continue;
            }
            TownMunicipality::Name { prefecture: other, .. } if other != prefecture => continue,
            TownMunicipality::Code(code) => (position_of(municipalities, *code), code.to_string()),
            TownMunicipality::Name { municipality, .. } => {
                (geocoder.municipality(municipality).map(|(at, _)| at), municipality.clone())
            }
        };
        match municipality {
            Some(municipality) => geocoder.learn(municipality, &town.name, town.position),
            None => ledger.withdraw(Doubt {
                kind: "unknown_municipality",
                row: town.row,
                field: "",
                said: &said,
                meant: "行政区域にない市区町村です。この町丁目は使いません".to_owned(),
            }),
        }
    }
}

fn take_active(
    rows: Vec<(usize, ActiveRow)>,
    institutions: &[Institution],
    geocoder: &Geocoder,
    ledgers: &mut [Ledger],
) -> Vec<ActiveEntry> {
    let by_id: BTreeMap<&str, usize> =
        institutions.iter().enumerate().map(|(at, one)| (one.id.as_str(), at)).collect();
    let mut by_name: BTreeMap<(usize, String), BTreeSet<usize>> = BTreeMap::new();
    for (at, institution) in institutions.iter().enumerate() {
        let Some(municipality) = institution.municipality else { continue };
        for name in name_keys(&institution.name) {
            by_name.entry((municipality, name)).or_default().insert(at);
        }
    }
    rows.into_iter()
        .map(|(input, row)| {
            let house = geocoder.house(&row.address);
            let by_code = row.code.as_deref().and_then(|code| by_id.get(code).copied());
            let named: BTreeSet<usize> = house
                .iter()
                .flat_map(|(at, _)| name_keys(&row.name).into_iter().map(|name| (*at, name)))
                .filter_map(|key| by_name.get(&key))
                .flatten()
                .copied()
                .collect();
            let only = |found: &BTreeSet<usize>| if found.len() == 1 { found.first().copied() } else { None };
            let at_house = || {
                named
                    .iter()
                    .copied()
                    .filter(|at| geocoder.house(&institutions[*at].address) == house)
                    .collect()
            };
            let institution = by_code.or_else(|| only(&named)).or_else(|| only(&at_house()));
            let is_medical = is_medical(&row.body_type);
            let doubt = |kind, meant: &str| Doubt {
                kind,
                row: row.row,
                field: "",
                said: &row.name,
                meant: meant.to_owned(),
            };
            if institution.is_none() {
                ledgers[input].warn(doubt(
                    "unmatched_active_institution",
                    "どの施設の記録とも照合できません。一覧には残しますが、位置と届出は分かりません",
                ));
            }
            if !is_medical {
                ledgers[input].warn(doubt(
                    "non_medical_active_institution",
                    &format!("種別「{}」は病院・診療所ではありません。見直しの対象です", row.body_type),
                ));
            }
            ActiveEntry {
                is_medical,
                institution,
                municipality: house
                    .map(|(at, _)| at)
                    .or_else(|| institution.and_then(|at| institutions[at].municipality)),
                name: row.name,
                body_type: row.body_type,
            }
        })
        .collect()
}

/// Whether 種別 is a hospital or clinic. Dental clinics are not: 訪問診療 is billed by 医科.
fn is_medical(body_type: &str) -> bool {
    (body_type.contains("病院") || body_type.contains("診療所")) && !body_type.contains("歯科")
}

fn take_hubs(
    rows: Vec<(usize, LinkageRow)>,
    municipalities: &[Municipality],
    geocoder: &Geocoder,
    ledgers: &mut [Ledger],
) -> Vec<LinkageEntry> {
    rows.into_iter()
        .map(|(input, row)| {
            let mut served = BTreeSet::new();
            for code in &row.served {
                match position_of(municipalities, *code) {
                    Some(at) => {
                        served.insert(at);
                    }
                    None => ledgers[input].warn(Doubt {
                        kind: "unknown_municipality",
                        row: row.row,
                        field: "担当市町村コード",
                        said: code.as_str(),
                        meant: format!("{}: 行政区域にない市区町村です。担当から除きます", row.name),
                    }),
                }
            }
            LinkageEntry {
                municipality: geocoder.municipality(&row.address).map(|(at, _)| at),
                served: served.into_iter().collect(),
                name: row.name,
                body_type: row.body_type,
            }
        })
        .collect()
}

/// Areas in order of code; a second row of the same code is set aside.
fn take_demand(demand: Vec<(usize, AreaDemand)>, ledgers: &mut [Ledger]) -> Vec<AreaDemand> {
    let mut areas: BTreeMap<String, AreaDemand> = BTreeMap::new();
    for (input, area) in demand {
        if areas.contains_key(&area.code) {
            ledgers[input].withdraw(Doubt {
                kind: "duplicate_demand_area",
                row: 0,
                field: "構想区域コード",
                said: &area.code,
                meant: "同じ構想区域が二度あります。後の行は使いません".to_owned(),
            });
        } else {
            areas.insert(area.code.clone(), area);
        }
    }
    areas.into_values().collect()
}
