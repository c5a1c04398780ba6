//! Overlay zonings: zones of their own for children who need medical care, for dentistry and the like, over
//! the same units or others, led by others, across the border of the prefecture where the planner wants it.
//!
//! An overlay is a study with another demand, other candidates and perhaps more municipalities; the question,
//! the optimiser, the certificate and the checker are those of every zoning.
//!
//! Counts of patients enter as they may be shown ([`crate::demand::disclosure`]), never as counted: a count
//! of 1 to 9 stands for 5 and one that is withheld for 10. Whatever is computed from them is therefore the
//! same for all counts that are shown alike, and tells no small count.

use crate::access::AccessError;
use crate::access::reach::reach;
use crate::access::services::{Service, services};
use crate::assess::beside::Beside;
use crate::assess::ground::Ground;
use crate::assess::proposals::{Answer, ToldZone};
use crate::demand::DemandError;
use crate::demand::ages::known_years;
use crate::demand::disclosure::{Shown, shown_total};
use crate::demand::home_visits::{Demand, home_visits};
use crate::demand::layers::by_cell;
use crate::demand::rates::RateTable;
use crate::demand::weights::AgeWeights;
use crate::demand::workforce::base_year;
use crate::ingest::beyond::join;
use crate::ingest::study::{Cell, Institution, Municipality, Study};
use crate::network::build::{Linkage, Roadway, mean_latitude};
use crate::network::link::Linker;
use crate::network::profile::Profile;
use crate::progress::Progress;
use crate::units::AgeCounts;
use crate::zoning::problem::Counted;
use crate::zoning::rules::{Candidates, LeadSite};
use crate::zoning::statement::Subject;
use geo::Point;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

const TABLE: &str = include_str!("../../shapes/tables/overlays.toml");

/// What a count of 1 to 9 stands for: their middle.
const SMALL_STANDS_FOR: u32 = 5;

/// What a withheld count stands for: the least that is no small count.
const WITHHELD_STANDS_FOR: u32 = 10;

/// An overlay as a planner asks for it. What is left out is as in the zoning of 在宅医療圏.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Overlay {
    /// Name in Japanese.
    pub id: String,
    /// Name in English.
    pub name_en: String,
    /// Whose demand.
    pub demand: Option<OverlayDemand>,
    /// Who may lead a zone.
    pub providers: Option<Providers>,
    /// Whether every zone needs a candidate for 連携拠点.
    pub needs_hub: bool,
    /// Whether the municipalities of `[study] neighbours` take part.
    pub beyond: bool,
    /// Least demand of a zone, in the unit of the demand.
    pub least_demand: Option<f64>,
    /// Travel limit from the lead of a zone.
    pub travel_limit_minutes: Option<u32>,
    /// Share of the demand of each unit that must lie within it, 0–1.
    pub travel_share: Option<f64>,
    /// Where it comes from.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
}

impl Default for Overlay {
    fn default() -> Self {
        Self {
            id: String::new(),
            name_en: String::new(),
            demand: None,
            providers: None,
            needs_hub: true,
            beyond: false,
            least_demand: None,
            travel_limit_minutes: None,
            travel_share: None,
            source: String::new(),
            tag: String::new(),
        }
    }
}

/// Whose demand zones are made for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum OverlayDemand {
    /// Patients whom the prefecture has counted by municipality.
    Cohort {
        /// 区分 of the counts.
        cohort: String,
        /// Year of the counts; left out = the last one.
        #[serde(default)]
        year: Option<u16>,
        /// In proportion to which people they are spread over the cells of a municipality.
        #[serde(default)]
        ages: Spread,
    },
    /// A layer of demand by rates.
    Layer {
        /// Its id in `shapes/tables/layers.toml`.
        layer: String,
        /// Year; left out = that of the facility files.
        #[serde(default)]
        year: Option<u16>,
    },
}

/// People in proportion to whom patients are spread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spread {
    /// Everybody.
    #[default]
    All,
    /// Those under 65, the youngest class of the census cells.
    #[serde(rename = "under_65")]
    Under65,
}

/// Who may lead a zone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Providers {
    /// The institutions of a service.
    Service {
        /// Its id in `shapes/tables/services.toml`.
        service: String,
    },
    /// Institutions that the planner names.
    Named {
        /// Names, or ids where a name is not enough.
        institutions: Vec<String>,
    },
}

/// The overlays that ship with the program, or a planner's own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(rename = "as_of")]
    _as_of: String,
    overlay: Vec<Overlay>,
}

/// Why there is no such overlay.
#[derive(Debug, thiserror::Error)]
pub enum OverlayError {
    /// The shipped table is damaged.
    #[error("重ねる圏域の表 shapes/tables/overlays.toml が読めません: {0}")]
    Table(String),
    /// A planner's file that cannot be used.
    #[error(
        "{file}: 重ねる圏域の指定を読めません（{cause}）。shapes/tables/overlays.toml の一つの [[overlay]] と同じキーで書いてください"
    )]
    File {
        /// The file.
        file: String,
        /// What is wrong.
        cause: String,
    },
    /// No overlay of this name.
    #[error("重ねる圏域「{said}」はありません。{known} のどれか、または TOML ファイルを書いてください")]
    Unknown {
        /// What was written.
        said: String,
        /// Names of the table.
        known: String,
    },
    /// A number out of its range.
    #[error("重ねる圏域の {field} が {said} です。{expected} を書いてください")]
    Number {
        /// Name of the field.
        field: &'static str,
        /// What was written.
        said: String,
        /// What is expected.
        expected: &'static str,
    },
    /// The prefecture has not counted these patients.
    #[error(
        "「{cohort}」の人数は未登録です。県の患者数の表（区分,市区町村コード,年,人数。様式は keniki template）を kind = \"cohort_counts\" として study.toml に加えてください{known}"
    )]
    NotCounted {
        /// The 区分.
        cohort: String,
        /// What was counted, in words; empty = nothing.
        known: String,
    },
    /// Not everywhere.
    #[error(
        "「{cohort}」（{year}年）の人数が {missing} では未登録です。県の患者数の表にその市区町村の行を加えてください（いない時は 0、伏せる時は 1–9）"
    )]
    NotCountedEverywhere {
        /// The 区分.
        cohort: String,
        /// Year of the counts.
        year: u16,
        /// Names of the municipalities.
        missing: String,
    },
    /// No such layer by rates.
    #[error("需要の層「{said}」はありません。{known} のどれかを書いてください")]
    Layer {
        /// What was written.
        said: String,
        /// The layers by rates.
        known: String,
    },
    /// Nothing tells of the people in that year.
    #[error(
        "{year}年の「{layer}」の需要が {missing} では分かりません。年を {first}–{last} にするか、将来推計人口のファイルを加えてください"
    )]
    Year {
        /// The layer.
        layer: String,
        /// The year.
        year: u16,
        /// Names of the municipalities.
        missing: String,
        /// First year of which anything tells.
        first: u16,
        /// Last year.
        last: u16,
    },
    /// No such service.
    #[error("サービス「{said}」はありません。{known} のどれかを書いてください")]
    Service {
        /// What was written.
        said: String,
        /// The services.
        known: String,
    },
    /// Nobody tells who provides it.
    #[error(
        "「{service}」の届出・事業所の一覧は未登録です。{classes} を含むファイルを study.toml に加えるか、機関を名前で指定してください"
    )]
    NotLoaded {
        /// The service.
        service: String,
        /// Its classes.
        classes: String,
    },
    /// Names that are no institution of the study, or several.
    #[error(
        "機関 {said} を一つに決められません。正式な名称か、study の id（医療機関コード）で書いてください"
    )]
    Institutions {
        /// Each name, with the ids that bear it.
        said: String,
    },
    /// The demand of 訪問診療 is not known beyond the border.
    #[error(
        "県外の市町村を含む重ねる圏域には、県外でも分かる需要（demand に cohort か layer）を指定してください"
    )]
    BeyondWithoutDemand,
    /// The demand cannot be computed.
    #[error(transparent)]
    Demand(#[from] DemandError),
    /// A table of services is damaged.
    #[error(transparent)]
    Access(#[from] AccessError),
}

impl Overlay {
    /// The overlays of the table.
    ///
    /// # Errors
    /// The table is damaged.
    pub fn shipped() -> Result<Vec<Self>, OverlayError> {
        let table: Table = toml::from_str(TABLE).map_err(|error| OverlayError::Table(error.to_string()))?;
        Ok(table.overlay)
    }

    /// The overlay of the table whose name begins so, or that of a TOML file (a path relative to `folder`).
    ///
    /// # Errors
    /// There is none, or the file cannot be used.
    pub fn named(said: &str, folder: &Path) -> Result<Self, OverlayError> {
        if said.to_lowercase().ends_with(".toml") {
            let file = folder.join(said);
            let fault = |cause: String| OverlayError::File { file: file.display().to_string(), cause };
            let text = std::fs::read_to_string(&file).map_err(|cause| fault(cause.to_string()))?;
            return toml::from_str(&text).map_err(|cause| fault(cause.to_string()));
        }
        let all = Self::shipped()?;
        let known = all.iter().map(|one| one.id.clone()).collect::<Vec<_>>().join("、");
        let found = all.into_iter().find(|one| !said.is_empty() && one.id.starts_with(said));
        found.ok_or_else(|| OverlayError::Unknown { said: said.to_owned(), known })
    }

    fn check_numbers(&self) -> Result<(), OverlayError> {
        let wrong = [
            (
                self.least_demand.filter(|least| !(0.0..=1e9).contains(least)),
                "least_demand",
                "0 以上で 10 億以下の数",
            ),
            (
                self.travel_limit_minutes.filter(|limit| !(1..=600).contains(limit)).map(f64::from),
                "travel_limit_minutes",
                "1 から 600 までの分",
            ),
            (
                self.travel_share.filter(|share| !(0.0..=1.0).contains(share)),
                "travel_share",
                "0 から 1 までの割合",
            ),
        ];
        match wrong.into_iter().find_map(|(said, field, expected)| Some((said?, field, expected))) {
            None => Ok(()),
            Some((said, field, expected)) => {
                Err(OverlayError::Number { field, said: said.to_string(), expected })
            }
        }
    }
}

pub(super) fn names_where(study: &Study, is_meant: impl Fn(usize) -> bool) -> String {
    let all = study.municipalities.iter().enumerate();
    all.filter(|(at, _)| is_meant(*at)).map(|(_, one)| one.name.as_str()).collect::<Vec<_>>().join("・")
}

/// On what an overlay is laid.
#[derive(Clone, Copy)]
pub struct Floor<'a> {
    /// The study.
    pub study: &'a Study,
    /// Its roads.
    pub roadway: &'a Roadway,
    /// Speeds.
    pub profile: &'a Profile,
    /// Candidates of the zoning of 在宅医療圏.
    pub candidates: &'a Candidates,
    /// Weights of its demand.
    pub weights: &'a AgeWeights,
    /// What overlays need beside the study.
    pub beside: &'a Beside,
    /// Whether travel times of services are needed.
    pub needs_access: bool,
}

/// An overlay, ready for questions.
pub struct Laid {
    /// The study, perhaps with municipalities beyond the border, under the parameters of the overlay.
    pub study: Study,
    /// Demand, candidates, neighbours.
    pub ground: Ground,
    /// The same for people.
    pub told: ToldOverlay,
    /// The roads with the places of the study, where they are more than those of the prefecture.
    roadway: Option<Roadway>,
    counts: Option<Vec<Shown>>,
}

/// An overlay in an answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ToldOverlay {
    /// Name in Japanese.
    pub overlay: String,
    /// What takes the place of receipts in every figure of the answer (人, 件/月).
    pub counted: String,
    /// What takes the place of receipts × minutes per month.
    pub minutes: String,
    /// Whose demand, of which year, in Japanese.
    pub demand: String,
    /// Who may lead a zone, in Japanese.
    pub providers: String,
    /// Municipalities of other prefectures that take part.
    pub beyond: Vec<String>,
    /// What is assumed, in Japanese.
    pub assumptions: Vec<String>,
    /// Patients of each municipality as they may be shown; none where the demand is no count.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub counts: Vec<ToldCount>,
}

/// Patients of a municipality.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToldCount {
    /// Its code.
    pub code: String,
    /// Its name.
    pub municipality: String,
    /// The count, 1–9 or 秘匿.
    pub people: String,
}

/// The demand of an overlay.
struct Wanted {
    demand: Demand,
    counted: Counted,
    said: String,
    assumptions: Vec<String>,
    counts: Option<Vec<Shown>>,
}

/// The candidates of an overlay.
struct Led {
    leads: Option<Vec<LeadSite>>,
    called: String,
    assumptions: Vec<String>,
}

impl Overlay {
    /// Lays the overlay on a study.
    ///
    /// # Errors
    /// [`OverlayError`]: what is not loaded, unknown names, numbers out of range.
    pub fn lay(&self, floor: &Floor<'_>, progress: &dyn Progress) -> Result<Laid, OverlayError> {
        self.check_numbers()?;
        let beyond = if self.beyond { floor.beside.beyond.as_slice() } else { &[] };
        let mut study = join(floor.study, beyond);
        let parameters = &mut study.parameters;
        let limit = &mut parameters.zone_travel_limit_minutes;
        *limit = self.travel_limit_minutes.unwrap_or(*limit);
        parameters.zone_travel_share = self.travel_share.unwrap_or(parameters.zone_travel_share);
        let least = &mut parameters.zone_min_demand_receipts_per_month;
        *least = self.least_demand.unwrap_or(*least);
        let own_roadway = (!beyond.is_empty()).then(|| with_places(floor, &study));
        let roadway = own_roadway.as_ref().unwrap_or(floor.roadway);
        let wanted = self.wanted(floor, &study)?;
        let led = self.led(floor, &study)?;
        let subject = Subject {
            leads: led.called.clone(),
            counted: wanted.counted.clone(),
            needs_hub: self.needs_hub,
            names_servers: true,
        };
        let mut ground = Ground::led_by(&study, roadway, wanted.demand, led.leads, subject, progress);
        ground.linkage = floor.candidates.linkage(&study);
        if floor.needs_access {
            ground.access = Some(Arc::new(reach(&study, roadway, services()?, progress)));
        }
        let is_beyond = |at: usize| study.municipalities[at].code.prefecture() != study.prefecture_code;
        let names = (0..study.municipalities.len()).filter(|at| is_beyond(*at));
        let names: Vec<String> = names.map(|at| study.municipalities[at].name.clone()).collect();
        let mut assumptions = wanted.assumptions;
        assumptions.extend(led.assumptions);
        if !names.is_empty() {
            assumptions.push("県境にかかるメッシュは、都道府県別のファイルではそれぞれの県に住む人を、一次メッシュのファイルだけでは全員を両方の県に数え、県外の道路は密集地の速度を使わずに計算しました".to_owned());
        }
        let told = ToldOverlay {
            overlay: self.id.clone(),
            counted: wanted.counted.unit(),
            minutes: wanted.counted.minutes(),
            demand: wanted.said,
            providers: led.called,
            beyond: names,
            assumptions,
            counts: wanted.counts.iter().flat_map(|counts| told_counts(&study, counts)).collect(),
        };
        Ok(Laid { ground, told, roadway: own_roadway, counts: wanted.counts, study })
    }

    fn wanted(&self, floor: &Floor<'_>, study: &Study) -> Result<Wanted, OverlayError> {
        let has_beyond = study.municipalities.len() > floor.study.municipalities.len();
        match &self.demand {
            None if has_beyond => Err(OverlayError::BeyondWithoutDemand),
            None => Ok(Wanted {
                demand: home_visits(study, floor.weights)?,
                counted: Counted::default(),
                said: "訪問診療の需要推計".to_owned(),
                assumptions: Vec::new(),
                counts: None,
            }),
            Some(OverlayDemand::Cohort { cohort, year, ages }) => {
                let (year, counts) = floor.beside.counts(study, cohort, *year)?;
                Ok(of_counts(study, cohort, year, *ages, counts))
            }
            Some(OverlayDemand::Layer { layer, year }) => of_layer(study, layer, *year),
        }
    }

    fn led(&self, floor: &Floor<'_>, study: &Study) -> Result<Led, OverlayError> {
        match &self.providers {
            None => Ok(Led {
                leads: floor.candidates.leads(study),
                called: Subject::default().leads,
                assumptions: Vec::new(),
            }),
            Some(Providers::Service { service }) => of_service(floor, study, service),
            Some(Providers::Named { institutions }) => named(study, institutions),
        }
    }
}

/// The roads with more places on them: the same network and times.
fn with_places(floor: &Floor<'_>, study: &Study) -> Roadway {
    let Roadway { network, hierarchy, metric, .. } = floor.roadway;
    let own: Vec<Point> = floor.study.cells.iter().map(|cell| cell.centre).collect();
    let linker = Linker::new(network, floor.profile, mean_latitude(&own));
    let centres: Vec<Point> = study.cells.iter().map(|cell| cell.centre).collect();
    let positions: Vec<_> = study.institutions.iter().map(|one| one.position).collect();
    Roadway {
        linkage: Linkage::of(&linker, &centres, &positions),
        network: network.clone(),
        hierarchy: Arc::clone(hierarchy),
        metric: metric.clone(),
    }
}

/// Counts spread over the cells of each municipality, stand-ins where they are hidden.
fn of_counts(study: &Study, cohort: &str, year: u16, ages: Spread, counts: Vec<Shown>) -> Wanted {
    let stands_for = |shown: &Shown| match shown {
        Shown::Exact(people) => *people,
        Shown::Small => SMALL_STANDS_FOR,
        Shown::Withheld => WITHHELD_STANDS_FOR,
        Shown::Unknown => 0,
    };
    let people: Vec<f64> = counts.iter().map(|shown| f64::from(stands_for(shown))).collect();
    let hidden = |is: Shown| counts.iter().filter(|shown| **shown == is).count();
    let (small, withheld) = (hidden(Shown::Small), hidden(Shown::Withheld));
    let mut assumptions = vec![match ages {
        Spread::All => "市区町村の人数を、国勢調査の人口の比でメッシュに配りました".to_owned(),
        Spread::Under65 => {
            "市区町村の人数を、国勢調査の 65 歳未満の人口の比でメッシュに配りました".to_owned()
        }
    }];
    if small + withheld > 0 {
        assumptions.push(format!(
            "1–9 人の {small} 市区町村は {SMALL_STANDS_FOR} 人、秘匿の {withheld} 市区町村は {WITHHELD_STANDS_FOR} 人として計算しました。実際の少ない人数は使っていません"
        ));
    }
    let is_empty = |at: usize| study.cells.iter().all(|cell| cell.municipality != at);
    let lost = names_where(study, |at| people[at] > 0.0 && is_empty(at));
    if !lost.is_empty() {
        assumptions.push(format!("{lost}には人の住むメッシュがないため、その患者は計算に入っていません"));
    }
    let cells = spread(study, &people, ages);
    Wanted {
        demand: Demand { official_years: vec![year], cells: BTreeMap::from([(year, cells)]) },
        counted: Counted { before: String::new(), after: "人".to_owned() },
        said: format!("{cohort}（{year}年、県の患者数の表）"),
        assumptions,
        counts: Some(counts),
    }
}

/// Amounts of municipalities on their cells, in proportion to people; where there are none of these ages, to
/// everybody.
fn spread(study: &Study, amounts: &[f64], ages: Spread) -> Vec<f64> {
    let of_ages = |people: &AgeCounts| match ages {
        Spread::All => people.total,
        Spread::Under65 => people.total.saturating_sub(people.age_65_plus),
    };
    let mut sums = vec![(0.0, 0.0); amounts.len()];
    for cell in &study.cells {
        let (meant, all) = &mut sums[cell.municipality];
        *meant += f64::from(of_ages(&cell.population));
        *all += f64::from(cell.population.total);
    }
    let of_cell = |cell: &Cell| {
        let (meant, all) = sums[cell.municipality];
        let share = if meant > 0.0 {
            f64::from(of_ages(&cell.population)) / meant
        } else {
            f64::from(cell.population.total) / all
        };
        amounts[cell.municipality] * share
    };
    study.cells.iter().map(of_cell).collect()
}

fn of_layer(study: &Study, said: &str, year: Option<u16>) -> Result<Wanted, OverlayError> {
    let rates = RateTable::shipped()?;
    let known = || rates.layers.iter().map(|layer| layer.id.as_str()).collect::<Vec<_>>().join("、");
    let layer = rates.layers.iter().find(|layer| layer.id == said);
    let layer = layer.ok_or_else(|| OverlayError::Layer { said: said.to_owned(), known: known() })?;
    let year = year.map_or_else(|| base_year(study), Ok)?;
    let cells = by_cell(study, layer, year);
    let is_unknown = |at: usize| {
        let mut inside = study.cells.iter().zip(&cells).filter(|(cell, _)| cell.municipality == at);
        inside.any(|(_, amount)| amount.is_none())
    };
    let missing = names_where(study, is_unknown);
    if !missing.is_empty() {
        let years = known_years(study);
        let (first, last) = (*years.start(), *years.end());
        return Err(OverlayError::Year { layer: said.to_owned(), year, missing, first, last });
    }
    let cells: Vec<f64> = cells.into_iter().flatten().collect();
    Ok(Wanted {
        demand: Demand { official_years: vec![year], cells: BTreeMap::from([(year, cells)]) },
        counted: Counted { before: String::new(), after: layer.unit.clone() },
        said: format!("{said}（{year}年、年齢別の率〔{}〕）", layer.tag),
        assumptions: vec![format!("率: {}", layer.source)],
        counts: None,
    })
}

fn of_service(floor: &Floor<'_>, study: &Study, said: &str) -> Result<Led, OverlayError> {
    let all = services()?;
    let known = || all.iter().map(|service| service.id.as_str()).collect::<Vec<_>>().join("、");
    let service = all.iter().find(|service| service.id == said);
    let service = service.ok_or_else(|| OverlayError::Service { said: said.to_owned(), known: known() })?;
    let not_loaded =
        || OverlayError::NotLoaded { service: said.to_owned(), classes: service.classes.join("・") };
    let providers = service.providers(study).ok_or_else(not_loaded)?;
    let mut assumptions =
        vec![format!("届出は、この患者を実際に診ることを示しません: {}〔{}〕", service.source, service.tag)];
    assumptions.extend(unknown_beyond(floor, study, service));
    Ok(Led { leads: Some(sites(study, providers)), called: format!("「{said}」の機関"), assumptions })
}

/// Which neighbouring prefectures no file tells providers of.
fn unknown_beyond(floor: &Floor<'_>, study: &Study, service: &Service) -> Option<String> {
    let takes_part = study.municipalities.len() > floor.study.municipalities.len();
    let others = floor.beside.beyond.iter().filter(|other| takes_part && service.providers(other).is_none());
    let names: Vec<&str> = others.map(|other| other.prefecture_name.as_str()).collect();
    (!names.is_empty()).then(|| {
        format!("{}の「{}」の機関は未登録で、県外の候補に入っていません。その県の届出のファイルも study.toml に加えてください", names.join("・"), service.id)
    })
}

fn sites(study: &Study, institutions: Vec<usize>) -> Vec<LeadSite> {
    let site = |institution: usize| {
        let municipality = study.institutions[institution].municipality?;
        Some(LeadSite { institution, municipality })
    };
    institutions.into_iter().filter_map(site).collect()
}

fn named(study: &Study, said: &[String]) -> Result<Led, OverlayError> {
    let mut found = Vec::new();
    let mut wrong = Vec::new();
    for name in said.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
        let is_meant = |one: &&(usize, &Institution)| one.1.id == name || one.1.name == name;
        let all: Vec<(usize, &Institution)> = study.institutions.iter().enumerate().collect();
        let meant: Vec<&(usize, &Institution)> = all.iter().filter(is_meant).collect();
        match meant[..] {
            [(at, one)] if one.municipality.is_some() => found.push(*at),
            [] => wrong.push(format!("「{name}」（見つかりません）")),
            [_] => wrong.push(format!("「{name}」（所在の市区町村が不明）")),
            _ => {
                let ids: Vec<&str> = meant.iter().map(|(_, one)| one.id.as_str()).collect();
                wrong.push(format!("「{name}」（{}）", ids.join("・")));
            }
        }
    }
    if wrong.is_empty() && found.is_empty() {
        wrong.push("（一覧が空です）".to_owned());
    }
    if !wrong.is_empty() {
        return Err(OverlayError::Institutions { said: wrong.join("、") });
    }
    found.sort_unstable();
    found.dedup();
    Ok(Led {
        leads: Some(sites(study, found)), called: "指定した機関".to_owned(), assumptions: Vec::new()
    })
}

fn told_counts(study: &Study, counts: &[Shown]) -> Vec<ToldCount> {
    let told = |(at, one): (usize, &Municipality)| ToldCount {
        code: one.code.to_string(),
        municipality: one.name.clone(),
        people: counts[at].meant(),
    };
    study.municipalities.iter().enumerate().map(told).collect()
}

impl Laid {
    /// The roads with the places of the study; those of the prefecture where it has no others.
    #[must_use]
    pub fn roadway<'a>(&'a self, own: &'a Roadway) -> &'a Roadway {
        self.roadway.as_ref().unwrap_or(own)
    }

    /// Says in an answer what it is about, and how many patients each zone has.
    pub fn sign(&self, answer: &mut Answer) {
        answer.overlay = Some(self.told.clone());
        self.count(&mut answer.best.zones);
        let lists = answer.plans.iter_mut().chain(&mut answer.by_zone_count).flatten();
        lists.for_each(|told| self.count(&mut told.zones));
        if let Some(front) = &mut answer.front {
            front.compromises.iter_mut().for_each(|one| self.count(&mut one.zones));
        }
        if let Some(conflict) = &mut answer.conflict {
            self.count(&mut conflict.nearest.zones);
            conflict.parts.iter_mut().for_each(|part| self.count(&mut part.zones));
        }
    }

    fn count(&self, zones: &mut [ToldZone]) {
        let Some(counts) = &self.counts else { return };
        for zone in zones {
            let municipalities = self.study.municipalities.iter().enumerate();
            let inside =
                municipalities.filter(|(_, one)| zone.municipalities.contains(&one.code.to_string()));
            let inside: Vec<usize> = inside.map(|(at, _)| at).collect();
            // Of a municipality that is split nobody has counted the parts.
            zone.people = zone.parts.is_empty().then(|| shown_total(counts, &inside).meant());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_shipped_overlays_name_layers_and_services_of_the_other_tables() {
        let shipped = Overlay::shipped().expect("the table can be read");
        let layers: BTreeSet<String> =
            RateTable::shipped().expect("rates").layers.into_iter().map(|layer| layer.id).collect();
        let all: BTreeSet<String> =
            services().expect("services").into_iter().map(|service| service.id).collect();
        for overlay in &shipped {
            overlay.check_numbers().expect("in range");
            assert!(!overlay.source.is_empty() && ["V", "D", "M", "A"].contains(&overlay.tag.as_str()));
            if let Some(OverlayDemand::Layer { layer, .. }) = &overlay.demand {
                assert!(layers.contains(layer), "{layer}");
            }
            if let Some(Providers::Service { service }) = &overlay.providers {
                assert!(all.contains(service), "{service}");
            }
        }
        let ids: Vec<&str> = shipped.iter().map(|overlay| overlay.id.as_str()).collect();
        assert_eq!(ids, ["小児・医療的ケア児", "歯科"]);
        assert_eq!(Overlay::named("小児", Path::new("")).expect("by its beginning"), shipped[0]);
    }
}
