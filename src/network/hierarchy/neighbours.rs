//! The road graph without directions and weights.

/// Neighbours of each junction, ascending and without repetition (compressed sparse rows).
#[derive(Clone, Debug, Default)]
pub(super) struct Neighbours {
    first: Vec<u32>,
    heads: Vec<u32>,
}

impl Neighbours {
    /// From the ends of arcs in any order, in either direction; loops are left out.
    pub(super) fn new(nodes: usize, arcs: impl Iterator<Item = (u32, u32)>) -> Self {
        let mut pairs: Vec<(u32, u32)> =
            arcs.filter(|(a, b)| a != b).flat_map(|(a, b)| [(a, b), (b, a)]).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let mut first = vec![0; nodes + 1];
        for (node, _) in &pairs {
            first[*node as usize + 1] += 1;
        }
        for node in 0..nodes {
            first[node + 1] += first[node];
        }
        Self { first, heads: pairs.into_iter().map(|(_, head)| head).collect() }
    }

    /// The graph among `members` (ascending, of `nodes` in all) with the neighbours that `around` gives
    /// for each; those outside are left out. Junctions are numbered by their position in `members`.
    pub(super) fn among<'a>(members: &[u32], nodes: usize, around: impl Fn(u32) -> &'a [u32]) -> Self {
        const OUTSIDE: u32 = u32::MAX;
        let mut position = vec![OUTSIDE; nodes];
        for (at, member) in (0..).zip(members) {
            position[*member as usize] = at;
        }
        let mut graph = Self { first: vec![0], heads: Vec::new() };
        for member in members {
            let begin = graph.heads.len();
            let inside = around(*member).iter().map(|other| position[*other as usize]);
            graph.heads.extend(inside.filter(|at| *at != OUTSIDE));
            graph.heads[begin..].sort_unstable();
            graph.first.push(graph.heads.len() as u32);
        }
        graph
    }

    /// Number of junctions.
    pub(super) fn len(&self) -> usize {
        self.first.len() - 1
    }

    /// Neighbours of one junction.
    pub(super) fn of(&self, node: u32) -> &[u32] {
        &self.heads[self.arcs_of(node)]
    }

    /// Positions of a junction's arcs among all arcs.
    pub(super) fn arcs_of(&self, node: u32) -> std::ops::Range<usize> {
        self.first[node as usize] as usize..self.first[node as usize + 1] as usize
    }

    /// The junction to which an arc leads.
    pub(super) fn head(&self, arc: usize) -> u32 {
        self.heads[arc]
    }

    /// For each arc the position of the same edge in the other direction.
    pub(super) fn reverses(&self) -> Vec<u32> {
        // Junctions are visited in ascending order, so the arcs that lead to one arrive in the order
        // in which its own list names their beginnings.
        let mut next = self.first.clone();
        self.heads
            .iter()
            .map(|head| {
                let slot = &mut next[*head as usize];
                *slot += 1;
                *slot - 1
            })
            .collect()
    }
}
