//! A mapping and the table that it names: rows read are rows stored and rows quarantined, or an error that
//! names one of the two.

#![no_main]

use keniki::ingest::alone::read_file;
use keniki::ingest::manifest::InputKind;
use keniki_fuzz::{abort_on_our_panics, parts};
use libfuzzer_sys::fuzz_target;
use std::fs::write;

fuzz_target!(|data: &[u8]| {
    abort_on_our_panics();
    let ([mapping, table], _) = parts(data);
    let folder = tempfile::tempdir_in("/dev/shm").expect("shared memory takes files");
    let path = folder.path().join("m.toml");
    write(&path, mapping).expect("shared memory has room");
    write(folder.path().join("t.csv"), table).expect("shared memory has room");
    match read_file(InputKind::OwnFigures, None, &path, "19") {
        Ok(account) => assert_eq!(account.rows_read, account.rows_stored + account.rows_quarantined),
        Err(error) => {
            let (error, mapping) = (error.to_string(), path.display().to_string());
            assert!(error.starts_with(&mapping) || error.starts_with("t.csv"), "{error}");
        }
    }
});
