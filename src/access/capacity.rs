//! Capacity of institutions for 訪問診療: as counted, else as assumed of their class
//! (`shapes/tables/capacities.toml`). Where the doctors of a clinic are counted (コード内容別), only
//! the share of their time is assumed.

use crate::access::AccessError;
use crate::ingest::study::{Institution, Study};
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
    /// Full-time equivalents of one doctor of 非常勤.
    pub part_time_equivalent: f64,
    /// Where that comes from.
    pub part_time_source: String,
    /// `V`, `D`, `M` or `A`.
    pub part_time_tag: String,
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
    /// Share of their time that goes into visits where the doctors of a clinic are counted, 0–1;
    /// `None` = of hospitals, whose doctors work on wards.
    pub share_of_time: Option<f64>,
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
    /// Doctors of the clinic, full-time equivalents, of whose time a share is assumed; `None` = nobody
    /// has counted them.
    pub doctors: Option<f64>,
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
        let fault =
            |key: &str, most| Err(AccessError::CapacityTable(format!("{key} は 0 以上{most}にしてください")));
        for class in &table.classes {
            if !is_sound(class.doctors) {
                return fault(&format!("{} の doctors", class.id), "");
            }
            if class.share_of_time.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
                return fault(&format!("{} の share_of_time", class.id), " 1 以下");
            }
        }
        match [table.receipts_per_doctor, table.part_time_equivalent].map(is_sound) {
            [true, true] => Ok(table),
            [false, _] => fault("receipts_per_doctor", ""),
            _ => fault("part_time_equivalent", ""),
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
            let of_visits = |doctors: f64, assumed_of, counted| Capacity {
                receipts_per_month: doctors * self.receipts_per_doctor,
                assumed_of,
                doctors: counted,
            };
            if let Some(doctors) = counted.get(at) {
                return Some((*at, of_visits(*doctors, None, None)));
            }
            let institution = &study.institutions[*at];
            let own = self.classes.iter().filter(|class| institution.classes.contains(&class.id));
            let class = own.max_by(|a, b| a.doctors.total_cmp(&b.doctors))?;
            let doctors = self.doctors_of_clinic(institution);
            let visits = doctors.zip(class.share_of_time).map(|(doctors, share)| doctors * share);
            let counted = doctors.filter(|_| visits.is_some());
            Some((*at, of_visits(visits.unwrap_or(class.doctors), Some(class.id.clone()), counted)))
        };
        institutions.iter().filter_map(capacity).collect()
    }

    /// Doctors of a clinic as it reported them, full-time equivalents; `None` = not known, or no clinic.
    fn doctors_of_clinic(&self, institution: &Institution) -> Option<f64> {
        let is_clinic = institution.classes.contains("診療所") && !institution.classes.contains("病院");
        let staff = institution.practice.staff.filter(|_| is_clinic)?;
        let part_time = f64::from(staff.part_time.doctors) * self.part_time_equivalent;
        Some(f64::from(staff.full_time.doctors) + part_time)
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
        let error = CapacityTable::parse(&TABLE.replacen("share_of_time = 0.5", "share_of_time = 1.5", 1))
            .expect_err("refused");
        assert!(error.to_string().contains("支援診1 の share_of_time"), "{error}");
    }
}
