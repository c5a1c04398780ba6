//! Layers as GeoJSON (RFC 7946).
//!
//! Exterior rings run counter-clockwise; coordinates are rounded to 10⁻⁷ degrees (about 1 cm).
//! JGD2011 is written as it is: it differs from the WGS 84 that the standard asks for by less than
//! the rounding of the official files.

use crate::store::layer::{Layer, Row, Value};
use geo::orient::{Direction, Orient};
use geo::{Geometry, MapCoords};
use geojson::{Feature, FeatureWriter, JsonObject, JsonValue};
use std::io::Write;

/// Writes one layer as a `FeatureCollection` with the members `name` and `title`. Unknown values
/// are `null`.
///
/// # Errors
/// What the writer refuses.
pub fn write(layer: &Layer, mut into: impl Write) -> Result<(), geojson::Error> {
    // The feature writer forgets the member `features` when there are none.
    if layer.rows.is_empty() {
        let empty = serde_json::json!({
            "type": "FeatureCollection", "name": layer.name, "title": layer.title, "features": [],
        });
        return Ok(into.write_all(empty.to_string().as_bytes())?);
    }
    let mut writer = FeatureWriter::from_writer(into);
    writer.write_foreign_member("name", &layer.name)?;
    writer.write_foreign_member("title", &layer.title)?;
    for row in &layer.rows {
        writer.write_feature(&feature(layer, row))?;
    }
    writer.finish()?;
    writer.flush()
}

fn feature(layer: &Layer, row: &Row) -> Feature {
    let properties: JsonObject = layer
        .columns
        .iter()
        .zip(&row.values)
        .map(|(column, value)| (column.name.clone(), json(value)))
        .collect();
    Feature {
        bbox: None,
        geometry: row.geometry.as_ref().map(|geometry| geojson::Geometry::new((&published(geometry)).into())),
        id: None,
        properties: Some(properties),
        foreign_members: None,
    }
}

fn json(value: &Value) -> JsonValue {
    match value {
        Value::Null => JsonValue::Null,
        Value::Integer(number) => (*number).into(),
        Value::Real(number) => (*number).into(),
        Value::Text(text) => text.as_str().into(),
        Value::Boolean(truth) => (*truth).into(),
    }
}

/// The geometry as it is published: rounded, and wound as the standard asks.
fn published(geometry: &Geometry) -> Geometry {
    let rounded = geometry.map_coords(|c| geo::Coord { x: round(c.x), y: round(c.y) });
    match rounded {
        Geometry::Polygon(polygon) => polygon.orient(Direction::Default).into(),
        Geometry::MultiPolygon(polygons) => polygons.orient(Direction::Default).into(),
        other => other,
    }
}

fn round(degrees: f64) -> f64 {
    (degrees * 1e7).round() / 1e7
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::layer::{Column, ColumnKind, GeometryKind};
    use geo::polygon;

    #[test]
    fn a_layer_without_rows_is_a_collection_without_features() {
        let layer = Layer {
            name: "findings".to_owned(),
            title: "所見".to_owned(),
            geometry: Some(GeometryKind::Point),
            columns: Vec::new(),
            rows: Vec::new(),
        };
        let mut written = Vec::new();
        write(&layer, &mut written).unwrap();
        let read: JsonValue = serde_json::from_slice(&written).unwrap();
        assert_eq!(
            read,
            serde_json::json!({
                "type": "FeatureCollection", "name": "findings", "title": "所見", "features": [],
            })
        );
    }

    #[test]
    fn a_layer_is_written_rounded_and_wound_counter_clockwise_with_unknowns_as_null() {
        let clockwise_with_hole = polygon! {
            exterior: [(x: 138., y: 35.), (x: 138., y: 36.), (x: 139.123_456_78, y: 36.), (x: 138., y: 35.)],
            interiors: [[(x: 138.1, y: 35.5), (x: 138.2, y: 35.5), (x: 138.2, y: 35.6), (x: 138.1, y: 35.5)]],
        };
        let layer = Layer {
            name: "cells".to_owned(),
            title: "メッシュ".to_owned(),
            geometry: Some(GeometryKind::Polygon),
            columns: vec![
                Column::new("mesh", ColumnKind::Text),
                Column::new("minutes:訪問看護", ColumnKind::Real),
                Column::new("total", ColumnKind::Integer),
                Column::new("linked", ColumnKind::Boolean),
            ],
            rows: vec![
                Row {
                    geometry: Some(clockwise_with_hole.into()),
                    values: vec![
                        Value::Text("5338".to_owned()),
                        Value::Real(0.1),
                        Value::Integer(7),
                        Value::Boolean(true),
                    ],
                },
                Row { geometry: None, values: vec![Value::Null; 4] },
            ],
        };
        let mut written = Vec::new();
        write(&layer, &mut written).unwrap();
        let read: JsonValue = serde_json::from_slice(&written).unwrap();
        assert_eq!(
            read,
            serde_json::json!({
                "type": "FeatureCollection", "name": "cells", "title": "メッシュ",
                "features": [
                    {
                        "type": "Feature",
                        "geometry": { "type": "Polygon", "coordinates": [
                            [[138.0, 35.0], [139.1234568, 36.0], [138.0, 36.0], [138.0, 35.0]],
                            [[138.1, 35.5], [138.2, 35.6], [138.2, 35.5], [138.1, 35.5]],
                        ]},
                        "properties": { "mesh": "5338", "minutes:訪問看護": 0.1, "total": 7, "linked": true },
                    },
                    {
                        "type": "Feature",
                        "geometry": null,
                        "properties": { "mesh": null, "minutes:訪問看護": null, "total": null, "linked": null },
                    },
                ],
            })
        );
    }
}
