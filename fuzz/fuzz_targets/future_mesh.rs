#![no_main]

keniki_fuzz::reader!("future_mesh");
