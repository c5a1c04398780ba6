//! Counts of patients by the prefecture itself (医療的ケア児, 在宅人工呼吸 …). No national layout
//! exists; the columns are ours: 区分, 市区町村コード, 年 and 人数, a row for each count. A count
//! of 1 to 9 that the source has suppressed is written 1–9, <10, 10未満 or `*`.

use crate::ids::MunicipalityCode;
use crate::ingest::IngestError;
use crate::ingest::boundary::position_of;
use crate::ingest::bring::{Amount, Onto, Told, Words, bring};
use crate::ingest::crosswalk::distribute;
use crate::ingest::csv_table::whole_number;
use crate::ingest::dates;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::own_table::{self, Asked, OwnRow};
use crate::ingest::public_body;
use crate::ingest::small_counts::note_counts;
use crate::ingest::study::{CohortCounts, Count};
use crate::ingest::text::Source;
use crate::ingest::wards::{City, city_of_code};
use std::collections::BTreeSet;
use std::collections::btree_map::Entry;
use unicode_normalization::UnicodeNormalization;

/// One row.
pub(crate) struct CohortRow {
    /// Line in the file.
    pub row: u64,
    /// Sheet or archive member.
    pub layer: Option<String>,
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

/// Reads the counts.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<CohortRow>, IngestError> {
    let asked = Asked { needed: &["区分", "市区町村コード", "年", "人数"], ..Asked::default() };
    let rows = own_table::read(source, &asked, ledger)?;
    let rows: Vec<CohortRow> = rows.iter().filter_map(|row| cohort_row(row, ledger)).collect();
    note_counts(ledger, "人数", rows.iter().filter(|row| row.count == Count::Small).count());
    Ok(rows)
}

fn cohort_row(row: &OwnRow, ledger: &mut Ledger) -> Option<CohortRow> {
    ledger.layer.clone_from(&row.layer);
    let code = public_body::municipality(row.get(CODE));
    let year = dates::year(row.get(YEAR));
    let count = count(row.get(PEOPLE));
    let wrong = [
        (row.get(COHORT).is_empty(), COHORT, "区分が空です"),
        (code.is_none(), CODE, "5 桁か 6 桁の市区町村コードではありません"),
        (year.is_none(), YEAR, "年（西暦か令和）ではありません"),
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
        layer: row.layer.clone(),
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

/// Takes the rows of all files, those of codes of another time as what the codes became. Those of municipalities
/// that the boundary file does not know, and second counts of the same people, are set aside. Whichever file tells
/// them, a municipality's own count goes before what is brought from other codes, and both before the count of a
/// whole city.
pub(crate) fn take(
    files: Vec<(usize, Vec<CohortRow>)>,
    onto: &Onto<'_>,
    prefecture: &str,
    ledgers: &mut [Ledger],
) -> CohortCounts {
    let mut counts = CohortCounts::new();
    let city_of = |code| city_of_code(code, onto.municipalities).filter(|_| onto.parts(code).is_empty());
    let is_of_other_time = |code| position_of(onto.municipalities, code).is_none();
    let (mut counted, mut brought, mut of_cities) = (Vec::new(), Vec::new(), Vec::new());
    for (input, rows) in files {
        let ledger = &mut ledgers[input];
        let (rows, others): (Vec<CohortRow>, Vec<CohortRow>) =
            rows.into_iter().partition(|row| row.code.prefecture() == prefecture);
        ledger.note_of_others(others.len());
        let mut told = Vec::new();
        for row in rows {
            if let Some(city) = city_of(row.code) {
                of_cities.push((input, city, row));
            } else {
                told.push(Told {
                    row: row.row,
                    layer: row.layer,
                    key: (row.cohort, row.year),
                    code: row.code,
                    amount: row.count,
                });
            }
        }
        // Codes of another time of one file and key are read together with the others.
        let changed: BTreeSet<(String, u16)> =
            told.iter().filter(|one| is_of_other_time(one.code)).map(|one| one.key.clone()).collect();
        let (later, first): (Vec<_>, Vec<_>) = told.into_iter().partition(|one| changed.contains(&one.key));
        counted.push((input, first));
        brought.push((input, later));
    }
    for (input, told) in counted.into_iter().chain(brought) {
        let twice = |_: &(String, u16)| "同じ区分・市区町村・年が二度あります。この行は使いません".to_owned();
        let words = Words {
            field: "市区町村コード",
            duplicate: ("duplicate_cohort_count", &twice),
            unknown: "行政区域にない市区町村です。この行は使いません",
        };
        bring(told, onto, &words, &mut ledgers[input], |key, at, count| {
            let place = counts.entry(key).or_default().entry(at);
            let is_free = matches!(place, Entry::Vacant(_));
            place.or_insert(count);
            is_free
        });
    }
    for (input, city, row) in of_cities {
        take_city(&city, &row, onto, &mut counts, &mut ledgers[input]);
    }
    counts
}

/// Parts the count of a whole city among its wards, where nothing is told of them.
fn take_city(city: &City, row: &CohortRow, onto: &Onto<'_>, counts: &mut CohortCounts, ledger: &mut Ledger) {
    let key = (row.cohort.clone(), row.year);
    let is_told = counts.get(&key).is_some_and(|told| city.wards.iter().any(|at| told.contains_key(at)));
    ledger.layer.clone_from(&row.layer);
    let doubt = |kind, meant: String| Doubt {
        kind,
        row: row.row,
        field: "市区町村コード",
        said: row.code.as_str(),
        meant,
    };
    if is_told {
        let meant = "全体の行です。区ごとの数か、先の全体の行があるので使いません";
        ledger.withdraw(doubt("row_of_whole_city", format!("{}{meant}", city.name)));
    } else if let Some(shared) = share_out(city, row, onto) {
        counts.entry(key).or_default().extend(city.wards.iter().copied().zip(shared));
        let meant = "全体の数です。区の人口の割合で分けました。区ごとの数があれば加えてください";
        ledger.warn(doubt("row_of_whole_city", format!("{}{meant}", city.name)));
    } else {
        let meant = "区に分けられません（伏せられた数か、人口が不明）。この行は使わず、不明のままです";
        ledger.withdraw(doubt("count_not_brought", meant.to_owned()));
    }
    ledger.layer = None;
}

/// The count of a whole city parted by the people of its wards; `None` where that cannot be known.
fn share_out(city: &City, row: &CohortRow, onto: &Onto<'_>) -> Option<Vec<Count>> {
    let people = city.wards.iter().map(|at| (onto.people)(onto.municipalities[*at].code));
    let people: Vec<f64> = people.collect::<Option<_>>()?;
    let all: f64 = people.iter().sum();
    let shares: Vec<f64> = people.iter().map(|people| people / all).collect();
    (all > 0.0).then(|| row.count.parted(&shares)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::crosswalk::{Change, Crosswalk, Part};
    use crate::ingest::study::Municipality;
    use crate::ingest::wards::tests::municipalities;
    use geo::MultiPolygon;
    use std::collections::BTreeMap;

    #[test]
    fn no_count_of_a_row_that_has_too_many_cells_is_told() {
        let text = "区分,市区町村コード,年,人数\n医療的ケア児,19201,2024,3,注\n医療的ケア児,19201,3\n";
        let mut ledger = Ledger::new("c.csv");
        read(&Source::of_bytes("c.csv", text.as_bytes()), &mut ledger).expect("read");
        assert_eq!((ledger.read, ledger.quarantined), (2, 2));
        assert!(ledger.findings.iter().all(|one| one.said.is_empty()), "{:?}", ledger.findings);
    }

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
        let crosswalk = Crosswalk::default();
        let onto = Onto { crosswalk: &crosswalk, municipalities: &municipalities, people: &|_| None };
        let counts = take(vec![(0, rows)], &onto, "19", std::slice::from_mut(&mut ledger));
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
            ("rows_of_others", None),
            ("duplicate_cohort_count", Some(7)),
            ("unknown_municipality", Some(9)),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_count_of_a_whole_city_is_parted_by_people_unless_its_wards_are_told() {
        let text = "区分,市区町村コード,年,人数\n医療的ケア児,22130,2024,30\n医療的ケア児,22130,2023,30\n\
            医療的ケア児,22138,2023,20\n医療的ケア児,22130,2022,*\n";
        let mut ledger = Ledger::new("c.csv");
        let rows = read(&Source::of_bytes("c.csv", text.as_bytes()), &mut ledger).expect("read");
        let municipalities = municipalities(&[("22138", "浜松市中央区"), ("22139", "浜松市浜名区")]);
        let people = |code: MunicipalityCode| Some(if code.as_str() == "22138" { 600.0 } else { 300.0 });
        let crosswalk = Crosswalk::default();
        let onto = Onto { crosswalk: &crosswalk, municipalities: &municipalities, people: &people };
        let counts = take(vec![(0, rows)], &onto, "22", std::slice::from_mut(&mut ledger));
        let expected = CohortCounts::from([
            (
                ("医療的ケア児".to_owned(), 2024),
                BTreeMap::from([(0, Count::Exact(20)), (1, Count::Exact(10))]),
            ),
            (("医療的ケア児".to_owned(), 2023), BTreeMap::from([(0, Count::Exact(20))])),
        ]);
        assert_eq!(counts, expected);
        let told: Vec<_> = ledger.findings.iter().map(|one| (one.kind.as_str(), one.row)).collect();
        let expected = [
            ("suppressed_cell", None),
            ("row_of_whole_city", Some(2)),
            ("row_of_whole_city", Some(3)),
            ("count_not_brought", Some(5)),
        ];
        assert_eq!((told.as_slice(), ledger.stored), (expected.as_slice(), 2));
    }

    #[test]
    fn counts_of_wards_in_another_file_go_before_that_of_their_city() {
        let head = "区分,市区町村コード,年,人数\n";
        let municipalities = municipalities(&[("22138", "浜松市中央区"), ("22139", "浜松市浜名区")]);
        let crosswalk = Crosswalk::default();
        let onto = Onto { crosswalk: &crosswalk, municipalities: &municipalities, people: &|_| Some(1.0) };
        let mut ledgers = [Ledger::new("city.csv"), Ledger::new("wards.csv")];
        let texts =
            ["医療的ケア児,22130,2024,30\n", "医療的ケア児,22138,2024,19\n医療的ケア児,22139,2024,11\n"];
        let files = texts.iter().enumerate().map(|(at, rows)| {
            let text = format!("{head}{rows}");
            (at, read(&Source::of_bytes("c.csv", text.as_bytes()), &mut ledgers[at]).expect("read"))
        });
        let files = files.collect();
        let counts = take(files, &onto, "22", &mut ledgers);
        let expected = BTreeMap::from([(0, Count::Exact(19)), (1, Count::Exact(11))]);
        assert_eq!(counts[&("医療的ケア児".to_owned(), 2024)], expected);
        assert_eq!((ledgers[0].stored, ledgers[0].quarantined, ledgers[1].stored), (0, 1, 2));
    }

    #[test]
    fn a_count_of_today_goes_before_one_that_is_brought_whichever_file_comes_first() {
        let municipalities = municipalities(&[("22138", "浜松市中央区")]);
        let mut crosswalk = Crosswalk::default();
        let code = |said: &str| said.parse().expect("a code");
        let to = vec![Part { code: code("22138"), share: Some(1.0) }];
        let reason = "区の再編".to_owned();
        let change = Change { day: 20240101, from: code("22131"), to, continues: false, reason };
        crosswalk.add(change).expect("sound");
        let onto = Onto { crosswalk: &crosswalk, municipalities: &municipalities, people: &|_| None };
        let mut ledgers = ["a.csv", "b.csv"].map(Ledger::new);
        let mut row = |input: usize, row: &str| {
            let text = format!("区分,市区町村コード,年,人数\n医療的ケア児,{row}\n");
            let source = Source::of_bytes("c.csv", text.as_bytes());
            (input, read(&source, &mut ledgers[input]).expect("read"))
        };
        let files = vec![row(0, "22131,2024,15"), row(1, "22138,2024,20")];
        let counts = take(files, &onto, "22", &mut ledgers);
        let key = ("医療的ケア児".to_owned(), 2024);
        assert_eq!(counts, [(key, BTreeMap::from([(0, Count::Exact(20))]))].into());
        assert_eq!(ledgers.map(|ledger| ledger.quarantined), [1, 0]);
    }
}
