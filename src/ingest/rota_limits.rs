//! What institutions can take of a rota, CSV or workbook. The columns are ours: one of 医療機関コード
//! and 名称, 週の上限 (duties per week, empty = no limit), and できない曜日 with できない開始 and
//! できない終了 (both empty = the whole day). Several lines of one institution add up.

use crate::ingest::IngestError;
use crate::ingest::csv_table::whole_number;
use crate::ingest::ledger::Ledger;
use crate::ingest::own_table::{self, Asked, OwnRow};
use crate::ingest::print_list::plain;
use crate::ingest::rota_sheet::{Named, read_days, read_hours, refuse};
use crate::ingest::text::Source;
use crate::ingest::week::{DAY_MINUTES, DutyLimit, Hours};

/// One line.
#[derive(Debug)]
pub(crate) struct LimitRow {
    /// Who.
    pub who: Named,
    /// What it says.
    pub limit: DutyLimit,
}

const MOST: usize = 0;
const DAYS: usize = 1;
const HOURS: [usize; 2] = [2, 3];
const WHO: [usize; 2] = [4, 5];

/// Reads the table.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<LimitRow>, IngestError> {
    let asked = Asked {
        needed: &["週の上限"],
        optional: &["できない曜日", "できない開始", "できない終了", "医療機関コード", "名称"],
        times: &["できない開始", "できない終了"],
        ..Asked::default()
    };
    let rows = own_table::read(source, &asked, ledger)?;
    Ok(rows.iter().filter_map(|row| limit(row, ledger)).collect())
}

fn limit(row: &OwnRow, ledger: &mut Ledger) -> Option<LimitRow> {
    let who = Named::read(row, WHO, ledger)?;
    let most_per_week = whole_number(plain(row.get(MOST)).trim_end_matches('回'));
    if most_per_week.is_none() && !row.get(MOST).is_empty() {
        let meant = "0 以上の整数（週に引き受けられる回数）か空にしてください。この行は使いません";
        refuse(row, MOST, "bad_rota_limit", meant, ledger);
        return None;
    }
    let mut limit = DutyLimit { most_per_week, ..DutyLimit::default() };
    let tells_hours = HOURS.iter().any(|column| !row.get(*column).is_empty());
    if tells_hours || !row.get(DAYS).is_empty() {
        let days = read_days(row, DAYS, ledger)?;
        let hours = if tells_hours { read_hours(row, HOURS, ledger)? } else { Hours::new(0, DAY_MINUTES)? };
        limit.unable = days.into_iter().map(|day| (day, hours)).collect();
    }
    ledger.store();
    Some(LimitRow { who, limit })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::week::Day;

    #[test]
    fn limits_and_hours_are_read_and_a_negative_one_is_set_aside() {
        let text = "名称,週の上限,できない曜日,できない開始,できない終了\n\
            甲医院,2,,,\n乙医院,,土日,,\n丙医院,1,月,22:00,6:00\n丁医院,-1,,,\n戊医院,1.5,,,\n己医院,,月,22:00,\n庚医院,,,22:00,6:00\n";
        let mut ledger = Ledger::new("l.csv");
        let rows = read(&Source::of_bytes("l.csv", text.as_bytes()), &mut ledger).expect("read");
        assert_eq!((ledger.stored, ledger.quarantined), (3, 4));
        let whole = Hours::new(0, 1_440).expect("hours");
        assert_eq!(rows[0].limit, DutyLimit { most_per_week: Some(2), unable: [].into() });
        assert_eq!(rows[1].limit.unable, [(Day::Saturday, whole), (Day::Sunday, whole)].into());
        assert_eq!(rows[2].limit.unable, [(Day::Monday, Hours::new(1_320, 1_800).expect("hours"))].into());
        let kinds: Vec<&str> = ledger.findings.iter().map(|one| one.kind.as_str()).collect();
        assert_eq!(kinds, ["bad_rota_limit", "bad_rota_limit", "bad_rota_time", "bad_rota_day"]);
    }
}
