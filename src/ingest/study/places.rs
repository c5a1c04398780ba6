//! How exactly places are known, what stands in flood water, and where 福祉施設 are.

use geo::Point;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A facility of 国土数値情報 P14 福祉施設. The editions are years old and overlap with the care offices of
/// 介護サービス情報公表, so they are drawn and not counted among the institutions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WelfareFacility {
    /// Position in [`Study::inputs`](super::Study::inputs).
    pub input: usize,
    /// Feature number in the file.
    pub row: u64,
    /// Name.
    pub name: String,
    /// Address without prefecture and municipality.
    pub address: String,
    /// 福祉施設大分類コード (01 … 06, 99); empty in the editions of 2011 and 2015.
    pub major: String,
    /// The finest code of its kind: 福祉施設細分類 (2011, 2015) or 小分類, else 中分類 (2021 and later).
    pub class: String,
    /// What that code means, where it is known.
    pub class_name: Option<String>,
    /// 定員, of the editions of 2011 and 2015.
    pub capacity: Option<u32>,
    /// Whether the point is the place itself: false = the middle of a block, town or municipality;
    /// `None` = the edition does not say.
    pub is_exact: Option<bool>,
    /// Position in [`Study::municipalities`](super::Study::municipalities) of the land in which the point lies.
    pub municipality: Option<usize>,
    /// Where it is.
    pub position: Point,
}

/// How exactly a place is known, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// Set by hand (位置の訂正).
    Corrected,
    /// Coordinates given by the source.
    Point,
    /// 街区 or 番地 of the address (位置参照情報 街区レベル, アドレス・ベース・レジストリ).
    Block,
    /// 丁目 that the address names.
    Chome,
    /// 大字, 町 or 字 (one without 丁目 below it, or whose 丁目 lie within 2 km of each other).
    Town,
    /// Representative point of the municipality.
    Municipality,
    /// Not located at all.
    Unlocated,
}

impl Precision {
    /// All of them, best first.
    pub const ALL: [Self; 7] = [
        Self::Corrected,
        Self::Point,
        Self::Block,
        Self::Chome,
        Self::Town,
        Self::Municipality,
        Self::Unlocated,
    ];

    /// Stable word, as in the summary.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Corrected => "corrected",
            Self::Point => "point",
            Self::Block => "block",
            Self::Chome => "chome",
            Self::Town => "town",
            Self::Municipality => "municipality",
            Self::Unlocated => "unlocated",
        }
    }
}

/// What stands in water when rivers flood (国土数値情報 A31a).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FloodedLand {
    /// Under which rain.
    pub scenario: FloodScenario,
    /// Institutions in the water, by position in [`Study::institutions`](super::Study::institutions).
    pub institutions: BTreeMap<usize, FloodedPlace>,
    /// For each of [`Study::cells`](super::Study::cells) the share of its land under water of each rank of depth, rank 1
    /// first, 0–1. The deepest of several rivers counts.
    pub cells: Vec<Vec<f64>>,
}

/// Water at one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FloodedPlace {
    /// 浸水深ランク, from 1; see `shapes/tables/flood_depths.toml`.
    pub rank: u8,
    /// 河川名.
    pub river: String,
}

/// The rain that a flood is thought of under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FloodScenario {
    /// 計画規模: the rain against which the river is built.
    #[serde(rename = "計画規模")]
    Planned,
    /// 想定最大規模: the greatest rain to be thought of.
    #[serde(rename = "想定最大規模")]
    Greatest,
}

impl FloodScenario {
    /// The Japanese term.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Planned => "計画規模",
            Self::Greatest => "想定最大規模",
        }
    }
}

/// Why a point was set by hand (位置の訂正).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// 理由.
    pub reason: String,
    /// 訂正者.
    pub by: String,
    /// 訂正日 as written.
    pub date: String,
    /// Position in [`Study::inputs`](super::Study::inputs).
    pub input: usize,
    /// Row in the file.
    pub row: u64,
}
