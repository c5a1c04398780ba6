#![no_main]

keniki_fuzz::reader!("area_flows");
