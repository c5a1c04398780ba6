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
    /// There is no such file.
    #[error(
        "{}: ファイルがありません。keniki plan study.toml --out フォルダー で計画したフォルダーを指定してください",
        .0.display()
    )]
    Missing(PathBuf),
    /// A file that is not to be written over.
    #[error("{}: 同じ名前のファイルがすでにあります。空のフォルダーに書いてください", .0.display())]
    AlreadyThere(PathBuf),
    /// SQLite refused.
    #[error(
        "{}: 表 {table}: 読み書きできません（{cause}）。\
         空き容量と権限を確認し、ファイルが壊れていれば keniki plan で計画し直してください",
        .file.display()
    )]
    Sqlite {
        /// The GeoPackage.
        file: PathBuf,
        /// Table that was worked on.
        table: String,
        /// What SQLite says.
        cause: rusqlite::Error,
    },
    /// A layer that breaks its own promises.
    #[error("{}: {fault}。プログラムの誤りです。この文を添えて開発者に知らせてください", .file.display())]
    Layer {
        /// The GeoPackage.
        file: PathBuf,
        /// What is wrong.
        fault: LayerFault,
    },
    /// The file is not what a study's GeoPackage is.
    #[error("{}: 表 {table}{}: {found}。{expected}", .file.display(), row_place(*.row))]
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
    row.map_or_else(String::new, |fid| format!(" の fid {fid}"))
}

/// `GPKG` in ASCII, the application id of every GeoPackage since 1.2.
const APPLICATION_ID: i32 = 0x4750_4B47;

/// The table that lists all others.
const CONTENTS: &str = "gpkg_contents";

/// Name of the geometry column.
const GEOMETRY_COLUMN: &str = "geom";

/// A name as SQL writes it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests;
