#![no_main]

keniki_fuzz::reader!("n03_boundary");
