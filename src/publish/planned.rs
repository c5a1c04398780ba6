//! What was planned, read back out of the study's GeoPackage: everything that journeys need.

use crate::access::places::Places;
use crate::ingest::manifest::Parameters;
use crate::ingest::study::{Cell, Institution, Municipality, Study};
use crate::ingest::week::WeekFiles;
use crate::network::build::{Linkage, Roadway, mean_latitude};
use crate::network::link::{Linker, RoadIndex};
use crate::network::profile::Profile;
use crate::publish::layers::{CLASS_SEPARATOR, PRECISIONS};
use crate::publish::roads;
use crate::publish::summary::Summary;
use crate::store::geopackage::{GeoPackage, GeoPackageError};
use crate::store::layer::{Layer, LayerFault, Row, Value};
use crate::units::AgeCounts;
use geo::{Geometry, MultiPolygon, Point};
use std::collections::BTreeMap;

/// A planned study as journeys and cover see it.
pub struct Planned {
    /// What the package holds of the study: municipalities with their land, cells, institutions with
    /// their classes, the files that were read. Everything else of it is empty: projections, the
    /// official demand, the prefecture's lists, areas of municipalities, rows of sources, findings.
    pub study: Study,
    /// 訪問診療 demand of each cell in the first official year, receipts per month.
    pub demand: Vec<f64>,
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
    /// Reads the layers and prepares the network. The summary is that of the same folder, the profile
    /// the one the study was planned with.
    ///
    /// # Errors
    /// [`PlannedError`]: a layer is missing, or is not what this version writes.
    pub fn read(package: &GeoPackage, summary: &Summary, profile: &Profile) -> Result<Self, PlannedError> {
        let network = roads::network(&package.read_layer(roads::NAME)?, profile)?;
        let (study, demand) = study(package, summary)?;
        let places = Places::from(&study);
        let mut land: Vec<MultiPolygon> =
            study.municipalities.iter().map(|municipality| municipality.boundary.clone()).collect();
        land.push(study.unassigned_land.clone());
        let centres = places.centres();
        let index = RoadIndex::new(&network, profile, mean_latitude(&centres));
        let linker = Linker::with_index(&network, profile, &index);
        let linkage = Linkage::of(&linker, &centres, &places.positions());
        Ok(Self { study, demand, places, roadway: Roadway::new(network, linkage), index, land })
    }
}

/// What the package and the summary hold of a study, and the demand of its cells.
fn study(package: &GeoPackage, summary: &Summary) -> Result<(Study, Vec<f64>), PlannedError> {
    let municipalities = municipalities(&package.read_layer("municipalities")?)?;
    let position = |code: &str| {
        let code = code.parse().ok()?;
        municipalities.binary_search_by_key(&code, |municipality| municipality.code).ok()
    };
    let cells = cells(&package.read_layer("cells")?, position)?;
    let institutions = institutions(&package.read_layer("facilities")?, position)?;
    let (cells, demand) = cells.into_iter().unzip();
    let of = &summary.study;
    let loaded = summary.facilities.iter().filter(|(_, number)| number.is_some());
    let study = Study {
        prefecture_code: of.prefecture_code.clone(),
        prefecture_name: of.prefecture_name.clone(),
        invented: of.invented,
        as_of: of.as_of.clone(),
        census_year: summary.population.year,
        parameters: Parameters { travel_limit_minutes: of.travel_limit_minutes, ..Parameters::default() },
        inputs: of.inputs.clone(),
        municipalities,
        unassigned_land: unassigned_land(&package.read_layer("unassigned_land")?),
        cells,
        institutions,
        projections: BTreeMap::new(),
        home_demand: Vec::new(),
        active_list: None,
        linkage_list: None,
        cohorts: None,
        week: WeekFiles::default(),
        loaded_classes: loaded.map(|(class, _)| class.clone()).collect(),
        road_files: Vec::new(),
        findings: Vec::new(),
    };
    Ok((study, demand))
}

fn municipalities(layer: &Layer) -> Result<Vec<Municipality>, LayerFault> {
    let columns = Columns::of(layer);
    let municipality = |row: &Row| {
        Some(Municipality {
            code: columns.text(row, "code")?.parse().ok()?,
            name: columns.text(row, "name")?.to_owned(),
            boundary: polygons(row)?,
            areas: BTreeMap::new(),
            office: None,
        })
    };
    columns.rows(municipality)
}

fn unassigned_land(layer: &Layer) -> MultiPolygon {
    layer.rows.iter().filter_map(polygons).flatten().collect()
}

/// The cells with their demand.
fn cells(
    layer: &Layer,
    municipality: impl Fn(&str) -> Option<usize>,
) -> Result<Vec<(Cell, f64)>, LayerFault> {
    let columns = Columns::of(layer);
    let cell = |row: &Row| {
        let people = |name: &str| match columns.value(row, name)? {
            Value::Integer(people) => u32::try_from(*people).ok(),
            _ => None,
        };
        let real = |name: &str| match columns.value(row, name)? {
            Value::Real(number) => Some(*number),
            _ => None,
        };
        let cell = Cell {
            mesh: columns.text(row, "mesh")?.parse().ok()?,
            municipality: municipality(columns.text(row, "municipality_code")?)?,
            centre: Point::new(real("centre_longitude")?, real("centre_latitude")?),
            outline: polygons(row)?,
            population: AgeCounts {
                total: people("total")?,
                age_65_plus: people("age_65_plus")?,
                age_75_plus: people("age_75_plus")?,
                age_85_plus: people("age_85_plus")?,
            },
            ages_estimated: columns.value(row, "ages_estimated")? == &Value::Boolean(true),
            future: BTreeMap::new(),
        };
        Some((cell, real("demand_receipts_per_month")?))
    };
    columns.rows(cell)
}

fn institutions(
    layer: &Layer,
    municipality: impl Fn(&str) -> Option<usize>,
) -> Result<Vec<Institution>, LayerFault> {
    let columns = Columns::of(layer);
    let institution = |row: &Row| {
        let position = match row.geometry {
            None => None,
            Some(Geometry::Point(at)) => Some(at),
            Some(_) => return None,
        };
        let text = |name: &str| columns.text(row, name).map(str::to_owned);
        let precision = columns.text(row, "precision")?;
        let classes = columns.text(row, "classes")?.split(CLASS_SEPARATOR);
        Some(Institution {
            id: text("id")?,
            name: text("name")?,
            address: text("address")?,
            municipality: match columns.text(row, "municipality_code") {
                Some(code) => Some(municipality(code)?),
                None => None,
            },
            position,
            precision: PRECISIONS.iter().find(|(_, word)| *word == precision)?.0,
            classes: classes.filter(|class| !class.is_empty()).map(str::to_owned).collect(),
            beds: None,
            sources: Vec::new(),
        })
    };
    columns.rows(institution)
}

fn polygons(row: &Row) -> Option<MultiPolygon> {
    match &row.geometry {
        Some(Geometry::MultiPolygon(polygons)) => Some(polygons.clone()),
        Some(Geometry::Polygon(polygon)) => Some(polygon.clone().into()),
        _ => None,
    }
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
