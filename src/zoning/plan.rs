//! A plan: which unit belongs to which zone, whoever decided it.

use std::collections::BTreeMap;

/// An assignment of units to zones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The zone of each unit, counted from 0.
    pub zone_of_unit: Vec<usize>,
    /// The institution that leads each zone, as its place in [`super::problem::Problem::leads`];
    /// `None` = the plan does not say. Its length is the number of zones.
    pub lead_of_zone: Vec<Option<usize>>,
}

impl Plan {
    /// The plan in which units of the same group form a zone, without leads. Zones are numbered in
    /// the order in which their groups are first met.
    ///
    /// ```
    /// use keniki::zoning::plan::Plan;
    /// let plan = Plan::from_groups(&["甲府", "甲府", "峡東", "甲府"]);
    /// assert_eq!(plan.zone_of_unit, [0, 0, 1, 0]);
    /// assert_eq!(plan.lead_of_zone, [None, None]);
    /// ```
    #[must_use]
    pub fn from_groups<Group: Ord>(groups: &[Group]) -> Self {
        let mut zones = BTreeMap::new();
        let zone_of_unit = groups
            .iter()
            .map(|group| {
                let next = zones.len();
                *zones.entry(group).or_insert(next)
            })
            .collect();
        Self { zone_of_unit, lead_of_zone: vec![None; zones.len()] }
    }

    /// The zone of each unit, zones numbered in the order of their first units: the same for plans
    /// with the same zones.
    #[must_use]
    pub fn partition(&self) -> Vec<usize> {
        Self::from_groups(&self.zone_of_unit).zone_of_unit
    }

    /// Number of zones.
    #[must_use]
    pub fn zones(&self) -> usize {
        self.lead_of_zone.len()
    }

    /// The units of each zone, in order. A unit assigned to a zone that does not exist is in none.
    #[must_use]
    pub fn units_of_zones(&self) -> Vec<Vec<usize>> {
        let mut units = vec![Vec::new(); self.zones()];
        for (unit, &zone) in self.zone_of_unit.iter().enumerate() {
            if let Some(members) = units.get_mut(zone) {
                members.push(unit);
            }
        }
        units
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_of_an_unknown_zone_is_in_no_zone() {
        let plan = Plan { zone_of_unit: vec![1, 0, 1, 7], lead_of_zone: vec![None, None] };
        assert_eq!(plan.units_of_zones(), [vec![1], vec![0, 2]]);
    }

    #[test]
    fn a_plan_of_nothing_has_no_zones() {
        assert_eq!(Plan::from_groups::<u8>(&[]), Plan::default());
    }
}
