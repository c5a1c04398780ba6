//! The services whose reach is measured (`shapes/tables/services.toml`).

use crate::access::AccessError;
use crate::ingest::study::{Institution, Study};
use crate::network::link::Direction;
use serde::Deserialize;

const TABLE: &str = include_str!("../../shapes/tables/services.toml");

/// One service.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Japanese term, the id everywhere.
    pub id: String,
    /// English name.
    pub name_en: String,
    /// `visit` or `receive`.
    pub direction: ServiceDirection,
    /// Facility classes that provide it.
    pub classes: Vec<String>,
    /// Radius in metres of the circle of the fee rules around the institution, where there is one.
    pub circle_m: Option<u32>,
    /// Where the definition comes from.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
}

/// Who travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServiceDirection {
    /// The provider drives to the home.
    Visit,
    /// The patient is driven to the institution.
    Receive,
}

impl ServiceDirection {
    /// The word used in tables and files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Visit => "visit",
            Self::Receive => "receive",
        }
    }

    /// How a search that begins at the institution runs.
    #[must_use]
    pub const fn of_search(self) -> Direction {
        match self {
            Self::Visit => Direction::Outward,
            Self::Receive => Direction::Inward,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    service: Vec<Service>,
}

/// The table that ships with the program.
///
/// # Errors
/// [`AccessError::ServiceTable`] when the table is damaged.
pub fn services() -> Result<Vec<Service>, AccessError> {
    let table: Table = toml::from_str(TABLE).map_err(|error| AccessError::ServiceTable(error.to_string()))?;
    Ok(table.service)
}

impl Service {
    /// Whether an institution provides the service.
    #[must_use]
    pub fn is_provided_by(&self, institution: &Institution) -> bool {
        self.classes.iter().any(|class| institution.classes.contains(class))
    }

    /// Positions of the institutions that provide it; `None` = no file that was loaded can speak of it.
    #[must_use]
    pub fn providers(&self, study: &Study) -> Option<Vec<usize>> {
        let loaded = self.classes.iter().any(|class| study.loaded_classes.contains(class));
        let provides = |at: &usize| self.is_provided_by(&study.institutions[*at]);
        loaded.then(|| (0..study.institutions.len()).filter(provides).collect())
    }
}
