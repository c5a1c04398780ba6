//! Colour classes of zones, so that neighbours can be told apart on a map.
//!
//! Method: smallest-last order (Matula & Beck 1983, Journal of the ACM 30:417–427): the zone with
//! the fewest neighbours is set aside again and again, then zones are coloured in the reverse order,
//! each with the colour that no coloured neighbour has and that is used least so far. A planar map
//! always has a zone with at most five neighbours, so six colours would do; with eight, up to eight
//! zones all differ.

use super::contiguity::Adjacency;

/// Number of colours at most.
pub const COLOURS: u8 = 8;

/// A colour from 0 to 7 for each of `zones` zones. `touching` are the pairs that should differ.
///
/// Should eight colours not suffice (possible only where zones in pieces or ferries make the map
/// far from planar), a zone takes the colour that the fewest of its neighbours have.
#[must_use]
pub fn colours(zones: usize, touching: &[(usize, usize)]) -> Vec<u8> {
    let adjacency = Adjacency::new(zones, touching);
    let mut colour_of_zone: Vec<Option<u8>> = vec![None; zones];
    let mut everywhere = [0usize; COLOURS as usize];
    for &zone in smallest_last(&adjacency).iter().rev() {
        let mut used = [0usize; COLOURS as usize];
        for colour in adjacency.of(zone).iter().filter_map(|other| colour_of_zone[*other]) {
            used[usize::from(colour)] += 1;
        }
        let burden = |colour: &u8| (used[usize::from(*colour)], everywhere[usize::from(*colour)]);
        colour_of_zone[zone] = (0..COLOURS).min_by_key(burden);
        if let Some(colour) = colour_of_zone[zone] {
            everywhere[usize::from(colour)] += 1;
        }
    }
    colour_of_zone.into_iter().flatten().collect()
}

/// The pairs of zones that touch because units of theirs do: each once, lower zone first, in order.
/// `touching_units` are pairs of units; units in no zone touch nothing.
#[must_use]
pub fn touching_zones(zone_of_unit: &[usize], touching_units: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let zone = |unit: usize| zone_of_unit.get(unit).copied();
    let mut pairs: Vec<(usize, usize)> = touching_units
        .iter()
        .filter_map(|(a, b)| zone(*a).zip(zone(*b)))
        .filter(|(a, b)| a != b)
        .map(|(a, b)| (a.min(b), a.max(b)))
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// All zones, each with the fewest neighbours among those that follow it; ties by number.
fn smallest_last(adjacency: &Adjacency) -> Vec<usize> {
    let mut rest: Vec<usize> = (0..adjacency.units()).collect();
    let mut order = Vec::new();
    let neighbours_in = |rest: &[usize], zone: usize| {
        adjacency.of(zone).iter().filter(|other| rest.binary_search(other).is_ok()).count()
    };
    while let Some(at) = (0..rest.len()).min_by_key(|at| neighbours_in(&rest, rest[*at])) {
        order.push(rest.remove(at));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn four_zones_that_all_touch_take_four_colours() {
        let pairs = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)];
        let mut colours = colours(4, &pairs);
        colours.sort_unstable();
        assert_eq!(colours, [0, 1, 2, 3]);
    }

    #[test]
    fn up_to_eight_zones_all_differ() {
        let mut eight = colours(8, &[(1, 1), (0, 9), (2, 3)]);
        eight.sort_unstable();
        assert_eq!(eight, [0, 1, 2, 3, 4, 5, 6, 7]);
        assert!(colours(0, &[]).is_empty());
    }

    #[test]
    fn where_nine_zones_all_touch_only_one_pair_shares_a_colour() {
        let pairs: Vec<_> = (0..9).flat_map(|a| (0..a).map(move |b| (b, a))).collect();
        let colours = colours(9, &pairs);
        assert!(colours.iter().all(|colour| *colour < COLOURS));
        assert_eq!(pairs.iter().filter(|(a, b)| colours[*a] == colours[*b]).count(), 1);
    }

    #[test]
    fn zones_touch_where_their_units_do() {
        let zone_of_unit = [0, 0, 2, 1];
        let units = [(0, 1), (2, 1), (0, 2), (3, 2), (3, 8)];
        assert_eq!(touching_zones(&zone_of_unit, &units), [(0, 2), (1, 2)]);
    }

    proptest! {
        /// A triangulated grid is planar; merging nothing, every cell is a zone of its own.
        #[test]
        fn neighbours_on_a_planar_map_always_differ(
            columns in 1usize..8, rows in 1usize..8, diagonals in prop::collection::vec(any::<bool>(), 64),
        ) {
            let at = |column: usize, row: usize| row * columns + column;
            let mut pairs = Vec::new();
            for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
                if column + 1 < columns {
                    pairs.push((at(column, row), at(column + 1, row)));
                }
                if row + 1 < rows {
                    pairs.push((at(column, row), at(column, row + 1)));
                }
                if column + 1 < columns && row + 1 < rows {
                    pairs.push(if diagonals[at(column, row)] {
                        (at(column, row), at(column + 1, row + 1))
                    } else {
                        (at(column + 1, row), at(column, row + 1))
                    });
                }
            }
            let colours = colours(columns * rows, &pairs);
            prop_assert_eq!(colours.len(), columns * rows);
            prop_assert!(colours.iter().all(|colour| *colour < COLOURS));
            for (a, b) in pairs {
                prop_assert_ne!(colours[a], colours[b]);
            }
        }
    }
}
