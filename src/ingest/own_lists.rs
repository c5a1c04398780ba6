//! What the prefecture's own lists say beside those of institutions and hubs: beds kept for sudden
//! changes, business continuity plans, targets, who takes calls at night, partners of care facilities, tools for
//! emergencies, flows of patients, and 日常生活圏域. Every line is matched to institutions and areas.

use crate::ingest::study::{Count, Function};
use crate::ingest::week::{DAY_MINUTES, Day, Hours, OpeningHours};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The lists; `None` = not loaded.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct OwnLists {
    /// 急変時の受入病床.
    pub admission_beds: Option<Vec<AdmissionBeds>>,
    /// 業務継続計画 (BCP).
    pub continuity_plans: Option<Vec<ContinuityPlan>>,
    /// 数値目標.
    pub targets: Option<Vec<Target>>,
    /// Who takes calls at night and on holidays, and whether a rule says so.
    pub night_calls: Option<Vec<NightCalls>>,
    /// 介護保険施設 and their 協力医療機関.
    #[serde(default)]
    pub care_facility_partners: Option<Vec<FacilityPartner>>,
    /// 救急医療情報キット and tools of ACP.
    #[serde(default)]
    pub emergency_tools: Option<Vec<EmergencyTool>>,
    /// 患者流動. Some are counts of so few that they must not be shown, so they do not travel with the study.
    #[serde(skip)]
    pub patient_flows: Option<Vec<PatientFlow>>,
    /// Shares of patients between 構想区域 of the prefecture and others, as published.
    #[serde(default)]
    pub area_flows: Vec<AreaFlow>,
    /// 日常生活圏域.
    pub living_areas: Option<LivingAreas>,
}

/// Where a list speaks of: the area as written and its municipalities.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedArea {
    /// As written.
    pub name: String,
    /// Positions in the study.
    pub municipalities: BTreeSet<usize>,
}

/// When a line of a list holds; both empty = always.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedTime {
    /// Days; empty = every day.
    pub days: BTreeSet<Day>,
    /// Hours; `None` = all day.
    pub hours: Option<Hours>,
}

impl ListedTime {
    /// The hours of the week that it means.
    #[must_use]
    pub fn open(&self) -> OpeningHours {
        let days = if self.days.is_empty() { Day::ALL.into() } else { self.days.clone() };
        let hours = self.hours.or_else(|| Hours::new(0, DAY_MINUTES));
        days.into_iter().map(|day| (day, hours.into_iter().collect())).collect()
    }

    /// For people: `土日祝 18:00–翌8:00`, `常時`.
    #[must_use]
    pub fn words(&self) -> String {
        if self.days.is_empty() && self.hours.is_none() {
            return "常時".to_owned();
        }
        let days = match self.days.len() {
            0 | 8 => "毎日".to_owned(),
            _ => self.days.iter().map(|day| day.name()).collect(),
        };
        match self.hours {
            Some(hours) => format!("{days} {hours}"),
            None => days,
        }
    }
}

/// Beds that a hospital keeps for patients at home whose state changes suddenly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdmissionBeds {
    /// Position of the hospital.
    pub institution: usize,
    /// Beds.
    pub beds: u32,
    /// For whom.
    pub area: ListedArea,
    /// When.
    pub time: ListedTime,
}

/// The state of the business continuity plan of an institution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContinuityPlan {
    /// Position of the institution.
    pub institution: usize,
    /// Which plan.
    pub kind: ContinuityKind,
    /// When it was made, as written.
    pub made: String,
}

/// Which business continuity plan there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ContinuityKind {
    /// Of the institution itself.
    #[serde(rename = "自院")]
    Own,
    /// With other institutions (連携型).
    #[serde(rename = "連携型")]
    Linked,
    /// Of the whole area (地域).
    #[serde(rename = "地域")]
    Area,
    /// None yet.
    #[serde(rename = "なし")]
    None,
    /// Nobody knows.
    #[serde(rename = "不明")]
    Unknown,
}

impl ContinuityKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Own, Self::Linked, Self::Area, Self::None, Self::Unknown];

    /// As written in lists.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Own => "自院",
            Self::Linked => "連携型",
            Self::Area => "地域",
            Self::None => "なし",
            Self::Unknown => "不明",
        }
    }
}

/// A target of the plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// What is aimed at.
    pub item: String,
    /// The value to be reached.
    pub value: f64,
    /// Unit, as written.
    pub unit: String,
    /// The value now; `None` = not told.
    pub now: Option<f64>,
    /// By when, as written.
    pub deadline: String,
    /// For which of the four functions.
    pub function: Option<Function>,
    /// Where; the whole prefecture unless another area is written.
    pub area: ListedArea,
    /// The plan that sets it (医療計画, 介護保険事業計画 …), as written; empty = not told.
    #[serde(default)]
    pub plan: String,
}

/// Whether an area has a rule for nights and holidays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum NightRule {
    /// There is one.
    #[serde(rename = "あり")]
    Exists,
    /// There is none that is clear.
    #[serde(rename = "明確でない")]
    Unclear,
    /// Nobody knows.
    #[serde(rename = "不明")]
    Unknown,
}

impl NightRule {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Exists, Self::Unclear, Self::Unknown];

    /// As written in lists.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exists => "あり",
            Self::Unclear => "明確でない",
            Self::Unknown => "不明",
        }
    }
}

/// Who takes the calls of an area at some time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NightCalls {
    /// Where.
    pub area: ListedArea,
    /// Whether a rule exists.
    pub rule: NightRule,
    /// When.
    pub time: ListedTime,
    /// Who takes the call, as written; empty = nobody is named.
    pub taken_by: String,
    /// Position of that institution, where it is one.
    pub institution: Option<usize>,
}

/// Whether a list says that there is something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Told {
    /// There is.
    #[serde(rename = "あり")]
    Yes,
    /// There is not.
    #[serde(rename = "なし")]
    No,
    /// Nobody knows.
    #[serde(rename = "不明")]
    Unknown,
}

impl Told {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Yes, Self::No, Self::Unknown];

    /// As written in lists.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yes => "あり",
            Self::No => "なし",
            Self::Unknown => "不明",
        }
    }
}

/// Somebody whom a list names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedInstitution {
    /// As written; empty = nobody is named.
    pub name: String,
    /// Position in the study, where it is known there.
    pub institution: Option<usize>,
}

/// A care facility and a medical institution that has agreed to help it (協力医療機関).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacilityPartner {
    /// The facility.
    pub facility: ListedInstitution,
    /// Position of its municipality; `None` = not known.
    pub municipality: Option<usize>,
    /// Whether it has one.
    pub told: Told,
    /// Which.
    pub partner: ListedInstitution,
}

/// What tells rescuers or families of a patient's wishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ToolKind {
    /// 救急医療情報キット.
    #[serde(rename = "救急医療情報キット")]
    Kit,
    /// Leaflets and notebooks for ACP (人生会議).
    #[serde(rename = "ACPのツール")]
    Wishes,
    /// Another.
    #[serde(rename = "その他")]
    Other,
}

impl ToolKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Kit, Self::Wishes, Self::Other];

    /// As written in lists.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kit => "救急医療情報キット",
            Self::Wishes => "ACPのツール",
            Self::Other => "その他",
        }
    }
}

/// A tool in an area.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EmergencyTool {
    /// Where.
    pub area: ListedArea,
    /// What.
    pub kind: ToolKind,
    /// Whether it is in use there.
    pub told: Told,
    /// What it is called, as written.
    pub name: String,
    /// Per cent of those for whom it is meant who have it; `None` = not told.
    pub share_percent: Option<f64>,
    /// So many were handed out; `None` = not told.
    pub handed_out: Option<u32>,
}

/// Patients of one place who were treated in another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatientFlow {
    /// 訪問診療, 往診, 看取り … as written.
    pub kind: String,
    /// Year.
    pub year: u16,
    /// Municipality in which they live; `None` = outside the prefecture.
    pub home: Option<usize>,
    /// Municipality of the institution; `None` = outside the prefecture.
    pub place: Option<usize>,
    /// How many.
    pub count: Count,
}

/// 日常生活圏域 of the whole prefecture, or of a part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LivingAreas {
    /// Names.
    pub names: Vec<String>,
    /// Area of each cell of the study; `None` = of a municipality of which the list says nothing.
    pub of_cell: Vec<Option<usize>>,
}

/// Share of the patients of a 構想区域 who come from, or go to, another or stay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AreaFlow {
    /// Which way.
    pub direction: FlowDirection,
    /// Code of the area, four digits.
    pub area: String,
    /// Its name.
    pub area_name: String,
    /// 高度急性期+急性期, 包括期 or 慢性期.
    pub phase: String,
    /// Code of the other area.
    pub partner: String,
    /// Its name.
    pub partner_name: String,
    /// The share, 0–1.
    pub rate: f64,
}

/// Which way patients go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FlowDirection {
    /// Patients treated in the area, by where they live (流入率).
    In,
    /// Patients who live in the area, by where they are treated (流出率).
    Out,
}

impl FlowDirection {
    /// As published.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::In => "流入率",
            Self::Out => "流出率",
        }
    }
}
