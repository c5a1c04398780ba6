#![no_main]

keniki_fuzz::reader!("p04_medical");
