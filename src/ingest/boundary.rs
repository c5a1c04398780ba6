//! 国土数値情報 N03 行政区域: the municipalities and their borders.

use crate::ids::MunicipalityCode;
use crate::ingest::IngestError;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::study::Municipality;
use crate::ingest::text::Source;
use crate::ingest::vector::{self, with_layer};
use geo::orient::{Direction, Orient};
use geo::{CoordsIter, Geometry, MultiPolygon, Polygon};
use std::collections::{BTreeMap, BTreeSet};

/// Name of land that belongs to no municipality.
const UNASSIGNED: &str = "所属未定地";

/// One feature: a piece of a municipality, or of unassigned land.
pub(crate) struct BoundaryPart {
    /// 都道府県名.
    pub prefecture: String,
    /// 郡 of the municipality, where it has one.
    pub county: Option<String>,
    /// Name without prefecture and 郡; wards with their city.
    pub name: String,
    /// Code; `None` = 所属未定地.
    pub code: Option<MunicipalityCode>,
    /// Its polygons, exterior rings counter-clockwise.
    pub polygons: Vec<Polygon>,
}

/// Reads every feature. Attributes of both layouts are known: until 2023 `N03_003` is 郡 or 政令市
/// and `N03_004` the municipality or ward; from 2024 `N03_004` is always the municipality and
/// `N03_005` the ward.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<BoundaryPart>, IngestError> {
    with_layer(source, "N03_007", |layer| {
        ledger.layer = source.is_zip().then(|| layer.name.clone());
        let prefecture = layer.field("N03_001")?;
        let county = layer.field("N03_003")?;
        let city = layer.field("N03_004")?;
        let ward = layer.optional("N03_005");
        let code = layer.field("N03_007")?;
        let mut parts = Vec::new();
        layer.for_each(|row, feature| {
            let text = |field| vector::text(feature, field);
            let (county, city) = (text(county), text(city));
            let ward = ward.map(text).unwrap_or_default();
            let code = match text(code) {
                _ if city == UNASSIGNED => None,
                said => match said.parse() {
                    Ok(code) => Some(code),
                    Err(_) => return ledger.quarantine(bad_code(row, &said, &city)),
                },
            };
            let Some(polygons) = polygons(vector::geometry(feature)) else {
                return ledger.quarantine(Doubt {
                    kind: "bad_geometry",
                    row,
                    field: "",
                    said: &city,
                    meant: "多角形として読めない図形です。この図形は使いません".to_owned(),
                });
            };
            ledger.store();
            parts.push(BoundaryPart {
                prefecture: text(prefecture),
                name: full_name(&county, &city, &ward),
                county: county.ends_with('郡').then_some(county),
                code,
                polygons,
            });
        })?;
        Ok(parts)
    })
}

fn bad_code<'a>(row: u64, said: &'a str, city: &str) -> Doubt<'a> {
    Doubt {
        kind: "bad_municipality_code",
        row,
        field: "N03_007",
        said,
        meant: format!("「{city}」の行政区域コードが 5 桁の数字ではありません。この図形は使いません"),
    }
}

fn full_name(county: &str, city: &str, ward: &str) -> String {
    if county.ends_with('市') && city.ends_with('区') {
        format!("{county}{city}")
    } else {
        format!("{city}{ward}")
    }
}

/// Polygons in longitude and latitude; `None` for anything else.
pub(crate) fn polygons(geometry: Option<Geometry>) -> Option<Vec<Polygon>> {
    let polygons = match geometry? {
        Geometry::Polygon(polygon) => vec![polygon],
        Geometry::MultiPolygon(polygons) => polygons.0,
        _ => return None,
    };
    let sound = !polygons.is_empty()
        && polygons.iter().all(|polygon| polygon.exterior().0.len() >= 4)
        && polygons
            .iter()
            .flat_map(CoordsIter::coords_iter)
            .all(|at| at.x.abs() <= 180.0 && at.y.abs() <= 90.0);
    sound.then(|| polygons.into_iter().map(|polygon| polygon.orient(Direction::Default)).collect())
}

/// The municipalities of one prefecture in order of code, 郡 by code, and its unassigned land.
pub(crate) struct Dissolved {
    /// Municipalities without areas and offices yet.
    pub municipalities: Vec<Municipality>,
    /// 郡 of each municipality that lies in one.
    pub counties: BTreeMap<MunicipalityCode, String>,
    /// 所属未定地.
    pub unassigned_land: MultiPolygon,
}

/// Collects the parts of each code into one multipolygon. Parts of other prefectures are left out.
/// Each file comes with its name.
///
/// # Errors
/// A municipality of the prefecture in two files: its land would lie over itself.
pub(crate) fn dissolve(
    files: Vec<(&str, Vec<BoundaryPart>)>,
    prefecture: &str,
) -> Result<Dissolved, IngestError> {
    let of_prefecture = |code: &MunicipalityCode| code.prefecture() == prefecture;
    let names: BTreeSet<String> = files
        .iter()
        .flat_map(|(_, parts)| parts)
        .filter(|part| part.code.as_ref().is_some_and(of_prefecture))
        .map(|part| part.prefecture.clone())
        .collect();
    let mut municipalities: BTreeMap<MunicipalityCode, Municipality> = BTreeMap::new();
    let mut file_of: BTreeMap<MunicipalityCode, &str> = BTreeMap::new();
    let mut counties = BTreeMap::new();
    let mut unassigned_land = MultiPolygon(Vec::new());
    let parts = files.into_iter().flat_map(|(file, parts)| parts.into_iter().map(move |part| (file, part)));
    for (file, part) in parts {
        match part.code {
            None if names.contains(&part.prefecture) => unassigned_land.0.extend(part.polygons),
            Some(code) if of_prefecture(&code) => {
                let first = *file_of.entry(code).or_insert(file);
                if first != file {
                    return Err(twice(first, file, code, &part.name));
                }
                counties.extend(part.county.map(|county| (code, county)));
                let entry = municipalities.entry(code).or_insert_with(|| Municipality {
                    code,
                    name: part.name,
                    boundary: MultiPolygon(Vec::new()),
                    areas: BTreeMap::new(),
                    further: BTreeMap::new(),
                    office: None,
                });
                entry.boundary.0.extend(part.polygons);
            }
            _ => {}
        }
    }
    Ok(Dissolved { municipalities: municipalities.into_values().collect(), counties, unassigned_land })
}

fn twice(first: &str, second: &str, code: MunicipalityCode, name: &str) -> IngestError {
    IngestError::Broken {
        file: second.to_owned(),
        place: format!("N03_007 の {code}（{name}）"),
        found: format!("{first} にもある市区町村です"),
        expected: "一つの市区町村は一つの行政区域ファイルにだけ".to_owned(),
        remedy: "二つのファイルのうち一つをマニフェストから外してください".to_owned(),
    }
}

/// Position of a municipality in the list, which is in order of code.
pub(crate) fn position_of(municipalities: &[Municipality], code: MunicipalityCode) -> Option<usize> {
    municipalities.binary_search_by_key(&code, |municipality| municipality.code).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::vector::tests::shapefile;
    use geo::{Area, Winding};

    const FIELDS: [&str; 5] = ["N03_001", "N03_002", "N03_003", "N03_004", "N03_007"];

    fn square(west: u32) -> String {
        // Clockwise, as Shapefiles are.
        format!("POLYGON (({west} 35, {west} 36, {east} 36, {east} 35, {west} 35))", east = west + 1)
    }

    #[test]
    fn parts_of_a_code_become_one_municipality_and_unassigned_land_stays_apart() {
        let folder = tempfile::tempdir().expect("folder");
        let rows = [
            (["静岡県", "", "浜松市", "中区", "22131"], square(137)),
            (["静岡県", "", "賀茂郡", "西伊豆町", "22306"], square(138)),
            (["静岡県", "", "賀茂郡", "西伊豆町", "22306"], square(140)),
            (["静岡県", "", "", "所属未定地", ""], square(142)),
            (["愛知県", "", "", "所属未定地", ""], square(143)),
            (["愛知県", "", "", "豊橋市", "23201"], square(144)),
            (["静岡県", "", "", "焼津市", "2221"], square(145)),
        ];
        let rows: Vec<(&[&str], &str)> =
            rows.iter().map(|(values, wkt)| (values.as_slice(), wkt.as_str())).collect();
        let path = shapefile(folder.path(), &FIELDS, &rows);
        let mut ledger = Ledger::new("N03.shp");
        let parts = read(&Source::open("N03.shp", &path).expect("open"), &mut ledger).expect("read");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (7, 6, 1));
        assert_eq!(ledger.findings[0].row, Some(7));
        let dissolved = dissolve(vec![("N03.shp", parts)], "22").expect("each once");
        let names: Vec<_> = dissolved
            .municipalities
            .iter()
            .map(|one| (one.code.as_str(), one.name.as_str(), one.boundary.0.len()))
            .collect();
        assert_eq!(names, [("22131", "浜松市中区", 1), ("22306", "西伊豆町", 2)]);
        assert_eq!(dissolved.counties.values().collect::<Vec<_>>(), ["賀茂郡"]);
        assert!((dissolved.unassigned_land.unsigned_area() - 1.0).abs() < 1e-9);
        assert!(dissolved.municipalities[1].boundary.0.iter().all(|part| part.exterior().is_ccw()));
    }

    #[test]
    fn a_municipality_in_two_files_is_refused_and_both_are_named() {
        let part = |code: &str| BoundaryPart {
            prefecture: "静岡県".to_owned(),
            county: None,
            name: "焼津市".to_owned(),
            code: Some(code.parse().expect("code")),
            polygons: vec![geo::Rect::new((138.0, 35.0), (139.0, 36.0)).to_polygon()],
        };
        let files = |code| vec![("a.shp", vec![part("22212")]), ("b.geojson", vec![part(code)])];
        let message = dissolve(files("22212"), "22").err().expect("refused").to_string();
        assert!(message.starts_with("b.geojson: N03_007 の 22212（焼津市）: a.shp にもある"), "{message}");
        assert_eq!(dissolve(files("22213"), "22").expect("two").municipalities.len(), 2);
        assert!(dissolve(files("22212"), "19").expect("not ours").municipalities.is_empty());
    }

    #[test]
    fn wards_of_the_layout_from_2024_are_named_with_their_city() {
        let feature = |city: &str, ward: &str, code: &str, west: f64| {
            serde_json::json!({
                "type": "Feature",
                "properties": { "N03_001": "静岡県", "N03_002": null, "N03_003": null,
                                "N03_004": city, "N03_005": ward, "N03_007": code },
                "geometry": { "type": "Polygon", "coordinates":
                    [[[west, 35.0], [west + 1.0, 35.0], [west + 1.0, 36.0], [west, 36.0], [west, 35.0]]] }
            })
        };
        let file = serde_json::json!({ "type": "FeatureCollection", "features": [
            feature("浜松市", "天竜区", "22140", 137.0),
            feature("焼津市", "", "22212", 138.0),
        ] });
        let source = Source::of_bytes("N03.geojson", file.to_string().as_bytes());
        let mut ledger = Ledger::new("N03.geojson");
        let parts = read(&source, &mut ledger).expect("read");
        let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(names, ["浜松市天竜区", "焼津市"]);
    }

    /// 札幌市の区, a town of a 郡 and unassigned land, in the layout to 2023 or in that from 2024.
    fn hokkaido(is_late: bool) -> String {
        let feature = |district: &str, upper: &str, lower: &str, code: Option<&str>, west: f64| {
            let is_ward = upper.ends_with('市');
            let (county, city, ward) = match (is_late, is_ward) {
                (true, true) => (None, upper, Some(lower)),
                (true, false) => (Some(upper), lower, None),
                (false, _) => (Some(upper), lower, None),
            };
            let mut properties = serde_json::json!({ "N03_001": "北海道", "N03_002": district,
                "N03_003": county, "N03_004": city, "N03_007": code });
            if is_late {
                properties["N03_005"] = serde_json::json!(ward);
            }
            serde_json::json!({ "type": "Feature", "properties": properties,
                "geometry": { "type": "Polygon", "coordinates":
                    [[[west, 43.0], [west + 1.0, 43.0], [west + 1.0, 44.0], [west, 44.0], [west, 43.0]]] } })
        };
        let features = [
            feature("石狩振興局", "札幌市", "中央区", Some("01101"), 141.0),
            feature("石狩振興局", "札幌市", "清田区", Some("01110"), 142.0),
            feature("石狩振興局", "石狩郡", "当別町", Some("01303"), 143.0),
            feature("石狩振興局", "石狩郡", "当別町", Some("01303"), 145.0),
            feature("", "", "所属未定地", None, 147.0),
        ];
        serde_json::json!({ "type": "FeatureCollection", "features": features }).to_string()
    }

    #[test]
    fn both_layouts_say_the_same_of_the_same_land() {
        let [early, late] = [false, true].map(|is_late| {
            let source = Source::of_bytes("N03.geojson", hokkaido(is_late).as_bytes());
            let mut ledger = Ledger::new("N03.geojson");
            let parts = read(&source, &mut ledger).expect("read");
            assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (5, 5, 0));
            dissolve(vec![("N03.geojson", parts)], "01").expect("each once")
        });
        let told = |dissolved: &Dissolved| -> Vec<(String, String, usize)> {
            let municipalities = dissolved.municipalities.iter();
            municipalities.map(|one| (one.code.to_string(), one.name.clone(), one.boundary.0.len())).collect()
        };
        let expected = [("01101", "札幌市中央区", 1), ("01110", "札幌市清田区", 1), ("01303", "当別町", 2)];
        assert_eq!(
            told(&late),
            expected.map(|(code, name, parts)| (code.to_owned(), name.to_owned(), parts))
        );
        assert_eq!(told(&early), told(&late));
        assert_eq!(early.counties, late.counties);
        assert_eq!(late.counties.values().collect::<Vec<_>>(), ["石狩郡"]);
        assert_eq!((early.unassigned_land.0.len(), late.unassigned_land.0.len()), (1, 1));
    }
}
