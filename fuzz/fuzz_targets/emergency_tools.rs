#![no_main]

keniki_fuzz::reader!("emergency_tools");
