//! The prefecture's own table of flows of patients (患者流動): 種類, 年, 患者の市区町村コード,
//! 医療機関の市区町村コード and 件数. Codes of other prefectures and the word 県外 are outside. A count of
//! 1 to 9 that the source has suppressed is written as in the counts of patients.

use crate::ids::MunicipalityCode;
use crate::ingest::IngestError;
use crate::ingest::boundary::position_of;
use crate::ingest::bring::{Amount, Onto};
use crate::ingest::cohort_counts::count;
use crate::ingest::dates;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::listed_lines::filled;
use crate::ingest::own_lists::PatientFlow;
use crate::ingest::own_table::{self, Asked, OwnRow};
use crate::ingest::print_list::plain;
use crate::ingest::public_body;
use crate::ingest::rota_sheet::refuse;
use crate::ingest::small_counts::note_counts;
use crate::ingest::study::Count;
use crate::ingest::text::Source;
use crate::ingest::wards::city_of_code;
use std::collections::{BTreeMap, BTreeSet};

/// One line.
pub(crate) struct FlowRow {
    row: u64,
    layer: Option<String>,
    kind: String,
    /// Year.
    pub year: u16,
    home: Place,
    place: Place,
    count: Count,
}

/// A municipality with its cell, or outside.
struct Place {
    cell: String,
    code: Option<MunicipalityCode>,
}

const KIND: usize = 0;
const YEAR: usize = 1;
const HOME: usize = 2;
const PLACE: usize = 3;
const COUNT: usize = 4;

impl FlowRow {
    /// What the line is about, and what it says of it.
    pub(crate) fn about(&self) -> (String, String) {
        let code = |of: &Place| of.code.map(|code| code.to_string()).unwrap_or_default();
        let places = format!("{} {}", code(&self.home), code(&self.place));
        (format!("{} {} {places}", self.kind, self.year), format!("{:?}", self.count))
    }
}

/// Reads the table.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<FlowRow>, IngestError> {
    let needed = ["種類", "年", "患者の市区町村コード", "医療機関の市区町村コード", "件数"];
    let rows = own_table::read(source, &Asked { needed: &needed, ..Asked::default() }, ledger)?;
    let rows: Vec<FlowRow> = rows.iter().filter_map(|row| line(row, ledger)).collect();
    note_counts(ledger, "件数", rows.iter().filter(|row| row.count == Count::Small).count());
    Ok(rows)
}

fn line(row: &OwnRow, ledger: &mut Ledger) -> Option<FlowRow> {
    let kind = filled(row, KIND, ledger)?;
    let Some(year) = dates::year(row.get(YEAR)) else {
        refuse(row, YEAR, "bad_list_number", "年（西暦か令和）ではありません。この行は使いません", ledger);
        return None;
    };
    let home = place(row, HOME, ledger)?;
    let place = place(row, PLACE, ledger)?;
    let Some(count) = count(row.get(COUNT)) else {
        ledger.layer.clone_from(&row.layer);
        ledger.quarantine(Doubt {
            kind: "bad_list_number",
            row: row.row,
            field: row.place(COUNT),
            // A finding is published, and a count may be of few.
            said: "",
            meant: "件数（整数、伏せる時は 1–9）ではありません。この行は使いません".to_owned(),
        });
        return None;
    };
    ledger.store();
    Some(FlowRow { row: row.row, layer: row.layer.clone(), kind, year, home, place, count })
}

fn place(row: &OwnRow, column: usize, ledger: &mut Ledger) -> Option<Place> {
    let said = plain(row.get(column));
    let cell = row.place(column).to_owned();
    if said == "県外" {
        return Some(Place { cell, code: None });
    }
    let Some(code) = public_body::municipality(&said) else {
        refuse(
            row,
            column,
            "bad_municipality_code",
            "5 桁か 6 桁の市区町村コードでも「県外」でもありません。この行は使いません",
            ledger,
        );
        return None;
    };
    Some(Place { cell, code: Some(code) })
}

/// Municipality of the study, or outside.
type End = Option<usize>;

/// A line with where its patients live and are cared for today, each with its share.
struct Brought {
    input: usize,
    row: FlowRow,
    ends: Vec<(End, End, f64)>,
}

/// Takes the lines. Codes of another time are read as what they became, and counts that come to one pair of
/// municipalities are summed. Second counts of the same, municipalities that the boundaries do not know, whole
/// cities with wards, and what cannot be summed or parted are set aside.
pub(crate) fn take(
    rows: Vec<(usize, FlowRow)>,
    onto: &Onto<'_>,
    prefecture: &str,
    ledgers: &mut [Ledger],
) -> Vec<PatientFlow> {
    let is_own = |code: &MunicipalityCode| code.prefecture() == prefecture;
    let mut told: BTreeMap<(String, u16), [BTreeSet<MunicipalityCode>; 2]> = BTreeMap::new();
    for (_, row) in &rows {
        let of = told.entry((row.kind.clone(), row.year)).or_default();
        for (codes, end) in of.iter_mut().zip([&row.home, &row.place]) {
            codes.extend(end.code.filter(is_own));
        }
    }
    let mut seen: BTreeSet<(String, u16, MunicipalityCode, MunicipalityCode)> = BTreeSet::new();
    let mut changed = BTreeSet::new();
    let mut brought = Vec::new();
    for (input, row) in rows {
        let ledger = &mut ledgers[input];
        ledger.layer.clone_from(&row.layer);
        let of = &told[&(row.kind.clone(), row.year)];
        let ends = ends(&row.home, &of[0], prefecture, onto)
            .and_then(|homes| Ok((homes, ends(&row.place, &of[1], prefecture, onto)?)));
        match ends {
            Err((kind, cell, code, meant)) => ledger.withdraw(Doubt {
                kind,
                row: row.row,
                field: cell,
                said: code.as_str(),
                meant: format!("{meant}。この行は使いません"),
            }),
            // 県外 stands for many municipalities, so that several lines may say it.
            Ok(_)
                if matches!((row.home.code, row.place.code), (Some(home), Some(place))
                if !seen.insert((row.kind.clone(), row.year, home, place))) =>
            {
                ledger.withdraw(Doubt {
                    kind: "duplicate_flow",
                    row: row.row,
                    field: "",
                    said: "",
                    meant: "同じ種類・年・市区町村の組が二度あります。この行は使いません".to_owned(),
                });
            }
            Ok((homes, places)) => {
                for end in [&row.home, &row.place] {
                    if let Some(code) = end.code.filter(is_own)
                        && position_of(onto.municipalities, code).is_none()
                        && changed.insert(code)
                    {
                        onto.tell_changed(code, row.row, &end.cell, ledger);
                    }
                }
                let pair = |(home, of_home): &(End, f64)| {
                    let home = (*home, *of_home);
                    places.iter().map(move |(place, share)| (home.0, *place, home.1 * share))
                };
                let ends = homes.iter().flat_map(pair).collect();
                brought.push(Brought { input, row, ends });
            }
        }
        ledgers[input].layer = None;
    }
    sum(&brought, ledgers)
}

/// Why an end is not known: kind, cell, code and words.
type Fault<'a> = (&'static str, &'a str, MunicipalityCode, &'static str);

/// Where one end of a line lies today, with shares; else why that is not known.
fn ends<'a>(
    place: &'a Place,
    told: &BTreeSet<MunicipalityCode>,
    prefecture: &str,
    onto: &Onto<'_>,
) -> Result<Vec<(End, f64)>, Fault<'a>> {
    let Some(code) = place.code.filter(|code| code.prefecture() == prefecture) else {
        return Ok(vec![(None, 1.0)]);
    };
    let fault = |kind, meant| Err((kind, place.cell.as_str(), code, meant));
    let parts = onto.parts(code);
    if parts.is_empty() {
        return match city_of_code(code, onto.municipalities) {
            Some(_) => {
                fault("row_of_whole_city", "区のある市の全体のコードです。患者の流れは区ごとに要ります")
            }
            None => fault("unknown_municipality", "行政区域にない市区町村です"),
        };
    }
    let is_itself = position_of(onto.municipalities, code).is_some();
    let is_whole = |at: usize| onto.crosswalk.is_whole(onto.municipalities[at].code, told);
    let shares: Option<Vec<(End, f64)>> =
        parts.iter().map(|(at, share)| Some((Some(*at), (*share)?))).collect();
    match shares {
        Some(shares) if is_itself || parts.iter().all(|(at, _)| is_whole(*at)) => Ok(shares),
        _ => fault(
            "count_not_brought",
            "今の区域の数を求められない時期のコードです（分割の割合か、合わせる相手の行がありません）",
        ),
    }
}

/// Adds up what comes to one pair of municipalities; a suppressed count can neither be added nor parted. Lines
/// from or to outside stay as they are.
fn sum(brought: &[Brought], ledgers: &mut [Ledger]) -> Vec<PatientFlow> {
    type Counts = (usize, Vec<(usize, Option<Count>)>);
    type Pair<'a> = (&'a str, u16, End, End, Option<usize>);
    let mut pairs: BTreeMap<Pair<'_>, Counts> = BTreeMap::new();
    for (at, Brought { row, ends, .. }) in brought.iter().enumerate() {
        let shares: Vec<f64> = ends.iter().map(|(.., share)| *share).collect();
        let parted = if shares.len() == 1 { Some(vec![row.count]) } else { row.count.parted(&shares) };
        for (part, (home, place, _)) in ends.iter().enumerate() {
            let alone = (home.is_none() || place.is_none()).then_some(at);
            let first = pairs.len();
            let pair =
                pairs.entry((&row.kind, row.year, *home, *place, alone)).or_insert((first, Vec::new()));
            pair.1.push((at, parted.as_ref().map(|parts| parts[part])));
        }
    }
    let mut flows = Vec::new();
    let mut lost = BTreeSet::new();
    let mut used = BTreeSet::new();
    for ((kind, year, home, place, _), (first, counts)) in pairs {
        let known: Option<Vec<Count>> = counts.iter().map(|(_, count)| *count).collect();
        let sum = known.and_then(|known| {
            let (first, rest) = known.split_first()?;
            rest.iter().try_fold(*first, |sum, one| sum.plus(one))
        });
        let lines = counts.iter().map(|(at, _)| *at);
        if let Some(count) = sum {
            used.extend(lines);
            if home.is_some() || place.is_some() {
                flows.push((first, PatientFlow { kind: kind.to_owned(), year, home, place, count }));
            }
        } else {
            lost.extend(lines);
        }
    }
    for at in lost {
        let Brought { input, row, .. } = &brought[at];
        let ledger = &mut ledgers[*input];
        ledger.layer.clone_from(&row.layer);
        let doubt = Doubt {
            kind: "count_not_brought",
            row: row.row,
            field: &row.home.cell,
            said: "",
            meant: "伏せられた数なので、今の市区町村の数に足すことも分けることもできません。不明のままです"
                .to_owned(),
        };
        if used.contains(&at) {
            ledger.warn(doubt);
        } else {
            ledger.withdraw(doubt);
        }
        ledger.layer = None;
    }
    flows.sort_by_key(|(first, _)| *first);
    flows.into_iter().map(|(_, flow)| flow).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::crosswalk::{Change, Crosswalk, Part};
    use crate::ingest::wards::tests::municipalities;

    /// Flows, findings with their rows, and rows stored and set aside.
    type Taken = (Vec<(End, End, Count)>, Vec<(String, Option<u64>)>, (u64, u64));

    fn taken(rows: &str) -> Taken {
        let mut crosswalk = Crosswalk::default();
        let code = |said: &str| said.parse().expect("a code");
        for (from, to) in [
            ("22134", vec![("22138", 1.0)]),
            ("22135", vec![("22138", 0.4), ("22139", 0.6)]),
            ("22136", vec![("22139", 1.0)]),
        ] {
            let to = to.iter().map(|(to, share)| Part { code: code(to), share: Some(*share) }).collect();
            let reason = "区の再編".to_owned();
            let change = Change { day: 20240101, from: code(from), to, continues: false, reason };
            crosswalk.add(change).expect("sound");
        }
        let municipalities =
            municipalities(&[("22138", "浜松市中央区"), ("22139", "浜松市浜名区"), ("22203", "沼津市")]);
        let onto = Onto { crosswalk: &crosswalk, municipalities: &municipalities, people: &|_| None };
        let text = format!("種類,年,患者の市区町村コード,医療機関の市区町村コード,件数\n{rows}");
        let mut ledgers = [Ledger::new("f.csv")];
        let rows = read(&Source::of_bytes("f.csv", text.as_bytes()), &mut ledgers[0]).expect("read");
        let flows = take(rows.into_iter().map(|row| (0, row)).collect(), &onto, "22", &mut ledgers);
        let [ledger] = ledgers;
        let of_file = ["code_changed", "suppressed_cell"];
        let told = ledger.findings.iter().filter(|one| !of_file.contains(&one.kind.as_str()));
        (
            flows.into_iter().map(|flow| (flow.home, flow.place, flow.count)).collect(),
            told.map(|one| (one.kind.clone(), one.row)).collect(),
            (ledger.stored, ledger.quarantined),
        )
    }

    #[test]
    fn flows_of_codes_of_another_time_are_those_of_today() {
        let (flows, told, rows) = taken(
            "往診,2022,22134,22203,10\n往診,2022,22135,22203,20\n往診,2022,22136,22203,5\n往診,2022,22134,13101,3\n",
        );
        let expected = [
            (Some(0), Some(2), Count::Exact(18)),
            (Some(1), Some(2), Count::Exact(17)),
            (Some(0), None, Count::Exact(3)),
        ];
        assert_eq!((flows.as_slice(), told.len(), rows), (expected.as_slice(), 0, (4, 0)));
    }

    #[test]
    fn a_line_to_another_prefecture_counts_once_and_one_to_outside_as_often_as_it_stands() {
        let line = "往診,2022,22203,13101,3\n";
        let (flows, told, rows) = taken(&format!("{line}{line}往診,2022,22203,13102,4\n"));
        assert_eq!(flows, [(Some(2), None, Count::Exact(3)), (Some(2), None, Count::Exact(4))]);
        assert_eq!((told, rows), (vec![("duplicate_flow".to_owned(), Some(3))], (2, 1)));
        let outside = "往診,2022,22203,県外,3\n";
        assert_eq!(taken(&format!("{outside}{outside}")).0.len(), 2);
    }

    #[test]
    fn flows_that_cannot_be_brought_are_told_with_the_right_reason() {
        let (flows, told, rows) = taken(
            "往診,2022,22134,22203,10\n往診,2022,22135,22203,*\n往診,2022,22136,22203,5\n往診,2022,22130,22203,7\n\
             往診,2022,22299,22203,7\n往診,2021,22134,22203,8\n往診,2020,22203,22203,4\n往診,2020,22203,22203,4\n",
        );
        assert_eq!(flows, [(Some(2), Some(2), Count::Exact(4))], "22135 is suppressed, and in 2021 unknown");
        let expected = [
            ("row_of_whole_city", 5),
            ("unknown_municipality", 6),
            ("count_not_brought", 7),
            ("duplicate_flow", 9),
            ("count_not_brought", 2),
            ("count_not_brought", 3),
            ("count_not_brought", 4),
        ];
        assert_eq!(told, expected.map(|(kind, row)| (kind.to_owned(), Some(row))));
        assert_eq!(rows, (1, 7));
    }
}
