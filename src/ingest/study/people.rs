//! Who lives where, today and as projected, and the official demand.

use crate::geometry::mesh::MeshCode;
use crate::units::AgeCounts;
use geo::{MultiPolygon, Point};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A census mesh cell with people in it, or the part of one that lies in one municipality.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cell {
    /// Standard mesh code.
    pub mesh: MeshCode,
    /// Position in [`Study::municipalities`](super::Study::municipalities).
    pub municipality: usize,
    /// A point inside the outline, the middle of it where that lies inside.
    pub centre: Point,
    /// The cell's rectangle cut by the land of the municipality.
    pub outline: MultiPolygon,
    /// People at the census. Those of a cell in several municipalities are split by land and by the
    /// census totals of the municipalities.
    pub population: AgeCounts,
    /// The ages are not published for this cell: it is suppressed or receives those of suppressed
    /// cells, or it is a part of a split cell. They are shared out in proportion to people; where
    /// the cell that holds them is in no file they are unknown and in no class of age.
    pub ages_estimated: bool,
    /// Projected people by year, where a future mesh was loaded; keys are projection years. Those
    /// of a split cell go to its parts as the people of the census do.
    pub future: BTreeMap<u16, FutureAges>,
}

/// People of the municipalities at a census before that of the study.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierCensus {
    /// Year.
    pub year: u16,
    /// Whether its tables tell people aged 85 and over apart; else their number here is 0.
    pub tells_85_plus: bool,
    /// People of each municipality, in the order of [`Study::municipalities`](super::Study::municipalities); those of cells in several
    /// municipalities are divided as today's are.
    pub people: Vec<AgeCounts>,
}

/// Projected people of one cell in one year. Fractions as published.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FutureAges {
    /// Everybody.
    pub total: f64,
    /// Under 65.
    pub age_under_65: f64,
    /// 65 to 74.
    pub age_65_74: f64,
    /// 75 to 84.
    pub age_75_84: f64,
    /// 85 and over.
    pub age_85_plus: f64,
}

/// Projected people of a municipality in one year (社人研 令和5年推計). A class of age that no file tells is
/// `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Projection {
    /// Everybody.
    pub total: u32,
    /// Aged 0 to 14.
    pub age_under_15: Option<u32>,
    /// Aged 15 to 64.
    pub age_15_64: Option<u32>,
    /// Aged 65 and over.
    pub age_65_plus: u32,
    /// Aged 75 and over.
    pub age_75_plus: Option<u32>,
    /// Aged 85 and over.
    pub age_85_plus: Option<u32>,
}

/// The official 訪問診療 demand of one 構想区域.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AreaDemand {
    /// 構想区域コード, four digits.
    pub code: String,
    /// Name.
    pub name: String,
    /// Receipts per month (レセプト件数/月) by fiscal year, as published.
    pub receipts_per_month: BTreeMap<u16, f64>,
}
