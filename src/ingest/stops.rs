//! Institutions that a source says to be suspended or closed are kept apart: they provide nothing.

use crate::ingest::geocode::Geocoder;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::named_institution::Finder;
use crate::ingest::stopped_list::StopRow;
use crate::ingest::study::{Institution, RowOf, Stop, Stopped};
use std::collections::BTreeMap;

/// Takes the institutions out of the list whose last line (by date) says that they have stopped by `as_of`
/// (`2025-09`, a day or a month), and tells which line finds no institution. What no source says to have
/// stopped stays, since silence tells nothing.
pub(crate) fn take_stopped(
    rows: Vec<(usize, StopRow)>,
    institutions: &mut Vec<Institution>,
    geocoder: &Geocoder,
    as_of: &str,
    ledgers: &mut [Ledger],
) -> Vec<Stopped> {
    let mut last: BTreeMap<usize, (usize, StopRow)> = BTreeMap::new();
    let finder = Finder::new(institutions, geocoder);
    for (input, row) in rows {
        let found =
            if row.id.is_empty() { finder.by_name(&row.name, &row.address) } else { finder.by_id(&row.id) };
        let is_later = row.date.get(..as_of.len()).is_some_and(|date| date > as_of);
        let doubt = |kind, meant: String| Doubt { kind, row: row.row, field: "", said: &row.name, meant };
        match found {
            None => ledgers[input].note(doubt(
                "stop_without_institution",
                "今の資料にない施設です。すでに資料から消えています".to_owned(),
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
    let mut stopped = Vec::new();
    for (at, (input, row)) in last.into_iter().rev() {
        let Some(kind) = row.kind else { continue };
        ledgers[input].note(Doubt {
            kind: "institution_stopped",
            row: row.row,
            field: "状態",
            said: &row.name,
            meant: format!("{} から{}。名簿には残し、どのサービスにも数えません", row.date, kind.name()),
        });
        let stop = Stop { kind, date: Some(row.date), source: RowOf { input, row: row.row } };
        stopped.push(Stopped { institution: institutions.remove(at), stop });
    }
    stopped.reverse();
    stopped
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

    #[test]
    fn only_what_has_stopped_by_the_state_of_the_data_is_taken_out() {
        let row = |row, id: &str, kind, date: &str| {
            let (id, date) = (id.to_owned(), date.to_owned());
            (0, StopRow { row, id, name: "医院".to_owned(), address: String::new(), kind, date })
        };
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
        let geocoder = Geocoder::new("山梨県", &[], &BTreeMap::new(), &[]);
        let mut ledgers = [Ledger::new("s.csv")];
        let stopped = take_stopped(rows, &mut institutions, &geocoder, "2025-09", &mut ledgers);
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
        let kinds: Vec<&str> = ledgers[0].findings.iter().map(|one| one.kind.as_str()).collect();
        let expected =
            ["stop_in_future", "stop_without_institution", "institution_stopped", "institution_stopped"];
        assert_eq!(kinds, expected);
    }
}
