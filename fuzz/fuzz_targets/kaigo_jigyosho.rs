#![no_main]

keniki_fuzz::reader!("kaigo_jigyosho");
