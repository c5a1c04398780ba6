//! Maximum flow with unit capacities (Dinic 1970): the fewest edges that part two sets of junctions.

use crate::network::hierarchy::neighbours::Neighbours;

/// Where a junction stands before the flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Terminal {
    /// Between.
    None,
    /// On the side where the flow begins.
    Source,
    /// On the side where it ends.
    Sink,
}

const UNSEEN: u32 = u32::MAX;

/// Working memory for flows through one graph.
pub(super) struct Flow<'a> {
    graph: &'a Neighbours,
    reverse: Vec<u32>,
    /// Flow along each arc: −1, 0 or 1; an edge carries one unit in either direction.
    along: Vec<i8>,
    level: Vec<u32>,
    next_arc: Vec<u32>,
    queue: Vec<u32>,
}

impl<'a> Flow<'a> {
    pub(super) fn new(graph: &'a Neighbours) -> Self {
        let nodes = graph.len();
        let reverse = graph.reverses();
        Self {
            graph,
            along: vec![0; reverse.len()],
            reverse,
            level: vec![UNSEEN; nodes],
            next_arc: vec![0; nodes],
            queue: Vec::with_capacity(nodes),
        }
    }

    /// Which junctions stay with the sources when the sources are parted from the sinks at the fewest
    /// edges; `None` when more than `most` edges are needed.
    pub(super) fn part(&mut self, terminals: &[Terminal], most: usize) -> Option<Vec<bool>> {
        self.along.fill(0);
        let mut total = 0;
        while self.layer(terminals) {
            total += self.block(terminals);
            if total > most {
                return None;
            }
        }
        Some(self.level.iter().map(|level| *level != UNSEEN).collect())
    }

    /// Breadth-first levels over arcs with room left; whether a sink was met.
    fn layer(&mut self, terminals: &[Terminal]) -> bool {
        self.level.fill(UNSEEN);
        self.queue.clear();
        for (node, terminal) in (0..).zip(terminals) {
            if *terminal == Terminal::Source {
                self.level[node as usize] = 0;
                self.queue.push(node);
            }
        }
        let mut met = false;
        let mut at = 0;
        while let Some(&node) = self.queue.get(at) {
            at += 1;
            let level = self.level[node as usize] + 1;
            for arc in self.graph.arcs_of(node) {
                let head = self.graph.head(arc) as usize;
                if self.along[arc] < 1 && self.level[head] == UNSEEN {
                    self.level[head] = level;
                    if terminals[head] == Terminal::Sink {
                        met = true;
                    } else {
                        self.queue.push(head as u32);
                    }
                }
            }
            if met {
                // Deeper levels cannot lie on a shortest way to a sink.
                break;
            }
        }
        met
    }

    /// Sends flow along level-ascending ways until none is left; the number of ways.
    fn block(&mut self, terminals: &[Terminal]) -> usize {
        for node in 0..self.graph.len() as u32 {
            self.next_arc[node as usize] = self.graph.arcs_of(node).start as u32;
        }
        (0..self.graph.len() as u32)
            .filter(|node| terminals[*node as usize] == Terminal::Source)
            .map(|source| {
                let mut sent = 0;
                while self.send(source, terminals) {
                    sent += 1;
                }
                sent
            })
            .sum()
    }

    /// Sends one unit from a source, if it still can.
    fn send(&mut self, source: u32, terminals: &[Terminal]) -> bool {
        let mut way: Vec<usize> = Vec::new();
        let mut node = source;
        loop {
            if terminals[node as usize] == Terminal::Sink {
                for arc in way {
                    self.along[arc] += 1;
                    self.along[self.reverse[arc] as usize] -= 1;
                }
                return true;
            }
            let end = self.graph.arcs_of(node).end as u32;
            let level = self.level[node as usize] + 1;
            let mut arc = self.next_arc[node as usize];
            while arc < end {
                let head = self.graph.head(arc as usize) as usize;
                if self.along[arc as usize] < 1 && self.level[head] == level {
                    break;
                }
                arc += 1;
            }
            self.next_arc[node as usize] = arc;
            if arc < end {
                way.push(arc as usize);
                node = self.graph.head(arc as usize);
            } else {
                let Some(back) = way.pop() else { return false };
                node = self.graph.head(self.reverse[back] as usize);
                self.next_arc[node as usize] += 1;
            }
        }
    }
}
