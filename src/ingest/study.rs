//! What a prefecture's official files say, read, located and matched: the value on which
//! everything else is computed.

use crate::geometry::mesh::MeshCode;
use crate::ids::MunicipalityCode;
use crate::ingest::classes::must_have_partner;
use crate::ingest::finding::Finding;
use crate::ingest::manifest::{InputKind, Parameters};
use crate::ingest::own_lists::OwnLists;
use crate::ingest::projections::{joint_area, joint_name};
use crate::ingest::review::Review;
use crate::ingest::week::WeekFiles;
use crate::units::AgeCounts;
use geo::{MultiPolygon, Point};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Everything that was read, with every reference between its parts resolved.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Study {
    /// 都道府県コード, two digits.
    pub prefecture_code: String,
    /// Name of the prefecture as people write it (山梨県).
    pub prefecture_name: String,
    /// True for the demonstration prefecture; shown wherever the study is shown.
    pub invented: bool,
    /// State of the facility files for people, such as `2025-09`.
    pub as_of: String,
    /// Year of the census whose population is counted.
    pub census_year: u16,
    /// The parameters of the manifest.
    pub parameters: Parameters,
    /// Every file that was read, in the order of the manifest.
    pub inputs: Vec<Input>,
    /// Municipalities in order of code. Other tables refer to them by position.
    pub municipalities: Vec<Municipality>,
    /// Municipalities that areas cut.
    #[serde(default)]
    pub area_cuts: Vec<AreaCut>,
    /// Polygons of the boundary file that belong to no municipality (所属未定地).
    pub unassigned_land: MultiPolygon,
    /// Populated census cells in order of code and municipality; a cell that lies in several
    /// municipalities has a part for each in which people live.
    pub cells: Vec<Cell>,
    /// People at earlier censuses whose meshes were read, by year.
    pub earlier_censuses: Vec<EarlierCensus>,
    /// One record for each institution, in order of id.
    pub institutions: Vec<Institution>,
    /// Institutions that a source says to be suspended or closed, in order of id: part of the register, but
    /// they provide nothing. Of the others no source says that they have stopped.
    #[serde(default)]
    pub stopped: Vec<Stopped>,
    /// What the register decided, for review. Published for itself.
    #[serde(skip)]
    pub review: Review,
    /// Municipal projections (社人研), by municipality and year; `07999` is 福島浜通り, 13 municipalities.
    #[serde(with = "as_pairs")]
    pub projections: BTreeMap<(MunicipalityCode, u16), Projection>,
    /// Official 訪問診療 demand of each 構想区域 of the prefecture, in order of code.
    pub home_demand: Vec<AreaDemand>,
    /// The prefecture's list of 在宅医療において積極的役割を担う医療機関; `None` = not loaded.
    pub active_list: Option<Vec<ActiveEntry>>,
    /// The prefecture's list of 在宅医療に必要な連携を担う拠点; `None` = not loaded.
    pub linkage_list: Option<Vec<LinkageEntry>>,
    /// The prefecture's own counts of patients; `None` = not loaded. Some are of so few that they must
    /// not be shown, so they do not travel with the study.
    #[serde(skip)]
    pub cohorts: Option<CohortCounts>,
    /// Figures of municipalities and of insurers, in the order of the files. Some are counts of so few that
    /// they must not be shown, so they do not travel with the study.
    #[serde(skip)]
    pub indicators: Vec<Indicator>,
    /// What other lists of the prefecture say.
    #[serde(default)]
    pub own_lists: OwnLists,
    /// Who is there when, as far as files tell.
    pub week: WeekFiles,
    /// What stands in flood water, by scenario; empty = not loaded.
    pub flooded: Vec<FloodedLand>,
    /// Places of 福祉施設 (国土数値情報 P14), a layer of their own; `None` = not loaded.
    pub welfare: Option<Vec<WelfareFacility>>,
    /// Which kinds of facility any of the files can speak of. A class that is not here is
    /// "not loaded", never "none".
    pub loaded_classes: BTreeSet<String>,
    /// Road files to be read by the network, in the order of the manifest. They lie on the machine where
    /// the study was read, so they do not travel with it.
    #[serde(skip)]
    pub road_files: Vec<PathBuf>,
    /// Everything that was doubtful, in the order in which it was met. Published for themselves.
    #[serde(skip)]
    pub findings: Vec<Finding>,
}

impl Study {
    /// Name of a municipality, or of municipalities that are projected together; else its code.
    #[must_use]
    pub fn name_of(&self, code: MunicipalityCode) -> String {
        let known = self.municipalities.iter().find(|municipality| municipality.code == code);
        let name = known.map(|municipality| municipality.name.as_str()).or_else(|| joint_name(code));
        name.unwrap_or(code.as_str()).to_owned()
    }

    /// Projections of a municipality by year; of the area in which it is projected together with others
    /// where it has none of its own.
    #[must_use]
    pub fn projections_of(&self, code: MunicipalityCode) -> BTreeMap<u16, Projection> {
        let of = |code| -> BTreeMap<u16, Projection> {
            let rows = self.projections.range((code, 0)..=(code, u16::MAX));
            rows.map(|((_, year), projection)| (*year, *projection)).collect()
        };
        let own = of(code);
        match joint_area(code) {
            Some(area) if own.is_empty() => of(area),
            _ => own,
        }
    }

    /// People of each municipality, from its cells.
    #[must_use]
    pub fn people_by_municipality(&self) -> Vec<AgeCounts> {
        let mut people = vec![AgeCounts::default(); self.municipalities.len()];
        for cell in &self.cells {
            people[cell.municipality] += cell.population;
        }
        people
    }

    /// How the areas of a system cut a municipality; `None` = they do not.
    #[must_use]
    pub fn area_cut(&self, system: AreaSystem, municipality: usize) -> Option<&AreaCut> {
        self.area_cuts.iter().find(|cut| (cut.system, cut.municipality) == (system, municipality))
    }

    /// The areas of a system in which a municipality lies, most people first; none = not known.
    #[must_use]
    pub fn areas_of(&self, system: AreaSystem, municipality: usize) -> Vec<&Area> {
        match self.area_cut(system, municipality) {
            Some(cut) => cut.parts.iter().map(|part| &part.area).collect(),
            None => self.municipalities[municipality].areas.get(&system).into_iter().collect(),
        }
    }

    /// The area of a system in which each cell lies; `None` = not known.
    #[must_use]
    pub fn area_of_cells(&self, system: AreaSystem) -> Vec<Option<&Area>> {
        let whole = |cell: &Cell| self.municipalities[cell.municipality].areas.get(&system);
        let mut areas: Vec<Option<&Area>> = self.cells.iter().map(whole).collect();
        for part in self.area_cuts.iter().filter(|cut| cut.system == system).flat_map(|cut| &cut.parts) {
            for cell in &part.cells {
                areas[*cell] = Some(&part.area);
            }
        }
        areas
    }

    /// The area of a municipality in a system; `None` = the system leaves it out. A municipality of
    /// another prefecture that it leaves out is an area of its own.
    #[must_use]
    pub fn area<'a>(&self, municipality: &'a Municipality, system: AreaSystem) -> Option<Cow<'a, Area>> {
        let is_beyond = municipality.code.prefecture() != self.prefecture_code;
        let alone = || Area { code: municipality.code.to_string(), name: municipality.name.clone() };
        let known = municipality.areas.get(&system).map(Cow::Borrowed);
        known.or_else(|| is_beyond.then(|| Cow::Owned(alone())))
    }
}

/// One input file and what became of its rows: `rows_read = rows_stored + rows_quarantined`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// What the file is.
    pub kind: InputKind,
    /// Path as written in the manifest.
    pub file: String,
    /// State of the data, from the manifest (`2025-09-01`), if given.
    pub date: Option<String>,
    /// Conditions of use, from the manifest, where they are not those of the kind.
    #[serde(default)]
    pub licence: Option<String>,
    /// What outputs must say of the file, from the manifest, where it is not what they say of the kind.
    #[serde(default)]
    pub attribution: Option<String>,
    /// SHA-256 of the file's bytes, in hexadecimal.
    pub sha256: String,
    /// Rows (features, ways) in the file.
    pub rows_read: u64,
    /// Rows that went into the study, or that were recognised as being of another prefecture.
    pub rows_stored: u64,
    /// Rows that could not be used; each has a finding.
    pub rows_quarantined: u64,
}

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
    /// Municipality point (役場 or アドレス・ベース・レジストリ representative point).
    pub office: Option<Point>,
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
}

impl AreaSystem {
    /// Every system.
    pub const ALL: [Self; 8] = [
        Self::Hokenjo,
        Self::SecondaryMedicalArea,
        Self::MedicalAssociation,
        Self::FireDepartment,
        Self::CareInsurer,
        Self::PlanningArea,
        Self::ElderlyWelfareArea,
        Self::DailyLivingArea,
    ];

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
    /// Position in [`Study::municipalities`].
    pub municipality: usize,
    /// Its parts, most people first; every cell of the municipality lies in exactly one.
    pub parts: Vec<AreaPart>,
}

/// The part of a municipality that lies in one area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaPart {
    /// The area.
    pub area: Area,
    /// Positions in [`Study::cells`], rising.
    pub cells: Vec<usize>,
}

/// A census mesh cell with people in it, or the part of one that lies in one municipality.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cell {
    /// Standard mesh code.
    pub mesh: MeshCode,
    /// Position in [`Study::municipalities`].
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
    /// People of each municipality, in the order of [`Study::municipalities`]; those of cells in several
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

/// A facility of 国土数値情報 P14 福祉施設. The editions are years old and overlap with the care offices of
/// 介護サービス情報公表, so they are drawn and not counted among the institutions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WelfareFacility {
    /// Position in [`Study::inputs`].
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
    /// Position in [`Study::municipalities`] of the land in which the point lies.
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
    /// 町丁目 (the address names the 丁目, a 大字 without 丁目 below it, or a town whose 丁目 lie within
    /// 2 km of each other).
    Town,
    /// Representative point of the municipality.
    Municipality,
    /// Not located at all.
    Unlocated,
}

impl Precision {
    /// All of them, best first.
    pub const ALL: [Self; 6] =
        [Self::Corrected, Self::Point, Self::Block, Self::Town, Self::Municipality, Self::Unlocated];

    /// Stable word, as in the summary.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Corrected => "corrected",
            Self::Point => "point",
            Self::Block => "block",
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
    /// Institutions in the water, by position in [`Study::institutions`].
    pub institutions: BTreeMap<usize, FloodedPlace>,
    /// For each of [`Study::cells`] the share of its land under water of each rank of depth, rank 1
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
    /// Position in [`Study::municipalities`].
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
    /// Position in [`Study::inputs`].
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

/// What コード内容別医療機関一覧表 tells of an institution beside its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Practice {
    /// Posts as the institution reported them; `None` = not told.
    pub staff: Option<Staff>,
    /// Day of the first designation (指定年月日, `YYYY-MM-DD`), where told.
    pub designated: Option<String>,
    /// 診療科名 as written.
    pub specialities: Vec<String>,
    /// True for 休止, false for 現存; `None` = not told. Who is suspended stands among [`Study::stopped`].
    pub suspended: Option<bool>,
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

/// Why a point was set by hand (位置の訂正).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// 理由.
    pub reason: String,
    /// 訂正者.
    pub by: String,
    /// 訂正日 as written.
    pub date: String,
    /// Position in [`Study::inputs`].
    pub input: usize,
    /// Row in the file.
    pub row: u64,
}

/// A row of an input file that speaks of an institution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRow {
    /// Position in [`Study::inputs`].
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
    /// Whether the values of areas may be added; shares and means may not.
    pub adds_up: bool,
    /// Whether it counts patients, so that small counts are never shown.
    pub patients: bool,
    /// Where it comes from, for people.
    pub source: String,
    /// Position in [`Study::inputs`].
    pub input: usize,
    /// Values of areas that have no municipality in common.
    pub areas: Vec<AreaValue>,
}

/// The value of one area.
#[derive(Clone, Debug, PartialEq)]
pub struct AreaValue {
    /// Name of an area of several municipalities, such as an insurer (広域連合); else empty.
    pub name: String,
    /// Its municipalities, positions in [`Study::municipalities`].
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

/// A line of the prefecture's list of 積極的役割を担う医療機関.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveEntry {
    /// Name as listed.
    pub name: String,
    /// 種別 as listed (病院, 診療所, 訪問看護ステーション …).
    pub body_type: String,
    /// Whether 種別 is a hospital or clinic; the WG of 2025-12-17 asks that other kinds be reviewed.
    pub is_medical: bool,
    /// Position in [`Study::institutions`] when the line was matched to one.
    pub institution: Option<usize>,
    /// Position in [`Study::municipalities`].
    pub municipality: Option<usize>,
}

/// A line of the prefecture's list of 連携拠点.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkageEntry {
    /// Name as listed.
    pub name: String,
    /// 設置主体 as listed (市町村, 医師会, 病院 …).
    pub body_type: String,
    /// Municipalities that it serves, positions in [`Study::municipalities`].
    pub served: Vec<usize>,
    /// Municipality of its address, position in [`Study::municipalities`].
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

/// A map whose keys are no texts, as a list of pairs.
mod as_pairs {
    use serde::de::DeserializeOwned;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::collections::BTreeMap;

    pub fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &BTreeMap<K, V>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(map)
    }

    pub fn deserialize<'de, K: Ord + DeserializeOwned, V: DeserializeOwned, D: Deserializer<'de>>(
        from: D,
    ) -> Result<BTreeMap<K, V>, D::Error> {
        Ok(Vec::<(K, V)>::deserialize(from)?.into_iter().collect())
    }
}
