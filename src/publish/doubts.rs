//! Findings that have a place, as a layer.

use crate::ingest::finding::Finding;
use crate::store::layer::{Column, ColumnKind, GeometryKind, Layer, Row, Value};
use geo::Point;

/// A point for every finding that has a place, in their order.
#[must_use]
pub fn layer(findings: &[Finding]) -> Layer {
    let text = |text: &str| Value::Text(text.to_owned());
    let row = |finding: &Finding| {
        let [longitude, latitude] = finding.place?;
        let severity = serde_json::to_value(finding.severity).ok()?;
        Some(Row {
            geometry: Some(Point::new(longitude, latitude).into()),
            values: vec![
                text(severity.as_str()?),
                text(&finding.kind),
                text(&finding.file),
                text(&finding.said),
                text(&finding.meant),
            ],
        })
    };
    Layer {
        name: "findings".to_owned(),
        title: "場所のわかる所見".to_owned(),
        geometry: Some(GeometryKind::Point),
        columns: ["severity", "kind", "file", "said", "meant"]
            .map(|name| Column::new(name, ColumnKind::Text))
            .into(),
        rows: findings.iter().filter_map(row).collect(),
    }
}
