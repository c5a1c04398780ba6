//! Shares of patients between 構想区域 (厚生労働省, 地域医療構想 R7): the workbook 001723366 as it is published, or
//! a table with a row for each pair: `direction` (流入率 or 流出率), `area_code`, `area_name`, `phase`,
//! `partner_area_code`, `partner_area_name` and `rate`. The publisher cuts small shares away, so the shares of an
//! area do not come to 1; what is missing is told and never taken for zero.
//!
//! The workbook has a sheet for each direction and in it a block for each area: its name and below it its code in
//! the first column, then three tables side by side, one for each phase of care, whose heads begin with
//! 都道府県コード and end with the share. It was read from descriptions of others, not from the file.

use crate::ingest::IngestError;
use crate::ingest::csv_table::CsvTable;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::own_lists::{AreaFlow, FlowDirection};
use crate::ingest::print_list::plain;
use crate::ingest::text::Source;
use crate::ingest::todokede::digits;
use crate::ingest::xlsx_table::{self, Sheet, SheetRow};
use std::collections::BTreeMap;

/// What a row says, before it is looked at.
struct Said<'a> {
    direction: &'a str,
    area: &'a str,
    area_name: &'a str,
    phase: &'a str,
    partner: &'a str,
    partner_name: &'a str,
    rate: &'a str,
}

/// Reads the file; pairs of areas of other prefectures are counted only.
pub(crate) fn read(
    source: &Source,
    prefecture: &str,
    ledger: &mut Ledger,
) -> Result<Vec<AreaFlow>, IngestError> {
    let mut flows = Vec::new();
    if source.is_zip() && source.is_workbook()? {
        for sheet in xlsx_table::read(source, ledger)? {
            ledger.layer = Some(sheet.name.clone());
            read_sheet(&sheet, prefecture, &mut flows, ledger);
        }
        ledger.layer = None;
    } else {
        for text in source.tables()? {
            read_table(&CsvTable::parse(&text, ledger)?, prefecture, &mut flows, ledger)?;
        }
    }
    tell_rest(&flows, ledger);
    Ok(flows)
}

fn read_table(
    table: &CsvTable,
    prefecture: &str,
    flows: &mut Vec<AreaFlow>,
    ledger: &mut Ledger,
) -> Result<(), IngestError> {
    let [direction, area, area_name, phase, partner, partner_name, rate] = table.columns(&[
        "direction",
        "area_code",
        "area_name",
        "phase",
        "partner_area_code",
        "partner_area_name",
        "rate",
    ])?;
    for row in &table.rows {
        let said = Said {
            direction: row.get(direction),
            area: row.get(area),
            area_name: row.get(area_name),
            phase: row.get(phase),
            partner: row.get(partner),
            partner_name: row.get(partner_name),
            rate: row.get(rate),
        };
        take(&said, row.row, prefecture, flows, ledger);
    }
    Ok(())
}

/// The head of each of the tables side by side, and what stands from it to the right: prefecture, its name, area,
/// its name, nothing, share.
const FIRST: &str = "都道府県コード";
const PARTNER: u32 = 2;
const PARTNER_NAME: u32 = 3;
const RATE: u32 = 5;

/// The block of an area.
#[derive(Default)]
struct Block {
    area: String,
    area_name: String,
    /// Columns at which its tables begin, with their phases. A block without heads has those of the one above.
    tables: Vec<(u32, String)>,
}

fn read_sheet(sheet: &Sheet, prefecture: &str, flows: &mut Vec<AreaFlow>, ledger: &mut Ledger) {
    let direction = plain(&sheet.name);
    let (mut block, mut in_heading) = (Block::default(), true);
    let mut above: Option<&SheetRow> = None;
    for row in &sheet.rows {
        let heads = || row.texts().filter(|(_, text)| plain(text) == FIRST).map(|(column, _)| column);
        if heads().next().is_some() {
            let phase = |column| above.map(|above| above.text(column)).unwrap_or_default();
            block.tables = heads().map(|column| (column, phase(column))).collect();
            in_heading = false;
        } else if is_of_heading(row) {
            if !in_heading {
                block = Block { tables: block.tables, ..Block::default() };
            }
            in_heading = true;
            match row.text(2) {
                name if !name.is_empty() => block.area_name = name,
                _ if digits(&row.text(0), 4).is_some() => block.area = row.text(0),
                _ => {}
            }
        } else if !in_heading || block.tables.iter().any(|(column, _)| is_pair(row, *column)) {
            in_heading = false;
            take_pairs(row, &direction, &block, prefecture, flows, ledger);
        }
        above = Some(row);
    }
}

/// Whether a row is of the head of a block: a title, a note, the area by name (`19, 山梨県, 中北, 46.1, 1335.6`) or,
/// alone in its row, by code. Rows of the tables have nothing in the first column.
fn is_of_heading(row: &SheetRow) -> bool {
    let first = plain(&row.text(0));
    let is_alone = row.texts().filter(|(_, text)| !text.is_empty()).count() == 1;
    let is_number = |column: u32| row.text(column).parse::<f64>().is_ok();
    let is_area = || {
        digits(&first, 2).is_some()
            && row.text(1).ends_with(['都', '道', '府', '県'])
            && !row.text(2).is_empty()
            && is_number(3)
            && is_number(4)
            && row.text(6).is_empty()
    };
    ["流入率", "流出率", "構想区域"].iter().any(|word| first.contains(word))
        || first.starts_with('※')
        || is_alone && digits(&first, 4).is_some()
        || is_area()
}

/// Whether a row has a pair in the table that begins at a column.
fn is_pair(row: &SheetRow, column: u32) -> bool {
    digits(&row.text(column + PARTNER), 4).is_some() && row.text(column + RATE).parse::<f64>().is_ok()
}

/// Takes the pairs of a row, one of each table that has any text in it.
fn take_pairs(
    row: &SheetRow,
    direction: &str,
    block: &Block,
    prefecture: &str,
    flows: &mut Vec<AreaFlow>,
    ledger: &mut Ledger,
) {
    let has_text = |column: &u32| (0..=RATE).any(|at| !row.text(column + at).is_empty());
    let mut tables = block.tables.iter().filter(|(column, _)| has_text(column)).peekable();
    let blank = (0, String::new());
    // A row with text beside the tables only is one that cannot be read.
    let beside = (tables.peek().is_none() && row.texts().any(|(_, text)| !text.is_empty())).then_some(&blank);
    for (column, phase) in tables.chain(beside) {
        let said = Said {
            direction,
            area: &block.area,
            area_name: &block.area_name,
            phase,
            partner: &row.text(column + PARTNER),
            partner_name: &row.text(column + PARTNER_NAME),
            rate: &row.text(column + RATE),
        };
        take(&said, row.row, prefecture, flows, ledger);
    }
}

/// Takes what a row says of one pair.
fn take(said: &Said<'_>, row: u64, prefecture: &str, flows: &mut Vec<AreaFlow>, ledger: &mut Ledger) {
    let way = match said.direction {
        "流入率" => Some(FlowDirection::In),
        "流出率" => Some(FlowDirection::Out),
        _ => None,
    };
    let codes = [said.area, said.partner].map(|code| digits(code, 4));
    let share = said.rate.parse::<f64>().ok().filter(|rate| (0.0..=1.0).contains(rate));
    let (Some(direction), [Some(area), Some(partner)], Some(rate)) = (way, codes, share) else {
        return ledger.quarantine(Doubt {
            kind: "bad_flow_row",
            row,
            field: "rate",
            said: said.rate,
            meant:
                "流入率か流出率の別・区域コード（4 桁）・割合（0～1）のどれかが読めません。この行は使いません"
                    .to_owned(),
        });
    };
    ledger.store();
    if area.starts_with(prefecture) {
        flows.push(AreaFlow {
            direction,
            area,
            area_name: said.area_name.to_owned(),
            phase: said.phase.to_owned(),
            partner,
            partner_name: said.partner_name.to_owned(),
            rate,
        });
    }
}

/// Tells how much of the patients of an area the table leaves out.
fn tell_rest(flows: &[AreaFlow], ledger: &mut Ledger) {
    let mut sums: BTreeMap<(FlowDirection, &str, &str), f64> = BTreeMap::new();
    for flow in flows {
        *sums.entry((flow.direction, &flow.area_name, &flow.phase)).or_default() += flow.rate;
    }
    let rest = |((direction, area, phase), sum): (&(FlowDirection, &str, &str), &f64)| {
        let rest = 100.0 * (1.0 - sum);
        (rest >= 0.05).then(|| format!("{area} {phase} {} {rest:.1}%", direction.name()))
    };
    let rest: Vec<String> = sums.iter().filter_map(rest).collect();
    if !rest.is_empty() {
        ledger.note(Doubt {
            kind: "flows_cut",
            row: 0,
            field: "rate",
            said: &rest.join("、"),
            meant:
                "公表された割合を足しても 100% になりません。残りは、ほかの区域との小さい割合が省かれた分です"
                    .to_owned(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_and_what_is_cut_away_is_told() {
        let text = "direction,area_code,area_name,phase,partner_area_code,partner_area_name,rate\n\
            流出率,1901,中北,慢性期,1901,中北,0.9\n流出率,1901,中北,慢性期,1902,峡東,0.06\n\
            流入率,1901,中北,慢性期,1901,中北,1\n流出率,1313,島しょ,慢性期,1313,島しょ,#VALUE!\n\
            流出率,2003,諏訪,慢性期,2003,諏訪,0.5\n";
        let mut ledger = Ledger::new("f.csv");
        let flows = read(&Source::of_bytes("f.csv", text.as_bytes()), "19", &mut ledger).expect("read");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined, flows.len()), (5, 4, 1, 3));
        let told: Vec<_> = ledger.findings.iter().map(|one| (one.kind.as_str(), one.said.as_str())).collect();
        assert_eq!(told, [("bad_flow_row", "#VALUE!"), ("flows_cut", "中北 慢性期 流出率 4.0%")]);
    }

    /// Two areas as they are printed, the second with a cell that could not be computed, as 島しょ has one.
    #[test]
    fn the_workbook_of_the_ministry_gives_the_same_pairs() {
        let heads = |rate: &'static str| {
            let mut row = vec![""];
            for _ in 0..3 {
                row.extend([FIRST, "都道府県名", "構想区域コード", "構想区域名", "", rate, "", ""]);
            }
            row
        };
        let pair = |before: usize, cells: [&'static str; 6]| {
            let mut row = vec![""; before];
            row.extend(cells);
            row
        };
        let mut phases = vec![""; 18];
        (phases[1], phases[9], phases[17]) = ("高度急性期+急性期", "包括期", "慢性期");
        let mut both = pair(1, ["19", "山梨県", "1901", "中北", "", "0.9"]);
        both.extend(pair(2, ["19", "山梨県", "1902", "峡東", "", "0.25"]));
        let rows: Vec<Vec<&str>> = vec![
            vec!["（１）構想区域の状況"],
            vec!["19", "山梨県", "中北", "46.1", "1335.6"],
            vec!["1901"],
            vec!["(2)流出率"],
            vec!["", "全体の流出率", "", "0.1"],
            phases.clone(),
            heads("流出率"),
            both,
            pair(1, ["20", "長野県", "2003", "諏訪", "", "0.06"]),
            // A damaged row of a table is no head of the next block.
            vec!["0", "19", "山梨県", "1901", "0"],
            vec!["（１）構想区域の状況"],
            vec!["13", "東京都", "島しょ", "2.4", "405.8"],
            vec!["1313"],
            vec!["(2)流出率"],
            phases,
            heads("流出率"),
            pair(17, ["#VALUE!", "", "", "", "", "#VALUE!"]),
        ];
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let source = xlsx_table::tests::workbook("流出率", &rows);
        let mut ledger = Ledger::new("f.xlsx");
        let flows = read(&source, "19", &mut ledger).expect("read");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (5, 3, 2));
        let of = |one: &AreaFlow| (one.area.clone(), one.phase.clone(), one.partner.clone(), one.rate);
        let pairs: Vec<_> = flows.iter().map(of).collect();
        let expected = [
            ("高度急性期+急性期", "1901", 0.9),
            ("包括期", "1902", 0.25),
            ("高度急性期+急性期", "2003", 0.06),
        ]
        .map(|(phase, partner, rate)| ("1901".to_owned(), phase.to_owned(), partner.to_owned(), rate));
        assert_eq!(pairs, expected);
        assert_eq!((flows[2].area_name.as_str(), flows[2].partner_name.as_str()), ("中北", "諏訪"));
        let told: Vec<_> = ledger.findings.iter().map(|one| (one.kind.as_str(), one.row)).collect();
        assert_eq!(told, [("bad_flow_row", Some(10)), ("bad_flow_row", Some(17)), ("flows_cut", None)]);
    }
}
