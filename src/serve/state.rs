//! The study in memory, read anew when it has been planned again.

use crate::ingest::study::Study;
use crate::publish::mvt;
use crate::publish::roads;
use crate::publish::summary::{Findings, Summary};
use crate::publish::{BESIDE, STUDY};
use crate::serve::cache::Cache;
use crate::serve::demand::Demanded;
use crate::serve::error::ServeError;
use crate::serve::jobs::Jobs;
use crate::serve::tiles::first_zoom;
use crate::serve::travel::Travel;
use crate::serve::zoning::Zoning;
use crate::store::geopackage::GeoPackage;
use crate::store::layer::{Column, Layer, Row, Value};
use axum::body::Bytes;
use geo::{BoundingRect, Rect};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::available_parallelism;
use tokio::sync::Semaphore;

/// Bytes of finished tiles that are kept.
const CACHED_BYTES: usize = 128 << 20;

/// Figures of the study; they differ whenever the study does.
const SUMMARY: &str = "summary.json";

/// A folder that is served, and the study that was read from it.
pub struct Workbench {
    /// The study's folder.
    pub folder: PathBuf,
    /// One permit for each tile that may be drawn at the same time.
    pub drawing: Arc<Semaphore>,
    /// One permit: travel times use every processor by themselves.
    pub travelling: Arc<Semaphore>,
    /// Long work that was asked for.
    pub jobs: Jobs,
    shown: RwLock<Arc<ShownStudy>>,
    /// Held by whoever reads the study anew.
    reading: Mutex<()>,
}

/// A study as it was when it was read: figures, findings and layers of one and the same planning.
pub struct ShownStudy {
    /// `summary.json`, as it is.
    pub summary: Bytes,
    /// `findings.json`, as it is.
    pub findings: Bytes,
    /// Layers with geometry, by name.
    pub layers: BTreeMap<String, Arc<TileLayer>>,
    /// Finished tiles.
    pub cache: Mutex<Cache>,
    /// What travel times need, once somebody has asked for some.
    travel: Mutex<Option<Arc<Travel>>>,
    /// The study itself, once somebody has asked what is not in the summary.
    whole: Mutex<Option<Arc<Study>>>,
    /// What proposals need, once somebody has asked for one.
    zoning: Mutex<Option<Arc<Zoning>>>,
    /// The outlook of demand, once somebody has asked for it.
    demanded: Mutex<Option<Arc<Demanded>>>,
}

impl Workbench {
    /// Reads a study's folder.
    ///
    /// # Errors
    /// [`ServeError`] when a file is missing or is not what this version writes.
    pub fn open(folder: &Path) -> Result<Self, ServeError> {
        Ok(Self {
            folder: folder.to_owned(),
            drawing: Arc::new(Semaphore::new(available_parallelism().map_or(1, usize::from))),
            travelling: Arc::new(Semaphore::new(1)),
            jobs: Jobs::default(),
            shown: RwLock::new(Arc::new(ShownStudy::read(folder)?)),
            reading: Mutex::new(()),
        })
    }

    /// The study that is shown.
    pub fn study(&self) -> Arc<ShownStudy> {
        Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The study that lies in the folder: the one that is shown, unless it was planned again.
    /// Then it is read and shown from now on.
    ///
    /// # Errors
    /// As [`Workbench::open`]; what was shown is shown on.
    pub fn refresh(&self) -> Result<Arc<ShownStudy>, ServeError> {
        let _reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = self.study();
        if read(&self.folder.join(SUMMARY))? == shown.summary {
            return Ok(shown);
        }
        let anew = Arc::new(ShownStudy::read(&self.folder)?);
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&anew);
        Ok(anew)
    }

    /// What travel times of the shown study need, read and prepared when it is first asked for.
    /// `None` when the folder holds another study by now.
    ///
    /// # Errors
    /// [`ServeError`] when the network cannot be read back.
    pub fn travel(&self) -> Result<Option<Arc<Travel>>, ServeError> {
        let study = self.study();
        let mut travel = study.travel.lock().unwrap_or_else(PoisonError::into_inner);
        if travel.is_none() {
            let summary: Option<Summary> = serde_json::from_slice(&study.summary).ok();
            let attributions = summary.map(|summary| summary.attributions).unwrap_or_default();
            let read = Travel::read(&self.folder, attributions);
            // Asked after reading: a study that is the same now was the same then.
            if !self.is_current() {
                return Ok(None);
            }
            *travel = Some(Arc::new(read?));
        }
        Ok(travel.clone())
    }

    /// What proposals for the shown study need, read and prepared when it is first asked for. `None` when
    /// the folder holds another study by now.
    ///
    /// # Errors
    /// [`ServeError`] when the study or its network cannot be read back.
    pub fn zoning(&self) -> Result<Option<Arc<Zoning>>, ServeError> {
        let study = self.study();
        let (Some(travel), Some(whole)) = (self.travel()?, self.whole()?) else { return Ok(None) };
        let mut zoning = study.zoning.lock().unwrap_or_else(PoisonError::into_inner);
        if zoning.is_none() {
            let beside = read_as(&self.folder.join(BESIDE));
            let read = beside.and_then(|beside| Zoning::new(whole, travel, beside));
            // Asked after reading, as above.
            if !self.is_current() || !Arc::ptr_eq(&study, &self.study()) {
                return Ok(None);
            }
            *zoning = Some(Arc::new(read?));
        }
        Ok(zoning.clone())
    }

    /// The outlook of demand of the shown study, computed when it is first asked for. `None` when the
    /// folder holds another study by now.
    ///
    /// # Errors
    /// [`ServeError`] when the study cannot be read back, or lacks what demand needs.
    pub fn demanded(&self) -> Result<Option<Arc<Demanded>>, ServeError> {
        let study = self.study();
        let mut demanded = study.demanded.lock().unwrap_or_else(PoisonError::into_inner);
        if demanded.is_none() {
            let Some(whole) = self.whole()? else { return Ok(None) };
            let beside = read_as(&self.folder.join(BESIDE));
            // Asked after reading, as above.
            if !self.is_current() || !Arc::ptr_eq(&study, &self.study()) {
                return Ok(None);
            }
            *demanded = Some(Arc::new(Demanded::new(whole, &beside?)?));
        }
        Ok(demanded.clone())
    }

    /// The shown study itself, read when it is first asked for. `None` when the folder holds another study
    /// by now.
    ///
    /// # Errors
    /// [`ServeError`] when it is not what this version writes.
    pub fn whole(&self) -> Result<Option<Arc<Study>>, ServeError> {
        let study = self.study();
        let mut whole = study.whole.lock().unwrap_or_else(PoisonError::into_inner);
        if whole.is_none() {
            let read = read_as(&self.folder.join(STUDY));
            // Asked after reading, as above.
            if !self.is_current() || !Arc::ptr_eq(&study, &self.study()) {
                return Ok(None);
            }
            *whole = Some(Arc::new(read?));
        }
        Ok(whole.clone())
    }

    /// Whether the study that is shown is still the one in the folder.
    pub fn is_current(&self) -> bool {
        read(&self.folder.join(SUMMARY)).is_ok_and(|summary| summary == self.study().summary)
    }
}

impl ShownStudy {
    /// The summary comes first: when the study is replaced between two files, the summary is the
    /// old one, and the next look at the folder reads everything again.
    fn read(folder: &Path) -> Result<Self, ServeError> {
        let summary = read_json::<Summary>(&folder.join(SUMMARY))?;
        let findings = read_json::<Findings>(&folder.join("findings.json"))?;
        let package = GeoPackage::open(&folder.join("study.gpkg"))?;
        let mut layers = BTreeMap::new();
        for name in package.layers_with_geometry()? {
            // Of roads the network has far more to tell than the map.
            let shown = |column: &str| name != roads::NAME || roads::SHOWN.contains(&column);
            let layer = TileLayer::new(package.read_columns(&name, shown)?);
            layers.insert(name, Arc::new(layer));
        }
        let cache = Mutex::new(Cache::new(CACHED_BYTES));
        let (travel, whole) = (Mutex::new(None), Mutex::new(None));
        let (zoning, demanded) = (Mutex::new(None), Mutex::new(None));
        Ok(Self { summary, findings, layers, cache, travel, whole, zoning, demanded })
    }
}

fn read(file: &Path) -> Result<Bytes, ServeError> {
    let bytes = std::fs::read(file).map_err(|cause| ServeError::Read { file: file.to_owned(), cause })?;
    Ok(bytes.into())
}

/// The value of a file.
fn read_as<T: DeserializeOwned>(file: &Path) -> Result<T, ServeError> {
    serde_json::from_slice(&read(file)?).map_err(|cause| ServeError::Content { file: file.to_owned(), cause })
}

/// The bytes of a file that was found to be a `T`.
fn read_json<T: DeserializeOwned>(file: &Path) -> Result<Bytes, ServeError> {
    let bytes = read(file)?;
    serde_json::from_slice::<T>(&bytes)
        .map_err(|cause| ServeError::Content { file: file.to_owned(), cause })?;
    Ok(bytes)
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
        let class = columns.iter().position(|column| column.name == "class").filter(|_| name == roads::NAME);
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
