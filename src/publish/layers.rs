//! The layers of a planned study, for the GeoPackage, GeoJSON and the map.

use crate::assess::plans::{NamedPlan, NamedZone};
use crate::ingest::location_errors::LocationErrors;
use crate::ingest::own_lists::{FacilityPartner, ListedInstitution};
use crate::ingest::study::{Correction, Institution, Study, WelfareFacility};
use crate::publish::PublishedLayer;
use crate::publish::attributions::attributions;
use crate::publish::doubts;
use crate::publish::floods::share_from;
use crate::publish::overlays;
use crate::publish::results::Results;
use crate::publish::roads;
use crate::store::layer::{Column, ColumnKind, GeometryKind, Layer, Row, Value};
use crate::units::AgeCounts;
use geo::algorithm::bool_ops::unary_union;
use geo::{Geometry, LineString, MultiPolygon};
use rayon::prelude::*;

/// All layers. Those that people read are also published as GeoJSON.
#[must_use]
pub fn layers(results: &Results<'_>) -> Vec<PublishedLayer> {
    let study = results.study;
    let for_reading = [
        municipalities(study),
        zones(study, results.plans.par_iter().map(|assessed| &assessed.plan)),
        cells(results),
        facilities(results),
        doubts::layer(&study.findings),
        sources(study),
        assignments(results),
    ]
    .into_iter()
    .chain(study.welfare.as_ref().map(|facilities| welfare(study, facilities)))
    .chain(study.own_lists.care_facility_partners.as_ref().map(|list| care_links(study, list)))
    .chain(overlays::layer(results.overlays));
    let for_programs = [
        unassigned_land(study),
        roads::layer(results.network, results.profile),
        travel_times("travel_visits", "訪問の所要時間（医療機関等から住まいへ）", results, true),
        travel_times("travel_admissions", "受入までの所要時間（住まいから病院へ）", results, false),
    ];
    // GeoJSON and GeoPackage both carry the title wherever the file goes.
    let sources = attributions(study).join("；");
    let published = |geojson: bool| {
        let sources = sources.clone();
        move |mut layer: Layer| {
            layer.title = format!("{}（出典: {sources}）", layer.title);
            PublishedLayer { layer, geojson }
        }
    };
    for_reading.map(published(true)).chain(for_programs.into_iter().map(published(false))).collect()
}

pub(super) fn columns(columns: &[(&str, ColumnKind)]) -> Vec<Column> {
    columns.iter().map(|(name, kind)| Column::new(*name, *kind)).collect()
}

pub(super) fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

fn integer(number: impl TryInto<i64>) -> Value {
    number.try_into().map_or(Value::Null, Value::Integer)
}

/// A line from each care facility to each of its partners, where both are located.
fn care_links(study: &Study, list: &[FacilityPartner]) -> Layer {
    let row = |line: &FacilityPartner| {
        let of = |one: &ListedInstitution| {
            let known = &study.institutions[one.institution?];
            Some((known.position?, known))
        };
        let ((from, facility), (to, partner)) = (of(&line.facility)?, of(&line.partner)?);
        Some(Row {
            geometry: Some(LineString::from(vec![from, to]).into()),
            values: [&facility.id, &facility.name, &partner.id, &partner.name].map(text).into(),
        })
    };
    Layer {
        name: "care_links".to_owned(),
        title: "介護保険施設と協力医療機関".to_owned(),
        geometry: Some(GeometryKind::LineString),
        columns: columns(&[
            ("facility_id", ColumnKind::Text),
            ("facility", ColumnKind::Text),
            ("partner_id", ColumnKind::Text),
            ("partner", ColumnKind::Text),
        ]),
        rows: list.iter().filter_map(row).collect(),
    }
}

fn municipalities(study: &Study) -> Layer {
    let people = study.people_by_municipality();
    let row = |(municipality, people): (&crate::ingest::study::Municipality, AgeCounts)| Row {
        geometry: Some(Geometry::MultiPolygon(municipality.boundary.clone())),
        values: vec![
            text(municipality.code),
            text(&municipality.name),
            integer(people.total),
            integer(people.age_75_plus),
        ],
    };
    Layer {
        name: "municipalities".to_owned(),
        title: "市区町村".to_owned(),
        geometry: Some(GeometryKind::MultiPolygon),
        columns: columns(&[
            ("code", ColumnKind::Text),
            ("name", ColumnKind::Text),
            ("population", ColumnKind::Integer),
            ("age_75_plus", ColumnKind::Integer),
        ]),
        rows: study.municipalities.iter().zip(people).map(row).collect(),
    }
}

fn unassigned_land(study: &Study) -> Layer {
    let row = |polygon: &geo::Polygon| Row { geometry: Some(polygon.clone().into()), values: Vec::new() };
    Layer {
        name: "unassigned_land".to_owned(),
        title: "所属未定地".to_owned(),
        geometry: Some(GeometryKind::Polygon),
        columns: Vec::new(),
        rows: study.unassigned_land.iter().map(row).collect(),
    }
}

/// The zones of some plans.
#[must_use]
pub fn zones<'a>(study: &Study, plans: impl ParallelIterator<Item = &'a NamedPlan>) -> Layer {
    let of_plan = |plan: &NamedPlan| {
        let members = plan.members();
        let row = |(at, zone): (usize, &NamedZone)| Row {
            geometry: Some(Geometry::MultiPolygon(dissolve(study, &members[&at]))),
            values: vec![text(&plan.id), text(&zone.id), text(&zone.name), integer(zone.colour)],
        };
        plan.zones.par_iter().enumerate().map(row).collect::<Vec<_>>()
    };
    Layer {
        name: "zones".to_owned(),
        title: "圏域案".to_owned(),
        geometry: Some(GeometryKind::MultiPolygon),
        columns: columns(&[
            ("plan", ColumnKind::Text),
            ("zone", ColumnKind::Text),
            ("name", ColumnKind::Text),
            ("colour", ColumnKind::Integer),
        ]),
        rows: plans.flat_map(of_plan).collect(),
    }
}

/// The land of some municipalities without the borders between them.
pub(super) fn dissolve(study: &Study, members: &[usize]) -> MultiPolygon {
    match members {
        [one] => study.municipalities[*one].boundary.clone(),
        _ => unary_union(members.iter().map(|at| &study.municipalities[*at].boundary)),
    }
}

fn cells(results: &Results<'_>) -> Layer {
    let study = results.study;
    let loaded: Vec<_> = results.access.services.iter().filter(|reach| reach.providers.is_some()).collect();
    let mut all = columns(&[
        ("mesh", ColumnKind::Text),
        ("municipality_code", ColumnKind::Text),
        ("total", ColumnKind::Integer),
        ("age_65_plus", ColumnKind::Integer),
        ("age_75_plus", ColumnKind::Integer),
        ("age_85_plus", ColumnKind::Integer),
        ("ages_estimated", ColumnKind::Boolean),
        ("linked", ColumnKind::Boolean),
        ("centre_longitude", ColumnKind::Real),
        ("centre_latitude", ColumnKind::Real),
        ("demand_receipts_per_month", ColumnKind::Real),
    ]);
    for reach in &loaded {
        all.push(Column::new(format!("minutes:{}", reach.service.id), ColumnKind::Real));
        if reach.service.circle_m.is_some() {
            all.push(Column::new(format!("within_16km:{}", reach.service.id), ColumnKind::Boolean));
        }
    }
    for land in &study.flooded {
        let scenario = land.scenario.name();
        all.push(Column::new(format!("flooded_share:{scenario}"), ColumnKind::Real));
        all.push(Column::new(format!("flooded_half_metre_share:{scenario}"), ColumnKind::Real));
    }
    let demand = results.demand.first_year();
    let row = |(at, cell): (usize, &crate::ingest::study::Cell)| {
        let mut values = vec![
            text(cell.mesh),
            text(study.municipalities[cell.municipality].code),
            integer(cell.population.total),
            integer(cell.population.age_65_plus),
            integer(cell.population.age_75_plus),
            integer(cell.population.age_85_plus),
            Value::Boolean(cell.ages_estimated),
            Value::Boolean(results.linkage.cells[at].is_some()),
            Value::Real(cell.centre.x()),
            Value::Real(cell.centre.y()),
            Value::Real(demand[at]),
        ];
        for reach in &loaded {
            values.push(reach.nearest[at].map_or(Value::Null, |time| Value::Real(time.minutes())));
            values.extend(reach.in_circle.get(at).map(|inside| Value::Boolean(*inside)));
        }
        for land in &study.flooded {
            values.extend([0.0, 0.5].map(|from_m| Value::Real(share_from(&land.cells[at], from_m))));
        }
        Row { geometry: Some(cell.outline.clone().into()), values }
    };
    Layer {
        name: "cells".to_owned(),
        title: "人口メッシュと所要時間".to_owned(),
        geometry: Some(GeometryKind::MultiPolygon),
        columns: all,
        rows: study.cells.iter().enumerate().map(row).collect(),
    }
}

fn facilities(results: &Results<'_>) -> Layer {
    let study = results.study;
    let code = |institution: &Institution| {
        institution.municipality.map_or(Value::Null, |at| text(study.municipalities[at].code))
    };
    let errors = LocationErrors::shipped();
    let around_the_clock = &results.rules.candidates.visiting_24h_classes;
    let water = |at: usize| {
        study.flooded.iter().flat_map(move |land| match land.institutions.get(&at) {
            Some(place) => [integer(place.rank), text(&place.river)],
            None => [Value::Null, Value::Null],
        })
    };
    let row = |(at, institution): (usize, &Institution)| {
        let mut values = vec![
            text(&institution.id),
            text(&institution.name),
            text(&institution.address),
            text(kind(institution)),
            text(institution.classes.iter().map(String::as_str).collect::<Vec<_>>().join("・")),
            Value::Boolean(around_the_clock.iter().any(|class| institution.classes.contains(class))),
            results.active.map_or(Value::Null, |active| Value::Boolean(active.contains(&at))),
            text(institution.precision.word()),
            errors.metres(institution.precision).map_or(Value::Null, integer),
            institution.correction.as_ref().map_or(Value::Null, |one| text(corrected(one))),
            Value::Boolean(results.linkage.institutions[at].is_some()),
            code(institution),
        ];
        values.extend(water(at));
        Row { geometry: institution.position.map(Into::into), values }
    };
    let mut all = columns(&[
        ("id", ColumnKind::Text),
        ("name", ColumnKind::Text),
        ("address", ColumnKind::Text),
        ("kind", ColumnKind::Text),
        ("classes", ColumnKind::Text),
        ("h24", ColumnKind::Boolean),
        ("active_candidate", ColumnKind::Boolean),
        ("precision", ColumnKind::Text),
        ("error_m", ColumnKind::Integer),
        ("correction", ColumnKind::Text),
        ("linked", ColumnKind::Boolean),
        ("municipality_code", ColumnKind::Text),
    ]);
    for land in &study.flooded {
        let scenario = land.scenario.name();
        all.push(Column::new(format!("flood_rank:{scenario}"), ColumnKind::Integer));
        all.push(Column::new(format!("flood_river:{scenario}"), ColumnKind::Text));
    }
    Layer {
        name: "facilities".to_owned(),
        title: "医療機関・事業所".to_owned(),
        geometry: Some(GeometryKind::Point),
        columns: all,
        rows: study.institutions.iter().enumerate().map(row).collect(),
    }
}

/// 福祉施設 of 国土数値情報 P14, beside the institutions: each with the file and the state of its data.
fn welfare(study: &Study, facilities: &[WelfareFacility]) -> Layer {
    let row = |one: &WelfareFacility| {
        let input = &study.inputs[one.input];
        Row {
            geometry: Some(one.position.into()),
            values: vec![
                text(&one.name),
                text(&one.address),
                text(&one.major),
                text(&one.class),
                one.class_name.as_ref().map_or(Value::Null, text),
                one.capacity.map_or(Value::Null, integer),
                one.is_exact.map_or(Value::Null, Value::Boolean),
                one.municipality.map_or(Value::Null, |at| text(study.municipalities[at].code)),
                text(&input.file),
                input.date.as_ref().map_or(Value::Null, text),
                integer(one.row),
            ],
        }
    };
    Layer {
        name: "welfare_facilities".to_owned(),
        title: "福祉施設（国土数値情報。医療機関・事業所の数には入らない）".to_owned(),
        geometry: Some(GeometryKind::Point),
        columns: columns(&[
            ("name", ColumnKind::Text),
            ("address", ColumnKind::Text),
            ("major_class", ColumnKind::Text),
            ("class", ColumnKind::Text),
            ("class_name", ColumnKind::Text),
            ("capacity", ColumnKind::Integer),
            ("is_exact", ColumnKind::Boolean),
            ("municipality_code", ColumnKind::Text),
            ("file", ColumnKind::Text),
            ("date", ColumnKind::Text),
            ("row", ColumnKind::Integer),
        ]),
        rows: facilities.iter().map(row).collect(),
    }
}

/// Why a point was set by hand, by whom and when.
fn corrected(correction: &Correction) -> String {
    format!("{}（{}、{}）", correction.reason, correction.by, correction.date)
}

/// The one kind by which an institution is drawn on the map.
fn kind(institution: &Institution) -> &'static str {
    const KINDS: [&str; 4] = ["病院", "診療所", "歯科診療所", "薬局"];
    let has = |class: &str| institution.classes.contains(class);
    match KINDS.into_iter().find(|kind| has(kind)) {
        Some(kind) => kind,
        None if has("訪問看護") => "訪問看護",
        None if institution.id.starts_with("kaigo:") => "介護事業所",
        None => "種類不明",
    }
}

fn sources(study: &Study) -> Layer {
    let rows = study.institutions.iter().flat_map(|institution| {
        institution.sources.iter().map(|source| Row {
            geometry: None,
            values: vec![
                text(&institution.id),
                text(&study.inputs[source.input].file),
                study.inputs[source.input].date.as_ref().map_or(Value::Null, text),
                integer(source.row),
                text(source.matched_by.as_ref()),
                integer(source.score),
            ],
        })
    });
    Layer {
        name: "institution_sources".to_owned(),
        title: "医療機関・事業所の出典".to_owned(),
        geometry: None,
        columns: columns(&[
            ("institution_id", ColumnKind::Text),
            ("file", ColumnKind::Text),
            ("date", ColumnKind::Text),
            ("row", ColumnKind::Integer),
            ("matched_by", ColumnKind::Text),
            ("score", ColumnKind::Integer),
        ]),
        rows: rows.collect(),
    }
}

fn assignments(results: &Results<'_>) -> Layer {
    let rows = results.plans.iter().flat_map(|assessed| {
        let plan = &assessed.plan;
        let code = |at: usize| results.study.municipalities[at].code;
        plan.zone_of_municipality.iter().enumerate().map(move |(at, zone)| Row {
            geometry: None,
            values: vec![text(&plan.id), text(code(at)), text(&plan.zones[*zone].id)],
        })
    });
    Layer {
        name: "plan_assignments".to_owned(),
        title: "市区町村と圏域の対応".to_owned(),
        geometry: None,
        columns: columns(&[
            ("plan", ColumnKind::Text),
            ("municipality_code", ColumnKind::Text),
            ("zone", ColumnKind::Text),
        ]),
        rows: rows.collect(),
    }
}

/// Times within the limit, and the pairs that no way joins (`missing` = `no_way`). A pair that is not
/// listed is beyond the limit, unless its institution or cell is not `linked`.
fn travel_times(name: &str, title: &str, results: &Results<'_>, visits: bool) -> Layer {
    let study = results.study;
    let matrix = if visits { &results.access.visits } else { &results.access.admissions };
    let row = |institution: usize, cell: u32, time: Value, missing: Value| {
        let cell = &study.cells[cell as usize];
        let municipality = text(study.municipalities[cell.municipality].code);
        let id = text(&study.institutions[institution].id);
        Row { geometry: None, values: vec![id, text(cell.mesh), municipality, time, missing] }
    };
    let mut rows = Vec::new();
    for (institution, times) in &matrix.rows {
        let reached = times.iter().map(|(cell, time)| row(*institution, *cell, integer(time.0), Value::Null));
        rows.extend(reached);
        let no_way = matrix.no_way.get(institution).into_iter().flatten();
        rows.extend(no_way.map(|cell| row(*institution, *cell, Value::Null, text("no_way"))));
    }
    Layer {
        name: name.to_owned(),
        title: title.to_owned(),
        geometry: None,
        columns: columns(&[
            ("institution_id", ColumnKind::Text),
            ("mesh", ColumnKind::Text),
            ("municipality_code", ColumnKind::Text),
            ("deciseconds", ColumnKind::Integer),
            ("missing", ColumnKind::Text),
        ]),
        rows,
    }
}
