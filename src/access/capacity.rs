//! Capacity of institutions for 訪問診療: as counted, else as assumed of their class
//! (`shapes/tables/capacities.toml`).

use crate::access::AccessError;
use crate::ingest::study::Study;
use serde::Deserialize;
use std::collections::BTreeMap;

const TABLE: &str = include_str!("../../shapes/tables/capacities.toml");

/// What is assumed of institutions whose doctors nobody has counted.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapacityTable {
    /// State of the table.
    pub as_of: String,
    /// Receipts per month of a doctor who does nothing but visits.
    pub receipts_per_doctor: f64,
    /// Where the value comes from.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
    /// Doctors by facility class.
    #[serde(rename = "class")]
    pub classes: Vec<ClassCapacity>,
}

/// Doctors on visits in an institution of a class.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassCapacity {
    /// Facility class.
    pub id: String,
    /// Full-time equivalents.
    pub doctors: f64,
    /// Where the value comes from.
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
}

/// Capacity of one institution.
#[derive(Clone, Debug, PartialEq)]
pub struct Capacity {
    /// Receipts per month.
    pub receipts_per_month: f64,
    /// The class of which it is assumed; `None` = counted.
    pub assumed_of: Option<String>,
}

impl CapacityTable {
    /// The table that ships with the program.
    ///
    /// # Errors
    /// [`AccessError::CapacityTable`] when the table is damaged or a value is negative.
    pub fn shipped() -> Result<Self, AccessError> {
        Self::parse(TABLE)
    }

    fn parse(text: &str) -> Result<Self, AccessError> {
        let table: Self =
            toml::from_str(text).map_err(|error| AccessError::CapacityTable(error.to_string()))?;
        let is_sound = |value: f64| value.is_finite() && value >= 0.0;
        match table.classes.iter().find(|class| !is_sound(class.doctors)) {
            Some(class) => {
                Err(AccessError::CapacityTable(format!("{} の doctors は 0 以上にしてください", class.id)))
            }
            None if is_sound(table.receipts_per_doctor) => Ok(table),
            None => Err(AccessError::CapacityTable("receipts_per_doctor は 0 以上にしてください".to_owned())),
        }
    }

    /// Capacity of some institutions: `counted` doctors (full-time equivalents on visits) before
    /// what their strongest class lets assume. One of whom nothing is known is left out.
    #[must_use]
    pub fn of(
        &self,
        study: &Study,
        institutions: &[usize],
        counted: &BTreeMap<usize, f64>,
    ) -> BTreeMap<usize, Capacity> {
        let capacity = |at: &usize| {
            let known = counted.get(at).map(|doctors| (*doctors, None));
            let (doctors, assumed_of) = known.or_else(|| {
                let own =
                    self.classes.iter().filter(|class| study.institutions[*at].classes.contains(&class.id));
                own.max_by(|a, b| a.doctors.total_cmp(&b.doctors))
                    .map(|class| (class.doctors, Some(class.id.clone())))
            })?;
            Some((*at, Capacity { receipts_per_month: doctors * self.receipts_per_doctor, assumed_of }))
        };
        institutions.iter().filter_map(capacity).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_negative_assumption_is_refused_by_its_class() {
        let error =
            CapacityTable::parse(&TABLE.replace("doctors = 0.2", "doctors = -0.2")).expect_err("refused");
        assert!(error.to_string().contains("在医総管"), "{error}");
        assert!(
            CapacityTable::parse(&TABLE.replace("receipts_per_doctor = 80", "receipts_per_doctor = nan"))
                .is_err()
        );
    }
}
