//! Everything about shortage in a study: whom each service misses and why, how deep its cover is, what
//! stops with each institution, capacity and competition, and where a provider would help most.

use crate::access::AccessError;
use crate::access::capacity::{Capacity, CapacityTable};
use crate::access::cover::{Concerned, Residents, cover};
use crate::access::depth::{Depth, depth};
use crate::access::floating_catchment::decay::{CatchmentTable, Decay};
use crate::access::floating_catchment::enhanced::enhanced;
use crate::access::floating_catchment::inverted::inverted;
use crate::access::floating_catchment::kernel_density::kernel_density;
use crate::access::floating_catchment::raam::{Equilibrium, raam};
use crate::access::floating_catchment::three_step::three_step;
use crate::access::floating_catchment::two_step::two_step;
use crate::access::floating_catchment::{CatchmentError, Catchments};
use crate::access::loss::{Loss, losses};
use crate::access::matrix::{Matrix, matrix};
use crate::access::partners::{Partner, between, partners};
use crate::access::reach::{Access, Reach};
use crate::access::services::ServiceDirection;
use crate::access::shortage::{Asked, Shortage, allowed, shortage};
use crate::access::shortage_rules::ShortageRules;
use crate::access::siting::SitingError;
use crate::access::standing::{Standing, by_standing, standings};
use crate::assess::sites::{Model, Sites, SitingStep};
use crate::ingest::location_errors::LocationErrors;
use crate::ingest::study::Study;
use crate::network::build::Roadway;
use crate::progress::Progress;
use crate::units::Deciseconds;
use std::collections::BTreeMap;

/// Why shortages could not be computed.
#[derive(Debug, thiserror::Error)]
pub enum ShortageError {
    /// A table or a limit.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Demand or capacity that cannot be used.
    #[error(transparent)]
    Catchment(#[from] CatchmentError),
    /// The sites could not be chosen.
    #[error(transparent)]
    Siting(#[from] SitingError),
}

/// The dated tables on which the answers rest.
#[derive(Clone, Debug)]
pub struct ShortageTables {
    /// When an area is short.
    pub rules: ShortageRules,
    /// What institutions can give.
    pub capacities: CapacityTable,
    /// Catchment parameters.
    pub catchments: CatchmentTable,
    /// How exactly places are known.
    pub location_errors: &'static LocationErrors,
}

impl ShortageTables {
    /// The tables that ship with the program.
    ///
    /// # Errors
    /// [`AccessError`] when one is damaged.
    pub fn shipped() -> Result<Self, AccessError> {
        Ok(Self {
            rules: ShortageRules::shipped()?,
            capacities: CapacityTable::shipped()?,
            catchments: CatchmentTable::shipped()?,
            location_errors: LocationErrors::shipped(),
        })
    }
}

/// All answers.
#[derive(Clone, Debug)]
pub struct Shortages {
    /// Every service of the table, in its order.
    pub services: Vec<ServiceShortage>,
    /// Capacity and competition; `None` = the service of which capacity is known was not loaded.
    pub capacity: Option<CapacityPicture>,
    /// The best sites for 1, 2, … added providers of that service; `None` = it, or those that could
    /// take it up, were not loaded.
    pub sitings: Option<Vec<SitingStep>>,
}

/// All answers about one service.
#[derive(Clone, Debug)]
pub struct ServiceShortage {
    /// Where it is short.
    pub shortage: Shortage,
    /// Whether those that could take it up were loaded; otherwise remedies are unknown.
    pub remedies_known: bool,
    /// What is known of its cover; `None` = not loaded.
    pub cover: Option<CoverPicture>,
    /// Who lies in the circle of the fee rules in spite of the error of places; `None` = not
    /// loaded, or the service has no circle.
    pub circle: Option<CirclePicture>,
}

/// Where people stand to the circle of the fee rules around any institution of a service.
#[derive(Clone, Debug)]
pub struct CirclePicture {
    /// Standing of each cell.
    pub standings: Vec<Standing>,
    /// People of each municipality by standing, in the order of [`Standing::ALL`].
    pub municipalities: Vec<[Concerned; 3]>,
}

/// Depth and dependence of a cover.
#[derive(Clone, Debug)]
pub struct CoverPicture {
    /// Depth in each municipality, in the order of the study.
    pub depth: Vec<Depth>,
    /// What stops with each institution, the most people first.
    pub losses: Vec<Loss>,
    /// For each institution that is not known to come around the clock the nearest that do; `None`
    /// = nothing tells who does.
    pub partners: Option<BTreeMap<usize, Vec<Partner>>>,
}

/// Capacity and competition. All results of cells stand in the order of the study.
#[derive(Clone, Debug)]
pub struct CapacityPicture {
    /// Capacity of the institutions of which something is known or assumed.
    pub capacities: BTreeMap<usize, Capacity>,
    /// 2SFCA.
    pub two_step: Vec<f64>,
    /// E2SFCA, slow decay.
    pub enhanced: Vec<f64>,
    /// E2SFCA, sharp decay.
    pub enhanced_sharp: Vec<f64>,
    /// KD2SFCA.
    pub kernel_density: Vec<f64>,
    /// 3SFCA.
    pub three_step: Vec<f64>,
    /// i2SFCA (decay of E2SFCA): demand per capacity of each institution, by position.
    pub crowdedness: BTreeMap<usize, f64>,
    /// The lowest of those within reach of each cell; `None` = nobody within reach.
    pub least_crowded: Vec<Option<f64>>,
    /// RAAM.
    pub raam: Equilibrium,
    /// Positions of the institutions in the order of the loads of RAAM.
    pub institutions: Vec<usize>,
}

/// Times of those that could take a service up, cut at the limit of the rules.
#[derive(Clone, Debug)]
pub struct Could {
    visits: Matrix,
    admissions: Matrix,
}

/// Capacities of a service with the pairs that may meet and what they compete for.
struct Supply {
    capacities: BTreeMap<usize, Capacity>,
    times: Matrix,
    catchments: Catchments,
}

/// What the answers are computed from.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// The study.
    pub study: &'a Study,
    /// Its roads.
    pub roadway: &'a Roadway,
    /// Travel times and the reach of each service.
    pub access: &'a Access,
    /// People, and the demand of one year, by cell.
    pub residents: &'a Residents,
    /// The tables on which the answers rest.
    pub tables: &'a ShortageTables,
    /// Times of those that could take a service up.
    pub could: &'a Could,
}

/// Answers everything about a study, with the demand of one year in `residents`.
///
/// # Errors
/// [`ShortageError`]: travel times cut before the limit of the rules, or a failure of the solver.
pub fn shortages(
    study: &Study,
    roadway: &Roadway,
    access: &Access,
    residents: &Residents,
    tables: &ShortageTables,
    progress: &dyn Progress,
) -> Result<Shortages, ShortageError> {
    let could = Could::new(study, roadway, access, &tables.rules, progress);
    Ground { study, roadway, access, residents, tables, could: &could }.shortages(progress)
}

impl Could {
    /// Times of all that could take up any service.
    #[must_use]
    pub fn new(
        study: &Study,
        roadway: &Roadway,
        access: &Access,
        rules: &ShortageRules,
        progress: &dyn Progress,
    ) -> Self {
        let of = |direction| could(study, roadway, access, rules, direction, progress);
        Self { visits: of(ServiceDirection::Visit), admissions: of(ServiceDirection::Receive) }
    }
}

/// Times of all that could take up any service of a direction.
fn could(
    study: &Study,
    roadway: &Roadway,
    access: &Access,
    rules: &ShortageRules,
    direction: ServiceDirection,
    progress: &dyn Progress,
) -> Matrix {
    let services = access.services.iter().filter(|reach| reach.service.direction == direction);
    let mut all: Vec<usize> =
        services.filter_map(|reach| rules.could(study, &reach.service.id)).flatten().collect();
    all.sort_unstable();
    all.dedup();
    let step = progress.step("担える医療機関からの所要時間", all.len() as u64);
    matrix(roadway, &all, direction.of_search(), rules.limit_at(1.0), step.as_ref())
}

impl Ground<'_> {
    /// Everything.
    ///
    /// # Errors
    /// As [`shortages`].
    pub fn shortages(&self, progress: &dyn Progress) -> Result<Shortages, ShortageError> {
        let step = progress.step("提供量と競合", 1);
        let capacity = self.capacity()?;
        step.advance(1);
        drop(step);
        let step = progress.step("不足・重なり・停止の影響", self.access.services.len() as u64);
        let mut services = Vec::new();
        for reach in &self.access.services {
            services.push(self.service(reach, progress)?);
            step.advance(1);
        }
        drop(step);
        let step = progress.step("加えるとよい場所", 1);
        let sitings = self.of_capacity().map(|reach| self.sitings(reach)).transpose()?.flatten();
        step.advance(1);
        Ok(Shortages { services, capacity, sitings })
    }

    /// The service of which capacity is known.
    fn of_capacity(&self) -> Option<&Reach> {
        self.access.services.iter().find(|reach| reach.service.id == self.tables.rules.capacity_service)
    }

    /// Times in the direction of a service.
    pub(super) fn times(&self, reach: &Reach) -> &Matrix {
        match reach.service.direction {
            ServiceDirection::Visit => &self.access.visits,
            ServiceDirection::Receive => &self.access.admissions,
        }
    }

    /// Times of those that could take a service up; `None` = not loaded.
    pub(super) fn could(&self, reach: &Reach) -> Option<Matrix> {
        let times = match reach.service.direction {
            ServiceDirection::Visit => &self.could.visits,
            ServiceDirection::Receive => &self.could.admissions,
        };
        let could = self.tables.rules.could(self.study, &reach.service.id)?;
        Some(cover(times, &could, self.tables.rules.limit_at(1.0), |_, _| true))
    }

    /// Who may visit whom within the limit of the rules.
    pub(super) fn cover(&self, reach: &Reach, times: &Matrix, institutions: &[usize]) -> Matrix {
        allowed(self.study, &reach.service, times, institutions, self.tables.rules.limit_at(1.0))
    }

    /// Who lives in some cells, by municipality; those without people are left out.
    pub(super) fn by_municipality(&self, cells: impl Iterator<Item = usize>) -> BTreeMap<usize, Concerned> {
        let mut people: BTreeMap<usize, Concerned> = BTreeMap::new();
        for cell in cells.filter(|cell| self.residents.people[*cell].total > 0) {
            let sum = people.entry(self.study.cells[cell].municipality).or_default();
            *sum = sum.and(self.residents.of(std::iter::once(cell)));
        }
        people
    }

    /// Those who come around the clock for a service; `None` = not loaded, or nothing tells.
    fn around_the_clock(&self, reach: &Reach) -> Option<&[usize]> {
        let id = self.tables.rules.around_the_clock(&reach.service.id)?;
        self.access.services.iter().find(|reach| reach.service.id == id)?.providers.as_deref()
    }

    /// Everything about one service; capacity counts where it is the one of which it is known.
    ///
    /// # Errors
    /// [`ShortageError`]: travel times cut before the limit of the rules, demand that cannot be used.
    pub fn service(&self, reach: &Reach, progress: &dyn Progress) -> Result<ServiceShortage, ShortageError> {
        let (could, nobody) = (self.could(reach), Matrix::default());
        let accessibility = self.accessibility(reach)?;
        let asked = Asked {
            study: self.study,
            residents: self.residents,
            reach,
            times: self.times(reach),
            around_the_clock: self.around_the_clock(reach),
            accessibility: accessibility.as_deref(),
            could: could.as_ref().unwrap_or(&nobody),
        };
        let shortage = shortage(&asked, &self.tables.rules)?;
        let cover = reach.providers.as_deref().map(|providers| self.picture(reach, providers, progress));
        let circle = reach.providers.as_deref().zip(reach.service.circle_m);
        let circle = circle.map(|(providers, radius_m)| self.circle(providers, radius_m));
        Ok(ServiceShortage { shortage, remedies_known: could.is_some(), cover, circle })
    }

    fn circle(&self, providers: &[usize], radius_m: u32) -> CirclePicture {
        let standings = standings(self.study, providers, radius_m, self.tables.location_errors);
        let people = |cells: &Vec<usize>| by_standing(&standings, self.residents, cells);
        let municipalities = self.cells_of_municipalities().iter().map(people).collect();
        CirclePicture { standings, municipalities }
    }

    fn cells_of_municipalities(&self) -> Vec<Vec<usize>> {
        let mut cells = vec![Vec::new(); self.study.municipalities.len()];
        for (at, cell) in self.study.cells.iter().enumerate() {
            cells[cell.municipality].push(at);
        }
        cells
    }

    fn picture(&self, reach: &Reach, providers: &[usize], progress: &dyn Progress) -> CoverPicture {
        let cover = self.cover(reach, self.times(reach), providers);
        CoverPicture {
            depth: self
                .cells_of_municipalities()
                .iter()
                .map(|cells| depth(&cover, self.residents, cells))
                .collect(),
            losses: losses(&cover, self.residents),
            partners: self.around_the_clock(reach).map(|night| self.partners(&cover, night, progress)),
        }
    }

    fn partners(
        &self,
        cover: &Matrix,
        night: &[usize],
        progress: &dyn Progress,
    ) -> BTreeMap<usize, Vec<Partner>> {
        let seekers: Vec<usize> =
            cover.rows.keys().copied().filter(|at| night.binary_search(at).is_err()).collect();
        let limit = Deciseconds::from_minutes(self.study.parameters.travel_limit_minutes);
        let step = progress.step("連携相手までの所要時間", seekers.len() as u64);
        let mut between = between(self.roadway, &seekers, limit, step.as_ref());
        for row in between.rows.values_mut() {
            row.retain(|(other, _)| night.binary_search(&(*other as usize)).is_ok());
        }
        let most = self.tables.rules.remedies;
        let of_seeker = |at: &usize| (*at, partners(cover, &between, self.residents, *at, most));
        seekers.iter().map(of_seeker).collect()
    }

    /// Who competes for whose capacity in the service of which capacity is known; `None` = not loaded.
    fn supply(&self) -> Result<Option<Supply>, ShortageError> {
        let Some(reach) = self.of_capacity() else { return Ok(None) };
        let Some(providers) = reach.providers.as_deref() else { return Ok(None) };
        let capacities = self.tables.capacities.of(self.study, providers, &BTreeMap::new());
        let receipts = capacities.iter().map(|(at, of)| (*at, of.receipts_per_month)).collect();
        let longest = Deciseconds::from_minutes(self.study.parameters.travel_limit_minutes);
        let times = allowed(self.study, &reach.service, self.times(reach), providers, longest);
        let catchments = Catchments::new(self.residents.demand.clone(), &receipts, &times, |_, _| true)?;
        Ok(Some(Supply { capacities, times, catchments }))
    }

    /// Capacity per unit of demand of each cell (E2SFCA) in a service; `None` = unknown, of every service
    /// but the one of which capacity is known.
    ///
    /// # Errors
    /// [`ShortageError`]: demand or capacity that cannot be used.
    fn accessibility(&self, reach: &Reach) -> Result<Option<Vec<f64>>, ShortageError> {
        if reach.service.id != self.tables.rules.capacity_service {
            return Ok(None);
        }
        let bands = &self.tables.catchments.enhanced.bands;
        Ok(self.supply()?.map(|supply| enhanced(&supply.catchments, bands).cells))
    }

    /// Capacity and competition of the service of which capacity is known; `None` = not loaded.
    ///
    /// # Errors
    /// [`ShortageError`]: demand or capacity that cannot be used.
    pub fn capacity(&self) -> Result<Option<CapacityPicture>, ShortageError> {
        let Some(Supply { capacities, times, catchments }) = self.supply()? else { return Ok(None) };
        let table = &self.tables.catchments;
        let decay = Decay::Bands(table.enhanced.bands.clone());
        let crowded = inverted(&catchments, &decay).institutions;
        let crowdedness: BTreeMap<usize, f64> =
            catchments.institutions().iter().copied().zip(crowded).collect();
        let mut least_crowded: Vec<Option<f64>> = vec![None; self.residents.cells()];
        for (at, crowd) in &crowdedness {
            let reached = times.rows.get(at).into_iter().flatten();
            for (cell, _) in reached.filter(|(_, time)| decay.weight(*time) > 0.0) {
                let least = &mut least_crowded[*cell as usize];
                *least = Some(least.map_or(*crowd, |least| least.min(*crowd)));
            }
        }
        Ok(Some(CapacityPicture {
            two_step: two_step(&catchments, table.two_step.time()).cells,
            enhanced: enhanced(&catchments, &table.enhanced.bands).cells,
            enhanced_sharp: enhanced(&catchments, &table.enhanced_sharp.bands).cells,
            kernel_density: kernel_density(&catchments, table.kernel_density.time()).cells,
            three_step: three_step(&catchments, &table.three_step.bands).cells,
            raam: raam(&catchments, &table.raam),
            institutions: catchments.institutions().to_vec(),
            capacities,
            crowdedness,
            least_crowded,
        }))
    }

    fn sitings(&self, reach: &Reach) -> Result<Option<Vec<SitingStep>>, ShortageError> {
        let Some(sites) = Sites::of(*self, reach)? else { return Ok(None) };
        let step = |most: usize| sites.best(Model::Cover, most);
        Ok(Some((1..=self.tables.rules.sites).map(step).collect::<Result<_, _>>()?))
    }
}
