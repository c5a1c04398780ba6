//! Which municipality lies in which area (保健所, 二次医療圏, 医師会, 消防本部, 介護保険者, 構想区域,
//! 老人福祉圏, 日常生活圏域, MC協議会). Where a column 町丁目 (`town`) is filled in, the row is for that part of the
//! municipality.
//!
//! Columns: `muni_code` (市区町村コード) and either `area_code` and `area_name`, or one column called like
//! the system (`hokenjo` or 保健所名 …) whose name then is the code too.

use crate::ids::MunicipalityCode;
use crate::ingest::IngestError;
use crate::ingest::csv_table::comparable;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::own_table;
use crate::ingest::study::{Area, AreaSystem};
use crate::ingest::text::Source;

/// One line of the table.
pub(crate) struct Membership {
    /// Line in the file.
    pub row: u64,
    /// Municipality.
    pub municipality: MunicipalityCode,
    /// The part of it that the row is for; `None` = the municipality, or what no other row names.
    pub town: Option<String>,
    /// Its area.
    pub area: Area,
}

/// What one-column tables call the column of a system.
pub(crate) const fn columns(system: AreaSystem) -> [&'static str; 2] {
    match system {
        AreaSystem::Hokenjo => ["hokenjo", "保健所名"],
        AreaSystem::SecondaryMedicalArea => ["iryoken", "二次医療圏名"],
        AreaSystem::MedicalAssociation => ["ishikai", "医師会名"],
        AreaSystem::FireDepartment => ["shobo", "消防本部名"],
        AreaSystem::CareInsurer => ["hokensha", "保険者名"],
        AreaSystem::PlanningArea => ["koso_kuiki", "構想区域名"],
        AreaSystem::ElderlyWelfareArea => ["rojin_fukushi", "老人福祉圏名"],
        AreaSystem::DailyLivingArea => ["nichijo_seikatsu", "日常生活圏域名"],
        AreaSystem::MedicalControl => ["mc", "MC協議会名"],
    }
}

/// Columns of a part of the municipality.
const TOWN: [&str; 2] = ["町丁目", "town"];

/// The column of the municipality's code.
pub(crate) const MUNICIPALITY: [&str; 2] = ["muni_code", "市区町村コード"];

/// Reads the table of one system.
pub(crate) fn read(
    source: &Source,
    system: AreaSystem,
    ledger: &mut Ledger,
) -> Result<Vec<Membership>, IngestError> {
    let mut memberships = Vec::new();
    let heads = own_table::heads(source)?;
    let is_there = |name: &&&str| heads.contains(&comparable(name));
    let municipality = MUNICIPALITY.iter().find(is_there).unwrap_or(&MUNICIPALITY[0]);
    let rows = match columns(system).iter().find(is_there) {
        Some(name) => own_table::read(source, &[municipality, name, name], &TOWN, &[], ledger)?,
        None => own_table::read(source, &[municipality, "area_code", "area_name"], &TOWN, &[], ledger)?,
    };
    let [municipality_at, code, name, towns] = [0, 1, 2, 3];
    for row in rows {
        ledger.layer.clone_from(&row.layer);
        let said = row.get(municipality_at);
        let (Ok(municipality), false) = (said.parse(), row.get(name).is_empty()) else {
            ledger.quarantine(Doubt {
                kind: "bad_area_row",
                row: row.row,
                field: row.place(municipality_at),
                said,
                meant: "市区町村コードが 5 桁の数字でないか、圏域名が空です。この行は使いません".to_owned(),
            });
            continue;
        };
        ledger.store();
        let area = Area { code: row.get(code).to_owned(), name: row.get(name).to_owned() };
        let named = (towns..towns + TOWN.len()).map(|at| row.get(at)).find(|said| !said.is_empty());
        memberships.push(Membership { row: row.row, municipality, town: named.map(str::to_owned), area });
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
    fn japanese_heads_and_workbooks_are_read_too() {
        let sheet: [&[&str]; 2] =
            [&["市区町村コード", "市区町村名", "消防本部名"], &["19201", "甲府市", "甲府地区"]];
        let source = crate::ingest::xlsx_table::tests::workbook("入力", &sheet);
        let rows = read(&source, AreaSystem::FireDepartment, &mut Ledger::new("a.xlsx")).expect("read");
        assert_eq!((rows[0].row, rows[0].area.name.as_str()), (2, "甲府地区"));
    }

    #[test]
    fn a_row_may_be_for_a_part_of_its_municipality() {
        let text = "市区町村コード,町丁目,医師会名\n19201,湯村,甲府市\n19201,,中巨摩\n";
        let (rows, _) = read_text(text, AreaSystem::MedicalAssociation);
        let towns: Vec<_> = rows.expect("read").into_iter().map(|row| row.town).collect();
        assert_eq!(towns, [Some("湯村".to_owned()), None]);
    }

    #[test]
    fn a_table_of_another_system_is_refused() {
        let (rows, _) =
            read_text("pref,muni_code,hokenjo\n山梨県,19201,甲府市\n", AreaSystem::FireDepartment);
        assert!(matches!(rows, Err(IngestError::Header { .. })));
    }
}
