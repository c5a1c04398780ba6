//! Demand for home care: rates, projections, reconciliation with the national estimate.

pub mod home_visits;
pub mod older;
pub mod scenarios;
pub mod weights;

/// Why demand could not be computed.
#[derive(Debug, thiserror::Error)]
pub enum DemandError {
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
}
