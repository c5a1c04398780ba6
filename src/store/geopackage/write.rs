//! Layers into a new GeoPackage, the same layers always into the same bytes.

use super::{APPLICATION_ID, CONTENTS, GEOMETRY_COLUMN, GeoPackageError, blob, quoted};
use crate::store::layer::{Column, ColumnKind, GeometryKind, Layer, Row, Value};
use geo::{Coord, Rect};
use rusqlite::{Connection, OpenFlags, ToSql, params, params_from_iter};
use std::path::Path;

/// JGD2011, longitude and latitude.
const SRS_ID: i32 = 6668;

/// Version 1.3.0.
const USER_VERSION: i32 = 10_300;

/// `last_change` of every table: a constant, because the file must depend on the study alone.
const LAST_CHANGE: &str = "2000-01-01T00:00:00.000Z";

/// Writes `layers` into a new file at `path`, in their order.
///
/// # Errors
/// [`GeoPackageError`] when a file is already there, when a layer breaks its own promises, when
/// two layers have the same name, or when the disk refuses.
pub fn write<'a>(
    path: &Path,
    layers: impl IntoIterator<Item = &'a Layer, IntoIter: Clone>,
) -> Result<(), GeoPackageError> {
    let layers = layers.into_iter();
    for layer in layers.clone() {
        layer.check().map_err(|fault| GeoPackageError::Layer { file: path.to_owned(), fault })?;
    }
    if path.exists() {
        return Err(GeoPackageError::AlreadyThere(path.to_owned()));
    }
    let at = |table: &str| {
        let (file, table) = (path.to_owned(), table.to_owned());
        move |cause| GeoPackageError::Sqlite { file, table, cause }
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let mut file = Connection::open_with_flags(path, flags).map_err(at(CONTENTS))?;
    create(&file).map_err(at(CONTENTS))?;
    let transaction = file.transaction().map_err(at(CONTENTS))?;
    for layer in layers {
        write_layer(&transaction, layer).map_err(at(&layer.name))?;
    }
    transaction.commit().map_err(at(CONTENTS))?;
    file.close().map_err(|(_, cause)| at(CONTENTS)(cause))
}

/// An empty GeoPackage. No journal: the file is new, and nobody sees it before it is complete.
fn create(file: &Connection) -> rusqlite::Result<()> {
    file.execute_batch(&format!(
        "PRAGMA page_size = 4096;
         PRAGMA encoding = 'UTF-8';
         PRAGMA journal_mode = OFF;
         PRAGMA synchronous = OFF;
         PRAGMA application_id = {APPLICATION_ID};
         PRAGMA user_version = {USER_VERSION};
         BEGIN;
         {}
         COMMIT;",
        include_str!("schema.sql")
    ))
}

fn write_layer(file: &Connection, layer: &Layer) -> rusqlite::Result<()> {
    file.execute_batch(&create_table(layer))?;
    match layer.geometry {
        None => {
            register(file, layer, "attributes", None)?;
            insert_rows(file, layer, |_, _| Ok(()))
        }
        Some(kind) => write_features(file, layer, kind),
    }
}

fn create_table(layer: &Layer) -> String {
    let geometry = layer.geometry.map(|kind| format!("{} {}", quoted(GEOMETRY_COLUMN), geometry_name(kind)));
    let columns =
        layer.columns.iter().map(|Column { name, kind }| format!("{} {}", quoted(name), column_type(*kind)));
    let rest: String =
        geometry.into_iter().chain(columns).map(|definition| format!(", {definition}")).collect();
    format!("CREATE TABLE {} (\"fid\" INTEGER PRIMARY KEY NOT NULL{rest})", quoted(&layer.name))
}

const fn geometry_name(kind: GeometryKind) -> &'static str {
    match kind {
        GeometryKind::Point => "POINT",
        GeometryKind::LineString => "LINESTRING",
        GeometryKind::MultiLineString => "MULTILINESTRING",
        GeometryKind::Polygon => "POLYGON",
        GeometryKind::MultiPolygon => "MULTIPOLYGON",
    }
}

const fn column_type(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Integer => "INTEGER",
        ColumnKind::Real => "REAL",
        ColumnKind::Text => "TEXT",
        ColumnKind::Boolean => "BOOLEAN",
    }
}

fn register(file: &Connection, layer: &Layer, data_type: &str, extent: Option<Rect>) -> rusqlite::Result<()> {
    let (min, max) = (extent.map(Rect::min), extent.map(Rect::max));
    file.execute(
        "INSERT INTO gpkg_contents VALUES (?1, ?2, ?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            layer.name,
            data_type,
            layer.title,
            LAST_CHANGE,
            min.map(|c| c.x),
            min.map(|c| c.y),
            max.map(|c| c.x),
            max.map(|c| c.y),
            layer.geometry.map(|_| SRS_ID),
        ],
    )?;
    Ok(())
}

/// The rows with their spatial index. The index's triggers come last: they are for later editors.
fn write_features(file: &Connection, layer: &Layer, kind: GeometryKind) -> rusqlite::Result<()> {
    let rtree = quoted(&format!("rtree_{}_{GEOMETRY_COLUMN}", layer.name));
    file.execute_batch(&format!("CREATE VIRTUAL TABLE {rtree} USING rtree(id, minx, maxx, miny, maxy)"))?;
    let mut extent = None;
    {
        let mut index = file.prepare(&format!("INSERT INTO {rtree} VALUES (?1, ?2, ?3, ?4, ?5)"))?;
        insert_rows(file, layer, |fid, envelope| {
            let (min, max) = (envelope.min(), envelope.max());
            index.execute(params![fid, min.x, max.x, min.y, max.y])?;
            extent = Some(extent.map_or(envelope, |all| union(all, envelope)));
            Ok(())
        })?;
    }
    register(file, layer, "features", extent)?;
    file.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?1, ?2, ?3, ?4, 0, 0)",
        params![layer.name, GEOMETRY_COLUMN, geometry_name(kind), SRS_ID],
    )?;
    file.execute(
        "INSERT INTO gpkg_extensions VALUES (?1, ?2, 'gpkg_rtree_index',
         'http://www.geopackage.org/spec130/#extension_rtree', 'write-only')",
        params![layer.name, GEOMETRY_COLUMN],
    )?;
    file.execute_batch(&triggers(&layer.name, &rtree))
}

fn triggers(layer: &str, rtree: &str) -> String {
    ["insert", "update1", "update2", "update3", "update4", "delete"].iter().fold(
        include_str!("rtree_triggers.sql").replace("{table}", &quoted(layer)).replace("{rtree}", rtree),
        |sql, event| {
            let name = quoted(&format!("rtree_{layer}_{GEOMETRY_COLUMN}_{event}"));
            sql.replace(&format!("{{{event}}}"), &name)
        },
    )
}

/// Inserts the rows with `fid` from 1 and hands on the envelope of each geometry.
fn insert_rows(
    file: &Connection,
    layer: &Layer,
    mut each: impl FnMut(i64, Rect) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let columns = 1 + usize::from(layer.geometry.is_some()) + layer.columns.len();
    let marks = vec!["?"; columns].join(", ");
    let mut insert = file.prepare(&format!("INSERT INTO {} VALUES ({marks})", quoted(&layer.name)))?;
    for (fid, Row { geometry, values }) in (1_i64..).zip(&layer.rows) {
        let encoded = geometry.as_ref().and_then(|geometry| blob::encode(geometry, SRS_ID));
        let (blob, envelope) = encoded.map_or((None, None), |(blob, envelope)| (Some(blob), envelope));
        let mut row: Vec<&dyn ToSql> = vec![&fid];
        if layer.geometry.is_some() {
            row.push(&blob);
        }
        row.extend(values.iter().map(|value| value as &dyn ToSql));
        insert.execute(params_from_iter(row))?;
        if let Some(envelope) = envelope {
            each(fid, envelope)?;
        }
    }
    Ok(())
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        match self {
            Self::Null => rusqlite::types::Null.to_sql(),
            Self::Integer(number) => number.to_sql(),
            Self::Real(number) => number.to_sql(),
            Self::Text(text) => text.to_sql(),
            Self::Boolean(truth) => truth.to_sql(),
        }
    }
}

fn union(a: Rect, b: Rect) -> Rect {
    Rect::new(
        Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) },
        Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) },
    )
}
