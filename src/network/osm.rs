//! Roads and car ferries from OpenStreetMap (`.osm.pbf`).

use crate::ingest::guard::no_panic;
use crate::network::NetworkError;
use crate::network::profile::Profile;
use geo::Coord;
use osmpbf::{Blob, BlobDecode, BlobReader, Element, Way};
use rayon::prelude::*;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// Class of a ferry, beside the positions in [`Profile::classes`].
pub const FERRY: u8 = u8::MAX;

/// A way that cars can use.
#[derive(Clone, Debug, PartialEq)]
pub struct RoadWay {
    /// OpenStreetMap id.
    pub id: i64,
    /// Position in [`Profile::classes`], or [`FERRY`].
    pub class: u8,
    /// Whether cars may drive in the order of the nodes.
    pub forward: bool,
    /// Whether cars may drive against the order of the nodes.
    pub backward: bool,
    /// Bridge or tunnel: nobody lives on it.
    pub structure: bool,
    /// Sailing time of a ferry in minutes, where the map gives it.
    pub duration_minutes: Option<f64>,
    /// Ids of its nodes; after [`read`], positions in [`Roads::places`].
    pub nodes: Vec<i64>,
}

/// All roads of the files.
#[derive(Debug, Default)]
pub struct Roads {
    /// In order of the files.
    pub ways: Vec<RoadWay>,
    /// Places of all nodes of the ways.
    pub places: Vec<Coord>,
    /// What each file held, in order.
    pub files: Vec<FileCount>,
}

/// Ways of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileCount {
    /// All ways in the file, whatever they are.
    pub ways: u64,
    /// Ids of roads set aside because they have fewer than two nodes, or nodes that the file does
    /// not hold or puts off the Earth.
    pub broken: Vec<i64>,
}

/// Reads the roads of all files. A way that stands in two files (overlapping extracts) is taken once.
///
/// # Errors
/// [`NetworkError`]: a file cannot be read to its end, or there is no road at all.
pub fn read(files: &[PathBuf], profile: &Profile) -> Result<Roads, NetworkError> {
    let mut roads = Roads::default();
    let mut places: Vec<(i64, Coord)> = Vec::new();
    for file in files {
        let (count, ways, nodes) = read_file(file, profile)?;
        roads.files.push(count);
        roads.ways.extend(ways);
        places.extend(nodes);
    }
    if roads.ways.is_empty() {
        let files: Vec<_> = files.iter().map(|file| file.display().to_string()).collect();
        return Err(NetworkError::NoRoads { files: files.join("、") });
    }
    places.par_sort_unstable_by_key(|(id, _)| *id);
    places.dedup_by_key(|(id, _)| *id);
    if u32::try_from(places.len()).is_err() {
        return Err(NetworkError::TooLarge { nodes: places.len() });
    }
    let mut seen = HashSet::new();
    roads.ways.retain(|way| seen.insert(way.id));
    let position = |node: &i64| places.partition_point(|(id, _)| id < node) as i64;
    roads.ways.par_iter_mut().for_each(|way| way.nodes.iter_mut().for_each(|node| *node = position(node)));
    roads.places = places.into_iter().map(|(_, place)| place).collect();
    Ok(roads)
}

type FileContents = (FileCount, Vec<RoadWay>, Vec<(i64, Coord)>);

/// Two passes over the blocks: ways first, then the places of the nodes that they name.
fn read_file(file: &Path, profile: &Profile) -> Result<FileContents, NetworkError> {
    let unreadable = |block: usize, reason: String| NetworkError::Unreadable {
        file: file.display().to_string(),
        block: block + 1,
        reason,
    };
    let blobs = BlobReader::from_path(file)
        .map_err(|error| unreadable(0, error.to_string()))?
        .enumerate()
        .map(|(block, blob)| blob.map_err(|error| unreadable(block, error.to_string())))
        .collect::<Result<Vec<Blob>, _>>()?;

    let ways_of = |(block, blob): (usize, &Blob)| {
        let mut ways = Vec::new();
        let mut count = 0;
        each_element(blob, |element| {
            if let Element::Way(way) = element {
                count += 1;
                ways.extend(road(&way, profile));
            }
        })
        .map_err(|reason| unreadable(block, reason))?;
        Ok((count, ways))
    };
    let blocks: Vec<(u64, Vec<RoadWay>)> =
        blobs.par_iter().enumerate().map(ways_of).collect::<Result<_, NetworkError>>()?;
    let count = blocks.iter().map(|(count, _)| count).sum();
    let ways: Vec<RoadWay> = blocks.into_iter().flat_map(|(_, ways)| ways).collect();

    let mut wanted: Vec<i64> = ways.iter().flat_map(|way| way.nodes.iter().copied()).collect();
    wanted.par_sort_unstable();
    wanted.dedup();
    let places_of = |(block, blob): (usize, &Blob)| {
        let mut places = Vec::new();
        let mut keep = |id: i64, x: f64, y: f64| {
            let on_earth = (-180.0..=180.0).contains(&x) && (-90.0..=90.0).contains(&y);
            if on_earth && wanted.binary_search(&id).is_ok() {
                places.push((id, Coord { x, y }));
            }
        };
        each_element(blob, |element| match element {
            Element::Node(node) => keep(node.id(), node.lon(), node.lat()),
            Element::DenseNode(node) => keep(node.id(), node.lon(), node.lat()),
            Element::Way(_) | Element::Relation(_) => {}
        })
        .map_err(|reason| unreadable(block, reason))?;
        Ok(places)
    };
    let places: Vec<Vec<(i64, Coord)>> =
        blobs.par_iter().enumerate().map(places_of).collect::<Result<_, NetworkError>>()?;
    let mut places: Vec<(i64, Coord)> = places.into_iter().flatten().collect();
    places.par_sort_unstable_by_key(|(id, _)| *id);
    let known = |node: &i64| places.binary_search_by_key(node, |(id, _)| *id).is_ok();
    let (ways, broken): (Vec<_>, Vec<_>) =
        ways.into_iter().partition(|way| way.nodes.len() >= 2 && way.nodes.iter().all(known));
    Ok((FileCount { ways: count, broken: broken.iter().map(|way| way.id).collect() }, ways, places))
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

/// A way as a road, if cars may use it.
fn road(way: &Way<'_>, profile: &Profile) -> Option<RoadWay> {
    let tags: Vec<(&str, &str)> = way.tags().collect();
    let tag = |key: &str| tags.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
    let ferry = tag("route") == Some("ferry");
    let class = if ferry {
        FERRY
    } else {
        let highway = tag("highway")?;
        profile
            .classes
            .iter()
            .position(|class| class.highway == highway)
            .and_then(|at| u8::try_from(at).ok())?
    };
    if !cars_may_pass(&tag, ferry) {
        return None;
    }
    let (forward, backward) = directions(&tag);
    Some(RoadWay {
        id: way.id(),
        class,
        forward,
        backward,
        structure: [tag("bridge"), tag("tunnel")].into_iter().flatten().any(|value| value != "no"),
        duration_minutes: tag("duration").and_then(duration_minutes),
        nodes: way.refs().collect(),
    })
}

/// The most specific access tag decides. Ferries carry cars only when they say so.
fn cars_may_pass<'a>(tag: &impl Fn(&str) -> Option<&'a str>, ferry: bool) -> bool {
    match ["motorcar", "motor_vehicle", "vehicle", "access"].into_iter().find_map(tag) {
        Some(value) => !matches!(value, "no" | "private" | "agricultural" | "forestry" | "emergency"),
        None => !ferry,
    }
}

/// One-way by tag, by roundabout, or because it is a motorway.
fn directions<'a>(tag: &impl Fn(&str) -> Option<&'a str>) -> (bool, bool) {
    match tag("oneway") {
        Some("yes" | "true" | "1") => (true, false),
        Some("-1" | "reverse") => (false, true),
        Some("no" | "false" | "0") => (true, true),
        _ if matches!(tag("junction"), Some("roundabout" | "circular"))
            || tag("highway") == Some("motorway") =>
        {
            (true, false)
        }
        _ => (true, true),
    }
}

/// `HH:MM`, `HH:MM:SS` or plain minutes.
fn duration_minutes(text: &str) -> Option<f64> {
    let parts = text
        .split(':')
        .map(|part| part.trim().parse::<u32>().ok().map(f64::from))
        .collect::<Option<Vec<_>>>()?;
    match parts[..] {
        [minutes] => Some(minutes),
        [hours, minutes] => Some(hours * 60.0 + minutes),
        [hours, minutes, seconds] => Some(hours * 60.0 + minutes + seconds / 60.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_way_is_known_in_all_its_spellings() {
        let told = |tags: &'static [(&str, &str)]| {
            directions(&|key: &str| tags.iter().find(|(name, _)| *name == key).map(|(_, value)| *value))
        };
        assert_eq!(told(&[]), (true, true));
        assert_eq!(told(&[("oneway", "1")]), (true, false));
        assert_eq!(told(&[("oneway", "-1")]), (false, true));
        assert_eq!(told(&[("junction", "roundabout")]), (true, false));
        assert_eq!(told(&[("highway", "motorway")]), (true, false));
        assert_eq!(told(&[("highway", "motorway"), ("oneway", "no")]), (true, true));
    }

    #[test]
    fn the_most_specific_access_tag_decides() {
        let pass = |tags: &'static [(&str, &str)], ferry| {
            cars_may_pass(
                &|key: &str| tags.iter().find(|(name, _)| *name == key).map(|(_, value)| *value),
                ferry,
            )
        };
        assert!(pass(&[], false));
        assert!(!pass(&[], true));
        assert!(pass(&[("motor_vehicle", "yes")], true));
        assert!(!pass(&[("access", "private")], false));
        assert!(pass(&[("access", "no"), ("motorcar", "yes")], false));
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

    #[test]
    fn sailing_times_are_read_in_hours_and_minutes() {
        assert_eq!(duration_minutes("00:45"), Some(45.0));
        assert_eq!(duration_minutes("1:30:30"), Some(90.5));
        assert_eq!(duration_minutes("25"), Some(25.0));
        assert_eq!(duration_minutes("PT1H"), None);
        assert_eq!(duration_minutes(""), None);
    }
}
