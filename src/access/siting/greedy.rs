//! The obvious choice: again and again the site that helps most at once. For cover it reaches at
//! least 1 − 1/e of what is possible (Nemhauser, Wolsey & Fisher 1978, Mathematical Programming
//! 14:265–294), without proof of more.

use super::p_median::Travel;
use super::what_if::WhatIf;
use super::{Covering, Siting};

/// At most `most` sites, each the one that adds most weight to the covered.
#[must_use]
pub fn cover(covering: &Covering, most: usize) -> Siting {
    let (chosen, counts) = choose(covering, most, |counts| (counts.covered, 0));
    answer(covering.institutions(&chosen), counts.covered)
}

/// The same for those who are covered twice; of equals what covers more.
#[must_use]
pub fn backup(covering: &Covering, most: usize) -> Siting {
    let (chosen, counts) = choose(covering, most, |counts| (counts.twice, counts.covered));
    answer(covering.institutions(&chosen), counts.twice)
}

/// Sites until everybody whom any could cover is covered.
#[must_use]
pub fn set_cover(covering: &Covering) -> Siting {
    let (chosen, _) = choose(covering, covering.sites.len(), |counts| (counts.covered, 0));
    let objective = chosen.len() as u64;
    answer(covering.institutions(&chosen), objective)
}

/// At most `most` sites, each the one that saves most weighted time.
#[must_use]
pub fn p_median(travel: &Travel, most: usize) -> Siting {
    let mut chosen: Vec<usize> = Vec::new();
    let mut cost = travel.cost(&chosen);
    while chosen.len() < most {
        let others = (0..travel.sites().len()).filter(|site| !chosen.contains(site));
        let with = |site: usize| (travel.cost(&[chosen.as_slice(), &[site]].concat()), site);
        let Some((less, site)) = others.map(with).min().filter(|(less, _)| *less < cost) else { break };
        chosen.push(site);
        cost = less;
    }
    chosen.sort_unstable();
    answer(chosen.iter().map(|site| travel.sites()[*site]).collect(), cost)
}

fn answer(chosen: Vec<usize>, objective: u64) -> Siting {
    Siting { chosen, objective, bound: None, nodes: 0 }
}

/// The first of the sites with the highest value again and again, as long as it grows.
fn choose<V: Ord + Copy>(
    covering: &Covering,
    most: usize,
    value: impl Fn(&WhatIf<'_>) -> V,
) -> (Vec<usize>, WhatIf<'_>) {
    let mut counts = WhatIf::new(covering);
    let mut chosen: Vec<usize> = Vec::new();
    while chosen.len() < most {
        let others = (0..covering.sites.len()).filter(|site| !chosen.contains(site)).collect::<Vec<_>>();
        let mut with = |site: usize| {
            counts.add(&covering.covers[site]);
            let value = value(&counts);
            counts.remove(&covering.covers[site]);
            (value, std::cmp::Reverse(site))
        };
        let best = others.into_iter().map(&mut with).max();
        let Some((_, std::cmp::Reverse(site))) = best.filter(|(best, _)| *best > value(&counts)) else {
            break;
        };
        counts.add(&covering.covers[site]);
        chosen.push(site);
    }
    chosen.sort_unstable();
    (chosen, counts)
}
