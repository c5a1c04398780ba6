//! How sure it is that two records are one institution (`shapes/tables/link_scores.toml`).

use crate::ingest::register::names::{akin, may_read_alike};
use crate::ingest::register::signature::{Signature, is_numbered, is_same_lot, town_of};
use serde::Deserialize;
use std::sync::LazyLock;

/// Points for every sign, and what is done at which score.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkScores {
    #[serde(rename = "as_of")]
    _as_of: String,
    join_at: u8,
    review_at: u8,
    code: Sign,
    number: Sign,
    name_equal: Sign,
    name_akin: Sign,
    name_reading: Sign,
    house: Sign,
    lot: Sign,
    unnumbered: Sign,
    town: Sign,
    alone: Sign,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sign {
    points: u8,
    name: String,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "tag")]
    _tag: String,
}

static SCORES: LazyLock<LinkScores> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../shapes/tables/link_scores.toml"))
        .expect("the table of link scores is part of the program and tested")
});

/// The score of what is certain: a record's own row, and what a planner decided.
pub(crate) const CERTAIN: u8 = 100;

/// What is common to the numbers of two records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    /// The same number of the same system.
    Code,
    /// A 事業所番号 that is a 医療機関コード.
    OtherSystem,
    None,
}

/// What is common to their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Equal,
    Akin,
    /// One may be the other in kana; only for review.
    Reading,
    None,
}

/// What is common to their addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    House,
    /// One number, of which only one address writes the 小字; only for review.
    Lot,
    Unnumbered,
    Town,
    None,
}

/// Everything that speaks for two records being one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Evidence {
    pub number: Number,
    pub name: Name,
    pub place: Place,
    /// Each is the only candidate of the other.
    pub alone: bool,
}

impl Evidence {
    /// Whether the names have anything in common.
    pub(super) const fn is_named(self) -> bool {
        !matches!(self.name, Name::None)
    }

    /// Compares names and addresses.
    pub(super) fn of(one: &Signature, other: &Signature) -> Self {
        let name = if !one.names.is_disjoint(&other.names) {
            Name::Equal
        } else if akin(&one.names, &other.names) {
            Name::Akin
        } else {
            Name::None
        };
        let place = match (&one.house, &other.house) {
            (Some(house), Some(other)) if house == other && is_numbered(&house.1) => Place::House,
            (Some(house), Some(other)) if house == other => Place::Unnumbered,
            (Some(house), Some(other)) if town_of(house) == town_of(other) => Place::Town,
            _ => Place::None,
        };
        Self { number: Number::None, name, place, alone: false }
    }

    /// With what speaks for looking at two records and never for a link: names that may read alike, and one
    /// number with and without its 小字.
    pub(super) fn for_review(self, one: &Signature, other: &Signature) -> Self {
        let name = match self.name {
            Name::None if may_read_alike(&one.names, &other.names) => Name::Reading,
            name => name,
        };
        let place = match (self.place, &one.house, &other.house) {
            (Place::None, Some(house), Some(other)) if is_same_lot(house, other) => Place::Lot,
            (place, ..) => place,
        };
        Self { name, place, ..self }
    }

    fn signs(self) -> impl Iterator<Item = &'static Sign> {
        let scores = &*SCORES;
        let number = match self.number {
            Number::Code => Some(&scores.code),
            Number::OtherSystem => Some(&scores.number),
            Number::None => None,
        };
        let name = match self.name {
            Name::Equal => Some(&scores.name_equal),
            Name::Akin => Some(&scores.name_akin),
            Name::Reading => Some(&scores.name_reading),
            Name::None => None,
        };
        let place = match self.place {
            Place::House => Some(&scores.house),
            Place::Lot => Some(&scores.lot),
            Place::Unnumbered => Some(&scores.unnumbered),
            Place::Town => Some(&scores.town),
            Place::None => None,
        };
        [number, name, place, self.alone.then_some(&scores.alone)].into_iter().flatten()
    }

    /// 0 to 100.
    pub(super) fn score(self) -> u8 {
        self.signs().fold(0, |sum: u8, sign| sum.saturating_add(sign.points)).min(CERTAIN)
    }

    /// Whether the link is made.
    pub(super) fn joins(self) -> bool {
        self.score() >= SCORES.join_at
    }

    /// Whether the link is not made but listed.
    pub(super) fn is_doubtful(self) -> bool {
        !self.joins() && self.score() >= SCORES.review_at
    }

    /// Why, for people.
    pub(super) fn reason(self) -> String {
        self.signs().map(|sign| sign.name.as_str()).collect::<Vec<_>>().join("・")
    }

    /// Why, as a stable word.
    pub(super) const fn word(self) -> &'static str {
        match (self.number, self.name, self.place) {
            (Number::Code, ..) => "code",
            (Number::OtherSystem, ..) => "number",
            (_, Name::Equal, Place::House | Place::Unnumbered) => "name+address",
            (_, Name::Equal, _) => "name+municipality",
            (_, Name::Akin, Place::House) => "address+akin name",
            (_, Name::Akin, _) => "akin name",
            (_, Name::Reading | Name::None, _) => "address",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(number: Number, name: Name, place: Place, alone: bool) -> (u8, bool, bool) {
        let evidence = Evidence { number, name, place, alone };
        (evidence.score(), evidence.joins(), evidence.is_doubtful())
    }

    #[test]
    fn no_single_sign_but_a_code_makes_a_link() {
        let none = (Number::None, Name::None, Place::None);
        assert_eq!(score(Number::Code, none.1, none.2, false), (80, true, false));
        assert_eq!(score(Number::OtherSystem, none.1, none.2, false), (45, false, true));
        assert_eq!(score(none.0, Name::Equal, none.2, false), (50, false, true));
        assert_eq!(score(none.0, none.1, Place::House, false), (40, false, false));
        assert_eq!(score(none.0, Name::Akin, Place::Town, false), (40, false, false));
    }

    #[test]
    fn two_strong_signs_or_three_make_one() {
        for (number, name, place, alone, points) in [
            (Number::None, Name::Equal, Place::House, false, 90),
            (Number::None, Name::Equal, Place::Unnumbered, false, 70),
            (Number::None, Name::Equal, Place::None, true, 70),
            (Number::None, Name::Akin, Place::House, true, 85),
            (Number::OtherSystem, Name::Akin, Place::None, false, 70),
            (Number::OtherSystem, Name::None, Place::House, false, 85),
            (Number::Code, Name::Equal, Place::House, true, 100),
        ] {
            assert_eq!(score(number, name, place, alone), (points, true, false), "{name:?} {place:?}");
        }
        for (number, name, place, alone, points) in [
            (Number::None, Name::Equal, Place::Town, false, 65),
            (Number::None, Name::Akin, Place::House, false, 65),
            (Number::None, Name::None, Place::House, true, 60),
            (Number::None, Name::Akin, Place::Town, true, 60),
            (Number::None, Name::Reading, Place::House, true, 65),
            (Number::None, Name::Reading, Place::House, false, 45),
            (Number::None, Name::Reading, Place::Lot, true, 65),
            (Number::None, Name::Reading, Place::Lot, false, 45),
            (Number::OtherSystem, Name::None, Place::Town, false, 60),
            (Number::OtherSystem, Name::None, Place::Unnumbered, false, 65),
        ] {
            assert_eq!(score(number, name, place, alone), (points, false, true), "{name:?} {place:?}");
        }
    }

    #[test]
    fn a_reason_names_every_sign() {
        let evidence = Evidence { number: Number::None, name: Name::Akin, place: Place::House, alone: true };
        assert_eq!(evidence.reason(), "名称が近い・番地まで同じ・ほかに候補がない");
        assert_eq!(evidence.word(), "address+akin name");
    }
}
