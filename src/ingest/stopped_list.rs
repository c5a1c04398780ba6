//! 休止・廃止の施設: institutions that the prefecture knows to be suspended or closed. The columns are ours:
//! 名称, 状態 (休止, 廃止 or 再開) and 年月日 must be filled in; 施設番号 (医療機関コード, or the id of the list
//! of institutions) or 所在地 says which institution is meant.

use crate::ingest::IngestError;
use crate::ingest::dates;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::own_table::{self, Asked, OwnRow};
use crate::ingest::study::StopKind;
use crate::ingest::text::Source;

/// One line.
#[derive(Debug)]
pub(crate) struct StopRow {
    /// Line in the file.
    pub row: u64,
    /// Sheet or archive member.
    pub layer: Option<String>,
    /// 施設番号, empty where the line has none.
    pub id: String,
    /// 名称.
    pub name: String,
    /// 所在地, empty where the line has none.
    pub address: String,
    /// 休止 or 廃止; `None` = 再開.
    pub kind: Option<StopKind>,
    /// 年月日 as `2025-10-01`.
    pub date: String,
}

const NEEDED: [&str; 3] = ["名称", "状態", "年月日"];
const OPTIONAL: [&str; 2] = ["施設番号", "所在地"];
const STATE: usize = 1;
const DATE: usize = 2;

/// Reads the list.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<StopRow>, IngestError> {
    let asked = Asked { needed: &NEEDED, optional: &OPTIONAL, ..Asked::default() };
    let rows = own_table::read(source, &asked, ledger)?;
    Ok(rows.iter().filter_map(|row| stop(row, ledger)).collect())
}

fn stop(row: &OwnRow, ledger: &mut Ledger) -> Option<StopRow> {
    ledger.layer.clone_from(&row.layer);
    let mut refuse = |column: usize, meant: &str| {
        let said = if row.get(column).is_empty() { row.said() } else { row.get(column).to_owned() };
        let (field, meant) = (row.place(column), format!("{meant}。この行は使いません"));
        ledger.quarantine(Doubt { kind: "bad_stop_row", row: row.row, field, said: &said, meant });
        None
    };
    let kind = match row.get(STATE) {
        "休止" => Some(StopKind::Suspended),
        "廃止" => Some(StopKind::Closed),
        "再開" => None,
        _ => return refuse(STATE, "状態は「休止」「廃止」「再開」のどれかにしてください"),
    };
    let Some(date) = dates::iso_day(row.get(DATE)) else {
        return refuse(DATE, "年月日を 2025-10-01 か 令和7年10月1日 のように書いてください");
    };
    if row.get(0).is_empty() {
        return refuse(0, "名称が空です");
    }
    ledger.store();
    let [name, id, address] = [0, 3, 4].map(|column| row.get(column).to_owned());
    Some(StopRow { row: row.row, layer: row.layer.clone(), id, name, address, kind, date })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::xlsx_table::tests::workbook;

    #[test]
    fn states_and_dates_are_read_and_others_set_aside_by_cell() {
        let text = "施設番号,名称,所在地,状態,年月日\n1910102530,甲医院,,休止,令和7年4月1日\n,乙医院,甲府市湯村1,廃止,2025年10月01日\n\
            ,丙医院,,再開,2025-10-01\n,丁医院,,移転,2025-10-01\n,戊医院,,廃止,令和7年4月\n,,,廃止,2025-10-01\n";
        let mut ledger = Ledger::new("s.csv");
        let rows = read(&Source::of_bytes("s.csv", text.as_bytes()), &mut ledger).expect("read");
        let told: Vec<_> = rows.iter().map(|one| (one.name.as_str(), one.kind, one.date.as_str())).collect();
        let expected = [
            ("甲医院", Some(StopKind::Suspended), "2025-04-01"),
            ("乙医院", Some(StopKind::Closed), "2025-10-01"),
            ("丙医院", None, "2025-10-01"),
        ];
        assert_eq!(told, expected);
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (6, 3, 3));
        let sheet: [&[&str]; 2] = [&["名称", "状態", "年月日"], &["甲医院", "休止", "45931"]];
        let rows = read(&workbook("表", &sheet), &mut Ledger::new("s.xlsx")).expect("read");
        assert_eq!(rows[0].date, "2025-10-01", "as Excel stores a day");
        let fields: Vec<_> = ledger.findings.iter().map(|one| one.field.as_deref()).collect();
        assert_eq!(fields, [Some("状態"), Some("年月日"), Some("名称")]);
    }
}
