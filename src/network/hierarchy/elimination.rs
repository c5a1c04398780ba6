//! Elimination of the junctions in an order: the arcs of the hierarchy and its tree.

use crate::network::hierarchy::neighbours::Neighbours;

/// The chordal graph that elimination leaves. Junctions are called by rank, 0 first eliminated.
pub(super) struct Chordal {
    /// Rank of each junction.
    pub rank: Vec<u32>,
    /// Where the upward arcs of each rank begin, and their end.
    pub first: Vec<u32>,
    /// Upper ends of the arcs, ascending within a rank.
    pub heads: Vec<u32>,
}

/// Eliminates in `order`, then numbers anew in postorder of the elimination tree, so that whatever
/// hangs below a junction has the ranks right before it (the arcs are the same for every postorder:
/// Liu 1990). Every elimination joins the neighbours that are left with each other.
pub(super) fn eliminate(graph: &Neighbours, order: &[u32]) -> Chordal {
    let lists = upward(graph, order);
    let postorder = postorder(&lists);
    let place = ranks(&postorder);
    let mut chordal = Chordal { rank: Vec::new(), first: vec![0], heads: Vec::new() };
    chordal.heads.reserve(lists.iter().map(Vec::len).sum());
    for at in &postorder {
        let begin = chordal.heads.len();
        chordal.heads.extend(lists[*at as usize].iter().map(|head| place[*head as usize]));
        chordal.heads[begin..].sort_unstable();
        chordal.first.push(chordal.heads.len() as u32);
    }
    let order: Vec<u32> = postorder.into_iter().map(|at| order[at as usize]).collect();
    chordal.rank = ranks(&order);
    chordal
}

fn ranks(order: &[u32]) -> Vec<u32> {
    let mut rank = vec![0; order.len()];
    for (at, node) in (0..).zip(order) {
        rank[*node as usize] = at;
    }
    rank
}

/// Upper neighbours of each rank, ascending.
fn upward(graph: &Neighbours, order: &[u32]) -> Vec<Vec<u32>> {
    let rank = ranks(order);
    let mut lists: Vec<Vec<u32>> = (0..)
        .zip(order)
        .map(|(at, node)| {
            graph.of(*node).iter().map(|other| rank[*other as usize]).filter(|other| *other > at).collect()
        })
        .collect();
    for at in 0..lists.len() {
        let mut list = std::mem::take(&mut lists[at]);
        list.sort_unstable();
        list.dedup();
        list.shrink_to_fit();
        if let Some((parent, rest)) = list.split_first() {
            lists[*parent as usize].extend_from_slice(rest);
        }
        lists[at] = list;
    }
    lists
}

/// Children before parents, each subtree in one run.
/// From the upper neighbours, whose lowest is the parent.
fn postorder(lists: &[Vec<u32>]) -> Vec<u32> {
    let parent: Vec<Option<u32>> = lists.iter().map(|list| list.first().copied()).collect();
    // Parents come after their children, so from the top down every rank can be given its place:
    // the last of the places that its parent keeps for those below it.
    let mut size = vec![1_u32; parent.len()];
    for (at, parent) in parent.iter().enumerate() {
        if let Some(parent) = parent {
            size[*parent as usize] += size[at];
        }
    }
    let mut end = vec![0_u32; parent.len()];
    let mut free = parent.len() as u32;
    let mut order = vec![0; parent.len()];
    for at in (0..parent.len()).rev() {
        let last = match parent[at] {
            None => {
                free -= size[at];
                free + size[at] - 1
            }
            Some(parent) => {
                let keeps = &mut end[parent as usize];
                *keeps -= size[at];
                *keeps + size[at] - 1
            }
        };
        order[last as usize] = at as u32;
        end[at] = last;
    }
    order
}
