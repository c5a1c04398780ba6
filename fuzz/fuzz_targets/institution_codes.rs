#![no_main]

keniki_fuzz::reader!("institution_codes");
