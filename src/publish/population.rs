//! People of the municipalities over the years, from censuses and projections.

use crate::ids::MunicipalityCode;
use crate::ingest::study::{Projection, Study};
use crate::publish::summary::PopulationYear;
use crate::units::AgeCounts;

/// Every census and projection of every municipality, in order of code and year; the census first.
#[must_use]
pub fn population_by_year(study: &Study) -> Vec<PopulationYear> {
    let mut rows: Vec<PopulationYear> = Vec::new();
    let municipalities = &study.municipalities;
    let mut census = |year: u16, people: &[AgeCounts], tells_85_plus: bool| {
        let of = |(municipality, people): (&crate::ingest::study::Municipality, &AgeCounts)| PopulationYear {
            code: municipality.code,
            name: municipality.name.clone(),
            year,
            projected: false,
            total: people.total,
            age_under_15: None,
            age_15_64: None,
            age_65_plus: people.age_65_plus,
            age_75_plus: Some(people.age_75_plus),
            age_85_plus: tells_85_plus.then_some(people.age_85_plus),
        };
        rows.extend(municipalities.iter().zip(people).map(of));
    };
    for earlier in &study.earlier_censuses {
        census(earlier.year, &earlier.people, earlier.tells_85_plus);
    }
    census(study.census_year, &study.people_by_municipality(), true);
    rows.extend(study.projections.iter().map(|((code, year), row)| projected(study, *code, *year, row)));
    rows.sort_by_key(|row| (row.code, row.year, row.projected));
    rows
}

fn projected(study: &Study, code: MunicipalityCode, year: u16, row: &Projection) -> PopulationYear {
    PopulationYear {
        code,
        name: study.name_of(code),
        year,
        projected: true,
        total: row.total,
        age_under_15: row.age_under_15,
        age_15_64: row.age_15_64,
        age_65_plus: row.age_65_plus,
        age_75_plus: row.age_75_plus,
        age_85_plus: row.age_85_plus,
    }
}
