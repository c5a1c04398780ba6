//! The prefecture's list of business continuity plans (BCP): one of 医療機関コード and 名称, BCP (自院,
//! 連携型, 地域, なし or 不明), and 策定年月. An institution with several has a line for each.

use crate::ingest::IngestError;
use crate::ingest::dates;
use crate::ingest::ledger::Ledger;
use crate::ingest::listed_lines::choice;
use crate::ingest::own_lists::{ContinuityKind, ContinuityPlan};
use crate::ingest::own_table::{self, Asked, OwnRow};
use crate::ingest::rota::Register;
use crate::ingest::rota_sheet::Named;
use crate::ingest::study::Institution;
use crate::ingest::text::Source;
use std::collections::BTreeSet;

/// One line.
pub(crate) struct ContinuityRow {
    who: Named,
    kind: ContinuityKind,
    made: String,
}

const KIND: usize = 0;
const MADE: usize = 1;
const WHO: [usize; 2] = [2, 3];

impl ContinuityRow {
    /// What the line is about, and what it says of it.
    pub(crate) fn about(&self) -> (String, String) {
        (self.who.said().to_owned(), format!("{:?} {}", self.kind, self.made))
    }
}

/// Reads the list.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<ContinuityRow>, IngestError> {
    let optional = ["策定年月", "医療機関コード", "名称"];
    let asked = Asked { needed: &["BCP"], optional: &optional, ..Asked::default() };
    let rows = own_table::read(source, &asked, ledger)?;
    Ok(rows.iter().filter_map(|row| line(row, ledger)).collect())
}

fn line(row: &OwnRow, ledger: &mut Ledger) -> Option<ContinuityRow> {
    let who = Named::read(row, WHO, ledger)?;
    let kind = choice(row, KIND, &ContinuityKind::ALL, ContinuityKind::name, ledger)?;
    ledger.store();
    let made = dates::iso_month(row.get(MADE)).unwrap_or_else(|| row.get(MADE).to_owned());
    Some(ContinuityRow { who, kind, made })
}

/// Matches the lines to institutions.
pub(crate) fn take(
    rows: Vec<(usize, ContinuityRow)>,
    institutions: &[Institution],
    ledgers: &mut [Ledger],
) -> Vec<ContinuityPlan> {
    let register = Register::new(institutions);
    let matched = rows.into_iter().filter_map(|(input, row)| {
        let (institution, _) = register.find(&row.who, &BTreeSet::new(), &mut ledgers[input])?;
        Some(ContinuityPlan { institution, kind: row.kind, made: row.made })
    });
    matched.collect()
}
