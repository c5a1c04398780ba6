#![no_main]

keniki_fuzz::reader!("opening_hours");
