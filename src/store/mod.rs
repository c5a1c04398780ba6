//! The study on disk: one GeoPackage that QGIS opens too, put in place all at once or not at all.

pub mod geopackage;
pub mod layer;
pub mod staging;
pub mod swap;
