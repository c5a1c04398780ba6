#![no_main]

keniki_fuzz::reader!("ipss_projection");
