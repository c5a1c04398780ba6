//! One change at a time: cover counted anew only where an institution comes or goes.

use super::Covering;

/// How many institutions cover each cell, kept up to date.
#[derive(Clone, Debug, PartialEq)]
pub struct WhatIf<'a> {
    weights: &'a [u64],
    counts: Vec<u32>,
    /// Weight of the cells that somebody covers.
    pub covered: u64,
    /// Weight of those that two or more cover.
    pub twice: u64,
}

impl<'a> WhatIf<'a> {
    /// With the existing institutions alone.
    #[must_use]
    pub fn new(covering: &'a Covering) -> Self {
        let (weights, counts) = (&covering.weights, &covering.existing);
        let of = |least: u32| {
            weights.iter().zip(counts).filter(|(_, count)| **count >= least).map(|(weight, _)| weight).sum()
        };
        Self { weights, counts: counts.clone(), covered: of(1), twice: of(2) }
    }

    /// An institution comes that covers these cells.
    pub fn add(&mut self, cells: &[u32]) {
        for cell in cells {
            let count = &mut self.counts[*cell as usize];
            *count += 1;
            match *count {
                1 => self.covered += self.weights[*cell as usize],
                2 => self.twice += self.weights[*cell as usize],
                _ => (),
            }
        }
    }

    /// An institution that covers these cells goes; a cell that nobody covers stays so.
    pub fn remove(&mut self, cells: &[u32]) {
        for cell in cells {
            let count = &mut self.counts[*cell as usize];
            match *count {
                1 => self.covered -= self.weights[*cell as usize],
                2 => self.twice -= self.weights[*cell as usize],
                _ => (),
            }
            *count = count.saturating_sub(1);
        }
    }
}

/// The counts with some candidates chosen.
pub(super) fn with<'a>(covering: &'a Covering, chosen: &[usize]) -> WhatIf<'a> {
    let mut counts = WhatIf::new(covering);
    for site in chosen {
        counts.add(&covering.covers[*site]);
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::super::tests::any_covering;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whatever_comes_and_goes_the_counts_are_those_of_a_count_from_scratch(
            (covering, _) in any_covering(),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 0..12),
        ) {
            let mut counts = WhatIf::new(&covering);
            let mut present = vec![false; covering.sites().len()];
            for (site, comes) in changes.into_iter().filter(|_| !covering.sites().is_empty()) {
                let site = site.index(covering.sites().len());
                if present[site] != comes {
                    let cells = covering.covered_by(site);
                    if comes { counts.add(cells) } else { counts.remove(cells) }
                    present[site] = comes;
                }
            }
            let weight = |least: u32| -> u64 {
                let count = |cell: usize| {
                    let by = |site: &usize| present[*site] && covering.covers[*site].contains(&(cell as u32));
                    covering.existing[cell] + (0..present.len()).filter(by).count() as u32
                };
                (0..covering.weights.len()).filter(|cell| count(*cell) >= least).map(|cell| covering.weights[cell]).sum()
            };
            prop_assert_eq!((counts.covered, counts.twice), (weight(1), weight(2)));
        }
    }
}
