//! Institutions that a source says to be suspended or closed are kept apart: they provide nothing. Two sources
//! speak of it: the prefecture's own list, which tells since when, and コード内容別医療機関一覧表, which tells
//! who is suspended (休止) at the state of its data.

use crate::ingest::geocode::Geocoder;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::manifest::{InputEntry, InputKind};
use crate::ingest::named_institution::Finder;
use crate::ingest::stopped_list::StopRow;
use crate::ingest::study::{Institution, RowOf, SourceRow, Stop, StopKind, Stopped};
use std::collections::BTreeMap;

/// Takes the institutions out of the list that have stopped by `as_of` (`2025-09`, a day or a month), and tells
/// which line of the prefecture finds none. Of several lines the last by date counts, and one of at least the
/// state of コード内容別 before it. What no source says to have stopped stays, since silence tells nothing.
pub(crate) fn take_stopped(
    rows: Vec<(usize, StopRow)>,
    institutions: &mut Vec<Institution>,
    geocoder: &Geocoder,
    as_of: &str,
    inputs: &[InputEntry],
    ledgers: &mut [Ledger],
) -> Vec<Stopped> {
    let mut last = last_lines(rows, &Finder::new(institutions, geocoder), as_of, ledgers);
    let mut stops: BTreeMap<usize, Stop> = BTreeMap::new();
    for (at, source) in
        institutions.iter().enumerate().filter_map(|(at, one)| Some((at, suspended_by(one, inputs)?)))
    {
        let state = inputs[source.input].date.as_deref().unwrap_or(as_of);
        // A line of the same or a later day knows better, and one that says the same knows since when.
        let knows_better =
            |row: &StopRow| row.date.as_str() >= state || row.kind == Some(StopKind::Suspended);
        if !last.get(&at).is_some_and(|(_, row)| knows_better(row)) {
            last.remove(&at);
            stops.insert(at, Stop { kind: StopKind::Suspended, date: None, source });
        }
    }
    for (at, (input, row)) in last {
        let source = RowOf { input, row: row.row };
        stops.extend(row.kind.map(|kind| (at, Stop { kind, date: Some(row.date), source })));
    }
    let mut stopped = Vec::new();
    for (at, stop) in stops.into_iter().rev() {
        let institution = institutions.remove(at);
        let RowOf { input, row } = stop.source;
        let since = match (&stop.date, &inputs[input].date) {
            (Some(date), _) => format!("{date} から"),
            (None, Some(state)) => format!("{state} 現在（いつからかは資料にない）"),
            (None, None) => "いつからかは資料になく".to_owned(),
        };
        ledgers[input].note(Doubt {
            kind: "institution_stopped",
            row,
            field: "状態",
            said: &institution.name,
            meant: format!("{since}{}。名簿には残し、どのサービスにも数えません", stop.kind.name()),
        });
        stopped.push(Stopped { institution, stop });
    }
    stopped.reverse();
    stopped
}

/// The last line by date of each institution, none of them later than `as_of`.
fn last_lines(
    rows: Vec<(usize, StopRow)>,
    finder: &Finder<'_>,
    as_of: &str,
    ledgers: &mut [Ledger],
) -> BTreeMap<usize, (usize, StopRow)> {
    let mut last: BTreeMap<usize, (usize, StopRow)> = BTreeMap::new();
    for (input, row) in rows {
        ledgers[input].layer.clone_from(&row.layer);
        let found =
            if row.id.is_empty() { finder.by_name(&row.name, &row.address) } else { finder.by_id(&row.id) };
        let is_later = row.date.get(..as_of.len()).is_some_and(|date| date > as_of);
        let doubt = |kind, meant: String| Doubt { kind, row: row.row, field: "", said: &row.name, meant };
        match found {
            None if row.id.is_empty() && !finder.namesakes(&row.name).is_empty() => {
                ledgers[input].withdraw(doubt(
                    "ambiguous_stop",
                    "同じ名称の施設はありますが、一つに決まりません。施設番号か所在地を書いてください。この行は使いません"
                        .to_owned(),
                ));
            }
            None => ledgers[input].note(doubt(
                "stop_without_institution",
                "今の資料にない施設です。すでに資料から消えたのでなければ、施設番号と名称を確かめてください"
                    .to_owned(),
            )),
            Some(_) if is_later => ledgers[input].note(doubt(
                "stop_in_future",
                format!("{} は資料の時点（{as_of}）より後です。まだ開いているものとして扱います", row.date),
            )),
            Some(at) => {
                let known = last.get(&at).map(|(_, known)| known.date.as_str());
                if known.is_none_or(|date| date <= row.date.as_str()) {
                    last.insert(at, (input, row));
                }
            }
        }
    }
    last
}

/// The row of コード内容別 that says that an institution is suspended.
fn suspended_by(one: &Institution, inputs: &[InputEntry]) -> Option<RowOf> {
    let is_contents = |source: &&SourceRow| inputs[source.input].kind == InputKind::CodeContents;
    let source = one.sources.iter().rfind(is_contents).filter(|_| one.practice.suspended == Some(true))?;
    Some(RowOf { input: source.input, row: source.row })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::study::{Origins, Practice, Precision, StopKind};
    use std::collections::BTreeSet;

    fn institution(id: &str) -> Institution {
        Institution {
            id: id.to_owned(),
            name: format!("医院{id}"),
            address: String::new(),
            municipality: None,
            position: None,
            precision: Precision::Unlocated,
            correction: None,
            classes: BTreeSet::from(["診療所".to_owned()]),
            beds: None,
            practice: Practice::default(),
            sources: Vec::new(),
            origins: Origins::default(),
        }
    }

    fn row(row: u64, id: &str, kind: Option<StopKind>, date: &str) -> (usize, StopRow) {
        let (id, date) = (id.to_owned(), date.to_owned());
        (0, StopRow { row, layer: None, id, name: "医院".to_owned(), address: String::new(), kind, date })
    }

    /// Of a list of the prefecture and コード内容別 of 2025-06-01, by 2025-09.
    fn taken(rows: Vec<(usize, StopRow)>, institutions: &mut Vec<Institution>) -> (Vec<Stopped>, Ledger) {
        let input = |kind, date: Option<&str>| InputEntry {
            date: date.map(str::to_owned),
            ..InputEntry::of(kind, "")
        };
        let inputs =
            [input(InputKind::StoppedInstitutions, None), input(InputKind::CodeContents, Some("2025-06-01"))];
        let geocoder = Geocoder::new("山梨県", &[], &BTreeMap::new(), &[]);
        let mut ledgers = [Ledger::new("s.csv"), Ledger::new("c.xlsx")];
        let stopped = take_stopped(rows, institutions, &geocoder, "2025-09", &inputs, &mut ledgers);
        let [mut list, contents] = ledgers;
        list.findings.extend(contents.findings);
        (stopped, list)
    }

    #[test]
    fn who_is_suspended_by_the_bureau_is_kept_apart_with_the_day_that_the_prefecture_knows() {
        let suspended = |id: &str| Institution {
            practice: Practice { suspended: Some(true), ..Practice::default() },
            sources: vec![SourceRow { input: 1, row: 30, matched_by: "code".into(), score: 100 }],
            ..institution(id)
        };
        let (closed, paused) = (Some(StopKind::Closed), Some(StopKind::Suspended));
        let rows = vec![
            row(2, "2", paused, "2025-04-01"),
            row(3, "3", closed, "2025-07-01"),
            row(4, "4", None, "2025-08-01"),
            row(5, "5", None, "2025-05-01"),
        ];
        let mut institutions = ["1", "2", "3", "4", "5"].map(suspended).to_vec();
        let (stopped, ledger) = taken(rows, &mut institutions);
        let told: Vec<_> = stopped
            .iter()
            .map(|one| {
                (one.institution.id.as_str(), one.stop.kind, one.stop.date.as_deref(), one.stop.source.row)
            })
            .collect();
        let expected = [
            ("1", StopKind::Suspended, None, 30),
            ("2", StopKind::Suspended, Some("2025-04-01"), 2),
            ("3", StopKind::Closed, Some("2025-07-01"), 3),
            ("5", StopKind::Suspended, None, 30),
        ];
        assert_eq!(told, expected, "4 has opened again since the state of the list of the bureau");
        assert!(stopped[0].institution.classes.contains("診療所"), "as it was");
        assert!(ledger.findings.iter().all(|one| one.kind == "institution_stopped"));
        assert_eq!(
            ledger.findings[3].meant.split('。').next(),
            Some("2025-06-01 現在（いつからかは資料にない）休止")
        );
    }

    #[test]
    fn who_is_meant_is_found_by_full_width_code_and_by_the_only_one_of_a_name() {
        let mut institutions = ["1910000001", "1910000002", "1910000003"].map(institution).to_vec();
        institutions[1].name = "原医院".to_owned();
        let closed = Some(StopKind::Closed);
        let by_name = |number, name: &str| {
            let (input, row) = row(number, "", closed, "2025-01-01");
            (input, StopRow { name: name.to_owned(), ..row })
        };
        institutions[2].name = institutions[0].name.clone();
        let namesakes = institutions[0].name.clone();
        let rows = vec![
            row(2, "１９１００００００１", closed, "2025-01-01"),
            by_name(3, "原医院"),
            by_name(4, &namesakes),
            by_name(5, "森医院"),
        ];
        let (stopped, ledger) = taken(rows, &mut institutions);
        let ids: Vec<&str> = stopped.iter().map(|one| one.institution.id.as_str()).collect();
        assert_eq!(ids, ["1910000001", "1910000002"]);
        let told: Vec<_> = ledger.findings.iter().map(|one| (one.row, one.kind.as_str())).collect();
        assert_eq!(told[..2], [(Some(4), "ambiguous_stop"), (Some(5), "stop_without_institution")]);
        assert_eq!(ledger.quarantined, 1, "the one that could be two");
    }

    #[test]
    fn only_what_has_stopped_by_the_state_of_the_data_is_taken_out() {
        let (closed, suspended) = (Some(StopKind::Closed), Some(StopKind::Suspended));
        let rows = vec![
            row(2, "1", closed, "2025-08-31"),
            row(3, "2", closed, "2025-10-01"),
            row(4, "3", None, "2025-06-01"),
            row(5, "3", suspended, "2025-03-01"),
            row(6, "4", suspended, "2025-09-30"),
            row(7, "9", closed, "2025-01-01"),
        ];
        let mut institutions = ["1", "2", "3", "4", "5"].map(institution).to_vec();
        let (stopped, ledger) = taken(rows, &mut institutions);
        let of = |one: &Stopped| (one.institution.id.clone(), one.stop.kind, one.stop.date.clone());
        let told: Vec<_> = stopped.iter().map(of).collect();
        let date = |date: &str| Some(date.to_owned());
        let expected = [
            ("1".to_owned(), StopKind::Closed, date("2025-08-31")),
            ("4".to_owned(), StopKind::Suspended, date("2025-09-30")),
        ];
        assert_eq!(told, expected);
        let left: Vec<&str> = institutions.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(left, ["2", "3", "5"], "reopened, not yet closed, and never mentioned");
        let kinds: Vec<&str> = ledger.findings.iter().map(|one| one.kind.as_str()).collect();
        let expected =
            ["stop_in_future", "stop_without_institution", "institution_stopped", "institution_stopped"];
        assert_eq!(kinds, expected);
    }
}
