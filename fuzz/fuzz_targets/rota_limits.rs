#![no_main]

keniki_fuzz::reader!("rota_limits");
