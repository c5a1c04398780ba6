//! Who is reached: travel times between institutions and cells, cover, gaps.

pub mod coverage;
pub mod gaps;
pub mod isochrone;
pub mod matrix;
pub mod reach;
pub mod services;

/// Why access could not be computed.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// The table of services is damaged.
    #[error("サービス表 shapes/tables/services.toml が読めません: {0}")]
    ServiceTable(String),
}
