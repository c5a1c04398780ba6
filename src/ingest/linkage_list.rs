//! The prefecture's list of 在宅医療に必要な連携を担う拠点. No national layout exists; the columns are
//! ours: 拠点名 and 設置主体 must be there, 担当市町村コード and 所在地 tell where it works, 圏域名 is kept as
//! told.

use crate::ids::MunicipalityCode;
use crate::ingest::IngestError;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::own_table::{self, Asked};
use crate::ingest::public_body;
use crate::ingest::text::Source;

/// One line of the list.
#[derive(Debug)]
pub(crate) struct LinkageRow {
    /// Line in the file.
    pub row: u64,
    /// Sheet or archive member.
    pub layer: Option<String>,
    /// 拠点名.
    pub name: String,
    /// 設置主体.
    pub body_type: String,
    /// 担当市町村コード.
    pub served: Vec<MunicipalityCode>,
    /// 所在地.
    pub address: String,
    /// 圏域名; empty where the line has none.
    pub zone: String,
}

/// Reads the list.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<LinkageRow>, IngestError> {
    let mut list = Vec::new();
    let [name, body_type, served_at, address, zone] = [0, 1, 2, 3, 4];
    let asked = Asked {
        needed: &["拠点名", "設置主体"],
        optional: &["担当市町村コード", "所在地", "圏域名"],
        ..Asked::default()
    };
    for row in own_table::read(source, &asked, ledger)? {
        ledger.layer.clone_from(&row.layer);
        let said = row.get(served_at);
        let codes = said.split([';', '；', '、', '，', ',', '・', '\n']).map(str::trim);
        let codes: Option<Vec<MunicipalityCode>> =
            codes.filter(|code| !code.is_empty()).map(public_body::municipality).collect();
        let (Some(served), false) = (codes, row.get(name).is_empty()) else {
            let (column, meant) = if row.get(name).is_empty() {
                (name, "拠点名が空です。この行は使いません")
            } else {
                (
                    served_at,
                    "「;」か「、」区切りの 5 桁か 6 桁の市区町村コードではありません。この行は使いません",
                )
            };
            ledger.quarantine(Doubt {
                kind: "bad_list_row",
                row: row.row,
                field: row.place(column),
                said: row.get(column),
                meant: meant.to_owned(),
            });
            continue;
        };
        ledger.store();
        list.push(LinkageRow {
            row: row.row,
            layer: row.layer.clone(),
            name: row.get(name).to_owned(),
            body_type: row.get(body_type).to_owned(),
            served,
            address: row.get(address).to_owned(),
            zone: row.get(zone).to_owned(),
        });
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_municipalities_are_separated_by_semicolons() {
        let text = "圏域名,拠点名,設置主体,担当市町村コード,所在地,連絡先\n中北,甲,医師会,19201;１９２０７、192031,甲府市,\n\
            中北,乙,市町村,甲府市,甲府市,\n中北,丙,市町村,,甲府市,\n";
        let mut ledger = Ledger::new("l.csv");
        let rows = read(&Source::of_bytes("l.csv", text.as_bytes()), &mut ledger).expect("read");
        assert_eq!((rows[0].served.len(), rows[0].zone.as_str()), (3, "中北"));
        assert_eq!(rows[1].served.len(), 0);
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (3, 2, 1));
    }

    #[test]
    fn name_and_founder_are_enough() {
        let source = Source::of_bytes("l.csv", "設置主体,拠点名\n医師会,甲\n".as_bytes());
        let rows = read(&source, &mut Ledger::new("l.csv")).expect("read");
        assert_eq!((rows[0].name.as_str(), rows[0].body_type.as_str()), ("甲", "医師会"));
        assert!(rows[0].served.is_empty() && rows[0].address.is_empty());
    }

    #[test]
    fn another_table_is_refused() {
        let source = Source::of_bytes("l.csv", "圏域名,名称\n中北,甲\n".as_bytes());
        assert!(matches!(read(&source, &mut Ledger::new("l.csv")), Err(IngestError::Header { .. })));
    }
}
