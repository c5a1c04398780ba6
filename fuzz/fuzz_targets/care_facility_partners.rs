#![no_main]

keniki_fuzz::reader!("care_facility_partners");
