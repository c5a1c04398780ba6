//! What changed between two editions of the register, as tables for Excel.

use crate::ingest::changes::{Change, ChangeKind, Changes};
use crate::ingest::study::{SourceRow, Study};
use crate::publish::PublishError;
use crate::publish::table::Table;
use std::path::Path;

/// The file by which the folder is known.
pub const MARKS: [&str; 1] = ["施設の変更.csv"];

/// Everything else in it.
pub const OTHER_FILES: [&str; 3] = ["施設の変更.xlsx", "変更の件数.csv", "README.txt"];

/// Writes every file into an empty folder. The same editions give the same bytes.
///
/// # Errors
/// [`PublishError`] naming the file; what was written before it stays.
pub fn write_all(folder: &Path, old: &Study, new: &Study, changes: &Changes) -> Result<(), PublishError> {
    let table = table(old, new, changes);
    table.write(folder, "施設の変更.csv")?;
    table.write_workbook(folder, "施設の変更.xlsx", "施設の変更", None)?;
    counts(changes).write(folder, "変更の件数.csv")?;
    super::write_file(folder.join("README.txt"), readme(old, new, changes).as_bytes())
}

fn table(old: &Study, new: &Study, changes: &Changes) -> Table {
    let mut table = Table::new(&[
        "変更",
        "番号",
        "名称",
        "市区町村コード",
        "前",
        "後",
        "移転の距離m",
        "前の資料",
        "後の資料",
    ]);
    let row = |change: &Change| {
        let sources = |study: &Study, at: Option<usize>| {
            at.map(|at| sources(study, &study.institutions[at].sources)).unwrap_or_default()
        };
        vec![
            change.kind.name().to_owned(),
            change.id.clone(),
            change.name.clone(),
            change.municipality.map(|code| code.to_string()).unwrap_or_default(),
            change.before.clone(),
            change.after.clone(),
            change.metres.map(|metres| format!("{metres:.0}")).unwrap_or_default(),
            sources(old, change.old),
            sources(new, change.new),
        ]
    };
    table.rows = changes.changes.iter().map(row).collect();
    table
}

/// The files that speak of an institution, with their states.
fn sources(study: &Study, rows: &[SourceRow]) -> String {
    let mut files: Vec<String> = Vec::new();
    for row in rows {
        let input = &study.inputs[row.input];
        let file = format!("{}（{}）", input.file, input.date.as_deref().unwrap_or("時点不明"));
        if !files.contains(&file) {
            files.push(file);
        }
    }
    files.join("、")
}

fn counts(changes: &Changes) -> Table {
    let mut table = Table::new(&["変更", "件数"]);
    let count = |kind| changes.changes.iter().filter(|change| change.kind == kind).count();
    table.rows = ChangeKind::ALL.map(|kind| vec![kind.name().to_owned(), count(kind).to_string()]).to_vec();
    table
}

/// The head of the answer, for people.
#[must_use]
pub fn readme(old: &Study, new: &Study, changes: &Changes) -> String {
    let mut text = format!(
        "施設の変更: {}（{}）から{}（{}）まで。両方にある施設 {}\n",
        old.prefecture_name, old.as_of, new.prefecture_name, new.as_of, changes.in_both
    );
    for row in counts(changes).rows {
        text += &format!("{} {}\n", row[0], row[1]);
    }
    if changes.incomparable_institutions > 0 {
        text += &format!(
            "片方の版にしかない種類の資料だけが名を挙げる施設 {} は比べていません（新規とも廃止とも数えません）\n",
            changes.incomparable_institutions
        );
    }
    if !changes.incomparable_classes.is_empty() {
        let classes: Vec<&str> = changes.incomparable_classes.iter().map(String::as_str).collect();
        text += &format!("片方の版にしか資料がないため比べていない区分: {}\n", classes.join("・"));
    }
    text += "「資料から消えた」は廃止とは限りません。休止・廃止の届で確かめてください\n";
    text
}
