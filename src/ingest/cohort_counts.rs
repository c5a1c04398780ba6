//! Counts of patients by the prefecture itself (医療的ケア児, 在宅人工呼吸 …). No national layout
//! exists; the columns are ours: 区分, 市区町村コード, 年 and 人数, a row for each count. A count
//! of 1 to 9 that the source has suppressed is written 1–9, <10, 10未満 or `*`.

use crate::ids::MunicipalityCode;
use crate::ingest::IngestError;
use crate::ingest::bring::{Amount, Onto, Told, Words, bring};
use crate::ingest::crosswalk::distribute;
use crate::ingest::csv_table::whole_number;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::own_table::{self, OwnRow};
use crate::ingest::small_counts::note_counts;
use crate::ingest::study::{CohortCounts, Count};
use crate::ingest::text::Source;
use std::collections::btree_map::Entry;
use unicode_normalization::UnicodeNormalization;

/// One row.
pub(crate) struct CohortRow {
    /// Line in the file.
    pub row: u64,
    /// 区分.
    pub cohort: String,
    /// Municipality.
    pub code: MunicipalityCode,
    /// Year.
    pub year: u16,
    /// 人数.
    pub count: Count,
}

const COHORT: usize = 0;
const CODE: usize = 1;
const YEAR: usize = 2;
const PEOPLE: usize = 3;

/// Years that are years of the Western calendar, not of an era.
pub(crate) const YEARS: std::ops::RangeInclusive<u16> = 1990..=2100;

/// Reads the counts.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<CohortRow>, IngestError> {
    let rows = own_table::read(source, &["区分", "市区町村コード", "年", "人数"], &[], &[], ledger)?;
    let rows: Vec<CohortRow> = rows.iter().filter_map(|row| cohort_row(row, ledger)).collect();
    note_counts(ledger, "人数", rows.iter().filter(|row| row.count == Count::Small).count());
    Ok(rows)
}

fn cohort_row(row: &OwnRow, ledger: &mut Ledger) -> Option<CohortRow> {
    ledger.layer.clone_from(&row.layer);
    let code = row.get(CODE).parse().ok();
    let year = row.get(YEAR).parse().ok().filter(|year| YEARS.contains(year));
    let count = count(row.get(PEOPLE));
    let wrong = [
        (row.get(COHORT).is_empty(), COHORT, "区分が空です"),
        (code.is_none(), CODE, "5 桁の市区町村コードではありません"),
        (year.is_none(), YEAR, "西暦の年ではありません"),
        (count.is_none(), PEOPLE, "人数（整数、伏せる時は 1–9）ではありません"),
    ];
    if let Some((_, column, meant)) = wrong.into_iter().find(|(is_wrong, ..)| *is_wrong) {
        ledger.quarantine(Doubt {
            kind: "bad_cohort_row",
            row: row.row,
            field: row.place(column),
            // A finding is published, and a count may be of few.
            said: if column == PEOPLE { "" } else { row.get(column) },
            meant: format!("{meant}。この行は使わず、人数は不明のままです"),
        });
        return None;
    }
    ledger.store();
    Some(CohortRow {
        row: row.row,
        cohort: row.get(COHORT).nfkc().collect(),
        code: code?,
        year: year?,
        count: count?,
    })
}

/// A count, exact or suppressed.
pub(crate) fn count(said: &str) -> Option<Count> {
    let said: String = said.nfkc().filter(|letter| !letter.is_whitespace()).collect();
    if is_suppressed(&said) { Some(Count::Small) } else { whole_number(&said).map(Count::Exact) }
}

/// Whether a word (after NFKC, without white space) stands for a count of 1 to 9 that is suppressed.
pub(crate) fn is_suppressed(said: &str) -> bool {
    ["1-9", "1–9", "1~9", "1〜9", "<10", "10未満", "*"].contains(&said)
}

impl Amount for Count {
    fn plus(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Exact(one), Self::Exact(other)) => Some(Self::Exact(one.checked_add(*other)?)),
            _ => None,
        }
    }

    fn parted(&self, shares: &[f64]) -> Option<Vec<Self>> {
        match self {
            Self::Exact(count) => Some(distribute(*count, shares).into_iter().map(Self::Exact).collect()),
            Self::Small => None,
        }
    }
}

/// Takes the rows of one file, those of codes of another time as what the codes became. Those of
/// municipalities that the boundary file does not know, and second counts of the same people, are set aside.
pub(crate) fn take(
    rows: Vec<CohortRow>,
    onto: &Onto<'_>,
    prefecture: &str,
    counts: &mut CohortCounts,
    ledger: &mut Ledger,
) {
    let told = rows.into_iter().filter(|row| row.code.prefecture() == prefecture).map(|row| Told {
        row: row.row,
        key: (row.cohort, row.year),
        code: row.code,
        amount: row.count,
    });
    let twice = |_: &(String, u16)| "同じ区分・市区町村・年が二度あります。この行は使いません".to_owned();
    let words = Words {
        field: "市区町村コード",
        duplicate: ("duplicate_cohort_count", &twice),
        unknown: "行政区域にない市区町村です。この行は使いません",
    };
    bring(told.collect(), onto, &words, ledger, |key, at, count| {
        let place = counts.entry(key).or_default().entry(at);
        let is_free = matches!(place, Entry::Vacant(_));
        place.or_insert(count);
        is_free
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::crosswalk::Crosswalk;
    use crate::ingest::study::Municipality;
    use geo::MultiPolygon;
    use std::collections::BTreeMap;

    #[test]
    fn counts_are_read_exact_or_suppressed_and_every_row_is_accounted_for() {
        let text = "区分,市区町村コード,年,人数\n医療的ケア児,19201,2024,25\n医療的ケア児,19202,2024,１～９\n\
            医療的ケア児,19204,2024,5人\n,19201,2024,3\n在宅人工呼吸,19201,2023,\"1,200\"\n医療的ケア児,19201,2024,26\n\
            医療的ケア児,20201,2024,4\n医療的ケア児,19999,2024,4\n在宅人工呼吸,19202,2023,0\n医療的ケア児,19201,7,3\n";
        let mut ledger = Ledger::new("c.csv");
        let rows = read(&Source::of_bytes("c.csv", text.as_bytes()), &mut ledger).expect("read");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (10, 7, 3));
        let municipalities = ["19201", "19202"].map(|code| Municipality {
            code: code.parse().expect("code"),
            name: code.to_owned(),
            boundary: MultiPolygon(Vec::new()),
            areas: BTreeMap::new(),
            further: BTreeMap::new(),
            office: None,
        });
        let mut counts = CohortCounts::new();
        let crosswalk = Crosswalk::default();
        let onto = Onto { crosswalk: &crosswalk, municipalities: &municipalities, people: &|_| None };
        take(rows, &onto, "19", &mut counts, &mut ledger);
        let expected = CohortCounts::from([
            (("医療的ケア児".to_owned(), 2024), BTreeMap::from([(0, Count::Exact(25)), (1, Count::Small)])),
            (
                ("在宅人工呼吸".to_owned(), 2023),
                BTreeMap::from([(0, Count::Exact(1_200)), (1, Count::Exact(0))]),
            ),
        ]);
        assert_eq!(counts, expected);
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (10, 5, 5));
        assert_eq!(ledger.findings[0].said, "", "five people are not told");
        let told: Vec<_> = ledger.findings.iter().map(|one| (one.kind.as_str(), one.row)).collect();
        let expected = [
            ("bad_cohort_row", Some(4)),
            ("bad_cohort_row", Some(5)),
            ("bad_cohort_row", Some(11)),
            ("suppressed_cell", None),
            ("duplicate_cohort_count", Some(7)),
            ("unknown_municipality", Some(9)),
        ];
        assert_eq!(told, expected);
    }
}
