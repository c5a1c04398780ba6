//! The official demand of the areas.

use crate::ingest::IngestError;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::manifest::InputEntry;
use crate::ingest::study::AreaDemand;
use std::collections::{BTreeMap, BTreeSet};

/// Areas in order of code; a second row of the same code is set aside. A year that is unknown for
/// one area is unknown for the prefecture: it is left out of all areas and told.
///
/// # Errors
/// There are areas, but no year that all of them have.
pub(super) fn take_demand(
    demand: Vec<(usize, AreaDemand)>,
    inputs: &[InputEntry],
    ledgers: &mut [Ledger],
) -> Result<Vec<AreaDemand>, IngestError> {
    let mut areas: BTreeMap<String, AreaDemand> = BTreeMap::new();
    let mut last_input = None;
    for (input, area) in demand {
        last_input = Some(input);
        if areas.contains_key(&area.code) {
            ledgers[input].withdraw(Doubt {
                kind: "duplicate_demand_area",
                row: 0,
                field: "構想区域コード",
                said: &area.code,
                meant: "同じ構想区域が二度あります。後の行は使いません".to_owned(),
            });
        } else {
            areas.insert(area.code.clone(), area);
        }
    }
    let mut areas: Vec<AreaDemand> = areas.into_values().collect();
    let Some(input) = last_input else { return Ok(areas) };
    let years: BTreeSet<u16> =
        areas.iter().flat_map(|area| area.receipts_per_month.keys().copied()).collect();
    for year in &years {
        let lacking = |area: &&AreaDemand| !area.receipts_per_month.contains_key(year);
        let without: Vec<&str> = areas.iter().filter(lacking).map(|area| area.name.as_str()).collect();
        if without.is_empty() {
            continue;
        }
        ledgers[input].warn(Doubt {
            kind: "demand_year_left_out",
            row: 0,
            field: "レセプト件数/月",
            said: &year.to_string(),
            meant: format!(
                "{}の {year} 年度の件数がないため、県全体で {year} 年度の需要を使いません",
                without.join("、")
            ),
        });
        for area in &mut areas {
            area.receipts_per_month.remove(year);
        }
    }
    if areas.iter().any(|area| area.receipts_per_month.is_empty()) {
        return Err(IngestError::Broken {
            file: inputs[input].path.clone(),
            place: "レセプト件数/月".to_owned(),
            found: "すべての構想区域に件数のある年度がありません".to_owned(),
            expected: "どの構想区域にも件数のある年度".to_owned(),
            remedy: "配布元のファイルをそのまま使うか、セルに件数を入れてください".to_owned(),
        });
    }
    Ok(areas)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::manifest::InputKind;

    fn area_demand(code: &str, receipts: &[(u16, f64)]) -> (usize, AreaDemand) {
        let receipts_per_month = receipts.iter().copied().collect();
        (0, AreaDemand { code: code.to_owned(), name: code.to_owned(), receipts_per_month })
    }

    #[test]
    fn a_year_that_one_area_lacks_is_left_out_of_all_and_told() {
        let mut ledgers = [Ledger { read: 3, stored: 3, ..Ledger::new("d.xlsx") }];
        let demand = vec![
            area_demand("1902", &[(2024, 1.0), (2030, 2.0)]),
            area_demand("1901", &[(2024, 3.0), (2030, 4.0)]),
            area_demand("1903", &[(2030, 5.0)]),
            area_demand("1901", &[(2024, 9.0)]),
        ];
        let areas = take_demand(demand, &[InputEntry::of(InputKind::HomeDemand, "d.xlsx")], &mut ledgers)
            .expect("2030 is there");
        let expected = [("1901", 4.0), ("1902", 2.0), ("1903", 5.0)]
            .map(|(code, receipts)| area_demand(code, &[(2030, receipts)]).1);
        assert_eq!(areas, expected);
        let kinds: Vec<&str> = ledgers[0].findings.iter().map(|finding| finding.kind.as_str()).collect();
        assert_eq!(kinds, ["duplicate_demand_area", "demand_year_left_out"]);
        assert!(ledgers[0].findings[1].meant.starts_with("1903の 2024 年度"));
    }

    #[test]
    fn areas_without_a_common_year_are_refused_by_file() {
        let demand = vec![area_demand("1901", &[(2024, 1.0)]), area_demand("1902", &[(2030, 1.0)])];
        let error = take_demand(
            demand,
            &[InputEntry::of(InputKind::HomeDemand, "d.xlsx")],
            &mut [Ledger::new("d.xlsx")],
        )
        .expect_err("refused");
        assert!(error.to_string().starts_with("d.xlsx: "), "{error}");
    }
}
