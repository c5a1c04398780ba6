//! Sheets of the data: what was looked for, and what became of every row of every file.

use super::sheet::{Cell, Sheet, column};
use super::words::FileNames;
use crate::publish::quality::{Counts, Quality};
use crate::publish::summary::StudyFigures;

const COUNTS: [&str; 3] = ["除外", "注意", "参考"];

fn counts(counts: Counts) -> [Cell; 3] {
    [counts.quarantined, counts.warning, counts.note].map(Cell::Count)
}

/// データの質: every topic with its kinds, also where nothing was found.
pub fn topics(report: &Quality) -> Sheet {
    let files = report.topics.iter().flat_map(|topic| &topic.kinds).flat_map(|kind| kind.files.keys());
    let names = FileNames::of(files.map(String::as_str));
    let mut rows = Vec::new();
    for topic in &report.topics {
        let head = |kind: &str, of: Counts| {
            let mut row = vec![Cell::text(topic.name), Cell::text(kind)];
            row.extend(counts(of));
            row
        };
        let mut row = head("すべて", topic.counts);
        row.extend(["", topic.meaning, topic.todo].map(Cell::text));
        rows.push(row);
        for kind in &topic.kinds {
            let of = |(file, count): (&String, &u64)| match names.name(file) {
                "" => format!("全体 {count}件"),
                name => format!("{name} {count}件"),
            };
            let mut row = head(&kind.name, kind.counts);
            row.push(Cell::text(kind.files.iter().map(of).collect::<Vec<_>>().join("\n")));
            row.extend(["", ""].map(Cell::text));
            rows.push(row);
        }
    }
    let mut columns = vec![column("調べたこと", 26.0), column("種別", 30.0)];
    columns.extend(COUNTS.map(|head| column(head, 8.0)));
    columns.extend([column("ファイル", 40.0), column("意味", 50.0), column("すること", 50.0)]);
    Sheet {
        name: "データの質".to_owned(),
        title: "読み込んだデータで調べたことと見つかった件数（0 は調べて見つからなかったこと）".to_owned(),
        columns,
        note: "",
        keys: 2,
        rows,
    }
}

/// 入力ファイル: what was read, and what became of its rows.
pub fn inputs(report: &Quality, study: &StudyFigures) -> Sheet {
    let names = FileNames::of(report.inputs.iter().map(|input| input.file.as_str()));
    let rows = report.inputs.iter().zip(&study.inputs).map(|(input, of)| {
        let mut row = vec![
            Cell::text(input.name),
            Cell::text(names.name(&input.file)),
            Cell::text(input.date.as_deref().unwrap_or("記載なし")),
            Cell::Count(input.rows_read),
            Cell::Count(input.rows_stored),
            Cell::Count(input.rows_quarantined),
        ];
        row.extend(counts(input.counts));
        row.push(Cell::text(input.licence.as_deref().unwrap_or("記載なし")));
        row.push(Cell::text(of.sha256.as_str()));
        row
    });
    let mut columns = vec![
        column("種類", 34.0),
        column("ファイル", 40.0),
        column("時点", 12.0),
        column("読込行数", 12.0),
        column("採用行数", 12.0),
        column("除外行数", 12.0),
    ];
    columns.extend(COUNTS.map(|head| column(format!("所見・{head}"), 10.0)));
    columns.extend([column("利用条件", 36.0), column("SHA-256", 66.0)]);
    Sheet {
        name: "入力ファイル".to_owned(),
        title: "読み込んだファイル（読込行数＝採用行数＋除外行数）".to_owned(),
        columns,
        note: "",
        keys: 0,
        rows: rows.collect(),
    }
}
