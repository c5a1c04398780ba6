//! Shares of patients between 構想区域 (厚生労働省, 地域医療構想 R7), as a table with a row for each pair:
//! `direction` (流入率 or 流出率), `area_code`, `area_name`, `phase`, `partner_area_code`,
//! `partner_area_name` and `rate`. The publisher cuts small shares away, so the shares of an area do not
//! come to 1; what is missing is told and never taken for zero.

use crate::ingest::IngestError;
use crate::ingest::csv_table::CsvTable;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::own_lists::{AreaFlow, FlowDirection};
use crate::ingest::text::Source;
use crate::ingest::todokede::digits;
use std::collections::BTreeMap;

/// Reads the table; pairs of areas of other prefectures are counted only.
pub(crate) fn read(
    source: &Source,
    prefecture: &str,
    ledger: &mut Ledger,
) -> Result<Vec<AreaFlow>, IngestError> {
    let mut flows = Vec::new();
    for text in source.texts(&[".csv"])? {
        let table = CsvTable::parse(&text, ledger)?;
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
            let way = match row.get(direction) {
                "流入率" => Some(FlowDirection::In),
                "流出率" => Some(FlowDirection::Out),
                _ => None,
            };
            let codes = [area, partner].map(|column| digits(row.get(column), 4));
            let share = row.get(rate).parse::<f64>().ok().filter(|rate| (0.0..=1.0).contains(rate));
            let (Some(direction), [Some(area), Some(partner)], Some(rate)) = (way, codes, share) else {
                ledger.quarantine(Doubt {
                    kind: "bad_flow_row",
                    row: row.row,
                    field: "rate",
                    said: row.get(rate),
                    meant: "流入率か流出率の別・区域コード（4 桁）・割合（0～1）のどれかが読めません。この行は使いません"
                        .to_owned(),
                });
                continue;
            };
            ledger.store();
            if area.starts_with(prefecture) {
                flows.push(AreaFlow {
                    direction,
                    area,
                    area_name: row.get(area_name).to_owned(),
                    phase: row.get(phase).to_owned(),
                    partner,
                    partner_name: row.get(partner_name).to_owned(),
                    rate,
                });
            }
        }
    }
    tell_rest(&flows, ledger);
    Ok(flows)
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
}
