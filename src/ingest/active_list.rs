//! The prefecture's list of 在宅医療において積極的役割を担う医療機関. No national layout exists; the
//! columns are ours: 名称 and 種別 must be there, 医療機関コード and 所在地 help to find the
//! institution; 圏域名, the four functions and 24時間対応 are kept as told.

use crate::ingest::IngestError;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::listed_lines::mark;
use crate::ingest::own_table::{self, Asked, OwnRow};
use crate::ingest::study::Function;
use crate::ingest::text::Source;
use crate::ingest::todokede::digits;
use std::collections::BTreeMap;

/// One line of the list.
#[derive(Debug)]
pub(crate) struct ActiveRow {
    /// Line in the file.
    pub row: u64,
    /// Sheet or archive member.
    pub layer: Option<String>,
    /// 医療機関コード of ten digits, where given.
    pub code: Option<String>,
    /// 名称.
    pub name: String,
    /// 所在地.
    pub address: String,
    /// 種別.
    pub body_type: String,
    /// 圏域名; empty where the line has none.
    pub zone: String,
    /// The functions of which the line says whether it has them.
    pub functions: BTreeMap<Function, bool>,
    /// 24時間対応, where the line says so.
    pub all_hours: Option<bool>,
}

const NAME: usize = 0;
const BODY_TYPE: usize = 1;
const CODE: usize = 2;
const ADDRESS: usize = 3;
const ZONE: usize = 4;
const ALL_HOURS: usize = 5;
/// Where the columns of the four functions begin.
const FUNCTIONS: usize = 6;

/// Reads the list.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<ActiveRow>, IngestError> {
    let mut optional = vec!["医療機関コード", "所在地", "圏域名", "24時間対応"];
    optional.extend(Function::ALL.map(Function::name));
    let asked = Asked { needed: &["名称", "種別"], optional: &optional, ..Asked::default() };
    let rows = own_table::read(source, &asked, ledger)?;
    Ok(rows.iter().filter_map(|row| line(row, ledger)).collect())
}

fn line(row: &OwnRow, ledger: &mut Ledger) -> Option<ActiveRow> {
    ledger.layer.clone_from(&row.layer);
    let said = row.get(CODE);
    let code = digits(said, 10);
    if row.get(NAME).is_empty() {
        ledger.quarantine(Doubt {
            kind: "bad_list_row",
            row: row.row,
            field: row.place(NAME),
            said,
            meant: "名称が空です。この行は使いません".to_owned(),
        });
        return None;
    }
    if code.is_none() && !said.is_empty() {
        ledger.warn(Doubt {
            kind: "bad_institution_code",
            row: row.row,
            field: row.place(CODE),
            said,
            meant: "10 桁の医療機関コードではありません。名称と所在地で照合します".to_owned(),
        });
    }
    ledger.store();
    let functions = Function::ALL.into_iter().zip(FUNCTIONS..);
    let functions = functions.filter_map(|(function, column)| Some((function, told(row, column, ledger)?)));
    Some(ActiveRow {
        row: row.row,
        layer: row.layer.clone(),
        code,
        name: row.get(NAME).to_owned(),
        address: row.get(ADDRESS).to_owned(),
        body_type: row.get(BODY_TYPE).to_owned(),
        zone: row.get(ZONE).to_owned(),
        functions: functions.collect(),
        all_hours: told(row, ALL_HOURS, ledger),
    })
}

/// Whether a line has something; what is no mark says nothing.
fn told(row: &OwnRow, column: usize, ledger: &mut Ledger) -> Option<bool> {
    mark(row.get(column)).unwrap_or_else(|()| {
        ledger.warn(Doubt {
            kind: "bad_list_mark",
            row: row.row,
            field: row.place(column),
            said: row.get(column),
            meant: "1 か 0（または空）ではありません。不明として扱います".to_owned(),
        });
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::xlsx_table::tests::workbook;

    #[test]
    fn lines_are_read_with_or_without_code() {
        let text = "圏域名,医療機関コード,名称,所在地,種別,退院支援,日常の療養支援,急変時の対応,看取り,24時間対応\n\
            中北,1910102530,甲医院,甲府市湯村三丁目,診療所,1,1,1,1,1\n中北,,乙ステーション,甲府市,訪問看護ステーション,,1,,,\n\
            中北,19-1,丙,甲府市,病院,1,1,1,1,1\n中北,,,甲府市,病院,1,1,1,1,1\n";
        let mut ledger = Ledger::new("a.csv");
        let rows = read(&Source::of_bytes("a.csv", text.as_bytes()), &mut ledger).expect("read");
        let codes: Vec<Option<&str>> = rows.iter().map(|row| row.code.as_deref()).collect();
        assert_eq!(codes, [Some("1910102530"), None, None]);
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined, ledger.findings.len()), (4, 3, 1, 2));
        assert_eq!((rows[0].zone.as_str(), rows[0].all_hours), ("中北", Some(true)));
        assert_eq!(rows[0].functions, Function::ALL.map(|function| (function, true)).into());
        assert_eq!(rows[1].functions, [(Function::DailyCare, true)].into(), "an empty cell tells nothing");
    }

    #[test]
    fn what_is_no_mark_is_told_by_its_cell_and_says_nothing() {
        let sheet: [&[&str]; 2] =
            [&["名称", "種別", "看取り", "24時間対応"], &["甲医院", "診療所", "応相談", "×"]];
        let mut ledger = Ledger::new("a.xlsx");
        let rows = read(&workbook("一覧", &sheet), &mut ledger).expect("read");
        assert_eq!((&rows[0].functions, rows[0].all_hours), (&BTreeMap::new(), Some(false)));
        let told = &ledger.findings[0];
        assert_eq!((told.kind.as_str(), told.field.as_deref()), ("bad_list_mark", Some("C2 看取り")));
    }

    #[test]
    fn name_and_kind_are_enough() {
        let text = "種別,名称\n診療所,甲医院\n";
        let mut ledger = Ledger::new("a.csv");
        let rows = read(&Source::of_bytes("a.csv", text.as_bytes()), &mut ledger).expect("read");
        let found =
            (rows[0].name.as_str(), rows[0].body_type.as_str(), &rows[0].code, rows[0].address.as_str());
        assert_eq!(found, ("甲医院", "診療所", &None, ""));
        assert!(ledger.findings.is_empty());
    }

    #[test]
    fn another_table_is_refused() {
        let source = Source::of_bytes("a.csv", "圏域名,拠点名\n中北,甲\n".as_bytes());
        assert!(matches!(read(&source, &mut Ledger::new("a.csv")), Err(IngestError::Header { .. })));
    }
}
