//! Shortages of the demonstration prefecture over HTTP: from what `keniki plan` stored, without the official
//! files, the same figures as `keniki shortage` (see `demo_shortage.rs`) gets from them.

mod support;

use serde_json::Value;
use support::server::Server;
use support::{json, planned_demo};

fn array(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn people(of: &Value) -> u64 {
    of["total"].as_u64().expect("people")
}

#[test]
fn the_list_has_the_figures_of_the_command() {
    let server = Server::start(planned_demo());
    let list = server.answer("shortage?service=訪問診療");
    assert_eq!((&list["limit_minutes"], &list["circle_m"]), (&30.into(), &16_000.into()));
    assert_eq!(people(&list["everybody"]), 664_845);
    let places = &list["places"];
    let causes: Vec<(&str, u64)> = array(&places["causes"])
        .iter()
        .map(|of| (of["cause"].as_str().expect("a word"), people(&of["concerned"])))
        .collect();
    assert_eq!(
        causes,
        [
            ("none_in_circle", 132),
            ("none_in_minutes", 4_667),
            ("not_at_night", 1_723),
            ("one_institution", 14_761),
            ("capacity", 216_180)
        ]
    );
    let gravest: u64 = array(&places["causes"]).iter().map(|of| people(&of["gravest"])).sum();
    assert_eq!(gravest, 222_475, "everybody on the list counts once");
    let depth: Vec<u64> = array(&places["depth"]).iter().map(people).collect();
    assert_eq!(depth, [4_799, 14_761, 16_101, 629_184]);
    assert_eq!(people(&places["unreached"]["planned"]), 132 + 4_667);
    let municipalities = array(&places["municipalities"]);
    assert_eq!(municipalities.len(), 24);
    let first = &municipalities[0];
    assert_eq!((people(&first["concerned"]), people(&first["causes"]["none_in_minutes"])), (1_512, 1_512));
    assert_eq!(first["concerned"]["age_75_plus"], 453);
    assert_eq!(array(&first["depth"]).iter().map(people).sum::<u64>(), 1_512);
    let losses = array(&places["losses"]);
    assert_eq!(losses.len(), 96);
    assert_eq!((&losses[0]["name"], people(&losses[0]["lost"])), (&"黒沢内科".into(), 7_359));
    for of in array(&list["assumptions"]) {
        let tag = of["tag"].as_str().expect("a tag");
        assert!(["V", "D", "M", "A"].contains(&tag) && of["source"] != "", "{of}");
    }
    server.ends_cleanly();
}

#[test]
fn the_cells_of_the_map_add_up_to_the_list() {
    let server = Server::start(planned_demo());
    let layer = server.answer("shortage/cells?service=訪問診療");
    let cells: Vec<&Value> = array(&layer["features"]).iter().map(|cell| &cell["properties"]).collect();
    let sum = |is: &dyn Fn(&Value) -> bool| -> u64 {
        cells.iter().filter(|cell| is(cell)).map(|cell| people(cell)).sum()
    };
    assert_eq!(sum(&|_| true), 664_845);
    assert_eq!(sum(&|cell| cell["cause"] == "none_in_circle"), 132);
    assert_eq!(sum(&|cell| cell["cause"] == "none_in_minutes"), 4_667);
    assert_eq!(sum(&|cell| cell["cause"] != "none"), 222_475);
    assert_eq!(sum(&|cell| cell["institutions"] == 0), 4_799);
    assert_eq!(sum(&|cell| cell["institutions"].as_u64() >= Some(3)), 629_184);
    let has = |cell: &Value, cause| cell["causes"].as_str().is_some_and(|all| all.contains(cause));
    assert_eq!(sum(&|cell| has(cell, "not_at_night")), 1_723);
    let known = json(planned_demo(), "layers/cells.geojson");
    for (cell, known) in cells.iter().zip(array(&known["features"])).take(50) {
        let of = &known["properties"];
        let id = format!(
            "{}-{}",
            of["mesh"].as_str().expect("a mesh"),
            of["municipality_code"].as_str().expect("a code")
        );
        assert_eq!(cell["cell"], id.as_str());
    }
    server.ends_cleanly();
}

#[test]
fn an_institution_that_stops_takes_with_it_what_the_list_says_and_one_that_comes_gives() {
    let server = Server::start(planned_demo());
    let list = server.answer("shortage?service=訪問診療");
    let worst = &list["places"]["losses"][0];
    let id = worst["id"].as_str().expect("an id");
    let stops = server.answer(&format!("what-if?change=remove&facility={id}"));
    let change = array(&stops["changes"]).iter().find(|of| of["service"] == "訪問診療").expect("provided");
    assert_eq!(people(&change["before"]["once"]) - people(&change["after"]["once"]), 7_359);
    assert_eq!(
        array(&change["municipalities"]).iter().map(|of| people(&of["concerned"])).sum::<u64>(),
        7_359
    );
    assert_eq!(change["loss"], *worst);
    assert!(!array(&change["cells"]).is_empty());

    let sites = server.answer("siting?service=訪問診療");
    let best = sites["siting"]["exact"]["chosen"][0]["id"].as_str().expect("an id");
    let comes = server.answer(&format!("what-if?service=訪問診療&facility={best}"));
    let change = &comes["changes"][0];
    let old = |level: &Value| level["once"]["age_75_plus"].as_u64().expect("people");
    assert_eq!((old(&change["before"]), old(&change["after"])), (112_623, 113_076));
    assert!(change["loss"].is_null());
    server.ends_cleanly();
}

#[test]
fn every_loss_of_the_list_is_that_of_a_recount_without_the_institution() {
    let server = Server::start(planned_demo());
    let list = server.answer("shortage?service=訪問診療");
    for loss in array(&list["places"]["losses"]) {
        let id = loss["id"].as_str().expect("an id");
        let stops = server.answer(&format!("what-if?change=remove&facility={id}"));
        let change =
            array(&stops["changes"]).iter().find(|of| of["service"] == "訪問診療").expect("provided");
        let lost = people(&change["before"]["once"]) - people(&change["after"]["once"]);
        assert_eq!(lost, people(&loss["lost"]), "{id}");
        assert!(people(&change["before"]["twice"]) >= people(&change["after"]["twice"]), "{id}");
    }
    server.ends_cleanly();
}

#[test]
fn sites_are_proven_to_be_best_by_every_model() {
    let server = Server::start(planned_demo());
    let of = |question: &str| server.answer(&format!("siting?service=訪問診療&{question}"))["siting"].clone();
    let number = |value: &Value| value.as_f64().expect("a number");
    let cover = of("sites=5");
    assert_eq!((number(&cover["now"]), number(&cover["exact"]["objective"])), (112_623.0, 113_603.0));
    let gained = array(&cover["gained"]).iter().map(|of| of["concerned"]["age_75_plus"].as_u64());
    assert_eq!(gained.sum::<Option<u64>>(), Some(980));
    for (question, larger_is_better) in [
        ("sites=5", true),
        ("model=lscp", false),
        ("model=backup&sites=2", true),
        ("model=p-median&sites=2", false),
    ] {
        let answer = of(question);
        let (exact, greedy) = (number(&answer["exact"]["objective"]), number(&answer["greedy"]["objective"]));
        assert_eq!((&answer["proven"], number(&answer["bound"])), (&true.into(), exact), "{question}");
        assert!(if larger_is_better { greedy <= exact } else { greedy >= exact }, "{question}");
    }
    assert_eq!(of("model=lscp")["unit"], "sites");
    assert_eq!(of("model=p-median")["unit"], "person_minutes");
    server.ends_cleanly();
}

#[test]
fn winter_and_closed_roads_leave_more_people_without_anybody() {
    let server = Server::start(planned_demo());
    let unreached = |conditions: &str| {
        let list = server.answer(&format!("shortage?service=訪問診療{conditions}"));
        people(&list["places"]["unreached"]["planned"])
    };
    let normal = unreached("");
    assert!(unreached("&season=snow") > normal);
    let [west, south, east, north] = [0, 1, 2, 3]
        .map(|at| json(planned_demo(), "summary.json")["study"]["bounds"][at].as_f64().expect("degrees"));
    let (x, y) = (f64::midpoint(west, east), f64::midpoint(south, north));
    let area = format!("{west},{south},{x},{south},{x},{y},{west},{y}");
    assert!(unreached(&format!("&closed_area={area}")) > normal, "a quarter of the prefecture is closed");
    assert_eq!(unreached("&season=normal"), normal);
    server.ends_cleanly();
}

#[test]
fn every_finding_with_a_place_is_on_the_map() {
    let out = planned_demo();
    let findings = json(out, "findings.json");
    let placed: Vec<&Value> =
        array(&findings["findings"]).iter().filter(|finding| !finding["place"].is_null()).collect();
    let layer = json(out, "layers/findings.geojson");
    let shown = array(&layer["features"]);
    assert_eq!(shown.len(), 7);
    assert_eq!(shown.len(), placed.len());
    for (feature, finding) in shown.iter().zip(placed) {
        assert_eq!(feature["geometry"]["coordinates"], finding["place"]);
        for name in ["severity", "kind", "said", "meant"] {
            assert_eq!(feature["properties"][name], finding[name], "{name}");
        }
    }
    let server = Server::start(out);
    let (head, tile) = server.get("/tiles/findings/7/114/51");
    assert!(head.starts_with("HTTP/1.1 200") && !tile.is_empty(), "{head}");
    server.ends_cleanly();
}

#[test]
fn what_cannot_be_meant_is_named() {
    let server = Server::start(planned_demo());
    for (path, expected) in [
        ("shortage", "service を書いてください（在支診・在支病・訪問診療"),
        ("shortage?service=往診車", "service=往診車: この名前のものはありません"),
        ("shortage?service=病院&direction=inward", "direction=inward: この名前の条件はありません"),
        ("siting?service=訪問診療&sites=0", "sites=0: 1から10"),
        ("siting?service=訪問診療&model=best", "model=best: mclp・lscp・backup・p-median"),
        ("what-if?change=remove", "facility=機関コード"),
        ("what-if?service=訪問診療", "どちらか一方"),
        ("what-if?service=訪問診療&change=move", "change=move: add・remove"),
        ("shortage?service=病院&closed_ways=12x", "closed_ways=12x"),
        ("shortage?service=病院&closed_ways=-7", "-7: この番号の道路は道路網にない"),
        ("shortage?service=病院&closed_area=1,2,3,4", "closed_area=1,2,3,4"),
        ("shortage?service=病院&closed_area=1,2,3,4,5", "closed_area=1,2,3,4,5"),
        ("shortage?service=病院&closed_area=1,2,3,4,5,99", "3点から100点"),
        ("shortage?service=病院&closed_area=1,2,3,4,5,6", "この区域に道路がない"),
    ] {
        let (status, answer) = server.ask(path);
        let message = answer["error"].as_str().expect("words");
        assert_eq!(status, 400, "{path}: {message}");
        assert!(message.contains(expected), "{path}: {message}");
    }
    server.ends_cleanly();
}
