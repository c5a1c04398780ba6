#![no_main]

keniki_fuzz::reader!("p14_welfare");
