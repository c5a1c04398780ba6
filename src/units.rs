//! Quantities with their unit in the type.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A travel time in tenths of a second.
///
/// All travel times inside the program are whole deciseconds, so that sums are exact and the same
/// on every machine; people see minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Deciseconds(pub u32);

impl Deciseconds {
    /// Whole minutes as deciseconds.
    ///
    /// ```
    /// use keniki::units::Deciseconds;
    /// assert_eq!(Deciseconds::from_minutes(15), Deciseconds(9_000));
    /// ```
    #[must_use]
    pub const fn from_minutes(minutes: u32) -> Self {
        Self(minutes * 600)
    }

    /// The same time in minutes.
    #[must_use]
    pub fn minutes(self) -> f64 {
        f64::from(self.0) / 600.0
    }
}

/// A share as percent for people: 0.57 is 57, without what binary fractions add.
///
/// ```
/// assert_eq!(keniki::units::percent(0.57), 57.0);
/// ```
#[must_use]
pub fn percent(share: f64) -> f64 {
    (share * 1e8).round() / 1e6
}

/// People by the age classes in which demand for home care is counted. Whole persons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct AgeCounts {
    /// Everybody, whatever the age. Can be more than the sum of the classes where the age of
    /// some is unknown (年齢不詳).
    pub total: u32,
    /// Aged 65 and over.
    pub age_65_plus: u32,
    /// Aged 75 and over.
    pub age_75_plus: u32,
    /// Aged 85 and over.
    pub age_85_plus: u32,
}

impl std::ops::AddAssign for AgeCounts {
    fn add_assign(&mut self, other: Self) {
        self.total += other.total;
        self.age_65_plus += other.age_65_plus;
        self.age_75_plus += other.age_75_plus;
        self.age_85_plus += other.age_85_plus;
    }
}

impl std::iter::Sum for AgeCounts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |mut sum, one| {
            sum += one;
            sum
        })
    }
}
