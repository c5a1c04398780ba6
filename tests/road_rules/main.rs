//! Road scenes that go through a real `.osm.pbf` file: every rule about tags, against arithmetic.

#[path = "../../examples/demo_prefecture/pbf.rs"]
mod pbf;

mod bad_files;
mod drawn;
mod faults;
mod restricted;
mod rules;
mod scenarios;
mod weights;
