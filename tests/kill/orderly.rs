//! What is under way when a client goes away or the program is asked to end.

use std::io::Write as _;
use std::net::TcpStream;
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::clients::{Caseworker, End, Write};
use crate::counting::Upstream;
use crate::gateway::Gateway;
use crate::judge::lines;

const MEMORY: &str = "store = \"memory\"";

/// Sends a write and goes away once the upstream has it.
fn ask_and_leave(caseworker: &Caseworker, gateway: &Gateway, upstream: &Upstream, write: &mut Write) {
    let (id, body) = (Uuid::new_v4(), write.body().to_string());
    write.attempts.push(id);
    let address = gateway.address().read().unwrap().clone();
    let mut stream = TcpStream::connect(address.trim_start_matches("http://")).unwrap();
    write!(
        stream,
        "POST /persons/0101900001/health-limitations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\
         Idempotency-Key: {}\r\nX-Request-Id: {id}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        caseworker.token(),
        write.key,
        body.len()
    )
    .unwrap();
    wait_until(|| upstream.times(write.marker) == 1);
}

fn wait_until(done: impl Fn() -> bool) {
    let give_up = Instant::now() + Duration::from_secs(30);
    while !done() {
        assert!(Instant::now() < give_up, "it never came");
        sleep(Duration::from_millis(5));
    }
}

/// The phases that the trail has of a request.
fn phases(gateway: &Gateway, id: Uuid) -> Vec<String> {
    let (lines, id) = (lines(&[&gateway.trail()]), id.to_string());
    let own = lines.iter().filter(|line| line["requestId"].as_str() == Some(id.as_str()));
    own.map(|line| line["phase"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_write_goes_on_without_its_client_and_its_answer_waits_under_the_key() {
    let (folder, upstream) = (tempfile::tempdir().unwrap(), Upstream::taking(1000));
    let gateway = Gateway::start(folder.path(), "only", upstream.port, MEMORY);
    let (caseworker, mut write) = (Caseworker::new(), Write::new());
    ask_and_leave(&caseworker, &gateway, &upstream, &mut write);
    let address = gateway.address().read().unwrap().clone();
    let give_up = Instant::now() + Duration::from_secs(30);
    let (status, replayed, document) = loop {
        let answer = caseworker.ask(&address, &mut write).unwrap();
        if answer.0 == 201 {
            break answer;
        }
        assert_eq!(answer.0, 409, "{}", answer.2);
        assert!(Instant::now() < give_up);
        sleep(Duration::from_millis(20));
    };
    assert_eq!((status, replayed), (201, true));
    let seen = upstream.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(document["messageIdentifier"], seen[0].receipt.to_string());
    assert_eq!(phases(&gateway, write.attempts[0]), ["begin", "end"]);
}

#[test]
fn a_process_that_is_asked_to_end_finishes_its_writes_and_their_audit_lines() {
    let (folder, upstream) = (tempfile::tempdir().unwrap(), Upstream::taking(1500));
    let mut gateway = Gateway::start(folder.path(), "only", upstream.port, MEMORY);
    let (caseworker, mut left) = (Caseworker::new(), Write::new());
    let address = gateway.address().read().unwrap().clone();
    let waiting: Vec<_> = (0..6)
        .map(|_| {
            let address = address.clone();
            thread::spawn(move || {
                let mut write = Write::new();
                Caseworker::new().attempt(&address, &mut write);
                write
            })
        })
        .collect();
    ask_and_leave(&caseworker, &gateway, &upstream, &mut left);
    wait_until(|| upstream.seen().len() == 7);
    gateway.terminate();
    let writes: Vec<Write> = waiting.into_iter().map(|write| write.join().unwrap()).collect();
    assert_eq!(gateway.wait().code(), Some(0));
    gateway.verify();
    assert!(writes.iter().all(|write| matches!(write.end, Some(End::Receipt(_)))));
    for write in writes.iter().chain([&left]) {
        assert_eq!(phases(&gateway, write.attempts[0]), ["begin", "end"]);
        assert_eq!(upstream.times(write.marker), 1);
    }
}

/// What logrotate does: moves the file away, and sends SIGHUP.
#[test]
fn a_trail_that_is_moved_away_goes_on_in_a_new_file_at_sighup() {
    let (folder, upstream) = (tempfile::tempdir().unwrap(), Upstream::taking(1));
    let gateway = Gateway::start(folder.path(), "only", upstream.port, MEMORY);
    let (caseworker, mut writes) = (Caseworker::new(), [Write::new(), Write::new()]);
    let address = gateway.address().read().unwrap().clone();
    assert_eq!(caseworker.ask(&address, &mut writes[0]).unwrap().0, 201);
    let rotated = gateway.trail().with_extension("jsonl.1");
    std::fs::rename(gateway.trail(), &rotated).unwrap();
    gateway.signal("-HUP");
    wait_until(|| gateway.trail().exists());
    // The log of a hang-up is none of its business: it goes on taking calls.
    assert_eq!(caseworker.ask(&address, &mut writes[1]).unwrap().0, 201);
    let phases: Vec<_> =
        lines(&[&rotated, &gateway.trail()]).iter().map(|line| line["phase"].clone()).collect();
    assert_eq!(phases, ["begin", "end", "begin", "end"]);
    let verified = ungebro::audit::verify_command(&[rotated, gateway.trail()], None, None);
    assert_eq!(verified.code, 0, "one chain through both: {}", verified.errors);
}
