//! 国土数値情報 P04 医療機関 (editions 2010, 2014, 2020): where hospitals, clinics and dental clinics stood.
//!
//! The editions are years old and hold institutions that have closed since, so nothing of them enters
//! the register but the coordinates of institutions that other files know at the same house.

use crate::ingest::IngestError;
use crate::ingest::iryo_joho_net::ListedInstitution;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::text::Source;
use crate::ingest::vector::{geometry, text, with_layer};
use geo::Geometry;

/// Reads every feature. `P04_001` uses the numbers of 機関区分: 1 病院, 2 診療所, 3 歯科診療所.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<ListedInstitution>, IngestError> {
    with_layer(source, "P04_001", |layer| {
        ledger.layer = source.is_zip().then(|| layer.name.clone());
        let class = layer.field("P04_001")?;
        let name = layer.field("P04_002")?;
        let address = layer.field("P04_003")?;
        let mut sites = Vec::new();
        layer.for_each(|row, feature| {
            let geometry = geometry(feature);
            let (class, name) = (text(feature, class), text(feature, name));
            let (Some(Geometry::Point(position)), false, "1" | "2" | "3") =
                (geometry, name.is_empty(), class.as_str())
            else {
                return ledger.quarantine(Doubt {
                    kind: "bad_site_row",
                    row,
                    field: "P04_001",
                    said: &format!("{class} {name}"),
                    meant: "位置・名称・医療機関分類（1〜3）のどれかが読めません。この地物は使いません"
                        .to_owned(),
                });
            };
            ledger.store();
            sites.push(ListedInstitution {
                row,
                id: row.to_string(),
                name,
                class,
                municipality: None,
                address: text(feature, address),
                position: Some(position),
                beds: None,
            });
        })?;
        Ok(sites)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_with_name_and_class_are_read_and_others_told() {
        let feature = |class: &str, name: &str, geometry: serde_json::Value| {
            serde_json::json!({
                "type": "Feature",
                "properties": { "P04_001": class, "P04_002": name, "P04_003": "甲府市丸の内１－６－１" },
                "geometry": geometry,
            })
        };
        let point = serde_json::json!({ "type": "Point", "coordinates": [138.5, 35.6] });
        let file = serde_json::json!({ "type": "FeatureCollection", "features": [
            feature("1", "（医）あ病院", point.clone()),
            feature("9", "い", point.clone()),
            feature("2", "", point),
            feature("3", "う歯科", serde_json::Value::Null),
        ] });
        let mut ledger = Ledger::new("P04.geojson");
        let source = Source::of_bytes("P04.geojson", file.to_string().as_bytes());
        let sites = read(&source, &mut ledger).expect("read");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (4, 1, 3));
        assert_eq!(
            (sites.len(), sites[0].name.as_str(), sites[0].position.is_some()),
            (1, "（医）あ病院", true)
        );
    }
}
