//! The real server, asked over TCP.

use super::path_text;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A running `keniki serve`.
pub struct Server {
    process: Child,
    pub address: String,
}

impl Server {
    /// Serves a planned folder.
    pub fn start(out: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_keniki"))
            .args(["serve", path_text(out), "--port", "0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("piped")).read_line(&mut line).expect("an address");
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        Self { address: address.expect("an address").to_owned(), process }
    }

    /// Head and body of an answer.
    pub fn get(&self, path: &str) -> (String, Vec<u8>) {
        get(&self.address, path, &self.address)
    }

    /// Status and JSON of an answer of the API; the path may hold Japanese.
    pub fn ask(&self, path: &str) -> (u16, Value) {
        let encoded: String = path
            .bytes()
            .map(|byte| match byte {
                0x21..=0x7e => char::from(byte).to_string(),
                _ => format!("%{byte:02X}"),
            })
            .collect();
        let (head, body) = self.get(&format!("/api/{encoded}"));
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        (status, serde_json::from_slice(&body).expect("JSON"))
    }

    /// The answer of the API, which has to succeed.
    pub fn answer(&self, path: &str) -> Value {
        let (status, answer) = self.ask(path);
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    /// Ends it, and requires a clean log.
    pub fn ends_cleanly(self) {
        let id = self.process.id().try_into().expect("an id");
        let id = rustix::process::Pid::from_raw(id).expect("an id");
        rustix::process::kill_process(id, rustix::process::Signal::TERM).expect("told to end");
        let ended = self.process.wait_with_output().expect("ended");
        assert!(ended.status.success(), "{}", ended.status);
        assert_eq!(String::from_utf8_lossy(&ended.stderr), "", "the log is clean");
    }
}

/// Head and body of an answer.
pub fn get(address: &str, path: &str, host: &str) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(address).expect("connected");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").expect("asked");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("answered");
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("a head");
    (String::from_utf8_lossy(&answer[..end]).into_owned(), answer[end + 4..].to_vec())
}
