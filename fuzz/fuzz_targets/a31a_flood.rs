#![no_main]

keniki_fuzz::reader!("a31a_flood");
