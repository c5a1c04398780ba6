//! Minimal separators between the root of a zone and a piece that hangs loose.
//!
//! Method: the closure rule of Fischetti, Leitner, Ljubić, Luipersbeck, Monaci, Resch, Salvagnin
//! and Sinnl, "Thinning out Steiner trees", Mathematical Programming Computation 9 (2017).

use super::contiguity::Adjacency;

/// Neighbours of `piece` inside the domain that can be reached from `root` without passing another
/// neighbour of the piece: every path from the root to the piece runs through one of them, and none
/// can be left out. In order; the root itself, if it is next to the piece.
///
/// `domain[unit]` says which units exist at all. The root must not be in the piece; the piece must be
/// connected.
pub(super) fn separator(adjacency: &Adjacency, domain: &[bool], root: usize, piece: &[usize]) -> Vec<usize> {
    let mut border = vec![false; adjacency.units()];
    for &unit in piece.iter().flat_map(|unit| adjacency.of(*unit)) {
        border[unit] = domain[unit];
    }
    for &unit in piece {
        border[unit] = false;
    }
    if border[root] {
        return vec![root];
    }
    let open = adjacency.reachable(root, |unit| domain[unit] && !border[unit]);
    let mut cut: Vec<usize> =
        open.iter().flat_map(|unit| adjacency.of(*unit)).copied().filter(|unit| border[*unit]).collect();
    cut.sort_unstable();
    cut.dedup();
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ```text
    /// 0 1 2
    /// 3 4 5
    /// 6 7 8
    /// ```
    fn grid() -> Adjacency {
        let across = [(0, 1), (1, 2), (3, 4), (4, 5), (6, 7), (7, 8)];
        let down = [(0, 3), (1, 4), (2, 5), (3, 6), (4, 7), (5, 8)];
        Adjacency::new(9, &[across, down].concat())
    }

    #[test]
    fn a_corner_is_cut_off_by_its_two_neighbours() {
        assert_eq!(separator(&grid(), &[true; 9], 0, &[8]), [5, 7]);
    }

    #[test]
    fn a_piece_next_to_the_root_hangs_on_it() {
        assert_eq!(separator(&grid(), &[true; 9], 4, &[7, 8]), [4]);
    }

    #[test]
    fn a_neighbour_behind_the_piece_is_not_needed() {
        let mut domain = [true; 9];
        (domain[2], domain[5]) = (false, false);
        assert_eq!(separator(&grid(), &domain, 0, &[7]), [4, 6]);
    }

    #[test]
    fn units_outside_the_domain_do_not_separate() {
        let mut domain = [true; 9];
        domain[5] = false;
        assert_eq!(separator(&grid(), &domain, 0, &[8]), [7]);
    }
}
