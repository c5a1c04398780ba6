#![no_main]

keniki_fuzz::reader!("continuity_plans");
