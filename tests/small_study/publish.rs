//! The summary and the layers of the study.

use crate::scene::{F, HOSPITAL, Scene, profile, weights};
use crate::zoning::rules;
use keniki::access::coverage::coverage;
use keniki::access::gaps::gaps;
use keniki::assess::beside::Beside;
use keniki::ingest::study::{Area, AreaSystem};
use keniki::publish::PublishedLayer;
use keniki::publish::layers::layers;
use keniki::publish::report::summary;
use keniki::publish::results::Results;
use keniki::store::layer::{Layer, Value as Cell};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a scene publishes: the summary as JSON, and the layers.
struct Published {
    summary: Value,
    layers: Vec<PublishedLayer>,
}

impl Scene {
    fn publish(&self) -> Published {
        let rules = rules();
        let access = self.access();
        let active = rules.candidates.active(&self.study);
        let results = Results {
            study: &self.study,
            profile: &profile(),
            scenario: None,
            network: &self.roadway.network,
            linkage: &self.roadway.linkage,
            access: &access,
            coverage: &coverage(&self.study, &access.services),
            gaps: &gaps(&self.study, &access.services),
            weights: &weights(),
            demand: &self.demand(),
            rules: &rules,
            active: active.as_deref(),
            neighbours: &self.neighbours(),
            touching: &self.touching(),
            plans: &self.plans(),
            overlays: &[],
        };
        Published {
            summary: serde_json::to_value(summary(&results)).expect("figures are JSON"),
            layers: layers(&results),
        }
    }
}

impl Published {
    fn layer(&self, name: &str) -> &Layer {
        &self.layers.iter().find(|published| published.layer.name == name).expect("a layer").layer
    }

    /// The rows of a list of the summary for which a key has a value.
    fn rows(&self, list: &str, key: &str, value: &str) -> Vec<&Value> {
        self.summary[list].as_array().expect("a list").iter().filter(|row| row[key] == value).collect()
    }

    fn plan(&self, id: &str) -> &Value {
        self.rows("plans", "id", id)[0]
    }
}

/// The rows of a layer by the names of their columns.
fn rows(layer: &Layer) -> Vec<BTreeMap<&str, &Cell>> {
    let names = || layer.columns.iter().map(|column| column.name.as_str());
    layer.rows.iter().map(|row| names().zip(&row.values).collect()).collect()
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn close(value: &Value, expected: f64) -> bool {
    value.as_f64().is_some_and(|value| (value - expected).abs() <= 1e-9 * expected.abs())
}

#[test]
fn the_summary_has_every_key_that_others_rely_on() {
    let Published { summary, .. } = Scene::new().publish();
    for key in [
        "study",
        "municipalities",
        "population",
        "facilities",
        "geocoding",
        "network",
        "coverage",
        "gaps",
        "demand",
        "plans",
    ] {
        assert!(!summary[key].is_null(), "{key}");
    }
    for key in ["prefecture_code", "program_version", "inputs"] {
        assert!(!summary["study"][key].is_null(), "{key}");
    }
    for key in ["id", "name", "zones", "assignment", "figures", "audit"] {
        assert!(!summary["plans"][0][key].is_null(), "{key}");
    }
}

#[test]
fn study_people_and_institutions_are_counted() {
    let published = Scene::new().publish();
    let summary = &published.summary;
    assert_eq!(summary["study"]["prefecture_code"], "48");
    let rows = |input: usize| {
        let input = &summary["study"]["inputs"][input];
        ["rows_read", "rows_stored", "rows_quarantined"].map(|key| input[key].as_u64().expect("a count"))
    };
    assert_eq!([rows(0), rows(1)], [[6, 5, 1], [1, 1, 0]]);
    let bounds = summary["study"]["bounds"].as_array().expect("four numbers");
    // 17 columns of 1/80° and 10 rows of 1/120°.
    for (found, expected) in bounds.iter().zip([138.5, 35.0 + 35.0 / 60.0, 138.7125, 35.0 + 40.0 / 60.0]) {
        assert!(close(found, expected), "{found} {expected}");
    }
    assert_eq!(summary["municipalities"], 4);
    let people = json!({
        "year": 2020, "total": 8_160, "age_65_plus": 4_080, "age_75_plus": 2_040, "age_85_plus": 510,
    });
    assert_eq!(summary["population"], people);
    let classes = json!({
        "病院": 1, "診療所": 3, "歯科診療所": 1, "薬局": 0,
        "支援診1": 0, "支援診2": 2, "支援診3": 1, "支援病1": 0, "支援病2": 1, "支援病3": 0, "在後病": 1,
        "在医総管": 0, "歯援診1": 1, "歯援診2": 0, "歯援病": 0, "在薬": 0, "訪問看護": null, "訪問リハ": null,
        "急変時受入病床": null,
        "訪問看護24時間": null, "訪問栄養": null, "有床診": null, "救急医療": null,
    });
    assert_eq!(summary["facilities"], classes);
    let precisions = |town, unlocated| {
        json!({
            "corrected": 0, "point": 0, "block": 0, "chome": 0, "town": town, "municipality": 0,
            "unlocated": unlocated,
        })
    };
    assert_eq!(summary["geocoding"], precisions(4, 1));
    let by_source = json!({ "todokede": precisions(4, 1), "iryo_joho_net": precisions(1, 0) });
    assert_eq!(summary["geocoding_by_source"], by_source);
}

#[test]
fn roads_and_what_has_none_are_counted() {
    let published = Scene::new().publish();
    let network = &published.summary["network"];
    assert_eq!((&network["nodes"], &network["edges"]), (&json!(10), &json!(10)));
    // Geodesic lengths by pyproj, one after the other as in the table of the scene; P–Q 924.597 m,
    // H–Y 3 396.897 m.
    let length_km = network["length_km"].as_f64().expect("a number");
    assert!((length_km - 36.904_236).abs() < 1e-4, "{length_km}");
    assert_eq!((&network["unlinked_cells"], &network["unlinked_institutions"]), (&json!(1), &json!(1)));
}

#[test]
fn services_tell_how_many_institutions_are_out_of_their_reckoning() {
    let counts = |scene: Scene, id: &str| {
        let published = scene.publish();
        let row = published.rows("services", "id", id)[0].clone();
        ["loaded", "institutions", "unlocated", "unlinked"].map(|key| row[key].clone())
    };
    assert_eq!(counts(Scene::new(), "訪問診療"), [json!(true), json!(4), json!(0), json!(1)]);
    assert_eq!(counts(Scene::new(), "訪問薬剤"), [json!(true), json!(0), json!(0), json!(0)]);
    assert_eq!(counts(Scene::new(), "訪問看護"), [json!(false), Value::Null, Value::Null, Value::Null]);
    let homeless = Scene::with(|study| study.institutions[crate::scene::UNLOCATED].municipality = None);
    assert_eq!(counts(homeless, "訪問診療"), [json!(true), json!(4), json!(1), json!(1)]);
}

#[test]
fn cover_is_told_in_people_and_as_a_share_or_not_at_all() {
    let published = Scene::new().publish();
    let clinics = published.rows("coverage", "service", "在支診・在支病");
    let limits: Vec<_> =
        clinics.iter().map(|row| (&row["minutes"], &row["radius_m"], &row["people"])).collect();
    let minutes = [15, 30, 45, 60].map(|minutes| json!(minutes));
    let people = [3_040, 7_136, 7_136, 7_136, 8_160].map(|people| json!(people));
    let (null, radius) = (Value::Null, json!(16_000));
    let mut expected: Vec<_> =
        minutes.iter().zip(&people).map(|(minutes, people)| (minutes, &null, people)).collect();
    expected.push((&null, &radius, &people[4]));
    assert_eq!(limits, expected);
    assert!(close(&clinics[0]["share"], 3_040.0 / 8_160.0));
    let nurses = published.rows("coverage", "service", "訪問看護");
    assert_eq!(nurses.len(), 4);
    for row in nurses {
        assert_eq!([&row["people"], &row["ages"], &row["share"]], [&null; 3]);
    }
}

#[test]
fn gaps_are_told_by_municipality_and_what_was_not_loaded_is_no_gap() {
    let published = Scene::new().publish();
    // Of sixteen services: one row for each municipality without, one for each that was not loaded.
    let rows = [1, 1, 1, 1, 1, 3, 4, 1, 1, 3, 3, 1, 3, 1, 2, 3];
    assert_eq!(published.summary["gaps"].as_array().expect("a list").len(), rows.iter().sum::<usize>());
    let village = json!({
        "service": "在支診・在支病", "state": "none", "municipality_code": "48302", "people_75_plus": 384,
        "nearest_minutes": 3_329.0 / 600.0, "beyond_limit_75_plus": 256,
    });
    assert_eq!(published.rows("gaps", "service", "在支診・在支病"), [&village]);
    let nurses = json!({
        "service": "訪問看護", "state": "not loaded", "municipality_code": null, "people_75_plus": null,
        "nearest_minutes": null, "beyond_limit_75_plus": null,
    });
    assert_eq!(published.rows("gaps", "service", "訪問看護"), [&nurses]);
    let homeless = Scene::with(|study| study.institutions[crate::scene::UNLOCATED].municipality = None);
    let published = homeless.publish();
    let state = |service: &str| published.rows("gaps", "service", service)[0]["state"].clone();
    assert_eq!((state("在支診・在支病"), state("訪問歯科")), (json!("unknown"), json!("none")));
}

#[test]
fn neighbours_and_what_only_touches_are_told_of_each_municipality() {
    let published = Scene::new().publish();
    let of = |key: &str| -> Vec<&Value> {
        published.summary["municipality_table"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|row| &row[key])
            .collect()
    };
    assert_eq!(of("code"), ["48201", "48301", "48302", "48303"]);
    let neighbours =
        [json!(["48301", "48303"]), json!(["48201", "48302"]), json!(["48301"]), json!(["48201"])];
    assert_eq!(of("neighbours"), neighbours.iter().collect::<Vec<_>>());
    let touching = [json!(["48302"]), json!([]), json!(["48201"]), json!([])];
    assert_eq!(of("touching_without_road"), touching.iter().collect::<Vec<_>>());
}

#[test]
fn the_demand_of_every_plan_sums_to_that_of_the_prefecture() {
    let published = Scene::lenient().publish();
    let demand = &published.summary["demand"];
    assert_eq!(demand["official_years"], json!([2024, 2030, 2040, 2050]));
    for (year, receipts) in [("2024", 962.892), ("2030", 1_376.898), ("2040", 1_922.574), ("2050", 1_586.904)]
    {
        assert!(close(&demand["years"][year], receipts), "{year}: {}", demand["years"][year]);
    }
    let zones = demand["zones"].as_array().expect("a list");
    for plan in published.summary["plans"].as_array().expect("a list") {
        let of_plan: Vec<&Value> = zones.iter().filter(|zone| zone["plan"] == plan["id"]).collect();
        assert_eq!(of_plan.len(), plan["zones"].as_array().expect("a list").len());
        for (year, total) in demand["years"].as_object().expect("years") {
            let sum: f64 = of_plan.iter().filter_map(|zone| zone["years"][year].as_f64()).sum();
            assert!(close(total, sum), "{} in {year}: {sum} of {total}", plan["id"]);
        }
    }
}

#[test]
fn a_plan_is_told_with_its_zones_figures_and_verdicts() {
    let published = Scene::lenient().publish();
    let ids: Vec<&Value> =
        published.summary["plans"].as_array().expect("a list").iter().map(|plan| &plan["id"]).collect();
    assert_eq!(
        ids,
        ["municipalities", "hokenjo", "secondary", "proposal-municipalities", "proposal-hokenjo"]
    );
    let alone = published.plan("municipalities");
    assert_eq!(
        alone["assignment"],
        json!({
            "48201": "48201", "48301": "48301", "48302": "48302", "48303": "48303",
        })
    );
    assert_eq!((&alone["kind"], &alone["certificate"]), (&json!("baseline"), &Value::Null));
    let village = &alone["zones"][2];
    assert_eq!((&village["name"], &village["contiguous"]), (&json!("丙村"), &json!(true)));
    assert_eq!(village["figures"]["mean_minutes_in_zone"], Value::Null);
    assert_eq!(village["figures"]["share_unreached_in_zone"], json!(1.0));

    let proposal = published.plan("proposal-municipalities");
    assert_eq!(proposal["assignment"], json!({ "48201": "1", "48301": "2", "48302": "2", "48303": "1" }));
    assert_eq!(proposal["kind"], "proposal");
    assert_eq!(proposal["zones"][0]["municipalities"], json!(["48201", "48303"]));
    assert_eq!(proposal["zones"][0]["lead_institution"], "甲病院");
    assert_eq!(proposal["figures"]["zones"], 2);
    assert!(close(&proposal["figures"]["demand_2040"], 1_922.574));
    assert!(close(&proposal["figures"]["smallest_zone_demand"], 252.18));
    let certificate = &proposal["certificate"];
    assert_eq!((&certificate["status"], &certificate["gap"]), (&json!("optimal"), &json!(0.0)));
    // 7 052 088 960 milli-receipts × deciseconds.
    assert!(
        close(&certificate["objective"], 11_753.481_6) && certificate["bound"] == certificate["objective"]
    );
    let verdicts = certificate["checker"].as_array().expect("a list");
    assert!(verdicts.len() > 2 && verdicts.iter().all(|verdict| verdict["verdict"] == "pass"));
}

#[test]
fn a_proposal_that_does_not_exist_is_told_as_such() {
    let published = Scene::new().publish();
    for id in ["proposal-municipalities", "proposal-hokenjo"] {
        let proposal = published.plan(id);
        assert_eq!((&proposal["assignment"], &proposal["figures"]), (&json!({}), &Value::Null));
        assert_eq!((&proposal["zones"], &proposal["audit"]), (&json!([]), &json!([])));
        let certificate = &proposal["certificate"];
        assert_eq!((&certificate["status"], &certificate["checker"]), (&json!("infeasible"), &json!([])));
        for key in ["objective", "bound", "gap"] {
            assert_eq!(certificate[key], Value::Null, "{key}");
        }
        let zones = published.summary["demand"]["zones"].as_array().expect("a list");
        assert!(zones.iter().all(|zone| zone["plan"] != id));
    }
}

#[test]
fn every_layer_keeps_its_promises_and_the_layers_are_these() {
    let published = Scene::new().publish();
    let mut found = Vec::new();
    for PublishedLayer { layer, geojson } in &published.layers {
        layer.check().unwrap_or_else(|fault| panic!("{fault}"));
        found.push((layer.name.as_str(), *geojson, layer.rows.len()));
    }
    let expected = [
        ("municipalities", true, 4),
        ("zones", true, 4 + 2 + 2),
        ("cells", true, 8),
        ("facilities", true, 5),
        ("findings", true, 0),
        ("institution_sources", true, 6),
        ("plan_assignments", true, 3 * 4),
        ("unassigned_land", false, 0),
        ("roads", false, 10),
        // 甲病院 7, 乙診療所 6, 丁島診療所 2, 乙内科 0, 甲歯科 6.
        ("travel_visits", false, 21),
        ("travel_admissions", false, 7),
    ];
    assert_eq!(found, expected);
}

#[test]
fn cells_carry_minutes_and_circles_of_the_services_that_were_loaded() {
    let published = Scene::new().publish();
    let layer = published.layer("cells");
    let names: Vec<&str> = layer.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "mesh",
            "municipality_code",
            "total",
            "age_65_plus",
            "age_75_plus",
            "age_85_plus",
            "ages_estimated",
            "linked",
            "centre_longitude",
            "centre_latitude",
            "demand_receipts_per_month",
            "minutes:在支診・在支病",
            "within_16km:在支診・在支病",
            "minutes:訪問診療",
            "within_16km:訪問診療",
            "minutes:往診",
            "within_16km:往診",
            "minutes:訪問歯科",
            "within_16km:訪問歯科",
            "minutes:訪問薬剤",
            "within_16km:訪問薬剤",
            "minutes:急変時受入",
            "minutes:急変時受入（在支病）",
            "minutes:急変時受入（後方支援病院）",
            "minutes:看取り",
            "within_16km:看取り",
            "minutes:病院",
        ]
    );
    let rows = rows(layer);
    let column = |name: &str| rows.iter().map(|row| row[name].clone()).collect::<Vec<_>>();
    let minutes = |times: [Option<u32>; 8]| {
        times.map(|time| time.map_or(Cell::Null, |time| Cell::Real(f64::from(time) / 600.0)))
    };
    let inward =
        [Some(36_000), Some(0), Some(3_058), Some(8_154), Some(11_483), None, Some(16_383), Some(17_334)];
    assert_eq!(column("minutes:急変時受入"), minutes(inward));
    let circle = [true, true, true, true, true, true, true, false].map(Cell::Boolean);
    assert_eq!(column("within_16km:訪問歯科"), circle);
    let linked: Vec<_> = (0..8).map(|cell| Cell::Boolean(cell != F)).collect();
    assert_eq!(column("linked"), linked);
    assert_eq!(rows[F]["mesh"], &text("53383491"));
    assert_eq!(rows[F]["municipality_code"], &text("48302"));
    assert_eq!(rows[F]["age_85_plus"], &Cell::Integer(32));
}

#[test]
fn facilities_carry_what_they_are_and_where_and_the_unlocated_have_no_place() {
    let published = Scene::new().publish();
    let layer = published.layer("facilities");
    let rows = rows(layer);
    let column = |name: &str| rows.iter().map(|row| row[name].clone()).collect::<Vec<_>>();
    assert_eq!(column("kind"), ["病院", "診療所", "診療所", "診療所", "歯科診療所"].map(text));
    assert_eq!(rows[HOSPITAL]["classes"], &text("在後病・支援病2・病院"));
    assert_eq!(column("h24"), [true, true, true, true, false].map(Cell::Boolean));
    assert_eq!(column("active_candidate"), [true, true, false, true, false].map(Cell::Boolean));
    assert_eq!(column("precision"), ["town", "town", "town", "unlocated", "town"].map(text));
    assert_eq!(column("municipality_code"), ["48201", "48301", "48303", "48301", "48201"].map(text));
    let placed: Vec<bool> = layer.rows.iter().map(|row| row.geometry.is_some()).collect();
    assert_eq!(placed, [true, true, true, false, true]);
}

#[test]
fn times_assignments_and_sources_are_rows_of_their_own() {
    let published = Scene::lenient().publish();
    let visits = rows(published.layer("travel_visits"));
    let row = visits
        .iter()
        .find(|row| row["institution_id"] == &text("4810000001") && row["mesh"] == &text("53383479"));
    assert_eq!(row.expect("甲病院 reaches E")["deciseconds"], &Cell::Integer(7_406));
    let assigned: Vec<_> = rows(published.layer("plan_assignments"))
        .into_iter()
        .filter(|row| row["plan"] == &text("proposal-hokenjo"))
        .map(|row| (row["municipality_code"].clone(), row["zone"].clone()))
        .collect();
    let expected = [("48201", "1"), ("48301", "2"), ("48302", "2"), ("48303", "1")];
    assert_eq!(assigned, expected.map(|(code, zone)| (text(code), text(zone))));
    let sources: Vec<_> = rows(published.layer("institution_sources"))
        .into_iter()
        .filter(|row| row["institution_id"] == &text("4810000001"))
        .map(|row| (row["file"].clone(), row["row"].clone(), row["matched_by"].clone()))
        .collect();
    let source = |file, row, matched| (text(file), Cell::Integer(row), text(matched));
    assert_eq!(sources, [source("todokede.xlsx", 2, "own record"), source("hospitals.csv", 2, "code")]);
}

#[test]
fn a_zone_is_drawn_as_the_land_of_its_municipalities_without_the_borders_between() {
    use geo::{Area, Geometry};
    let scene = Scene::lenient();
    let published = scene.publish();
    let layer = published.layer("zones");
    let land = |at: usize| match &layer.rows[at].geometry {
        Some(Geometry::MultiPolygon(land)) => land,
        other => panic!("{other:?}"),
    };
    let rows = rows(layer);
    let of = |plan: &str, zone: &str| {
        let is = |row: &BTreeMap<&str, &Cell>| row["plan"] == &text(plan) && row["zone"] == &text(zone);
        land(rows.iter().position(is).expect("drawn"))
    };
    // 乙町 (10 × 3 cells) and 丙村 (17 × 4 cells) make one polygon; 甲市 and the island two.
    let east = of("proposal-municipalities", "2");
    assert_eq!(east.0.len(), 1);
    assert!((east.unsigned_area() * 80.0 * 120.0 - 98.0).abs() < 1e-6);
    assert_eq!(of("proposal-municipalities", "1").0.len(), 2);
}

#[test]
fn the_study_comes_back_from_its_file_to_the_last_digit() {
    let study = Scene::with(|study| {
        study.findings.clear();
        study.road_files.clear();
    })
    .study;
    let folder = tempfile::tempdir().expect("a folder");
    keniki::publish::write_study(folder.path(), &study, &Beside::default()).expect("written");
    let bytes = std::fs::read(folder.path().join(keniki::publish::STUDY)).expect("written");
    let back: keniki::ingest::study::Study = serde_json::from_slice(&bytes).expect("readable");
    assert_eq!(format!("{back:?}"), format!("{study:?}"));
}

#[test]
fn daily_living_areas_of_the_table_of_areas_stand_among_the_lists() {
    let scene = Scene::with(|study| {
        let north = Area { code: "北部".to_owned(), name: "北部".to_owned() };
        study.municipalities[0].areas.insert(AreaSystem::DailyLivingArea, north);
    });
    let published = scene.publish();
    let list = published.rows("own_lists", "id", "living_areas")[0];
    let cells = scene.study.cells.iter().filter(|cell| cell.municipality == 0);
    let people: u32 = cells.map(|cell| cell.population.total).sum();
    let rows = list["rows"].as_array().expect("rows");
    assert_eq!((rows.len(), &rows[0][0], &rows[0][1]), (1, &json!("北部"), &json!("甲市")));
    assert_eq!(rows[0][2], json!(f64::from(people)));
    assert!(Scene::new().publish().rows("own_lists", "id", "living_areas").is_empty());
}
