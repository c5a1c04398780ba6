#![no_main]

keniki_fuzz::reader!("iryo_joho_net");
