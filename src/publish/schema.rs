//! JSON Schemas of the published JSON files. They are committed under `docs/`, and the types of
//! the web workbench are made from them.

use crate::ingest::study::Precision;
use crate::publish::quality::Quality;
use crate::publish::summary::{Findings, Summary};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, schema_for};
use serde_json::Value;

/// The schema of `summary.json`, as text with a newline at its end.
#[must_use]
pub fn summary() -> String {
    text::<Summary>()
}

/// The schema of `findings.json`, as text with a newline at its end.
#[must_use]
pub fn findings() -> String {
    text::<Findings>()
}

/// The schema of the answer of `/api/quality`, as text with a newline at its end.
#[must_use]
pub fn quality() -> String {
    text::<Quality>()
}

fn text<T: JsonSchema>() -> String {
    // As written, not as accepted: a member that can be `null` is always there.
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    format!("{:#}\n", generator.into_root_schema_for::<T>().as_value())
}

/// Says of a map's schema that its keys are precisions; the derived schema forgets keys that are
/// an enumeration.
pub(super) fn keyed_by_precision(map: &mut Schema) {
    map.insert("propertyNames".to_owned(), precision_names());
}

/// The same of a map of such maps.
pub(super) fn keyed_by_precision_inside(map: &mut Schema) {
    if let Some(Value::Object(inside)) = map.get_mut("additionalProperties") {
        inside.insert("propertyNames".to_owned(), precision_names());
    }
}

fn precision_names() -> Value {
    let mut names = schema_for!(Precision);
    for of_a_file in ["$schema", "title"] {
        names.remove(of_a_file);
    }
    names.to_value()
}
