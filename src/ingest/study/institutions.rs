//! Institutions with everything that the sources say of them.

use crate::ingest::classes::must_have_partner;
use crate::ingest::study::places::{Correction, Precision};
use geo::Point;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// One institution with everything that the sources say of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Institution {
    /// Stable id: `医療機関コード` (10 digits) where a filing or the code list gives it, else the
    /// source's own id with a prefix (`iryo:` or `kaigo:`).
    pub id: String,
    /// Name as the most official source writes it.
    pub name: String,
    /// Address with prefecture and municipality.
    pub address: String,
    /// Position in [`Study::municipalities`](super::Study::municipalities).
    pub municipality: Option<usize>,
    /// Where it is; `None` exactly when `precision` is [`Precision::Unlocated`]. The point of a
    /// town or municipality where nobody lives gives way to the nearest inhabited place.
    pub position: Option<Point>,
    /// How exactly.
    pub precision: Precision,
    /// Why `position` was set by hand; `Some` exactly when `precision` is [`Precision::Corrected`].
    pub correction: Option<Correction>,
    /// Classes: 病院, 診療所, 歯科診療所, 薬局, filing symbols after NFKC (支援診2, 在後病 …) of
    /// the class table, care services by name (訪問看護 …).
    pub classes: BTreeSet<String>,
    /// Number of beds, where a source gives it.
    pub beds: Option<u32>,
    /// Staff, specialities and designation, where a source tells of them.
    pub practice: Practice,
    /// Every row of a source that speaks of it.
    pub sources: Vec<SourceRow>,
    /// Which row each attribute was taken from.
    #[serde(default)]
    pub origins: Origins,
}

/// A row of an input file. The state of its data is the date of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowOf {
    /// Position in [`Study::inputs`](super::Study::inputs).
    pub input: usize,
    /// Row in the file, counted from 1 as people see it in Excel or an editor.
    pub row: u64,
}

/// The row from which each attribute of an institution was taken; `None` = no row tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origins {
    /// Of the name.
    pub name: Option<RowOf>,
    /// Of the address.
    pub address: Option<RowOf>,
    /// Of the position: the coordinates, or the address from which it was found.
    pub position: Option<RowOf>,
    /// Of the number of beds.
    pub beds: Option<RowOf>,
    /// Of each class. A class that is not here follows from the others (病院 from the number of beds).
    pub classes: BTreeMap<String, RowOf>,
}

/// An institution that has stopped.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stopped {
    /// The institution as it was.
    pub institution: Institution,
    /// What is known of its end.
    pub stop: Stop,
}

/// That an institution has stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// For good or for a time.
    pub kind: StopKind,
    /// Since when (`2025-10-01`), where the source tells.
    pub date: Option<String>,
    /// Who says so.
    pub source: RowOf,
}

/// How an institution has stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StopKind {
    /// 休止.
    #[serde(rename = "休止")]
    Suspended,
    /// 廃止.
    #[serde(rename = "廃止")]
    Closed,
}

impl StopKind {
    /// The Japanese term.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Suspended => "休止",
            Self::Closed => "廃止",
        }
    }
}

/// What コード内容別医療機関一覧表, 届出受理医療機関名簿 and 介護サービス情報公表 tell of an institution beside its name and
/// classes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Practice {
    /// Posts as the institution reported them; `None` = not told.
    pub staff: Option<Staff>,
    /// Day of the first designation (指定年月日, `YYYY-MM-DD`), where told.
    pub designated: Option<String>,
    /// 診療科名 as written.
    pub specialities: Vec<String>,
    /// True for 休止, false for 現存; `None` = not told. Who is suspended stands among [`Study::stopped`](super::Study::stopped).
    pub suspended: Option<bool>,
    /// 受理記号 of the classes that it has filed (支援診2ア), each with the day from which it holds (算定開始年月日,
    /// `YYYY-MM-DD`), where told. Filings of no class are left out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub filings: BTreeMap<String, Option<String>>,
    /// 定員 of each care service (サービスの種類), where told.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub capacities: BTreeMap<String, Capacity>,
}

/// For how many a care service has places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capacity {
    /// Users at a time, or registered ones, as the service counts them.
    pub persons: u32,
    /// The row that tells it.
    pub origin: RowOf,
}

/// Posts of an institution (勤務医数).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// 常勤.
    pub full_time: Posts,
    /// 非常勤, in persons.
    pub part_time: Posts,
}

/// Posts by profession.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posts {
    /// 医師.
    pub doctors: u32,
    /// 歯科医師.
    pub dentists: u32,
    /// 薬剤師.
    pub pharmacists: u32,
}

impl Posts {
    /// All of them.
    #[must_use]
    pub const fn sum(self) -> u32 {
        self.doctors + self.dentists + self.pharmacists
    }
}

impl Institution {
    /// Whether it is a clinic in which one doctor works and no other (requirement of the WG to see what
    /// depends on such clinics); `None` = its doctors are not known, or it is not known to be a clinic.
    #[must_use]
    pub fn has_single_doctor(&self) -> Option<bool> {
        if self.classes.contains("病院") {
            return Some(false);
        }
        let staff = self.practice.staff.filter(|_| self.classes.contains("診療所"))?;
        Some(staff.full_time.doctors + staff.part_time.doctors == 1)
    }

    /// 定員 of its care services for people (`介護老人保健施設 100・短期入所療養介護 5`); empty where none is told.
    #[must_use]
    pub fn capacities(&self) -> String {
        let told = self.practice.capacities.iter();
        told.map(|(service, of)| format!("{service} {}", of.persons)).collect::<Vec<_>>().join("・")
    }

    /// Whether it is a facility that must have a 協力医療機関 (介護保険施設).
    #[must_use]
    pub fn is_care_facility(&self) -> bool {
        must_have_partner(&self.classes)
    }

    /// Whether it is known from more than care services.
    #[must_use]
    pub fn is_medical(&self) -> bool {
        !self.id.starts_with("kaigo:")
    }
}

/// A row of an input file that speaks of an institution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRow {
    /// Position in [`Study::inputs`](super::Study::inputs).
    pub input: usize,
    /// Row in the file, counted from 1 as people see it in Excel or an editor.
    pub row: u64,
    /// How the row was joined to the record (`code`, `name+municipality`, `own record` …).
    pub matched_by: Cow<'static, str>,
    /// 0 to 100: how sure it is that the row speaks of the institution (`shapes/tables/link_scores.toml`).
    #[serde(default = "certain")]
    pub score: u8,
}

const fn certain() -> u8 {
    100
}
