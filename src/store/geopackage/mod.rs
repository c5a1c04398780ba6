//! GeoPackage 1.3 (OGC 12-128r17): writing layers into a new file and reading them back.

mod blob;
mod read;
mod write;

pub use read::GeoPackage;
pub use write::write;

use crate::store::layer::LayerFault;
use std::path::PathBuf;

/// Why a GeoPackage could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum GeoPackageError {
    /// SQLite refused.
    #[error("{}: table {table}: {source}", .file.display())]
    Sqlite {
        /// The GeoPackage.
        file: PathBuf,
        /// Table that was worked on.
        table: String,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// A layer that breaks its own promises.
    #[error("{}: {fault}", .file.display())]
    Layer {
        /// The GeoPackage.
        file: PathBuf,
        /// What is wrong.
        fault: LayerFault,
    },
    /// The file is not what a study's GeoPackage is.
    #[error("{}: table {table}{}: {found}; {expected}", .file.display(), row_place(*.row))]
    Content {
        /// The GeoPackage.
        file: PathBuf,
        /// Table that was read.
        table: String,
        /// Row (`fid`), where there is one.
        row: Option<i64>,
        /// What was met.
        found: String,
        /// What was expected and what to do.
        expected: &'static str,
    },
}

fn row_place(row: Option<i64>) -> String {
    row.map_or_else(String::new, |fid| format!(", fid {fid}"))
}

/// `GPKG` in ASCII, the application id of every GeoPackage since 1.2.
const APPLICATION_ID: i32 = 0x4750_4B47;

/// Name of the geometry column.
const GEOMETRY_COLUMN: &str = "geom";

/// A name as SQL writes it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests;
