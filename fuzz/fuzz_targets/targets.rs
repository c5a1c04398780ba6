#![no_main]

keniki_fuzz::reader!("targets");
