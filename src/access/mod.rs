//! Who is reached: travel times between institutions and cells, cover and its depth, capacity, what
//! is short and where another institution would help.

pub mod calibration;
pub mod capacity;
pub mod cover;
pub mod coverage;
pub mod depth;
pub mod floating_catchment;
pub mod gaps;
pub mod journeys;
pub mod loss;
pub mod matrix;
pub mod partners;
pub mod places;
pub mod reach;
pub mod services;
pub mod shortage;
pub mod shortage_rules;
pub mod siting;
pub mod standing;
pub mod week;

/// Why access could not be computed.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// The table of services is damaged.
    #[error("サービス表 shapes/tables/services.toml が読めません: {0}")]
    ServiceTable(String),
    /// The table of catchment parameters is damaged.
    #[error("診療圏法の表 shapes/tables/catchments.toml が読めません: {0}")]
    CatchmentTable(String),
    /// The table of capacities is damaged.
    #[error("提供量の表 shapes/tables/capacities.toml が読めません: {0}")]
    CapacityTable(String),
    /// The table of shortages is damaged.
    #[error("不足の表 shapes/tables/shortages.toml が読めません: {0}")]
    ShortageTable(String),
    /// The table of the week is damaged.
    #[error("週の表 shapes/tables/week.toml が読めません: {0}")]
    WeekTable(String),
    /// A limit beyond which no travel times were computed.
    #[error(
        "不足の判定は{limit_minutes}分ですが、所要時間は{travel_minutes}分までしか計算されていません。study.toml の travel_limit_minutes を{limit_minutes}以上にしてください"
    )]
    LimitBeyondTimes {
        /// Limit of the rules, minutes.
        limit_minutes: u32,
        /// Limit of the travel times, minutes.
        travel_minutes: u32,
    },
}
