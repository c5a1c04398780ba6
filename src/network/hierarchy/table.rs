//! Times between many places: sweeps over the part of the hierarchy that lies above the places asked for.
//!
//! RPHAST (Delling, Goldberg & Werneck 2011): the places in the columns select the ranks above them
//! once; every pass then runs over these ranks only.

#![expect(
    clippy::inline_always,
    reason = "the loops over lanes must be compiled with the vector unit that `pulp` found"
)]

use crate::network::hierarchy::metric::Metric;
use crate::network::hierarchy::sweep::{Ends, Engine, LANES, Pass, finite, shorten};
use crate::network::hierarchy::{Hierarchy, INFINITE};
use crate::network::link::Direction;
use rayon::prelude::*;

const NOT_SELECTED: u32 = u32::MAX;

/// Places whose times from (or to) many others are asked for.
pub struct Columns<'a> {
    engine: Engine<'a>,
    /// The ranks at and above the places, from the top down.
    ranks: Vec<u32>,
    /// Where the arcs of each of them begin, and their end.
    first: Vec<u32>,
    /// (position of the upper end in `ranks`, deciseconds).
    arcs: Vec<(u32, u32)>,
    /// Where the ends of each place begin, and their end.
    first_end: Vec<usize>,
    /// (position in `ranks`, deciseconds between it and the place).
    ends: Vec<(u32, u32)>,
}

impl<'a> Columns<'a> {
    /// Selects what a pass must visit to know the times of these places: their arrivals for an
    /// outward engine, their departures for an inward one.
    #[must_use]
    pub fn new(engine: Engine<'a>, places: &[&Ends]) -> Self {
        let hierarchy = engine.hierarchy;
        let rank_of = |junction: u32| hierarchy.rank[junction as usize];
        let mut position = vec![NOT_SELECTED; hierarchy.junctions()];
        let mut ranks = Vec::new();
        for (junction, _) in places.iter().flat_map(|ends| ends.iter()) {
            let mut next = Some(rank_of(*junction));
            while let Some(rank) = next.filter(|rank| position[*rank as usize] == NOT_SELECTED) {
                position[rank as usize] = 0;
                ranks.push(rank);
                next = hierarchy.parent(rank);
            }
        }
        ranks.sort_unstable_by(|a, b| b.cmp(a));
        let (mut first, mut arcs) = (vec![0], Vec::new());
        for (at, rank) in (0..).zip(&ranks) {
            position[*rank as usize] = at;
            let up = hierarchy.up(*rank);
            let times = engine.metric.times[up.clone()].iter().map(|times| times[engine.fall]);
            let open = hierarchy.heads[up].iter().zip(times).filter(|(_, time)| *time < INFINITE);
            arcs.extend(open.map(|(head, time)| (position[*head as usize], time)));
            first.push(arcs.len() as u32);
        }
        let (mut first_end, mut ends) = (vec![0], Vec::new());
        for place in places {
            ends.extend(place.iter().map(|(junction, time)| (position[rank_of(*junction) as usize], *time)));
            first_end.push(ends.len());
        }
        Self { engine, ranks, first, arcs, first_end, ends }
    }

    fn len(&self) -> usize {
        self.first_end.len() - 1
    }

    /// Calls `each` with the number of every row and its times to the columns
    /// ([`crate::network::search::UNREACHED`] where there is no way), in parallel, and returns what it
    /// makes of them in the order of the rows. Ways along one edge that touch no junction are the caller's.
    pub fn map_rows<T: Send>(&self, rows: &[&Ends], each: impl Fn(usize, &[u32]) -> T + Sync) -> Vec<T> {
        // Neighbours share a pass: their ways to the top are nearly the same.
        let rank = |row: &usize| rows[*row].first().map(|(at, _)| self.engine.hierarchy.rank[*at as usize]);
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(rank);
        let memory = || (Pass::<LANES>::new(self.engine.hierarchy.junctions()), Vec::new(), Vec::new());
        let block = |(pass, falling, times): &mut (_, _, Vec<u32>), block: &[usize]| -> Vec<(usize, T)> {
            let origins: Vec<&Ends> = block.iter().map(|row| rows[*row]).collect();
            times.resize(LANES * self.len(), 0);
            self.pass(pass, falling, &origins, times);
            let row_times = |lane: usize| &times[lane * self.len()..(lane + 1) * self.len()];
            block.iter().enumerate().map(|(lane, row)| (*row, each(*row, row_times(lane)))).collect()
        };
        let mut results: Vec<_> = order.par_chunks(LANES).map_init(memory, block).flatten_iter().collect();
        results.sort_unstable_by_key(|(row, _)| *row);
        results.into_iter().map(|(_, result)| result).collect()
    }

    /// One pass: the times of each lane in turn, as many as there are columns.
    fn pass(
        &self,
        pass: &mut Pass<LANES>,
        falling: &mut Vec<[u32; LANES]>,
        origins: &[&Ends],
        times: &mut [u32],
    ) {
        pass.arch.dispatch(|| {
            self.engine.climb(pass, origins);
            self.fall(pass, falling);
            for column in 0..self.len() {
                let mut best = [INFINITE; LANES];
                for (at, time) in &self.ends[self.first_end[column]..self.first_end[column + 1]] {
                    shorten(&mut best, &falling[*at as usize], *time);
                }
                for (lane, best) in best.into_iter().enumerate() {
                    times[lane * self.len() + column] = finite(best);
                }
            }
        });
        pass.forget();
    }

    /// From the top of the tree to the selected ranks.
    #[inline(always)]
    fn fall(&self, pass: &Pass<LANES>, falling: &mut Vec<[u32; LANES]>) {
        falling.clear();
        for (at, rank) in self.ranks.iter().enumerate() {
            let rank = *rank as usize;
            let mut best = if pass.climbed[rank] { pass.times[rank] } else { [INFINITE; LANES] };
            for (upper, time) in &self.arcs[self.first[at] as usize..self.first[at + 1] as usize] {
                shorten(&mut best, &falling[*upper as usize], *time);
            }
            falling.push(best);
        }
    }
}

/// Deciseconds from each origin (its departures) to each destination (its arrivals), row by row of the
/// origins; [`crate::network::search::UNREACHED`] where there is no way over junctions.
#[must_use]
pub fn matrix(hierarchy: &Hierarchy, metric: &Metric, origins: &[&Ends], destinations: &[&Ends]) -> Vec<u32> {
    // The fewer are the rows, so that there are fewer passes.
    let turned = destinations.len() < origins.len();
    let (direction, rows, columns) = if turned {
        (Direction::Inward, destinations, origins)
    } else {
        (Direction::Outward, origins, destinations)
    };
    let engine = Engine::new(hierarchy, metric, direction);
    let table = Columns::new(engine, columns).map_rows(rows, |_, times| times.to_vec());
    if turned {
        (0..origins.len())
            .into_par_iter()
            .flat_map_iter(|row| table.iter().map(move |times| times[row]))
            .collect()
    } else {
        table.concat()
    }
}
