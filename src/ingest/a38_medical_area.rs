//! 国土数値情報 A38 医療圏: which municipality lies in which 二次医療圏.
//!
//! The layer of 一次医療圏 (`A38a`) and that of 二次医療圏 (`A38b`) both hold the table; polygons come in
//! many parts, each with the same attributes. Only the table is taken: zones are drawn from the
//! municipalities. Of a Shapefile the geometry, 1 GB in the edition of the whole country, is not even unpacked.

use crate::ids::MunicipalityCode;
use crate::ingest::IngestError;
use crate::ingest::area_membership::Membership;
use crate::ingest::attribute_table::{self, AttributeTable};
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::study::Area;
use crate::ingest::text::Source;
use crate::ingest::vector::{each_layer, fields, no_layer, text};
use std::collections::BTreeMap;

/// Attributes of municipality, area code and area name.
const LAYERS: [[&str; 3]; 2] = [["A38a_001", "A38a_003", "A38a_004"], ["A38b_001", "A38b_003", "A38b_004"]];

/// Attribute of the layer of 三次医療圏, which nobody reads.
const PREFECTURES: &str = "A38c_001";

/// Names of the tables of A38 in an archive; none where no layer is of use.
pub(crate) fn tables_in(source: &Source) -> Result<Vec<String>, IngestError> {
    let tables = attribute_table::tables(source)?;
    let is_read = |table: &AttributeTable| LAYERS.iter().any(|names| table.has(names[1]));
    if !tables.iter().any(is_read) {
        return Ok(Vec::new());
    }
    let own = tables.into_iter().filter(|table| is_read(table) || table.has(PREFECTURES));
    Ok(own.map(|table| table.name).collect())
}

/// Reads one row for each municipality and area from every layer of 一次医療圏, without one from those of 二次医療圏.
/// Every feature counts as read.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<Membership>, IngestError> {
    let tables = attribute_table::tables(source)?;
    let mut known = BTreeMap::new();
    if let Some(names) = LAYERS.iter().find(|names| tables.iter().any(|table| table.has(names[0]))) {
        for table in tables.iter().filter(|table| table.has(names[0])) {
            ledger.layer = source.is_zip().then(|| table.name.clone());
            table.for_each(*names, |row, values| take(row, values, names[0], &mut known, ledger))?;
        }
        return Ok(memberships(known));
    }
    let present = fields(source)?;
    let holds = |names: &&[&str; 3]| present.iter().any(|layer| layer.iter().any(|field| field == names[0]));
    let Some([municipality, code, name]) = LAYERS.iter().find(holds).copied() else {
        let found: Vec<String> = present.iter().map(|layer| layer.join(",")).collect();
        return Err(no_layer(source, LAYERS[1][0], &found));
    };
    each_layer(source, &[municipality], |layer| {
        ledger.layer = source.is_zip().then(|| layer.name.clone());
        let at = [layer.field(municipality)?, layer.field(code)?, layer.field(name)?];
        layer.for_each(|row, feature| {
            take(row, at.map(|field| text(feature, field)), municipality, &mut known, ledger);
        })
    })?;
    Ok(memberships(known))
}

/// Every municipality and area with the first row that tells of it.
type Known = BTreeMap<(MunicipalityCode, Area), u64>;

fn take(row: u64, values: [String; 3], field: &str, known: &mut Known, ledger: &mut Ledger) {
    let [said, code, name] = values;
    let area = Area { code, name };
    let (Ok(municipality), false) = (said.parse(), area.code.is_empty() || area.name.is_empty()) else {
        return ledger.quarantine(Doubt {
            kind: "bad_area_row",
            row,
            field,
            said: &said,
            meant: "行政区域コードか二次医療圏のコード・名称が読めません。この地物は使いません".to_owned(),
        });
    };
    ledger.store();
    known.entry((municipality, area)).or_insert(row);
}

fn memberships(known: Known) -> Vec<Membership> {
    let row = |((municipality, area), row)| Membership { row, layer: None, municipality, town: None, area };
    known.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::text::tests::zipped;
    use crate::ingest::vector::tests::shapefile;

    #[test]
    fn every_municipality_is_told_once_however_many_parts_it_has() {
        let folder = tempfile::tempdir().expect("folder");
        let square = "POLYGON ((138 35, 138 36, 139 36, 139 35, 138 35))";
        let rows: [(&[&str], &str); 4] = [
            (&["19201", "甲府市", "1901", "中北"], square),
            (&["19201", "甲府市", "1901", "中北"], square),
            (&["19202", "富士吉田市", "1904", "富士・東部"], square),
            (&["192", "", "1904", "富士・東部"], square),
        ];
        let path = shapefile(folder.path(), &["A38b_001", "A38b_002", "A38b_003", "A38b_004"], &rows);
        let mut ledger = Ledger::new("A38.shp");
        let found = read(&Source::open("A38.shp", &path).expect("open"), &mut ledger).expect("read");
        let told: Vec<_> =
            found.iter().map(|one| (one.municipality.as_str(), one.area.name.as_str())).collect();
        assert_eq!(told, [("19201", "中北"), ("19202", "富士・東部")]);
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (4, 3, 1));
    }

    #[test]
    fn the_attributes_are_read_without_the_geometry() {
        let folder = tempfile::tempdir().expect("folder");
        let rows: [(&[&str], &str); 1] =
            [(&["19201", "甲府市", "1901", "中北"], "POLYGON ((138 35, 138 36, 139 36, 139 35, 138 35))")];
        let path = shapefile(folder.path(), &["A38b_001", "A38b_002", "A38b_003", "A38b_004"], &rows);
        let table = std::fs::read(path.with_extension("dbf")).expect("part");
        let zip = |table: &[u8]| {
            let members = [("A38-20_2.shp", b"no geometry".as_slice()), ("A38-20_2.dbf", table)];
            Source::of_bytes("A38-20_GML.zip", &zipped(&members))
        };
        assert_eq!(tables_in(&zip(&table)).expect("read"), ["A38-20_2.dbf"]);
        let mut ledger = Ledger::new("A38-20_GML.zip");
        let found = read(&zip(&table), &mut ledger).expect("read");
        let told: Vec<_> = found.iter().map(|one| (one.area.code.as_str(), one.area.name.as_str())).collect();
        assert_eq!(told, [("1901", "中北")]);
        let cut = read(&zip(&table[..table.len() - 40]), &mut ledger).err().expect("refused").to_string();
        assert!(cut.contains("A38-20_2.dbf の 1 行目") && cut.contains("途中で切れています"), "{cut}");
    }

    #[test]
    fn a_layer_of_something_else_is_refused_with_its_attributes() {
        let file = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"X":1},"geometry":null}]}"#;
        let source = Source::of_bytes("x.geojson", file.as_bytes());
        let message = read(&source, &mut Ledger::new("x.geojson")).err().expect("refused").to_string();
        assert!(message.contains("A38b_001") && message.contains('X'), "{message}");
    }
}
