//! OpenStreetMap PBF (wiki: PBF Format) written by hand: blobs of zlib, dense nodes, ways.

use flate2::{Compression, write::ZlibEncoder};
use std::collections::BTreeMap;
use std::io::Write;

pub type Tags = Vec<(&'static str, String)>;

#[derive(Clone)]
pub struct Way {
    /// Node ids.
    pub nodes: Vec<i64>,
    pub tags: Tags,
}

/// Nodes have the ids 1, 2, … after `ids_after`, ways 1, 2, ….
#[derive(Clone, Default)]
pub struct Extract {
    pub ids_after: i64,
    /// Longitude and latitude.
    pub nodes: Vec<(f64, f64)>,
    pub node_tags: BTreeMap<i64, Tags>,
    pub ways: Vec<Way>,
}

/// A protobuf message under construction.
#[derive(Default)]
struct Message(Vec<u8>);

fn varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

impl Message {
    fn number(&mut self, field: u64, value: u64) {
        varint(&mut self.0, field << 3);
        varint(&mut self.0, value);
    }

    fn bytes(&mut self, field: u64, value: &[u8]) {
        varint(&mut self.0, field << 3 | 2);
        varint(&mut self.0, value.len() as u64);
        self.0.extend(value);
    }

    fn packed(&mut self, field: u64, values: impl IntoIterator<Item = u64>) {
        let mut packed = Vec::new();
        values.into_iter().for_each(|value| varint(&mut packed, value));
        self.bytes(field, &packed);
    }
}

/// Differences between neighbours, zigzag coded.
fn deltas(values: impl IntoIterator<Item = i64>) -> Vec<u64> {
    let mut before = 0;
    values
        .into_iter()
        .map(|value| {
            let delta = value - before;
            before = value;
            zigzag(delta)
        })
        .collect()
}

/// Strings of a block; position 0 is empty by definition.
struct Strings(Vec<String>, BTreeMap<String, u64>);

impl Strings {
    fn new() -> Self {
        Self(vec![String::new()], BTreeMap::new())
    }

    fn position(&mut self, text: &str) -> u64 {
        if let Some(position) = self.1.get(text) {
            return *position;
        }
        let position = self.0.len() as u64;
        self.0.push(text.to_owned());
        self.1.insert(text.to_owned(), position);
        position
    }

    fn message(&self) -> Vec<u8> {
        let mut table = Message::default();
        self.0.iter().for_each(|text| table.bytes(1, text.as_bytes()));
        table.0
    }
}

fn blob(file: &mut Vec<u8>, kind: &str, content: &[u8]) {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).expect("writing to memory");
    let mut blob = Message::default();
    blob.number(2, content.len() as u64);
    blob.bytes(3, &encoder.finish().expect("writing to memory"));
    let mut header = Message::default();
    header.bytes(1, kind.as_bytes());
    header.number(3, blob.0.len() as u64);
    file.extend((header.0.len() as u32).to_be_bytes());
    file.extend(header.0);
    file.extend(blob.0);
}

/// Units of 100 nanodegrees, the default granularity.
fn units(degrees: f64) -> i64 {
    (degrees * 1e7).round() as i64
}

/// Primitives in one block; the format allows 8,000 entities and 32 MiB.
const BLOCK: usize = 8000;

pub fn encode(extract: &Extract) -> Vec<u8> {
    let mut file = Vec::new();
    blob(&mut file, "OSMHeader", &header(extract));
    for (number, nodes) in extract.nodes.chunks(BLOCK).enumerate() {
        blob(
            &mut file,
            "OSMData",
            &node_block(extract, nodes, extract.ids_after + (number * BLOCK) as i64 + 1),
        );
    }
    for (number, ways) in extract.ways.chunks(BLOCK).enumerate() {
        blob(&mut file, "OSMData", &way_block(ways, (number * BLOCK) as u64 + 1));
    }
    file
}

fn header(extract: &Extract) -> Vec<u8> {
    let bound = |pick: fn(&(f64, f64)) -> f64, fold: fn(f64, f64) -> f64, start: f64| {
        units(extract.nodes.iter().map(pick).fold(start, fold)) * 100
    };
    let mut bbox = Message::default();
    bbox.number(1, zigzag(bound(|node| node.0, f64::min, f64::MAX)));
    bbox.number(2, zigzag(bound(|node| node.0, f64::max, f64::MIN)));
    bbox.number(3, zigzag(bound(|node| node.1, f64::max, f64::MIN)));
    bbox.number(4, zigzag(bound(|node| node.1, f64::min, f64::MAX)));
    let mut header = Message::default();
    header.bytes(1, &bbox.0);
    header.bytes(4, b"OsmSchema-V0.6");
    header.bytes(4, b"DenseNodes");
    header.bytes(5, b"Sort.Type_then_ID");
    header.bytes(16, "demo_prefecture (invented roads)".as_bytes());
    header.0
}

/// Nodes that are numbered from `first`, as the inside of a block.
pub fn node_block(extract: &Extract, nodes: &[(f64, f64)], first: i64) -> Vec<u8> {
    let mut strings = Strings::new();
    let ids = first..first + nodes.len() as i64;
    let mut tags = Vec::new();
    for id in ids.clone() {
        for (key, value) in extract.node_tags.get(&id).into_iter().flatten() {
            tags.extend([strings.position(key), strings.position(value)]);
        }
        tags.push(0);
    }
    let mut dense = Message::default();
    dense.packed(1, deltas(ids));
    dense.packed(8, deltas(nodes.iter().map(|node| units(node.1))));
    dense.packed(9, deltas(nodes.iter().map(|node| units(node.0))));
    if tags.iter().any(|position| *position != 0) {
        dense.packed(10, tags);
    }
    let mut group = Message::default();
    group.bytes(2, &dense.0);
    block(&strings, &group)
}

/// Ways that are numbered from `first`, as the inside of a block.
pub fn way_block(ways: &[Way], first: u64) -> Vec<u8> {
    let mut strings = Strings::new();
    let mut group = Message::default();
    for (number, way) in ways.iter().enumerate() {
        let mut message = Message::default();
        message.number(1, first + number as u64);
        let keys: Vec<u64> = way.tags.iter().map(|(key, _)| strings.position(key)).collect();
        let values: Vec<u64> = way.tags.iter().map(|(_, value)| strings.position(value)).collect();
        message.packed(2, keys);
        message.packed(3, values);
        message.packed(8, deltas(way.nodes.iter().copied()));
        group.bytes(3, &message.0);
    }
    block(&strings, &group)
}

fn block(strings: &Strings, group: &Message) -> Vec<u8> {
    let mut block = Message::default();
    block.bytes(1, &strings.message());
    block.bytes(2, &group.0);
    block.0
}
