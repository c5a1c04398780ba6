//! The committed JSON Schemas are those of the types. After a change of the types run
//! `UPDATE_SCHEMAS=1 cargo test --release --test schema` and commit what it writes.

use keniki::publish::schema;
use std::{env, fs, path::Path};

fn is_committed(name: &str, current: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    if env::var_os("UPDATE_SCHEMAS").is_some() {
        fs::write(&path, current).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == current,
        "docs/{name} is not the schema of the types: run UPDATE_SCHEMAS=1 cargo test --release --test schema"
    );
}

#[test]
fn the_schema_of_summary_json_is_committed() {
    is_committed("summary.schema.json", &schema::summary());
}

#[test]
fn the_schema_of_findings_json_is_committed() {
    is_committed("findings.schema.json", &schema::findings());
}

#[test]
fn the_schema_of_the_report_on_the_data_is_committed() {
    is_committed("quality.schema.json", &schema::quality());
}
