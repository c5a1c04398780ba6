//! 国土数値情報 A38 医療圏: which municipality lies in which 二次医療圏.
//!
//! The layer of 一次医療圏 (`A38a`) and that of 二次医療圏 (`A38b`) both hold the table; polygons come in
//! many parts, each with the same attributes. Only the table is taken: zones are drawn from the
//! municipalities.

use crate::ingest::IngestError;
use crate::ingest::area_membership::Membership;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::study::Area;
use crate::ingest::text::Source;
use crate::ingest::vector::{fields, text, with_layer};
use std::collections::BTreeMap;

/// Attributes of municipality, area code and area name.
const LAYERS: [[&str; 3]; 2] = [["A38a_001", "A38a_003", "A38a_004"], ["A38b_001", "A38b_003", "A38b_004"]];

/// Reads one row for each municipality and area. Every feature counts as read.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<Membership>, IngestError> {
    let present = fields(source)?;
    let holds = |names: &&[&str; 3]| present.iter().any(|layer| layer.iter().any(|field| field == names[0]));
    let [municipality, code, name] = *LAYERS.iter().find(holds).unwrap_or(&LAYERS[1]);
    with_layer(source, municipality, |layer| {
        ledger.layer = source.is_zip().then(|| layer.name.clone());
        let [at, of, called] = [layer.field(municipality)?, layer.field(code)?, layer.field(name)?];
        let mut known = BTreeMap::new();
        layer.for_each(|row, feature| {
            let said = text(feature, at);
            let area = Area { code: text(feature, of), name: text(feature, called) };
            let (Ok(municipality), false) = (said.parse(), area.code.is_empty() || area.name.is_empty())
            else {
                return ledger.quarantine(Doubt {
                    kind: "bad_area_row",
                    row,
                    field: municipality,
                    said: &said,
                    meant: "行政区域コードか二次医療圏のコード・名称が読めません。この地物は使いません"
                        .to_owned(),
                });
            };
            ledger.store();
            known.entry((municipality, area)).or_insert(row);
        })?;
        let rows = known.into_iter().map(|((municipality, area), row)| Membership {
            row,
            layer: None,
            municipality,
            town: None,
            area,
        });
        Ok(rows.collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn a_layer_of_something_else_is_refused_with_its_attributes() {
        let file = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"X":1},"geometry":null}]}"#;
        let source = Source::of_bytes("x.geojson", file.as_bytes());
        let message = read(&source, &mut Ledger::new("x.geojson")).err().expect("refused").to_string();
        assert!(message.contains("A38b_001") && message.contains('X'), "{message}");
    }
}
