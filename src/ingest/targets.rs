//! The prefecture's list of targets (数値目標): 項目, 目標値 and 期限, and where they are filled in 単位,
//! 現状値, 医療機能, 地域 and 計画.

use crate::ingest::IngestError;
use crate::ingest::dates;
use crate::ingest::ledger::Ledger;
use crate::ingest::listed_lines::{area, choice, filled, number};
use crate::ingest::own_lists::{ListedArea, Target};
use crate::ingest::own_table::{self, Asked, OwnRow};
use crate::ingest::rota_sheet::Named;
use crate::ingest::study::{Function, Municipality};
use crate::ingest::text::Source;

/// One line.
pub(crate) struct TargetRow {
    line: Named,
    target: Target,
}

const ITEM: usize = 0;
const VALUE: usize = 1;
const DEADLINE: usize = 2;
const UNIT: usize = 3;
const NOW: usize = 4;
const FUNCTION: usize = 5;
const AREA: usize = 6;
const PLAN: usize = 7;

impl TargetRow {
    /// What the line is about, and what it says of it.
    pub(crate) fn about(&self) -> (String, String) {
        let Target { item, area, .. } = &self.target;
        (format!("{item} {area:?}"), format!("{:?}", self.target))
    }
}

/// Reads the list.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<TargetRow>, IngestError> {
    let needed = ["項目", "目標値", "期限"];
    let optional = ["単位", "現状値", "医療機能", "地域", "計画"];
    let asked = Asked { needed: &needed, optional: &optional, ..Asked::default() };
    let rows = own_table::read(source, &asked, ledger)?;
    Ok(rows.iter().filter_map(|row| line(row, ledger)).collect())
}

fn line(row: &OwnRow, ledger: &mut Ledger) -> Option<TargetRow> {
    let item = filled(row, ITEM, ledger)?;
    let value = number(row, VALUE, ledger)?;
    let deadline = dates::words(&filled(row, DEADLINE, ledger)?);
    let now = match row.get(NOW) {
        "" => None,
        _ => Some(number(row, NOW, ledger)?),
    };
    let function = match row.get(FUNCTION) {
        "" => None,
        _ => Some(choice(row, FUNCTION, &Function::ALL, Function::name, ledger)?),
    };
    ledger.store();
    let name = if row.get(AREA).is_empty() { "全域" } else { row.get(AREA) };
    let area = ListedArea { name: name.to_owned(), municipalities: [].into() };
    let unit = row.get(UNIT).to_owned();
    let plan = row.get(PLAN).to_owned();
    let target = Target { item: item.clone(), value, unit, now, deadline, function, area, plan };
    Some(TargetRow { line: Named::of_line(row, &item), target })
}

/// Finds the areas of the targets.
pub(crate) fn take(
    rows: Vec<(usize, TargetRow)>,
    municipalities: &[Municipality],
    prefecture: &str,
    ledgers: &mut [Ledger],
) -> Vec<Target> {
    let matched = rows.into_iter().filter_map(|(input, TargetRow { line, mut target })| {
        target.area = area(&target.area.name, &line, municipalities, prefecture, &mut ledgers[input])?;
        Some(target)
    });
    matched.collect()
}
