//! What browsers may do with the gateway: origins, preflights, security headers.

use ungebro::http::server::Options;

use crate::gateway::Server;
use crate::raw::Answer;

const PAGE: &str = "https://app.example.dk";

fn for_page() -> Server {
    Server::configured(|config, _| config.server.cors_allowed_origins = vec![PAGE.to_owned()])
}

fn preflight(server: &Server, origin: &str) -> Answer {
    let headers = [
        ("Origin", origin),
        ("Access-Control-Request-Method", "PUT"),
        ("Access-Control-Request-Headers", "authorization,x-authority"),
    ];
    server.ask("OPTIONS /persons/-/jobcenter", &headers)
}

#[test]
fn a_preflight_is_answered_without_a_token() {
    let answer = preflight(&for_page(), PAGE);
    assert_eq!((answer.status, &*answer.body), (204, ""));
    assert_eq!(answer.header("access-control-allow-origin").unwrap(), PAGE);
    assert_eq!(answer.header("access-control-allow-methods").unwrap(), "GET, POST, PUT, PATCH, DELETE");
    let allowed = answer.header("access-control-allow-headers").unwrap();
    for header in [
        "Authorization",
        "Content-Type",
        "X-Authority",
        "X-CivilRegistrationIdentifier",
        "X-Purpose",
        "X-Request-Id",
        "Idempotency-Key",
        "If-None-Match",
        "Cache-Control",
        "Accept",
        "Accept-Language",
        "traceparent",
        "tracestate",
    ] {
        assert!(allowed.split(", ").any(|one| one == header), "{header}");
    }
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    assert!(answer.header("vary").unwrap().contains("Origin"));
}

#[test]
fn another_page_is_allowed_nothing() {
    let server = for_page();
    for origin in [
        "https://app.example.dk.evil.example",
        "https://evil.example",
        "http://app.example.dk",
        "https://app.example.dk:8443",
        "HTTPS://APP.EXAMPLE.DK",
        "null",
        "http://localhost:3000",
    ] {
        let answer = preflight(&server, origin);
        assert_eq!(answer.header("access-control-allow-origin"), None, "{origin}");
        assert_eq!(answer.header("access-control-allow-headers"), None, "{origin}");
        let answer = server.ask("GET /version", &[("Origin", origin)]);
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, None), "{origin}");
        assert_eq!(answer.header("vary").unwrap(), "Origin");
    }
}

#[test]
fn an_allowed_page_may_read_answers_and_problems_with_their_headers() {
    let server = for_page();
    let token = server.token("a");
    let asked = server.ask("GET /youth/0506085001/contacts", &[("Origin", PAGE), ("Authorization", &token)]);
    let refused = server.ask("GET /youth/0506085001/contacts", &[("Origin", PAGE)]);
    assert_eq!((asked.status, refused.status), (200, 401));
    for answer in [&asked, &refused] {
        assert_eq!(answer.header("access-control-allow-origin").unwrap(), PAGE);
        assert_eq!(
            answer.header("access-control-expose-headers").unwrap(),
            "Location, ETag, Link, Retry-After, RateLimit, RateLimit-Policy, Idempotency-Replayed, \
             Cache-Status, X-Request-Id, X-Correlation-Id, WWW-Authenticate, Allow, Content-Language"
        );
        assert_eq!(answer.header("access-control-allow-credentials"), None);
    }
    assert_eq!(
        asked.header("vary").unwrap(),
        "Authorization, X-Authority, X-CivilRegistrationIdentifier, Origin",
        "what the route says stays"
    );
}

#[test]
fn the_demo_lets_every_page_of_this_machine_call() {
    let server = Server::with(|_, _| {}, Options { localhost_origins: true, ..Options::default() });
    let origin = "http://localhost:5173";
    assert_eq!(preflight(&server, origin).header("access-control-allow-origin").unwrap(), origin);
    assert_eq!(preflight(&server, "http://localhost.evil").header("access-control-allow-origin"), None);
}

#[test]
fn without_origins_nothing_is_said_of_them() {
    let server = Server::start();
    let answer = preflight(&server, PAGE);
    assert_eq!((answer.status, &*answer.problem()), (405, "method-not-allowed"));
    assert_eq!((answer.header("vary"), answer.header("access-control-allow-origin")), (None, None));
}

#[test]
fn every_answer_has_the_security_headers() {
    let server = Server::start();
    for (line, status) in [
        ("GET /version", 200),
        ("GET /nowhere", 404),
        ("PUT /version", 405),
        ("GET /youth/-/contacts", 401),
        ("GET /panic", 500),
    ] {
        let answer = server.ask(line, &[]);
        assert_eq!(answer.status, status, "{line}");
        let said = |name| answer.header(name).unwrap_or_default();
        assert_eq!(said("x-content-type-options"), "nosniff", "{line}");
        assert_eq!(said("referrer-policy"), "no-referrer");
        assert_eq!(said("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
        assert_eq!(said("x-frame-options"), "DENY");
        assert_eq!(said("cache-control"), "no-store");
        assert_eq!(said("x-request-id").len(), 36);
        assert_eq!((answer.header("server"), answer.header("strict-transport-security")), (None, None));
    }
}

#[test]
fn a_client_behind_a_trusted_proxy_that_speaks_tls_is_told_to_stay_with_it() {
    let server = Server::configured(|config, _| {
        config.server.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    });
    let answer = server.ask("GET /version", &[("Forwarded", "for=192.0.2.1;proto=https")]);
    assert_eq!(answer.header("strict-transport-security").unwrap(), "max-age=31536000");
    let stranger = Server::start().ask("GET /version", &[("Forwarded", "for=192.0.2.1;proto=https")]);
    assert_eq!(stranger.header("strict-transport-security"), None);
}
