use super::*;
use crate::publish::{mvt, sample};
use crate::store::geopackage;
use crate::store::layer::{Column, ColumnKind, GeometryKind, Layer, Row, Value};
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use fast_mvt::{MvtReaderRef, MvtTile, MvtValue};
use geo::{line_string, polygon};
use tempfile::TempDir;
use tower::ServiceExt;

/// A study with one zone, two roads and a plain table.
fn layers() -> [Layer; 3] {
    let text = |text: &str| Value::Text(text.to_owned());
    let square = polygon![(x: 138.0, y: 35.0), (x: 139.0, y: 35.0), (x: 139.0, y: 36.0), (x: 138.0, y: 36.0)];
    let road = |class: &str, y: f64| Row {
        geometry: Some(line_string![(x: 138.1, y: y), (x: 138.9, y: y)].into()),
        values: vec![text(class)],
    };
    let layer = |name: &str, geometry, columns, rows| Layer {
        name: name.to_owned(),
        title: name.to_owned(),
        geometry,
        columns,
        rows,
    };
    [
        layer(
            "zones",
            Some(GeometryKind::Polygon),
            vec![Column::new("plan", ColumnKind::Text), Column::new("colour", ColumnKind::Integer)],
            vec![Row { geometry: Some(square.into()), values: vec![text("hokenjo"), Value::Integer(3)] }],
        ),
        layer(
            "roads",
            Some(GeometryKind::LineString),
            vec![Column::new("class", ColumnKind::Text)],
            vec![road("residential", 35.4), road("trunk_link", 35.6)],
        ),
        layer(
            "inputs",
            None,
            vec![Column::new("rows_read", ColumnKind::Integer)],
            vec![Row { geometry: None, values: vec![Value::Integer(1)] }],
        ),
    ]
}

fn study() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, json: serde_json::Result<Vec<u8>>| {
        std::fs::write(folder.path().join(name), json.unwrap()).unwrap();
    };
    put("summary.json", serde_json::to_vec(&sample::summary()));
    put("findings.json", serde_json::to_vec(&sample::findings()));
    geopackage::write(&folder.path().join("study.gpkg"), &layers()).unwrap();
    std::fs::create_dir(folder.path().join("layers")).unwrap();
    std::fs::write(folder.path().join("layers/zones.geojson"), "{}").unwrap();
    std::fs::write(folder.path().join("secret.txt"), "secret").unwrap();
    folder
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn tile(&self) -> MvtTile {
        MvtReaderRef::new(&self.body).unwrap().to_tile().unwrap()
    }
}

async fn send(folder: &TempDir, request: Request<Body>) -> Answer {
    send_to(&Arc::new(Workbench::open(folder.path()).unwrap()), request).await
}

async fn send_to(workbench: &Arc<Workbench>, request: Request<Body>) -> Answer {
    let response = router(Arc::clone(workbench)).oneshot(request).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    Answer { status, headers, body: to_bytes(response.into_body(), usize::MAX).await.unwrap() }
}

async fn get(path: &str) -> Answer {
    send(&study(), request(path)).await
}

fn request(path: &str) -> Request<Body> {
    Request::get(path).header(header::HOST, "127.0.0.1:8080").body(Body::empty()).unwrap()
}

#[tokio::test]
async fn the_summary_and_the_findings_are_those_of_the_folder() {
    let summary = get("/api/summary").await;
    assert_eq!((summary.status, summary.header(header::CONTENT_TYPE)), (StatusCode::OK, "application/json"));
    assert_eq!(summary.body, serde_json::to_vec(&sample::summary()).unwrap());
    let findings = get("/api/findings").await;
    assert_eq!(
        (findings.status, findings.header(header::CONTENT_TYPE)),
        (StatusCode::OK, "application/json")
    );
    assert_eq!(findings.body, serde_json::to_vec(&sample::findings()).unwrap());
}

#[tokio::test]
async fn the_quality_of_the_data_is_counted_from_both() {
    let answer = get("/api/quality").await;
    assert_eq!((answer.status, answer.header(header::CONTENT_TYPE)), (StatusCode::OK, "application/json"));
    let report: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    let (summary, findings) = (sample::summary(), sample::findings().findings);
    let of = |severity: &str| report["counts"][severity].as_u64().unwrap();
    assert_eq!(of("quarantined") + of("warning") + of("note"), findings.len() as u64);
    assert_eq!(report["inputs"].as_array().unwrap().len(), summary.study.inputs.len());
    assert_eq!(report["inputs"][0]["conserved"], true);
}

#[tokio::test]
async fn a_tile_has_the_layer_with_its_properties() {
    let answer = get("/tiles/zones/8/226/100").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header(header::CONTENT_TYPE), "application/vnd.mapbox-vector-tile");
    let tile = answer.tile();
    assert_eq!(tile.layers.len(), 1);
    assert_eq!(tile.layers[0].name, "zones");
    let feature = &tile.layers[0].features[0];
    assert_eq!(feature.id, Some(1));
    assert_eq!(
        feature.properties,
        [
            ("plan".to_owned(), MvtValue::String("hokenjo".to_owned())),
            ("colour".to_owned(), MvtValue::UInt(3)),
        ]
    );
}

#[tokio::test]
async fn small_roads_appear_only_at_high_zooms() {
    let classes = async |path: &str| -> Vec<MvtValue> {
        let features = get(path).await.tile().layers.remove(0).features;
        features.into_iter().flat_map(|feature| feature.properties).map(|(_, value)| value).collect()
    };
    let [residential, trunk] = ["residential", "trunk_link"].map(|class| MvtValue::String(class.to_owned()));
    assert_eq!(classes("/tiles/roads/5/28/12").await, std::slice::from_ref(&trunk));
    assert_eq!(classes("/tiles/roads/13/7247/3228").await, [trunk]);
    assert_eq!(classes("/tiles/roads/13/7247/3233").await, [residential]);
    assert_eq!(get("/tiles/roads/4/14/6").await.status, StatusCode::NO_CONTENT);
}

#[test]
fn the_index_finds_what_looking_at_every_row_finds() {
    let [zones, roads, _] = layers();
    for layer in [zones, roads] {
        let served = state::TileLayer::new(layer.clone());
        let rows: Vec<Row> = layer
            .rows
            .iter()
            .map(|row| Row { geometry: row.geometry.as_ref().map(mvt::project), values: row.values.clone() })
            .collect();
        let mut seen = 0;
        for (x, y) in (7240..7256).flat_map(|x| (3216..3240).map(move |y| (x, y))) {
            let tile = mvt::Tile::new(13, x, y).unwrap();
            let expected = mvt::encode(&layer.name, &layer.columns, (1..).zip(&rows), tile).unwrap();
            seen += usize::from(expected.is_some());
            assert_eq!(served.tile(tile).unwrap(), expected, "{} {x}/{y}", layer.name);
        }
        assert!(seen > 10, "{}", layer.name);
    }
}

#[tokio::test]
async fn a_tile_without_anything_to_see_has_no_content() {
    let answer = get("/tiles/zones/8/0/0").await;
    assert_eq!((answer.status, answer.body.len()), (StatusCode::NO_CONTENT, 0));
}

#[tokio::test]
async fn tiles_that_do_not_exist_are_a_bad_request_and_unknown_layers_not_found() {
    for path in ["/tiles/zones/8/256/0", "/tiles/zones/99/0/0", "/tiles/zones/8/-1/0", "/tiles/zones/a/b/c"] {
        let answer = get(path).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(answer.json()["error"].as_str().unwrap().contains("はありません"), "{path}");
    }
    for path in ["/tiles/unknown/8/0/0", "/tiles/inputs/8/0/0"] {
        let answer = get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.json()["error"].is_string());
    }
}

#[tokio::test]
async fn published_files_can_be_taken_away() {
    for (path, content_type) in [
        ("/files/summary.json", "application/json"),
        ("/files/findings.json", "application/json"),
        ("/files/study.gpkg", "application/geopackage+sqlite3"),
        ("/files/layers/zones.geojson", "application/geo+json"),
    ] {
        let answer = get(path).await;
        assert_eq!(
            (answer.status, answer.header(header::CONTENT_TYPE)),
            (StatusCode::OK, content_type),
            "{path}"
        );
        assert_eq!(answer.header(header::CONTENT_DISPOSITION), "attachment", "{path}");
        assert!(!answer.body.is_empty(), "{path}");
    }
}

#[tokio::test]
async fn nothing_but_published_files_can_be_taken_away() {
    for path in [
        "/files/secret.txt",
        "/files/tables.xlsx",
        "/files/layers/roads.geojson",
        "/files/../Cargo.toml",
        "/files/%2e%2e/Cargo.toml",
        "/files/layers/..%2f..%2fetc%2fpasswd.geojson",
        "/files/layers/../secret.txt",
        "/files//etc/passwd",
        "/files/",
        "/../../etc/passwd",
    ] {
        let answer = get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.json()["error"].is_string(), "{path}");
    }
}

#[tokio::test]
async fn a_foreign_host_is_refused_everywhere() {
    for path in ["/", "/api/summary", "/tiles/zones/8/226/100", "/files/study.gpkg", "/nothing"] {
        let request =
            Request::get(path).header(header::HOST, "rebound.example.com").body(Body::empty()).unwrap();
        let answer = send(&study(), request).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert!(answer.json()["error"].is_string());
    }
    let nameless = Request::get("/api/summary").body(Body::empty()).unwrap();
    assert_eq!(send(&study(), nameless).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn every_answer_keeps_the_page_to_this_server() {
    for path in ["/", "/api/summary", "/tiles/zones/8/0/0", "/nothing"] {
        let answer = get(path).await;
        let policy = answer.header(header::CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'self';") && !policy.contains("http"), "{path}: {policy}");
        assert!(policy.contains("worker-src 'self' blob:"), "{path}: {policy}");
        assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{path}");
    }
    assert_eq!(get("/api/summary").await.header(header::CACHE_CONTROL), "no-store");
}

#[tokio::test]
async fn nothing_can_be_written() {
    for path in ["/", "/api/summary", "/files/summary.json"] {
        let request = Request::post(path).header(header::HOST, "localhost").body(Body::empty()).unwrap();
        let answer = send(&study(), request).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert_eq!(answer.json()["error"], "このアドレスは、その方法（メソッド）を受け付けません");
    }
}

#[tokio::test]
async fn unknown_addresses_are_not_found() {
    for path in ["/nothing", "/api", "/api/unknown", "/tiles/zones/8"] {
        let answer = get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.json()["error"].is_string(), "{path}");
    }
}

#[tokio::test]
async fn figures_are_compressed_for_who_understands_it_and_workbooks_are_not() {
    let folder = study();
    let ask = |path: &str| {
        Request::get(path)
            .header(header::HOST, "localhost")
            .header(header::ACCEPT_ENCODING, "gzip")
            .body(Body::empty())
            .unwrap()
    };
    let summary = send(&folder, ask("/api/summary")).await;
    assert_eq!(summary.header(header::CONTENT_ENCODING), "gzip");
    assert!(summary.body.starts_with(&[0x1f, 0x8b]));
    let package = send(&folder, ask("/files/study.gpkg")).await;
    assert_eq!(package.header(header::CONTENT_ENCODING), "");
}

#[tokio::test]
async fn the_start_page_is_the_web_build_or_says_how_to_make_it() {
    let answer = get("/").await;
    let page = String::from_utf8(answer.body.to_vec()).unwrap();
    assert!(answer.header(header::CONTENT_TYPE).starts_with("text/html"));
    match answer.status {
        StatusCode::OK => assert!(page.contains("<script"), "{page}"),
        status => {
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
            assert!(page.contains("make demo で画面を組み立ててください"), "{page}");
        }
    }
}

#[tokio::test]
async fn a_folder_without_a_study_is_refused_by_the_name_of_what_is_missing() {
    let folder = study();
    std::fs::write(folder.path().join("findings.json"), "{\"findings\": 3}").unwrap();
    let message = serve(folder.path(), 0, |_| {}).await.unwrap_err().to_string();
    assert!(message.contains("findings.json") && message.contains("line 1"), "{message}");
    std::fs::remove_file(folder.path().join("summary.json")).unwrap();
    let message = serve(folder.path(), 0, |_| {}).await.unwrap_err().to_string();
    assert!(message.contains("summary.json") && message.contains("keniki plan"), "{message}");
}

#[tokio::test]
async fn a_study_planned_again_comes_with_the_next_page_and_its_files_not_before() {
    let folder = study();
    let workbench = Arc::new(Workbench::open(folder.path()).unwrap());
    let get = async |path: &str| send_to(&workbench, request(path)).await;
    let tile = "/tiles/zones/8/226/100";
    let planned_first = get(tile).await;
    assert_eq!(get("/files/study.gpkg").await.status, StatusCode::OK);

    let mut summary = sample::summary();
    summary.study.prefecture_name = "計画し直した県".to_owned();
    let anew = serde_json::to_vec(&summary).unwrap();
    let [mut zones, roads, inputs] = layers();
    zones.rows[0].values[1] = Value::Integer(5);
    std::fs::remove_file(folder.path().join("study.gpkg")).unwrap();
    geopackage::write(&folder.path().join("study.gpkg"), &[zones, roads, inputs]).unwrap();
    std::fs::write(folder.path().join("summary.json"), &anew).unwrap();

    for path in ["/files/study.gpkg", "/files/summary.json", "/files/layers/zones.geojson"] {
        let refused = get(path).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{path}");
        assert_eq!(refused.json()["error"], "計画し直されました。画面を再読み込みしてください");
    }
    assert_eq!(get(tile).await.body, planned_first.body, "the map stays with the page's figures");

    assert_eq!(get("/api/summary").await.body, anew);
    let planned_again = get(tile).await.tile();
    let colour = &planned_again.layers[0].features[0].properties[1];
    assert_eq!(colour, &("colour".to_owned(), MvtValue::UInt(5)));
    assert_eq!(get("/files/summary.json").await.body, anew);
}

#[tokio::test]
async fn a_study_that_has_gone_is_told_to_the_page_by_the_name_of_what_is_missing() {
    let folder = study();
    let workbench = Arc::new(Workbench::open(folder.path()).unwrap());
    std::fs::remove_file(folder.path().join("summary.json")).unwrap();
    let answer = send_to(&workbench, request("/api/summary")).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    let message = answer.json()["error"].as_str().unwrap().to_owned();
    assert!(message.contains("summary.json") && message.contains("keniki plan"), "{message}");
    assert_eq!(send_to(&workbench, request("/files/study.gpkg")).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_study_of_an_older_version_is_to_be_planned_again_for_travel_times() {
    for path in ["/api/isochrone?facility=1", "/api/reach?facility=1", "/api/matrix?facility=1"] {
        let answer = get(path).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        let message = answer.json()["error"].as_str().unwrap().to_owned();
        assert!(message.contains("roads") && message.contains("keniki plan で計画し直して"), "{message}");
    }
}

#[tokio::test]
async fn travel_times_of_another_planning_than_the_one_shown_are_refused() {
    let folder = study();
    let workbench = Arc::new(Workbench::open(folder.path()).unwrap());
    let mut summary = sample::summary();
    summary.study.prefecture_name = "計画し直した県".to_owned();
    std::fs::write(folder.path().join("summary.json"), serde_json::to_vec(&summary).unwrap()).unwrap();
    let answer = send_to(&workbench, request("/api/reach?facility=1")).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(answer.json()["error"], "計画し直されました。画面を再読み込みしてください");
}

#[tokio::test]
async fn questions_that_cannot_be_meant_are_refused_before_anything_is_read() {
    for (path, expected) in [
        ("/api/isochrone?facility=1&minutes=", "minutes=: 1から180"),
        ("/api/isochrone?facility=1&minutes=15,,30", "minutes=15,,30"),
        ("/api/reach?facility=1&ferries=maybe", "ferries=maybe: on・off"),
        ("/api/reach?facility=1&tolls=1", "tolls=1: on・off"),
        ("/api/matrix?facility=1&minutes=15", "minutes=15: この名前の条件はありません"),
        ("/api/matrix?facility=1&format=xlsx", "format=xlsx: json・csv"),
        ("/api/reach?facility=1&closed_ways=1,x", "closed_ways=1,x: OpenStreetMap の道路番号"),
        ("/api/reach?facility=1&closed_area=1,2,3,4", "closed_area=1,2,3,4: 経度,緯度"),
        ("/api/siting?service=1&sites=11", "sites=11: 1から10"),
        ("/api/siting?service=1&model=best", "model=best: mclp・lscp・backup・p-median"),
        ("/api/what-if?facility=1&change=move", "change=move: add・remove"),
        ("/api/matrix?facility=1&limit=99999999999", "limit=99999999999: 1から180"),
    ] {
        let answer = get(path).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        let message = answer.json()["error"].as_str().unwrap().to_owned();
        assert!(message.contains(expected), "{path}: {message}");
    }
}
