//! Who is reached: travel times between institutions and cells, cover, gaps.

pub mod cover;
pub mod coverage;
pub mod depth;
pub mod floating_catchment;
pub mod gaps;
pub mod loss;
pub mod partners;
pub mod reach;
pub mod services;

/// Why access could not be computed.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// The table of services is damaged.
    #[error("サービス表 shapes/tables/services.toml が読めません: {0}")]
    ServiceTable(String),
    /// The table of catchment parameters is damaged.
    #[error("診療圏法の表 shapes/tables/catchments.toml が読めません: {0}")]
    CatchmentTable(String),

}
