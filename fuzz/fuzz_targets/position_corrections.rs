#![no_main]

keniki_fuzz::reader!("position_corrections");
