//! Whom somebody reaches in each slot of the week, and who is left in a hole.

use crate::access::cover::{Concerned, Residents};
use crate::access::week::presence::{Basis, Post, fills};
use crate::access::week::table::Slot;
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;
use std::ops::Range;

/// What a slot is for the people of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Answer {
    /// At every minute somebody who reaches them is known to be there.
    Reached,
    /// Not so, but somebody reaches them of whom no file tells when he is there.
    Unknown,
    /// For some minutes only.
    Partly,
    /// Those who reach them are all known to be away.
    Away,
    /// Nobody reaches them at any time.
    Nobody,
}

impl Answer {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Reached, Self::Unknown, Self::Partly, Self::Away, Self::Nobody];

    /// The word for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reached => "届く",
            Self::Unknown => "不明",
            Self::Partly => "一部の時間だけ",
            Self::Away => "来られる所が不在",
            Self::Nobody => "来られる所がない",
        }
    }

    /// Whether files show that the people are left alone for some of the slot.
    #[must_use]
    pub const fn is_hole(self) -> bool {
        matches!(self, Self::Partly | Self::Away | Self::Nobody)
    }
}

/// A post that is there in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct There {
    /// Its place among the posts.
    pub post: usize,
    /// Whether it is there from the first to the last minute.
    pub whole: bool,
}

/// One slot of the week.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SlotCover {
    /// The slot.
    pub slot: Slot,
    /// What it is for each cell, in the order of the study.
    pub cells: Vec<Answer>,
    /// The posts that are there for at least a minute and reach somebody, rising.
    pub there: Vec<There>,
}

/// People by what a slot is for them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Answered {
    /// [`Answer::Reached`].
    pub reached: Concerned,
    /// [`Answer::Unknown`].
    pub unknown: Concerned,
    /// [`Answer::Partly`].
    pub partly: Concerned,
    /// [`Answer::Away`].
    pub away: Concerned,
    /// [`Answer::Nobody`].
    pub nobody: Concerned,
}

impl Answered {
    /// Those in a hole: left alone for some or all of the slot.
    #[must_use]
    pub fn hole(&self) -> Concerned {
        self.partly.and(self.away).and(self.nobody)
    }

    /// Those of one answer.
    #[must_use]
    pub const fn of(&self, answer: Answer) -> Concerned {
        match answer {
            Answer::Reached => self.reached,
            Answer::Unknown => self.unknown,
            Answer::Partly => self.partly,
            Answer::Away => self.away,
            Answer::Nobody => self.nobody,
        }
    }

    /// Both together.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self {
            reached: self.reached.and(other.reached),
            unknown: self.unknown.and(other.unknown),
            partly: self.partly.and(other.partly),
            away: self.away.and(other.away),
            nobody: self.nobody.and(other.nobody),
        }
    }
}

impl SlotCover {
    /// Who lives in some cells, by what the slot is for them.
    #[must_use]
    pub fn answered(&self, residents: &Residents, cells: &[usize]) -> Answered {
        let of = |answer| residents.of(cells.iter().copied().filter(|cell| self.cells[*cell] == answer));
        Answered {
            reached: of(Answer::Reached),
            unknown: of(Answer::Unknown),
            partly: of(Answer::Partly),
            away: of(Answer::Away),
            nobody: of(Answer::Nobody),
        }
    }
}

/// The week of some posts over so many cells.
#[must_use]
pub fn week(posts: &[Post], slots: &[Slot], cells: usize) -> Vec<SlotCover> {
    let mark = |counts: fn(&Post) -> bool| {
        let mut marked = vec![false; cells];
        let of = posts.iter().filter(|post| counts(post)).flat_map(|post| &post.cells);
        of.for_each(|cell| marked[*cell as usize] = true);
        marked
    };
    let always = mark(|post| post.basis == Basis::Filing);
    let unknown = mark(|post| post.basis == Basis::Unknown);
    let ever = mark(|_| true);
    let of_slot = |slot: &Slot| {
        let stays: Vec<Vec<Range<u16>>> = posts.iter().map(|post| post.stays(slot.day, slot.hours)).collect();
        let Timed { throughout, sometimes } = timed(posts, &stays, slot, cells);
        let answer = |cell: usize| match () {
            () if always[cell] || throughout[cell] => Answer::Reached,
            () if unknown[cell] => Answer::Unknown,
            () if sometimes[cell] => Answer::Partly,
            () if ever[cell] => Answer::Away,
            () => Answer::Nobody,
        };
        let there = |at: usize| {
            let is_there = !posts[at].cells.is_empty() && !stays[at].is_empty();
            is_there.then(|| There { post: at, whole: fills(&stays[at], slot.hours) })
        };
        SlotCover {
            slot: slot.clone(),
            cells: (0..cells).map(answer).collect(),
            there: (0..posts.len()).filter_map(there).collect(),
        }
    };
    slots.par_iter().map(of_slot).collect()
}

/// What posts that come and go mean for each cell.
struct Timed {
    /// Somebody is there at every minute.
    throughout: Vec<bool>,
    /// Somebody is there at some minute.
    sometimes: Vec<bool>,
}

/// Follows the slot from one coming or going to the next, counting for each cell those who are there.
/// Those whom their filing keeps there need not be followed.
fn timed(posts: &[Post], stays: &[Vec<Range<u16>>], slot: &Slot, cells: usize) -> Timed {
    let mut changes: BTreeMap<u16, [Vec<&Post>; 2]> = BTreeMap::new();
    changes.entry(slot.hours.from()).or_default();
    for (post, stays) in posts.iter().zip(stays).filter(|(post, _)| post.basis != Basis::Filing) {
        for stay in stays {
            changes.entry(stay.start).or_default()[0].push(post);
            changes.entry(stay.end).or_default()[1].push(post);
        }
    }
    changes.remove(&slot.hours.until());
    let (mut throughout, mut sometimes) = (vec![true; cells], vec![false; cells]);
    let mut count = vec![0_u32; cells];
    for (minute, [come, go]) in &changes {
        for cell in cells_of(come) {
            count[cell] += 1;
            sometimes[cell] = true;
        }
        cells_of(go).for_each(|cell| count[cell] -= 1);
        if *minute == slot.hours.from() {
            throughout.iter_mut().zip(&count).for_each(|(is, count)| *is = *count > 0);
        }
        cells_of(go).for_each(|cell| throughout[cell] &= count[cell] > 0);
    }
    Timed { throughout, sometimes }
}

fn cells_of<'a>(posts: &'a [&Post]) -> impl Iterator<Item = usize> + 'a {
    posts.iter().flat_map(|post| &post.cells).map(|cell| *cell as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::cover::tests::residents;
    use crate::access::week::presence::tests::post;
    use crate::ingest::week::{Day, Hours};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn slot(day: Day, from: &str, until: &str) -> Slot {
        Slot { band: "枠".to_owned(), day, hours: Hours::read(from, until).expect("hours") }
    }

    fn always(institution: usize, cells: &[u32]) -> Post {
        Post { basis: Basis::Filing, ..post(institution, cells, &[]) }
    }

    fn unknown(institution: usize, cells: &[u32]) -> Post {
        Post { basis: Basis::Unknown, ..post(institution, cells, &[]) }
    }

    #[test]
    fn a_night_is_filled_by_two_in_turn_and_a_gap_of_an_hour_is_a_hole() {
        // 甲 (24 h) reaches cell 0. 乙 until 23 and 丙 from 23 reach cell 1; cell 2 is reached by 乙
        // alone; cell 3 by 丁 on other days, cell 4 by 戊 of whom nothing is known, cell 5 by nobody.
        let posts = [
            always(0, &[0]),
            post(1, &[1, 2], &[("月", "18:00", "23:00")]),
            post(2, &[1], &[("月", "23:00", "翌6:00")]),
            post(3, &[3], &[("火", "7:00", "12:00")]),
            unknown(4, &[2, 4]),
        ];
        let people = residents(&[1, 2, 4, 8, 16, 32]);
        let covers = week(&posts, &[slot(Day::Monday, "22:00", "翌6:00")], 6);
        use Answer::{Away, Nobody, Reached, Unknown};
        assert_eq!(covers[0].cells, [Reached, Reached, Unknown, Away, Unknown, Nobody]);
        let answered = covers[0].answered(&people, &[0, 1, 2, 3, 4, 5]);
        assert_eq!((answered.reached.people.total, answered.unknown.people.total), (3, 20));
        assert_eq!((answered.away.people.total, answered.nobody.people.total), (8, 32));
        assert_eq!(answered.hole().people.total, 40);
        let there: Vec<(usize, bool)> =
            covers[0].there.iter().map(|there| (there.post, there.whole)).collect();
        assert_eq!(there, [(0, true), (1, false), (2, false)]);
        let without = [posts[1].clone(), post(2, &[1], &[("月", "23:59", "翌6:00")])];
        let covers = week(&without, &[slot(Day::Monday, "22:00", "翌6:00")], 3);
        assert_eq!(covers[0].cells, [Nobody, Answer::Partly, Answer::Partly]);
    }

    /// Up to six posts over six cells, each with up to three stretches of the week.
    fn any_posts() -> impl Strategy<Value = Vec<Post>> {
        let hours = (0..8_usize, 0..24_u16, 1..=24_u16);
        let times = prop::collection::vec(hours, 0..4);
        let cells = prop::collection::btree_set(0..6_u32, 0..6);
        prop::collection::vec((0..4_u8, cells, times), 1..7).prop_map(|all| {
            let post = |(institution, (kind, cells, times)): (usize, (u8, BTreeSet<u32>, Vec<_>))| {
                let mut made = post(institution, &cells.into_iter().collect::<Vec<_>>(), &[]);
                made.basis = [Basis::Filing, Basis::Unknown, Basis::Duty, Basis::Duty][usize::from(kind)];
                for (day, from, length) in times {
                    let hours = Hours::new(from * 60, (from + length) * 60).expect("up to a day");
                    made.hours.entry(Day::ALL[day]).or_default().insert(hours);
                }
                made
            };
            all.into_iter().enumerate().map(post).collect()
        })
    }

    fn reached(posts: &[Post], day: Day, from: u16, until: u16) -> Vec<bool> {
        let slot =
            Slot { band: String::new(), day, hours: Hours::new(from * 60, until * 60).expect("hours") };
        week(posts, &[slot], 6)[0].cells.iter().map(|answer| *answer == Answer::Reached).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_answer_is_what_the_minutes_of_the_slot_say_one_by_one(
            posts in any_posts(), day in 0..8_usize, from in 0..24_u16, length in 1..=24_u16,
        ) {
            let hours = Hours::new(from * 60, (from + length) * 60).expect("hours");
            let slot = Slot { band: String::new(), day: Day::ALL[day], hours };
            let cover = &week(&posts, std::slice::from_ref(&slot), 6)[0];
            let minutes = || slot.hours.from()..slot.hours.until();
            let is_there = |post: &Post, minute| post.is_there(slot.day, minute);
            for cell in 0..6_u32 {
                let own: Vec<&Post> = posts.iter().filter(|post| post.cells.contains(&cell)).collect();
                let somebody = |minute| own.iter().any(|post| is_there(post, minute));
                let expected = match () {
                    () if own.is_empty() => Answer::Nobody,
                    () if minutes().all(somebody) => Answer::Reached,
                    () if own.iter().any(|post| post.basis == Basis::Unknown) => Answer::Unknown,
                    () if minutes().any(somebody) => Answer::Partly,
                    () => Answer::Away,
                };
                prop_assert_eq!(cover.cells[cell as usize], expected);
            }
            for (at, post) in posts.iter().enumerate() {
                let there = cover.there.iter().find(|there| there.post == at);
                let expected = !post.cells.is_empty() && minutes().any(|minute| is_there(post, minute));
                prop_assert_eq!(there.is_some(), expected);
                if let Some(there) = there {
                    prop_assert_eq!(there.whole, minutes().all(|minute| is_there(post, minute)));
                }
            }
        }

        #[test]
        fn another_institution_lowers_no_cover(posts in any_posts(), day in 0..8_usize, from in 0..24_u16) {
            let day = Day::ALL[day];
            let fewer = reached(&posts[1..], day, from, from + 8);
            let all = reached(&posts, day, from, from + 8);
            prop_assert!(fewer.iter().zip(&all).all(|(before, now)| now >= before));
        }

        #[test]
        fn a_band_is_filled_exactly_when_both_its_halves_are(
            posts in any_posts(), day in 0..8_usize, from in 0..24_u16, first in 1..12_u16, second in 1..12_u16,
        ) {
            let (day, middle) = (Day::ALL[day], from + first);
            prop_assume!(middle < 24);
            let (one, other) = (reached(&posts, day, from, middle), reached(&posts, day, middle, middle + second));
            let whole = reached(&posts, day, from, middle + second);
            for cell in 0..6 {
                prop_assert_eq!(whole[cell], one[cell] && other[cell]);
            }
        }

        #[test]
        fn everybody_has_one_answer_and_the_union_of_bands_reaches_no_fewer_than_each(posts in any_posts()) {
            let slots: Vec<Slot> = Day::ALL.into_iter().map(|day| slot(day, "18:00", "翌8:00")).collect();
            let (covers, people) = (week(&posts, &slots, 6), residents(&[1, 2, 4, 8, 16, 32]));
            let all: Vec<usize> = (0..6).collect();
            let is_reached = |cover: &SlotCover, cell: usize| cover.cells[cell] == Answer::Reached;
            let union = people.of(all.iter().copied().filter(|cell| covers.iter().any(|cover| is_reached(cover, *cell))));
            for cover in &covers {
                let answered = cover.answered(&people, &all);
                let sum: u32 = Answer::ALL.iter().map(|answer| answered.of(*answer).people.total).sum();
                prop_assert_eq!(sum, 63);
                prop_assert!(answered.reached.people.total <= union.people.total);
            }
        }
    }
}
