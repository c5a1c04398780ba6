//! The prefecture's own table of flows of patients (患者流動): 種類, 年, 患者の市区町村コード,
//! 医療機関の市区町村コード and 件数. Codes of other prefectures and the word 県外 are outside. A count of
//! 1 to 9 that the source has suppressed is written as in the counts of patients.

use crate::ids::MunicipalityCode;
use crate::ingest::IngestError;
use crate::ingest::boundary::position_of;
use crate::ingest::cohort_counts::{YEARS, count};
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::listed_lines::filled;
use crate::ingest::own_lists::PatientFlow;
use crate::ingest::own_table::{self, OwnRow};
use crate::ingest::print_list::plain;
use crate::ingest::rota_sheet::refuse;
use crate::ingest::small_counts::note_counts;
use crate::ingest::study::{Count, Municipality};
use crate::ingest::text::Source;

/// One line.
pub(crate) struct FlowRow {
    row: u64,
    layer: Option<String>,
    kind: String,
    /// Year.
    pub year: u16,
    home: Place,
    place: Place,
    count: Count,
}

/// A municipality with its cell, or outside.
struct Place {
    cell: String,
    code: Option<MunicipalityCode>,
}

const KIND: usize = 0;
const YEAR: usize = 1;
const HOME: usize = 2;
const PLACE: usize = 3;
const COUNT: usize = 4;

impl FlowRow {
    /// What the line is about, and what it says of it.
    pub(crate) fn about(&self) -> (String, String) {
        let code = |of: &Place| of.code.map(|code| code.to_string()).unwrap_or_default();
        let places = format!("{} {}", code(&self.home), code(&self.place));
        (format!("{} {} {places}", self.kind, self.year), format!("{:?}", self.count))
    }
}

/// Reads the table.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<FlowRow>, IngestError> {
    let needed = ["種類", "年", "患者の市区町村コード", "医療機関の市区町村コード", "件数"];
    let rows = own_table::read(source, &needed, &[], &[], ledger)?;
    let rows: Vec<FlowRow> = rows.iter().filter_map(|row| line(row, ledger)).collect();
    note_counts(ledger, "件数", rows.iter().filter(|row| row.count == Count::Small).count());
    Ok(rows)
}

fn line(row: &OwnRow, ledger: &mut Ledger) -> Option<FlowRow> {
    let kind = filled(row, KIND, ledger)?;
    let Some(year) = row.get(YEAR).parse().ok().filter(|year| YEARS.contains(year)) else {
        refuse(row, YEAR, "bad_list_number", "西暦の年ではありません。この行は使いません", ledger);
        return None;
    };
    let home = place(row, HOME, ledger)?;
    let place = place(row, PLACE, ledger)?;
    let Some(count) = count(row.get(COUNT)) else {
        ledger.layer.clone_from(&row.layer);
        ledger.quarantine(Doubt {
            kind: "bad_list_number",
            row: row.row,
            field: row.place(COUNT),
            // A finding is published, and a count may be of few.
            said: "",
            meant: "件数（整数、伏せる時は 1–9）ではありません。この行は使いません".to_owned(),
        });
        return None;
    };
    ledger.store();
    Some(FlowRow { row: row.row, layer: row.layer.clone(), kind, year, home, place, count })
}

fn place(row: &OwnRow, column: usize, ledger: &mut Ledger) -> Option<Place> {
    let said = plain(row.get(column));
    let cell = row.place(column).to_owned();
    if said == "県外" {
        return Some(Place { cell, code: None });
    }
    let Ok(code) = said.parse() else {
        refuse(
            row,
            column,
            "bad_municipality_code",
            "5 桁の市区町村コードでも「県外」でもありません。この行は使いません",
            ledger,
        );
        return None;
    };
    Some(Place { cell, code: Some(code) })
}

/// Takes the lines. Second counts of the same, and municipalities that the boundaries do not know, are
/// set aside.
pub(crate) fn take(
    rows: Vec<(usize, FlowRow)>,
    municipalities: &[Municipality],
    prefecture: &str,
    ledgers: &mut [Ledger],
) -> Vec<PatientFlow> {
    let mut flows: Vec<PatientFlow> = Vec::new();
    for (input, row) in rows {
        let ledger = &mut ledgers[input];
        ledger.layer.clone_from(&row.layer);
        let mut withdraw = |kind, field: &str, said: &str, meant: &str| {
            ledger.withdraw(Doubt { kind, row: row.row, field, said, meant: meant.to_owned() });
        };
        let inside = |of: &Place| match of.code.filter(|code| code.prefecture() == prefecture) {
            None => Ok(None),
            Some(code) => position_of(municipalities, code).map(Some).ok_or((of.cell.clone(), code)),
        };
        let (home, place) = match (inside(&row.home), inside(&row.place)) {
            (Ok(home), Ok(place)) => (home, place),
            (Err((cell, code)), _) | (_, Err((cell, code))) => {
                let meant = "行政区域にない市区町村です。この行は使いません";
                withdraw("unknown_municipality", &cell, code.as_str(), meant);
                continue;
            }
        };
        let flow = PatientFlow { kind: row.kind, year: row.year, home, place, count: row.count };
        let is_same = |one: &PatientFlow| {
            (&one.kind, one.year, one.home, one.place) == (&flow.kind, flow.year, flow.home, flow.place)
        };
        let is_outside = home.is_none() || place.is_none();
        // What lies outside has many municipalities, so that several lines may come to the same.
        if !is_outside && flows.iter().any(is_same) {
            withdraw(
                "duplicate_flow",
                "",
                "",
                "同じ種類・年・市区町村の組が二度あります。この行は使いません",
            );
        } else if home.is_some() || place.is_some() {
            flows.push(flow);
        }
        ledger.layer = None;
    }
    flows
}
