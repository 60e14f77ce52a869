//! The end: no new calls, those under way are finished, and a second signal ends it at once.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use ungebro::config::Config;

use crate::gateway::Server;
use crate::raw::{connect, read_all, read_one, request};

/// Upstream answers to this person take three seconds.
const SLOW_PERSON: &str = "0101997003";
/// And to this one a minute.
const SLOWEST_PERSON: &str = "0101997060";

fn ask_slowly(address: SocketAddr, token: &str, person: &str) -> TcpStream {
    let mut stream = connect(address);
    write!(stream, "GET /youth/{person}/contacts HTTP/1.1\r\nHost: a\r\nAuthorization: {token}\r\n\r\n")
        .unwrap();
    stream
}

/// Until the sandbox has the call: it logs nothing, so the answer to a later request stands for it.
fn under_way(address: SocketAddr) {
    for _ in 0..3 {
        assert_eq!(request(address, "GET /version", &[], "").status, 200);
    }
}

#[test]
fn a_call_under_way_is_answered_and_an_idle_connection_closed() {
    let with_admin = |config: &mut Config, _: &std::path::Path| {
        config.server.admin_listen = Some("127.0.0.1:0".parse().unwrap());
    };
    // The sandbox must outlive the gateway here, so it is another server's.
    let sandbox = Server::start();
    let mut server = Server::configured(|config, folder| {
        with_admin(config, folder);
        let path = ungebro::services::udb::HENT_INSTITUTION_KONTAKT.path;
        config.udb.hent_institution_kontakt = format!("http://{}{path}", sandbox.address);
    });
    let admin = server.admin.unwrap();
    let mut idle = connect(server.address);
    idle.write_all(b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    assert_eq!(read_one(&mut idle).status, 404, "it is on the admin listener");
    let mut slow = ask_slowly(server.address, &server.token("a"), SLOW_PERSON);
    under_way(admin);

    server.stop();
    assert_eq!(read_all(idle).len(), 0);
    while TcpStream::connect(server.address).is_ok() {}
    let ready = request(admin, "GET /health/ready", &[], "");
    assert_eq!((ready.status, ready.json()["stopping"].as_bool()), (503, Some(true)));
    let answer = read_one(&mut slow);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("connection").unwrap(), "close");
    server.join();
    assert!(TcpStream::connect(server.address).is_err());
    assert!(TcpStream::connect(admin).is_err());
}

#[test]
fn a_call_that_takes_longer_than_the_grace_time_is_given_up() {
    let sandbox = Server::configured(|config, _| config.server.shutdown_grace = Duration::ZERO);
    let mut server = Server::configured(|config, _| {
        config.server.shutdown_grace = Duration::from_secs(1);
        let path = ungebro::services::udb::HENT_INSTITUTION_KONTAKT.path;
        config.udb.hent_institution_kontakt = format!("http://{}{path}", sandbox.address);
        config.udb.common.timeout = Duration::from_secs(600);
    });
    let slow = ask_slowly(server.address, &server.token("a"), SLOWEST_PERSON);
    under_way(server.address);
    server.stop();
    server.join();
    assert_eq!(read_all(slow).len(), 0);
}

struct Demo {
    process: Child,
    address: SocketAddr,
    token: String,
    _state: tempfile::TempDir,
}

impl Demo {
    fn start() -> Self {
        let state = tempfile::tempdir().unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_ungebro"))
            .args(["demo", "--listen", "127.0.0.1:0"])
            .env("UNGEBRO_STATE_DIR", state.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
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
    let mut demo = Demo::start();
    assert_eq!(request(demo.address, "GET /health/ready", &[], "").status, 200);
    demo.signal("-TERM");
    assert_eq!(demo.process.wait().unwrap().code(), Some(0));
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let mut demo = Demo::start();
    let slow = ask_slowly(demo.address, &demo.token, SLOWEST_PERSON);
    let mut idle = connect(demo.address);
    idle.write_all(b"GET /version HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    assert_eq!(read_one(&mut idle).status, 200);
    demo.signal("-TERM");
    assert_eq!(read_all(idle).len(), 0, "the first was understood");
    demo.signal("-TERM");
    assert_eq!(demo.process.wait().unwrap().code(), Some(130));
    drop(slow);
}
