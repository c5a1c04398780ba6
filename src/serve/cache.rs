//! Finished tiles, as many as fit.

use crate::publish::mvt::Tile;
use axum::body::Bytes;
use std::collections::BTreeMap;

/// A layer's name and one of its tiles.
pub type Key = (String, Tile);

/// Keeps the tiles asked for last, in two generations: when the young one is full it becomes the
/// old one, whose tiles are forgotten unless somebody has asked for them meanwhile.
pub struct Cache {
    young: BTreeMap<Key, Bytes>,
    old: BTreeMap<Key, Bytes>,
    young_bytes: usize,
    bytes_per_generation: usize,
}

/// What an entry takes besides the tile.
const OVERHEAD_BYTES: usize = 128;

impl Cache {
    /// A cache of at most `bytes` or so.
    pub const fn new(bytes: usize) -> Self {
        Self { young: BTreeMap::new(), old: BTreeMap::new(), young_bytes: 0, bytes_per_generation: bytes / 2 }
    }

    /// The tile, if it is kept; empty for a tile in which nothing is to be seen.
    pub fn get(&mut self, key: &Key) -> Option<Bytes> {
        if let Some(tile) = self.young.get(key) {
            return Some(tile.clone());
        }
        let tile = self.old.remove(key)?;
        self.put(key.clone(), tile.clone());
        Some(tile)
    }

    /// Keeps a tile.
    pub fn put(&mut self, key: Key, tile: Bytes) {
        self.young_bytes += tile.len() + OVERHEAD_BYTES;
        self.young.insert(key, tile);
        if self.young_bytes > self.bytes_per_generation {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(x: u32) -> Key {
        ("cells".to_owned(), Tile::new(10, x, 0).unwrap())
    }

    #[test]
    fn tiles_in_use_are_kept_and_others_forgotten() {
        let mut cache = Cache::new(2 * 3 * (1_000 + OVERHEAD_BYTES));
        cache.put(key(0), Bytes::from(vec![7; 1_000]));
        for x in 1..100 {
            cache.put(key(x), Bytes::from(vec![0; 1_000]));
            assert_eq!(cache.get(&key(0)), Some(Bytes::from(vec![7; 1_000])), "after {x}");
        }
        assert_eq!(cache.get(&key(1)), None);
        assert!(cache.young.len() + cache.old.len() <= 8);
    }
}
