//! `keniki fetch` with the real binary before a server that misbehaves as servers do.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use support::{keniki_succeeds, path_text, root};

/// A question as it came.
#[derive(Clone, Debug)]
struct Asked {
    path: String,
    headers: BTreeMap<String, String>,
    at: Instant,
}

/// Answers a question; the number says how often the path was asked for before.
type Answer = dyn Fn(&Asked, usize, &mut TcpStream) + Send + Sync;

/// A server on the loopback that keeps what it was asked. It answers one connection after the other, so
/// a client that opened two at a time would wait for ever.
struct Publisher {
    address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Publisher {
    fn new(answer: impl Fn(&Asked, usize, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&asked);
        let answer: Box<Answer> = Box::new(answer);
        // It ends with the test.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("a connection");
                let Some(question) = read_question(&stream) else { continue };
                let before = {
                    let mut asked = kept.lock().expect("no panic");
                    let before = asked.iter().filter(|one: &&Asked| one.path == question.path).count();
                    asked.push(question.clone());
                    before
                };
                answer(&question, before, &mut stream);
            }
        });
        Self { address, asked }
    }

    fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no panic").clone()
    }
}

fn read_question(stream: &TcpStream) -> Option<Asked> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next()?.ok()?;
    let path = first.split(' ').nth(1)?.to_owned();
    let mut headers = BTreeMap::new();
    for line in lines {
        let line = line.ok()?;
        let Some((name, value)) = line.split_once(": ") else { break };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    Some(Asked { path, headers, at: Instant::now() })
}

/// Sends a head and a body; the client may have left, which is no matter.
fn send(stream: &mut TcpStream, status: &str, headers: &[(&str, String)], body: &[u8]) {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n");
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
}

fn send_whole(stream: &mut TcpStream, body: &[u8]) {
    send(stream, "200 OK", &[("Content-Length", body.len().to_string())], body);
}

/// The part of a body that is asked for, with the tag of its edition; all of it where the tag is another.
fn send_range(asked: &Asked, stream: &mut TcpStream, body: &[u8], tag: &str, most: usize) {
    let range = asked.headers.get("range").and_then(|said| said.strip_prefix("bytes=")?.strip_suffix('-'));
    let from = range.and_then(|from| from.parse::<usize>().ok());
    let is_same = asked.headers.get("if-range").is_none_or(|asked| asked == tag);
    let tag = ("ETag", tag.to_owned());
    if let Some(from) = from.filter(|_| is_same) {
        let range = format!("bytes {from}-{}/{}", body.len() - 1, body.len());
        let length = ("Content-Length", (body.len() - from).to_string());
        let end = body.len().min(from + most);
        send(stream, "206 Partial Content", &[tag, length, ("Content-Range", range)], &body[from..end]);
    } else {
        let length = ("Content-Length", body.len().to_string());
        send(stream, "200 OK", &[tag, length], &body[..most.min(body.len())]);
    }
}

/// An official file of the demonstration: a zip of some tens of kilobytes.
fn archive() -> Vec<u8> {
    fs::read(root().join("shapes/demo/N03-20220101_48_GML.zip")).expect("shipped")
}

/// A table with one source that has one address on the server.
fn table(folder: &Path, sources: &str) -> String {
    let names = (1..=47).map(|code| format!("\"{code:02}県\"")).collect::<Vec<_>>().join(",");
    let path = folder.join("sources.toml");
    fs::write(&path, format!("as_of = \"x\"\nsource = \"y\"\nprefectures = [{names}]\n{sources}"))
        .expect("written");
    path_text(&path).to_owned()
}

fn source(id: &str, format: &str, way: &str) -> String {
    format!(
        "[[files]]\nid = \"{id}\"\nkind = \"n03_boundary\"\nname = \"行政区域 {id}\"\npublisher = \"国土交通省\"\npage = \"https://page.example/{id}\"\nlicence = \"CC BY 4.0\"\nattribution = \"出典 {id}\"\nformat = \"{format}\"\n{way}\n"
    )
}

fn at(url: &str) -> String {
    format!("[[files.address]]\nurl = \"{url}\"\ndate = \"2025-01-01\"\ntag = \"V\"\n")
}

/// Runs `keniki fetch` with short waits and nothing of this machine's proxies.
fn fetch(folder: &Path, publisher: &Publisher, sources: &str, more: &[&str]) -> Output {
    let table = table(folder, sources);
    let base = format!("http://{}", publisher.address);
    let mut command = Command::new(env!("CARGO_BIN_EXE_keniki"));
    command.args(["fetch", "--prefecture", "19", "--sources", &table, "--out"]);
    command.arg(folder.join("files"));
    let defaults =
        [("--base-url", base.as_str()), ("--timeout", "10"), ("--tries", "3"), ("--retry-wait", "0.01")];
    for (option, value) in defaults {
        if !more.contains(&option) {
            command.args([option, value]);
        }
    }
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    command.args(more).output().expect("the binary starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// One source with one zip at `/host.example/a.zip`.
fn one_zip() -> String {
    source("n03", "zip", &at("https://host.example/a.zip"))
}

#[track_caller]
fn succeeds(output: &Output) -> String {
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

#[track_caller]
fn fails(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{}{}", text(&output.stdout), text(&output.stderr));
    let told = text(&output.stdout);
    assert!(told.contains("受け取れません"), "{told}");
    told
}

fn has_whole(folder: &Path) {
    assert_eq!(fs::read(folder.join("files/a.zip")).expect("fetched"), archive());
    let names: Vec<String> = fs::read_dir(folder.join("files"))
        .expect("a folder")
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names.len(), 2, "nothing is left over: {names:?}");
}

#[test]
fn a_file_is_recorded_with_its_checksum_kept_and_taken_into_the_study() {
    let folder = tempfile::tempdir().expect("a folder");
    let publisher = Publisher::new(|_, _, stream| send_whole(stream, &archive()));
    let told = succeeds(&fetch(folder.path(), &publisher, &one_zip(), &[]));
    assert!(told.contains(&format!("{} バイト", archive().len())), "{told}");
    has_whole(folder.path());
    let record = fs::read_to_string(folder.path().join("files/fetched.toml")).expect("a record");
    let digest =
        Command::new("sha256sum").arg(folder.path().join("files/a.zip")).output().expect("coreutils");
    let digest = text(&digest.stdout)[..64].to_owned();
    for said in [&digest, "CC BY 4.0", "https://host.example/a.zip", "https://page.example/n03", "2025-01-01"]
    {
        assert!(record.contains(said), "{said}: {record}");
    }

    let again = succeeds(&fetch(folder.path(), &publisher, &one_zip(), &[]));
    assert!(again.contains("すでにあります"), "{again}");
    assert_eq!(publisher.asked().len(), 1, "what is there is not asked for");
    assert_eq!(publisher.asked()[0].path, "/host.example/a.zip");
    assert_eq!(publisher.asked()[0].headers["accept-encoding"], "identity");
    assert!(publisher.asked()[0].headers["user-agent"].starts_with("keniki/"));

    keniki_succeeds(&["import", path_text(&folder.path().join("files"))]);
    let study = fs::read_to_string(folder.path().join("files/study.toml")).expect("a study");
    for line in [
        "date = \"2025-01-01\" # keniki fetch の記録から",
        "licence = \"CC BY 4.0\"",
        "attribution = \"出典 n03\"",
    ] {
        assert!(study.contains(line), "{line}: {study}");
    }

    fs::write(folder.path().join("files/a.zip"), b"PK\x03\x04 edited").expect("edited");
    let told = fails(&fetch(folder.path(), &publisher, &one_zip(), &[]));
    assert!(told.contains("SHA-256"), "{told}");
    succeeds(&fetch(folder.path(), &publisher, &one_zip(), &["--again"]));
    assert_eq!(fs::read(folder.path().join("files/a.zip")).expect("fetched"), archive());
}

#[test]
fn a_connection_that_is_cut_is_continued_where_it_stopped() {
    let folder = tempfile::tempdir().expect("a folder");
    let publisher =
        Publisher::new(|asked, _, stream| send_range(asked, stream, &archive(), "\"one\"", 20_000));
    succeeds(&fetch(folder.path(), &publisher, &one_zip(), &[]));
    has_whole(folder.path());
    let ranges: Vec<Option<String>> =
        publisher.asked().iter().map(|one| one.headers.get("range").cloned()).collect();
    assert_eq!(ranges[..2], [None, Some("bytes=20000-".to_owned())]);
    assert_eq!(ranges.len(), archive().len().div_ceil(20_000));
    assert!(publisher.asked()[1..].iter().all(|one| one.headers["if-range"] == "\"one\""));
}

#[test]
fn what_an_earlier_run_had_brought_is_not_asked_for_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let publisher = Publisher::new(|asked, before, stream| match before {
        0 => send_range(asked, stream, &archive(), "\"one\"", 1_000),
        1..=3 => send(stream, "503 Service Unavailable", &[("Content-Length", "0".to_owned())], b""),
        _ => send_range(asked, stream, &archive(), "\"one\"", usize::MAX / 2),
    });
    let told = fails(&fetch(folder.path(), &publisher, &one_zip(), &[]));
    assert!(told.contains("3 回試しましたが受け取れません（HTTP 503）"), "{told}");
    assert_eq!(publisher.asked().len(), 3, "one that brought something, two in vain");
    let told = fails(&fetch(folder.path(), &publisher, &one_zip(), &["--tries", "1"]));
    assert!(told.contains("続きから受け取ります"), "{told}");
    let told = succeeds(&fetch(folder.path(), &publisher, &one_zip(), &[]));
    assert!(told.contains("（1000 バイトの続きから）"), "{told}");
    has_whole(folder.path());
}

#[test]
fn a_file_that_changed_meanwhile_begins_anew() {
    for honest in [true, false] {
        let folder = tempfile::tempdir().expect("a folder");
        let publisher = Publisher::new(move |asked, before, stream| match before {
            0 => send_range(asked, stream, &vec![b'P'; 50_000], "\"old\"", 9_000),
            // A server that does not know If-Range sends the rest of the new file.
            1 if !honest => {
                let mut deaf = asked.clone();
                deaf.headers.remove("if-range");
                send_range(&deaf, stream, &archive(), "\"new\"", usize::MAX / 2);
            }
            _ => send_range(asked, stream, &archive(), "\"new\"", usize::MAX / 2),
        });
        succeeds(&fetch(folder.path(), &publisher, &one_zip(), &[]));
        has_whole(folder.path());
        assert_eq!(publisher.asked().len(), if honest { 2 } else { 3 });
    }
}

#[test]
fn without_a_tag_nothing_is_put_together_from_two_answers() {
    let folder = tempfile::tempdir().expect("a folder");
    let publisher = Publisher::new(|_, before, stream| {
        let length = ("Content-Length", archive().len().to_string());
        let body = archive();
        send(stream, "200 OK", &[length], if before == 0 { &body[..5_000] } else { &body });
    });
    succeeds(&fetch(folder.path(), &publisher, &one_zip(), &[]));
    has_whole(folder.path());
    assert!(publisher.asked().iter().all(|one| !one.headers.contains_key("range")));
}

#[test]
fn a_wrong_length_is_found() {
    // Longer than what comes: the connection is cut every time.
    let folder = tempfile::tempdir().expect("a folder");
    let publisher = Publisher::new(|_, _, stream| {
        send(stream, "200 OK", &[("Content-Length", "999999".to_owned())], &archive());
    });
    let told = fails(&fetch(folder.path(), &publisher, &one_zip(), &[]));
    assert!(told.contains("3 回試しましたが"), "{told}");
    assert!(!folder.path().join("files/a.zip").exists());
    // Shorter: what comes is no whole archive.
    let folder = tempfile::tempdir().expect("a folder");
    let publisher = Publisher::new(|_, _, stream| {
        send(stream, "200 OK", &[("Content-Length", "9000".to_owned())], &archive());
    });
    let told = fails(&fetch(folder.path(), &publisher, &one_zip(), &[]));
    assert!(
        told.contains("途中までしかない zip") && told.contains("https://page.example/n03 を開いて"),
        "{told}"
    );
    assert!(!folder.path().join("files/a.zip").exists());
    // Without end: refused by what it says of itself.
    let folder = tempfile::tempdir().expect("a folder");
    let publisher = Publisher::new(|_, _, stream| {
        send(stream, "200 OK", &[("Content-Length", "9999999999999".to_owned())], b"PK\x03\x04");
    });
    let told = fails(&fetch(folder.path(), &publisher, &one_zip(), &[]));
    assert!(told.contains("大きすぎます（9999999999999 バイト"), "{told}");
}

#[test]
fn a_page_instead_of_a_file_and_a_missing_file_name_the_page_where_a_person_finds_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let publisher = Publisher::new(|asked, _, stream| match asked.path.as_str() {
        "/host.example/a.zip" => send_whole(stream, b"\xef\xbb\xbf<!DOCTYPE html><title>moved</title>"),
        "/host.example/c.zip" => send_whole(stream, &archive()),
        _ => send(stream, "404 Not Found", &[("Content-Length", "0".to_owned())], b""),
    });
    let newest_first = at("https://host.example/new.zip") + &at("https://host.example/c.zip");
    let sources = [
        one_zip(),
        source("p04", "zip", &at("https://host.example/b.zip")),
        source("a38", "zip", &newest_first),
    ];
    let told = fails(&fetch(folder.path(), &publisher, &sources.concat(), &[]));
    let lines: Vec<&str> = told.lines().collect();
    assert!(
        lines[0].contains("HTML のページが返りました") && lines[0].contains("https://page.example/n03"),
        "{told}"
    );
    assert!(lines[1].contains("HTTP 404") && lines[1].contains("https://page.example/p04"), "{told}");
    assert!(lines[2].starts_with("行政区域 a38\tc.zip"), "an older edition stands in: {told}");
    assert_eq!(publisher.asked().len(), 4, "what is not there is asked for once");
    assert!(!folder.path().join("files/a.zip").exists());
}

#[test]
fn redirects_are_followed_but_not_for_ever_and_not_out_of_the_mirror() {
    let to = |place: &str| {
        let place = place.to_owned();
        Publisher::new(move |asked, _, stream| {
            if asked.path == "/host.example/b.zip" {
                return send_whole(stream, &archive());
            }
            let headers = [("Location", place.clone()), ("Content-Length", "0".to_owned())];
            send(stream, "302 Found", &headers, b"");
        })
    };
    let folder = tempfile::tempdir().expect("a folder");
    let publisher = to("/host.example/b.zip");
    succeeds(&fetch(folder.path(), &publisher, &one_zip(), &[]));
    has_whole(folder.path());
    for (place, asked) in [("/host.example/a.zip", 11), ("http://127.0.0.1:9/elsewhere.zip", 1)] {
        let folder = tempfile::tempdir().expect("a folder");
        let publisher = to(place);
        let told = fails(&fetch(folder.path(), &publisher, &one_zip(), &[]));
        assert!(told.contains("転送が繰り返されるか") && told.contains("https://page.example/n03"), "{told}");
        assert_eq!(publisher.asked().len(), asked, "{place}");
    }
}

#[test]
fn a_server_that_asks_for_patience_gets_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let publisher = Publisher::new(|_, before, stream| {
        if before > 0 {
            return send_whole(stream, &archive());
        }
        let headers = [("Retry-After", "1".to_owned()), ("Content-Length", "0".to_owned())];
        send(stream, "429 Too Many Requests", &headers, b"");
    });
    succeeds(&fetch(folder.path(), &publisher, &one_zip(), &[]));
    let asked = publisher.asked();
    assert!(asked[1].at - asked[0].at >= Duration::from_secs(1), "asked again too soon");
    assert_eq!(asked.len(), 2);

    let folder = tempfile::tempdir().expect("a folder");
    let publisher = Publisher::new(|_, _, stream| {
        let headers = [("Retry-After", "86400".to_owned()), ("Content-Length", "0".to_owned())];
        send(stream, "503 Service Unavailable", &headers, b"");
    });
    let told = fails(&fetch(folder.path(), &publisher, &one_zip(), &[]));
    assert!(told.contains("86400 秒待つように言われました"), "{told}");
    assert_eq!(publisher.asked().len(), 1);
}

#[test]
fn a_server_that_says_nothing_or_drips_is_left_and_asked_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let publisher = Publisher::new(|asked, before, stream| match before {
        // Longer than the time-out; the client leaves first.
        0 => std::thread::sleep(Duration::from_millis(1_200)),
        1 => {
            let headers = [("ETag", "\"one\"".to_owned()), ("Content-Length", archive().len().to_string())];
            send(stream, "200 OK", &headers, &archive()[..2]);
            for byte in &archive()[2..60] {
                std::thread::sleep(Duration::from_millis(50));
                if stream.write_all(&[*byte]).is_err() {
                    return;
                }
            }
        }
        _ => send_range(asked, stream, &archive(), "\"one\"", usize::MAX / 2),
    });
    succeeds(&fetch(folder.path(), &publisher, &one_zip(), &["--timeout", "1"]));
    has_whole(folder.path());
    let asked = publisher.asked();
    assert_eq!(asked.len(), 3);
    assert!(asked[2].headers.contains_key("range"), "what had dripped is kept");
}

#[test]
fn links_that_change_are_found_on_their_page_which_is_read_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let publisher = Publisher::new(|asked, _, stream| {
        match asked.path.as_str() {
        "/bureau.example/list.html" => send_whole(
            stream,
            "<table><tr><td>18県</td><td><a href='001.zip'>ZIP</a></td></tr>\
             <tr><td>19県（医科）</td><td><a href=\"https://bureau.example/002.zip\">ZIP</a></td></tr></table>\
             <a href=\"x_20250601.zip\">x</a><a href=\"x_20251201.zip\">x</a>"
                .as_bytes(),
        ),
        "/bureau.example/002.zip" | "/bureau.example/x_20251201.zip" => send_whole(stream, &archive()),
        _ => send(stream, "404 Not Found", &[("Content-Length", "0".to_owned())], b""),
    }
    });
    let link = |rest: &str| {
        format!("[[files.link]]\npage = \"https://bureau.example/list.html\"\ntag = \"V\"\n{rest}\n")
    };
    let sources = [
        source("todokede", "zip", &link("href = '\\.zip$'\ntext = '{prefecture}'\nmany = true")),
        source("iryo", "zip", &link("href = '/x_(?<edition>\\d{8})\\.zip$'")),
        source("gone", "zip", &link("href = '/y\\.zip$'")),
    ];
    let told = fails(&fetch(folder.path(), &publisher, &sources.concat(), &[]));
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines[0].contains("002.zip") && lines[1].contains("x_20251201.zip"), "{told}");
    assert!(
        lines[2].contains("リンクがありません") && lines[2].contains("https://bureau.example/list.html"),
        "{told}"
    );
    let paths: Vec<String> = publisher.asked().into_iter().map(|one| one.path).collect();
    assert_eq!(
        paths,
        ["/bureau.example/list.html", "/bureau.example/002.zip", "/bureau.example/x_20251201.zip"]
    );
    let record = fs::read_to_string(folder.path().join("files/fetched.toml")).expect("a record");
    assert!(record.contains("date = \"2025-12-01\""), "{record}");
    assert!(
        record.contains("date = \"2022-01-01\""),
        "what the address does not tell, the file does: {record}"
    );
}

#[test]
fn without_a_network_two_publishers_are_asked_and_not_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let nobody = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let publisher = Publisher::new(|_, _, stream| send_whole(stream, &archive()));
    let sources: Vec<String> = ["a", "b", "c"]
        .map(|host| source(host, "zip", &at(&format!("https://{host}.example/{host}.zip"))))
        .into();
    let output = fetch(folder.path(), &publisher, &sources.concat(), &["--base-url", &nobody]);
    assert_eq!(output.status.code(), Some(2));
    let (told, said) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(told.matches("\t受け取れません: ").count(), 1, "{told}");
    assert!(said.contains("どの配布元にもつながりません") && said.contains("--list"), "{said}");
}

#[test]
fn the_proxy_of_the_environment_is_used() {
    let folder = tempfile::tempdir().expect("a folder");
    let proxy = Publisher::new(|_, _, stream| send_whole(stream, &archive()));
    let table = table(folder.path(), &source("n03", "zip", &at("http://host.example/a.zip")));
    let output = Command::new(env!("CARGO_BIN_EXE_keniki"))
        .args(["fetch", "--prefecture", "19", "--sources", &table, "--tries", "1", "--out"])
        .arg(folder.path().join("files"))
        .env("http_proxy", format!("http://{}", proxy.address))
        .env("HTTP_PROXY", format!("http://{}", proxy.address))
        .env_remove("no_proxy")
        .env_remove("NO_PROXY")
        .output()
        .expect("the binary starts");
    succeeds(&output);
    assert_eq!(proxy.asked()[0].path, "http://host.example/a.zip");
}

#[test]
fn wrong_requests_are_told_before_anything_is_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let publisher = Publisher::new(|_, _, stream| send_whole(stream, &archive()));
    for (more, sources, word) in [
        (vec!["--only", "x"], one_zip(), "「x」という資料はありません"),
        (vec!["--base-url", "ftp://a"], one_zip(), "http か https"),
        (vec!["--timeout", "0"], one_zip(), "秒数"),
        (vec![], source("n03", "zip", "mirror = 1"), "sources.toml"),
        (vec![], source("n03", "tar", ""), "sources.toml"),
    ] {
        let output = fetch(folder.path(), &publisher, &sources, &more);
        assert_eq!(output.status.code(), Some(2), "{more:?}");
        assert!(text(&output.stderr).contains(word), "{}", text(&output.stderr));
    }
    assert!(publisher.asked().is_empty());
    let list = keniki_succeeds(&["fetch", "--list"]);
    let list = text(&list.stdout);
    assert!(list.contains("n03\t国土数値情報 行政区域（N03）\t国土交通省"), "{list}");
    let output = support::keniki(&["fetch", "--prefecture", "48", "--out", path_text(folder.path())]);
    assert!(text(&output.stderr).contains("48"), "{}", text(&output.stderr));
}
