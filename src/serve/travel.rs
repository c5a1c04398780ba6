//! What travel times of a study need, in memory.

use crate::access::places::Places;
use crate::geometry::locate::Locator;
use crate::ingest::study::Study;
use crate::network::build::{Roadway, mean_latitude};
use crate::network::isochrone::drawing::Drawing;
use crate::network::isochrone::raster::Raster;
use crate::network::link::{Link, Linker, RoadIndex};
use crate::network::profile::Profile;
use crate::network::scenario::Scenario;
use crate::network::weights::Conditions;
use crate::publish::planned::Planned;
use crate::serve::error::{ApiError, ServeError};
use crate::serve::ready::Ready;
use crate::store::geopackage::GeoPackage;
use geo::{BoundingRect, GeometryCollection, Point, Rect};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// So many sets of conditions besides the normal day are kept.
const KEPT: usize = 2;

/// The network of a study, its places, and the sample points of its map.
pub struct Travel {
    /// Cells and institutions.
    pub places: Places,
    /// How isochrones are drawn.
    pub drawing: Drawing,
    /// Whom to name beside the figures.
    pub attributions: Vec<String>,
    /// What lies around all municipalities; `None` of a study without land.
    pub bounds: Option<Rect>,
    /// Speeds.
    pub profile: Profile,
    index: RoadIndex,
    normal: Arc<Roads>,
    /// Under other conditions, those asked for last first.
    others: Mutex<Vec<(Conditions, Arc<Roads>)>>,
}

/// Roads under some conditions.
pub struct Roads {
    /// The network with its places.
    pub roadway: Roadway,
    /// Where isochrones are drawn, with the times of these roads.
    pub raster: Raster,
    /// Cover and shortage, once somebody has asked for them.
    ready: Mutex<Option<Arc<Ready>>>,
}

impl Travel {
    /// Reads and prepares the network of the study in a folder.
    ///
    /// # Errors
    /// [`ServeError`] when the study is not what this version writes.
    pub fn read(folder: &Path, attributions: Vec<String>) -> Result<Self, ServeError> {
        let profile = Profile::planning()?;
        let package = GeoPackage::open(&folder.join("study.gpkg"))?;
        let Planned { places, roadway, index, land } = Planned::read(&package, &profile)?;
        let latitude = mean_latitude(&places.centres());
        let locator = Locator::new(&land);
        let drawing = Drawing::shipped()?;
        let raster = Raster::new(&roadway.network, &profile, latitude, &drawing, Some(&locator));
        let bounds = GeometryCollection::from_iter(land).bounding_rect();
        Ok(Self {
            places,
            drawing,
            attributions,
            bounds,
            profile,
            index,
            normal: Arc::new(Roads::new(roadway, raster)),
            others: Mutex::new(Vec::new()),
        })
    }

    /// The roads of an ordinary day.
    pub const fn normal(&self) -> &Arc<Roads> {
        &self.normal
    }

    /// The roads in a scenario.
    ///
    /// # Errors
    /// [`ApiError`] when it names ways or an area without roads, so that it would change nothing.
    pub fn in_scenario(&self, scenario: &Scenario) -> Result<Arc<Roads>, ApiError> {
        let (conditions, findings) = scenario.conditions(&self.normal.roadway.network, &self.profile);
        match findings.first() {
            Some(finding) => Err(ApiError::bad_request(format!("{}: {}", finding.said, finding.meant))),
            None => Ok(self.under(&conditions)),
        }
    }

    /// The roads under some conditions.
    fn under(&self, conditions: &Conditions) -> Arc<Roads> {
        if *conditions == Conditions::default() {
            return Arc::clone(&self.normal);
        }
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        let known = others.iter().position(|(of, _)| of == conditions).map(|at| others.remove(at));
        let newest = known.unwrap_or_else(|| {
            let roadway = self.normal.roadway.under(&self.profile, conditions);
            let mut raster = self.normal.raster.clone();
            raster.update(&roadway.network);
            (conditions.clone(), Arc::new(Roads::new(roadway, raster)))
        });
        others.insert(0, newest);
        others.truncate(KEPT);
        Arc::clone(&others[0].1)
    }

    /// The road of a place; `None` when none is near.
    pub fn link(&self, place: Point) -> Option<Link> {
        Linker::with_index(&self.normal.roadway.network, &self.profile, &self.index).link(place)
    }

    /// A place farther than this from every road has none, metres.
    pub const fn longest_leg_m(&self) -> f64 {
        self.profile.access_leg.longest_m
    }
}

impl Roads {
    const fn new(roadway: Roadway, raster: Raster) -> Self {
        Self { roadway, raster, ready: Mutex::new(None) }
    }

    /// Cover and shortage of the study on these roads, computed when first asked for.
    ///
    /// # Errors
    /// [`ServeError`] as of [`Ready::new`].
    pub fn ready(&self, study: Arc<Study>) -> Result<Arc<Ready>, ServeError> {
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &*ready {
            return Ok(Arc::clone(known));
        }
        let new = Arc::new(Ready::new(study, &self.roadway)?);
        *ready = Some(Arc::clone(&new));
        Ok(new)
    }
}
