//! Who is there when, as far as filings, opening hours and the 輪番 sheet tell.

use crate::access::matrix::Matrix;
use crate::access::week::table::ServiceRules;
use crate::ingest::study::Study;
use crate::ingest::week::{DAY_MINUTES, Day, Hours, OpeningHours};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Why an institution counts as being there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Basis {
    /// A filing that promises 24 hours.
    Filing,
    /// Its opening hours.
    Opening,
    /// A duty of the 輪番 sheet.
    Duty,
    /// A duty by video beside a visiting nurse.
    Online,
    /// No file tells when it is there.
    Unknown,
}

impl Basis {
    /// The word for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Filing => "24時間の届出",
            Self::Opening => "診療時間",
            Self::Duty => "輪番",
            Self::Online => "オンライン（D to P with N）",
            Self::Unknown => "時間不明",
        }
    }
}

/// An institution, the homes that it reaches, and when it is there for them.
#[derive(Clone, Debug, PartialEq)]
pub struct Post {
    /// Position of the institution.
    pub institution: usize,
    /// Why it counts.
    pub basis: Basis,
    /// The cells that it reaches, rising.
    pub cells: Vec<u32>,
    /// When it is there; passed over for [`Basis::Filing`] (always) and [`Basis::Unknown`].
    pub hours: OpeningHours,
}

impl Post {
    /// Whether it is known to be there in a minute counted from the midnight at which a day begins,
    /// up to two days on.
    #[must_use]
    pub fn is_there(&self, day: Day, minute: u16) -> bool {
        match self.basis {
            Basis::Filing => true,
            Basis::Unknown => false,
            Basis::Opening | Basis::Duty | Basis::Online => is_open(&self.hours, day, minute),
        }
    }

    /// The stretches of some hours of a day in which it is known to be there, as [`stays`] counts them.
    #[must_use]
    pub fn stays(&self, day: Day, hours: Hours) -> Vec<Range<u16>> {
        match self.basis {
            Basis::Filing => std::iter::once(hours.from()..hours.until()).collect(),
            Basis::Unknown => Vec::new(),
            Basis::Opening | Basis::Duty | Basis::Online => stays(&self.hours, day, hours),
        }
    }
}

/// Whether a minute counted from the midnight at which a day begins, up to two days on, lies in the hours of
/// a week. What holds beside a holiday must hold whatever weekday stands there.
fn is_open(open: &OpeningHours, day: Day, minute: u16) -> bool {
    let on = |day: Day, minute: u16| {
        let hours = open.get(&day);
        hours.is_some_and(|all| all.iter().any(|hours| (hours.from()..hours.until()).contains(&minute)))
    };
    match minute {
        _ if on(day, minute) => true,
        _ if minute < DAY_MINUTES => day.before().into_iter().all(|day| on(day, minute + DAY_MINUTES)),
        _ => day.after().into_iter().all(|day| on(day, minute - DAY_MINUTES)),
    }
}

/// The stretches of some hours of a day that lie in the hours of a week, in order and apart, in minutes from
/// the midnight at which the day begins. Between two edges of the hours of the week nothing changes.
#[must_use]
pub fn stays(open: &OpeningHours, day: Day, hours: Hours) -> Vec<Range<u16>> {
    let of = |day| open.get(&day).into_iter().flatten().flat_map(|own| [own.from(), own.until()]);
    let earlier = day.before().into_iter().flat_map(of).filter_map(|edge| edge.checked_sub(DAY_MINUTES));
    let later = day.after().into_iter().flat_map(of).map(|edge| edge + DAY_MINUTES);
    let edges = of(day).chain(earlier).chain(later).chain([hours.from(), DAY_MINUTES, hours.until()]);
    let edges: BTreeSet<u16> = edges.filter(|edge| (hours.from()..=hours.until()).contains(edge)).collect();
    let mut stays: Vec<Range<u16>> = Vec::new();
    for (from, until) in edges.iter().zip(edges.iter().skip(1)).map(|(from, until)| (*from, *until)) {
        match stays.last_mut() {
            _ if !is_open(open, day, from) => {}
            Some(last) if last.end == from => last.end = until,
            _ => stays.push(from..until),
        }
    }
    stays
}

/// Whether stretches that [`stays`] gave are the hours from the first to the last minute.
#[must_use]
pub fn fills(stays: &[Range<u16>], hours: Hours) -> bool {
    matches!(stays, [one] if one.start == hours.from() && one.end == hours.until())
}

/// The homes that can be reached: by car, and by the nurses that stand beside a video.
#[derive(Clone, Copy)]
pub struct Reachable<'a> {
    /// Pairs of institution and cell within the limits of the service, of its providers and of all
    /// that have duties.
    pub by_car: &'a Matrix,
    /// Cells that a visiting nurse reaches; `None` = cover by video does not count, or is unknown.
    pub by_nurse: Option<&'a BTreeSet<u32>>,
}

/// The posts of a service. `providers` are positions of institutions, rising.
#[must_use]
pub fn posts(
    study: &Study,
    rules: &ServiceRules,
    providers: &[usize],
    reachable: Reachable<'_>,
) -> Vec<Post> {
    let has = |at: usize, classes: &[String]| {
        classes.iter().any(|class| study.institutions[at].classes.contains(class))
    };
    let reached = |at: usize| reachable.by_car.rows.get(&at).into_iter().flatten().map(|(cell, _)| *cell);
    let own = providers.iter().map(|&institution| {
        let open = study.week.opening_hours.as_ref().and_then(|hours| hours.get(&institution));
        let (basis, hours) = match open.filter(|_| rules.open) {
            _ if has(institution, &rules.always) => (Basis::Filing, OpeningHours::new()),
            Some(hours) => (Basis::Opening, hours.clone()),
            None => (Basis::Unknown, OpeningHours::new()),
        };
        Post { institution, basis, cells: reached(institution).collect(), hours }
    });
    let duties = study.week.rota.iter().flatten().filter(|duty| has(duty.institution, &rules.duty));
    let on_duty = duties.flat_map(|duty| {
        let hours: OpeningHours = duty.days.iter().map(|day| (*day, BTreeSet::from([duty.hours]))).collect();
        let in_area = |cell: &u32| duty.municipalities.contains(&study.cells[*cell as usize].municipality);
        let post = |basis, cells: Vec<u32>| Post {
            institution: duty.institution,
            basis,
            cells,
            hours: hours.clone(),
        };
        let by_car = post(Basis::Duty, reached(duty.institution).filter(in_area).collect());
        let nurse = reachable.by_nurse.filter(|_| duty.online == Some(true));
        let by_video =
            nurse.map(|cells| post(Basis::Online, cells.iter().copied().filter(in_area).collect()));
        std::iter::once(by_car).chain(by_video)
    });
    merged(own.chain(on_duty))
}

/// Posts of one institution, basis and homes as one.
fn merged(posts: impl Iterator<Item = Post>) -> Vec<Post> {
    let mut all: BTreeMap<(usize, Basis, Vec<u32>), OpeningHours> = BTreeMap::new();
    for post in posts {
        let hours = all.entry((post.institution, post.basis, post.cells)).or_default();
        for (day, more) in post.hours {
            hours.entry(day).or_default().extend(more);
        }
    }
    let post = |((institution, basis, cells), hours)| Post { institution, basis, cells, hours };
    all.into_iter().map(post).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A post that is there on some days in some hours, by their Japanese forms.
    pub(in crate::access::week) fn post(
        institution: usize,
        cells: &[u32],
        hours: &[(&str, &str, &str)],
    ) -> Post {
        let mut of_day = OpeningHours::new();
        for (days, from, until) in hours {
            for day in Day::read(days).expect("days") {
                of_day.entry(day).or_default().insert(Hours::read(from, until).expect("hours"));
            }
        }
        Post { institution, basis: Basis::Duty, cells: cells.to_vec(), hours: of_day }
    }

    #[test]
    fn who_is_there_at_night_is_there_in_the_morning_of_the_next_day() {
        let night = post(0, &[], &[("土", "18:00", "翌8:00")]);
        let there = [(Day::Saturday, 1_080), (Day::Saturday, 1_919), (Day::Sunday, 0), (Day::Sunday, 479)];
        assert!(there.iter().all(|(day, minute)| night.is_there(*day, *minute)));
        let away = [(Day::Saturday, 1_079), (Day::Saturday, 1_920), (Day::Sunday, 480), (Day::Saturday, 0)];
        assert!(!away.iter().any(|(day, minute)| night.is_there(*day, *minute)));
        // The night of Saturday runs into Sunday, whose own morning counts for it too.
        let morning = post(0, &[], &[("日", "0:00", "8:00")]);
        assert!(morning.is_there(Day::Saturday, 1_440 + 479) && !morning.is_there(Day::Saturday, 1_439));
    }

    #[test]
    fn beside_a_holiday_only_what_holds_on_any_weekday_counts() {
        let weekdays = post(0, &[], &[("平日", "18:00", "翌8:00")]);
        assert!(!weekdays.is_there(Day::Holiday, 60), "the day before may be a Sunday");
        let all = post(0, &[], &[("月〜日", "18:00", "翌8:00")]);
        assert!(all.is_there(Day::Holiday, 60) && !all.is_there(Day::Holiday, 1_200));
        let holiday = post(0, &[], &[("祝", "18:00", "翌8:00")]);
        assert!(holiday.is_there(Day::Holiday, 1_440 + 60) && !holiday.is_there(Day::Monday, 60));
    }
}
