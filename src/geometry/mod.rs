//! Pure geometry on JGD2011 longitude and latitude in degrees: no files, no domain.

pub mod locate;
pub mod mesh;
pub mod plane;
pub mod touching;
