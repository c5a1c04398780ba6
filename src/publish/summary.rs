//! `summary.json`: every headline figure of a planned study, unrounded.
//!
//! Its JSON Schema is committed as `docs/summary.schema.json`; the types of the web workbench are
//! generated from it.

use crate::ids::MunicipalityCode;
use crate::ingest::finding::Finding;
use crate::ingest::study::{Input, Precision, Projection};
use crate::units::AgeCounts;
use crate::zoning::rules::National;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The whole file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// What was planned, from what.
    pub study: StudyFigures,
    /// Number of municipalities.
    pub municipalities: u64,
    /// The municipalities themselves, in order of code.
    pub municipality_table: Vec<MunicipalityFigures>,
    /// Every area of every system that was loaded, by system and code.
    pub areas: Vec<AreaFigures>,
    /// People at the census.
    pub population: PopulationFigures,
    /// People of each municipality at every census and in every projected year that was loaded, in order
    /// of code and year.
    pub population_by_year: Vec<PopulationYear>,
    /// What stands in flood water, by scenario and municipality; `null` = not loaded.
    pub floods: Option<Vec<FloodFigures>>,
    /// Number of institutions of each class; `null` = no file that was loaded can speak of it.
    pub facilities: BTreeMap<String, Option<u64>>,
    /// Number of institutions by how exactly they are located.
    #[schemars(transform = crate::publish::schema::keyed_by_precision)]
    pub geocoding: BTreeMap<Precision, u64>,
    /// The same for each kind of input that names institutions.
    #[schemars(transform = crate::publish::schema::keyed_by_precision_inside)]
    pub geocoding_by_source: BTreeMap<String, BTreeMap<Precision, u64>>,
    /// The road network.
    pub network: NetworkFigures,
    /// Definition and state of each service, in the order of the service table.
    pub services: Vec<ServiceFigures>,
    /// People within reach, by service and limit.
    pub coverage: Vec<CoverageFigures>,
    /// Municipalities where a service has no institution, and services that were not loaded.
    pub gaps: Vec<GapFigures>,
    /// 訪問診療 demand.
    pub demand: DemandFigures,
    /// Every plan, baselines first.
    pub plans: Vec<PlanFigures>,
    /// Figures that files tell of areas (NDB, KDB, own surveys, 要介護認定者); small counts of patients
    /// are hidden.
    #[serde(default)]
    pub indicators: Vec<IndicatorFigures>,
    /// How indicators of one function go together over the areas.
    #[serde(default)]
    pub indicator_associations: Vec<AssociationFigures>,
    /// The indicators that the guideline gives as examples, and which figures of the study are of them.
    #[serde(default)]
    pub indicator_examples: Vec<ExampleFigures>,
    /// What the prefecture's own lists say of areas and zones; a list that was not loaded is not there.
    #[serde(default)]
    pub own_lists: Vec<ListTable>,
    /// The four functions of home care, in their order.
    pub functions: Vec<FunctionFigures>,
    /// Which names are shown of those who bear a function.
    pub naming: NamingFigures,
    /// What was assumed, with the tag of its source (`V` verified, `D` derived, `M` from memory, `A` assumption).
    pub assumptions: Vec<Assumption>,
    /// Attributions that must travel with every output.
    pub attributions: Vec<String>,
}

/// `study`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StudyFigures {
    /// 都道府県コード.
    pub prefecture_code: String,
    /// Name of the prefecture.
    pub prefecture_name: String,
    /// True for the invented demonstration prefecture.
    pub invented: bool,
    /// State of the facility files.
    pub as_of: String,
    /// Version of the program that computed this.
    pub program_version: String,
    /// Every file that was read.
    pub inputs: Vec<Input>,
    /// West, south, east, north in degrees.
    pub bounds: [f64; 4],
}

/// One area of a system (保健所, 医師会 …). An area may cut a municipality by 町丁目, so its people and its
/// demand are those of its cells. 医師会, 消防本部 and MC協議会 may overlap: who lives in two counts in each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AreaFigures {
    /// The system, as people call it.
    pub system: String,
    /// Code, or the name where there is none.
    pub code: String,
    /// Name.
    pub name: String,
    /// Municipalities that lie in it as a whole.
    pub municipalities: Vec<MunicipalityCode>,
    /// Municipalities of which it holds a part.
    pub parts_of: Vec<MunicipalityCode>,
    /// People at the census.
    pub population: AgeCounts,
    /// 訪問診療 demand by fiscal year, in the unit of the series.
    pub demand: BTreeMap<u16, f64>,
}

/// One municipality.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MunicipalityFigures {
    /// 市区町村コード.
    pub code: MunicipalityCode,
    /// Name.
    pub name: String,
    /// People at the census, from the cells.
    pub population: AgeCounts,
    /// 訪問診療 demand in receipts per month, by year.
    pub demand: BTreeMap<u16, f64>,
    /// Number of institutions of each service in the municipality; `null` = not loaded.
    pub institutions: BTreeMap<String, Option<u64>>,
    /// Who bears each part of the functions here, by id of the part; `null` = not loaded.
    pub bearers: BTreeMap<String, Option<BearerFigures>>,
    /// Neighbours: a real road that runs only through the two, or a ferry.
    pub neighbours: Vec<MunicipalityCode>,
    /// Touches on the map, but has no such road.
    pub touching_without_road: Vec<MunicipalityCode>,
}

/// Those of a municipality who bear a part of a function. A filing is readiness, not activity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BearerFigures {
    /// How many.
    pub count: u64,
    /// The first of them, as many as [`NamingFigures::most`].
    pub named: Vec<NamedInstitution>,
}

/// An institution by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NamedInstitution {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Place of its class among those of the part; those of an earlier class are named first.
    pub rank: u64,
}

/// One of the four functions of home care.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FunctionFigures {
    /// Stable id; verdicts on it bear the same.
    pub id: String,
    /// Name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Its parts.
    pub parts: Vec<FunctionPart>,
}

/// A part of a function.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FunctionPart {
    /// Japanese term, the id everywhere.
    pub id: String,
    /// English name.
    pub name_en: String,
    /// Facility classes that bear it.
    pub classes: Vec<String>,
    /// Why these.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
    /// Institutions per 100,000 people as published; `null` = nothing is known.
    pub national: Option<National>,
}

/// Which names are shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NamingFigures {
    /// So many at most.
    pub most: u64,
    /// Which, in words for people.
    pub rule: String,
}

/// `population`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PopulationFigures {
    /// Census year.
    pub year: u16,
    /// The counts.
    #[serde(flatten)]
    pub counts: AgeCounts,
}

/// A row of `population_by_year`. A class of age that no file tells is `null`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PopulationYear {
    /// 市区町村コード; `07999` is 福島浜通り, 13 municipalities that are projected together.
    pub code: MunicipalityCode,
    /// Name.
    pub name: String,
    /// Year.
    pub year: u16,
    /// True = projected (社人研), its base year included; false = from the mesh of a census.
    pub projected: bool,
    /// The people.
    #[serde(flatten)]
    pub people: Projection,
}

/// A row of `floods`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FloodFigures {
    /// 計画規模 or 想定最大規模.
    pub scenario: String,
    /// 市区町村コード.
    pub code: MunicipalityCode,
    /// Name.
    pub name: String,
    /// People at the census who live on land under water, by the share of each cell's land.
    pub people: f64,
    /// Those of them where the water is 0.5 m deep or deeper.
    pub people_half_metre: f64,
    /// Institutions whose place is known.
    pub located: u64,
    /// Institutions in the water, in order of id.
    pub institutions: Vec<FloodedInstitution>,
}

/// An institution in flood water.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FloodedInstitution {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Classes.
    pub classes: Vec<String>,
    /// Rank of the depth, from 1.
    pub rank: u8,
    /// Depth in words.
    pub depth: String,
    /// 河川名.
    pub river: String,
    /// How exactly the place is known: the depth at the middle of a town may not be that of the house.
    pub precision: Precision,
}

/// `network`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NetworkFigures {
    /// Junctions and ends.
    pub nodes: u64,
    /// Undirected edges between them.
    pub edges: u64,
    /// Length of all edges, ferries included.
    pub length_km: f64,
    /// Cells that could not be linked to a road.
    pub unlinked_cells: u64,
    /// Institutions that could not be linked to a road.
    pub unlinked_institutions: u64,
}

/// One service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ServiceFigures {
    /// Japanese term, used as id everywhere.
    pub id: String,
    /// English name.
    pub name_en: String,
    /// `visit` (provider to home) or `receive` (home to hospital).
    pub direction: String,
    /// Classes that provide it.
    pub classes: Vec<String>,
    /// False = not loaded.
    pub loaded: bool,
    /// Number of institutions; `null` = not loaded.
    pub institutions: Option<u64>,
    /// Those of them of which not even the municipality is known; `null` = not loaded.
    pub unlocated: Option<u64>,
    /// Those of them without a road, whose reach is therefore not counted; `null` = not loaded.
    pub unlinked: Option<u64>,
}

/// A row of `coverage`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CoverageFigures {
    /// Service id.
    pub service: String,
    /// Limit in minutes by car; `null` in the rows for the 16 km circle.
    pub minutes: Option<u32>,
    /// Radius in metres of a straight-line row; `null` in the rows for minutes.
    pub radius_m: Option<u32>,
    /// People within reach; `null` = not loaded.
    pub people: Option<u64>,
    /// The same people by age; `null` = not loaded.
    pub ages: Option<AgeCounts>,
    /// Share of all people within reach, 0–1; `null` = not loaded.
    pub share: Option<f64>,
}

/// A row of `gaps`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GapFigures {
    /// Service id.
    pub service: String,
    /// `none` (no institution in this municipality), `unknown` (none that is known to stand here, but
    /// the municipality of some institution is not known) or `not loaded` (no file speaks of the service).
    pub state: String,
    /// Municipality; `null` for a service that was not loaded.
    pub municipality_code: Option<MunicipalityCode>,
    /// People aged 75 and over who live there; `null` for a service that was not loaded.
    pub people_75_plus: Option<u64>,
    /// Minutes to the nearest institution anywhere, mean over the people 75+ who can reach one
    /// within the travel limit; `null` = nobody can, or not loaded.
    pub nearest_minutes: Option<f64>,
    /// People 75+ there who reach none within the travel limit.
    pub beyond_limit_75_plus: Option<u64>,
}

/// `demand`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DemandFigures {
    /// Unit of every figure here.
    pub unit: String,
    /// Whole prefecture, by fiscal year; years between official ones are interpolated.
    pub years: BTreeMap<u16, f64>,
    /// Years that the official file gives.
    pub official_years: Vec<u16>,
    /// Every zone of every plan.
    pub zones: Vec<ZoneDemand>,
}

/// Demand of one zone of one plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ZoneDemand {
    /// Plan id.
    pub plan: String,
    /// Zone id.
    pub zone: String,
    /// By fiscal year.
    pub years: BTreeMap<u16, f64>,
    /// First year with the highest demand.
    pub peak_year: u16,
    /// Demand in that year.
    pub peak: f64,
}

/// One plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlanFigures {
    /// Stable id (`municipalities`, `hokenjo`, `secondary`, `proposal-municipalities`, `proposal-hokenjo`).
    pub id: String,
    /// Name in Japanese.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// `baseline` or `proposal`.
    pub kind: String,
    /// Zones in order of id.
    pub zones: Vec<ZoneFigures>,
    /// Zone of each municipality.
    pub assignment: BTreeMap<MunicipalityCode, String>,
    /// The same figures for every plan; `null` when an optimiser found that there is no plan.
    pub figures: Option<Figures>,
    /// How its zones divide the areas of every system, loaded or not; empty when there is no plan.
    #[serde(default)]
    pub splits: Vec<SplitFigures>,
    /// Verdicts for the plan as a whole; `fail` if any zone fails. Empty when there is no plan.
    pub audit: Vec<Verdict>,
    /// Proof of optimality; `null` for a plan that no optimiser made.
    pub certificate: Option<CertificateFigures>,
}

/// One zone of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ZoneFigures {
    /// Stable id within the plan.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Its municipalities, in order of code.
    pub municipalities: Vec<MunicipalityCode>,
    /// Colour class 0–7 so that neighbouring zones differ.
    pub colour: u8,
    /// The independent checker's word on contiguity.
    pub contiguous: bool,
    /// Institution that leads the zone, where the optimiser chose one.
    pub lead_institution: Option<String>,
    /// The same figures for every zone.
    pub figures: Figures,
    /// Verdicts for this zone.
    pub audit: Vec<Verdict>,
}

/// The table of figures by which plans and zones are compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Figures {
    /// Number of zones.
    pub zones: u64,
    /// Number of municipalities.
    pub municipalities: u64,
    /// People at the census.
    pub population: AgeCounts,
    /// 訪問診療 demand in receipts per month in the first official year.
    pub demand_first: f64,
    /// The same in 2040; `null` when the official series does not reach that year.
    pub demand_2040: Option<f64>,
    /// Lowest zone demand in the first official year.
    pub smallest_zone_demand: f64,
    /// First year with the highest demand.
    pub peak_year: u16,
    /// Institutions by service; `null` = not loaded.
    pub institutions: BTreeMap<String, Option<u64>>,
    /// Candidates for 積極的役割を担う医療機関 (classes of the rule table); `null` = not loaded.
    pub active_candidates: Option<u64>,
    /// Listed 積極的役割を担う医療機関; `null` = list not loaded.
    pub active_listed: Option<u64>,
    /// Candidates for 連携拠点; `null` = not loaded.
    pub linkage_candidates: Option<u64>,
    /// Listed 連携拠点; `null` = list not loaded.
    pub linkage_listed: Option<u64>,
    /// Demand-weighted mean minutes from the nearest 24-hour visiting institution of the same zone;
    /// `null` = none of the demand is within reach, or not loaded.
    pub mean_minutes_in_zone: Option<f64>,
    /// Share of demand within 30 minutes of a 24-hour visiting institution of the same zone, 0–1;
    /// `null` = not loaded, or travel times are cut earlier.
    pub share_30_minutes_in_zone: Option<f64>,
    /// Share of demand that no 24-hour visiting institution of the same zone reaches within the
    /// travel limit; `null` = not loaded.
    pub share_unreached_in_zone: Option<f64>,
}

/// How the zones of a plan divide the areas of a system (保健所, 消防本部 …). No rule says that they may not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SplitFigures {
    /// The system, as people call it.
    pub system: String,
    /// Number of its areas; `null` = not loaded.
    pub areas: Option<u64>,
    /// The areas that lie in more than one zone, in order of code.
    pub divided: Vec<DividedArea>,
    /// Municipalities of which no table tells the area: more areas may be divided.
    pub untold: Vec<MunicipalityCode>,
}

/// An area that lies in more than one zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DividedArea {
    /// Code, or the name where there is none.
    pub code: String,
    /// Name.
    pub name: String,
    /// Ids of the zones, in order.
    pub zones: Vec<String>,
}

/// A verdict of the audit (rules of the rule table) or of the independent checker (rules of the question).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// Id of the rule.
    pub rule: String,
    /// The clause it comes from; for the checker the zone that is judged.
    pub clause: String,
    /// `pass`, `fail` or `unknown`.
    pub verdict: String,
    /// Why, for people, in Japanese.
    pub reason: String,
}

/// Proof that a proposal is the best one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CertificateFigures {
    /// `optimal`, `infeasible` …
    pub status: String,
    /// Objective: demand-weighted minutes, receipts × minutes per month; `null` = no plan.
    pub objective: Option<f64>,
    /// Proven lower bound.
    pub bound: Option<f64>,
    /// (objective − bound) ÷ objective.
    pub gap: Option<f64>,
    /// Branch-and-bound nodes.
    pub nodes: u64,
    /// Rounds of separating cuts.
    pub rounds: u64,
    /// SHA-256 of the model.
    pub model_sha256: String,
    /// What the model asks for, in Japanese.
    pub statement: String,
    /// Verdicts of the independent checker; empty only when there is no plan.
    pub checker: Vec<Verdict>,
}

/// A figure that a file tells of areas.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct IndicatorFigures {
    /// What is measured.
    pub name: String,
    /// Year of the figures; `null` = the file does not tell.
    pub year: Option<u16>,
    /// Unit, such as 人, 件, %.
    pub unit: String,
    /// 退院支援, 日常の療養支援, 急変時の対応 or 看取り; `null` = none of them.
    pub function: Option<String>,
    /// ストラクチャー, プロセス or アウトカム; `null` = not told.
    pub element: Option<String>,
    /// 重点 or 参考; `null` = not told.
    #[serde(default)]
    pub importance: Option<String>,
    /// Whether values of areas may be added.
    pub adds_up: bool,
    /// Where it comes from.
    pub source: String,
    /// File as written in the manifest.
    pub file: String,
    /// Values of areas, in order of the code of their first municipality.
    pub areas: Vec<IndicatorArea>,
    /// Values of the zones of every plan.
    pub zones: Vec<IndicatorZone>,
}

/// Two indicators of one function, earlier and later in the chain ストラクチャー → プロセス → アウトカム.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AssociationFigures {
    /// 退院支援, 日常の療養支援, 急変時の対応 or 看取り.
    pub function: String,
    /// Position of the earlier one in `indicators`.
    pub earlier: u64,
    /// Position of the later one in `indicators`.
    pub later: u64,
    /// Areas of which both numbers may be shown.
    pub areas: u64,
    /// Spearman's rank correlation, −1 to 1; `null` with fewer than five areas or where all values of one
    /// indicator are alike.
    pub rank_correlation: Option<f64>,
    /// The size that 1 in 20 unrelated pairs exceeds; `null` with fewer than five areas.
    pub by_chance: Option<f64>,
}

/// An indicator that the guideline gives as an example.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExampleFigures {
    /// What is measured.
    pub name: String,
    /// 退院支援, 日常の療養支援, 急変時の対応 or 看取り.
    pub function: String,
    /// ストラクチャー, プロセス or アウトカム.
    pub element: String,
    /// 重点 or 参考.
    pub importance: String,
    /// Years of the figures of that name in the study, `null` where the file does not tell; empty = not
    /// loaded.
    pub years: Vec<Option<u16>>,
    /// Where the example comes from.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
}

/// A value of an area.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct IndicatorArea {
    /// Name of an area of several municipalities (an insurer); of one municipality its own.
    pub name: String,
    /// Its municipalities.
    pub municipalities: Vec<MunicipalityCode>,
    /// The value.
    #[serde(flatten)]
    pub value: IndicatorValue,
}

/// A value of a zone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct IndicatorZone {
    /// Plan id.
    pub plan: String,
    /// Zone id.
    pub zone: String,
    /// The value.
    #[serde(flatten)]
    pub value: IndicatorValue,
}

/// A value as it may be shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct IndicatorValue {
    /// `exact`, `at_least`, `one_to_nine`, `withheld` (a small count would follow from a total), `unknown`
    /// (not counted, or of an area that is only in part in the zone) or `no_sum` (the unit allows none).
    pub state: String,
    /// The number; `null` but for `exact` and `at_least`.
    pub value: Option<f64>,
    /// The same for 1,000 people of 75 and over at the census, of what may be added; `null` where the
    /// number is not exact.
    pub per_1000_75_plus: Option<f64>,
}

/// A table from one of the prefecture's own lists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListTable {
    /// `admission_beds`, `patient_flows`, `night_calls`, `continuity_plans`, `targets`, `living_areas`,
    /// `care_facility_partners`, `care_facility_partners_of_zones`, `emergency_tools` …
    pub id: String,
    /// What it says.
    pub title: String,
    /// How it is to be understood; empty where there is nothing to say.
    pub note: String,
    /// Heads of the columns.
    pub columns: Vec<String>,
    /// Rows with a cell for each column.
    pub rows: Vec<Vec<ListCell>>,
}

/// A cell of such a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ListCell {
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
    /// Not known, or there is none (`null`).
    Unknown(()),
}

/// An assumption that a figure rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Assumption {
    /// What it concerns.
    pub subject: String,
    /// What is assumed, in Japanese.
    pub text: String,
    /// Source, with year.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
}

/// `findings.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Findings {
    /// All findings, in the order in which they were met.
    pub findings: Vec<Finding>,
}
