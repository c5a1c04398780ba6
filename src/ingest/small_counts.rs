//! Counts of few people that their publisher has suppressed: one note for each file.

use crate::ingest::ledger::{Doubt, Ledger};

/// Tells of the suppressed cells of a mesh; `how` they are counted.
pub(crate) fn note_cells(ledger: &mut Ledger, field: &str, cells: usize, how: &str) {
    if cells > 0 {
        note(ledger, field, format!("{cells} メッシュの年齢別人口が公表元で秘匿されています。{how}"));
    }
}

/// Tells how many counts of an own table are suppressed.
pub(crate) fn note_counts(ledger: &mut Ledger, field: &str, counts: usize) {
    if counts > 0 {
        let meant = format!(
            "{counts} 件の数が伏せられています（1–9）。合わせて {counts}～{} のどれかです。0 とも一つの数とも見なさず、不明な少数のまま示します",
            9 * counts
        );
        note(ledger, field, meant);
    }
}

fn note(ledger: &mut Ledger, field: &str, meant: String) {
    ledger.layer = None;
    ledger.note(Doubt { kind: "suppressed_cell", row: 0, field, said: "", meant });
}
