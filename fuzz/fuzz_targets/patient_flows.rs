#![no_main]

keniki_fuzz::reader!("patient_flows");
