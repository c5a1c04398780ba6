//! The prefecture's own 輪番 sheet, CSV or workbook. No national layout exists; the columns are ours:
//! 曜日, 開始, 終了 and 地域 must be there and one of 医療機関コード and 名称; オンライン (1/0) tells
//! who answers by video beside a visiting nurse. All others are passed over.

use crate::ingest::IngestError;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::listed_lines::mark;
use crate::ingest::own_table::{self, Asked, OwnRow};
use crate::ingest::text::Source;
use crate::ingest::todokede::digits;
use crate::ingest::week::{Day, Hours, NoTime};
use std::collections::BTreeSet;

/// An institution as a line names it.
#[derive(Debug)]
pub(crate) struct Named {
    /// Row as people see it.
    pub row: u64,
    /// Sheet or archive member.
    pub layer: Option<String>,
    /// 医療機関コード of ten digits, where given.
    pub code: Option<String>,
    /// 名称; empty where only the code is given.
    pub name: String,
    /// Where the institution is named.
    pub place: String,
}

impl Named {
    /// A line that names no institution, by what it is about.
    pub(crate) fn of_line(row: &OwnRow, name: &str) -> Self {
        let place = String::new();
        Self { row: row.row, layer: row.layer.clone(), code: None, name: name.to_owned(), place }
    }

    /// The code, or else the name.
    pub(crate) fn said(&self) -> &str {
        self.code.as_deref().unwrap_or(&self.name)
    }

    /// Reads the columns 医療機関コード and 名称; `None`, with the reason in the ledger, when neither
    /// names anything.
    pub(crate) fn read(row: &OwnRow, [code, name]: [usize; 2], ledger: &mut Ledger) -> Option<Self> {
        let read = digits(row.get(code), 10);
        let named = row.get(name);
        let place = row.place(if read.is_some() { code } else { name }).to_owned();
        if read.is_none() && (named.is_empty() || !row.get(code).is_empty()) {
            let (field, meant) = if row.get(code).is_empty() {
                (name, "医療機関コードも名称も空です。この行は使いません")
            } else {
                (
                    code,
                    "10 桁の医療機関コードではありません。この行は使いません。コードを直すか空にしてください",
                )
            };
            refuse(row, field, "bad_rota_institution", meant, ledger);
            return None;
        }
        let (row, layer) = (row.row, row.layer.clone());
        Some(Self { row, layer, code: read, name: named.to_owned(), place })
    }
}

/// Sets a row aside for one of its cells.
pub(crate) fn refuse(row: &OwnRow, column: usize, kind: &'static str, meant: &str, ledger: &mut Ledger) {
    ledger.layer.clone_from(&row.layer);
    let said = if row.get(column).is_empty() { row.said() } else { row.get(column).to_owned() };
    ledger.quarantine(Doubt {
        kind,
        row: row.row,
        field: row.place(column),
        said: &said,
        meant: meant.to_owned(),
    });
}

/// Sets a line aside that was stored.
pub(crate) fn withdraw(
    who: &Named,
    field: &str,
    kind: &'static str,
    said: &str,
    meant: String,
    ledger: &mut Ledger,
) {
    ledger.layer.clone_from(&who.layer);
    ledger.withdraw(Doubt { kind, row: who.row, field, said, meant });
    ledger.layer = None;
}

/// Reads days; `None`, with the reason in the ledger, when they are none.
pub(crate) fn read_days(row: &OwnRow, column: usize, ledger: &mut Ledger) -> Option<BTreeSet<Day>> {
    let days = Day::read(row.get(column));
    if days.is_none() {
        let meant = "曜日ではありません。「月」「土日祝」「月〜金」「平日」「毎日」のように書いてください。この行は使いません";
        refuse(row, column, "bad_rota_day", meant, ledger);
    }
    days
}

/// Reads hours; `None`, with the reason in the ledger, when they are none.
pub(crate) fn read_hours(row: &OwnRow, [from, until]: [usize; 2], ledger: &mut Ledger) -> Option<Hours> {
    let hours = Hours::read(row.get(from), row.get(until));
    if let Err(no_time) = hours {
        let column = if no_time == NoTime::From { from } else { until };
        let meant =
            "時刻ではありません（24時間まで）。「18:00」「翌8:00」のように書いてください。この行は使いません";
        refuse(row, column, "bad_rota_time", meant, ledger);
    }
    hours.ok()
}

/// One line of the sheet.
#[derive(Debug)]
pub(crate) struct RotaRow {
    /// Who.
    pub who: Named,
    /// 曜日.
    pub days: BTreeSet<Day>,
    /// 開始 and 終了.
    pub hours: Hours,
    /// 地域.
    pub area: String,
    /// Where the area is named.
    pub area_place: String,
    /// オンライン.
    pub online: Option<bool>,
}

const DAYS: usize = 0;
const HOURS: [usize; 2] = [1, 2];
const AREA: usize = 3;
const WHO: [usize; 2] = [4, 5];
const ONLINE: usize = 6;

/// Reads the sheet.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<RotaRow>, IngestError> {
    let asked = Asked {
        needed: &["曜日", "開始", "終了", "地域"],
        optional: &["医療機関コード", "名称", "オンライン"],
        times: &["開始", "終了"],
        ..Asked::default()
    };
    let rows = own_table::read(source, &asked, ledger)?;
    Ok(rows.iter().filter_map(|row| duty(row, ledger)).collect())
}

fn duty(row: &OwnRow, ledger: &mut Ledger) -> Option<RotaRow> {
    let who = Named::read(row, WHO, ledger)?;
    let days = read_days(row, DAYS, ledger)?;
    let hours = read_hours(row, HOURS, ledger)?;
    if row.get(AREA).is_empty() {
        let meant = "地域が空です。圏域か市区町村の名か「全域」を書いてください。この行は使いません";
        refuse(row, AREA, "blank_rota_area", meant, ledger);
        return None;
    }
    let Ok(online) = mark(row.get(ONLINE)) else {
        let meant = "1 か 0（または空）ではありません。この行は使いません";
        refuse(row, ONLINE, "bad_rota_flag", meant, ledger);
        return None;
    };
    ledger.store();
    let (area, area_place) = (row.get(AREA).to_owned(), row.place(AREA).to_owned());
    Some(RotaRow { who, days, hours, area, area_place, online })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cell_that_says_nothing_usable_sets_its_row_aside_by_name() {
        let text = "医療機関コード,名称,曜日,開始,終了,地域,オンライン\n\
            4810110123,甲病院,土日祝,18:00,翌8:00,汐見市,1\n\
            ,乙医院,月,22:00,6:00,汐見中央,\n\
            ,,月,22:00,6:00,汐見中央,\n\
            甲,甲病院,月,22:00,6:00,汐見中央,\n\
            ,乙医院,第1月,22:00,6:00,汐見中央,\n\
            ,乙医院,月,-1:00,6:00,汐見中央,\n\
            ,乙医院,月,22:00,,汐見中央,\n\
            ,乙医院,月,22:00,6:00,,\n\
            ,乙医院,月,22:00,6:00,汐見中央,多分\n";
        let mut ledger = Ledger::new("rota.csv");
        let rows = read(&Source::of_bytes("rota.csv", text.as_bytes()), &mut ledger).expect("read");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (9, 2, 7));
        assert_eq!((rows[0].who.said(), rows[0].online), ("4810110123", Some(true)));
        assert_eq!((rows[1].who.said(), rows[1].online), ("乙医院", None));
        assert_eq!(rows[1].hours.to_string(), "22:00–翌6:00");
        let told: Vec<(u64, &str, &str)> = ledger
            .findings
            .iter()
            .map(|one| (one.row.expect("row"), one.kind.as_str(), one.field.as_deref().expect("field")))
            .collect();
        assert_eq!(
            told,
            [
                (4, "bad_rota_institution", "名称"),
                (5, "bad_rota_institution", "医療機関コード"),
                (6, "bad_rota_day", "曜日"),
                (7, "bad_rota_time", "開始"),
                (8, "bad_rota_time", "終了"),
                (9, "blank_rota_area", "地域"),
                (10, "bad_rota_flag", "オンライン"),
            ]
        );
    }
}
