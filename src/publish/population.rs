//! People of the municipalities over the years, from censuses and projections.

use crate::ids::MunicipalityCode;
use crate::ingest::study::{Projection, Study};
use crate::publish::summary::PopulationYear;
use crate::units::AgeCounts;

/// Every census and projection of every municipality, in order of code and year; the census first.
#[must_use]
pub fn population_by_year(study: &Study) -> Vec<PopulationYear> {
    let row = |code: MunicipalityCode, year: u16, projected: bool, people: Projection| PopulationYear {
        code,
        name: study.name_of(code),
        year,
        projected,
        people,
    };
    let mut rows = Vec::new();
    let mut take = |year: u16, people: &[AgeCounts], tells_85_plus: bool| {
        let of_census = study.municipalities.iter().zip(people);
        rows.extend(
            of_census.map(|(one, people)| row(one.code, year, false, counted(people, tells_85_plus))),
        );
    };
    for earlier in &study.earlier_censuses {
        take(earlier.year, &earlier.people, earlier.tells_85_plus);
    }
    take(study.census_year, &study.people_by_municipality(), true);
    rows.extend(study.projections.iter().map(|((code, year), people)| row(*code, *year, true, *people)));
    rows.sort_by_key(|row| (row.code, row.year, row.projected));
    rows
}

/// The classes that a census mesh tells.
fn counted(people: &AgeCounts, tells_85_plus: bool) -> Projection {
    Projection {
        total: people.total,
        age_65_plus: people.age_65_plus,
        age_75_plus: Some(people.age_75_plus),
        age_85_plus: tells_85_plus.then_some(people.age_85_plus),
        ..Projection::default()
    }
}
