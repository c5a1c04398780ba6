//! The shortage list: whom a service does not reach well, why, and who could mend it.

use crate::access::AccessError;
use crate::access::cover::{Concerned, Residents, counts, cover};
use crate::access::floating_catchment::circle;
use crate::access::matrix::Matrix;
use crate::access::reach::Reach;
use crate::access::services::Service;
use crate::access::shortage_rules::ShortageRules;
use crate::ingest::study::Study;
use crate::units::Deciseconds;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Why a cell is on the list. Of the first two a cell has at most one, and none of the others with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// No institution within the circle of the fee rules (16 km).
    NoneInCircle,
    /// None within the minutes (of those inside the circle).
    NoneInMinutes,
    /// None of those that come is there around the clock.
    NotAtNight,
    /// Everything depends on one institution.
    OneInstitution,
    /// Those that come have less capacity than the rules ask for.
    Capacity,
}

impl Cause {
    /// The word for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoneInCircle => "16km以内になし",
            Self::NoneInMinutes => "時間内になし",
            Self::NotAtNight => "夜間・休日だけ届かない",
            Self::OneInstitution => "1か所だけ",
            Self::Capacity => "提供量の不足",
        }
    }

    /// All of them, the gravest first.
    pub const ALL: [Self; 5] =
        [Self::NoneInCircle, Self::NoneInMinutes, Self::NotAtNight, Self::OneInstitution, Self::Capacity];
}

/// What the list is made from for one service.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The study.
    pub study: &'a Study,
    /// People and demand by cell.
    pub residents: &'a Residents,
    /// The service.
    pub reach: &'a Reach,
    /// Times in the direction of the service.
    pub times: &'a Matrix,
    /// Institutions that come around the clock, rising; `None` = not loaded, or nights do not matter.
    pub around_the_clock: Option<&'a [usize]>,
    /// Capacity per unit of demand of each cell; `None` = unknown.
    pub accessibility: Option<&'a [f64]>,
    /// Times of the institutions that could take the service up.
    pub could: &'a Matrix,
}

/// The shortage of one service.
#[derive(Clone, Debug, PartialEq)]
pub struct Shortage {
    /// Id of the service.
    pub service: String,
    /// Where it is short; `None` = not loaded, unknown.
    pub places: Option<Places>,
}

/// Where a service is short.
#[derive(Clone, Debug, PartialEq)]
pub struct Places {
    /// Causes that nothing which was loaded can speak of.
    pub unjudged: Vec<Cause>,
    /// Cells with a cause: first those to whom nobody comes (at all, or at night), then those with
    /// one institution only, then those of which only an assumed capacity says so; in each group
    /// most people first, then in the order of the study.
    pub cells: Vec<CellShortage>,
    /// Municipalities with such cells: most people in cells of the first group first, then in those
    /// of the first two, then in all, then in the order of the study.
    pub municipalities: Vec<MunicipalityShortage>,
    /// Those whom nobody reaches in each municipality of the study, at several speeds; also where
    /// the planned speed leaves nobody out.
    pub unreached: Vec<Unreached>,
}

/// A cell on the list.
#[derive(Clone, Debug, PartialEq)]
pub struct CellShortage {
    /// Position of the cell.
    pub cell: usize,
    /// Why.
    pub causes: BTreeSet<Cause>,
    /// Who lives there.
    pub concerned: Concerned,
    /// The same people where nobody reaches the cell, at several speeds.
    pub unreached: Unreached,
    /// The nearest that could mend it, nearest first; empty = nobody within the limits could.
    pub remedies: Vec<Remedy>,
}

/// A municipality on the list.
#[derive(Clone, Debug, PartialEq)]
pub struct MunicipalityShortage {
    /// Position of the municipality.
    pub municipality: usize,
    /// Those who live in its cells on the list.
    pub concerned: Concerned,
    /// The same by cause; one cell can have several.
    pub causes: BTreeMap<Cause, Concerned>,
    /// Those that could mend it for most people, most first.
    pub remedies: Vec<Remedy>,
}

/// People whom nobody reaches within the limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unreached {
    /// At the slower speed.
    pub slower: Concerned,
    /// At the planned speed.
    pub planned: Concerned,
    /// At the faster speed; `None` where travel times are cut before.
    pub faster: Option<Concerned>,
}

/// An institution that could mend a shortage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Remedy {
    /// Position of the institution.
    pub institution: usize,
    /// Time to the nearest cell that it would mend.
    pub time: Deciseconds,
    /// Those for whom it would.
    pub mended: Concerned,
}

/// The shortage of a service.
///
/// # Errors
/// [`AccessError::LimitBeyondTimes`] when travel times are cut before the limit of the rules.
pub fn shortage(asked: &Asked<'_>, rules: &ShortageRules) -> Result<Shortage, AccessError> {
    let service = asked.reach.service.id.clone();
    let travel_minutes = asked.study.parameters.travel_limit_minutes;
    if rules.limit_minutes > travel_minutes {
        return Err(AccessError::LimitBeyondTimes { limit_minutes: rules.limit_minutes, travel_minutes });
    }
    let places = asked.reach.providers.as_deref().map(|providers| places(asked, rules, providers));
    Ok(Shortage { service, places })
}

fn places(asked: &Asked<'_>, rules: &ShortageRules, providers: &[usize]) -> Places {
    let longest = Deciseconds::from_minutes(asked.study.parameters.travel_limit_minutes);
    let allowed = asked.allowed(asked.times, providers, longest);
    let at_speed = |speed: f64| cover(&allowed, providers, rules.limit_at(speed), |_, _| true);
    let planned = at_speed(1.0);
    let causes = causes(asked, rules, &planned);
    let remedies = remedies(asked, rules, &planned, &causes);
    let faster = (rules.limit_at(rules.faster) <= longest).then(|| at_speed(rules.faster));
    let unreached = UnreachedCells {
        slower: unreached(&at_speed(rules.slower), causes.len()),
        planned: unreached(&planned, causes.len()),
        faster: faster.map(|cover| unreached(&cover, causes.len())),
    };
    let cell = |cell: usize| CellShortage {
        cell,
        causes: causes[cell].clone(),
        concerned: asked.residents.of(std::iter::once(cell)),
        unreached: unreached.of(asked.residents, &[cell]),
        remedies: of_cell(asked.residents, &remedies[cell], cell, rules.remedies),
    };
    let mut cells: Vec<CellShortage> =
        (0..causes.len()).filter(|at| !causes[*at].is_empty()).map(cell).collect();
    cells.sort_by_key(|short| (rank(asked.residents, &causes, &[short.cell]), short.cell));
    let mut own = vec![Vec::new(); asked.study.municipalities.len()];
    for (at, cell) in asked.study.cells.iter().enumerate() {
        own[cell.municipality].push(at);
    }
    let municipality =
        |(at, own): (usize, &Vec<_>)| of_municipality(asked, rules, at, own, &causes, &remedies);
    let mut municipalities: Vec<_> = own.iter().enumerate().filter_map(municipality).collect();
    municipalities.sort_by_key(|(rank, short)| (*rank, short.municipality));
    let municipalities = municipalities.into_iter().map(|(_, short)| short).collect();
    let unjudged = [
        (Cause::NotAtNight, asked.around_the_clock.is_none()),
        (Cause::Capacity, asked.accessibility.is_none()),
    ];
    let unjudged = unjudged.into_iter().filter(|(_, unknown)| *unknown).map(|(cause, _)| cause).collect();
    let unreached = own.iter().map(|own| unreached.of(asked.residents, own)).collect();
    Places { unjudged, cells, municipalities, unreached }
}

impl Asked<'_> {
    /// Pairs within a time and the circle of the service, if it has one.
    fn allowed(&self, times: &Matrix, institutions: &[usize], limit: Deciseconds) -> Matrix {
        allowed(self.study, &self.reach.service, times, institutions, limit)
    }
}

/// Pairs of a service within a time and its circle, if it has one.
#[must_use]
pub fn allowed(
    study: &Study,
    service: &Service,
    times: &Matrix,
    institutions: &[usize],
    limit: Deciseconds,
) -> Matrix {
    match service.circle_m {
        Some(radius_m) => cover(times, institutions, limit, circle(study, radius_m)),
        None => cover(times, institutions, limit, |_, _| true),
    }
}

/// People of some cells whose gravest cause is that nobody comes (at all, or at night), the same with
/// those who depend on one institution, and with those short of an assumed capacity; most first. An
/// assumption never ranks above what the files say.
fn rank(residents: &Residents, causes: &[BTreeSet<Cause>], cells: &[usize]) -> Reverse<[u32; 3]> {
    Reverse([Cause::NotAtNight, Cause::OneInstitution, Cause::Capacity].map(|mildest| {
        let grave = |cell: &usize| causes[*cell].first().is_some_and(|gravest| *gravest <= mildest);
        residents.of(cells.iter().copied().filter(grave)).people.total
    }))
}

/// The causes of each cell; cells without people have none.
fn causes(asked: &Asked<'_>, rules: &ShortageRules, planned: &Matrix) -> Vec<BTreeSet<Cause>> {
    let cells = asked.residents.cells();
    let counts = counts(planned, cells);
    let nights = asked.around_the_clock.map(|institutions| {
        self::counts(&cover(planned, institutions, Deciseconds(u32::MAX), |_, _| true), cells)
    });
    let of_cell = |cell: usize| {
        if asked.residents.people[cell].total == 0 {
            return BTreeSet::new();
        }
        if counts[cell] == 0 {
            let outside = asked.reach.in_circle.get(cell) == Some(&false);
            return BTreeSet::from([if outside { Cause::NoneInCircle } else { Cause::NoneInMinutes }]);
        }
        let scarce = asked.accessibility.is_some_and(|scores| scores[cell] < rules.least_accessibility);
        let causes = [
            (Cause::NotAtNight, nights.as_ref().is_some_and(|nights| nights[cell] == 0)),
            (Cause::OneInstitution, counts[cell] == 1),
            (Cause::Capacity, scarce),
        ];
        causes.into_iter().filter(|(_, holds)| *holds).map(|(cause, _)| cause).collect()
    };
    (0..cells).map(of_cell).collect()
}

/// For each cell with a cause those that could mend it: who could take the service up, and where
/// only the night is missing those that come by day.
fn remedies(
    asked: &Asked<'_>,
    rules: &ShortageRules,
    planned: &Matrix,
    causes: &[BTreeSet<Cause>],
) -> Vec<Vec<(usize, Deciseconds)>> {
    let providers = asked.reach.providers.as_deref().unwrap_or_default();
    let others = asked.could.rows.keys().copied().filter(|at| providers.binary_search(at).is_err());
    let others = asked.allowed(asked.could, &others.collect::<Vec<_>>(), rules.limit_at(1.0));
    let mut remedies = vec![Vec::new(); causes.len()];
    for (institution, cell, time) in pairs(&others) {
        if !causes[cell].is_empty() {
            remedies[cell].push((institution, time));
        }
    }
    for (institution, cell, time) in pairs(planned) {
        if causes[cell].contains(&Cause::NotAtNight) {
            remedies[cell].push((institution, time));
        }
    }
    remedies
}

fn pairs(matrix: &Matrix) -> impl Iterator<Item = (usize, usize, Deciseconds)> + '_ {
    matrix.rows.iter().flat_map(|(at, row)| row.iter().map(move |(cell, time)| (*at, *cell as usize, *time)))
}

fn of_cell(
    residents: &Residents,
    remedies: &[(usize, Deciseconds)],
    cell: usize,
    most: usize,
) -> Vec<Remedy> {
    let mut nearest = remedies.to_vec();
    nearest.sort_by_key(|(institution, time)| (*time, *institution));
    let mended = residents.of(std::iter::once(cell));
    nearest.into_iter().take(most).map(|(institution, time)| Remedy { institution, time, mended }).collect()
}

fn unreached(cover: &Matrix, cells: usize) -> Vec<bool> {
    counts(cover, cells).into_iter().map(|count| count == 0).collect()
}

/// Whether nobody reaches a cell, at several speeds.
struct UnreachedCells {
    slower: Vec<bool>,
    planned: Vec<bool>,
    faster: Option<Vec<bool>>,
}

impl UnreachedCells {
    fn of(&self, residents: &Residents, cells: &[usize]) -> Unreached {
        let count = |is: &[bool]| residents.of(cells.iter().copied().filter(|cell| is[*cell]));
        Unreached {
            slower: count(&self.slower),
            planned: count(&self.planned),
            faster: self.faster.as_deref().map(count),
        }
    }
}

fn of_municipality(
    asked: &Asked<'_>,
    rules: &ShortageRules,
    municipality: usize,
    own: &[usize],
    causes: &[BTreeSet<Cause>],
    remedies: &[Vec<(usize, Deciseconds)>],
) -> Option<(Reverse<[u32; 3]>, MunicipalityShortage)> {
    let short: Vec<usize> = own.iter().copied().filter(|cell| !causes[*cell].is_empty()).collect();
    let kinds: BTreeSet<Cause> = short.iter().flat_map(|cell| causes[*cell].iter().copied()).collect();
    let of_kind = |kind: Cause| {
        (kind, asked.residents.of(short.iter().copied().filter(|cell| causes[*cell].contains(&kind))))
    };
    let municipal = || MunicipalityShortage {
        municipality,
        concerned: asked.residents.of(short.iter().copied()),
        causes: kinds.into_iter().map(of_kind).collect(),
        remedies: largest(asked.residents, remedies, &short, rules.remedies),
    };
    (!short.is_empty()).then(|| (rank(asked.residents, causes, &short), municipal()))
}

/// Those that could mend some cells for most people; of equals the nearest, then the first.
fn largest(
    residents: &Residents,
    remedies: &[Vec<(usize, Deciseconds)>],
    cells: &[usize],
    most: usize,
) -> Vec<Remedy> {
    let mut mended: BTreeMap<usize, (Deciseconds, Vec<usize>)> = BTreeMap::new();
    for cell in cells {
        for (institution, time) in &remedies[*cell] {
            let known = mended.entry(*institution).or_insert((*time, Vec::new()));
            known.0 = known.0.min(*time);
            known.1.push(*cell);
        }
    }
    let remedy = |(institution, (time, cells)): (usize, (Deciseconds, Vec<usize>))| Remedy {
        institution,
        time,
        mended: residents.of(cells.into_iter()),
    };
    let mut all: Vec<Remedy> = mended.into_iter().map(remedy).collect();
    all.sort_by_key(|remedy| (Reverse(remedy.mended.people.total), remedy.time, remedy.institution));
    all.truncate(most);
    all
}
