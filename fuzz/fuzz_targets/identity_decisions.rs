#![no_main]

keniki_fuzz::reader!("identity_decisions");
