#![no_main]

keniki_fuzz::reader!("admission_beds");
