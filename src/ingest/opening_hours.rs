//! Opening hours of 医療情報ネット (01-2, 02-2, 03-2 `speciality_hours`): 診療開始時間 and 診療終了時間 of
//! up to three times of day for each 診療科目. The hours of an institution are those of all its
//! specialities together; the hours of reception are passed over. The tables of maternity homes (04) and
//! pharmacies (05) hold their own hours (就業時間帯, 開店時間帯), up to four times of day.

use crate::ingest::IngestError;
use crate::ingest::csv_table::{CsvTable, Row, identifier, remedy_of_rounding};
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::study::Institution;
use crate::ingest::text::Source;
use crate::ingest::week::{DAY_MINUTES, Day, Hours, OpeningHours, minutes};
use std::collections::BTreeMap;

/// Hours by the ID of 医療情報ネット. An ID whose fields are all empty is not there: unknown.
pub(crate) type HoursById = BTreeMap<String, OpeningHours>;

/// Reads a table.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<HoursById, IngestError> {
    let mut hours = HoursById::new();
    for text in source.tables()? {
        let (table, [id]) = CsvTable::bind(&text, &["ID"], ledger)?;
        let mut days = Vec::new();
        for day in Day::ALL {
            let [from, until] = ["開始", "終了"].map(|end| format!("{}_診療{end}時間", day.name()));
            let columns = table.columns(&[from.as_str(), until.as_str()])?;
            days.push((day, columns, from));
        }
        for row in &table.rows {
            let Some(id) = identifier(row.get(id)) else {
                ledger.quarantine(Doubt {
                    kind: "bad_hours_row",
                    row: row.row,
                    field: "ID",
                    said: row.get(id),
                    meant: format!(
                        "ID が英数字ではありません。この行は使いません{}",
                        remedy_of_rounding(row.get(id))
                    ),
                });
                continue;
            };
            ledger.store();
            take_hours(&row, &id, &days, &mut hours, ledger);
        }
    }
    Ok(hours)
}

/// Columns of the beginning and the end of hours on a day, with the name of the first.
pub(crate) type HourColumns = Vec<(Day, [usize; 2], String)>;

/// The columns of hours in a table of maternity homes or pharmacies; none in others.
pub(crate) fn own_columns(table: &CsvTable) -> HourColumns {
    let mut columns = HourColumns::new();
    for (words, time) in
        ["就業時間帯", "開店時間帯"].iter().flat_map(|words| (1..=4).map(move |at| (words, at)))
    {
        for day in Day::ALL {
            let [from, until] = ["開始", "終了"].map(|end| format!("{}_{words}{time}_{end}時間", day.name()));
            if let (Some(begin), Some(end)) = (table.optional(&from), table.optional(&until)) {
                columns.push((day, [begin, end], from));
            }
        }
    }
    columns
}

/// Adds the hours of a row to those of an ID.
pub(crate) fn take_hours(
    row: &Row,
    id: &str,
    columns: &HourColumns,
    hours: &mut HoursById,
    ledger: &mut Ledger,
) {
    for (day, [from, until], field) in columns {
        let (from, until) = (row.get(*from), row.get(*until));
        if from.is_empty() && until.is_empty() {
            continue;
        }
        match within_a_day(from, until) {
            Some(read) => {
                hours.entry(id.to_owned()).or_default().entry(*day).or_default().insert(read);
            }
            None => ledger.warn(Doubt {
                kind: "bad_opening_hours",
                row: row.row,
                field,
                said: &format!("{from}–{until}"),
                meant: format!("ID {id}: 診療時間ではありません。この時間帯は数えません"),
            }),
        }
    }
}

/// Doors that close before they open are a slip here, unless they close at midnight.
fn within_a_day(from: &str, until: &str) -> Option<Hours> {
    let (from, until) = (minutes(from)?, minutes(until)?);
    let until = if until == 0 { DAY_MINUTES } else { until };
    Hours::new(from, until).filter(|hours| hours.until() <= DAY_MINUTES)
}

/// Gives the hours to the institutions whose rows carry the IDs. `rows` are input, row and ID of every
/// institution of 医療情報ネット in the prefecture.
pub(crate) fn take(
    files: Vec<(usize, HoursById)>,
    rows: &[(usize, u64, String)],
    institutions: &[Institution],
    ledgers: &mut [Ledger],
) -> BTreeMap<usize, OpeningHours> {
    let at_row: BTreeMap<(usize, u64), usize> = institutions
        .iter()
        .enumerate()
        .flat_map(|(at, one)| one.sources.iter().map(move |source| ((source.input, source.row), at)))
        .collect();
    let by_id: BTreeMap<&str, usize> = rows
        .iter()
        .filter_map(|(input, row, id)| Some((id.as_str(), *at_row.get(&(*input, *row))?)))
        .collect();
    let mut taken: BTreeMap<usize, OpeningHours> = BTreeMap::new();
    for (input, hours) in files {
        let all = hours.len();
        let mut found = 0;
        for (id, hours) in hours {
            let Some(at) = by_id.get(id.as_str()) else { continue };
            found += 1;
            for (day, hours) in hours {
                taken.entry(*at).or_default().entry(day).or_default().extend(hours);
            }
        }
        if found < all {
            ledgers[input].note(Doubt {
                kind: "hours_of_others",
                row: 0,
                field: "ID",
                said: "",
                meant: format!(
                    "診療時間のある {all} 件のうち {found} 件が、読み込んだ医療情報ネットの施設と一致しました。残りは他の都道府県か、施設のファイルにない機関です"
                ),
            });
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::study::{Practice, Precision, SourceRow};
    use std::collections::BTreeSet;

    /// A table with the hours of Monday and Tuesday only.
    fn table(lines: &[&str]) -> String {
        let days = Day::ALL.map(|day| format!("{0}_診療開始時間,{0}_診療終了時間", day.name())).join(",");
        let lines =
            lines.iter().map(|line| format!("{line}{}\n", ",".repeat(17 - line.matches(',').count())));
        format!("\u{feff}ID,診療時間帯,{days}\n{}", lines.collect::<String>())
    }

    fn read_text(text: &str) -> (HoursById, Ledger) {
        let mut ledger = Ledger::new("h.csv");
        let hours = read(&Source::of_bytes("h.csv", text.as_bytes()), &mut ledger).expect("read");
        (hours, ledger)
    }

    fn told(hours: &OpeningHours) -> String {
        let day = |(day, hours): (&Day, &BTreeSet<Hours>)| {
            let hours: Vec<String> = hours.iter().map(Hours::to_string).collect();
            format!("{}{}", day.name(), hours.join("/"))
        };
        hours.iter().map(day).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_hours_of_all_specialities_come_together_and_no_hours_are_unknown() {
        let (hours, ledger) = read_text(&table(&[
            "1,1,09:00,12:00,09:00,12:00",
            "1,2,14:00,17:00,,",
            "1,1,08:30,12:00,,",
            "2,1,,,,",
            "3,1,18:00,00:00,22:00,06:00",
            ",1,09:00,12:00,,",
            "4,1,09:00,,,",
        ]));
        assert_eq!(hours.keys().map(String::as_str).collect::<Vec<_>>(), ["1", "3"]);
        assert_eq!(told(&hours["1"]), "月8:30–12:00/9:00–12:00/14:00–17:00 火9:00–12:00");
        assert_eq!(told(&hours["3"]), "月18:00–24:00");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (7, 6, 1));
        let doubts: Vec<(Option<u64>, &str)> =
            ledger.findings.iter().map(|one| (one.row, one.field.as_deref().unwrap_or(""))).collect();
        assert_eq!(doubts, [(Some(6), "火_診療開始時間"), (Some(7), "ID"), (Some(8), "月_診療開始時間")]);
    }

    #[test]
    fn hours_go_to_the_institution_whose_row_has_the_id() {
        let (hours, ledger) = read_text(&table(&["7,1,09:00,12:00,,", "8,1,09:00,12:00,,"]));
        let institution = Institution {
            id: "4810110001".to_owned(),
            name: "甲医院".to_owned(),
            address: String::new(),
            municipality: None,
            position: None,
            precision: Precision::Unlocated,
            correction: None,
            classes: BTreeSet::new(),
            beds: None,
            practice: Practice::default(),
            sources: vec![SourceRow { input: 2, row: 5, matched_by: "name+municipality".into(), score: 100 }],
            origins: crate::ingest::study::Origins::default(),
        };
        let mut ledgers = [ledger];
        let taken = take(vec![(0, hours)], &[(2, 5, "7".to_owned())], &[institution], &mut ledgers);
        assert_eq!(taken.keys().copied().collect::<Vec<_>>(), [0]);
        assert_eq!(told(&taken[&0]), "月9:00–12:00");
        assert_eq!(ledgers[0].findings[0].kind, "hours_of_others");
        assert!(ledgers[0].findings[0].meant.contains("2 件のうち 1 件"));
    }
}
