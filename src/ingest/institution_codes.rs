//! 保険医療機関コード一覧 (医科): code, name and address of every institution. The file has no header.

use crate::ingest::IngestError;
use crate::ingest::csv_table::rows;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::text::{Source, place};
use crate::ingest::todokede::{Section, digits};

/// One institution of the prefecture.
#[derive(Debug)]
pub(crate) struct CodedInstitution {
    /// Line in the file.
    pub row: u64,
    /// 医療機関コード, ten digits.
    pub code: String,
    /// Name.
    pub name: String,
    /// Address, without prefecture.
    pub address: String,
}

/// Reads the five columns: prefecture and number (9 digits), number (7), name, postcode, address.
pub(crate) fn read(
    source: &Source,
    prefecture: &str,
    ledger: &mut Ledger,
) -> Result<Vec<CodedInstitution>, IngestError> {
    let mut institutions = Vec::new();
    for text in source.tables()? {
        ledger.layer.clone_from(&text.name);
        let rows = rows(&source.file, &text)?;
        // Without a header the first row tells whether this is the file.
        let first = rows.iter().next();
        let numbers = first.as_ref().map(|row| (row.len(), digits(row.get(0), 9), digits(row.get(1), 7)));
        if !matches!(numbers, Some((5, Some(_), Some(_)))) {
            return Err(IngestError::Header {
                file: source.file.clone(),
                place: place(text.name.as_deref(), 1),
                missing: "9 桁の番号".to_owned(),
                expected: "見出しなしで 9 桁の番号,7 桁の医療機関番号,名称,郵便番号,所在地".to_owned(),
                found: first.map(|row| row.names().chars().take(80).collect()).unwrap_or_default(),
            });
        }
        for row in &rows {
            let numbers = digits(row.get(0), 9).zip(digits(row.get(1), 7));
            let sound = numbers.filter(|(long, short)| row.len() == 5 && long.ends_with(short.as_str()));
            let Some((long, short)) = sound else {
                ledger.quarantine(Doubt {
                    kind: "bad_code_row",
                    row: row.row,
                    field: "",
                    said: row.get(0),
                    meant: "番号が読めないか、列の数が違います。この行は使いません".to_owned(),
                });
                continue;
            };
            ledger.store();
            if long.starts_with(prefecture) {
                institutions.push(CodedInstitution {
                    row: row.row,
                    code: format!("{prefecture}{}{short}", Section::Medical.digit()),
                    name: row.get(2).to_owned(),
                    address: row.get(4).to_owned(),
                });
            }
        }
    }
    Ok(institutions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_become_ten_digits_and_other_prefectures_are_counted_only() {
        let text = "190102530,0102530,甲医院,4000073,甲府市湯村三丁目\n010112489,0112489,乙,0050813,札幌市\n\
            190102531,0102599,丙,4000073,甲府市\n10102531,0102531,丁,0050813,札幌市\n";
        let mut ledger = Ledger::new("c.csv");
        let rows = read(&Source::of_bytes("c.csv", text.as_bytes()), "19", &mut ledger).expect("read");
        assert_eq!(rows.iter().map(|row| row.code.as_str()).collect::<Vec<_>>(), ["1910102530"]);
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (4, 3, 1));
    }

    #[test]
    fn a_table_with_a_header_is_refused() {
        let source = Source::of_bytes("c.csv", "muni_code,hokenjo\n19201,甲府市\n".as_bytes());
        let error = read(&source, "19", &mut Ledger::new("c.csv")).expect_err("refused");
        assert!(error.to_string().contains("muni_code,hokenjo"), "{error}");
    }
}
