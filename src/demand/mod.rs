//! Demand for home care: rates, projections, reconciliation with the national estimate.

pub mod ages;
pub mod cells;
pub mod disclosure;
pub mod home_visits;
pub mod layers;
pub mod older;
pub mod outlook;
pub mod rates;
pub mod scenarios;
pub mod weights;
pub mod workforce;
pub mod zones;

use crate::access::AccessError;

/// Why demand could not be computed.
#[derive(Debug, thiserror::Error)]
pub enum DemandError {
    /// The tables of services or capacities are damaged.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The table of weights is damaged.
    #[error("年齢別の重み shapes/tables/rates.toml が読めません: {0}")]
    Weights(String),
    /// The table of scenarios is damaged.
    #[error("需要の仮定の表 shapes/tables/demand_scenarios.toml が読めません: {0}")]
    Scenarios(String),
    /// No official series.
    #[error(
        "在宅（訪問診療）需要推計が入力されていません。study.toml に kind = \"home_demand\" のファイル（厚生労働省 構想区域別の医療需要推計）を加えてください"
    )]
    NoOfficialSeries,
    /// A municipality that lies in no 構想区域 of the official series.
    #[error(
        "{municipality} が属する構想区域 {area} の需要推計がありません。二次医療圏の表（area_membership）と需要推計のコードを合わせてください"
    )]
    NoArea {
        /// The municipality.
        municipality: String,
        /// What the area table says, or 「未登録」.
        area: String,
    },
    /// Demand without people.
    #[error(
        "構想区域 {area} に人口のあるメッシュがなく、需要を配分できません。国勢調査メッシュの範囲を確かめてください"
    )]
    NoPeople {
        /// The area.
        area: String,
    },
    /// A table of rates or of the workforce that cannot be used.
    #[error("{file}: {place}: {fault}")]
    Table {
        /// The file.
        file: String,
        /// Layer, profession or scenario.
        place: String,
        /// What is wrong and what to do.
        fault: String,
    },
    /// Classes of age of which one person would be in two.
    #[error("{file}: {what}: 年齢階級 {first} と {second} が重なっています。重ならないように直してください")]
    OverlappingAges {
        /// The file.
        file: String,
        /// Layer or profession.
        what: String,
        /// A class.
        first: String,
        /// The class after it.
        second: String,
    },
    /// Shares of a whole that are not the whole.
    #[error("{file}: {what}: 割合の合計が {sum} です。合計が 1 になるように直してください")]
    Shares {
        /// The file.
        file: String,
        /// Layer or profession.
        what: String,
        /// Their sum.
        sum: f64,
    },
    /// A capacity that is none.
    #[error("{file}: {what}: 提供量 {value} は使えません。0 以上の有限の数にしてください")]
    NegativeCapacity {
        /// The file.
        file: String,
        /// Profession or institution.
        what: String,
        /// What was given.
        value: f64,
    },
    /// A layer that no table has.
    #[error("{asked}: この需要の層はありません。率の表の層の名前を指定してください")]
    NoLayer {
        /// What was asked.
        asked: String,
    },
    /// A year of which nothing tells.
    #[error(
        "{asked}年の需要は分かりません。人口か需要推計の分かる年は {first}–{last}年です。その中の年を指定してください"
    )]
    YearOutside {
        /// The year.
        asked: u16,
        /// First known year.
        first: u16,
        /// Last known year.
        last: u16,
    },
    /// A state of the facility files that does not tell its year.
    #[error("study.toml の as_of「{said}」から年が分かりません。2025-09 のように西暦で書いてください")]
    AsOf {
        /// What is written.
        said: String,
    },
}
