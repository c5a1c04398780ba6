//! What proposals need beside the study itself: municipalities beyond the border, counts of patients as they
//! may be shown, and the places of towns. It is stored with a planned study.

use crate::assess::overlay::{OverlayError, names_where};
use crate::demand::disclosure::{Shown, ShownCohorts, shown_cohorts};
use crate::demand::zones::divisions;
use crate::ids::MunicipalityCode;
use crate::ingest::IngestError;
use crate::ingest::beyond::read_beyond;
use crate::ingest::manifest::Manifest;
use crate::ingest::study::Study;
use crate::ingest::unit_table::{KnownTown, known_towns};
use crate::progress::Progress;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is not in the study.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Beside {
    /// Of each neighbouring prefecture the municipalities that the manifest names.
    pub beyond: Vec<Study>,
    /// 大字・町丁目 of the prefecture, of which a planner's own units may be made.
    pub towns: Vec<KnownTown>,
    counts: Vec<ShownCounts>,
}

/// Counts of one 区分 in one year by municipality.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct ShownCounts {
    cohort: String,
    year: u16,
    by_municipality: BTreeMap<MunicipalityCode, Shown>,
}

impl ShownCounts {
    /// Of each municipality of a study.
    fn of(&self, study: &Study) -> Vec<Shown> {
        let of = |code| self.by_municipality.get(code).copied().unwrap_or(Shown::Unknown);
        study.municipalities.iter().map(|one| of(&one.code)).collect()
    }
}

impl Beside {
    /// Reads what the files of a study hold besides.
    ///
    /// # Errors
    /// A file that cannot be used, or a municipality beyond the border that is in none.
    pub fn read(manifest: &Manifest, study: &Study, progress: &dyn Progress) -> Result<Self, IngestError> {
        let beyond = read_beyond(manifest, progress)?;
        Ok(Self { towns: known_towns(manifest, study)?, ..Self::of(study, beyond) })
    }

    /// Of a study and what lies beyond its border. Counts of each prefecture are hidden for themselves, as
    /// its own publications hide them.
    #[must_use]
    pub fn of(study: &Study, beyond: Vec<Study>) -> Self {
        let mut counts: BTreeMap<(String, u16), BTreeMap<MunicipalityCode, Shown>> = BTreeMap::new();
        for of in std::iter::once(study).chain(&beyond) {
            for (cohort, years) in shown_cohorts(of, &divisions(of)) {
                for (year, shown) in years {
                    let codes = of.municipalities.iter().map(|one| one.code);
                    counts.entry((cohort.clone(), year)).or_default().extend(codes.zip(shown));
                }
            }
        }
        let shown = |((cohort, year), by_municipality)| ShownCounts { cohort, year, by_municipality };
        Self { beyond, towns: Vec::new(), counts: counts.into_iter().map(shown).collect() }
    }

    /// What may be shown of every 区分 that was counted in a study, by year: of each of its municipalities, in
    /// their order.
    #[must_use]
    pub fn cohorts(&self, study: &Study) -> ShownCohorts {
        let mut cohorts = ShownCohorts::new();
        for counts in &self.counts {
            let shown = counts.of(study);
            if shown.iter().any(|one| *one != Shown::Unknown) {
                cohorts.entry(counts.cohort.clone()).or_default().insert(counts.year, shown);
            }
        }
        cohorts
    }

    /// The counts of a 区分 for each municipality of a study, in a year or the last one, with that year.
    ///
    /// # Errors
    /// They are not known, or not of every municipality.
    pub(super) fn counts(
        &self,
        study: &Study,
        cohort: &str,
        year: Option<u16>,
    ) -> Result<(u16, Vec<Shown>), OverlayError> {
        let of_cohort = self.counts.iter().filter(|one| one.cohort == cohort);
        let found =
            of_cohort.filter(|one| year.is_none_or(|year| one.year == year)).max_by_key(|one| one.year);
        let not_counted = || {
            let known: Vec<String> =
                self.counts.iter().map(|one| format!("{}（{}年）", one.cohort, one.year)).collect();
            let known = if known.is_empty() {
                String::new()
            } else {
                format!("。登録済み: {}", known.join("、"))
            };
            OverlayError::NotCounted { cohort: cohort.to_owned(), known }
        };
        let found = found.ok_or_else(not_counted)?;
        let shown = found.of(study);
        let missing = names_where(study, |at| shown[at] == Shown::Unknown);
        if missing.is_empty() {
            return Ok((found.year, shown));
        }
        Err(OverlayError::NotCountedEverywhere { cohort: cohort.to_owned(), year: found.year, missing })
    }
}
