//! The places of a study between which journeys are made, without the files they were read from.

use crate::geometry::mesh::MeshCode;
use crate::ids::MunicipalityCode;
use crate::ingest::study::Study;
use crate::units::AgeCounts;
use geo::Point;

/// Cells and institutions in the order of the study. Other tables refer to them by position.
#[derive(Clone, Debug, PartialEq)]
pub struct Places {
    /// Populated cells.
    pub cells: Vec<CellPlace>,
    /// Institutions.
    pub institutions: Vec<InstitutionPlace>,
}

/// A populated cell.
#[derive(Clone, Debug, PartialEq)]
pub struct CellPlace {
    /// Standard mesh code.
    pub mesh: MeshCode,
    /// Municipality of the cell or of this part of it.
    pub municipality: MunicipalityCode,
    /// Where its journeys begin and end.
    pub centre: Point,
    /// People at the census.
    pub population: AgeCounts,
}

/// An institution.
#[derive(Clone, Debug, PartialEq)]
pub struct InstitutionPlace {
    /// Stable id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Where it is; `None` = not located.
    pub position: Option<Point>,
}

impl From<&Study> for Places {
    fn from(study: &Study) -> Self {
        let cells = study.cells.iter().map(|cell| CellPlace {
            mesh: cell.mesh,
            municipality: study.municipalities[cell.municipality].code,
            centre: cell.centre,
            population: cell.population,
        });
        let institutions = study.institutions.iter().map(|institution| InstitutionPlace {
            id: institution.id.clone(),
            name: institution.name.clone(),
            position: institution.position,
        });
        Self { cells: cells.collect(), institutions: institutions.collect() }
    }
}

impl Places {
    /// Position of the institution of an id.
    #[must_use]
    pub fn institution(&self, id: &str) -> Option<usize> {
        self.institutions.iter().position(|institution| institution.id == id)
    }

    /// Centres of all cells.
    #[must_use]
    pub fn centres(&self) -> Vec<Point> {
        self.cells.iter().map(|cell| cell.centre).collect()
    }

    /// Positions of all institutions.
    #[must_use]
    pub fn positions(&self) -> Vec<Option<Point>> {
        self.institutions.iter().map(|institution| institution.position).collect()
    }
}
