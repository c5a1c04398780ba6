//! An editor's own additions and cuts of neighbours, each with its reason: a bridge or ferry that the road
//! file does not have, a pass that is closed, a road that nobody would use.
//!
//! Columns: `unit_a`, `unit_b` (names of units, or a municipality that is not split by name or code), `edit` (加える or
//! 切る), `reason`.

use crate::ingest::IngestError;
use crate::ingest::csv_table::CsvTable;
use crate::ingest::given::Given;
use crate::ingest::ledger::{Account, Doubt, Ledger};
use crate::ingest::text::Source;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What an editor does with a pair of units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Edit {
    /// They are neighbours.
    Add,
    /// They are none.
    Cut,
}

/// One edit that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeighbourEdit {
    /// The units, lower position first.
    pub pair: (usize, usize),
    /// What is done.
    pub edit: Edit,
    /// Why.
    pub reason: String,
}

/// The edits of a file.
#[derive(Clone, Debug)]
pub struct NeighbourEdits {
    /// In the order of the file.
    pub edits: Vec<NeighbourEdit>,
    /// What became of the rows.
    pub account: Account,
}

/// Edits `pairs` (lower position first) as a table says. `unit` finds a unit by what the file calls it.
///
/// # Errors
/// A table that cannot be used; rows that cannot are findings of the account.
pub fn edit_neighbours(
    given: Given<'_>,
    pairs: &mut BTreeSet<(usize, usize)>,
    unit: &dyn Fn(&str) -> Option<usize>,
) -> Result<NeighbourEdits, IngestError> {
    edit(&given.source()?, pairs, unit)
}

fn edit(
    source: &Source,
    pairs: &mut BTreeSet<(usize, usize)>,
    unit: &dyn Fn(&str) -> Option<usize>,
) -> Result<NeighbourEdits, IngestError> {
    let mut ledger = Ledger::new(&source.file);
    let mut edits = Vec::new();
    let mut known = BTreeMap::new();
    for text in source.tables()? {
        let (table, columns) = CsvTable::bind(&text, &["unit_a", "unit_b", "edit", "reason"], &mut ledger)?;
        for row in &table.rows {
            let [a, b, word, reason] = columns.map(|column| row.get(column));
            let doubt = |field, said, meant: &str| Doubt {
                kind: "bad_neighbour_row",
                row: row.row,
                field,
                said,
                meant: format!("{meant}。この行は使いません"),
            };
            let (Some(one), Some(other)) = (unit(a), unit(b)) else {
                let (field, said) = if unit(a).is_none() { ("unit_a", a) } else { ("unit_b", b) };
                ledger.quarantine(doubt(
                    field,
                    said,
                    "そのような単位がありません（分けた市町村は単位の名前で書いてください）",
                ));
                continue;
            };
            let edit = match word {
                "加える" => Edit::Add,
                "切る" => Edit::Cut,
                _ => {
                    ledger.quarantine(doubt("edit", word, "「加える」か「切る」と書いてください"));
                    continue;
                }
            };
            let pair = (one.min(other), one.max(other));
            if one == other || reason.is_empty() {
                let meant = if one == other { "同じ単位どうしです" } else { "理由が空です" };
                ledger.quarantine(doubt("reason", reason, meant));
                continue;
            }
            if known.insert(pair, edit).is_some_and(|former| former != edit) {
                known.insert(pair, if edit == Edit::Add { Edit::Cut } else { Edit::Add });
                ledger.quarantine(doubt("edit", word, "先の行と逆のことを求めています"));
                continue;
            }
            ledger.store();
            let is_changed = match edit {
                Edit::Add => pairs.insert(pair),
                Edit::Cut => pairs.remove(&pair),
            };
            if !is_changed {
                ledger.note(Doubt {
                    kind: "idle_neighbour_row",
                    row: row.row,
                    field: "edit",
                    said: word,
                    meant: format!("{a}と{b}は、この行がなくてもそうなっています"),
                });
            }
            edits.push(NeighbourEdit { pair, edit, reason: reason.to_owned() });
        }
    }
    Ok(NeighbourEdits { edits, account: ledger.account(&source.sha256()?) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_added_and_cut_and_every_other_row_is_a_finding() {
        let text = "unit_a,unit_b,edit,reason\n島,港,加える,航路がある\n港,峠,切る,冬に閉まる\n\
            港,島,切る,逆\n港,山,加える,\n港,月,加える,橋\n峠,峠,切る,同じ\n港,山,つなぐ,橋\n峠,港,切る,二度目\n";
        let names = ["島", "港", "峠", "山"];
        let mut pairs = BTreeSet::from([(1, 2), (2, 3)]);
        let unit = |said: &str| names.iter().position(|name| *name == said);
        let found = edit(&Source::of_bytes("n.csv", text.as_bytes()), &mut pairs, &unit).expect("read");
        assert_eq!(pairs, BTreeSet::from([(0, 1), (2, 3)]));
        let told: Vec<_> = found.edits.iter().map(|one| (one.pair, one.edit, one.reason.as_str())).collect();
        let expected = [
            ((0, 1), Edit::Add, "航路がある"),
            ((1, 2), Edit::Cut, "冬に閉まる"),
            ((1, 2), Edit::Cut, "二度目"),
        ];
        assert_eq!(told, expected);
        let account = found.account;
        assert_eq!((account.rows_read, account.rows_stored, account.rows_quarantined), (8, 3, 5));
        let rows: Vec<_> =
            account.findings.iter().map(|one| (one.row, one.field.as_deref(), one.said.as_str())).collect();
        let expected = [
            (Some(4), Some("edit"), "切る"),
            (Some(5), Some("reason"), ""),
            (Some(6), Some("unit_b"), "月"),
            (Some(7), Some("reason"), "同じ"),
            (Some(8), Some("edit"), "つなぐ"),
            (Some(9), Some("edit"), "切る"),
        ];
        assert_eq!(rows, expected);
    }
}
