//! The prefecture's list of who takes calls at night and on holidays (輪番の受付): 地域 and ルール (あり,
//! 明確でない or 不明), and where they are filled in 曜日, 開始, 終了 and 受付 (医療機関コード or the name of
//! whoever takes the call, which need not be an institution).

use crate::ingest::IngestError;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::listed_lines::{area, choice, filled, time};
use crate::ingest::own_lists::{ListedTime, NightCalls, NightRule};
use crate::ingest::own_table::{self, Asked, OwnRow};
use crate::ingest::rota::Register;
use crate::ingest::rota_sheet::Named;
use crate::ingest::study::{Institution, Municipality};
use crate::ingest::text::Source;
use crate::ingest::todokede::digits;

/// One line.
pub(crate) struct CallsRow {
    line: Named,
    area: String,
    rule: NightRule,
    time: ListedTime,
}

const AREA: usize = 0;
const RULE: usize = 1;
const TIME: [usize; 3] = [2, 3, 4];
const CODE: usize = 5;
const NAME: usize = 6;

impl CallsRow {
    /// What the line is about, and what it says of it.
    pub(crate) fn about(&self) -> (String, String) {
        let about = format!("{} {}", self.area, self.line.said());
        (about, format!("{:?} {:?}", self.rule, self.time))
    }
}

/// Reads the list.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<CallsRow>, IngestError> {
    let asked = Asked {
        needed: &["地域", "ルール"],
        optional: &["曜日", "開始", "終了", "受付の医療機関コード", "受付の名称"],
        times: &["開始", "終了"],
        ..Asked::default()
    };
    let rows = own_table::read(source, &asked, ledger)?;
    Ok(rows.iter().filter_map(|row| line(row, ledger)).collect())
}

fn line(row: &OwnRow, ledger: &mut Ledger) -> Option<CallsRow> {
    let area = filled(row, AREA, ledger)?;
    let rule = choice(row, RULE, &NightRule::ALL, NightRule::name, ledger)?;
    let time = time(row, TIME, ledger)?;
    ledger.store();
    let line = Named { code: digits(row.get(CODE), 10), ..Named::of_line(row, row.get(NAME)) };
    Some(CallsRow { line, area, rule, time })
}

/// Matches the lines to areas, and those who take the calls to institutions where they are some.
pub(crate) fn take(
    rows: Vec<(usize, CallsRow)>,
    institutions: &[Institution],
    municipalities: &[Municipality],
    prefecture: &str,
    ledgers: &mut [Ledger],
) -> Vec<NightCalls> {
    let register = Register::new(institutions);
    let mut taken = Vec::new();
    for (input, row) in rows {
        let ledger = &mut ledgers[input];
        let Some(area) = area(&row.area, &row.line, municipalities, prefecture, ledger) else { continue };
        let institution = register.known(&row.line, &area.municipalities);
        if institution.is_none() && row.line.code.is_some() {
            ledger.warn(Doubt {
                kind: "unknown_list_institution",
                row: row.line.row,
                field: "受付の医療機関コード",
                said: row.line.said(),
                meant: "どの施設の記録にもないコードです。名称だけを残します".to_owned(),
            });
        }
        let taken_by = match institution {
            Some(at) if row.line.name.is_empty() => institutions[at].name.clone(),
            _ => row.line.name,
        };
        taken.push(NightCalls { area, rule: row.rule, time: row.time, taken_by, institution });
    }
    taken
}
