//! The end: no new calls, those under way are finished, and a second signal ends it at once.

use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::gateway::Server;
use crate::raw::{Answer, connect, read_all, read_one, request};

/// Upstream answers to this person take three seconds.
const SLOW_PERSON: &str = "0101997003";
/// And to this one a minute.
const SLOWEST_PERSON: &str = "0101997060";

/// Somebody to write about.
const GROWN_PERSON: &str = "0708850001";

/// Somewhere between a gateway and a server's sandbox, where calls can be seen to pass.
struct Passage {
    address: SocketAddr,
    passing: mpsc::Receiver<()>,
}

impl Passage {
    fn to(sandbox: &Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (pass, passing) = mpsc::channel();
        let sandbox = sandbox.address;
        std::thread::spawn(move || {
            for there in listener.incoming().map_while(Result::ok) {
                let back = TcpStream::connect(sandbox).unwrap();
                let (from, to) = (there.try_clone().unwrap(), back.try_clone().unwrap());
                std::thread::spawn(move || carry(from, to));
                std::thread::spawn(move || carry(back, there));
                pass.send(()).unwrap();
            }
        });
        Self { address, passing }
    }

    fn look_ups(&self) -> String {
        format!("http://{}{}", self.address, ungebro::services::udb::HENT_INSTITUTION_KONTAKT.path)
    }

    fn registrations(&self) -> String {
        format!("http://{}{}", self.address, ungebro::services::dfdg::SERVICE.path)
    }

    /// Asks a gateway, and returns once the gateway's own call is on its way.
    fn ask(&self, gateway: SocketAddr, token: &str, person: &str) -> TcpStream {
        let mut stream = connect(gateway);
        write!(stream, "GET /youth/{person}/contacts HTTP/1.1\r\nHost: a\r\nAuthorization: {token}\r\n\r\n")
            .unwrap();
        self.passing.recv().unwrap();
        stream
    }

    /// Sends a gateway a write, and returns once the gateway's own call is on its way.
    fn register(&self, server: &Server, person: &str) -> TcpStream {
        let mut stream = connect(server.address);
        stream.write_all(write_about(server, person).as_bytes()).unwrap();
        self.passing.recv().unwrap();
        stream
    }
}

/// A write, as octets.
fn write_about(server: &Server, person: &str) -> String {
    let start = jiff::Timestamp::now() + Duration::from_secs(30 * 24 * 3600);
    let body = format!("{{\"description\":\"x\",\"documentation\":true,\"startDate\":\"{start:.0}\"}}");
    format!(
        "POST /persons/{person}/health-limitations HTTP/1.1\r\nHost: a\r\nAuthorization: {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        server.token("a"),
        body.len()
    )
}

/// Phase and outcome of each line in the trail of a server that has ended.
fn trail(server: &Server) -> Vec<(String, Option<String>)> {
    let trail = std::fs::read_to_string(server.trail()).unwrap();
    let lines = trail.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    lines.map(|line| (text(&line["phase"]).unwrap(), text(&line["outcome"]))).collect()
}

/// Returns once a server that was asked to stop takes no connections any more.
fn closed(server: &Server) {
    while TcpStream::connect(server.address).is_ok() {}
}

fn carry(mut from: TcpStream, mut to: TcpStream) {
    _ = std::io::copy(&mut from, &mut to);
    _ = to.shutdown(Shutdown::Write);
}

/// A sandbox that does not wait for its slow answers when a test is over.
fn sandbox() -> Server {
    Server::configured(|config, _| config.server.shutdown_grace = Duration::ZERO)
}

#[test]
fn a_call_under_way_is_answered_and_an_idle_connection_closed() {
    let sandbox = sandbox();
    let passage = Passage::to(&sandbox);
    let mut server = Server::configured(|config, _| {
        config.server.admin_listen = Some("127.0.0.1:0".parse().unwrap());
        config.udb.as_mut().unwrap().hent_institution_kontakt = passage.look_ups();
    });
    let admin = server.admin.unwrap();
    let mut idle = connect(server.address);
    idle.write_all(b"GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    assert_eq!(read_one(&mut idle).status, 404);
    let mut slow = passage.ask(server.address, &server.token("a"), SLOW_PERSON);

    server.stop();
    assert_eq!(read_all(idle).len(), 0);
    closed(&server);
    let ready = request(admin, "GET /health/ready", &[], "");
    assert_eq!((ready.status, ready.json()["stopping"].as_bool()), (503, Some(true)));
    let answer = read_one(&mut slow);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("connection").unwrap(), "close");
    server.join();
    assert!(TcpStream::connect(admin).is_err());
}

#[test]
fn a_call_that_takes_longer_than_the_grace_time_is_given_up() {
    let sandbox = sandbox();
    let passage = Passage::to(&sandbox);
    let mut server = Server::configured(|config, _| {
        config.server.shutdown_grace = Duration::from_secs(1);
        config.udb.as_mut().unwrap().hent_institution_kontakt = passage.look_ups();
        config.udb.as_mut().unwrap().common.timeout = Duration::from_secs(600);
    });
    let slow = passage.ask(server.address, &server.token("a"), SLOWEST_PERSON);
    server.stop();
    server.join();
    assert_eq!(read_all(slow).len(), 0);
}

/// A connection that is kept alive after a write, and the second half of another write on it.
fn halfway(server: &Server) -> (TcpStream, String) {
    let mut stream = connect(server.address);
    let write = write_about(server, GROWN_PERSON);
    stream.write_all(write.as_bytes()).unwrap();
    assert_eq!(read_one(&mut stream).status, 201, "the write as such is one that begins");
    let (first, second) = write.split_at(write.len() / 2);
    stream.write_all(first.as_bytes()).unwrap();
    (stream, second.to_owned())
}

#[test]
fn a_write_that_arrives_while_others_are_finished_is_refused_and_may_be_sent_again() {
    let sandbox = sandbox();
    let passage = Passage::to(&sandbox);
    let mut server = Server::configured(|config, _| {
        config.udb.as_mut().unwrap().hent_institution_kontakt = passage.look_ups();
    });
    let (mut late, rest) = halfway(&server);
    let mut slow = passage.ask(server.address, &server.token("a"), SLOW_PERSON);
    server.stop();
    closed(&server);
    late.write_all(rest.as_bytes()).unwrap();
    let refused = read_one(&mut late);
    assert_eq!((refused.status, &*refused.problem()), (503, "overloaded"));
    assert_eq!(refused.json()["outcome"], "not-executed");
    assert_eq!(refused.json()["retryable"], true);
    assert_eq!(refused.header("retry-after").unwrap(), "1");
    assert_eq!(refused.header("connection").unwrap(), "close");
    assert_eq!(read_one(&mut slow).status, 200);
    server.join();
    let phases: Vec<_> = trail(&server).into_iter().map(|(phase, _)| phase).collect();
    assert_eq!(phases, ["begin", "end", "read"]);
}

/// The last look for calls under way finds none; the workers wait for the connection all the same.
#[test]
fn a_write_that_arrives_after_the_last_call_ended_does_not_begin_whether_its_client_stays_or_leaves() {
    for stays in [true, false] {
        let mut server = Server::start();
        let (mut late, rest) = halfway(&server);
        server.stop();
        closed(&server);
        // The server may be gone already; that is as good.
        let _ = late.write_all(rest.as_bytes());
        if stays {
            let problems: Vec<_> = read_all(late).iter().map(Answer::problem).collect();
            assert!(problems.is_empty() || problems == ["overloaded"], "{problems:?}");
        } else {
            drop(late);
        }
        server.join();
        let phases: Vec<_> = trail(&server).into_iter().map(|(phase, _)| phase).collect();
        assert_eq!(phases, ["begin", "end"], "those of the first write");
    }
}

#[test]
fn a_write_that_takes_longer_than_the_grace_time_ends_as_unknown_in_the_trail() {
    let sandbox = sandbox();
    let passage = Passage::to(&sandbox);
    let mut server = Server::configured(|config, _| {
        config.server.shutdown_grace = Duration::from_secs(4);
        config.dfdg.as_mut().unwrap().endpoint = passage.registrations();
        config.dfdg.as_mut().unwrap().common.timeout = Duration::from_secs(600);
    });
    let mut waiting = passage.register(&server, SLOWEST_PERSON);
    drop(passage.register(&server, SLOWEST_PERSON));
    server.stop();
    let answer = read_one(&mut waiting);
    assert_eq!((answer.status, &*answer.problem()), (504, "upstream-timeout"));
    assert_eq!(answer.json()["outcome"], "unknown");
    assert_eq!(answer.json()["retryable"], false);
    server.join();
    let mut lines = trail(&server);
    lines.sort();
    let line = |phase: &str, outcome: Option<&str>| (phase.to_owned(), outcome.map(str::to_owned));
    let (begin, end) = (line("begin", None), line("end", Some("unknown")));
    assert_eq!(lines, [begin.clone(), begin, end.clone(), end]);
}

struct Demo {
    process: Child,
    address: SocketAddr,
    token: String,
    _state: tempfile::TempDir,
}

impl Demo {
    /// Starts it over its own sandbox, or over another.
    fn start(upstream: Option<&Passage>) -> Self {
        let state = tempfile::tempdir().unwrap();
        let upstream = upstream.map(|passage| format!("--upstream=http://{}", passage.address));
        let mut process = Command::new(env!("CARGO_BIN_EXE_ungebro"))
            .args(["demo", "--listen=127.0.0.1:0"])
            .args(upstream)
            .env("UNGEBRO_STATE_DIR", state.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        let first = lines.next().unwrap();
        let address = first.rsplit("http://").next().unwrap().parse().unwrap();
        let token = lines.find_map(|line| line.strip_prefix("export TOKEN=").map(str::to_owned)).unwrap();
        // Reads the rest, so that the process can write it.
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, address, token: format!("Bearer {token}"), _state: state }
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.process.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

#[test]
fn sigterm_ends_the_program_well() {
    let mut demo = Demo::start(None);
    assert_eq!(request(demo.address, "GET /health/ready", &[], "").status, 200);
    demo.signal("-TERM");
    assert_eq!(demo.process.wait().unwrap().code(), Some(0));
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let sandbox = sandbox();
    let passage = Passage::to(&sandbox);
    let mut demo = Demo::start(Some(&passage));
    let slow = passage.ask(demo.address, &demo.token, SLOWEST_PERSON);
    let mut idle = connect(demo.address);
    idle.write_all(b"GET /version HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    assert_eq!(read_one(&mut idle).status, 200);
    demo.signal("-TERM");
    assert_eq!(read_all(idle).len(), 0, "the first was understood");
    // Signals that follow each other closely count as one.
    let ended = loop {
        match demo.process.try_wait().unwrap() {
            Some(ended) => break ended,
            None => demo.signal("-TERM"),
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    assert_eq!(ended.code(), Some(130));
    drop(slow);
}
