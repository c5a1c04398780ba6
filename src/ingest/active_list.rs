//! The prefecture's list of 在宅医療において積極的役割を担う医療機関. No national layout exists; the
//! columns are ours: 名称 and 種別 must be there, 医療機関コード and 所在地 help to find the
//! institution, all others are passed over.

use crate::ingest::IngestError;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::own_table;
use crate::ingest::text::Source;
use crate::ingest::todokede::digits;

/// One line of the list.
#[derive(Debug)]
pub(crate) struct ActiveRow {
    /// Line in the file.
    pub row: u64,
    /// 医療機関コード of ten digits, where given.
    pub code: Option<String>,
    /// 名称.
    pub name: String,
    /// 所在地.
    pub address: String,
    /// 種別.
    pub body_type: String,
}

/// Reads the list.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<ActiveRow>, IngestError> {
    let mut list = Vec::new();
    let [name, body_type, code_at, address] = [0, 1, 2, 3];
    for row in own_table::read(source, &["名称", "種別"], &["医療機関コード", "所在地"], &[], ledger)?
    {
        ledger.layer.clone_from(&row.layer);
        let said = row.get(code_at);
        let code = digits(said, 10);
        if row.get(name).is_empty() {
            ledger.quarantine(Doubt {
                kind: "bad_list_row",
                row: row.row,
                field: row.place(name),
                said,
                meant: "名称が空です。この行は使いません".to_owned(),
            });
            continue;
        }
        if code.is_none() && !said.is_empty() {
            ledger.warn(Doubt {
                kind: "bad_institution_code",
                row: row.row,
                field: row.place(code_at),
                said,
                meant: "10 桁の医療機関コードではありません。名称と所在地で照合します".to_owned(),
            });
        }
        ledger.store();
        list.push(ActiveRow {
            row: row.row,
            code,
            name: row.get(name).to_owned(),
            address: row.get(address).to_owned(),
            body_type: row.get(body_type).to_owned(),
        });
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

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
