//! What leaves the program: figures, tables, layers. This room only formats.

pub mod geojson;
pub mod mvt;
pub mod schema;
pub mod summary;

#[cfg(test)]
pub(crate) mod sample;
