//! The account of one input file: what became of its rows, and what was doubtful.

use crate::ingest::finding::{Finding, Severity};
use serde::Serialize;
use std::collections::BTreeMap;

/// Counts the rows of a file and keeps its findings. `read = stored + quarantined` holds after
/// every call.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// File as written in the manifest.
    pub file: String,
    /// Sheet, layer or archive member being read.
    pub layer: Option<String>,
    /// Rows met.
    pub read: u64,
    /// Rows used, or recognised as being of another prefecture.
    pub stored: u64,
    /// Rows set aside, each with a finding.
    pub quarantined: u64,
    /// Findings in the order in which they were met; of each kind the first [`MOST_ALIKE`] and one that
    /// tells how many more there are.
    pub findings: Vec<Finding>,
    /// How many there are of each kind.
    pub alike: BTreeMap<&'static str, Alike>,
    /// Municipalities that rows name beside their codes, until it is known what the codes mean.
    pub named: Vec<NamedCode>,
}

/// The code of a municipality and the name that stands beside it.
#[derive(Debug)]
pub(crate) struct NamedCode {
    /// Row as people see it.
    pub row: u64,
    /// Sheet, layer or archive member.
    pub layer: Option<String>,
    /// Place of the name.
    pub place: String,
    /// The code as written.
    pub code: String,
    /// The name as written.
    pub name: String,
}

/// Findings of one kind.
#[derive(Debug, Default)]
pub(crate) struct Alike {
    count: usize,
    /// Place of the finding that tells how many more there are.
    rest: usize,
}

/// So many findings of a kind are kept of a file; a damaged file cannot fill the memory with them.
const MOST_ALIKE: usize = 10_000;

/// What became of the rows of a file that is no input of the study:
/// `rows_read = rows_stored + rows_quarantined`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Account {
    /// Path as given.
    pub file: String,
    /// SHA-256 of the file's bytes, in hexadecimal.
    pub sha256: String,
    /// Rows in the file.
    pub rows_read: u64,
    /// Rows that were used.
    pub rows_stored: u64,
    /// Rows that could not be used; each has a finding.
    pub rows_quarantined: u64,
    /// What was doubtful, in the order in which it was met.
    pub findings: Vec<Finding>,
}

/// What a file says is kept up to this many letters: enough to recognise the place, and a damaged
/// file cannot fill the study with itself.
const SAID_LETTERS: usize = 200;

/// What is doubtful: a stable word, what the file says, and what it means for people.
pub(crate) struct Doubt<'a> {
    /// Kind of finding as a stable word.
    pub kind: &'static str,
    /// Row as people see it; 0 when the finding is about the file.
    pub row: u64,
    /// Column or attribute; empty when the finding is about the row.
    pub field: &'a str,
    /// What the file says.
    pub said: &'a str,
    /// What it means, in Japanese.
    pub meant: String,
}

impl Ledger {
    pub(crate) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), ..Self::default() }
    }

    /// A row goes into the study.
    pub(crate) fn store(&mut self) {
        self.read += 1;
        self.stored += 1;
    }

    /// A row cannot be used.
    pub(crate) fn quarantine(&mut self, doubt: Doubt<'_>) {
        self.read += 1;
        self.quarantined += 1;
        self.push(Severity::Quarantined, doubt);
    }

    /// A row that was stored turns out to be unusable once the other files are known.
    pub(crate) fn withdraw(&mut self, doubt: Doubt<'_>) {
        self.stored = self.stored.saturating_sub(1);
        self.quarantined += 1;
        self.push(Severity::Quarantined, doubt);
    }

    /// Something used that the planner should look at.
    pub(crate) fn warn(&mut self, doubt: Doubt<'_>) {
        self.push(Severity::Warning, doubt);
    }

    /// A file about institutions that has none of the prefecture: it does not tell that there are none.
    pub(crate) fn warn_no_row_of(&mut self, prefecture: &str) {
        self.layer = None;
        self.warn(Doubt {
            kind: "no_row_of_prefecture",
            row: 0,
            field: "",
            said: "",
            meant: format!(
                "都道府県コード {prefecture} の行がありません。別の都道府県のファイルでないか確かめてください。このファイルの種類は「未読込」のままです"
            ),
        });
    }

    /// Sheets beside those that were read, where there are any.
    pub(crate) fn warn_sheets_not_read(&mut self, sheets: &[String], why: &str) {
        if !sheets.is_empty() {
            self.layer = None;
            self.warn(Doubt {
                kind: "sheets_not_read",
                row: 0,
                field: "",
                said: &sheets.join("・"),
                meant: format!("{why}。要る表なら、見出しかシートの名を直すか、別のファイルにしてください"),
            });
        }
    }

    /// Rows of other prefectures in a list of the prefecture, where there are any.
    pub(crate) fn note_of_others(&mut self, rows: usize) {
        if rows > 0 {
            self.layer = None;
            self.note(Doubt {
                kind: "rows_of_others",
                row: 0,
                field: "",
                said: "",
                meant: format!("ほかの都道府県の {rows} 行は、この県の数に入れません"),
            });
        }
    }

    /// Something worth knowing.
    pub(crate) fn note(&mut self, doubt: Doubt<'_>) {
        self.push(Severity::Note, doubt);
    }

    /// How many findings there are of each kind.
    pub(crate) fn counts(&self) -> BTreeMap<&'static str, usize> {
        self.alike.iter().map(|(kind, alike)| (*kind, alike.count)).collect()
    }

    /// Where on the map the last finding is.
    pub(crate) fn place(&mut self, point: geo::Point) {
        if let Some(last) = self.findings.last_mut() {
            last.place = Some([point.x(), point.y()]);
        }
    }

    /// Closes the account.
    pub(crate) fn account(self, sha256: &str) -> Account {
        Account {
            file: self.file,
            sha256: sha256.to_owned(),
            rows_read: self.read,
            rows_stored: self.stored,
            rows_quarantined: self.quarantined,
            findings: self.findings,
        }
    }

    fn push(&mut self, severity: Severity, mut doubt: Doubt<'_>) {
        let alike = self.alike.entry(doubt.kind).or_default();
        alike.count += 1;
        if alike.count > MOST_ALIKE {
            let more = format!("同じことがほかに {} 件あります", alike.count - MOST_ALIKE);
            if let Some(rest) = self.findings.get_mut(alike.rest).filter(|_| alike.count > MOST_ALIKE + 1) {
                rest.meant = more;
                return;
            }
            alike.rest = self.findings.len();
            doubt = Doubt { row: 0, field: "", said: "", meant: more, ..doubt };
        }
        self.findings.push(Finding {
            severity,
            kind: doubt.kind.to_owned(),
            file: self.file.clone(),
            layer: self.layer.clone(),
            row: (doubt.row > 0).then_some(doubt.row),
            field: (!doubt.field.is_empty()).then(|| doubt.field.to_owned()),
            said: shortened(doubt.said),
            meant: doubt.meant,
            place: None,
        });
    }
}

/// The first [`SAID_LETTERS`] letters, with `…` where more follow.
fn shortened(said: &str) -> String {
    match said.char_indices().nth(SAID_LETTERS) {
        Some((end, _)) => format!("{}…", &said[..end]),
        None => said.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_says_is_cut_between_letters_after_two_hundred() {
        let said = |letters: usize| {
            let mut ledger = Ledger::new("a.csv");
            let said = "髙".repeat(letters);
            ledger.note(Doubt { kind: "x", row: 1, field: "", said: &said, meant: String::new() });
            ledger.findings[0].said.clone()
        };
        assert_eq!(said(200), "髙".repeat(200));
        assert_eq!(said(201), format!("{}…", "髙".repeat(200)));
    }

    #[test]
    fn of_findings_alike_ten_thousand_are_kept_and_the_rest_counted() {
        let mut ledger = Ledger::new("a.csv");
        for row in 1..=10_003 {
            ledger.quarantine(Doubt { kind: "x", row, field: "", said: "1", meant: "wrong".to_owned() });
        }
        ledger.note(Doubt { kind: "y", row: 1, field: "", said: "", meant: String::new() });
        assert_eq!((ledger.read, ledger.quarantined, ledger.findings.len()), (10_003, 10_003, 10_002));
        assert_eq!((ledger.findings[9_999].row, ledger.findings[10_000].row), (Some(10_000), None));
        assert_eq!(ledger.findings[10_000].meant, "同じことがほかに 3 件あります");
    }
}
