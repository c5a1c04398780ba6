#![no_main]

keniki_fuzz::reader!("home_demand");
