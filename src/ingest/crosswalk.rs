//! Municipality codes through time: what became of a code, and what a code was before.
//!
//! A change is a code that ended on a day and the codes that its land went to. Mapping a code from a day
//! to a later one follows the changes between; mapping it back needs the people of the earlier
//! municipalities, since they share the later one. Shares are of people; where no source tells the share
//! of a part it is unknown, and nothing is guessed.

use crate::ids::MunicipalityCode;
use std::collections::{BTreeMap, BTreeSet};

/// A day as the number YYYYMMDD.
pub(crate) type Day = u32;

/// Shares of the parts of a code may differ from 1 by this much before they are refused.
const TOLERANCE: f64 = 1e-6;

/// What became of one code on one day.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Change {
    /// First day of the new state.
    pub day: Day,
    /// The code that ended, or that lost land and went on (then it is also among `to`).
    pub from: MunicipalityCode,
    /// Where its land went, each with its share of the people, where known.
    pub to: Vec<Part>,
    /// The new codes were there before (編入); else they came into being (新設合併, 市制施行).
    pub continues: bool,
    /// Why, for people.
    pub reason: String,
}

/// A municipality that holds a share of the people of another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Part {
    /// The municipality.
    pub code: MunicipalityCode,
    /// Share of the people, 0–1; `None` = no source tells it.
    pub share: Option<f64>,
}

/// All known changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Crosswalk {
    /// By day.
    days: BTreeMap<Day, Vec<Change>>,
}

/// Why changes contradict themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// No new code.
    Nowhere,
    /// Shares outside 0–1 or not adding up to 1.
    Shares,
    /// The same code twice among the new ones.
    Twice,
}

impl Change {
    fn fault(&self) -> Option<Fault> {
        let codes: BTreeSet<_> = self.to.iter().map(|part| part.code).collect();
        let shares: Option<Vec<f64>> = self.to.iter().map(|part| part.share).collect();
        let is_share = |share: &f64| (0.0..=1.0).contains(share);
        let known = self.to.iter().filter_map(|part| part.share);
        if self.to.is_empty() {
            Some(Fault::Nowhere)
        } else if codes.len() < self.to.len() {
            Some(Fault::Twice)
        } else if !known.clone().all(|share| is_share(&share)) {
            Some(Fault::Shares)
        } else {
            shares.filter(|all| (all.iter().sum::<f64>() - 1.0).abs() > TOLERANCE).map(|_| Fault::Shares)
        }
    }
}

impl Crosswalk {
    /// Adds a change. A change of a code of which one of the same day is known already is that one, told
    /// again: the first counts.
    pub(crate) fn add(&mut self, mut change: Change) -> Result<(), Fault> {
        if let [only] = change.to.as_mut_slice() {
            only.share.get_or_insert(1.0);
        }
        if let Some(fault) = change.fault() {
            return Err(fault);
        }
        let of_day = self.days.entry(change.day).or_default();
        if of_day.iter().all(|known| known.from != change.from) {
            of_day.push(change);
        }
        Ok(())
    }

    /// Where the people of a code of the day `from` live by the codes of the later day `to`.
    pub(crate) fn forward(&self, code: MunicipalityCode, from: Day, to: Day) -> Vec<Part> {
        let mut parts = vec![Part { code, share: Some(1.0) }];
        for (_, changes) in self.days.range(from + 1..=to.max(from + 1)).filter(|(day, _)| **day <= to) {
            parts = step(&parts, |code| {
                changes.iter().find(|change| change.from == code).map(|change| change.to.clone())
            });
        }
        parts
    }

    /// Which codes of the earlier day `to` the people of a code of the day `from` come from. `people` are
    /// those of a municipality of an earlier day.
    pub(crate) fn backward(
        &self,
        code: MunicipalityCode,
        from: Day,
        to: Day,
        people: &dyn Fn(MunicipalityCode) -> Option<f64>,
    ) -> Vec<Part> {
        let mut parts = vec![Part { code, share: Some(1.0) }];
        for (_, changes) in self.days.range(to + 1..=from.max(to + 1)).rev().filter(|(day, _)| **day <= from)
        {
            parts = step(&parts, |code| before(code, changes, people));
        }
        parts
    }

    /// A code of an unknown day on the codes that `is_known`: itself, else the nearest known state after its
    /// end, else the nearest before its beginning. Empty where there is none.
    pub(crate) fn onto(
        &self,
        code: MunicipalityCode,
        is_known: &dyn Fn(MunicipalityCode) -> bool,
        people: &dyn Fn(MunicipalityCode) -> Option<f64>,
    ) -> Vec<Part> {
        if is_known(code) {
            return vec![Part { code, share: Some(1.0) }];
        }
        let all_known = |parts: &Vec<Part>| parts.iter().all(|part| is_known(part.code));
        let ends = self.days.iter().rev().find(|(_, changes)| changes.iter().any(|one| one.from == code));
        if let Some((end, _)) = ends {
            let later = self.days.range(end..).map(|(day, _)| self.forward(code, end - 1, *day));
            if let Some(parts) = later.into_iter().find(all_known) {
                return parts;
            }
        }
        let begins = self.days.iter().find(|(_, changes)| is_born(code, changes));
        if let Some((begin, _)) = begins {
            let earlier = self.days.range(..=begin).rev();
            let states = earlier.map(|(day, _)| self.backward(code, *begin, day - 1, people));
            if let Some(parts) = states.into_iter().find(all_known) {
                return parts;
            }
        }
        Vec::new()
    }

    /// Whether counts of all the codes in `told` hold every person of `code`: it is told itself, or
    /// everything that it was made of is.
    pub(crate) fn is_whole(&self, code: MunicipalityCode, told: &BTreeSet<MunicipalityCode>) -> bool {
        self.is_whole_before(code, Day::MAX, told)
    }

    fn is_whole_before(&self, code: MunicipalityCode, day: Day, told: &BTreeSet<MunicipalityCode>) -> bool {
        let grows = |changes: &[Change]| changes.iter().any(|one| has(one, code) && one.from != code);
        let growth: Vec<(Day, &Vec<Change>)> = self
            .days
            .range(..day)
            .rev()
            .filter(|(_, changes)| grows(changes))
            .map(|(day, all)| (*day, all))
            .collect();
        let Some(first) = growth.first() else { return told.contains(&code) };
        let made_of = |(day, changes): &(Day, &Vec<Change>)| {
            let froms: Vec<&Change> =
                changes.iter().filter(|one| has(one, code) && one.from != code).collect();
            let own = froms.iter().all(|one| !one.continues) || self.is_whole_before(code, *day, told);
            own && froms.iter().all(|one| self.is_whole_before(one.from, *day, told))
        };
        // Told by its own code alone, it is taken to be of the state after its last growth.
        let of_itself = told.contains(&code)
            && growth.iter().all(|(_, changes)| {
                changes.iter().filter(|one| has(one, code)).all(|one| !told.contains(&one.from))
            });
        of_itself || made_of(first)
    }

    /// Whether a code was made anew of others, all of which ended: who tells it tells everything.
    pub(crate) fn is_made_anew(&self, code: MunicipalityCode) -> bool {
        let made = |changes: &Vec<Change>| {
            let froms: Vec<bool> = changes
                .iter()
                .filter(|one| has(one, code))
                .map(|one| one.continues || one.from == code)
                .collect();
            (!froms.is_empty()).then(|| froms.iter().all(|continues| !continues))
        };
        self.days.values().rev().find_map(made).unwrap_or(false)
    }

    /// The change by which a code ended last, for people.
    pub(crate) fn end_of(&self, code: MunicipalityCode) -> Option<&Change> {
        self.days.values().rev().flatten().find(|change| change.from == code)
    }
}

fn has(change: &Change, code: MunicipalityCode) -> bool {
    change.to.iter().any(|part| part.code == code)
}

/// Whether a code came into being with these changes of one day.
fn is_born(code: MunicipalityCode, changes: &[Change]) -> bool {
    changes.iter().any(|change| has(change, code) && !change.continues && change.from != code)
}

/// The parts of a code before the changes of one day.
fn before(
    code: MunicipalityCode,
    changes: &[Change],
    people: &dyn Fn(MunicipalityCode) -> Option<f64>,
) -> Option<Vec<Part>> {
    let mut froms: Vec<(MunicipalityCode, Option<f64>)> = Vec::new();
    let mut continues = false;
    for change in changes {
        for part in change.to.iter().filter(|part| part.code == code) {
            froms.push((change.from, part.share));
            continues |= change.continues;
        }
    }
    if froms.is_empty() {
        return None;
    }
    if continues && froms.iter().all(|(from, _)| *from != code) {
        froms.push((code, Some(1.0)));
    }
    if let [(only, _)] = froms.as_slice() {
        return Some(vec![Part { code: *only, share: Some(1.0) }]);
    }
    let weights: Option<Vec<f64>> =
        froms.iter().map(|(from, share)| Some(people(*from)? * (*share)?)).collect();
    let total = weights.as_ref().map_or(0.0, |weights| weights.iter().sum());
    let share = |at: usize| weights.as_ref().filter(|_| total > 0.0).map(|weights| weights[at] / total);
    Some(froms.iter().enumerate().map(|(at, (from, _))| Part { code: *from, share: share(at) }).collect())
}

/// Puts the parts of each part in its place; a code that is reached twice stands once.
fn step(parts: &[Part], of: impl Fn(MunicipalityCode) -> Option<Vec<Part>>) -> Vec<Part> {
    let mut reached: BTreeMap<MunicipalityCode, Option<f64>> = BTreeMap::new();
    for part in parts {
        let inner = of(part.code).unwrap_or_else(|| vec![Part { code: part.code, share: Some(1.0) }]);
        for one in inner {
            let share = part.share.zip(one.share).map(|(outer, inner)| outer * inner);
            reached
                .entry(one.code)
                .and_modify(|known| *known = known.zip(share).map(|(known, more)| known + more))
                .or_insert(share);
        }
    }
    reached.into_iter().map(|(code, share)| Part { code, share }).collect()
}

/// Parts a whole number by shares: every part is within one of its exact share, and together they are the
/// number (largest remainders, the first of equals).
pub(crate) fn distribute(number: u32, shares: &[f64]) -> Vec<u32> {
    let exact: Vec<f64> = shares.iter().map(|share| f64::from(number) * share).collect();
    let mut parts: Vec<u32> = exact.iter().map(|part| part.floor() as u32).collect();
    let left = number.saturating_sub(parts.iter().sum());
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by(|a, b| exact[*b].fract().total_cmp(&exact[*a].fract()).then(a.cmp(b)));
    for at in order.into_iter().cycle().take(if shares.is_empty() { 0 } else { left as usize }) {
        parts[at] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn code(said: &str) -> MunicipalityCode {
        said.parse().expect("a code")
    }

    fn change(day: Day, from: &str, to: &[(&str, Option<f64>)], continues: bool) -> Change {
        let to = to.iter().map(|(said, share)| Part { code: code(said), share: *share }).collect();
        Change { day, from: code(from), to, continues, reason: String::new() }
    }

    fn told(parts: &[Part]) -> Vec<(String, Option<f64>)> {
        parts.iter().map(|part| (part.code.to_string(), part.share)).collect()
    }

    fn of(changes: &[Change]) -> Crosswalk {
        let mut crosswalk = Crosswalk::default();
        for one in changes {
            crosswalk.add(one.clone()).expect("sound");
        }
        crosswalk
    }

    /// 浜松市 2024: seven wards into three, one of them parted; the share is invented.
    fn hamamatsu(share: Option<f64>) -> Crosswalk {
        let parted = [("22138", share), ("22139", share.map(|share| 1.0 - share))];
        of(&[
            change(20240101, "22131", &[("22138", None)], false),
            change(20240101, "22132", &[("22138", None)], false),
            change(20240101, "22133", &[("22138", None)], false),
            change(20240101, "22134", &[("22138", None)], false),
            change(20240101, "22135", &parted, false),
            change(20240101, "22136", &[("22139", None)], false),
            change(20240101, "22137", &[("22140", None)], false),
        ])
    }

    fn onto(
        crosswalk: &Crosswalk,
        said: &str,
        known: &[&str],
        people: &[(&str, f64)],
    ) -> Vec<(String, Option<f64>)> {
        let known: BTreeSet<_> = known.iter().map(|said| code(said)).collect();
        let people: BTreeMap<_, _> = people.iter().map(|(said, people)| (code(said), *people)).collect();
        told(&crosswalk.onto(code(said), &|one| known.contains(&one), &|one| people.get(&one).copied()))
    }

    #[test]
    fn the_wards_of_hamamatsu_meet_those_of_today_and_back() {
        let today = ["22138", "22139", "22140"];
        let whole = |said: &str| vec![(said.to_owned(), Some(1.0))];
        let known = hamamatsu(Some(0.4));
        assert_eq!(onto(&known, "22131", &today, &[]), whole("22138"));
        assert_eq!(onto(&known, "22137", &today, &[]), whole("22140"));
        let parted = onto(&known, "22135", &today, &[]);
        assert_eq!(parted, [("22138".to_owned(), Some(0.4)), ("22139".to_owned(), Some(0.6))]);
        let unknown = onto(&hamamatsu(None), "22135", &today, &[]);
        assert_eq!(unknown, [("22138".to_owned(), None), ("22139".to_owned(), None)]);
        let before = ["22131", "22132", "22133", "22134", "22135", "22136", "22137"];
        let people = [("22135", 100.0), ("22136", 40.0)];
        let back = onto(&known, "22139", &before, &people);
        assert_eq!(back, [("22135".to_owned(), Some(0.6)), ("22136".to_owned(), Some(0.4))]);
        assert_eq!(onto(&known, "22140", &before, &[]), whole("22137"));
        let unweighed = onto(&known, "22139", &before, &[]);
        assert_eq!(unweighed, [("22135".to_owned(), None), ("22136".to_owned(), None)]);
        assert!(onto(&known, "22999", &today, &[]).is_empty());
    }

    #[test]
    fn a_town_made_a_city_and_then_taken_in_is_followed_through() {
        let crosswalk = of(&[
            change(20181001, "40305", &[("40231", None)], false),
            change(20300401, "40231", &[("40130", None)], true),
        ]);
        assert_eq!(onto(&crosswalk, "40305", &["40231"], &[]), [("40231".to_owned(), Some(1.0))]);
        assert_eq!(onto(&crosswalk, "40305", &["40130"], &[]), [("40130".to_owned(), Some(1.0))]);
        assert_eq!(
            told(&crosswalk.forward(code("40305"), 20100101, 20180930)),
            [("40305".to_owned(), Some(1.0))]
        );
        let back = crosswalk.backward(code("40130"), 20310101, 20180930, &|one| {
            Some(if one == code("40130") { 300.0 } else { 100.0 })
        });
        assert_eq!(told(&back), [("40130".to_owned(), Some(0.75)), ("40305".to_owned(), Some(0.25))]);
    }

    #[test]
    fn a_count_is_whole_when_everything_that_made_the_municipality_is_told() {
        let crosswalk = of(&[
            change(20041101, "19381", &[("19209", None)], false),
            change(20041101, "19382", &[("19209", None)], false),
            change(20060315, "19383", &[("19209", None)], true),
        ]);
        let whole =
            |told: &[&str]| crosswalk.is_whole(code("19209"), &told.iter().map(|said| code(said)).collect());
        assert!(whole(&["19209"]), "of today");
        assert!(whole(&["19209", "19383"]), "of 2005");
        assert!(whole(&["19381", "19382", "19383"]), "of 2003");
        assert!(!whole(&["19383"]));
        assert!(!whole(&["19381", "19382"]), "19383 is missing");
        assert!(!whole(&["19381", "19383"]), "19382 is missing");
        assert!(crosswalk.is_whole(code("19201"), &BTreeSet::from([code("19201")])));
    }

    #[test]
    fn changes_that_contradict_themselves_are_refused_and_the_first_of_two_counts() {
        let mut crosswalk = Crosswalk::default();
        for (to, fault) in [
            (&[][..], Fault::Nowhere),
            (&[("1", Some(0.5)), ("2", Some(0.6))][..], Fault::Shares),
            (&[("1", Some(1.5)), ("2", None)][..], Fault::Shares),
            (&[("1", Some(f64::NAN))][..], Fault::Shares),
            (&[("1", Some(0.5)), ("1", Some(0.5))][..], Fault::Twice),
        ] {
            let to: Vec<(String, Option<f64>)> =
                to.iter().map(|(at, share)| (format!("1900{at}"), *share)).collect();
            let to: Vec<(&str, Option<f64>)> = to.iter().map(|(at, share)| (at.as_str(), *share)).collect();
            assert_eq!(crosswalk.add(change(1, "19999", &to, false)), Err(fault));
        }
        crosswalk.add(change(1, "19999", &[("19001", None)], false)).expect("sound");
        crosswalk.add(change(1, "19999", &[("19002", None)], false)).expect("sound");
        assert_eq!(told(&crosswalk.forward(code("19999"), 0, 9)), [("19001".to_owned(), Some(1.0))]);
    }

    #[test]
    fn whole_numbers_are_parted_without_loss() {
        assert_eq!(distribute(10, &[0.5, 0.25, 0.25]), [5, 3, 2]);
        assert_eq!(distribute(1, &[0.3, 0.3, 0.4]), [0, 0, 1]);
        assert!(distribute(5, &[]).is_empty());
    }

    /// Changes of four days among twelve codes, each with known shares. Codes that came into being on a day
    /// were not there before.
    fn any_crosswalk() -> impl Strategy<Value = Crosswalk> {
        let one = (1..5_u32, 0..8_u32, proptest::collection::btree_map(0..12_u32, 1..100_u32, 1..4));
        proptest::collection::vec(one, 0..12).prop_map(|all| {
            let mut crosswalk = Crosswalk::default();
            for (day, from, to) in all {
                let total: u32 = to.values().sum();
                let to: Vec<Part> = to
                    .iter()
                    .map(|(at, weight)| Part {
                        code: code(&format!("19{at:03}")),
                        share: Some(f64::from(*weight) / f64::from(total)),
                    })
                    .collect();
                let change = Change {
                    day,
                    from: code(&format!("19{from:03}")),
                    to,
                    continues: true,
                    reason: String::new(),
                };
                crosswalk.add(change).expect("sound");
            }
            crosswalk
        })
    }

    fn through(crosswalk: &Crosswalk, parts: &[Part], from: Day, to: Day) -> BTreeMap<MunicipalityCode, f64> {
        let mut reached = BTreeMap::new();
        for part in parts {
            for one in crosswalk.forward(part.code, from, to) {
                let share = part.share.expect("known") * one.share.expect("known");
                *reached.entry(one.code).or_insert(0.0) += share;
            }
        }
        reached
    }

    proptest! {
        #[test]
        fn shares_add_up_to_one(crosswalk in any_crosswalk(), at in 0..12_u32, to in 0..6_u32) {
            let start = code(&format!("19{at:03}"));
            let sum = |parts: &[Part]| parts.iter().map(|part| part.share.expect("known")).sum::<f64>();
            prop_assert!((sum(&crosswalk.forward(start, 0, to)) - 1.0).abs() < 1e-9);
            let people = |one: MunicipalityCode| one.as_str()[2..].parse().ok().map(|at: f64| at + 1.0);
            prop_assert!((sum(&crosswalk.backward(start, to, 0, &people)) - 1.0).abs() < 1e-9);
        }

        #[test]
        fn two_steps_are_one(crosswalk in any_crosswalk(), at in 0..12_u32, middle in 0..6_u32) {
            let start = code(&format!("19{at:03}"));
            let first = crosswalk.forward(start, 0, middle);
            let twice = through(&crosswalk, &first, middle, 9);
            let once = crosswalk.forward(start, 0, 9);
            prop_assert_eq!(once.len(), twice.len());
            for part in once {
                prop_assert!((part.share.expect("known") - twice[&part.code]).abs() < 1e-9);
            }
        }

        #[test]
        fn people_are_conserved(crosswalk in any_crosswalk(), counts in proptest::collection::vec(0..5_000_u32, 12)) {
            let mut after: BTreeMap<MunicipalityCode, u64> = BTreeMap::new();
            for (at, count) in counts.iter().enumerate() {
                let parts = crosswalk.forward(code(&format!("19{at:03}")), 0, 9);
                let shares: Vec<f64> = parts.iter().map(|part| part.share.expect("known")).collect();
                for (part, people) in parts.iter().zip(distribute(*count, &shares)) {
                    *after.entry(part.code).or_default() += u64::from(people);
                }
            }
            prop_assert_eq!(after.values().sum::<u64>(), counts.iter().map(|count| u64::from(*count)).sum::<u64>());
        }

        #[test]
        fn there_and_back_keeps_a_code_that_alone_became_another(day in 2..9_u32) {
            let crosswalk = of(&[change(day, "40305", &[("40231", None)], false)]);
            let there = crosswalk.forward(code("40305"), 1, day);
            let back = crosswalk.backward(there[0].code, day, 1, &|_| None);
            prop_assert_eq!(told(&back), vec![("40305".to_owned(), Some(1.0))]);
        }
    }
}
