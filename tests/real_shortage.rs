//! Cover, capacity, shortage and siting for 山梨県 from its official files. Skipped by name where
//! they are absent. `cargo test --release --test real_shortage -- --nocapture` prints the head of
//! the shortage list.

mod support;

use keniki::access::capacity::CapacityTable;
use keniki::access::cover::{Residents, counts, cover};
use keniki::access::floating_catchment::decay::CatchmentTable;
use keniki::access::floating_catchment::enhanced::enhanced;
use keniki::access::floating_catchment::raam::raam;
use keniki::access::floating_catchment::{Catchments, circle};
use keniki::access::loss::losses;
use keniki::access::matrix::{Matrix, matrix};
use keniki::access::reach::{Access, Reach, reach};
use keniki::access::services::services;
use keniki::access::shortage::{Asked, shortage};
use keniki::access::shortage_rules::ShortageRules;
use keniki::access::siting::mclp::mclp;
use keniki::access::siting::{Covering, greedy};
use keniki::demand::home_visits::home_visits;
use keniki::demand::weights::AgeWeights;
use keniki::ingest::manifest::Manifest;
use keniki::ingest::study::Study;
use keniki::network::build::build;
use keniki::network::link::Direction;
use keniki::network::profile::Profile;
use keniki::progress::{Progress, Silent};
use keniki::units::Deciseconds;
use std::collections::BTreeMap;
use std::sync::OnceLock;

const SERVICE: &str = "訪問診療";
const LEGAL_CIRCLE_M: u32 = 16_000;

struct Prefecture {
    study: Study,
    access: Access,
    residents: Residents,
    /// Times of the institutions that could take 訪問診療 up.
    could: Matrix,
}

impl Prefecture {
    fn read() -> Option<Self> {
        if !support::root().join("../shared/data/yamanashi").is_dir() {
            support::skipped("real_shortage");
            return None;
        }
        let manifest = Manifest::read(&support::root().join("tests/real/yamanashi.toml")).expect("whole");
        let mut study = keniki::ingest::read_study(&manifest, &Silent).expect("read");
        let profile = Profile::planning().expect("whole");
        let roadway = build(&mut study, &profile, &Silent).expect("a network");
        let access = reach(&study, &roadway, services().expect("whole"), &Silent);
        let rules = ShortageRules::shipped().expect("whole");
        let limit = Deciseconds::from_minutes(rules.limit_minutes);
        let others = rules.could(&study, SERVICE).expect("loaded");
        let step = Silent.step("", 0);
        let could = matrix(&roadway, &others, Direction::Outward, limit, step.as_ref());
        let weights = AgeWeights::shipped().expect("whole");
        let demand = home_visits(&study, &weights).expect("series and areas fit");
        let residents = Residents::new(&study, demand.first_year());
        Some(Self { study, access, residents, could })
    }

    fn service(&self, id: &str) -> &Reach {
        self.access.services.iter().find(|reach| reach.service.id == id).expect("in the table")
    }

    fn providers(&self, id: &str) -> &[usize] {
        self.service(id).providers.as_deref().expect("loaded")
    }

    fn cover(&self, id: &str) -> Matrix {
        let half_an_hour = Deciseconds::from_minutes(30);
        cover(&self.access.visits, self.providers(id), half_an_hour, circle(&self.study, LEGAL_CIRCLE_M))
    }

    fn catchments(&self) -> Catchments {
        let table = CapacityTable::shipped().expect("whole");
        let capacities = table.of(&self.study, self.providers(SERVICE), &BTreeMap::new());
        let receipts = capacities.into_iter().map(|(at, of)| (at, of.receipts_per_month)).collect();
        let within = circle(&self.study, LEGAL_CIRCLE_M);
        Catchments::new(self.residents.demand.clone(), &receipts, &self.access.visits, within).expect("sound")
    }
}

fn prefecture() -> Option<&'static Prefecture> {
    static READ: OnceLock<Option<Prefecture>> = OnceLock::new();
    READ.get_or_init(Prefecture::read).as_ref()
}

#[test]
fn every_loss_is_what_a_cover_without_the_institution_says() {
    let Some(prefecture) = prefecture() else { return };
    let (cover, residents) = (prefecture.cover(SERVICE), &prefecture.residents);
    let cells = residents.cells();
    let before = counts(&cover, cells);
    let losses = losses(&cover, residents);
    assert_eq!(losses.len(), prefecture.providers(SERVICE).len());
    for loss in &losses {
        let mut without = cover.clone();
        without.rows.remove(&loss.institution);
        let after = counts(&without, cells);
        let lost: Vec<usize> = (0..cells).filter(|cell| before[*cell] > 0 && after[*cell] == 0).collect();
        assert_eq!(loss.lost, residents.of(lost.iter().copied()));
        assert_eq!(loss.lost_cells, lost);
    }
    for loss in losses.iter().take(5) {
        let name = &prefecture.study.institutions[loss.institution].name;
        println!("{name}: {} 人が圏外になる", loss.lost.people.total);
    }
}

#[test]
fn capacity_is_shared_out_without_loss_and_the_equilibrium_is_reached() {
    let Some(prefecture) = prefecture() else { return };
    let (catchments, table) = (prefecture.catchments(), CatchmentTable::shipped().expect("whole"));
    let access = enhanced(&catchments, &table.enhanced.bands);
    let demand = &prefecture.residents.demand;
    let shared: f64 = demand.iter().zip(&access.cells).map(|(demand, score)| demand * score).sum();
    let capacities = CapacityTable::shipped().expect("whole");
    let capacities = capacities.of(&prefecture.study, prefecture.providers(SERVICE), &BTreeMap::new());
    let all: f64 = capacities.values().map(|of| of.receipts_per_month).sum();
    assert!((shared + access.stranded_capacity - all).abs() <= 1e-9 * all, "{shared} of {all}");
    let equilibrium = raam(&catchments, &table.raam);
    assert!(equilibrium.largest_gain <= table.raam.tolerance, "{}", equilibrium.largest_gain);
    println!(
        "提供量 {all:.0} 件/月、届かない提供量 {:.0}、均衡まで {} 巡",
        access.stranded_capacity, equilibrium.sweeps
    );
}

#[test]
fn the_shortage_list_adds_up_and_slower_roads_leave_more_people() {
    let Some(prefecture) = prefecture() else { return };
    let rules = ShortageRules::shipped().expect("whole");
    let table = CatchmentTable::shipped().expect("whole");
    let accessibility = enhanced(&prefecture.catchments(), &table.enhanced.bands).cells;
    let around_the_clock = prefecture.providers("在支診・在支病");
    let asked = Asked {
        study: &prefecture.study,
        residents: &prefecture.residents,
        reach: prefecture.service(SERVICE),
        times: &prefecture.access.visits,
        around_the_clock: Some(around_the_clock),
        accessibility: Some(&accessibility),
        could: &prefecture.could,
    };
    let places = shortage(&asked, &rules).expect("within the times").places.expect("loaded");
    assert!(places.unjudged.is_empty());
    let by_cells: u32 = places.cells.iter().map(|short| short.concerned.people.total).sum();
    let by_municipalities: u32 = places.municipalities.iter().map(|short| short.concerned.people.total).sum();
    assert_eq!(by_cells, by_municipalities);
    for short in &places.municipalities {
        let unreached = places.unreached[short.municipality];
        assert!(unreached.slower.people.total >= unreached.planned.people.total);
        assert!(unreached.faster.expect("within the times").people.total <= unreached.planned.people.total);
        let name = &prefecture.study.municipalities[short.municipality].name;
        let causes: Vec<String> = short
            .causes
            .iter()
            .map(|(cause, of)| format!("{} {}人", cause.name(), of.people.total))
            .collect();
        let remedies: Vec<String> = short
            .remedies
            .iter()
            .map(|to| {
                let name = &prefecture.study.institutions[to.institution].name;
                format!("{name} {:.0}分（{}人）", to.time.minutes(), to.mended.people.total)
            })
            .collect();
        println!(
            "{name} {}人: {}。速度−20%で圏外 {}人、計画 {}人、+20% {}人。{}",
            short.concerned.people.total,
            causes.join("、"),
            unreached.slower.people.total,
            unreached.planned.people.total,
            unreached.faster.map_or(0, |of| of.people.total),
            remedies.join("、"),
        );
    }
}

#[test]
fn the_best_new_visitors_are_proven_and_no_worse_than_the_greedy_ones() {
    let Some(prefecture) = prefecture() else { return };
    let people = prefecture.residents.people.iter().map(|people| u64::from(people.age_75_plus)).collect();
    let limit = Deciseconds::from_minutes(30);
    let hospitals: Vec<usize> = prefecture.could.rows.keys().copied().collect();
    let candidates = cover(&prefecture.could, &hospitals, limit, circle(&prefecture.study, LEGAL_CIRCLE_M));
    let covering = Covering::new(people, &prefecture.cover("在支診・在支病"), &candidates).expect("sound");
    let (best, greedy) = (mclp(&covering, 5, Some(1_000_000)).expect("solved"), greedy::cover(&covering, 5));
    assert!(best.is_proven(), "{best:?}");
    assert!(best.objective >= greedy.objective);
    println!("最適 {}人、貪欲 {}人（75歳以上、5か所を加える）", best.objective, greedy.objective);
}
