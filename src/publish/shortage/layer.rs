//! The cells that are short of anything, as a layer for the map.

use super::ShortageResults;
use super::words;
use crate::access::shortage::Cause;
use crate::publish::attributions::attributions;
use crate::store::layer::{Column, ColumnKind, GeometryKind, Layer, Row, Value};
use geo::Geometry;
use std::collections::{BTreeMap, BTreeSet};

/// Every cell on the list of any service, with the causes by service.
pub(super) fn shortages(results: &ShortageResults<'_>) -> Layer {
    let services = &results.shortages.services;
    let mut causes: BTreeMap<usize, BTreeMap<usize, &BTreeSet<Cause>>> = BTreeMap::new();
    for (at, service) in services.iter().enumerate() {
        for short in service.shortage.places.iter().flat_map(|places| &places.cells) {
            causes.entry(short.cell).or_default().insert(at, &short.causes);
        }
    }
    let told = |at: usize, of_cell: &BTreeMap<usize, &BTreeSet<Cause>>| match of_cell.get(&at) {
        Some(causes) => Value::Text(words::joined(causes.iter().map(|cause| words::cause(*cause)))),
        None if services[at].shortage.places.is_none() => Value::Null,
        None => Value::Text("なし".to_owned()),
    };
    let row = |(cell, of_cell): (&usize, &BTreeMap<usize, &BTreeSet<Cause>>)| {
        let (one, demand) = (&results.study.cells[*cell], results.residents.demand[*cell]);
        let people = results.residents.people[*cell];
        let place = words::cell(results.study, one).map(Value::Text);
        let ages = [people.total, people.age_65_plus, people.age_75_plus, people.age_85_plus];
        let ages = ages.map(|people| Value::Integer(i64::from(people)));
        let causes = (0..services.len()).map(|at| told(at, of_cell));
        Row {
            geometry: Some(Geometry::MultiPolygon(one.outline.clone())),
            values: place.into_iter().chain(ages).chain([Value::Real(demand)]).chain(causes).collect(),
        }
    };
    let text = |name: &str| Column::new(name, ColumnKind::Text);
    let number = |name: &str| Column::new(name, ColumnKind::Integer);
    let known = [
        ["municipality_code", "municipality", "mesh"].map(text).to_vec(),
        ["total", "age_65_plus", "age_75_plus", "age_85_plus"].map(number).to_vec(),
        vec![Column::new("demand_receipts_per_month", ColumnKind::Real)],
    ];
    let causes_of = services.iter().map(|service| text(&format!("causes:{}", service.shortage.service)));
    Layer {
        name: "shortages".to_owned(),
        title: format!("不足のあるメッシュ（出典: {}）", attributions(results.study).join("；")),
        geometry: Some(GeometryKind::MultiPolygon),
        columns: known.concat().into_iter().chain(causes_of).collect(),
        rows: causes.iter().map(row).collect(),
    }
}
