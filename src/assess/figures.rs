//! The same table of figures for every plan and every zone.

use crate::access::reach::Access;
use crate::assess::plans::NamedPlan;
use crate::demand::home_visits::{Demand, peak};
use crate::ingest::study::{Area, AreaSystem, Study};
use crate::units::{AgeCounts, Deciseconds};
use crate::zoning::rules::{FigureRules, Hub};
use std::collections::{BTreeMap, BTreeSet};

/// What the figures are computed from.
pub struct Basis<'a> {
    /// The study.
    pub study: &'a Study,
    /// Travel times.
    pub access: &'a Access,
    /// Demand of the cells.
    pub demand: &'a Demand,
    /// Thresholds.
    pub rules: &'a FigureRules,
    /// Candidates for 積極的役割を担う医療機関, positions of institutions; `None` = not loaded.
    pub active: Option<&'a [usize]>,
    /// Candidates for 連携拠点; `None` = not loaded.
    pub linkage: Option<&'a [Hub]>,
    /// Institutions that visit around the clock; `None` = not loaded.
    pub visiting_24h: Option<&'a [usize]>,
}

/// Figures of a zone, or of a plan as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Number of zones.
    pub zones: usize,
    /// Number of municipalities.
    pub municipalities: usize,
    /// People at the census.
    pub population: AgeCounts,
    /// 訪問診療 demand by year, receipts per month.
    pub demand: BTreeMap<u16, f64>,
    /// Demand of the smallest zone in the first year.
    pub smallest_zone_demand: f64,
    /// Demand in the horizon year of the rules; `None` when the series does not reach it.
    pub horizon_demand: Option<f64>,
    /// Year with the highest demand.
    pub peak_year: u16,
    /// Demand in that year.
    pub peak_demand: f64,
    /// Institutions of each service; `None` = not loaded.
    pub institutions: BTreeMap<String, Option<usize>>,
    /// Candidates for 積極的役割を担う医療機関; `None` = not loaded.
    pub active_candidates: Option<usize>,
    /// Listed 積極的役割を担う医療機関; `None` = list not loaded.
    pub active_listed: Option<usize>,
    /// Candidates for 連携拠点; `None` = not loaded.
    pub linkage_candidates: Option<usize>,
    /// Listed 連携拠点; `None` = list not loaded.
    pub linkage_listed: Option<usize>,
    /// Travel inside the zones; `None` = the institutions that visit around the clock were not loaded.
    pub travel: Option<ZoneTravel>,
    /// How the zones divide the areas of every system that was loaded. Of a plan only.
    pub splits: Vec<AreaSplits>,
}

/// How the zones of a plan divide the areas of a system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaSplits {
    /// The system.
    pub system: AreaSystem,
    /// Number of its areas.
    pub areas: usize,
    /// The areas that lie in more than one zone, with these.
    pub divided: Vec<(Area, BTreeSet<usize>)>,
    /// Municipalities of which no table tells the area: more areas may be divided.
    pub untold: Vec<usize>,
}

/// Demand by its way from the nearest round-the-clock visiting institution of the same zone.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ZoneTravel {
    demand: f64,
    reached: f64,
    /// `None` when travel times are cut before the limit of nearness.
    near: Option<f64>,
    demand_minutes: f64,
}

impl ZoneTravel {
    /// Mean minutes of the demand that is reached; `None` when none is.
    #[must_use]
    pub fn mean_minutes(&self) -> Option<f64> {
        (self.reached > 0.0).then(|| self.demand_minutes / self.reached)
    }

    /// Share of the demand that is near, 0–1; `None` without demand, or when travel times are cut
    /// before the limit of nearness.
    #[must_use]
    pub fn near_share(&self) -> Option<f64> {
        self.near.filter(|_| self.demand > 0.0).map(|near| near / self.demand)
    }

    /// Share of the demand that is not reached within the travel limit, 0–1; `None` without demand.
    #[must_use]
    pub fn unreached_share(&self) -> Option<f64> {
        (self.demand > 0.0).then(|| 1.0 - self.reached / self.demand)
    }

    /// Travel of several zones together.
    fn sum(zones: &[Option<Self>]) -> Option<Self> {
        let mut all = zones.iter().copied();
        let first = all.next()??;
        all.try_fold(first, |sum, zone| {
            let zone = zone?;
            Some(Self {
                demand: sum.demand + zone.demand,
                reached: sum.reached + zone.reached,
                near: sum.near.zip(zone.near).map(|(a, b)| a + b),
                demand_minutes: sum.demand_minutes + zone.demand_minutes,
            })
        })
    }
}

impl Basis<'_> {
    /// Figures of the plan as a whole and of each of its zones; `None` when there are no zones.
    #[must_use]
    pub fn figures(&self, plan: &NamedPlan) -> Option<(Figures, Vec<Figures>)> {
        let members: Vec<Vec<usize>> = plan.members().into_values().collect();
        let travel: Vec<Option<ZoneTravel>> = members.iter().map(|members| self.travel(members)).collect();
        let zones: Vec<Figures> =
            members.iter().zip(&travel).map(|(members, travel)| self.of(members, *travel, 1)).collect();
        let all: Vec<usize> = members.into_iter().flatten().collect();
        let mut whole = self.of(&all, ZoneTravel::sum(&travel), zones.len());
        whole.smallest_zone_demand = zones.iter().map(|zone| zone.smallest_zone_demand).reduce(f64::min)?;
        whole.splits = AreaSystem::ALL.into_iter().filter_map(|system| self.splits(plan, system)).collect();
        Some((whole, zones))
    }

    fn of(&self, members: &[usize], travel: Option<ZoneTravel>, zones: usize) -> Figures {
        let inside: BTreeSet<usize> = members.iter().copied().collect();
        let cells = self.cells(&inside);
        let demand = self.demand.series(&cells);
        let (peak_year, peak_demand) = peak(&demand).unwrap_or((0, 0.0));
        let home =
            |at: &usize| self.study.institutions[*at].municipality.is_some_and(|home| inside.contains(&home));
        let count = |institutions: &[usize]| institutions.iter().filter(|at| home(at)).count();
        let of_service = |reach: &crate::access::reach::Reach| {
            (reach.service.id.clone(), reach.providers.as_deref().map(count))
        };
        let listed = |home: Option<usize>| home.is_some_and(|home| inside.contains(&home));
        let touches = |places: &[usize]| places.iter().any(|at| inside.contains(at));
        Figures {
            zones,
            municipalities: members.len(),
            population: cells.iter().map(|cell| self.study.cells[*cell].population).sum(),
            smallest_zone_demand: demand.first_key_value().map_or(0.0, |(_, demand)| *demand),
            horizon_demand: demand.get(&self.rules.horizon_year).copied(),
            demand,
            peak_year,
            peak_demand,
            institutions: self.access.services.iter().map(of_service).collect(),
            active_candidates: self.active.map(count),
            active_listed: self.study.active_list.as_ref().map(|list| {
                list.iter().filter(|entry| entry.is_medical && listed(entry.municipality)).count()
            }),
            linkage_candidates: self
                .linkage
                .map(|hubs| hubs.iter().filter(|hub| touches(&hub.municipalities)).count()),
            linkage_listed: self
                .study
                .linkage_list
                .as_ref()
                .map(|list| list.iter().filter(|entry| touches(&entry.municipalities())).count()),
            travel,
            splits: Vec::new(),
        }
    }

    fn cells(&self, inside: &BTreeSet<usize>) -> Vec<usize> {
        (0..self.study.cells.len())
            .filter(|cell| inside.contains(&self.study.cells[*cell].municipality))
            .collect()
    }

    /// Travel of one zone.
    fn travel(&self, members: &[usize]) -> Option<ZoneTravel> {
        let inside: BTreeSet<usize> = members.iter().copied().collect();
        let home = |at: &usize| self.study.institutions[*at].municipality;
        let is_inside = |at: &usize| home(at).is_some_and(|home| inside.contains(&home));
        let visiting: Vec<usize> = self.visiting_24h?.iter().copied().filter(is_inside).collect();
        let nearest = self.access.visits.nearest(self.study.cells.len(), &visiting);
        let demand = self.demand.first_year();
        let near = Deciseconds::from_minutes(self.rules.near_minutes);
        let near_is_known = self.rules.near_minutes <= self.study.parameters.travel_limit_minutes;
        let mut travel = ZoneTravel { near: near_is_known.then_some(0.0), ..ZoneTravel::default() };
        for cell in self.cells(&inside) {
            travel.demand += demand[cell];
            if let Some(time) = nearest[cell] {
                travel.reached += demand[cell];
                travel.demand_minutes += demand[cell] * time.minutes();
                travel.near = travel.near.map(|sum| sum + if time <= near { demand[cell] } else { 0.0 });
            }
        }
        Some(travel)
    }

    /// How the zones divide the areas of a system; `None` when it was not loaded. A municipality in several
    /// areas takes its zone into each of them.
    fn splits(&self, plan: &NamedPlan, system: AreaSystem) -> Option<AreaSplits> {
        let mut zones: BTreeMap<&Area, BTreeSet<usize>> = BTreeMap::new();
        let mut untold = Vec::new();
        for (municipality, zone) in plan.zone_of_municipality.iter().enumerate() {
            let areas = self.study.areas_of(system, municipality);
            if areas.is_empty() {
                untold.push(municipality);
            }
            for area in areas {
                zones.entry(area).or_default().insert(*zone);
            }
        }
        let areas = zones.len();
        let divided = zones.into_iter().filter(|(_, zones)| zones.len() > 1);
        let divided = divided.map(|(area, zones)| (area.clone(), zones)).collect();
        (areas > 0).then_some(AreaSplits { system, areas, divided, untold })
    }
}

impl Figures {
    /// Demand in the first year of the series.
    #[must_use]
    pub fn demand_first(&self) -> f64 {
        self.demand.first_key_value().map_or(0.0, |(_, demand)| *demand)
    }
}
