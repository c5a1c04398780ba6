//! From a manifest to a finished study: reads every file, then puts together what they say.

use crate::geometry::locate::Locator;
use crate::ids::MunicipalityCode;
use crate::ingest::a38_medical_area;
use crate::ingest::abr_towns::{self, NamedTown, TownPosition};
use crate::ingest::active_list::{self, ActiveRow};
use crate::ingest::address_point::{AddressLevel, AddressPoint, TownMunicipality};
use crate::ingest::admission_beds::{self, AdmissionRow};
use crate::ingest::area_cuts::{self, Claims, TownRow};
use crate::ingest::area_flows;
use crate::ingest::area_membership::{self, Membership};
use crate::ingest::boundary::{self, BoundaryPart, position_of};
use crate::ingest::bring::Onto;
use crate::ingest::care_facility_partners::{self, PartnerRow};
use crate::ingest::care_need::{self, CareNeedRow};
use crate::ingest::census_mesh::{self, CensusMesh};
use crate::ingest::censuses;
use crate::ingest::classes::{self, Seen};
use crate::ingest::code_changes;
use crate::ingest::code_contents::{self, CodeContents};
use crate::ingest::cohort_counts::{self, CohortRow};
use crate::ingest::continuity_plans::{self, ContinuityRow};
use crate::ingest::corrections::take_corrections;
use crate::ingest::crosswalk::{Change, Crosswalk};
use crate::ingest::emergency_tools::{self, ToolRow};
use crate::ingest::flood::{self, FloodedRiver};
use crate::ingest::future_mesh::{self, FutureCell};
use crate::ingest::geocode::Geocoder;
use crate::ingest::guard::no_panic;
use crate::ingest::identity_decisions::{self, Decision};
use crate::ingest::inhabited::move_to_inhabited;
use crate::ingest::institution_codes::{self, CodedInstitution};
use crate::ingest::ipss::{self, ProjectionRow};
use crate::ingest::iryo_joho_net::{self, IryoJohoNet, ListedInstitution};
use crate::ingest::kaigo::{self, Kaigo};
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::linkage_list::{self, LinkageRow};
use crate::ingest::lists::{take_active, take_hubs};
use crate::ingest::manifest::{InputEntry, InputKind, Manifest, StudyHeader};
use crate::ingest::municipality_points::{self, MasterEntry};
use crate::ingest::night_calls::{self, CallsRow};
use crate::ingest::opening_hours::{self, HoursById};
use crate::ingest::own_figures::{self, OwnFigures};
use crate::ingest::own_lists::{AreaFlow, OwnLists};
use crate::ingest::p04_medical;
use crate::ingest::p14_welfare::{self, WelfareRow};
use crate::ingest::patient_flows::{self, FlowRow};
use crate::ingest::population::{take_census, take_future};
use crate::ingest::position_corrections::{self, CorrectionRow};
use crate::ingest::quality;
use crate::ingest::register::{self, Land, Sources};
use crate::ingest::rota::{take_limits, take_rota};
use crate::ingest::rota_limits::{self, LimitRow};
use crate::ingest::rota_sheet::{self, RotaRow};
use crate::ingest::stopped_list::{self, StopRow};
use crate::ingest::stops::take_stopped;
use crate::ingest::study::{
    AreaDemand, AreaSystem, Cell, Indicator, Input, Institution, Municipality, Study,
};
use crate::ingest::targets::{self, TargetRow};
use crate::ingest::text::{Source, sha256_of};
use crate::ingest::todokede::{self, Todokede};
use crate::ingest::town_points;
use crate::ingest::unit_table::{self, UnitRow};
use crate::ingest::week::WeekFiles;
use crate::ingest::{IngestError, home_demand, projections};
use crate::progress::{Progress, Step};
use geo::{MultiPolygon, Point};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

/// What one file says.
pub(crate) enum Parsed {
    Boundary(Vec<BoundaryPart>),
    Areas(AreaSystem, Vec<Membership>),
    Census(CensusMesh),
    Future(Vec<FutureCell>),
    Projections(Vec<ProjectionRow>),
    Todokede(Todokede),
    IryoJohoNet(IryoJohoNet),
    Sites(Vec<ListedInstitution>),
    Welfare(Vec<WelfareRow>),
    Flood(Vec<FloodedRiver>),
    Codes(Vec<CodedInstitution>),
    Contents(CodeContents),
    Kaigo(Kaigo),
    CareNeed(Vec<CareNeedRow>),
    Towns(Vec<AddressPoint>),
    TownNames(Vec<NamedTown>),
    TownPositions(Vec<TownPosition>),
    Master(Vec<MasterEntry>),
    Points(Vec<(MunicipalityCode, Point)>),
    Demand(Vec<AreaDemand>),
    AreaFlows(Vec<AreaFlow>),
    Active(Vec<ActiveRow>),
    Hubs(Vec<LinkageRow>),
    Cohorts(Vec<CohortRow>),
    Figures(OwnFigures),
    OpeningHours(HoursById),
    Rota(Vec<RotaRow>),
    RotaLimits(Vec<LimitRow>),
    Living(Vec<UnitRow>),
    AdmissionBeds(Vec<AdmissionRow>),
    ContinuityPlans(Vec<ContinuityRow>),
    Targets(Vec<TargetRow>),
    NightCalls(Vec<CallsRow>),
    CareFacilityPartners(Vec<PartnerRow>),
    EmergencyTools(Vec<ToolRow>),
    PatientFlows(Vec<FlowRow>),
    Changes(Vec<Change>),
    Corrections(Vec<CorrectionRow>),
    Decisions(Vec<Decision>),
    Stops(Vec<StopRow>),
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
            licence: entry.licence.clone(),
            attribution: entry.attribution.clone(),
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
        let says = parse(entry, &source, &manifest.study.prefecture, &mut ledger)?;
        let sha256 = match entry.kind {
            InputKind::OwnFigures => own_figures::sha256(&source)?,
            _ => source.sha256()?,
        };
        (says, sha256)
    };
    ledger.layer = None;
    step.advance(1);
    Ok((read.0, ledger, read.1))
}

/// Reads a file by its kind. The libraries below the readers were not written for damaged files:
/// where one of them gives up, the file is at fault.
pub(crate) fn parse(
    entry: &InputEntry,
    source: &Source,
    prefecture: &str,
    ledger: &mut Ledger,
) -> Result<Parsed, IngestError> {
    no_panic(|| parse_kind(entry, source, prefecture, ledger)).unwrap_or_else(|said| {
        Err(IngestError::Broken {
            file: entry.path.clone(),
            place: "ファイルの中".to_owned(),
            found: format!("壊れた値があり、読み取りを続けられません（{said}）"),
            expected: format!("{}のファイル", entry.kind.name()),
            remedy: "配布元からもう一度ダウンロードするか、元のソフトで開いて保存し直してください".to_owned(),
        })
    })
}

fn parse_kind(
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
        (InputKind::A38MedicalArea, _) => {
            Parsed::Areas(AreaSystem::SecondaryMedicalArea, a38_medical_area::read(source, ledger)?)
        }
        (InputKind::CensusMesh, _) => Parsed::Census(census_mesh::read(source, ledger)?),
        (InputKind::FutureMesh, _) => Parsed::Future(future_mesh::read(source, ledger)?),
        (InputKind::IpssProjection, _) => Parsed::Projections(ipss::read(source, ledger)?),
        (InputKind::Todokede, _) => Parsed::Todokede(todokede::read(source, prefecture, ledger)?),
        (InputKind::IryoJohoNet, _) => Parsed::IryoJohoNet(iryo_joho_net::read(source, prefecture, ledger)?),
        (InputKind::P04Medical, _) => Parsed::Sites(p04_medical::read(source, ledger)?),
        (InputKind::P14Welfare, _) => Parsed::Welfare(p14_welfare::read(source, ledger)?),
        (InputKind::A31aFlood, _) => Parsed::Flood(flood::read(source, ledger)?),
        (InputKind::InstitutionCodes, _) => {
            Parsed::Codes(institution_codes::read(source, prefecture, ledger)?)
        }
        (InputKind::CodeContents, _) => Parsed::Contents(code_contents::read(source, ledger)?),
        (InputKind::KaigoJigyosho, _) => Parsed::Kaigo(kaigo::read(source, prefecture, ledger)?),
        (InputKind::CareNeed, _) => Parsed::CareNeed(care_need::read(source, ledger)?),
        (InputKind::TownPoints, _) => Parsed::Towns(town_points::read(source, ledger)?),
        (InputKind::TownMaster, _) => Parsed::TownNames(abr_towns::read_names(source, ledger)?),
        (InputKind::TownPositions, _) => Parsed::TownPositions(abr_towns::read_positions(source, ledger)?),
        (InputKind::MunicipalityMaster, _) => {
            Parsed::Master(municipality_points::read_master(source, ledger)?)
        }
        (InputKind::MunicipalityPoints, _) => {
            Parsed::Points(municipality_points::read_points(source, ledger)?)
        }
        (InputKind::HomeDemand, _) => Parsed::Demand(home_demand::read(source, prefecture, ledger)?),
        (InputKind::AreaFlows, _) => Parsed::AreaFlows(area_flows::read(source, prefecture, ledger)?),
        (InputKind::ActiveInstitutions, _) => Parsed::Active(active_list::read(source, ledger)?),
        (InputKind::LinkageHubs, _) => Parsed::Hubs(linkage_list::read(source, ledger)?),
        (InputKind::CohortCounts, _) => Parsed::Cohorts(cohort_counts::read(source, ledger)?),
        (InputKind::OwnFigures, _) => Parsed::Figures(own_figures::read(source, ledger)?),
        (InputKind::OpeningHours, _) => Parsed::OpeningHours(opening_hours::read(source, ledger)?),
        (InputKind::Rota, _) => Parsed::Rota(rota_sheet::read(source, ledger)?),
        (InputKind::RotaLimits, _) => Parsed::RotaLimits(rota_limits::read(source, ledger)?),
        (InputKind::LivingAreas, _) => Parsed::Living(unit_table::read_rows(source, ledger)?),
        (InputKind::AdmissionBeds, _) => Parsed::AdmissionBeds(admission_beds::read(source, ledger)?),
        (InputKind::ContinuityPlans, _) => Parsed::ContinuityPlans(continuity_plans::read(source, ledger)?),
        (InputKind::Targets, _) => Parsed::Targets(targets::read(source, ledger)?),
        (InputKind::NightCalls, _) => Parsed::NightCalls(night_calls::read(source, ledger)?),
        (InputKind::CareFacilityPartners, _) => {
            Parsed::CareFacilityPartners(care_facility_partners::read(source, ledger)?)
        }
        (InputKind::EmergencyTools, _) => Parsed::EmergencyTools(emergency_tools::read(source, ledger)?),
        (InputKind::PatientFlows, _) => Parsed::PatientFlows(patient_flows::read(source, ledger)?),
        (InputKind::CodeChanges, _) => Parsed::Changes(code_changes::read(source, ledger)?),
        (InputKind::PositionCorrections, _) => {
            Parsed::Corrections(position_corrections::read(source, ledger)?)
        }
        (InputKind::IdentityDecisions, _) => Parsed::Decisions(identity_decisions::read(source, ledger)?),
        (InputKind::StoppedInstitutions, _) => Parsed::Stops(stopped_list::read(source, ledger)?),
        (InputKind::RoadsOsm, _) => Parsed::Roads,
    })
}

/// What indicators and the prefecture's own lists are made of.
#[derive(Default)]
struct OwnRows {
    care_need: Vec<(usize, Vec<CareNeedRow>)>,
    figures: Vec<(usize, OwnFigures)>,
    area_flows: Vec<AreaFlow>,
    living: Vec<(usize, Vec<UnitRow>)>,
    admission_beds: Option<Vec<(usize, AdmissionRow)>>,
    continuity_plans: Option<Vec<(usize, ContinuityRow)>>,
    targets: Option<Vec<(usize, TargetRow)>>,
    night_calls: Option<Vec<(usize, CallsRow)>>,
    care_facility_partners: Option<Vec<(usize, PartnerRow)>>,
    emergency_tools: Option<Vec<(usize, ToolRow)>>,
    patient_flows: Option<Vec<(usize, FlowRow)>>,
}

/// Everything that was read, by kind, each with the position of its input.
#[derive(Default)]
struct Sorted {
    boundary: Vec<(usize, Vec<BoundaryPart>)>,
    areas: Vec<(usize, AreaSystem, Vec<Membership>)>,
    census: Vec<(usize, CensusMesh)>,
    future: Vec<(usize, Vec<FutureCell>)>,
    projections: Vec<(usize, Vec<ProjectionRow>)>,
    institutions: Sources,
    welfare: Option<Vec<(usize, Vec<WelfareRow>)>>,
    rivers: Vec<FloodedRiver>,
    seen: Seen,
    towns: Vec<(usize, Vec<AddressPoint>)>,
    town_names: Vec<NamedTown>,
    town_positions: Vec<(usize, Vec<TownPosition>)>,
    master: Vec<MasterEntry>,
    points: Vec<(MunicipalityCode, Point)>,
    demand: Vec<(usize, AreaDemand)>,
    active: Option<Vec<(usize, ActiveRow)>>,
    hubs: Option<Vec<(usize, LinkageRow)>>,
    cohorts: Vec<(usize, Vec<CohortRow>)>,
    hours: Option<Vec<(usize, HoursById)>>,
    rota: Option<Vec<(usize, RotaRow)>>,
    rota_limits: Option<Vec<(usize, LimitRow)>>,
    changes: Vec<Vec<Change>>,
    corrections: Vec<(usize, CorrectionRow)>,
    own: OwnRows,
    stops: Vec<(usize, StopRow)>,
}

/// Sorts what was read. `prefecture` is its name: of files that tell none of its code, what is of others
/// is left out.
fn sort(parsed: Vec<Parsed>, prefecture: &str, ledgers: &mut [Ledger]) -> Sorted {
    fn with<T>(input: usize, rows: Vec<T>) -> impl Iterator<Item = (usize, T)> {
        rows.into_iter().map(move |row| (input, row))
    }
    let mut sorted = Sorted::default();
    for (input, says) in parsed.into_iter().enumerate() {
        match says {
            Parsed::Boundary(parts) => sorted.boundary.push((input, parts)),
            Parsed::Areas(system, rows) => sorted.areas.push((input, system, rows)),
            Parsed::Census(mesh) => sorted.census.push((input, mesh)),
            Parsed::Future(cells) => sorted.future.push((input, cells)),
            Parsed::Projections(rows) => sorted.projections.push((input, rows)),
            Parsed::Todokede(read) => {
                sorted.seen.sections.extend(read.sections);
                sorted.institutions.filed.extend(with(input, read.institutions));
                let stations = own(read.stations, prefecture, &mut ledgers[input]);
                sorted.seen.sections.extend(stations.first().map(|station| station.section));
                sorted.institutions.stations.extend(with(input, stations));
            }
            Parsed::Contents(read) => {
                let rows = own(read.rows, prefecture, &mut ledgers[input]);
                let words =
                    rows.iter().filter_map(|row| Some(classes::contents_word(row.section, row.kind?)));
                sorted.seen.contents.extend(words);
                sorted.institutions.contents.extend(with(input, rows));
            }
            Parsed::IryoJohoNet(read) => {
                sorted.seen.iryo_joho_net.extend(read.classes);
                if !read.hours.is_empty() {
                    sorted.hours.get_or_insert_default().push((input, read.hours));
                }
                sorted.institutions.listed.extend(with(input, read.institutions));
            }
            Parsed::Sites(rows) => sorted.institutions.sited.extend(with(input, rows)),
            Parsed::Welfare(rows) => sorted.welfare.get_or_insert_default().push((input, rows)),
            Parsed::Flood(rivers) => sorted.rivers.extend(rivers),
            Parsed::Codes(rows) => sorted.institutions.coded.extend(with(input, rows)),
            Parsed::Kaigo(read) => {
                sorted.seen.services.extend(read.services);
                sorted.institutions.offices.extend(with(input, read.offices));
            }
            Parsed::Towns(towns) => sorted.towns.push((input, towns)),
            Parsed::TownNames(towns) => sorted.town_names.extend(towns),
            Parsed::TownPositions(positions) => sorted.town_positions.push((input, positions)),
            Parsed::Master(entries) => sorted.master.extend(entries),
            Parsed::Points(points) => sorted.points.extend(points),
            Parsed::Demand(areas) => sorted.demand.extend(with(input, areas)),
            Parsed::AreaFlows(flows) => sorted.own.area_flows.extend(flows),
            Parsed::Active(rows) => sorted.active.get_or_insert_default().extend(with(input, rows)),
            Parsed::Hubs(rows) => sorted.hubs.get_or_insert_default().extend(with(input, rows)),
            Parsed::Cohorts(rows) => sorted.cohorts.push((input, rows)),
            Parsed::CareNeed(rows) => sorted.own.care_need.push((input, rows)),
            Parsed::Figures(read) => sorted.own.figures.push((input, read)),
            Parsed::OpeningHours(hours) => sorted.hours.get_or_insert_default().push((input, hours)),
            Parsed::Rota(rows) => sorted.rota.get_or_insert_default().extend(with(input, rows)),
            Parsed::RotaLimits(rows) => sorted.rota_limits.get_or_insert_default().extend(with(input, rows)),
            Parsed::Living(rows) => sorted.own.living.push((input, rows)),
            Parsed::AdmissionBeds(rows) => {
                sorted.own.admission_beds.get_or_insert_default().extend(with(input, rows));
            }
            Parsed::ContinuityPlans(rows) => {
                sorted.own.continuity_plans.get_or_insert_default().extend(with(input, rows));
            }
            Parsed::Targets(rows) => sorted.own.targets.get_or_insert_default().extend(with(input, rows)),
            Parsed::NightCalls(rows) => {
                sorted.own.night_calls.get_or_insert_default().extend(with(input, rows));
            }
            Parsed::CareFacilityPartners(rows) => {
                sorted.own.care_facility_partners.get_or_insert_default().extend(with(input, rows));
            }
            Parsed::EmergencyTools(rows) => {
                sorted.own.emergency_tools.get_or_insert_default().extend(with(input, rows));
            }
            Parsed::PatientFlows(rows) => {
                sorted.own.patient_flows.get_or_insert_default().extend(with(input, rows));
            }
            Parsed::Changes(rows) => sorted.changes.push(rows),
            Parsed::Corrections(rows) => sorted.corrections.extend(with(input, rows)),
            Parsed::Decisions(rows) => sorted.institutions.decisions.extend(with(input, rows)),
            Parsed::Stops(rows) => sorted.stops.extend(with(input, rows)),
            Parsed::Roads => {}
        }
    }
    sorted
}

/// What is of the prefecture of this name; told where all is of others.
fn own<T>(all: Vec<(String, T)>, prefecture: &str, ledger: &mut Ledger) -> Vec<T> {
    let others = all.first().map(|(name, _)| name.clone());
    let own: Vec<T> = all.into_iter().filter(|(name, _)| name == prefecture).map(|(_, one)| one).collect();
    if let (true, Some(others)) = (own.is_empty(), others) {
        ledger.layer = None;
        ledger.warn(Doubt {
            kind: "no_row_of_prefecture",
            row: 0,
            field: "",
            said: &others,
            meant: format!("{prefecture}の行がありません（見出しの都道府県名を確かめてください）"),
        });
    }
    own
}

#[expect(clippy::too_many_lines, reason = "one step after the other, none of them long")]
fn put_together(
    parsed: Vec<Parsed>,
    ledgers: &mut [Ledger],
    manifest: &Manifest,
) -> Result<Study, IngestError> {
    let header = &manifest.study;
    let prefecture = header.prefecture.as_str();
    let mut sorted = sort(parsed, &header.name, ledgers);
    let mut of_study = Ledger::new("");

    let files = std::mem::take(&mut sorted.boundary).into_iter();
    let files = files.map(|(input, parts)| (manifest.inputs[input].path.as_str(), parts)).collect();
    let mut dissolved = boundary::dissolve(files, prefecture)?;
    let mut municipalities = std::mem::take(&mut dissolved.municipalities);
    if municipalities.is_empty() {
        return Err(no_municipality(manifest));
    }
    for entry in sorted.master.iter().filter(|entry| !entry.county.is_empty()) {
        dissolved.counties.entry(entry.code).or_insert_with(|| entry.county.clone());
    }
    let crosswalk = code_changes::crosswalk(std::mem::take(&mut sorted.changes));
    let claims = assign_areas(sorted.areas, &mut municipalities, &crosswalk, prefecture, ledgers);
    tell_missing_areas(&municipalities, &mut of_study);
    take_offices(&sorted.points, &sorted.projections, &mut municipalities);

    // Before the cells are read nobody's people are known.
    let onto = Onto { crosswalk: &crosswalk, municipalities: &municipalities, people: &|_| None };
    let mut projections = projections::Known::new();
    for (input, rows) in sorted.projections {
        projections::take(rows, &onto, prefecture, &mut projections, &mut ledgers[input]);
    }
    let projections = projections::complete(projections, &mut of_study);
    let boundaries: Vec<MultiPolygon> =
        municipalities.iter().map(|municipality| municipality.boundary.clone()).collect();
    let totals = projections::census_totals(&municipalities, &projections, header.census_year);
    let mut censuses = censuses::by_year(sorted.census);
    let census = censuses::of_study(header.census_year, &mut censuses, &manifest.inputs)?;
    let census = census_mesh::resolve(census, ledgers);
    let mut cells = take_census(census, &boundaries, &municipalities, &totals, ledgers, &mut of_study);
    let earlier_censuses = censuses::take_earlier(censuses, &cells, &boundaries, ledgers);
    take_future(sorted.future, &mut cells, ledgers);
    projections::compare_with_cells(&municipalities, &cells, &projections, header.census_year, &mut of_study);

    let elsewhere: Vec<_> = sorted.master.into_iter().map(|entry| (entry.prefecture, entry.name)).collect();
    let mut geocoder = Geocoder::new(&header.name, &municipalities, &dissolved.counties, &elsewhere);
    let of_registry = abr_towns::join(&sorted.town_names, sorted.town_positions, prefecture, ledgers);
    for (input, towns) in sorted.towns.into_iter().chain(of_registry) {
        take_towns(towns, &mut geocoder, &onto, &header.name, &mut ledgers[input]);
    }
    let area_cuts = area_cuts::take(claims, &mut municipalities, &cells, &geocoder, ledgers);
    let locator = Locator::new(&boundaries);
    let mut loaded_classes = classes::loaded(&sorted.seen);
    loaded_classes.extend(sorted.own.admission_beds.iter().map(|_| admission_beds::CLASS.to_owned()));
    let land = Land {
        prefecture: &header.name,
        municipalities: &municipalities,
        locator: &locator,
        geocoder: &geocoder,
        loaded_classes: &loaded_classes,
    };
    let listed: Vec<(usize, u64, String)> =
        sorted.institutions.listed.iter().map(|(input, one)| (*input, one.row, one.id.clone())).collect();
    let (mut institutions, review) = register::build(sorted.institutions, &land, ledgers);
    take_corrections(sorted.corrections, &mut institutions, &geocoder, &locator, ledgers);
    let stopped = take_stopped(sorted.stops, &mut institutions, &geocoder, &header.as_of, ledgers);
    quality::tell_placeholders(&institutions, &geocoder, ledgers);
    quality::tell_editions(manifest, ledgers);
    move_to_inhabited(&mut institutions, &cells, ledgers);
    let flooded = flood::take(&sorted.rivers, &institutions, &cells);
    let welfare = sorted.welfare.map(|files| p14_welfare::take(files, &header.name, &locator, ledgers));
    let active_list = sorted.active.map(|rows| take_active(rows, &institutions, &geocoder, ledgers));
    let people = people_by_code(&municipalities, &cells);
    let people = |code| people.get(&code).copied();
    let onto = Onto { crosswalk: &crosswalk, municipalities: &municipalities, people: &people };
    let linkage_list = sorted.hubs.map(|rows| take_hubs(rows, &onto, &geocoder, ledgers));
    let mut cohorts = None;
    for (input, rows) in sorted.cohorts {
        let counts = cohorts.get_or_insert_default();
        cohort_counts::take(rows, &onto, prefecture, counts, &mut ledgers[input]);
    }
    let mut own = sorted.own;
    let living = std::mem::take(&mut own.living);
    let indicators = take_indicators(&mut own, &municipalities, &geocoder, manifest, ledgers);
    let week = WeekFiles {
        opening_hours: sorted.hours.map(|files| opening_hours::take(files, &listed, &institutions, ledgers)),
        rota: sorted.rota.map(|rows| take_rota(rows, &institutions, &municipalities, &header.name, ledgers)),
        rota_limits: sorted.rota_limits.map(|rows| take_limits(rows, &institutions, ledgers)),
    };
    let home_demand = take_demand(sorted.demand, &manifest.inputs, ledgers)?;
    let own_lists = take_own_lists(own, &mut institutions, &municipalities, header, ledgers);

    let mut study = Study {
        prefecture_code: header.prefecture.clone(),
        prefecture_name: header.name.clone(),
        invented: header.invented,
        as_of: header.as_of.clone(),
        census_year: header.census_year,
        parameters: manifest.parameters.clone(),
        inputs: Vec::new(),
        municipalities,
        area_cuts,
        unassigned_land: dissolved.unassigned_land,
        cells,
        earlier_censuses,
        institutions,
        stopped,
        review,
        projections,
        home_demand,
        active_list,
        linkage_list,
        cohorts,
        indicators,
        own_lists,
        week,
        flooded,
        welfare,
        loaded_classes,
        road_files: road_files(manifest),
        findings: of_study.findings,
    };
    if !living.is_empty() {
        let areas = unit_table::take_living_areas(&living, manifest, &study, ledgers)?;
        study.own_lists.living_areas = Some(areas);
    }
    Ok(study)
}

/// Figures of areas: 要介護認定者, then the prefecture's own.
fn take_indicators(
    own: &mut OwnRows,
    municipalities: &[Municipality],
    geocoder: &Geocoder,
    manifest: &Manifest,
    ledgers: &mut [Ledger],
) -> Vec<Indicator> {
    let mut indicators = Vec::new();
    for (input, rows) in std::mem::take(&mut own.care_need) {
        let date = manifest.inputs[input].date.as_deref();
        let year = date.and_then(|date| date.get(..4)?.parse().ok());
        let ledger = &mut ledgers[input];
        care_need::take(input, year, &rows, municipalities, &manifest.study.name, &mut indicators, ledger);
    }
    for (input, read) in std::mem::take(&mut own.figures) {
        let ledger = &mut ledgers[input];
        own_figures::take(input, read, municipalities, geocoder, &mut indicators, ledger);
    }
    indicators
}

/// The prefecture's own lists beside those of institutions and hubs; 日常生活圏域 need the finished study.
fn take_own_lists(
    own: OwnRows,
    institutions: &mut [Institution],
    municipalities: &[Municipality],
    header: &StudyHeader,
    ledgers: &mut [Ledger],
) -> OwnLists {
    let name = header.name.as_str();
    OwnLists {
        admission_beds: own
            .admission_beds
            .map(|rows| admission_beds::take(rows, institutions, municipalities, name, ledgers)),
        continuity_plans: own
            .continuity_plans
            .map(|rows| continuity_plans::take(rows, institutions, ledgers)),
        targets: own.targets.map(|rows| targets::take(rows, municipalities, name, ledgers)),
        night_calls: own
            .night_calls
            .map(|rows| night_calls::take(rows, institutions, municipalities, name, ledgers)),
        care_facility_partners: own
            .care_facility_partners
            .map(|rows| care_facility_partners::take(rows, institutions, municipalities, name, ledgers)),
        emergency_tools: own
            .emergency_tools
            .map(|rows| emergency_tools::take(rows, municipalities, name, ledgers)),
        patient_flows: own
            .patient_flows
            .map(|rows| patient_flows::take(rows, municipalities, &header.prefecture, ledgers)),
        area_flows: own.area_flows,
        living_areas: None,
    }
}

fn road_files(manifest: &Manifest) -> Vec<PathBuf> {
    let roads = manifest.inputs.iter().filter(|entry| entry.kind == InputKind::RoadsOsm);
    roads.map(|entry| manifest.folder.join(&entry.path)).collect()
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

/// People of each municipality, from its cells.
fn people_by_code(municipalities: &[Municipality], cells: &[Cell]) -> BTreeMap<MunicipalityCode, f64> {
    let mut people = BTreeMap::new();
    for cell in cells {
        let of = people.entry(municipalities[cell.municipality].code).or_default();
        *of += f64::from(cell.population.total);
    }
    people
}

/// Gives the municipalities their areas. Rows that name a 町丁目 are kept until the cells are known; until
/// then the first of them stands for a municipality of which no row tells as a whole.
fn assign_areas(
    tables: Vec<(usize, AreaSystem, Vec<Membership>)>,
    municipalities: &mut [Municipality],
    crosswalk: &Crosswalk,
    prefecture: &str,
    ledgers: &mut [Ledger],
) -> BTreeMap<(AreaSystem, usize), Claims> {
    let mut names = BTreeMap::new();
    let mut claims: BTreeMap<(AreaSystem, usize), Claims> = BTreeMap::new();
    for (input, system, rows) in tables {
        let ledger = &mut ledgers[input];
        let (of_part, of_whole): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.town.is_some());
        take_areas(of_whole, system, municipalities, crosswalk, &mut names, prefecture, ledger);
        for row in of_part.into_iter().filter(|row| row.municipality.prefecture() == prefecture) {
            match position_of(municipalities, row.municipality) {
                Some(at) => claims.entry((system, at)).or_default().rows.push(TownRow { input, row }),
                None => ledger.withdraw(unknown_municipality(&row)),
            }
        }
    }
    for ((system, at), claims) in &mut claims {
        let areas = &mut municipalities[*at].areas;
        claims.rest = areas.get(system).cloned();
        if let Some(first) = claims.rows.first() {
            areas.entry(*system).or_insert_with(|| first.row.area.clone());
        }
    }
    claims
}

/// Gives the municipalities their areas, those of codes of another time to what the codes became. The code
/// makes the area: under a second name it keeps the first, in `names`.
fn take_areas(
    rows: Vec<Membership>,
    system: AreaSystem,
    municipalities: &mut [Municipality],
    crosswalk: &Crosswalk,
    names: &mut BTreeMap<(AreaSystem, String), String>,
    prefecture: &str,
    ledger: &mut Ledger,
) {
    let mut rows: Vec<Membership> =
        rows.into_iter().filter(|row| row.municipality.prefecture() == prefecture).collect();
    // What is told of today's codes goes before what is told of others.
    rows.sort_by_key(|row| position_of(municipalities, row.municipality).is_none());
    for mut row in rows {
        let name = names.entry((system, row.area.code.clone())).or_insert_with(|| row.area.name.clone());
        if *name != row.area.name {
            ledger.warn(Doubt {
                kind: "area_code_with_two_names",
                row: row.row,
                field: "area_name",
                said: &row.area.name,
                meant: format!(
                    "{}のコード {} には「{name}」の名もあります。同じ圏域とみて「{name}」と呼びます",
                    system.name(),
                    row.area.code
                ),
            });
            row.area.name.clone_from(name);
        }
        let onto = Onto { crosswalk, municipalities, people: &|_| None };
        let places: Vec<usize> = onto.parts(row.municipality).into_iter().map(|(at, _)| at).collect();
        if !places.is_empty() && position_of(municipalities, row.municipality).is_none() {
            onto.tell_changed(row.municipality, row.row, "muni_code", ledger);
        }
        let is_free =
            |at: &usize| municipalities[*at].areas.get(&system).is_none_or(|area| *area == row.area);
        let free: Vec<usize> = places.iter().copied().filter(is_free).collect();
        if places.is_empty() {
            ledger.withdraw(unknown_municipality(&row));
        } else if free.is_empty() {
            ledger.withdraw(Doubt {
                kind: "duplicate_area",
                meant: "同じ市区町村が二つの圏域にあります。先の行を使い、この行は使いません".to_owned(),
                ..unknown_municipality(&row)
            });
        }
        for at in free {
            municipalities[at].areas.insert(system, row.area.clone());
        }
    }
}

fn unknown_municipality(row: &Membership) -> Doubt<'_> {
    Doubt {
        kind: "unknown_municipality",
        row: row.row,
        field: "muni_code",
        said: row.municipality.as_str(),
        meant: "行政区域にない市区町村です。この行は使いません".to_owned(),
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

/// Teaches the geocoder the towns, blocks and lots of one file.
fn take_towns(
    points: Vec<AddressPoint>,
    geocoder: &mut Geocoder,
    onto: &Onto<'_>,
    prefecture: &str,
    ledger: &mut Ledger,
) {
    // The rows of a municipality follow each other and share its name.
    let mut last: Option<(Arc<TownMunicipality>, Whose)> = None;
    for point in points {
        let whose = match &last {
            Some((named, whose)) if Arc::ptr_eq(named, &point.municipality) => *whose,
            _ => whose(&point.municipality, geocoder, onto, prefecture),
        };
        last = Some((point.municipality.clone(), whose));
        match whose {
            Whose::Other => {}
            Whose::Unknown => ledger.withdraw(Doubt {
                kind: "unknown_municipality",
                row: point.row,
                field: "",
                said: &point.municipality.to_string(),
                meant: "行政区域にない市区町村です。この町丁目は使いません".to_owned(),
            }),
            Whose::Own(at) if point.level > AddressLevel::Koaza => {
                geocoder.learn_block(at, &point.town, &point.koaza, &point.block, point.position);
            }
            Whose::Own(at) => {
                let name = point.town_and_koaza();
                let Some(metres) = geocoder.learn(at, &name, point.position) else { continue };
                ledger.note(Doubt {
                    kind: "same_town_far_apart",
                    row: point.row,
                    field: "",
                    said: &name,
                    meant: format!(
                        "{}に同じ名の町丁目が約 {:.1} km 離れて二つあります。所在地がこの名だけの施設は市区町村の代表点に置き、候補を知らせます",
                        onto.municipalities[at].name,
                        metres / 1_000.0
                    ),
                });
            }
        }
    }
}

/// Of whom a point is.
#[derive(Clone, Copy)]
enum Whose {
    /// Of the municipality at this position.
    Own(usize),
    /// Of another prefecture.
    Other,
    /// Of the prefecture, but of no municipality that the boundaries know.
    Unknown,
}

fn whose(named: &TownMunicipality, geocoder: &Geocoder, onto: &Onto<'_>, prefecture: &str) -> Whose {
    let found = match named {
        TownMunicipality::Code(code) if code.prefecture() != onto.municipalities[0].code.prefecture() => {
            return Whose::Other;
        }
        TownMunicipality::Name { prefecture: other, .. } if other != prefecture => return Whose::Other,
        TownMunicipality::Code(code) => onto.whole(*code),
        TownMunicipality::Name { municipality, .. } => geocoder.municipality(municipality).map(|(at, _)| at),
    };
    found.map_or(Whose::Unknown, Whose::Own)
}

/// Areas in order of code; a second row of the same code is set aside. A year that is unknown for
/// one area is unknown for the prefecture: it is left out of all areas and told.
///
/// # Errors
/// There are areas, but no year that all of them have.
fn take_demand(
    demand: Vec<(usize, AreaDemand)>,
    inputs: &[InputEntry],
    ledgers: &mut [Ledger],
) -> Result<Vec<AreaDemand>, IngestError> {
    let mut areas: BTreeMap<String, AreaDemand> = BTreeMap::new();
    let mut last_input = None;
    for (input, area) in demand {
        last_input = Some(input);
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
    let mut areas: Vec<AreaDemand> = areas.into_values().collect();
    let Some(input) = last_input else { return Ok(areas) };
    let years: BTreeSet<u16> =
        areas.iter().flat_map(|area| area.receipts_per_month.keys().copied()).collect();
    for year in &years {
        let lacking = |area: &&AreaDemand| !area.receipts_per_month.contains_key(year);
        let without: Vec<&str> = areas.iter().filter(lacking).map(|area| area.name.as_str()).collect();
        if without.is_empty() {
            continue;
        }
        ledgers[input].warn(Doubt {
            kind: "demand_year_left_out",
            row: 0,
            field: "レセプト件数/月",
            said: &year.to_string(),
            meant: format!(
                "{}の {year} 年度の件数がないため、県全体で {year} 年度の需要を使いません",
                without.join("、")
            ),
        });
        for area in &mut areas {
            area.receipts_per_month.remove(year);
        }
    }
    if areas.iter().any(|area| area.receipts_per_month.is_empty()) {
        return Err(IngestError::Broken {
            file: inputs[input].path.clone(),
            place: "レセプト件数/月".to_owned(),
            found: "すべての構想区域に件数のある年度がありません".to_owned(),
            expected: "どの構想区域にも件数のある年度".to_owned(),
            remedy: "配布元のファイルをそのまま使うか、セルに件数を入れてください".to_owned(),
        });
    }
    Ok(areas)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::study::Area;
    use proptest::prelude::*;

    const KINDS: [InputKind; 30] = [
        InputKind::N03Boundary,
        InputKind::AreaMembership,
        InputKind::CensusMesh,
        InputKind::FutureMesh,
        InputKind::IpssProjection,
        InputKind::Todokede,
        InputKind::IryoJohoNet,
        InputKind::InstitutionCodes,
        InputKind::KaigoJigyosho,
        InputKind::TownPoints,
        InputKind::MunicipalityMaster,
        InputKind::MunicipalityPoints,
        InputKind::HomeDemand,
        InputKind::ActiveInstitutions,
        InputKind::LinkageHubs,
        InputKind::CohortCounts,
        InputKind::CodeContents,
        InputKind::CareNeed,
        InputKind::AreaFlows,
        InputKind::LivingAreas,
        InputKind::AdmissionBeds,
        InputKind::ContinuityPlans,
        InputKind::Targets,
        InputKind::NightCalls,
        InputKind::CareFacilityPartners,
        InputKind::EmergencyTools,
        InputKind::PatientFlows,
        InputKind::PositionCorrections,
        InputKind::IdentityDecisions,
        InputKind::StoppedInstitutions,
    ];

    /// Headers of the tables, so that arbitrary rows get past them.
    const HEADERS: [&str; 23] = [
        "",
        "muni_code,area_code,area_name\n",
        "muni_code,year,total,age65plus,office_lon,office_lat\n",
        "ID,正式名称,機関区分,都道府県コード,市区町村コード,所在地,所在地座標（緯度）,所在地座標（経度）,合計病床数\n",
        "都道府県コード又は市町村コード,事業所名,サービスの種類,住所,緯度,経度,事業所番号\n",
        "pref,city,town,koaza,lat,lng\n",
        "lg_code,county,city,ablt_date,rep_lon,rep_lat\n",
        "圏域名,医療機関コード,名称,所在地,種別,退院支援,日常の療養支援,急変時の対応,看取り,24時間対応\n",
        "記録A,記録B,判定\n",
        "施設番号,名称,所在地,状態,年月日\n",
        "施設番号,名称,所在地,経度,緯度,理由,訂正者,訂正日\n",
        "圏域名,拠点名,設置主体,担当市町村コード,所在地\n",
        "区分,市区町村コード,年,人数\n",
        "190102530,0102530,甲医院,4000073,甲府市\n",
        "direction,area_code,area_name,phase,partner_area_code,partner_area_name,rate\n",
        "圏域名,市区町村コード,メッシュ,町丁目\n",
        "受入病床数,地域,曜日,開始,終了,医療機関コード,名称\n",
        "BCP,策定年月,医療機関コード,名称\n",
        "項目,目標値,期限,単位,現状値,医療機能,地域\n",
        "地域,ルール,曜日,開始,終了,受付の医療機関コード,受付の名称\n",
        "施設の名称,協力医療機関の有無,介護事業所番号,地域,協力医療機関コード,協力医療機関の名称\n",
        "地域,取組,状況,名称,普及率,配布数\n",
        "種類,年,患者の市区町村コード,医療機関の市区町村コード,件数\n",
    ];

    fn entry(kind: InputKind, path: &str, system: Option<AreaSystem>) -> InputEntry {
        InputEntry { kind, path: path.to_owned(), date: None, system, licence: None, attribution: None }
    }

    fn parse_as(kind: InputKind, bytes: &[u8]) -> Ledger {
        let system = (kind == InputKind::AreaMembership).then_some(AreaSystem::FireDepartment);
        let mut ledger = Ledger::new("x");
        let _ = parse(&entry(kind, "x", system), &Source::of_bytes("x", bytes), "19", &mut ledger);
        ledger
    }

    #[test]
    fn an_area_code_with_two_names_is_one_area_and_told() {
        let at = |code: &str| Municipality {
            code: code.parse().expect("code"),
            name: code.to_owned(),
            boundary: MultiPolygon(Vec::new()),
            areas: BTreeMap::new(),
            office: None,
        };
        let row = |row, code: &str, name: &str| Membership {
            town: None,
            row,
            municipality: code.parse().expect("code"),
            area: Area { code: "1901".to_owned(), name: name.to_owned() },
        };
        let rows = vec![row(2, "19201", "中北"), row(3, "19202", "中北医療圏"), row(4, "20201", "中北の隣")];
        let mut municipalities = [at("19201"), at("19202")];
        let mut ledger = Ledger { read: 3, stored: 3, ..Ledger::new("a.csv") };
        let system = AreaSystem::SecondaryMedicalArea;
        take_areas(
            rows,
            system,
            &mut municipalities,
            &Crosswalk::default(),
            &mut BTreeMap::new(),
            "19",
            &mut ledger,
        );
        for one in municipalities {
            assert_eq!(one.areas[&system], Area { code: "1901".into(), name: "中北".into() });
        }
        let told: Vec<_> = ledger.findings.iter().map(|one| (one.kind.as_str(), one.row)).collect();
        assert_eq!(told, [("area_code_with_two_names", Some(3))]);
    }

    fn area_demand(code: &str, receipts: &[(u16, f64)]) -> (usize, AreaDemand) {
        let receipts_per_month = receipts.iter().copied().collect();
        (0, AreaDemand { code: code.to_owned(), name: code.to_owned(), receipts_per_month })
    }

    fn demand_entry() -> InputEntry {
        entry(InputKind::HomeDemand, "d.xlsx", None)
    }

    #[test]
    fn a_year_that_one_area_lacks_is_left_out_of_all_and_told() {
        let mut ledgers = [Ledger { read: 3, stored: 3, ..Ledger::new("d.xlsx") }];
        let demand = vec![
            area_demand("1902", &[(2024, 1.0), (2030, 2.0)]),
            area_demand("1901", &[(2024, 3.0), (2030, 4.0)]),
            area_demand("1903", &[(2030, 5.0)]),
            area_demand("1901", &[(2024, 9.0)]),
        ];
        let areas = take_demand(demand, &[demand_entry()], &mut ledgers).expect("2030 is there");
        let expected = [("1901", 4.0), ("1902", 2.0), ("1903", 5.0)]
            .map(|(code, receipts)| area_demand(code, &[(2030, receipts)]).1);
        assert_eq!(areas, expected);
        let kinds: Vec<&str> = ledgers[0].findings.iter().map(|finding| finding.kind.as_str()).collect();
        assert_eq!(kinds, ["duplicate_demand_area", "demand_year_left_out"]);
        assert!(ledgers[0].findings[1].meant.starts_with("1903の 2024 年度"));
    }

    #[test]
    fn areas_without_a_common_year_are_refused_by_file() {
        let demand = vec![area_demand("1901", &[(2024, 1.0)]), area_demand("1902", &[(2030, 1.0)])];
        let error =
            take_demand(demand, &[demand_entry()], &mut [Ledger::new("d.xlsx")]).expect_err("refused");
        assert!(error.to_string().starts_with("d.xlsx: "), "{error}");
    }

    #[test]
    fn a_workbook_on_which_its_reader_panics_is_refused_by_name() {
        let book = crate::ingest::xlsx_table::tests::workbook("訪問診療", &[&["項番"]]);
        let members: Vec<(String, Vec<u8>)> = book
            .members(&[""])
            .expect("a zip")
            .into_iter()
            .map(|member| {
                let bytes = member.whole().expect("readable");
                let bytes = match std::str::from_utf8(&bytes) {
                    Ok(text) => text.replace("r=\"A1\"", "r=\"A99999999999\"").into_bytes(),
                    Err(_) => bytes,
                };
                (member.name.unwrap_or_default(), bytes)
            })
            .collect();
        let members: Vec<(&str, &[u8])> =
            members.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("book.xlsx");
        std::fs::write(&path, crate::ingest::text::tests::zipped(&members)).expect("written");
        for kind in [InputKind::HomeDemand, InputKind::Todokede] {
            let entry = entry(kind, "book.xlsx", None);
            let source = Source::open(&entry.path, &path).expect("open");
            let error = parse(&entry, &source, "19", &mut Ledger::new("book.xlsx")).err().expect("refused");
            assert!(error.to_string().starts_with("book.xlsx: ファイルの中: 壊れた値"), "{error}");
        }
    }

    proptest! {
        #[test]
        fn no_reader_panics_on_arbitrary_bytes(bytes: Vec<u8>) {
            for kind in KINDS {
                parse_as(kind, &bytes);
            }
        }

        #[test]
        fn arbitrary_rows_below_a_good_header_are_all_counted(
            header in prop::sample::select(&HEADERS[..]),
            rows in prop::collection::vec(prop::collection::vec("[0-9]{0,10}|[-.,\"；;甲0-9]{0,6}", 0..11), 0..8),
        ) {
            let rows: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
            let text = format!("{header}{}", rows.join("\n"));
            for kind in KINDS {
                let ledger = parse_as(kind, text.as_bytes());
                prop_assert_eq!(ledger.read, ledger.stored + ledger.quarantined);
            }
        }

        #[test]
        fn damaged_workbooks_never_panic(damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
            let whole = crate::ingest::xlsx_table::tests::workbook("訪問診療", &[&["項番", "構想区域コード"], &["1", "1901"]]);
            let mut bytes = whole.whole().expect("in memory");
            for (at, byte) in damage {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            parse_as(InputKind::Todokede, &bytes);
            parse_as(InputKind::HomeDemand, &bytes);
        }
    }
}
