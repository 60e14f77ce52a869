//! Requests that two servers in a row could read differently (RFC 9112 section 11.2), and other broken ones.

use crate::gateway::Server;
use crate::raw::exchange;

/// What must never be taken for a request of its own.
const SMUGGLED: &str = "GET /version HTTP/1.1\r\nHost: a\r\n\r\n";

/// The statuses of all answers to one sequence of octets.
fn statuses(server: &Server, octets: &str) -> Vec<u16> {
    exchange(server.address, octets.as_bytes()).iter().map(|answer| answer.status).collect()
}

fn post(headers: &str, body: &str) -> String {
    format!("POST /youth/contacts/query HTTP/1.1\r\nHost: a\r\n{headers}\r\n\r\n{body}")
}

#[test]
fn a_request_of_ambiguous_length_is_refused_and_the_connection_closed() {
    let server = Server::start();
    for headers in [
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 4",
        "Content-Length: 4\r\nContent-Length: 4",
        "Content-Length: 4\r\nContent-Length: 5",
        "Content-Length: 4, 4",
        "Content-Length: +4",
        "Content-Length: -4",
        "Content-Length: 0x4",
        "Content-Length: 4 4",
        "Content-Length: 99999999999999999999999",
        "Content-Length : 4",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding: identity, chunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding:\u{b}chunked",
        "Transfer-Encoding : chunked",
        " Transfer-Encoding: chunked",
        "X: y\r\n Transfer-Encoding: chunked",
        "X: y\rTransfer-Encoding: chunked",
        "X\0: y",
        "X: y\0",
        "X Y: z",
        ": nothing",
        "Host: b",
    ] {
        let octets = post(headers, &format!("0\r\n\r\n{SMUGGLED}"));
        assert_eq!(statuses(&server, &octets), [400], "{headers:?}");
    }
}

#[test]
fn a_broken_chunk_ends_the_connection() {
    let server = Server::start();
    let token = server.token("a");
    let headers =
        format!("Authorization: {token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked");
    for chunk in [
        "zz\r\n{}\r\n0\r\n\r\n",
        "-2\r\n{}\r\n0\r\n\r\n",
        "2 2\r\n{}\r\n0\r\n\r\n",
        "2\r\n{}xx\r\n0\r\n\r\n",
        "fffffffffffffffff\r\n{}\r\n0\r\n\r\n",
        "\r\n{}\r\n0\r\n\r\n",
    ] {
        let statuses = statuses(&server, &post(&headers, &format!("{chunk}{SMUGGLED}")));
        // The HTTP library may take it for a client that went away, and then says nothing.
        assert!(statuses.iter().all(|status| *status == 400), "{chunk:?}: {statuses:?}");
    }
}

#[test]
fn a_body_that_nobody_read_is_not_taken_for_a_request() {
    let server = Server::start();
    let length = format!("Content-Length: {}", SMUGGLED.len());
    assert_eq!(statuses(&server, &post(&length, SMUGGLED)), [401]);
    let line = format!("GET /nowhere HTTP/1.1\r\nHost: a\r\n{length}\r\n\r\n{SMUGGLED}");
    assert_eq!(statuses(&server, &line), [404]);
    let chunk = format!("{:x}\r\n{SMUGGLED}\r\n0\r\n\r\n", SMUGGLED.len());
    let octets = post("Connection: close\r\nTransfer-Encoding: chunked", &chunk);
    assert_eq!(statuses(&server, &octets), [401]);
}

#[test]
fn requests_in_a_row_are_answered_in_their_order() {
    let server = Server::start();
    let octets = format!(
        "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n{SMUGGLED}GET /youth/-/contacts HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    );
    assert_eq!(statuses(&server, &octets), [404, 200, 401]);
}

#[test]
fn a_broken_request_line_is_refused() {
    let server = Server::start();
    for line in [
        "GET /version",
        "GET /version HTTP/2.0",
        "GET /version HTTP/1.1 x",
        "GET  /version HTTP/1.1",
        "GET /ver sion HTTP/1.1",
        "GET version HTTP/1.1",
        "GET /versi\u{f8}n\u{0} HTTP/1.1",
        "G\tET /version HTTP/1.1",
        "\u{16}\u{3}\u{1}",
        "PRI * HTTP/2.0",
    ] {
        let octets = format!("{line}\r\nHost: a\r\nConnection: close\r\n\r\n");
        let statuses = statuses(&server, &octets);
        assert!(statuses.iter().all(|status| [400, 404].contains(status)), "{line:?}: {statuses:?}");
    }
    assert_eq!(statuses(&server, "GET /version HTTP/1.1\r\n\r\n"), [400], "a request names its host");
}

#[test]
fn a_connection_is_never_turned_into_a_tunnel() {
    let server = Server::start();
    assert_eq!(statuses(&server, "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"), [404]);
    let upgrade =
        "Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==";
    let octets = format!("GET /version HTTP/1.1\r\nHost: a\r\n{upgrade}\r\n\r\n{SMUGGLED}");
    assert_eq!(statuses(&server, &octets), [200]);
}

#[test]
fn line_breaks_in_what_a_client_sends_make_no_header() {
    let server = Server::start();
    for line in [
        "GET /nowhere%0d%0aX-Made:%20up",
        "GET /youth/-/contacts?since=%0d%0aX-Made:%20up",
        "GET /problems/%0d%0aX-Made:%20up",
    ] {
        let headers = [("X-Request-Id", "%0d%0aX-Made: up"), ("Origin", "%0d%0aX-Made: up")];
        let answer = server.ask(line, &headers);
        assert_eq!(answer.header("x-made"), None, "{line}");
    }
}
