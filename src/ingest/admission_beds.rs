//! The prefecture's list of beds for patients at home whose state changes suddenly (急変時の受入病床): one
//! of 医療機関コード and 名称, 病床数, 地域 (whom it takes), and 曜日, 開始 and 終了 where it does so
//! only then.

use crate::ingest::IngestError;
use crate::ingest::ledger::Ledger;
use crate::ingest::listed_lines::{area, count, filled, time};
use crate::ingest::own_lists::{AdmissionBeds, ListedTime};
use crate::ingest::own_table::{self, Asked, OwnRow};
use crate::ingest::rota::Register;
use crate::ingest::rota_sheet::Named;
use crate::ingest::study::{Institution, Municipality};
use crate::ingest::text::Source;

/// The class of institutions on the list.
pub(crate) const CLASS: &str = "急変時受入病床";

/// One line.
pub(crate) struct AdmissionRow {
    who: Named,
    beds: u32,
    area: String,
    time: ListedTime,
}

const BEDS: usize = 0;
const AREA: usize = 1;
const TIME: [usize; 3] = [2, 3, 4];
const WHO: [usize; 2] = [5, 6];

impl AdmissionRow {
    /// What the line is about, and what it says of it.
    pub(crate) fn about(&self) -> (String, String) {
        let about = format!("{} {}", self.area, self.who.said());
        (about, format!("{} {:?}", self.beds, self.time))
    }
}

/// Reads the list.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<AdmissionRow>, IngestError> {
    let asked = Asked {
        needed: &["受入病床数", "地域"],
        optional: &["曜日", "開始", "終了", "医療機関コード", "名称"],
        times: &["開始", "終了"],
        ..Asked::default()
    };
    let rows = own_table::read(source, &asked, ledger)?;
    Ok(rows.iter().filter_map(|row| line(row, ledger)).collect())
}

fn line(row: &OwnRow, ledger: &mut Ledger) -> Option<AdmissionRow> {
    let who = Named::read(row, WHO, ledger)?;
    let beds = count(row, BEDS, "床", ledger)?;
    let area = filled(row, AREA, ledger)?;
    let time = time(row, TIME, ledger)?;
    ledger.store();
    Some(AdmissionRow { who, beds, area, time })
}

/// Matches the lines to hospitals and areas, and gives the hospitals their class.
pub(crate) fn take(
    rows: Vec<(usize, AdmissionRow)>,
    institutions: &mut [Institution],
    municipalities: &[Municipality],
    prefecture: &str,
    ledgers: &mut [Ledger],
) -> Vec<AdmissionBeds> {
    let register = Register::new(institutions);
    let mut taken = Vec::new();
    for (input, row) in rows {
        let ledger = &mut ledgers[input];
        let Some(area) = area(&row.area, &row.who, municipalities, prefecture, ledger) else { continue };
        let Some((institution, _)) = register.find(&row.who, &area.municipalities, ledger) else { continue };
        taken.push(AdmissionBeds { institution, beds: row.beds, area, time: row.time });
    }
    for one in &taken {
        institutions[one.institution].classes.insert(CLASS.to_owned());
    }
    taken
}
