//! Times on the arcs of the hierarchy for one set of speeds and closures.

use crate::network::hierarchy::{DOWN, Hierarchy, INFINITE, UP};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::ops::Range;

/// Times on all arcs of a [`Hierarchy`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Deciseconds of each arc, up and down; [`INFINITE`] where there is no way over lower ranks.
    pub(super) times: Vec<[u32; 2]>,
}

/// Subtrees are given to the threads in about so many pieces.
const PIECES: usize = 32;

impl Hierarchy {
    /// Times for the given deciseconds of the network's arcs, in the order of [`Hierarchy::new`].
    /// Arcs of [`INFINITE`] or more are closed.
    #[must_use]
    pub fn customise(&self, deciseconds: &[u32]) -> Metric {
        let mut times = vec![[INFINITE; 2]; self.heads.len()];
        for (slot, time) in self.slots.iter().zip(deciseconds) {
            if let Some(known) = times.get_mut(slot.arc as usize) {
                let known = &mut known[usize::from(slot.way)];
                *known = (*known).min(*time);
            }
        }
        let pieces = self.subtrees(self.junctions() / PIECES);
        self.in_parallel(&pieces, &mut times);
        let mut position = vec![0; self.junctions()];
        for rank in self.outside(&pieces) {
            self.relax(rank, 0, &mut times, &mut position);
        }
        Metric { times }
    }

    /// Mends a metric after the arcs of the network at positions `changed` took on new times;
    /// `deciseconds` holds the times of all arcs as they are now. The result is that of
    /// [`Hierarchy::customise`]; the work is proportional to what changes in the hierarchy.
    pub fn mend(&self, metric: &mut Metric, deciseconds: &[u32], changed: &[u32]) {
        let mut waiting: BTreeSet<u32> = changed
            .iter()
            .map(|at| self.slots[*at as usize].arc)
            .filter(|arc| (*arc as usize) < self.heads.len())
            .collect();
        // Arcs are numbered by their lower end: whatever a time depends on is mended before it.
        while let Some(arc) = waiting.pop_first() {
            let arc = arc as usize;
            let low = self.first.partition_point(|first| *first as usize <= arc) as u32 - 1;
            let (old, new) = (metric.times[arc], self.time_of(low, arc, &metric.times, deciseconds));
            if new == old {
                continue;
            }
            metric.times[arc] = new;
            for other in self.up(low).filter(|other| *other != arc) {
                waiting.extend(self.over(arc, other, old, new, &metric.times));
            }
        }
    }

    /// The time of an arc from the network and the lower triangles.
    fn time_of(&self, low: u32, arc: usize, times: &[[u32; 2]], deciseconds: &[u32]) -> [u32; 2] {
        let mut best = [INFINITE; 2];
        let begin = self.by_slot.partition_point(|at| (self.slots[*at as usize].arc as usize) < arc);
        let own =
            self.by_slot[begin..].iter().map(|at| (self.slots[*at as usize], deciseconds[*at as usize]));
        for (slot, time) in own.take_while(|(slot, _)| slot.arc as usize == arc) {
            let known = &mut best[usize::from(slot.way)];
            *known = (*known).min(time);
        }
        for (lower, first_leg) in self.lower(low) {
            if let Some(second_leg) = self.arc(*lower, self.heads[arc]) {
                let ([to_low, from_low], [to_head, from_head]) =
                    (times[*first_leg as usize], times[second_leg]);
                best[UP] = best[UP].min(from_low.wrapping_add(to_head));
                best[DOWN] = best[DOWN].min(from_head.wrapping_add(to_low));
            }
        }
        best
    }

    /// The arc between the upper ends of `arc` and `other`, if its time rested on the old time of
    /// `arc` or is shortened by the new one.
    fn over(
        &self,
        arc: usize,
        other: usize,
        old: [u32; 2],
        new: [u32; 2],
        times: &[[u32; 2]],
    ) -> Option<u32> {
        let (a, b) = (self.heads[arc], self.heads[other]);
        let (low, high) = (a.min(b), a.max(b));
        let upper = self.arc(low, high)?;
        // The way low → rank → high, and back, with the old and the new time of `arc`.
        let around = |changed: [u32; 2]| {
            let fixed = times[other];
            let (to_low, to_high) = if a == low { (changed, fixed) } else { (fixed, changed) };
            [to_low[DOWN].wrapping_add(to_high[UP]), to_high[DOWN].wrapping_add(to_low[UP])]
        };
        let (before, after, known) = (around(old), around(new), times[upper]);
        let touched = |way: usize| before[way] <= known[way] || after[way] < known[way];
        (touched(UP) || touched(DOWN)).then_some(upper as u32)
    }

    /// Runs of ranks that are whole subtrees of at most `size` ranks below a larger one, in order.
    fn subtrees(&self, size: usize) -> Vec<Range<u32>> {
        let mut begin: Vec<u32> = (0..self.junctions() as u32).collect();
        let mut pieces: Vec<Range<u32>> = Vec::new();
        for rank in 0..self.junctions() as u32 {
            let from = begin[rank as usize];
            if let Some(parent) = self.parent(rank) {
                let known = &mut begin[parent as usize];
                *known = (*known).min(from);
            }
            if (rank - from) as usize <= size {
                while pieces.last().is_some_and(|last| last.start >= from) {
                    pieces.pop();
                }
                pieces.push(from..rank + 1);
            }
        }
        pieces
    }

    /// Ranks that are in none of the runs, ascending.
    fn outside(&self, pieces: &[Range<u32>]) -> impl Iterator<Item = u32> {
        let begins = std::iter::once(0).chain(pieces.iter().map(|piece| piece.end));
        let ends = pieces.iter().map(|piece| piece.start).chain([self.junctions() as u32]);
        begins.zip(ends).flat_map(|(begin, end)| begin..end)
    }

    /// Relaxes subtrees, which do not touch each other.
    fn in_parallel(&self, pieces: &[Range<u32>], times: &mut [[u32; 2]]) {
        let mut rest = times;
        let mut offset = 0;
        let mut work = Vec::new();
        for piece in pieces {
            let arcs = self.first[piece.start as usize] as usize..self.first[piece.end as usize] as usize;
            let (own, behind) = rest.split_at_mut(arcs.start - offset).1.split_at_mut(arcs.len());
            work.push((piece.clone(), arcs.start, own));
            rest = behind;
            offset = arcs.end;
        }
        work.into_par_iter().for_each_init(
            || vec![0; self.junctions()],
            |position, (piece, offset, own)| {
                for rank in piece {
                    self.relax(rank, offset, own, position);
                }
            },
        );
    }

    /// Shortens the arcs of a rank by the ways over each lower rank (lower triangles). `times` begins
    /// at arc `offset`; `position` is working memory.
    fn relax(&self, rank: u32, offset: usize, times: &mut [[u32; 2]], position: &mut [u32]) {
        let arcs = self.up(rank);
        for (at, head) in (0..).zip(&self.heads[arcs.clone()]) {
            position[*head as usize] = at;
        }
        let (below, own) = times.split_at_mut(arcs.start - offset);
        for (low, arc) in self.lower(rank) {
            let others = *arc as usize + 1..self.first[*low as usize + 1] as usize;
            let [to_rank, from_rank] = below[*arc as usize - offset];
            let far = &below[others.start - offset..others.end - offset];
            for (head, [to_head, from_head]) in self.heads[others].iter().zip(far) {
                let known = &mut own[position[*head as usize] as usize];
                known[UP] = known[UP].min(from_rank.wrapping_add(*to_head));
                known[DOWN] = known[DOWN].min(from_head.wrapping_add(to_rank));
            }
        }
    }
}
