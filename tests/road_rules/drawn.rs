//! Scenes are drawn: every letter is a node, its column and row are kilometres. Ways run along the
//! letters that are named, with the tags that are given.

use super::pbf::{Extract, Tags, Way, encode};
use geo::Point;
use keniki::network::graph::Network;
use keniki::network::link::{Direction, Link, Linker, times};
use keniki::network::osm::{Roads, read};
use keniki::network::profile::Profile;
use keniki::network::search::{NO_LIMIT, Search};

/// Degrees of one kilometre near the equator, where the scenes lie.
pub const KM_EAST: f64 = 1.0 / 111.319_490_793;
pub const KM_NORTH: f64 = 1.0 / 110.574_275_821;

/// Deciseconds of 1 km of primary (40 km/h), tertiary (30 km/h) and residential road (20 km/h).
pub const PRIMARY_KM: u32 = 900;
pub const TERTIARY_KM: u32 = 1_200;
pub const RESIDENTIAL_KM: u32 = 1_800;

pub const PRIMARY: (&str, &str) = ("highway", "primary");
pub const TERTIARY: (&str, &str) = ("highway", "tertiary");
pub const RESIDENTIAL: (&str, &str) = ("highway", "residential");

#[derive(Clone)]
pub struct Scene {
    letters: Vec<char>,
    pub extract: Extract,
}

pub fn profile() -> Profile {
    Profile::planning().expect("the shipped table is whole")
}

fn tags(told: &[(&'static str, &str)]) -> Tags {
    told.iter().map(|(key, value)| (*key, (*value).to_owned())).collect()
}

impl Scene {
    pub fn draw(drawing: &str) -> Self {
        let mut scene = Self { letters: Vec::new(), extract: Extract::default() };
        for (row, line) in drawing.lines().enumerate() {
            for (column, letter) in line.chars().enumerate().filter(|(_, letter)| letter.is_alphabetic()) {
                scene.letters.push(letter);
                scene.extract.nodes.push((column as f64 * KM_EAST, -(row as f64) * KM_NORTH));
            }
        }
        scene
    }

    pub fn id(&self, letter: char) -> i64 {
        let at = self.letters.iter().position(|known| *known == letter).expect("letter is drawn");
        self.extract.ids_after + at as i64 + 1
    }

    pub fn way(mut self, nodes: &str, told: &[(&'static str, &str)]) -> Self {
        let nodes = nodes.chars().map(|letter| self.id(letter)).collect();
        self.extract.ways.push(Way { nodes, tags: tags(told) });
        self
    }

    pub fn node(mut self, letter: char, told: &[(&'static str, &str)]) -> Self {
        self.extract.node_tags.insert(self.id(letter), tags(told));
        self
    }

    pub fn roads(&self) -> Roads {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("scene.osm.pbf");
        std::fs::write(&path, encode(&self.extract)).expect("written");
        read(&[path], &profile()).expect("a whole file with roads")
    }

    pub fn network(&self) -> Network {
        Network::new(&self.roads(), &profile(), |_| false)
    }

    /// Where the file puts a letter, in its units of 100 nanodegrees.
    pub fn at(&self, letter: char) -> Point {
        let read = |degrees: f64| 1e-9 * ((degrees * 1e7).round() * 100.0);
        let (x, y) = self.extract.nodes[(self.id(letter) - self.extract.ids_after - 1) as usize];
        Point::new(read(x), read(y))
    }

    /// Deciseconds from one letter to another.
    pub fn time(&self, origin: char, other: char) -> Option<u32> {
        time_on(&self.network(), self.at(origin), self.at(other))
    }

    /// Deciseconds there and back.
    pub fn times(&self, origin: char, other: char) -> [Option<u32>; 2] {
        [self.time(origin, other), self.time(other, origin)]
    }
}

/// Deciseconds on a network between two places that have a road, the same searched from both ends.
pub fn time_on(network: &Network, origin: Point, other: Point) -> Option<u32> {
    let profile = profile();
    let linker = Linker::new(network, &profile, 0.0);
    let (origin, other) = (linker.link(origin).expect("linked"), linker.link(other).expect("linked"));
    let mut search = Search::new(network.nodes.len());
    let mut seen = |from: &Link, to: Link, direction| {
        times(network, &mut search, from, &[Some(to)], direction, NO_LIMIT.0)[0]
    };
    let there = seen(&origin, other, Direction::Outward);
    assert_eq!(there, seen(&other, origin, Direction::Inward));
    there
}
