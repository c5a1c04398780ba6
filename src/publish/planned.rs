//! What was planned, read back out of the study's GeoPackage: everything that journeys need.

use crate::access::places::{CellPlace, InstitutionPlace, Places};
use crate::network::build::{Linkage, Roadway, mean_latitude};
use crate::network::link::{Linker, RoadIndex};
use crate::network::profile::Profile;
use crate::publish::roads;
use crate::store::geopackage::{GeoPackage, GeoPackageError};
use crate::store::layer::{Layer, LayerFault, Row, Value};
use crate::units::AgeCounts;
use geo::{Geometry, MultiPolygon, Point};

/// A planned study as journeys see it.
pub struct Planned {
    /// Cells and institutions.
    pub places: Places,
    /// The network of a normal day, with the places linked to it as when they were planned.
    pub roadway: Roadway,
    /// Finds the road of any other place.
    pub index: RoadIndex,
    /// Land of each municipality, and what belongs to none.
    pub land: Vec<MultiPolygon>,
}

/// Why a study cannot be read back.
#[derive(Debug, thiserror::Error)]
pub enum PlannedError {
    /// The file cannot be read.
    #[error(transparent)]
    GeoPackage(#[from] GeoPackageError),
    /// The file was written by another version.
    #[error("study.gpkg: {0}。keniki plan で計画し直してください")]
    Layer(#[from] LayerFault),
}

impl Planned {
    /// Reads the layers and prepares the network. The profile is the one the study was planned with.
    ///
    /// # Errors
    /// [`PlannedError`]: a layer is missing, or is not what this version writes.
    pub fn read(package: &GeoPackage, profile: &Profile) -> Result<Self, PlannedError> {
        let network = roads::network(&package.read_layer(roads::NAME)?, profile)?;
        let places = Places {
            cells: cells(&package.read_layer("cells")?)?,
            institutions: institutions(&package.read_layer("facilities")?)?,
        };
        let mut land_areas = land(&package.read_layer("municipalities")?);
        land_areas.extend(land(&package.read_layer("unassigned_land")?));
        let centres = places.centres();
        let index = RoadIndex::new(&network, profile, mean_latitude(&centres));
        let linker = Linker::with_index(&network, profile, &index);
        let linkage = Linkage::of(&linker, &centres, &places.positions());
        Ok(Self { places, roadway: Roadway::new(network, linkage), index, land: land_areas })
    }
}

fn cells(layer: &Layer) -> Result<Vec<CellPlace>, LayerFault> {
    let columns = Columns::of(layer);
    let cell = |row: &Row| {
        let people = |name: &str| match columns.value(row, name)? {
            Value::Integer(people) => u32::try_from(*people).ok(),
            _ => None,
        };
        let degrees = |name: &str| match columns.value(row, name)? {
            Value::Real(degrees) => Some(*degrees),
            _ => None,
        };
        Some(CellPlace {
            mesh: columns.text(row, "mesh")?.parse().ok()?,
            municipality: columns.text(row, "municipality_code")?.parse().ok()?,
            centre: Point::new(degrees("centre_longitude")?, degrees("centre_latitude")?),
            population: AgeCounts {
                total: people("total")?,
                age_65_plus: people("age_65_plus")?,
                age_75_plus: people("age_75_plus")?,
                age_85_plus: people("age_85_plus")?,
            },
        })
    };
    columns.rows(cell)
}

fn institutions(layer: &Layer) -> Result<Vec<InstitutionPlace>, LayerFault> {
    let columns = Columns::of(layer);
    let institution = |row: &Row| {
        let position = match row.geometry {
            None => None,
            Some(Geometry::Point(at)) => Some(at),
            Some(_) => return None,
        };
        let text = |name: &str| columns.text(row, name).map(str::to_owned);
        Some(InstitutionPlace { id: text("id")?, name: text("name")?, position })
    };
    columns.rows(institution)
}

fn land(layer: &Layer) -> Vec<MultiPolygon> {
    let boundary = |row: &Row| match &row.geometry {
        Some(Geometry::MultiPolygon(boundary)) => boundary.clone(),
        Some(Geometry::Polygon(boundary)) => boundary.clone().into(),
        _ => MultiPolygon(Vec::new()),
    };
    layer.rows.iter().map(boundary).collect()
}

/// Values of a layer by the names of its columns.
struct Columns<'a> {
    layer: &'a Layer,
}

impl<'a> Columns<'a> {
    const fn of(layer: &'a Layer) -> Self {
        Self { layer }
    }

    fn value<'r>(&self, row: &'r Row, name: &str) -> Option<&'r Value> {
        row.values.get(self.layer.columns.iter().position(|column| column.name == name)?)
    }

    fn text<'r>(&self, row: &'r Row, name: &str) -> Option<&'r str> {
        match self.value(row, name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What `read` makes of every row.
    fn rows<T>(&self, read: impl Fn(&Row) -> Option<T>) -> Result<Vec<T>, LayerFault> {
        let read = |(number, row)| {
            read(row).ok_or_else(|| LayerFault {
                layer: self.layer.name.clone(),
                row: Some(number),
                fault: "この版の keniki が書く値ではありません".to_owned(),
            })
        };
        (1..).zip(&self.layer.rows).map(read).collect()
    }
}
