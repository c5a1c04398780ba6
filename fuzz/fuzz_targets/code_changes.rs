#![no_main]

keniki_fuzz::reader!("code_changes");
