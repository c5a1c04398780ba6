//! Travel times between town halls of 山梨県, for `docs/travel-times.md`. Skipped by name where the
//! official files are not at hand. `cargo test --release --test real_travel_times -- --nocapture`
//! prints the tables.

mod support;

use geo::Point;
use keniki::geometry::plane::geodesic_m;
use keniki::ingest::manifest::Manifest;
use keniki::ingest::read_study;
use keniki::ingest::study::Study;
use keniki::network::build::build;
use keniki::network::graph::Network;
use keniki::network::link::{Direction, Link, Linker, times};
use keniki::network::profile::Profile;
use keniki::network::search::{NO_LIMIT, Search};
use keniki::network::weights::Conditions;
use keniki::progress::Silent;
use support::{root, skipped};

/// From, to, and the minutes between which a local driver would expect the way to take.
const WELL_KNOWN: [(&str, &str, f64, f64); 5] = [
    ("甲府市", "富士吉田市", 45.0, 75.0),
    ("甲府市", "韮崎市", 20.0, 40.0),
    ("甲府市", "大月市", 40.0, 65.0),
    ("身延町", "早川町", 15.0, 35.0),
    ("大月市", "上野原市", 20.0, 35.0),
];

/// 甲府 and four more towns, each with six destinations near and far.
const TOWNS: [(&str, [&str; 6]); 5] = [
    ("甲府市", ["韮崎市", "北杜市", "笛吹市", "甲州市", "身延町", "富士吉田市"]),
    ("富士吉田市", ["忍野村", "山中湖村", "富士河口湖町", "鳴沢村", "都留市", "上野原市"]),
    ("大月市", ["都留市", "上野原市", "小菅村", "丹波山村", "甲州市", "甲府市"]),
    ("身延町", ["早川町", "南部町", "市川三郷町", "富士川町", "甲府市", "富士河口湖町"]),
    ("北杜市", ["韮崎市", "南アルプス市", "甲斐市", "甲府市", "早川町", "大月市"]),
];

/// Legal limits in km/h where no sign says otherwise: 道路交通法施行令 第11条 (general roads) and 第27条
/// (the main carriageway of an expressway).
const GENERAL_KMH: f64 = 60.0;
const EXPRESSWAY_KMH: f64 = 100.0;

/// The network of 山梨 and its town halls.
struct Roads {
    study: Study,
    profile: Profile,
    network: Network,
    /// Where the town hall of each municipality stands on it.
    links: Vec<Option<Link>>,
}

impl Roads {
    fn read() -> Option<Self> {
        if !root().join("../shared/data/yamanashi").is_dir() {
            skipped("real_travel_times");
            return None;
        }
        let manifest = Manifest::read(&root().join("tests/real/yamanashi.toml")).expect("a manifest");
        let mut study = read_study(&manifest, &Silent).expect("a study");
        let profile = Profile::planning().expect("shipped");
        let network = build(&mut study, &profile, &Silent).expect("a network").network;
        let linker = Linker::new(&network, &profile, 35.6);
        let offices = study.municipalities.iter().map(|municipality| municipality.office);
        let links = offices.map(|office| linker.link(office?)).collect();
        Some(Self { study, profile, network, links })
    }

    fn at(&self, name: &str) -> usize {
        let mut municipalities = self.study.municipalities.iter();
        municipalities.position(|municipality| municipality.name == name).expect("a municipality")
    }

    fn office(&self, name: &str) -> Point {
        self.study.municipalities[self.at(name)].office.expect("a town hall")
    }

    fn link(&self, name: &str) -> Link {
        self.links[self.at(name)].expect("linked")
    }

    fn straight_km(&self, from: &str, to: &str) -> f64 {
        geodesic_m(self.office(from), self.office(to)) / 1_000.0
    }

    /// The network as driven at the legal limits, with nothing lost anywhere.
    fn at_legal_speeds(&self) -> Network {
        let mut legal = self.profile.clone();
        for class in &mut legal.classes {
            let expressway = class.highway.starts_with("motorway");
            class.open_kmh = if expressway { EXPRESSWAY_KMH } else { GENERAL_KMH };
            class.dense_kmh = class.open_kmh;
        }
        let mut network = self.network.clone();
        network.reweigh(&network.weights(&legal, &Conditions::default()));
        network
    }
}

fn minutes(network: &Network, from: &Link, to: &Link) -> f64 {
    let mut search = Search::new(network.nodes.len());
    let time = times(network, &mut search, from, &[Some(*to)], Direction::Outward, NO_LIMIT.0)[0];
    f64::from(time.expect("reached")) / 600.0
}

#[test]
fn well_known_ways_take_the_time_that_people_expect() {
    let Some(roads) = Roads::read() else { return };
    println!("| from | to | there min | back min | straight km |");
    for (from, to, least, most) in WELL_KNOWN {
        let (here, there) = (roads.link(from), roads.link(to));
        let (out, back) = (minutes(&roads.network, &here, &there), minutes(&roads.network, &there, &here));
        println!("| {from} | {to} | {out:.1} | {back:.1} | {:.1} |", roads.straight_km(from, to));
        for minutes in [out, back] {
            assert!((least..=most).contains(&minutes), "{from}–{to}: {minutes} min, expected {least}–{most}");
        }
    }
}

#[test]
fn no_way_is_faster_than_the_law_allows_or_absurdly_slow() {
    let Some(roads) = Roads::read() else { return };
    let legal = roads.at_legal_speeds();
    println!("| from | to | min | at legal limits, min | straight km | km/h along the straight line |");
    for (from, destinations) in TOWNS {
        for to in destinations {
            let (here, there) = (roads.link(from), roads.link(to));
            let (ours, lawful) = (minutes(&roads.network, &here, &there), minutes(&legal, &here, &there));
            let km = roads.straight_km(from, to);
            let kmh = km / ours * 60.0;
            println!("| {from} | {to} | {ours:.1} | {lawful:.1} | {km:.1} | {kmh:.0} |");
            assert!(ours > lawful, "{from}–{to}: {ours} min, {lawful} at the legal limits");
            assert!(ours < 3.0 * lawful, "{from}–{to}: {ours} min, {lawful} at the legal limits");
            assert!((10.0..60.0).contains(&kmh), "{from}–{to}: {kmh} km/h along the straight line");
        }
    }
}
