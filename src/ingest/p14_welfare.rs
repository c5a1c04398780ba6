//! 国土数値情報 P14 福祉施設: where welfare facilities stood in the year of the edition.
//!
//! The attributes mean other things in the editions of 2011 and 2015 (001 都道府県名, 002 市区町村名,
//! 003 所在地, 004 大分類, 005 小分類, 006 細分類, 007 名称, 008 管理者, 009 定員, 010 and 011 sources) and in
//! those of 2021 and later (001 都道府県名, 002 市区町村名, 003 行政区域コード, 004 所在地, 005 大分類,
//! 006 中分類, 007 小分類, 008 名称, 009 管理者, 010 位置正確度): only the former have an eleventh.

use crate::geometry::locate::Locator;
use crate::ingest::IngestError;
use crate::ingest::csv_table::whole_number;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::study::WelfareFacility;
use crate::ingest::text::Source;
use crate::ingest::vector::{VectorLayer, geometry, text, with_layer};
use geo::{Geometry, Point};
use serde::Deserialize;
use std::sync::LazyLock;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeTable {
    #[serde(rename = "as_of")]
    _as_of: String,
    #[serde(rename = "source")]
    _source: String,
    major: Vec<Code>,
    early: Vec<Code>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Code {
    code: String,
    label: String,
    #[serde(rename = "tag")]
    _tag: String,
}

static CODES: LazyLock<CodeTable> = LazyLock::new(|| {
    toml::from_str(include_str!("../../shapes/tables/welfare_classes.toml"))
        .expect("the table of welfare classes is part of the program and tested")
});

/// One facility as it stands.
pub(crate) struct WelfareRow {
    /// Feature number.
    row: u64,
    /// 都道府県名.
    pub prefecture: String,
    /// 名称.
    pub name: String,
    /// 所在地.
    pub address: String,
    major: String,
    class: String,
    class_name: Option<String>,
    capacity: Option<u32>,
    is_exact: Option<bool>,
    position: Point,
}

/// Positions of the attributes of one layout.
struct Layout {
    prefecture: usize,
    address: usize,
    name: usize,
    /// 大分類, of the later editions.
    major: Option<usize>,
    /// Codes of the kind, the finest first.
    classes: Vec<usize>,
    capacity: Option<usize>,
    accuracy: Option<usize>,
}

impl Layout {
    fn of(layer: &VectorLayer<'_>) -> Result<Self, IngestError> {
        let field = |name| layer.field(name);
        let prefecture = field("P14_001")?;
        Ok(if layer.optional("P14_011").is_some() {
            Self {
                prefecture,
                address: field("P14_003")?,
                name: field("P14_007")?,
                major: None,
                classes: vec![field("P14_006")?, field("P14_005")?],
                capacity: Some(field("P14_009")?),
                accuracy: None,
            }
        } else {
            Self {
                prefecture,
                address: field("P14_004")?,
                name: field("P14_008")?,
                major: Some(field("P14_005")?),
                classes: vec![field("P14_007")?, field("P14_006")?],
                capacity: None,
                accuracy: Some(field("P14_010")?),
            }
        })
    }
}

/// Reads every feature.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<WelfareRow>, IngestError> {
    with_layer(source, "P14_001", |layer| {
        ledger.layer = source.is_zip().then(|| layer.name.clone());
        let layout = Layout::of(&layer)?;
        let mut rows = Vec::new();
        layer.for_each(|row, feature| {
            let said = |field: usize| text(feature, field);
            let geometry = geometry(feature);
            let name = said(layout.name);
            let (Some(Geometry::Point(position)), false) = (geometry, name.is_empty()) else {
                return ledger.quarantine(Doubt {
                    kind: "bad_welfare_row",
                    row,
                    field: "",
                    said: &name,
                    meant: "位置か名称が読めません。この施設は使いません".to_owned(),
                });
            };
            ledger.store();
            let major = layout.major.map(said).unwrap_or_default();
            let class = layout.classes.iter().map(|field| said(*field)).find(|code| !code.is_empty());
            let class = class.unwrap_or_default();
            let (codes, code) =
                if layout.major.is_some() { (&CODES.major, &major) } else { (&CODES.early, &class) };
            let class_name = codes.iter().find(|known| known.code == *code).map(|known| known.label.clone());
            rows.push(WelfareRow {
                row,
                prefecture: said(layout.prefecture),
                name,
                address: said(layout.address),
                major,
                class,
                class_name,
                capacity: layout.capacity.and_then(|field| whole_number(&said(field))),
                is_exact: layout.accuracy.and_then(|field| match said(field).as_str() {
                    "1" => Some(true),
                    "2" | "3" | "4" | "5" => Some(false),
                    _ => None,
                }),
                position,
            });
        })?;
        Ok(rows)
    })
}

/// The facilities of the prefecture, in the order of the files. `prefecture` is its name.
pub(crate) fn take(
    files: Vec<(usize, Vec<WelfareRow>)>,
    prefecture: &str,
    locator: &Locator,
    ledgers: &mut [Ledger],
) -> Vec<WelfareFacility> {
    let mut facilities = Vec::new();
    for (input, rows) in files {
        for row in rows.into_iter().filter(|row| row.prefecture == prefecture) {
            let municipality = locator.find(row.position.0);
            if municipality.is_none() {
                ledgers[input].warn(Doubt {
                    kind: "point_outside_prefecture",
                    row: row.row,
                    field: "",
                    said: &row.name,
                    meant: "座標がどの市区町村の陸地にもありません。市区町村は不明として扱います".to_owned(),
                });
            }
            facilities.push(WelfareFacility {
                input,
                row: row.row,
                name: row.name,
                address: row.address,
                major: row.major,
                class: row.class,
                class_name: row.class_name,
                capacity: row.capacity,
                is_exact: row.is_exact,
                municipality,
                position: row.position,
            });
        }
    }
    facilities
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{MultiPolygon, Rect};

    fn file(rows: &[&[&str]]) -> Source {
        let feature = |values: &&[&str]| {
            let properties: serde_json::Map<_, _> = values
                .iter()
                .enumerate()
                .map(|(at, value)| (format!("P14_{:03}", at + 1), serde_json::json!(value)))
                .collect();
            serde_json::json!({ "type": "Feature", "properties": properties,
                                "geometry": { "type": "Point", "coordinates": [138.5, 35.6] } })
        };
        let features: Vec<_> = rows.iter().map(feature).collect();
        let file = serde_json::json!({ "type": "FeatureCollection", "features": features });
        Source::of_bytes("P14.geojson", file.to_string().as_bytes())
    }

    #[test]
    fn the_columns_of_both_layouts_are_read_by_their_own_meaning() {
        let early = file(&[
            &[
                "山梨県",
                "甲府市",
                "丸の内1",
                "19",
                "19001",
                "206",
                "甲訪問看護ステーション",
                "3",
                "",
                "原典",
                "資料",
            ],
            &[
                "山梨県",
                "甲府市",
                "丸の内2",
                "19",
                "19001",
                "201",
                "乙老人ホーム",
                "3",
                "50人",
                "原典",
                "資料",
            ],
        ]);
        let mut ledger = Ledger::new("P14-15.geojson");
        let rows = read(&early, &mut ledger).expect("early");
        assert_eq!((ledger.read, ledger.stored), (2, 2));
        let first = &rows[0];
        let named =
            (first.name.as_str(), first.address.as_str(), first.class_name.as_deref(), first.is_exact);
        assert_eq!(named, ("甲訪問看護ステーション", "丸の内1", Some("訪問看護ステーション"), None));
        assert_eq!((rows[1].class.as_str(), rows[1].class_name.as_deref()), ("201", None));

        let late = file(&[
            &["山梨県", "甲府市", "19201", "丸の内3", "02", "0201", "020101", "丙ホーム", "3", "1"],
            &["東京都", "北区", "13117", "西ヶ原1", "99", "9911", "", "丁作業所", "3", "4"],
            &["山梨県", "甲府市", "19201", "丸の内5", "02", "0201", "020101", "", "3", "1"],
        ]);
        let mut ledgers = [Ledger::new("P14-21.geojson")];
        let rows = read(&late, &mut ledgers[0]).expect("late");
        assert_eq!((ledgers[0].read, ledgers[0].stored, ledgers[0].quarantined), (3, 2, 1));
        assert_eq!((rows[1].class.as_str(), rows[1].is_exact), ("9911", Some(false)));
        let land = [MultiPolygon(vec![Rect::new((138.0, 35.0), (139.0, 36.0)).to_polygon()])];
        let taken = take(vec![(0, rows)], "山梨県", &Locator::new(&land), &mut ledgers);
        assert_eq!(taken.len(), 1);
        let one = &taken[0];
        assert_eq!(
            (one.name.as_str(), one.address.as_str(), one.municipality),
            ("丙ホーム", "丸の内3", Some(0))
        );
        assert_eq!(
            (one.major.as_str(), one.class_name.as_deref(), one.is_exact),
            ("02", Some("老人福祉施設"), Some(true))
        );
    }
}
