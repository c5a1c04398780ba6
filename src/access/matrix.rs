//! The travel-time matrix between institutions and cells.

use crate::network::build::{Linkage, Roadway};
use crate::network::hierarchy::sweep::{Ends, Engine};
use crate::network::hierarchy::table::Columns;
use crate::network::link::{Direction, Link};
use crate::network::search::UNREACHED;
use crate::progress::Step;
use crate::units::Deciseconds;
use std::collections::BTreeMap;

/// Times between institutions and cells, one direction, cut at a limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matrix {
    /// For each institution (position in the study) the cells it reaches, in order, with their times.
    pub rows: BTreeMap<usize, Vec<(u32, Deciseconds)>>,
    /// For each institution on the network the cells on the network to which no way leads, in order.
    pub no_way: BTreeMap<usize, Vec<u32>>,
}

/// Why a matrix holds no time for a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// The institution is unlocated or has no road within the longest access leg.
    InstitutionNotLinked,
    /// The cell has no road within the longest access leg.
    CellNotLinked,
    /// Both are on the network, but no way joins them (an island without ferry, a closed road).
    NoWay,
    /// There is a way, but it takes longer than the limit.
    BeyondLimit,
}

impl Missing {
    /// For people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InstitutionNotLinked => "未リンク（機関の位置が不明か、近くに道路がない）",
            Self::CellNotLinked => "未リンク（メッシュの近くに道路がない）",
            Self::NoWay => "経路なし",
            Self::BeyondLimit => "上限時間超過",
        }
    }
}

impl Matrix {
    /// Time of a pair, or why there is none.
    ///
    /// # Errors
    /// [`Missing`]. Institutions must be among those for which the matrix was made.
    pub fn time(&self, linkage: &Linkage, institution: usize, cell: u32) -> Result<Deciseconds, Missing> {
        let row = self.rows.get(&institution).map_or(&[][..], Vec::as_slice);
        let no_way = self.no_way.get(&institution).map_or(&[][..], Vec::as_slice);
        if let Ok(at) = row.binary_search_by_key(&cell, |(cell, _)| *cell) {
            Ok(row[at].1)
        } else if linkage.institutions[institution].is_none() {
            Err(Missing::InstitutionNotLinked)
        } else if linkage.cells[cell as usize].is_none() {
            Err(Missing::CellNotLinked)
        } else if no_way.binary_search(&cell).is_ok() {
            Err(Missing::NoWay)
        } else {
            Err(Missing::BeyondLimit)
        }
    }

    /// Time between each cell and the nearest of the institutions.
    #[must_use]
    pub fn nearest(&self, cells: usize, institutions: &[usize]) -> Vec<Option<Deciseconds>> {
        let mut nearest: Vec<Option<Deciseconds>> = vec![None; cells];
        for (cell, time) in institutions.iter().filter_map(|at| self.rows.get(at)).flatten() {
            let known = &mut nearest[*cell as usize];
            *known = Some(known.map_or(*time, |known| known.min(*time)));
        }
        nearest
    }
}

/// Times between the given institutions and the cells; each institution is one piece of work of `step`.
/// Outward, from institution to cell; inward, from cell to institution.
#[must_use]
pub fn matrix(
    roadway: &Roadway,
    institutions: &[usize],
    direction: Direction,
    limit: Deciseconds,
    step: &dyn Step,
) -> Matrix {
    matrix_of_places(roadway, institutions, &roadway.linkage.cells, direction, limit, step)
}

/// The same with other places than the cells.
#[must_use]
pub fn matrix_of_places(
    roadway: &Roadway,
    institutions: &[usize],
    places: &[Option<Link>],
    direction: Direction,
    limit: Deciseconds,
    step: &dyn Step,
) -> Matrix {
    let Roadway { network, linkage, hierarchy, metric } = roadway;
    let cells = linked(places, 0..places.len());
    let linked_institutions = linked(&linkage.institutions, institutions.iter().copied());
    let cell_ends: Vec<_> = cells.iter().map(|(_, link)| link.ends(network, direction)).collect();
    let origin_ends: Vec<_> =
        linked_institutions.iter().map(|(_, link)| link.begins(network, direction)).collect();
    let columns = Columns::new(Engine::new(hierarchy, metric, direction), &slices(&cell_ends));
    let rows = columns.map_rows(&slices(&origin_ends), |row, times| {
        let (institution, origin) = linked_institutions[row];
        let mut row = Row::default();
        for ((cell, link), time) in cells.iter().zip(times) {
            let beside = origin.beside(link, network, direction);
            row.add(*cell as u32, beside.map_or(*time, |beside| beside.min(*time)), limit);
        }
        step.advance(1);
        (institution, row)
    });
    let mut matrix = Matrix::default();
    for institution in institutions.iter().filter(|at| linkage.institutions[**at].is_none()) {
        matrix.rows.insert(*institution, Vec::new());
        step.advance(1);
    }
    for (institution, row) in rows {
        matrix.rows.insert(institution, row.reached);
        matrix.no_way.insert(institution, row.no_way);
    }
    matrix
}

/// The times of one institution.
#[derive(Default)]
struct Row {
    reached: Vec<(u32, Deciseconds)>,
    no_way: Vec<u32>,
}

impl Row {
    fn add(&mut self, cell: u32, time: u32, limit: Deciseconds) {
        if time == UNREACHED {
            self.no_way.push(cell);
        } else if time <= limit.0 {
            self.reached.push((cell, Deciseconds(time)));
        }
    }
}

/// Those that stand on the network.
fn linked(links: &[Option<Link>], places: impl Iterator<Item = usize>) -> Vec<(usize, &Link)> {
    places.filter_map(|at| links[at].as_ref().map(|link| (at, link))).collect()
}

fn slices(places: &[Vec<(u32, u32)>]) -> Vec<&Ends> {
    places.iter().map(Vec::as_slice).collect()
}
