//! The exact model of a fair rota among institutions that share homes.
//!
//! x_is ∈ {0, 1}: institution i takes shift s. For every home h and shift s with anybody able:
//! Σ_{i reaches h} x_is + u_hs ≥ 1, with u_hs for a home that is left alone, and Σ_s x_is ≤ the
//! limit of i. Five aims, each kept while the next is sought (Isermann 1982, OR Spektrum 4:223–228):
//! the fewest person-shifts left alone Σ w_h u_hs, the fewest duties Σ x_is, the lowest highest
//! number of duties max_i Σ_s x_is, the highest lowest number, and the least sum of squares
//! Σ_i (Σ_s x_is)², which also shares out evenly what lies between the highest and the lowest.
//!
//! A shift alone needs at least the smallest set of institutions that covers its homes; these sums
//! (exact, by the same solver) hold the total from below where the relaxation alone would not.

use crate::solver::{Answer, Column, Programme, SolverError};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What was reached of an aim, and what no rota can go below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Aim {
    /// The value of the rota.
    pub value: u64,
    /// No rota that is as good in the aims before has less; `None` = no bound is known.
    pub bound: Option<u64>,
}

impl Aim {
    /// Whether no rota is better.
    #[must_use]
    pub fn is_proven(self) -> bool {
        self.bound == Some(self.value)
    }

    const fn exact(value: u64) -> Self {
        Self { value, bound: Some(value) }
    }
}

/// Institutions that share homes. Members are counted from 0.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// Whether a member can take a shift.
    able: Vec<Vec<bool>>,
    /// How many shifts a member can take at most.
    most: Vec<Option<u32>>,
    /// Homes by shift, those alike together; homes to which nobody can come are left out.
    needs: Vec<Needs>,
    /// Those of them that imply all others of the shift.
    tightest: Vec<Needs>,
    /// The same among those that a member without limit can meet: no rota need leave them alone.
    certain: Vec<Needs>,
    /// The others.
    doubtful: Vec<Needs>,
    /// Whether any member has a limit below what it is able to.
    is_limited: bool,
}

/// A rota of a group.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Roster {
    /// Whether a member takes a shift.
    pub duties: Duties,
    /// Person-shifts left alone, of the homes whose shifts anybody could take.
    pub alone: Aim,
    /// All duties.
    pub total: Aim,
    /// The highest number of duties of a member.
    pub highest: Aim,
    /// The difference between the highest number and the lowest.
    pub spread: Aim,
    /// The sum of the squares of the numbers of duties.
    pub squares: Aim,
}

/// Homes of one shift: people, and the members that can come.
type Needs = Vec<(u64, Vec<usize>)>;

/// Whether a member takes a shift, by member and shift.
type Duties = Vec<Vec<bool>>;

/// Variables of a model.
struct Variables {
    duties: Vec<Vec<Option<Column>>>,
}

/// What a model keeps of the aims before.
#[derive(Clone, Copy, Default)]
struct Kept {
    /// Most person-shifts that may be left alone.
    alone: u64,
    /// Most duties; `None` = free.
    total: Option<u64>,
    /// Most duties of a member; `None` = free.
    highest: Option<u64>,
    /// Fewest duties of a member.
    lowest: u64,
}

impl Group {
    /// `homes`: people that are reached alike, and the members that reach them, rising. `able` by
    /// member and shift, `most` by member.
    pub(super) fn new(homes: &[(u64, Vec<usize>)], able: Vec<Vec<bool>>, most: Vec<Option<u32>>) -> Self {
        let shifts = able.first().map_or(0, Vec::len);
        let needs: Vec<Needs> =
            (0..shifts).map(|shift| of_shift(homes, |member| able[member][shift])).collect();
        let count = |able: &Vec<bool>| able.iter().filter(|able| **able).count();
        let is_limited = |at: &usize| most[*at].is_some_and(|most| (most as usize) < count(&able[*at]));
        let split = |needs: &Needs| -> (Needs, Needs) {
            needs.iter().cloned().partition(|(_, members)| members.iter().all(&is_limited))
        };
        let (doubtful, certain): (Vec<Needs>, Vec<Needs>) = needs.iter().map(split).unzip();
        let (tightest, certain) = (all_tightest(&needs), all_tightest(&certain));
        let is_limited = (0..most.len()).any(|at| is_limited(&at));
        Self { able, most, needs, tightest, certain, doubtful, is_limited }
    }

    fn members(&self) -> usize {
        self.most.len()
    }

    fn shifts(&self) -> usize {
        self.needs.len()
    }

    /// Person-shifts that duties leave alone.
    fn alone(&self, duties: &[Vec<bool>]) -> u64 {
        let alone = |(shift, needs): (usize, &Needs)| -> u64 {
            let left = needs.iter().filter(|(_, members)| !members.iter().any(|at| duties[*at][shift]));
            left.map(|(people, _)| people).sum()
        };
        self.needs.iter().enumerate().map(alone).sum()
    }

    /// What the five aims come to.
    fn figures(&self, duties: &[Vec<bool>]) -> [u64; 5] {
        let of_member = |duties: &Vec<bool>| duties.iter().filter(|duty| **duty).count() as u64;
        let counts: Vec<u64> = duties.iter().map(of_member).collect();
        let (highest, lowest) = (counts.iter().max().copied(), counts.iter().min().copied());
        let (highest, lowest) = (highest.unwrap_or(0), lowest.unwrap_or(0));
        [
            self.alone(duties),
            counts.iter().sum(),
            highest,
            highest - lowest,
            counts.iter().map(|count| count * count).sum(),
        ]
    }

    /// Shift by shift, whoever covers most people that are left and has fewest duties: a rota to fall
    /// back on.
    fn greedy(&self) -> Duties {
        let members = self.members();
        let mut duties = vec![vec![false; self.shifts()]; members];
        let mut taken = vec![0_u32; members];
        for (shift, needs) in self.needs.iter().enumerate() {
            let mut left = needs.clone();
            loop {
                let gain = |at: usize| -> u64 {
                    left.iter().filter(|(_, members)| members.contains(&at)).map(|need| need.0).sum()
                };
                let free = |at: &usize| self.most[*at].is_none_or(|most| taken[*at] < most);
                let best = (0..members)
                    .filter(free)
                    .max_by_key(|at| (gain(*at), std::cmp::Reverse(taken[*at]), std::cmp::Reverse(*at)));
                let Some(best) = best.filter(|best| gain(*best) > 0) else { break };
                duties[best][shift] = true;
                taken[best] += 1;
                left.retain(|(_, members)| !members.contains(&best));
            }
        }
        duties
    }

    /// Adds the variables and rows; `least` duties in each shift. People alone weigh `weigh.0` each,
    /// duties `weigh.1`.
    fn model(
        &self,
        programme: &mut Programme,
        weigh: (u64, u64),
        kept: Option<Kept>,
        least: &[u64],
    ) -> Variables {
        let column = |programme: &mut Programme, member: usize, shift: usize| {
            self.able[member][shift].then(|| programme.binary(weigh.1))
        };
        let duties: Vec<Vec<Option<Column>>> = (0..self.members())
            .map(|member| (0..self.shifts()).map(|shift| column(programme, member, shift)).collect())
            .collect();
        let variables = Variables { duties };
        let may_be_alone = kept.is_none_or(|kept| kept.alone > 0);
        let mut alone = Vec::new();
        for (shift, fewest) in least.iter().enumerate() {
            let must = if may_be_alone { &self.certain[shift] } else { &self.tightest[shift] };
            for (_, members) in must {
                programme.at_least(1.0, variables.terms(members.iter().copied(), shift..shift + 1));
            }
            for (people, members) in self.doubtful[shift].iter().filter(|_| may_be_alone) {
                let mut row = variables.terms(members.iter().copied(), shift..shift + 1);
                let share = programme.share(weigh.0 * people);
                row.push((share, 1.0));
                alone.push((share, *people as f64));
                programme.at_least(1.0, row);
            }
            let row = variables.terms(0..self.members(), shift..shift + 1);
            programme.at_least(*fewest as f64, row);
        }
        let kept = kept.unwrap_or(Kept { alone: u64::MAX, ..Kept::default() });
        if may_be_alone && kept.alone < u64::MAX {
            // Half a person more, for the tolerances of the solver.
            programme.at_most(kept.alone as f64 + 0.5, alone);
        }
        if let Some(total) = kept.total {
            programme.at_most(total as f64, variables.terms(0..self.members(), 0..self.shifts()));
        }
        for (member, most) in self.most.iter().enumerate() {
            let most = most.map(u64::from).into_iter().chain(kept.highest).min();
            let row = variables.terms(std::iter::once(member), 0..self.shifts());
            if kept.lowest > 0 {
                programme.at_least(kept.lowest as f64, row.clone());
            }
            if let Some(most) = most.filter(|most| (*most as usize) < row.len()) {
                programme.at_most(most as f64, row);
            }
        }
        variables
    }

    /// The rota with the fewest duties that meets some needs, whatever the limits of the week, and a
    /// bound for each shift. Each shift on its own: a minimum set cover.
    fn fewest(&self, needs: &[Needs], nodes: Option<u64>) -> Result<(Duties, Vec<Option<u64>>), SolverError> {
        let mut duties = vec![vec![false; self.shifts()]; self.members()];
        let mut solved: BTreeMap<&Needs, (Vec<usize>, Option<u64>)> = BTreeMap::new();
        let mut least = Vec::new();
        for (shift, needs) in needs.iter().enumerate() {
            let (chosen, bound) = match solved.get(needs) {
                Some(known) => known.clone(),
                None => set_cover(needs, self.members(), nodes)?,
            };
            solved.insert(needs, (chosen.clone(), bound));
            (0..duties.len()).for_each(|member| duties[member][shift] = chosen.contains(&member));
            least.push(bound);
        }
        Ok((duties, least))
    }

    /// The best rota, aim by aim. `nodes` bounds the branch-and-bound nodes of each step,
    /// `nodes_for_squares` those of the last, in which many rotas are alike.
    ///
    /// # Errors
    /// A failure of the solver.
    pub(super) fn solve(
        &self,
        nodes: Option<u64>,
        nodes_for_squares: Option<u64>,
    ) -> Result<Roster, SolverError> {
        let (mut best, bounds) = self.fewest(&self.tightest, nodes)?;
        let least_total = bounds.iter().copied().sum::<Option<u64>>();
        let mut least = known(bounds);
        let (mut alone, mut total) =
            (Aim::exact(0), Aim { value: self.figures(&best)[1], bound: least_total });
        if self.is_limited {
            best = self.greedy();
            let certain = known(self.fewest(&self.certain, nodes)?.1);
            alone = self.least_alone(&mut best, &certain, nodes)?;
            least = if alone.value > 0 { certain } else { least };
            total = self.least_total(&mut best, alone.value, &least, nodes)?;
        }
        let kept = Kept { alone: alone.value, total: Some(total.value), ..Kept::default() };
        let highest = self.least_highest(&mut best, kept, &least, nodes)?;
        let kept = Kept { highest: Some(highest.value), ..kept };
        let spread = self.least_spread(&mut best, kept, &least, nodes)?;
        let kept = Kept { lowest: highest.value - spread.value, ..kept };
        let squares = self.least_squares(&mut best, kept, &least, nodes_for_squares)?;
        Ok(Roster { duties: best, alone, total, highest, spread, squares })
    }

    fn least_alone(&self, best: &mut Duties, least: &[u64], nodes: Option<u64>) -> Result<Aim, SolverError> {
        if self.alone(best) == 0 {
            return Ok(Aim::exact(0));
        }
        let heaviest = self.doubtful.iter().flatten().map(|(people, _)| *people).max();
        let mut programme = Programme::new(heaviest.unwrap_or(0));
        let variables = self.model(&mut programme, (1, 0), None, least);
        let answer = programme.minimise(nodes)?;
        Ok(self.settled(best, &variables, &answer, 0))
    }

    fn least_total(
        &self,
        best: &mut Duties,
        alone: u64,
        least: &[u64],
        nodes: Option<u64>,
    ) -> Result<Aim, SolverError> {
        let total = self.figures(best)[1];
        if alone == 0 && total == least.iter().sum::<u64>() {
            return Ok(Aim::exact(total));
        }
        let mut programme = Programme::new(1);
        let kept = Kept { alone, ..Kept::default() };
        let variables = self.model(&mut programme, (0, 1), Some(kept), least);
        let answer = programme.minimise(nodes)?;
        Ok(self.settled(best, &variables, &answer, 1))
    }

    fn least_highest(
        &self,
        best: &mut Duties,
        kept: Kept,
        least: &[u64],
        nodes: Option<u64>,
    ) -> Result<Aim, SolverError> {
        let [_, total, highest, ..] = self.figures(best);
        let even = total.div_ceil(self.members().max(1) as u64);
        if highest == even {
            return Ok(Aim::exact(highest));
        }
        let mut programme = Programme::new(1);
        let variables = self.model(&mut programme, (0, 0), Some(kept), least);
        let top = programme.whole(1, self.shifts() as u64);
        for member in 0..self.members() {
            let mut row = variables.terms(std::iter::once(member), 0..self.shifts());
            row.push((top, -1.0));
            programme.at_most(0.0, row);
        }
        let answer = programme.minimise(nodes)?;
        Ok(self.settled(best, &variables, &answer, 2))
    }

    fn least_spread(
        &self,
        best: &mut Duties,
        kept: Kept,
        least: &[u64],
        nodes: Option<u64>,
    ) -> Result<Aim, SolverError> {
        let [_, total, highest, spread, _] = self.figures(best);
        let even = highest - total / self.members().max(1) as u64;
        if spread == even {
            return Ok(Aim::exact(spread));
        }
        let mut programme = Programme::new(1);
        let variables = self.model(&mut programme, (0, 0), Some(kept), least);
        let bottom = programme.whole(1, self.shifts() as u64);
        for member in 0..self.members() {
            let mut row = variables.terms(std::iter::once(member), 0..self.shifts());
            row.push((bottom, -1.0));
            programme.at_least(0.0, row);
        }
        let answer = programme.maximise(nodes)?;
        self.take(best, variables.read(answer.values.as_deref()), 3);
        let [.., highest, spread, _] = self.figures(best);
        let bound = answer.bound(highest - spread).map(|lowest| highest.saturating_sub(lowest));
        Ok(Aim { value: spread, bound })
    }

    /// Σ d² with d = Σ_k y_k, y_k ∈ [0, 1] weighing 2k − 1: the cheaper steps fill first.
    fn least_squares(
        &self,
        best: &mut Duties,
        kept: Kept,
        least: &[u64],
        nodes: Option<u64>,
    ) -> Result<Aim, SolverError> {
        let [_, total, .., squares] = self.figures(best);
        let members = self.members().max(1) as u64;
        let (even, more) = (total / members, total % members);
        let evenest = (members - more) * even * even + more * (even + 1) * (even + 1);
        if squares == evenest {
            return Ok(Aim::exact(squares));
        }
        let mut programme = Programme::new(2 * self.shifts() as u64);
        let variables = self.model(&mut programme, (0, 0), Some(kept), least);
        for member in 0..self.members() {
            let steps: Vec<Column> =
                (1..=self.shifts() as u64).map(|step| programme.share(2 * step - 1)).collect();
            let taken = variables.terms(std::iter::once(member), 0..self.shifts());
            let taken = taken.into_iter().map(|(column, _)| (column, -1.0));
            programme.at_least(0.0, steps.into_iter().map(|step| (step, 1.0)).chain(taken).collect());
        }
        let answer = programme.minimise(nodes)?;
        Ok(self.settled(best, &variables, &answer, 4))
    }

    /// Takes the rota of an answer where it is better up to an aim, and says what is reached of that aim.
    fn settled(&self, best: &mut Duties, variables: &Variables, answer: &Answer, aim: usize) -> Aim {
        self.take(best, variables.read(answer.values.as_deref()), aim);
        let value = self.figures(best)[aim];
        Aim { value, bound: answer.bound(value) }
    }

    /// Takes a found rota where it is better up to an aim.
    fn take(&self, best: &mut Duties, found: Option<Duties>, aim: usize) {
        if let Some(found) = found
            && self.figures(&found)[..=aim] < self.figures(best)[..=aim]
        {
            *best = found;
        }
    }
}

/// The members of each home that can come, homes alike together.
fn of_shift(homes: &[(u64, Vec<usize>)], can: impl Fn(usize) -> bool) -> Needs {
    let mut needs: BTreeMap<Vec<usize>, u64> = BTreeMap::new();
    for (people, members) in homes {
        let able: Vec<usize> = members.iter().copied().filter(|member| can(*member)).collect();
        if !able.is_empty() {
            *needs.entry(able).or_default() += people;
        }
    }
    needs.into_iter().map(|(members, people)| (people, members)).collect()
}

/// Bounds, 0 where none is known.
fn known(bounds: Vec<Option<u64>>) -> Vec<u64> {
    bounds.into_iter().map(|bound| bound.unwrap_or(0)).collect()
}

/// The tightest needs of every shift; those of shifts alike are found once.
fn all_tightest(needs: &[Needs]) -> Vec<Needs> {
    let mut known: BTreeMap<&Needs, Needs> = BTreeMap::new();
    needs.iter().map(|needs| known.entry(needs).or_insert_with(|| tightest(needs)).clone()).collect()
}

/// The needs that no other need implies: those whose members hold no other's.
fn tightest(needs: &Needs) -> Needs {
    let mut shortest_first: Vec<&(u64, Vec<usize>)> = needs.iter().collect();
    shortest_first.sort_by_key(|(_, members)| members.len());
    let mut kept: Vec<(u64, Vec<usize>, BTreeSet<usize>)> = Vec::new();
    for (people, members) in shortest_first {
        let set: BTreeSet<usize> = members.iter().copied().collect();
        if !kept.iter().any(|(.., other)| other.is_subset(&set)) {
            kept.push((*people, members.clone(), set));
        }
    }
    kept.into_iter().map(|(people, members, _)| (people, members)).collect()
}

/// The fewest members that meet all needs, and how many no choice goes below.
fn set_cover(
    needs: &Needs,
    members: usize,
    nodes: Option<u64>,
) -> Result<(Vec<usize>, Option<u64>), SolverError> {
    // Whoever alone can come must; what they meet needs no solver.
    let forced: BTreeSet<usize> =
        needs.iter().filter(|(_, members)| members.len() == 1).map(|(_, members)| members[0]).collect();
    let open: Vec<&Vec<usize>> = needs
        .iter()
        .map(|(_, members)| members)
        .filter(|members| !members.iter().any(|at| forced.contains(at)))
        .collect();
    if open.is_empty() {
        return Ok((forced.iter().copied().collect(), Some(forced.len() as u64)));
    }
    let mut programme = Programme::new(1);
    let columns: Vec<Column> = (0..members).map(|_| programme.binary(1)).collect();
    for need in open {
        programme.at_least(1.0, need.iter().map(|at| (columns[*at], 1.0)).collect());
    }
    let answer = programme.minimise(nodes)?;
    let is_chosen =
        |at: &usize| answer.values.as_ref().is_none_or(|values| values[columns[*at].index()] > 0.5);
    let chosen: BTreeSet<usize> = (0..members).filter(is_chosen).chain(forced.iter().copied()).collect();
    let free = (chosen.len() - forced.len()) as u64;
    let bound = answer.bound(free).map(|bound| bound + forced.len() as u64);
    Ok((chosen.into_iter().collect(), bound))
}

impl Variables {
    /// One of each of some members' duties in some shifts.
    fn terms(
        &self,
        members: impl Iterator<Item = usize>,
        shifts: std::ops::Range<usize>,
    ) -> Vec<(Column, f64)> {
        let of = |member: usize| self.duties[member][shifts.clone()].iter().flatten();
        members.flat_map(of).map(|column| (*column, 1.0)).collect()
    }

    fn read(&self, values: Option<&[f64]>) -> Option<Duties> {
        let values = values?;
        let is_on = |column: &Option<Column>| column.is_some_and(|column| values[column.index()] > 0.5);
        Some(self.duties.iter().map(|shifts| shifts.iter().map(is_on).collect()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Up to three members, three shifts and four kinds of homes, each member unable here and there
    /// and with a limit now and then.
    fn any_group() -> impl Strategy<Value = Group> {
        (1..4_usize, 1..4_usize).prop_flat_map(|(members, shifts)| {
            let home = (1..100_u64, prop::collection::btree_set(0..members, 1..=members));
            let homes = prop::collection::vec(home, 1..5);
            let able =
                prop::collection::vec(prop::collection::vec(prop::bool::weighted(0.85), shifts), members);
            let most = prop::collection::vec(prop::option::weighted(0.4, 0..4_u32), members);
            (homes, able, most).prop_map(move |(homes, able, most)| {
                let homes: Vec<(u64, Vec<usize>)> =
                    homes.into_iter().map(|(people, at)| (people, at.into_iter().collect())).collect();
                Group::new(&homes, able, most)
            })
        })
    }

    /// Every rota that the members can take.
    fn rotas(group: &Group) -> impl Iterator<Item = Duties> + '_ {
        let (members, shifts) = (group.members(), group.shifts());
        let rota = move |bits: u32| -> Duties {
            (0..members)
                .map(|at| (0..shifts).map(|shift| bits >> (at * shifts + shift) & 1 == 1).collect())
                .collect()
        };
        let possible = move |duties: &Vec<Vec<bool>>| {
            (0..members).all(|at| {
                let count = duties[at].iter().filter(|duty| **duty).count() as u32;
                let able = (0..shifts).all(|shift| !duties[at][shift] || group.able[at][shift]);
                able && group.most[at].is_none_or(|most| count <= most)
            })
        };
        (0..1_u32 << (members * shifts)).map(rota).filter(possible)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(150))]
        #[test]
        fn no_rota_is_better_in_any_of_the_five_aims(group in any_group()) {
            let roster = group.solve(None, None).expect("solved");
            let best = rotas(&group).map(|duties| group.figures(&duties)).min().expect("no duty at all is a rota");
            let aims = [roster.alone, roster.total, roster.highest, roster.spread, roster.squares];
            prop_assert_eq!(aims.map(|aim| aim.value), best);
            prop_assert!(aims.iter().all(|aim| aim.is_proven()), "{:?}", roster);
            prop_assert_eq!(group.figures(&roster.duties), best);
            prop_assert!(rotas(&group).any(|duties| duties == roster.duties), "a rota that they can take");
            prop_assert_eq!(&group.solve(None, None).expect("solved"), &roster);
        }
    }
}
