//! What a file of each kind says: which reader reads it, and what a folder of files knows of it.

use crate::ids::MunicipalityCode;
use crate::ingest::IngestError;
use crate::ingest::a38_medical_area;
use crate::ingest::abr_towns::{self, NamedTown, TownPosition};
use crate::ingest::active_list::{self, ActiveRow};
use crate::ingest::address_point::AddressPoint;
use crate::ingest::admission_beds::{self, AdmissionRow};
use crate::ingest::area_flows;
use crate::ingest::area_membership::{self, Membership};
use crate::ingest::boundary::{self, BoundaryPart};
use crate::ingest::care_facility_partners::{self, PartnerRow};
use crate::ingest::care_need::{self, CareNeedRow};
use crate::ingest::census_mesh::{self, CensusMesh};
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
use crate::ingest::ipss::{self, ProjectionRow};
use crate::ingest::iryo_joho_net::{self, IryoJohoNet, ListedInstitution};
use crate::ingest::kaigo::{self, Kaigo};
use crate::ingest::ledger::Ledger;
use crate::ingest::linkage_list::{self, LinkageRow};
use crate::ingest::manifest::{InputEntry, InputKind, Manifest};
use crate::ingest::municipality_points::{self, MasterEntry};
use crate::ingest::night_calls::{self, CallsRow};
use crate::ingest::opening_hours::{self, HoursById};
use crate::ingest::own_figures::{self, OwnFigures};
use crate::ingest::own_lists::AreaFlow;
use crate::ingest::p04_medical;
use crate::ingest::p14_welfare::{self, WelfareRow};
use crate::ingest::patient_flows::{self, FlowRow};
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
use std::cmp::Reverse;

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

/// The files of a kind, those of the newest state first.
pub(super) fn newest_first<T>(mut files: Vec<(usize, T)>, manifest: &Manifest) -> Vec<(usize, T)> {
    files.sort_by_key(|(input, _)| Reverse(&manifest.inputs[*input].date));
    files
}

/// The rows of the files of a kind, each with the position of its input; `None` = there is no such file.
pub(super) fn rows<T>(files: Vec<(usize, Vec<T>)>) -> Option<Vec<(usize, T)>> {
    let is_loaded = !files.is_empty();
    let rows = files.into_iter().flat_map(|(input, rows)| rows.into_iter().map(move |row| (input, row)));
    is_loaded.then(|| rows.collect())
}
