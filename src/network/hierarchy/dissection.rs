//! An order of the junctions for elimination: nested dissection along inertial flows.
//!
//! The graph is parted in two by few junctions, these are put last, and both sides are parted
//! likewise (George 1973). Each separator is a minimum cut between the outer quarters of the
//! junctions along one of several compass directions (inertial flow, Schild & Sommer 2015).

use crate::network::hierarchy::flow::{Flow, Terminal};
use crate::network::hierarchy::neighbours::Neighbours;
use crate::network::hierarchy::reduction::reduce;
use geo::Coord;
use rayon::prelude::*;

/// Compass directions along which a part is cut: east, north, and between.
const DIRECTIONS: [[f64; 2]; 4] = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, -1.0]];

/// One in so many junctions stands at each end of a direction before the flow.
const END_SHARE: usize = 4;

/// Parts up to this size are put in order as they come.
const SMALL: usize = 4;

/// Parts from this size on are worth another thread.
const LARGE: usize = 2_000;

/// The junctions from the first to be eliminated to the last.
pub(super) fn order(places: &[Coord], graph: &Neighbours) -> Vec<u32> {
    let reduced = reduce(graph);
    let part = Part {
        places: reduced.kernel.iter().map(|node| flat(places[*node as usize])).collect(),
        nodes: reduced.kernel,
        graph: reduced.neighbours,
    };
    let mut order = reduced.removed;
    order.extend(part.dissect());
    order
}

/// Degrees with about the same length in both directions.
fn flat(at: Coord) -> [f64; 2] {
    [at.x * at.y.to_radians().cos(), at.y]
}

/// A piece of the graph.
struct Part {
    nodes: Vec<u32>,
    places: Vec<[f64; 2]>,
    graph: Neighbours,
}

/// On which side of a separator a junction stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Near,
    Far,
    Separator,
}

impl Part {
    fn dissect(self) -> Vec<u32> {
        if self.nodes.len() <= SMALL {
            return self.nodes;
        }
        let large = self.nodes.len() >= LARGE;
        let sides = self.sides(large);
        let members = |side: Side| -> Vec<u32> {
            (0..self.nodes.len() as u32).filter(|at| sides[*at as usize] == side).collect()
        };
        let separator: Vec<u32> =
            members(Side::Separator).into_iter().map(|at| self.nodes[at as usize]).collect();
        let (near, far) = (self.piece(&members(Side::Near)), self.piece(&members(Side::Far)));
        drop((self, sides));
        let (mut order, far) = if large {
            rayon::join(|| near.dissect(), || far.dissect())
        } else {
            (near.dissect(), far.dissect())
        };
        order.extend(far);
        order.extend(separator);
        order
    }

    fn piece(&self, members: &[u32]) -> Self {
        Self {
            nodes: members.iter().map(|at| self.nodes[*at as usize]).collect(),
            places: members.iter().map(|at| self.places[*at as usize]).collect(),
            graph: Neighbours::among(members, self.nodes.len(), |at| self.graph.of(at)),
        }
    }

    /// The best of the separators along the directions; the first of equals.
    fn sides(&self, parallel: bool) -> Vec<Side> {
        let cut = |direction: &[f64; 2]| {
            let side = Flow::new(&self.graph).part(&self.terminals(*direction), usize::MAX)?;
            Some(self.separator(&side))
        };
        let cuts: Vec<_> = if parallel {
            DIRECTIONS.par_iter().map(cut).collect()
        } else {
            DIRECTIONS.iter().map(cut).collect()
        };
        cuts.into_iter()
            .flatten()
            .min_by_key(|sides| {
                let count = |side: Side| sides.iter().filter(|seen| **seen == side).count();
                (count(Side::Separator), count(Side::Near).abs_diff(count(Side::Far)))
            })
            .unwrap_or_else(|| vec![Side::Separator; self.nodes.len()])
    }

    /// The outer junctions along a direction; ties by position.
    fn terminals(&self, direction: [f64; 2]) -> Vec<Terminal> {
        let nodes = self.nodes.len();
        let ends = (nodes / END_SHARE).max(1);
        let along = |at: u32| {
            let [x, y] = self.places[at as usize];
            x * direction[0] + y * direction[1]
        };
        let mut sorted: Vec<(f64, u32)> = (0..nodes as u32).map(|at| (along(at), at)).collect();
        let by_place = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        sorted.select_nth_unstable_by(ends - 1, by_place);
        let rest = &mut sorted[ends..];
        rest.select_nth_unstable_by(nodes - 2 * ends, by_place);
        let mut terminals = vec![Terminal::None; nodes];
        for (_, at) in &sorted[..ends] {
            terminals[*at as usize] = Terminal::Source;
        }
        for (_, at) in &sorted[nodes - ends..] {
            terminals[*at as usize] = Terminal::Sink;
        }
        terminals
    }

    /// From the two sides of a cut through edges to a separator of junctions: the ends of the cut
    /// edges on the side where they are fewer, the larger side when they are equally many.
    fn separator(&self, near: &[bool]) -> Vec<Side> {
        let nodes = self.nodes.len() as u32;
        let on_border = |node: &u32| {
            let side = near[*node as usize];
            self.graph.of(*node).iter().any(|other| near[*other as usize] != side)
        };
        let border: Vec<u32> = (0..nodes).filter(on_border).collect();
        let near_border = border.iter().filter(|node| near[**node as usize]).count();
        let near_size = near.iter().filter(|near| **near).count();
        let (far_border, far_size) = (border.len() - near_border, near.len() - near_size);
        let take_near = (near_border, far_size) < (far_border, near_size);
        let mut sides: Vec<Side> =
            near.iter().map(|near| if *near { Side::Near } else { Side::Far }).collect();
        for node in border.into_iter().filter(|node| near[*node as usize] == take_near) {
            sides[node as usize] = Side::Separator;
        }
        sides
    }
}
