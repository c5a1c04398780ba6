//! What the prefecture's own lists say of the zones of a plan: beds for sudden changes with the way to
//! them, and how many patients are treated where they live.

use crate::access::matrix::Matrix;
use crate::assess::plans::NamedPlan;
use crate::ingest::own_lists::{AdmissionBeds, FlowDirection, PatientFlow};
use crate::ingest::study::{AreaSystem, Count, Study};
use std::collections::{BTreeMap, BTreeSet};

/// Beds that take patients of a zone.
#[derive(Clone, Debug, PartialEq)]
pub struct ZoneAdmission {
    /// Position of the zone in the plan.
    pub zone: usize,
    /// Position of the line in the list.
    pub beds: usize,
    /// Minutes from home to the hospital, mean over the people of 75 and over of the zone and the area of
    /// the line who reach it within the travel limit; `None` = none of them does.
    pub mean_minutes: Option<f64>,
    /// People of 75 and over of the zone and the area of the line.
    pub age_75_plus: u64,
    /// Those of them who do not reach it within the travel limit.
    pub beyond_limit: u64,
}

/// For each zone the lines of the list whose area it shares, in order. `admissions` are times from homes
/// to institutions.
#[must_use]
pub fn zone_admissions(
    study: &Study,
    list: &[AdmissionBeds],
    admissions: &Matrix,
    plan: &NamedPlan,
) -> Vec<ZoneAdmission> {
    let mut found = Vec::new();
    for (zone, members) in plan.members() {
        for (at, beds) in list.iter().enumerate() {
            let shared: BTreeSet<usize> =
                members.iter().copied().filter(|one| beds.area.municipalities.contains(one)).collect();
            if !shared.is_empty() {
                found.push(zone_admission(study, admissions, zone, (at, beds), &shared));
            }
        }
    }
    found
}

fn zone_admission(
    study: &Study,
    admissions: &Matrix,
    zone: usize,
    (at, beds): (usize, &AdmissionBeds),
    shared: &BTreeSet<usize>,
) -> ZoneAdmission {
    let cells = study.cells.iter().filter(|cell| shared.contains(&cell.municipality));
    let age_75_plus = cells.map(|cell| u64::from(cell.population.age_75_plus)).sum();
    let (mut reached, mut minutes) = (0_u64, 0.0);
    for (cell, time) in admissions.rows.get(&beds.institution).into_iter().flatten() {
        let cell = &study.cells[*cell as usize];
        if shared.contains(&cell.municipality) {
            reached += u64::from(cell.population.age_75_plus);
            minutes += f64::from(cell.population.age_75_plus) * time.minutes();
        }
    }
    ZoneAdmission {
        zone,
        beds: at,
        mean_minutes: (reached > 0).then(|| minutes / reached as f64),
        age_75_plus,
        beyond_limit: age_75_plus - reached,
    }
}

/// A share with the error of suppressed counts, 0–1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShareRange {
    /// At least.
    pub least: f64,
    /// At most.
    pub most: f64,
}

/// How far the patients of a zone stay in it.
#[derive(Clone, Debug, PartialEq)]
pub struct ZoneFlows {
    /// Position of the zone in the plan.
    pub zone: usize,
    /// 訪問診療, 往診, 看取り … as written.
    pub kind: String,
    /// Year.
    pub year: u16,
    /// Share of the patients who live in the zone that are treated in it (LI); `None` = of so few patients
    /// that it must not be shown, or of none.
    pub treated_at_home: Option<ShareRange>,
    /// Share of the patients treated in the zone that live in it.
    pub of_the_zone: Option<ShareRange>,
}

/// Shares of fewer patients than this are not shown.
const FEWEST: u64 = 10;
/// What a small count may be, whether its source or we suppress it: an exact one would follow from the share.
const SMALL: (u64, u64) = (1, 9);

#[derive(Clone, Copy, Default)]
struct Bounds {
    least: u64,
    most: u64,
}

impl Bounds {
    fn add(&mut self, count: Count) {
        let (least, most) = match count {
            Count::Exact(count) if u64::from(count) >= FEWEST || count == 0 => {
                (u64::from(count), u64::from(count))
            }
            Count::Exact(_) | Count::Small => SMALL,
        };
        self.least += least;
        self.most += most;
    }

    /// Share of these in these and others together.
    fn share(self, others: Self) -> Option<ShareRange> {
        let of = |part: u64, rest: u64| part as f64 / (part + rest).max(1) as f64;
        (self.least + others.least >= FEWEST)
            .then(|| ShareRange { least: of(self.least, others.most), most: of(self.most, others.least) })
    }
}

/// Shares of every kind and year in every zone, in order.
#[must_use]
pub fn zone_flows(flows: &[PatientFlow], plan: &NamedPlan) -> Vec<ZoneFlows> {
    #[derive(Default)]
    struct Sums {
        stay: Bounds,
        leave: Bounds,
        come: Bounds,
    }
    let zone_of = |place: Option<usize>| place.and_then(|at| plan.zone_of_municipality.get(at).copied());
    let mut sums: BTreeMap<(&str, u16), Vec<Sums>> = BTreeMap::new();
    for flow in flows {
        let of_zones = sums
            .entry((&flow.kind, flow.year))
            .or_insert_with(|| plan.zones.iter().map(|_| Sums::default()).collect());
        match (zone_of(flow.home), zone_of(flow.place)) {
            (Some(home), Some(place)) if home == place => of_zones[home].stay.add(flow.count),
            (home, place) => {
                if let Some(home) = home {
                    of_zones[home].leave.add(flow.count);
                }
                if let Some(place) = place {
                    of_zones[place].come.add(flow.count);
                }
            }
        }
    }
    let of_kind = |((kind, year), zones): ((&str, u16), Vec<Sums>)| {
        let row = |(zone, sums): (usize, Sums)| ZoneFlows {
            zone,
            kind: kind.to_owned(),
            year,
            treated_at_home: sums.stay.share(sums.leave),
            of_the_zone: sums.stay.share(sums.come),
        };
        zones.into_iter().enumerate().map(row).collect::<Vec<_>>()
    };
    sums.into_iter().flat_map(of_kind).collect()
}

/// Share of the patients of whole 構想区域 that are treated in the zone, by phase: `(zone, phase, share)`.
/// Shares of several areas are weighted with their people of 65 and over, which is an assumption; shares that
/// the publisher has cut away may lie in the zone or not. Zones that cut an area are left out.
#[must_use]
pub fn zone_area_flows(study: &Study, plan: &NamedPlan) -> Vec<(usize, String, ShareRange)> {
    let people = study.people_by_municipality();
    let mut areas: BTreeMap<&str, (BTreeSet<usize>, f64)> = BTreeMap::new();
    for (at, one) in study.municipalities.iter().enumerate() {
        let (Some(area), Some(zone)) =
            (one.areas.get(&AreaSystem::SecondaryMedicalArea), plan.zone_of_municipality.get(at))
        else {
            return Vec::new();
        };
        let known = areas.entry(&area.code).or_default();
        known.0.insert(*zone);
        known.1 += f64::from(people[at].age_65_plus);
    }
    let zone_of = |code: &str| {
        let (zones, _) = areas.get(code)?;
        zones.first().copied().filter(|_| zones.len() == 1)
    };
    let is_cut: BTreeSet<usize> = areas
        .values()
        .filter(|(zones, _)| zones.len() > 1)
        .flat_map(|(zones, _)| zones.iter().copied())
        .collect();
    let out = || study.own_lists.area_flows.iter().filter(|flow| flow.direction == FlowDirection::Out);
    let mut sums: BTreeMap<(usize, &str), [f64; 3]> = BTreeMap::new();
    let mut told: BTreeMap<(&str, &str), [f64; 2]> = BTreeMap::new();
    for flow in out() {
        let sum = told.entry((&flow.area, &flow.phase)).or_default();
        sum[0] += flow.rate;
        if zone_of(&flow.area).is_some() && zone_of(&flow.area) == zone_of(&flow.partner) {
            sum[1] += flow.rate;
        }
    }
    for ((area, phase), [all, stay]) in told {
        let Some(zone) = zone_of(area).filter(|zone| !is_cut.contains(zone)) else { continue };
        let weight = areas.get(area).map_or(0.0, |(_, people)| *people);
        let sum = sums.entry((zone, phase)).or_default();
        sum[0] += weight;
        sum[1] += weight * stay;
        sum[2] += weight * (stay + (1.0 - all).max(0.0));
    }
    let share = |((zone, phase), [weight, least, most]): ((usize, &str), [f64; 3])| {
        let range = ShareRange { least: least / weight, most: most / weight };
        (weight > 0.0).then(|| (zone, phase.to_owned(), range))
    };
    sums.into_iter().filter_map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suppressed_counts_widen_a_share_and_few_patients_have_none() {
        let bounds = |counts: &[Count]| {
            let mut bounds = Bounds::default();
            for count in counts {
                bounds.add(*count);
            }
            bounds
        };
        let stay = bounds(&[Count::Exact(30), Count::Small]);
        let leave = bounds(&[Count::Exact(10)]);
        let share = stay.share(leave).expect("enough");
        assert!((share.least - 31.0 / 41.0).abs() < 1e-12 && (share.most - 39.0 / 49.0).abs() < 1e-12);
        assert_eq!(bounds(&[Count::Small]).share(bounds(&[Count::Exact(8)])), None);
        assert_eq!(bounds(&[]).share(bounds(&[])), None);
        let few = bounds(&[Count::Exact(30)]).share(bounds(&[Count::Exact(3)])).expect("enough");
        assert_eq!(
            (few.least, few.most),
            (30.0 / 39.0, 30.0 / 31.0),
            "an exact 3 would follow from the share"
        );
        let all = bounds(&[Count::Exact(12)]).share(bounds(&[])).expect("enough");
        assert_eq!((all.least, all.most), (1.0, 1.0));
    }
}
