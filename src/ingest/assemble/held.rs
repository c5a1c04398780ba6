//! What a file says of the prefecture, by the names of the things: by it files of a kind are compared.

use crate::ids::MunicipalityCode;
use crate::ingest::address_point::{AddressPoint, TownMunicipality};
use crate::ingest::admission_beds::AdmissionRow;
use crate::ingest::assemble::kinds::Parsed;
use crate::ingest::care_facility_partners::PartnerRow;
use crate::ingest::census_mesh::Raw;
use crate::ingest::continuity_plans::ContinuityRow;
use crate::ingest::emergency_tools::ToolRow;
use crate::ingest::ipss::{AgeClass, ProjectionRow};
use crate::ingest::iryo_joho_net::class_name;
use crate::ingest::night_calls::CallsRow;
use crate::ingest::overlap::{Held, WHOLE};
use crate::ingest::patient_flows::FlowRow;
use crate::ingest::population::wider;
use crate::ingest::targets::TargetRow;
use crate::ingest::todokede::Section;
use crate::ingest::unit_table::UnitRow;
use std::collections::BTreeSet;

impl Parsed {
    /// What the file says of the prefecture of this number and name.
    pub(crate) fn holds(&self, prefecture: &str, name: &str) -> Held {
        let own = |codes: &mut dyn Iterator<Item = MunicipalityCode>| {
            Held::of(codes.filter(|code| code.prefecture() == prefecture).map(|code| code.to_string()))
        };
        match self {
            Self::Boundary(parts) => own(&mut parts.iter().filter_map(|part| part.code)),
            Self::Areas((_, rows)) => {
                let own = rows.iter().filter(|row| row.municipality.prefecture() == prefecture);
                Held::said(own.map(|row| {
                    let place = format!("{} {}", row.municipality, row.town.as_deref().unwrap_or(""));
                    (place, row.area.code.clone())
                }))
            }
            Self::Projections(rows) => {
                let rows = rows.iter().filter(|row| row.code.prefecture() == prefecture);
                let classes = |row: &ProjectionRow| {
                    let classes: BTreeSet<AgeClass> =
                        row.years.values().flat_map(|of| of.keys().copied()).collect();
                    let code = row.code;
                    classes.into_iter().map(move |class| format!("{code} {class:?}"))
                };
                Held::of(rows.flat_map(classes))
            }
            Self::Master(entries) => own(&mut entries.iter().map(|entry| entry.code)),
            Self::Points(points) => own(&mut points.iter().map(|(code, _)| *code)),
            Self::Towns(points) => Held::of(points.iter().filter_map(|one| of_point(one, prefecture, name))),
            Self::TownNames(towns) => own(&mut towns.iter().map(|town| town.key.0)),
            Self::TownPositions(positions) => own(&mut positions.iter().map(|one| one.key.0)),
            Self::Census(mesh) => {
                let rows = mesh.rows.iter().filter(|cell| !cell.extent().is_beyond(prefecture));
                Held::of(rows.map(|cell| of_census(mesh.year, cell)))
            }
            Self::Future(cells) => {
                let is_own = |of: Option<u8>| of.is_none_or(|of| format!("{of:02}") == prefecture);
                Held::of(cells.iter().filter(|cell| is_own(cell.prefecture)).map(|cell| wider(cell.mesh, 8)))
            }
            Self::Todokede(read) => {
                let stations = read.stations.iter().filter(|(of, _)| of == name).map(|(_, one)| one);
                let filed = read.institutions.iter().chain(stations);
                filed.map(|one| (group_of(one.section), one.code.clone())).collect()
            }
            Self::Contents(read) => {
                let own = read.rows.iter().filter(|(of, _)| of == name);
                own.map(|(_, row)| (group_of(row.section), row.number.clone())).collect()
            }
            Self::IryoJohoNet(read) => {
                let mut held = Held::default();
                read.classes.iter().for_each(|class| _ = held.group(class_name(class)));
                for one in &read.institutions {
                    let place = one.municipality.map(|code| code.to_string()).unwrap_or_default();
                    held.group(class_name(&one.class)).entry(format!("{} {place}", one.name)).or_default();
                }
                held
            }
            Self::Kaigo(read) => {
                let mut held = Held::default();
                read.services.iter().for_each(|service| _ = held.group(service));
                for one in &read.offices {
                    held.group(&one.service).entry(one.number.clone()).or_default();
                }
                held
            }
            Self::Demand(areas) => Held::of(areas.iter().map(|area| area.code.clone())),
            Self::Sites(rows) => Held::of(rows.iter().map(|row| format!("{} {}", row.name, row.address))),
            Self::Codes(rows) => Held::of(rows.iter().map(|row| row.code.clone())),
            Self::Welfare(rows) => {
                let own = rows.iter().filter(|row| row.prefecture == name);
                Held::of(own.map(|row| format!("{} {}", row.name, row.address)))
            }
            Self::Flood(rivers) => {
                Held::of(rivers.iter().map(|one| format!("{} {}", one.scenario.name(), one.river)))
            }
            Self::OpeningHours(hours) => Held::of(hours.keys().cloned()),
            Self::AreaFlows(flows) => {
                Held::of(flows.iter().map(|flow| {
                    format!("{:?} {} {} {}", flow.direction, flow.area, flow.phase, flow.partner)
                }))
            }
            Self::CareNeed(rows) => {
                let own = rows.iter().filter(|row| row.prefecture == name);
                Held::of(own.map(|row| row.insurer.clone()))
            }
            Self::Roads => Held::default(),
            list => list.lines(),
        }
    }

    /// The lines of a list of the prefecture: what each is about, and what it says of it.
    fn lines(&self) -> Held {
        match self {
            Self::Active(rows) => {
                let who = |code: &Option<String>, name: &String| code.clone().unwrap_or_else(|| name.clone());
                Held::said(rows.iter().map(|row| {
                    let role = format!("{} {:?} {:?}", row.zone, row.functions, row.all_hours);
                    let said = format!("{} {} {} {role}", row.name, row.address, row.body_type);
                    (who(&row.code, &row.name), said)
                }))
            }
            Self::Hubs(rows) => Held::said(rows.iter().map(|row| {
                (row.name.clone(), format!("{} {:?} {} {}", row.body_type, row.served, row.address, row.zone))
            })),
            Self::Cohorts(rows) => Held::said(rows.iter().map(|row| {
                (format!("{} {} {}", row.cohort, row.year, row.code), format!("{:?}", row.count))
            })),
            Self::Figures(read) => Held::said(read.about()),
            Self::Rota(rows) => Held::said(rows.iter().map(|row| {
                let (area, who) = (&row.area, row.who.said());
                (format!("{area} {who}"), format!("{:?} {:?} {:?}", row.days, row.hours, row.online))
            })),
            Self::RotaLimits(rows) => {
                Held::said(rows.iter().map(|row| (row.who.said().to_owned(), format!("{:?}", row.limit))))
            }
            Self::Living(rows) => Held::said(rows.iter().flat_map(UnitRow::about)),
            Self::AdmissionBeds(rows) => Held::said(rows.iter().map(AdmissionRow::about)),
            Self::ContinuityPlans(rows) => Held::said(rows.iter().map(ContinuityRow::about)),
            Self::Targets(rows) => Held::said(rows.iter().map(TargetRow::about)),
            Self::NightCalls(rows) => Held::said(rows.iter().map(CallsRow::about)),
            Self::CareFacilityPartners(rows) => Held::said(rows.iter().map(PartnerRow::about)),
            Self::EmergencyTools(rows) => Held::said(rows.iter().map(ToolRow::about)),
            Self::PatientFlows(rows) => Held::said(rows.iter().map(FlowRow::about)),
            Self::Changes(rows) => Held::said(
                rows.iter().map(|row| (format!("{:?} {}", row.day, row.from), format!("{:?}", row.to))),
            ),
            Self::Corrections(rows) => Held::said(
                rows.iter().map(|row| (format!("{} {}", row.id, row.name), format!("{:?}", row.position))),
            ),
            Self::Decisions(rows) => {
                Held::said(rows.iter().map(|row| (row.records.join(" "), row.is_same.to_string())))
            }
            Self::Stops(rows) => Held::said(rows.iter().map(|row| {
                (format!("{} {}", row.id, row.name), format!("{:?} {} {}", row.kind, row.date, row.address))
            })),
            _ => Held::default(),
        }
    }

    /// Takes a group out of what the file says, as another file has a newer edition of it. Kinds whose files
    /// add to each other keep theirs.
    pub(super) fn leave_out(&mut self, group: &str, name: &str) {
        match self {
            Self::Todokede(read) => {
                read.institutions.retain(|one| group_of(one.section) != group);
                read.stations.retain(|(of, one)| of != name || group_of(one.section) != group);
                read.sections.retain(|section| group_of(*section) != group);
            }
            Self::Contents(read) => {
                read.rows.retain(|(of, row)| of != name || group_of(row.section) != group);
            }
            Self::IryoJohoNet(read) => {
                let gone = read.institutions.extract_if(.., |one| class_name(&one.class) == group);
                gone.for_each(|one| _ = read.hours.remove(&one.id));
                read.classes.retain(|class| class_name(class) != group);
            }
            Self::Kaigo(read) => {
                read.offices.retain(|office| office.service != group);
                read.services.remove(group);
            }
            Self::Codes(rows) if group == WHOLE => rows.clear(),
            Self::Welfare(rows) if group == WHOLE => rows.retain(|row| row.prefecture != name),
            Self::OpeningHours(hours) if group == WHOLE => hours.clear(),
            _ => {}
        }
    }
}

/// 区分 as a group.
fn group_of(section: Section) -> String {
    section.name().to_owned()
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
