//! HTTP/1.1 as octets, so that tests can send what no client library would.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value as Json;

/// Far more than any answer takes; a test that needs it has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    /// All lines of a header, in one.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let lines = self.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
        let values: Vec<_> = lines.map(|(_, value)| value.as_str()).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The name of the problem; empty where the answer is none.
    pub(crate) fn problem(&self) -> String {
        if self.header("content-type").as_deref() != Some("application/problem+json") {
            return String::new();
        }
        let document = self.json();
        assert_eq!(document["status"], self.status);
        document["type"].as_str().and_then(|kind| kind.rsplit('/').next()).unwrap().to_owned()
    }

    /// Every answer in what a server sent.
    fn all(mut octets: &[u8]) -> Vec<Self> {
        let mut answers = Vec::new();
        while let Some(end) = octets.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = std::str::from_utf8(&octets[..end]).unwrap();
            let mut lines = head.split("\r\n");
            let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
            let headers = lines.map(|line| line.split_once(": ").unwrap());
            let headers: Vec<_> = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            octets = &octets[end + 4..];
            let mut answer = Self { status, headers, body: String::new() };
            let length = answer.header("content-length").map_or(0, |length| length.parse().unwrap());
            let length = length.min(octets.len());
            answer.body = String::from_utf8(octets[..length].to_vec()).unwrap();
            octets = &octets[length..];
            answers.push(answer);
        }
        answers
    }
}

/// Connects to a server.
pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Everything that the server sends until it closes the connection.
pub(crate) fn read_all(mut stream: impl Read) -> Vec<Answer> {
    let mut octets = Vec::new();
    match stream.read_to_end(&mut octets) {
        Ok(_) => {}
        // What was not read makes a server's close a reset.
        Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => {}
        Err(error) => panic!("the server keeps the connection: {error}; it sent {octets:?}"),
    }
    Answer::all(&octets)
}

/// Reads one answer and leaves the connection open.
pub(crate) fn read_one(stream: &mut impl Read) -> Answer {
    let mut octets = Vec::new();
    loop {
        let mut octet = [0];
        stream.read_exact(&mut octet).unwrap();
        octets.push(octet[0]);
        if octets.ends_with(b"\r\n\r\n") {
            let head = Answer::all(&octets).remove(0);
            let length = head.header("content-length").map_or(0, |length| length.parse().unwrap());
            let mut body = vec![0; length];
            stream.read_exact(&mut body).unwrap();
            return Answer { body: String::from_utf8(body).unwrap(), ..head };
        }
    }
}

/// Sends octets and reads until the server closes.
pub(crate) fn exchange(address: SocketAddr, octets: &[u8]) -> Vec<Answer> {
    let mut stream = connect(address);
    // A server that refuses early may close before all is written.
    let _ = stream.write_all(octets);
    read_all(stream)
}

/// One request with the headers given.
pub(crate) fn request(address: SocketAddr, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut text = format!("{line} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() {
        text.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    text.push_str("\r\n");
    text.push_str(body);
    let mut answers = exchange(address, text.as_bytes());
    assert_eq!(answers.len(), 1, "{line}: {answers:?}");
    answers.remove(0)
}
