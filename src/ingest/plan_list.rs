//! A plan that somebody made, as a table: `muni_code` and `zone`, a row for each municipality. It is
//! asked for by name and used as a whole, so that a row in doubt refuses it.

use crate::ingest::IngestError;
use crate::ingest::boundary::position_of;
use crate::ingest::csv_table::CsvTable;
use crate::ingest::ledger::Ledger;
use crate::ingest::study::Municipality;
use crate::ingest::text::Source;
use std::path::Path;

/// The name of the zone of each municipality.
///
/// # Errors
/// [`IngestError`] naming file and row: not readable, another layout, a municipality that is
/// unknown, there twice, or missing, a zone without a name.
pub fn read(path: &Path, municipalities: &[Municipality]) -> Result<Vec<String>, IngestError> {
    let file = path.display().to_string();
    parse(&Source::open(&file, path)?, municipalities)
}

fn parse(source: &Source, municipalities: &[Municipality]) -> Result<Vec<String>, IngestError> {
    let broken = |place: String, found: String| IngestError::Broken {
        file: source.file.clone(),
        place,
        found,
        expected: "市区町村コード（muni_code）と圏域名（zone）、市区町村ごとに一行".to_owned(),
        remedy: "すべての市区町村を一度ずつ書いてください".to_owned(),
    };
    let mut zones: Vec<Option<String>> = vec![None; municipalities.len()];
    let mut ledger = Ledger::new(&source.file);
    for text in source.texts(&[".csv"])? {
        let table = CsvTable::parse(&text, &mut ledger)?;
        let [code, zone] = table.columns(&["muni_code", "zone"])?;
        for row in &table.rows {
            let at = row.get(code).parse().ok().and_then(|code| position_of(municipalities, code));
            let place = format!("{} 行目", row.row);
            match at.map(|at| &mut zones[at]) {
                Some(known @ None) if !row.get(zone).is_empty() => *known = Some(row.get(zone).to_owned()),
                Some(None) => return Err(broken(place, "zone が空です".to_owned())),
                Some(Some(_)) => return Err(broken(place, format!("{} が二度あります", row.get(code)))),
                None => return Err(broken(place, format!("{} は行政区域にありません", row.get(code)))),
            }
        }
    }
    if let Some(finding) = ledger.findings.first() {
        return Err(broken(format!("{} 行目", finding.row.unwrap_or_default()), finding.meant.clone()));
    }
    let missing = municipalities.iter().zip(&zones).find(|(_, zone)| zone.is_none());
    match missing {
        Some((one, _)) => Err(broken("全体".to_owned(), format!("{}（{}）がありません", one.name, one.code))),
        None => Ok(zones.into_iter().flatten().collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::MultiPolygon;
    use std::collections::BTreeMap;

    fn read_text(text: &str) -> Result<Vec<String>, String> {
        let municipalities = ["19201", "19202"].map(|code| Municipality {
            code: code.parse().expect("code"),
            name: format!("{code}市"),
            boundary: MultiPolygon(Vec::new()),
            areas: BTreeMap::new(),
            office: None,
        });
        parse(&Source::of_bytes("p.csv", text.as_bytes()), &municipalities).map_err(|error| error.to_string())
    }

    #[test]
    fn a_plan_names_the_zone_of_every_municipality_once() {
        assert_eq!(read_text("zone,muni_code\n北,19202\n南,19201\n"), Ok(vec!["南".into(), "北".into()]));
        for (text, word) in [
            ("muni_code,zone\n19201,南\n", "19202市"),
            ("muni_code,zone\n19201,南\n19202,北\n19201,北\n", "4 行目: 19201 が二度"),
            ("muni_code,zone\n19201,南\n20201,北\n", "3 行目: 20201"),
            ("muni_code,zone\n19201,\n19202,北\n", "2 行目: zone が空"),
            ("muni_code,zone\n19201,南,西\n19202,北\n", "2 行目"),
            ("muni_code,area\n19201,南\n", "zone"),
        ] {
            let message = read_text(text).expect_err(text);
            assert!(message.starts_with("p.csv") && message.contains(word), "{word}: {message}");
        }
    }
}
