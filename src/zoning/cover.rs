//! States what covers the units of a study: services within a travel time, hubs, flows of patients; and
//! where supply outweighs demand.

use crate::access::capacity::CapacityTable;
use crate::access::matrix::Matrix;
use crate::access::reach::{Access, Reach};
use crate::network::link::Direction;
use crate::zoning::condition::Patch;
use crate::zoning::statement::{Facts, Grouping, milli};
use std::collections::{BTreeMap, BTreeSet};

/// The whole of supply or demand, when shares of both are compared.
pub(super) const SHARE_PARTS: u64 = 10_000;

/// A service with the times of its institutions.
pub(super) struct Provided<'a> {
    facts: &'a Facts<'a>,
    grouping: &'a Grouping,
    matrix: &'a Matrix,
    providers: &'a [usize],
}

impl<'a> Provided<'a> {
    /// `None` = no file that was loaded can speak of the service, or there is no such service.
    pub(super) fn new(
        facts: &'a Facts<'a>,
        grouping: &'a Grouping,
        access: &'a Access,
        service: &str,
    ) -> Option<Self> {
        let Reach { service, providers, .. } =
            access.services.iter().find(|reach| reach.service.id == service)?;
        let matrix = match service.direction.of_search() {
            Direction::Outward => &access.visits,
            Direction::Inward => &access.admissions,
        };
        Some(Self { facts, grouping, matrix, providers: providers.as_deref()? })
    }

    /// The unit of an institution; `None` = outside the prefecture, or it is not known where.
    fn unit_of(&self, institution: usize) -> Option<usize> {
        self.grouping.unit_of_institution(self.facts.study, institution)
    }

    /// The demand of each unit by the units from which it is within the time, in milli-receipts per
    /// month. If the provider may be in any zone, each unit covers itself wherever somebody reaches it.
    pub(super) fn within(&self, deciseconds: u32, in_zone: bool) -> Vec<Patch> {
        let mut by: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); self.facts.study.cells.len()];
        for &provider in self.providers {
            let own = self.unit_of(provider);
            for (cell, time) in self.matrix.rows.get(&provider).into_iter().flatten() {
                let cell = *cell as usize;
                let unit = if in_zone { own } else { Some(self.grouping.unit_of_cell[cell]) };
                if time.0 <= deciseconds {
                    by[cell].extend(unit);
                }
            }
        }
        let mut patches: BTreeMap<(usize, BTreeSet<usize>), f64> = BTreeMap::new();
        for (cell, by) in by.into_iter().enumerate() {
            *patches.entry((self.grouping.unit_of_cell[cell], by)).or_default() += self.facts.demand[cell];
        }
        let patch = |((unit, by), receipts): ((usize, BTreeSet<usize>), f64)| Patch {
            unit,
            weight: milli(receipts),
            by: by.into_iter().collect(),
        };
        patches.into_iter().map(patch).collect()
    }

    /// Travel to the demand of each unit from the unit of its zone from which it is least, as patches:
    /// what is uncovered is the travel, in milli-receipts × deciseconds per month. Beyond the limit, and
    /// where no unit of the zone has a provider, it counts as the limit.
    pub(super) fn nearest(&self, limit: u32) -> Vec<Patch> {
        let units = self.grouping.names.len();
        let mut whole = vec![0u64; units];
        for (cell, receipts) in self.facts.demand.iter().enumerate() {
            whole[self.grouping.unit_of_cell[cell]] += milli(*receipts) * u64::from(limit);
        }
        let mut saved = vec![BTreeMap::<usize, u64>::new(); units];
        for (place, times) in self.least_times() {
            for (cell, time) in times {
                let saves = milli(self.facts.demand[cell]) * u64::from(limit.saturating_sub(time));
                *saved[self.grouping.unit_of_cell[cell]].entry(place).or_default() += saves;
            }
        }
        let patches = whole.into_iter().zip(saved).enumerate();
        patches.flat_map(|(unit, (whole, saved))| steps(unit, whole, &saved)).collect()
    }

    /// By unit with providers: the least time to each cell that one of them reaches, in deciseconds.
    fn least_times(&self) -> BTreeMap<usize, BTreeMap<usize, u32>> {
        let mut times: BTreeMap<usize, BTreeMap<usize, u32>> = BTreeMap::new();
        for &provider in self.providers {
            let Some(unit) = self.unit_of(provider) else { continue };
            let of_unit = times.entry(unit).or_default();
            for (cell, time) in self.matrix.rows.get(&provider).into_iter().flatten() {
                let least = of_unit.entry(*cell as usize).or_insert(u32::MAX);
                *least = time.0.min(*least);
            }
        }
        times
    }
}

/// A cost that each of some units would make lower by what it saves, the best of them in the zone
/// counting: one patch for what nobody saves, and one for each step down to the best unit.
fn steps(unit: usize, whole: u64, saved: &BTreeMap<usize, u64>) -> Vec<Patch> {
    let mut order: Vec<(usize, u64)> = saved.iter().map(|(place, saves)| (*place, *saves)).collect();
    order.sort_by_key(|(place, saves)| (std::cmp::Reverse(*saves), *place));
    let best = order.first().map_or(0, |(_, saves)| *saves);
    let mut patches = vec![Patch { unit, weight: whole - best, by: Vec::new() }];
    for (at, (_, saves)) in order.iter().enumerate() {
        let next = order.get(at + 1).map_or(0, |(_, saves)| *saves);
        let by = order[..=at].iter().map(|(place, _)| *place).collect();
        patches.push(Patch { unit, weight: saves - next, by });
    }
    patches.retain(|patch| patch.weight > 0);
    patches
}

/// Every municipality once in each of its units, covered where the zone has a hub or where the service
/// area of some hub includes it.
pub(super) fn hubs(facts: &Facts<'_>, grouping: &Grouping) -> Vec<Patch> {
    let listed = || facts.study.linkage_list.iter().flatten();
    let served: BTreeSet<usize> = listed().flat_map(|entry| entry.served.iter().copied()).collect();
    let by_class = facts.linkage.iter().filter_map(|hub| hub.institution);
    let mut sites: BTreeSet<usize> =
        by_class.filter_map(|at| grouping.unit_of_institution(facts.study, at)).collect();
    let places = listed().filter_map(|entry| entry.municipality);
    sites.extend(places.flat_map(|at| grouping.units_of_municipality[at].iter().copied()));
    let sites: Vec<usize> = sites.into_iter().collect();
    let units = grouping.units_of_municipality.iter().enumerate();
    let patches = units.flat_map(|(municipality, units)| {
        let is_served = served.contains(&municipality);
        let by = |unit: usize| if is_served { vec![unit] } else { sites.clone() };
        units.iter().map(move |unit| Patch { unit: *unit, weight: 1, by: by(*unit) }).collect::<Vec<_>>()
    });
    patches.collect()
}

/// By unit: its share of all supply less its share of all demand, in ten-thousandths. Supply is what
/// institutions for 訪問診療 are assumed to be able to give. `None` = there is no supply or no demand.
pub(super) fn surplus(
    facts: &Facts<'_>,
    grouping: &Grouping,
    capacities: &CapacityTable,
) -> Option<Vec<i64>> {
    let units = grouping.names.len();
    let (mut supply, mut demand) = (vec![0.0; units], vec![0.0; units]);
    let institutions: Vec<usize> = (0..facts.study.institutions.len()).collect();
    for (institution, capacity) in capacities.of(facts.study, &institutions, &BTreeMap::new()) {
        if let Some(unit) = grouping.unit_of_institution(facts.study, institution) {
            supply[unit] += capacity.receipts_per_month;
        }
    }
    for (unit, receipts) in grouping.unit_of_cell.iter().zip(facts.demand) {
        demand[*unit] += receipts;
    }
    let (all_supply, all_demand) = (supply.iter().sum::<f64>(), demand.iter().sum::<f64>());
    let share = |part: f64, whole: f64| (part / whole * SHARE_PARTS as f64).round() as i64;
    let surplus = |(supply, demand): (&f64, &f64)| share(*supply, all_supply) - share(*demand, all_demand);
    (all_supply > 0.0 && all_demand > 0.0).then(|| supply.iter().zip(&demand).map(surplus).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is uncovered of a unit when these units are in its zone.
    fn uncovered(patches: &[Patch], zone: &[usize]) -> u64 {
        let open = patches.iter().filter(|patch| !patch.by.iter().any(|unit| zone.contains(unit)));
        open.map(|patch| patch.weight).sum()
    }

    #[test]
    fn steps_leave_uncovered_what_the_best_unit_of_the_zone_does_not_save() {
        let saved = BTreeMap::from([(1, 70), (2, 90), (3, 90), (4, 20)]);
        let patches = steps(0, 100, &saved);
        assert_eq!(uncovered(&patches, &[0]), 100);
        assert_eq!(uncovered(&patches, &[0, 4]), 80);
        assert_eq!(uncovered(&patches, &[0, 1, 4]), 30);
        assert_eq!(uncovered(&patches, &[0, 3]), 10);
        assert_eq!(uncovered(&patches, &[0, 1, 2, 3]), 10);
        assert_eq!(uncovered(&steps(0, 100, &BTreeMap::new()), &[0]), 100);
    }
}
