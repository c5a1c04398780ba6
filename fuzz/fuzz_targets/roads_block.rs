//! Any bytes as the inside of a block of a road file, uncompressed so that changes reach the decoder; what
//! can be read becomes a network and a hierarchy.

#![no_main]

use keniki::network::graph::Network;
use keniki::network::hierarchy::{Hierarchy, arc_times};
use keniki::network::osm::read;
use keniki::network::profile::Profile;
use libfuzzer_sys::fuzz_target;

/// A field of a protocol buffer that holds bytes.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![number << 3 | 2];
    out.extend(varint(bytes.len()));
    out.extend(bytes);
    out
}

fn varint(mut value: usize) -> Vec<u8> {
    let mut out = Vec::new();
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

/// A file with one block (OpenStreetMap Wiki, PBF Format: BlobHeader, Blob with raw data).
fn road_file(block: &[u8]) -> Vec<u8> {
    let blob = field(1, block);
    let mut header = field(1, b"OSMData");
    header.push(3 << 3);
    header.extend(varint(blob.len()));
    let mut file = (header.len() as u32).to_be_bytes().to_vec();
    file.extend(header);
    file.extend(blob);
    file
}

fuzz_target!(|data: &[u8]| {
    let file = tempfile::NamedTempFile::new_in("/dev/shm").expect("shared memory takes files");
    std::fs::write(file.path(), road_file(data)).expect("shared memory has room");
    let profile = Profile::planning().expect("shipped");
    if let Ok(roads) = read(&[file.path().to_owned()], &profile) {
        let network = Network::new(&roads, &profile, |_| false);
        let _ = Hierarchy::of(&network).customise(&arc_times(&network));
    }
});
