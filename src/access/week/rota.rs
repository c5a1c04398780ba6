//! A fair rota: who should be on duty when, so that everybody whom anybody could reach is reached in
//! every shift, with as few duties as possible and those shared as evenly as possible.
//!
//! Institutions that share homes, one after the other, form a group; groups are independent of each
//! other, and fairness is sought inside each.

use crate::access::matrix::Matrix;
use crate::access::week::rota_model::{Group, Roster};
use crate::access::week::table::Slot;
use crate::ingest::week::{Day, DutyLimit};
use crate::solver::SolverError;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

pub use crate::access::week::rota_model::Aim;

/// What a rota is asked for.
#[derive(Clone, Copy)]
pub struct RotaQuestion<'a> {
    /// The homes that each institution reaches (see [`cover`](crate::access::cover::cover)).
    pub cover: &'a Matrix,
    /// People of each cell.
    pub people: &'a [u32],
    /// The duties of a week.
    pub shifts: &'a [Slot],
    /// What institutions can take; one that is not there can take everything.
    pub limits: &'a BTreeMap<usize, DutyLimit>,
    /// Branch-and-bound nodes after which a step ends with a bound instead of a proof.
    pub nodes: Option<u64>,
    /// The same of the last step, the sum of squares, in which many rotas are alike.
    pub nodes_for_squares: Option<u64>,
}

/// A rota.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rota {
    /// The duties of a week.
    pub shifts: Vec<Slot>,
    /// Who takes each of them, positions of institutions.
    pub duties: Vec<BTreeSet<usize>>,
    /// The groups, by their first institution.
    pub groups: Vec<RotaGroup>,
    /// Shifts that cannot be filled for some homes; empty = everybody who can ever be reached is.
    pub unfilled: Vec<Unfilled>,
    /// Cells with people that no institution reaches at all.
    pub unreachable: Vec<usize>,
}

/// Institutions that share homes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RotaGroup {
    /// Their positions, rising.
    pub institutions: Vec<usize>,
    /// Person-shifts left alone although somebody could come, because of weekly limits.
    pub alone: Aim,
    /// All duties.
    pub duties: Aim,
    /// Most duties of an institution.
    pub highest: Aim,
    /// Most duties less fewest.
    pub spread: Aim,
    /// The sum of the squares of the numbers of duties: how evenly they are shared out between most
    /// and fewest. Sought last, and not always to the proof.
    pub squares: Aim,
}

impl RotaGroup {
    /// Whether no rota is better in any aim before the sum of squares.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        [self.alone, self.duties, self.highest, self.spread].into_iter().all(Aim::is_proven)
    }
}

/// Why a shift is not filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Reason {
    /// None of those that reach the homes can take this shift.
    NobodyAble,
    /// Those that can have as many duties in the week as they can take, or are needed elsewhere.
    WeeklyLimits,
}

impl Reason {
    /// For people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NobodyAble => "届く所がすべて、この枠はできない",
            Self::WeeklyLimits => "届く所の週の上限に達している",
        }
    }
}

/// Homes that a shift leaves alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unfilled {
    /// Place of the shift in [`Rota::shifts`].
    pub shift: usize,
    /// The cells.
    pub cells: Vec<usize>,
    /// The institutions that reach them.
    pub institutions: Vec<usize>,
    /// Why.
    pub reason: Reason,
}

/// Homes that the same institutions reach.
struct Homes {
    people: u64,
    cells: Vec<usize>,
    institutions: Vec<usize>,
}

impl RotaQuestion<'_> {
    fn is_able(&self, institution: usize, shift: usize) -> bool {
        let Some(limit) = self.limits.get(&institution) else { return true };
        let slot = &self.shifts[shift];
        // A holiday can stand beside any weekday; who is unable on holidays is not so on their eves.
        let same_kind = |day: Day| (day == Day::Holiday) == (slot.day == Day::Holiday);
        let meets = |(day, hours): &(Day, _)| same_kind(*day) && slot.hours.meet(slot.day, *hours, *day);
        limit.most_per_week != Some(0) && !limit.unable.iter().any(meets)
    }

    fn most(&self, institution: usize) -> Option<u32> {
        self.limits.get(&institution).and_then(|limit| limit.most_per_week)
    }

    /// Homes by the institutions that reach them, and the cells that none reaches.
    fn homes(&self) -> (Vec<Homes>, Vec<usize>) {
        let mut reached_by = vec![Vec::new(); self.people.len()];
        for (institution, row) in &self.cover.rows {
            for (cell, _) in row {
                reached_by[*cell as usize].push(*institution);
            }
        }
        let (mut alike, mut unreachable) = (BTreeMap::<Vec<usize>, Vec<usize>>::new(), Vec::new());
        for (cell, institutions) in
            reached_by.into_iter().enumerate().filter(|(cell, _)| self.people[*cell] > 0)
        {
            if institutions.is_empty() {
                unreachable.push(cell);
            } else {
                alike.entry(institutions).or_default().push(cell);
            }
        }
        let people = |cells: &[usize]| cells.iter().map(|cell| u64::from(self.people[*cell])).sum();
        let homes = |(institutions, cells): (Vec<usize>, Vec<usize>)| Homes {
            people: people(&cells),
            cells,
            institutions,
        };
        (alike.into_iter().map(homes).collect(), unreachable)
    }

    /// Institutions that can take any duty, in groups that share homes.
    fn groups(&self, homes: &[Homes]) -> Vec<Vec<usize>> {
        let can = |at: &usize| (0..self.shifts.len()).any(|shift| self.is_able(*at, shift));
        let mut group_of: BTreeMap<usize, usize> = BTreeMap::new();
        for homes in homes {
            let able: Vec<usize> = homes.institutions.iter().copied().filter(can).collect();
            let Some(first) = able.first().copied() else { continue };
            let old: BTreeSet<usize> = able.iter().filter_map(|at| group_of.get(at).copied()).collect();
            let joined = old.first().copied().unwrap_or(first).min(first);
            group_of.values_mut().filter(|group| old.contains(group)).for_each(|group| *group = joined);
            group_of.extend(able.into_iter().map(|at| (at, joined)));
        }
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (institution, group) in group_of {
            groups.entry(group).or_default().push(institution);
        }
        groups.into_values().collect()
    }

    fn solve(&self, members: &[usize], homes: &[Homes]) -> Result<Roster, SolverError> {
        let able =
            members.iter().map(|at| (0..self.shifts.len()).map(|shift| self.is_able(*at, shift)).collect());
        let of_group = |homes: &Homes| {
            let places = homes.institutions.iter().filter_map(|at| members.binary_search(at).ok());
            let places: Vec<usize> = places.collect();
            (!places.is_empty()).then_some((homes.people, places))
        };
        let own: Vec<(u64, Vec<usize>)> = homes.iter().filter_map(of_group).collect();
        let most = members.iter().map(|at| self.most(*at)).collect();
        Group::new(&own, able.collect(), most).solve(self.nodes, self.nodes_for_squares)
    }

    /// What duties leave alone: shift by shift, homes that the same institutions reach together.
    fn unfilled(&self, homes: &[Homes], duties: &[BTreeSet<usize>]) -> Vec<Unfilled> {
        let mut unfilled = Vec::new();
        for (shift, on_duty) in duties.iter().enumerate() {
            for homes in
                homes.iter().filter(|homes| homes.institutions.iter().all(|at| !on_duty.contains(at)))
            {
                let able = homes.institutions.iter().any(|at| self.is_able(*at, shift));
                unfilled.push(Unfilled {
                    shift,
                    cells: homes.cells.clone(),
                    institutions: homes.institutions.clone(),
                    reason: if able { Reason::WeeklyLimits } else { Reason::NobodyAble },
                });
            }
        }
        unfilled
    }
}

/// The rota: the fewest person-shifts left alone, then the fewest duties, then the lowest highest
/// number of duties, then the smallest spread, then the least sum of squares, in every group.
///
/// # Errors
/// A failure of the solver.
pub fn rota(question: &RotaQuestion<'_>) -> Result<Rota, SolverError> {
    let (homes, unreachable) = question.homes();
    let mut duties = vec![BTreeSet::new(); question.shifts.len()];
    let mut groups = Vec::new();
    for institutions in question.groups(&homes) {
        let roster = question.solve(&institutions, &homes)?;
        for (institution, shifts) in institutions.iter().zip(&roster.duties) {
            let taken = (0..shifts.len()).filter(|shift| shifts[*shift]);
            taken.for_each(|shift| {
                duties[shift].insert(*institution);
            });
        }
        let Roster { alone, total, highest, spread, squares, .. } = roster;
        groups.push(RotaGroup { institutions, alone, duties: total, highest, spread, squares });
    }
    let unfilled = question.unfilled(&homes, &duties);
    Ok(Rota { shifts: question.shifts.to_vec(), duties, groups, unfilled, unreachable })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::cover::tests::matrix;
    use crate::ingest::week::Hours;

    fn shifts() -> Vec<Slot> {
        let slot = |band: &str, day, from, until| Slot {
            band: band.to_owned(),
            day,
            hours: Hours::read(from, until).expect("hours"),
        };
        vec![
            slot("夜", Day::Friday, "18:00", "翌8:00"),
            slot("夜", Day::Saturday, "18:00", "翌8:00"),
            slot("休日日中", Day::Saturday, "8:00", "18:00"),
            slot("夜", Day::Holiday, "18:00", "翌8:00"),
        ]
    }

    /// 甲, 乙 and 丙 share the town (cells 0 and 1): 甲 reaches both parts, 乙 one, 丙 the other. 丁 alone
    /// reaches the valley (cell 2) and nobody the island (cell 3). Nobody lives in cell 4.
    fn cover() -> Matrix {
        let (near, far) = (Some(10), None);
        matrix(&[
            vec![near, near, far, far, far],
            vec![near, far, far, far, near],
            vec![far, near, far, far, far],
            vec![far, far, near, far, near],
        ])
    }

    const PEOPLE: [u32; 5] = [100, 200, 30, 4, 0];

    fn ask(limits: &[(usize, DutyLimit)]) -> Rota {
        let (limits, shifts, cover) = (limits.iter().cloned().collect(), shifts(), cover());
        rota(&RotaQuestion {
            cover: &cover,
            people: &PEOPLE,
            shifts: &shifts,
            limits: &limits,
            nodes: None,
            nodes_for_squares: None,
        })
        .expect("solved")
    }

    fn unable(day: Day, hours: Hours) -> DutyLimit {
        DutyLimit { most_per_week: None, unable: [(day, hours)].into() }
    }

    fn most(duties: u32) -> DutyLimit {
        DutyLimit { most_per_week: Some(duties), ..DutyLimit::default() }
    }

    fn aims(group: &RotaGroup) -> [u64; 4] {
        [group.alone, group.duties, group.highest, group.spread].map(|aim| aim.value)
    }

    #[test]
    fn one_who_reaches_all_takes_every_shift_while_nothing_limits_him() {
        let rota = ask(&[]);
        assert_eq!(rota.unreachable, [3]);
        assert!(rota.unfilled.is_empty());
        assert_eq!(rota.groups.len(), 2);
        assert_eq!(
            (rota.groups[0].institutions.as_slice(), aims(&rota.groups[0])),
            (&[0, 1, 2][..], [0, 4, 4, 4])
        );
        assert_eq!((rota.groups[1].institutions.as_slice(), aims(&rota.groups[1])), (&[3][..], [0, 4, 4, 0]));
        assert!(rota.groups.iter().all(RotaGroup::is_proven));
        assert!(rota.duties.iter().all(|on_duty| *on_duty == BTreeSet::from([0, 3])));
    }

    #[test]
    fn a_weekly_limit_brings_the_others_in_and_limits_on_all_leave_the_fewest_alone() {
        // 甲 takes two shifts, 乙 and 丙 together the other two.
        let shared = ask(&[(0, most(2))]);
        assert_eq!(aims(&shared.groups[0]), [0, 6, 2, 0]);
        assert!(shared.unfilled.is_empty());
        // With one shift each, 丙 can serve his 200 people once more, 乙 his 100: 300 are left alone twice
        // less what 乙 and 丙 take: four shifts of 300, less 300, 100 and 200.
        let short = ask(&[(0, most(1)), (1, most(1)), (2, most(1))]);
        assert_eq!(aims(&short.groups[0]), [600, 3, 1, 0]);
        assert!(short.groups[0].is_proven(), "that nobody can do better is proven");
        let alone: u32 =
            short.unfilled.iter().flat_map(|unfilled| unfilled.cells.iter().map(|cell| PEOPLE[*cell])).sum();
        assert_eq!(alone, 600);
        assert!(short.unfilled.iter().all(|unfilled| unfilled.reason == Reason::WeeklyLimits));
    }

    #[test]
    fn who_cannot_on_saturday_cannot_in_the_night_of_friday_either() {
        let day = Hours::new(0, 1_440).expect("hours");
        let rota = ask(&[(3, unable(Day::Saturday, day))]);
        let told: Vec<(usize, &[usize], Reason)> = rota
            .unfilled
            .iter()
            .map(|unfilled| (unfilled.shift, unfilled.institutions.as_slice(), unfilled.reason))
            .collect();
        let nobody = |shift| (shift, &[3][..], Reason::NobodyAble);
        assert_eq!(told, [nobody(0), nobody(1), nobody(2)]);
        assert_eq!(rota.unfilled[0].cells, [2]);
        let holiday = ask(&[(3, unable(Day::Holiday, day))]);
        assert_eq!(holiday.unfilled.iter().map(|unfilled| unfilled.shift).collect::<Vec<_>>(), [3]);
    }

    #[test]
    fn who_takes_no_duty_at_all_is_in_no_group_and_his_homes_are_named() {
        let rota = ask(&[(3, most(0))]);
        assert_eq!(rota.groups.len(), 1);
        assert_eq!(rota.unfilled.len(), 4);
        assert!(rota.unfilled.iter().all(|one| one.cells == [2] && one.reason == Reason::NobodyAble));
    }
}
