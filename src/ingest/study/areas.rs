//! Municipalities and the areas they lie in.

use crate::ids::MunicipalityCode;
use geo::{MultiPolygon, Point};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One municipality (市区町村).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Municipality {
    /// Code of the boundary file.
    pub code: MunicipalityCode,
    /// Name without prefecture and 郡 (早川町); wards with their city (浜松市中央区).
    pub name: String,
    /// All its polygons, exterior rings counter-clockwise, JGD2011 degrees.
    pub boundary: MultiPolygon,
    /// The area it lies in, for each area system that was loaded; of a cut one that with most people.
    pub areas: BTreeMap<AreaSystem, Area>,
    /// Areas that it lies in beside those of `areas`, as a whole too: 医師会 and 消防本部 may overlap.
    #[serde(default)]
    pub further: BTreeMap<AreaSystem, Vec<Area>>,
    /// Municipality point (役場 or アドレス・ベース・レジストリ representative point).
    pub office: Option<Point>,
}

impl Municipality {
    /// The areas of a system in which it lies as a whole, that of `areas` first.
    pub fn areas_of(&self, system: AreaSystem) -> impl Iterator<Item = &Area> {
        self.areas.get(&system).into_iter().chain(self.further.get(&system).into_iter().flatten())
    }
}

/// A system of areas, most of them made of whole municipalities; [`AreaCut`] tells of those that are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AreaSystem {
    /// 保健所管轄区域.
    #[serde(rename = "保健所")]
    Hokenjo,
    /// 二次医療圏, also the unit (構想区域) of the official demand.
    #[serde(rename = "二次医療圏")]
    SecondaryMedicalArea,
    /// 郡市区医師会.
    #[serde(rename = "医師会")]
    MedicalAssociation,
    /// 消防本部.
    #[serde(rename = "消防本部")]
    FireDepartment,
    /// 介護保険者, of which some are bodies of several municipalities (広域連合).
    #[serde(rename = "介護保険者")]
    CareInsurer,
    /// 構想区域 of the 地域医療構想, where it is not the 二次医療圏.
    #[serde(rename = "構想区域")]
    PlanningArea,
    /// 老人福祉圏域.
    #[serde(rename = "老人福祉圏")]
    ElderlyWelfareArea,
    /// 日常生活圏域.
    #[serde(rename = "日常生活圏域")]
    DailyLivingArea,
    /// 地域メディカルコントロール協議会.
    #[serde(rename = "MC協議会")]
    MedicalControl,
}

impl AreaSystem {
    /// Every system.
    pub const ALL: [Self; 9] = [
        Self::Hokenjo,
        Self::SecondaryMedicalArea,
        Self::MedicalAssociation,
        Self::FireDepartment,
        Self::CareInsurer,
        Self::PlanningArea,
        Self::ElderlyWelfareArea,
        Self::DailyLivingArea,
        Self::MedicalControl,
    ];

    /// Whether a municipality may lie in two of its areas as a whole. Demand, insurance and offices need one.
    #[must_use]
    pub const fn may_overlap(self) -> bool {
        matches!(self, Self::MedicalAssociation | Self::FireDepartment | Self::MedicalControl)
    }

    /// The Japanese term, as written in files and shown to people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hokenjo => "保健所",
            Self::SecondaryMedicalArea => "二次医療圏",
            Self::MedicalAssociation => "医師会",
            Self::FireDepartment => "消防本部",
            Self::CareInsurer => "介護保険者",
            Self::PlanningArea => "構想区域",
            Self::ElderlyWelfareArea => "老人福祉圏",
            Self::DailyLivingArea => "日常生活圏域",
            Self::MedicalControl => "MC協議会",
        }
    }
}

/// One area of a system. Where the file gives no code, the name is the code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Area {
    /// Official code (1901) or the name.
    pub code: String,
    /// Name (中北).
    pub name: String,
}

/// A municipality that the areas of a system cut by 町丁目.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaCut {
    /// The system.
    pub system: AreaSystem,
    /// Position in [`Study::municipalities`](super::Study::municipalities).
    pub municipality: usize,
    /// Its parts, most people first; every cell of the municipality lies in exactly one.
    pub parts: Vec<AreaPart>,
}

/// The part of a municipality that lies in one area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaPart {
    /// The area.
    pub area: Area,
    /// Positions in [`Study::cells`](super::Study::cells), rising.
    pub cells: Vec<usize>,
}
