//! The demonstration prefecture through the real binary: plan, bytes, figures, server.

mod support;

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use support::{
    assert_certified, assert_same_bytes, assert_sound, json, keniki_succeeds, path_text, plan, root, row,
};

/// The demonstration planned from the files that the binary carries, once for all tests.
fn planned() -> &'static (tempfile::TempDir, PathBuf, Value) {
    static PLANNED: OnceLock<(tempfile::TempDir, PathBuf, Value)> = OnceLock::new();
    PLANNED.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("demo");
        keniki_succeeds(&["demo", "--no-serve", "--out", path_text(&out)]);
        let summary = json(&out, "summary.json");
        (folder, out, summary)
    })
}

#[test]
fn the_binary_alone_gives_the_bytes_that_the_committed_files_give() {
    let (folder, out, _) = planned();
    let from_files = folder.path().join("from-files");
    plan(&root().join("shapes/demo/study.toml"), &from_files);
    assert_same_bytes(out, &from_files);
}

#[test]
fn people_and_institutions_are_those_that_were_invented() {
    let (_, _, summary) = planned();
    assert_sound(summary);
    assert_eq!(summary["study"]["invented"], true);
    assert_eq!(summary["municipalities"], 24);
    let population = &summary["population"];
    assert_eq!(population["total"], 664_845);
    assert_eq!(population["age_65_plus"], 212_817);
    assert_eq!(population["age_75_plus"], 113_959);
    assert_eq!(population["age_85_plus"], 39_793);
    for (class, count) in [
        ("支援診1", 2),
        ("支援診2", 15),
        ("支援診3", 35),
        ("支援病1", 1),
        ("支援病2", 4),
        ("支援病3", 5),
        ("在後病", 4),
        ("病院", 24),
        ("訪問看護", 29),
        ("歯援診2", 24),
        ("在薬", 80),
    ] {
        assert_eq!(summary["facilities"][class], count, "{class}");
    }
}

#[test]
fn the_lay_of_the_land_is_seen() {
    let (_, _, summary) = planned();
    let municipality = |code: &str| row(&summary["municipality_table"], "code", code);
    assert_eq!(municipality("48381")["neighbours"], serde_json::json!(["48321"]), "the island and its port");
    let ridge = municipality("48342")["touching_without_road"].as_array().expect("codes");
    assert!(ridge.contains(&"48363".into()), "two towns that touch without a road");
    let pass = municipality("48341")["neighbours"].as_array().expect("codes");
    assert!(pass.contains(&"48362".into()), "the pass road");
    let tunnel = municipality("48345")["neighbours"].as_array().expect("codes");
    assert!(tunnel.contains(&"48205".into()), "the tunnel");
}

#[test]
fn places_without_institutions_are_listed_with_their_people() {
    let (_, _, summary) = planned();
    let gaps = summary["gaps"].as_array().expect("gaps");
    let without = |service: &str| {
        let of_service = gaps.iter().filter(|gap| gap["service"] == service && gap["state"] == "none");
        let mut codes: Vec<&str> = of_service.filter_map(|gap| gap["municipality_code"].as_str()).collect();
        codes.sort_unstable();
        codes
    };
    let no_support_clinic =
        ["48304", "48341", "48342", "48343", "48344", "48345", "48363", "48364", "48365", "48381"];
    assert_eq!(without("在支診・在支病"), no_support_clinic);
    let mut no_nursing = [&no_support_clinic[..], &["48302", "48323", "48362"]].concat();
    no_nursing.sort_unstable();
    assert_eq!(without("訪問看護"), no_nursing);
    assert!(gaps.iter().all(|gap| gap["state"] == "none"), "every service was loaded");
}

#[test]
fn the_audit_finds_the_bodies_that_are_no_medical_institutions_and_the_weak_area() {
    let (_, _, summary) = planned();
    let secondary = row(&summary["plans"], "id", "secondary");
    let verdict = |rule: &str| row(&secondary["audit"], "rule", rule);
    assert_eq!(verdict("active_is_medical")["verdict"], "fail");
    let named = verdict("active_is_medical")["reason"].as_str().expect("text");
    assert!(named.contains("3か所"), "{named}");
    assert_eq!(verdict("active")["verdict"], "fail");
    assert!(verdict("active")["reason"].as_str().expect("text").contains("北磯"));
    assert_eq!(verdict("linkage")["verdict"], "pass");
    assert_eq!(verdict("partition")["verdict"], "pass");
}

#[test]
fn both_proposals_are_proven_and_pass_the_checker() {
    let (_, _, summary) = planned();
    assert_certified(row(&summary["plans"], "id", "proposal-municipalities"));
    assert_certified(row(&summary["plans"], "id", "proposal-hokenjo"));
}

#[test]
fn the_server_answers_here_only_and_ends_cleanly() {
    let (_, out, summary) = planned();
    let mut server = Command::new(env!("CARGO_BIN_EXE_keniki"))
        .args(["serve", path_text(out), "--port", "0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the server starts");
    let mut line = String::new();
    BufReader::new(server.stdout.take().expect("piped")).read_line(&mut line).expect("an address");
    let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()).expect("an address");

    let (head, body) = get(address, "/api/summary", address);
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert_eq!(&serde_json::from_slice::<Value>(&body).expect("JSON"), summary);
    let (head, tile) = get(address, "/tiles/municipalities/8/229/102", address);
    assert!(head.contains("application/vnd.mapbox-vector-tile") && !tile.is_empty(), "{head}");
    let (head, _) = get(address, "/", address);
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("text/html"), "{head}");
    let (head, _) = get(address, "/api/summary", "evil.example");
    assert!(head.starts_with("HTTP/1.1 403"), "{head}");
    let (head, _) = get(address, "/files/../../etc/passwd", address);
    assert!(head.starts_with("HTTP/1.1 404") || head.starts_with("HTTP/1.1 400"), "{head}");

    let id = rustix::process::Pid::from_raw(server.id().try_into().expect("an id")).expect("an id");
    rustix::process::kill_process(id, rustix::process::Signal::TERM).expect("told to end");
    let ended = server.wait_with_output().expect("ended");
    assert!(ended.status.success(), "{}", ended.status);
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "", "the log is clean");
}

/// Head and body of an answer.
fn get(address: &str, path: &str, host: &str) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(address).expect("connected");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").expect("asked");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("answered");
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("a head");
    (String::from_utf8_lossy(&answer[..end]).into_owned(), answer[end + 4..].to_vec())
}
