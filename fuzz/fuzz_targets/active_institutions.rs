#![no_main]

keniki_fuzz::reader!("active_institutions");
