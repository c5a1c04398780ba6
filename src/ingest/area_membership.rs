//! Which municipality lies in which area (保健所, 二次医療圏, 医師会, 消防本部).
//!
//! Columns: `muni_code` and either `area_code`, `area_name`, or one column called like the system
//! (`hokenjo`, `ishikai`, `shobo`) whose name then is the code too.

use crate::ids::MunicipalityCode;
use crate::ingest::IngestError;
use crate::ingest::csv_table::CsvTable;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::study::{Area, AreaSystem};
use crate::ingest::text::Source;

/// One line of the table.
pub(crate) struct Membership {
    /// Line in the file.
    pub row: u64,
    /// Municipality.
    pub municipality: MunicipalityCode,
    /// Its area.
    pub area: Area,
}

/// The romanised name of a system, as its one-column tables call it.
const fn column(system: AreaSystem) -> &'static str {
    match system {
        AreaSystem::Hokenjo => "hokenjo",
        AreaSystem::SecondaryMedicalArea => "iryoken",
        AreaSystem::MedicalAssociation => "ishikai",
        AreaSystem::FireDepartment => "shobo",
    }
}

/// Reads the table of one system.
pub(crate) fn read(
    source: &Source,
    system: AreaSystem,
    ledger: &mut Ledger,
) -> Result<Vec<Membership>, IngestError> {
    let mut memberships = Vec::new();
    for text in source.texts(&[".csv"])? {
        let table = CsvTable::parse(&text, ledger)?;
        let [municipality, code, name] = match table.optional(column(system)) {
            Some(name) => {
                let [municipality] = table.columns(&["muni_code"])?;
                [municipality, name, name]
            }
            None => table.columns(&["muni_code", "area_code", "area_name"])?,
        };
        for row in &table.rows {
            let said = row.get(municipality);
            let (Ok(municipality), false) = (said.parse(), row.get(name).is_empty()) else {
                ledger.quarantine(Doubt {
                    kind: "bad_area_row",
                    row: row.row,
                    field: "muni_code",
                    said,
                    meant: "市区町村コードが 5 桁の数字でないか、圏域名が空です。この行は使いません"
                        .to_owned(),
                });
                continue;
            };
            ledger.store();
            let area = Area { code: row.get(code).to_owned(), name: row.get(name).to_owned() };
            memberships.push(Membership { row: row.row, municipality, area });
        }
    }
    Ok(memberships)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str, system: AreaSystem) -> (Result<Vec<Membership>, IngestError>, Ledger) {
        let mut ledger = Ledger::new("a.csv");
        (read(&Source::of_bytes("a.csv", text.as_bytes()), system, &mut ledger), ledger)
    }

    #[test]
    fn a_table_with_codes_keeps_code_and_name() {
        let text = "muni_code,muni_name,area_code,area_name\n19201,甲府市,1901,中北\n1920,x,1901,中北\n";
        let (rows, ledger) = read_text(text, AreaSystem::SecondaryMedicalArea);
        let rows = rows.expect("read");
        assert_eq!(rows[0].area, Area { code: "1901".into(), name: "中北".into() });
        assert_eq!((rows.len(), ledger.read, ledger.quarantined), (1, 2, 1));
    }

    #[test]
    fn a_table_of_names_uses_the_name_as_code() {
        let (rows, _) = read_text("pref,muni_code,hokenjo\n山梨県,19201,甲府市\n", AreaSystem::Hokenjo);
        assert_eq!(rows.expect("read")[0].area, Area { code: "甲府市".into(), name: "甲府市".into() });
    }

    #[test]
    fn a_table_of_another_system_is_refused() {
        let (rows, _) =
            read_text("pref,muni_code,hokenjo\n山梨県,19201,甲府市\n", AreaSystem::FireDepartment);
        assert!(matches!(rows, Err(IngestError::Header { .. })));
    }
}
