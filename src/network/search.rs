//! Travel times from one place to all others within a limit: Dijkstra's algorithm (1959).

use crate::network::graph::Arcs;
use crate::units::Deciseconds;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Time of a junction that was not reached.
pub const UNREACHED: u32 = u32::MAX;

/// For searches that go as far as there are roads.
pub const NO_LIMIT: Deciseconds = Deciseconds(UNREACHED - 1);

/// Working memory of a search, to be used again and again without allocation.
#[derive(Debug)]
pub struct Search {
    time: Vec<u32>,
    reached: Vec<u32>,
    queue: BinaryHeap<Reverse<(u32, u32)>>,
}

impl Search {
    /// For a graph of so many junctions.
    #[must_use]
    pub fn new(nodes: usize) -> Self {
        Self { time: vec![UNREACHED; nodes], reached: Vec::new(), queue: BinaryHeap::new() }
    }

    /// Times in deciseconds from the seeds (junction, time already spent) to every junction that is
    /// reached within `limit`, over the junctions that `open` allows. With the arriving arcs the
    /// search runs backwards and gives times towards the seeds.
    pub fn run(&mut self, arcs: &Arcs, seeds: &[(u32, u32)], limit: u32, open: impl Fn(u32) -> bool) {
        for node in self.reached.drain(..) {
            self.time[node as usize] = UNREACHED;
        }
        self.queue.clear();
        for (node, time) in seeds {
            self.improve(*node, *time, limit);
        }
        while let Some(Reverse((time, node))) = self.queue.pop() {
            if time > self.time[node as usize] {
                continue;
            }
            for arc in arcs.of(node) {
                if open(arc.node) {
                    self.improve(arc.node, time.saturating_add(arc.weight), limit);
                }
            }
        }
    }

    fn improve(&mut self, node: u32, time: u32, limit: u32) {
        let known = &mut self.time[node as usize];
        if time <= limit && time < *known {
            if *known == UNREACHED {
                self.reached.push(node);
            }
            *known = time;
            self.queue.push(Reverse((time, node)));
        }
    }

    /// Time of a junction in the last search, [`UNREACHED`] beyond the limit.
    #[must_use]
    pub fn time(&self, node: u32) -> u32 {
        self.time[node as usize]
    }

    /// Times of all junctions in the last search.
    #[must_use]
    pub fn times(&self) -> &[u32] {
        &self.time
    }
}
