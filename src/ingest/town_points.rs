//! 位置参照情報 (国土交通省): points of 大字・町丁目, and of the blocks and lots within them; also the re-cut
//! of the former by Geolonia.
//!
//! The table of blocks (街区レベル) has several points for a block that lies on several sheets of the
//! base map, one of them with 代表フラグ 1, and keeps blocks that are no more (更新後履歴フラグ 3). Both are
//! met and told, and only the representative points of today's blocks are answered.
//!
//! Source: <https://nlftp.mlit.go.jp/isj/data.html>.

use crate::ingest::IngestError;
use crate::ingest::address_point::{AddressLevel, AddressPoint, Shared, TownMunicipality};
use crate::ingest::csv_table::{CsvTable, Row, coordinates};
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::text::Source;

/// Positions of the columns.
struct Layout {
    /// 都道府県名, where municipalities are named; else they have their codes.
    prefecture: Option<usize>,
    municipality: usize,
    town: usize,
    koaza: Option<usize>,
    code: Option<usize>,
    x: usize,
    y: usize,
    /// Only of 街区レベル.
    blocks: Option<BlockColumns>,
}

struct BlockColumns {
    block: usize,
    residential: usize,
    representative: usize,
    history: Option<usize>,
}

/// What a row of a block is besides its name.
#[derive(PartialEq, Eq)]
enum Standing {
    Today,
    /// Another point of a block that has its representative.
    Further,
    /// A block that is no more.
    Gone,
}

/// Reads a table of any of the three layouts.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<AddressPoint>, IngestError> {
    let mut points = Vec::new();
    for text in source.tables()? {
        let table = CsvTable::parse(&text, ledger)?;
        let layout = Layout::of(&table)?;
        let mut shared = Shared::default();
        let (mut further, mut gone) = (0_u64, 0_u64);
        for row in &table.rows {
            let Some((standing, point)) = layout.point(&row, &mut shared) else {
                ledger.quarantine(Doubt {
                    kind: "bad_town_row",
                    row: row.row,
                    field: "",
                    said: &format!("{} {}", row.get(layout.municipality), row.get(layout.town)),
                    meant:
                        "市区町村・町丁目名・街区・緯度経度・フラグのどれかが読めません。この行は使いません"
                            .to_owned(),
                });
                continue;
            };
            ledger.store();
            match standing {
                Standing::Today => points.push(point),
                Standing::Further => further += 1,
                Standing::Gone => gone += 1,
            }
        }
        tell_left_out(further, gone, ledger);
    }
    Ok(points)
}

impl Layout {
    fn of(table: &CsvTable) -> Result<Self, IngestError> {
        if table.optional("街区符号・地番").is_some() {
            Self::of_blocks(table)
        } else if table.optional("town").is_some() {
            let [prefecture, municipality, town, koaza, x, y] =
                table.columns(&["pref", "city", "town", "koaza", "lng", "lat"])?;
            let (prefecture, koaza) = (Some(prefecture), Some(koaza));
            Ok(Self { prefecture, municipality, town, koaza, code: None, x, y, blocks: None })
        } else {
            let [municipality, town, code, x, y] =
                table.columns(&["市区町村コード", "大字町丁目名", "大字町丁目コード", "経度", "緯度"])?;
            let code = Some(code);
            Ok(Self { prefecture: None, municipality, town, koaza: None, code, x, y, blocks: None })
        }
    }

    fn of_blocks(table: &CsvTable) -> Result<Self, IngestError> {
        let is_earlier = table.optional("大字・町丁目名").is_some();
        let town = if is_earlier { "大字・町丁目名" } else { "大字・丁目名" };
        let [prefecture, municipality, town, koaza, x, y] =
            table.columns(&["都道府県名", "市区町村名", town, "小字・通称名", "経度", "緯度"])?;
        let [block, residential, representative] =
            table.columns(&["街区符号・地番", "住居表示フラグ", "代表フラグ"])?;
        let history = table.optional("更新後履歴フラグ");
        let blocks = Some(BlockColumns { block, residential, representative, history });
        let (prefecture, koaza) = (Some(prefecture), Some(koaza));
        Ok(Self { prefecture, municipality, town, koaza, code: None, x, y, blocks })
    }

    /// The point of a row; `None` where something of it cannot be read.
    fn point(&self, row: &Row, shared: &mut Shared) -> Option<(Standing, AddressPoint)> {
        let (municipality, town, koaza) =
            (row.get(self.municipality), row.get(self.town), row.get_if(self.koaza));
        let (standing, block, level) = match &self.blocks {
            Some(columns) => columns.block(row)?,
            // A block may lie in no 大字, a town may not.
            None if town.is_empty() => return None,
            None if koaza.is_empty() => (Standing::Today, "", AddressLevel::Town),
            None => (Standing::Today, "", AddressLevel::Koaza),
        };
        let municipality = match self.prefecture {
            None => TownMunicipality::Code(municipality.parse().ok()?),
            Some(_) if municipality.is_empty() => return None,
            Some(prefecture) => TownMunicipality::Name {
                prefecture: row.get(prefecture).to_owned(),
                municipality: municipality.to_owned(),
            },
        };
        let position = coordinates(row.get(self.x), row.get(self.y))?;
        let point = AddressPoint {
            row: row.row,
            municipality: shared.municipality(municipality),
            town: shared.town(town),
            koaza: koaza.to_owned(),
            block: block.to_owned(),
            level,
            code: row.get_if(self.code).to_owned(),
            position,
        };
        Some((standing, point))
    }
}

impl BlockColumns {
    fn block<'a>(&self, row: &'a Row) -> Option<(Standing, &'a str, AddressLevel)> {
        let block = row.get(self.block);
        let level = match row.get(self.residential) {
            _ if block.is_empty() => return None,
            "1" => AddressLevel::Block,
            "0" => AddressLevel::Lot,
            _ => return None,
        };
        let standing = match row.get(self.representative) {
            "0" | "1" if row.get_if(self.history) == "3" => Standing::Gone,
            "1" => Standing::Today,
            "0" => Standing::Further,
            _ => return None,
        };
        Some((standing, block, level))
    }
}

fn tell_left_out(further: u64, gone: u64, ledger: &mut Ledger) {
    if further + gone > 0 {
        ledger.note(Doubt {
            kind: "blocks_not_used",
            row: 0,
            field: "代表フラグ",
            said: "",
            meant: format!("代表点でない点 {further} 行と、廃止された街区 {gone} 行は位置の照合に使いません"),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::text::tests::{cp932, zipped};
    use geo::Point;
    use std::sync::Arc;

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
        assert_eq!(*towns[0].municipality, TownMunicipality::Code("30201".parse().expect("code")));
        assert_eq!(towns[0].level, AddressLevel::Town);
    }

    #[test]
    fn the_recut_layout_joins_town_and_koaza() {
        let text = "pref,city,town,koaza,lat,lng\n山梨県,中央市,山之神,流通団地一丁目,35.610623,138.516189\n";
        let mut ledger = Ledger::new("t.csv");
        let towns = read(&Source::of_bytes("t.csv", text.as_bytes()), &mut ledger).expect("read");
        assert_eq!(towns[0].town_and_koaza(), "山之神流通団地一丁目");
        assert_eq!((&*towns[0].town, towns[0].level), ("山之神", AddressLevel::Koaza));
    }

    #[test]
    fn representative_points_of_blocks_and_lots_are_answered_and_the_others_told() {
        let text = "\"都道府県名\",\"市区町村名\",\"大字・丁目名\",\"小字・通称名\",\"街区符号・地番\",\"座標系番号\",\"Ｘ座標\",\"Ｙ座標\",\"緯度\",\"経度\",\"住居表示フラグ\",\"代表フラグ\",\"更新前履歴フラグ\",\"更新後履歴フラグ\"\r\n\
            \"山梨県\",\"甲府市\",\"丸の内一丁目\",\"\",\"6\",\"8\",\"-37000.1\",\"6000.2\",\"35.664\",\"138.568\",\"1\",\"1\",\"0\",\"0\"\r\n\
            \"山梨県\",\"甲府市\",\"丸の内一丁目\",\"\",\"6\",\"8\",\"-37000.1\",\"6000.2\",\"35.665\",\"138.569\",\"1\",\"0\",\"0\",\"0\"\r\n\
            \"山梨県\",\"南巨摩郡早川町\",\"薬袋\",\"上村\",\"430\",\"8\",\"0\",\"0\",\"35.41\",\"138.36\",\"0\",\"1\",\"0\",\"1\"\r\n\
            \"山梨県\",\"南巨摩郡早川町\",\"薬袋\",\"上村\",\"431\",\"8\",\"0\",\"0\",\"35.41\",\"138.36\",\"0\",\"1\",\"0\",\"3\"\r\n\
            \"山梨県\",\"南巨摩郡早川町\",\"薬袋\",\"\",\"\",\"8\",\"0\",\"0\",\"35.41\",\"138.36\",\"0\",\"1\",\"0\",\"0\"\r\n\
            \"山梨県\",\"南都留郡道志村\",\"\",\"\",\"6181\",\"8\",\"0\",\"0\",\"35.53\",\"139.03\",\"0\",\"1\",\"0\",\"0\"\r\n\
            \"山梨県\",\"甲府市\",\"丸の内一丁目\",\"\",\"7\",\"8\",\"0\",\"0\",\"\",\"\",\"1\",\"1\",\"0\",\"0\"\r\n\
            \"山梨県\",\"甲府市\",\"丸の内一丁目\",\"\",\"8\",\"8\",\"0\",\"0\",\"35.6\",\"138.5\",\"1\",\"9\",\"0\",\"0\"\r\n";
        let mut ledger = Ledger::new("19000-23.0a.zip");
        let zip = zipped(&[("19000-23.0a\\19_2024.csv", &cp932(text))]);
        let points = read(&Source::of_bytes("19000-23.0a.zip", &zip), &mut ledger).expect("read");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (8, 5, 3));
        let found: Vec<_> =
            points.iter().map(|one| (one.row, one.town_and_koaza(), one.block.as_str(), one.level)).collect();
        let expected = [
            (2, "丸の内一丁目", "6", AddressLevel::Block),
            (4, "薬袋上村", "430", AddressLevel::Lot),
            (7, "", "6181", AddressLevel::Lot),
        ];
        assert_eq!(found, expected.map(|(row, town, block, level)| (row, town.to_owned(), block, level)));
        assert_eq!(points[0].position, Point::new(138.568, 35.664));
        let told: Vec<_> = ledger.findings.iter().map(|one| (one.kind.as_str(), one.row)).collect();
        let bad = |row| ("bad_town_row", Some(row));
        assert_eq!(told, [bad(6), bad(8), bad(9), ("blocks_not_used", None)]);
        assert!(ledger.findings[3].meant.contains("1 行と、廃止された街区 1 行"));
    }

    #[test]
    fn rows_of_one_town_share_its_name() {
        let text = "pref,city,town,koaza,lat,lng\n山梨県,中央市,山之神,甲,35.6,138.5\n山梨県,中央市,山之神,乙,35.6,138.5\n";
        let towns =
            read(&Source::of_bytes("t.csv", text.as_bytes()), &mut Ledger::new("t.csv")).expect("read");
        assert!(Arc::ptr_eq(&towns[0].town, &towns[1].town));
        assert!(Arc::ptr_eq(&towns[0].municipality, &towns[1].municipality));
    }

    #[test]
    fn a_table_without_points_is_refused() {
        let source = Source::of_bytes("t.csv", "pref,city,town\n山梨県,甲府市,湯村\n".as_bytes());
        assert!(matches!(read(&source, &mut Ledger::new("t.csv")), Err(IngestError::Header { .. })));
    }
}
