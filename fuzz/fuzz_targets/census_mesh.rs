#![no_main]

keniki_fuzz::reader!("census_mesh");
