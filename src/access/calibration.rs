//! Our minutes against measured ones.

use crate::network::graph::{Edge, Network};
use crate::network::link::Linker;
use crate::network::osm::FERRY;
use crate::network::path::path;
use crate::network::profile::Profile;
use geo::Point;
use rayon::prelude::*;

/// A measured journey.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// Where it began.
    pub from: Point,
    /// Where it ended.
    pub to: Point,
    /// How long it took, above 0.
    pub minutes: f64,
}

/// Road classes whose speeds are corrected together; links go with their roads.
pub const GROUPS: [&str; 7] =
    ["motorway", "trunk", "primary", "secondary", "tertiary", "その他の道路", "フェリー"];

/// What our network says of a measured journey.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// What was measured, in minutes.
    pub measured: f64,
    /// Our minutes.
    pub ours: f64,
    /// Our minutes on the roads of each group; the rest is spent between the places and their roads.
    pub by_group: [f64; GROUPS.len()],
}

/// Why a measured journey cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Incomparable {
    /// The beginning has no road near it.
    FromNotLinked,
    /// The end has no road near it.
    ToNotLinked,
    /// No way joins them.
    NoWay,
}

impl Incomparable {
    /// For people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FromNotLinked => "出発地の近くに道路がない",
            Self::ToNotLinked => "到着地の近くに道路がない",
            Self::NoWay => "経路なし",
        }
    }
}

/// Compares every journey, in order.
#[must_use]
pub fn compare(
    network: &Network,
    profile: &Profile,
    linker: &Linker<'_>,
    journeys: &[Measured],
) -> Vec<Result<Compared, Incomparable>> {
    let one = |journey: &Measured| {
        let from = linker.link(journey.from).ok_or(Incomparable::FromNotLinked)?;
        let to = linker.link(journey.to).ok_or(Incomparable::ToNotLinked)?;
        let path = path(network, &from, &to).ok_or(Incomparable::NoWay)?;
        let mut by_group = [0.0; GROUPS.len()];
        for (edge, deciseconds) in &path.edges {
            by_group[group(&network.edges[*edge as usize], profile)] += f64::from(*deciseconds) / 600.0;
        }
        let ours = f64::from(path.deciseconds) / 600.0;
        Ok(Compared { measured: journey.minutes, ours, by_group })
    };
    journeys.par_iter().map(one).collect()
}

/// Position in [`GROUPS`].
fn group(edge: &Edge, profile: &Profile) -> usize {
    if edge.class == FERRY {
        return GROUPS.len() - 1;
    }
    let highway = profile.classes.get(usize::from(edge.class)).map_or("", |class| class.highway.as_str());
    let road = highway.strip_suffix("_link").unwrap_or(highway);
    GROUPS.iter().position(|group| *group == road).unwrap_or(GROUPS.len() - 2)
}

/// How far our minutes are from the measured ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Deviation {
    /// Mean of ours − measured, minutes.
    pub mean_difference: f64,
    /// Standard deviation of ours − measured, minutes; `None` of a single journey.
    pub standard_deviation: Option<f64>,
    /// First quartile, median and third quartile of ours ÷ measured.
    pub ratio_quartiles: [f64; 3],
}

/// The deviation over some journeys; `None` of none.
#[must_use]
pub fn deviation(compared: &[Compared]) -> Option<Deviation> {
    let count = compared.len() as f64;
    let differences: Vec<f64> = compared.iter().map(|pair| pair.ours - pair.measured).collect();
    let mean = differences.iter().sum::<f64>() / count;
    let squares: f64 = differences.iter().map(|difference| (difference - mean).powi(2)).sum();
    let mut ratios: Vec<f64> = compared.iter().map(|pair| pair.ours / pair.measured).collect();
    ratios.sort_by(f64::total_cmp);
    (!compared.is_empty()).then(|| Deviation {
        mean_difference: mean,
        standard_deviation: (compared.len() > 1).then(|| (squares / (count - 1.0)).sqrt()),
        ratio_quartiles: [0.25, 0.5, 0.75].map(|share| quantile(&ratios, share)),
    })
}

/// Linear between the two nearest of some sorted numbers (Hyndman & Fan 1996, type 7).
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = (sorted.len() - 1) as f64 * share;
    let (low, high) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    low + (high - low) * at.fract()
}

/// A group's part in the journeys, and by what its speeds would have to be multiplied.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupFigures {
    /// Journeys that drive on it.
    pub journeys: usize,
    /// Share of our minutes spent on it.
    pub share: f64,
    /// Factor on its speeds that fits best, above 0; `None` when there are too few journeys, or when they
    /// cannot tell it from the other groups.
    pub speed_factor: Option<f64>,
}

/// So many journeys must drive on a group before its speeds are judged.
pub const LEAST_JOURNEYS: usize = 10;

/// The figures of each of [`GROUPS`], with the paths as they are.
#[must_use]
pub fn groups(compared: &[Compared]) -> Vec<GroupFigures> {
    let whole: f64 = compared.iter().map(|pair| pair.ours).sum();
    let journeys = |group: usize| compared.iter().filter(|pair| pair.by_group[group] > 0.0).count();
    let judged: Vec<usize> = (0..GROUPS.len()).filter(|group| journeys(*group) >= LEAST_JOURNEYS).collect();
    let factors = fit(compared, &judged).unwrap_or_default();
    let factor = |group: usize| {
        let at = judged.iter().position(|judged| *judged == group)?;
        factors.get(at).filter(|time| **time > 0.0).map(|time| 1.0 / time)
    };
    (0..GROUPS.len())
        .map(|group| GroupFigures {
            journeys: journeys(group),
            share: if whole > 0.0 {
                compared.iter().map(|pair| pair.by_group[group]).sum::<f64>() / whole
            } else {
                0.0
            },
            speed_factor: factor(group),
        })
        .collect()
}

/// Factors on the minutes of the judged groups that make the squares of what is left least, the other
/// minutes being right (ordinary least squares by its normal equations). `None` when they are not
/// determined.
fn fit(compared: &[Compared], judged: &[usize]) -> Option<Vec<f64>> {
    let size = judged.len();
    // The last column is the right-hand side.
    let mut rows = vec![vec![0.0; size + 1]; size];
    for pair in compared {
        let minutes: Vec<f64> = judged.iter().map(|group| pair.by_group[*group]).collect();
        let left = pair.measured - (pair.ours - minutes.iter().sum::<f64>());
        for (row, own) in rows.iter_mut().zip(&minutes) {
            for (entry, other) in row.iter_mut().zip(minutes.iter().chain([&left])) {
                *entry += own * other;
            }
        }
    }
    solve(rows)
}

/// Gaussian elimination of a symmetric positive definite system; `None` when it is nearly singular.
fn solve(mut rows: Vec<Vec<f64>>) -> Option<Vec<f64>> {
    const NEARLY: f64 = 1e-9;
    let size = rows.len();
    let diagonal: Vec<f64> = (0..size).map(|at| rows[at][at]).collect();
    for at in 0..size {
        if rows[at][at] <= NEARLY * diagonal[at] || !rows[at][at].is_finite() {
            return None;
        }
        let pivot = rows[at].clone();
        for row in &mut rows[at + 1..] {
            let share = row[at] / pivot[at];
            for (entry, above) in row.iter_mut().zip(&pivot) {
                *entry -= share * above;
            }
        }
    }
    let mut solution = vec![0.0; size];
    for at in (0..size).rev() {
        let known: f64 = (at + 1..size).map(|other| rows[at][other] * solution[other]).sum();
        solution[at] = (rows[at][size] - known) / rows[at][at];
    }
    Some(solution)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A journey with minutes on motorway and trunk, a minute of legs, and what was measured.
    fn pair(motorway: f64, trunk: f64, measured: f64) -> Compared {
        let mut by_group = [0.0; GROUPS.len()];
        (by_group[0], by_group[1]) = (motorway, trunk);
        Compared { measured, ours: motorway + trunk + 1.0, by_group }
    }

    #[test]
    fn speeds_that_were_wrong_by_known_factors_are_found_again() {
        // In truth motorways are twice as fast and trunk roads need a quarter more time.
        let truth = |motorway: f64, trunk: f64| pair(motorway, trunk, motorway * 0.5 + trunk * 1.25 + 1.0);
        let journeys: Vec<_> =
            (0..12).map(|at| truth(f64::from(at + 1), f64::from(20 - at * at % 7))).collect();
        let found = groups(&journeys);
        assert!((found[0].speed_factor.unwrap() - 2.0).abs() < 1e-9);
        assert!((found[1].speed_factor.unwrap() - 0.8).abs() < 1e-9);
        assert_eq!((found[0].journeys, found[2].journeys, found[2].speed_factor), (12, 0, None));
        let shares: f64 = found.iter().map(|group| group.share).sum();
        assert!(shares < 1.0 && shares > 0.9, "the rest are the legs: {shares}");
    }

    #[test]
    fn nine_journeys_or_groups_always_driven_in_the_same_proportion_tell_nothing() {
        let nine: Vec<_> = (0..9).map(|at| pair(f64::from(at), 5.0, 9.0)).collect();
        assert!(groups(&nine).iter().all(|group| group.speed_factor.is_none()));
        let proportional: Vec<_> = (1..20).map(|at| pair(f64::from(at), 2.0 * f64::from(at), 30.0)).collect();
        assert!(groups(&proportional).iter().all(|group| group.speed_factor.is_none()));
    }

    #[test]
    fn deviations_are_what_arithmetic_says() {
        let journeys = [pair(9.0, 0.0, 8.0), pair(9.0, 0.0, 10.0), pair(9.0, 0.0, 12.5)];
        let found = deviation(&journeys).unwrap();
        assert!((found.mean_difference - (2.0 + 0.0 - 2.5) / 3.0).abs() < 1e-12);
        assert!((found.standard_deviation.unwrap() - 2.254_624_876_684_79).abs() < 1e-9);
        for (found, expected) in found.ratio_quartiles.into_iter().zip([0.9, 1.0, 1.125]) {
            assert!((found - expected).abs() < 1e-12);
        }
        assert_eq!(deviation(&[]), None);
        assert_eq!(deviation(&journeys[..1]).unwrap().standard_deviation, None);
    }
}
