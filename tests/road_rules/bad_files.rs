//! Road files that are damaged or strange: a clear error or findings, never a panic.

use super::drawn::{PRIMARY, PRIMARY_KM, Scene, TERTIARY, TERTIARY_KM, profile};
use super::pbf::{Way, encode};
use keniki::network::NetworkError;
use keniki::network::graph::Network;
use keniki::network::osm::{Roads, read};
use std::path::PathBuf;

fn read_bytes(bytes: &[u8]) -> Result<Roads, NetworkError> {
    let folder = tempfile::tempdir().expect("a folder");
    let path: PathBuf = folder.path().join("roads.osm.pbf");
    std::fs::write(&path, bytes).expect("written");
    read(&[path], &profile())
}

fn road() -> Scene {
    Scene::draw("A  B  C").way("AB", &[PRIMARY]).way("BC", &[TERTIARY])
}

/// Where the blocks of a file begin, and its end: each has a length of four bytes, a header that tells
/// the size of what follows, and that.
fn boundaries(bytes: &[u8]) -> Vec<usize> {
    let mut ends = vec![0];
    let mut at = 0;
    while at < bytes.len() {
        let header = u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize;
        // The size is the last field of the header, a varint after the byte 0x18.
        let size = bytes[at + 4..at + 4 + header].iter().rposition(|byte| *byte == 0x18).expect("a size");
        let varint = &bytes[at + 4 + size + 1..at + 4 + header];
        let size = varint.iter().rev().fold(0, |size, byte| size << 7 | usize::from(byte & 0x7f));
        at += 4 + header + size;
        ends.push(at);
    }
    assert_eq!(ends.last(), Some(&bytes.len()));
    ends
}

#[test]
fn a_file_without_roads_is_told() {
    let empty = Scene::draw("A B");
    for scene in [empty.clone(), empty.way("AB", &[("building", "yes")])] {
        let message = read_bytes(&encode(&scene.extract)).expect_err("no roads").to_string();
        assert!(message.contains("roads.osm.pbf") && message.contains("highway"), "{message}");
    }
    assert!(matches!(read_bytes(b""), Err(NetworkError::NoRoads { .. })));
}

#[test]
fn ids_above_32_bits_and_below_zero_are_ids() {
    for ids_after in [0, 5_000_000_000, -3, i64::from(u32::MAX) - 1, -9_000_000_000] {
        let mut scene = road();
        for way in &mut scene.extract.ways {
            way.nodes.iter_mut().for_each(|node| *node += ids_after);
        }
        scene.extract.ids_after = ids_after;
        assert_eq!(scene.time('A', 'C'), Some(3 * (PRIMARY_KM + TERTIARY_KM)), "{ids_after}");
    }
}

#[test]
fn roads_with_missing_nodes_are_set_aside_with_their_place() {
    let mut scene = road();
    scene
        .extract
        .ways
        .push(Way { nodes: vec![2, 99, i64::MAX], tags: vec![("highway", "primary".to_owned())] });
    scene.extract.ways.push(Way { nodes: vec![98, 99], tags: vec![("highway", "primary".to_owned())] });
    let roads = scene.roads();
    let broken: Vec<_> = roads.files[0].broken.iter().map(|way| (way.id, way.place.is_some())).collect();
    assert_eq!(broken, [(3, true), (4, false)]);
    assert_eq!((roads.ways.len(), roads.files[0].ways), (2, 4));
}

#[test]
fn ways_of_one_node_or_none_and_loops_are_no_reason_to_fall() {
    let mut scene = road();
    for nodes in
        [vec![], vec![1], vec![1, 1], vec![1, 1, 1], vec![1, 2, 1], vec![1, 2, 3, 1], vec![2, 2, 1, 1, 2]]
    {
        scene.extract.ways.push(Way { nodes, tags: vec![("highway", "residential".to_owned())] });
    }
    let roads = scene.roads();
    assert_eq!(roads.files[0].broken.len(), 4);
    let network = Network::new(&roads, &profile(), |_| false);
    assert!(network.edges.iter().all(|edge| edge.forward >= 1));
    assert_eq!(scene.time('A', 'C'), Some(3 * (PRIMARY_KM + TERTIARY_KM)));
}

#[test]
fn a_file_cut_anywhere_inside_a_block_is_told_and_at_a_boundary_gives_what_is_left_or_is_told() {
    let whole = encode(&road().extract);
    let ends = boundaries(&whole);
    assert_eq!(ends.len(), 4, "header, nodes, ways");
    for length in 0..whole.len() {
        let cut = read_bytes(&whole[..length]);
        match cut.expect_err("there are no ways before the last block") {
            NetworkError::Unreadable { block, .. } => {
                assert!(!ends.contains(&length), "{length}");
                let expected = ends.iter().filter(|end| **end <= length).count();
                assert_eq!(block, expected, "cut at {length}");
            }
            NetworkError::NoRoads { .. } => assert!(ends.contains(&length), "{length}"),
            other => panic!("{other}"),
        }
    }
    assert!(read_bytes(&whole).is_ok());
    for more in [&b"\0"[..], b"\0\0\0", b"\0\0\0\x05", b"\xff\xff\xff\xff"] {
        let longer = [&whole, more].concat();
        assert!(matches!(read_bytes(&longer), Err(NetworkError::Unreadable { block: 4, .. })), "{more:?}");
    }
}

#[test]
fn any_byte_may_be_wrong_and_the_reader_stands() {
    let whole = encode(&road().extract);
    for at in 0..whole.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut damaged = whole.clone();
            damaged[at] ^= flip;
            if let Ok(roads) = read_bytes(&damaged) {
                let network = Network::new(&roads, &profile(), |_| false);
                assert!(network.edges.iter().all(|edge| (edge.from as usize) < network.nodes.len()));
            }
        }
    }
}

#[test]
fn blocks_in_another_order_are_read_as_well() {
    let whole = encode(&road().extract);
    let ends = boundaries(&whole);
    let block = |at: usize| &whole[ends[at]..ends[at + 1]];
    let turned = [block(0), block(2), block(1)].concat();
    let (roads, again) = (read_bytes(&whole).expect("roads"), read_bytes(&turned).expect("roads"));
    assert_eq!((roads.ways, roads.places), (again.ways, again.places));
}
