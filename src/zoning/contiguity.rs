//! Which units hang together: neighbours and connected components.

/// The neighbours of every unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjacency(Vec<Vec<usize>>);

impl Adjacency {
    /// From pairs of neighbours among `units` units. Order and repetition do not matter; a unit is
    /// never its own neighbour, and a pair with an unknown unit is left out.
    #[must_use]
    pub fn new(units: usize, pairs: &[(usize, usize)]) -> Self {
        let mut neighbours = vec![Vec::new(); units];
        for &(a, b) in pairs.iter().filter(|(a, b)| a != b && *a < units && *b < units) {
            neighbours[a].push(b);
            neighbours[b].push(a);
        }
        for list in &mut neighbours {
            list.sort_unstable();
            list.dedup();
        }
        Self(neighbours)
    }

    /// Number of units.
    #[must_use]
    pub fn units(&self) -> usize {
        self.0.len()
    }

    /// The neighbours of a unit, in order; none for an unknown unit.
    #[must_use]
    pub fn of(&self, unit: usize) -> &[usize] {
        self.0.get(unit).map_or(&[], Vec::as_slice)
    }

    /// The connected components of the units that `inside` admits, each in order of unit, the
    /// components in order of their first unit.
    ///
    /// ```
    /// use keniki::zoning::contiguity::Adjacency;
    /// let row = Adjacency::new(4, &[(0, 1), (1, 2), (2, 3)]);
    /// assert_eq!(row.components(|unit| unit != 1), [vec![0], vec![2, 3]]);
    /// ```
    #[must_use]
    pub fn components(&self, inside: impl Fn(usize) -> bool) -> Vec<Vec<usize>> {
        let mut met = vec![false; self.units()];
        let mut components = Vec::new();
        for start in (0..self.units()).filter(|unit| inside(*unit)) {
            if !met[start] {
                components.push(self.flood(start, &inside, &mut met));
            }
        }
        components
    }

    /// The units that can be reached from `start`, itself included, through units that `inside`
    /// admits, in order; none if it does not admit `start`.
    #[must_use]
    pub fn reachable(&self, start: usize, inside: impl Fn(usize) -> bool) -> Vec<usize> {
        if start >= self.units() || !inside(start) {
            return Vec::new();
        }
        self.flood(start, &inside, &mut vec![false; self.units()])
    }

    fn flood(&self, start: usize, inside: &impl Fn(usize) -> bool, met: &mut [bool]) -> Vec<usize> {
        met[start] = true;
        let mut reached = vec![start];
        let mut next = 0;
        while let Some(&unit) = reached.get(next) {
            next += 1;
            for &neighbour in self.of(unit) {
                if !met[neighbour] && inside(neighbour) {
                    met[neighbour] = true;
                    reached.push(neighbour);
                }
            }
        }
        reached.sort_unstable();
        reached
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_in_two_pieces_have_two_components() {
        let row = Adjacency::new(4, &[(0, 1), (2, 1), (3, 2), (1, 0), (2, 2), (3, 9)]);
        assert_eq!(row.components(|unit| unit == 0 || unit == 3), [vec![0], vec![3]]);
        assert_eq!(row.components(|unit| unit == 1 || unit == 2), [vec![1, 2]]);
    }

    #[test]
    fn a_unit_without_neighbours_is_a_component_of_its_own() {
        let islands = Adjacency::new(3, &[(0, 2)]);
        assert_eq!(islands.components(|_| true), [vec![0, 2], vec![1]]);
        assert!(islands.of(1).is_empty());
        assert!(islands.of(9).is_empty());
    }

    #[test]
    fn nothing_is_reachable_from_outside() {
        let row = Adjacency::new(3, &[(0, 1), (1, 2)]);
        assert!(row.reachable(1, |unit| unit != 1).is_empty());
        assert!(row.reachable(9, |_| true).is_empty());
        assert_eq!(row.reachable(2, |unit| unit != 0), [1, 2]);
    }
}
