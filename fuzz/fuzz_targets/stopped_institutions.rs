#![no_main]

keniki_fuzz::reader!("stopped_institutions");
