//! How much a caller may ask for, and how large a request may be.

use std::num::NonZeroU32;

use ungebro::config::RateLimit;

use crate::gateway::{Server, YOUNG_PERSON};
use crate::raw::request;

fn limited(requests_per_second: u32, burst: u32, persons_per_hour: u32) -> Server {
    Server::configured(|config, _| {
        config.rate_limit = RateLimit {
            requests_per_second: NonZeroU32::new(requests_per_second),
            burst: NonZeroU32::new(burst),
            persons_per_hour: NonZeroU32::new(persons_per_hour),
        };
    })
}

fn query(server: &Server, persons: usize) -> crate::raw::Answer {
    let cprs = vec![YOUNG_PERSON; persons];
    let headers = [("Authorization", &*server.token("a")), ("Content-Type", "application/json")];
    let body = serde_json::json!({ "cprs": cprs }).to_string();
    request(server.address, "POST /youth/contacts/query", &headers, &body)
}

#[test]
fn without_limits_no_header_speaks_of_them() {
    let answer = Server::start().look_up("a");
    assert_eq!(answer.status, 200);
    assert_eq!((answer.header("ratelimit"), answer.header("ratelimit-policy")), (None, None));
}

#[test]
fn an_answer_says_what_is_left_of_the_rate() {
    let server = limited(1, 100_000, 0);
    let answer = server.look_up("a");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("ratelimit-policy").unwrap(), "\"requests\";q=100000;w=100000");
    assert_eq!(answer.header("ratelimit").unwrap(), "\"requests\";r=99999;t=1");
}

#[test]
fn persons_are_counted_however_they_are_asked_for() {
    let server = limited(0, 0, 5);
    assert_eq!(query(&server, 3).status, 200);
    let answer = server.look_up("a");
    assert_eq!(answer.status, 200);
    assert!(answer.header("ratelimit").unwrap().starts_with("\"persons\";r=1;t="));
    assert_eq!(answer.header("ratelimit-policy").unwrap(), "\"persons\";q=5;w=3600");

    let refused = query(&server, 2);
    assert_eq!((refused.status, &*refused.problem()), (429, "rate-limited"));
    let seconds = |answer: &crate::raw::Answer| answer.header("retry-after").unwrap().parse::<u32>().unwrap();
    assert!((1..=720).contains(&seconds(&refused)));
    assert!(refused.header("ratelimit").unwrap().starts_with("\"persons\";r=1;"));
    assert_eq!(refused.json()["retryable"], true);

    assert_eq!(server.look_up("a").status, 200);
    assert_eq!(server.look_up("a").status, 429);
    assert_eq!(server.look_up("b").status, 200, "another caller has a bucket of his own");
}

#[test]
fn the_rate_is_checked_after_the_rights_and_before_path_and_headers() {
    let server = limited(0, 0, 1);
    assert_eq!(server.look_up("a").status, 200);
    let token = server.token("a");
    let path = "GET /youth/not-a-number/contacts";
    assert_eq!(server.ask(path, &[("Authorization", &token)]).problem(), "rate-limited");
    assert_eq!(server.ask(path, &[]).problem(), "unauthorized");
    let other = [("Authorization", &*token), ("X-Authority", "municipality:151")];
    assert_eq!(server.ask(path, &other).problem(), "authority-not-in-token");
}

#[test]
fn headers_over_the_limit_are_a_problem() {
    let server = Server::start();
    let long = "x".repeat(16_400);
    let refused = server.ask("GET /health/live", &[("X-Long", &long)]);
    assert_eq!((refused.status, &*refused.problem()), (431, "header-too-large"));
    let fits = "x".repeat(16_000);
    assert_eq!(server.ask("GET /health/live", &[("X-Long", &fits)]).status, 200);
}

#[test]
fn headers_beyond_every_limit_are_refused_without_a_document() {
    let server = Server::start();
    let endless = "x".repeat(200_000);
    assert_eq!(server.ask("GET /health/live", &[("X-Long", &endless)]).status, 431);
    let many = vec![("X-One", "1"); 100];
    assert_eq!(server.ask("GET /health/live", &many).status, 431);
}

#[test]
fn a_long_address_is_a_problem() {
    let server = Server::start();
    let line = format!("GET /youth/-/contacts?{}", "x".repeat(8200));
    let refused = server.ask(&line, &[]);
    assert_eq!((refused.status, &*refused.problem()), (414, "uri-too-long"));
}

#[test]
fn a_body_over_the_limit_is_refused_whether_it_is_announced_or_not() {
    let server = Server::start();
    let headers = [("Authorization", &*server.token("a")), ("Content-Type", "application/json")];
    let body = "x".repeat(70_000);
    let refused = request(server.address, "POST /youth/contacts/query", &headers, &body);
    assert_eq!((refused.status, &*refused.problem()), (413, "body-too-large"));

    let chunk = format!("{:x}\r\n{body}\r\n", body.len());
    let head = format!(
        "POST /youth/contacts/query HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: {}\r\n\
         Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}0\r\n\r\n",
        server.token("a")
    );
    let answers = crate::raw::exchange(server.address, head.as_bytes());
    assert_eq!((answers[0].status, &*answers[0].problem()), (413, "body-too-large"));
}
