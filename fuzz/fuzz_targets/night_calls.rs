#![no_main]

keniki_fuzz::reader!("night_calls");
