//! Layers back out of a GeoPackage that this program wrote, for the workbench.

use super::{APPLICATION_ID, CONTENTS, GEOMETRY_COLUMN, GeoPackageError, blob, quoted};
use crate::store::layer::{Column, ColumnKind, GeometryKind, Layer, Row, Value};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use std::path::{Path, PathBuf};

/// A GeoPackage opened for reading.
#[derive(Debug)]
pub struct GeoPackage {
    path: PathBuf,
    file: Connection,
}

/// What a value, a type or a name that is met should have been.
const WRITTEN_BY_KENIKI: &str =
    "keniki が書いた study.gpkg ではありません。keniki plan で計画し直してください";

impl GeoPackage {
    /// Opens a GeoPackage.
    ///
    /// # Errors
    /// [`GeoPackageError`] when the file is missing or is not a GeoPackage.
    pub fn open(path: &Path) -> Result<Self, GeoPackageError> {
        if !path.is_file() {
            return Err(GeoPackageError::Missing(path.to_owned()));
        }
        let at = |cause| GeoPackageError::Sqlite { file: path.to_owned(), table: CONTENTS.to_owned(), cause };
        let file = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(at)?;
        let id: i32 = file.query_row("PRAGMA application_id", [], |row| row.get(0)).map_err(at)?;
        let package = Self { path: path.to_owned(), file };
        if id != APPLICATION_ID {
            return Err(package.content(CONTENTS, None, format!("application_id が {id:#x} です")));
        }
        Ok(package)
    }

    /// Names of the layers with geometry, in the order in which they were written.
    ///
    /// # Errors
    /// [`GeoPackageError`] when the table of contents cannot be read.
    pub fn layers_with_geometry(&self) -> Result<Vec<String>, GeoPackageError> {
        self.file
            .prepare("SELECT table_name FROM gpkg_contents WHERE data_type = 'features' ORDER BY rowid")
            .and_then(|mut names| names.query_map([], |row| row.get(0))?.collect())
            .map_err(self.sqlite(CONTENTS))
    }

    /// One layer with all its rows, in the order in which they were written.
    ///
    /// # Errors
    /// [`GeoPackageError`] when there is no such layer, or when a value is not of the kind of its
    /// column.
    pub fn read_layer(&self, name: &str) -> Result<Layer, GeoPackageError> {
        self.read_columns(name, |_| true)
    }

    /// The same with some of its columns only.
    ///
    /// # Errors
    /// As [`GeoPackage::read_layer`].
    pub fn read_columns(&self, name: &str, wanted: impl Fn(&str) -> bool) -> Result<Layer, GeoPackageError> {
        let title: Option<String> = self
            .file
            .query_row("SELECT description FROM gpkg_contents WHERE table_name = ?1", [name], |row| {
                row.get(0)
            })
            .optional()
            .map_err(self.sqlite(CONTENTS))?;
        let Some(title) = title else {
            return Err(self.content(name, None, "この表がありません".to_owned()));
        };
        let geometry = self.geometry_kind(name)?;
        let mut columns = self.columns(name)?;
        columns.retain(|column| wanted(&column.name));
        let rows = self.rows(name, geometry.is_some(), &columns)?;
        Ok(Layer { name: name.to_owned(), title, geometry, columns, rows })
    }

    fn geometry_kind(&self, name: &str) -> Result<Option<GeometryKind>, GeoPackageError> {
        let kind: Option<String> = self
            .file
            .query_row(
                "SELECT geometry_type_name FROM gpkg_geometry_columns WHERE table_name = ?1",
                [name],
                |row| row.get(0),
            )
            .optional()
            .map_err(self.sqlite(name))?;
        kind.map(|kind| match kind.as_str() {
            "POINT" => Ok(GeometryKind::Point),
            "LINESTRING" => Ok(GeometryKind::LineString),
            "MULTILINESTRING" => Ok(GeometryKind::MultiLineString),
            "POLYGON" => Ok(GeometryKind::Polygon),
            "MULTIPOLYGON" => Ok(GeometryKind::MultiPolygon),
            other => Err(self.content(name, None, format!("図形の種類が {other} です"))),
        })
        .transpose()
    }

    fn columns(&self, name: &str) -> Result<Vec<Column>, GeoPackageError> {
        let declared: Vec<(String, String)> = self
            .file
            .prepare("SELECT name, type FROM pragma_table_info(?1) ORDER BY cid")
            .and_then(|mut columns| {
                columns.query_map([name], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
            })
            .map_err(self.sqlite(name))?;
        declared
            .into_iter()
            .filter(|(column, _)| column != "fid" && column != GEOMETRY_COLUMN)
            .map(|(column, declared)| {
                let kind = match declared.as_str() {
                    "INTEGER" => ColumnKind::Integer,
                    "REAL" => ColumnKind::Real,
                    "TEXT" => ColumnKind::Text,
                    "BOOLEAN" => ColumnKind::Boolean,
                    other => {
                        return Err(self.content(name, None, format!("列 {column} の型が {other} です")));
                    }
                };
                Ok(Column { name: column, kind })
            })
            .collect()
    }

    fn rows(&self, name: &str, has_geometry: bool, columns: &[Column]) -> Result<Vec<Row>, GeoPackageError> {
        let geometry = if has_geometry { quoted(GEOMETRY_COLUMN) } else { "NULL".to_owned() };
        let rest: String = columns.iter().map(|column| format!(", {}", quoted(&column.name))).collect();
        let sql = format!("SELECT \"fid\", {geometry}{rest} FROM {} ORDER BY \"fid\"", quoted(name));
        let mut select = self.file.prepare(&sql).map_err(self.sqlite(name))?;
        let mut found = select.query([]).map_err(self.sqlite(name))?;
        let mut rows = Vec::new();
        while let Some(row) = found.next().map_err(self.sqlite(name))? {
            let fid: i64 = row.get(0).map_err(self.sqlite(name))?;
            let geometry =
                match row.get_ref(1).map_err(self.sqlite(name))? {
                    ValueRef::Null => None,
                    other => {
                        Some(other.as_blob().ok().and_then(blob::decode).ok_or_else(|| {
                            self.content(name, Some(fid), "図形を読み取れません".to_owned())
                        })?)
                    }
                };
            let mut values = Vec::with_capacity(columns.len());
            for (index, column) in columns.iter().enumerate() {
                let stored = row.get_ref(index + 2).map_err(self.sqlite(name))?;
                values.push(value(column.kind, stored).ok_or_else(|| {
                    let found = format!("列 {} の値が {} です", column.name, stored.data_type());
                    self.content(name, Some(fid), found)
                })?);
            }
            rows.push(Row { geometry, values });
        }
        Ok(rows)
    }

    fn sqlite(&self, table: &str) -> impl FnOnce(rusqlite::Error) -> GeoPackageError + use<> {
        let (file, table) = (self.path.clone(), table.to_owned());
        move |cause| GeoPackageError::Sqlite { file, table, cause }
    }

    fn content(&self, table: &str, row: Option<i64>, found: String) -> GeoPackageError {
        GeoPackageError::Content {
            file: self.path.clone(),
            table: table.to_owned(),
            row,
            found,
            expected: WRITTEN_BY_KENIKI,
        }
    }
}

/// The value of a column; `None` when SQLite stored something of another kind.
fn value(kind: ColumnKind, stored: ValueRef<'_>) -> Option<Value> {
    Some(match (kind, stored) {
        (_, ValueRef::Null) => Value::Null,
        (ColumnKind::Integer, ValueRef::Integer(number)) => Value::Integer(number),
        (ColumnKind::Boolean, ValueRef::Integer(number @ (0 | 1))) => Value::Boolean(number == 1),
        (ColumnKind::Real, ValueRef::Real(number)) => Value::Real(number),
        (ColumnKind::Text, ValueRef::Text(text)) => Value::Text(std::str::from_utf8(text).ok()?.to_owned()),
        _ => return None,
    })
}
