#![no_main]

keniki_fuzz::reader!("municipality_master");
