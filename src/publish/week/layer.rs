//! The cells that anybody leaves alone at any time of the week, as a layer for the map.

use super::WeekResults;
use crate::access::week::cover::Answer;
use crate::assess::week::{KnownWeek, ServiceWeek};
use crate::publish::attributions::attributions;
use crate::publish::words;
use crate::store::layer::{Column, ColumnKind, GeometryKind, Layer, Row, Value};
use geo::Geometry;

/// Every cell with people that is not reached in every slot of every service: the days on which each
/// band has a hole, and in how many slots that is unknown.
pub(super) fn week(results: &WeekResults<'_>) -> Layer {
    let (study, services) = (results.study, &results.week.services);
    let bands: Vec<&str> = results.table.bands.iter().map(|band| band.name.as_str()).collect();
    let has_hole = |cell: &usize| {
        let known =
            services.iter().filter_map(|service| service.known.as_ref()).flat_map(|known| &known.slots);
        known.into_iter().any(|slot| slot.cells[*cell] != Answer::Reached)
    };
    let row = |cell: usize| {
        let one = &study.cells[cell];
        let people = one.population;
        let ages = [people.total, people.age_65_plus, people.age_75_plus, people.age_85_plus];
        let ages = ages.map(|people| Value::Integer(i64::from(people)));
        let of_services = services.iter().flat_map(|service| of_service(service, &bands, cell));
        Row {
            geometry: Some(Geometry::MultiPolygon(one.outline.clone())),
            values: words::cell(study, one)
                .map(Value::Text)
                .into_iter()
                .chain(ages)
                .chain(of_services)
                .collect(),
        }
    };
    let text = |name: &str| Column::new(name, ColumnKind::Text);
    let number = |name: &str| Column::new(name, ColumnKind::Integer);
    let mut columns = ["municipality_code", "municipality", "mesh"].map(text).to_vec();
    columns.extend(["total", "age_65_plus", "age_75_plus", "age_85_plus"].map(number));
    for service in services {
        columns.extend(bands.iter().map(|band| text(&format!("holes:{}:{band}", service.service))));
        columns.extend(
            ["hole_slots", "unknown_slots"].map(|name| number(&format!("{name}:{}", service.service))),
        );
    }
    let inhabited = (0..study.cells.len()).filter(|cell| study.cells[*cell].population.total > 0);
    Layer {
        name: "week".to_owned(),
        title: format!("曜日・時間帯の穴のあるメッシュ（出典: {}）", attributions(study).join("；")),
        geometry: Some(GeometryKind::MultiPolygon),
        columns,
        rows: inhabited.filter(has_hole).map(row).collect(),
    }
}

fn of_service(service: &ServiceWeek, bands: &[&str], cell: usize) -> Vec<Value> {
    let Some(known) = &service.known else { return vec![Value::Null; bands.len() + 2] };
    let count = |is: fn(Answer) -> bool| {
        Value::Integer(known.slots.iter().filter(|slot| is(slot.cells[cell])).count() as i64)
    };
    let days = bands.iter().map(|band| Value::Text(days(known, band, cell)));
    days.chain([count(Answer::is_hole), count(|answer| answer == Answer::Unknown)]).collect()
}

/// The days on which a band has a hole, as `月火`; none is empty.
fn days(known: &KnownWeek, band: &str, cell: usize) -> String {
    let holes = known.slots.iter().filter(|cover| cover.slot.band == band && cover.cells[cell].is_hole());
    holes.map(|cover| cover.slot.day.name()).collect()
}
