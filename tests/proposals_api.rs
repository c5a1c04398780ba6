//! Proposals, checks and repairs over HTTP, from the real binary on the invented prefecture.

mod support;

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use support::server::Server;
use support::{keniki_succeeds, path_text, planned_demo, root};

/// The server of the demonstration, asked for more than files.
struct Desk(Server);

impl Desk {
    fn open() -> Self {
        Self(Server::start(planned_demo()))
    }

    /// Status and body of the answer to a request with these further header lines.
    fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.0.address).expect("connected");
        let length = body.len();
        let (host, close) = (&self.0.address, "Connection: close");
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\n{close}\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        )
        .expect("asked");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
        (status, if chunked { unchunked(body) } else { body.to_owned() })
    }

    fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let (status, text) = self.send("POST", path, "Content-Type: application/json\r\n", &body.to_string());
        (status, serde_json::from_str(&text).unwrap_or_else(|_| panic!("{path}: {text}")))
    }

    fn get(&self, path: &str) -> (u16, Value) {
        let (status, text) = self.send("GET", path, "", "");
        (status, serde_json::from_str(&text).unwrap_or_else(|_| panic!("{path}: {text}")))
    }

    /// The states of a job until it is over, and its answer.
    fn follow(&self, job: &Value) -> (Vec<Value>, Value) {
        let id = job["id"].as_str().expect("an id");
        let (status, events) = self.send("GET", &format!("/api/proposals/{id}/events"), "", "");
        assert_eq!(status, 200);
        let data = events.lines().filter_map(|line| line.strip_prefix("data: "));
        let states = data.map(|state| serde_json::from_str(state).expect("JSON")).collect();
        (states, self.get(&format!("/api/proposals/{id}")).1)
    }
}

/// The content of a body that came in chunks.
fn unchunked(body: &str) -> String {
    let (mut rest, mut content) = (body, String::new());
    while let Some((length, after)) = rest.split_once("\r\n") {
        let length = usize::from_str_radix(length, 16).expect("a length");
        content.push_str(&after[..length]);
        rest = after[length..].strip_prefix("\r\n").unwrap_or_default();
    }
    content
}

fn zones(told: &Value) -> Vec<Vec<String>> {
    let zones = told["zones"].as_array().expect("zones").iter();
    zones.map(|zone| serde_json::from_value(zone["municipalities"].clone()).expect("codes")).collect()
}

/// What the command line proposes.
fn proposed(flags: &[&str]) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let out: PathBuf = folder.path().join("proposal.json");
    let study = root().join("shapes/demo/study.toml");
    keniki_succeeds(&[&["propose", path_text(&study), "--out", path_text(&out)], flags].concat());
    serde_json::from_slice(&std::fs::read(out).expect("written")).expect("JSON")
}

#[test]
fn a_job_gives_the_same_plans_as_the_command_line() {
    let desk = Desk::open();
    let request = json!({ "best": 2 });
    let (status, job) = desk.post("/api/proposals", &request);
    assert_eq!((status, job["id"].as_str().map(str::len)), (202, Some(16)));
    let (states, whole) = desk.follow(&job);
    let last = states.last().expect("a state");
    assert_eq!((&last["stage"], &last["plans"]), (&json!("done"), &json!(3)));
    assert_eq!(whole["stage"], "done");
    assert_eq!(whole["answer"], proposed(&["--best", "2"]));
    let again = desk.post("/api/proposals", &request).1;
    assert_eq!((&again["id"], &again["stage"]), (&job["id"], &json!("done")));
    let other = desk.post("/api/proposals", &json!({ "best": 2, "seed": 1 })).1;
    assert_ne!(other["id"], job["id"]);
    desk.follow(&other);
    desk.0.ends_cleanly();
}

#[test]
fn where_no_plan_exists_the_rules_that_conflict_are_named() {
    let desk = Desk::open();
    let job = desk.post("/api/proposals", &json!({ "asked": { "zones_least": 99 } })).1;
    let answer = desk.follow(&job).1["answer"].clone();
    assert_eq!(answer["best"]["status"], "infeasible");
    assert_eq!(answer["conflict"]["rules"], json!(["圏域の数の下限（99以上）"]));
    desk.0.ends_cleanly();
}

#[test]
fn a_drawn_plan_is_judged_measured_and_mended() {
    let desk = Desk::open();
    let job = desk.post("/api/proposals", &json!({})).1;
    let best = desk.follow(&job).1["answer"]["best"].clone();
    let good = zones(&best);
    let (status, judged) = desk.post("/api/plans/check", &json!({ "zones": good }));
    assert_eq!((status, &judged["accepts"]), (200, &json!(true)));
    assert_eq!(judged["model_sha256"], best["model_sha256"]);
    let plan = &judged["plan"];
    assert_eq!(plan["zones"].as_array().map(Vec::len), Some(good.len()));
    assert_eq!(judged["demand"].as_array().map(Vec::len), Some(good.len()));
    let (_, shapes) = desk.post("/api/plans/shapes", &json!({ "zones": good }));
    assert_eq!(shapes["features"].as_array().map(Vec::len), Some(good.len()));

    // The proposal of the planned study asks the same question.
    let summary = desk.get("/api/summary").1;
    let planned = support::row(&summary["plans"], "id", "proposal-municipalities").clone();
    assert_eq!(planned["assignment"], plan["assignment"]);
    assert_eq!(planned["figures"], plan["figures"]);

    // The first municipality of the first zone goes to the last one: torn, or without its lead.
    let mut torn = good.clone();
    let moved = torn[0].remove(0);
    torn.last_mut().expect("zones").push(moved);
    torn.retain(|zone| !zone.is_empty());
    let judged = desk.post("/api/plans/check", &json!({ "zones": torn })).1;
    assert_eq!(judged["accepts"], false);
    let broken = judged["verdicts"].as_array().expect("verdicts").iter();
    assert!(broken.filter(|verdict| verdict["verdict"] == "fail").count() > 0);
    let job = desk.post("/api/plans/repair", &json!({ "zones": torn })).1;
    let (states, whole) = desk.follow(&job);
    let mended = whole["answer"].clone();
    assert_eq!((&mended["moves"], &mended["is_proven"]), (&json!(1), &json!(true)));
    let last = states.last().expect("a state");
    assert_eq!((&last["moves"], &last["moves_bound"], &last["gap"]), (&json!(1), &json!(1), &json!(0.0)));
    let judged = desk.post("/api/plans/check", &json!({ "zones": zones(&mended["plan"]) })).1;
    assert_eq!(judged["accepts"], true);
    desk.0.ends_cleanly();
}

#[test]
fn an_overlay_is_the_same_job_with_a_parameter() {
    let desk = Desk::open();
    let overlays = desk.get("/api/rules").1["overlays"].clone();
    let dentistry = support::row(&overlays, "id", "歯科").clone();
    let request = json!({ "overlay": dentistry });
    let job = desk.post("/api/proposals", &request).1;
    let answer = desk.follow(&job).1["answer"].clone();
    assert_eq!(answer, proposed(&["--overlay", "歯科"]));
    if answer["best"]["status"] == "optimal" {
        let drawing = json!({ "request": request, "zones": zones(&answer["best"]) });
        let judged = desk.post("/api/plans/check", &drawing).1;
        assert_eq!(
            (&judged["accepts"], &judged["model_sha256"]),
            (&json!(true), &answer["best"]["model_sha256"])
        );
        let shapes = desk.post("/api/plans/shapes", &drawing).1;
        assert_eq!(shapes["features"].as_array().map(Vec::len), Some(zones(&answer["best"]).len()));
    }
    // An overlay that asks nothing otherwise is the zoning itself.
    let plain = desk.follow(&desk.post("/api/proposals", &json!({})).1).1["answer"].clone();
    let empty = desk.follow(&desk.post("/api/proposals", &json!({ "overlay": {} })).1).1["answer"].clone();
    for key in ["model_sha256", "objective_receipt_minutes", "bound_receipt_minutes", "status"] {
        assert_eq!(empty["best"][key], plain["best"][key], "{key}");
    }
    assert_eq!(zones(&empty["best"]), zones(&plain["best"]));
    let children = support::row(&overlays, "id", "小児・医療的ケア児").clone();
    let job = desk.post("/api/proposals", &json!({ "overlay": children })).1;
    let failed = desk.follow(&job).1;
    assert_eq!(failed["stage"], "failed");
    assert!(failed["problem"].as_str().expect("told").contains("「医療的ケア児」の人数は未登録です"));
    desk.0.ends_cleanly();
}

#[test]
fn the_planners_own_tables_are_sent_as_text() {
    let desk = Desk::open();
    let units = "unit,muni_code,mesh,town\n汐見中央,汐見市,,本町\n汐見その他,48201,,\n山の手,奥楠村,,\n山の手,鷹上町,,\n山の手,月町,,\n";
    let edits = "unit_a,unit_b,edit,reason\n凪島村,汐見その他,加える,計画中の橋\n";
    let request = json!({ "unit_table": units, "neighbour_table": edits });
    let job = desk.post("/api/proposals", &request).1;
    let answer = desk.follow(&job).1["answer"].clone();
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).expect("written");
        file
    };
    let (units, edits) = (write("units.csv", units), write("edits.csv", edits));
    let by_command = proposed(&["--units", path_text(&units), "--neighbours", path_text(&edits)]);
    assert_eq!(answer["best"], by_command["best"]);
    assert_eq!(answer["units"]["units"], by_command["units"]["units"]);
    assert_eq!(answer["units"]["edits"], by_command["units"]["edits"]);
    let table = &answer["units"]["tables"][0];
    assert_eq!(
        (&table["file"], &table["rows_read"], &table["rows_quarantined"]),
        (&json!("単位の表"), &json!(5), &json!(1))
    );
    assert_eq!(table["findings"][0]["said"], "月町");
    desk.0.ends_cleanly();
}

#[test]
fn a_job_that_waits_can_be_stopped_and_the_queue_has_an_end() {
    let desk = Desk::open();
    let ask = |seed: u32| {
        let request = json!({ "best": 20, "by_zone_count": true, "seed": 1_000 + seed });
        desk.post("/api/proposals", &request)
    };
    let asked: Vec<(u16, Value)> = (0..8).map(ask).collect();
    let taken: Vec<&Value> = asked.iter().filter(|(status, _)| *status == 202).map(|(_, job)| job).collect();
    assert!((5..8).contains(&taken.len()), "one under way, four waiting: {}", taken.len());
    let refused = asked.iter().find(|(status, _)| *status == 429).expect("too many");
    assert!(refused.1["error"].as_str().expect("told").contains("いっぱい"));
    for job in taken.iter().rev() {
        let path = format!("/api/proposals/{}", job["id"].as_str().expect("an id"));
        assert_eq!(desk.send("DELETE", &path, "", "").0, 200);
    }
    let last = desk.follow(taken[taken.len() - 1]).1;
    assert_eq!((&last["stage"], &last["answer"]), (&json!("stopped"), &Value::Null));
    let first = desk.follow(taken[0]).1;
    assert!(["done", "stopped"].contains(&first["stage"].as_str().expect("a stage")));
    desk.0.ends_cleanly();
}

#[test]
fn faults_of_a_request_are_named() {
    let desk = Desk::open();
    let said = |path: &str, body: Value| {
        let (status, answer) = desk.post(path, &body);
        (status, answer["error"].as_str().unwrap_or_default().to_owned())
    };
    for (path, body, word) in [
        ("/api/proposals", json!({ "bests": 1 }), "bests"),
        ("/api/proposals", json!({ "best": 101 }), "best=101"),
        ("/api/proposals", json!({ "unit_table": "あ".repeat(200_000) }), "unit_table=600000"),
        (
            "/api/plans/check",
            json!({ "zones": [], "request": { "asked": { "zones_least": 8, "zones_most": 4 } } }),
            "圏域の数 が 8 以上 4 以下",
        ),
        (
            "/api/plans/check",
            json!({ "zones": [], "request": { "unit_table": "unit;muni_code\n" } }),
            "単位の表",
        ),
        (
            "/api/plans/check",
            json!({ "zones": [], "request": { "overlay": { "travel_limit_minutes": 0 } } }),
            "travel_limit_minutes",
        ),
        ("/api/plans/check", json!({ "zones": [["00000"]] }), "00000"),
        ("/api/plans/check", json!({ "zones": [] }), "どの圏域にもありません"),
        ("/api/plans/check", json!({ "zones": [], "request": { "units": "丁目" } }), "丁目"),
    ] {
        let (status, message) = said(path, body);
        assert_eq!(status, 400, "{path} {message}");
        assert!(message.contains(word), "{message}");
    }
    let strengths = json!([{ "rule": "no-such-rule", "strength": "hard" }]);
    let job = desk.post("/api/proposals", &json!({ "strengths": strengths })).1;
    let failed = desk.follow(&job).1;
    assert_eq!(failed["stage"], "failed");
    assert!(failed["problem"].as_str().expect("told").contains("no-such-rule"));
    assert_eq!(desk.get("/api/proposals/0000000000000000").0, 404);
    let elsewhere = "Content-Type: application/json\r\nOrigin: http://elsewhere.example\r\n";
    assert_eq!(desk.send("POST", "/api/proposals", elsewhere, "{}").0, 403);
    assert_eq!(desk.send("POST", "/api/proposals", "Content-Type: text/plain\r\n", "{}").0, 400);
    assert_eq!(desk.send("GET", "/api/proposals", "", "").0, 405);
    desk.0.ends_cleanly();
}

#[test]
fn the_rules_that_may_be_chosen_are_those_of_the_table() {
    let desk = Desk::open();
    let choices = desk.get("/api/rules").1;
    let rules = choices["rules"].as_array().expect("rules");
    let strengths: BTreeMap<&str, &str> = rules
        .iter()
        .map(|rule| (rule["id"].as_str().expect("an id"), rule["strength"].as_str().expect("a word")))
        .collect();
    assert_eq!(strengths["whole-hokenjo"], "off");
    // Asked for as they are, they change nothing.
    let whole = json!({ "asked": { "rule": rules } });
    let job = desk.post("/api/proposals", &whole).1;
    let answer = desk.follow(&job).1["answer"].clone();
    let plain = desk.post("/api/proposals", &choices["defaults"]).1;
    assert_eq!(desk.follow(&plain).1["answer"], answer);
    desk.0.ends_cleanly();
}
