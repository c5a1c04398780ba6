//! Bands of the week, who counts as being there, and the duties of a rota (`shapes/tables/week.toml`).

use crate::access::AccessError;
use crate::ingest::week::{Day, Hours};
use crate::units::Deciseconds;
use serde::{Deserialize, Serialize};

const TABLE: &str = include_str!("../../../shapes/tables/week.toml");

/// The table.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeekTable {
    /// State of the table.
    pub as_of: String,
    /// Somebody has to come within so many minutes by car.
    pub limit_minutes: u32,
    /// Where the limit comes from.
    pub limit_source: String,
    /// Its tag.
    pub limit_tag: String,
    /// The bands in which people must be reached.
    #[serde(rename = "band")]
    pub bands: Vec<Band>,
    /// Who is there, by service.
    #[serde(rename = "service")]
    pub services: Vec<ServiceRules>,
    /// Cover by video beside a visiting nurse.
    pub online: OnlineRules,
    /// The duties of a rota.
    pub rota: RotaRules,
}

/// Hours on some days under one name.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Name.
    pub name: String,
    /// Days as [`Day::read`] reads them.
    pub days: String,
    /// Beginning as [`Hours::read`] reads it.
    pub from: String,
    /// End.
    pub until: String,
    /// Where the band comes from; the shifts of a rota share that of its rules.
    #[serde(default)]
    pub source: String,
    /// Its tag.
    #[serde(default)]
    pub tag: String,
}

/// Who counts as being there for a service.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceRules {
    /// Id of the service.
    pub service: String,
    /// Classes whose filing promises 24 hours.
    pub always: Vec<String>,
    /// Where that comes from.
    pub always_source: String,
    /// Its tag.
    pub always_tag: String,
    /// Whether an institution without such a filing is there in its opening hours.
    pub open: bool,
    /// Where that comes from.
    pub open_source: String,
    /// Its tag.
    pub open_tag: String,
    /// Classes whose lines in the 輪番 sheet count.
    pub duty: Vec<String>,
}

/// Cover by video beside a visiting nurse (D to P with N).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnlineRules {
    /// Id of the service that is given by video.
    pub service: String,
    /// Id of the service of the nurses.
    pub nurse: String,
    /// Where the rule comes from.
    pub source: String,
    /// Its tag.
    pub tag: String,
}

/// The duties of a rota.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RotaRules {
    /// Id of the service whose providers take the duties.
    pub service: String,
    /// The duties.
    #[serde(rename = "shift")]
    pub shifts: Vec<Band>,
    /// Where they come from.
    pub source: String,
    /// Their tag.
    pub tag: String,
}

/// A band on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Slot {
    /// Name of the band.
    pub band: String,
    /// The day on which it begins.
    pub day: Day,
    /// Its hours.
    pub hours: Hours,
}

impl Slot {
    /// For people: `月 夜間 18:00–22:00`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {} {}", self.day.name(), self.band, self.hours)
    }
}

impl WeekTable {
    /// The table that ships with the program.
    ///
    /// # Errors
    /// [`AccessError::WeekTable`] when the table is damaged, or two bands or two shifts overlap.
    pub fn shipped() -> Result<Self, AccessError> {
        Self::parse(TABLE)
    }

    fn parse(text: &str) -> Result<Self, AccessError> {
        let table: Self = toml::from_str(text).map_err(|error| AccessError::WeekTable(error.to_string()))?;
        without_overlap(&slots(&table.bands)?)?;
        without_overlap(&slots(&table.rota.shifts)?)?;
        Ok(table)
    }

    /// Every band on each of its days, by day and then in the order of the table.
    ///
    /// # Errors
    /// [`AccessError::WeekTable`]: days or hours that cannot be read.
    pub fn slots(&self) -> Result<Vec<Slot>, AccessError> {
        slots(&self.bands)
    }

    /// Every duty of the rota on each of its days, in the same order.
    ///
    /// # Errors
    /// [`AccessError::WeekTable`]: days or hours that cannot be read.
    pub fn shifts(&self) -> Result<Vec<Slot>, AccessError> {
        slots(&self.rota.shifts)
    }

    /// The limit, or another one that was asked for, if travel times reach so far.
    ///
    /// # Errors
    /// [`AccessError::LimitBeyondTimes`] when travel times are cut before it.
    pub fn limit(&self, asked_minutes: Option<u32>, travel_minutes: u32) -> Result<Deciseconds, AccessError> {
        let limit_minutes = asked_minutes.unwrap_or(self.limit_minutes);
        if limit_minutes > travel_minutes {
            return Err(AccessError::LimitBeyondTimes { limit_minutes, travel_minutes });
        }
        Ok(Deciseconds::from_minutes(limit_minutes))
    }
}

fn slots(bands: &[Band]) -> Result<Vec<Slot>, AccessError> {
    let mut slots = Vec::new();
    for band in bands {
        let (days, hours) = (Day::read(&band.days), Hours::read(&band.from, &band.until));
        let (Some(days), Ok(hours)) = (days, hours) else {
            let said = format!("{}: {} {}–{}", band.name, band.days, band.from, band.until);
            return Err(AccessError::WeekTable(format!("{said} は曜日と時刻ではありません")));
        };
        slots.extend(days.into_iter().map(|day| Slot { band: band.name.clone(), day, hours }));
    }
    slots.sort_by_key(|slot| slot.day);
    Ok(slots)
}

/// Requires that no two slots have a minute in common, also past midnight. A holiday may stand beside any
/// weekday, so its slots are compared with each other only.
fn without_overlap(slots: &[Slot]) -> Result<(), AccessError> {
    let is_holiday = |slot: &Slot| slot.day == Day::Holiday;
    for (at, slot) in slots.iter().enumerate() {
        let mut others = slots[at + 1..].iter().filter(|other| is_holiday(other) == is_holiday(slot));
        if let Some(other) = others.find(|other| slot.hours.meet(slot.day, other.hours, other.day)) {
            let said = format!("{} と {}", slot.name(), other.name());
            return Err(AccessError::WeekTable(format!(
                "{said} が重なります。一分も重ならないように分けてください"
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bands_of_each_day_fill_it_without_overlap() {
        let slots = WeekTable::shipped().expect("sound").slots().expect("sound");
        assert_eq!(slots.len(), 32);
        for day in Day::ALL {
            let minutes: u16 = slots
                .iter()
                .filter(|slot| slot.day == day)
                .map(|slot| slot.hours.until() - slot.hours.from())
                .sum();
            assert_eq!(minutes, 1_440, "{}", day.name());
        }
        for (at, slot) in slots.iter().enumerate() {
            // The morning after a holiday belongs to both the night and the day that follows it.
            let others = slots[at + 1..].iter().filter(|other| other.day != Day::Holiday);
            for other in others.filter(|_| slot.day != Day::Holiday) {
                assert!(!slot.hours.meet(slot.day, other.hours, other.day), "{}", slot.name());
            }
        }
    }

    #[test]
    fn bands_that_overlap_by_day_past_midnight_or_on_holidays_are_named() {
        for (from, to, names) in [
            ("until = \"22:00\"", "until = \"22:30\"", "月 夜間 18:00–22:30 と 月 深夜 22:00–翌6:00"),
            ("until = \"翌6:00\"", "until = \"翌6:30\"", "月 深夜 22:00–翌6:30 と 火 早朝 6:00–8:00"),
            (
                "name = \"夜間\"\ndays = \"毎日\"\nfrom = \"18:00\"",
                "name = \"夜間\"\ndays = \"祝\"\nfrom = \"17:00\"",
                "祝 日中 8:00–18:00 と 祝 夜間 17:00–22:00",
            ),
            ("until = \"翌8:00\"", "until = \"翌8:01\"", "夜 18:00–翌8:01"),
        ] {
            assert!(TABLE.contains(from), "{from}");
            let error = WeekTable::parse(&TABLE.replacen(from, to, 1)).expect_err(to).to_string();
            assert!(error.contains(names) && error.contains("重なります"), "{error}");
        }
    }

    #[test]
    fn the_duties_are_eleven() {
        let shifts = WeekTable::shipped().expect("sound").shifts().expect("sound");
        let names: Vec<String> = shifts.iter().map(Slot::name).collect();
        assert_eq!(names.len(), 11);
        assert_eq!(names[0], "月 夜 18:00–翌8:00");
        assert_eq!(names[6], "土 休日日中 8:00–18:00");
    }
}
