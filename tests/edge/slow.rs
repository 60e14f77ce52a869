//! Clients that are slow on purpose. The server's patience is short here; no test measures time.

use std::io::{Read, Write};
use std::time::Duration;

use crate::gateway::Server;
use crate::raw::{connect, read_all, read_one};

fn impatient() -> Server {
    Server::configured(|config, _| config.server.request_timeout = Duration::from_secs(1))
}

#[test]
fn half_a_head_is_cut_off() {
    let server = impatient();
    let mut stream = connect(server.address);
    stream.write_all(b"GET /version HTTP/1.1\r\nHost: ").unwrap();
    let answers = read_all(stream);
    assert!(answers.iter().all(|answer| answer.status == 408), "{answers:?}");
}

#[test]
fn half_a_head_after_an_answer_is_cut_off() {
    let server = impatient();
    let mut stream = connect(server.address);
    stream.write_all(b"GET /version HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    assert_eq!(read_one(&mut stream).status, 200);
    stream.write_all(b"GET /version HTTP/1.1\r\nHost: ").unwrap();
    assert_eq!(read_all(stream).len(), 0);
}

#[test]
fn half_a_body_is_a_problem() {
    let server = impatient();
    let mut stream = connect(server.address);
    let token = server.token("a");
    write!(
        stream,
        "POST /youth/contacts/query HTTP/1.1\r\nHost: a\r\nAuthorization: {token}\r\n\
         Content-Type: application/json\r\nContent-Length: 20\r\n\r\n{{\"cprs\":["
    )
    .unwrap();
    let answers = read_all(stream);
    assert_eq!((answers[0].status, &*answers[0].problem()), (408, "request-timeout"));
}

#[test]
fn a_body_that_was_not_asked_for_is_not_waited_for() {
    let server = impatient();
    let mut stream = connect(server.address);
    let head = "POST /youth/contacts/query HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    assert_eq!(read_one(&mut stream).status, 401);
    // One octet more starts the time of what would be the next request.
    stream.write_all(b"{").unwrap();
    assert_eq!(read_all(stream).len(), 0);
}

#[test]
fn slow_clients_do_not_keep_others_from_their_answers() {
    let server = impatient();
    let slow: Vec<_> = (0..50)
        .map(|_| {
            let mut stream = connect(server.address);
            stream.write_all(b"GET /version HTTP/1.1\r\n").unwrap();
            stream
        })
        .collect();
    assert_eq!(server.ask("GET /version", &[]).status, 200);
    drop(slow);
}

#[test]
fn connections_beyond_the_limit_wait_for_their_turn() {
    let server = Server::configured(|config, _| config.server.max_connections = 1);
    let workers = std::thread::available_parallelism().unwrap().get();
    let mut held = Vec::new();
    for _ in 0..workers {
        let mut stream = connect(server.address);
        stream.write_all(b"GET /version HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        assert_eq!(read_one(&mut stream).status, 200);
        held.push(stream);
    }
    let mut waiting = connect(server.address);
    waiting.write_all(b"GET /version HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    waiting.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    assert!(waiting.read(&mut [0]).is_err());
    drop(held);
    waiting.set_read_timeout(Some(crate::raw::PATIENCE)).unwrap();
    assert_eq!(read_one(&mut waiting).status, 200);
}
