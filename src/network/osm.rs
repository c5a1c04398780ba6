//! Roads and car ferries from OpenStreetMap (`.osm.pbf`).

use crate::ingest::guard::no_panic;
use crate::network::NetworkError;
use crate::network::barriers::cut;
use crate::network::profile::Profile;
use crate::network::tags::{node_mark, road};
use geo::Coord;
use osmpbf::{Blob, BlobDecode, BlobReader, Element};
use rayon::prelude::*;
use std::collections::HashSet;
use std::io::SeekFrom;
use std::path::{Path, PathBuf};

pub use crate::network::tags::{FERRY, NodeMark, Odd, RoadWay};

/// All roads of the files.
#[derive(Clone, Debug, Default)]
pub struct Roads {
    /// In order of the files.
    pub ways: Vec<RoadWay>,
    /// Places of all nodes of the ways.
    pub places: Vec<Coord>,
    /// Positions of the nodes with a traffic signal, in order.
    pub signals: Vec<u32>,
    /// What each file held, in order.
    pub files: Vec<FileCount>,
}

/// Ways of one file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileCount {
    /// All ways in the file, whatever they are.
    pub ways: u64,
    /// Roads set aside because they have fewer than two different nodes, or nodes that the file does
    /// not hold or puts off the Earth.
    pub broken: Vec<BrokenWay>,
    /// Tags that could not be used, of roads and of ways that would be roads without them.
    pub odd: Vec<Odd>,
}

/// A road that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BrokenWay {
    /// OpenStreetMap id.
    pub id: i64,
    /// Where its first node that the file holds is.
    pub place: Option<Coord>,
}

/// Reads the roads of all files, cut at the barriers that cars do not pass. A way that stands in two
/// files (overlapping extracts) is taken once.
///
/// A file that was cut inside a block is told. One that was cut exactly between two blocks is a whole
/// file by the format, which has neither an end mark nor a count: without its ways it has no roads, and
/// with some of them it gives those. The number of ways read ([`FileCount::ways`]) stands in the study.
///
/// # Errors
/// [`NetworkError`]: a file cannot be read to its end, or there is no road at all.
pub fn read(files: &[PathBuf], profile: &Profile) -> Result<Roads, NetworkError> {
    let mut roads = Roads::default();
    let mut nodes: Vec<(i64, Coord)> = Vec::new();
    let mut marks: Vec<(i64, NodeMark)> = Vec::new();
    for file in files {
        let contents = read_file(file, profile)?;
        roads.files.push(contents.count);
        roads.ways.extend(contents.ways);
        nodes.extend(contents.nodes);
        marks.extend(contents.marks);
    }
    if roads.ways.is_empty() {
        let named: Vec<_> = files.iter().map(|file| file.display().to_string()).collect();
        let none = || "（study.toml に kind = \"roads_osm\" の入力がない）".to_owned();
        return Err(NetworkError::NoRoads {
            files: if files.is_empty() { none() } else { named.join("、") },
        });
    }
    sort_by_id(&mut nodes);
    nodes.dedup_by_key(|(id, _)| *id);
    if u32::try_from(nodes.len()).is_err() {
        return Err(NetworkError::TooLarge { nodes: nodes.len() });
    }
    let mut seen = HashSet::new();
    roads.ways.retain(|way| seen.insert(way.id));
    roads.ways.par_iter_mut().for_each(|way| {
        let mut near = 0;
        for node in &mut way.nodes {
            near = first_from(&nodes, near, *node);
            *node = near as i64;
        }
    });
    roads.places = nodes.iter().map(|(_, place)| *place).collect();
    let position = |id: i64| nodes.partition_point(|(known, _)| *known < id) as u32;
    let mut marks: Vec<_> = marks.into_iter().map(|(id, mark)| (position(id), mark)).collect();
    marks.sort_by_key(|(node, _)| *node);
    marks.dedup_by_key(|(node, _)| *node);
    let is_signal = |(node, mark): &(u32, NodeMark)| (*mark == NodeMark::Signal).then_some(*node);
    roads.signals = marks.iter().filter_map(is_signal).collect();
    cut(&mut roads, &marks);
    Ok(roads)
}

/// Nodes of a sorted file are in order already; of two with one id the first stays first.
fn sort_by_id(nodes: &mut [(i64, Coord)]) {
    if !nodes.is_sorted_by_key(|(id, _)| *id) {
        nodes.par_sort_by_key(|(id, _)| *id);
    }
}

/// Position of the first of the sorted nodes whose id is not below `id`, found quickly where it lies
/// near the position `near`: neighbours on a road were mostly numbered together.
fn first_from(nodes: &[(i64, Coord)], near: usize, id: i64) -> usize {
    let is_below = |at: usize| nodes.get(at).is_some_and(|(known, _)| *known < id);
    let (mut low, mut high) = (near, near);
    let mut step = 1;
    while is_below(high) {
        low = high + 1;
        high += step;
        step *= 2;
    }
    step = 1;
    while low > 0 && !is_below(low - 1) {
        high = low - 1;
        low = low.saturating_sub(step);
        step *= 2;
    }
    let high = high.min(nodes.len());
    low + nodes[low..high].partition_point(|(known, _)| *known < id)
}

/// What a file holds of roads.
struct FileContents {
    count: FileCount,
    ways: Vec<RoadWay>,
    nodes: Vec<(i64, Coord)>,
    marks: Vec<(i64, NodeMark)>,
}

/// Ways of one block.
#[derive(Default)]
struct WayBlock {
    count: u64,
    ways: Vec<RoadWay>,
    odd: Vec<Odd>,
    has_nodes: bool,
}

/// Two passes over the blocks: ways first, then the places of the nodes that they name.
fn read_file(file: &Path, profile: &Profile) -> Result<FileContents, NetworkError> {
    let unreadable = |block: usize, reason: String| NetworkError::Unreadable {
        file: file.display().to_string(),
        block: block + 1,
        reason,
    };
    let blobs = blobs(file).map_err(|(block, reason)| unreadable(block, reason))?;

    let ways_of = |(block, blob): (usize, &Blob)| {
        let mut found = WayBlock::default();
        each_element(blob, |element| match element {
            Element::Way(way) => {
                found.count += 1;
                let tags: Vec<_> = way.tags().collect();
                if let Some(mut road) = road(way.id(), &tags, profile, &mut found.odd) {
                    road.nodes = way.refs().collect();
                    let nodes = road.nodes.len();
                    road.nodes.dedup();
                    if road.nodes.len() < nodes {
                        found.odd.push(Odd {
                            way: way.id(),
                            key: "nd",
                            said: "同じ節点の繰り返し".to_owned(),
                        });
                    }
                    found.ways.push(road);
                }
            }
            Element::Node(_) | Element::DenseNode(_) => found.has_nodes = true,
            Element::Relation(_) => {}
        })
        .map_err(|reason| unreadable(block, reason))?;
        Ok(found)
    };
    let blocks: Vec<WayBlock> =
        blobs.par_iter().enumerate().map(ways_of).collect::<Result<_, NetworkError>>()?;
    let with_nodes: Vec<bool> = blocks.iter().map(|block| block.has_nodes).collect();
    let mut count = FileCount { ways: blocks.iter().map(|block| block.count).sum(), ..FileCount::default() };
    let mut ways: Vec<RoadWay> = Vec::new();
    for block in blocks {
        ways.extend(block.ways);
        count.odd.extend(block.odd);
    }

    let mut wanted: Vec<i64> = ways.iter().flat_map(|way| way.nodes.iter().copied()).collect();
    wanted.par_sort_unstable();
    wanted.dedup();
    let nodes_of = |(block, blob): (usize, &Blob)| {
        let mut found = NodeBlock { wanted: &wanted, next: 0, nodes: Vec::new() };
        let mut marks = Vec::new();
        let mut mark = |id: i64, tags: &[(&str, &str)]| {
            marks.extend(node_mark(tags, profile).map(|mark| (id, mark)));
        };
        each_element(blob, |element| match element {
            Element::Node(node) => {
                if found.keep(node.id(), node.lon(), node.lat()) {
                    mark(node.id(), &node.tags().collect::<Vec<_>>());
                }
            }
            Element::DenseNode(node) => {
                if found.keep(node.id(), node.lon(), node.lat()) {
                    mark(node.id(), &node.tags().collect::<Vec<_>>());
                }
            }
            Element::Way(_) | Element::Relation(_) => {}
        })
        .map_err(|reason| unreadable(block, reason))?;
        Ok((found.nodes, marks))
    };
    let places: Vec<(Vec<_>, Vec<_>)> = blobs
        .par_iter()
        .enumerate()
        .filter(|(block, _)| with_nodes[*block])
        .map(nodes_of)
        .collect::<Result<_, NetworkError>>()?;
    drop((blobs, wanted));
    let mut nodes: Vec<(i64, Coord)> = Vec::with_capacity(places.iter().map(|(nodes, _)| nodes.len()).sum());
    let mut marks = Vec::new();
    for (some, marked) in places {
        nodes.extend(some);
        marks.extend(marked);
    }
    sort_by_id(&mut nodes);
    let is_whole = |way: &RoadWay| {
        let mut near = 0;
        way.nodes.len() >= 2
            && way.nodes.iter().all(|node| {
                near = first_from(&nodes, near, *node);
                nodes.get(near).is_some_and(|(id, _)| id == node)
            })
    };
    let whole: Vec<bool> = ways.par_iter().map(is_whole).collect();
    let place = |way: &RoadWay| {
        let known = |node: &i64| nodes.binary_search_by_key(node, |(id, _)| *id).ok();
        way.nodes.iter().find_map(known).map(|at| nodes[at].1)
    };
    let broken = ways.iter().zip(&whole).filter(|(_, whole)| !**whole);
    count.broken = broken.map(|(way, _)| BrokenWay { id: way.id, place: place(way) }).collect();
    let mut whole = whole.into_iter();
    ways.retain(|_| whole.next() == Some(true));
    Ok(FileContents { count, ways, nodes, marks })
}

/// All blocks of a file, or the number of the first that is damaged and why. Bytes that are too few for
/// another block are a damaged block.
fn blobs(file: &Path) -> Result<Vec<Blob>, (usize, String)> {
    let mut reader = BlobReader::from_path(file).map_err(|error| (0, error.to_string()))?;
    let mut blobs = Vec::new();
    let mut end = 0;
    while let Some(blob) = reader.next() {
        blobs.push(blob.map_err(|error| (blobs.len(), error.to_string()))?);
        end = reader.seek_raw(SeekFrom::Current(0)).map_err(|error| (blobs.len(), error.to_string()))?;
    }
    let length = std::fs::metadata(file).map_err(|error| (0, error.to_string()))?.len();
    if length != end {
        return Err((blobs.len(), format!("{} バイトの余りがあります", length.abs_diff(end))));
    }
    Ok(blobs)
}

/// Nodes of one block that roads name.
struct NodeBlock<'a> {
    wanted: &'a [i64],
    next: usize,
    nodes: Vec<(i64, Coord)>,
}

impl NodeBlock<'_> {
    /// Keeps a node if a road names it and it is on Earth. Ids mostly come in order.
    fn keep(&mut self, id: i64, x: f64, y: f64) -> bool {
        if self.next == 0 || self.wanted[self.next - 1] >= id {
            self.next = self.wanted.partition_point(|wanted| *wanted < id);
        }
        while self.wanted.get(self.next).is_some_and(|wanted| *wanted < id) {
            self.next += 1;
        }
        let on_earth = (-180.0..=180.0).contains(&x) && (-90.0..=90.0).contains(&y);
        let keep = on_earth && self.wanted.get(self.next) == Some(&id);
        if keep {
            self.nodes.push((id, Coord { x, y }));
        }
        keep
    }
}

/// Hands each element of a block to `take`; a damaged block gives the reader's words.
fn each_element(blob: &Blob, mut take: impl FnMut(Element<'_>)) -> Result<(), String> {
    let decode = || match blob.decode().map_err(|error| error.to_string())? {
        BlobDecode::OsmData(block) => {
            block.elements().for_each(&mut take);
            Ok(())
        }
        BlobDecode::OsmHeader(_) | BlobDecode::Unknown(_) => Ok(()),
    };
    no_panic(decode)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_found_from_wherever_the_search_begins() {
        let nodes: Vec<(i64, Coord)> =
            [-5, 2, 3, 9, 40, 41, 5_000_000_000].map(|id| (id, Coord::zero())).into();
        for near in 0..=nodes.len() {
            for id in [-6, -5, 0, 2, 3, 4, 9, 40, 41, 42, 5_000_000_000, i64::MAX] {
                let expected = nodes.iter().filter(|(known, _)| *known < id).count();
                assert_eq!(first_from(&nodes, near, id), expected, "{id} from {near}");
            }
        }
    }

    #[test]
    fn a_damaged_file_is_told_and_never_brings_the_program_down() {
        let whole = std::fs::read("shapes/demo/shiomi-roads.osm.pbf").unwrap();
        let profile = Profile::planning().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("roads.osm.pbf");
        let mut told = 0;
        for at in (0..whole.len()).step_by(whole.len() / 150) {
            let mut damaged = whole.clone();
            damaged[at] ^= 0xA5;
            std::fs::write(&path, damaged).unwrap();
            told += usize::from(read(std::slice::from_ref(&path), &profile).is_err());
        }
        assert!(told > 100, "only {told} of 151 damages were told");
    }
}
