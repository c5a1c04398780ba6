//! 施設の名寄せ: what a planner decided about pairs of records, in the tables that `keniki register` writes.
//! 記録A, 記録B and 判定 must be there; a row without 判定, or with 保留, decides nothing.

use crate::ingest::IngestError;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::own_table::{self, Asked};
use crate::ingest::text::Source;

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    /// Line in the file.
    pub row: u64,
    /// Sheet or archive member.
    pub layer: Option<String>,
    /// Keys of the two records.
    pub records: [String; 2],
    /// 同じ; else 別.
    pub is_same: bool,
}

/// The columns.
const COLUMNS: [&str; 3] = ["記録A", "記録B", "判定"];

/// Reads the table.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<Decision>, IngestError> {
    let mut decisions = Vec::new();
    // `keniki register` writes more than it asks back.
    let asked = Asked { needed: &COLUMNS, is_wider: true, ..Asked::default() };
    for row in own_table::read(source, &asked, ledger)? {
        ledger.layer.clone_from(&row.layer);
        let [one, other, said] = [0, 1, 2].map(|column| row.get(column));
        let is_same = match said {
            "同じ" => true,
            "別" => false,
            "" | "保留" => {
                ledger.store();
                continue;
            }
            _ => {
                ledger.quarantine(Doubt {
                    kind: "bad_identity_decision",
                    row: row.row,
                    field: row.place(2),
                    said,
                    meant: "判定は「同じ」「別」「保留」か空にしてください。この行は使いません".to_owned(),
                });
                continue;
            }
        };
        if one.is_empty() || other.is_empty() || one == other {
            ledger.quarantine(Doubt {
                kind: "bad_identity_decision",
                row: row.row,
                field: row.place(usize::from(!one.is_empty())),
                said: &row.said(),
                meant: "記録Aと記録Bに、違う二つの記録の番号が要ります。この行は使いません".to_owned(),
            });
            continue;
        }
        ledger.store();
        let records = [one.to_owned(), other.to_owned()];
        decisions.push(Decision { row: row.row, layer: row.layer, records, is_same });
    }
    Ok(decisions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rows_with_a_decision_decide() {
        let text = "点数,記録A,記録B,判定\n60,1910000001,iryo:5,同じ\n60,1910000002,iryo:6,\n\
            60,1910000002,iryo:7,保留\n60,1910000002,iryo:8,別\n60,1910000002,iryo:9,たぶん\n60,iryo:9,iryo:9,別\n60,,iryo:9,別\n";
        let mut ledger = Ledger::new("n.csv");
        let decisions = read(&Source::of_bytes("n.csv", text.as_bytes()), &mut ledger).expect("read");
        let told: Vec<_> =
            decisions.iter().map(|one| (one.row, one.records[1].as_str(), one.is_same)).collect();
        assert_eq!(told, [(2, "iryo:5", true), (5, "iryo:8", false)]);
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (7, 4, 3));
        let fields: Vec<_> = ledger.findings.iter().map(|one| one.field.as_deref()).collect();
        assert_eq!(fields, [Some("判定"), Some("記録B"), Some("記録A")]);
    }
}
