//! Doubtful things in the data. A finding never stops the work.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// A row was set aside: it is not in any figure.
    Quarantined,
    /// Used, but the planner should look.
    Warning,
    /// For information.
    Note,
}

/// One doubtful thing: where it is, what the file says, what was expected or assumed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// Kind of finding as a stable word (`unknown_town`, `suppressed_cell` …).
    pub kind: String,
    /// File as written in the manifest; empty when the finding is about the study as a whole.
    pub file: String,
    /// Sheet, layer or archive member, where there is one.
    pub layer: Option<String>,
    /// Row counted from 1 as people see it.
    pub row: Option<u64>,
    /// Column or attribute.
    pub field: Option<String>,
    /// What the file says.
    pub said: String,
    /// What it means for the study, in Japanese, for people.
    pub meant: String,
    /// Where it is on the map: longitude and latitude in degrees.
    pub place: Option<[f64; 2]>,
}
