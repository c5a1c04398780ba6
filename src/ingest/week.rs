//! The clock of a week as people write it: days, hours that may cross midnight, and what files say
//! about who is there when.
//!
//! Holidays (祝) are a day of their own beside the seven weekdays. Nothing tells which weekdays stand
//! before and after them.

use crate::ingest::study::SourceRow;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// Minutes of a day.
pub const DAY_MINUTES: u16 = 24 * 60;

/// A day of the week, or a holiday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Day {
    /// Monday.
    #[serde(rename = "月")]
    Monday,
    /// Tuesday.
    #[serde(rename = "火")]
    Tuesday,
    /// Wednesday.
    #[serde(rename = "水")]
    Wednesday,
    /// Thursday.
    #[serde(rename = "木")]
    Thursday,
    /// Friday.
    #[serde(rename = "金")]
    Friday,
    /// Saturday.
    #[serde(rename = "土")]
    Saturday,
    /// Sunday.
    #[serde(rename = "日")]
    Sunday,
    /// A national holiday, whatever weekday it falls on.
    #[serde(rename = "祝")]
    Holiday,
}

impl Day {
    /// The seven weekdays in order.
    pub const WEEKDAYS: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// All days, holidays last.
    pub const ALL: [Self; 8] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
        Self::Holiday,
    ];

    /// As written in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Monday => "月",
            Self::Tuesday => "火",
            Self::Wednesday => "水",
            Self::Thursday => "木",
            Self::Friday => "金",
            Self::Saturday => "土",
            Self::Sunday => "日",
            Self::Holiday => "祝",
        }
    }

    /// The weekdays that can come after this day: one after a weekday, any after a holiday.
    #[must_use]
    pub fn after(self) -> Vec<Self> {
        match Self::WEEKDAYS.iter().position(|day| *day == self) {
            Some(at) => vec![Self::WEEKDAYS[(at + 1) % 7]],
            None => Self::WEEKDAYS.to_vec(),
        }
    }

    /// The weekdays that can come before this day: one before a weekday, any before a holiday.
    #[must_use]
    pub fn before(self) -> Vec<Self> {
        match Self::WEEKDAYS.iter().position(|day| *day == self) {
            Some(at) => vec![Self::WEEKDAYS[(at + 6) % 7]],
            None => Self::WEEKDAYS.to_vec(),
        }
    }

    /// Reads days: letters (`月・水・金`, `土日祝`), a range (`月〜金`), `平日` (月–金) or `毎日` (all
    /// eight). `None` for anything else.
    #[must_use]
    pub fn read(said: &str) -> Option<BTreeSet<Self>> {
        let plain: String = said.nfkc().filter(|letter| !letter.is_whitespace()).collect();
        let plain = plain.replace("曜日", "").replace("祝日", "祝").replace("曜", "");
        match plain.as_str() {
            "平日" => return Some(Self::WEEKDAYS[..5].iter().copied().collect()),
            "毎日" => return Some(Self::ALL.into()),
            _ => {}
        }
        let of = |letter: char| Self::ALL.into_iter().find(|day| day.name().starts_with(letter));
        let letters: Vec<char> = plain.chars().collect();
        if let [first, '~' | '〜' | '-' | '–' | 'ー', last] = letters.as_slice() {
            let (first, last) = (of(*first)?, of(*last)?);
            return (first < last)
                .then(|| Self::ALL.into_iter().filter(|day| (first..=last).contains(day)).collect());
        }
        let letters = letters.into_iter().filter(|letter| !"・、,，/．.".contains(*letter));
        let days: Option<BTreeSet<Self>> = letters.map(of).collect();
        days.filter(|days| !days.is_empty())
    }
}

/// Hours that begin on one day and end on it or the next: at most 24 of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Hours {
    /// Minutes after midnight, below [`DAY_MINUTES`].
    from: u16,
    /// Minutes after the same midnight, above `from`; beyond [`DAY_MINUTES`] on the next day.
    until: u16,
}

/// Which of two times is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTime {
    /// The beginning.
    From,
    /// The end.
    Until,
}

impl Hours {
    /// From `from` until `until`, both in minutes after the midnight at which the first day begins.
    /// `None` unless they begin on that day and last for up to 24 hours.
    #[must_use]
    pub fn new(from: u16, until: u16) -> Option<Self> {
        let sound = from < DAY_MINUTES && until > from && until - from <= DAY_MINUTES;
        sound.then_some(Self { from, until })
    }

    /// Reads hours such as `18:00` and `翌8:00`, `18時` and `8時半`, `22:00` and `30:00`. An end that is
    /// not after the beginning lies on the next day; two equal times are 24 hours.
    ///
    /// # Errors
    /// Which of the two is no time.
    pub fn read(from: &str, until: &str) -> Result<Self, NoTime> {
        let from = minutes(from).filter(|from| *from < DAY_MINUTES).ok_or(NoTime::From)?;
        let plain: String = until.nfkc().filter(|letter| !letter.is_whitespace()).collect();
        let next = ["翌日", "翌朝", "翌"].iter().find_map(|word| plain.strip_prefix(word));
        let end = minutes(next.unwrap_or(&plain)).ok_or(NoTime::Until)?;
        let later = next.is_some() && end < DAY_MINUTES || end <= from;
        Self::new(from, if later { end + DAY_MINUTES } else { end }).ok_or(NoTime::Until)
    }

    /// Minutes after midnight at which they begin.
    #[must_use]
    pub const fn from(self) -> u16 {
        self.from
    }

    /// Minutes after the same midnight at which they end; beyond 1 440 on the next day.
    #[must_use]
    pub const fn until(self) -> u16 {
        self.until
    }

    /// Whether the hours of one day and those of another (or the same) have a minute in common. The
    /// other day may be the next one; a holiday may be the day after or before any.
    #[must_use]
    pub fn meet(self, day: Day, other: Self, other_day: Day) -> bool {
        let shifted = |first: Self, second: Self| second.from + DAY_MINUTES < first.until;
        let follows = |day: Day, other: Day| day.after().contains(&other) || other.before().contains(&day);
        (day == other_day && self.from < other.until && other.from < self.until)
            || (follows(day, other_day) && shifted(self, other))
            || (follows(other_day, day) && shifted(other, self))
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let next = if self.until > DAY_MINUTES { "翌" } else { "" };
        let until = if self.until > DAY_MINUTES { self.until - DAY_MINUTES } else { self.until };
        let (from, from_minute) = (self.from / 60, self.from % 60);
        write!(f, "{from}:{from_minute:02}–{next}{}:{:02}", until / 60, until % 60)
    }
}

/// Minutes after midnight of `H:MM`, `H:MM:00`, `H時`, `H時半` or `H時M分`, up to 48:00.
pub(crate) fn minutes(said: &str) -> Option<u16> {
    let plain: String = said.nfkc().filter(|letter| !letter.is_whitespace()).collect();
    let digits = |text: &str| {
        let sound = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        sound.then(|| text.parse::<u16>().ok()).flatten()
    };
    let (hour, minute) = if let Some((hour, rest)) = plain.split_once('時') {
        let minute = match rest {
            "" => 0,
            "半" => 30,
            rest => digits(rest.strip_suffix('分').unwrap_or(rest))?,
        };
        (digits(hour)?, minute)
    } else {
        let (hour, rest) = plain.split_once(':')?;
        (digits(hour)?, digits(rest.strip_suffix(":00").unwrap_or(rest)).filter(|_| rest.len() != 1)?)
    };
    (minute < 60 && hour * 60 + minute <= 2 * DAY_MINUTES).then_some(hour * 60 + minute)
}

/// What the files say about the hours of institutions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WeekFiles {
    /// Opening hours (診療時間, all specialities together) by position of the institution; one that
    /// is not there told none. `None` = not loaded.
    pub opening_hours: Option<BTreeMap<usize, OpeningHours>>,
    /// The prefecture's own 輪番 sheet; `None` = not loaded.
    pub rota: Option<Vec<Duty>>,
    /// What institutions can take of a rota, by position; one that is not there told no limit.
    /// `None` = not loaded.
    pub rota_limits: Option<BTreeMap<usize, DutyLimit>>,
}

/// Hours by day; on a day that is not there the doors are closed.
pub type OpeningHours = BTreeMap<Day, BTreeSet<Hours>>;

/// A line of the 輪番 sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Duty {
    /// Position of the institution.
    pub institution: usize,
    /// The days on which the duty begins.
    pub days: BTreeSet<Day>,
    /// Its hours.
    pub hours: Hours,
    /// The area as written.
    pub area: String,
    /// Positions of its municipalities.
    pub municipalities: BTreeSet<usize>,
    /// Whether the institution answers by video beside a visiting nurse (D to P with N) in these
    /// hours; `None` = the sheet does not tell.
    pub online: Option<bool>,
    /// The line.
    pub source: SourceRow,
}

/// What an institution can take of a rota.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyLimit {
    /// At most so many duties in a week; `None` = as many as come.
    pub most_per_week: Option<u32>,
    /// Hours in which it cannot be on duty, by the day on which they begin.
    pub unable: BTreeSet<(Day, Hours)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(said: &str) -> Option<String> {
        Some(Day::read(said)?.into_iter().map(Day::name).collect())
    }

    #[test]
    fn days_are_read_as_letters_ranges_and_words() {
        for (said, read) in [
            ("月", "月"),
            ("日曜日", "日"),
            ("土・日・祝日", "土日祝"),
            ("月〜金", "月火水木金"),
            ("金-日", "金土日"),
            ("平日", "月火水木金"),
            ("毎日", "月火水木金土日祝"),
            ("祝", "祝"),
        ] {
            assert_eq!(days(said).as_deref(), Some(read), "{said}");
        }
        for said in ["", "曜日", "金〜月", "第1月", "mon", "月〜"] {
            assert_eq!(days(said), None, "{said}");
        }
    }

    #[test]
    fn hours_are_read_as_people_write_them() {
        for (from, until, read) in [
            ("9:00", "17:30", "9:00–17:30"),
            ("１８：００", "翌８：００", "18:00–翌8:00"),
            ("22:00", "6:00", "22:00–翌6:00"),
            ("22時", "30:00", "22:00–翌6:00"),
            ("8時半", "12時5分", "8:30–12:05"),
            ("00:00", "24:00", "0:00–24:00"),
            ("9:00", "9:00", "9:00–翌9:00"),
            ("9:00:00", "翌日9:00", "9:00–翌9:00"),
        ] {
            assert_eq!(Hours::read(from, until).map(|hours| hours.to_string()).as_deref(), Ok(read));
        }
    }

    #[test]
    fn what_is_no_time_is_told_apart() {
        for from in ["", "-1:00", "24:00", "9", "9:5", "9:60", "夜", "9:00:30", "123:00"] {
            assert_eq!(Hours::read(from, "8:00"), Err(NoTime::From), "{from}");
        }
        for until in ["", "翌", "-8:00", "翌9:01", "49:00", "33:01"] {
            assert_eq!(Hours::read("9:00", until), Err(NoTime::Until), "{until}");
        }
    }

    #[test]
    fn hours_meet_across_midnight_and_beside_holidays() {
        let hours = |from: &str, until: &str| Hours::read(from, until).expect("hours");
        let (night, morning) = (hours("18:00", "翌8:00"), hours("7:00", "12:00"));
        assert!(night.meet(Day::Monday, morning, Day::Tuesday));
        assert!(morning.meet(Day::Tuesday, night, Day::Monday));
        assert!(!night.meet(Day::Monday, morning, Day::Monday));
        assert!(!night.meet(Day::Monday, morning, Day::Wednesday));
        assert!(night.meet(Day::Sunday, morning, Day::Monday), "the week is a ring");
        assert!(night.meet(Day::Holiday, morning, Day::Friday), "any day may follow a holiday");
        assert!(night.meet(Day::Tuesday, morning, Day::Holiday), "a holiday may follow any day");
        assert!(!night.meet(Day::Monday, hours("8:00", "18:00"), Day::Tuesday), "they only touch");
        assert!(hours("9:00", "9:00").meet(Day::Monday, morning, Day::Monday));
    }
}
