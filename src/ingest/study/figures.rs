//! The prefecture's own counts, figures and lists of institutions and hubs.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Counts of patients by 区分 and year, then by position of the municipality. Whoever is not there
/// was not counted.
pub type CohortCounts = BTreeMap<(String, u16), BTreeMap<usize, Count>>;

/// A count of patients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// As counted.
    Exact(u32),
    /// 1 to 9, suppressed at its source.
    Small,
}

/// A figure of areas that a file tells: an extract of NDB or KDB, an own survey, 要介護認定者.
#[derive(Clone, Debug, PartialEq)]
pub struct Indicator {
    /// What is measured.
    pub name: String,
    /// Year of the figures; `None` = the file does not tell.
    pub year: Option<u16>,
    /// Unit for people (人, 件, %).
    pub unit: String,
    /// Which of the four functions of home care it tells of.
    pub function: Option<Function>,
    /// Structure, process or outcome.
    pub element: Option<Element>,
    /// Whether it is a 重点指標 or a 参考指標.
    pub importance: Option<Importance>,
    /// Whether the values of areas may be added; shares and means may not.
    pub adds_up: bool,
    /// Whether it counts patients, so that small counts are never shown.
    pub patients: bool,
    /// Where it comes from, for people.
    pub source: String,
    /// Position in [`Study::inputs`](super::Study::inputs).
    pub input: usize,
    /// Values of areas that have no municipality in common.
    pub areas: Vec<AreaValue>,
}

/// The value of one area.
#[derive(Clone, Debug, PartialEq)]
pub struct AreaValue {
    /// Name of an area of several municipalities, such as an insurer (広域連合); else empty.
    pub name: String,
    /// Its municipalities, positions in [`Study::municipalities`](super::Study::municipalities).
    pub municipalities: Vec<usize>,
    /// The value.
    pub value: Measured,
}

/// A value as a file tells it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measured {
    /// As it is.
    Exact(f64),
    /// A count of 1 to 9 that its source has suppressed.
    Small,
    /// Not counted.
    Unknown,
}

/// The four functions of home care (在宅医療の体制構築に係る指針).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Function {
    /// ① 退院支援.
    #[serde(rename = "退院支援")]
    Discharge,
    /// ② 日常の療養支援.
    #[serde(rename = "日常の療養支援")]
    DailyCare,
    /// ③ 急変時の対応.
    #[serde(rename = "急変時の対応")]
    SuddenChange,
    /// ④ 看取り.
    #[serde(rename = "看取り")]
    EndOfLife,
}

impl Function {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Discharge, Self::DailyCare, Self::SuddenChange, Self::EndOfLife];

    /// The Japanese term.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Discharge => "退院支援",
            Self::DailyCare => "日常の療養支援",
            Self::SuddenChange => "急変時の対応",
            Self::EndOfLife => "看取り",
        }
    }
}

/// What an indicator measures (Donabedian).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Element {
    /// ストラクチャー.
    #[serde(rename = "ストラクチャー")]
    Structure,
    /// プロセス.
    #[serde(rename = "プロセス")]
    Process,
    /// アウトカム.
    #[serde(rename = "アウトカム")]
    Outcome,
}

impl Element {
    /// The Japanese term.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Structure => "ストラクチャー",
            Self::Process => "プロセス",
            Self::Outcome => "アウトカム",
        }
    }
}

/// How much an indicator matters (在宅医療の体制構築に係る指針, 別表).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Importance {
    /// 重点指標, for every prefecture to look at.
    #[serde(rename = "重点")]
    Key,
    /// 参考指標.
    #[serde(rename = "参考")]
    Reference,
}

impl Importance {
    /// The Japanese term.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Key => "重点",
            Self::Reference => "参考",
        }
    }
}

/// A line of the prefecture's list of 積極的役割を担う医療機関.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveEntry {
    /// Name as listed.
    pub name: String,
    /// 種別 as listed (病院, 診療所, 訪問看護ステーション …).
    pub body_type: String,
    /// Whether 種別 is a hospital or clinic; the WG of 2025-12-17 asks that other kinds be reviewed.
    pub is_medical: bool,
    /// Position in [`Study::institutions`](super::Study::institutions) when the line was matched to one.
    pub institution: Option<usize>,
    /// Position in [`Study::municipalities`](super::Study::municipalities).
    pub municipality: Option<usize>,
}

/// A line of the prefecture's list of 連携拠点.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkageEntry {
    /// Name as listed.
    pub name: String,
    /// 設置主体 as listed (市町村, 医師会, 病院 …).
    pub body_type: String,
    /// Municipalities that it serves, positions in [`Study::municipalities`](super::Study::municipalities).
    pub served: Vec<usize>,
    /// Municipality of its address, position in [`Study::municipalities`](super::Study::municipalities).
    pub municipality: Option<usize>,
}

impl LinkageEntry {
    /// The municipalities in which it stands or which it serves, in order.
    #[must_use]
    pub fn municipalities(&self) -> Vec<usize> {
        let all: BTreeSet<usize> = self.served.iter().copied().chain(self.municipality).collect();
        all.into_iter().collect()
    }
}
