//! The manifest `study.toml`: which files make a study, and with which parameters.

use crate::ids::MunicipalityCode;
use crate::ingest::IngestError;
use crate::ingest::study::AreaSystem;
use crate::ingest::text::{Source, decode, place};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// A manifest as written by a person. Unknown keys are refused.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// What the study is about.
    pub study: StudyHeader,
    /// The files, in reading order.
    #[serde(rename = "input")]
    pub inputs: Vec<InputEntry>,
    /// Parameters with units in their names; what is not written has its default.
    #[serde(default)]
    pub parameters: Parameters,
    /// Overlay zonings that are published with the plans.
    #[serde(rename = "overlay", default)]
    pub overlays: Vec<OverlayEntry>,
    /// The manifest itself, for messages.
    #[serde(skip)]
    pub file: String,
    /// Folder of the manifest, against which relative paths are taken.
    #[serde(skip)]
    pub folder: PathBuf,
}

/// `[study]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyHeader {
    /// 都道府県コード, two digits.
    pub prefecture: String,
    /// Name of the prefecture.
    pub name: String,
    /// State of the facility files for people, such as `2025-09`.
    pub as_of: String,
    /// Year of the census mesh.
    pub census_year: u16,
    /// An invented prefecture; said wherever the study is shown.
    #[serde(default)]
    pub invented: bool,
    /// Municipalities of other prefectures that overlay zonings may take in. They enter no figure of the
    /// prefecture.
    #[serde(default)]
    pub neighbours: BTreeSet<MunicipalityCode>,
}

/// `[[overlay]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverlayEntry {
    /// Id of an overlay of `shapes/tables/overlays.toml`, or a TOML file of the same keys, relative to the
    /// manifest.
    pub name: String,
    /// Its units: 市町村 (the default) or a system of areas.
    pub units: Option<String>,
}

/// `[[input]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputEntry {
    /// What the file is.
    pub kind: InputKind,
    /// Path, relative to the manifest.
    pub path: String,
    /// The members of an archive that are meant, where it holds files of several kinds; empty = all.
    #[serde(default)]
    pub members: Vec<String>,
    /// State of the data (`2025-09-01`).
    pub date: Option<String>,
    /// For `area_membership`: which area system the file describes.
    pub system: Option<AreaSystem>,
    /// Conditions of use, where they are not those of the kind.
    pub licence: Option<String>,
    /// What outputs must say of the file, where it is not what they say of the kind.
    pub attribution: Option<String>,
}

impl InputEntry {
    /// A file of that kind of which nothing else is told.
    pub(crate) fn of(kind: InputKind, path: &str) -> Self {
        Self {
            kind,
            path: path.to_owned(),
            members: Vec::new(),
            date: None,
            system: None,
            licence: None,
            attribution: None,
        }
    }
}

/// The kinds of file that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    /// 国土数値情報 N03 行政区域 (Shapefile or GeoJSON, also zipped).
    N03Boundary,
    /// Municipality to area table (保健所, 二次医療圏, 医師会, 消防本部), CSV.
    AreaMembership,
    /// 国土数値情報 A38 医療圏: the 二次医療圏 of every municipality (Shapefile or GeoJSON, also zipped).
    A38MedicalArea,
    /// 国勢調査 mesh statistics text (`tblT…`), also zipped.
    CensusMesh,
    /// 国土数値情報 将来推計人口メッシュ (m500r6), Shapefile or GeoJSON, also zipped.
    FutureMesh,
    /// 社人研 地域別将来推計人口 by municipality, CSV.
    IpssProjection,
    /// 地方厚生局 届出受理医療機関名簿 and 届出受理指定訪問看護事業所名簿, xlsx, also zipped.
    Todokede,
    /// 医療情報ネット facility table (01-1, 02-1, 03-1, 05), CSV, also zipped.
    IryoJohoNet,
    /// 国土数値情報 P04 医療機関: coordinates (Shapefile or GeoJSON, also zipped).
    P04Medical,
    /// 国土数値情報 P14 福祉施設 (Shapefile or GeoJSON, also zipped).
    P14Welfare,
    /// 国土数値情報 A31a 洪水浸水想定区域: depths by river (Shapefile or GeoJSON, also zipped).
    A31aFlood,
    /// 保険医療機関コード一覧 (no header), CSV.
    InstitutionCodes,
    /// 地方厚生局 コード内容別医療機関一覧表: doctors, beds, specialities, state; xlsx, also zipped.
    CodeContents,
    /// 介護サービス情報公表 事業所, CSV.
    KaigoJigyosho,
    /// 介護保険事業状況報告 第４－１－１表: 要介護認定者 by insurer, xlsx.
    CareNeed,
    /// Points of 大字・町丁目, or of blocks and lots (位置参照情報, or its Geolonia re-cut), CSV, also zipped.
    TownPoints,
    /// アドレス・ベース・レジストリ towns (`mt_town`), CSV, also zipped.
    TownMaster,
    /// アドレス・ベース・レジストリ town positions (`mt_town_pos`), CSV, also zipped.
    TownPositions,
    /// アドレス・ベース・レジストリ municipality master (`mt_city_all`), CSV, also zipped.
    MunicipalityMaster,
    /// アドレス・ベース・レジストリ municipality positions (`mt_city_pos_all`), CSV, also zipped.
    MunicipalityPoints,
    /// 構想区域別 在宅（訪問診療）需要推計 (001728462), xlsx.
    HomeDemand,
    /// Shares of patients between 構想区域 (厚生労働省), as a table with a row for each pair, CSV.
    AreaFlows,
    /// Prefecture's list of 在宅医療において積極的役割を担う医療機関, CSV.
    ActiveInstitutions,
    /// Prefecture's list of 在宅医療に必要な連携を担う拠点, CSV.
    LinkageHubs,
    /// Prefecture's own counts of patients (医療的ケア児, 在宅人工呼吸 …) by municipality, CSV.
    CohortCounts,
    /// A mapping (TOML) and the table that it names: figures of municipalities from NDB, KDB or own surveys.
    OwnFigures,
    /// 医療情報ネット opening hours (01-2, 02-2, 03-2), CSV, also zipped.
    OpeningHours,
    /// Prefecture's own 輪番 sheet, CSV or xlsx.
    Rota,
    /// What institutions can take of a rota, the prefecture's own table, CSV or xlsx.
    RotaLimits,
    /// Prefecture's list of 日常生活圏域, CSV or xlsx.
    LivingAreas,
    /// Prefecture's list of beds for patients at home whose state changes suddenly, CSV or xlsx.
    AdmissionBeds,
    /// Prefecture's list of business continuity plans (BCP), CSV or xlsx.
    ContinuityPlans,
    /// Prefecture's list of targets, CSV or xlsx.
    Targets,
    /// Prefecture's list of who takes calls at night and on holidays, CSV or xlsx.
    NightCalls,
    /// Prefecture's list of care facilities and the medical institutions that help them, CSV or xlsx.
    CareFacilityPartners,
    /// Prefecture's list of 救急医療情報キット and tools of ACP, CSV or xlsx.
    EmergencyTools,
    /// Prefecture's own table of flows of patients, CSV or xlsx.
    PatientFlows,
    /// Changes of municipality codes: 国土数値情報 `AdminiBoundary_CD.xlsx`, or an own table.
    CodeChanges,
    /// Points of institutions that the prefecture set by hand, CSV or xlsx.
    PositionCorrections,
    /// What a planner decided about pairs of records of institutions, CSV or xlsx.
    IdentityDecisions,
    /// Institutions that the prefecture knows to be suspended or closed, CSV or xlsx.
    StoppedInstitutions,
    /// OpenStreetMap roads, `.osm.pbf`.
    RoadsOsm,
}

impl InputKind {
    /// The word of the manifest.
    #[must_use]
    pub const fn word(self) -> &'static str {
        self.word_and_name().0
    }

    /// The Japanese name, for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.word_and_name().1
    }

    const fn word_and_name(self) -> (&'static str, &'static str) {
        match self {
            Self::N03Boundary => ("n03_boundary", "国土数値情報 行政区域"),
            Self::AreaMembership => ("area_membership", "市町村と圏域の対応表"),
            Self::A38MedicalArea => ("a38_medical_area", "国土数値情報 医療圏"),
            Self::CensusMesh => ("census_mesh", "国勢調査 メッシュ統計"),
            Self::FutureMesh => ("future_mesh", "国土数値情報 将来推計人口メッシュ"),
            Self::IpssProjection => ("ipss_projection", "社人研 地域別将来推計人口"),
            Self::Todokede => ("todokede", "地方厚生局 届出受理医療機関名簿"),
            Self::IryoJohoNet => ("iryo_joho_net", "医療情報ネット"),
            Self::P04Medical => ("p04_medical", "国土数値情報 医療機関"),
            Self::P14Welfare => ("p14_welfare", "国土数値情報 福祉施設"),
            Self::A31aFlood => ("a31a_flood", "国土数値情報 洪水浸水想定区域"),
            Self::InstitutionCodes => ("institution_codes", "保険医療機関コード一覧"),
            Self::CodeContents => ("code_contents", "地方厚生局 コード内容別医療機関一覧表"),
            Self::KaigoJigyosho => ("kaigo_jigyosho", "介護サービス情報公表 事業所"),
            Self::CareNeed => ("care_need", "介護保険事業状況報告 要介護認定者"),
            Self::TownPoints => ("town_points", "大字・町丁目・街区の位置"),
            Self::TownMaster => ("town_master", "アドレス・ベース・レジストリ 町字"),
            Self::TownPositions => ("town_positions", "アドレス・ベース・レジストリ 町字の位置"),
            Self::MunicipalityMaster => ("municipality_master", "アドレス・ベース・レジストリ 市区町村"),
            Self::MunicipalityPoints => {
                ("municipality_points", "アドレス・ベース・レジストリ 市区町村の位置")
            }
            Self::HomeDemand => ("home_demand", "構想区域別 訪問診療の需要推計"),
            Self::AreaFlows => ("area_flows", "構想区域間の患者の流出入"),
            Self::ActiveInstitutions => ("active_institutions", "積極的役割を担う医療機関の一覧"),
            Self::LinkageHubs => ("linkage_hubs", "連携を担う拠点の一覧"),
            Self::CohortCounts => ("cohort_counts", "県独自の患者数の表"),
            Self::OwnFigures => ("own_figures", "独自の数値の対応表"),
            Self::OpeningHours => ("opening_hours", "医療情報ネット 診療時間"),
            Self::Rota => ("rota", "輪番表"),
            Self::RotaLimits => ("rota_limits", "輪番の条件"),
            Self::LivingAreas => ("living_areas", "日常生活圏域の一覧"),
            Self::AdmissionBeds => ("admission_beds", "急変時の受入病床の一覧"),
            Self::ContinuityPlans => ("continuity_plans", "業務継続計画（BCP）の一覧"),
            Self::Targets => ("targets", "数値目標の一覧"),
            Self::NightCalls => ("night_calls", "夜間・休日の受付の一覧"),
            Self::CareFacilityPartners => ("care_facility_partners", "介護保険施設の協力医療機関の一覧"),
            Self::EmergencyTools => ("emergency_tools", "救急医療情報キット・ACPのツールの一覧"),
            Self::PatientFlows => ("patient_flows", "患者流動の表"),
            Self::CodeChanges => ("code_changes", "市区町村コードの改定"),
            Self::PositionCorrections => ("position_corrections", "位置の訂正"),
            Self::IdentityDecisions => ("identity_decisions", "施設の名寄せ"),
            Self::StoppedInstitutions => ("stopped_institutions", "休止・廃止の施設"),
            Self::RoadsOsm => ("roads_osm", "OpenStreetMap 道路"),
        }
    }
}

/// `[parameters]`: every number a planner may change, with its unit in its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Parameters {
    /// Travel times beyond this are not kept.
    pub travel_limit_minutes: u32,
    /// Limits at which cover is counted, rising, none above `travel_limit_minutes`.
    pub cover_limits_minutes: Vec<u32>,
    /// Two municipalities are neighbours when a road or ferry that runs only through the two brings
    /// `neighbour_share` of the people of each within this time of the other.
    pub neighbour_limit_minutes: u32,
    /// Share of the people of each of two neighbours who must be within `neighbour_limit_minutes`, 0–1.
    pub neighbour_share: f64,
    /// Inside a zone, `zone_travel_share` of each unit's demand lies within this time of the
    /// zone's leading institution.
    pub zone_travel_limit_minutes: u32,
    /// Share of a unit's demand that must lie within `zone_travel_limit_minutes`, 0–1.
    pub zone_travel_share: f64,
    /// A proposed zone has at least this demand in the first demand year.
    pub zone_min_demand_receipts_per_month: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            travel_limit_minutes: 60,
            cover_limits_minutes: vec![15, 30, 45, 60],
            neighbour_limit_minutes: 60,
            neighbour_share: 0.5,
            zone_travel_limit_minutes: 60,
            zone_travel_share: 0.9,
            zone_min_demand_receipts_per_month: 200.0,
        }
    }
}

impl Manifest {
    /// Reads and checks a manifest.
    ///
    /// # Errors
    /// [`IngestError`] naming the file, the line and what was expected: not readable, not TOML,
    /// an unknown key, a parameter out of range.
    pub fn read(path: &Path) -> Result<Self, IngestError> {
        let file = path.display().to_string();
        let source = Source::open(&file, path)?;
        let text = decode(&source.whole()?)
            .map_err(|line| IngestError::Encoding { file: file.clone(), place: place(None, line) })?;
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        Self::parse(&file, &text, folder)
    }

    fn parse(file: &str, text: &str, folder: PathBuf) -> Result<Self, IngestError> {
        let mut manifest: Self = toml::from_str(text).map_err(|error| IngestError::Manifest {
            file: file.to_owned(),
            place: error.span().map_or_else(|| "全体".to_owned(), |span| line_of(text, span.start)),
            found: in_japanese(error.message()),
            expected: "[study]・[[input]]・[parameters] とその決まったキーだけの TOML".to_owned(),
        })?;
        (manifest.file, manifest.folder) = (file.to_owned(), folder);
        let fault = manifest.study.fault().or_else(|| manifest.inputs_fault());
        match fault.or_else(|| manifest.parameters.fault()) {
            None => Ok(manifest),
            Some(Fault { place, found, expected }) => Err(IngestError::Manifest {
                file: file.to_owned(),
                place,
                found,
                expected: expected.to_owned(),
            }),
        }
    }

    fn inputs_fault(&self) -> Option<Fault> {
        for (at, input) in self.inputs.iter().enumerate() {
            let place = format!("{} 番目の [[input]]（{}）", at + 1, input.path);
            if (input.kind == InputKind::AreaMembership) != input.system.is_some() {
                return Some(Fault {
                    place,
                    found: format!("system = {:?}", input.system.map(AreaSystem::name)),
                    expected: "kind が area_membership のときだけ system（保健所・二次医療圏・医師会・消防本部・介護保険者・構想区域・老人福祉圏・日常生活圏域・MC協議会）",
                });
            }
            if let Some(date) = input.date.as_deref().filter(|date| !is_state(date)) {
                return Some(Fault { place, found: format!("date = {date}"), expected: STATE });
            }
            let is_same = |other: &InputEntry| {
                let share = || input.members.iter().any(|member| other.members.contains(member));
                let is_whole = input.members.is_empty() || other.members.is_empty();
                other.path == input.path && other.kind == input.kind && (is_whole || share())
            };
            if self.inputs[..at].iter().any(is_same) {
                return Some(Fault {
                    place,
                    found: "同じファイルが二度あります".to_owned(),
                    expected: "一つのファイルを一度だけ",
                });
            }
        }
        let missing = [InputKind::N03Boundary, InputKind::CensusMesh]
            .into_iter()
            .find(|kind| self.inputs.iter().all(|input| input.kind != *kind))?;
        Some(Fault {
            place: "[[input]]".to_owned(),
            found: format!("{}（{}）のファイルがありません", missing.word(), missing.name()),
            expected: "少なくとも n03_boundary と census_mesh",
        })
    }
}

/// What `as_of` says where no file tells its state.
pub(crate) const UNKNOWN_STATE: &str = "時点不明";

const STATE: &str = "西暦の 2025-09-01・2025-09・2025 のどれか（令和7年9月は 2025-09）";

/// Whether a text is a state of data: a day, a month or a year.
fn is_state(said: &str) -> bool {
    let parts: Vec<&str> = said.split('-').collect();
    let within = |part: &str, digits: usize, range: RangeInclusive<u16>| {
        part.len() == digits && part.parse().is_ok_and(|number| range.contains(&number))
    };
    let is_year = |part: &str| within(part, 4, 1900..=2100);
    match parts.as_slice() {
        [year] => is_year(year),
        [year, month] => is_year(year) && within(month, 2, 1..=12),
        [year, month, day] => is_year(year) && within(month, 2, 1..=12) && within(day, 2, 1..=31),
        _ => false,
    }
}

/// What is wrong in a manifest.
struct Fault {
    place: String,
    found: String,
    expected: &'static str,
}

/// What the reader of TOML says, in the words of people who write a study by hand; what is not known is left as
/// it is.
fn in_japanese(message: &str) -> String {
    let quoted = message.split('`').nth(1).unwrap_or_default();
    for (beginning, meant) in [
        ("unknown field", "知らないキーです"),
        ("unknown variant", "知らない値です"),
        ("missing field", "なければならないキーがありません"),
        ("duplicate key", "同じキーが二度あります"),
    ] {
        if message.starts_with(beginning) {
            let known = message.split_once(", expected ").map(|(_, known)| known.replace("one of ", ""));
            let known = known.map_or_else(String::new, |known| format!("（使えるもの: {known}）"));
            return format!("{meant}: {quoted}{known}");
        }
    }
    if message.contains("string values must be quoted") {
        return "文字は \"…\" で囲み、数は半角の数字で書いてください".to_owned();
    }
    if message.contains("escape") {
        return "\\ の後に使えない字があります。フォルダーの区切りは / と書いてください".to_owned();
    }
    message.to_owned()
}

/// The line of a text in which the byte `at` lies, for messages.
pub(crate) fn line_of(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let said = text.lines().nth(line - 1).unwrap_or_default().trim();
    format!("{line} 行目「{said}」")
}

impl StudyHeader {
    fn fault(&self) -> Option<Fault> {
        let digits = self.prefecture.len() == 2 && self.prefecture.bytes().all(|byte| byte.is_ascii_digit());
        let faults = [
            (!digits, "prefecture", self.prefecture.clone(), "二桁の都道府県コード（\"19\" など）"),
            (!is_state(&self.as_of) && self.as_of != UNKNOWN_STATE, "as_of", self.as_of.clone(), STATE),
            (self.name.trim().is_empty(), "name", self.name.clone(), "都道府県名（山梨県 など）"),
            (
                !(1995..=2100).contains(&self.census_year),
                "census_year",
                self.census_year.to_string(),
                "国勢調査の年（西暦）",
            ),
        ];
        let own = self.neighbours.iter().find(|code| code.prefecture() == self.prefecture);
        let own = own.map(|code| Fault {
            place: "[study] の neighbours".to_owned(),
            found: format!("{code} はこの県の市区町村です"),
            expected: "隣の都道府県の市区町村コード（5桁）だけ",
        });
        first_fault("study", faults).or(own)
    }
}

impl Parameters {
    fn fault(&self) -> Option<Fault> {
        let minutes = 1..=600;
        let limits = &self.cover_limits_minutes;
        let rising = limits.is_sorted_by(|a, b| a < b);
        let within = limits.iter().all(|limit| (1..=self.travel_limit_minutes).contains(limit));
        let share = self.zone_travel_share;
        let least = self.zone_min_demand_receipts_per_month;
        let faults = [
            (
                !minutes.contains(&self.travel_limit_minutes),
                "travel_limit_minutes",
                self.travel_limit_minutes.to_string(),
                "1 から 600 までの分",
            ),
            (
                limits.is_empty() || !rising || !within,
                "cover_limits_minutes",
                format!("{limits:?}"),
                "小さい順で travel_limit_minutes 以下の分の並び",
            ),
            (
                !minutes.contains(&self.neighbour_limit_minutes),
                "neighbour_limit_minutes",
                self.neighbour_limit_minutes.to_string(),
                "1 から 600 までの分",
            ),
            (
                !minutes.contains(&self.zone_travel_limit_minutes),
                "zone_travel_limit_minutes",
                self.zone_travel_limit_minutes.to_string(),
                "1 から 600 までの分",
            ),
            (
                !(0.0..=1.0).contains(&self.neighbour_share),
                "neighbour_share",
                self.neighbour_share.to_string(),
                "0 から 1 までの割合",
            ),
            (!(0.0..=1.0).contains(&share), "zone_travel_share", share.to_string(), "0 から 1 までの割合"),
            (
                !(least.is_finite() && least >= 0.0),
                "zone_min_demand_receipts_per_month",
                least.to_string(),
                "0 以上の件数（件/月）",
            ),
        ];
        first_fault("parameters", faults)
    }
}

fn first_fault<const N: usize>(
    table: &str,
    faults: [(bool, &str, String, &'static str); N],
) -> Option<Fault> {
    faults.into_iter().find(|(is_fault, ..)| *is_fault).map(|(_, key, found, expected)| Fault {
        place: format!("[{table}] の {key}"),
        found: format!("{key} = {found}"),
        expected,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
[study]
prefecture = "19"
name = "山梨県"
as_of = "2025-09"
census_year = 2020

[[input]]
kind = "n03_boundary"
path = "N03.zip"

[[input]]
kind = "census_mesh"
path = "tblT.zip"

[[input]]
kind = "area_membership"
system = "保健所"
path = "hokenjo.csv"
date = "2026-05-01"

[parameters]
travel_limit_minutes = 90
"#;

    fn parse(text: &str) -> Result<Manifest, IngestError> {
        Manifest::parse("study.toml", text, PathBuf::from("here"))
    }

    #[test]
    fn a_good_manifest_keeps_the_order_and_fills_in_defaults() {
        let manifest = parse(GOOD).expect("good");
        assert_eq!(manifest.inputs.len(), 3);
        assert_eq!(manifest.inputs[2].system, Some(AreaSystem::Hokenjo));
        assert_eq!(manifest.parameters.travel_limit_minutes, 90);
        assert_eq!(manifest.parameters.cover_limits_minutes, [15, 30, 45, 60]);
        assert_eq!(manifest.folder, PathBuf::from("here"));
        assert!(!manifest.study.invented);
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        let message = parse(&format!("{GOOD}speed_kmh = 3\n")).expect_err("refused").to_string();
        assert!(message.starts_with("study.toml: 24 行目「speed_kmh = 3」"), "{message}");
        assert!(
            message.contains("知らないキーです: speed_kmh（使えるもの: `travel_limit_minutes`"),
            "{message}"
        );
    }

    #[test]
    fn mistakes_of_hand_are_told_in_japanese_with_their_line() {
        for (from, to, place, said) in [
            (
                "kind = \"census_mesh\"",
                "kind = \"census\"",
                "13 行目",
                "知らない値です: census（使えるもの: ",
            ),
            ("path = \"tblT.zip\"", "", "12 行目", "なければならないキーがありません: path"),
            ("= 90", "= ９０", "23 行目", "半角の数字"),
            ("tblT.zip", "C:\\data.zip", "14 行目", "/ と書いてください"),
        ] {
            let message = parse(&GOOD.replacen(from, to, 1)).expect_err("refused").to_string();
            assert!(message.contains(place) && message.contains(said), "{message}");
        }
    }

    #[test]
    fn each_fault_is_refused_with_the_key() {
        for (from, to, word) in [
            ("\"19\"", "\"190\"", "prefecture"),
            ("\"山梨県\"", "\"\"", "name"),
            ("2020", "20", "census_year"),
            ("\"2025-09\"", "\"令和7年9月\"", "as_of"),
            ("\"2025-09\"", "\"2025-13\"", "as_of"),
            ("2026-05-01", "2026/05/01", "date = 2026/05/01"),
            ("2026-05-01", "2026-5-1", "date = 2026-5-1"),
            ("= 90", "= 0", "travel_limit_minutes"),
            ("= 90", "= 50", "cover_limits_minutes"),
            ("= 90", "= -1", "travel_limit_minutes"),
            ("travel_limit_minutes = 90", "zone_travel_share = nan", "zone_travel_share"),
            ("travel_limit_minutes = 90", "zone_travel_limit_minutes = 601", "zone_travel_limit_minutes"),
            ("travel_limit_minutes = 90", "cover_limits_minutes = []", "cover_limits_minutes"),
            (
                "travel_limit_minutes = 90",
                "zone_min_demand_receipts_per_month = -1.0",
                "zone_min_demand_receipts_per_month",
            ),
            ("system = \"保健所\"\n", "", "area_membership"),
            ("\"n03_boundary\"", "\"census_mesh\"", "n03_boundary"),
            ("\"n03_boundary\"", "\"n03\"", "n03"),
            ("[study]", "[study", "2 行目"),
        ] {
            let text = GOOD.replacen(from, to, 1);
            assert_ne!(text, GOOD, "{from}");
            let message = parse(&text).expect_err(to).to_string();
            assert!(message.starts_with("study.toml: ") && message.contains(word), "{word}: {message}");
        }
    }

    #[test]
    fn a_missing_kind_is_told_by_its_word_and_its_name() {
        let text = GOOD.replacen("\"n03_boundary\"", "\"census_mesh\"", 1);
        let message = parse(&text).expect_err("refused").to_string();
        assert!(message.contains("n03_boundary（国土数値情報 行政区域）のファイルがありません"), "{message}");
    }

    #[test]
    fn the_word_of_every_kind_is_the_one_that_manifests_write() {
        for word in [
            "n03_boundary",
            "area_membership",
            "a38_medical_area",
            "census_mesh",
            "future_mesh",
            "ipss_projection",
            "todokede",
            "iryo_joho_net",
            "p04_medical",
            "p14_welfare",
            "a31a_flood",
            "institution_codes",
            "code_contents",
            "kaigo_jigyosho",
            "care_need",
            "town_points",
            "town_master",
            "town_positions",
            "municipality_master",
            "municipality_points",
            "home_demand",
            "area_flows",
            "active_institutions",
            "linkage_hubs",
            "cohort_counts",
            "own_figures",
            "opening_hours",
            "rota",
            "rota_limits",
            "living_areas",
            "admission_beds",
            "continuity_plans",
            "targets",
            "night_calls",
            "care_facility_partners",
            "emergency_tools",
            "patient_flows",
            "position_corrections",
            "identity_decisions",
            "stopped_institutions",
            "roads_osm",
        ] {
            let kind: InputKind = serde_json::from_value(word.into()).expect("a kind");
            assert_eq!(kind.word(), word);
        }
    }

    #[test]
    fn a_manifest_that_is_not_there_is_told_by_its_path() {
        let error = Manifest::read(Path::new("/nowhere/study.toml")).expect_err("refused");
        assert!(matches!(error, IngestError::NotFound { file } if file == "/nowhere/study.toml"));
    }
}
