//! Codes of municipalities beside whose names another name stands: a slip in one of the two.

use crate::ingest::boundary::position_of;
use crate::ingest::csv_table::comparable;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::public_body;
use crate::ingest::study::Municipality;
use crate::ingest::wards::city_of_code;

/// Tells which rows name another municipality than that of their code. The code counts.
pub(crate) fn compare(municipalities: &[Municipality], prefecture: &str, ledgers: &mut [Ledger]) {
    for ledger in ledgers {
        for one in std::mem::take(&mut ledger.named) {
            let Some(code) = public_body::municipality(&one.code).filter(|_| !one.name.is_empty()) else {
                continue;
            };
            let known = position_of(municipalities, code).map(|at| municipalities[at].name.clone());
            let known = known.or_else(|| Some(city_of_code(code, municipalities)?.name));
            let Some(known) = known.filter(|known| !agree(known, &one.name, prefecture)) else { continue };
            ledger.layer = one.layer;
            ledger.warn(Doubt {
                kind: "code_and_name_differ",
                row: one.row,
                field: &one.place,
                said: &one.name,
                meant: format!(
                    "市区町村コード {} は{known}で、「{}」ではありません。コードのとおり{known}の行として扱います。どちらが正しいか確かめてください",
                    one.code, one.name
                ),
            });
            ledger.layer = None;
        }
    }
}

/// Whether a name as people write it (山梨県甲府市, 西八代郡市川三郷町, 中央区, 甲府) is that of a municipality.
fn agree(known: &str, said: &str, prefecture: &str) -> bool {
    let plain = |name: &str| comparable(name).replace(['ヶ', 'ｹ'], "ケ").replace('ヵ', "カ");
    let (known, said) = (plain(known), plain(said));
    let said = said.strip_prefix(prefecture).unwrap_or(&said);
    said.ends_with(&known) || known.ends_with(said) || known.starts_with(said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::own_table::{self, Asked};
    use crate::ingest::text::Source;
    use crate::ingest::wards::tests::municipalities;

    #[test]
    fn a_name_beside_the_code_of_another_municipality_is_told() {
        let all = municipalities(&[
            ("19201", "甲府市"),
            ("19206", "大月市"),
            ("19346", "市川三郷町"),
            ("22138", "浜松市中央区"),
        ]);
        let text = "市区町村コード,市区町村名,人数\n19206,甲府市,1\n192015,山梨県 甲府市,2\n19201,甲府,3\n\
            19346,西八代郡市川三郷町,4\n22138,中央区,5\n22130,浜松市,6\n19201,,7\n99999,謎,8\n";
        let asked = Asked { needed: &["市区町村コード", "人数"], ..Asked::default() };
        let mut ledger = Ledger::new("c.csv");
        own_table::read(&Source::of_bytes("c.csv", text.as_bytes()), &asked, &mut ledger).expect("read");
        compare(&all, "山梨県", std::slice::from_mut(&mut ledger));
        let told: Vec<_> = ledger.findings.iter().map(|one| (one.row, one.said.as_str())).collect();
        assert_eq!(told, [(Some(2), "甲府市")]);
        let finding = &ledger.findings[0];
        assert_eq!(finding.field.as_deref(), Some("市区町村名"));
        assert!(finding.meant.starts_with("市区町村コード 19206 は大月市で、「甲府市」ではありません"));
    }

    #[test]
    fn the_cell_of_the_name_in_a_workbook_is_told() {
        let sheet: [&[&str]; 2] = [&["muni_code", "muni_name", "area"], &["19206", "甲府市", "甲"]];
        let source = crate::ingest::xlsx_table::tests::workbook("入力", &sheet);
        let asked = Asked { needed: &["muni_code", "area"], ..Asked::default() };
        let mut ledger = Ledger::new("c.xlsx");
        own_table::read(&source, &asked, &mut ledger).expect("read");
        compare(&municipalities(&[("19206", "大月市")]), "山梨県", std::slice::from_mut(&mut ledger));
        assert_eq!(ledger.findings[0].field.as_deref(), Some("B2 muni_name"));
        assert_eq!(ledger.findings[0].layer.as_deref(), Some("入力"));
    }
}
