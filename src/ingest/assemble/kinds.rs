//! What a file of each kind says: which reader reads it, and what a folder of files knows of it.

use crate::ids::MunicipalityCode;
use crate::ingest::IngestError;
use crate::ingest::a38_medical_area;
use crate::ingest::abr_towns::{self, NamedTown, TownPosition};
use crate::ingest::active_list::{self, ActiveRow};
use crate::ingest::address_point::{AddressPoint, TownMunicipality};
use crate::ingest::admission_beds::{self, AdmissionRow};
use crate::ingest::area_flows;
use crate::ingest::area_membership::{self, Membership};
use crate::ingest::boundary::{self, BoundaryPart};
use crate::ingest::care_facility_partners::{self, PartnerRow};
use crate::ingest::care_need::{self, CareNeedRow};
use crate::ingest::census_mesh::{self, CensusMesh, Raw};
use crate::ingest::code_changes;
use crate::ingest::code_contents::{self, CodeContents};
use crate::ingest::cohort_counts::{self, CohortRow};
use crate::ingest::continuity_plans::{self, ContinuityRow};
use crate::ingest::crosswalk::Change;
use crate::ingest::emergency_tools::{self, ToolRow};
use crate::ingest::flood::{self, FloodedRiver};
use crate::ingest::future_mesh::{self, FutureCell};
use crate::ingest::home_demand;
use crate::ingest::identity_decisions::{self, Decision};
use crate::ingest::institution_codes::{self, CodedInstitution};
use crate::ingest::ipss::{self, AgeClass, ProjectionRow};
use crate::ingest::iryo_joho_net::{self, IryoJohoNet, ListedInstitution};
use crate::ingest::kaigo::{self, Kaigo};
use crate::ingest::ledger::Ledger;
use crate::ingest::linkage_list::{self, LinkageRow};
use crate::ingest::manifest::{InputEntry, InputKind};
use crate::ingest::municipality_points::{self, MasterEntry};
use crate::ingest::night_calls::{self, CallsRow};
use crate::ingest::opening_hours::{self, HoursById};
use crate::ingest::own_figures::{self, OwnFigures};
use crate::ingest::own_lists::AreaFlow;
use crate::ingest::p04_medical;
use crate::ingest::p14_welfare::{self, WelfareRow};
use crate::ingest::patient_flows::{self, FlowRow};
use crate::ingest::population::wider;
use crate::ingest::position_corrections::{self, CorrectionRow};
use crate::ingest::rota_limits::{self, LimitRow};
use crate::ingest::rota_sheet::{self, RotaRow};
use crate::ingest::stopped_list::{self, StopRow};
use crate::ingest::study::{AreaDemand, AreaSystem};
use crate::ingest::targets::{self, TargetRow};
use crate::ingest::text::Source;
use crate::ingest::todokede::{self, Todokede};
use crate::ingest::town_points;
use crate::ingest::unit_table::{self, UnitRow};
use geo::Point;
use std::collections::BTreeSet;

/// What one file says.
pub(crate) enum Parsed {
    Boundary(Vec<BoundaryPart>),
    Areas((AreaSystem, Vec<Membership>)),
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

impl Parsed {
    /// The last year of which the rows speak, where each names its year.
    pub(crate) fn year(&self) -> Option<u16> {
        match self {
            Self::Cohorts(rows) => rows.iter().map(|row| row.year).max(),
            Self::PatientFlows(rows) => rows.iter().map(|row| row.year).max(),
            _ => None,
        }
    }

    /// What the file says of the prefecture, by the names of the things.
    pub(crate) fn holds(&self, prefecture: &str, name: &str) -> BTreeSet<String> {
        let own = |codes: &mut dyn Iterator<Item = MunicipalityCode>| {
            codes.filter(|code| code.prefecture() == prefecture).map(|code| code.to_string()).collect()
        };
        let whole = |is_empty: bool| (!is_empty).then(|| "全体".to_owned()).into_iter().collect();
        match self {
            Self::Boundary(parts) => own(&mut parts.iter().filter_map(|part| part.code)),
            Self::Areas((_, rows)) => own(&mut rows.iter().map(|row| row.municipality)),
            Self::Projections(rows) => {
                let rows = rows.iter().filter(|row| row.code.prefecture() == prefecture);
                let classes = |row: &ProjectionRow| {
                    let classes: BTreeSet<AgeClass> =
                        row.years.values().flat_map(|of| of.keys().copied()).collect();
                    let code = row.code;
                    classes.into_iter().map(move |class| format!("{code} {class:?}"))
                };
                rows.flat_map(classes).collect()
            }
            Self::Master(entries) => own(&mut entries.iter().map(|entry| entry.code)),
            Self::Points(points) => own(&mut points.iter().map(|(code, _)| *code)),
            Self::Towns(points) => points.iter().filter_map(|one| of_point(one, prefecture, name)).collect(),
            Self::TownNames(towns) => own(&mut towns.iter().map(|town| town.key.0)),
            Self::TownPositions(positions) => own(&mut positions.iter().map(|one| one.key.0)),
            Self::Census(mesh) => {
                let rows = mesh.rows.iter().filter(|cell| !cell.extent().is_beyond(prefecture));
                rows.map(|cell| of_census(mesh.year, cell)).collect()
            }
            Self::Future(cells) => {
                let is_own = |of: Option<u8>| of.is_none_or(|of| format!("{of:02}") == prefecture);
                cells.iter().filter(|cell| is_own(cell.prefecture)).map(|cell| wider(cell.mesh, 8)).collect()
            }
            Self::Todokede(read) => {
                let stations = read.stations.iter().filter(|(of, _)| of == name).map(|(_, one)| one.section);
                let sections = read.sections.iter().copied().chain(stations);
                sections.map(|section| section.digit().to_string()).collect()
            }
            Self::Contents(read) => {
                let own = read.rows.iter().filter(|(of, _)| of == name);
                own.map(|(_, row)| row.section.digit().to_string()).collect()
            }
            Self::IryoJohoNet(read) => read.classes.clone(),
            Self::Kaigo(read) => read.services.clone(),
            Self::Demand(areas) => areas.iter().map(|area| area.code.clone()).collect(),
            Self::Sites(rows) => whole(rows.is_empty()),
            Self::Codes(rows) => whole(rows.is_empty()),
            Self::Welfare(rows) => whole(!rows.iter().any(|row| row.prefecture == name)),
            Self::Flood(rivers) => {
                rivers.iter().map(|one| format!("{} {}", one.scenario.name(), one.river)).collect()
            }
            Self::OpeningHours(hours) => hours.keys().cloned().collect(),
            Self::Rota(rows) => whole(rows.is_empty()),
            Self::RotaLimits(rows) => whole(rows.is_empty()),
            Self::AreaFlows(flows) => flows.iter().map(|flow| flow.area.clone()).collect(),
            Self::Active(rows) => whole(rows.is_empty()),
            Self::Hubs(rows) => whole(rows.is_empty()),
            Self::CareNeed(rows) => whole(rows.iter().all(|row| row.prefecture != name)),
            Self::Figures(read) => read.holds().collect(),
            Self::Cohorts(rows) => rows.iter().map(|row| format!("{} {}", row.cohort, row.year)).collect(),
            Self::Living(rows) => whole(rows.is_empty()),
            Self::AdmissionBeds(rows) => whole(rows.is_empty()),
            Self::ContinuityPlans(rows) => whole(rows.is_empty()),
            Self::Targets(rows) => whole(rows.is_empty()),
            Self::NightCalls(rows) => whole(rows.is_empty()),
            Self::CareFacilityPartners(rows) => whole(rows.is_empty()),
            Self::EmergencyTools(rows) => whole(rows.is_empty()),
            Self::PatientFlows(rows) => whole(rows.is_empty()),
            Self::Changes(rows) => whole(rows.is_empty()),
            Self::Corrections(rows) => rows.iter().map(|row| format!("{} {}", row.id, row.name)).collect(),
            Self::Decisions(rows) => rows.iter().map(|row| row.records.join(" ")).collect(),
            Self::Stops(rows) => {
                rows.iter().map(|row| format!("{} {} {}", row.id, row.name, row.date)).collect()
            }
            Self::Roads => BTreeSet::new(),
        }
    }
}

/// Reads a file by its kind.
pub(super) fn read(
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
            Parsed::Areas((system, area_membership::read(source, system, ledger)?))
        }
        (InputKind::A38MedicalArea, _) => {
            Parsed::Areas((AreaSystem::SecondaryMedicalArea, a38_medical_area::read(source, ledger)?))
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

/// Census and cell of 1 km of a cell: the same people in whichever size of mesh they are counted.
fn of_census(year: u16, cell: &Raw) -> String {
    format!("{year} {}", wider(cell.mesh(), 8))
}

/// Municipality of a point of the prefecture; blocks are another thing to say of it than towns.
fn of_point(point: &AddressPoint, prefecture: &str, name: &str) -> Option<String> {
    let municipality = match &*point.municipality {
        TownMunicipality::Code(code) => (code.prefecture() == prefecture).then(|| code.to_string()),
        TownMunicipality::Name { prefecture, municipality } => {
            (prefecture == name).then(|| municipality.clone())
        }
    }?;
    Some(if point.block.is_empty() { municipality } else { format!("{municipality} 街区") })
}

/// What every file says, in the order of the manifest, to be taken out kind by kind.
pub(super) struct Pile(Vec<Option<Parsed>>);

impl Pile {
    pub(super) fn new(files: Vec<Parsed>) -> Self {
        Self(files.into_iter().map(Some).collect())
    }

    /// What `is` takes out of the files, each with the position of its input; see [`files`].
    pub(super) fn take<T>(&mut self, is: fn(&mut Option<Parsed>) -> Option<T>) -> Vec<(usize, T)> {
        self.0.iter_mut().enumerate().filter_map(|(input, slot)| Some((input, is(slot)?))).collect()
    }
}

/// The files of a kind, by the name of what they say: `files!(pile, Targets)`.
macro_rules! files {
    ($pile:expr, $kind:ident) => {
        $pile.take(|slot| match slot.take() {
            Some($crate::ingest::assemble::kinds::Parsed::$kind(rows)) => Some(rows),
            other => {
                *slot = other;
                None
            }
        })
    };
}
pub(super) use files;

/// The rows of all files of a kind.
pub(super) fn all<T>(files: Vec<(usize, Vec<T>)>) -> Vec<T> {
    files.into_iter().flat_map(|(_, rows)| rows).collect()
}

/// The rows of the files of a kind, each with the position of its input; `None` = there is no such file.
pub(super) fn rows<T>(files: Vec<(usize, Vec<T>)>) -> Option<Vec<(usize, T)>> {
    let is_loaded = !files.is_empty();
    let rows = files.into_iter().flat_map(|(input, rows)| rows.into_iter().map(move |row| (input, row)));
    is_loaded.then(|| rows.collect())
}
