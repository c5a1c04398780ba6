//! A planned study gives back the network, the places and the times from which it was published.

mod support;

use keniki::access::journeys::Journeys;
use keniki::access::matrix::Missing;
use keniki::access::places::Places;
use keniki::ingest::manifest::Manifest;
use keniki::ingest::read_study;
use keniki::network::build::build;
use keniki::network::link::Direction;
use keniki::network::path::path;
use keniki::network::profile::Profile;
use keniki::progress::Silent;
use keniki::publish::planned::Planned;
use keniki::publish::roads;
use keniki::store::geopackage::GeoPackage;
use keniki::store::layer::Value;
use std::collections::BTreeMap;
use support::{plan, root};

#[test]
fn what_is_read_back_is_what_was_planned_to_the_bit_and_its_times_are_those_published() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("demo");
    let file = root().join("shapes/demo/study.toml");
    plan(&file, &out);
    let profile = Profile::planning().expect("shipped");
    let mut study = read_study(&Manifest::read(&file).expect("a manifest"), &Silent).expect("a study");
    let built = build(&mut study, &profile, &Silent).expect("a network");

    let package = GeoPackage::open(&out.join("study.gpkg")).expect("planned");
    let Planned { places, roadway, .. } = Planned::read(&package, &profile).expect("readable");
    assert_eq!(roadway.network.edges, built.network.edges);
    assert_eq!(roadway.network.nodes, built.network.nodes);
    assert_eq!(roadway.network.leaving, built.network.leaving);
    assert_eq!(roadway.network.arriving, built.network.arriving);
    assert!(built.network.copies().count() > 0, "private roads are in the demonstration");
    assert!(roadway.network.copies().eq(built.network.copies()));
    for (a, b) in roadway.network.edges.iter().zip(&built.network.edges) {
        assert_eq!(roadway.network.shape(a), built.network.shape(b));
    }
    assert_eq!(places, Places::from(&study));
    assert_eq!(roadway.linkage.cells, built.linkage.cells);
    assert_eq!(roadway.linkage.institutions, built.linkage.institutions);
    assert_eq!(roadway.metric, built.metric);

    let cells: BTreeMap<(String, String), usize> = places
        .cells
        .iter()
        .enumerate()
        .map(|(at, cell)| ((cell.mesh.to_string(), cell.municipality.to_string()), at))
        .collect();
    let directions = [("travel_visits", Direction::Outward), ("travel_admissions", Direction::Inward)];
    for (layer, direction) in directions {
        let table = package.read_layer(layer).expect("published");
        assert!(table.rows.len() > 10_000);
        let mut times: BTreeMap<&str, Journeys> = BTreeMap::new();
        for row in &table.rows {
            let [Value::Text(id), Value::Text(mesh), Value::Text(municipality), time, missing] =
                row.values.as_slice()
            else {
                panic!("{row:?}");
            };
            let journeys = times.entry(id).or_insert_with(|| {
                let at = places.institution(id).expect("known");
                Journeys::of(&roadway, &roadway.linkage.institutions[at].expect("linked"), direction)
            });
            let cell = cells[&(mesh.clone(), municipality.clone())];
            let (expected, why) = match journeys.cells[cell] {
                Ok(time) => (Value::Integer(time.0.into()), Value::Null),
                Err(Missing::NoWay) => (Value::Null, Value::Text("no_way".to_owned())),
                Err(other) => panic!("{id} {mesh}: {other:?}"),
            };
            assert_eq!((time, missing), (&expected, &why), "{id} {mesh}");
        }
    }
}

#[test]
fn the_quickest_paths_of_the_demonstration_take_the_times_of_the_hierarchy() {
    let file = root().join("shapes/demo/study.toml");
    let profile = Profile::planning().expect("shipped");
    let mut study = read_study(&Manifest::read(&file).expect("a manifest"), &Silent).expect("a study");
    let built = build(&mut study, &profile, &Silent).expect("a network");
    let mut compared = 0;
    for from in built.linkage.institutions.iter().flatten().step_by(40) {
        let journeys = Journeys::of(&built, from, Direction::Outward);
        for (to, time) in built.linkage.cells.iter().zip(&journeys.cells).step_by(150) {
            let Some(to) = to else { continue };
            let found = path(&built.network, from, to);
            assert_eq!(found.as_ref().map(|path| path.deciseconds), time.ok().map(|time| time.0));
            let driven = found.map(|path| path.edges.iter().map(|(_, time)| time).sum::<u32>());
            assert_eq!(driven, time.ok().map(|time| time.0 - from.leg - to.leg));
            compared += 1;
        }
    }
    assert!(compared > 100, "{compared}");
}

#[test]
fn roads_that_this_version_did_not_write_are_refused_by_row() {
    let file = root().join("shapes/demo/study.toml");
    let profile = Profile::planning().expect("shipped");
    let mut study = read_study(&Manifest::read(&file).expect("a manifest"), &Silent).expect("a study");
    let built = build(&mut study, &profile, &Silent).expect("a network");
    let good = roads::layer(&built.network, &profile);
    let column = |name: &str| good.columns.iter().position(|column| column.name == name).expect("a column");
    for (name, value) in [
        ("class", Value::Text("unheard_of".to_owned())),
        ("from_node", Value::Integer(-1)),
        ("to_node", Value::Integer(4_000_000_000)),
        ("to_node", Value::Integer(2 * good.rows.len() as i64)),
        ("forward_ds", Value::Integer(-5)),
        ("signals_forward", Value::Integer(256)),
        ("limit_forward_kmh", Value::Text("60".to_owned())),
        ("toll", Value::Null),
    ] {
        let mut layer = good.clone();
        layer.rows[2].values[column(name)] = value.clone();
        let message = roads::network(&layer, &profile).expect_err(name).to_string();
        assert!(message.contains("roads の3行目"), "{name} {value:?}: {message}");
    }
    let mut without = good.clone();
    without.rows[0].geometry = None;
    assert!(roads::network(&without, &profile).is_err());
    let mut older = good;
    older.columns.truncate(2);
    assert!(roads::network(&older, &profile).expect_err("older").to_string().contains("列が"));
}
