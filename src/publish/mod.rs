//! What leaves the program: figures, tables, layers. This room only formats.

pub mod geojson;
pub mod layers;
pub mod mvt;
pub mod report;
pub mod results;
pub mod schema;
pub mod summary;

#[cfg(test)]
pub(crate) mod sample;
