//! Removal of junctions with at most two neighbours before the order is sought.
//!
//! Dead ends and the junctions of a chain can be eliminated first without making the rest of the
//! graph harder: no elimination adds more than one edge (the classical safe rules for treewidth,
//! Bodlaender, Koster & van den Eijkhof 2005). What is left, the kernel, is a fraction of a road graph.

use crate::network::hierarchy::neighbours::Neighbours;

/// A graph without its junctions of low degree.
pub(super) struct Reduced {
    /// Junctions removed, in the order of their removal.
    pub removed: Vec<u32>,
    /// Junctions left, ascending.
    pub kernel: Vec<u32>,
    /// Their neighbours, as positions in `kernel`.
    pub neighbours: Neighbours,
}

/// Junctions with so many neighbours are removed.
const LOW_DEGREE: usize = 2;

/// Removes in rounds; in a round no two neighbours, so that a long chain becomes a shallow tree.
pub(super) fn reduce(graph: &Neighbours) -> Reduced {
    let nodes = graph.len();
    let mut around: Vec<Vec<u32>> = (0..nodes as u32).map(|node| graph.of(node).to_vec()).collect();
    let mut gone = vec![false; nodes];
    let mut blocked_in = vec![0_u32; nodes];
    let mut removed = Vec::new();
    let mut waiting: Vec<u32> = (0..nodes as u32).collect();
    for round in 1.. {
        let mut next = Vec::new();
        for node in std::mem::take(&mut waiting) {
            let at = node as usize;
            if gone[at] || around[at].len() > LOW_DEGREE {
                continue;
            }
            if blocked_in[at] == round {
                next.push(node);
                continue;
            }
            gone[at] = true;
            removed.push(node);
            let ends = std::mem::take(&mut around[at]);
            for end in &ends {
                around[*end as usize].retain(|other| *other != node);
                blocked_in[*end as usize] = round;
                next.push(*end);
            }
            if let [a, b] = ends[..]
                && !around[a as usize].contains(&b)
            {
                around[a as usize].push(b);
                around[b as usize].push(a);
            }
        }
        if next.is_empty() {
            break;
        }
        next.sort_unstable();
        next.dedup();
        waiting = next;
    }
    let kernel: Vec<u32> = (0..nodes as u32).filter(|node| !gone[*node as usize]).collect();
    let neighbours = Neighbours::among(&kernel, nodes, |node| &around[node as usize]);
    Reduced { removed, kernel, neighbours }
}
