//! What the prefecture knows itself: its lists, counts and figures.

use crate::ingest::assemble::institutions::Register;
use crate::ingest::assemble::kinds::{Pile, all, files, newest_first, rows};
use crate::ingest::bring::Onto;
use crate::ingest::geocode::Geocoder;
use crate::ingest::ledger::Ledger;
use crate::ingest::manifest::Manifest;
use crate::ingest::own_lists::OwnLists;
use crate::ingest::rota::{take_limits, take_rota};
use crate::ingest::study::{Indicator, Institution, Municipality};
use crate::ingest::week::WeekFiles;
use crate::ingest::{
    admission_beds, care_facility_partners, care_need, continuity_plans, emergency_tools, night_calls,
    opening_hours, own_figures, patient_flows, targets,
};

/// Figures of areas: 要介護認定者, then the prefecture's own.
pub(super) fn indicators(
    pile: &mut Pile,
    onto: &Onto<'_>,
    geocoder: &Geocoder,
    manifest: &Manifest,
    ledgers: &mut [Ledger],
) -> Vec<Indicator> {
    let mut indicators = Vec::new();
    for (input, rows) in files!(pile, CareNeed) {
        let date = manifest.inputs[input].date.as_deref();
        let year = date.and_then(|date| date.get(..4)?.parse().ok());
        let ledger = &mut ledgers[input];
        care_need::take(
            input,
            year,
            &rows,
            onto.municipalities,
            &manifest.study.name,
            &mut indicators,
            ledger,
        );
    }
    own_figures::take(&files!(pile, Figures), onto, geocoder, &mut indicators, ledgers);
    indicators
}

/// Who is there when.
pub(super) fn week(
    pile: &mut Pile,
    register: &mut Register,
    municipalities: &[Municipality],
    prefecture: &str,
    ledgers: &mut [Ledger],
) -> WeekFiles {
    let mut hours = std::mem::take(&mut register.hours);
    hours.extend(files!(pile, OpeningHours));
    hours.sort_by_key(|(input, _)| *input);
    let institutions = &register.institutions;
    let opening_hours =
        (!hours.is_empty()).then(|| opening_hours::take(hours, &register.listed, institutions, ledgers));
    WeekFiles {
        opening_hours,
        rota: rows(files!(pile, Rota))
            .map(|rows| take_rota(rows, institutions, municipalities, prefecture, ledgers)),
        rota_limits: rows(files!(pile, RotaLimits)).map(|rows| take_limits(rows, institutions, ledgers)),
    }
}

/// The lists beside those of institutions and hubs; 日常生活圏域 need the finished study.
pub(super) fn own_lists(
    pile: &mut Pile,
    institutions: &mut [Institution],
    onto: &Onto<'_>,
    manifest: &Manifest,
    ledgers: &mut [Ledger],
) -> OwnLists {
    let header = &manifest.study;
    let name = header.name.as_str();
    let municipalities = onto.municipalities;
    OwnLists {
        admission_beds: rows(files!(pile, AdmissionBeds))
            .map(|rows| admission_beds::take(rows, institutions, municipalities, name, ledgers)),
        continuity_plans: rows(files!(pile, ContinuityPlans))
            .map(|rows| continuity_plans::take(rows, institutions, ledgers)),
        targets: rows(files!(pile, Targets)).map(|rows| targets::take(rows, municipalities, name, ledgers)),
        night_calls: rows(files!(pile, NightCalls))
            .map(|rows| night_calls::take(rows, institutions, municipalities, name, ledgers)),
        care_facility_partners: rows(files!(pile, CareFacilityPartners))
            .map(|rows| care_facility_partners::take(rows, institutions, municipalities, name, ledgers)),
        emergency_tools: rows(files!(pile, EmergencyTools))
            .map(|rows| emergency_tools::take(rows, municipalities, name, ledgers)),
        patient_flows: rows(newest_first(files!(pile, PatientFlows), manifest))
            .map(|rows| patient_flows::take(rows, onto, &header.prefecture, ledgers)),
        area_flows: all(files!(pile, AreaFlows)),
        living_areas: None,
    }
}
