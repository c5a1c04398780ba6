//! Any bytes as a road file: roads, or an error that names the file and the block.

#![no_main]

use keniki::network::osm::read;
use keniki::network::profile::Profile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let file = tempfile::NamedTempFile::new_in("/dev/shm").expect("shared memory takes files");
    std::fs::write(file.path(), data).expect("shared memory has room");
    let _ = read(&[file.path().to_owned()], &Profile::planning().expect("shipped"));
});
