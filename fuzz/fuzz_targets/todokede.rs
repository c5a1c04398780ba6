#![no_main]

keniki_fuzz::reader!("todokede");
