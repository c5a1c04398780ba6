//! The study in memory.

use crate::publish::mvt;
use crate::publish::summary::{Findings, Summary};
use crate::serve::cache::Cache;
use crate::serve::error::ServeError;
use crate::serve::guard::Exposure;
use crate::serve::tiles::first_zoom;
use crate::store::geopackage::GeoPackage;
use crate::store::layer::{Column, Layer, Row, Value};
use axum::body::Bytes;
use geo::{BoundingRect, Rect};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread::available_parallelism;
use tokio::sync::Semaphore;

/// Bytes of finished tiles that are kept.
const CACHED_BYTES: usize = 128 << 20;

/// A study that is served.
pub struct Workbench {
    /// The study's folder.
    pub folder: PathBuf,
    /// Who may ask.
    pub exposure: Exposure,
    /// `summary.json`, as it is.
    pub summary: Bytes,
    /// `findings.json`, as it is.
    pub findings: Bytes,
    /// Layers with geometry, by name.
    pub layers: BTreeMap<String, Arc<TileLayer>>,
    /// Finished tiles.
    pub cache: Mutex<Cache>,
    /// One permit for each tile that may be drawn at the same time.
    pub drawing: Arc<Semaphore>,
}

impl Workbench {
    /// Reads a study's folder.
    ///
    /// # Errors
    /// [`ServeError`] when a file is missing or is not what this version writes.
    pub fn open(folder: &Path, exposure: Exposure) -> Result<Self, ServeError> {
        let summary = read_json::<Summary>(&folder.join("summary.json"))?;
        let findings = read_json::<Findings>(&folder.join("findings.json"))?;
        let package = GeoPackage::open(&folder.join("study.gpkg"))?;
        let mut layers = BTreeMap::new();
        for name in package.layers_with_geometry()? {
            let layer = TileLayer::new(package.read_layer(&name)?);
            layers.insert(name, Arc::new(layer));
        }
        Ok(Self {
            folder: folder.to_owned(),
            exposure,
            summary,
            findings,
            layers,
            cache: Mutex::new(Cache::new(CACHED_BYTES)),
            drawing: Arc::new(Semaphore::new(available_parallelism().map_or(1, usize::from))),
        })
    }
}

/// The bytes of a file that was found to be a `T`.
fn read_json<T: DeserializeOwned>(file: &Path) -> Result<Bytes, ServeError> {
    let bytes = std::fs::read(file).map_err(|source| ServeError::Read { file: file.to_owned(), source })?;
    serde_json::from_slice::<T>(&bytes)
        .map_err(|source| ServeError::Content { file: file.to_owned(), source })?;
    Ok(bytes.into())
}

/// A layer ready to be cut into tiles.
pub struct TileLayer {
    name: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
    /// Positions of the rows by what they cover, in the unit square.
    index: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
    /// The zoom from which each row is shown.
    first_zooms: Vec<u8>,
}

impl TileLayer {
    /// Projects and indexes a layer.
    pub fn new(layer: Layer) -> Self {
        let Layer { name, columns, mut rows, .. } = layer;
        for row in &mut rows {
            row.geometry = row.geometry.as_ref().map(mvt::project);
        }
        let covered = rows.iter().enumerate().filter_map(|(position, row)| {
            let bounds = row.geometry.as_ref()?.bounding_rect()?;
            let [from, to] = corners(bounds);
            Some(GeomWithData::new(Rectangle::from_corners(from, to), position))
        });
        let index = RTree::bulk_load(covered.collect());
        let class = columns.iter().position(|column| column.name == "class").filter(|_| name == "roads");
        let first_zooms = rows
            .iter()
            .map(|row| match class.and_then(|class| row.values.get(class)) {
                Some(Value::Text(class)) => first_zoom(class),
                _ => 0,
            })
            .collect();
        Self { name, columns, rows, index, first_zooms }
    }

    /// One tile; `None` when nothing is to be seen in it. The id of a feature is its `fid` in the
    /// GeoPackage.
    ///
    /// # Errors
    /// When the tile cannot be encoded.
    pub fn tile(&self, tile: mvt::Tile) -> Result<Option<Vec<u8>>, mvt::EncodeError> {
        let [from, to] = corners(tile.bounds());
        let mut positions: Vec<usize> = self
            .index
            .locate_in_envelope_intersecting(&AABB::from_corners(from, to))
            .map(|found| found.data)
            .filter(|&position| self.first_zooms[position] <= tile.zoom())
            .collect();
        positions.sort_unstable();
        let rows = positions.into_iter().map(|position| (position as u64 + 1, &self.rows[position]));
        mvt::encode(&self.name, &self.columns, rows, tile)
    }
}

fn corners(rect: Rect) -> [[f64; 2]; 2] {
    [rect.min().into(), rect.max().into()]
}
