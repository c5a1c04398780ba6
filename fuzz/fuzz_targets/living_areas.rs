#![no_main]

keniki_fuzz::reader!("living_areas");
