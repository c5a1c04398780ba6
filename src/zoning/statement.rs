//! States the zoning question of a study: units, leads, costs and rules as plain numbers.

use crate::access::matrix::Matrix;
use crate::access::reach::Access;
use crate::geometry::plane::short_m;
use crate::ingest::study::{Area, AreaSystem, Cell, Study};
use crate::ingest::unit_table::{Parts, UnitTable};
use crate::units::Deciseconds;
use crate::zoning::measure::Measure;
use crate::zoning::plan::Plan;
use crate::zoning::problem::{Counted, Lead, MinResource, Problem, Unit, ZoneCount};
use crate::zoning::rules::{Hub, LeadSite};
use std::collections::{BTreeMap, BTreeSet};

/// What is put together: municipalities, groups of them, or parts of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grouping {
    /// Names of the units.
    pub names: Vec<String>,
    /// Unit of each cell of the study.
    pub unit_of_cell: Vec<usize>,
    /// Units of each municipality, in order: one, or several where it is split.
    pub units_of_municipality: Vec<Vec<usize>>,
    /// Pairs of neighbours, lower position first, where they do not follow from those of the
    /// municipalities.
    pub neighbours: Option<BTreeSet<(usize, usize)>>,
}

impl Grouping {
    /// Every municipality is a unit.
    #[must_use]
    pub fn municipalities(study: &Study) -> Self {
        let names = study.municipalities.iter().map(|municipality| municipality.name.clone()).collect();
        Self::of_whole(study, names, (0..study.municipalities.len()).collect())
    }

    /// Every area of a system is a unit, in order of code; `None` when the system was not loaded
    /// or leaves a municipality out. One of another prefecture that it leaves out is a unit of its own.
    #[must_use]
    pub fn areas(study: &Study, system: AreaSystem) -> Option<Self> {
        let municipalities = study.municipalities.iter();
        let areas = municipalities.map(|one| study.area(one, system)).collect::<Option<Vec<_>>>()?;
        let order: BTreeMap<&Area, usize> =
            areas.iter().map(AsRef::as_ref).collect::<BTreeSet<_>>().into_iter().zip(0..).collect();
        let names = order.keys().map(|area| area.name.clone()).collect();
        Some(Self::of_whole(study, names, areas.iter().map(|area| order[area.as_ref()]).collect()))
    }

    /// The units of a planner's table. `joined` are the pairs of its parts that a way joins
    /// ([`crate::network::municipal_map::joined_parts`]).
    #[must_use]
    pub fn of_table(table: &UnitTable, parts: &Parts, joined: &[(usize, usize)]) -> Self {
        Self {
            names: table.names.clone(),
            unit_of_cell: table.unit_of_cell.clone(),
            units_of_municipality: table.units_of_municipality.clone(),
            neighbours: Some(pairs(joined.iter().map(|(a, b)| (parts.unit[*a], parts.unit[*b])))),
        }
    }

    fn of_whole(study: &Study, names: Vec<String>, unit_of_municipality: Vec<usize>) -> Self {
        Self {
            names,
            unit_of_cell: study.cells.iter().map(|cell| unit_of_municipality[cell.municipality]).collect(),
            units_of_municipality: unit_of_municipality.into_iter().map(|unit| vec![unit]).collect(),
            neighbours: None,
        }
    }

    /// The unit in which an institution stands: that of the nearest cell of its municipality. One
    /// without a place counts where the first cell of its municipality lies; no way leads to it anyway.
    #[must_use]
    pub fn unit_of_institution(&self, study: &Study, institution: usize) -> Option<usize> {
        let institution = &study.institutions[institution];
        let municipality = institution.municipality?;
        if let [unit] = self.units_of_municipality[municipality][..] {
            return Some(unit);
        }
        let inside =
            study.cells.iter().zip(&self.unit_of_cell).filter(|(cell, _)| cell.municipality == municipality);
        let metres =
            |(cell, _): &(&Cell, &usize)| institution.position.map_or(0.0, |at| short_m(at.0, cell.centre.0));
        inside.min_by(|a, b| metres(a).total_cmp(&metres(b))).map(|(_, unit)| *unit)
    }

    /// The units in which a candidate for 連携拠点 stands or which it serves. One of the prefecture's list
    /// serves a municipality as a whole.
    #[must_use]
    pub fn units_of_hub(&self, study: &Study, hub: &Hub) -> BTreeSet<usize> {
        match hub.institution {
            Some(at) => self.unit_of_institution(study, at).into_iter().collect(),
            None => {
                hub.municipalities.iter().flat_map(|at| self.units_of_municipality[*at].clone()).collect()
            }
        }
    }

    /// The plan in which every unit is a zone of its own, over municipalities; `None` where one is split.
    #[must_use]
    pub fn as_plan(&self) -> Option<Plan> {
        let units = self.names.len();
        self.over_municipalities(&Plan {
            zone_of_unit: (0..units).collect(),
            lead_of_zone: vec![None; units],
        })
    }

    /// A plan over these units as a plan over municipalities; `None` where it splits one.
    #[must_use]
    pub fn over_municipalities(&self, plan: &Plan) -> Option<Plan> {
        let zone = |units: &Vec<usize>| {
            let zones: BTreeSet<usize> = units.iter().map(|unit| plan.zone_of_unit[*unit]).collect();
            zones.first().copied().filter(|_| zones.len() == 1)
        };
        let zone_of_unit = self.units_of_municipality.iter().map(zone).collect::<Option<_>>()?;
        Some(Plan { zone_of_unit, lead_of_zone: plan.lead_of_zone.clone() })
    }
}

/// Pairs of different units, lower position first.
fn pairs(all: impl Iterator<Item = (usize, usize)>) -> BTreeSet<(usize, usize)> {
    all.filter(|(a, b)| a != b).map(|(a, b)| (a.min(b), a.max(b))).collect()
}

/// For whom zones are made, and who leads them. The default is 在宅医療圏.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// How people call those who may lead a zone.
    pub leads: String,
    /// How the demand is counted.
    pub counted: Counted,
    /// Whether every zone needs a candidate for 連携拠点.
    pub needs_hub: bool,
    /// Whether every unit is told who serves it (an overlay zoning).
    pub names_servers: bool,
}

impl Default for Subject {
    fn default() -> Self {
        Self {
            leads: "積極的役割の候補".to_owned(),
            counted: Counted::default(),
            needs_hub: true,
            names_servers: false,
        }
    }
}

/// What a study says about a zoning, whatever the units.
pub struct Facts<'a> {
    /// For whom.
    pub subject: &'a Subject,
    /// The study.
    pub study: &'a Study,
    /// Demand of each cell, receipts per month.
    pub demand: &'a [f64],
    /// Institutions that may lead a zone.
    pub leads: &'a [LeadSite],
    /// Times from each lead to every cell it can reach at all.
    pub lead_times: &'a Matrix,
    /// Candidates for 連携拠点.
    pub linkage: &'a [Hub],
    /// Municipalities that a real road or ferry joins.
    pub neighbours: &'a [(usize, usize)],
    /// Travel times of services; `None` = not computed.
    pub access: Option<&'a Access>,
}

impl Facts<'_> {
    /// The question for these units, under the rules and parameters of the study.
    ///
    /// Cells that no road reaches cost nothing wherever they are put; the share of demand within
    /// the travel limit counts them as not reached.
    #[must_use]
    pub fn problem(&self, grouping: &Grouping) -> Problem {
        let lead = |site: &LeadSite| Lead {
            id: self.study.institutions[site.institution].name.clone(),
            unit: self.unit_of_lead(grouping, site),
        };
        let least = u32::from(self.subject.needs_hub);
        Problem {
            units: self.units(grouping),
            leads: self.leads.iter().map(lead).collect(),
            cost: self.costs(grouping),
            neighbours: self.neighbours(grouping).into_iter().collect(),
            min_demand_milli: milli(self.study.parameters.zone_min_demand_receipts_per_month),
            min_resources: vec![MinResource { name: "連携拠点の候補".to_owned(), least }],
            zone_count: ZoneCount::default(),
            closed: Vec::new(),
            conditions: Vec::new(),
            objective: Measure::travel(),
            counted: self.subject.counted.clone(),
        }
    }

    /// Pairs of units that a passable connection joins, lower position first.
    #[must_use]
    pub fn neighbours(&self, grouping: &Grouping) -> BTreeSet<(usize, usize)> {
        let derived = || {
            let units = |municipality: usize| &grouping.units_of_municipality[municipality];
            let across = self.neighbours.iter().flat_map(|(a, b)| {
                units(*a).iter().flat_map(|one| units(*b).iter().map(move |other| (*one, *other)))
            });
            pairs(across)
        };
        grouping.neighbours.clone().unwrap_or_else(derived)
    }

    /// The unit in which a candidate to lead a zone stands.
    pub(super) fn unit_of_lead(&self, grouping: &Grouping, site: &LeadSite) -> usize {
        let unit = grouping.unit_of_institution(self.study, site.institution);
        // A municipality is split between its cells, so there is one.
        unit.unwrap_or(grouping.units_of_municipality[site.municipality][0])
    }

    fn units(&self, grouping: &Grouping) -> Vec<Unit> {
        let demand = self.demand_of_units(grouping);
        let mut linkage = vec![0; grouping.names.len()];
        for hub in self.linkage {
            for unit in grouping.units_of_hub(self.study, hub) {
                linkage[unit] += 1;
            }
        }
        let unit = |((name, demand), linkage): ((&String, f64), u32)| Unit {
            name: name.clone(),
            demand_milli: milli(demand),
            resources: vec![linkage],
        };
        grouping.names.iter().zip(demand).zip(linkage).map(unit).collect()
    }

    /// Travel of each lead to the demand of each unit; `None` where too little of it is near enough.
    fn costs(&self, grouping: &Grouping) -> Vec<Vec<Option<u64>>> {
        let mut costs = vec![Vec::new(); grouping.names.len()];
        for lead in self.leads {
            let row = self.lead_times.rows.get(&lead.institution).map_or(&[][..], Vec::as_slice);
            for (unit, cost) in self.costs_of_lead(grouping, row).into_iter().enumerate() {
                costs[unit].push(cost);
            }
        }
        costs
    }

    /// The least travel limit in whole minutes under which each lead may lead each unit; `None` = under
    /// none.
    #[must_use]
    pub fn least_limits(&self, grouping: &Grouping) -> Vec<Vec<Option<u32>>> {
        let mut limits = vec![Vec::new(); grouping.names.len()];
        let totals: Vec<f64> = self.demand_of_units(grouping);
        for lead in self.leads {
            let row = self.lead_times.rows.get(&lead.institution).map_or(&[][..], Vec::as_slice);
            let mut by_unit: Vec<Vec<(Deciseconds, usize)>> = vec![Vec::new(); limits.len()];
            for (cell, time) in row {
                by_unit[grouping.unit_of_cell[*cell as usize]].push((*time, *cell as usize));
            }
            for (unit, mut cells) in by_unit.into_iter().enumerate() {
                cells.sort_unstable();
                limits[unit].push(self.least_limit(totals[unit], &cells));
            }
        }
        limits
    }

    /// Receipts per month.
    fn demand_of_units(&self, grouping: &Grouping) -> Vec<f64> {
        let mut demand = vec![0.0; grouping.names.len()];
        for (unit, receipts) in grouping.unit_of_cell.iter().zip(self.demand) {
            demand[*unit] += receipts;
        }
        demand
    }

    /// The least limit for a unit of so much demand, from the times to its cells in order.
    fn least_limit(&self, total: f64, cells: &[(Deciseconds, usize)]) -> Option<u32> {
        let most_far = (1.0 - self.study.parameters.zone_travel_share + 1e-12) * total;
        let mut far = total;
        let is_enough = |(_, cell): &&(Deciseconds, usize)| {
            far -= self.demand[*cell];
            far <= most_far
        };
        cells.iter().find(is_enough).map(|(time, _)| time.0.div_ceil(Deciseconds::from_minutes(1).0))
    }

    fn costs_of_lead(&self, grouping: &Grouping, row: &[(u32, Deciseconds)]) -> Vec<Option<u64>> {
        let parameters = &self.study.parameters;
        let limit = Deciseconds::from_minutes(parameters.zone_travel_limit_minutes);
        let unit_of = |cell: usize| grouping.unit_of_cell[cell];
        let mut far = vec![0.0; grouping.names.len()];
        for (cell, receipts) in self.demand.iter().enumerate() {
            far[unit_of(cell)] += receipts;
        }
        let total = far.clone();
        let mut cost = vec![0_u64; total.len()];
        let mut reached = vec![false; total.len()];
        for (cell, time) in row {
            let (unit, receipts) = (unit_of(*cell as usize), self.demand[*cell as usize]);
            cost[unit] = cost[unit].saturating_add(milli(receipts).saturating_mul(u64::from(time.0)));
            if *time <= limit {
                far[unit] -= receipts;
                reached[unit] = true;
            }
        }
        // A hair of tolerance for the sums; a unit without demand must be reached all the same.
        let most_far = |unit: usize| (1.0 - parameters.zone_travel_share + 1e-12) * total[unit];
        let allowed = |unit: &usize| reached[*unit] && far[*unit] <= most_far(*unit);
        (0..total.len()).map(|unit| allowed(&unit).then_some(cost[unit])).collect()
    }
}

/// Receipts as whole thousandths, so that sums are exact.
pub(super) fn milli(receipts: f64) -> u64 {
    (receipts * 1_000.0).round() as u64
}
