#![no_main]

keniki_fuzz::reader!("cohort_counts");
