//! A panic is one request's misfortune, and what it says stays inside.

use crate::gateway::{SECRET, Server, logged};
use crate::raw::{connect, read_one};
use std::io::Write;

#[test]
fn a_panic_is_a_problem_and_the_connection_lives_on() {
    let server = Server::start();
    let mut stream = connect(server.address);
    for _ in 0..3 {
        stream.write_all(b"GET /panic HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        let answer = read_one(&mut stream);
        assert_eq!((answer.status, &*answer.problem()), (500, "internal-error"));
        assert!(!answer.body.contains(SECRET));
        stream.write_all(b"GET /version HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        assert_eq!(read_one(&mut stream).status, 200);
    }
    let logged = logged();
    assert!(logged.contains("tests/edge/gateway.rs"), "the log says where");
    assert!(!logged.contains(SECRET), "and not what");
}
