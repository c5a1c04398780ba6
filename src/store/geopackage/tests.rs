use super::*;
use crate::store::layer::{Column, ColumnKind, GeometryKind, Layer, Row, Value};
use geo::{Geometry, MultiPolygon, point, polygon};
use std::path::Path;
use std::process::Command;

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn municipalities() -> Layer {
    let square = polygon![
        (x: 138.0, y: 35.0), (x: 138.5, y: 35.0), (x: 138.5, y: 35.5), (x: 138.0, y: 35.5),
    ];
    let island = polygon![(x: 139.0, y: 35.0), (x: 139.1, y: 35.0), (x: 139.1, y: 35.1)];
    Layer {
        name: "municipalities".to_owned(),
        title: "市区町村".to_owned(),
        geometry: Some(GeometryKind::MultiPolygon),
        columns: vec![
            Column::new("code", ColumnKind::Text),
            Column::new("minutes:在支診・在支病", ColumnKind::Real),
            Column::new("people \"75+\"", ColumnKind::Integer),
            Column::new("linked", ColumnKind::Boolean),
        ],
        rows: vec![
            Row {
                geometry: Some(MultiPolygon(vec![square, island]).into()),
                values: vec![text("99201"), Value::Real(12.5), Value::Integer(-3), Value::Boolean(true)],
            },
            Row {
                geometry: None,
                values: vec![text("'九九'"), Value::Null, Value::Null, Value::Boolean(false)],
            },
        ],
    }
}

fn facilities(count: u32) -> Layer {
    Layer {
        name: "facilities".to_owned(),
        title: "施設".to_owned(),
        geometry: Some(GeometryKind::Point),
        columns: vec![Column::new("id", ColumnKind::Text)],
        rows: (0..count)
            .map(|n| {
                let (x, y) = (f64::from(n % 97) / 100.0, f64::from(n % 89) / 100.0);
                Row {
                    geometry: Some(Geometry::Point(point! { x: 138.0 + x, y: 35.0 + y })),
                    values: vec![text(&format!("iryo:{n}"))],
                }
            })
            .collect(),
    }
}

fn inputs() -> Layer {
    Layer {
        name: "inputs".to_owned(),
        title: "入力ファイル".to_owned(),
        geometry: None,
        columns: vec![Column::new("rows_read", ColumnKind::Integer)],
        rows: vec![Row { geometry: None, values: vec![Value::Integer(i64::MAX)] }],
    }
}

fn ogrinfo(path: &Path, arguments: &[&str]) -> String {
    let output = Command::new("ogrinfo").args(arguments).arg(path).output().expect("gdal-bin is installed");
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "GDAL warns of nothing");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn layers_come_back_as_they_went() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study.gpkg");
    let layers = [municipalities(), facilities(3), inputs()];
    write(&path, &layers).unwrap();
    let package = GeoPackage::open(&path).unwrap();
    assert_eq!(package.layers_with_geometry().unwrap(), ["municipalities", "facilities"]);
    for layer in layers {
        assert_eq!(package.read_layer(&layer.name).unwrap(), layer);
    }
}

#[test]
fn some_columns_of_a_layer_come_back_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study.gpkg");
    write(&path, &[municipalities()]).unwrap();
    let read =
        GeoPackage::open(&path).unwrap().read_columns("municipalities", |name| name == "linked").unwrap();
    assert_eq!(read.columns, [Column::new("linked", ColumnKind::Boolean)]);
    assert_eq!(read.rows[0].values, [Value::Boolean(true)]);
    assert_eq!(read.rows[0].geometry, municipalities().rows[0].geometry);
}

#[test]
fn the_same_layers_give_the_same_bytes_and_nothing_but_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let layers = [municipalities(), facilities(20_000), inputs()];
    let [first, second] = ["a.gpkg", "b.gpkg"].map(|name| {
        let path = folder.path().join(name);
        write(&path, &layers).unwrap();
        std::fs::read(path).unwrap()
    });
    assert!(first == second);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn gdal_reads_every_layer_with_its_reference_system() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study.gpkg");
    write(&path, &[municipalities(), facilities(3), inputs()]).unwrap();
    let said = ogrinfo(&path, &["-al", "-ro"]);
    for expected in [
        "Layer name: municipalities",
        "Geometry: Multi Polygon",
        "Extent: (138.000000, 35.000000) - (139.100000, 35.500000)",
        "ID[\"EPSG\",6668]",
        "minutes:在支診・在支病: Real (0.0)",
        "linked: Integer(Boolean) (0.0)",
        "MULTIPOLYGON (((138 35,138.5 35.0,138.5 35.5,138.0 35.5,138 35)),((139 35,139.1 35.0,139.1 35.1,139 35)))",
        "Layer name: facilities",
        "Geometry: Point",
        "Layer name: inputs",
        "Geometry: None",
        "rows_read (Integer64) = 9223372036854775807",
    ] {
        assert!(said.contains(expected), "{expected:?} is missing in\n{said}");
    }
}

#[test]
fn gdal_finds_rows_through_the_spatial_index() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study.gpkg");
    write(&path, &[facilities(97)]).unwrap();
    let said = ogrinfo(&path, &["-ro", "-so", "-al", "-spat", "138.095", "35.095", "138.125", "35.125"]);
    assert!(said.contains("Feature Count: 3"), "{said}");
    let indexed = ogrinfo(&path, &["-ro", "-q", "-sql", "SELECT HasSpatialIndex('facilities', 'geom')"]);
    assert!(indexed.contains("HasSpatialIndex (Integer) = 1"), "{indexed}");
}

#[test]
fn an_edit_by_gdal_keeps_the_spatial_index_right() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study.gpkg");
    write(&path, &[facilities(3)]).unwrap();
    ogrinfo(&path, &["-q", "-sql", "DELETE FROM facilities WHERE fid = 2"]);
    let left =
        ogrinfo(&path, &["-ro", "-q", "-sql", "SELECT count(*) AS indexed FROM rtree_facilities_geom"]);
    assert!(left.contains("indexed (Integer) = 2"), "{left}");
}

#[test]
fn a_file_that_is_there_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study.gpkg");
    std::fs::write(&path, "somebody's").unwrap();
    assert!(
        write(&path, &[inputs()])
            .unwrap_err()
            .to_string()
            .contains("study.gpkg: 同じ名前のファイルがすでにあります")
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "somebody's");
}

#[test]
fn errors_name_the_file_and_the_table() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study.gpkg");
    std::fs::write(&path, "not a database, but long enough to be looked at as one").unwrap();
    let message = GeoPackage::open(&path).unwrap_err().to_string();
    assert!(message.contains("study.gpkg") && message.contains("gpkg_contents"), "{message}");

    let twice = folder.path().join("twice.gpkg");
    let message = write(&twice, &[inputs(), inputs()]).unwrap_err().to_string();
    assert!(message.contains("twice.gpkg: 表 inputs: "), "{message}");

    let good = folder.path().join("good.gpkg");
    write(&good, &[inputs()]).unwrap();
    let message = GeoPackage::open(&good).unwrap().read_layer("roads").unwrap_err().to_string();
    assert!(message.contains("good.gpkg: 表 roads: この表がありません"), "{message}");
}

#[test]
fn a_study_that_is_not_there_is_told_with_the_command_that_makes_it() {
    let message = GeoPackage::open(Path::new("/nowhere/study.gpkg")).unwrap_err().to_string();
    assert!(message.starts_with("/nowhere/study.gpkg: ファイルがありません"), "{message}");
    assert!(message.contains("keniki plan"), "{message}");
}
