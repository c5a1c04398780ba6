//! What a road file (OpenStreetMap PBF) tells of itself without its roads being read: the day of its data and
//! how many ways it has. The network reads the roads.
//!
//! Reference: OpenStreetMap Wiki, PBF Format; Protocol Buffers, Encoding.

use flate2::read::ZlibDecoder;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

/// No header of a block is longer, and no block unpacked (PBF Format).
const MOST_HEADER_BYTES: u64 = 64 * 1024;
const MOST_BLOCK_BYTES: u64 = 32 << 20;

/// Numbers of the fields that are read.
const BLOB_TYPE: u64 = 1;
const BLOB_SIZE: u64 = 3;
const BLOB_RAW: u64 = 1;
const BLOB_ZLIB: u64 = 3;
const HEADER_TIME: u64 = 32;
const BLOCK_GROUP: u64 = 2;
const GROUP_WAY: u64 = 3;

/// Day (UTC) up to which the data of a road file reach, where its header tells it.
pub(crate) fn made_on(path: &Path) -> Option<String> {
    let mut file = BufReader::new(File::open(path).ok()?);
    let (name, block) = next_block(&mut file)??;
    let seconds = fields(&block).find_map(|field| match field {
        (HEADER_TIME, Value::Number(seconds)) => i64::try_from(seconds).ok(),
        _ => None,
    });
    let day = chrono::DateTime::from_timestamp(seconds.filter(|seconds| *seconds > 0)?, 0)?;
    (name == b"OSMHeader").then(|| day.format("%Y-%m-%d").to_string())
}

/// Ways of a road file; `None` where it cannot be read to its end.
pub(crate) fn ways(path: &Path) -> Option<u64> {
    let mut file = BufReader::new(File::open(path).ok()?);
    let mut count = 0;
    while let Some((name, block)) = next_block(&mut file)? {
        if name == b"OSMData" {
            count += ways_of(&block);
        }
    }
    Some(count)
}

fn ways_of(block: &[u8]) -> u64 {
    let groups = fields(block).filter_map(|field| match field {
        (BLOCK_GROUP, Value::Bytes(group)) => Some(group),
        _ => None,
    });
    groups.map(|group| fields(group).filter(|(number, _)| *number == GROUP_WAY).count() as u64).sum()
}

/// The next block of a file, unpacked, with its name; `Some(None)` = the end, `None` = it cannot be read.
#[expect(clippy::option_option, reason = "the end of a file is no fault")]
fn next_block(file: &mut impl Read) -> Option<Option<(Vec<u8>, Vec<u8>)>> {
    let mut length = [0; 4];
    match file.read(&mut length[..1]).ok()? {
        0 => return Some(None),
        _ => file.read_exact(&mut length[1..]).ok()?,
    }
    let header = take(file, u64::from(u32::from_be_bytes(length)), MOST_HEADER_BYTES)?;
    let (mut name, mut size) = (Vec::new(), 0);
    for field in fields(&header) {
        match field {
            (BLOB_TYPE, Value::Bytes(said)) => name = said.to_vec(),
            (BLOB_SIZE, Value::Number(said)) => size = said,
            _ => {}
        }
    }
    let blob = take(file, size, MOST_BLOCK_BYTES)?;
    let block = fields(&blob).find_map(|field| match field {
        (BLOB_RAW, Value::Bytes(raw)) => Some(raw.to_vec()),
        (BLOB_ZLIB, Value::Bytes(packed)) => {
            let mut block = Vec::new();
            ZlibDecoder::new(packed).take(MOST_BLOCK_BYTES).read_to_end(&mut block).ok()?;
            Some(block)
        }
        _ => None,
    })?;
    Some(Some((name, block)))
}

fn take(file: &mut impl Read, length: u64, most: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = file.take(length.min(most)).read_to_end(&mut bytes).ok()?;
    (read as u64 == length).then_some(bytes)
}

/// Value of a field.
enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// The fields of a message with their numbers, as far as it can be read.
fn fields(message: &[u8]) -> impl Iterator<Item = (u64, Value<'_>)> {
    let mut left = message;
    std::iter::from_fn(move || {
        let key = number(&mut left)?;
        let value = match key & 7 {
            0 => Value::Number(number(&mut left)?),
            1 => Value::Bytes(cut(&mut left, 8)?),
            2 => {
                let length = number(&mut left)?;
                Value::Bytes(cut(&mut left, usize::try_from(length).ok()?)?)
            }
            5 => Value::Bytes(cut(&mut left, 4)?),
            _ => return None,
        };
        Some((key >> 3, value))
    })
}

fn number(left: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = *left.split_off_first()?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

fn cut<'a>(left: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    left.split_off(..length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use std::io::Write;

    fn varint(mut number: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        while number >= 0x80 {
            bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        bytes.push(number as u8);
        bytes
    }

    fn bytes(field: u64, said: &[u8]) -> Vec<u8> {
        [varint(field << 3 | 2), varint(said.len() as u64), said.to_vec()].concat()
    }

    fn block(name: &str, contents: &[u8], is_packed: bool) -> Vec<u8> {
        let blob = if is_packed {
            let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
            packed.write_all(contents).expect("in memory");
            bytes(BLOB_ZLIB, &packed.finish().expect("in memory"))
        } else {
            bytes(BLOB_RAW, contents)
        };
        let header =
            [bytes(BLOB_TYPE, name.as_bytes()), varint(BLOB_SIZE << 3), varint(blob.len() as u64)].concat();
        [&(header.len() as u32).to_be_bytes()[..], &header, &blob].concat()
    }

    #[test]
    fn a_road_file_tells_its_day_and_how_many_ways_it_has() {
        let header = [varint(HEADER_TIME << 3), varint(1_764_547_200)].concat();
        let group = [bytes(2, b"dense nodes"), bytes(GROUP_WAY, b"a"), bytes(GROUP_WAY, b"b")].concat();
        let data =
            [bytes(1, b"words"), bytes(BLOCK_GROUP, &group), bytes(BLOCK_GROUP, &bytes(GROUP_WAY, b"c"))]
                .concat();
        let whole = [
            block("OSMHeader", &header, false),
            block("OSMData", &data, true),
            block("OSMData", &data, false),
        ]
        .concat();
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("a.osm.pbf");
        let told = |bytes: &[u8]| {
            std::fs::write(&path, bytes).expect("written");
            (made_on(&path), ways(&path))
        };
        assert_eq!(told(&whole), (Some("2025-12-01".to_owned()), Some(6)));
        assert_eq!(told(&whole[..whole.len() - 1]), (Some("2025-12-01".to_owned()), None), "cut short");
        assert_eq!(told(&block("OSMHeader", b"", true)), (None, Some(0)), "no day in the header");
    }

    proptest::proptest! {
        #[test]
        fn arbitrary_bytes_are_no_road_file(bytes: Vec<u8>) {
            let mut rest = &bytes[..];
            let _ = next_block(&mut rest);
            let _ = ways_of(&bytes);
        }
    }
}
