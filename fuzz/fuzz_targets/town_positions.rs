#![no_main]

keniki_fuzz::reader!("town_positions");
