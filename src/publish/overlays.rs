//! Overlay zonings that are published with the plans of a study.

use crate::assess::overlay::Laid;
use crate::assess::proposals::{Answer, ServedUnit, ToldZone};
use crate::ids::MunicipalityCode;
use crate::ingest::study::Study;
use crate::publish::layers::{columns, dissolve, text};
use crate::publish::{PublishError, write_json};
use crate::store::layer::{ColumnKind, GeometryKind, Layer, Row, Value};
use geo::Geometry;
use std::path::Path;

/// The answers of all overlays, as [`write`] writes them.
pub const OVERLAYS: &str = "overlays.json";

/// An overlay with its best plan.
pub struct Overlaid {
    /// What it is laid on.
    pub laid: Laid,
    /// The answer.
    pub answer: Answer,
}

/// Writes the answers in the order of the manifest; nothing without any.
///
/// # Errors
/// [`PublishError`] naming the file.
pub fn write(folder: &Path, overlays: &[Overlaid]) -> Result<(), PublishError> {
    if overlays.is_empty() {
        return Ok(());
    }
    let answers: Vec<&Answer> = overlays.iter().map(|one| &one.answer).collect();
    write_json(folder.join(OVERLAYS), &answers)
}

/// The zones of the best plan of each overlay, with who serves them; `None` without any overlay.
#[must_use]
pub fn layer(overlays: &[Overlaid]) -> Option<Layer> {
    let rows = overlays.iter().flat_map(|Overlaid { laid, answer }| {
        let zones = answer.best.zones.iter().zip(1..);
        zones.map(|(zone, number)| row(laid, zone, number)).collect::<Vec<_>>()
    });
    (!overlays.is_empty()).then(|| Layer {
        name: "overlay_zones".to_owned(),
        title: "重ねる圏域".to_owned(),
        geometry: Some(GeometryKind::MultiPolygon),
        columns: columns(&[
            ("overlay", ColumnKind::Text),
            ("zone", ColumnKind::Integer),
            ("municipalities", ColumnKind::Text),
            ("lead", ColumnKind::Text),
            ("people", ColumnKind::Text),
            ("served_by", ColumnKind::Text),
        ]),
        rows: rows.collect(),
    })
}

fn row(laid: &Laid, zone: &ToldZone, number: i64) -> Row {
    let optional = |said: &Option<String>| said.as_ref().map_or(Value::Null, text);
    let served = zone.served.iter().map(|ServedUnit { unit, institutions }| {
        let names: Vec<&str> = institutions.iter().map(|one| one.institution.as_str()).collect();
        format!("{unit}: {}", names.join("、"))
    });
    Row {
        geometry: Some(Geometry::MultiPolygon(dissolve(&laid.study, &places(&laid.study, zone)))),
        values: vec![
            text(&laid.told.overlay),
            Value::Integer(number),
            text(zone.names.join("・")),
            optional(&zone.lead),
            optional(&zone.people),
            text(served.collect::<Vec<_>>().join("／")),
        ],
    }
}

fn places(study: &Study, zone: &ToldZone) -> Vec<usize> {
    let codes: Vec<MunicipalityCode> =
        zone.municipalities.iter().filter_map(|code| code.parse().ok()).collect();
    let all = study.municipalities.iter().enumerate();
    all.filter(|(_, one)| codes.contains(&one.code)).map(|(at, _)| at).collect()
}
