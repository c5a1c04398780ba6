//! What lines of the prefecture's own lists have in common: an area, a time, a choice, a number; each
//! refused by its cell.

use crate::ingest::csv_table::whole_number;
use crate::ingest::ledger::Ledger;
use crate::ingest::own_lists::{ListedArea, ListedTime};
use crate::ingest::own_table::OwnRow;
use crate::ingest::print_list::plain;
use crate::ingest::rota::areas_called;
use crate::ingest::rota_sheet::{Named, read_days, read_hours, refuse, withdraw};
use crate::ingest::study::Municipality;

/// Reads a time of the columns 曜日, 開始 and 終了; all empty = always.
pub(crate) fn time(row: &OwnRow, [days, from, until]: [usize; 3], ledger: &mut Ledger) -> Option<ListedTime> {
    let mut time = ListedTime::default();
    if !row.get(days).is_empty() {
        time.days = read_days(row, days, ledger)?;
    }
    if !row.get(from).is_empty() || !row.get(until).is_empty() {
        time.hours = Some(read_hours(row, [from, until], ledger)?);
    }
    Some(time)
}

/// The one of some choices that a cell names.
pub(crate) fn choice<T: Copy>(
    row: &OwnRow,
    column: usize,
    choices: &[T],
    name: fn(T) -> &'static str,
    ledger: &mut Ledger,
) -> Option<T> {
    let said = plain(row.get(column));
    let meant = match mark(&said) {
        Ok(Some(true)) => "あり",
        Ok(Some(false)) => "なし",
        _ => &said,
    };
    let found =
        choices.iter().copied().find(|one| [said.as_str(), meant].contains(&plain(name(*one)).as_str()));
    if found.is_none() {
        let names: Vec<&str> = choices.iter().map(|one| name(*one)).collect();
        let meant = format!("「{}」のどれかではありません。この行は使いません", names.join("」「"));
        refuse(row, column, "bad_list_choice", &meant, ledger);
    }
    found
}

/// What a mark says; `Err` = no mark.
pub(crate) fn mark(said: &str) -> Result<Option<bool>, ()> {
    match plain(said).as_str() {
        "" => Ok(None),
        "1" | "○" | "〇" | "◯" | "あり" | "有" | "有り" => Ok(Some(true)),
        "0" | "×" | "✕" | "なし" | "無" | "無し" => Ok(Some(false)),
        _ => Err(()),
    }
}

/// A whole number with or without thousands separators and its unit.
pub(crate) fn count(row: &OwnRow, column: usize, unit: &str, ledger: &mut Ledger) -> Option<u32> {
    let said = plain(row.get(column));
    let count = whole_number(said.strip_suffix(unit).unwrap_or(&said));
    if count.is_none() {
        refuse(row, column, "bad_list_number", "0 以上の整数ではありません。この行は使いません", ledger);
    }
    count
}

/// A number with or without thousands separators.
pub(crate) fn number(row: &OwnRow, column: usize, ledger: &mut Ledger) -> Option<f64> {
    let said = plain(row.get(column)).replace(',', "");
    let number = said.parse::<f64>().ok().filter(|number| number.is_finite());
    if number.is_none() {
        refuse(row, column, "bad_list_number", "数ではありません。この行は使いません", ledger);
    }
    number
}

/// A cell that must be filled in.
pub(crate) fn filled(row: &OwnRow, column: usize, ledger: &mut Ledger) -> Option<String> {
    let said = row.get(column);
    if said.is_empty() {
        refuse(row, column, "blank_list_cell", "空です。この行は使いません", ledger);
        return None;
    }
    Some(said.to_owned())
}

/// The municipalities of an area as written; a line whose area is unknown is set aside.
pub(crate) fn area(
    said: &str,
    line: &Named,
    municipalities: &[Municipality],
    prefecture: &str,
    ledger: &mut Ledger,
) -> Option<ListedArea> {
    let areas = areas_called(said, municipalities, prefecture);
    let meant = match areas.as_slice() {
        [area] => return Some(ListedArea { name: said.to_owned(), municipalities: area.clone() }),
        [] => "圏域にも市区町村にもない地域です。この行は使いません。地域の名か「全域」を書いてください",
        _ => {
            "同じ名の圏域が複数あり、範囲が違います。「保健所:名」のように書いてください。この行は使いません"
        }
    };
    withdraw(line, "地域", "unknown_list_area", said, meant.to_owned(), ledger);
    None
}
