//! Pure geometry on JGD2011 longitude and latitude in degrees: no files, no domain.

pub mod mesh;
