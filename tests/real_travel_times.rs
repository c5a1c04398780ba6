//! Travel times between town halls of 山梨県, for `docs/travel-times.md`. Skipped by name where the
//! official files are not at hand. `cargo test --release --test real_travel_times -- --nocapture`
//! prints the table.

mod support;

use geo::Point;
use keniki::geometry::plane::geodesic_m;
use keniki::ingest::manifest::Manifest;
use keniki::ingest::read_study;
use keniki::network::build::build;
use keniki::network::link::{Direction, Linker, times};
use keniki::network::profile::Profile;
use keniki::network::search::{NO_LIMIT, Search};
use keniki::progress::Silent;
use support::root;

/// From, to, and the minutes between which a local driver would expect the way to take.
const PAIRS: [(&str, &str, f64, f64); 5] = [
    ("甲府市", "富士吉田市", 45.0, 75.0),
    ("甲府市", "韮崎市", 20.0, 40.0),
    ("甲府市", "大月市", 40.0, 65.0),
    ("身延町", "早川町", 15.0, 35.0),
    ("大月市", "上野原市", 20.0, 35.0),
];

#[test]
fn well_known_ways_take_the_time_that_people_expect() {
    let manifest = root().join("tests/real/yamanashi.toml");
    if !root().join("../shared/data/yamanashi").is_dir() {
        eprintln!(
            "SKIPPED: real_travel_times needs the official files of 山梨県 in ../shared/data/yamanashi"
        );
        return;
    }
    let mut study = read_study(&Manifest::read(&manifest).expect("a manifest"), &Silent).expect("a study");
    let profile = Profile::planning().expect("shipped");
    let network = build(&mut study, &profile, &Silent).expect("a network").network;
    let linker = Linker::new(&network, &profile, 35.6);
    let mut search = Search::new(network.nodes.len());
    let office = |name: &str| -> Point {
        let municipality = study.municipalities.iter().find(|municipality| municipality.name == name);
        municipality.and_then(|municipality| municipality.office).expect("a town hall")
    };
    println!("| from | to | there min | back min | straight km |");
    for (from, to, least, most) in PAIRS {
        let (a, b) = (office(from), office(to));
        let (here, there) = (linker.link(a).expect("linked"), linker.link(b).expect("linked"));
        let mut minutes = |direction| {
            let time = times(&network, &mut search, &here, &[Some(there)], direction, NO_LIMIT.0)[0];
            f64::from(time.expect("reached")) / 600.0
        };
        let (out, back) = (minutes(Direction::Outward), minutes(Direction::Inward));
        let km = geodesic_m(a, b) / 1_000.0;
        println!("| {from} | {to} | {out:.1} | {back:.1} | {km:.1} |");
        for minutes in [out, back] {
            assert!((least..=most).contains(&minutes), "{from}–{to}: {minutes} min, expected {least}–{most}");
            assert!(minutes / 60.0 * 100.0 > km, "{from}–{to} is driven faster than the law allows");
        }
    }
}
