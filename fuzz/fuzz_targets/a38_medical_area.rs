#![no_main]

keniki_fuzz::reader!("a38_medical_area");
