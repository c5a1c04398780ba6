//! Official files, one reader each, into one [`study::Study`].

pub mod finding;
pub mod manifest;
pub mod study;

/// Why files could not be read. Every message names the file, the place, what was expected and
/// what to do.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// Placeholder of the skeleton.
    #[error("unwritten")]
    Unwritten,
}
