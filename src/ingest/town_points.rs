//! Points of 大字・町丁目: 位置参照情報 (国土交通省), or its re-cut by Geolonia.

use crate::ids::MunicipalityCode;
use crate::ingest::IngestError;
use crate::ingest::csv_table::{CsvTable, coordinates};
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::text::Source;
use geo::Point;

/// One town.
#[derive(Debug)]
pub(crate) struct Town {
    /// Line in the file.
    pub row: u64,
    /// Municipality by code, or by name with 郡 where the table has no codes.
    pub municipality: TownMunicipality,
    /// 大字・町丁目, with 小字 where the table gives one.
    pub name: String,
    /// 大字町丁目コード (12 digits); empty where the table gives none.
    pub code: String,
    /// Its point.
    pub position: Point,
}

/// How a table of towns names the municipality.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum TownMunicipality {
    /// 位置参照情報.
    Code(MunicipalityCode),
    /// Geolonia: prefecture and municipality with 郡.
    Name {
        /// 都道府県名.
        prefecture: String,
        /// 郡 and 市区町村名.
        municipality: String,
    },
}

/// Reads a table of either layout.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<Town>, IngestError> {
    let mut towns = Vec::new();
    for text in source.texts(&[".csv"])? {
        let table = CsvTable::parse(&text, ledger)?;
        let recut = table.optional("town").is_some();
        let names = if recut {
            ["pref", "city", "town", "koaza", "lng", "lat"]
        } else {
            ["都道府県名", "市区町村コード", "大字町丁目名", "大字町丁目コード", "経度", "緯度"]
        };
        let [prefecture, municipality, town, detail, x, y] = table.columns(&names)?;
        for row in &table.rows {
            let place = row.get(municipality);
            let municipality = if recut {
                (!place.is_empty()).then(|| TownMunicipality::Name {
                    prefecture: row.get(prefecture).to_owned(),
                    municipality: place.to_owned(),
                })
            } else {
                place.parse().ok().map(TownMunicipality::Code)
            };
            let position = coordinates(row.get(x), row.get(y));
            let (Some(municipality), Some(position), false) =
                (municipality, position, row.get(town).is_empty())
            else {
                ledger.quarantine(Doubt {
                    kind: "bad_town_row",
                    row: row.row,
                    field: "",
                    said: &format!("{place} {}", row.get(town)),
                    meant: "市区町村・町丁目名・緯度経度のどれかが読めません。この行は使いません".to_owned(),
                });
                continue;
            };
            ledger.store();
            // The same place in the list holds the 小字 of one layout and the code of the other.
            let (detail, code) = if recut { (row.get(detail), "") } else { ("", row.get(detail)) };
            let (name, code) = (format!("{}{detail}", row.get(town)), code.to_owned());
            towns.push(Town { row: row.row, municipality, name, code, position });
        }
    }
    Ok(towns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::text::tests::{cp932, zipped};

    #[test]
    fn the_official_layout_is_read_from_its_zip() {
        let text = "\"都道府県コード\",\"都道府県名\",\"市区町村コード\",\"市区町村名\",\"大字町丁目コード\",\"大字町丁目名\",\"緯度\",\"経度\",\"原典資料コード\",\"大字・字・丁目区分コード\"\r\n\
            \"30\",\"和歌山県\",\"30201\",\"和歌山市\",\"302010001000\",\"葵町\",\"34.213480\",\"135.163085\",\"0\",\"1\"\r\n\
            \"30\",\"和歌山県\",\"30201\",\"和歌山市\",\"302010002000\",\"秋月\",\"\",\"\",\"0\",\"1\"\r\n";
        let zip = zipped(&[("30000-17.0b\\30_2023.csv", &cp932(text)), ("30000-17.0b\\format.html", b"x")]);
        let mut ledger = Ledger::new("30000.zip");
        let towns = read(&Source::of_bytes("30000.zip", &zip), &mut ledger).expect("read");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (2, 1, 1));
        assert_eq!(towns[0].position, Point::new(135.163085, 34.213480));
        assert_eq!(towns[0].code, "302010001000");
        assert_eq!(towns[0].municipality, TownMunicipality::Code("30201".parse().expect("code")));
    }

    #[test]
    fn the_recut_layout_joins_town_and_koaza() {
        let text = "pref,city,town,koaza,lat,lng\n山梨県,中央市,山之神,流通団地一丁目,35.610623,138.516189\n";
        let mut ledger = Ledger::new("t.csv");
        let towns = read(&Source::of_bytes("t.csv", text.as_bytes()), &mut ledger).expect("read");
        assert_eq!(towns[0].name, "山之神流通団地一丁目");
    }

    #[test]
    fn a_table_without_points_is_refused() {
        let source = Source::of_bytes("t.csv", "pref,city,town\n山梨県,甲府市,湯村\n".as_bytes());
        assert!(matches!(read(&source, &mut Ledger::new("t.csv")), Err(IngestError::Header { .. })));
    }
}
