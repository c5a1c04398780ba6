#![no_main]

keniki_fuzz::reader!("linkage_hubs");
