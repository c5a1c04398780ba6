//! The prefecture's list of what tells rescuers and families of a patient's wishes (救急医療情報キット, tools
//! of ACP): 地域, 取組 and 状況 (あり, なし or 不明), and where they are filled in 名称, 普及率 (per cent) and
//! 配布数.

use crate::ingest::IngestError;
use crate::ingest::ledger::Ledger;
use crate::ingest::listed_lines::{area, choice, count, filled, number};
use crate::ingest::own_lists::{EmergencyTool, Told, ToolKind};
use crate::ingest::own_table::{self, Asked, OwnRow};
use crate::ingest::rota_sheet::{Named, refuse};
use crate::ingest::study::Municipality;
use crate::ingest::text::Source;

/// One line.
pub(crate) struct ToolRow {
    line: Named,
    area: String,
    kind: ToolKind,
    told: Told,
    share_percent: Option<f64>,
    handed_out: Option<u32>,
}

const AREA: usize = 0;
const KIND: usize = 1;
const TOLD: usize = 2;
const NAME: usize = 3;
const SHARE: usize = 4;
const HANDED_OUT: usize = 5;

impl ToolRow {
    /// What the line is about, and what it says of it.
    pub(crate) fn about(&self) -> (String, String) {
        let told = (self.told, self.share_percent, self.handed_out);
        (format!("{} {:?} {}", self.area, self.kind, self.line.said()), format!("{told:?}"))
    }
}

/// Reads the list.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<ToolRow>, IngestError> {
    let (needed, optional) = (["地域", "取組", "状況"], ["名称", "普及率", "配布数"]);
    let asked = Asked { needed: &needed, optional: &optional, ..Asked::default() };
    let rows = own_table::read(source, &asked, ledger)?;
    Ok(rows.iter().filter_map(|row| line(row, ledger)).collect())
}

fn line(row: &OwnRow, ledger: &mut Ledger) -> Option<ToolRow> {
    let area = filled(row, AREA, ledger)?;
    let kind = choice(row, KIND, &ToolKind::ALL, ToolKind::name, ledger)?;
    let told = choice(row, TOLD, &Told::ALL, Told::name, ledger)?;
    let share_percent = match row.get(SHARE) {
        "" => None,
        _ => Some(number(row, SHARE, ledger)?),
    };
    if share_percent.is_some_and(|share| !(0.0..=100.0).contains(&share)) {
        refuse(
            row,
            SHARE,
            "bad_list_number",
            "0 から 100 までの割合（%）ではありません。この行は使いません",
            ledger,
        );
        return None;
    }
    let handed_out = match row.get(HANDED_OUT) {
        "" => None,
        _ => Some(count(row, HANDED_OUT, "部", ledger)?),
    };
    ledger.store();
    let line = Named::of_line(row, row.get(NAME));
    Some(ToolRow { line, area, kind, told, share_percent, handed_out })
}

/// Matches the lines to areas.
pub(crate) fn take(
    rows: Vec<(usize, ToolRow)>,
    municipalities: &[Municipality],
    prefecture: &str,
    ledgers: &mut [Ledger],
) -> Vec<EmergencyTool> {
    let matched = rows.into_iter().filter_map(|(input, row)| {
        let ToolRow { line, area: said, kind, told, share_percent, handed_out } = row;
        let area = area(&said, &line, municipalities, prefecture, &mut ledgers[input])?;
        Some(EmergencyTool { area, kind, told, name: line.name, share_percent, handed_out })
    });
    matched.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_says_nothing_usable_sets_its_row_aside_by_name() {
        let text = "地域,取組,状況,名称,普及率,配布数\n\
            汐見市,救急医療情報キット,有り,命のカプセル,12.5,\"1,200部\"\n\
            ,救急医療情報キット,あり,,,\n\
            汐見市,お守り,あり,,,\n\
            汐見市,ACPのツール,未定,,,\n\
            汐見市,ACPのツール,あり,,120,\n\
            汐見市,ACPのツール,あり,,,多数\n\
            灘浜市,ＡＣＰのツール,不明,,,\n";
        let mut ledger = Ledger::new("k.csv");
        let rows = read(&Source::of_bytes("k.csv", text.as_bytes()), &mut ledger).expect("read");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (7, 2, 5));
        assert_eq!((rows[0].share_percent, rows[0].handed_out), (Some(12.5), Some(1_200)));
        assert_eq!((rows[1].kind, rows[1].told), (ToolKind::Wishes, Told::Unknown));
        let told: Vec<&str> =
            ledger.findings.iter().map(|one| one.field.as_deref().expect("field")).collect();
        assert_eq!(told, ["地域", "取組", "状況", "普及率", "配布数"]);
    }
}
