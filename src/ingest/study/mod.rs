//! What a prefecture's official files say, read, located and matched: the value on which
//! everything else is computed.

mod areas;
mod figures;
mod institutions;
mod people;
mod places;

pub use areas::{Area, AreaCut, AreaPart, AreaSystem, Municipality};
pub use figures::{
    ActiveEntry, AreaValue, CohortCounts, Count, Element, Function, Importance, Indicator, LinkageEntry,
    Measured,
};
pub use institutions::{
    Capacity, Institution, Origins, Posts, Practice, RowOf, SourceRow, Staff, Stop, StopKind, Stopped,
};
pub use people::{AreaDemand, Cell, EarlierCensus, FutureAges, Projection};
pub use places::{Correction, FloodScenario, FloodedLand, FloodedPlace, Precision, WelfareFacility};

use crate::ids::MunicipalityCode;
use crate::ingest::finding::Finding;
use crate::ingest::manifest::{InputKind, Parameters};
use crate::ingest::own_lists::OwnLists;
use crate::ingest::projections::{joint_area, joint_name};
use crate::ingest::review::Review;
use crate::ingest::week::WeekFiles;
use crate::units::AgeCounts;
use geo::MultiPolygon;
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

    /// The areas of a system in which a municipality lies, those that cut it first, most people first; none =
    /// not known.
    #[must_use]
    pub fn areas_of(&self, system: AreaSystem, municipality: usize) -> Vec<&Area> {
        let one = &self.municipalities[municipality];
        match self.area_cut(system, municipality) {
            Some(cut) => {
                let further = one.further.get(&system).into_iter().flatten();
                cut.parts.iter().map(|part| &part.area).chain(further).collect()
            }
            None => one.areas_of(system).collect(),
        }
    }

    /// The area of a system in which each cell lies, of several that of [`Municipality::areas`]; `None` = not
    /// known.
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
